using System.Numerics;
using EdsrIlgpu.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Data;

/// <summary>
/// Cuts patches out of pictures in the device's memory, or where these are too many out of patches that are copied there; from either
/// by the same kernels. What goes there is written to page-locked memory first.
/// </summary>
/// <typeparam name="T">byte or ushort, the pictures' samples.</typeparam>
internal sealed class AcceleratorPatches<T> : AcceleratorPatches
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    // A batch is written to the host's memory while the copies of those before it may still be under way.
    private const int SlotCount = 3;

    private readonly AcceleratorDevice device;
    private readonly PatchOptions options;
    private readonly PixelAffine load;
    private readonly PatchGathering<T> gathering;
    private readonly BilinearTaps? taps;
    private readonly List<IDisposable> memory = [];
    private readonly Slot[] slots = new Slot[SlotCount];
    private readonly long[] hrOffsets = [], lrOffsets = [];
    private readonly ArrayView<T> hr, lr;
    private readonly ArrayView<PatchCut> hrCuts, lrCuts;
    private readonly ArrayView<float> table;
    private readonly ArrayView<int> tapTable;
    private AcceleratorStream? lastStream;
    private int nextSlot;

    public AcceleratorPatches(AcceleratorDevice device, TrainingPictures pictures, PixelAffine load, bool isResident)
    {
        (this.device, options, this.load, IsResident, gathering) = (device, pictures.Options, load, isResident, new PatchGathering<T>(pictures));
        bool hasLr = !pictures.MakesLrOfPatches;
        try
        {
            hrCuts = Allocate<PatchCut>(options.Batch);
            lrCuts = Allocate<PatchCut>(options.Batch);
            if (options.Degradations is not null)
                table = Allocate<float>(DegradationTable.Length(options.Batch));
            hr = isResident ? Upload([.. pictures.Pairs.Select(p => p.Hr)], out hrOffsets) : Allocate<T>(PatchGathering<T>.HrLength(options));
            lr = isResident && hasLr ? Upload([.. pictures.Pairs.Select(p => p.Lr!)], out lrOffsets) : Allocate<T>(PatchGathering<T>.LrLength(options));
            if (!hasLr)
            {
                taps = new BilinearTaps(options.Patch, options.Scale);
                tapTable = Allocate<int>(taps.Table.Length);
                tapTable.CopyFromCPU(device.Accelerator.DefaultStream, taps.Table);
                device.Accelerator.DefaultStream.Synchronize();
            }
            for (int i = 0; i < slots.Length; i++)
                slots[i] = new Slot(this, hasLr);
        }
        catch
        {
            Free();
            throw;
        }
    }

    public override AcceleratorDevice Device => device;

    public override bool IsResident { get; }

    public override void Load(AcceleratorStream stream, PatchBatch batch, DeviceMap<float> x, DeviceMap<float> target)
    {
        if (stream != lastStream || nextSlot == 0)
            Wait();
        lastStream = stream;
        var slot = slots[nextSlot];
        nextSlot = (nextSlot + 1) % SlotCount;

        if (IsResident)
            slot.WriteCuts(gathering, batch.Places, hrOffsets, lrOffsets);
        else
            slot.WritePatches(gathering, batch.Places, stream, hr, lr);
        slot.CopyCuts(stream, hrCuts, lrCuts);
        Cut(stream, hr, hrCuts, target);
        if (taps is not null)
            Reduce(stream);
        if (options.Degradations is null)
            Cut(stream, lr, lrCuts, x);
        else
        {
            slot.WriteStrengths(batch.Strengths, stream, table);
            Degrade(stream, batch.Noise, x);
        }
    }

    public override void Dispose()
    {
        try
        {
            Wait();
        }
        finally
        {
            // After a launch that failed, waiting fails again; the memory is freed all the same.
            Free();
        }
    }

    /// <summary>Until nothing that was begun here is under way; a stream that is disposed has done its work.</summary>
    private void Wait()
    {
        if (lastStream is { IsDisposed: false })
            lastStream.Synchronize();
    }

    private void Cut(AcceleratorStream stream, ArrayView<T> samples, ArrayView<PatchCut> cuts, in DeviceMap<float> map)
    {
        if (typeof(T) == typeof(byte))
            PatchKernels.Cut(device, stream, samples.Cast<byte>(), cuts, load, map);
        else
            PatchKernels.Cut(device, stream, samples.Cast<ushort>(), cuts, load, map);
    }

    private void Reduce(AcceleratorStream stream)
    {
        if (typeof(T) == typeof(byte))
            BilinearReductionKernels.Forward(device, stream, hr.Cast<byte>(), hrCuts, taps!, tapTable, options.Channels, lr.Cast<byte>());
        else
            BilinearReductionKernels.Forward(device, stream, hr.Cast<ushort>(), hrCuts, taps!, tapTable, options.Channels, lr.Cast<ushort>());
    }

    private void Degrade(AcceleratorStream stream, NoiseKey noise, in DeviceMap<float> x)
    {
        if (typeof(T) == typeof(byte))
            DegradationKernels.Cut(device, stream, lr.Cast<byte>(), lrCuts, table, noise, load, x);
        else
            DegradationKernels.Cut(device, stream, lr.Cast<ushort>(), lrCuts, table, noise, load, x);
    }

    private ArrayView<TElement> Allocate<TElement>(long length) where TElement : unmanaged
    {
        var buffer = device.Allocate<TElement>(length);
        memory.Add(buffer);
        return buffer.View;
    }

    /// <summary>Copies pictures to the device, one behind the other.</summary>
    private ArrayView<T> Upload(TrainingPicture[] pictures, out long[] offsets)
    {
        offsets = new long[pictures.Length];
        long length = 0;
        for (int i = 0; i < pictures.Length; i++)
        {
            offsets[i] = length;
            length += pictures[i].Samples<T>().Length;
        }
        var view = Allocate<T>(length);
        var stream = device.Accelerator.DefaultStream;
        for (int i = 0; i < pictures.Length; i++)
        {
            view.SubView(offsets[i], pictures[i].Samples<T>().Length).CopyFromCPU(stream, pictures[i].Samples<T>());
            stream.Synchronize();
        }
        return view;
    }

    private void Free()
    {
        foreach (var part in memory)
            part.Dispose();
    }

    /// <summary>Page-locked memory for what a batch sends to the device.</summary>
    private sealed class Slot
    {
        private readonly PageLockedMemory<PatchCut> hrCuts, lrCuts;
        private readonly PageLockedMemory<T>? hr, lr;
        private readonly PageLockedMemory<float>? table;

        public Slot(AcceleratorPatches<T> owner, bool hasLr)
        {
            hrCuts = Allocate<PatchCut>(owner.options.Batch);
            lrCuts = Allocate<PatchCut>(owner.options.Batch);
            if (!owner.IsResident)
            {
                hr = Allocate<T>(PatchGathering<T>.HrLength(owner.options));
                if (hasLr)
                    lr = Allocate<T>(PatchGathering<T>.LrLength(owner.options));
            }
            if (owner.options.Degradations is not null)
            {
                table = Allocate<float>(DegradationTable.Length(owner.options.Batch));
                DegradationTable.WriteConstants(table.Span);
            }

            PageLockedMemory<TElement> Allocate<TElement>(int length) where TElement : unmanaged
            {
                var array = new PageLockedMemory<TElement>(owner.device.Accelerator, length);
                owner.memory.Add(array);
                return array;
            }
        }

        /// <summary>Where the patches lie in pictures on the device.</summary>
        public void WriteCuts(PatchGathering<T> gathering, ReadOnlySpan<PatchPlace> places, long[] hrOffsets, long[] lrOffsets)
        {
            for (int n = 0; n < places.Length; n++)
            {
                hrCuts.Span[n] = gathering.HrCut(places[n], hrOffsets[places[n].Picture]);
                lrCuts.Span[n] = lrOffsets.Length > 0 ? gathering.LrCut(places[n], lrOffsets[places[n].Picture]) : gathering.DenseLrCut(places[n], n);
            }
        }

        /// <summary>Copies the patches together and to the device.</summary>
        public void WritePatches(PatchGathering<T> gathering, ReadOnlySpan<PatchPlace> places, AcceleratorStream stream, ArrayView<T> toHr, ArrayView<T> toLr)
        {
            gathering.Gather(places, hr!.Span, hrCuts.Span, lr is null ? [] : lr.Span, lrCuts.Span);
            hr.CopyTo(stream, toHr);
            if (lr is not null)
                lr.CopyTo(stream, toLr);
        }

        public void CopyCuts(AcceleratorStream stream, ArrayView<PatchCut> toHr, ArrayView<PatchCut> toLr)
        {
            hrCuts.CopyTo(stream, toHr);
            lrCuts.CopyTo(stream, toLr);
        }

        public void WriteStrengths(ReadOnlySpan<Degradation> strengths, AcceleratorStream stream, ArrayView<float> to)
        {
            DegradationTable.WriteStrengths(table!.Span, strengths);
            table.CopyTo(stream, to);
        }
    }
}
