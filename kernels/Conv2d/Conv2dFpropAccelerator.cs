using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>A way to compute the forward convolution on accelerators. One object serves all devices and shapes.</summary>
internal abstract class Conv2dFpropAccelerator
{
    /// <summary>Threads of a group, in every variant.</summary>
    public const int Threads = RowGrid.GroupSize;

    /// <summary>Groups that fit a multiprocessor at once, at 128 registers a thread.</summary>
    public const int GroupsPerMultiprocessor = 4;

    /// <summary>Name in plans, results and EDSR_FORCE_CONV2D_FPROP.</summary>
    public abstract string Name { get; }

    /// <summary>Largest Σ(y − reference)² / Σ reference² that tests let pass.</summary>
    public virtual double MaxNmse => 4e-12;

    /// <summary>The kernels, one for each type of epilogue.</summary>
    public abstract IReadOnlyList<AcceleratorKernel> Kernels { get; }

    /// <summary>The kernels' loops over shared memory; null if they do not use it.</summary>
    public virtual Conv2dInnerLoops? InnerLoops => null;

    /// <summary>Whether the variant computes this at all.</summary>
    public abstract bool Supports(Conv2dShape shape, Epilogue epilogue);

    /// <summary>Brings bias and filter into the order that <see cref="Run"/> reads; a multiple of four floats.</summary>
    public abstract float[] Pack(ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, Conv2dShape shape);

    /// <summary>Launches rows [y0, y1) of the input's grid. Arguments are checked already.</summary>
    public abstract void Run(
        AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> x, ArrayView<Float4> filter, Epilogue epilogue, Conv2dShape shape, in DeviceMap<float> residual, in DeviceMap<float> y, int y0, int y1);
}
