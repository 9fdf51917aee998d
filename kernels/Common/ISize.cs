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

/// <summary>16.</summary>
internal readonly struct Size16 : ISize
{
    public static int Value => 16;
}

/// <summary>32.</summary>
internal readonly struct Size32 : ISize
{
    public static int Value => 32;
}

/// <summary>64.</summary>
internal readonly struct Size64 : ISize
{
    public static int Value => 64;
}
