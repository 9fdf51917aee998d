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
        using var memory = accelerator.Allocate1D<float>(2 * shape.Elements + shape.RowPitch);
        memory.MemSetToZero(stream);

        using var device = new AcceleratorDevice(accelerator);
        var x = new DeviceMap<float>(memory.View, 0, 2 * shape.Elements, shape);
        var y = new DeviceMap<float>(memory.View, shape.Elements, 2 * shape.Elements, shape);
        var values = TestValues.Single(TestValues.Random(2 * 3 * 4, 1));
        using var dense = accelerator.Allocate1D(values);
        MapCopyKernels.Load(device, stream, dense.View, x, 0, 2);
        ReluKernels.Forward(device, stream, x, y, 0, 2);
        MapCopyKernels.Store(device, stream, y, dense.View, 0, 2);
        stream.Synchronize();
        Assert.Equal(values.Select(v => Math.Max(0, v)), dense.GetAsArray1D());
    }
}
