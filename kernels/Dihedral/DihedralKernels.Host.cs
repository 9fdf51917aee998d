namespace EdsrIlgpu.Kernels;

/// <summary>Flips and transposes of whole maps.</summary>
public static partial class DihedralKernels
{
    /// <summary>y = x in another orientation.</summary>
    /// <param name="device">The host.</param>
    /// <param name="x">[N, H, W, C], every row stored.</param>
    /// <param name="orientation">Which of the eight.</param>
    /// <param name="y"><c>orientation.Output(x.Shape)</c>; other memory than x.</param>
    /// <exception cref="ArgumentException">The maps do not fit each other.</exception>
    public static void Forward(HostDevice device, in HostMap<float> x, Dihedral orientation, in HostMap<float> y)
    {
        CheckTurn(x.Shape, orientation, y.Shape);
        MapCheck.Apart(x, y);
        device.Pool.Run(new TurnRows { X = x, Orientation = orientation, Y = y }, y.Shape.N * y.Shape.H);
    }

    private static void CheckTurn(MapShape x, Dihedral orientation, MapShape y)
    {
        if (x.Rows != x.H || y != orientation.Output(x))
            throw new ArgumentException($"{orientation} makes {orientation.Output(x)} of {x}, not {y}; both store every row.");
    }

    private unsafe struct TurnRows : IWork
    {
        public HostMap<float> X, Y;
        public Dihedral Orientation;

        public readonly void Run(int piece)
        {
            int n = piece / Y.Shape.H, row = piece % Y.Shape.H, c = Y.Shape.C, width = Y.Shape.W;
            int i = (Orientation & Dihedral.FlipY) != 0 ? Y.Shape.H - 1 - row : row;
            int first = (Orientation & Dihedral.FlipX) != 0 ? width - 1 : 0, step = first > 0 ? -1 : 1;
            float* y = Y.Row(n, row);
            for (int column = 0, j = first; column < width; column++, j += step, y += c)
            {
                float* x = Orientation.SwapsSides() ? X.Row(n, j) + (long)i * c : X.Row(n, i) + (long)j * c;
                for (int channel = 0; channel < c; channel++)
                    y[channel] = x[channel];
            }
        }
    }
}
