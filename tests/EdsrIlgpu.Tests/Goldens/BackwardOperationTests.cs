using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Tests.Goldens;

/// <summary>The references' gradients and those of the host's kernels, at every vector width, against the goldens.</summary>
public class BackwardOperationTests
{
    [Fact]
    public void Gradients_of_convolutions_meet_the_goldens()
    {
        using var golden = Golden.Open("ops");
        int cases = 0;
        foreach (string name in golden.Cases("conv.", ".dw"))
        {
            var x = golden.Shape($"{name}.x");
            var shape = new Conv2dShape(x[0], x[2], x[3], x[1], golden.Shape($"{name}.w")[0]);
            float[] input = golden.Map($"{name}.x"), gradient = golden.Map($"{name}.dy"), filter = FilterLayout.ToKernel(golden.Read($"{name}.w"), shape.K, shape.C, 1);
            float[] dx = golden.Map($"{name}.dx"), dw = FilterLayout.ToKernel(golden.Read($"{name}.dw"), shape.K, shape.C, 1), db = golden.Read($"{name}.db");

            Golden.AssertMeets(dx, Single(Conv2dReference.Dgrad(Double(gradient), Double(filter), shape)), $"{name}, dx, reference");
            var (filterGradient, biasGradient) = Conv2dReference.Wgrad(Double(input), Double(gradient), shape);
            Golden.AssertMeets(dw, Single(filterGradient), $"{name}, dw, reference");
            Golden.AssertMeets(db, Single(biasGradient), $"{name}, db, reference");

            foreach (var device in HostDevices.All())
            {
                string on = $"{name}, {device.Simd}";
                Golden.AssertMeets(dx, Dgrad(device, shape, filter, gradient), $"{on}, dx");
                var (actualFilter, actualBias) = Wgrad(device, shape, input, gradient);
                Golden.AssertMeets(dw, actualFilter, $"{on}, dw");
                Golden.AssertMeets(db, actualBias, $"{on}, db");
                device.Dispose();
            }
            cases++;
        }
        Assert.Equal(6, cases);
    }

    [Fact]
    public void Gradients_of_pixel_shuffles_are_the_goldens()
    {
        using var golden = Golden.Open("ops");
        using var device = new HostDevice(2);
        int cases = 0;
        foreach (string name in golden.Cases("pixel_shuffle.", ".dx"))
        {
            int[] x = golden.Shape($"{name}.dx"), y = golden.Shape($"{name}.dy");
            int factor = y[2] / x[2];
            using PoisonedMap dy = new(new MapShape(y[0], y[2], y[3], y[1]), golden.Map($"{name}.dy")), dx = new(new MapShape(x[0], x[2], x[3], x[1]));
            PixelShuffleKernels.Backward(device, dy.Map, factor, dx.Map, 0, x[2]);
            Assert.Equal(golden.Map($"{name}.dx", factor), dx.Read());
            cases++;
        }
        Assert.Equal(3, cases);
    }

    private static float[] Dgrad(HostDevice device, Conv2dShape shape, float[] filter, float[] gradient)
    {
        var turned = new float[filter.Length];
        Conv2dDgrad.Turn(filter, shape.K, shape.C, turned);
        var plan = Conv2dKernels.Choose(device, shape.Transposed, Epilogue.Bias);
        using var packed = plan.Pack(turned, new float[shape.C]);
        using PoisonedMap dy = new(new MapShape(shape.N, shape.H, shape.W, shape.K), gradient), dx = new(new MapShape(shape.N, shape.H, shape.W, shape.C));
        Conv2dKernels.Fprop(plan, dy.Map, packed, default, dx.Map, 0, shape.H);
        return dx.Read();
    }

    private static (float[] Dw, float[] Db) Wgrad(HostDevice device, Conv2dShape shape, float[] input, float[] gradient)
    {
        var plan = Conv2dKernels.ChooseWgrad(device, shape);
        using PoisonedMap x = new(new MapShape(shape.N, shape.H, shape.W, shape.C), input), dy = new(new MapShape(shape.N, shape.H, shape.W, shape.K), gradient);
        float[] dw = new float[shape.FilterLength], db = new float[shape.K];
        Conv2dKernels.Wgrad(plan, x.Map, dy.Map, 1, new float[plan.WorkspaceElements], dw, db);
        return (dw, db);
    }

    private static double[] Double(float[] values) => [.. values.Select(v => (double)v)];

    private static float[] Single(double[] values) => [.. values.Select(v => (float)v)];
}
