namespace EdsrIlgpu.PtxReport;

/// <summary>An instruction of a GPU's machine code.</summary>
/// <param name="Opcode">Name with its modifiers, as in "LDG.E.128".</param>
/// <param name="Target">Index of the instruction to which it may branch; −1 if it does not.</param>
/// <param name="FallsThrough">Whether the next instruction may follow.</param>
internal sealed record SassInstruction(string Opcode, int Target, bool FallsThrough)
{
    /// <summary>Name without modifiers.</summary>
    public string Name { get; } = Opcode.Split('.')[0];

    /// <summary>A multiply-add of floats.</summary>
    public bool IsFfma => Name == "FFMA";

    /// <summary>Bits that a load or store moves.</summary>
    public int Width { get; } = Opcode.Split('.').Skip(1).Select(Bits).FirstOrDefault(bits => bits > 0, 32);

    private static int Bits(string modifier) => modifier switch
    {
        "128" => 128,
        "64" => 64,
        "U16" or "S16" => 16,
        "U8" or "S8" => 8,
        _ => 0,
    };
}
