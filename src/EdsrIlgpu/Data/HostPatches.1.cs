using System.Numerics;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Data;

/// <summary>Copies patches together, then makes LR patches of them if there are none, and turns and normalises all.</summary>
/// <typeparam name="T">byte or ushort, the pictures' samples.</typeparam>
internal sealed unsafe class HostPatches<T> : HostPatches
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly PatchOptions options;
    private readonly PixelAffine load;
    private readonly PatchGathering<T> gathering;
    private readonly AlignedMemory<T> hr, lr;
    private readonly PatchCut[] hrCuts, lrCuts;
    private readonly BilinearTaps? taps;
    private readonly float[] table = [], workspace = [];

    public HostPatches(TrainingPictures pictures, PixelAffine load)
    {
        (options, this.load, gathering) = (pictures.Options, load, new PatchGathering<T>(pictures));
        hr = new AlignedMemory<T>(PatchGathering<T>.HrLength(options), zeroed: false);
        lr = new AlignedMemory<T>(PatchGathering<T>.LrLength(options), zeroed: false);
        hrCuts = new PatchCut[options.Batch];
        lrCuts = new PatchCut[options.Batch];
        if (pictures.MakesLrOfPatches)
            taps = new BilinearTaps(options.Patch, options.Scale);
        if (options.Degradations is not null)
        {
            table = new float[DegradationTable.Length(options.Batch)];
            DegradationTable.WriteConstants(table);
            workspace = new float[DegradationKernels.WorkspaceElements(new MapShape(options.Batch, options.Patch, options.Patch, options.Channels))];
        }
    }

    public override bool IsFlat(PatchPlace place) => gathering.IsFlat(place);

    public override void Load(HostDevice device, PatchBatch batch, in HostMap<float> x, in HostMap<float> target)
    {
        gathering.Gather(batch.Places, new Span<T>(hr.Address, (int)hr.Length), hrCuts, new Span<T>(lr.Address, (int)lr.Length), lrCuts);
        PatchKernels.Cut(device, hr.Address, hrCuts, load, target);
        if (taps is not null)
            BilinearReductionKernels.Forward(device, hr.Address, hrCuts, taps, options.Channels, lr.Address);
        if (options.Degradations is null)
            PatchKernels.Cut(device, lr.Address, lrCuts, load, x);
        else
        {
            DegradationTable.WriteStrengths(table, batch.Strengths);
            DegradationKernels.Cut(device, lr.Address, lrCuts, table, batch.Noise, workspace, load, x);
        }
    }

    public override void Dispose()
    {
        hr.Dispose();
        lr.Dispose();
    }
}
