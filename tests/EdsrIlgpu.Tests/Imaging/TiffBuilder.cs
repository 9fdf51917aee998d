using System.Buffers.Binary;

namespace EdsrIlgpu.Tests.Imaging;

/// <summary>Writes TIFF files tag by tag (TIFF 6.0), those that no encoder here would write included.</summary>
internal static class TiffBuilder
{
    public const ushort Width = 256, Height = 257, Bits = 258, Compression = 259, Photometric = 262, StripOffsets = 273, Orientation = 274, Samples = 277,
        RowsPerStrip = 278, StripBytes = 279, Planes = 284, ColorMap = 320, ExtraSamples = 338, SampleFormat = 339;

    /// <summary>A little-endian file with uncompressed data in one strip, or one for each plane.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="samples">Samples a pixel.</param>
    /// <param name="photometric">What they mean.</param>
    /// <param name="data">The strips' data, one after another.</param>
    /// <param name="bits">Bits a sample.</param>
    /// <param name="more">Further tags with their values, or others in place of those that are usual.</param>
    public static byte[] Write(int width, int height, int samples, int photometric, byte[] data, int bits = 8, params (ushort Tag, ushort[] Values)[] more)
    {
        bool planar = more.Any(tag => tag.Tag == Planes && tag.Values[0] == 2);
        int strips = planar ? samples : 1;
        var tags = new SortedDictionary<ushort, uint[]>
        {
            [Width] = [(uint)width],
            [Height] = [(uint)height],
            [Bits] = [.. Enumerable.Repeat((uint)bits, samples)],
            [Compression] = [1],
            [Photometric] = [(uint)photometric],
            [StripOffsets] = [.. Enumerable.Range(0, strips).Select(i => (uint)(8 + i * data.Length / strips))],
            [Samples] = [(uint)samples],
            [RowsPerStrip] = [(uint)height],
            [StripBytes] = [.. Enumerable.Repeat((uint)(data.Length / strips), strips)],
        };
        foreach (var (tag, values) in more)
            tags[tag] = [.. values.Select(v => (uint)v)];

        var file = new List<byte>([(byte)'I', (byte)'I', 42, 0, .. Word((uint)(8 + data.Length)), .. data]);
        var beyond = new List<byte>();
        int beyondAt = file.Count + 2 + 12 * tags.Count + 4;
        file.AddRange(Short((uint)tags.Count));
        foreach (var (tag, values) in tags)
        {
            bool isLong = tag is StripOffsets or StripBytes;
            byte[] bytes = [.. values.SelectMany(v => isLong ? Word(v) : Short(v))];
            file.AddRange([.. Short(tag), .. Short(isLong ? 4u : 3u), .. Word((uint)values.Length)]);
            if (bytes.Length <= 4)
                file.AddRange([.. bytes, .. new byte[4 - bytes.Length]]);
            else
            {
                file.AddRange(Word((uint)(beyondAt + beyond.Count)));
                beyond.AddRange(bytes);
            }
        }
        return [.. file, 0, 0, 0, 0, .. beyond];
    }

    private static byte[] Short(uint value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return bytes;
    }

    private static byte[] Word(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
