namespace EdsrIlgpu.Samples;
internal static class SceneSample { public static Picture Draw(int width, int height) => new Picture(width, height, 3); }
