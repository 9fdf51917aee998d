using ILGPU;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// Sums over a group of <see cref="RowGrid.GroupSize"/> threads of an accelerator kernel, in a fixed order. All threads of the group
/// call, once in a kernel. Shared memory: 4 bytes a thread.
/// </summary>
internal static class GroupSum
{
    /// <summary>The sum of the threads' values, by halving.</summary>
    public static float Of(float value)
    {
        var values = SharedMemory.Allocate<float>(RowGrid.GroupSize);
        values[Group.IdxX] = value;
        Group.Barrier();
        for (int half = RowGrid.GroupSize / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half)
                values[Group.IdxX] += values[Group.IdxX + half];
            Group.Barrier();
        }
        return values[0];
    }

    /// <summary>The sum of the first <paramref name="count"/> elements of a view.</summary>
    public static float OfAll(ArrayView<float> values, int count)
    {
        float sum = 0;
        for (int i = Group.IdxX; i < count; i += RowGrid.GroupSize)
            sum += values[i];
        return Of(sum);
    }
}
