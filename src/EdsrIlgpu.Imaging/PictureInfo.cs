namespace EdsrIlgpu.Imaging;

/// <summary>What the header of a picture file says, with its EXIF orientation applied.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Channels">1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.</param>
public readonly record struct PictureInfo(int Width, int Height, int Channels);
