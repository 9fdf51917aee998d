namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>Every portable kernel under Oclgrind, and proof that it would report what it looks for.</summary>
public class OclgrindTests
{
    [Fact]
    public void No_kernel_races_oversteps_or_reads_what_nobody_wrote()
    {
        var outcome = Oclgrind.Run("-trait", $"{Oclgrind.Trait}=yes");
        Assert.Equal("", outcome.Log);
        Assert.Equal(AcceleratorKernelList.All.Select(k => k.ToString()).Order(), outcome.Kernels.Order());
    }

    [Fact]
    public void A_planted_race_is_reported() =>
        Assert.Contains("data race", Planted(nameof(PlantedFaults.Race)), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void A_planted_overrun_is_reported() =>
        Assert.Contains("Invalid write", Planted(nameof(PlantedFaults.Overrun)), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void A_planted_read_of_what_nobody_wrote_is_reported_and_its_barrier_holds()
    {
        string log = Planted(nameof(PlantedFaults.Unwritten));
        Assert.Contains("Uninitialized", log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("data race", log, StringComparison.OrdinalIgnoreCase);
    }

    private static string Planted(string method) => Oclgrind.Run("-explicit", "only", "-method", $"{typeof(PlantedFaults).FullName}.{method}").Log;
}
