namespace EdsrIlgpu.Models;

/// <summary>An EDSR network in host memory: what it is, its parameters, and what its file says about it. On no device yet.</summary>
public sealed class EdsrModel
{
    /// <summary>Takes the parameters; nothing is copied.</summary>
    /// <param name="config">Architecture and range.</param>
    /// <param name="parameters">
    /// For each convolution of <see cref="Edsr.Build"/> <c>name.weight</c> [K, C, 3, 3] and <c>name.bias</c> [K], in PyTorch's order.
    /// </param>
    /// <param name="metadata">What else is known of it (recipe, PSNR, …); may be null.</param>
    /// <exception cref="ArgumentException">A parameter is missing or has another length.</exception>
    public EdsrModel(EdsrConfig config, IReadOnlyDictionary<string, float[]> parameters, IReadOnlyDictionary<string, string>? metadata = null)
    {
        foreach (var (name, k, c, _) in Edsr.Build(config).Parameters)
        {
            Require(parameters, $"{name}.weight", k * c * 9);
            Require(parameters, $"{name}.bias", k);
            ParameterCount += k * c * 9 + k;
        }
        (Config, Parameters, Metadata) = (config, parameters, metadata ?? new Dictionary<string, string>());
    }

    /// <summary>Architecture and range.</summary>
    public EdsrConfig Config { get; }

    /// <summary>Filters [K, C, 3, 3] and biases [K] by name, in PyTorch's order.</summary>
    public IReadOnlyDictionary<string, float[]> Parameters { get; }

    /// <summary>What else is known of it.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Number of trained values; tied ones count once, mean shifts do not count.</summary>
    public long ParameterCount { get; }

    private static void Require(IReadOnlyDictionary<string, float[]> parameters, string name, int length)
    {
        if (!parameters.TryGetValue(name, out var values))
            throw new ArgumentException($"The parameter {name} is missing.");
        if (values.Length != length)
            throw new ArgumentException($"The parameter {name} has {values.Length} values; it needs {length}.");
    }
}
