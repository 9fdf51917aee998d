using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Data;

/// <summary>What was drawn for a batch. One object serves a sampler for all its batches.</summary>
/// <param name="options">Which patches are drawn.</param>
internal sealed class PatchBatch(PatchOptions options)
{
    private readonly PatchPlace[] places = new PatchPlace[options.Batch];
    private readonly Degradation[] strengths = new Degradation[options.Degradations is null ? 0 : options.Batch];

    /// <summary>Where the patches come from.</summary>
    public ReadOnlySpan<PatchPlace> Places => places;

    /// <summary>How each is made worse; empty for not at all.</summary>
    public ReadOnlySpan<Degradation> Strengths => strengths;

    /// <summary>What the noise follows from.</summary>
    public NoiseKey Noise { get; private set; }

    /// <summary>Draws batch <paramref name="step"/>.</summary>
    public void Draw(PatchSampler sampler, long step)
    {
        Noise = new NoiseKey(options.Seed, (uint)RandomPurpose.Noise, (ulong)step);
        for (int i = 0; i < places.Length; i++)
            places[i] = sampler.Place(step, i);
        for (int i = 0; i < strengths.Length; i++)
            strengths[i] = options.Degradations!.Draw(options.Seed, step, i);
    }
}
