using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Graph;

/// <summary>
/// Maps one behind the other in an arena. A map may lie where one of its shape lay before, when that is read no more; so a slot
/// keeps one shape for life and its borders are zeroed once.
/// </summary>
internal sealed class MapSlots
{
    // Slots begin at 256 bytes, what accelerators ask of a view.
    private const int Alignment = 64;

    private readonly List<(MapShape Shape, long Offset)> slots = [];
    private readonly List<int> lastUse = [];

    /// <summary>Shapes and where they begin, in floats.</summary>
    public IReadOnlyList<(MapShape Shape, long Offset)> All => slots;

    /// <summary>Floats of all slots; a zero row lies behind them.</summary>
    public long ZeroRowOffset { get; private set; }

    /// <summary>Floats of the arena: the slots, and a zero row as long as their longest.</summary>
    public long Elements => ZeroRowOffset + slots.Max(s => s.Shape.RowPitch);

    /// <summary>Finds or adds a slot.</summary>
    /// <param name="shape">The map's shape.</param>
    /// <param name="birth">The step that writes it first.</param>
    /// <param name="death">The last step that touches it; <see cref="int.MaxValue"/> to keep the slot for good.</param>
    /// <returns>The slot's index.</returns>
    public int Take(MapShape shape, int birth, int death)
    {
        int slot = Enumerable.Range(0, slots.Count).FirstOrDefault(i => slots[i].Shape == shape && lastUse[i] < birth, -1);
        if (slot < 0)
        {
            slot = slots.Count;
            slots.Add((shape, ZeroRowOffset));
            lastUse.Add(0);
            ZeroRowOffset += (shape.Elements + Alignment - 1) / Alignment * Alignment;
        }
        lastUse[slot] = death;
        return slot;
    }
}
