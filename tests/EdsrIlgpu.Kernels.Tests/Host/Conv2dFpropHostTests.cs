namespace EdsrIlgpu.Kernels.Tests.Host;

/// <summary>Every host variant × problem × epilogue × vector width against the reference, bit for bit the same however it is cut.</summary>
public class Conv2dFpropHostTests
{
    public static TheoryData<HostSimd> Widths => [.. Enum.GetValues<HostSimd>().Where(s => s <= HostSimdSupport.Widest)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_variant_meets_the_reference(HostSimd simd)
    {
        using var device = new HostDevice(2, simd);
        int checks = 0;
        foreach (var shape in Conv2dProblems.Odd)
            foreach (var epilogue in Conv2dProblems.Epilogues(shape))
            {
                var problem = Conv2dCase.Of(shape, epilogue);
                foreach (var variant in Conv2dHostVariants.Fprop.Where(v => v.Supports(device, shape, epilogue)))
                {
                    double error = TestValues.Nmse(Run(device, variant, problem), problem.Expected);
                    Assert.True(error <= variant.MaxNmse, $"{variant.Name} {simd} {shape} {epilogue}: NMSE {error:E2}");
                    checks++;
                }
            }
        Assert.True(checks > 60, $"Only {checks} combinations ran.");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Cuts_rings_and_threads_change_no_bit(HostSimd simd)
    {
        using var one = new HostDevice(1, simd);
        using var three = new HostDevice(3, simd);
        foreach (var shape in Conv2dProblems.Odd.Where(s => s.H > 4))
            foreach (var epilogue in Conv2dProblems.Epilogues(shape))
            {
                var problem = Conv2dCase.Of(shape, epilogue);
                foreach (var variant in Conv2dHostVariants.Fprop.Where(v => v.Supports(one, shape, epilogue)))
                {
                    var whole = Run(one, variant, problem);
                    Assert.Equal(whole, Run(three, variant, problem));
                    Assert.Equal(whole, RunInRings(three, variant, problem, 2, 4));
                }
            }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_dead_input_stays_dead(HostSimd simd)
    {
        // A NaN anywhere under the filter must come out, ReLU or not.
        using var device = new HostDevice(1, simd);
        foreach (int k in (int[])[3, 20])
        {
            var shape = new Conv2dShape(1, 3, 7, 16, k);
            var problem = Conv2dCase.Of(shape, Epilogue.BiasRelu);
            double[] x = [.. problem.X];
            x[(1 * 7 + 3) * 16 + 5] = double.NaN;
            foreach (var variant in Conv2dHostVariants.Fprop.Where(v => v.Supports(device, shape, Epilogue.BiasRelu)))
            {
                var y = Run(device, variant, problem, x);
                for (int i = 0; i < y.Length; i++)
                    Assert.Equal(i / k % 7 is >= 2 and <= 4, double.IsNaN(y[i]));
            }
        }
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        using var device = new HostDevice(1);
        var shape = new Conv2dShape(1, 4, 4, 3, 8);
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Choose(device, shape, new Epilogue { Relu = true, Residual = true }));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Choose(device, shape, Epilogue.ReluMask with { Relu = true }));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Choose(device, shape, Epilogue.ReluMask with { Residual = true }));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Choose(device, shape, new Epilogue { Scale = 2 }));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Choose(device, shape, Epilogue.BiasPixelShuffle(3)));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Choose(device, shape, Epilogue.BiasPixelShuffle(65536)));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Choose(device, shape with { W = 0 }, Epilogue.Bias));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Choose(device, shape with { C = 1 << 20, K = 1 << 20 }, Epilogue.Bias));
        var plan = Conv2dKernels.Choose(device, shape, Epilogue.Bias);
        Assert.Throws<ArgumentException>(() => plan.Pack(new float[3], new float[8]));
        using var filter = plan.Pack(new float[shape.FilterLength], new float[8]);
        using var x = new GuardedMap(new MapShape(1, 4, 4, 3));
        using var y = new GuardedMap(new MapShape(1, 4, 4, 8));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(plan, y.Map, filter, default, y.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(plan, x.Map, filter, default, x.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(plan, x.Map, filter, y.Map, y.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(plan, x.Map, filter, default, y.Map, 0, 5));
        var masked = Conv2dKernels.Choose(device, shape, Epilogue.ReluMask);
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(masked, x.Map, filter, default, y.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(masked, x.Map, filter, x.Map, y.Map, 0, 4));
        var square = Conv2dKernels.Choose(device, shape with { C = 8 }, Epilogue.Bias);
        using var squareFilter = square.Pack(new float[8 * 9 * 8], new float[8]);
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(square, y.Map, squareFilter, default, y.Map, 0, 4));
        var other = Conv2dKernels.Choose(device, shape with { K = 16 }, Epilogue.Bias);
        using var wrong = other.Pack(new float[shape.FilterLength * 2], new float[16]);
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(plan, x.Map, wrong, default, y.Map, 0, 4));
    }

    [Fact]
    public void Shapes_that_32_bits_cannot_index_are_refused()
    {
        new MapShape(1, 1 << 20, 1 << 20, 64, 1).Validate();
        Assert.Throws<ArgumentException>(() => new MapShape(1, 1, 1 << 30, 64).Validate());
        Assert.Throws<ArgumentException>(() => new MapShape(1 << 16, 1 << 16, 1, 1).Validate());
    }

    [Fact]
    public void A_filter_packed_for_other_vectors_is_refused()
    {
        Assert.SkipUnless(HostSimdSupport.Widest > HostSimd.Vector128, "This processor has vectors of one width only.");
        using var wide = new HostDevice(1);
        using var narrow = new HostDevice(1, HostSimd.Vector128);
        var shape = new Conv2dShape(1, 4, 4, 3, 8);
        using var filter = Conv2dKernels.Choose(narrow, shape, Epilogue.Bias).Pack(new float[shape.FilterLength], new float[8]);
        using var x = new GuardedMap(new MapShape(1, 4, 4, 3));
        using var y = new GuardedMap(new MapShape(1, 4, 4, 8));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(Conv2dKernels.Choose(wide, shape, Epilogue.Bias), x.Map, filter, default, y.Map, 0, 4));
    }

    /// <summary>Runs on whole maps, guarded and poisoned.</summary>
    private static double[] Run(HostDevice device, Conv2dFpropHost variant, Conv2dCase problem, double[]? input = null)
    {
        var epilogue = problem.Epilogue;
        using var packed = variant.Pack(device, TestValues.Single(problem.Filter), TestValues.Single(problem.Bias), problem.Shape, epilogue);
        using var x = new GuardedMap(problem.Input, input ?? problem.X);
        using var r = problem.Residual is null ? null : new GuardedMap(problem.Output, problem.Residual);
        using var y = new GuardedMap(problem.Output);
        variant.Run(device, x.Map, packed, epilogue, r?.Map ?? default, y.Map, 0, problem.Shape.H);
        x.AssertUntouchedAround();
        r?.AssertUntouchedAround();
        y.AssertUntouchedAround();
        return y.Read(0, problem.Output.H);
    }

    /// <summary>Streams the picture through rings of few rows, the output lying in its residual's rows if it has one.</summary>
    private static double[] RunInRings(HostDevice device, Conv2dFpropHost variant, Conv2dCase problem, int quantum, int rows)
    {
        var (shape, output) = (problem.Shape, problem.Output);
        int r = problem.Epilogue.Shuffle;
        using var packed = variant.Pack(device, TestValues.Single(problem.Filter), TestValues.Single(problem.Bias), shape, problem.Epilogue);
        using var x = new GuardedMap(problem.Input.WithRows(rows));
        using var y = new GuardedMap(output.WithRows(quantum * r));
        var result = new double[problem.Expected.Length];
        int filled = 0, length = output.W * output.C;
        for (int row = 0; row < shape.H; row += quantum)
        {
            int end = Math.Min(shape.H, row + quantum), needed = Math.Min(shape.H, end + 1);
            x.Fill(problem.X, filled, needed);
            filled = needed;
            if (problem.Residual is not null)
                y.Fill(problem.Residual, row * r, end * r);
            variant.Run(device, x.Map, packed, problem.Epilogue, problem.Residual is null ? default : y.Map, y.Map, row, end);
            var part = y.Read(row * r, end * r);
            for (int n = 0; n < shape.N; n++)
                part.AsSpan(n * (end - row) * r * length, (end - row) * r * length).CopyTo(result.AsSpan((n * output.H + row * r) * length));
        }
        x.AssertUntouchedAround();
        y.AssertUntouchedAround();
        return result;
    }
}
