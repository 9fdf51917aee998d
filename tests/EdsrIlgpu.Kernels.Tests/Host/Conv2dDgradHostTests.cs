namespace EdsrIlgpu.Kernels.Tests.Host;

/// <summary>The gradient of the input, computed by every forward variant on the turned filter, against its own reference.</summary>
public class Conv2dDgradHostTests
{
    public static TheoryData<HostSimd> Widths => Conv2dFpropHostTests.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_forward_variant_computes_the_gradient_of_the_input(HostSimd simd)
    {
        using var device = new HostDevice(2, simd);
        foreach (var shape in Conv2dProblems.Odd)
        {
            long pixels = (long)shape.N * shape.H * shape.W;
            double[] filter = TestValues.Random(shape.FilterLength, 1), gradient = TestValues.Random(pixels * shape.K, 2);
            double[] output = ReluReference.Forward(TestValues.Random(pixels * shape.C, 3));
            double[] expected = ReluReference.Backward(output, Conv2dReference.Dgrad(gradient, filter, shape));
            var turned = new float[shape.FilterLength];
            Conv2dDgrad.Turn(TestValues.Single(filter), shape.K, shape.C, turned);
            foreach (var variant in Conv2dHostVariants.Fprop.Where(v => v.Supports(device, shape.Transposed, Epilogue.ReluMask)))
            {
                using var packed = variant.Pack(device, turned, new float[shape.C], shape.Transposed, Epilogue.ReluMask);
                using var dy = new GuardedMap(new MapShape(shape.N, shape.H, shape.W, shape.K), gradient);
                using var mask = new GuardedMap(new MapShape(shape.N, shape.H, shape.W, shape.C), output);
                using var dx = new GuardedMap(mask.Shape);
                variant.Run(device, dy.Map, packed, Epilogue.ReluMask, mask.Map, dx.Map, 0, shape.H);
                dx.AssertUntouchedAround();
                double error = TestValues.Nmse(dx.Read(0, shape.H), expected);
                Assert.True(error <= variant.MaxNmse, $"{variant.Name} {simd} {shape}: NMSE {error:E2}");
            }
        }
    }

    [Fact]
    public void Filters_of_another_size_are_not_turned()
    {
        Assert.Throws<ArgumentException>(() => Conv2dDgrad.Turn(new float[9 * 6], 2, 4, new float[9 * 8]));
        Assert.Throws<ArgumentException>(() => Conv2dDgrad.Turn(new float[9 * 8], 2, 4, new float[9 * 6]));
        Assert.Throws<ArgumentException>(() => Conv2dDgrad.Turn([], 0, 4, []));
    }
}
