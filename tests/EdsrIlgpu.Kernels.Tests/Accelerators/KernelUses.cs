using System.Reflection;
using System.Reflection.Emit;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>
/// Finds what compiled code does with kernels, by reading its instructions: from every method that is not generic, on to every
/// generic method and type with the type arguments that it is given.
/// </summary>
internal sealed class KernelUses
{
    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    private readonly HashSet<Assembly> assemblies;
    private readonly Type ignored;
    private readonly HashSet<Type> types = [];
    private readonly HashSet<MethodBase> methods = [];
    private readonly Queue<MethodBase> unread = new();

    /// <param name="ignored">A type whose own code does not count.</param>
    /// <param name="assemblies">The code to read.</param>
    public KernelUses(Type ignored, params Assembly[] assemblies)
    {
        (this.ignored, this.assemblies) = (ignored, [.. assemblies]);
        foreach (var type in assemblies.SelectMany(a => a.GetTypes()).Where(t => !t.ContainsGenericParameters))
            Meet(type);
        while (unread.TryDequeue(out var method))
            Read(method);
    }

    /// <summary>The kernels that static fields hold and code reads.</summary>
    public HashSet<AcceleratorKernel> Fields { get; } = [];

    /// <summary>The methods that make kernels.</summary>
    public HashSet<MethodBase> Makers { get; } = [];

    private void Meet(Type type)
    {
        if (!assemblies.Contains(type.Assembly) || type == ignored || type.ContainsGenericParameters || !types.Add(type))
            return;
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)))
            Meet(method);
        if (type.BaseType is { } parent)
            Meet(parent);
    }

    private void Meet(MethodBase method)
    {
        if (method.DeclaringType is not { } type || !assemblies.Contains(type.Assembly) || type == ignored)
            return;
        Meet(type);
        if (!method.ContainsGenericParameters && !type.ContainsGenericParameters && methods.Add(method))
            unread.Enqueue(method);
    }

    private void Read(MethodBase method)
    {
        foreach (var parameter in method.GetParameters())
            Meet(parameter.ParameterType.HasElementType ? parameter.ParameterType.GetElementType()! : parameter.ParameterType);
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            return;
        var typeArguments = method.DeclaringType!.GetGenericArguments();
        var methodArguments = method is MethodInfo ? method.GetGenericArguments() : [];
        for (int i = 0; i < code.Length;)
        {
            var opCode = OpCodes[code[i] == 0xFE ? (short)(0xFE00 | code[++i]) : code[i]];
            i++;
            if (opCode.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
                Meet(method, opCode, method.Module.ResolveMember(BitConverter.ToInt32(code, i), typeArguments, methodArguments)!);
            i += opCode.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, i),
                _ => 4,
            };
        }
    }

    private void Meet(MethodBase reader, OpCode opCode, MemberInfo member)
    {
        switch (member)
        {
            case Type type:
                Meet(type);
                break;
            case FieldInfo field:
                Meet(field.DeclaringType!);
                if (opCode == System.Reflection.Emit.OpCodes.Ldsfld && field.FieldType.IsAssignableTo(typeof(AcceleratorKernel)))
                    Fields.Add((AcceleratorKernel)field.GetValue(null)!);
                break;
            case MethodBase method:
                Meet(method);
                if (opCode == System.Reflection.Emit.OpCodes.Newobj && method.DeclaringType!.IsAssignableTo(typeof(AcceleratorKernel)))
                    Makers.Add(reader);
                break;
        }
    }
}
