using System.Diagnostics;
using EdsrIlgpu.Imaging;

namespace EdsrIlgpu.Tests.Imaging;

/// <summary>
/// Every file of the odd pictures through the tool, held to the table of docs/odd-pictures.md, and the results to what another program
/// makes of the same files. The table that was made lies beside the tests as odd-pictures.md, for the one that is committed.
/// </summary>
[Collection(Alone.Name)]
public sealed class OddPicturesTests : IDisposable
{
    private static readonly string[] Kinds = ["", "grey", "grey and alpha", "RGB", "RGB and alpha"];

    private readonly TemporaryFolder results = new();

    public void Dispose() => results.Dispose();

    [Fact]
    public void Every_odd_picture_comes_out_as_the_table_says_and_as_another_program_has_it()
    {
        string odd = TestData.Path("odd");
        var committed = Table(File.ReadLines(Path.Combine(TestData.Repository, "docs", "odd-pictures.md")));
        var made = new Dictionary<string, string>();
        foreach (string path in Directory.EnumerateFiles(odd, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(odd, path);
            made.Add(name, Upscaled(path, name));
        }
        var (isSame, table) = Compare(odd);
        foreach (var (name, said) in made)
            Assert.True(committed.TryGetValue(name, out string? expected) && said == expected, $"{name}: {said}, expected {expected}");
        Assert.Equal(made.Count, committed.Count);

        Assert.SkipWhen(table.Length == 0, "Pillow and numpy are not installed (Debian: python3-pil, python3-numpy): results were not compared with another program's.");
        Assert.True(isSame, string.Join('\n', table.Where(line => line.Contains("**"))));
        Assert.Equal(made, Table(table));
    }

    [Fact]
    public void What_is_said_of_a_file_does_not_depend_on_how_threads_meet()
    {
        byte[] png = PictureFile.EncodePng(TestPictures.Noise(32, 32, 3, seed: 1));
        string path = results.Write("a.png", [.. png[..29], 0, 0, 0, 0, .. png[33..]]);
        Assert.Single(Enumerable.Range(0, 300).Select(_ => Assert.Throws<EdsrException>(() => PictureFile.Load(path)).Message).Distinct());
    }

    /// <summary>Upscales a file and leaves what came of it for the other program; says it as the table does.</summary>
    private string Upscaled(string path, string name)
    {
        string result = results.Path($"{name}.png");
        Directory.CreateDirectory(Path.GetDirectoryName(result)!);
        var (exitCode, error) = UpscaleInProcess.Run(path, result);
        Assert.DoesNotContain("should not have happened", error);
        string said = error.Length == 0 ? "" : error.Replace("edsr: ", "").Replace(path, "").TrimStart(':', ' ').TrimEnd('\n');
        Assert.DoesNotContain("\n", said);
        if (exitCode != 0)
        {
            Assert.False(File.Exists(result), $"{name} was refused, and something was written.");
            Assert.True(exitCode == 1 && said.EndsWith('.'), $"{name}: {exitCode}, {error}");
            File.WriteAllText(results.Path($"{name}.txt"), said);
            return $"refused: {said}";
        }
        if (said.Length > 0)
            File.WriteAllText(results.Path($"{name}.note"), said);
        var info = PictureFile.ReadInfo(result);
        Assert.True(info.Width % 2 == 0 && info.Height % 2 == 0, name);
        return $"{info.Width / 2} × {info.Height / 2}, {Kinds[info.Channels]}{(said.Length > 0 ? $"; {said}" : "")}";
    }

    /// <summary>What the script says: whether the pictures are the same, and its table; none where it cannot run.</summary>
    private (bool IsSame, string[] Table) Compare(string odd)
    {
        // Debian's own, where Pillow and numpy are installed; another Python first on the path may have neither.
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        if (Run(python, "-c", "import PIL, numpy").ExitCode != 0)
            return (false, []);
        var (exitCode, output, error) = Run(python, Path.Combine(TestData.Repository, "scripts", "odd-pictures.py"), odd, results.FullName);
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "odd-pictures.md"), output);
        Assert.True(error.Length == 0, error);
        return (exitCode == 0, output.Split('\n'));
    }

    /// <summary>The first two columns of the table whose rows begin with a file name.</summary>
    private static Dictionary<string, string> Table(IEnumerable<string> lines) => lines
        .SkipWhile(line => !line.StartsWith("| file |", StringComparison.Ordinal)).Skip(2)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split(" | "))
        .ToDictionary(cells => cells[0][2..], cells => cells[1]);

    private static (int ExitCode, string Output, string Error) Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "", $"There is no {program}.");
        }
    }
}
