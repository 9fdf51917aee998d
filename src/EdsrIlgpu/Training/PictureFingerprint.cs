using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdsrIlgpu.Data;

namespace EdsrIlgpu.Training;

/// <summary>Tells whether a run goes on with the pictures it began with.</summary>
public static class PictureFingerprint
{
    /// <summary>How many pictures there are, and the beginning of a hash of their sizes and samples, whatever they are called and wherever they lie.</summary>
    public static string Of(TrainingPictures pictures)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var pair in pictures.Pairs)
            foreach (var picture in (TrainingPicture?[])[pair.Hr, pair.Lr])
                if (picture is not null)
                {
                    hash.AppendData(MemoryMarshal.AsBytes<int>([picture.Width, picture.Height, picture.Channels, picture.Bits]));
                    hash.AppendData(picture.Bits == 8 ? picture.Samples<byte>() : MemoryMarshal.AsBytes(picture.Samples<ushort>().AsSpan()));
                }
        return $"{pictures.Pairs.Count}, {Convert.ToHexStringLower(hash.GetHashAndReset()[..8])}";
    }
}
