using EdsrIlgpu.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Tests.Goldens;

/// <summary>The accelerators of this machine, opened once for tests that launch kernels on them: PoCL where there is no GPU.</summary>
public sealed class KernelAccelerators : IDisposable
{
    private readonly AcceleratorCatalog catalog = new();
    private readonly List<Opened> devices = [];

    public KernelAccelerators()
    {
        foreach (var info in catalog.Devices.Where(d => d.UnusableReason is null))
            devices.Add(new Opened(catalog.Open(info)));
    }

    /// <summary>All usable ones; skips the test, saying why, if there is none.</summary>
    internal IReadOnlyList<Opened> Devices
    {
        get
        {
            Assert.SkipWhen(devices.Count == 0, "There is no accelerator here, not even OpenCL on the CPU: install pocl-opencl-icd.");
            return devices;
        }
    }

    public void Dispose()
    {
        foreach (var device in devices)
            device.Dispose();
        catalog.Dispose();
    }

    /// <summary>An accelerator with a stream, and what it has allocated.</summary>
    internal sealed class Opened(Accelerator accelerator) : IDisposable
    {
        private readonly List<MemoryBuffer> memory = [];

        public string Name => accelerator.Name;

        public AcceleratorDevice Device { get; } = new(accelerator);

        public AcceleratorStream Stream { get; } = accelerator.CreateStream();

        /// <summary>A buffer with these values.</summary>
        public ArrayView<float> Upload(params float[] values)
        {
            var buffer = Device.Allocate<float>(values.Length);
            memory.Add(buffer);
            buffer.View.CopyFromCPU(Stream, values);
            Stream.Synchronize();
            return buffer.View;
        }

        /// <summary>A map that is NaN wherever nothing was written.</summary>
        public DeviceMap<float> Map(MapShape shape)
        {
            var map = new DeviceMap<float>(Upload([.. Enumerable.Repeat(float.NaN, (int)shape.Elements)]), shape);
            map.ZeroBorders(Device, Stream);
            return map;
        }

        /// <summary>A map with the values of a dense [N, H, W, C].</summary>
        public DeviceMap<float> Map(MapShape shape, float[] dense)
        {
            var map = Map(shape);
            MapCopyKernels.Load(Device, Stream, Upload(dense), map, 0, shape.H);
            return map;
        }

        /// <summary>What a buffer holds when the stream has done its work.</summary>
        public float[] Read(ArrayView<float> view)
        {
            var values = new float[view.Length];
            view.CopyToCPU(Stream, values);
            Stream.Synchronize();
            return values;
        }

        /// <summary>The pixels of a map, [N, H, W, C].</summary>
        public float[] Read(DeviceMap<float> map)
        {
            var dense = Upload(new float[map.Shape.N * map.Shape.H * map.Shape.W * map.Shape.C]);
            MapCopyKernels.Store(Device, Stream, map, dense, 0, map.Shape.H);
            return Read(dense);
        }

        public void Dispose()
        {
            Stream.Synchronize();
            memory.ForEach(m => m.Dispose());
            Stream.Dispose();
            Device.Dispose();
            accelerator.Dispose();
        }
    }
}
