using EdsrIlgpu.Kernels.Tests.Host;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>The losses on every accelerator there is against their reference, on guarded and poisoned maps.</summary>
[Collection(AcceleratorCollection.Name)]
public class LossAcceleratorTests(AcceleratorFixture accelerators)
{
    public static TheoryData<string, LossFunction> Cases =>
        [.. from kind in (string[])[AcceleratorFixture.Simulated, AcceleratorFixture.OpenCL, AcceleratorFixture.Cuda]
            from loss in Enum.GetValues<LossFunction>()
            select (kind, loss)];

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait(Oclgrind.Trait, "yes")]
    public void Losses_meet_the_reference_and_repeat_bit_for_bit(string kind, LossFunction loss)
    {
        // More samples in a row than threads in a group; more groups than threads in one.
        var accelerator = accelerators.Open(kind);
        foreach (var shape in accelerator.IsSlow ? [new MapShape(1, 2, 47, 3)] : (MapShape[])[new(1, 1, 1, 1), new(2, 5, 47, 3), new(3, 61, 13, 4)])
        {
            var (y, target) = LossHostTests.Values(shape);
            var (value, dy) = Run(accelerator, loss, shape, y, target);
            Assert.Equal(LossReference.Forward(loss, y, target), value, 1e-6 * value);
            Assert.True(TestValues.Nmse(dy, LossReference.Backward(loss, y, target)) < 1e-13);

            var (again, dyAgain) = Run(accelerator, loss, shape, y, target);
            Assert.Equal(value, again);
            Assert.Equal(dy, dyAgain);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Equal_pictures_have_no_loss_and_no_gradient_and_nan_stays_nan(string kind, LossFunction loss)
    {
        var accelerator = accelerators.Open(kind);
        var shape = new MapShape(1, 2, 19, 1);
        var y = TestValues.Random(38, 3);
        var (value, dy) = Run(accelerator, loss, shape, y, y);
        Assert.Equal(0, value);
        Assert.All(dy, v => Assert.Equal(0, v));

        double[] broken = [.. y];
        broken[4] = broken[18] = double.NaN;
        (value, dy) = Run(accelerator, loss, shape, broken, y);
        Assert.Equal(double.NaN, value);
        Assert.Equal(broken.Select(double.IsNaN), dy.Select(double.IsNaN));
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        var accelerator = accelerators.Open(AcceleratorFixture.Simulated);
        var (device, stream) = (accelerator.Device, accelerator.Stream);
        using var y = new GuardedDeviceMap(accelerator, new MapShape(1, 4, 4, 3));
        using var other = new GuardedDeviceMap(accelerator, new MapShape(1, 4, 4, 4));
        using var space = new GuardedDeviceBuffer(accelerator, LossKernels.WorkspaceElements(y.Shape));
        Assert.Throws<ArgumentException>(() => LossKernels.ForwardBackward(device, stream, LossFunction.L1, y.Map, other.Map, y.Map, space.View, space.View));
        Assert.Throws<ArgumentException>(() => LossKernels.ForwardBackward(device, stream, LossFunction.L1, y.Map, y.Map, other.Map, space.View, space.View));
        Assert.Throws<ArgumentException>(() => LossKernels.ForwardBackward(device, stream, LossFunction.L1, y.Map, y.Map, y.Map, space.View.SubView(1), space.View));
        Assert.Throws<ArgumentException>(() => LossKernels.ForwardBackward(device, stream, LossFunction.Mse, y.Map, y.Map, y.Map, space.View, default));
    }

    private static (double Value, double[] Dy) Run(TestAccelerator accelerator, LossFunction loss, MapShape shape, double[] y, double[] target)
    {
        using var yMap = new GuardedDeviceMap(accelerator, shape, y);
        using var targetMap = new GuardedDeviceMap(accelerator, shape, target);
        using var dy = new GuardedDeviceMap(accelerator, shape);
        using var workspace = new GuardedDeviceBuffer(accelerator, LossKernels.WorkspaceElements(shape));
        using var result = new GuardedDeviceBuffer(accelerator, 1);
        LossKernels.ForwardBackward(accelerator.Device, accelerator.Stream, loss, yMap.Map, targetMap.Map, dy.Map, workspace.View, result.View);
        workspace.Read();
        yMap.AssertUntouchedAround();
        targetMap.AssertUntouchedAround();
        dy.AssertUntouchedAround();
        return (result.Read()[0], dy.Read(0, shape.H));
    }
}
