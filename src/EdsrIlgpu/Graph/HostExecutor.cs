using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Graph;

/// <summary>Runs a network on the host's cores.</summary>
internal sealed unsafe class HostExecutor : Executor
{
    private readonly HostDevice device;
    private readonly HostConvPlan?[] convolutions;
    private readonly HostFilter?[] filters;
    private readonly AlignedMemory<float> arena;

    // What the first and the last step read and write in the run that is under way; either bytes or floats.
    private byte* pixelsIn, pixelsOut;
    private float* valuesIn, valuesOut;
    private PixelAffine load, store;

    /// <param name="device">The host.</param>
    /// <param name="graph">The network.</param>
    /// <param name="plans">One per step; null where the step is no convolution.</param>
    /// <param name="filters">One per step, packed for its plan.</param>
    /// <param name="plan">The maps.</param>
    public HostExecutor(HostDevice device, LayerGraph graph, IReadOnlyList<ConvPlan?> plans, IReadOnlyList<HostFilter?> filters, MemoryPlan plan) : base(graph, plans, plan)
    {
        this.device = device;
        convolutions = [.. plans.Select(p => (HostConvPlan?)p)];
        this.filters = [.. filters];
        arena = new AlignedMemory<float>(plan.Elements, zeroed: false);
        new Span<float>(arena.Address + plan.ZeroRowOffset, checked((int)(plan.Elements - plan.ZeroRowOffset))).Clear();
        for (int i = 0; i < plan.Slots.Count; i++)
            Map(i).ZeroBorders();
    }

    /// <summary>What was allocated.</summary>
    internal long ArenaBytes => arena.Length * sizeof(float);

    /// <summary>A value's map; the plan must have kept every value.</summary>
    /// <exception cref="ObjectDisposedException">The executor is disposed.</exception>
    internal HostMap<float> Map(Value value) => Map(Plan.SlotOf(value));

    public override void Run(ReadOnlySpan<byte> pixels, PixelAffine load, PixelAffine store, Span<byte> output, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        CheckLengths(pixels.Length, output.Length);
        (this.load, this.store) = (load, store);
        fixed (byte* input = pixels, result = output)
        {
            pixelsIn = input;
            pixelsOut = result;
            RunSteps(progress, cancel);
        }
    }

    public override void Run(ReadOnlySpan<float> x, Span<float> y)
    {
        CheckLengths(x.Length, y.Length);
        fixed (float* input = x, result = y)
        {
            pixelsIn = pixelsOut = null;
            valuesIn = input;
            valuesOut = result;
            RunSteps(null, default);
        }
    }

    public override void Dispose() => arena.Dispose();

    private protected override void Execute(int step, int y0, int y1)
    {
        switch (Graph.Steps[step])
        {
            case Conv2dStep conv:
                Conv2dKernels.Fprop(convolutions[step]!, Map(conv.From), filters[step]!, conv.Addend is null ? default : Map(conv.Addend), Map(conv.To), y0, y1);
                break;
            case ReluStep relu:
                ReluKernels.Forward(device, Map(relu.From), Map(relu.To), y0, y1);
                break;
            case ScaledResidualAddStep add:
                ScaledResidualAddKernels.Forward(device, Map(add.From), Map(add.Addend), add.Factor, Map(add.To), y0, y1);
                break;
            case PixelShuffleStep shuffle:
                PixelShuffleKernels.Forward(device, Map(shuffle.From), shuffle.RowFactor, Map(shuffle.To), y0, y1);
                break;
            case InputStep input when pixelsIn != null:
                PixelNormKernels.Load(device, pixelsIn, load, Map(input.To), y0, y1);
                break;
            case InputStep input:
                Copy(Map(input.To), valuesIn, y0, y1, into: true);
                break;
            case OutputStep output when pixelsOut != null:
                PixelNormKernels.Store(device, Map(output.From), store, pixelsOut, y0, y1);
                break;
            case OutputStep output:
                Copy(Map(output.From), valuesOut, y0, y1, into: false);
                break;
            case var unknown:
                throw new NotSupportedException($"The host has no kernel for {unknown.GetType().Name}.");
        }
    }

    private protected override void Read(Value value, Span<float> dense)
    {
        fixed (float* result = dense)
            Copy(Map(value), result, 0, Map(value).Shape.H, into: false);
    }

    // Addresses are asked for anew each time: those of memory that is freed are refused.
    private HostMap<float> Map(int slot) => new(arena.Address + Plan.Slots[slot].Offset, arena.Address + Plan.ZeroRowOffset, Plan.Slots[slot].Shape);

    private static void Copy(in HostMap<float> map, float* dense, int y0, int y1, bool into)
    {
        var shape = map.Shape;
        int length = shape.W * shape.C;
        for (int n = 0; n < shape.N; n++)
            for (int row = y0; row < y1; row++)
            {
                var outside = new Span<float>(dense + ((long)n * shape.H + row) * length, length);
                if (into)
                    outside.CopyTo(map.Pixels(n, row));
                else
                    map.Pixels(n, row).CopyTo(outside);
            }
    }
}
