namespace EdsrIlgpu.PtxReport;

/// <summary>How many loads or stores of one kind move how many bits.</summary>
/// <param name="Narrower">Less than 32.</param>
/// <param name="Bits32">32.</param>
/// <param name="Bits64">64.</param>
/// <param name="Bits128">128.</param>
internal sealed record AccessWidths(int Narrower, int Bits32, int Bits64, int Bits128)
{
    /// <summary>Counts one kind of access.</summary>
    public static AccessWidths Of(IEnumerable<SassInstruction> instructions, string name)
    {
        var widths = instructions.Where(i => i.Name == name).ToLookup(i => i.Width);
        return new AccessWidths(widths[8].Count() + widths[16].Count(), widths[32].Count(), widths[64].Count(), widths[128].Count());
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static AccessWidths Parse(string text) =>
        text == "–" ? new(0, 0, 0, 0)
        : text.Split('/') is [var narrower, var bits32, var bits64, var bits128] ? new(int.Parse(narrower), int.Parse(bits32), int.Parse(bits64), int.Parse(bits128))
        : throw new FormatException($"{text} is not four counts.");

    /// <summary>"1/2/3/4": narrower than 32 bits, 32, 64, 128; "–" for none.</summary>
    public override string ToString() => this is (0, 0, 0, 0) ? "–" : $"{Narrower}/{Bits32}/{Bits64}/{Bits128}";
}
