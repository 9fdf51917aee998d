using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace EdsrIlgpu.PtxReport;

/// <summary>NVIDIA's assembler and disassembler, found on the PATH.</summary>
internal sealed partial class CudaTools : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ptx-report-");

    /// <exception cref="ReportException">One of them is missing.</exception>
    public CudaTools()
    {
        Version = Release().Match(Run("ptxas", "--version").Output) is { Success: true } match ? match.Groups[1].Value : throw new ReportException("ptxas does not say which release it is.");
        Run("nvdisasm", "--version");
    }

    /// <summary>The assembler's release, as "12.4.131".</summary>
    public string Version { get; }

    /// <summary>Assembles a kernel and disassembles the result.</summary>
    /// <exception cref="ReportException">The assembler refuses it.</exception>
    public (KernelResources Resources, SassCode Code) Assemble(KernelPtx kernel)
    {
        string stem = Path.Combine(folder.FullName, $"{kernel.Hash}-{kernel.Target.Name}"), ptx = stem + ".ptx", cubin = stem + ".cubin";
        File.WriteAllText(ptx, kernel.Code.Text);
        var resources = KernelResources.Parse(Run("ptxas", "-v", $"-arch={kernel.Target.Name}", ptx, "-o", cubin).Error);
        return (resources, SassCode.Parse(Run("nvdisasm", "-c", cubin).Output));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static (string Output, string Error) Run(string tool, params string[] arguments)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception)
        {
            throw new ReportException($"{tool} is not on the PATH: ptxas and nvdisasm 12.4 or later are in Debian's package nvidia-cuda-toolkit (non-free), and in NVIDIA's CUDA toolkit.");
        }
        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? (output, error.Result)
                : throw new ReportException($"{tool} ends with {process.ExitCode}: {(error.Result + output).Trim().Split('\n')[0]}");
        }
    }

    [GeneratedRegex(@"\bV(\d+(?:\.\d+)+)")]
    private static partial Regex Release();
}
