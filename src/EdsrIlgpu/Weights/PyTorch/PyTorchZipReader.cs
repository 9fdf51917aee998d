using System.IO.Compression;
using System.Text;
using EdsrIlgpu.Weights.Pickles;

namespace EdsrIlgpu.Weights.PyTorch;

/// <summary>
/// Reads what <c>torch.save</c> has written since version 1.6: a zip of <c>root/data.pkl</c>, the pickled object, and
/// <c>root/data/KEY</c>, the raw storages, not compressed; the root has any name. Zipped again with compression it is read, too.
/// Checksums are not looked at, as PyTorch can be told to write none.
/// </summary>
internal static class PyTorchZipReader
{
    /// <summary>The kind of file, for people.</summary>
    public const string Container = "PyTorch zip";

    private const string Pickle = "data.pkl";

    private const int Piece = 64 << 10;

    // Weights hardly become smaller by compression. What is not compressed has more bytes than all its parts.
    private const long MostExpansion = 4, ExpansionBase = 64 << 10;

    /// <summary>The tensors; their values stay in the stream until they are asked for.</summary>
    /// <exception cref="WeightFileException">The file is no such zip, damaged, or refused.</exception>
    public static OrderedDictionary<string, StoredTensor> Read(Stream stream)
    {
        try
        {
            ZipDirectory.RequireShort(stream);
            // The archive stays open with the stream, from which its storages are read later.
            var entries = new OrderedDictionary<string, ZipArchiveEntry>();
            foreach (var entry in new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true).Entries)
                if (!entries.TryAdd(entry.FullName, entry))
                    throw Damaged($"it has two parts called {Printable.Name(entry.FullName)}");

            string[] pickles = [.. entries.Keys.Where(name => name == Pickle || name.EndsWith("/" + Pickle, StringComparison.Ordinal))];
            if (pickles.Length != 1)
                throw new WeightFileException(pickles.Length == 0 ? FileSignature.OfZip(entries.Keys) : $"is a zip with several {Pickle}: give a file of one model.");
            string root = pickles[0][..^Pickle.Length];
            if (entries.ContainsKey(root + "constants.pkl") || entries.Keys.Any(name => name.StartsWith(root + "code/", StringComparison.Ordinal)))
                throw new WeightFileException(FileSignature.TorchScript);

            bool swapped = entries.TryGetValue(root + "byteorder", out var order) && Encoding.ASCII.GetString(Bytes(order, 16)) switch
            {
                "little" => false,
                "big" => true,
                var other => throw Damaged($"its byte order is '{Printable.Name(other)}'"),
            };
            var storages = new PyTorchStorages();
            var result = new Unpickler(new MemoryStream(Bytes(entries[pickles[0]], Unpickler.Longest)), storages.Find).Load();
            Locate(storages, entries, root, MostExpansion * stream.Length + ExpansionBase, swapped);
            return PickledTensors.Of(result);
        }
        catch (Exception problem) when (problem is InvalidDataException or NotSupportedException or EndOfStreamException)
        {
            throw Damaged($"its zip structure is broken ({Printable.Name(problem.Message)}); perhaps it is truncated", problem);
        }
    }

    private static void Locate(PyTorchStorages storages, OrderedDictionary<string, ZipArchiveEntry> entries, string root, long most, bool swapped)
    {
        long total = 0;
        foreach (var (key, storage) in storages.ByKey)
        {
            string name = $"{root}data/{key}";
            if (!entries.TryGetValue(name, out var entry))
                throw Damaged($"{Printable.Name(name)} is missing");
            if (storage.Count > entry.Length || storage.Count * storage.Type.Bytes != entry.Length)
                throw Damaged($"{Printable.Name(name)} has {entry.Length} bytes and should have {storage.Count} elements of {storage.Type.Bytes}");
            // Parts that lie on top of each other, and a few bytes that are a billion zeros, would multiply what a small file can claim.
            if ((total += entry.Length) > most)
                throw Damaged($"its parts claim {total} bytes, far more than the file has");
            var source = Source(entry);
            storage.Source = swapped ? TensorStorage.Swapped(source, storage.Type.Bytes) : source;
        }
    }

    private static TensorStorage.ByteReader Source(ZipArchiveEntry entry)
    {
        byte[]? bytes = null;
        return (offset, buffer) =>
        {
            if (bytes is null)
            {
                using var part = Open(entry);
                if (part.CanSeek)
                {
                    part.Position = offset;
                    part.ReadExactly(buffer);
                    return;
                }
                // What is compressed can be read from its beginning alone, and several tensors may lie in it.
                bytes = Bytes(entry, Array.MaxLength);
            }
            bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
        };
    }

    private static byte[] Bytes(ZipArchiveEntry entry, int longest)
    {
        if (entry.Length > longest)
            throw Damaged($"{Printable.Name(entry.FullName)} has {entry.Length} bytes");
        using var part = Open(entry);
        // What is compressed may claim any length: the memory grows with what there is.
        using var bytes = new MemoryStream(part.CanSeek ? (int)entry.Length : 0);
        var piece = new byte[(int)Math.Min(entry.Length, Piece)];
        for (int read; bytes.Length < entry.Length && (read = part.Read(piece, 0, (int)Math.Min(piece.Length, entry.Length - bytes.Length))) > 0;)
            bytes.Write(piece, 0, read);
        return bytes.Length == entry.Length ? bytes.ToArray() : throw Damaged($"{Printable.Name(entry.FullName)} is shorter than it says");
    }

    private static Stream Open(ZipArchiveEntry entry) => entry.IsEncrypted
        ? throw new WeightFileException($"has the encrypted part {Printable.Name(entry.FullName)}: give it without a password.")
        : entry.Open();

    private static WeightFileException Damaged(string what, Exception? inner = null) => WeightFileException.Damaged(Container, what, inner);
}
