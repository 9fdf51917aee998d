namespace EdsrIlgpu.Kernels;

public static partial class Conv2dKernels
{
    /// <summary>Environment variable that forces a variant of the weights' gradient by name.</summary>
    public const string ForceWgrad = "EDSR_FORCE_CONV2D_WGRAD";

    /// <summary>Chooses the best variant of the weights' gradient for a shape on the host.</summary>
    /// <exception cref="ArgumentException">Not the shape of a convolution, or the forced variant does not exist.</exception>
    public static HostWgradPlan ChooseWgrad(HostDevice device, Conv2dShape shape)
    {
        shape.Validate();
        return new HostWgradPlan(device, VariantChoice.Pick(Conv2dHostVariants.Wgrad, v => v.Name, v => v.Supports(device, shape), ForceWgrad, shape), shape);
    }

    /// <summary>Adds the gradients of filter and bias: dw += scale · Σ dy ⊗ x, db += scale · Σ dy, over the whole batch.</summary>
    /// <param name="plan">What to compute and how.</param>
    /// <param name="x">The convolution's input, [N, H, W, C], every row stored.</param>
    /// <param name="dy">Gradient of its sums, [N, H, W, K], every row stored; no PixelShuffle.</param>
    /// <param name="scale">Factor of what is added.</param>
    /// <param name="workspace">At least <see cref="HostWgradPlan.WorkspaceElements"/> floats, overwritten.</param>
    /// <param name="dw">[K, 3, 3, C].</param>
    /// <param name="db">[K].</param>
    /// <exception cref="ArgumentException">A map or a length does not fit the plan.</exception>
    public static unsafe void Wgrad(HostWgradPlan plan, in HostMap<float> x, in HostMap<float> dy, float scale, Span<float> workspace, Span<float> dw, Span<float> db)
    {
        CheckWgrad(plan.Shape, plan.WorkspaceElements, x.Shape, dy.Shape, workspace.Length, dw.Length, db.Length);
        fixed (float* space = workspace, filter = dw, bias = db)
            plan.Implementation.Run(plan.Device, plan.Shape, x, dy, scale, space, filter, bias);
    }

    private static void CheckWgrad(Conv2dShape shape, long workspaceElements, MapShape x, MapShape dy, long workspace, long dw, long db)
    {
        var (n, h, w, c, k) = shape;
        if (x != new MapShape(n, h, w, c))
            throw new ArgumentException($"The input is {x}; it must be {new MapShape(n, h, w, c)}.");
        if (dy != new MapShape(n, h, w, k))
            throw new ArgumentException($"The output's gradient is {dy}; it must be {new MapShape(n, h, w, k)}.");
        if (dw != shape.FilterLength || db != k)
            throw new ArgumentException($"{shape} has {shape.FilterLength} filter and {k} bias values, not {dw} and {db}.");
        if (workspace < workspaceElements)
            throw new ArgumentException($"The weights' gradient of {shape} needs {workspaceElements} floats of workspace, not {workspace}.");
    }
}
