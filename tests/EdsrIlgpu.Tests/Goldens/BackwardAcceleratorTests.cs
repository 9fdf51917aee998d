using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Tests.Goldens;

/// <summary>The gradients that accelerators compute against the goldens.</summary>
[Trait(TestAccelerators.Trait, "yes")]
public class BackwardAcceleratorTests(TestAccelerators accelerators)
{
    [Fact]
    public void Gradients_of_convolutions_meet_the_goldens()
    {
        using var golden = Golden.Open("ops");
        foreach (var device in accelerators.Devices)
            foreach (string name in golden.Cases("conv.", ".dw"))
            {
                using var accelerator = new AcceleratorScratch(device);
                var size = golden.Shape($"{name}.x");
                var shape = new Conv2dShape(size[0], size[2], size[3], size[1], golden.Shape($"{name}.w")[0]);
                var x = accelerator.Map(new MapShape(shape.N, shape.H, shape.W, shape.C), golden.Map($"{name}.x"));
                var dy = accelerator.Map(new MapShape(shape.N, shape.H, shape.W, shape.K), golden.Map($"{name}.dy"));
                float[] filter = FilterLayout.ToKernel(golden.Read($"{name}.w"), shape.K, shape.C, 1), turned = new float[filter.Length];
                Conv2dDgrad.Turn(filter, shape.K, shape.C, turned);
                string where = $"{name}, {device.Name}";

                var dgrad = Conv2dKernels.Choose(accelerator.Device, shape.Transposed, Epilogue.Bias);
                using var packed = dgrad.Pack(accelerator.Stream, turned, new float[shape.C]);
                var dx = accelerator.Map(x.Shape);
                Conv2dKernels.Fprop(accelerator.Stream, dgrad, dy, packed, default, dx, 0, shape.H);
                Golden.AssertMeets(golden.Map($"{name}.dx"), accelerator.Read(dx), $"{where}, dx");

                var wgrad = Conv2dKernels.ChooseWgrad(accelerator.Device, shape);
                var workspace = accelerator.Upload([.. Enumerable.Repeat(float.NaN, (int)wgrad.WorkspaceElements)]);
                var dw = accelerator.Upload(new float[shape.FilterLength]);
                var db = accelerator.Upload(new float[shape.K]);
                Conv2dKernels.Wgrad(accelerator.Stream, wgrad, x, dy, 1, workspace, dw, db);
                Golden.AssertMeets(FilterLayout.ToKernel(golden.Read($"{name}.dw"), shape.K, shape.C, 1), accelerator.Read(dw), $"{where}, dw");
                Golden.AssertMeets(golden.Read($"{name}.db"), accelerator.Read(db), $"{where}, db");
            }
    }

    [Fact]
    public void Gradients_of_pixel_shuffles_are_the_goldens()
    {
        using var golden = Golden.Open("ops");
        foreach (var device in accelerators.Devices)
            foreach (string name in golden.Cases("pixel_shuffle.", ".dx"))
            {
                using var accelerator = new AcceleratorScratch(device);
                int[] x = golden.Shape($"{name}.dx"), y = golden.Shape($"{name}.dy");
                int factor = y[2] / x[2];
                var dy = accelerator.Map(new MapShape(y[0], y[2], y[3], y[1]), golden.Map($"{name}.dy"));
                var dx = accelerator.Map(new MapShape(x[0], x[2], x[3], x[1]));
                PixelShuffleKernels.Backward(accelerator.Device, accelerator.Stream, dy, factor, dx, 0, x[2]);
                Assert.Equal(golden.Map($"{name}.dx", factor), accelerator.Read(dx));
            }
    }
}
