using System.Globalization;
using System.Text.RegularExpressions;
using EdsrIlgpu.PtxReport;
using ILGPU.Backends.OpenCL;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

public partial class AcceleratorCatalogTests
{
    [Fact]
    public void Devices_are_numbered_from_0_within_their_kind()
    {
        using var catalog = new AcceleratorCatalog();
        foreach (var kind in catalog.Devices.GroupBy(d => d.Kind))
            Assert.Equal(Enumerable.Range(0, kind.Count()), kind.Select(d => d.Index));
        Assert.All(catalog.Devices, d => Assert.True(d.Name.Length > 0 && d.MemoryBytes > 0));
    }

    [Fact]
    public void An_unusable_device_is_refused_with_its_reason()
    {
        using var catalog = new AcceleratorCatalog();
        var device = new AcceleratorInfo(ILGPU.Runtime.AcceleratorType.OpenCL, 0, "Old Card", 1, "it is too old");
        Assert.Equal("Old Card is not usable: it is too old.", Assert.Throws<ArgumentException>(() => catalog.Open(device)).Message);
    }

    [Theory]
    [InlineData(1, 2, 256, 32, null)]
    [InlineData(3, 0, 1024, 48, null)]
    [InlineData(1, 1, 1024, 48, "it compiles OpenCL C 1.1, and 1.2 is needed")]
    [InlineData(1, 2, 128, 48, "its groups have at most 128 threads, and 256 are needed")]
    [InlineData(3, 0, 1024, 16, "it has 16 KiB of local memory, and 32 are needed")]
    [InlineData(3, 0, 1024, 0, "it has 0 KiB of local memory, and 32 are needed")]
    public void What_an_OpenCL_device_lacks_is_its_reason(int major, int minor, int groupSize, int sharedKiB, string? reason) =>
        Assert.Equal(reason, AcceleratorCatalog.Reason(new CLCVersion(major, minor), groupSize, sharedKiB << 10));

    [Fact]
    public void No_kernel_needs_larger_groups_or_more_shared_memory_than_is_asked_for()
    {
        foreach (var (kernel, _, code) in CompiledKernels.For(PtxTarget.All[0]))
        {
            Assert.True(kernel.GroupSize <= AcceleratorCatalog.GroupSize, kernel.ToString());
            int shared = SharedArray().Matches(code.Text).Sum(m => int.Parse(m.Groups["bytes"].ValueSpan, CultureInfo.InvariantCulture));
            Assert.True(shared <= AcceleratorCatalog.SharedBytes, $"{kernel}: {shared}");
        }
    }

    [Fact]
    public void Where_drivers_find_no_device_the_catalog_is_empty()
    {
        var empty = Directory.CreateTempSubdirectory("edsr-no-driver");
        try
        {
            TestProcess.Run([("OCL_ICD_VENDORS", empty.FullName), ("CUDA_VISIBLE_DEVICES", "-1")], "-explicit", "only", "-method", $"{typeof(AcceleratorCatalogTests).FullName}.{nameof(No_device)}");
        }
        finally
        {
            empty.Delete();
        }
    }

    [Fact]
    public void Many_may_look_at_once() =>
        TestProcess.Run([], "-explicit", "only", "-method", $"{typeof(AcceleratorCatalogTests).FullName}.{nameof(Many_look_first)}");

    /// <summary>In a process where nobody has looked before.</summary>
    [Fact(Explicit = true)]
    public void Many_look_first()
    {
        var counts = new int[8];
        var threads = counts.Select((_, i) => new Thread(() =>
        {
            using var catalog = new AcceleratorCatalog();
            foreach (var device in catalog.Devices.Where(d => d.UnusableReason is null))
                catalog.Open(device).Dispose();
            counts[i] = catalog.Devices.Count;
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        using var later = new AcceleratorCatalog();
        Assert.All(counts, count => Assert.Equal(later.Devices.Count, count));
    }

    [Fact(Explicit = true)]
    public void No_device()
    {
        using var catalog = new AcceleratorCatalog();
        Assert.Empty(catalog.Devices);
    }

    [GeneratedRegex(@"\.shared\s+\.align\s+\d+\s+\.b8\s+\w+\[(?<bytes>\d+)\]")]
    private static partial Regex SharedArray();
}
