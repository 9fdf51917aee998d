namespace EdsrIlgpu.Kernels.Tests.Host;

/// <summary>The losses on the host against their reference.</summary>
public class LossHostTests
{
    private static readonly MapShape[] Shapes = [new(1, 1, 1, 1), new(2, 3, 5, 3), new(1, 7, 13, 4), new(3, 2, 33, 1)];

    public static TheoryData<LossFunction> Losses => [.. Enum.GetValues<LossFunction>()];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Losses_meet_the_reference_whatever_the_number_of_threads(LossFunction loss)
    {
        using var one = new HostDevice(1);
        using var three = new HostDevice(3);
        foreach (var shape in Shapes)
        {
            var (y, target) = Values(shape);
            var (value, dy) = Run(one, loss, shape, y, target);
            Assert.Equal(LossReference.Forward(loss, y, target), value, 1e-6 * value);
            Assert.True(TestValues.Nmse(dy, LossReference.Backward(loss, y, target)) < 1e-13);

            var (again, dyAgain) = Run(three, loss, shape, y, target);
            Assert.Equal(value, again);
            Assert.Equal(dy, dyAgain);
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Equal_pictures_have_no_loss_and_no_gradient_and_nan_stays_nan(LossFunction loss)
    {
        using var device = new HostDevice(1);
        var shape = new MapShape(1, 2, 19, 1);
        var y = TestValues.Random(38, 3);
        var (value, dy) = Run(device, loss, shape, y, y);
        Assert.Equal(0, value);
        Assert.All(dy, v => Assert.Equal(0, v));

        double[] broken = [.. y];
        broken[4] = broken[18] = double.NaN;
        (value, dy) = Run(device, loss, shape, broken, y);
        Assert.Equal(float.NaN, value);
        Assert.Equal(broken.Select(double.IsNaN), dy.Select(double.IsNaN));
    }

    [Fact]
    public void Losses_allocate_nothing()
    {
        using var device = new HostDevice(2);
        using var y = new GuardedMap(new MapShape(1, 3, 5, 3), TestValues.Random(45, 1));
        var map = y.Map;
        var sums = new double[3];
        LossKernels.ForwardBackward(device, LossFunction.L1, map, map, map, sums);
        long before = GC.GetAllocatedBytesForCurrentThread();
        LossKernels.ForwardBackward(device, LossFunction.L1, map, map, map, sums);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        using var device = new HostDevice(1);
        using var y = new GuardedMap(new MapShape(1, 4, 4, 3), new double[48]);
        using var other = new GuardedMap(new MapShape(1, 4, 4, 4), new double[64]);
        Assert.Throws<ArgumentException>(() => LossKernels.ForwardBackward(device, LossFunction.L1, y.Map, other.Map, y.Map, new double[4]));
        Assert.Throws<ArgumentException>(() => LossKernels.ForwardBackward(device, LossFunction.L1, y.Map, y.Map, other.Map, new double[4]));
        Assert.Throws<ArgumentException>(() => LossKernels.ForwardBackward(device, LossFunction.L1, y.Map, y.Map, y.Map, new double[3]));
        Assert.Throws<ArgumentException>(() => LossKernels.ForwardBackward(device, (LossFunction)7, y.Map, y.Map, y.Map, new double[4]));
    }

    /// <summary>A picture and its target, some samples of which are equal.</summary>
    internal static (double[] Y, double[] Target) Values(MapShape shape)
    {
        double[] y = TestValues.Random((long)shape.N * shape.H * shape.W * shape.C, 1), target = TestValues.Random(y.Length, 2);
        for (int i = 3; i < y.Length; i += 7)
            target[i] = y[i];
        return (y, target);
    }

    private static (float Value, double[] Dy) Run(HostDevice device, LossFunction loss, MapShape shape, double[] y, double[] target)
    {
        using var yMap = new GuardedMap(shape, y);
        using var targetMap = new GuardedMap(shape, target);
        using var dy = new GuardedMap(shape);
        float value = LossKernels.ForwardBackward(device, loss, yMap.Map, targetMap.Map, dy.Map, new double[shape.N * shape.H]);
        yMap.AssertUntouchedAround();
        targetMap.AssertUntouchedAround();
        dy.AssertUntouchedAround();
        return (value, dy.Read(0, shape.H));
    }
}
