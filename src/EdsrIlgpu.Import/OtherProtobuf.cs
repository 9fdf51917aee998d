namespace EdsrIlgpu.Import;

/// <summary>Protobuf files that are often taken for weight files and cannot be read.</summary>
internal static class OtherProtobuf
{
    private const byte FirstIsNumber = 1 << 3, SecondIsBytes = 2 << 3 | 2;

    /// <summary>What a file that begins so is, as the rest of a sentence that begins with its name; null if it is something else.</summary>
    /// <remarks>
    /// Both begin with a small number: ONNX's ModelProto {1: ir_version, 2: producer_name, …}, TensorFlow's SavedModel
    /// {1: schema version, always 1, 2: MetaGraphDef}, which begins with its MetaInfoDef {1: …}.
    /// </remarks>
    public static string? Name(ReadOnlySpan<byte> start) => start switch
    {
        [FirstIsNumber, 1, SecondIsBytes, >= 0x80, ..] =>
            "is a TensorFlow SavedModel, whose weights lie in other files: give a frozen graph (.pb of Const nodes) or a safetensors file.",
        [FirstIsNumber, >= 2 and <= 30, SecondIsBytes or (3 << 3 | 2) or (7 << 3 | 2) or (8 << 3 | 2), ..] =>
            "is an ONNX model, which cannot be read: give the file that it was exported from (.pt, .pth, safetensors, .pb or .pdiparams).",
        _ => null,
    };
}
