using System.Globalization;

namespace EdsrIlgpu.Data;

/// <summary>From where to where a degradation's strength is drawn, evenly.</summary>
/// <param name="Low">Least.</param>
/// <param name="High">Most; not below <paramref name="Low"/>.</param>
public readonly record struct StrengthRange(float Low, float High)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Low}-{High}");
}
