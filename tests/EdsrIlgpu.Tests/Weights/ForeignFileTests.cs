using System.IO.Compression;
using System.Text;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Weights;

/// <summary>What people give in place of an EDSR's weights: other networks, other formats, and what a failed download left.</summary>
public class ForeignFileTests
{
    public static TheoryData<string, byte[], string> Files =>
    [
        ("web page", "<!DOCTYPE html>\n<html><head><title>Sign in</title>"u8.ToArray(), "a web page that was saved in place of the file"),
        ("web page without a doctype", "\uFEFF  <HTML lang=\"en\">"u8.ToArray(), "a web page that was saved in place of the file"),
        ("error of a bucket", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>NoSuchKey</Code>"u8.ToArray(), "an XML document, such as a server sends"),
        ("answer of a service", "{\"message\": \"Not Found\"}"u8.ToArray(), "a JSON document"),
        ("LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 5567\n"u8.ToArray(), "git lfs pull"),
        ("LFS pointer, Windows", "version https://git-lfs.github.com/spec/v1\r\noid sha256:4d7a\r\n"u8.ToArray(), "git lfs pull"),
        ("text", "404: Not Found"u8.ToArray(), "is a text"),
        ("Keras, HDF5", [0x89, .. "HDF\r\n\u001a\n"u8, 0, 0], "an HDF5 file"),
        ("NumPy array", [0x93, .. "NUMPY\u0001\0"u8], "a NumPy array"),
        ("GGUF", [.. "GGUF"u8, 3, 0, 0, 0], "a GGUF file"),
        ("TensorFlow Lite", [0x1C, 0, 0, 0, .. "TFL3"u8], "a TensorFlow Lite model"),
        ("ncnn", "7767517\n75 83\nInput data 0 1 data"u8.ToArray(), "an ncnn .param file"),
        ("ONNX", [0x08, 0x07, 0x12, 0x07, .. "pytorch"u8, 0x1A, 0x05, .. "1.9.0"u8], "an ONNX model"),
        ("gzip", [0x1F, 0x8B, 8, 0], "compressed by gzip: unpack it"),
        ("xz", [0xFD, .. "7zXZ"u8, 0, 0], "compressed by xz: unpack it"),
        ("zstd", [0x28, 0xB5, 0x2F, 0xFD, 0], "compressed by zstd: unpack it"),
        ("tar", [.. "edsr_x2.pt"u8, .. new byte[247], .. "ustar\0"u8, .. new byte[300]], "a tar archive: unpack it"),
        ("PNG", [0x89, .. "PNG\r\n\u001a\n"u8], "a picture"),
        ("JPEG", [0xFF, 0xD8, 0xFF, 0xE0], "a picture"),
        ("WebP", [.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8 "u8], "a picture"),
        ("PDF", "%PDF-1.7\n"u8.ToArray(), "a PDF document"),
        ("NumPy archive", Zip("arr_0.npy"), "a NumPy archive of arrays"),
        ("Keras 3", Zip("metadata.json", "config.json", "model.weights.h5"), "a Keras model"),
        ("zipped weights", Zip("models/edsr_x2.pt"), "a zip around models/edsr_x2.pt: unpack it"),
        ("TorchScript", Zip("edsr/data.pkl", "edsr/code/__torch__.py", "edsr/constants.pkl"), "a TorchScript archive"),
        ("protocol 0 pickle", "(dp0\nS'a'\np1\nI1\ns."u8.ToArray(), "is a text"),
        ("zeros", new byte[4096], "begins with zeros"),
        ("nothing known", [0xC3, 0x28, 0xA0, 1, 2, 3, 0xFE, 0xFF], "no weight file that can be read"),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_no_weight_file_is_told_with_what_to_do(string name, byte[] file, string told)
    {
        string message = Assert.Throws<EdsrException>(() => ModelFile.Describe(new MemoryStream(file), name)).Message;
        Assert.StartsWith($"{name} ", message);
        Assert.Contains(told, message);
        Assert.DoesNotContain(message, char.IsControl);
    }

    // Names of tensors as the networks' public source has them.
    [Theory]
    [InlineData("CARN", "entry.weight", "b1.b1.body.0.weight", "c1.body.0.weight", "upsample.up2.body.0.weight", "exit.weight")]
    [InlineData("SPAN", "conv_1.sk.weight", "block_1.c1_r.sk.weight", "block_1.c1_r.eval_conv.weight", "conv_cat.weight")]
    [InlineData("RLFN", "conv_1.weight", "block_1.c1_r.weight", "block_1.esa.conv1.weight")]
    [InlineData("RCAN", "head.0.weight", "body.0.body.0.body.0.weight", "body.0.body.0.body.3.conv_du.0.weight", "tail.0.0.weight", "tail.1.weight")]
    [InlineData("RDN", "SFENet1.weight", "SFENet2.weight", "RDBs.0.convs.0.conv.0.weight", "RDBs.0.LFF.weight")]
    [InlineData("MDSR", "head.0.weight", "pre_process.0.0.body.0.weight", "body.0.body.0.weight", "upsample.0.0.weight", "tail.0.weight")]
    [InlineData("HAT", "conv_first.weight", "layers.0.residual_group.blocks.0.norm1.weight", "layers.0.residual_group.blocks.0.mlp.fc1.bias", "layers.0.residual_group.blocks.0.conv_block.cab.0.weight")]
    [InlineData("SwinIR", "conv_first.weight", "layers.0.residual_group.blocks.0.norm1.weight", "layers.0.residual_group.blocks.0.mlp.fc1.bias")]
    [InlineData("ESRGAN (RRDBNet, or Real", "conv_first.weight", "body.0.rdb1.conv1.weight", "conv_body.weight", "conv_up1.weight", "conv_hr.weight", "conv_last.weight")]
    [InlineData("ESRGAN (RRDBNet, as of 2018)", "model.0.weight", "model.1.sub.0.RDB1.conv1.0.weight")]
    [InlineData("SRVGGNetCompact", "body.0.weight", "body.0.bias", "body.1.weight", "body.2.weight")]
    [InlineData("SRResNet", "conv_first.weight", "body.0.conv1.weight", "body.0.conv2.weight", "upconv1.weight", "conv_hr.weight", "conv_last.weight")]
    [InlineData("WDSR", "head.0.weight_g", "head.0.weight_v", "body.0.body.0.weight_v", "tail.0.weight_v", "skip.0.weight_v")]
    [InlineData("IMDN", "fea_conv.weight", "IMDB1.c1.weight", "LR_conv.weight")]
    [InlineData("VDSR", "residual_layer.0.conv.weight", "input.weight", "output.weight")]
    [InlineData("FSRCNN", "first_part.0.weight", "mid_part.0.weight", "last_part.weight")]
    public void Other_networks_are_told_by_their_names_in_any_wrapper(string family, params string[] names)
    {
        var tensors = new StateDict(names.Select(name => (name, (int[])[4, 3, 3, 3], new float[108])));
        foreach (byte[] file in (byte[][])[tensors.Safetensors(), tensors.In("params_ema").PyTorchZip(), tensors.Renamed(n => $"module.{n}").PyTorchLegacy()])
        {
            var info = ModelFile.Describe(new MemoryStream(file), "file");
            Assert.Null(info.Config);
            Assert.Contains(family, info.Resembles);
            Assert.Contains($"it seems to be {info.Resembles}", Assert.Throws<EdsrException>(() => ModelFile.Load(new MemoryStream(file), "file")).Message);
        }
    }

    [Fact]
    public void Networks_without_names_of_their_own_are_told_by_their_convolutions()
    {
        Assert.Equal("SRCNN", Resembles((64, 1, 9), (32, 64, 1), (1, 32, 5)));
        Assert.Equal("ESPCN", Resembles((64, 1, 5), (32, 64, 3), (9, 32, 3)));
        Assert.Equal("a network of 4 convolutions, from 3 to 3 channels", Resembles((8, 3, 3), (8, 8, 3), (8, 8, 3), (3, 8, 3)));
        Assert.Null(ModelFile.Describe(new MemoryStream(new StateDict([("fc.weight", [10, 20], new float[200])]).PyTorchZip()), "file").Resembles);

        static string? Resembles(params (int K, int C, int Size)[] filters) => ModelFile.Describe(new MemoryStream(new StateDict(
            filters.Select((f, i) => ($"conv{i + 1}.weight", (int[])[f.K, f.C, f.Size, f.Size], new float[f.K * f.C * f.Size * f.Size]))).PyTorchZip()), "file").Resembles;
    }

    [Theory]
    [InlineData("carn_m/carn_m.pth", "CARN")]
    [InlineData("luoming_netG/net/netGtrain.pth", "a network of 11 convolutions, from 1 to 1 channels")]
    [InlineData("rlfn/rlfn_x4.pth", "RLFN")]
    [InlineData("not_edsr_customroot/Example_EDSR_Model.pth", "SRCNN")]
    public void Real_files_of_other_networks_are_told_rightly(string name, string family)
    {
        var info = ModelFile.Describe(TestData.Path(["weights", "pt_samples", .. name.Split('/')]));
        Assert.Equal(family, info.Resembles);
    }

    private static byte[] Zip(params string[] names)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
            foreach (string name in names)
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(Encoding.ASCII.GetBytes("content"));
            }
        return file.ToArray();
    }
}
