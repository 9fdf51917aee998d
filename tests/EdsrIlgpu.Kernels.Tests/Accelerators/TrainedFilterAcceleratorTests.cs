using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>Filters that are packed on the device are those that the host packs, value for value.</summary>
[Collection(AcceleratorCollection.Name)]
[Trait(Oclgrind.Trait, "yes")]
public class TrainedFilterAcceleratorTests(AcceleratorFixture accelerators)
{
    // A bias does not stand right behind its filter where other parameters lie between.
    private const int Between = 5;

    private static readonly Conv2dShape[] Shapes = [new(1, 3, 2, 3, 8), new(1, 2, 2, 8, 3), new(1, 1, 1, 8, 12)];

    public static TheoryData<string> Kinds => AcceleratorFixture.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_forward_filter_is_packed_as_the_plan_packs_it(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (var shape in Shapes)
        {
            float[] filter = Values(shape.FilterLength, 1), bias = Values(shape.K, 2);
            var plan = Conv2dKernels.Choose(accelerator.Device, shape, Epilogue.Bias);
            using var expected = plan.Pack(accelerator.Stream, filter, bias);
            using var trained = DeviceTrainedFilter.Forward(accelerator.Stream, plan, filter.Length + Between);
            using var parameters = accelerator.Upload<float>([.. filter, .. Enumerable.Repeat(float.NaN, Between), .. bias]);
            trained.Pack(accelerator.Stream, parameters.View);
            Assert.Equal(Read(accelerator, expected), Read(accelerator, trained.Filter));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_gradients_filter_is_turned_scaled_and_without_bias(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (var shape in Shapes)
        {
            float[] filter = Values(shape.FilterLength, 1), turned = new float[shape.FilterLength];
            Conv2dDgrad.Turn(filter, shape.K, shape.C, turned);
            var plan = Conv2dKernels.Choose(accelerator.Device, shape.Transposed, Epilogue.Bias);
            using var expected = plan.Pack(accelerator.Stream, [.. turned.Select(v => v * 0.1f)], new float[shape.C]);
            using var trained = DeviceTrainedFilter.Turned(accelerator.Stream, plan, 0.1f);
            using var parameters = accelerator.Upload(filter);
            trained.Pack(accelerator.Stream, parameters.View);
            Assert.Equal(Read(accelerator, expected), Read(accelerator, trained.Filter));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Too_few_parameters_are_refused(string kind)
    {
        var accelerator = accelerators.Open(kind);
        var shape = Shapes[0];
        int length = shape.FilterLength + Between + shape.K;
        using var parameters = accelerator.Upload(new float[length]);
        using var forward = DeviceTrainedFilter.Forward(accelerator.Stream, Conv2dKernels.Choose(accelerator.Device, shape, Epilogue.Bias), shape.FilterLength + Between);
        Assert.Throws<ArgumentException>(() => forward.Pack(accelerator.Stream, parameters.View.BaseView.SubView(0, length - 1)));
        using var turned = DeviceTrainedFilter.Turned(accelerator.Stream, Conv2dKernels.Choose(accelerator.Device, shape.Transposed, Epilogue.Bias), 1);
        Assert.Throws<ArgumentException>(() => turned.Pack(accelerator.Stream, parameters.View.BaseView.SubView(0, shape.FilterLength - 1)));
    }

    private static float[] Values(int count, int seed) => TestValues.Single(TestValues.Random(count, seed));

    private static float[] Read(TestAccelerator accelerator, DeviceFilter filter)
    {
        var view = filter.View.Cast<float>();
        var values = new float[view.Length];
        view.CopyToCPU(accelerator.Stream, values);
        accelerator.Stream.Synchronize();
        return values;
    }
}
