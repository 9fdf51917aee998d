using ILGPU;
using ILGPU.Runtime.CPU;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

[Collection(AcceleratorCollection.Name)]
public class AcceleratorSelfTestTests(AcceleratorFixture accelerators)
{
    [Theory]
    [InlineData(AcceleratorFixture.OpenCL)]
    [InlineData(AcceleratorFixture.Cuda)]
    public void A_sound_device_has_no_fault(string kind) =>
        Assert.Null(AcceleratorSelfTest.FindFault(accelerators.Open(kind).Device));

    [Fact]
    public void A_device_that_cannot_work_any_more_has_one()
    {
        using var context = Context.Create(b => b.CPU(CPUDeviceKind.Nvidia));
        using var accelerator = context.CreateCPUAccelerator(0);
        var device = new AcceleratorDevice(accelerator);
        device.Dispose();
        Assert.Contains("cannot run a convolution (ObjectDisposedException", AcceleratorSelfTest.FindFault(device));
    }
}
