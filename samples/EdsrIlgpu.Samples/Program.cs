using EdsrIlgpu;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Resampling;
using EdsrIlgpu.Samples;

// Draws the repository's sample pictures into a folder: NAME_HR.png, and NAME_LR.png at half the size.
if (args.Length != 1)
{
    Console.Error.WriteLine("Usage: EdsrIlgpu.Samples FOLDER");
    return 1;
}
(string Name, Func<int, int, Picture> Draw)[] samples =
[
    ("text", TextSample.Draw),
    ("lines", LinesSample.Draw),
    ("textures", TexturesSample.Draw),
    ("gradients", GradientsSample.Draw),
    ("scene", SceneSample.Draw),
];
Directory.CreateDirectory(args[0]);
foreach (var (name, draw) in samples)
{
    var hr = draw(512, 384);
    PictureFile.Save(hr, Path.Combine(args[0], $"{name}_HR.png"));
    PictureFile.Save(MatlabBicubic.Downscale(hr, 2), Path.Combine(args[0], $"{name}_LR.png"));
    Console.WriteLine(name);
}
return 0;
