using System.Buffers.Binary;
using System.Text;
using EdsrIlgpu.Weights;
using EdsrIlgpu.Weights.Safetensors;

namespace EdsrIlgpu.Tests.Weights;

/// <summary>The safetensors container by itself: what it reads, and that nothing malformed passes.</summary>
public class SafetensorsTests
{
    [Fact]
    public void Every_floating_point_type_becomes_float()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("types", Container(
            """{"d":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"f":{"dtype":"F32","shape":[],"data_offsets":[16,20]},"h":{"dtype":"F16","shape":[1],"data_offsets":[20,22]},"b":{"dtype":"BF16","shape":[1,1],"data_offsets":[22,24]},"none":{"dtype":"I64","shape":[0,9223372036854775807],"data_offsets":[24,24]},"__metadata__":{"é":"\n"}}""",
            [.. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(-2.0), .. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes((Half)0.333), 0x80, 0xBF]));
        using var file = TensorFile.Open(path);
        Assert.Equal([0.1f, -2], file.Tensors["d"].Read());
        Assert.Equal([1.5f], file.Tensors["f"].Read());
        Assert.Equal([(float)(Half)0.333], file.Tensors["h"].Read());
        Assert.Equal([-1f], file.Tensors["b"].Read());
        Assert.Equal("\n", file.Metadata["é"]);
        Assert.Equal(["d", "f", "h", "b", "none"], file.Tensors.Keys);
        Assert.Equal(0, file.Tensors["none"].Count);
    }

    [Fact]
    public void A_header_whose_length_begins_as_a_pickle_does_is_none()
    {
        // 640 bytes are 80 02 00 …, the mark of a pickle of protocol 2.
        foreach (int length in (int[])[0x280, 0x380, 0x480, 0x580])
        {
            using var stream = new MemoryStream(Container("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""".PadRight(length), new byte[4]));
            Assert.Equal("safetensors", ModelFile.Describe(stream, "a").Container);
        }
    }

    [Fact]
    public void What_is_written_is_read_again_and_begins_aligned()
    {
        using var folder = new TemporaryFolder();
        for (int length = 0; length < 8; length++)
        {
            string key = new('k', length);
            using (var stream = File.Create(folder.Path("a")))
                SafetensorsWriter.Write(stream, [("a", [2, 1], [1, float.Epsilon]), ("empty", [0], [])], new Dictionary<string, string> { [key] = "\"<é>" });
            byte[] bytes = File.ReadAllBytes(folder.Path("a"));
            Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(bytes) % 8);
            using var file = TensorFile.Open(folder.Path("a"));
            Assert.Equal("\"<é>", file.Metadata[key]);
            Assert.Equal([2L, 1], file.Tensors["a"].Shape);
            Assert.Equal([1, float.Epsilon], file.Tensors["a"].Read());
            Assert.Empty(file.Tensors["empty"].Read());
        }
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "b overlaps another tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "b overlaps another tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "nothing is said of the 4 bytes before a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "nothing is said of its last 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "a lies at bytes [0, 12], and there are 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}""", "a lies at bytes [8, 4], and there are 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", "a lies at bytes [-4, 0], and there are 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "a is F32 [3] and has 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}""", "a is F32 [-1, -2] and has 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387906],"data_offsets":[0,8]}}""", "and has 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "its header cannot be understood")]
    [InlineData("""{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", "a has the unknown type 'F31'")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,8]}}""", "its header cannot be understood")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "its header cannot be understood")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}""", "a lies at bytes [0, 4, 8], and there are 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"x":1}}""", "its header cannot be understood")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"x":null}}""", "the metadata x are no text")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "a says dtype twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} {}""", "its header cannot be understood")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"x":"1","x":"2"}}""", "it has the metadata x twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{"x":"1"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "it has two __metadata__")]
    [InlineData("""{"a":7}""", "its header cannot be understood")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[[[[[2]]]]]],"data_offsets":[0,8]}}""", "its header cannot be understood")]
    [InlineData("""{"a":{"dtype":"F32",""", "its header cannot be understood")]
    [InlineData("""{"\u001b[31m\n":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "?[31m? is F32 [3]")]
    public void A_malformed_header_is_refused(string header, string reason)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(reason, Refused(folder.Write("bad", Container(header, new byte[8]))));
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused_before_memory_is_taken()
    {
        using var folder = new TemporaryFolder();
        var bytes = Container("{}", new byte[64]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, SafetensorsReader.LongestHeader);
        string path = folder.Write("huge", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("truncated", Refused(path));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, -1);
        Assert.Contains("its header claims 18446744073709551615 bytes", Refused(folder.Write("endless", bytes)));
    }

    private static byte[] Container(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, json.Length);
        return [.. prefix, .. json, .. data];
    }

    private static string Refused(string path)
    {
        string message = Assert.Throws<EdsrException>(() => ModelFile.Describe(path)).Message;
        Assert.StartsWith(path, message);
        Assert.DoesNotContain(message, c => char.IsControl(c));
        return message;
    }
}
