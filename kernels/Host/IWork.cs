namespace EdsrIlgpu.Kernels;

/// <summary>Work that a <see cref="WorkerPool"/> shares out: independent pieces, numbered from 0.</summary>
internal interface IWork
{
    /// <summary>Does one piece, on any thread, at the same time as others.</summary>
    void Run(int piece);
}
