using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// Whether a device computes what it should, before anything relies on it: one small convolution against the reference. It is the
/// variant that most of EDSR's convolutions get, with tiles in shared memory, barriers between slices of input channels, and a
/// PixelShuffle; two groups, one of them only in part inside the picture. A network then finds this kernel compiled.
/// </summary>
public static class AcceleratorSelfTest
{
    private static readonly Conv2dShape Shape = new(1, 3, 17, 8, 64);
    private static readonly Epilogue Epilogue = Epilogue.BiasPixelShuffle(2);

    /// <summary>Runs the convolution. Costs the compilation of one kernel.</summary>
    /// <param name="device">The device; not disposed.</param>
    /// <returns>What is wrong with the device, to be read after its name; null if nothing is.</returns>
    public static string? FindFault(AcceleratorDevice device)
    {
        // Another than Choose's if a variable forces one: what is tested is the device.
        var variant = Conv2dAcceleratorVariants.Fprop.First(v => v.Supports(Shape, Epilogue));
        var random = new Random(1);
        float[] x = Values(random, Shape.N * Shape.H * Shape.W * Shape.C), filter = Values(random, Shape.FilterLength), bias = Values(random, Shape.K);
        double[] expected = Conv2dReference.Fprop(Doubles(x), Doubles(filter), Doubles(bias), null, Shape, Epilogue);
        float[] actual;
        try
        {
            actual = Run(device, variant, x, filter, bias);
        }
        catch (Exception problem)
        {
            // Whatever a driver throws, the device is not to be relied on.
            return $"it cannot run a convolution ({Describe(problem)})";
        }
        double error = 0, energy = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            energy += expected[i] * expected[i];
        }
        // NaN is an error too.
        return error <= variant.MaxNmse * energy ? null : FormattableString.Invariant($"it computes a convolution wrongly (relative error {Math.Sqrt(error / energy):E1})");
    }

    /// <summary>What a driver's exception says, in one line.</summary>
    public static string Describe(Exception problem) =>
        // ILGPU gives this one no message.
        (problem is CLException { Error: var error } ? $"OpenCL: {error}" : $"{problem.GetType().Name}: {problem.Message}").ReplaceLineEndings(" ").Trim();

    private static float[] Run(AcceleratorDevice device, Conv2dFpropAccelerator variant, float[] x, float[] filter, float[] bias)
    {
        var (input, output) = (new MapShape(Shape.N, Shape.H, Shape.W, Shape.C), Epilogue.Output(Shape));
        float[] rows = new float[input.Elements], result = new float[output.Elements], y = new float[output.H * output.W * output.C];
        for (int row = 0; row < input.H; row++)
            x.AsSpan(row * input.W * input.C, input.W * input.C).CopyTo(rows.AsSpan((int)input.Offset(0, row, 0)));
        using var stream = device.Accelerator.CreateStream();
        using var xMemory = device.Allocate<float>(input.Elements);
        using var yMemory = device.Allocate<float>(output.Elements);
        var plan = new DeviceConvPlan(device, variant, Shape, Epilogue);
        using var packed = plan.Pack(stream, filter, bias);
        xMemory.View.BaseView.CopyFromCPU(stream, rows);
        // What is not written must not be right by chance.
        result.AsSpan().Fill(float.NaN);
        yMemory.View.BaseView.CopyFromCPU(stream, result);
        Conv2dKernels.Fprop(stream, plan, new(xMemory.View, input), packed, default, new(yMemory.View, output), 0, Shape.H);
        yMemory.View.BaseView.CopyToCPU(stream, result);
        stream.Synchronize();
        for (int row = 0; row < output.H; row++)
            result.AsSpan((int)output.Offset(0, row, 0), output.W * output.C).CopyTo(y.AsSpan(row * output.W * output.C));
        return y;
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, v => (double)v);
}
