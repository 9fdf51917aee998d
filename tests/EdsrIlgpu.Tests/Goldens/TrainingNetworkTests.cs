using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Tests.Goldens;

/// <summary>Ten steps of training of whole networks against the goldens: gradients, losses, and what becomes of the parameters.</summary>
[Trait(TestAccelerators.Trait, "yes")]
public class TrainingNetworkTests(TestAccelerators accelerators)
{
    // Adam divides by √v: what is left of small gradients after rounding decides their steps.
    private const double ParameterTolerance = 1e-4;

    public static TheoryData<string> Networks => ForwardNetworkTests.Networks;

    [Theory]
    [MemberData(nameof(Networks))]
    public void Training_meets_the_goldens_on_the_host(string name)
    {
        foreach (var device in ForwardNetworkTests.Hosts())
            using (device)
                Meets(name, device);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Training_meets_the_goldens_on_accelerators(string name)
    {
        foreach (var device in accelerators.Devices)
            Meets(name, device);
    }

    private static void Meets(string name, ComputeDevice device)
    {
        using var golden = Golden.Open(name);
        var graph = Edsr.Build(golden.Config);
        int[] shape = golden.Shape("x");
        string where = $"{name}, {device.Name}, {device.Description}";
        using var executor = device.CreateTrainingExecutor(graph, new TrainingPlan(graph, shape[0], shape[2], shape[3], inputGradient: true));
        var flat = new float[executor.Parameters.Length];
        executor.Parameters.FromModel(golden.Parameters, flat);
        executor.Write(TrainingBuffer.Parameters, flat);
        float[] offsets = golden.Config.Range.InputOffset;
        executor.Load(Shift(golden.Map("x")), Shift(golden.Map("t")));

        var losses = new List<float>();
        for (int step = 1; step <= 10; step++)
        {
            executor.Forward();
            losses.Add(executor.Loss(golden.Loss));
            executor.ZeroGradients();
            executor.Backward();
            if (step == 1)
            {
                executor.Read(TrainingBuffer.Gradients, flat);
                foreach (var (parameter, gradient) in executor.Parameters.ToModel(flat))
                    Golden.AssertMeets(golden.Read($"grad.{parameter}"), gradient, $"gradient of {parameter}, {where}");
                Golden.AssertMeets(golden.Map("grad.x"), executor.ReadInputGradient(), $"gradient of x, {where}");
                double norm = Math.Sqrt(flat.Sum(g => (double)g * g));
                Assert.Equal(1, executor.GradientNorm() / norm, 1e-6);
            }
            executor.Adam(new AdamStep(step, 1e-3f), 1);
        }
        Golden.AssertMeets(golden.Read("losses"), losses, $"losses, {where}");
        executor.Read(TrainingBuffer.Parameters, flat);
        foreach (var (parameter, values) in executor.Parameters.ToModel(flat))
            Golden.AssertMeets(golden.Read($"param10.{parameter}"), values, $"{parameter} after ten steps, {where}", ParameterTolerance);

        // Network values; the golden's are pixels.
        float[] Shift(float[] map) => [.. map.Select((v, i) => v + offsets[i % offsets.Length])];
    }
}
