using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>What someone does who has ILGPU and a context, an accelerator, a stream and buffers of his own, and wants the convolution alone.</summary>
[Collection(AcceleratorCollection.Name)]
public class OwnBuffersTests
{
    [Fact]
    public void The_convolution_runs_on_buffers_of_ones_own()
    {
        var shape = new Conv2dShape(1, 3, 5, 4, 8);
        MapShape input = new(1, 3, 5, 4), output = new(1, 3, 5, 8);
        float[] pixels = Ramp(shape.H * shape.W * shape.C), weights = Ramp(shape.FilterLength), bias = Ramp(shape.K);

        using var context = Context.Create(builder => builder.CPU(CPUDeviceKind.Nvidia).Optimize(OptimizationLevel.O2));
        using var accelerator = context.CreateCPUAccelerator(0);
        using var stream = accelerator.CreateStream();
        using var buffer = accelerator.Allocate1D<float>(input.Elements + input.RowPitch + output.Elements + output.RowPitch);
        buffer.MemSetToZero(stream);
        for (int row = 0; row < shape.H; row++)
            buffer.View.BaseView.SubView(input.Offset(0, row, 0), shape.W * shape.C).CopyFromCPU(stream, pixels.AsSpan(row * shape.W * shape.C, shape.W * shape.C));

        using var device = new AcceleratorDevice(accelerator);
        var x = new DeviceMap<float>(buffer.View.BaseView, 0, input.Elements, input);
        long offset = input.Elements + input.RowPitch;
        var y = new DeviceMap<float>(buffer.View.BaseView, offset, offset + output.Elements, output);
        var plan = Conv2dKernels.Choose(device, shape, Epilogue.BiasRelu);
        using var filter = plan.Pack(stream, weights, bias);
        Conv2dKernels.Fprop(stream, plan, x, filter, default, y, 0, shape.H);

        var result = new float[buffer.Length];
        buffer.View.BaseView.CopyToCPU(stream, result);
        stream.Synchronize();
        double[] actual = [.. Enumerable.Range(0, shape.H).SelectMany(row => result.Skip((int)(offset + output.Offset(0, row, 0))).Take(shape.W * shape.K)).Select(v => (double)v)];
        double[] expected = Conv2dReference.Fprop(Double(pixels), Double(weights), Double(bias), null, shape, Epilogue.BiasRelu);
        Assert.InRange(TestValues.Nmse(actual, expected), 0, 1e-12);
    }

    private static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => (i * 7 % 19 - 9) / 16f)];

    private static double[] Double(float[] values) => [.. values.Select(v => (double)v)];
}
