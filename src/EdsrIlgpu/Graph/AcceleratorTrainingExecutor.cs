using EdsrIlgpu.Data;
using EdsrIlgpu.Devices;
using EdsrIlgpu.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Graph;

/// <summary>Training on an ILGPU accelerator, on the stream of its forward pass.</summary>
internal sealed class AcceleratorTrainingExecutor : TrainingExecutor
{
    private readonly AcceleratorDevice device;
    private readonly AcceleratorExecutor forward;
    private readonly List<IDisposable> owned = [];
    private readonly List<(DeviceTrainedFilter Filter, int Offset)> filters = [];

    // By backward step; empty where it is something else.
    private readonly (DeviceConvPlan Plan, DeviceTrainedFilter Filter)[] dgrads;
    private readonly DeviceWgradPlan[] wgrads;

    private readonly ArrayView<float>[] buffers = new ArrayView<float>[Enum.GetValues<TrainingBuffer>().Length];
    private readonly ArrayView<float> workspace, scalar;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> values;
    private readonly DeviceMap<float>[] gradients;
    private readonly DeviceMap<float> target;
    private readonly PageLockedMemory<float> scalarOnHost;
    private long bytes;

    public AcceleratorTrainingExecutor(AcceleratorComputeDevice owner, LayerGraph graph, TrainingPlan plan) : base(graph, plan)
    {
        device = owner.Device;
        try
        {
            var plans = owner.Choose(graph, plan.Batch, plan.Height, plan.Width);
            var forwardFilters = new DeviceFilter?[plans.Length];
            using var stream = device.Accelerator.CreateStream();
            for (int i = 0; i < plans.Length; i++)
                if (graph.Steps[i] is Conv2dStep conv)
                {
                    var entry = Parameters[conv.Parameters];
                    forwardFilters[i] = Add(DeviceTrainedFilter.Forward(stream, (DeviceConvPlan)plans[i]!, entry.BiasOffset - entry.FilterOffset), entry).Filter;
                }
            var activations = new MemoryPlan(graph, plan.Batch, plan.Height, plan.Width, plans, MemoryMode.Everything, owner.TailRows);
            forward = new AcceleratorExecutor(device, graph, plans, forwardFilters, activations);
            bytes += activations.Bytes;

            long workspaceLength = Math.Max(LossKernels.WorkspaceElements(plan.OutputGradient.Shape), GradientNormKernels.WorkspaceElements(Parameters.Length));
            dgrads = new (DeviceConvPlan, DeviceTrainedFilter)[plan.Steps.Count];
            wgrads = new DeviceWgradPlan[plan.Steps.Count];
            for (int i = 0; i < plan.Steps.Count; i++)
                switch (plan.Steps[i])
                {
                    case DgradStep dgrad:
                        var dgradPlan = (DeviceConvPlan)owner.Choose(dgrad.Conv.Shape(plan.Batch, plan.Height, plan.Width).Transposed, dgrad.Epilogue);
                        dgrads[i] = (dgradPlan, Add(DeviceTrainedFilter.Turned(stream, dgradPlan, dgrad.Conv.Epilogue.Scale), Parameters[dgrad.Conv.Parameters]));
                        break;
                    case WgradStep wgrad:
                        wgrads[i] = Conv2dKernels.ChooseWgrad(device, wgrad.Conv.Shape(plan.Batch, plan.Height, plan.Width));
                        workspaceLength = Math.Max(workspaceLength, wgrads[i].WorkspaceElements);
                        break;
                }

            for (int i = 0; i < buffers.Length; i++)
            {
                buffers[i] = Allocate(Parameters.Length).View.BaseView;
                buffers[i].MemSetToZero(forward.Stream);
            }
            workspace = Allocate(workspaceLength).View.BaseView;
            scalar = Allocate(1).View.BaseView;
            scalarOnHost = Own(new PageLockedMemory<float>(device.Accelerator, 1));
            var arena = Allocate(plan.Elements);
            var slots = plan.Slots.Select(slot => Map(arena, slot.Offset, slot.Shape)).ToArray();
            gradients = [.. plan.Gradients.Select(g => slots[plan.SlotOf(g)])];
            target = Map(Allocate(plan.OutputGradient.Shape.Elements), 0, plan.OutputGradient.Shape);
            // Input and target on their way in, whichever is larger.
            values = Allocate(Math.Max(Samples(forward.Map(graph.InputValue).Shape), Samples(target.Shape)));
            forward.Stream.Synchronize();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override long Bytes => bytes + filters.Sum(f => f.Filter.Bytes);

    public override void Dispose()
    {
        try
        {
            // First, for it waits for the stream: nothing is freed that still works.
            forward?.Dispose();
        }
        finally
        {
            for (int i = owned.Count - 1; i >= 0; i--)
                owned[i].Dispose();
            owned.Clear();
        }
    }

    internal override float[] ReadInputGradient() => Dense(Of(Plan.InputGradient ?? throw new InvalidOperationException("The plan has no input gradient.")));

    private protected override void LoadBatch(IBatchSource batches, long step) => batches.Load(device, forward.Stream, step, forward.Map(Graph.InputValue), target);

    private protected override void LoadValues(ReadOnlySpan<float> x, ReadOnlySpan<float> target)
    {
        Copy(x, forward.Map(Graph.InputValue));
        Copy(target, this.target);
    }

    private protected override void PackFilters()
    {
        foreach (var (filter, offset) in filters)
            filter.Pack(forward.Stream, buffers[(int)TrainingBuffer.Parameters].SubView(offset));
    }

    private protected override void RunForward() => forward.RunLayers();

    private protected override float ComputeLoss(LossFunction loss)
    {
        LossKernels.ForwardBackward(device, forward.Stream, loss, forward.Map(Graph.OutputValue), target, Of(Plan.OutputGradient), workspace, scalar);
        return ReadScalar();
    }

    private protected override void ClearGradients() => buffers[(int)TrainingBuffer.Gradients].MemSetToZero(forward.Stream);

    private protected override void ExecuteBackward(int index)
    {
        var stream = forward.Stream;
        switch (Plan.Steps[index])
        {
            case WgradStep wgrad:
                var entry = Parameters[wgrad.Conv.Parameters];
                var all = buffers[(int)TrainingBuffer.Gradients];
                Conv2dKernels.Wgrad(stream, wgrads[index], forward.Map(wgrad.Conv.From), Of(wgrad.Dy), wgrad.Conv.Epilogue.Scale, workspace,
                    all.SubView(entry.FilterOffset, entry.FilterLength), all.SubView(entry.BiasOffset, entry.K));
                break;
            case DgradStep dgrad:
                var (plan, filter) = dgrads[index];
                var operand = dgrad.Epilogue.Mask ? forward.Map(dgrad.Conv.From) : dgrad.Epilogue.Residual ? Of(dgrad.Dx) : default;
                Conv2dKernels.Fprop(stream, plan, Of(dgrad.Dy), filter.Filter, operand, Of(dgrad.Dx), 0, plan.Shape.H);
                break;
            case PassGradientStep pass:
                ScaledResidualAddKernels.Backward(device, stream, Of(pass.Source), pass.Factor, pass.Accumulate, Of(pass.Target), 0, pass.Target.Shape.H);
                break;
            case ReluBackwardStep relu:
                ReluKernels.Backward(device, stream, forward.Map(relu.Y), Of(relu.Gradient), Of(relu.Gradient), 0, relu.Gradient.Shape.H);
                break;
            case PixelShuffleBackwardStep shuffle:
                PixelShuffleKernels.Backward(device, stream, Of(shuffle.Shuffled), shuffle.Factor, Of(shuffle.Plain), 0, shuffle.Plain.Shape.H);
                break;
            case var unknown:
                throw new NotSupportedException($"Accelerators have no kernel for {unknown.GetType().Name}.");
        }
    }

    private protected override float ComputeNorm()
    {
        GradientNormKernels.Norm(device, forward.Stream, buffers[(int)TrainingBuffer.Gradients], workspace, scalar);
        return ReadScalar();
    }

    private protected override void Average(float decay) =>
        EmaKernels.Update(device, forward.Stream, decay, buffers[(int)TrainingBuffer.Average], buffers[(int)TrainingBuffer.Parameters]);

    private protected override void UpdateParameters(AdamStep step, float gradientScale) =>
        AdamKernels.Update(device, forward.Stream, step, gradientScale, buffers[(int)TrainingBuffer.Gradients], buffers[(int)TrainingBuffer.Parameters],
            buffers[(int)TrainingBuffer.FirstMoments], buffers[(int)TrainingBuffer.SecondMoments]);

    private protected override void ReadBuffer(TrainingBuffer which, Span<float> flat)
    {
        buffers[(int)which].CopyToCPU(forward.Stream, flat);
        forward.Stream.Synchronize();
    }

    private protected override void WriteBuffer(TrainingBuffer which, ReadOnlySpan<float> flat)
    {
        buffers[(int)which].CopyFromCPU(forward.Stream, flat);
        forward.Stream.Synchronize();
    }

    private DeviceMap<float> Map(MemoryBuffer1D<float, Stride1D.Dense> memory, long offset, MapShape shape)
    {
        var map = new DeviceMap<float>(memory.View.SubView(offset, shape.Elements), shape);
        map.ZeroBorders(device, forward.Stream);
        return map;
    }

    private DeviceTrainedFilter Add(DeviceTrainedFilter filter, ParameterLayout.Entry entry)
    {
        filters.Add((Own(filter), entry.FilterOffset));
        return filter;
    }

    private MemoryBuffer1D<float, Stride1D.Dense> Allocate(long length)
    {
        bytes += length * sizeof(float);
        return Own(device.Allocate<float>(length));
    }

    private T Own<T>(T resource) where T : IDisposable
    {
        owned.Add(resource);
        return resource;
    }

    private DeviceMap<float> Of(GradientMap gradient) => gradients[gradient.Id];

    private void Copy(ReadOnlySpan<float> dense, in DeviceMap<float> map)
    {
        values.View.SubView(0, dense.Length).CopyFromCPU(forward.Stream, dense);
        MapCopyKernels.Load(device, forward.Stream, values.View, map, 0, map.Shape.H);
        // The next copy goes through the same buffer, and the span is the caller's again.
        forward.Stream.Synchronize();
    }

    private float[] Dense(in DeviceMap<float> map)
    {
        var dense = new float[Samples(map.Shape)];
        using var buffer = device.Allocate<float>(dense.Length);
        MapCopyKernels.Store(device, forward.Stream, map, buffer.View, 0, map.Shape.H);
        buffer.View.CopyToCPU(forward.Stream, dense);
        forward.Stream.Synchronize();
        return dense;
    }

    private float ReadScalar()
    {
        scalarOnHost.CopyFrom(forward.Stream, scalar);
        forward.Stream.Synchronize();
        return scalarOnHost.Span[0];
    }

    private static long Samples(MapShape shape) => (long)shape.N * shape.H * shape.W * shape.C;
}
