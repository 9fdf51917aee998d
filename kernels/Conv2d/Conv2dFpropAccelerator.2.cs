using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>A variant by the units in which its kernels access maps: a float or a <see cref="Float4"/>.</summary>
/// <typeparam name="TX">Unit of the input.</typeparam>
/// <typeparam name="TY">Unit of the residual and the output.</typeparam>
/// <param name="bias">The kernel, compiled for <see cref="Bias"/>.</param>
/// <param name="biasRelu">The same for <see cref="BiasRelu"/>.</param>
/// <param name="biasScaledResidual">The same for <see cref="BiasScaledResidual"/>.</param>
/// <param name="reluMask">The same for <see cref="ReluMask"/>.</param>
internal abstract unsafe class Conv2dFpropAccelerator<TX, TY>(
    Action<ArrayView<TX>, ArrayView<Float4>, ArrayView<TY>, ArrayView<TY>, Conv2dArguments> bias,
    Action<ArrayView<TX>, ArrayView<Float4>, ArrayView<TY>, ArrayView<TY>, Conv2dArguments> biasRelu,
    Action<ArrayView<TX>, ArrayView<Float4>, ArrayView<TY>, ArrayView<TY>, Conv2dArguments> biasScaledResidual,
    Action<ArrayView<TX>, ArrayView<Float4>, ArrayView<TY>, ArrayView<TY>, Conv2dArguments> reluMask) : Conv2dFpropAccelerator
    where TX : unmanaged
    where TY : unmanaged
{
    private readonly AcceleratorKernel<TX, Float4, TY, TY, Conv2dArguments> bias = new(bias, Threads, GroupsPerMultiprocessor);
    private readonly AcceleratorKernel<TX, Float4, TY, TY, Conv2dArguments> biasRelu = new(biasRelu, Threads, GroupsPerMultiprocessor);
    private readonly AcceleratorKernel<TX, Float4, TY, TY, Conv2dArguments> biasScaledResidual = new(biasScaledResidual, Threads, GroupsPerMultiprocessor);
    private readonly AcceleratorKernel<TX, Float4, TY, TY, Conv2dArguments> reluMask = new(reluMask, Threads, GroupsPerMultiprocessor);

    public sealed override IReadOnlyList<AcceleratorKernel> Kernels => [bias, biasRelu, biasScaledResidual, reluMask];

    public sealed override void Run(
        AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> x, ArrayView<Float4> filter, Epilogue epilogue, Conv2dShape shape, in DeviceMap<float> residual, in DeviceMap<float> y, int y0, int y1)
    {
        int inputUnit = sizeof(TX) / sizeof(float), outputUnit = sizeof(TY) / sizeof(float);
        var arguments = new Conv2dArguments
        {
            X = new MapLayout(x.Shape, inputUnit),
            Residual = new Conv2dOutput(new MapLayout(residual.IsEmpty ? y.Shape : residual.Shape, outputUnit), epilogue.Shuffle),
            Y = new Conv2dOutput(new MapLayout(y.Shape, outputUnit), epilogue.Shuffle),
            InputBegin = Math.Max(0, y0 - 1),
            InputEnd = Math.Min(shape.H, y1 + 1),
            Y0 = y0,
            Y1 = y1,
            Width = shape.W,
            K = shape.K / outputUnit,
            Scale = epilogue.Scale,
        };
        int groups = Groups(ref arguments, shape);
        Kernel(epilogue).Launch(device, stream, groups, x.View.Cast<TX>(), filter, residual.View.Cast<TY>(), y.View.Cast<TY>(), arguments);
    }

    /// <summary>Sets the tiles and slices of a launch, whose rows are set, and gives the number of groups.</summary>
    protected abstract int Groups(ref Conv2dArguments arguments, Conv2dShape shape);

    /// <summary>The one place where a descriptor becomes a type.</summary>
    private AcceleratorKernel<TX, Float4, TY, TY, Conv2dArguments> Kernel(Epilogue epilogue) =>
        epilogue.Mask ? reluMask : epilogue.Residual ? biasScaledResidual : epilogue.Relu ? biasRelu : bias;
}
