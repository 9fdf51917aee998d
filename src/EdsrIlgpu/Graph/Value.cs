namespace EdsrIlgpu.Graph;

/// <summary>A map that one step writes and later steps read: assigned once, like a name in a formula.</summary>
/// <param name="Id">Its index in <see cref="LayerGraph.Values"/>.</param>
/// <param name="Name">What it is called in plans and messages.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Scale">Its height and width as a multiple of the input picture's.</param>
public sealed record Value(int Id, string Name, int Channels, int Scale);
