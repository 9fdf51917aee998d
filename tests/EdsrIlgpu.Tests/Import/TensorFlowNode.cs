using System.Runtime.InteropServices;

namespace EdsrIlgpu.Tests.Import;

/// <summary>Nodes of a GraphDef, as graph.proto, node_def.proto, attr_value.proto and tensor.proto in TensorFlow's source define them.</summary>
internal static class TensorFlowNode
{
    public const int Float = 1, Integer32 = 3, QuantisedUInt8 = 12;

    public static byte[] GraphDef(params IEnumerable<ProtoWriter> nodes)
    {
        var graph = new ProtoWriter();
        foreach (var node in nodes)
            graph.Message(1, node);
        // What TensorFlow 1 writes last: library and versions.
        return graph.Message(2, new ProtoWriter()).Message(4, new ProtoWriter().Integer(1, 38)).ToArray();
    }

    public static ProtoWriter Node(string op, string name, string[] inputs, params (string Name, ProtoWriter Value)[] attributes)
    {
        var node = new ProtoWriter().Text(1, name).Text(2, op);
        foreach (string input in inputs)
            node.Text(3, input);
        foreach (var (key, value) in attributes)
            node.Message(5, new ProtoWriter().Text(1, key).Message(2, value));
        return node;
    }

    public static (string, ProtoWriter) Type(string name, int type) => (name, new ProtoWriter().Integer(6, type));

    public static (string, ProtoWriter) Text(string name, string value) => (name, new ProtoWriter().Text(2, value));

    public static (string, ProtoWriter) Number(string name, long value) => (name, new ProtoWriter().Integer(3, value));

    public static (string, ProtoWriter) List(string name, params long[] values) => (name, new ProtoWriter().Message(1, new ProtoWriter().Packed(3, values)));

    public static ProtoWriter Const(string name, int type, ProtoWriter tensor) =>
        Node("Const", name, [], Type("dtype", type), ("value", new ProtoWriter().Message(8, tensor)));

    public static ProtoWriter Tensor(int type, params long[] shape)
    {
        var sizes = new ProtoWriter();
        foreach (long size in shape)
            sizes.Message(2, new ProtoWriter().Integer(1, size));
        return new ProtoWriter().Integer(1, type).Message(2, sizes);
    }

    public static ProtoWriter Floats(string name, float[] values, params long[] shape) =>
        Const(name, Float, Tensor(Float, shape).Bytes(4, MemoryMarshal.AsBytes(values.AsSpan()).ToArray()));

    public static ProtoWriter Scalar(string name, float value) => Const(name, Float, Tensor(Float).Bytes(5, BitConverter.GetBytes(value)));

    public static ProtoWriter Convolution(string name, string input, string filter) => Node("Conv2D", name, [input, filter],
        Type("T", Float), List("strides", 1, 1, 1, 1), Text("padding", "SAME"), Text("data_format", "NHWC"), List("dilations", 1, 1, 1, 1), Number("use_cudnn_on_gpu", 1));
}
