using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>Where the numbers of a struct lie in memory, found by writing ones into each and looking which bytes change.</summary>
internal static class ManagedLayout
{
    /// <summary>Offset and bytes of every number in a struct, nested structs included, in order.</summary>
    /// <param name="type">The struct, or a number.</param>
    /// <param name="size">Its bytes.</param>
    public static IReadOnlyList<(int Offset, int Bytes)> Of(Type type, int size)
    {
        var leaves = new List<(int, int)>();
        foreach (object value in OnesInEach(type))
        {
            var bytes = Bytes(value, size);
            int first = bytes.IndexOfAnyExcept((byte)0);
            leaves.Add((first, bytes.LastIndexOfAnyExcept((byte)0) - first + 1));
        }
        return [.. leaves.Order()];
    }

    /// <summary>For every number in the type a value that has ones there and zeros elsewhere.</summary>
    private static IEnumerable<object> OnesInEach(Type type)
    {
        if (type.IsPrimitive)
        {
            object ones = RuntimeHelpers.GetUninitializedObject(type);
            int size = Marshal.SizeOf(type);
            Bytes(ones, size).Fill(0xFF);
            yield return ones;
            yield break;
        }
        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            foreach (object part in OnesInEach(field.FieldType))
            {
                object whole = RuntimeHelpers.GetUninitializedObject(type);
                field.SetValue(whole, part);
                yield return whole;
            }
    }

    private static Span<byte> Bytes(object boxed, int size) => MemoryMarshal.CreateSpan(ref Unsafe.As<Box>(boxed).First, size);

    /// <summary>Stands for a boxed value, to reach its bytes.</summary>
    private sealed class Box
    {
        public byte First = 0;
    }
}
