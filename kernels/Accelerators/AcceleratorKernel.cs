using System.Reflection;
using ILGPU.Backends.EntryPoints;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// A kernel, defined once as a static object and good for every accelerator: a static method that takes one to four views and
/// one struct of arguments, in 1-D groups of a fixed size. The derived classes, one for each number of views, launch it.
/// <para>
/// The arguments are a struct of numbers and of such structs: no bool, char, pointer or view, whose size on a device is another. It
/// is internal or public: the launchers that ILGPU generates name it.
/// </para>
/// </summary>
internal abstract class AcceleratorKernel
{
    private protected AcceleratorKernel(Delegate method, int groupSize, int minGroupsPerMultiprocessor, params ReadOnlySpan<int> parameterSizes)
    {
        Method = method.Method;
        GroupSize = groupSize;
        Specialization = new KernelSpecialization(groupSize, minGroupsPerMultiprocessor > 0 ? minGroupsPerMultiprocessor : null);
        ParameterSizes = parameterSizes.ToArray();
    }

    /// <summary>The method.</summary>
    public MethodInfo Method { get; }

    /// <summary>Threads of a group.</summary>
    public int GroupSize { get; }

    /// <summary>What the compiler may assume of launches.</summary>
    public KernelSpecialization Specialization { get; }

    /// <summary>Bytes of each parameter as a launch on CUDA passes it.</summary>
    public IReadOnlyList<int> ParameterSizes { get; }

    /// <summary>What a backend compiles.</summary>
    public EntryPointDescription EntryPoint => EntryPointDescription.FromExplicitlyGroupedKernel(Method);

    /// <summary>Class and method with their type arguments; no two kernels have the same.</summary>
    public override string ToString() => $"{Name(Method.DeclaringType!)}.{Method.Name}{Arguments(Method.GetGenericArguments())}";

    /// <summary>Wraps the kernel that ILGPU loaded with the launcher of this kernel's parameters.</summary>
    public abstract LoadedKernel CreateLauncher(Kernel kernel);

    /// <summary>The kernel as it is loaded on a device, compiled first if need be.</summary>
    private protected LoadedKernel On(AcceleratorDevice device, AcceleratorStream stream, int groups)
    {
        if (stream.Accelerator != device.Accelerator)
            throw new ArgumentException("The stream is another accelerator's.");
        ObjectDisposedException.ThrowIf(stream.IsDisposed, stream); // Its handle would be that of the default stream.
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, int.MaxValue / GroupSize); // ILGPU counts OpenCL's threads in 32 bits, unchecked.
        return device.Load(this);
    }

    private static string Name(Type type)
    {
        string name = type.Name.Split('`')[0] + Arguments(type.GetGenericArguments());
        return type.DeclaringType is { } outer ? $"{Name(outer)}.{name}" : name;
    }

    private static string Arguments(Type[] types) => types.Length == 0 ? "" : $"<{string.Join(", ", types.Select(Name))}>";

    /// <summary>What remains when a kernel is neither PTX nor started by ILGPU.</summary>
    private protected static InvalidOperationException Unknown(LoadedKernel kernel) => new($"{kernel.GetType()} cannot be launched.");
}
