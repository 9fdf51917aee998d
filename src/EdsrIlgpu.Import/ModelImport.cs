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
/// the order of the tutorial (first, up, last, body; then the blocks are tied and the residual scale is 0.1) or of EDSR-PyTorch (head,
/// body, tail), their convolutions have Paddle's own names, conv2d_0 and so on from any number, and only one such number makes a
/// network of the shapes. No Paddle file says what pixel values the network takes, and only a program says the residual scale; what is not said is found as
/// <see cref="ModelFile.Load(string, ModelFileOptions?)"/> does.
/// </para>
/// </remarks>
public static class ModelImport
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">A .pb, .pdmodel or .pdiparams file, or one that <see cref="ModelFile.Load(string, ModelFileOptions?)"/> reads.</param>
    /// <param name="options">What the file cannot say; null leaves all to it.</param>
    /// <exception cref="EdsrException">There is no such file, it is damaged, refused, no EDSR, ambiguous, or holds NaN or infinity.</exception>
    public static EdsrModel Load(string path, ModelFileOptions? options = null) => Load(path, options, out _);

    /// <summary>Reads a model, and says what its file is.</summary>
    /// <param name="path">A .pb, .pdmodel or .pdiparams file, or one that <see cref="ModelFile.Load(string, ModelFileOptions?)"/> reads.</param>
    /// <param name="options">What the file cannot say; null leaves all to it.</param>
    /// <param name="info">What <see cref="Describe"/> says of it.</param>
    /// <exception cref="EdsrException">There is no such file, it is damaged, refused, no EDSR, ambiguous, or holds NaN or infinity.</exception>
    public static EdsrModel Load(string path, ModelFileOptions? options, out ModelFileInfo info)
    {
        (var model, info) = ModelFile.Load(path, options, stream => ForeignFile.Read(stream, path));
        return model;
    }

    /// <summary>Says what a weight file is, whether an EDSR or not.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the file cannot say; null leaves all to it.</param>
    /// <exception cref="EdsrException">There is no such file, it is no weight file, damaged or refused, or holds an EDSR with NaN or infinity.</exception>
    public static ModelFileInfo Describe(string path, ModelFileOptions? options = null) => ModelFile.Describe(path, options, stream => ForeignFile.Read(stream, path));
}
