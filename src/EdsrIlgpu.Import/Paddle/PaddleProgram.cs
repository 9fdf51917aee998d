using EdsrIlgpu.Import.Graphs;
using EdsrIlgpu.Import.Protobuf;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.Paddle;

/// <summary>
/// Reads Paddle's <c>.pdmodel</c>, a protobuf ProgramDesc: which weights there are and what is computed with them. (framework.proto in
/// Paddle's source.)
/// </summary>
internal sealed class PaddleProgram
{
    /// <summary>The kind of file, for people.</summary>
    public const string Container = "Paddle program";

    // VarType.Type of a tensor; feeds, fetches and raw variables are persistable, too, and no weights.
    private const long DenseTensor = 7;

    private const int MostParts = 65_536, MostNumbers = 1024, MostInputs = 8;

    private readonly List<PaddleVariable> weights = [];
    private readonly List<PaddleOperator> operators = [];
    private int parts;

    /// <summary>The weights, in the order of their names, in which <c>.pdiparams</c> has them.</summary>
    public IReadOnlyList<PaddleVariable> Weights => weights;

    /// <summary>The operators' names.</summary>
    public IEnumerable<string> OperatorTypes => operators.Select(op => op.Type);

    /// <summary>Whether a file that begins so is one: a BlockDesc that begins with its index, 0, and its parent's.</summary>
    public static bool IsOne(ReadOnlySpan<byte> start)
    {
        int at = 1;
        while (at < start.Length && (start[at] & 0x80) != 0)
            at++;
        return start.Length > at + 3 && start[0] == (1 << 3 | 2) && start[(at + 1)..(at + 4)] is [1 << 3, 0, 2 << 3];
    }

    /// <summary>Reads it from the beginning of a stream.</summary>
    /// <exception cref="WeightFileException">The file breaks the format.</exception>
    public static PaddleProgram Read(Stream stream)
    {
        var program = new PaddleProgram();
        MessageReader.Read(stream, stream.Length, Container, program.ReadProgram);
        // As Python sorts them.
        program.weights.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        for (int i = 1; i < program.weights.Count; i++)
            if (program.weights[i].Name == program.weights[i - 1].Name)
                throw WeightFileException.Damaged(Container, $"it has two weights called {Printable.Name(program.weights[i].Name)}");
        return program;
    }

    /// <summary>What it computes with these weights; null, and why, if that cannot be followed.</summary>
    public (OperationGraph? Graph, string Problem) Graph(IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        var operations = tensors.ToDictionary(t => t.Key, t => new Operation(OperationKind.Constant) { Tensor = t.Value });
        string[] outputs = [.. operators.Where(op => op.Type == "fetch").Select(op => op.Input("X"))];
        if (outputs is not [var output])
            return (null, $"it has {outputs.Length} outputs");
        foreach (var op in operators.Where(op => op.Type != "fetch"))
            foreach (string made in op.Outputs.Values.SelectMany(names => names))
                // What is written more than once, as the statistics of a batch normalisation, is nothing that can be followed.
                operations[made] = operations.ContainsKey(made) ? new Operation(OperationKind.Other) : Operation(op, tensors);
        return (new OperationGraph(operations, output), "");
    }

    private static Operation Operation(PaddleOperator op, IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        string x = op.Input("X");
        switch (op.Type)
        {
            case "feed":
                return new Operation(OperationKind.Input);
            case "conv2d" when IsPlain(op) && tensors.TryGetValue(op.Input("Filter"), out var filter) && HasSamePadding(op, filter):
                return new Operation(OperationKind.Convolution, op.Input("Input")) { Tensor = filter };
            case "elementwise_add":
                return new Operation(OperationKind.Add, x, op.Input("Y"));
            case "relu":
                return new Operation(OperationKind.Relu, x);
            case "scale" when op.Number("bias", 0) == 0 && op.Input("ScaleTensor") == "":
                return new Operation(OperationKind.Scale, x) { Factor = (float)op.Number("scale", 1) };
            case "pixel_shuffle" when IsChannelsFirst(op):
                return new Operation(OperationKind.PixelShuffle, x) { Factor = (float)op.Number("upscale_factor", 1) };
            case "assign":
                return new Operation(OperationKind.Same, x);
            default:
                return new Operation(OperationKind.Other);
        }
    }

    private static bool IsPlain(PaddleOperator conv) =>
        conv.All("strides", 1) && conv.All("dilations", 1) && conv.Number("groups", 1) == 1 && IsChannelsFirst(conv) && conv.Input("Bias") == "" && conv.Input("ResidualData") == "";

    private static bool IsChannelsFirst(PaddleOperator op) => op.Texts.GetValueOrDefault("data_format", "NCHW") is "NCHW" or "AnyLayout";

    private static bool HasSamePadding(PaddleOperator conv, StoredTensor filter) =>
        filter.Shape is [_, _, var r, var s] && r == s && (conv.Texts.GetValueOrDefault("padding_algorithm", "EXPLICIT") switch
        {
            "SAME" => r % 2 == 1,
            "EXPLICIT" => conv.Numbers.ContainsKey("paddings") ? conv.All("paddings", (r - 1) / 2) : r == 1,
            _ => r == 1,
        });

    private bool ReadProgram(MessageReader reader)
    {
        while (reader.Next())
            if (reader.Field == 1)
                reader.Message(ReadBlock);
            else
                reader.Skip();
        return true;
    }

    private bool ReadBlock(MessageReader reader)
    {
        while (reader.Next())
        {
            if (reader.Field is 3 or 4 && ++parts > MostParts)
                throw reader.Damaged($"it has more than {MostParts} variables and operators");
            if (reader.Field == 3)
                reader.Message(ReadVariable);
            else if (reader.Field == 4)
                reader.Message(ReadOperator);
            else
                reader.Skip();
        }
        return true;
    }

    private bool ReadVariable(MessageReader reader)
    {
        string name = "";
        bool persistable = false;
        (long Kind, long[] Shape) type = default;
        while (reader.Next())
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 2:
                    type = reader.Message(ReadVariableType);
                    break;
                case 3:
                    persistable = reader.Integer() != 0;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        if (persistable && type.Kind == DenseTensor)
            weights.Add(new PaddleVariable(name, type.Shape ?? []));
        return true;
    }

    private static (long Kind, long[] Shape) ReadVariableType(MessageReader reader)
    {
        long kind = 0;
        long[] shape = [];
        while (reader.Next())
            switch (reader.Field)
            {
                case 1:
                    kind = reader.Integer();
                    break;
                case 3:
                    shape = reader.Message(ReadDenseTensor);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        return (kind, shape);
    }

    private static long[] ReadDenseTensor(MessageReader reader)
    {
        long[] shape = [];
        while (reader.Next())
            if (reader.Field == 1)
                shape = reader.Message(PaddleParameters.Describe).Shape;
            else
                reader.Skip();
        return shape;
    }

    private bool ReadOperator(MessageReader reader)
    {
        // The name may come after what it names.
        var read = new PaddleOperator("");
        string type = "";
        while (reader.Next())
            switch (reader.Field)
            {
                case 1:
                    reader.Message(r => ReadParameter(r, read.Inputs));
                    break;
                case 2:
                    reader.Message(r => ReadParameter(r, read.Outputs));
                    break;
                case 3:
                    type = reader.Text();
                    break;
                case 4:
                    reader.Message(r => ReadAttribute(r, read));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        operators.Add(read with { Type = type });
        return true;
    }

    private static bool ReadParameter(MessageReader reader, Dictionary<string, List<string>> parameters)
    {
        string name = "";
        var arguments = new List<string>();
        while (reader.Next())
            if (reader.Field == 1)
                name = reader.Text();
            else if (reader.Field == 2 && arguments.Count < MostInputs)
                arguments.Add(reader.Text());
            else
                reader.Skip();
        parameters[name] = arguments;
        return true;
    }

    private static bool ReadAttribute(MessageReader reader, PaddleOperator op)
    {
        string name = "";
        var integers = new List<long>();
        double? number = null;
        string? text = null;
        while (reader.Next())
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 3 or 10 or 13: // int32, bool, int64
                    number = reader.Integer();
                    break;
                case 4:
                    number = reader.Float();
                    break;
                case 19:
                    number = reader.Double();
                    break;
                case 5:
                    text = reader.Text();
                    break;
                case 6 or 15: // int32s, int64s
                    reader.Integers(integers, MostNumbers);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        if (text is not null)
            op.Texts[name] = text;
        else if (number is not null || integers.Count > 0)
            op.Numbers[name] = number is { } one ? [one] : [.. integers.Select(integer => (double)integer)];
        return true;
    }
}
