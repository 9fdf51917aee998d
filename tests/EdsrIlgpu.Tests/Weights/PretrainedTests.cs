using EdsrIlgpu.Models;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Weights;

/// <summary>Real files: a pretrained EDSR in two containers, and what PyTorch wrote of other networks.</summary>
public class PretrainedTests
{
    private static string Safetensors => TestData.Path("weights", "edsr8_x2", "edsr8_x2.safetensors");

    private static string Zip => TestData.Path("weights", "edsr8_x2", "edsr8_x2.pt");

    // The file's mean shift was computed in floats: the stored values count, one step from the exact ones.
    private static readonly EdsrConfig Config = new(8, 64, 2)
    {
        Range = new PixelRange(1, [-114.444f, -111.460495f, -103.020004f], [114.444f, 111.460495f, 103.020004f]),
    };

    [Fact]
    public void One_network_in_two_containers_is_equal_bit_for_bit()
    {
        EdsrModel a = ModelFile.Load(Safetensors), b = ModelFile.Load(Zip);
        Assert.Equal(779_011, a.ParameterCount);
        Assert.Equal(Config, a.Config);
        AssertEqual(a, b);
        Assert.Contains("n_resblocks=8", a.Metadata["arch"]);
    }

    [Fact]
    public void Saving_keeps_every_bit_and_equal_models_give_equal_files()
    {
        using var folder = new TemporaryFolder();
        var model = ModelFile.Load(Zip);
        ModelFile.Save(model, folder.Path("a.safetensors"));
        var again = ModelFile.Load(folder.Path("a.safetensors"));
        AssertEqual(model, again);
        ModelFile.Save(again, folder.Path("b.safetensors"));
        Assert.Equal(File.ReadAllBytes(folder.Path("a.safetensors")), File.ReadAllBytes(folder.Path("b.safetensors")));
        Assert.Equal(["a.safetensors", "b.safetensors"], folder.Names);
    }

    [Fact]
    public void An_edsr_is_described()
    {
        foreach (var (path, container) in new[] { (Safetensors, "safetensors"), (Zip, "PyTorch zip") })
        {
            var info = ModelFile.Describe(path);
            Assert.Equal(container, info.Container);
            Assert.Equal(Config, info.Config);
            Assert.Equal(779_011, info.ParameterCount);
            Assert.Equal(44, info.Tensors.Count);
            Assert.Contains(info.Tensors, t => t.ToString() == "tail.0.0.weight Float32 [256, 64, 3, 3]");
            Assert.Equal($"a {container} file of 44 tensors; EDSR ×2, 8 blocks of 64 features, residual scale 1, 779,011 parameters", info.ToString());
        }
    }

    [Theory]
    [InlineData("carn_m/carn_m.pth", "legacy PyTorch", 58, "sub_mean.shifter.weight Float32 [3, 3, 1, 1]")]
    [InlineData("luoming_netG/net/netGtrain.pth", "legacy PyTorch", 22, "conv1.weight Float32 [64, 1, 3, 3]")]
    [InlineData("rlfn/rlfn_x4.pth", "PyTorch zip", 114, "conv_1.weight Float32 [52, 3, 3, 3]")]
    [InlineData("not_edsr_customroot/Example_EDSR_Model.pth", "PyTorch zip", 6, "conv1.weight Float32 [64, 3, 9, 9]")]
    public void Other_networks_are_described_and_not_loaded(string name, string container, int tensors, string first)
    {
        string path = TestData.Path(["weights", "pt_samples", .. name.Split('/')]);
        var info = ModelFile.Describe(path);
        Assert.Equal(container, info.Container);
        Assert.Equal(tensors, info.Tensors.Count);
        Assert.Equal(first, info.Tensors[0].ToString());
        Assert.Null(info.Config);
        Assert.Contains("not an EDSR: head.0.weight is missing", info.ToString());
        string message = Assert.Throws<EdsrException>(() => ModelFile.Load(path)).Message;
        Assert.StartsWith(path, message);
        Assert.Contains(first.Split(' ')[0], message);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("carn_m/carn_m.pth")]
    [InlineData("rlfn/rlfn_x4.pth")]
    public void Values_of_real_files_are_plausible(string name)
    {
        // Read at a wrong place, floats are wild or zero.
        using var file = TensorFile.Open(TestData.Path(["weights", "pt_samples", .. name.Split('/')]));
        foreach (var (key, tensor) in file.Tensors.Where(t => t.Value.Shape.Count == 4))
        {
            var values = tensor.Read();
            Assert.True(values.Max(Math.Abs) is > 1e-3f and < 10, $"{key}: {values.Max(Math.Abs)}");
        }
    }

    [Fact]
    public void The_mean_in_a_legacy_file_is_DIV2Ks()
    {
        using var file = TensorFile.Open(TestData.Path("weights", "pt_samples", "carn_m", "carn_m.pth"));
        Assert.Equal([-0.4488f, -0.4371f, -0.4040f], file.Tensors["sub_mean.shifter.bias"].Read());
    }

    [Fact]
    public void Files_cut_anywhere_are_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (string path in (string[])[Safetensors, Zip, TestData.Path("weights", "pt_samples", "carn_m", "carn_m.pth")])
        {
            byte[] whole = File.ReadAllBytes(path);
            foreach (int length in (int[])[1, 7, 9, 20, 100, 4000, whole.Length / 2, whole.Length - 1])
            {
                string cut = folder.Write("cut", whole[..length]);
                string message = Assert.Throws<EdsrException>(() => ModelFile.Describe(cut)).Message;
                Assert.StartsWith(cut, message);
                Assert.DoesNotContain('\n', message);
            }
        }
    }

    private static void AssertEqual(EdsrModel expected, EdsrModel actual)
    {
        Assert.Equal(expected.Config, actual.Config);
        Assert.Equal(expected.Parameters.Keys.Order(), actual.Parameters.Keys.Order());
        foreach (var (name, values) in expected.Parameters)
            Assert.True(values.AsSpan().SequenceEqual(actual.Parameters[name]), name);
    }
}
