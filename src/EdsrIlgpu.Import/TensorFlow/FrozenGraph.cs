using System.Runtime.InteropServices;
using EdsrIlgpu.Import.Graphs;
using EdsrIlgpu.Models;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.TensorFlow;

/// <summary>
/// Opens a frozen graph of TensorFlow: what OpenCV's dnn_superres uses as <c>EDSR_x2.pb</c>, <c>_x3</c>, <c>_x4</c>, from EDSR_Tensorflow.
/// The graph takes BGR in 0–255 less the mean of DIV2K and gives the same at the end of one sub-pixel convolution; depth_to_space
/// has the colours last. Here its filters are turned to RGB and PyTorch's order, and the mean is the model's range.
/// </summary>
internal static class FrozenGraph
{
    // Their variables, by which a graph is known to be theirs: no graph says what its colours are.
    private const string Head = "resFilter_one", Tail = "resFilter_three";

    // The mean that EDSR_Tensorflow and OpenCV subtract before and add after, R, G, B.
    private static readonly float[] Mean = [114.35629928f, 111.561547f, 103.1545782f];

    /// <summary>Whether a file that begins so is one: a NodeDef that begins with its name and its operation.</summary>
    public static bool IsOne(ReadOnlySpan<byte> start)
    {
        int at = 1;
        while (at < start.Length && (start[at] & 0x80) != 0)
            at++;
        if (start.Length < at + 4 || start[0] != (1 << 3 | 2) || start[at + 1] != (1 << 3 | 2))
            return false;
        int op = at + 3 + start[at + 2];
        return start[at + 2] < 0x80 && op < start.Length && start[op] == (2 << 3 | 2);
    }

    /// <summary>Opens it.</summary>
    /// <param name="stream">The file; disposed with the result.</param>
    /// <exception cref="WeightFileException">It is damaged.</exception>
    public static TensorFile Read(Stream stream)
    {
        var nodes = GraphReader.Read(stream);
        var graph = new GraphOperations(nodes);
        string problem = "nothing or more than one thing comes out of it";
        EdsrParts? parts = null;
        if (graph.Output is { } output)
            (parts, problem) = EdsrPattern.Match(new OperationGraph(graph.Operations, output));
        if (parts is not null && !(IsTheirs(Head) && IsTheirs(Tail) && parts.Last is null))
            (parts, problem) = (null, "it computes an EDSR, but under other names than EDSR_Tensorflow's, so that its order of colours and its range are unknown");
        if (parts is null)
            return new TensorFile(stream)
            {
                Container = GraphReader.Container,
                Tensors = graph.Tensors,
                Problem = $"{problem}. {OperationList.Describe(nodes.Values.Select(node => node.Op))}",
            };
        var rgb = parts with
        {
            Head = parts.Head with { Filter = InputsReversed(parts.Head.Filter) },
            Upsampler = [.. parts.Upsampler.Select(up => FromDepthToSpace(up, (int)parts.Head.C))],
        };
        return new TensorFile(stream)
        {
            Container = graph.IsQuantised ? $"quantised {GraphReader.Container}" : GraphReader.Container,
            Tensors = rgb.Tensors(),
            KeyStyle = "EDSR_Tensorflow",
            Network = EdsrMetadata.Write(parts.ResidualScale, new PixelRange(1, [.. Mean.Select(mean => -mean)], Mean)),
        };

        bool IsTheirs(string variable) => nodes.Keys.Any(name => name == variable || name.EndsWith($"/{variable}", StringComparison.Ordinal));
    }

    /// <summary>A filter [K, C, …] for inputs in the opposite order: BGR to RGB.</summary>
    private static StoredTensor InputsReversed(StoredTensor filter)
    {
        int channels = (int)filter.Shape[1];
        return Changed(filter, values =>
        {
            int taps = (int)(filter.Count / filter.Shape[0] / channels);
            var result = new float[values.Length];
            for (int i = 0; i < values.Length / taps; i++)
                values.AsSpan(i * taps, taps).CopyTo(result.AsSpan((i / channels * channels + channels - 1 - i % channels) * taps));
            return result;
        });
    }

    /// <summary>Outputs in depth_to_space's order, part · c + channel, the channels in the opposite order, to PyTorch's, channel · r² + part.</summary>
    private static Convolution FromDepthToSpace(Convolution convolution, int channels)
    {
        return new Convolution(Changed(convolution.Filter, Reorder), Changed(convolution.Bias, Reorder));

        float[] Reorder(float[] values)
        {
            int k = (int)convolution.K, parts = k / channels, length = values.Length / k;
            var result = new float[values.Length];
            for (int i = 0; i < k; i++)
                values.AsSpan(i * length, length).CopyTo(result.AsSpan(((channels - 1 - i % channels) * parts + i / channels) * length));
            return result;
        }
    }

    /// <summary>A tensor whose values are made from another's when they are read.</summary>
    private static StoredTensor Changed(StoredTensor tensor, Func<float[], float[]> change) =>
        new(new TensorStorage(TensorType.Float32, tensor.Count)
        {
            Source = (offset, buffer) => MemoryMarshal.AsBytes(change(tensor.Read()).AsSpan()).Slice((int)offset, buffer.Length).CopyTo(buffer),
        }, [.. tensor.Shape]);
}
