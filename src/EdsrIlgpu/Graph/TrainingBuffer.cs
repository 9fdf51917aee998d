namespace EdsrIlgpu.Graph;

/// <summary>The flat buffers of a network in training, all laid out by <see cref="ParameterLayout"/>.</summary>
public enum TrainingBuffer
{
    /// <summary>What is trained.</summary>
    Parameters,

    /// <summary>The loss's derivatives by the parameters, summed since they were last zeroed.</summary>
    Gradients,

    /// <summary>Adam's running means of the gradients.</summary>
    FirstMoments,

    /// <summary>Adam's running means of their squares.</summary>
    SecondMoments,

    /// <summary>The parameters' exponential moving average.</summary>
    Average,
}
