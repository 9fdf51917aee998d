namespace EdsrIlgpu.Kernels;

/// <summary>Work that a <see cref="WorkerPool"/> shares out: independent pieces, numbered from 0.</summary>
public interface IWork
{
    /// <summary>Does one piece, on any thread, at the same time as others. Must not throw.</summary>
    void Run(int piece);
}
