using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>A filter on an accelerator that is packed anew, there, whenever training has changed the parameters.</summary>
public sealed class DeviceTrainedFilter : IDisposable
{
    private readonly AcceleratorDevice device;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> order;
    private readonly int last;
    private readonly float scale;

    private DeviceTrainedFilter(AcceleratorStream stream, DeviceConvPlan plan, int[] order, float scale)
    {
        device = plan.Device;
        this.scale = scale;
        last = order.Max();
        Filter = plan.Pack(stream, new float[plan.Shape.FilterLength], new float[plan.Shape.K]);
        try
        {
            this.order = device.Allocate<int>(order.Length);
            this.order.View.BaseView.CopyFromCPU(stream, order);
            stream.Synchronize();
        }
        catch
        {
            this.order?.Dispose();
            Filter.Dispose();
            throw;
        }
    }

    /// <summary>What <see cref="Conv2dKernels.Fprop(AcceleratorStream, DeviceConvPlan, in DeviceMap{float}, DeviceFilter, in DeviceMap{float}, in DeviceMap{float}, int, int)"/> takes.</summary>
    public DeviceFilter Filter { get; }

    internal static AcceleratorKernel<float, int, float, Arguments> Kernel { get; } = new(Gather, RowGrid.GroupSize);

    /// <summary>Bytes of memory, the order's table included.</summary>
    public long Bytes => Filter.Bytes + order.Length * sizeof(int);

    /// <summary>The filter of a forward convolution.</summary>
    /// <param name="stream">Waited for.</param>
    /// <param name="plan">The convolution.</param>
    /// <param name="biasOffset">Where the bias lies behind the filter's beginning, in floats.</param>
    /// <exception cref="ArgumentException">The filter has more than 2²⁴ values.</exception>
    /// <exception cref="OutOfMemoryException">The device has not that much memory.</exception>
    public static DeviceTrainedFilter Forward(AcceleratorStream stream, DeviceConvPlan plan, int biasOffset) =>
        new(stream, plan, FilterOrder.Forward(plan, biasOffset), 1);

    /// <summary>The filter of dgrad: turned, times the factor that the forward convolution's epilogue has.</summary>
    /// <param name="stream">Waited for.</param>
    /// <param name="plan">The convolution on dy, of the exchanged channels.</param>
    /// <param name="scale">The forward epilogue's factor.</param>
    /// <exception cref="ArgumentException">The filter has more than 2²⁴ values.</exception>
    /// <exception cref="OutOfMemoryException">The device has not that much memory.</exception>
    public static DeviceTrainedFilter Turned(AcceleratorStream stream, DeviceConvPlan plan, float scale) =>
        new(stream, plan, FilterOrder.Turned(plan), scale);

    /// <summary>Packs the parameters.</summary>
    /// <param name="stream">In which order.</param>
    /// <param name="parameters">From the filter [K, 3, 3, C] on, the bias included.</param>
    /// <exception cref="ArgumentException">They end before filter and bias do.</exception>
    public void Pack(AcceleratorStream stream, ArrayView<float> parameters)
    {
        FilterOrder.CheckParameters(last, parameters.Length);
        int length = (int)order.Length;
        Kernel.Launch(device, stream, (length + RowGrid.GroupSize - 1) / RowGrid.GroupSize, parameters, order.View.BaseView, Filter.View.Cast<float>(), new Arguments(length, scale));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Filter.Dispose();
        order.Dispose();
    }

    internal readonly struct Arguments(int length, float scale)
    {
        public readonly int Length = length;
        public readonly float Scale = scale;
    }

    // One packed float a thread; no shared memory.
    private static void Gather(ArrayView<float> parameters, ArrayView<int> order, ArrayView<float> packed, Arguments arguments)
    {
        int i = Grid.GlobalIndex.X;
        if (i >= arguments.Length)
            return;
        int from = order[i];
        packed[i] = from < 0 ? 0 : parameters[from] * arguments.Scale;
    }
}
