using System.IO.Compression;
using System.Text;

namespace EdsrIlgpu.Weights;

/// <summary>
/// Reads what <c>torch.save</c> has written since version 1.6: a zip of <c>root/data.pkl</c>, the pickled object, and
/// <c>root/data/KEY</c>, the raw storages, not compressed; the root has any name.
/// </summary>
internal static class PyTorchZipReader
{
    /// <summary>The kind of file, for people.</summary>
    public const string Container = "PyTorch zip";

    private const string Pickle = "data.pkl";

    /// <summary>The tensors; their values stay in the stream until they are asked for.</summary>
    /// <exception cref="WeightFileException">The file is no such zip, damaged, or refused.</exception>
    public static OrderedDictionary<string, StoredTensor> Read(Stream stream)
    {
        try
        {
            // The archive stays open with the stream, from which its storages are read later.
            var entries = new Dictionary<string, ZipArchiveEntry>();
            foreach (var entry in new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true).Entries)
                if (!entries.TryAdd(entry.FullName, entry))
                    throw Damaged($"it has two parts called {Printable.Name(entry.FullName)}");

            string[] pickles = [.. entries.Keys.Where(name => name.EndsWith("/" + Pickle, StringComparison.Ordinal))];
            if (pickles.Length != 1)
                throw new WeightFileException($"is a zip with {(pickles.Length == 0 ? "no" : "more than one")} {Pickle}, so PyTorch did not write it: give a safetensors, .pt or .pth file.");
            string root = pickles[0][..^Pickle.Length];
            if (entries.TryGetValue(root + "byteorder", out var order) && Encoding.ASCII.GetString(Bytes(order, 16)) is not "little")
                throw new WeightFileException("holds big-endian values: save it again on a little-endian machine.");

            var storages = new PyTorchStorages();
            var result = new Unpickler(new MemoryStream(Bytes(entries[pickles[0]], Unpickler.Longest)), storages.Find).Load();
            Locate(storages, entries, root, stream.Length);
            return PyTorchStateDict.Tensors(result);
        }
        catch (InvalidDataException problem)
        {
            throw Damaged($"its zip structure is broken ({Printable.Name(problem.Message)}); perhaps it is truncated", problem);
        }
    }

    private static void Locate(PyTorchStorages storages, Dictionary<string, ZipArchiveEntry> entries, string root, long fileLength)
    {
        long total = 0;
        foreach (var (key, storage) in storages.ByKey)
        {
            string name = $"{root}data/{key}";
            if (!entries.TryGetValue(name, out var entry))
                throw Damaged($"{Printable.Name(name)} is missing");
            RequireStored(entry);
            if (storage.Count > entry.Length || storage.Count * storage.Type.Bytes != entry.Length)
                throw Damaged($"{Printable.Name(name)} has {entry.Length} bytes and should have {storage.Count} elements of {storage.Type.Bytes}");
            // Parts that lie on top of each other would multiply what a small file can claim.
            if ((total += entry.Length) > fileLength)
                throw Damaged("its parts claim more bytes than the file has");
            storage.Source = (offset, buffer) => Copy(entry, offset, buffer);
        }
    }

    private static byte[] Bytes(ZipArchiveEntry entry, int longest)
    {
        RequireStored(entry);
        if (entry.Length > longest)
            throw Damaged($"{Printable.Name(entry.FullName)} has {entry.Length} bytes");
        var bytes = new byte[entry.Length];
        Copy(entry, 0, bytes);
        return bytes;
    }

    private static void Copy(ZipArchiveEntry entry, long offset, Span<byte> buffer)
    {
        using var part = entry.Open();
        if (part.CanSeek)
            part.Position = offset;
        else
            for (Span<byte> skipped = stackalloc byte[4096]; offset > 0; offset -= Math.Min(offset, skipped.Length))
                part.ReadExactly(skipped[..(int)Math.Min(offset, skipped.Length)]);
        part.ReadExactly(buffer);
    }

    private static void RequireStored(ZipArchiveEntry entry)
    {
        if (entry.CompressedLength != entry.Length || entry.IsEncrypted)
            throw new WeightFileException($"has the compressed part {Printable.Name(entry.FullName)}, which PyTorch does not write: zip it again without compression.");
    }

    private static WeightFileException Damaged(string what, Exception? inner = null) => WeightFileException.Damaged(Container, what, inner);
}
