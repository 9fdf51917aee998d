namespace EdsrIlgpu.PtxReport;

/// <summary>What became of a kernel on one kind of GPU.</summary>
/// <param name="Kernel">Its name.</param>
/// <param name="Target">The kind of GPU.</param>
/// <param name="Hash">Of its PTX.</param>
/// <param name="Threads">Threads of a group.</param>
/// <param name="Resources">What ptxas says.</param>
/// <param name="StackWithFewer">Bytes of stack if the launch bounds allowed <see cref="SpareRegisters"/> registers fewer.</param>
/// <param name="GlobalLoads">LDG.</param>
/// <param name="GlobalStores">STG.</param>
/// <param name="SharedLoads">LDS.</param>
/// <param name="SharedStores">STS.</param>
/// <param name="Occupancy">Groups that a multiprocessor can hold.</param>
/// <param name="Loops">Of convolutions.</param>
internal sealed record KernelFigures(
    string Kernel,
    string Target,
    string Hash,
    int Threads,
    KernelResources Resources,
    int StackWithFewer,
    AccessWidths GlobalLoads,
    AccessWidths GlobalStores,
    AccessWidths SharedLoads,
    AccessWidths SharedStores,
    Occupancy Occupancy,
    LoopFigures? Loops)
{
    /// <summary>Registers that a kernel should be able to do without, for another ptxas to find its way.</summary>
    public const int SpareRegisters = 5;
}
