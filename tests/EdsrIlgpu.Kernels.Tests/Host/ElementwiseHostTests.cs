namespace EdsrIlgpu.Kernels.Tests.Host;

/// <summary>The small operations on the host against their references, on guarded and poisoned maps.</summary>
public unsafe class ElementwiseHostTests
{
    private static readonly (int N, int H, int W, int C)[] Shapes = [(1, 1, 1, 1), (2, 3, 5, 3), (1, 7, 13, 36), (3, 2, 1, 9), (1, 5, 33, 64)];

    [Fact]
    public void Relu_meets_the_reference() =>
        Each((device, x, map, y) =>
        {
            ReluKernels.Forward(device, map, y.Map, 0, map.Shape.H);
            return ReluReference.Forward(x);
        });

    [Fact]
    public void Relu_keeps_nan()
    {
        using var device = new HostDevice(1);
        using var map = new GuardedMap(new MapShape(1, 1, 17, 1), [.. Enumerable.Repeat(double.NaN, 17)]);
        ReluKernels.Forward(device, map.Map, map.Map, 0, 1);
        Assert.All(map.Read(0, 1), v => Assert.True(double.IsNaN(v)));
    }

    [Fact]
    public void Relu_backward_meets_the_reference_also_in_place() =>
        Each((device, y, map, dx) =>
        {
            // Half of the outputs are 0, as ReLU leaves them.
            using var output = new GuardedMap(map.Shape, ReluReference.Forward(y));
            var dy = TestValues.Random(y.Length, 9);
            dx.Fill(dy, 0, map.Shape.H);
            for (int row = 0; row < map.Shape.H; row++)
                ReluKernels.Backward(device, output.Map, dx.Map, dx.Map, row, row + 1);
            return ReluReference.Backward(ReluReference.Forward(y), dy);
        });

    [Fact]
    public void Relu_has_no_gradient_where_its_output_is_zero_or_nan()
    {
        using var device = new HostDevice(1);
        double[] outputs = [.. Enumerable.Range(0, 40).Select(i => new double[] { 0, double.NaN, 1e-30, -0.0 }[i % 4])];
        using var y = new GuardedMap(new MapShape(1, 1, 40, 1), outputs);
        using var dy = new GuardedMap(new MapShape(1, 1, 40, 1), [.. Enumerable.Repeat(2.0, 40)]);
        ReluKernels.Backward(device, y.Map, dy.Map, dy.Map, 0, 1);
        Assert.Equal([.. outputs.Select(v => v > 0 ? 2.0 : 0)], dy.Read(0, 1));
    }

    [Fact]
    public void Scaled_residual_add_backward_meets_the_reference() =>
        Each((device, dy, map, dx) =>
        {
            // The first one overwrites what is NaN.
            ScaledResidualAddKernels.Backward(device, map, 0.25f, false, dx.Map, 0, map.Shape.H);
            for (int row = 0; row < map.Shape.H; row++)
                ScaledResidualAddKernels.Backward(device, map, -2, true, dx.Map, row, row + 1);
            return ScaledResidualAddReference.Backward(dy, -2, ScaledResidualAddReference.Backward(dy, 0.25));
        });

    [Fact]
    public void Scaled_residual_add_meets_the_reference() =>
        Each((device, x, map, y) =>
        {
            var residual = TestValues.Random(x.Length, 9);
            y.Fill(residual, 0, map.Shape.H);
            ScaledResidualAddKernels.Forward(device, map, y.Map, 0.25f, y.Map, 0, map.Shape.H);
            return ScaledResidualAddReference.Forward(x, residual, 0.25);
        });

    [Fact]
    public void Pixel_shuffle_meets_the_reference_and_its_backward_undoes_it()
    {
        using var device = new HostDevice(2);
        foreach (var (n, h, w, c, r) in ((int, int, int, int, int)[])[(1, 1, 1, 1, 2), (2, 3, 5, 3, 2), (1, 4, 3, 5, 3)])
        {
            var x = TestValues.Random(n * h * w * c * r * r, 5);
            using var map = new GuardedMap(new MapShape(n, h, w, c * r * r), x);
            using var y = new GuardedMap(new MapShape(n, h * r, w * r, c));
            for (int row = 0; row < h; row++)
                PixelShuffleKernels.Forward(device, map.Map, r, y.Map, row, row + 1);
            y.AssertUntouchedAround();
            Assert.Equal(PixelShuffleReference.Forward(x, n, h, w, c, r), y.Read(0, h * r));
            Assert.Equal(x, PixelShuffleReference.Inverse(y.Read(0, h * r), n, h, w, c, r));

            using var dx = new GuardedMap(map.Shape);
            for (int row = 0; row < h; row++)
                PixelShuffleKernels.Backward(device, y.Map, r, dx.Map, row, row + 1);
            dx.AssertUntouchedAround();
            Assert.Equal(x, dx.Read(0, h));
        }
    }

    [Fact]
    public void Every_orientation_meets_the_reference_and_is_undone()
    {
        using var device = new HostDevice(2);
        foreach (var orientation in Enum.GetValues<Dihedral>())
        {
            var shape = new MapShape(2, 3, 5, 4);
            var x = TestValues.Random(shape.N * shape.H * shape.W * shape.C, 6);
            using var map = new GuardedMap(shape, x);
            using var turned = new GuardedMap(orientation.Output(shape));
            using var back = new GuardedMap(shape);
            DihedralKernels.Forward(device, map.Map, orientation, turned.Map);
            DihedralKernels.Forward(device, turned.Map, orientation.Inverse(), back.Map);
            turned.AssertUntouchedAround();
            Assert.Equal(DihedralReference.Forward(x, 2, 3, 5, 4, orientation), turned.Read(0, turned.Shape.H));
            Assert.Equal(x, back.Read(0, shape.H));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Pixels_go_in_and_come_back(int channels)
    {
        using var device = new HostDevice(2);
        var shape = new MapShape(2, 5, 7, channels);
        var random = new Random(7);
        var bytes = new byte[2 * 5 * 7 * channels];
        random.NextBytes(bytes);
        var words = bytes.Select(b => (ushort)(b * 257 - b % 3 * 85 & 0xFFFF)).ToArray();
        var affine = new PixelAffine(1 / 255f, -0.4f, -0.5f, 0.25f, 0.125f);
        var affine16 = affine with { Gain = 1 / 65535f };
        using var map = new GuardedMap(shape);
        fixed (byte* p = bytes, back = new byte[bytes.Length])
        {
            PixelNormKernels.Load(device, p, affine, map.Map, 0, 2);
            PixelNormKernels.Load(device, p, affine, map.Map, 2, 5);
            Assert.True(TestValues.Nmse(map.Read(0, 5), PixelNormReference.Load(bytes, channels, affine)) < 1e-13);
            PixelNormKernels.Store(device, map.Map, affine.Inverse, back, 0, 5);
            Assert.Equal(bytes, new Span<byte>(back, bytes.Length).ToArray());
        }
        fixed (ushort* p = words, back = new ushort[words.Length])
        {
            PixelNormKernels.Load(device, p, affine16, map.Map, 0, 5);
            Assert.True(TestValues.Nmse(map.Read(0, 5), PixelNormReference.Load(words, channels, affine16)) < 1e-13);
            PixelNormKernels.Store(device, map.Map, affine16.Inverse, back, 0, 5);
            Assert.Equal(words, new Span<ushort>(back, words.Length).ToArray());
        }
        map.AssertUntouchedAround();
    }

    [Fact]
    public void Values_out_of_range_are_clamped_and_nan_is_black()
    {
        using var device = new HostDevice(1);
        double[] values = [-3, 254.4, 254.6, 300, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 127.5];
        using var map = new GuardedMap(new MapShape(1, 1, values.Length, 1), values);
        var pixels = new byte[values.Length];
        fixed (byte* p = pixels)
            PixelNormKernels.Store(device, map.Map, new PixelAffine(1), p, 0, 1);
        Assert.Equal<byte>([0, 254, 255, 255, 0, 255, 0, 128], pixels);
    }

    private static void Each(Func<HostDevice, double[], HostMap<float>, GuardedMap, double[]> run)
    {
        using var device = new HostDevice(2);
        foreach (var (n, h, w, c) in Shapes)
        {
            var x = TestValues.Random(n * h * w * c, 8);
            using var map = new GuardedMap(new MapShape(n, h, w, c), x);
            using var y = new GuardedMap(new MapShape(n, h, w, c));
            var expected = run(device, x, map.Map, y);
            map.AssertUntouchedAround();
            y.AssertUntouchedAround();
            Assert.True(TestValues.Nmse(y.Read(0, h), expected) < 1e-13);
        }
    }
}
