using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EdsrIlgpu.Tests.Data;

namespace EdsrIlgpu.Tests.Bundle;

/// <summary>What keeps the bundle for machines with a GPU from rotting, without making one, which takes minutes.</summary>
public partial class BundleTests
{
    private const string Make = "scripts/bundle.sh", Checks = "scripts/gpu-checks/run-gpu-checks.sh", Peer = "scripts/gpu-checks/peer_pytorch.py";

    [Theory]
    [InlineData(Make)]
    [InlineData(Checks)]
    public void Scripts_parse(string script) => Run("bash", "-n", Of(script));

    [Fact]
    public void Checks_that_cannot_begin_leave_no_archive()
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("bash", [Of(Checks), folder.Path("results.tar.gz"), "--device", "host"]) { RedirectStandardError = true };
        start.Environment["TMPDIR"] = folder.Path("none");
        using var process = Process.Start(start)!;
        Assert.Contains("temporary files", process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void What_the_checks_select_exists()
    {
        string script = File.ReadAllText(Of(Checks)), tests = Sources("tests"), benchmarks = Sources("benchmarks"), commands = Sources("src/EdsrIlgpu.Cli");
        Assert.NotEmpty(Selection().Matches(script));
        foreach (Match selected in Selection().Matches(script))
            Assert.Matches(selected.Groups["what"].Value switch
            {
                "namespace" => $@"namespace {selected.Groups["name"].Value};",
                "class-" => $@"class {selected.Groups["name"].Value.Split('.')[^1]}\b",
                _ => $@"Trait = ""{selected.Groups["name"].Value}""",
            }, tests);
        foreach (string verb in (string[])["ladder", "network", "training", "forward", "problems"])
            Assert.True(script.Contains(verb) && benchmarks.Contains($"\"{verb}\""), verb);
        foreach (string verb in (string[])["devices", "upscale", "eval"])
            Assert.True(script.Contains($"edsr\" {verb}") && commands.Contains($"new Command(\"{verb}\""), verb);
        foreach (string variable in (string[])["EDSR_TEST_ACCELERATOR", "EDSR_TEST_SMALL"])
            Assert.True(script.Contains(variable) && tests.Contains($"\"{variable}\""), variable);
    }

    [Fact]
    public void Every_class_that_takes_accelerators_is_among_those_that_run_on_a_gpu()
    {
        Type[] classes = [.. typeof(BundleTests).Assembly.GetTypes().Where(
            t => t.GetConstructors().Any(c => c.GetParameters().Any(p => p.ParameterType == typeof(TestAccelerators) || p.ParameterType == typeof(AcceleratorDevices))))];
        Assert.True(classes.Length > 5);
        Assert.All(classes, c => Assert.Contains(c.GetCustomAttributes<TraitAttribute>(), t => t.Name == TestAccelerators.Trait));
    }

    [Fact]
    public void Files_that_the_bundle_takes_are_there()
    {
        foreach (Match file in RootPath().Matches(File.ReadAllText(Of(Make))))
            if (file.Groups["path"].Value is var path && !path.StartsWith("out"))
                Assert.True(Path.Exists(Of(path)), path);
    }

    [Fact]
    public void The_peer_understands_the_problems_of_the_benchmarks()
    {
        string benchmarks = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "EdsrIlgpu.Benchmarks", new DirectoryInfo(AppContext.BaseDirectory).Name, "EdsrIlgpu.Benchmarks"));
        Assert.SkipUnless(File.Exists(benchmarks), "The benchmarks are not built.");
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "There is no Python here.");
        using var folder = new TemporaryFolder();
        string problems = Run(benchmarks, "problems");
        File.WriteAllText(folder.Path("problems.json"), problems);
        int count = JsonDocument.Parse(problems).RootElement.EnumerateObject().Sum(operation => operation.Value.GetArrayLength());
        Assert.Equal(count, Run("/usr/bin/python3", "-B", Of(Peer), "--problems", folder.Path("problems.json"), "--list").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void The_notices_name_every_package_that_is_used()
    {
        string notices = File.ReadAllText(Of("THIRD-PARTY-NOTICES.md"));
        foreach (var package in XDocument.Load(Of("Directory.Packages.props")).Descendants("PackageVersion"))
            Assert.Contains($"| {package.Attribute("Include")!.Value} | {package.Attribute("Version")!.Value} | ", notices);

        // And what these take along, as far as it was restored here.
        string[] restored = [.. Directory.EnumerateDirectories(Of("artifacts/obj")).Select(d => Path.Combine(d, "project.assets.json")).Where(File.Exists)];
        foreach (string assets in restored)
            foreach (var library in JsonDocument.Parse(File.ReadAllBytes(assets)).RootElement.GetProperty("libraries").EnumerateObject())
                if (library.Value.GetProperty("type").GetString() == "package" && library.Name.Split('/')[0] is var name && !name.StartsWith("NetVips.Native."))
                    Assert.Matches($@"(?m)^\| {Regex.Escape(name)} \| |\b{Regex.Escape(name)}\b.* check the source", notices);
    }

    private static string Of(string path) => Path.Combine(TestData.Repository, path);

    /// <summary>All source text of a folder.</summary>
    private static string Sources(string folder) =>
        string.Concat(Directory.EnumerateFiles(Of(folder), "*.cs", SearchOption.AllDirectories).Select(f => File.ReadAllText(f)));

    /// <summary>What a program prints; it must end well.</summary>
    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {error.Result}");
        return output;
    }

    [GeneratedRegex(@"-(?<what>namespace|class-|trait) (?<name>[\w.]+)")]
    private static partial Regex Selection();

    [GeneratedRegex(@"\$root""?/(?<path>[\w.-]+(?:/[\w.-]+)*)")]
    private static partial Regex RootPath();
}
