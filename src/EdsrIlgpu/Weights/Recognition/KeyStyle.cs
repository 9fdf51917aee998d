using System.Globalization;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Weights.Recognition;

/// <summary>
/// How a project names the convolutions of an EDSR in its state dicts, and what its networks are where the file does not say. In
/// patterns {0} is the number of a block or of an upsampling stage, {1} twice that number.
/// </summary>
/// <param name="Name">The project, for people.</param>
/// <param name="Head">The first convolution.</param>
/// <param name="First">A block's first convolution.</param>
/// <param name="Second">A block's second; null where the first is used twice.</param>
/// <param name="BodyEnd">The convolution before the global skip, {0} the number of blocks; null where there is none.</param>
/// <param name="Up">An upsampling stage's.</param>
/// <param name="Tail">The last convolution.</param>
internal sealed record KeyStyle(string Name, string Head, string First, string? Second, string? BodyEnd, string Up, string Tail)
{
    /// <summary>Every style that is known; EDSR-PyTorch's, whose names the parameters here have, first.</summary>
    public static IReadOnlyList<KeyStyle> All { get; } =
    [
        // sanghyun-son/EDSR-PyTorch. torchSR multiplies by 255 itself; super-image has the same names and mean shifts, but works in
        // [0, 1] and never applies them.
        new("EDSR-PyTorch, torchSR or super-image", "head.0", "body.{0}.body.0", "body.{0}.body.2", "body.{0}", "tail.0.{1}", "tail.1"),
        // XPixelGroup/BasicSR: (x − mean) · 255 before the head and the reverse after the tail; not in the file.
        new("BasicSR", "conv_first", "body.{0}.conv1", "body.{0}.conv2", "conv_after_body", "upsample.{1}", "conv_last"),
        // open-mmlab/mmagic, once mmediting: x − mean, in [0, 1]; not in the file.
        new("MMagic", "conv_first", "body.{0}.conv1", "body.{0}.conv2", "conv_after_body", "upsample.{0}.upsample_conv", "conv_last") { Range = PixelRange.UnitMean },
        // The tutorial: one convolution per block, used twice, no global skip, (x − 0.5) / 0.5.
        new("the tutorial", "conv1", "body.{0}.res_conv", null, null, "conv_up", "conv_out") { Range = PixelRange.SignedUnit },
    ];

    /// <summary>The range of its networks of three channels.</summary>
    public PixelRange Range { get; init; } = PixelRange.EdsrPyTorch;

    /// <summary>What the style calls a tensor; null where it has none.</summary>
    /// <param name="name">EDSR-PyTorch's name.</param>
    public string? Stored(string name)
    {
        int dot = name.LastIndexOf('.');
        string? part = name[..dot].Split('.') switch
        {
            ["head", "0"] => Head,
            ["body", var block, "body", "0"] => Format(First, block),
            ["body", var block, "body", "2"] => Format(Second, block),
            ["body", var blocks] => Format(BodyEnd, blocks),
            ["tail", "0", "0"] => Format(Up, "0"),
            // A style without a number has one stage.
            ["tail", "0", var twice] => Up.Contains('{') ? Format(Up, (int.Parse(twice, CultureInfo.InvariantCulture) / 2).ToString(CultureInfo.InvariantCulture)) : null,
            ["tail", "1"] => Tail,
            _ => name[..dot],
        };
        return part + name[dot..] is var stored && part is not null ? stored : null;
    }

    private static string? Format(string? pattern, string number) => pattern is null
        ? null
        : string.Format(CultureInfo.InvariantCulture, pattern, number, 2 * int.Parse(number, CultureInfo.InvariantCulture));
}
