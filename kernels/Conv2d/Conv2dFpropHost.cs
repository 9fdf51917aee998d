namespace EdsrIlgpu.Kernels;

/// <summary>A way to compute the forward convolution on the host. One object serves all devices and shapes.</summary>
internal abstract class Conv2dFpropHost
{
    /// <summary>Name in plans, results and EDSR_FORCE_CONV2D_FPROP.</summary>
    public abstract string Name { get; }

    /// <summary>Largest Σ(y − reference)² / Σ reference² that tests let pass.</summary>
    public abstract double MaxNmse { get; }

    /// <summary>Whether the variant computes this at all.</summary>
    public abstract bool Supports(HostDevice device, Conv2dShape shape, Epilogue epilogue);

    /// <summary>Brings the filter into the order that <see cref="Run"/> reads.</summary>
    public abstract HostFilter Pack(HostDevice device, ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, Conv2dShape shape, Epilogue epilogue);

    /// <summary>Computes rows [y0, y1) of the input's grid. Arguments are checked already.</summary>
    public abstract void Run(HostDevice device, in HostMap<float> x, HostFilter filter, Epilogue epilogue, in HostMap<float> residual, in HostMap<float> y, int y0, int y1);
}
