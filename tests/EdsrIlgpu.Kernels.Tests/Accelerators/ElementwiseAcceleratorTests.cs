using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>The small operations on every accelerator there is against their references, on guarded and poisoned maps, whole and in rings.</summary>
[Collection(AcceleratorCollection.Name)]
[Trait(Oclgrind.Trait, "yes")]
public class ElementwiseAcceleratorTests(AcceleratorFixture accelerators)
{
    private static readonly (int N, int H, int W, int C)[] Shapes = [(1, 1, 1, 1), (2, 5, 3, 3), (1, 7, 13, 36), (3, 2, 1, 8), (1, 5, 33, 64)];
    private static readonly (int N, int H, int W, int C)[] SmallShapes = [(1, 1, 1, 1), (2, 5, 3, 3), (1, 3, 2, 8)];

    public static TheoryData<string> Kinds => AcceleratorFixture.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Borders_are_zeroed_and_nothing_else(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (var (n, h, w, c) in ShapesFor(accelerator))
        {
            using var map = new GuardedDeviceMap(accelerator, new MapShape(n, h, w, c, (h + 1) / 2), poisonBorders: true);
            map.Map.ZeroBorders(accelerator.Device, accelerator.Stream);
            map.AssertUntouchedAround();
            Assert.All(map.Read(0, map.Shape.Rows), v => Assert.True(double.IsNaN(v)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Relu_meets_the_reference(string kind) =>
        Each(kind, ReluReference.Forward, (accelerator, x, y, y0, y1) => ReluKernels.Forward(accelerator.Device, accelerator.Stream, x, y, y0, y1));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Relu_keeps_nan(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (int c in (int[])[1, 4])
        {
            using var map = new GuardedDeviceMap(accelerator, new MapShape(1, 1, 3, c), [.. Enumerable.Repeat(double.NaN, 3 * c)]);
            ReluKernels.Forward(accelerator.Device, accelerator.Stream, map.Map, map.Map, 0, 1);
            Assert.All(map.Read(0, 1), v => Assert.True(double.IsNaN(v)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Scaled_residual_add_meets_the_reference(string kind)
    {
        // The output takes the residual's rows.
        var accelerator = accelerators.Open(kind);
        foreach (var (n, h, w, c) in ShapesFor(accelerator))
        {
            var shape = new MapShape(n, h, w, c);
            double[] x = TestValues.Random(n * h * w * c, 8), residual = TestValues.Random(x.Length, 9);
            using var map = new GuardedDeviceMap(accelerator, shape.WithRows((h + 1) / 2));
            using var y = new GuardedDeviceMap(accelerator, shape, residual);
            for (int row = 0; row < h; row += map.Shape.Rows)
            {
                int end = Math.Min(h, row + map.Shape.Rows);
                map.Fill(x, row, end);
                ScaledResidualAddKernels.Forward(accelerator.Device, accelerator.Stream, map.Map, y.Map, 0.25f, y.Map, row, end);
            }
            map.AssertUntouchedAround();
            y.AssertUntouchedAround();
            Assert.True(TestValues.Nmse(y.Read(0, h), ScaledResidualAddReference.Forward(x, residual, 0.25)) < 1e-13);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Relu_backward_meets_the_reference_also_in_place(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (var (n, h, w, c) in ShapesFor(accelerator))
        {
            // Of the outputs every third is 0, as ReLU leaves them, and one NaN.
            var shape = new MapShape(n, h, w, c);
            double[] y = [.. TestValues.Random(n * h * w * c, 8).Select((v, i) => i % 3 == 1 ? 0 : v)], dy = TestValues.Random(y.Length, 9);
            y[^1] = double.NaN;
            using var yMap = new GuardedDeviceMap(accelerator, shape, y);
            using var dx = new GuardedDeviceMap(accelerator, shape, dy);
            for (int row = 0; row < h; row++)
                ReluKernels.Backward(accelerator.Device, accelerator.Stream, yMap.Map, dx.Map, dx.Map, row, row + 1);
            yMap.AssertUntouchedAround();
            dx.AssertUntouchedAround();
            Assert.Equal(ReluReference.Backward(y, dy), dx.Read(0, h));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Scaled_residual_add_backward_meets_the_reference(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (var (n, h, w, c) in ShapesFor(accelerator))
        {
            // The first one overwrites what is NaN.
            var shape = new MapShape(n, h, w, c);
            var dy = TestValues.Random(n * h * w * c, 8);
            using var map = new GuardedDeviceMap(accelerator, shape, dy);
            using var dx = new GuardedDeviceMap(accelerator, shape);
            ScaledResidualAddKernels.Backward(accelerator.Device, accelerator.Stream, map.Map, 0.25f, false, dx.Map, 0, h);
            for (int row = 0; row < h; row++)
                ScaledResidualAddKernels.Backward(accelerator.Device, accelerator.Stream, map.Map, -2, true, dx.Map, row, row + 1);
            map.AssertUntouchedAround();
            dx.AssertUntouchedAround();
            Assert.True(TestValues.Nmse(dx.Read(0, h), ScaledResidualAddReference.Backward(dy, -2, ScaledResidualAddReference.Backward(dy, 0.25))) < 1e-13);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Pixel_shuffle_meets_the_reference_and_its_backward_undoes_it(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (var (n, h, w, c, r) in ((int, int, int, int, int)[])[(1, 1, 1, 1, 2), (2, 3, 5, 3, 2), (1, 2, 3, 4, 3)])
        {
            var x = TestValues.Random(n * h * w * c * r * r, 5);
            var expected = PixelShuffleReference.Forward(x, n, h, w, c, r);
            using var map = new GuardedDeviceMap(accelerator, new MapShape(n, h, w, c * r * r), x);
            using var y = new GuardedDeviceMap(accelerator, new MapShape(n, h * r, w * r, c));
            using var ring = new GuardedDeviceMap(accelerator, y.Shape.WithRows(r));
            PixelShuffleKernels.Forward(accelerator.Device, accelerator.Stream, map.Map, r, y.Map, 0, h);
            y.AssertUntouchedAround();
            Assert.Equal(expected, y.Read(0, h * r));
            for (int row = 0; row < h; row++)
            {
                PixelShuffleKernels.Forward(accelerator.Device, accelerator.Stream, map.Map, r, ring.Map, row, row + 1);
                Assert.Equal(y.Read(row * r, row * r + r), ring.Read(row * r, row * r + r));
            }
            ring.AssertUntouchedAround();

            using var dx = new GuardedDeviceMap(accelerator, map.Shape);
            for (int row = 0; row < h; row++)
                PixelShuffleKernels.Backward(accelerator.Device, accelerator.Stream, y.Map, r, dx.Map, row, row + 1);
            dx.AssertUntouchedAround();
            Assert.Equal(x, dx.Read(0, h));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_orientation_meets_the_reference(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (int c in (int[])[3, 4])
            foreach (var orientation in Enum.GetValues<Dihedral>())
            {
                var shape = new MapShape(2, 3, 2, c);
                var x = TestValues.Random(shape.N * shape.H * shape.W * c, 6);
                using var map = new GuardedDeviceMap(accelerator, shape, x);
                using var turned = new GuardedDeviceMap(accelerator, orientation.Output(shape));
                DihedralKernels.Forward(accelerator.Device, accelerator.Stream, map.Map, orientation, turned.Map);
                turned.AssertUntouchedAround();
                Assert.Equal(DihedralReference.Forward(x, 2, 3, 2, c, orientation), turned.Read(0, turned.Shape.H));
            }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Dense_arrays_go_in_and_come_out(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (var (n, h, w, c) in ShapesFor(accelerator))
        {
            var shape = new MapShape(n, h, w, c);
            var values = TestValues.Single(TestValues.Random(n * h * w * c, 3));
            using var dense = accelerator.Upload(values);
            using var back = accelerator.Upload(Guarded<float>(values.Length, -7));
            using var map = new GuardedDeviceMap(accelerator, shape);
            using var ring = new GuardedDeviceMap(accelerator, shape.WithRows((h + 1) / 2));
            MapCopyKernels.Load(accelerator.Device, accelerator.Stream, dense.View, map.Map, 0, h);
            for (int row = 0; row < h; row++)
            {
                MapCopyKernels.Load(accelerator.Device, accelerator.Stream, dense.View, ring.Map, row, row + 1);
                MapCopyKernels.Store(accelerator.Device, accelerator.Stream, ring.Map, Inside(back), row, row + 1);
            }
            map.AssertUntouchedAround();
            ring.AssertUntouchedAround();
            var memory = MapCopyReference.Load(values, shape);
            Assert.Equal(MapCopyReference.Store(memory, shape).Select(v => (double)v), map.Read(0, h));
            AssertGuarded(values, accelerator.Download(back), -7);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Pixels_go_in_and_come_back(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (int channels in (int[])[1, 3, 4])
        {
            var shape = new MapShape(2, 3, 5, channels);
            var bytes = new byte[2 * 3 * 5 * channels];
            new Random(7).NextBytes(bytes);
            var words = bytes.Select(b => (ushort)(b * 257 - b % 3 * 85 & 0xFFFF)).ToArray();
            var affine = new PixelAffine(1 / 255f, -0.4f, -0.5f, 0.25f, 0.125f);
            var affine16 = affine with { Gain = 1 / 65535f };
            using var map = new GuardedDeviceMap(accelerator, shape);

            using var pixels = accelerator.Upload(bytes);
            using var pixelsBack = accelerator.Upload(Guarded<byte>(bytes.Length, 77));
            PixelNormKernels.Load(accelerator.Device, accelerator.Stream, pixels.View, affine, map.Map, 0, 2);
            PixelNormKernels.Load(accelerator.Device, accelerator.Stream, pixels.View, affine, map.Map, 2, 3);
            Assert.True(TestValues.Nmse(map.Read(0, 3), PixelNormReference.Load(bytes, channels, affine)) < 1e-13);
            PixelNormKernels.Store(accelerator.Device, accelerator.Stream, map.Map, affine.Inverse, Inside(pixelsBack), 0, 1);
            PixelNormKernels.Store(accelerator.Device, accelerator.Stream, map.Map, affine.Inverse, Inside(pixelsBack), 1, 3);
            AssertGuarded<byte>(bytes, accelerator.Download(pixelsBack), 77);

            using var pixels16 = accelerator.Upload(words);
            using var pixels16Back = accelerator.Upload(Guarded<ushort>(words.Length, 777));
            PixelNormKernels.Load(accelerator.Device, accelerator.Stream, pixels16.View, affine16, map.Map, 0, 3);
            Assert.True(TestValues.Nmse(map.Read(0, 3), PixelNormReference.Load(words, channels, affine16)) < 1e-13);
            PixelNormKernels.Store(accelerator.Device, accelerator.Stream, map.Map, affine16.Inverse, Inside(pixels16Back), 0, 3);
            AssertGuarded<ushort>(words, accelerator.Download(pixels16Back), 777);
            map.AssertUntouchedAround();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Values_out_of_range_are_clamped_and_nan_is_black(string kind)
    {
        var accelerator = accelerators.Open(kind);
        double[] values = [-3, 254.4, 254.6, 300, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 127.5];
        using var map = new GuardedDeviceMap(accelerator, new MapShape(1, 1, values.Length, 1), values);
        using var pixels = accelerator.Upload(new byte[values.Length]);
        PixelNormKernels.Store(accelerator.Device, accelerator.Stream, map.Map, new PixelAffine(1), pixels.View, 0, 1);
        Assert.Equal<byte>([0, 254, 255, 255, 0, 255, 0, 128], accelerator.Download(pixels));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Arguments_that_do_not_fit_are_refused(string kind)
    {
        var accelerator = accelerators.Open(kind);
        var (device, stream) = (accelerator.Device, accelerator.Stream);
        using var x = new GuardedDeviceMap(accelerator, new MapShape(1, 4, 4, 8));
        using var other = new GuardedDeviceMap(accelerator, new MapShape(1, 4, 5, 8));
        using var bytes = accelerator.Upload(new byte[4 * 4 * 8]);
        using var floats = accelerator.Upload(new float[4 * 4 * 8 - 1]);
        Assert.Throws<ArgumentException>(() => ReluKernels.Forward(device, stream, x.Map, other.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => ReluKernels.Forward(device, stream, x.Map, x.Map, 2, 5));
        Assert.Throws<ArgumentException>(() => ScaledResidualAddKernels.Forward(device, stream, x.Map, other.Map, 1, x.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => PixelShuffleKernels.Forward(device, stream, x.Map, 2, other.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => ReluKernels.Backward(device, stream, x.Map, x.Map, other.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => ReluKernels.Backward(device, stream, x.Map, other.Map, x.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => ScaledResidualAddKernels.Backward(device, stream, x.Map, 1, false, other.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => ScaledResidualAddKernels.Backward(device, stream, x.Map, 1, true, x.Map, 0, 5));
        Assert.Throws<ArgumentException>(() => PixelShuffleKernels.Backward(device, stream, other.Map, 2, x.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => PixelShuffleKernels.Backward(device, stream, x.Map, 1, x.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => PixelNormKernels.Load(device, stream, bytes.View, new PixelAffine(1), x.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => MapCopyKernels.Load(device, stream, floats.View, x.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => DihedralKernels.Forward(device, stream, x.Map, Dihedral.FlipX, other.Map));
        Assert.Throws<ArgumentException>(() => DihedralKernels.Forward(device, stream, x.Map, Dihedral.FlipX, x.Map));
        Assert.Throws<ArgumentException>(() => PixelShuffleKernels.Forward(device, stream, x.Map, 1, x.Map, 0, 4));
        Assert.Throws<ArgumentException>(() => new DeviceMap<float>(floats.View, x.Shape));
        Assert.Throws<ArgumentException>(() => new DeviceMap<float>(floats.View.SubView(4, 64), new MapShape(1, 1, 1, 1)));
    }

    /// <summary>Runs a map-to-map operation whole, and again through rings, where it must give the same bits.</summary>
    private void Each(string kind, Func<double[], double[]> reference, Action<TestAccelerator, DeviceMap<float>, DeviceMap<float>, int, int> run)
    {
        var accelerator = accelerators.Open(kind);
        foreach (var (n, h, w, c) in ShapesFor(accelerator))
        {
            var shape = new MapShape(n, h, w, c);
            var values = TestValues.Random(n * h * w * c, 8);
            using var x = new GuardedDeviceMap(accelerator, shape, values);
            using var y = new GuardedDeviceMap(accelerator, shape);
            run(accelerator, x.Map, y.Map, 0, h);
            x.AssertUntouchedAround();
            y.AssertUntouchedAround();
            Assert.True(TestValues.Nmse(y.Read(0, h), reference(values)) < 1e-13);

            using var xRing = new GuardedDeviceMap(accelerator, shape.WithRows(Math.Min(h, 3)));
            using var yRing = new GuardedDeviceMap(accelerator, shape.WithRows(Math.Min(h, 2)));
            for (int row = 0; row < h; row += 2)
            {
                int end = Math.Min(h, row + 2);
                xRing.Fill(values, row, end);
                run(accelerator, xRing.Map, yRing.Map, row, end);
                Assert.Equal(y.Read(row, end), yRing.Read(row, end));
            }
            xRing.AssertUntouchedAround();
            yRing.AssertUntouchedAround();
        }
    }

    private static (int N, int H, int W, int C)[] ShapesFor(TestAccelerator accelerator) => accelerator.IsSlow ? SmallShapes : Shapes;

    private const int Guard = 16;

    private static T[] Guarded<T>(int length, T poison)
    {
        var values = new T[length + 2 * Guard];
        Array.Fill(values, poison);
        return values;
    }

    private static ArrayView<T> Inside<T>(MemoryBuffer1D<T, Stride1D.Dense> buffer) where T : unmanaged =>
        buffer.View.AsContiguous().SubView(Guard, buffer.Length - 2 * Guard);

    private static void AssertGuarded<T>(T[] expected, T[] actual, T poison) =>
        Assert.Equal([.. Enumerable.Repeat(poison, Guard), .. expected, .. Enumerable.Repeat(poison, Guard)], actual);
}
