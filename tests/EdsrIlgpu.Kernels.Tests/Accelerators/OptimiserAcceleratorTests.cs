namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>What is done to flat buffers of parameters on every accelerator there is, against the references.</summary>
[Collection(AcceleratorCollection.Name)]
[Trait(Oclgrind.Trait, "yes")]
public class OptimiserAcceleratorTests(AcceleratorFixture accelerators)
{
    public static TheoryData<string> Kinds => AcceleratorFixture.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Adam_meets_the_reference(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (int length in (int[])[1, 300])
        {
            double[] w = TestValues.Random(length, 1), m = new double[length], v = new double[length];
            using var actualW = new GuardedDeviceBuffer(accelerator, w);
            using var actualM = new GuardedDeviceBuffer(accelerator, m);
            using var actualV = new GuardedDeviceBuffer(accelerator, v);
            for (int step = 1; step <= 5; step++)
            {
                var settings = new AdamStep(step, 1e-2f);
                var g = TestValues.Random(length, 20 + step);
                AdamReference.Update(settings, 0.25, g, w, m, v);
                using var gradient = new GuardedDeviceBuffer(accelerator, g);
                AdamKernels.Update(accelerator.Device, accelerator.Stream, settings, 0.25f, gradient.View, actualW.View, actualM.View, actualV.View);
                gradient.Read();
            }
            Assert.True(TestValues.Nmse(actualW.Read(), w) < 1e-12);
            Assert.True(TestValues.Nmse(actualM.Read(), m) < 1e-12);
            Assert.True(TestValues.Nmse(actualV.Read(), v) < 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_norm_meets_the_reference_and_repeats_bit_for_bit(string kind)
    {
        var accelerator = accelerators.Open(kind);
        // The last has more chunks than a group has threads.
        foreach (int length in accelerator.IsSlow ? [5, 4500] : (int[])[1, 127, 4097, 150 * 4096 + 9])
        {
            var values = TestValues.Random(length, 3);
            double expected = GradientNormReference.Norm(values);
            using var g = new GuardedDeviceBuffer(accelerator, values);
            double norm = Norm(accelerator, g);
            Assert.Equal(expected, norm, 1e-6 * expected);
            Assert.Equal(norm, Norm(accelerator, g));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_average_meets_the_reference(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (int length in (int[])[1, 300])
        {
            double[] average = TestValues.Random(length, 4), w = TestValues.Random(length, 5);
            using var actual = new GuardedDeviceBuffer(accelerator, average);
            using var weights = new GuardedDeviceBuffer(accelerator, w);
            EmaReference.Update(0.999f, average, w);
            EmaKernels.Update(accelerator.Device, accelerator.Stream, 0.999f, actual.View, weights.View);
            Assert.True(TestValues.Nmse(actual.Read(), average) < 1e-12);
        }
    }

    [Theory]
    [InlineData(AcceleratorFixture.OpenCL)]
    [InlineData(AcceleratorFixture.Cuda)]
    public void Launches_allocate_nothing(string kind)
    {
        var accelerator = accelerators.Open(kind);
        var (device, stream) = (accelerator.Device, accelerator.Stream);
        using var buffer = new GuardedDeviceBuffer(accelerator, new double[5 * 64]);
        var views = Enumerable.Range(0, 5).Select(i => buffer.View.SubView(i * 64, 64)).ToArray();
        long before = 0;
        for (int i = 0; i < 3; i++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            AdamKernels.Update(device, stream, new AdamStep(i + 1, 1e-4f), 1, views[0], views[1], views[2], views[3]);
            EmaKernels.Update(device, stream, 0.9f, views[4], views[1]);
            GradientNormKernels.Norm(device, stream, views[0], views[2], views[3]);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        stream.Synchronize();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Arguments_that_do_not_fit_are_refused(string kind)
    {
        var accelerator = accelerators.Open(kind);
        var (device, stream) = (accelerator.Device, accelerator.Stream);
        using var buffer = new GuardedDeviceBuffer(accelerator, 8);
        var (three, four) = (buffer.View.SubView(0, 3), buffer.View.SubView(4, 4));
        Assert.Throws<ArgumentException>(() => AdamKernels.Update(device, stream, new AdamStep(1, 1), 1, three, three, three, four));
        Assert.Throws<ArgumentException>(() => AdamKernels.Update(device, stream, new AdamStep(0, 1), 1, three, three, three, three));
        Assert.Throws<ArgumentException>(() => AdamKernels.Update(device, stream, new AdamStep(1, 1), 1, default, default, default, default));
        Assert.Throws<ArgumentException>(() => EmaKernels.Update(device, stream, 0.5f, three, four));
        Assert.Throws<ArgumentException>(() => EmaKernels.Update(device, stream, -1, three, three));
        Assert.Throws<ArgumentException>(() => GradientNormKernels.Norm(device, stream, three, default, four));
        Assert.Throws<ArgumentException>(() => GradientNormKernels.Norm(device, stream, three, four, default));
        Assert.Throws<ArgumentException>(() => GradientNormKernels.Norm(device, stream, default, three, four));
    }

    private static double Norm(TestAccelerator accelerator, GuardedDeviceBuffer g)
    {
        using var workspace = new GuardedDeviceBuffer(accelerator, GradientNormKernels.WorkspaceElements((int)g.View.Length));
        using var norm = new GuardedDeviceBuffer(accelerator, 1);
        GradientNormKernels.Norm(accelerator.Device, accelerator.Stream, g.View, workspace.View, norm.View);
        workspace.Read();
        return norm.Read()[0];
    }
}
