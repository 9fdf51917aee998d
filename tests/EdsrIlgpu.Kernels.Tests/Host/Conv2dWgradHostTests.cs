namespace EdsrIlgpu.Kernels.Tests.Host;

/// <summary>Every host variant of the weights' gradient × problem × vector width against the reference, bit for bit the same on any number of threads.</summary>
public unsafe class Conv2dWgradHostTests
{
    private const int Guard = 64;

    /// <summary>The last are large enough for several splits of several strips each.</summary>
    private static readonly Conv2dShape[] Problems = [.. Conv2dProblems.Odd, new(2, 96, 110, 16, 3), new(3, 70, 100, 5, 20)];

    public static TheoryData<HostSimd> Widths => Conv2dFpropHostTests.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_variant_meets_the_reference(HostSimd simd)
    {
        using var device = new HostDevice(2, simd);
        int checks = 0;
        foreach (var shape in Problems)
            foreach (var variant in Conv2dHostVariants.Wgrad.Where(v => v.Supports(device, shape)))
            {
                var problem = Conv2dWgradCase.Of(shape);
                var (dw, db) = Run(device, variant, problem);
                double filter = TestValues.Nmse(dw, problem.Filter), bias = TestValues.Nmse(db, problem.Bias);
                Assert.True(filter <= variant.MaxNmse && bias <= variant.MaxNmse, $"{variant.Name} {simd} {shape}: NMSE {filter:E2}, bias {bias:E2}");
                checks++;
            }
        Assert.True(checks > Problems.Length, $"Only {checks} combinations ran.");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Threads_and_repetition_change_no_bit(HostSimd simd)
    {
        using HostDevice one = new(1, simd), two = new(2, simd), three = new(3, simd);
        foreach (var shape in Problems.Where(s => s.N * s.H > 4))
            foreach (var variant in Conv2dHostVariants.Wgrad.Where(v => v.Supports(one, shape)))
            {
                var problem = Conv2dWgradCase.Of(shape);
                var first = Run(one, variant, problem);
                foreach (var device in (HostDevice[])[one, two, three])
                {
                    var again = Run(device, variant, problem);
                    Assert.Equal(first.Dw, again.Dw);
                    Assert.Equal(first.Db, again.Db);
                }
            }
    }

    [Fact]
    public void A_launch_allocates_nothing()
    {
        using var device = new HostDevice(2);
        foreach (int k in (int[])[3, 20])
        {
            var plan = Conv2dKernels.ChooseWgrad(device, new Conv2dShape(2, 9, 10, 16, k));
            using GuardedMap x = new(new MapShape(2, 9, 10, 16), new double[2 * 9 * 10 * 16]), dy = new(new MapShape(2, 9, 10, k), new double[2 * 9 * 10 * k]);
            float[] workspace = new float[plan.WorkspaceElements], dw = new float[plan.Shape.FilterLength], db = new float[k];
            Conv2dKernels.Wgrad(plan, x.Map, dy.Map, 1, workspace, dw, db);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Conv2dKernels.Wgrad(plan, x.Map, dy.Map, 1, workspace, dw, db);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public void Workspace_has_bounds()
    {
        using var device = new HostDevice(1);
        foreach (var shape in (Conv2dShape[])[new(16, 48, 48, 64, 64), new(16, 48, 48, 256, 256), new(16, 96, 96, 256, 3), new(64, 192, 192, 3, 20)])
            Assert.InRange(Conv2dKernels.ChooseWgrad(device, shape).WorkspaceElements, shape.FilterLength, 4 << 20);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        using var device = new HostDevice(1);
        var shape = new Conv2dShape(1, 4, 5, 3, 8);
        Assert.Throws<ArgumentException>(() => Conv2dKernels.ChooseWgrad(device, shape with { H = 0 }));
        var plan = Conv2dKernels.ChooseWgrad(device, shape);
        using GuardedMap x = new(new MapShape(1, 4, 5, 3), new double[60]), dy = new(new MapShape(1, 4, 5, 8), new double[160]);
        using GuardedMap xRing = new(x.Shape.WithRows(3)), dyRing = new(dy.Shape.WithRows(3));
        float[] space = new float[plan.WorkspaceElements], dw = new float[shape.FilterLength], db = new float[8];
        Conv2dKernels.Wgrad(plan, x.Map, dy.Map, 1, space, dw, db);
        foreach (var wrong in (HostMap<float>[])[dy.Map, xRing.Map])
            Assert.Throws<ArgumentException>(() => Conv2dKernels.Wgrad(plan, wrong, dy.Map, 1, space, dw, db));
        foreach (var wrong in (HostMap<float>[])[x.Map, dyRing.Map])
            Assert.Throws<ArgumentException>(() => Conv2dKernels.Wgrad(plan, x.Map, wrong, 1, space, dw, db));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Wgrad(plan, x.Map, dy.Map, 1, space.AsSpan(1), dw, db));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Wgrad(plan, x.Map, dy.Map, 1, space, dw.AsSpan(1), db));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Wgrad(plan, x.Map, dy.Map, 1, space, dw, db.AsSpan(1)));
    }

    /// <summary>Runs on guarded maps, with workspace that is NaN and guards around all that is written.</summary>
    private static (double[] Dw, double[] Db) Run(HostDevice device, Conv2dWgradHost variant, Conv2dWgradCase problem)
    {
        using var x = new GuardedMap(problem.Input, problem.X);
        using var dy = new GuardedMap(problem.Output, problem.Dy);
        float[] dw = Guarded(problem.FilterBefore), db = Guarded(problem.BiasBefore), workspace = Guarded(new double[variant.WorkspaceElements(device, problem.Shape)]);
        workspace.AsSpan().Fill(float.NaN);
        fixed (float* space = workspace, filter = dw, bias = db)
            variant.Run(device, problem.Shape, x.Map, dy.Map, Conv2dWgradCase.Scale, space + Guard, filter + Guard, bias + Guard);
        x.AssertUntouchedAround();
        dy.AssertUntouchedAround();
        foreach (float[] array in (float[][])[dw, db, workspace])
            Assert.All(array[..Guard].Concat(array[^Guard..]), v => Assert.True(float.IsNaN(v)));
        return (Inside(dw), Inside(db));
    }

    private static float[] Guarded(double[] values)
    {
        float[] guard = [.. Enumerable.Repeat(float.NaN, Guard)];
        return [.. guard, .. TestValues.Single(values), .. guard];
    }

    private static double[] Inside(float[] guarded) => [.. guarded[Guard..^Guard].Select(v => (double)v)];
}
