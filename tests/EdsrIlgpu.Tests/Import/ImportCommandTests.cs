using EdsrIlgpu.Imaging;
using EdsrIlgpu.Import;
using EdsrIlgpu.Models;
using EdsrIlgpu.Tests.Cli;
using EdsrIlgpu.Training;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Import;

/// <summary>Foreign files on the command line.</summary>
public class ImportCommandTests
{
    [Fact]
    public void A_graph_is_told_converted_and_used_as_any_model()
    {
        using var tool = new EdsrTool();
        File.WriteAllBytes(tool["EDSR_x3.pb"], new EdsrTensorflow(blocks: 2, features: 4, scale: 3).GraphDef());
        var told = tool.Run("info", "EDSR_x3.pb").AssertSuccess().Output;
        Assert.Contains("a TensorFlow graph file of 14 tensors; EDSR ×3, 2 blocks of 4 features, residual scale 0.1", told);
        Assert.Contains("names: as in EDSR_Tensorflow", told);
        Assert.True((bool)tool.Run("info", "EDSR_x3.pb", "--json").AssertSuccess().Json["subPixelOutput"]!);

        tool.Run("convert", "EDSR_x3.pb", "out.safetensors").AssertSuccess();
        Assert.Equal(ModelImport.Load(tool["EDSR_x3.pb"]).Config, ModelFile.Load(tool["out.safetensors"]).Config);

        PictureFile.Save(TestPictures.Noise(9, 7, 3, seed: 1), tool["in.png"]);
        foreach (string model in (string[])["EDSR_x3.pb", "out.safetensors"])
            tool.Run("upscale", "in.png", "-o", $"{model}.png", "--model", model, "--device", "host").AssertSuccess();
        var picture = PictureFile.Load(tool["EDSR_x3.pb.png"]);
        Assert.Equal((27, 21), (picture.Width, picture.Height));
        Assert.Equal(PictureFile.Load(tool["out.safetensors.png"]).Pixels, picture.Pixels);
    }

    [Fact]
    public void Either_of_Paddles_files_may_be_named()
    {
        using var tool = new EdsrTool();
        var config = new EdsrConfig(2, 4, 2) { ResidualScale = 0.1f, TiedBlocks = true, GlobalSkip = false };
        var files = new PaddleFiles();
        var names = files.Weights(InitialWeights.Draw(config, 1), ["head.0", "tail.0.0", "tail.1", "body.0.body.0", "body.1.body.0"]);
        File.WriteAllBytes(tool["net.pdiparams"], files.Parameters());
        File.WriteAllBytes(tool["net.pdmodel"], files.Program(files.Compute(config, names)));
        foreach (string name in (string[])["net.pdiparams", "net.pdmodel"])
        {
            tool.Run("convert", name, $"{name}.safetensors").AssertSuccess();
            Assert.Contains("2 tied blocks of 4 features, residual scale 0.1", tool.Run("info", name).AssertSuccess().Output);
        }
        Assert.Equal(File.ReadAllBytes(tool["net.pdiparams.safetensors"]), File.ReadAllBytes(tool["net.pdmodel.safetensors"]));
        File.Delete(tool["net.pdiparams"]);
        tool.Run("convert", "net.pdmodel", "none.safetensors").AssertOneLine("whose weights lie beside it in net.pdiparams");
        Assert.DoesNotContain("none.safetensors", tool.Files);
    }
}
