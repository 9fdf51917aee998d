using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Data;

/// <summary>Where a patch comes from.</summary>
/// <param name="Picture">Index in <see cref="TrainingPictures.Pairs"/>.</param>
/// <param name="X">First column: of the LR picture if there is one, else of the HR picture.</param>
/// <param name="Y">First row, of the same picture.</param>
/// <param name="Turn">How the patch is turned once it is cut.</param>
public readonly record struct PatchPlace(int Picture, int X, int Y, Dihedral Turn);
