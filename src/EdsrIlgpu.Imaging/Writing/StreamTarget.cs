using System.Runtime.ExceptionServices;
using NetVips;

namespace EdsrIlgpu.Imaging.Writing;

/// <summary>
/// Lets libvips write into a stream. What the stream throws cannot pass through native code, and libvips would go on and call it
/// success: it is kept, every further call refused, and thrown when libvips is done.
/// </summary>
internal static class StreamTarget
{
    /// <summary>Runs <paramref name="encode"/> on a target that is <paramref name="stream"/>.</summary>
    /// <exception cref="VipsException">libvips gave up.</exception>
    public static void Write(Stream stream, Action<Target> encode)
    {
        ExceptionDispatchInfo? problem = null;
        using var target = new TargetCustom();
        target.OnWrite += (bytes, length) => Guard(() =>
        {
            stream.Write(bytes, 0, length);
            return length;
        });
        // TIFF goes back for its offsets.
        target.OnRead += (bytes, length) => (int)Guard(() => stream.Read(bytes, 0, length));
        target.OnSeek += (offset, origin) => Guard(() => stream.Seek(offset, origin));
        target.OnEnd += () => (int)Guard(() =>
        {
            stream.Flush();
            return 0;
        });
        try
        {
            encode(target);
        }
        catch (VipsException) when (problem is not null)
        {
            // Only its consequence.
        }
        problem?.Throw();

        long Guard(Func<long> call)
        {
            if (problem is not null)
                return -1;
            try
            {
                return call();
            }
            catch (Exception thrown)
            {
                problem = ExceptionDispatchInfo.Capture(thrown);
                return -1;
            }
        }
    }
}
