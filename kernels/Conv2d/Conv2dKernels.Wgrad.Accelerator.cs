using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static partial class Conv2dKernels
{
    /// <summary>Chooses the best variant of the weights' gradient for a shape on an accelerator.</summary>
    /// <exception cref="ArgumentException">Not the shape of a convolution, or the forced variant does not exist.</exception>
    public static DeviceWgradPlan ChooseWgrad(AcceleratorDevice device, Conv2dShape shape)
    {
        shape.Validate();
        return new DeviceWgradPlan(device, VariantChoice.Pick(Conv2dAcceleratorVariants.Wgrad, v => v.Name, v => v.Supports(shape), ForceWgrad, shape), shape);
    }

    /// <summary>Adds the gradients of filter and bias: dw += scale · Σ dy ⊗ x, db += scale · Σ dy, over the whole batch, summed in an order that the plan fixes.</summary>
    /// <param name="stream">Where it runs, in order.</param>
    /// <param name="plan">What to compute and how.</param>
    /// <param name="x">The convolution's input, [N, H, W, C], every row stored.</param>
    /// <param name="dy">Gradient of its sums, [N, H, W, K], every row stored; no PixelShuffle.</param>
    /// <param name="scale">Factor of what is added.</param>
    /// <param name="workspace">At least <see cref="DeviceWgradPlan.WorkspaceElements"/> floats, overwritten.</param>
    /// <param name="dw">[K, 3, 3, C].</param>
    /// <param name="db">[K].</param>
    /// <exception cref="ArgumentException">A map or a length does not fit the plan.</exception>
    public static void Wgrad(
        AcceleratorStream stream, DeviceWgradPlan plan, in DeviceMap<float> x, in DeviceMap<float> dy, float scale, ArrayView<float> workspace, ArrayView<float> dw, ArrayView<float> db)
    {
        CheckWgrad(plan.Shape, plan.WorkspaceElements, x.Shape, dy.Shape, workspace.Length, dw.Length, db.Length);
        plan.Implementation.Run(plan.Device, stream, plan.Shape, plan.Splits, x, dy, scale, workspace, dw, db);
    }
}
