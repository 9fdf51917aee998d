namespace EdsrIlgpu.Resampling;

/// <summary>
/// Resamples interleaved samples along both axes, one pass each. Sums are taken in double, taps in ascending order, so that results
/// repeat bit for bit. No whole picture lies between the passes: a line, or the rows that a band of output rows needs.
/// </summary>
/// <param name="columns">Taps along a row.</param>
/// <param name="rows">Taps along a column.</param>
/// <param name="channels">Samples of one pixel.</param>
/// <param name="rowsFirst">Whether the pass along the columns (which changes the number of rows) comes first.</param>
/// <param name="rounding">Where to round; matters to bytes and 16-bit samples only, doubles are never rounded.</param>
internal sealed class SeparableResampler(Taps columns, Taps rows, int channels, bool rowsFirst, Rounding rounding)
{
    private const int BandRows = 32;

    /// <summary>The resampled picture.</summary>
    public Picture Resample(Picture picture)
    {
        var result = new Picture(columns.Output, rows.Output, channels) { IccProfile = picture.IccProfile };
        Resample(picture.Pixels, result.Pixels);
        return result;
    }

    /// <summary>Resamples bytes to bytes, 16-bit samples to such, or doubles to doubles.</summary>
    public void Resample<T>(T[] source, T[] result) where T : struct
    {
        if (rowsFirst)
            RowsFirst(source, result);
        else
            ColumnsFirst(source, result);
    }

    private void RowsFirst<T>(T[] source, T[] result) where T : struct
    {
        int sourceLength = columns.Input * channels, resultLength = columns.Output * channels;
        Parallel.For(0, rows.Output, () => (Between: new double[sourceLength], Line: new double[resultLength]), (y, _, buffers) =>
        {
            AlongColumns<T>(source, 0, sourceLength, y, buffers.Between);
            RoundBetween<T>(buffers.Between);
            AlongRow<double>(buffers.Between, buffers.Line);
            Store(buffers.Line, result.AsSpan(y * resultLength, resultLength));
            return buffers;
        }, _ => { });
    }

    private void ColumnsFirst<T>(T[] source, T[] result) where T : struct
    {
        int sourceLength = columns.Input * channels, resultLength = columns.Output * channels;
        Parallel.For(0, (rows.Output + BandRows - 1) / BandRows, band =>
        {
            int begin = band * BandRows, end = Math.Min(begin + BandRows, rows.Output);
            var needed = rows.Index.AsSpan(begin * rows.Count, (end - begin) * rows.Count);
            int first = needed[0], last = needed[0];
            foreach (int row in needed)
                (first, last) = (Math.Min(first, row), Math.Max(last, row));

            var between = new double[(last - first + 1) * resultLength];
            for (int row = first; row <= last; row++)
                AlongRow<T>(source.AsSpan(row * sourceLength, sourceLength), between.AsSpan((row - first) * resultLength, resultLength));
            RoundBetween<T>(between);

            var line = new double[resultLength];
            for (int y = begin; y < end; y++)
            {
                AlongColumns<double>(between, first, resultLength, y, line);
                Store(line, result.AsSpan(y * resultLength, resultLength));
            }
        });
    }

    /// <summary>Output row <paramref name="y"/> as a sum of whole rows; <paramref name="samples"/> begin at row <paramref name="firstRow"/>.</summary>
    private void AlongColumns<T>(ReadOnlySpan<T> samples, int firstRow, int length, int y, Span<double> line) where T : struct
    {
        line.Clear();
        for (int k = y * rows.Count; k < (y + 1) * rows.Count; k++)
        {
            double weight = rows.Weight[k];
            var row = samples.Slice((rows.Index[k] - firstRow) * length, length);
            for (int i = 0; i < row.Length; i++)
                line[i] += weight * Load(row[i]);
        }
    }

    private void AlongRow<T>(ReadOnlySpan<T> row, Span<double> line) where T : struct
    {
        for (int x = 0; x < columns.Output; x++)
        {
            var index = columns.Index.AsSpan(x * columns.Count, columns.Count);
            var weight = columns.Weight.AsSpan(x * columns.Count, index.Length);
            for (int c = 0; c < channels; c++)
            {
                double sum = 0;
                for (int k = 0; k < index.Length; k++)
                    sum += weight[k] * Load(row[index[k] * channels + c]);
                line[x * channels + c] = sum;
            }
        }
    }

    private void RoundBetween<T>(Span<double> line) where T : struct
    {
        if (typeof(T) == typeof(double) || rounding == Rounding.Once)
            return;
        foreach (ref double sample in line)
            sample = Load(Sample<T>(sample));
    }

    private static void Store<T>(ReadOnlySpan<double> line, Span<T> result) where T : struct
    {
        for (int i = 0; i < result.Length; i++)
            result[i] = Sample<T>(line[i]);
    }

    // The tests are settled when T is compiled, and the boxes vanish.
    private static double Load<T>(T sample) where T : struct =>
        typeof(T) == typeof(byte) ? (byte)(object)sample : typeof(T) == typeof(ushort) ? (ushort)(object)sample : (double)(object)sample;

    private static T Sample<T>(double value) where T : struct =>
        typeof(T) == typeof(byte) ? (T)(object)(byte)Math.Clamp(value + 0.5, byte.MinValue, byte.MaxValue)
        : typeof(T) == typeof(ushort) ? (T)(object)(ushort)Math.Clamp(value + 0.5, ushort.MinValue, ushort.MaxValue)
        : (T)(object)value;
}
