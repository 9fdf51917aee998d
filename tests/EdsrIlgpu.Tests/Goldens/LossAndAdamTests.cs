using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Tests.Goldens;

/// <summary>Losses with their gradients, and five steps of Adam, by the references, the host and accelerators against the goldens.</summary>
[Trait(TestAccelerators.Trait, "yes")]
public class LossAndAdamTests(TestAccelerators accelerators)
{
    private const int Steps = 5;

    public static TheoryData<LossFunction, string> Losses => new() { { LossFunction.L1, "l1" }, { LossFunction.Mse, "mse" } };

    [Theory]
    [MemberData(nameof(Losses))]
    public void Losses_meet_the_goldens(LossFunction loss, string name)
    {
        using var golden = Golden.Open("ops");
        float[] x = golden.Map($"{name}.x"), target = golden.Map($"{name}.t"), value = golden.Read($"{name}.loss"), dx = golden.Map($"{name}.dx");
        Golden.AssertMeets(value, [(float)LossReference.Forward(loss, Double(x), Double(target))], "reference");
        Golden.AssertMeets(dx, Single(LossReference.Backward(loss, Double(x), Double(target))), "gradient, reference");

        var shape = Shape(golden, name);
        using var device = new HostDevice(2);
        using PoisonedMap y = new(shape, x), t = new(shape, target), dy = new(shape);
        float actual = LossKernels.ForwardBackward(device, loss, y.Map, t.Map, dy.Map, new double[shape.N * shape.H]);
        Golden.AssertMeets(value, [actual], "host");
        Golden.AssertMeets(dx, dy.Read(), "gradient, host");
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Losses_meet_the_goldens_on_accelerators(LossFunction loss, string name)
    {
        using var golden = Golden.Open("ops");
        var shape = Shape(golden, name);
        foreach (var device in accelerators.Devices)
        {
            using var accelerator = new AcceleratorScratch(device);
            var y = accelerator.Map(shape, golden.Map($"{name}.x"));
            var target = accelerator.Map(shape, golden.Map($"{name}.t"));
            var dy = accelerator.Map(shape);
            var workspace = accelerator.Upload(new float[LossKernels.WorkspaceElements(shape)]);
            var result = accelerator.Upload(float.NaN);
            LossKernels.ForwardBackward(accelerator.Device, accelerator.Stream, loss, y, target, dy, workspace, result);
            Golden.AssertMeets(golden.Read($"{name}.loss"), accelerator.Read(result), device.Name);
            Golden.AssertMeets(golden.Map($"{name}.dx"), accelerator.Read(dy), $"gradient, {device.Name}");
        }
    }

    [Fact]
    public void Steps_of_adam_meet_the_goldens()
    {
        using var golden = Golden.Open("ops");
        float[] w = golden.Read("adam.w0"), m = new float[w.Length], v = new float[w.Length];
        double[] expectedW = Double(w), expectedM = new double[w.Length], expectedV = new double[w.Length];
        using var device = new HostDevice(2);
        for (int step = 1; step <= Steps; step++)
        {
            var gradient = golden.Read($"adam.g{step - 1}");
            var after = golden.Read($"adam.w{step}");
            AdamReference.Update(new AdamStep(step, 1e-2f), 1, Double(gradient), expectedW, expectedM, expectedV);
            Golden.AssertMeets(after, Single(expectedW), $"step {step}, reference");
            AdamKernels.Update(device, new AdamStep(step, 1e-2f), 1, gradient, w, m, v);
            Golden.AssertMeets(after, w, $"step {step}, host");
        }
    }

    [Fact]
    public void Steps_of_adam_meet_the_goldens_on_accelerators()
    {
        using var golden = Golden.Open("ops");
        foreach (var device in accelerators.Devices)
        {
            using var accelerator = new AcceleratorScratch(device);
            var w = accelerator.Upload(golden.Read("adam.w0"));
            var m = accelerator.Upload(new float[w.Length]);
            var v = accelerator.Upload(new float[w.Length]);
            for (int step = 1; step <= Steps; step++)
            {
                var gradient = accelerator.Upload(golden.Read($"adam.g{step - 1}"));
                AdamKernels.Update(accelerator.Device, accelerator.Stream, new AdamStep(step, 1e-2f), 1, gradient, w, m, v);
                Golden.AssertMeets(golden.Read($"adam.w{step}"), accelerator.Read(w), $"step {step}, {device.Name}");
            }
        }
    }

    private static MapShape Shape(Golden golden, string name)
    {
        var x = golden.Shape($"{name}.x");
        return new MapShape(x[0], x[2], x[3], x[1]);
    }

    private static double[] Double(float[] values) => [.. values.Select(v => (double)v)];

    private static float[] Single(double[] values) => [.. values.Select(v => (float)v)];
}
