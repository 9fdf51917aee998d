using EdsrIlgpu.Devices;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Kernels.Tests.Accelerators;

namespace EdsrIlgpu.Tests.Cli;

/// <summary>Which device is taken, and which is not, with real drivers that are set up to be several, weak, broken or wrong.</summary>
public class DeviceChoiceTests
{
    [Fact]
    public void A_device_is_chosen_by_its_number_or_by_a_part_of_what_it_is_called()
    {
        var first = ComputeDevices.List().FirstOrDefault(d => d.Name == "opencl:0" && d.UnusableReason is null);
        Assert.SkipWhen(first is null, "There is no OpenCL device here: install pocl-opencl-icd.");
        foreach (string name in (string[])["opencl", "OpenCL:0", $"opencl:{first!.Description[..9].ToUpperInvariant()}"])
        {
            using var device = ComputeDevices.Open(name);
            Assert.Equal(("opencl:0", first.Description, null), (device.Name, device.Description, device.Note));
        }
    }

    [Fact]
    public void A_name_that_none_or_several_have_is_refused_with_those_there_are()
    {
        using var tool = OpenCLDrivers.Tool(devices: "basic pthread");
        Prepare(tool);
        Upscale(tool, "opencl:pocl").AssertOneLine("may be any of opencl:0 (basic", "opencl:1 (pthread", "number");
        foreach (string absent in (string[])["opencl:2", "opencl:geforce", "cuda:0"])
            Upscale(tool, absent).AssertOneLine($"'{absent}'", "auto, host (", "opencl:0 (basic", "opencl:1 (pthread");
    }

    [Fact]
    public void A_device_that_is_too_weak_is_listed_with_the_reason_and_refused()
    {
        using var tool = OpenCLDrivers.Tool();
        tool.Environment["POCL_MAX_WORK_GROUP_SIZE"] = "64";
        Assert.Matches("opencl:0 .*: not usable, its groups have at most 64 threads", tool.Run("devices").AssertSuccess().Output);
        Prepare(tool);
        Upscale(tool, "opencl").AssertOneLine("opencl:0 (", "at most 64 threads", "host");
    }

    [Fact]
    public void Without_a_driver_or_with_broken_ones_the_list_says_so()
    {
        using var tool = OpenCLDrivers.Tool();
        string vendors = tool.Environment["OCL_ICD_VENDORS"];
        File.WriteAllText(Path.Combine(vendors, "a.icd"), "nonsense\n");
        File.WriteAllText(Path.Combine(vendors, "b.icd"), "");
        File.WriteAllText(Path.Combine(vendors, "c.icd"), "/etc/passwd\n");
        Directory.CreateDirectory(Path.Combine(vendors, "d.icd"));
        Assert.Contains("\nopencl:0 ", tool.Run("devices").AssertSuccess().Output);
        File.Delete(Path.Combine(vendors, "pocl.icd"));
        Assert.Contains("\nopencl     OpenCL device: not usable, its driver finds none", tool.Run("devices").AssertSuccess().Output);
    }

    [Theory]
    [InlineData(OpenCLDrivers.WrongResults, "it computes a convolution wrongly")]
    [InlineData(OpenCLDrivers.NoResults, "it cannot run a convolution (OpenCL: CL_BUILD_PROGRAM_FAILURE)")]
    public void A_device_that_fails_its_self_test_is_reported_and_not_used(string buildOptions, string fault)
    {
        using var tool = OpenCLDrivers.Tool(buildOptions);
        Prepare(tool);
        Upscale(tool, "opencl:0").AssertOneLine("opencl:0 (pthread", $"cannot be used: {fault}", "for example host");
        Assert.DoesNotContain("out.png", tool.Files);
    }

    [Fact]
    public void The_list_tests_devices_when_asked_to()
    {
        using var tool = OpenCLDrivers.Tool(OpenCLDrivers.WrongResults);
        Assert.DoesNotMatch("opencl:0 .*not usable", tool.Run("devices").AssertSuccess().Output);
        Assert.Matches("opencl:0 .*: not usable, it computes a convolution wrongly", tool.Run("devices", "--test").AssertSuccess().Output);
    }

    [Fact]
    public void Auto_goes_on_to_the_next_device_and_says_so()
    {
        using var folder = new TemporaryFolder();
        InProcess(OpenCLDrivers.WrongOclgrindBeforePocl(folder.FullName), nameof(Takes_the_second));
    }

    [Fact]
    public void Auto_ends_at_the_host_and_says_so()
    {
        using var folder = new TemporaryFolder();
        InProcess(OpenCLDrivers.OnlyPocl(folder.FullName, OpenCLDrivers.WrongResults), nameof(Takes_the_host));
    }

    /// <summary>With two drivers, the first of which computes wrongly.</summary>
    [Fact(Explicit = true)]
    public void Takes_the_second()
    {
        using var device = ComputeDevices.OpenFirst("opencl", 0);
        Assert.Equal("opencl:1", device.Name);
        Assert.Contains("pocl", device.Description);
        Assert.Matches(@"^opencl:0 \(Oclgrind.*\) is not used: it computes a convolution wrongly", device.Note);
    }

    /// <summary>With a driver that computes wrongly.</summary>
    [Fact(Explicit = true)]
    public void Takes_the_host()
    {
        for (int time = 0; time < 2; time++)
        {
            using var device = ComputeDevices.OpenFirst("opencl", 1);
            Assert.Equal("host", device.Name);
            Assert.Matches(@"^opencl:0 \(pthread.*\) is not used: it computes a convolution wrongly", device.Note);
        }
        Assert.Throws<EdsrException>(() => ComputeDevices.Open("opencl:0"));
    }

    private static void Prepare(EdsrTool tool)
    {
        UpscaleCommandTests.Model(tool, 2);
        PictureFile.Save(TestPictures.Noise(8, 8, 3, seed: 1), tool["in.png"]);
    }

    private static EdsrTool.Outcome Upscale(EdsrTool tool, string device) =>
        tool.Run("upscale", "in.png", "-o", "out.png", "--model", "model.safetensors", "--device", device);

    private static void InProcess(Dictionary<string, string> environment, string method) =>
        TestProcess.Run(environment.Select(e => (e.Key, e.Value)), "-explicit", "only", "-method", $"{typeof(DeviceChoiceTests).FullName}.{method}");
}
