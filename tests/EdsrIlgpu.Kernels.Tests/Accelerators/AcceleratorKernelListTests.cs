namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>The list by which tests reach every kernel has every kernel.</summary>
public class AcceleratorKernelListTests
{
    private static readonly KernelUses Uses = new(typeof(AcceleratorKernelList), typeof(AcceleratorKernel).Assembly, typeof(IUpscaler).Assembly);

    [Fact]
    public void It_has_every_kernel_that_the_product_launches_and_no_other()
    {
        var variants = Conv2dAcceleratorVariants.Fprop.SelectMany(v => v.Kernels).Concat(Conv2dAcceleratorVariants.Wgrad.Select(v => v.Kernel));
        Assert.Equal(Uses.Fields.Union(variants).Select(k => k.ToString()).Order(), AcceleratorKernelList.All.Select(k => k.ToString()).Order());
    }

    [Fact]
    public void Kernels_are_made_where_their_uses_are_found()
    {
        // In static fields, which the other test finds, and in the forward convolution's variants, which it asks.
        Assert.NotEmpty(Uses.Makers);
        Assert.All(Uses.Makers, maker => Assert.True(
            maker.Name == ".cctor" || maker.DeclaringType!.IsAssignableTo(typeof(Conv2dFpropAccelerator)), $"{maker.DeclaringType}.{maker} makes a kernel."));
        Assert.Equal(
            typeof(AcceleratorKernel).Assembly.GetTypes().Where(t => !t.IsAbstract && (t.IsSubclassOf(typeof(Conv2dFpropAccelerator)) || t.IsSubclassOf(typeof(Conv2dWgradAccelerator)))).Select(t => t.Name).Order(),
            Conv2dAcceleratorVariants.Fprop.Concat<object>(Conv2dAcceleratorVariants.Wgrad).Select(v => v.GetType().Name).Distinct().Order());
    }

    [Fact]
    public void No_two_kernels_have_one_name() =>
        Assert.Distinct(AcceleratorKernelList.All.Select(k => k.ToString()));
}
