using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Tests.Graph;

/// <summary>Walks a graph's steps with the plain references, in double, on dense arrays: what executors are held against.</summary>
internal sealed class ReferenceNetwork(LayerGraph graph, IReadOnlyDictionary<string, float[]> parameters)
{
    /// <summary>All values, [N, H, W, C] dense, by name.</summary>
    public Dictionary<string, double[]> Run(double[] x, int n, int h, int w)
    {
        var values = new Dictionary<string, double[]>();
        foreach (var step in graph.Steps)
        {
            int rows = h * (step.X?.Scale ?? 1), columns = w * (step.X?.Scale ?? 1);
            switch (step)
            {
                case InputStep input:
                    values[input.To.Name] = x;
                    break;
                case Conv2dStep conv:
                    var filter = FilterLayout.ToKernel(parameters[$"{conv.Parameters}.weight"], conv.K, conv.From.Channels, conv.Epilogue.Shuffle);
                    var bias = FilterLayout.ToKernel(parameters[$"{conv.Parameters}.bias"], conv.K, conv.Epilogue.Shuffle);
                    values[conv.To.Name] = Conv2dReference.Fprop(
                        values[conv.From.Name], Doubles(filter), Doubles(bias), conv.Addend is null ? null : values[conv.Addend.Name], conv.Shape(n, h, w), conv.Epilogue);
                    break;
                case ReluStep relu:
                    values[relu.To.Name] = ReluReference.Forward(values[relu.From.Name]);
                    break;
                case ScaledResidualAddStep add:
                    values[add.To.Name] = ScaledResidualAddReference.Forward(values[add.From.Name], values[add.Addend.Name], add.Factor);
                    break;
                case PixelShuffleStep shuffle:
                    values[shuffle.To.Name] = PixelShuffleReference.Forward(values[shuffle.From.Name], n, rows, columns, shuffle.To.Channels, shuffle.RowFactor);
                    break;
            }
        }
        return values;
    }

    /// <summary>
    /// The gradients of all values and, by PyTorch's names, of all parameters, from the output's: every reader adds its share, with no
    /// thought of memory.
    /// </summary>
    public (Dictionary<string, double[]> Values, Dictionary<string, double[]> Parameters) Backward(Dictionary<string, double[]> values, double[] dy, int n, int h, int w)
    {
        var gradients = values.ToDictionary(v => v.Key, v => new double[v.Value.Length]);
        var flat = parameters.ToDictionary(p => p.Key, p => new double[p.Value.Length]);
        Add(gradients[graph.OutputValue.Name], dy, 1);
        foreach (var step in graph.Steps.Reverse())
        {
            if (step is InputStep or OutputStep)
                continue;
            double[] d = gradients[step.Y!.Name], dx = gradients[step.X!.Name];
            int rows = h * step.X.Scale, columns = w * step.X.Scale;
            switch (step)
            {
                case Conv2dStep conv:
                    var epilogue = conv.Epilogue;
                    if (conv.Addend is { } addend)
                        Add(gradients[addend.Name], d, 1);
                    if (epilogue.Relu)
                        d = ReluReference.Backward(values[conv.To.Name], d);
                    if (epilogue.Shuffle > 1)
                        d = PixelShuffleReference.Inverse(d, n, rows, columns, conv.To.Channels, epilogue.Shuffle);
                    d = [.. d.Select(v => v * epilogue.Scale)];
                    var filter = Doubles(FilterLayout.ToKernel(parameters[$"{conv.Parameters}.weight"], conv.K, conv.From.Channels, epilogue.Shuffle));
                    var (dw, db) = Conv2dReference.Wgrad(values[conv.From.Name], d, conv.Shape(n, h, w));
                    Add(flat[$"{conv.Parameters}.weight"], Doubles(FilterLayout.ToFile(Floats(dw), conv.K, conv.From.Channels, epilogue.Shuffle)), 1);
                    Add(flat[$"{conv.Parameters}.bias"], Doubles(FilterLayout.ToFile(Floats(db), conv.K, epilogue.Shuffle)), 1);
                    Add(dx, Conv2dReference.Dgrad(d, filter, conv.Shape(n, h, w)), 1);
                    break;
                case ReluStep relu:
                    Add(dx, ReluReference.Backward(values[relu.To.Name], d), 1);
                    break;
                case ScaledResidualAddStep add:
                    Add(dx, d, add.Factor);
                    Add(gradients[add.Addend.Name], d, 1);
                    break;
                case PixelShuffleStep shuffle:
                    Add(dx, PixelShuffleReference.Inverse(d, n, rows, columns, shuffle.To.Channels, shuffle.RowFactor), 1);
                    break;
            }
        }
        return (gradients, flat);

        static void Add(double[] sum, double[] values, double factor)
        {
            for (int i = 0; i < sum.Length; i++)
                sum[i] += factor * values[i];
        }
    }

    private static double[] Doubles(float[] values) => [.. values.Select(v => (double)v)];

    private static float[] Floats(double[] values) => [.. values.Select(v => (float)v)];
}
