namespace EdsrIlgpu.Kernels;

/// <summary>
/// The loops of a tiled kernel over what its group has copied to shared memory, as the source has them. The PTX report weighs
/// instructions by it.
/// </summary>
/// <param name="Trips">How often each runs for a tile that lies wholly in the picture, outer ones first.</param>
/// <param name="MultiplyAdds">Multiply-adds of one trip of the innermost.</param>
internal sealed record Conv2dInnerLoops(IReadOnlyList<int> Trips, int MultiplyAdds);
