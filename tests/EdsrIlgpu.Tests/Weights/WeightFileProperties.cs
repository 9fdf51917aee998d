using System.IO.Compression;
using CsCheck;
using EdsrIlgpu.Models;
using EdsrIlgpu.Weights;
using EdsrIlgpu.Weights.Recognition;

namespace EdsrIlgpu.Tests.Weights;

/// <summary>What holds of every state dict and of every pickle, tried on random ones.</summary>
public class WeightFileProperties
{
    // A tensor's name: anything but what a pickle's nesting would join by dots.
    private static readonly Gen<string> Names = Gen.OneOf(
        Gen.String[Gen.Char['a', 'z'], 1, 12], Gen.String[Gen.Char.AlphaNumeric, 1, 60], Gen.Const("é ü \"quoted\" \\ / 中文 \u202e"), Gen.Const("head.0.weight"), Gen.Const("body.1.conv2.bias"));

    private static readonly Gen<float> Values = Gen.OneOf(Gen.Float, Gen.Single[-1, 1], Gen.Const(float.NaN), Gen.Const(float.PositiveInfinity), Gen.Const(-0f), Gen.Const(float.Epsilon));

    private static readonly Gen<(string Name, int[] Shape, float[] Values)> Tensors =
        from name in Names
        from shape in Gen.Int[0, 5].Array[0, 4]
        from values in Values.Array[shape.Aggregate(1, (a, b) => a * b)]
        select (name, shape, values);

    private static readonly Gen<StateDict> Dicts = Tensors.Array[1, 6].Select(tensors => new StateDict(tensors.DistinctBy(t => t.Name)));

    [Fact]
    public void Every_state_dict_comes_back_from_every_container() => Dicts.Sample(dict =>
    {
        foreach (byte[] file in (byte[][])
            [
                dict.Safetensors(), dict.PyTorchZip(), dict.PyTorchZip("another root", CompressionLevel.Fastest), dict.PyTorchZip(byteOrder: "big"), dict.PyTorchLegacy(), dict.PyTorchLegacy(bigEndian: true),
                dict.As(TensorType.Float64).PyTorchZip(), dict.Paddle(2), dict.Paddle(4), dict.Paddle(4, pairs: true),
            ])
        {
            using var read = TensorFile.Read(new MemoryStream(file));
            Assert.Equal(dict.Tensors.Select(t => t.Name), read.Tensors.Keys);
            foreach (var (name, shape, values) in dict.Tensors)
            {
                Assert.Equal(shape.Select(s => (long)s), read.Tensors[name].Shape);
                Assert.Equal(values, read.Tensors[name].Read());
            }
        }
    }, iter: 60);

    [Fact]
    public void Every_view_of_a_storage_reads_what_its_strides_say_or_is_refused() => Gen.Select(Gen.Int[-1, 14], Gen.Int[-1, 5].Array[0, 4], Gen.Int[-1, 7].Array[0, 4]).Sample((offset, size, stride) =>
    {
        float[] storage = [.. Enumerable.Range(0, 12).Select(i => (float)i)];
        byte[] file = PickleBuilder.Zip(PickleBuilder.Start().OrderedDict().Item("a", p => p.Tensor(s => s.Storage("0", 12), offset, size, stride)).Stop(),
            storages: ("0", System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(storage).ToArray()));
        try
        {
            using var read = TensorFile.Read(new MemoryStream(file));
            float[] values = read.Tensors["a"].Read();
            Assert.Equal(Indices(size).Select(index => storage[offset + index.Zip(stride, (i, s) => i * s).Sum()]), values);
        }
        catch (WeightFileException)
        {
            // Malformed, or beyond the storage, or repeating elements beyond their number.
            bool sound = size.Length == stride.Length && offset is >= 0 and <= 12 && size.All(s => s >= 0) && stride.All(s => s >= 0)
                && (size.Contains(0) || offset + size.Zip(stride, (n, s) => (n - 1) * s).Sum() < 12) && size.Aggregate(1, (a, b) => a * b) <= 12;
            Assert.False(sound);
        }
    }, iter: 2000);

    /// <summary>Instructions with sensible arguments in no sensible order.</summary>
    private static readonly Gen<byte[]> Instructions = Gen.OneOf(
        Gen.OneOf("N(.]})0ateus\x85\x86\x87\x88\x89\x81\x92\x93\x94boRQ\x8f\x90".ToCharArray()).Select(c => (byte[])[(byte)c]),
        Gen.Byte[0, 6].Select(b => (byte[])[(byte)'q', b]), Gen.Byte[0, 6].Select(b => (byte[])[(byte)'h', b]), Gen.Byte.Select(b => (byte[])[(byte)'K', b]),
        Gen.OneOf("storage", "0", "cpu", "latin1", "data", "f4", "<", ">", "C", "\u00ff").Select(text => PickleBuilder.Start().Text(text).Stop()[2..^1]),
        Gen.OneOf("collections\nOrderedDict", "torch\nFloatStorage", "torch._utils\n_rebuild_tensor_v2", "torch._utils\n_rebuild_parameter", "numpy\nndarray", "numpy\ndtype", "numpy.core.multiarray\n_reconstruct",
            "numpy.core.numeric\n_frombuffer", "_codecs\nencode", "builtins\ntuple", "builtins\neval", "argparse\nNamespace").Select(global => (byte[])[(byte)'c', .. System.Text.Encoding.ASCII.GetBytes(global + "\n")]),
        Gen.Byte.Array[0, 8].Select(data => (byte[])[(byte)'C', (byte)data.Length, .. data]),
        Gen.Long.Select(number => (byte[])[0x8A, 8, .. BitConverter.GetBytes(number)]));

    [Fact]
    public void Every_pickle_is_read_or_refused() => Instructions.Array[0, 40].Sample(parts =>
    {
        byte[] pickle = [0x80, 2, .. parts.SelectMany(part => part), (byte)'.'];
        foreach (byte[] file in (byte[][])[pickle, PickleBuilder.Zip(pickle, storages: ("0", new byte[64])), PickleBuilder.Legacy(pickle, ("0", 4, new byte[16]))])
            try
            {
                ModelFile.Describe(new MemoryStream(file), "random");
            }
            catch (EdsrException refused)
            {
                Assert.DoesNotContain(refused.Message, char.IsControl);
            }
    }, iter: 3000);

    [Fact]
    public void A_network_of_any_finite_weights_can_be_tried() => Gen.Select(Gen.Int[0, 1000], Gen.OneOf(0f, 1e-30f, 1f, 1e6f, 1e20f, float.MaxValue)).Sample((seed, size) =>
    {
        var random = new Random(seed);
        var config = new EdsrConfig(seed % 2, 2, 2 + seed % 3);
        byte[] file = new StateDict(EdsrLayout.Parameters(config).Select(p => (p.Name, p.Shape, (float[])[.. Enumerable.Range(0, p.Shape.Aggregate(1, (a, b) => a * b)).Select(_ => (random.NextSingle() * 2 - 1) * size)]))).Safetensors();
        Assert.True(ModelFile.Describe(new MemoryStream(file), "wild").TrialGain is { } gain && double.IsFinite(gain));
    }, iter: 30);

    private static IEnumerable<int[]> Indices(int[] size) =>
        size.Aggregate((IEnumerable<int[]>)[[]], (indices, n) => indices.SelectMany(index => Enumerable.Range(0, n).Select(i => (int[])[.. index, i])));
}
