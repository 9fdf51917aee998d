using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>Every accelerator variant × problem × epilogue × device against the reference, bit for bit the same however it is cut.</summary>
[Collection(AcceleratorCollection.Name)]
public class Conv2dFpropAcceleratorTests(AcceleratorFixture accelerators)
{
    private const int FilterGuard = 64;

    public static TheoryData<string> Kinds => AcceleratorFixture.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait(Oclgrind.Trait, "yes")]
    public void Every_kernel_meets_the_reference_on_part_of_a_tile(string kind)
    {
        // Two slices of input channels, for what the barrier between them is there for.
        var accelerator = accelerators.Open(kind);
        Epilogue[] epilogues = [Epilogue.BiasPixelShuffle(2), Epilogue.BiasRelu, Epilogue.BiasScaledResidual(0.1f), Epilogue.ReluMask];
        foreach (var variant in Conv2dAcceleratorVariants.Fprop)
            foreach (var epilogue in epilogues)
            {
                var shape = new Conv2dShape(1, 2, 3, epilogue.Shuffle > 1 ? 8 : 4, 16);
                while (!variant.Supports(shape, epilogue))
                    shape = shape with { K = shape.K + 16 };
                AssertMeetsReference(accelerator, variant, shape, epilogue);
            }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_variant_meets_the_reference(string kind)
    {
        var accelerator = accelerators.Open(kind);
        int checks = 0;
        foreach (var shape in accelerator.IsSlow ? Conv2dProblems.Tiny : Conv2dProblems.Odd)
            foreach (var epilogue in Conv2dProblems.Epilogues(shape))
                foreach (var variant in Conv2dAcceleratorVariants.Fprop.Where(v => v.Supports(shape, epilogue)))
                {
                    AssertMeetsReference(accelerator, variant, shape, epilogue);
                    checks++;
                }
        Assert.True(checks > 30, $"Only {checks} combinations ran.");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Cuts_and_rings_change_no_bit(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (var shape in accelerator.IsSlow ? [new(1, 5, 3, 4, 12)] : Conv2dProblems.Odd.Where(s => s.H > 4))
            foreach (var epilogue in Conv2dProblems.Epilogues(shape))
            {
                var problem = Conv2dCase.Of(shape, epilogue);
                foreach (var variant in Conv2dAcceleratorVariants.Fprop.Where(v => v.Supports(shape, epilogue)))
                    Assert.Equal(Run(accelerator, variant, problem), RunInRings(accelerator, variant, problem, 2, 4));
            }
    }

    [Theory]
    [InlineData(AcceleratorFixture.OpenCL)]
    [InlineData(AcceleratorFixture.Cuda)]
    public void The_place_in_the_picture_changes_no_bit(string kind)
    {
        var accelerator = accelerators.Open(kind);
        const int Down = 3, Right = 5;
        var whole = Conv2dCase.Of(new(1, 21, 43, 16, 48), Epilogue.Bias);
        var part = new Conv2dShape(1, 12, 23, 16, 48);
        double[] x = [.. Crop(whole.X, 43, 16, Down, Right, part.H, part.W)];
        foreach (var variant in Conv2dAcceleratorVariants.Fprop.Where(v => v.Supports(part, Epilogue.Bias)))
        {
            // What borders zeros in the part borders pixels in the whole.
            var expected = Crop(Run(accelerator, variant, whole), 43, 48, Down + 1, Right + 1, part.H - 2, part.W - 2);
            var actual = Crop(Run(accelerator, variant, Conv2dCase.Of(part, Epilogue.Bias), x), 23, 48, 1, 1, part.H - 2, part.W - 2);
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_dead_input_stays_dead(string kind)
    {
        // A NaN anywhere under the filter must come out, ReLU or not.
        var accelerator = accelerators.Open(kind);
        var shape = new Conv2dShape(1, 3, 7, 8, 12);
        var problem = Conv2dCase.Of(shape, Epilogue.BiasRelu);
        double[] x = [.. problem.X];
        x[(1 * 7 + 3) * 8 + 5] = double.NaN;
        foreach (var variant in Conv2dAcceleratorVariants.Fprop.Where(v => v.Supports(shape, Epilogue.BiasRelu)))
        {
            var y = Run(accelerator, variant, problem, x);
            for (int row = 0; row < shape.H; row++)
                for (int column = 0; column < shape.W; column++)
                    Assert.Equal(column is >= 2 and <= 4, double.IsNaN(y[(row * shape.W + column) * shape.K + 7]));
        }
    }

    [Theory]
    [InlineData(AcceleratorFixture.OpenCL)]
    [InlineData(AcceleratorFixture.Cuda)]
    public void Launches_allocate_nothing(string kind)
    {
        var accelerator = accelerators.Open(kind);
        var shape = new Conv2dShape(1, 4, 4, 64, 64);
        var plan = Conv2dKernels.Choose(accelerator.Device, shape, Epilogue.Bias);
        using var filter = plan.Pack(accelerator.Stream, new float[shape.FilterLength], new float[shape.K]);
        using var x = new GuardedDeviceMap(accelerator, new MapShape(1, 4, 4, 64));
        using var y = new GuardedDeviceMap(accelerator, new MapShape(1, 4, 4, 64));
        var (xMap, yMap) = (x.Map, y.Map);
        long before = 0;
        for (int i = 0; i < 3; i++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            Conv2dKernels.Fprop(accelerator.Stream, plan, xMap, filter, default, yMap, 0, 4);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        accelerator.Stream.Synchronize();
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        var accelerator = accelerators.Open(AcceleratorFixture.Simulated);
        var shape = new Conv2dShape(1, 4, 4, 3, 8);
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Choose(accelerator.Device, shape, new Epilogue { Relu = true, Residual = true }));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Choose(accelerator.Device, shape, new Epilogue { Scale = 2 }));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Choose(accelerator.Device, shape, Epilogue.BiasPixelShuffle(3)));
        var plan = Conv2dKernels.Choose(accelerator.Device, shape, Epilogue.Bias);
        Assert.Throws<ArgumentException>(() => plan.Pack(accelerator.Stream, new float[3], new float[8]));
        using var filter = plan.Pack(accelerator.Stream, new float[shape.FilterLength], new float[8]);
        using var x = new GuardedDeviceMap(accelerator, new MapShape(1, 4, 4, 3));
        using var y = new GuardedDeviceMap(accelerator, new MapShape(1, 4, 4, 8));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(accelerator.Stream, plan, y.Map, filter, default, y.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(accelerator.Stream, plan, x.Map, filter, default, x.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(accelerator.Stream, plan, x.Map, filter, y.Map, y.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(accelerator.Stream, plan, x.Map, filter, default, y.Map, 0, 5));
        var square = Conv2dKernels.Choose(accelerator.Device, shape with { C = 8 }, Epilogue.Bias);
        using var squareFilter = square.Pack(accelerator.Stream, new float[8 * 9 * 8], new float[8]);
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(accelerator.Stream, square, y.Map, squareFilter, default, y.Map, 0, 4));
        var other = Conv2dKernels.Choose(accelerator.Device, shape with { K = 16 }, Epilogue.Bias);
        using var wrong = other.Pack(accelerator.Stream, new float[shape.FilterLength * 2], new float[16]);
        Assert.Throws<ArgumentException>(() => Conv2dKernels.Fprop(accelerator.Stream, plan, x.Map, wrong, default, y.Map, 0, 4));
    }

    private static void AssertMeetsReference(TestAccelerator accelerator, Conv2dFpropAccelerator variant, Conv2dShape shape, Epilogue epilogue)
    {
        var problem = Conv2dCase.Of(shape, epilogue);
        double error = TestValues.Nmse(Run(accelerator, variant, problem), problem.Expected);
        Assert.True(error <= variant.MaxNmse, $"{variant.Name} {shape} {epilogue}: NMSE {error:E2}");
    }

    private static double[] Crop(double[] dense, int width, int channels, int top, int left, int h, int w) =>
        [.. Enumerable.Range(top, h).SelectMany(row => dense.Skip((row * width + left) * channels).Take(w * channels))];

    /// <summary>Runs on whole maps, guarded and poisoned.</summary>
    private static double[] Run(TestAccelerator accelerator, Conv2dFpropAccelerator variant, Conv2dCase problem, double[]? input = null)
    {
        using var filter = Pack(accelerator, variant, problem);
        using var x = new GuardedDeviceMap(accelerator, problem.Input, input ?? problem.X);
        using var r = problem.Residual is null ? null : new GuardedDeviceMap(accelerator, problem.Output, problem.Residual);
        using var y = new GuardedDeviceMap(accelerator, problem.Output);
        variant.Run(accelerator.Device, accelerator.Stream, x.Map, Packed(filter), problem.Epilogue, problem.Shape, r?.Map ?? default, y.Map, 0, problem.Shape.H);
        x.AssertUntouchedAround();
        r?.AssertUntouchedAround();
        y.AssertUntouchedAround();
        return y.Read(0, problem.Output.H);
    }

    /// <summary>Streams the picture through rings of few rows, the output lying in its residual's rows if it has one.</summary>
    private static double[] RunInRings(TestAccelerator accelerator, Conv2dFpropAccelerator variant, Conv2dCase problem, int quantum, int rows)
    {
        var (shape, output) = (problem.Shape, problem.Output);
        int r = problem.Epilogue.Shuffle;
        using var filter = Pack(accelerator, variant, problem);
        using var x = new GuardedDeviceMap(accelerator, problem.Input.WithRows(rows));
        using var y = new GuardedDeviceMap(accelerator, output.WithRows(quantum * r));
        var result = new double[problem.Expected.Length];
        int filled = 0, length = output.W * output.C;
        for (int row = 0; row < shape.H; row += quantum)
        {
            int end = Math.Min(shape.H, row + quantum), needed = Math.Min(shape.H, end + 1);
            x.Fill(problem.X, filled, needed);
            filled = needed;
            if (problem.Residual is not null)
                y.Fill(problem.Residual, row * r, end * r);
            variant.Run(accelerator.Device, accelerator.Stream, x.Map, Packed(filter), problem.Epilogue, shape, problem.Residual is null ? default : y.Map, y.Map, row, end);
            var part = y.Read(row * r, end * r);
            for (int n = 0; n < shape.N; n++)
                part.AsSpan(n * (end - row) * r * length, (end - row) * r * length).CopyTo(result.AsSpan((n * output.H + row * r) * length));
        }
        x.AssertUntouchedAround();
        y.AssertUntouchedAround();
        return result;
    }

    /// <summary>A packed filter between guards of NaN, so that what is read beside it shows.</summary>
    private static MemoryBuffer1D<float, Stride1D.Dense> Pack(TestAccelerator accelerator, Conv2dFpropAccelerator variant, Conv2dCase problem)
    {
        float[] guard = [.. Enumerable.Repeat(float.NaN, FilterGuard)];
        return accelerator.Upload([.. guard, .. variant.Pack(TestValues.Single(problem.Filter), TestValues.Single(problem.Bias), problem.Shape), .. guard]);
    }

    private static ArrayView<Float4> Packed(MemoryBuffer1D<float, Stride1D.Dense> filter) =>
        filter.View.BaseView.SubView(FilterGuard, filter.Length - 2 * FilterGuard).Cast<Float4>();
}
