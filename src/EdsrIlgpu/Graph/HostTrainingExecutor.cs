using EdsrIlgpu.Data;
using EdsrIlgpu.Devices;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Graph;

/// <summary>Training on the host's cores.</summary>
internal sealed unsafe class HostTrainingExecutor : TrainingExecutor
{
    private readonly HostDevice device;
    private readonly HostExecutor forward;
    private readonly List<(HostTrainedFilter Filter, int Offset)> filters = [];
    // By backward step; empty where it is something else.
    private readonly (HostConvPlan Plan, HostTrainedFilter Filter)[] dgrads;
    private readonly HostWgradPlan[] wgrads;

    private readonly AlignedMemory<float> arena, target, workspace;
    private readonly AlignedMemory<double> sums;
    private readonly AlignedMemory<float>[] buffers = new AlignedMemory<float>[Enum.GetValues<TrainingBuffer>().Length];

    public HostTrainingExecutor(HostComputeDevice owner, LayerGraph graph, TrainingPlan plan) : base(graph, plan)
    {
        device = owner.Device;
        try
        {
            var plans = owner.Choose(graph, plan.Batch, plan.Height, plan.Width);
            var forwardFilters = new HostFilter?[plans.Length];
            for (int i = 0; i < plans.Length; i++)
                if (graph.Steps[i] is Conv2dStep conv)
                {
                    var entry = Parameters[conv.Parameters];
                    forwardFilters[i] = Add(HostTrainedFilter.Forward((HostConvPlan)plans[i]!, entry.BiasOffset - entry.FilterOffset), entry).Filter;
                }
            forward = new HostExecutor(device, graph, plans, forwardFilters,
                new MemoryPlan(graph, plan.Batch, plan.Height, plan.Width, plans, MemoryMode.Everything, owner.TailRows));

            long workspaceLength = 0;
            dgrads = new (HostConvPlan, HostTrainedFilter)[plan.Steps.Count];
            wgrads = new HostWgradPlan[plan.Steps.Count];
            for (int i = 0; i < plan.Steps.Count; i++)
                switch (plan.Steps[i])
                {
                    case DgradStep dgrad:
                        var dgradPlan = (HostConvPlan)owner.Choose(dgrad.Conv.Shape(plan.Batch, plan.Height, plan.Width).Transposed, dgrad.Epilogue);
                        dgrads[i] = (dgradPlan, Add(HostTrainedFilter.Turned(dgradPlan, dgrad.Conv.Epilogue.Scale), Parameters[dgrad.Conv.Parameters]));
                        break;
                    case WgradStep wgrad:
                        wgrads[i] = Conv2dKernels.ChooseWgrad(device, wgrad.Conv.Shape(plan.Batch, plan.Height, plan.Width));
                        workspaceLength = Math.Max(workspaceLength, wgrads[i].WorkspaceElements);
                        break;
                }

            for (int i = 0; i < buffers.Length; i++)
                buffers[i] = new AlignedMemory<float>(Parameters.Length);
            workspace = new AlignedMemory<float>(workspaceLength, zeroed: false);
            sums = new AlignedMemory<double>(Math.Max(plan.OutputGradient.Shape.N * plan.OutputGradient.Shape.H, GradientNormKernels.Partials(Parameters.Length)), zeroed: false);
            // Zeroed at once: a training step touches all of it anyway.
            arena = new AlignedMemory<float>(plan.Elements);
            target = new AlignedMemory<float>(plan.OutputGradient.Shape.Elements);
        }
        catch
        {
            // Not left to the finalisers: whoever tries again with a smaller batch needs the memory at once.
            Dispose();
            throw;
        }
    }

    public override long Bytes =>
        forward.ArenaBytes + sizeof(float) * (arena.Length + target.Length + workspace.Length + buffers.Sum(b => b.Length))
        + filters.Sum(f => f.Filter.Bytes) + sizeof(double) * sums.Length;

    public override void Dispose()
    {
        // Some are missing where the constructor failed.
        forward?.Dispose();
        foreach (var (filter, _) in filters)
            filter.Dispose();
        foreach (var buffer in buffers)
            buffer?.Dispose();
        arena?.Dispose();
        target?.Dispose();
        workspace?.Dispose();
        sums?.Dispose();
    }

    internal override float[] ReadInputGradient() => Dense(Of(Plan.InputGradient ?? throw new InvalidOperationException("The plan has no input gradient.")));

    private protected override void LoadBatch(IBatchSource batches, long step) => batches.Load(device, step, forward.Map(Graph.InputValue), Target);

    private protected override void LoadValues(ReadOnlySpan<float> x, ReadOnlySpan<float> target)
    {
        Copy(x, forward.Map(Graph.InputValue));
        Copy(target, Target);

        static void Copy(ReadOnlySpan<float> dense, in HostMap<float> map)
        {
            int length = map.Shape.W * map.Shape.C;
            for (int row = 0; row < map.Shape.N * map.Shape.H; row++)
                dense.Slice(row * length, length).CopyTo(map.Pixels(row / map.Shape.H, row % map.Shape.H));
        }
    }

    private protected override void PackFilters()
    {
        foreach (var (filter, offset) in filters)
            filter.Pack(Span(TrainingBuffer.Parameters)[offset..]);
    }

    private protected override void RunForward() => forward.RunLayers();

    private protected override float ComputeLoss(LossFunction loss) =>
        LossKernels.ForwardBackward(device, loss, forward.Map(Graph.OutputValue), Target, Of(Plan.OutputGradient), Span(sums));

    private protected override void ExecuteBackward(int index)
    {
        switch (Plan.Steps[index])
        {
            case WgradStep wgrad:
                var entry = Parameters[wgrad.Conv.Parameters];
                var all = Span(TrainingBuffer.Gradients);
                Conv2dKernels.Wgrad(wgrads[index], forward.Map(wgrad.Conv.From), Of(wgrad.Dy), wgrad.Conv.Epilogue.Scale, Span(workspace),
                    all.Slice(entry.FilterOffset, entry.FilterLength), all.Slice(entry.BiasOffset, entry.K));
                break;
            case DgradStep dgrad:
                var (plan, filter) = dgrads[index];
                var operand = dgrad.Epilogue.Mask ? forward.Map(dgrad.Conv.From) : dgrad.Epilogue.Residual ? Of(dgrad.Dx) : default;
                Conv2dKernels.Fprop(plan, Of(dgrad.Dy), filter.Filter, operand, Of(dgrad.Dx), 0, plan.Shape.H);
                break;
            case PassGradientStep pass:
                ScaledResidualAddKernels.Backward(device, Of(pass.Source), pass.Factor, pass.Accumulate, Of(pass.Target), 0, pass.Target.Shape.H);
                break;
            case ReluBackwardStep relu:
                ReluKernels.Backward(device, forward.Map(relu.Y), Of(relu.Gradient), Of(relu.Gradient), 0, relu.Gradient.Shape.H);
                break;
            case PixelShuffleBackwardStep shuffle:
                PixelShuffleKernels.Backward(device, Of(shuffle.Shuffled), shuffle.Factor, Of(shuffle.Plain), 0, shuffle.Plain.Shape.H);
                break;
            case var unknown:
                throw new NotSupportedException($"The host has no kernel for {unknown.GetType().Name}.");
        }
    }

    private protected override void ClearGradients() => Span(TrainingBuffer.Gradients).Clear();

    private protected override float ComputeNorm() => GradientNormKernels.Norm(device, Span(TrainingBuffer.Gradients), Span(sums));

    private protected override void Average(float decay) =>
        EmaKernels.Update(device, decay, Span(TrainingBuffer.Average), Span(TrainingBuffer.Parameters));

    private protected override void UpdateParameters(AdamStep step, float gradientScale) =>
        AdamKernels.Update(device, step, gradientScale, Span(TrainingBuffer.Gradients), Span(TrainingBuffer.Parameters), Span(TrainingBuffer.FirstMoments), Span(TrainingBuffer.SecondMoments));

    private protected override void ReadBuffer(TrainingBuffer which, Span<float> flat) => Span(which).CopyTo(flat);

    private protected override void WriteBuffer(TrainingBuffer which, ReadOnlySpan<float> flat) => flat.CopyTo(Span(which));

    private HostTrainedFilter Add(HostTrainedFilter filter, ParameterLayout.Entry entry)
    {
        filters.Add((filter, entry.FilterOffset));
        return filter;
    }

    // Addresses are asked for anew each time: those of memory that is freed are refused.
    private HostMap<float> Of(GradientMap gradient) => Map(arena.Address + Plan.Slots[Plan.SlotOf(gradient)].Offset, gradient.Shape);

    private HostMap<float> Target => Map(target.Address, Plan.OutputGradient.Shape);

    private HostMap<float> Map(float* data, MapShape shape) => new(data, arena.Address + Plan.ZeroRowOffset, shape);

    private Span<float> Span(TrainingBuffer which) => Span(buffers[(int)which]);

    private static Span<T> Span<T>(AlignedMemory<T> memory) where T : unmanaged => new(memory.Address, checked((int)memory.Length));

    private static float[] Dense(in HostMap<float> map)
    {
        var dense = new float[(long)map.Shape.N * map.Shape.H * map.Shape.W * map.Shape.C];
        int length = map.Shape.W * map.Shape.C;
        for (int row = 0; row < map.Shape.N * map.Shape.H; row++)
            map.Pixels(row / map.Shape.H, row % map.Shape.H).CopyTo(dense.AsSpan(row * length, length));
        return dense;
    }
}
