namespace EdsrIlgpu.Kernels.Tests.Host;

/// <summary>Every host variant of the weights' gradient × problem × vector width against the reference, bit for bit the same on any number of threads.</summary>
public unsafe class Conv2dWgradHostTests
{
    private const int Guard = 64;

    public static TheoryData<HostSimd> Widths => Conv2dFpropHostTests.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_variant_meets_the_reference(HostSimd simd)
    {
        using var device = new HostDevice(2, simd);
        int checks = 0;
        foreach (var shape in Conv2dProblems.Odd)
            foreach (var variant in Conv2dHostVariants.Wgrad.Where(v => v.Supports(device, shape)))
            {
                var problem = Conv2dWgradCase.Of(shape);
                var (dw, db) = Run(device, variant, problem);
                double filter = TestValues.Nmse(dw, problem.Filter), bias = TestValues.Nmse(db, problem.Bias);
                Assert.True(filter <= variant.MaxNmse && bias <= variant.MaxNmse, $"{variant.Name} {simd} {shape}: NMSE {filter:E2}, bias {bias:E2}");
                checks++;
            }
        Assert.True(checks >= Conv2dProblems.Odd.Count, $"Only {checks} combinations ran.");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Threads_and_repetition_change_no_bit(HostSimd simd)
    {
        using HostDevice one = new(1, simd), two = new(2, simd), three = new(3, simd);
        // The second is large enough to be split.
        foreach (var shape in (Conv2dShape[])[.. Conv2dProblems.Odd.Where(s => s.N * s.H > 4), new(2, 24, 40, 32, 3)])
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
