namespace EdsrIlgpu.Kernels.Tests.Host;

/// <summary>Sets environment variables, so it runs when nothing else does.</summary>
[Collection(Alone.Name)]
public class ForcedVariantTests
{
    [Fact]
    public void The_environment_forces_a_variant_or_names_those_there_are()
    {
        using var device = new HostDevice(1);
        var shape = new Conv2dShape(1, 4, 4, 64, 3);
        try
        {
            Environment.SetEnvironmentVariable(Conv2dKernels.ForceFprop, "direct");
            Assert.Equal("direct", Conv2dKernels.Choose(device, shape, Epilogue.Bias).Variant);
            Environment.SetEnvironmentVariable(Conv2dKernels.ForceFprop, "magic");
            Assert.Contains("direct", Assert.Throws<ForcedVariantException>(() => Conv2dKernels.Choose(device, shape, Epilogue.Bias)).Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Conv2dKernels.ForceFprop, null);
        }
        try
        {
            Environment.SetEnvironmentVariable(Conv2dKernels.ForceWgrad, "along-outputs");
            Assert.Equal("along-outputs", Conv2dKernels.ChooseWgrad(device, shape).Variant);
            Environment.SetEnvironmentVariable(Conv2dKernels.ForceWgrad, "magic");
            Assert.Contains("along-inputs or along-outputs", Assert.Throws<ForcedVariantException>(() => Conv2dKernels.ChooseWgrad(device, shape)).Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Conv2dKernels.ForceWgrad, null);
        }
        Assert.Equal("along-inputs", Conv2dKernels.ChooseWgrad(device, shape).Variant);
        Assert.Equal("dot", Conv2dKernels.Choose(device, shape, Epilogue.Bias).Variant);
    }
}
