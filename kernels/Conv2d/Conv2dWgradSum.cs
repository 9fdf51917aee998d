using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// Adds up the sums of all parts of the pixels: dw += scale · Σ, db += scale · Σ. A group takes 32 values; each of its four warps
/// adds every fourth part, and the four results are added in order. Shared memory: 512 bytes.
/// </summary>
internal static class Conv2dWgradSum
{
    private const int Values = 32, Warps = RowGrid.GroupSize / Values;

    public static readonly AcceleratorKernel<float, float, float, Arguments> Kernel = new(Run, RowGrid.GroupSize);

    /// <summary>Launches it.</summary>
    public static void Run(AcceleratorDevice device, AcceleratorStream stream, int splits, float scale, ArrayView<float> sums, ArrayView<float> dw, ArrayView<float> db)
    {
        var arguments = new Arguments { FilterLength = (int)dw.Length, Length = checked((int)(dw.Length + db.Length)), Splits = splits, Scale = scale };
        Kernel.Launch(device, stream, (arguments.Length + Values - 1) / Values, sums, dw, db, arguments);
    }

    internal struct Arguments
    {
        public int FilterLength, Length, Splits;
        public float Scale;
    }

    private static void Run(ArrayView<float> sums, ArrayView<float> dw, ArrayView<float> db, Arguments g)
    {
        var parts = SharedMemory.Allocate<float>(RowGrid.GroupSize);
        int lane = Group.IdxX & (Values - 1), i = Grid.IdxX * Values + lane;
        float sum = 0;
        if (i < g.Length)
        {
            int part = Group.IdxX / Values;
            long at = (long)part * g.Length + i;
            for (; part < g.Splits; part += Warps)
            {
                sum += sums[at];
                at += (long)Warps * g.Length;
            }
        }
        parts[Group.IdxX] = sum;
        Group.Barrier();
        if (Group.IdxX >= Values || i >= g.Length)
            return;
        sum = (parts[lane] + parts[lane + Values] + parts[lane + 2 * Values] + parts[lane + 3 * Values]) * g.Scale;
        if (i < g.FilterLength)
            dw[i] += sum;
        else
            db[i - g.FilterLength] += sum;
    }
}
