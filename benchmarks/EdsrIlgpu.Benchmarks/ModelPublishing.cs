using System.Globalization;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Metrics;
using EdsrIlgpu.Models;
using EdsrIlgpu.Models.Pretrained;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Benchmarks;

/// <summary>Puts trained models where the library embeds them from, with everything that is to be known of them.</summary>
internal static class ModelPublishing
{
    private const string Begin = "<!-- card -->\n", End = "\n<!-- end -->";

    /// <summary>Rounds a model to 16 bits, measures it, and puts it in the place of the one for its scale.</summary>
    /// <param name="modelFile">The best model of a training run.</param>
    /// <param name="benchmarks">The folder with Set5 and Set14, each with image_SRF_N/*_HR.png and *_LR.png.</param>
    /// <param name="data">What it was trained on, with licences.</param>
    /// <param name="device">What it was trained with.</param>
    /// <param name="time">How long that took.</param>
    public static void Publish(string modelFile, string benchmarks, string data, string device, string time)
    {
        var trained = ModelFile.Load(modelFile);
        var config = trained.Config;
        var parameters = trained.Parameters.ToDictionary(p => p.Key, p => Array.ConvertAll(p.Value, v => (float)(Half)v));
        var metadata = new Dictionary<string, string>(trained.Metadata)
        {
            [ModelCard.Data] = data,
            [ModelCard.Device] = device,
            [ModelCard.Time] = time,
        };
        using (var upscaler = new Upscaler(new EdsrModel(config, parameters)))
            foreach (string benchmark in ModelCard.Benchmarks)
            {
                var (psnr, ssim) = Measure(upscaler, Path.Combine(benchmarks, benchmark, $"image_SRF_{config.Scale}"));
                metadata[ModelCard.Psnr(benchmark)] = psnr.ToString("F3", CultureInfo.InvariantCulture);
                metadata[ModelCard.Ssim(benchmark)] = ssim.ToString("F4", CultureInfo.InvariantCulture);
                Console.WriteLine($"{benchmark}: {psnr:F3} dB, SSIM {ssim:F4}");
            }
        string name = $"edsr_{config.Blocks}x{config.Features}_x{config.Scale}.safetensors";
        var published = new EdsrModel(config, parameters, metadata);
        // Refuses a model that does not say all of it, before anything is written.
        _ = ModelCard.Markdown([(name, published)]);
        ModelFile.Save(published, Path.Combine(Folder, name), half: true);
        foreach (string other in Directory.EnumerateFiles(Folder, $"edsr_*_x{config.Scale}.safetensors").Where(f => Path.GetFileName(f) != name))
            File.Delete(other);
        WriteCard();
    }

    /// <summary>Writes the card of the models that are there into the README beside them.</summary>
    public static void WriteCard()
    {
        string readme = Path.Combine(Folder, "README.md"), text = File.ReadAllText(readme).ReplaceLineEndings("\n");
        string card = ModelCard.Markdown([.. Directory.EnumerateFiles(Folder, "*.safetensors")
            .Select(file => (Path.GetFileName(file), ModelFile.Load(file))).OrderBy(model => model.Item2.Config.Scale)]);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        File.WriteAllText(readme, text[..begin] + card + text[text.IndexOf(End, StringComparison.Ordinal)..]);
    }

    private static string Folder
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "EdsrIlgpu.sln")))
                    return Path.Combine(folder.FullName, "src", "EdsrIlgpu", "Models", "Pretrained");
            throw new EdsrException("Models are published from a checkout of the repository.");
        }
    }

    private static (double Psnr, double Ssim) Measure(Upscaler upscaler, string folder)
    {
        Quality[] measured = [.. Directory.EnumerateFiles(folder, "*_HR.png").Order(StringComparer.Ordinal).Select(hr => QualityMeter.Compare(
            upscaler.Upscale(PictureFile.Load(hr.Replace("_HR.png", "_LR.png")).ToRgb()), PictureFile.Load(hr).ToRgb(), upscaler.Scale, Protocol.Y))];
        return (measured.Average(q => q.Psnr), measured.Average(q => q.Ssim));
    }
}
