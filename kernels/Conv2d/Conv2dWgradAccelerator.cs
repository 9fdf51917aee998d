using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// A way to compute the gradients of filter and bias on accelerators. One object serves all devices and shapes. The pixels of the
/// batch are split among groups of threads, which leave sums in the order of filter and bias in the workspace; a second kernel
/// adds them up, always in the same order (<see cref="Conv2dWgradSum"/>).
/// </summary>
internal abstract class Conv2dWgradAccelerator
{
    /// <summary>Name in plans, results and EDSR_FORCE_CONV2D_WGRAD.</summary>
    public abstract string Name { get; }

    /// <summary>Largest Σ(dw − reference)² / Σ reference² that tests let pass, of filter and bias each.</summary>
    public virtual double MaxNmse => 4e-12;

    /// <summary>The kernel that leaves the sums.</summary>
    public abstract AcceleratorKernel Kernel { get; }

    /// <summary>The kernel's loops over shared memory; null if it does not use it.</summary>
    public virtual Conv2dInnerLoops? InnerLoops => null;

    /// <summary>Whether the variant computes this at all.</summary>
    public abstract bool Supports(Conv2dShape shape);

    /// <summary>Parts into which a device splits the pixels: as many as it can run at once, and of equal length but for the last.</summary>
    public int Splits(int multiprocessors, Conv2dShape shape)
    {
        var (tiles, groups) = Work(shape);
        int wanted = Math.Max(1, multiprocessors * GroupsPerMultiprocessor / groups);
        int tilesOfSplit = (tiles + wanted - 1) / wanted;
        return (tiles + tilesOfSplit - 1) / tilesOfSplit;
    }

    /// <summary>Launches dw += scale · Σ dy ⊗ x, db += scale · Σ dy. Arguments are checked already.</summary>
    public void Run(
        AcceleratorDevice device, AcceleratorStream stream, Conv2dShape shape, int splits, in DeviceMap<float> x, in DeviceMap<float> dy, float scale, ArrayView<float> workspace, ArrayView<float> dw, ArrayView<float> db)
    {
        var (tiles, groups) = Work(shape);
        var arguments = new Conv2dWgradArguments
        {
            Height = shape.H,
            Width = shape.W,
            C = shape.C,
            K = shape.K,
            Tiles = tiles,
            Splits = splits,
            SplitLength = SplitLength(shape),
        };
        Launch(device, stream, checked(groups * splits), x, dy, workspace, arguments);
        Conv2dWgradSum.Run(device, stream, splits, scale, workspace, dw, db);
    }

    /// <summary>Floats of the sums of one part: filter and bias.</summary>
    public static long SplitLength(Conv2dShape shape) => shape.FilterLength + (long)shape.K;

    /// <summary>Groups that a multiprocessor should get.</summary>
    protected abstract int GroupsPerMultiprocessor { get; }

    /// <summary>Tiles or rows of pixels, which can be split, and groups of threads that each part of them needs.</summary>
    protected abstract (int Tiles, int Groups) Work(Conv2dShape shape);

    /// <summary>Launches the kernel that leaves the sums of every part.</summary>
    protected abstract void Launch(
        AcceleratorDevice device, AcceleratorStream stream, int groups, in DeviceMap<float> x, in DeviceMap<float> dy, ArrayView<float> sums, Conv2dWgradArguments arguments);
}
