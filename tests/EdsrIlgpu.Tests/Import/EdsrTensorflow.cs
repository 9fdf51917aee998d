namespace EdsrIlgpu.Tests.Import;

/// <summary>
/// A small network of EDSR_Tensorflow: the graph that its export writes (no real file could be had; this is built from its source, from
/// what TensorFlow's optimize_for_inference leaves and its quantize_weights makes), and what it computes, in plain loops and double.
/// </summary>
internal sealed class EdsrTensorflow
{
    private static readonly double[] MeanBgr = [103.1545782, 111.561547, 114.35629928];

    private readonly Random random = new(5);
    private readonly List<ProtoWriter> nodes = [];

    public EdsrTensorflow(int blocks, int features, int scale)
    {
        (Blocks, Features, Scale) = (blocks, features, scale);
        Add("resFilter_one", 3, features);
        for (int i = 0; i < 2 * blocks; i++)
            Add($"resFilter{i}", features, features);
        Add("resFilter_two", features, features);
        Add("resFilter_three", features, 3 * scale * scale);

        void Add(string name, int c, int k)
        {
            Filters.Add(name, (c, k, Random(9 * c * k, 1 / Math.Sqrt(9 * c))));
            Biases.Add(Bias(name), Random(k, 0.3));
        }
    }

    public int Blocks { get; }

    public int Features { get; }

    public int Scale { get; }

    /// <summary>[3, 3, c, k].</summary>
    public Dictionary<string, (int C, int K, float[] Values)> Filters { get; } = [];

    public Dictionary<string, float[]> Biases { get; } = [];

    /// <summary>How filters are stored.</summary>
    public Func<string, float[], long[], IEnumerable<ProtoWriter>> StoreFilter { get; init; } = (name, values, shape) => [TensorFlowNode.Floats(name, values, shape)];

    public Func<string, float[], ProtoWriter> StoreBias { get; init; } = (name, values) => TensorFlowNode.Floats(name, values, values.Length);

    /// <summary>What the nodes become before they are written.</summary>
    public Func<ProtoWriter, ProtoWriter> Change { get; init; } = node => node;

    /// <summary>The residual scale; each Mul has a constant of its own.</summary>
    public float ResidualScale { get; init; } = 0.1f;

    /// <summary>A scope before the variables' names.</summary>
    public string Scope { get; init; } = "";

    /// <summary>The frozen graph.</summary>
    public byte[] GraphDef()
    {
        nodes.Clear();
        nodes.Add(TensorFlowNode.Node("Placeholder", "IteratorGetNext", [], TensorFlowNode.Type("dtype", TensorFlowNode.Float)));
        int conv = 0, add = 0, mul = 0, relu = 0;
        string head = Layer("IteratorGetNext", "resFilter_one"), x = head;
        for (int i = 0; i < Blocks; i++)
        {
            string inner = Layer(x, $"resFilter{2 * i}");
            nodes.Add(TensorFlowNode.Node("Relu", Numbered("Relu", relu++), [inner], TensorFlowNode.Type("T", TensorFlowNode.Float)));
            inner = Layer(Numbered("Relu", relu - 1), $"resFilter{2 * i + 1}");
            string product = Numbered("mul", mul++);
            nodes.Add(TensorFlowNode.Scalar($"{product}/y", ResidualScale));
            nodes.Add(TensorFlowNode.Node("Mul", product, [inner, $"{product}/y"], TensorFlowNode.Type("T", TensorFlowNode.Float)));
            x = Sum(x, product);
        }
        x = Layer(Sum(Layer(x, "resFilter_two"), head), "resFilter_three");
        nodes.Add(TensorFlowNode.Node("DepthToSpace", "NHWC_output", [x], TensorFlowNode.Number("block_size", Scale), TensorFlowNode.Text("data_format", "NHWC")));
        nodes.Add(TensorFlowNode.Const("NCHW_output/perm", TensorFlowNode.Integer32, TensorFlowNode.Tensor(TensorFlowNode.Integer32, 4).Bytes(4, [0, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0])));
        nodes.Add(TensorFlowNode.Node("Transpose", "NCHW_output", ["NHWC_output", "NCHW_output/perm"]));
        return TensorFlowNode.GraphDef(nodes.Select(Change));

        string Layer(string input, string filter)
        {
            var (c, k, stored) = Filters[filter];
            nodes.AddRange(StoreFilter(Scope + filter, stored, [3, 3, c, k]));
            nodes.Add(TensorFlowNode.Convolution(Numbered("Conv2D", conv++), input, Scope + filter));
            nodes.Add(StoreBias(Scope + Bias(filter), Biases[Bias(filter)]));
            return Sum(Numbered("Conv2D", conv - 1), Scope + Bias(filter));
        }

        string Sum(string a, string b)
        {
            nodes.Add(TensorFlowNode.Node("Add", Numbered("add", add), [a, b], TensorFlowNode.Type("T", TensorFlowNode.Float)));
            return Numbered("add", add++);
        }
    }

    /// <summary>RGB in 0–255, [h, w, 3] → [h·scale, w·scale, 3], as OpenCV runs the graph: BGR less the mean, the mean added after.</summary>
    public double[] Upscale(float[] rgb, int h, int w)
    {
        var x = new double[rgb.Length];
        for (int i = 0; i < h * w; i++)
            for (int bgr = 0; bgr < 3; bgr++)
                x[i * 3 + bgr] = rgb[i * 3 + (2 - bgr)] - MeanBgr[bgr];
        double[] head = Convolve(x, "resFilter_one"), body = head;
        for (int block = 0; block < Blocks; block++)
        {
            double[] inner = [.. Convolve(body, $"resFilter{2 * block}").Select(v => Math.Max(0, v))];
            body = [.. Convolve(inner, $"resFilter{2 * block + 1}").Zip(body, (branch, skip) => branch * ResidualScale + skip)];
        }
        body = [.. Convolve(body, "resFilter_two").Zip(head, (a, b) => a + b)];
        double[] deep = Convolve(body, "resFilter_three"), result = new double[h * w * 3 * Scale * Scale];
        // TensorFlow's definition: [h, w, i, j, c] read as [h, i, w, j, c].
        int at = 0;
        for (int y = 0; y < h; y++)
            for (int column = 0; column < w; column++)
                for (int i = 0; i < Scale; i++)
                    for (int j = 0; j < Scale; j++)
                        for (int bgr = 0; bgr < 3; bgr++)
                            result[(((y * Scale + i) * w * Scale) + column * Scale + j) * 3 + (2 - bgr)] = deep[at++] + MeanBgr[bgr];
        return result;

        double[] Convolve(double[] map, string filter)
        {
            var (c, k, f) = Filters[filter];
            var sums = new double[h * w * k];
            for (int y = 0; y < h; y++)
                for (int column = 0; column < w; column++)
                    for (int to = 0; to < k; to++)
                    {
                        double sum = Biases[Bias(filter)][to];
                        for (int r = 0; r < 3; r++)
                            for (int s = 0; s < 3; s++)
                                for (int from = 0; from < c && y + r is > 0 && y + r <= h && column + s > 0 && column + s <= w; from++)
                                    sum += map[((y + r - 1) * w + column + s - 1) * c + from] * f[((r * 3 + s) * c + from) * k + to];
                        sums[(y * w + column) * k + to] = sum;
                    }
            return sums;
        }
    }

    private static string Bias(string filter) => filter switch
    {
        "resFilter_one" => "BiasOne",
        "resFilter_two" => "BiasTwo",
        "resFilter_three" => "BiasThree",
        _ => filter.Replace("Filter", "Bias"),
    };

    private static string Numbered(string name, int number) => number == 0 ? name : $"{name}_{number}";

    private float[] Random(int count, double bound) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2 - 1) * bound))];
}
