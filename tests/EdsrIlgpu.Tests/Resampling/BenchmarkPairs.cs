namespace EdsrIlgpu.Tests.Resampling;

/// <summary>The HR and LR files of the benchmark sets.</summary>
internal static class BenchmarkPairs
{
    /// <summary>The pairs of a set in the layout of SelfExSR, by name.</summary>
    public static IEnumerable<(string Hr, string Lr)> SelfExSr(string set, int scale)
    {
        string folder = TestData.Path("bench", set, $"image_SRF_{scale}");
        return Directory.GetFiles(folder, "*_HR.png").Order().Select(hr => (hr, hr.Replace("_HR.png", "_LR.png")));
    }

    /// <summary>Set5 as MATLAB made it.</summary>
    public static IEnumerable<(string Hr, string Lr)> Set5Matlab(int scale)
    {
        string hr = TestData.Path("bench", "Set5_matlab", "HR"), lr = TestData.Path("bench", "Set5_matlab", "LR_bicubic", $"X{scale}");
        return Directory.GetFiles(hr, "*.png").Order().Select(file => (file, Path.Combine(lr, $"{Path.GetFileNameWithoutExtension(file)}x{scale}.png")));
    }
}
