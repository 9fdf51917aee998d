using ILGPU;
using ILGPU.Runtime.CPU;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>Which variant computes what on accelerators. Sets environment variables, so it runs when nothing else does.</summary>
[Collection(Alone.Name)]
public sealed class Conv2dChoiceTests : IDisposable
{
    private readonly Context context = Context.Create(builder => builder.CPU(CPUDeviceKind.Nvidia));
    private readonly CPUAccelerator accelerator;
    private readonly AcceleratorDevice device;

    public Conv2dChoiceTests()
    {
        accelerator = context.CreateCPUAccelerator(0);
        device = new AcceleratorDevice(accelerator);
    }

    [Theory]
    [InlineData(64, "direct", "implicit-gemm-8x16x64", "implicit-gemm-8x16x64", "direct-quads")]
    [InlineData(256, "direct", "implicit-gemm-8x16x64", "implicit-gemm-8x16x64", "direct-quads")]
    [InlineData(32, "direct", "implicit-gemm-16x16x32", "implicit-gemm-8x16x64", "direct-quads")]
    [InlineData(16, "direct", "implicit-gemm-16x32x16", "implicit-gemm-8x16x64", "direct-quads")]
    public void Each_convolution_of_edsr_gets_the_best_variant(int features, params string[] expected)
    {
        var shapes = Conv2dProblems.Edsr(24, 24, features);
        Epilogue[] epilogues = [Epilogue.Bias, Epilogue.BiasRelu, Epilogue.BiasPixelShuffle(2), Epilogue.Bias];
        Assert.Equal(expected, shapes.Zip(epilogues, (shape, epilogue) => Conv2dKernels.Choose(device, shape, epilogue).Variant));
    }

    [Theory]
    [InlineData(64, "direct", "implicit-gemm-64x32", "implicit-gemm-64x32", "direct")]
    [InlineData(32, "direct", "implicit-gemm-32x32", "implicit-gemm-64x32", "direct")]
    [InlineData(16, "direct", "implicit-gemm-16x32", "implicit-gemm-64x32", "direct")]
    public void So_do_its_gradients(int features, params string[] expected) =>
        Assert.Equal(expected, Conv2dProblems.Edsr(24, 24, features).Select(shape => Conv2dKernels.ChooseWgrad(device, shape).Variant));

    [Fact]
    public void The_environment_forces_a_variant_or_names_those_there_are()
    {
        var shape = new Conv2dShape(1, 4, 4, 64, 64);
        try
        {
            Environment.SetEnvironmentVariable(Conv2dKernels.ForceFprop, "direct");
            Assert.Equal("direct", Conv2dKernels.Choose(device, shape, Epilogue.Bias).Variant);
            Environment.SetEnvironmentVariable(Conv2dKernels.ForceFprop, "magic");
            Assert.Contains("direct-quads", Assert.Throws<ForcedVariantException>(() => Conv2dKernels.Choose(device, shape, Epilogue.Bias)).Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Conv2dKernels.ForceFprop, null);
        }
        try
        {
            Environment.SetEnvironmentVariable(Conv2dKernels.ForceWgrad, "direct");
            Assert.Equal("direct", Conv2dKernels.ChooseWgrad(device, shape).Variant);
            Environment.SetEnvironmentVariable(Conv2dKernels.ForceWgrad, "magic");
            Assert.Contains("implicit-gemm-64x32 or implicit-gemm-32x32", Assert.Throws<ForcedVariantException>(() => Conv2dKernels.ChooseWgrad(device, shape)).Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Conv2dKernels.ForceWgrad, null);
        }
    }

    public void Dispose()
    {
        device.Dispose();
        accelerator.Dispose();
        context.Dispose();
    }
}
