using System.IO.Compression;
using System.Runtime.InteropServices;
using EdsrIlgpu.Models;
using EdsrIlgpu.Weights;
using EdsrIlgpu.Weights.Recognition;
using EdsrIlgpu.Weights.Safetensors;

namespace EdsrIlgpu.Tests.Weights;

/// <summary>Named tensors, and the files that PyTorch, Paddle and others would make of them; written from the formats' descriptions.</summary>
internal sealed class StateDict
{
    private readonly List<(string Name, int[] Shape, float[] Values)> tensors;

    public StateDict(IEnumerable<(string Name, int[] Shape, float[] Values)> tensors) => this.tensors = [.. tensors];

    /// <summary>What stands around the tensors' dictionary, the outermost first, as state_dict.</summary>
    public string[] Wrappers { get; init; } = [];

    /// <summary>What stands beside it in the outermost dictionary.</summary>
    public StateDict? Beside { get; init; }

    /// <summary>Type of the elements.</summary>
    public TensorType Type { get; init; } = TensorType.Float32;

    public IReadOnlyList<(string Name, int[] Shape, float[] Values)> Tensors => tensors;

    /// <summary>A model's tensors with EDSR-PyTorch's names, without mean shifts.</summary>
    public static StateDict Of(EdsrModel model) => new(EdsrLayout.Parameters(model.Config).Select(p => (p.Name, p.Shape, model.Parameters[p.Name])));

    /// <summary>With mean shifts before them, as EDSR-PyTorch has.</summary>
    public StateDict WithMeanShifts(PixelRange range) => new(MeanShift.Tensors(range, 3).Concat(tensors));

    /// <summary>With other names.</summary>
    public StateDict Renamed(Func<string, string> name) => new(tensors.Select(t => (name(t.Name), t.Shape, t.Values))) { Wrappers = Wrappers, Beside = Beside, Type = Type };

    /// <summary>With one less.</summary>
    public StateDict Without(string name) => new(tensors.Where(t => t.Name != name));

    /// <summary>In dictionaries, outermost first.</summary>
    public StateDict In(params string[] wrappers) => new(tensors) { Wrappers = wrappers, Beside = Beside, Type = Type };

    /// <summary>With something beside it.</summary>
    public StateDict And(StateDict beside) => new(tensors) { Wrappers = Wrappers, Beside = beside, Type = Type };

    /// <summary>With elements of another type.</summary>
    public StateDict As(TensorType type) => new(tensors) { Wrappers = Wrappers, Beside = Beside, Type = type };

    public byte[] PyTorchZip(string root = "archive", CompressionLevel level = CompressionLevel.NoCompression, string byteOrder = "little")
    {
        var storages = Storages();
        return PickleBuilder.Zip(Pickle(), root, level, byteOrder, [.. storages.Select(s => (s.Key, byteOrder == "big" ? Swapped(s.Data, Width) : s.Data))]);
    }

    public byte[] PyTorchLegacy(bool bigEndian = false) => PickleBuilder.Legacy(Pickle(), bigEndian, [.. Storages().Select(s => (s.Key, s.Data.Length / Width, s.Data))]);

    /// <summary>What paddle.save writes.</summary>
    /// <param name="protocol">2 or 4: the ways to write bytes differ.</param>
    /// <param name="pairs">Each value as (name, array).</param>
    public byte[] Paddle(int protocol = 4, bool pairs = false)
    {
        var pickle = PickleBuilder.Start(protocol).Op('}');
        foreach (var (name, shape, values) in tensors)
            pickle.Item(name, p => pairs
                ? p.Global(protocol == 2 ? "__builtin__" : "builtins", "tuple").Text($"conv2d_{name.Length}.w_0").Array(shape, "f4", Encode(values), protocol).Raw(0x86, 0x85).Op('R')
                : p.Array(shape, "f4", Encode(values), protocol));
        return pickle.Item("StructuredToParameterName@@", p => p.Op('}').Item("conv1.weight", q => q.Text("conv2d_0.w_0"))).Stop();
    }

    public byte[] Safetensors(Dictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors, metadata ?? []);
        return stream.ToArray();
    }

    private int Width => Type.Bytes;

    private string StorageName => Type switch { TensorType.Float64 => "DoubleStorage", TensorType.Float16 => "HalfStorage", TensorType.BFloat16 => "BFloat16Storage", _ => "FloatStorage" };

    private (string Key, byte[] Data)[] Storages() =>
        [.. tensors.Select((t, i) => (i.ToString(), Encode(t.Values))), .. Beside?.tensors.Select((t, i) => ($"beside{i}", Encode(t.Values))) ?? []];

    private byte[] Pickle()
    {
        var pickle = PickleBuilder.Start();
        Nested(pickle, Wrappers, tensors, "");
        if (Beside is not null)
            foreach (string name in Beside.Wrappers.Take(1))
                pickle.Item(name, p => Nested(p, Beside.Wrappers[1..], Beside.tensors, "beside"));
        return (Wrappers.Length > 0 ? pickle.Item("epoch", p => p.Int(7)) : pickle).Stop();
    }

    private PickleBuilder Nested(PickleBuilder pickle, string[] wrappers, List<(string Name, int[] Shape, float[] Values)> content, string keyPrefix)
    {
        if (wrappers.Length > 0)
            return pickle.OrderedDict().Item(wrappers[0], p => Nested(p, wrappers[1..], content, keyPrefix));
        pickle.OrderedDict();
        for (int i = 0; i < content.Count; i++)
        {
            var (name, shape, values) = content[i];
            string key = $"{keyPrefix}{i}";
            pickle.Item(name, p => p.Tensor(s => s.Storage(key, values.Length, StorageName), 0, shape, Strides(shape)));
        }
        return pickle;
    }

    private byte[] Encode(float[] values) => Type switch
    {
        TensorType.Float64 => MemoryMarshal.AsBytes<double>(Array.ConvertAll(values, v => (double)v)).ToArray(),
        TensorType.Float16 => MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, v => (Half)v)).ToArray(),
        TensorType.BFloat16 => MemoryMarshal.AsBytes<ushort>(Array.ConvertAll(values, v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16))).ToArray(),
        _ => MemoryMarshal.AsBytes<float>(values).ToArray(),
    };

    private static byte[] Swapped(byte[] data, int width) => [.. data.Chunk(width).SelectMany(element => element.Reverse())];

    private static int[] Strides(int[] shape) => [.. shape.Select((_, d) => shape.Skip(d + 1).Aggregate(1, (a, b) => a * Math.Max(1, b)))];
}
