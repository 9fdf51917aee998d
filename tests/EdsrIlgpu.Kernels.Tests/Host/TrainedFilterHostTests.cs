namespace EdsrIlgpu.Kernels.Tests.Host;

/// <summary>Filters that are packed by their table are those that the plan packs, value for value.</summary>
public unsafe class TrainedFilterHostTests
{
    // A bias does not stand right behind its filter where other parameters lie between.
    private const int Between = 5;

    private static readonly Conv2dShape[] Shapes = [new(1, 3, 2, 3, 8), new(1, 2, 2, 16, 3), new(1, 1, 1, 8, 12), new(1, 1, 1, 48, 64)];

    public static TheoryData<HostSimd> Widths => Conv2dFpropHostTests.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Filters_are_packed_as_the_plan_packs_them_turned_and_scaled_for_gradients(HostSimd simd)
    {
        using var device = new HostDevice(3, simd);
        foreach (var shape in Shapes)
        {
            float[] filter = Values(shape.FilterLength, 1), bias = Values(shape.K, 2), turned = new float[shape.FilterLength];
            var plan = Conv2dKernels.Choose(device, shape, Epilogue.Bias);
            using var expected = plan.Pack(filter, bias);
            using var forward = HostTrainedFilter.Forward(plan, filter.Length + Between);
            forward.Pack([.. filter, .. Enumerable.Repeat(float.NaN, Between), .. bias]);
            Assert.Equal(Read(expected), Read(forward.Filter));

            Conv2dDgrad.Turn(filter, shape.K, shape.C, turned);
            plan = Conv2dKernels.Choose(device, shape.Transposed, Epilogue.ReluMask);
            using var expectedTurned = plan.Pack([.. turned.Select(v => v * 0.1f)], new float[shape.C]);
            using var gradient = HostTrainedFilter.Turned(plan, 0.1f);
            gradient.Pack(filter);
            Assert.Equal(Read(expectedTurned), Read(gradient.Filter));
        }
    }

    [Fact]
    public void Too_few_parameters_are_refused()
    {
        using var device = new HostDevice(1);
        var shape = Shapes[0];
        using var forward = HostTrainedFilter.Forward(Conv2dKernels.Choose(device, shape, Epilogue.Bias), shape.FilterLength + Between);
        Assert.Throws<ArgumentException>(() => forward.Pack(new float[shape.FilterLength + Between + shape.K - 1]));
        using var turned = HostTrainedFilter.Turned(Conv2dKernels.Choose(device, shape.Transposed, Epilogue.Bias), 1);
        Assert.Throws<ArgumentException>(() => turned.Pack(new float[shape.FilterLength - 1]));
    }

    private static float[] Values(int count, int seed) => TestValues.Single(TestValues.Random(count, seed));

    private static float[] Read(HostFilter filter) => new Span<float>(filter.Memory.Address, (int)filter.Memory.Length).ToArray();
}
