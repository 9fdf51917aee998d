using EdsrIlgpu.Devices;
using EdsrIlgpu.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Benchmarks;

/// <summary>The accelerators' variants.</summary>
internal sealed class AcceleratorLadder(AcceleratorComputeDevice device) : ConvolutionLadder(device)
{
    private readonly AcceleratorDevice device = device.Device;

    protected override IEnumerable<LadderCandidate> Fprop(Conv2dShape shape, Epilogue epilogue, float[] x, float[] filter, float[] bias, float[]? operand)
    {
        using var stream = device.Accelerator.CreateStream();
        using var xMap = new OwnedMap(device, stream, new MapShape(shape.N, shape.H, shape.W, shape.C), x);
        using var operandMap = operand is null ? null : new OwnedMap(device, stream, epilogue.Output(shape), operand);
        using var yMap = new OwnedMap(device, stream, epilogue.Output(shape), null);
        foreach (var variant in Conv2dAcceleratorVariants.Fprop.Where(v => v.Supports(shape, epilogue)))
        {
            var plan = new DeviceConvPlan(device, variant, shape, epilogue);
            using var packed = plan.Pack(stream, filter, bias);
            yield return new LadderCandidate(
                variant.Name,
                variant.MaxNmse,
                () => Conv2dKernels.Fprop(stream, plan, xMap.Map, packed, operandMap?.Map ?? default, yMap.Map, 0, shape.H),
                yMap.Read);
        }
    }

    protected override IEnumerable<LadderCandidate> Wgrad(Conv2dShape shape, float[] x, float[] dy)
    {
        using var stream = device.Accelerator.CreateStream();
        using var xMap = new OwnedMap(device, stream, new MapShape(shape.N, shape.H, shape.W, shape.C), x);
        using var dyMap = new OwnedMap(device, stream, new MapShape(shape.N, shape.H, shape.W, shape.K), dy);
        foreach (var variant in Conv2dAcceleratorVariants.Wgrad.Where(v => v.Supports(shape)))
        {
            var plan = new DeviceWgradPlan(device, variant, shape);
            using var workspace = device.Allocate<float>(plan.WorkspaceElements);
            using var dw = device.Allocate<float>(shape.FilterLength);
            using var db = device.Allocate<float>(shape.K);
            dw.View.BaseView.MemSetToZero(stream);
            db.View.BaseView.MemSetToZero(stream);
            yield return new LadderCandidate(
                variant.Name,
                variant.MaxNmse,
                () => Conv2dKernels.Wgrad(stream, plan, xMap.Map, dyMap.Map, 1, workspace.View, dw.View, db.View),
                channels => Read(stream, dw.View.BaseView.SubView(0, (shape with { K = channels }).FilterLength)));
        }
    }

    private static double[] Read(AcceleratorStream stream, ArrayView<float> view)
    {
        var values = new float[view.Length];
        view.CopyToCPU(stream, values);
        stream.Synchronize();
        return BenchmarkValues.Doubles(values);
    }

    private sealed class OwnedMap : IDisposable
    {
        private readonly AcceleratorStream stream;
        private readonly MemoryBuffer1D<float, Stride1D.Dense> memory;
        private readonly MapShape shape;

        /// <summary>A map of these pixels, [N, H, W, C]; of NaN if there are none.</summary>
        public OwnedMap(AcceleratorDevice device, AcceleratorStream stream, MapShape shape, float[]? dense)
        {
            (this.stream, this.shape) = (stream, shape);
            memory = device.Allocate<float>(shape.Elements);
            var rows = new float[shape.Elements];
            int length = shape.W * shape.C;
            if (dense is null)
                rows.AsSpan().Fill(float.NaN);
            else
                for (int row = 0; row < shape.N * shape.H; row++)
                    dense.AsSpan(row * length, length).CopyTo(rows.AsSpan((int)shape.Offset(row / shape.H, row % shape.H, 0)));
            memory.View.BaseView.CopyFromCPU(stream, rows);
            stream.Synchronize();
        }

        public DeviceMap<float> Map => new(memory.View, shape);

        /// <summary>The first rows of the first picture.</summary>
        public double[] Read(int rows)
        {
            rows = Math.Min(rows, shape.H);
            double[] stored = AcceleratorLadder.Read(stream, memory.View.BaseView.SubView(0, rows * shape.RowPitch));
            return [.. Enumerable.Range(0, rows).SelectMany(y => stored.AsSpan((int)shape.Offset(0, y, 0), shape.W * shape.C).ToArray())];
        }

        public void Dispose() => memory.Dispose();
    }
}
