using System.Numerics;
using EdsrIlgpu.Resampling;

namespace EdsrIlgpu.Data;

/// <summary>A picture of 8- or 16-bit samples, grey or RGB: rows from top to bottom, pixels from left to right, channels interleaved.</summary>
public sealed class TrainingPicture
{
    private readonly Array samples;

    private TrainingPicture(int width, int height, int channels, Array samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3))
            throw new ArgumentException($"A picture to train on has 1 or 3 channels, not {channels}.", nameof(channels));
        if (samples.LongLength != (long)width * height * channels)
            throw new ArgumentException($"{width}×{height}×{channels} needs {(long)width * height * channels} samples, not {samples.LongLength}.", nameof(samples));
        (Width, Height, Channels, this.samples) = (width, height, channels, samples);
    }

    /// <summary>Wraps samples of 8 bits; nothing is copied.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="channels">1 grey, 3 RGB.</param>
    /// <param name="samples">width · height · channels samples, 0 to 255.</param>
    /// <exception cref="ArgumentException">A size is out of range, or <paramref name="samples"/> has another length.</exception>
    public TrainingPicture(int width, int height, int channels, byte[] samples) : this(width, height, channels, (Array)samples) { }

    /// <summary>Wraps samples of 16 bits; nothing is copied.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="channels">1 grey, 3 RGB.</param>
    /// <param name="samples">width · height · channels samples, 0 to 65535, where 65535 is what 255 is in 8 bits.</param>
    /// <exception cref="ArgumentException">A size is out of range, or <paramref name="samples"/> has another length.</exception>
    public TrainingPicture(int width, int height, int channels, ushort[] samples) : this(width, height, channels, (Array)samples) { }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>1 grey, 3 RGB.</summary>
    public int Channels { get; }

    /// <summary>Bits of a sample, 8 or 16.</summary>
    public int Bits => samples switch { byte[] => 8, _ => 16 };

    /// <summary>Width · Height · Channels.</summary>
    internal long SampleCount => samples.LongLength;

    /// <summary>The samples: bytes of a picture of 8 bits, ushorts of one of 16.</summary>
    internal T[] Samples<T>() where T : struct => (T[])samples;

    /// <summary>The colours of an 8-bit picture, which are shared; its alpha is left out.</summary>
    public static TrainingPicture Of(Picture picture)
    {
        var colours = picture.HasAlpha ? picture.Colours() : picture;
        return new TrainingPicture(colours.Width, colours.Height, colours.Channels, colours.Pixels);
    }

    /// <summary>The picture in 8 bits, rounded.</summary>
    public Picture ToPicture() => new(Width, Height, Channels, samples is ushort[] words ? Array.ConvertAll(words, v => (byte)((v + 128) / 257)) : (byte[])samples);

    /// <summary>The picture in 16 bits.</summary>
    internal TrainingPicture To16Bits() => samples is byte[] bytes ? new(Width, Height, Channels, Array.ConvertAll(bytes, v => (ushort)(v * 257))) : this;

    /// <summary>Grey with its channel three times, or the luma (BT.601, full range) of RGB; itself if it has so many channels.</summary>
    internal TrainingPicture WithChannels(int channels) =>
        channels == Channels ? this
        : samples is byte[] bytes ? new(Width, Height, channels, Convert(bytes, channels))
        : new(Width, Height, channels, Convert(Samples<ushort>(), channels));

    /// <summary>Cropped at the right and bottom.</summary>
    internal TrainingPicture CropTo(int width, int height) =>
        (width, height) == (Width, Height) ? this
        : samples is byte[] bytes ? new(width, height, Channels, Crop(bytes, width, height))
        : new(width, height, Channels, Crop(Samples<ushort>(), width, height));

    /// <summary>At 1/<paramref name="scale"/> of its size, which is a multiple of it, by MATLAB's bicubic.</summary>
    internal TrainingPicture Downscale(int scale)
    {
        int width = Width / scale, height = Height / scale;
        return samples is byte[] bytes
            ? new(width, height, Channels, MatlabBicubic.Resize(bytes, Width, Height, Channels, width, height, Border.Symmetric))
            : new(width, height, Channels, MatlabBicubic.Resize(Samples<ushort>(), Width, Height, Channels, width, height, Border.Symmetric));
    }

    private static T[] Convert<T>(T[] from, int channels) where T : struct, IBinaryInteger<T>
    {
        var to = new T[channels == 1 ? from.Length / 3 : checked(from.Length * 3)];
        if (channels == 1)
            for (int i = 0; i < to.Length; i++)
            {
                int r = int.CreateTruncating(from[3 * i]), g = int.CreateTruncating(from[3 * i + 1]), b = int.CreateTruncating(from[3 * i + 2]);
                to[i] = T.CreateTruncating((299 * r + 587 * g + 114 * b + 500) / 1000);
            }
        else
            for (int i = 0; i < to.Length; i++)
                to[i] = from[i / 3];
        return to;
    }

    private T[] Crop<T>(T[] from, int width, int height)
    {
        var to = new T[width * height * Channels];
        for (int row = 0; row < height; row++)
            Array.Copy(from, row * Width * Channels, to, row * width * Channels, width * Channels);
        return to;
    }
}
