using System.Globalization;
using System.Text.RegularExpressions;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Models;
using EdsrIlgpu.Models.Pretrained;
using EdsrIlgpu.Tests.Cli;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Models;

/// <summary>The models that ship are what their card says.</summary>
public partial class PretrainedModelsTests
{
    private static readonly string Folder = Path.Combine(TestData.Repository, "src", "EdsrIlgpu", "Models", "Pretrained");

    private static IReadOnlyList<int> Shipped
    {
        get
        {
            Assert.SkipWhen(PretrainedModels.Scales.Count == 0, "No trained model is shipped yet.");
            return PretrainedModels.Scales;
        }
    }

    [Fact]
    public void The_card_is_what_the_files_say()
    {
        var models = Directory.EnumerateFiles(Folder, "*.safetensors").Select(file => (Path.GetFileName(file), ModelFile.Load(file))).OrderBy(m => m.Item2.Config.Scale);
        string readme = File.ReadAllText(Path.Combine(Folder, "README.md")).ReplaceLineEndings("\n");
        Assert.Equal(ModelCard.Markdown([.. models]), Card().Match(readme).Groups[1].Value);
    }

    [Fact]
    public void A_card_names_all_that_is_known_and_nothing_is_left_out()
    {
        var config = new EdsrConfig(1, 4, 3);
        var metadata = new[] { "training_data", "training_device", "training_time", "recipe", "step", "psnr", "ssim", "validation", "set5_psnr", "set5_ssim", "set14_psnr", "set14_ssim" }
            .ToDictionary(key => key, key => $"({key})");
        var parameters = Edsr.Build(config).Parameters.SelectMany(p => new[]
        {
            KeyValuePair.Create($"{p.Name}.weight", new float[p.K * p.C * 9]), KeyValuePair.Create($"{p.Name}.bias", new float[p.K]),
        }).ToDictionary();
        string card = ModelCard.Markdown([("a.safetensors", new EdsrModel(config, parameters, metadata))]);
        Assert.All(metadata.Values, value => Assert.Contains(value, card));
        Assert.All(["a.safetensors", "×3", "1 blocks of 4 features"], word => Assert.Contains(word, card));
        Assert.DoesNotContain("begun from", card);
        metadata["initialised_from"] = "another.safetensors";
        Assert.Contains("; begun from another.safetensors", ModelCard.Markdown([("a", new EdsrModel(config, parameters, metadata))]));
        metadata.Remove("initialised_from");
        foreach (string key in metadata.Keys)
            Assert.Contains(key, Assert.Throws<EdsrException>(() => ModelCard.Markdown(
                [("a", new EdsrModel(config, parameters, metadata.Where(m => m.Key != key).ToDictionary()))])).Message);
    }

    [Fact]
    public void Each_scale_has_a_network_of_that_scale()
    {
        foreach (int scale in Shipped)
        {
            var model = PretrainedModels.Load(scale);
            Assert.Equal(scale, model.Config.Scale);
            using var upscaler = Upscaler.Pretrained(scale);
            Assert.Equal(5 * scale, upscaler.Upscale(TestPictures.Noise(5, 4, 3, seed: 1)).Width);
        }
    }

    [Fact]
    public void Without_model_the_tool_takes_the_shipped_one_of_the_scale_and_of_2_if_none_is_said()
    {
        using var tool = new EdsrTool();
        PictureFile.Save(TestPictures.Noise(6, 5, 3, seed: 1), tool["in.png"]);
        foreach (int? scale in (int?[])[null, .. Shipped])
        {
            string[] arguments = ["upscale", "in.png", "-o", "out.png", "--device", "host", .. scale is { } s ? (string[])["--scale", $"{s}"] : []];
            tool.Run(arguments).AssertSuccess();
            using var upscaler = Upscaler.Pretrained(scale ?? 2);
            Assert.Equal(upscaler.Upscale(PictureFile.Load(tool["in.png"])).Pixels, PictureFile.Load(tool["out.png"]).Pixels);
        }
        tool.Run("upscale", "in.png", "-o", "other.png", "--scale", "7").AssertOneLine("×7", "×2", "--model");
    }

    [Fact]
    public void Eval_measures_what_the_card_says()
    {
        foreach (int scale in Shipped)
        {
            using var tool = new EdsrTool();
            var metadata = PretrainedModels.Load(scale).Metadata;
            var mean = tool.Run("eval", "--hr", TestData.Path("bench", "Set5", $"image_SRF_{scale}"), "--scale", $"{scale}", "--device", "host", "--json").AssertSuccess().Json["mean"]!;
            // Vectors of other widths sum in another order: a pixel here and there is rounded to the other side.
            Assert.Equal(double.Parse(metadata[ModelCard.Psnr("Set5")], CultureInfo.InvariantCulture), (double)mean["psnr"]!, 0.003);
            Assert.Equal(double.Parse(metadata[ModelCard.Ssim("Set5")], CultureInfo.InvariantCulture), (double)mean["ssim"]!, 0.0002);
        }
    }

    [GeneratedRegex("<!-- card -->\n(.*?)\n<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Card();
}
