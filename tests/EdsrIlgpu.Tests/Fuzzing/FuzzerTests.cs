namespace EdsrIlgpu.Tests.Fuzzing;

/// <summary>That the fuzzer finds what it is there to find, says where it is, and repeats itself.</summary>
public class FuzzerTests
{
    private static readonly byte[] Seed = [.. "LEN"u8, 8, 0, 0, 0, .. "payload! 1234"u8];

    [Fact]
    public void What_a_parser_must_not_do_is_found_and_kept()
    {
        foreach (var (reason, parse) in new (string, Action<byte[]>)[]
        {
            ("throws System.IndexOutOfRangeException", file => _ = file[20]),
            ("refused by something else than one line", file => Require(file, "no sound file\n  for two reasons")),
            ("refused by something else than one line", file => Require(file, "")),
            ("and allocates", file => _ = Sound(file) ? null : new byte[BitConverter.ToUInt16(file, 3) << 11]),
            ("takes 0.", file => Thread.Sleep(Sound(file) ? 0 : 60)),
            ("still being read", file => Thread.Sleep(Sound(file) ? 0 : 10_000)),
        })
        {
            using var folder = new TemporaryFolder();
            string message = Failure(parse, folder.FullName);
            Assert.Contains(reason, message);
            string file = Assert.Single(folder.Names);
            Assert.Contains(folder.Path(file), message);
            Assert.Contains("Fuzzing/Corpus/none/", message);
        }

        static bool Sound(byte[] file) => file.Length < 8 || file[3] == 8;
        static void Require(byte[] file, string message)
        {
            if (file.Length == 0 || file[0] != 'L')
                throw new EdsrException(message);
        }
    }

    [Fact]
    public void A_parser_that_refuses_in_one_line_passes() =>
        Fuzzer.Run("none", [Seed], file => { if (!file.AsSpan().SequenceEqual(Seed)) throw new EdsrException("It is no sound file."); }, new() { Duration = TimeSpan.FromSeconds(0.2) });

    [Fact]
    public void A_seed_that_is_refused_is_told()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("Oh.", Assert.ThrowsAny<Exception>(() => Fuzzer.Run("none", [Seed], _ => throw new EdsrException("Oh."), new() { FailureFolder = folder.FullName })).Message);
    }

    [Fact]
    public void The_same_seed_gives_the_same_mutants()
    {
        byte[] other = [.. "another file, length 25  "u8];
        Mutator a = new(3, [Seed, other]), b = new(3, [Seed, other]), c = new(4, [Seed, other]);
        byte[][] mutants = [.. Enumerable.Range(0, 500).Select(_ => a.Next())];
        Assert.Equal(mutants, Enumerable.Range(0, 500).Select(_ => b.Next()));
        Assert.NotEqual(mutants, Enumerable.Range(0, 500).Select(_ => c.Next()));
        Assert.True(mutants.Select(Convert.ToHexString).Distinct().Count() > 400);
    }

    private static string Failure(Action<byte[]> parse, string folder)
    {
        var options = new FuzzOptions { Duration = TimeSpan.FromSeconds(10), Seed = 1, FailureFolder = folder, TimeLimit = TimeSpan.FromMilliseconds(30) };
        return Assert.ThrowsAny<Exception>(() => Fuzzer.Run("none", [Seed], parse, options)).Message;
    }
}
