using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Graph;

/// <summary>One launch of the backward pass.</summary>
/// <param name="From">The gradient it reads.</param>
/// <param name="To">The gradient it writes; null where it writes parameters' gradients.</param>
internal abstract record BackwardStep(GradientMap From, GradientMap? To);

/// <summary>Backward of a ReLU in place: the gradient is kept where the saved output <paramref name="Y"/> is above 0.</summary>
internal sealed record ReluBackwardStep(Value Y, GradientMap Gradient) : BackwardStep(Gradient, Gradient);

/// <summary>Backward of PixelShuffle: space to depth.</summary>
internal sealed record PixelShuffleBackwardStep(GradientMap Shuffled, int Factor, GradientMap Plain) : BackwardStep(Shuffled, Plain);

/// <summary>to = factor · from, or to += factor · from.</summary>
internal sealed record PassGradientStep(GradientMap Source, float Factor, bool Accumulate, GradientMap Target) : BackwardStep(Source, Target);

/// <summary>A convolution's filter and bias gradients, added to what is there.</summary>
internal sealed record WgradStep(Conv2dStep Conv, GradientMap Dy) : BackwardStep(Dy, null);

/// <summary>A convolution's input gradient: a convolution of its own, with the filter turned.</summary>
/// <param name="Conv">The forward step.</param>
/// <param name="Dy">Gradient of the sums, before PixelShuffle.</param>
/// <param name="Epilogue">Stores, adds to what is there, or stores under the mask of the input, which is a ReLU's output.</param>
/// <param name="Dx">Gradient of the input.</param>
internal sealed record DgradStep(Conv2dStep Conv, GradientMap Dy, Epilogue Epilogue, GradientMap Dx) : BackwardStep(Dy, Dx);
