using System.Buffers.Binary;
using System.Text;

namespace EdsrIlgpu.Tests.Imaging;

/// <summary>Takes PNG files apart and puts chunks into them, with checksums right or wrong.</summary>
internal static class PngBuilder
{
    /// <summary>The file with chunks after its header.</summary>
    public static byte[] With(byte[] png, params byte[][] chunks) => [.. png[..33], .. chunks.SelectMany(chunk => chunk), .. png[33..]];

    /// <summary>A chunk; its checksum is wrong if so asked for.</summary>
    public static byte[] Chunk(string type, byte[] body, bool wrong = false)
    {
        byte[] chunk = [.. new byte[4], .. Encoding.ASCII.GetBytes(type), .. body, .. new byte[4]];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc(chunk.AsSpan(4, chunk.Length - 8)) ^ (wrong ? 1u : 0));
        return chunk;
    }

    /// <summary>Big-endian words.</summary>
    public static byte[] Words(params uint[] values)
    {
        byte[] bytes = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * i), values[i]);
        return bytes;
    }

    /// <summary>Where each chunk of that type begins.</summary>
    public static List<int> Find(byte[] png, string type)
    {
        var found = new List<int>();
        for (int at = 8; at < png.Length; at += 12 + BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at)))
            if (Encoding.ASCII.GetString(png, at + 4, 4) == type)
                found.Add(at);
        return found;
    }

    // CRC-32 of ISO 3309, bit by bit.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
        }
        return ~crc;
    }
}
