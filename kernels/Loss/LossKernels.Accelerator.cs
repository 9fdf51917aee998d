using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static unsafe partial class LossKernels
{
    /// <summary>Floats that a launch for maps of a shape needs as its workspace: the sum of each group of threads.</summary>
    public static int WorkspaceElements(MapShape shape) => Rows(shape).Groups(shape.N);

    /// <summary>
    /// loss[0] = the mean over all samples; dy becomes its gradient by y: sign(y − target)/count, or 2·(y − target)/count. The sum
    /// is taken in an order that depends on the shape alone.
    /// </summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="loss">Which.</param>
    /// <param name="y">[N, H, W, C].</param>
    /// <param name="target">The same shape.</param>
    /// <param name="dy">The same shape; may share rows with either input.</param>
    /// <param name="workspace">At least <see cref="WorkspaceElements"/>.</param>
    /// <param name="result">At least one element; the first becomes the loss.</param>
    /// <exception cref="ArgumentException">There is no such loss, the maps differ in shape, or a view is too short.</exception>
    public static void ForwardBackward(
        AcceleratorDevice device, AcceleratorStream stream, LossFunction loss, in DeviceMap<float> y, in DeviceMap<float> target, in DeviceMap<float> dy, ArrayView<float> workspace, ArrayView<float> result)
    {
        switch (loss)
        {
            case LossFunction.L1: ForwardBackward<L1Loss>(device, stream, y, target, dy, workspace, result); break;
            case LossFunction.Mse: ForwardBackward<MseLoss>(device, stream, y, target, dy, workspace, result); break;
            default: throw Unknown(loss);
        }
    }

    private static void ForwardBackward<TLoss>(
        AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> y, in DeviceMap<float> target, in DeviceMap<float> dy, ArrayView<float> workspace, ArrayView<float> result)
        where TLoss : struct, ILoss
    {
        var shape = y.Shape;
        CheckMaps(shape, target.Shape, dy.Shape);
        int groups = WorkspaceElements(shape);
        if (workspace.Length < groups || result.Length < 1)
            throw new ArgumentException($"The loss of {shape} needs {groups} floats of workspace and one for the result, not {workspace.Length} and {result.Length}.");
        Kernel<TLoss>.Definition.Launch(device, stream, groups, y.View, target.View, dy.View, workspace, new Arguments(y.Shape, target.Shape, dy.Shape, SlopeScale<TLoss>(shape)));
        MeanKernel.Launch(device, stream, 1, workspace, result, new MeanArguments(groups, (float)(1 / Samples(shape))));
    }

    private static RowGrid Rows(MapShape shape) => new(0, shape.H, shape.W * shape.C);

    internal readonly struct Arguments(MapShape y, MapShape target, MapShape dy, float scale)
    {
        public readonly RowGrid Rows = Rows(y);
        public readonly MapLayout Y = new(y, 1), Target = new(target, 1), Dy = new(dy, 1);
        public readonly float Scale = scale;
    }

    /// <summary>A sample a thread; a group leaves the sum of its samples' terms. Shared memory: 512 bytes. Any shape.</summary>
    internal static class Kernel<TLoss> where TLoss : struct, ILoss
    {
        public static readonly AcceleratorKernel<float, float, float, float, Arguments> Definition = new(Run, RowGrid.GroupSize);

        private static void Run(ArrayView<float> y, ArrayView<float> target, ArrayView<float> dy, ArrayView<float> sums, Arguments arguments)
        {
            float term = 0;
            if (arguments.Rows.Find(out int n, out int row, out int unit))
            {
                unit += arguments.Y.Pixel;
                float d = y[arguments.Y.Border(n, row) + unit] - target[arguments.Target.Border(n, row) + unit];
                dy[arguments.Dy.Border(n, row) + unit] = TLoss.Slope(d, arguments.Scale);
                term = TLoss.Term(d);
            }
            float sum = GroupSum.Of(term);
            if (Group.IdxX == 0)
                sums[Grid.IdxX] = sum;
        }
    }

    /// <summary>One group: the mean from the groups' sums. Shared memory: 512 bytes.</summary>
    internal static readonly AcceleratorKernel<float, float, MeanArguments> MeanKernel = new(RunMean, RowGrid.GroupSize);

    internal readonly struct MeanArguments(int count, float scale)
    {
        public readonly int Count = count;
        public readonly float Scale = scale;
    }

    private static void RunMean(ArrayView<float> sums, ArrayView<float> result, MeanArguments arguments)
    {
        float sum = GroupSum.OfAll(sums, arguments.Count);
        if (Group.IdxX == 0)
            result[0] = sum * arguments.Scale;
    }
}
