using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace EdsrIlgpu.Benchmarks;

/// <summary>What a GPU could do at most in single precision: multiprocessors × lanes × 2 × the highest clock it may have.</summary>
internal static class AcceleratorPeak
{
    /// <summary>GFLOP/s; NaN where the number of lanes is not known.</summary>
    public static double Of(Accelerator accelerator) => accelerator is CudaAccelerator cuda ? cuda.NumMultiprocessors * Lanes(cuda.Architecture) * 2.0 * cuda.ClockRate / 1e3 : double.NaN;

    // Lanes of single precision in a multiprocessor, from the table of arithmetic throughputs in NVIDIA's programming guide.
    private static double Lanes(CudaArchitecture architecture) => (architecture.Major, architecture.Minor) switch
    {
        (7, 0 or 5) or (8, 0) => 64,
        (8, 6 or 7 or 9) or (9, 0) => 128,
        _ => double.NaN,
    };
}
