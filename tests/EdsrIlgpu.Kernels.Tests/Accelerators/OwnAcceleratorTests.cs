using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>The kernels serve someone who has only ILGPU: a context, an accelerator, a stream and buffers of his own.</summary>
public class OwnAcceleratorTests
{
    [Fact]
    public void Relu_runs_on_a_strangers_accelerator_and_buffers()
    {
        using var context = Context.Create(b => b.CPU(CPUDeviceKind.Nvidia));
        using var accelerator = context.CreateCPUAccelerator(0);
        using var stream = accelerator.CreateStream();
        var shape = new MapShape(1, 2, 3, 4);
        using var memory = accelerator.Allocate1D<float>(2 * shape.Elements);
        memory.MemSetToZero(stream);

        using var device = new AcceleratorDevice(accelerator);
        var x = new DeviceMap<float>(memory.View, shape);
        var y = new DeviceMap<float>(memory.View.SubView(shape.Elements, shape.Elements), shape);
        var values = TestValues.Single(TestValues.Random(2 * 3 * 4, 1));
        using var dense = accelerator.Allocate1D(values);
        MapCopyKernels.Load(device, stream, dense.View, x, 0, 2);
        ReluKernels.Forward(device, stream, x, y, 0, 2);
        MapCopyKernels.Store(device, stream, y, dense.View, 0, 2);
        stream.Synchronize();
        Assert.Equal(values.Select(v => Math.Max(0, v)), dense.GetAsArray1D());
    }

    [Fact]
    public void Convolution_runs_on_a_strangers_accelerator_and_buffers()
    {
        using var context = Context.Create(b => b.CPU(CPUDeviceKind.Nvidia));
        using var accelerator = context.CreateCPUAccelerator(0);
        using var stream = accelerator.CreateStream();
        var shape = new Conv2dShape(1, 3, 5, 4, 12);
        MapShape input = new(1, 3, 5, 4), output = new(1, 3, 5, 12);
        using var memory = accelerator.Allocate1D<float>(input.Elements + output.Elements);
        memory.MemSetToZero(stream);

        using var device = new AcceleratorDevice(accelerator);
        var x = new DeviceMap<float>(memory.View, input);
        var y = new DeviceMap<float>(memory.View.SubView(input.Elements, output.Elements), output);
        double[] pixels = TestValues.Random(3 * 5 * 4, 1), weights = TestValues.Random(shape.FilterLength, 2), bias = TestValues.Random(12, 3);
        using var dense = accelerator.Allocate1D(TestValues.Single(pixels));
        using var result = accelerator.Allocate1D<float>(3 * 5 * 12);

        var plan = Conv2dKernels.Choose(device, shape, Epilogue.BiasRelu);
        using var filter = plan.Pack(stream, TestValues.Single(weights), TestValues.Single(bias));
        MapCopyKernels.Load(device, stream, dense.View, x, 0, 3);
        Conv2dKernels.Fprop(stream, plan, x, filter, default, y, 0, 3);
        MapCopyKernels.Store(device, stream, y, result.View, 0, 3);
        stream.Synchronize();
        var expected = Conv2dReference.Fprop(pixels, weights, bias, null, shape, Epilogue.BiasRelu);
        Assert.InRange(TestValues.Nmse([.. result.GetAsArray1D().Select(v => (double)v)], expected), 0, 1e-12);
    }
}
