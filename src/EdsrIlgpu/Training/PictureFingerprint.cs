using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdsrIlgpu.Data;

namespace EdsrIlgpu.Training;

/// <summary>Tells whether a run goes on with the pictures that it began with.</summary>
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
        return Text(pictures.Pairs.Count, hash);
    }

    /// <summary>The same of the pictures that a network is validated with.</summary>
    public static string Of(ValidationSet validation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, lr, hr) in validation.Pictures)
            foreach (var picture in (Picture[])[hr, lr])
            {
                hash.AppendData(MemoryMarshal.AsBytes<int>([picture.Width, picture.Height, picture.Channels]));
                hash.AppendData(picture.Pixels);
            }
        return Text(validation.Pictures.Count, hash);
    }

    private static string Text(int count, IncrementalHash hash) => $"{count}, {Convert.ToHexStringLower(hash.GetHashAndReset()[..8])}";
}
