using EdsrIlgpu.Imaging;
using EdsrIlgpu.Kernels;
using NetVips;

namespace EdsrIlgpu.Tests.Data;

/// <summary>The JPEG that patches go through against a real one, libjpeg's by way of libvips.</summary>
public unsafe class JpegTests
{
    private const int Size = 64;

    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(75)]
    [InlineData(95)]
    public void What_is_lost_is_what_libjpeg_loses(int quality)
    {
        // Between the frame's patterns and the scene: edges, texture and smooth colours.
        var picture = PictureFile.Load(Path.Combine(TestData.Repository, "samples", "pictures", "scene_HR.png")).ToRgb().Crop(40, 60, Size, Size);
        using var image = Image.NewFromMemory(picture.Pixels, Size, Size, 3, Enums.BandFormat.Uchar);
        using var rgb = image.Copy(interpretation: Enums.Interpretation.Srgb);
        using var decoded = Image.NewFromBuffer(rgb.JpegsaveBuffer(q: quality, subsampleMode: Enums.ForeignSubsample.Off));
        byte[] libjpeg = decoded.WriteToMemory<byte>();

        var table = new float[DegradationTable.Length(1)];
        DegradationTable.WriteConstants(table);
        DegradationTable.WriteStrengths(table, [new Degradation(0, 0, quality)]);
        var shape = new MapShape(1, Size, Size, 3);
        using var memory = new AlignedMemory<float>(shape.Elements + shape.RowPitch);
        var map = new HostMap<float>(memory.Address, memory.Address + shape.Elements, shape);
        using var device = new HostDevice();
        fixed (byte* samples = picture.Pixels)
            DegradationKernels.Cut(device, samples, [PatchCut.OfDense(0, Size, 3, Dihedral.Identity)], table, default, new float[DegradationKernels.WorkspaceElements(shape)], new PixelAffine(1), map);

        double lost = 0, apart = 0;
        for (int y = 0; y < Size; y++)
            for (int i = 0; i < Size * 3; i++)
            {
                int at = y * Size * 3 + i;
                lost += Math.Pow(picture.Pixels[at] - libjpeg[at], 2);
                apart += Math.Pow(map.Pixels(0, y)[i] - libjpeg[at], 2);
            }
        // libjpeg's transforms are of whole numbers; a coefficient that falls to the other side there moves a block by a level.
        double rmsLost = Math.Sqrt(lost / libjpeg.Length), rmsApart = Math.Sqrt(apart / libjpeg.Length);
        Assert.True(rmsApart < 1.1 && rmsApart < rmsLost / 2, $"{rmsApart:F3} levels apart, where {rmsLost:F3} are lost.");
    }
}
