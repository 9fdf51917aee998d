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
    public void Run(HostDevice device, in HostMap<float> x, HostFilter filter, Epilogue epilogue, in HostMap<float> residual, in HostMap<float> y, int y0, int y1)
    {
        if (epilogue.Residual)
            Run(device, x, filter, epilogue.Shuffle, new HostBiasScaledResidual(epilogue.Scale), residual, y, y0, y1);
        else if (epilogue.Relu)
            Run(device, x, filter, epilogue.Shuffle, new HostBiasRelu(), residual, y, y0, y1);
        else
            Run(device, x, filter, epilogue.Shuffle, new HostBias(), residual, y, y0, y1);
    }

    /// <summary>Floats in a vector, and vectors in a tile of the device.</summary>
    protected static (int Width, int TileVectors) Vectors(HostDevice device) => device.Simd switch
    {
        HostSimd.Vector512 => (Simd512.Width, Simd512.TileVectors),
        HostSimd.Vector256 => (Simd256.Width, Simd256.TileVectors),
        _ => (Simd128.Width, Simd128.TileVectors),
    };

    /// <summary><see cref="Run(HostDevice, in HostMap{float}, HostFilter, Epilogue, in HostMap{float}, in HostMap{float}, int, int)"/> compiled for one vector width and one epilogue.</summary>
    protected abstract void Run<TSimd, V, TEpilogue>(HostDevice device, in HostMap<float> x, HostFilter filter, int shuffle, TEpilogue epilogue, in HostMap<float> residual, in HostMap<float> y, int y0, int y1)
        where TSimd : unmanaged, ISimd<V>
        where V : unmanaged
        where TEpilogue : unmanaged, IHostEpilogue;

    private void Run<TEpilogue>(HostDevice device, in HostMap<float> x, HostFilter filter, int shuffle, TEpilogue epilogue, in HostMap<float> residual, in HostMap<float> y, int y0, int y1)
        where TEpilogue : unmanaged, IHostEpilogue
    {
        switch (device.Simd)
        {
            case HostSimd.Vector512:
                Run<Simd512, Vector512<float>, TEpilogue>(device, x, filter, shuffle, epilogue, residual, y, y0, y1);
                break;
            case HostSimd.Vector256:
                Run<Simd256, Vector256<float>, TEpilogue>(device, x, filter, shuffle, epilogue, residual, y, y0, y1);
                break;
            default:
                Run<Simd128, Vector128<float>, TEpilogue>(device, x, filter, shuffle, epilogue, residual, y, y0, y1);
                break;
        }
    }
}
