using EdsrIlgpu.Import;
using EdsrIlgpu.Models;
using EdsrIlgpu.Tests.Fuzzing;
using EdsrIlgpu.Training;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Import;

/// <summary>Mutants of sound files of TensorFlow and Paddle.</summary>
public class ImportFuzzTests
{
    [Fact]
    public void TensorFlow_graphs() => Fuzzer.Run("tensorflow-graph",
    [
        new EdsrTensorflow(blocks: 1, features: 3, scale: 2).GraphDef(),
        new EdsrTensorflow(blocks: 2, features: 2, scale: 3)
        {
            StoreFilter = (name, values, shape) => Quantised.Nodes(name, Quantised.Round(values, "MIN_FIRST").Levels, -1, 1, shape, "MIN_FIRST"),
            StoreBias = (name, values) => TensorFlowNode.Const(name, TensorFlowNode.Float, TensorFlowNode.Tensor(TensorFlowNode.Float, values.Length).Float(5, 0.25f)),
        }.GraphDef(),
    ], file => ModelFile.Load("mutant.pb", new MemoryStream(file), stream => ForeignFile.Read(stream, "mutant.pb")));

    [Fact]
    public void Paddle_parameters() => Fuzzer.Run("paddle-parameters", [Tutorial(2).Parameters(), Tutorial(10).Parameters()],
        file => ModelFile.Load("mutant.pdiparams", new MemoryStream(file), stream => ForeignFile.Read(stream, "mutant.pdiparams")));

    [Fact]
    public void Paddle_programs()
    {
        using var folder = new TemporaryFolder();
        var config = new EdsrConfig(2, 2, 2) { ResidualScale = 0.5f };
        var files = new PaddleFiles();
        var names = files.Weights(InitialWeights.Draw(config, 1), Edsr.Build(config).Parameters.Select(p => p.Name));
        byte[] program = files.Program(files.Compute(config, names));
        folder.Write("mutant.pdiparams", files.Parameters());
        string path = folder.Path("mutant.pdmodel");
        Fuzzer.Run("paddle-program", [program], file => ModelFile.Load(path, new MemoryStream(file), stream => ForeignFile.Read(stream, path)));
    }

    private static PaddleFiles Tutorial(int blocks)
    {
        var config = new EdsrConfig(blocks, 2, 2) { ResidualScale = 0.1f, TiedBlocks = true, GlobalSkip = false };
        var files = new PaddleFiles();
        files.Weights(InitialWeights.Draw(config, 1), ["head.0", "tail.0.0", "tail.1", .. Enumerable.Range(0, blocks).Select(i => $"body.{i}.body.0")]);
        return files;
    }
}
