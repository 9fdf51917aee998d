using EdsrIlgpu.Files;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Models;
using EdsrIlgpu.Tests.Graph;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Files;

public class AtomicFileTests
{
    [Fact]
    public void A_failed_write_leaves_what_was_there_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("old", [1, 2, 3]);
        var problem = Assert.Throws<EdsrException>(() => AtomicFile.Write(path, part =>
        {
            File.WriteAllBytes(part, [4, 5]);
            throw new IOException("No space left.");
        }));
        Assert.Equal($"Cannot write {path}: No space left.", problem.Message);
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, _ => throw new InvalidOperationException()));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal(["old"], folder.Names);

        AtomicFile.Write(path, part => File.WriteAllBytes(part, [6]));
        Assert.Equal([6], File.ReadAllBytes(path));
        Assert.Equal(["old"], folder.Names);
    }

    [Fact]
    public void Pictures_and_models_are_refused_the_same_way()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path("a.png"));
        var config = new EdsrConfig(1, 4, 2);
        var model = new EdsrModel(config, TestNetworks.RandomParameters(Edsr.Build(config), 1));
        foreach (var save in (Action<string>[])[path => ModelFile.Save(model, path), path => PictureFile.Save(new Picture(1, 1, 1), path)])
        {
            Assert.Equal($"{folder.Path("a.png")} is a folder; name a file in it.", Refusal(save, folder.Path("a.png")));
            Assert.Equal($"Cannot write {folder.Path("no/a.png")}: there is no folder {folder.Path("no")}; create it first.", Refusal(save, folder.Path("no/a.png")));
            Assert.Equal(["a.png"], folder.Names);
        }
    }

    private static string Refusal(Action<string> save, string path) => Assert.Throws<EdsrException>(() => save(path)).Message;
}
