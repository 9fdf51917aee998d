namespace EdsrIlgpu.Samples;

/// <summary>A point or direction in space: x to the right, y up, z away.</summary>
internal readonly record struct Vector(double X, double Y, double Z)
{
    public static Vector operator +(Vector a, Vector b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Vector operator *(Vector a, double factor) => new(a.X * factor, a.Y * factor, a.Z * factor);

    public double Dot(Vector b) => X * b.X + Y * b.Y + Z * b.Z;

    public Vector Normalised() => this * (1 / Math.Sqrt(Dot(this)));
}
