using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static unsafe partial class EmaKernels
{
    /// <summary>average = decay · average + (1 − decay) · w.</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="decay">0 to 1.</param>
    /// <param name="average">The average.</param>
    /// <param name="w">The weights, as many.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the decay is out of range.</exception>
    public static void Update(AcceleratorDevice device, AcceleratorStream stream, float decay, ArrayView<float> average, ArrayView<float> w)
    {
        Check(decay, average.Length, w.Length);
        var grid = new FlatGrid(w.Length);
        UpdateKernel.Launch(device, stream, grid.Groups, average, w, new Arguments(grid, decay));
    }

    /// <summary>A weight a thread. No shared memory.</summary>
    internal static readonly AcceleratorKernel<float, float, Arguments> UpdateKernel = new(Run, FlatGrid.GroupSize);

    internal readonly struct Arguments(FlatGrid grid, float decay)
    {
        public readonly FlatGrid Grid = grid;
        public readonly float Decay = decay, Rest = 1 - decay;
    }

    private static void Run(ArrayView<float> average, ArrayView<float> w, Arguments arguments)
    {
        if (arguments.Grid.Find(out int i))
            average[i] = average[i] * arguments.Decay + w[i] * arguments.Rest;
    }
}
