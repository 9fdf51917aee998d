using EdsrIlgpu.Models;

namespace EdsrIlgpu.Tests.Import;

/// <summary>
/// Writes what Paddle's jit.save does: parameters as its SerializeToStream and TensorToStream, programs as its framework.proto has them
/// (no real file could be had; this is built from those sources).
/// </summary>
internal sealed class PaddleFiles
{
    private const int Float16 = 4, Float32 = 5, Float64 = 6;

    private readonly List<(string Name, int[] Shape, float[] Values)> weights = [];
    private readonly List<ProtoWriter> operators = [Operator("feed", [("X", "feed")], ("Out", "x"), ("col", new ProtoWriter().Integer(2, 0).Integer(3, 0)))];
    private int values;

    /// <summary>VarType.Type of the values.</summary>
    public int Type { get; init; } = Float32;

    /// <summary>The weights in the order of their names, as Python sorts them.</summary>
    public byte[] Parameters()
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach (var (_, shape, elements) in weights.OrderBy(w => w.Name, StringComparer.Ordinal))
        {
            var description = Description(shape).ToArray();
            writer.Write(0u);
            writer.Write(0ul);
            writer.Write(0u);
            writer.Write(description.Length);
            writer.Write(description);
            foreach (float element in elements)
                switch (Type)
                {
                    case Float16:
                        writer.Write((Half)element);
                        break;
                    case Float64:
                        writer.Write((double)element);
                        break;
                    default:
                        writer.Write(element);
                        break;
                }
        }
        return stream.ToArray();
    }

    /// <summary>The program whose output is <paramref name="y"/>.</summary>
    public byte[] Program(string y)
    {
        // Parent −1 is written in ten bytes.
        var block = new ProtoWriter().Integer(1, 0).Integer(2, -1);
        block.Message(3, Variable("feed", new ProtoWriter().Integer(1, 9), persistable: true));
        block.Message(3, Variable("fetch", new ProtoWriter().Integer(1, 10), persistable: true));
        block.Message(3, Variable("x", new ProtoWriter().Integer(1, 7).Message(3, new ProtoWriter().Message(1, Description([-1, 3, -1, -1]))), persistable: false));
        foreach (var (name, shape, _) in weights)
            block.Message(3, Variable(name, new ProtoWriter().Integer(1, 7).Message(3, new ProtoWriter().Message(1, Description(shape)).Integer(2, 0)), persistable: true));
        foreach (var op in operators)
            block.Message(4, op);
        block.Message(4, Operator("fetch", [("X", y)], ("Out", "fetch")));
        return new ProtoWriter().Message(1, block).Message(4, new ProtoWriter().Integer(1, 2_005_000)).ToArray();
    }

    /// <summary>A weight, for what is built without a program.</summary>
    public void Weight(string name, int[] shape, float[] elements) => weights.Add((name, shape, elements));

    /// <summary>Filter and bias of a convolution, by Paddle's own names.</summary>
    public void Convolution(int number, int k, int c, float[] filter, float[] bias, int size = 3)
    {
        Weight($"conv2d_{number}.w_0", [k, c, size, size], filter);
        Weight($"conv2d_{number}.b_0", [k], bias);
    }

    public string Conv(string x, string name, int padding = 1, params (string, ProtoWriter)[] attributes)
    {
        string sums = New(), y = New();
        operators.Add(Operator("conv2d", [("Filter", $"{name}.w_0"), ("Input", x)], ("Output", sums),
            [.. Numbers("dilations", 1, 1), ("groups", Number(1)), .. Numbers("paddings", padding, padding), .. Numbers("strides", 1, 1),
             ("data_format", Text("NCHW")), ("padding_algorithm", Text("EXPLICIT")), .. attributes]));
        operators.Add(Operator("elementwise_add", [("X", sums), ("Y", $"{name}.b_0")], ("Out", y), ("axis", Number(1))));
        return y;
    }

    public string Relu(string x) => One("relu", [("X", x)]);

    public string Scale(string x, float factor) => One("scale", [("X", x)],
        ("bias", new ProtoWriter().Integer(2, 1).Float(4, 0)), ("bias_after_scale", new ProtoWriter().Integer(2, 6).Integer(10, 1)), ("scale", new ProtoWriter().Integer(2, 1).Float(4, factor)));

    public string Add(string x, string y) => One("elementwise_add", [("X", x), ("Y", y)], ("axis", Number(-1)));

    public string Shuffle(string x, int factor) => One("pixel_shuffle", [("X", x)], ("data_format", Text("NCHW")), ("upscale_factor", Number(factor)));

    public string One(string type, (string, string)[] inputs, params (string, ProtoWriter)[] attributes)
    {
        string y = New();
        operators.Add(Operator(type, inputs, ("Out", y), attributes));
        return y;
    }

    /// <summary>A model's weights, numbered in the order of construction from a first number on; the names by EDSR-PyTorch's.</summary>
    public Dictionary<string, string> Weights(EdsrModel model, IEnumerable<string> order, int first = 0)
    {
        var shapes = Edsr.Build(model.Config).Parameters.ToDictionary(p => p.Name);
        var names = new Dictionary<string, string>();
        foreach (string name in order)
        {
            Convolution(first, shapes[name].K, shapes[name].C, model.Parameters[$"{name}.weight"], model.Parameters[$"{name}.bias"]);
            names.Add(name, $"conv2d_{first++}");
        }
        return names;
    }

    /// <summary>The operators of a network, and the name of its output.</summary>
    public string Compute(EdsrConfig config, IReadOnlyDictionary<string, string> names)
    {
        string head = Conv("x", names["head.0"]), x = head;
        for (int i = 0; i < config.Blocks; i++)
        {
            string inner = Conv(Relu(Conv(x, names[$"body.{i}.body.0"])), names[$"body.{i}.body.{(config.TiedBlocks ? 0 : 2)}"]);
            x = Add(config.ResidualScale == 1 ? inner : Scale(inner, config.ResidualScale), x);
        }
        if (config.GlobalSkip)
            x = Add(Conv(x, names[$"body.{config.Blocks}"]), head);
        foreach (var (name, _, _, shuffle) in Edsr.Build(config).Parameters.Where(p => p.Shuffle > 1))
            x = Shuffle(Conv(x, names[name]), shuffle);
        return config.SubPixelOutput ? x : Conv(x, names["tail.1"]);
    }

    private string New() => $"tmp_{values++}";

    private ProtoWriter Description(int[] shape) => shape.Aggregate(new ProtoWriter().Integer(1, Type), (desc, size) => desc.Integer(2, size));

    private static ProtoWriter Variable(string name, ProtoWriter type, bool persistable) => new ProtoWriter().Text(1, name).Message(2, type).Integer(3, persistable ? 1 : 0);

    private static ProtoWriter Number(int value) => new ProtoWriter().Integer(2, 0).Integer(3, value);

    private static ProtoWriter Text(string value) => new ProtoWriter().Integer(2, 2).Text(5, value);

    private static IEnumerable<(string, ProtoWriter)> Numbers(string name, params int[] numbers) =>
        [(name, numbers.Aggregate(new ProtoWriter().Integer(2, 3), (attribute, number) => attribute.Integer(6, number)))];

    private static ProtoWriter Operator(string type, (string Parameter, string Argument)[] inputs, (string Parameter, string Argument) output, params (string Name, ProtoWriter Value)[] attributes)
    {
        var op = new ProtoWriter();
        foreach (var (parameter, argument) in inputs)
            op.Message(1, new ProtoWriter().Text(1, parameter).Text(2, argument));
        op.Message(2, new ProtoWriter().Text(1, output.Parameter).Text(2, output.Argument)).Text(3, type);
        foreach (var (name, value) in attributes)
            op.Message(4, new ProtoWriter().Text(1, name).Raw(value));
        return op;
    }
}
