namespace EdsrIlgpu.Kernels;

/// <summary>
/// The order in which a variant reads a filter and its bias, as a table: for each packed float the index of the value that it
/// holds, or −1 for zero. Found by packing the indices themselves, so a variant's order is written down once, in its
/// <c>Pack</c>. With it a filter that training changes is packed anew on its device, by a gather.
/// </summary>
internal static class FilterOrder
{
    // Beyond it a float does not hold every index.
    private const int LargestIndex = 1 << 24;

    /// <summary>The table of a forward convolution. Indices count from the filter's beginning; the bias lies <paramref name="biasOffset"/> behind it.</summary>
    public static int[] Forward(ConvPlan plan, int biasOffset)
    {
        var filter = Indices(0, plan.Shape.FilterLength);
        return Table(plan.PackDense(filter, Indices(biasOffset, plan.Shape.K)));
    }

    /// <summary>
    /// The table of a convolution that computes dgrad: the plan is of the exchanged channels, the indices of the forward filter
    /// [K, 3, 3, C]. There is no bias.
    /// </summary>
    public static int[] Turned(ConvPlan plan)
    {
        var turned = new float[plan.Shape.FilterLength];
        Conv2dDgrad.Turn(Indices(0, plan.Shape.FilterLength), plan.Shape.C, plan.Shape.K, turned);
        return Table(plan.PackDense(turned, new float[plan.Shape.K]));
    }

    // One is added, so that the zeros with which variants fill up mean nothing.
    private static float[] Indices(int first, int count)
    {
        if (first + count >= LargestIndex)
            throw new ArgumentException($"A filter of more than {LargestIndex} values cannot be trained.");
        var indices = new float[count];
        for (int i = 0; i < count; i++)
            indices[i] = first + i + 1;
        return indices;
    }

    /// <summary>Refuses parameters that end before the last value that a table names.</summary>
    /// <param name="last">The table's largest index.</param>
    /// <param name="length">How many parameters were given.</param>
    /// <exception cref="ArgumentException">They are too few.</exception>
    public static void CheckParameters(int last, long length)
    {
        if (length <= last)
            throw new ArgumentException($"The filter and its bias reach to value {last} behind the filter's beginning; {length} parameters were given.");
    }

    private static int[] Table(float[] packed) => Array.ConvertAll(packed, v => (int)v - 1);
}
