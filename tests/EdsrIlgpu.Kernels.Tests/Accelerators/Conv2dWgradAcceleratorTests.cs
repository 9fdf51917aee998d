namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>Every accelerator variant of the weights' gradient × problem × device against the reference, split in several ways.</summary>
[Collection(AcceleratorCollection.Name)]
public class Conv2dWgradAcceleratorTests(AcceleratorFixture accelerators)
{
    public static TheoryData<string> Kinds => AcceleratorFixture.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait(Oclgrind.Trait, "yes")]
    public void Every_kernel_meets_the_reference_on_part_of_a_tile(string kind)
    {
        // Two tiles of pixels, of two rows, for what the barrier between them is there for.
        var accelerator = accelerators.Open(kind);
        foreach (var variant in Conv2dAcceleratorVariants.Wgrad)
        {
            var shape = new Conv2dShape(1, 2, 17, 4, 4);
            while (!variant.Supports(shape))
                shape = shape with { K = shape.K + 4 };
            AssertMeetsReference(accelerator, variant, shape, 1);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_variant_meets_the_reference(string kind)
    {
        var accelerator = accelerators.Open(kind);
        int checks = 0;
        // A simulated sum of many filter values takes seconds.
        foreach (var shape in accelerator.IsSlow ? Conv2dProblems.Tiny.Where(s => s.FilterLength < 1000) : Conv2dProblems.Odd)
            foreach (var variant in Conv2dAcceleratorVariants.Wgrad.Where(v => v.Supports(shape)))
                foreach (int splits in (int[])[variant.Splits(accelerator.Device.Accelerator.NumMultiprocessors, shape), 7])
                {
                    AssertMeetsReference(accelerator, variant, shape, splits);
                    checks++;
                }
        Assert.True(checks > Conv2dProblems.Tiny.Count, $"Only {checks} combinations ran.");
    }

    [Theory]
    [InlineData(AcceleratorFixture.OpenCL)]
    [InlineData(AcceleratorFixture.Cuda)]
    public void Repetition_changes_no_bit(string kind)
    {
        var accelerator = accelerators.Open(kind);
        var problem = Conv2dWgradCase.Of(new(2, 9, 11, 16, 16));
        foreach (var variant in Conv2dAcceleratorVariants.Wgrad.Where(v => v.Supports(problem.Shape)))
        {
            var first = Run(accelerator, variant, problem, 3);
            var second = Run(accelerator, variant, problem, 3);
            Assert.Equal(first.Dw, second.Dw);
            Assert.Equal(first.Db, second.Db);
        }
    }

    [Theory]
    [InlineData(1, 64, 64, 1)] // One tile of channels after the other is enough for it.
    [InlineData(132, 64, 64, 116)] // Two groups for the input channels, so 132 parts of 576 tiles, or a few less of 5 tiles.
    [InlineData(132, 256, 1024, 2)]
    [InlineData(10000, 64, 64, 576)] // No more than there are tiles.
    public void Pixels_are_split_so_that_a_device_is_busy_once(int multiprocessors, int c, int k, int expected)
    {
        var variant = Conv2dAcceleratorVariants.Wgrad[0];
        Assert.Equal(expected, variant.Splits(multiprocessors, new Conv2dShape(16, 48, 48, c, k)));
    }

    [Theory]
    [InlineData(AcceleratorFixture.OpenCL)]
    [InlineData(AcceleratorFixture.Cuda)]
    public void Launches_allocate_nothing(string kind)
    {
        var accelerator = accelerators.Open(kind);
        var shape = new Conv2dShape(1, 4, 4, 64, 64);
        var plan = Conv2dKernels.ChooseWgrad(accelerator.Device, shape);
        using var x = new GuardedDeviceMap(accelerator, new MapShape(1, 4, 4, 64));
        using var workspace = new GuardedDeviceBuffer(accelerator, plan.WorkspaceElements);
        using var dw = new GuardedDeviceBuffer(accelerator, shape.FilterLength);
        using var db = new GuardedDeviceBuffer(accelerator, shape.K);
        var (map, space, filter, bias) = (x.Map, workspace.View, dw.View, db.View);
        long before = 0;
        for (int i = 0; i < 3; i++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            Conv2dKernels.Wgrad(accelerator.Stream, plan, map, map, 1, space, filter, bias);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        accelerator.Stream.Synchronize();
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        var accelerator = accelerators.Open(AcceleratorFixture.Simulated);
        var shape = new Conv2dShape(1, 4, 4, 3, 8);
        var plan = Conv2dKernels.ChooseWgrad(accelerator.Device, shape);
        using var x = new GuardedDeviceMap(accelerator, new MapShape(1, 4, 4, 3));
        using var dy = new GuardedDeviceMap(accelerator, new MapShape(1, 4, 4, 8));
        using var ring = new GuardedDeviceMap(accelerator, new MapShape(1, 4, 4, 8, 3));
        using var space = new GuardedDeviceBuffer(accelerator, plan.WorkspaceElements);
        using var dw = new GuardedDeviceBuffer(accelerator, shape.FilterLength);
        using var db = new GuardedDeviceBuffer(accelerator, 8);
        Assert.Throws<ArgumentException>(() => Conv2dKernels.ChooseWgrad(accelerator.Device, shape with { H = 0 }));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Wgrad(accelerator.Stream, plan, dy.Map, dy.Map, 1, space.View, dw.View, db.View));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Wgrad(accelerator.Stream, plan, x.Map, x.Map, 1, space.View, dw.View, db.View));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Wgrad(accelerator.Stream, plan, x.Map, ring.Map, 1, space.View, dw.View, db.View));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Wgrad(accelerator.Stream, plan, x.Map, dy.Map, 1, space.View.SubView(1), dw.View, db.View));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Wgrad(accelerator.Stream, plan, x.Map, dy.Map, 1, space.View, dw.View.SubView(1), db.View));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Wgrad(accelerator.Stream, plan, x.Map, dy.Map, 1, space.View, dw.View, db.View.SubView(1)));
    }

    private static void AssertMeetsReference(TestAccelerator accelerator, Conv2dWgradAccelerator variant, Conv2dShape shape, int splits)
    {
        var problem = Conv2dWgradCase.Of(shape);
        var (dw, db) = Run(accelerator, variant, problem, splits);
        double filter = TestValues.Nmse(dw, problem.Filter), bias = TestValues.Nmse(db, problem.Bias);
        Assert.True(filter <= variant.MaxNmse && bias <= variant.MaxNmse, $"{variant.Name} {shape}, {splits} splits: NMSE {filter:E2}, bias {bias:E2}");
    }

    /// <summary>Runs on guarded maps and buffers, with workspace that is NaN.</summary>
    private static (double[] Dw, double[] Db) Run(TestAccelerator accelerator, Conv2dWgradAccelerator variant, Conv2dWgradCase problem, int splits)
    {
        using var x = new GuardedDeviceMap(accelerator, problem.Input, problem.X);
        using var dy = new GuardedDeviceMap(accelerator, problem.Output, problem.Dy);
        using var workspace = new GuardedDeviceBuffer(accelerator, splits * Conv2dWgradAccelerator.SplitLength(problem.Shape));
        using var dw = new GuardedDeviceBuffer(accelerator, problem.FilterBefore);
        using var db = new GuardedDeviceBuffer(accelerator, problem.BiasBefore);
        variant.Run(accelerator.Device, accelerator.Stream, problem.Shape, splits, x.Map, dy.Map, Conv2dWgradCase.Scale, workspace.View, dw.View, db.View);
        workspace.Read();
        x.AssertUntouchedAround();
        dy.AssertUntouchedAround();
        return (dw.Read(), db.Read());
    }
}
