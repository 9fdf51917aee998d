using EdsrIlgpu.Models;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import;

/// <summary>
/// Reads models from every file that can be read, recognised by content: TensorFlow's frozen graphs and Paddle's
/// <c>.pdmodel</c> and <c>.pdiparams</c> here, everything else by <see cref="ModelFile"/>. Nothing in a file is ever executed.
/// </summary>
/// <remarks>
/// <para>
/// A frozen graph is that of OpenCV's dnn_superres, <c>EDSR_x2.pb</c> and its kind, as EDSR_Tensorflow writes it, in floats or in 8
/// bits; the model takes RGB as every other one here, in place of the graph's BGR.
/// </para>
/// <para>
/// Paddle's <c>jit.save</c> writes several files; the program or the weights may be named, and the others are found beside it. With the
/// program (<c>.pdmodel</c>) the network is what it computes. Without it the names in <c>.pdiparams.info</c> are those of a state
/// dictionary. Without either, as in a single <c>.pdiparams</c>, the order of the weights must decide: it does if layers were built in
/// the order of the tutorial (first, up, last, body; then the blocks are tied, the residual scale is 0.1 and values are in [−1, 1]) or
/// of EDSR-PyTorch (head, body, tail; residual scale and range are then those of <see cref="ModelFile.Load(string)"/>), their
/// convolutions have Paddle's own names, conv2d_0 and so on from any number, and only one such number makes a network of the shapes.
/// No Paddle file says what pixel values the network takes: where the blocks are tied and the body has no skip, it is [−1, 1]; else
/// 0–255 with EDSR-PyTorch's mean, or that of 1×1 convolutions before and after the network.
/// </para>
/// </remarks>
public static class ModelImport
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">A .pb, .pdmodel or .pdiparams file, or one that <see cref="ModelFile.Load(string)"/> reads.</param>
    /// <exception cref="EdsrException">There is no such file, it is damaged, refused, no EDSR, ambiguous, or holds NaN or infinity.</exception>
    public static EdsrModel Load(string path) => ModelFile.Load(path, stream => ForeignFile.Read(stream, path));

    /// <summary>Says what a weight file is, whether an EDSR or not.</summary>
    /// <exception cref="EdsrException">There is no such file, or it is no weight file, damaged or refused.</exception>
    public static ModelFileInfo Describe(string path) => ModelFile.Describe(path, stream => ForeignFile.Read(stream, path));
}
