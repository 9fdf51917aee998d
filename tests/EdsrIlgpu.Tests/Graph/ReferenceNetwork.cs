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

    private static double[] Doubles(float[] values) => [.. values.Select(v => (double)v)];
}
