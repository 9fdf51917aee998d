using EdsrIlgpu.Models;
using EdsrIlgpu.Models.Pretrained;
using EdsrIlgpu.Tests.Graph;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Models;

/// <summary>Models among resources, whichever they are.</summary>
public class EmbeddedModelsTests
{
    [Fact]
    public void Models_are_found_by_their_names_and_read_by_scale()
    {
        using var folder = new TemporaryFolder();
        foreach (int scale in (int[])[4, 2])
        {
            var config = new EdsrConfig(1, 8, scale);
            ModelFile.Save(new EdsrModel(config, TestNetworks.RandomParameters(Edsr.Build(config), scale)), folder.Path($"edsr_1x8_x{scale}.safetensors"), half: true);
        }
        var models = new EmbeddedModels([.. folder.Names, "Strings.resources", "edsr_1x8_x3.safetensors.txt", "my_edsr_1x8_x3.safetensors"], name => File.OpenRead(folder.Path(name)));
        Assert.Equal([2, 4], models.Scales);
        foreach (int scale in models.Scales)
        {
            var model = models.Load(scale);
            Assert.Equal(new EdsrConfig(1, 8, scale), model.Config);
            Assert.Equal(ModelFile.Load(folder.Path($"edsr_1x8_x{scale}.safetensors")).Parameters["tail.1.weight"], model.Parameters["tail.1.weight"]);
        }
        Assert.Contains("×3", Assert.Throws<EdsrException>(() => models.Load(3)).Message);
        Assert.Contains("×2, ×4", Assert.Throws<EdsrException>(() => models.Load(3)).Message);
    }

    [Fact]
    public void Without_models_the_message_says_what_to_give() =>
        Assert.Contains("--model", Assert.Throws<EdsrException>(() => new EmbeddedModels(["Strings.resources"], _ => Stream.Null).Load(2)).Message);

    [Fact]
    public void A_damaged_resource_is_named() =>
        Assert.StartsWith("edsr_1x8_x2.safetensors ", Assert.Throws<EdsrException>(() => new EmbeddedModels(["edsr_1x8_x2.safetensors"], _ => new MemoryStream(new byte[20])).Load(2)).Message);
}
