using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// The CUDA and OpenCL devices of this machine, and the ILGPU context in which they are opened. Whatever was opened is disposed
/// before the catalog. On a machine without a driver it is empty.
/// </summary>
public sealed class AcceleratorCatalog : IDisposable
{
    /// <summary>Threads of the largest group that a kernel is launched in.</summary>
    internal const int GroupSize = 256;

    /// <summary>Local memory that a kernel may need, in bytes: what every device of OpenCL's full profile has. CUDA's devices have more.</summary>
    internal const int SharedBytes = 32 << 10;

    // Who looks for OpenCL devices while another one does finds none, without an error.
    private static readonly Lock OneAtATime = new();

    private readonly Context context;

    /// <summary>Finds the devices. Costs a tenth of a second or so. Safe from several threads.</summary>
    /// <param name="kind">The only kind to look for, so that the other's driver is left alone; both if null.</param>
    public AcceleratorCatalog(AcceleratorType? kind = null)
    {
        AcceleratorLibraries.Ensure();
        lock (OneAtATime)
            context = Context.Create(builder =>
            {
                // O2 loads and stores vectors as such; every device is registered, so that what is unusable can be named.
                builder.Optimize(OptimizationLevel.O2);
                if (kind is null or AcceleratorType.Cuda && AcceleratorDrivers.HasCuda)
                    builder.Cuda((Predicate<CudaDevice>)(_ => true));
                if (kind is null or AcceleratorType.OpenCL && AcceleratorDrivers.HasOpenCL)
                    builder.OpenCL(_ => true);
            });
        var devices = new List<AcceleratorInfo>();
        foreach (var cuda in context.GetCudaDevices())
            devices.Add(new AcceleratorInfo(AcceleratorType.Cuda, devices.Count, cuda.Name, cuda.MemorySize, Reason(cuda)));
        int before = devices.Count;
        foreach (var openCL in context.GetCLDevices())
            devices.Add(new AcceleratorInfo(AcceleratorType.OpenCL, devices.Count - before, openCL.Name.Trim(), openCL.MemorySize, Reason(openCL.CLStdVersion, openCL.MaxNumThreadsPerGroup, openCL.MaxSharedMemoryPerGroup))
            {
                Platform = $"{openCL.PlatformName}, {openCL.VendorName}",
            });
        Devices = devices;
    }

    /// <summary>Every device, CUDA first, in their drivers' order.</summary>
    public IReadOnlyList<AcceleratorInfo> Devices { get; }

    /// <summary>Opens a device; the caller disposes it, before the catalog.</summary>
    /// <param name="device">One of <see cref="Devices"/>.</param>
    /// <exception cref="ArgumentException">The device is not usable.</exception>
    public Accelerator Open(AcceleratorInfo device)
    {
        if (device.UnusableReason is not null)
            throw new ArgumentException($"{device.Name} is not usable: {device.UnusableReason}.");
        lock (OneAtATime)
        {
            if (device.Kind == AcceleratorType.Cuda)
                return context.CreateCudaAccelerator(device.Index);
            var openCL = context.GetCLDevice(device.Index);
            // ILGPU refuses a device without generic pointers. No kernel here needs one: their views keep their address space.
            SetGenericAddressSpace(openCL.Capabilities, true);
            return openCL.CreateCLAccelerator(context);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (OneAtATime)
            context.Dispose();
    }

    private static string? Reason(CudaDevice device) =>
        device is { Architecture: not null, InstructionSet: not null } ? null : "its driver is too old, update it";

    /// <summary>Why kernels cannot run on an OpenCL device with these limits; null if they can.</summary>
    internal static string? Reason(CLCVersion version, int groupSize, int sharedBytes) =>
        // ILGPU asks for 2.0; without generic pointers, and with the barrier of OpenClPatch, its source is 1.2.
        version < CLCVersion.CL12 ? $"it compiles OpenCL C {version.Major}.{version.Minor}, and 1.2 is needed"
        : groupSize < GroupSize ? $"its groups have at most {groupSize} threads, and {GroupSize} are needed"
        : sharedBytes < SharedBytes ? $"it has {sharedBytes >> 10} KiB of local memory, and {SharedBytes >> 10} are needed"
        : null;

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_GenericAddressSpace")]
    private static extern void SetGenericAddressSpace(CLCapabilityContext capabilities, bool value);
}
