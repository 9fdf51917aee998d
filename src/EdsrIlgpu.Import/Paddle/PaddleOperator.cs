namespace EdsrIlgpu.Import.Paddle;

/// <summary>An operator of a program.</summary>
/// <param name="Type">Its name, as conv2d.</param>
internal sealed record PaddleOperator(string Type)
{
    /// <summary>The variables that it reads, by the parameter's name.</summary>
    public Dictionary<string, List<string>> Inputs => field ??= [];

    /// <summary>The variables that it writes, by the parameter's name.</summary>
    public Dictionary<string, List<string>> Outputs => field ??= [];

    /// <summary>Attributes that are numbers or lists of numbers.</summary>
    public Dictionary<string, IReadOnlyList<double>> Numbers => field ??= [];

    /// <summary>Attributes that are text.</summary>
    public Dictionary<string, string> Texts => field ??= [];

    /// <summary>The only variable of an input; empty if there is none or more than one.</summary>
    public string Input(string parameter) => Inputs.GetValueOrDefault(parameter) is [var only] ? only : "";

    /// <summary>A number, or what it is if the operator does not say.</summary>
    public double Number(string attribute, double otherwise) => Numbers.GetValueOrDefault(attribute) is [var number] ? number : otherwise;

    /// <summary>Whether all numbers of an attribute are of a value; so they are if the operator does not say.</summary>
    public bool All(string attribute, double value) => Numbers.GetValueOrDefault(attribute, []).All(number => number == value);
}
