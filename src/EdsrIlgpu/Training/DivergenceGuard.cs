namespace EdsrIlgpu.Training;

/// <summary>
/// Tells a loss that explodes: NaN, infinite, or over 100 times the median of the last losses. Allocates nothing after its
/// construction.
/// </summary>
public sealed class DivergenceGuard
{
    /// <summary>Losses that the median is of.</summary>
    public const int Window = 101;

    /// <summary>Losses that it takes for their median to mean something; of fewer the largest stands for it.</summary>
    public const int Fewest = 16;

    /// <summary>How many times the usual a loss may be.</summary>
    public const float Factor = 100;

    private readonly float[] losses = new float[Window], sorted = new float[Window];
    private long seen;

    /// <summary>The last losses, the oldest first: all that there is to remember.</summary>
    public float[] Recent
    {
        get
        {
            int count = (int)Math.Min(seen, Window);
            var recent = new float[count];
            for (int i = 0; i < count; i++)
                recent[i] = losses[(seen - count + i) % Window];
            return recent;
        }
    }

    /// <summary>What a loss usually is; NaN if there was none yet.</summary>
    public float Usual
    {
        get
        {
            int count = (int)Math.Min(seen, Window);
            losses.AsSpan(0, count).CopyTo(sorted);
            sorted.AsSpan(0, count).Sort();
            return count == 0 ? float.NaN : sorted[count < Fewest ? count - 1 : count / 2];
        }
    }

    /// <summary>Begins anew with these losses, the oldest first.</summary>
    public void Reset(ReadOnlySpan<float> recent)
    {
        seen = 0;
        foreach (float loss in recent)
            Remember(loss);
    }

    /// <summary>Why a batch is not to be learnt from; null if it is.</summary>
    /// <param name="loss">Its loss.</param>
    /// <param name="gradientNorm">The norm of its gradient.</param>
    public string? Problem(float loss, float gradientNorm)
    {
        if (!float.IsFinite(loss))
            return FormattableString.Invariant($"the loss is {loss}");
        if (!float.IsFinite(gradientNorm))
            return FormattableString.Invariant($"the gradient's norm is {gradientNorm}");
        float usual = Usual;
        return loss > Factor * usual ? FormattableString.Invariant($"the loss is {loss}, over {Factor} times the {usual} that is usual") : null;
    }

    /// <summary>A loss that was learnt from.</summary>
    public void Remember(float loss) => losses[seen++ % Window] = loss;
}
