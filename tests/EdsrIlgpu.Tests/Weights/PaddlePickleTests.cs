using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Weights;

/// <summary>
/// Paddle's .pdparams. The samples are generated: NumPy 1.24's own pickles, of the structures that paddle.save writes (arrays, its
/// tuple((name, array)) and its eval('data', …), the table of names), in all protocols.
/// </summary>
public class PaddlePickleTests
{
    [Theory]
    [InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void NumPy_s_own_pickles_are_read(int protocol)
    {
        using var file = TensorFile.Open(TestData.Committed("Weights", "Samples", $"numpy-protocol{protocol}.pdparams"));
        Assert.Equal("Paddle pickle", file.Container);
        Assert.Equal(["plain", "named", "lod", "fortran", "big_endian", "empty", "steps", "long"], file.Tensors.Keys);
        Assert.Equal([0, 1, 2, 3, 4, 5], file.Tensors["plain"].Read());
        Assert.Equal([2L, 3], file.Tensors["plain"].Shape);
        Assert.Equal([1.5f, -2.5f], file.Tensors["named"].Read());
        Assert.Equal(TensorType.Float64, file.Tensors["named"].Type);
        Assert.Equal([7.25f], file.Tensors["lod"].Read());
        Assert.Equal([0, 1, 2, 3, 4, 5], file.Tensors["fortran"].Read());
        Assert.Equal([0, 1, 2, 3, 4, 5], file.Tensors["big_endian"].Read());
        Assert.Empty(file.Tensors["empty"].Read());
        Assert.Equal(TensorType.Int64, file.Tensors["steps"].Type);
        float[] line = file.Tensors["long"].Read();
        Assert.Equal(1100, line.Length);
        // NumPy's linspace, computed in doubles.
        Assert.All(line.Select((value, i) => (value, i)), v => Assert.Equal(-1 + v.i * (2.0 / 1099), v.value, 1e-7));
    }

    [Fact]
    public void Bytes_as_text_are_read_from_anywhere()
    {
        // Every byte, over the border of what is decoded at once, and pieces of it.
        var values = Enumerable.Range(0, 20_000).Select(i => BitConverter.UInt32BitsToSingle((uint)(i * 0x01010107 & 0x7F7FFFFF))).ToArray();
        using var file = TensorFile.Read(new MemoryStream(new StateDict([("a", [20_000], values), ("b", [2], [1, 2])]).Paddle(2)));
        Assert.Equal(values, file.Tensors["a"].Read());
        Assert.Equal([1f, 2], file.Tensors["b"].Read());
        Assert.Equal(values, file.Tensors["a"].Read());
    }

    /// <summary>No sample of Python 2 is at hand: the instructions are those of its pickle.py (save_string) and of NumPy's array_reduce.</summary>
    [Theory]
    [InlineData(6), InlineData(600), InlineData(6000)]
    public void Arrays_of_Python_2_are_read(int count)
    {
        // Every byte, those that are no UTF-8 among them.
        var values = Enumerable.Range(0, count).Select(i => BitConverter.UInt32BitsToSingle((uint)(i * 0x01234567 & 0x7F7FFFFF) | 0x80C3A900)).ToArray();
        byte[] bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray();
        using var file = TensorFile.Read(new MemoryStream(PickleBuilder.Start().Op('}').String("conv1.weight"u8.ToArray()).Python2Array([count / 2, 2], "f4", bytes).Op('s').Stop()));
        Assert.Equal(["conv1.weight"], file.Tensors.Keys);
        Assert.Equal(values.Select(BitConverter.SingleToUInt32Bits), file.Tensors["conv1.weight"].Read().Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void Text_that_is_no_bytes_is_refused()
    {
        foreach (string text in (string[])["ab\u0100c", new string('x', 5000) + "€", "\ud83d\ude00"])
        {
            byte[] file = PickleBuilder.Start().Op('}').Item("a", p => p.Global("_codecs", "encode").Text(text).Text("latin1").Raw(0x86).Op('R')).Stop();
            Assert.Contains("none in latin-1", Assert.Throws<EdsrException>(() => ModelFile.Describe(new MemoryStream(file), "a")).Message);
        }
    }
}
