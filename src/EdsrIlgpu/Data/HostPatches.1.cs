using System.Numerics;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Data;

/// <summary>Copies patches together, then turns and normalises them.</summary>
/// <typeparam name="T">byte or ushort, the pictures' samples.</typeparam>
internal sealed unsafe class HostPatches<T>(TrainingPictures pictures, PixelAffine load) : HostPatches
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly PatchGathering<T> gathering = new(pictures);
    private readonly AlignedMemory<T> hr = new(PatchGathering<T>.HrLength(pictures.Options), zeroed: false);
    private readonly AlignedMemory<T> lr = new(PatchGathering<T>.LrLength(pictures.Options), zeroed: false);
    private readonly PatchCut[] hrCuts = new PatchCut[pictures.Options.Batch], lrCuts = new PatchCut[pictures.Options.Batch];

    public override bool IsFlat(PatchPlace place) => gathering.IsFlat(place);

    public override void Load(HostDevice device, ReadOnlySpan<PatchPlace> places, in HostMap<float> x, in HostMap<float> target)
    {
        gathering.Gather(places, new Span<T>(hr.Address, (int)hr.Length), hrCuts, new Span<T>(lr.Address, (int)lr.Length), lrCuts);
        PatchKernels.Cut(device, lr.Address, lrCuts, load, x);
        PatchKernels.Cut(device, hr.Address, hrCuts, load, target);
    }

    public override void Dispose()
    {
        hr.Dispose();
        lr.Dispose();
    }
}
