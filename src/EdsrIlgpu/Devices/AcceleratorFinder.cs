using System.Collections.Concurrent;
using System.Globalization;
using EdsrIlgpu.Kernels;
using ILGPU.Runtime;

namespace EdsrIlgpu.Devices;

/// <summary>
/// The part of <see cref="ComputeDevices"/> that touches ILGPU. No type of ILGPU stands in its methods' signatures: the runtime would
/// load it for whoever calls them, needed or not.
/// </summary>
internal static class AcceleratorFinder
{
    /// <summary>Devices that passed their self-test in this process. One that failed is tested anew: it may only have had no memory left.</summary>
    private static readonly ConcurrentDictionary<string, bool> Sound = new();

    /// <summary>Every CUDA and OpenCL device.</summary>
    /// <param name="test">Whether those that look usable are opened and tested.</param>
    public static IReadOnlyList<DeviceInfo> List(bool test)
    {
        using var catalog = new AcceleratorCatalog();
        return [.. catalog.Devices.Select(d =>
        {
            string? reason = d.UnusableReason;
            if (reason is null && test)
                Close(Open(catalog, d, out reason));
            return new DeviceInfo(Name(d), Describe(d), d.MemoryBytes, reason);
        })];
    }

    /// <summary>Opens the first device of a kind, cuda or opencl, that can be used; null if there is none.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="note">A sentence on each device that looked usable and is not; null if there is none.</param>
    public static ComputeDevice? OpenFirst(string kind, out string? note)
    {
        note = null;
        var catalog = Look(kind);
        foreach (var info in catalog.Devices.Where(d => d.UnusableReason is null))
        {
            if (Open(catalog, info, out string? fault) is { } device)
                return new AcceleratorComputeDevice(catalog, device, Name(info), Describe(info)) { Note = note };
            string sentence = $"{Name(info)} ({Describe(info)}) is not used: {fault}.";
            note = note is null ? sentence : $"{note} {sentence}";
        }
        catalog.Dispose();
        return null;
    }

    /// <summary>Opens the one device of a kind that is meant.</summary>
    /// <param name="kind">cuda or opencl.</param>
    /// <param name="which">Its number, or a part of what it is called, in any case.</param>
    /// <returns>The device; null if none is meant.</returns>
    /// <exception cref="EdsrException">Several are meant, or the one cannot be used.</exception>
    public static ComputeDevice? Open(string kind, string which)
    {
        var catalog = Look(kind);
        try
        {
            if (Find(catalog, kind, which) is { } info)
            {
                string? fault = info.UnusableReason;
                if (fault is null && Open(catalog, info, out fault) is { } device)
                    return new AcceleratorComputeDevice(catalog, device, Name(info), Describe(info));
                throw new EdsrException($"{Name(info)} ({Describe(info)}) cannot be used: {fault}. Take another device, for example host.");
            }
        }
        catch
        {
            catalog.Dispose();
            throw;
        }
        catalog.Dispose();
        return null;
    }

    private static AcceleratorInfo? Find(AcceleratorCatalog catalog, string kind, string which)
    {
        if (int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            return catalog.Devices.FirstOrDefault(d => d.Index == index);
        AcceleratorInfo[] meant = [.. catalog.Devices.Where(d => which.Length > 0 && Describe(d).Contains(which, StringComparison.OrdinalIgnoreCase))];
        return meant.Length <= 1 ? meant.FirstOrDefault() : throw new EdsrException(
            $"'{kind}:{which}' may be any of {string.Join(", ", meant.Select(d => $"{Name(d)} ({Describe(d)})"))}: say which by its number.");
    }

    /// <summary>Opens a device, and tests it unless that was done; null and what is wrong with it if it cannot be used.</summary>
    private static AcceleratorDevice? Open(AcceleratorCatalog catalog, AcceleratorInfo info, out string? fault)
    {
        Accelerator accelerator;
        try
        {
            accelerator = catalog.Open(info);
        }
        catch (Exception problem)
        {
            // Drivers and ILGPU throw what they like.
            fault = $"it cannot be opened ({AcceleratorSelfTest.Describe(problem)})";
            return null;
        }
        var device = new AcceleratorDevice(accelerator);
        fault = Sound.ContainsKey(Name(info)) ? null : AcceleratorSelfTest.FindFault(device);
        if (fault is null)
        {
            Sound[Name(info)] = true;
            return device;
        }
        Close(device);
        return null;
    }

    private static void Close(AcceleratorDevice? device)
    {
        foreach (var part in (IDisposable?[])[device, device?.Accelerator])
            try
            {
                part?.Dispose();
            }
            catch (AcceleratorException)
            {
                // What failed at its work may fail at this too.
            }
    }

    private static AcceleratorCatalog Look(string kind) => new(kind == "cuda" ? AcceleratorType.Cuda : AcceleratorType.OpenCL);

    private static string Kind(AcceleratorInfo info) => info.Kind == AcceleratorType.Cuda ? "cuda" : "opencl";

    private static string Name(AcceleratorInfo info) => $"{Kind(info)}:{info.Index}";

    private static string Describe(AcceleratorInfo info) => info.Platform is null ? info.Name : $"{info.Name}, {info.Platform}";
}
