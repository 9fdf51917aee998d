namespace EdsrIlgpu.Kernels;

/// <summary>A filter on the host that is packed anew whenever training has changed the parameters.</summary>
public sealed unsafe class HostTrainedFilter : IDisposable
{
    private readonly HostDevice device;
    private readonly AlignedMemory<int> order;
    private readonly int last;
    private readonly float scale;

    private HostTrainedFilter(HostConvPlan plan, int[] order, float scale)
    {
        device = plan.Device;
        this.scale = scale;
        last = order.Max();
        Filter = plan.Pack(new float[plan.Shape.FilterLength], new float[plan.Shape.K]);
        this.order = new AlignedMemory<int>(order.Length, zeroed: false);
        order.CopyTo(new Span<int>(this.order.Address, order.Length));
    }

    /// <summary>What <see cref="Conv2dKernels.Fprop(HostConvPlan, in HostMap{float}, HostFilter, in HostMap{float}, in HostMap{float}, int, int)"/> takes.</summary>
    public HostFilter Filter { get; }

    /// <summary>Bytes of memory, the order's table included.</summary>
    public long Bytes => Filter.Bytes + order.Length * sizeof(int);

    /// <summary>The filter of a forward convolution.</summary>
    /// <param name="plan">The convolution.</param>
    /// <param name="biasOffset">Where the bias lies behind the filter's beginning, in floats.</param>
    /// <exception cref="ArgumentException">The filter has more than 2²⁴ values.</exception>
    public static HostTrainedFilter Forward(HostConvPlan plan, int biasOffset) => new(plan, FilterOrder.Forward(plan, biasOffset), 1);

    /// <summary>The filter of dgrad: turned, times the factor that the forward convolution's epilogue has.</summary>
    /// <param name="plan">The convolution on dy, of the exchanged channels.</param>
    /// <param name="scale">The forward epilogue's factor.</param>
    /// <exception cref="ArgumentException">The filter has more than 2²⁴ values.</exception>
    public static HostTrainedFilter Turned(HostConvPlan plan, float scale) => new(plan, FilterOrder.Turned(plan), scale);

    /// <summary>Packs the parameters.</summary>
    /// <param name="parameters">From the filter [K, 3, 3, C] on, the bias included.</param>
    /// <exception cref="ArgumentException">They end before filter and bias do.</exception>
    public void Pack(ReadOnlySpan<float> parameters)
    {
        FilterOrder.CheckParameters(last, parameters.Length);
        int length = (int)order.Length;
        fixed (float* from = parameters)
            device.Pool.Run(
                new Gather { Parameters = from, Order = order.Address, Packed = Filter.Memory.Address, Length = length, Scale = scale },
                FlatPieces.Count(length));
        GC.KeepAlive(this); // The loops hold addresses only, which would not keep the memory's finalisers away.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Filter.Dispose();
        order.Dispose();
    }

    private struct Gather : IWork
    {
        public float* Parameters, Packed;
        public int* Order;
        public int Length;
        public float Scale;

        public readonly void Run(int piece)
        {
            var (i, end) = FlatPieces.Range(piece, Length);
            for (; i < end; i++)
                Packed[i] = Order[i] < 0 ? 0 : Parameters[Order[i]] * Scale;
        }
    }
}
