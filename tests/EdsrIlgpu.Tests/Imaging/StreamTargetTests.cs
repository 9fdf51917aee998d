using EdsrIlgpu.Files;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Imaging.Writing;
using NetVips;

namespace EdsrIlgpu.Tests.Imaging;

public sealed class StreamTargetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(".png"), InlineData(".jpg"), InlineData(".webp"), InlineData(".tif")]
    public void What_a_stream_throws_is_thrown_and_nothing_is_written(string extension)
    {
        var picture = TestPictures.Noise(300, 200, 3, seed: 1);
        using var whole = new MemoryStream();
        PictureFile.Encode(picture, PictureFormat.Of(extension)!, whole);
        foreach (double share in (double[])[0, 0.5, 0.99])
        {
            string path = folder.Path("out" + extension);
            var thrown = Assert.Throws<NotSupportedException>(() => AtomicFile.Write(path, part =>
            {
                using var file = new FileStream(part, FileMode.Create, FileAccess.ReadWrite);
                PictureFile.Encode(picture, PictureFormat.Of(extension)!, new ThrowingStream(file, (long)(whole.Length * share)));
            }));
            Assert.Equal("the stream is full", thrown.Message);
            Assert.Empty(folder.Names);
        }
    }

    [Fact]
    public void A_producer_of_rows_that_throws_leaves_nothing()
    {
        // Without StreamTarget's catch the same exception would end the process, or libvips would go on.
        int rows = 0;
        using var rowsThatStop = new StoppingStream(() => ++rows > 3 ? throw new InvalidOperationException("the fourth row failed") : true);
        using var image = Image.Black(100_000, 64) + 1;
        using var samples = image.Cast(Enums.BandFormat.Uchar);
        var thrown = Assert.Throws<InvalidOperationException>(() => StreamTarget.Write(rowsThatStop, target => samples.RawsaveTarget(target)));
        Assert.Equal("the fourth row failed", thrown.Message);
        Assert.Equal(4, rows);
    }

    [Fact]
    public void A_full_disk_is_one_line_and_leaves_what_was_there()
    {
        string path = folder.Path("out.png");
        File.WriteAllText(path, "what was there");
        var refused = Assert.Throws<EdsrException>(() => AtomicFile.Write(path, _ =>
            PictureFile.Encode(TestPictures.Noise(300, 200, 3, seed: 1), PictureFormat.Png, new StoppingStream(() => throw new IOException("No space left on device")))));
        Assert.Equal($"Cannot write {path}: No space left on device.", refused.Message);
        Assert.Equal(["out.png"], folder.Names);
        Assert.Equal("what was there", File.ReadAllText(path));
    }

    /// <summary>A stream that throws when more than so many bytes are written.</summary>
    private sealed class ThrowingStream(Stream inner, long most) : MemoryStream
    {
        private long written;

        public override void Write(byte[] buffer, int offset, int count)
        {
            if ((written += count) > most)
                throw new NotSupportedException("the stream is full");
            inner.Write(buffer, offset, count);
            base.Write(buffer, offset, count);
        }
    }

    /// <summary>A stream that asks before each write.</summary>
    private sealed class StoppingStream(Func<bool> next) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => _ = next();
    }
}
