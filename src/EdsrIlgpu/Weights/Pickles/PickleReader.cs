using EdsrIlgpu.Weights.PyTorch;

namespace EdsrIlgpu.Weights.Pickles;

/// <summary>
/// Reads weight files that are Python pickles: PyTorch's legacy format, told by its magic number, and else what
/// <c>paddle.save</c> writes, one pickle of a dictionary from names to NumPy arrays.
/// </summary>
internal static class PickleReader
{
    /// <summary>What paddle.save writes, for people.</summary>
    public const string PaddleContainer = "Paddle pickle";

    /// <summary>The tensors; their values stay in the stream until they are asked for.</summary>
    /// <exception cref="WeightFileException">The file is damaged, refused, or a pickle of something else.</exception>
    public static (string Container, OrderedDictionary<string, StoredTensor> Tensors) Read(Stream stream)
    {
        var first = new Unpickler(stream, id => throw WeightFileException.Damaged("pickle", "it names storages that it has not")).Load();
        if (PyTorchLegacyReader.IsMagic(first))
            return (PyTorchLegacyReader.Container, PyTorchLegacyReader.Read(stream));
        var tensors = PickledTensors.Of(first);
        return tensors.Count > 0 ? (PaddleContainer, tensors) : throw new WeightFileException(
            "is a Python pickle, but neither of PyTorch nor of named arrays: give a safetensors, .pt, .pth or .pdparams file.");
    }
}
