namespace EdsrIlgpu;

/// <summary>Pictures taken apart into channels and put together again. Profiles stay where the colours are.</summary>
public static class PictureChannels
{
    extension(Picture picture)
    {
        /// <summary>The alpha channel alone, of a picture that has one.</summary>
        internal Picture Alpha() => picture.Select(picture.Channels - 1, 1);

        /// <summary>The colours without alpha, of a picture that has one.</summary>
        internal Picture Colours() => picture.Select(0, picture.Channels - 1, picture.IccProfile);

        /// <summary>Colours with an alpha channel of the same size.</summary>
        internal Picture WithAlpha(Picture alpha)
        {
            var result = new Picture(picture.Width, picture.Height, picture.Channels + 1) { IccProfile = picture.IccProfile };
            picture.CopyInto(result, 0);
            alpha.CopyInto(result, picture.Channels);
            return result;
        }

        /// <summary>RGB: a grey picture with its channel three times, alpha left out.</summary>
        public Picture ToRgb()
        {
            if (picture.HasAlpha)
                return picture.Colours().ToRgb();
            if (picture.Channels == 3)
                return picture;
            var result = new Picture(picture.Width, picture.Height, 3);
            for (int channel = 0; channel < 3; channel++)
                picture.CopyInto(result, channel);
            return result;
        }

        /// <summary>The luma of an RGB picture, full range: 0.299 R + 0.587 G + 0.114 B (BT.601), rounded.</summary>
        /// <param name="profile">The grey picture's ICC profile, or null.</param>
        internal Picture ToGrey(byte[]? profile)
        {
            var result = new Picture(picture.Width, picture.Height, 1) { IccProfile = profile };
            byte[] rgb = picture.Pixels;
            for (long i = 0; i < result.Pixels.LongLength; i++)
                result.Pixels[i] = (byte)((299 * rgb[3 * i] + 587 * rgb[3 * i + 1] + 114 * rgb[3 * i + 2] + 500) / 1000);
            return result;
        }

        /// <summary>What <paramref name="make"/> makes of each channel, given it and its number, put together again.</summary>
        internal Picture ForEachChannel(Func<Picture, int, Picture> make)
        {
            Picture? result = null;
            for (int channel = 0; channel < picture.Channels; channel++)
            {
                var made = make(picture.Select(channel, 1), channel);
                result ??= new Picture(made.Width, made.Height, picture.Channels) { IccProfile = picture.IccProfile };
                made.CopyInto(result, channel);
            }
            return result!;
        }

        private Picture Select(int first, int count, byte[]? profile = null)
        {
            var result = new Picture(picture.Width, picture.Height, count) { IccProfile = profile };
            for (long to = 0, from = first; to < result.Pixels.LongLength; to += count, from += picture.Channels)
                for (int channel = 0; channel < count; channel++)
                    result.Pixels[to + channel] = picture.Pixels[from + channel];
            return result;
        }

        private void CopyInto(Picture target, int first)
        {
            for (long from = 0, to = first; from < picture.Pixels.LongLength; from += picture.Channels, to += target.Channels)
                for (int channel = 0; channel < picture.Channels; channel++)
                    target.Pixels[to + channel] = picture.Pixels[from + channel];
        }
    }
}
