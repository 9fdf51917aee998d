namespace EdsrIlgpu.Kernels.Tests.Accelerators;

public class AcceleratorCatalogTests
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
}
