using System.Text.Json.Nodes;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Benchmarks;

/// <summary>What is timed. The one list that every table is made from, and that the comparison with PyTorch reads.</summary>
internal sealed class BenchmarkProblems
{
    /// <summary>Forward convolutions, with bias and ReLU.</summary>
    public required IReadOnlyList<Conv2dShape> Fprop { get; init; }

    /// <summary>Convolutions whose input's gradient is taken, with a ReLU's mask.</summary>
    public required IReadOnlyList<Conv2dShape> Dgrad { get; init; }

    /// <summary>Convolutions whose filter's gradient is taken.</summary>
    public required IReadOnlyList<Conv2dShape> Wgrad { get; init; }

    /// <summary>Networks, bytes to bytes.</summary>
    public required IReadOnlyList<NetworkProblem> Networks { get; init; }

    /// <summary>Training steps.</summary>
    public required IReadOnlyList<TrainingProblem> Training { get; init; }

    /// <summary>For a few cores.</summary>
    public static BenchmarkProblems Small { get; } = new()
    {
        Fprop = [new(1, 128, 128, 64, 64), new(1, 64, 64, 256, 256), new(16, 48, 48, 32, 32), new(1, 128, 128, 3, 64), new(1, 128, 128, 64, 256), new(1, 256, 256, 64, 3)],
        // A training step's, of 16 patches of 48×48.
        Dgrad = [new(16, 48, 48, 64, 64), new(16, 48, 48, 32, 32), new(16, 48, 48, 64, 256), new(16, 96, 96, 64, 3)],
        Wgrad = [new(16, 48, 48, 64, 64), new(16, 48, 48, 32, 32), new(16, 48, 48, 3, 64), new(16, 48, 48, 3, 32), new(16, 48, 48, 64, 256), new(16, 48, 48, 32, 128), new(4, 48, 48, 256, 256), new(16, 96, 96, 64, 3), new(16, 96, 96, 32, 3)],
        Networks = [new(new EdsrConfig(8, 64, 2), 256, 256), new(EdsrConfig.Baseline(2), 256, 256), new(EdsrConfig.Full(2), 64, 64)],
        Training = [new(EdsrConfig.Baseline(2), 16, 48), new(new EdsrConfig(8, 32, 2), 16, 48)],
    };

    /// <summary>For GPUs, which smaller ones would leave half idle.</summary>
    public static BenchmarkProblems Large { get; } = new()
    {
        Fprop = [new(1, 540, 960, 64, 64), new(1, 270, 480, 256, 256), new(1, 540, 960, 32, 32), new(1, 540, 960, 3, 64), new(1, 540, 960, 64, 256), new(1, 1080, 1920, 64, 3), new(16, 48, 48, 64, 64), new(16, 48, 48, 256, 256)],
        Dgrad = [new(16, 48, 48, 64, 64), new(16, 48, 48, 256, 256), new(16, 48, 48, 64, 256), new(16, 96, 96, 64, 3)],
        Wgrad = [new(16, 48, 48, 64, 64), new(16, 48, 48, 256, 256), new(16, 48, 48, 3, 64), new(16, 48, 48, 64, 256), new(16, 96, 96, 64, 3)],
        Networks = [new(new EdsrConfig(8, 32, 2), 540, 960), new(EdsrConfig.Baseline(2), 540, 960), new(EdsrConfig.Baseline(2), 1080, 1920), new(EdsrConfig.Full(2), 270, 480)],
        Training = [new(new EdsrConfig(8, 32, 2), 16, 48), new(EdsrConfig.Baseline(2), 16, 48), new(EdsrConfig.Full(2), 16, 48)],
    };

    /// <summary>The list for programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["fprop"] = Convolutions(Fprop),
        ["dgrad"] = Convolutions(Dgrad),
        ["wgrad"] = Convolutions(Wgrad),
        ["network"] = new JsonArray([.. Networks.Select(p => Network(p.Config, p.ToString(), ("height", p.Height), ("width", p.Width)))]),
        ["training"] = new JsonArray([.. Training.Select(p => Network(p.Config, p.ToString(), ("batch", p.Batch), ("patch", p.Patch)))]),
    };

    private static JsonArray Convolutions(IReadOnlyList<Conv2dShape> shapes) => new([.. shapes.Select(s => (JsonNode)new JsonObject
    {
        ["problem"] = s.ToString(),
        ["n"] = s.N,
        ["h"] = s.H,
        ["w"] = s.W,
        ["c"] = s.C,
        ["k"] = s.K,
    })]);

    private static JsonNode Network(EdsrConfig config, string problem, params (string Name, int Value)[] sizes)
    {
        var network = new JsonObject
        {
            ["problem"] = problem,
            ["blocks"] = config.Blocks,
            ["features"] = config.Features,
            ["scale"] = config.Scale,
            ["residualScale"] = config.ResidualScale,
        };
        foreach (var (name, value) in sizes)
            network[name] = value;
        return network;
    }
}
