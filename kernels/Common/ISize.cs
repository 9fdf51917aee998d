namespace EdsrIlgpu.Kernels;

/// <summary>A small number as a type parameter, so that the JIT compiles a kernel for it.</summary>
internal interface ISize
{
    /// <summary>The number.</summary>
    static abstract int Value { get; }
}

/// <summary>1.</summary>
internal readonly struct Size1 : ISize
{
    public static int Value => 1;
}

/// <summary>2.</summary>
internal readonly struct Size2 : ISize
{
    public static int Value => 2;
}

/// <summary>3.</summary>
internal readonly struct Size3 : ISize
{
    public static int Value => 3;
}

/// <summary>4.</summary>
internal readonly struct Size4 : ISize
{
    public static int Value => 4;
}

/// <summary>5.</summary>
internal readonly struct Size5 : ISize
{
    public static int Value => 5;
}

/// <summary>6.</summary>
internal readonly struct Size6 : ISize
{
    public static int Value => 6;
}
