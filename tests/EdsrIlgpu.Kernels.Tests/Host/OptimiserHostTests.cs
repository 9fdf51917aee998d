namespace EdsrIlgpu.Kernels.Tests.Host;

/// <summary>What is done to flat buffers of parameters on the host, against the references.</summary>
public class OptimiserHostTests
{
    private static readonly int[] Lengths = [1, 17, FlatPieces.Length, 2 * FlatPieces.Length + 5];

    [Fact]
    public void Adam_meets_the_reference_whatever_the_number_of_threads()
    {
        using var one = new HostDevice(1);
        using var three = new HostDevice(3);
        foreach (int length in Lengths)
        {
            double[] w = TestValues.Random(length, 1), m = new double[length], v = new double[length];
            float[] actualW = TestValues.Single(w), actualM = new float[length], actualV = new float[length];
            float[] otherW = [.. actualW], otherM = new float[length], otherV = new float[length];
            for (int step = 1; step <= 5; step++)
            {
                var settings = new AdamStep(step, 1e-2f);
                var g = TestValues.Random(length, 20 + step);
                AdamReference.Update(settings, 0.25, g, w, m, v);
                AdamKernels.Update(one, settings, 0.25f, TestValues.Single(g), actualW, actualM, actualV);
                AdamKernels.Update(three, settings, 0.25f, TestValues.Single(g), otherW, otherM, otherV);
            }
            AssertMeets(w, actualW);
            AssertMeets(m, actualM);
            AssertMeets(v, actualV);
            Assert.Equal(actualW, otherW);
            Assert.Equal(actualM, otherM);
            Assert.Equal(actualV, otherV);
        }
    }

    [Fact]
    public void A_weight_without_a_gradient_stays()
    {
        using var device = new HostDevice(1);
        float[] w = [1, -2, 3], m = new float[3], v = new float[3];
        AdamKernels.Update(device, new AdamStep(1, 1), 1, new float[3], w, m, v);
        Assert.Equal([1, -2, 3], w);
    }

    [Fact]
    public void The_norm_meets_the_reference_whatever_the_number_of_threads()
    {
        using var one = new HostDevice(1);
        using var three = new HostDevice(3);
        foreach (int length in Lengths)
        {
            var g = TestValues.Random(length, 3);
            var partials = new double[GradientNormKernels.Partials(length)];
            double expected = GradientNormReference.Norm(g);
            float norm = GradientNormKernels.Norm(one, TestValues.Single(g), partials);
            Assert.Equal(expected, norm, 1e-6 * expected);
            Assert.Equal(norm, GradientNormKernels.Norm(three, TestValues.Single(g), partials));
        }
    }

    [Fact]
    public void The_average_meets_the_reference()
    {
        using var device = new HostDevice(2);
        foreach (int length in Lengths)
        {
            double[] average = TestValues.Random(length, 4), w = TestValues.Random(length, 5);
            float[] actual = TestValues.Single(average);
            EmaReference.Update(0.999f, average, w);
            EmaKernels.Update(device, 0.999f, actual, TestValues.Single(w));
            AssertMeets(average, actual);
        }
    }

    [Fact]
    public void Nothing_is_allocated_and_nothing_beside_the_buffers_written()
    {
        using var device = new HostDevice(2);
        const int Length = FlatPieces.Length + 3, Guard = 16;
        float[][] buffers = [.. Enumerable.Range(1, 5).Select(_ => Enumerable.Repeat(7f, Length + 2 * Guard).ToArray())];
        var partials = new double[GradientNormKernels.Partials(Length)];
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        foreach (var buffer in buffers)
            Assert.All(buffer[..Guard].Concat(buffer[^Guard..]), v => Assert.Equal(7, v));

        void Run()
        {
            AdamKernels.Update(device, new AdamStep(1, 1e-4f), 1, Inside(0), Inside(1), Inside(2), Inside(3));
            EmaKernels.Update(device, 0.5f, Inside(4), Inside(1));
            GradientNormKernels.Norm(device, Inside(0), partials);
        }

        Span<float> Inside(int i) => buffers[i].AsSpan(Guard, Length);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        using var device = new HostDevice(1);
        float[] three = new float[3], four = new float[4];
        Assert.Throws<ArgumentException>(() => AdamKernels.Update(device, new AdamStep(1, 1), 1, three, three, three, four));
        Assert.Throws<ArgumentException>(() => AdamKernels.Update(device, new AdamStep(0, 1), 1, three, three, three, three));
        Assert.Throws<ArgumentException>(() => AdamKernels.Update(device, new AdamStep(1, float.NaN), 1, three, three, three, three));
        Assert.Throws<ArgumentException>(() => AdamKernels.Update(device, new AdamStep(1, 1, Beta2: 1), 1, three, three, three, three));
        Assert.Throws<ArgumentException>(() => EmaKernels.Update(device, 0.5f, three, four));
        Assert.Throws<ArgumentException>(() => EmaKernels.Update(device, 1.5f, three, three));
        Assert.Throws<ArgumentException>(() => GradientNormKernels.Norm(device, three, []));
    }

    private static void AssertMeets(double[] expected, float[] actual)
    {
        double error = TestValues.Nmse([.. actual.Select(v => (double)v)], expected);
        Assert.True(error < 1e-12, $"{expected.Length} values: NMSE {error:E2}");
    }
}
