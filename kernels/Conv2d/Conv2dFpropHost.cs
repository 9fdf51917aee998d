using System.Runtime.Intrinsics;

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

    /// <summary>Launches what was compiled for the device's vectors and the epilogue: the one place where a descriptor becomes a type.</summary>
    protected static void Dispatch<TLaunch>(HostSimd simd, Epilogue epilogue, TLaunch launch) where TLaunch : struct, ILaunch
    {
        if (epilogue.Mask)
            Dispatch(simd, new HostReluMask(), launch);
        else if (epilogue.Residual)
            Dispatch(simd, new HostBiasScaledResidual(epilogue.Scale), launch);
        else if (epilogue.Relu)
            Dispatch(simd, new HostBiasRelu(), launch);
        else
            Dispatch(simd, new HostBias(), launch);
    }

    private static void Dispatch<TEpilogue, TLaunch>(HostSimd simd, TEpilogue epilogue, TLaunch launch)
        where TEpilogue : unmanaged, IHostEpilogue
        where TLaunch : struct, ILaunch
    {
        switch (simd)
        {
            case HostSimd.Vector512: launch.Run<Simd512, Vector512<float>, TEpilogue>(epilogue); break;
            case HostSimd.Vector256: launch.Run<Simd256, Vector256<float>, TEpilogue>(epilogue); break;
            default: launch.Run<Simd128, Vector128<float>, TEpilogue>(epilogue); break;
        }
    }

    /// <summary>A launch that awaits its types. A struct, because the runtime resolves generic virtual methods of classes at a cost, and allocates.</summary>
    protected interface ILaunch
    {
        void Run<TSimd, V, TEpilogue>(TEpilogue epilogue)
            where TSimd : unmanaged, ISimd<V>
            where V : unmanaged
            where TEpilogue : unmanaged, IHostEpilogue;
    }
}
