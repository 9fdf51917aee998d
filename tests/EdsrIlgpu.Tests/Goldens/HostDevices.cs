using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Tests.Goldens;

/// <summary>The host at every vector width that this processor has.</summary>
internal static class HostDevices
{
    /// <summary>Opened one after the other; whoever takes one disposes it.</summary>
    public static IEnumerable<HostDevice> All() =>
        Enum.GetValues<HostSimd>().Where(s => s <= HostSimdSupport.Widest).Select(s => new HostDevice(2, s));
}
