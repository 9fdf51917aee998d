using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static unsafe partial class GradientNormKernels
{
    /// <summary>Elements that a group sums, and of them each thread.</summary>
    private const int Chunk = PerThread * RowGrid.GroupSize, PerThread = 32;

    /// <summary>Floats that <see cref="Norm(AcceleratorDevice, AcceleratorStream, ArrayView{float}, ArrayView{float}, ArrayView{float})"/> needs as its workspace.</summary>
    public static int WorkspaceElements(int length) => (int)(((long)length + Chunk - 1) / Chunk);

    /// <summary>norm[0] = √Σ g², summed in an order that depends on the length alone.</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="g">The gradient, at least one value.</param>
    /// <param name="workspace">At least <see cref="WorkspaceElements"/>.</param>
    /// <param name="norm">At least one element; the first becomes the norm.</param>
    /// <exception cref="ArgumentException">A view is too short.</exception>
    public static void Norm(AcceleratorDevice device, AcceleratorStream stream, ArrayView<float> g, ArrayView<float> workspace, ArrayView<float> norm)
    {
        int groups = WorkspaceElements(checked((int)g.Length));
        if (g.Length < 1 || workspace.Length < groups || norm.Length < 1)
            throw new ArgumentException($"The norm of {g.Length} values needs {groups} floats of workspace and one for the result, not {workspace.Length} and {norm.Length}.");
        SumKernel.Launch(device, stream, groups, g, workspace, (int)g.Length);
        RootKernel.Launch(device, stream, 1, workspace, norm, groups);
    }

    /// <summary>A group leaves the sum of the squares of its chunk. Shared memory: 512 bytes.</summary>
    internal static readonly AcceleratorKernel<float, float, int> SumKernel = new(RunSum, RowGrid.GroupSize);

    /// <summary>One group: the root of the groups' sums. Shared memory: 512 bytes.</summary>
    internal static readonly AcceleratorKernel<float, float, int> RootKernel = new(RunRoot, RowGrid.GroupSize);

    private static void RunSum(ArrayView<float> g, ArrayView<float> sums, int length)
    {
        float sum = 0;
        long i = (long)Grid.IdxX * Chunk + Group.IdxX;
        for (int j = 0; j < PerThread && i < length; j++)
        {
            sum += g[i] * g[i];
            i += RowGrid.GroupSize;
        }
        sum = GroupSum.Of(sum);
        if (Group.IdxX == 0)
            sums[Grid.IdxX] = sum;
    }

    private static void RunRoot(ArrayView<float> sums, ArrayView<float> norm, int count)
    {
        float sum = GroupSum.OfAll(sums, count);
        if (Group.IdxX == 0)
            norm[0] = MathF.Sqrt(sum);
    }
}
