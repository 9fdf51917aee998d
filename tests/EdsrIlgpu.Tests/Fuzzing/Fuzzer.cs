using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;

namespace EdsrIlgpu.Tests.Fuzzing;

/// <summary>
/// Gives a parser mutants of sound files and demands of each: it is read, or refused by an <see cref="EdsrException"/> of one line,
/// in less than a second, with memory in proportion to its size. A mutant whose outcome is new is mutated further.
/// </summary>
/// <remarks>
/// <c>EDSR_FUZZ_SECONDS=600 EDSR_FUZZ_SEED=random</c> before a test's run makes it a long one. What fails is written to a file that
/// the message names; moved to <c>Fuzzing/Corpus/PARSER</c>, it is tried first in every later run.
/// </remarks>
internal sealed class Fuzzer
{
    // The pool of mutants with new outcomes; messages that quote the file would make it endless.
    private const int MostOutcomes = 400;

    // Of a message so much makes the outcome: what follows quotes the file.
    private const int OutcomeLength = 48;

    // Deep recursion shall show here rather than in someone's program, whose threads may be small.
    private const int StackBytes = 512 << 10;

    private readonly string parser;
    private readonly Action<byte[]> parse;
    private readonly FuzzOptions options;
    // By the message without numbers; by nothing where a file was read.
    private readonly ConcurrentDictionary<string, int> outcomes = new() { [""] = 0 };

    // Read by the thread that watches: what is being parsed, and since when.
    private volatile byte[] current = [];
    private long started;

    private Fuzzer(string parser, Action<byte[]> parse, FuzzOptions options) => (this.parser, this.parse, this.options) = (parser, parse, options);

    /// <summary>Runs the corpus of a parser, then mutants of the seeds and of the corpus, and prints how many and what came of them.</summary>
    /// <param name="parser">Its name, and that of its folder in the corpus.</param>
    /// <param name="seeds">Small sound files; each must be read without an exception.</param>
    /// <param name="parse">Reads a file; for a reader of streams wrap the bytes in a <see cref="MemoryStream"/>.</param>
    /// <param name="options">Other limits than the usual ones.</param>
    public static void Run(string parser, IEnumerable<byte[]> seeds, Action<byte[]> parse, FuzzOptions? options = null) =>
        new Fuzzer(parser, parse, options ?? new()).Run([.. seeds]);

    /// <summary>The committed files of a parser.</summary>
    public static IReadOnlyList<byte[]> Corpus(string parser)
    {
        string folder = TestData.Committed("Fuzzing", "Corpus", parser);
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)] : [];
    }

    private void Run(IReadOnlyList<byte[]> seeds)
    {
        string? failure = null;
        int mutants = 0;
        var clock = Stopwatch.StartNew();
        var work = new Thread(() => failure = Work(seeds, clock, ref mutants), StackBytes) { IsBackground = true, Name = $"fuzz {parser}" };
        work.Start();
        while (!work.Join(TimeSpan.FromSeconds(0.5)))
            if (Volatile.Read(ref started) is > 0 and var since && Stopwatch.GetElapsedTime(since) > 30 * options.TimeLimit)
            {
                failure = Report(current, $"is still being read after {Stopwatch.GetElapsedTime(since).TotalSeconds:F0} s");
                break;
            }
        int read = outcomes[""];
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"{parser}: {mutants:N0} mutants in {clock.Elapsed.TotalSeconds:F1} s from seed {options.Seed}: {read:N0} read, the others refused for {outcomes.Count - 1} reasons"));
        foreach (var (message, count) in outcomes.Where(o => o.Key.Length > 0).OrderByDescending(o => o.Value).Take(12))
            TestContext.Current.TestOutputHelper?.WriteLine($"  {count,8}  {message}");
        Assert.True(failure is null, failure);
    }

    private string? Work(IReadOnlyList<byte[]> seeds, Stopwatch clock, ref int mutants)
    {
        foreach (byte[] seed in seeds)
        {
            if (Try(seed, out string outcome) is { } problem)
                return problem;
            if (outcome.Length > 0)
                return Report(seed, $"is a seed and was refused: {outcome}");
        }
        var corpus = Corpus(parser);
        foreach (byte[] file in corpus)
            if (Try(file, out _) is { } problem)
                return problem;

        var mutator = new Mutator(options.Seed, [.. seeds, .. corpus]);
        for (; clock.Elapsed < options.Duration; mutants++)
        {
            byte[] mutant = mutator.Next();
            if (Try(mutant, out string outcome) is { } problem)
                return problem;
            if (outcomes.TryGetValue(outcome, out int count) || outcomes.Count < MostOutcomes)
                outcomes[outcome] = count + 1;
            if (count == 0 && outcomes.Count < MostOutcomes)
                mutator.Add(mutant);
        }
        return null;
    }

    /// <summary>Why what the parser does with a file cannot be accepted; null if it can.</summary>
    /// <param name="file">The file.</param>
    /// <param name="outcome">Empty where it was read, else the message's beginning, without its numbers.</param>
    private string? Try(byte[] file, out string outcome)
    {
        outcome = "";
        long most = options.AllocationBase + options.AllocationPerByte * file.Length, allocated = 0;
        TimeSpan time = default;
        // A busy machine or a first use can make one attempt slow or large, but not three.
        for (int attempt = 0; attempt < 3; attempt++)
        {
            current = file;
            long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
            Volatile.Write(ref started, start);
            try
            {
                parse(file);
            }
            catch (EdsrException refused)
            {
                if (refused.Message.Length == 0 || refused.Message.Any(char.IsControl) || refused.Message.Contains("   at "))
                    return Report(file, $"is refused by something else than one line: {refused.Message}");
                outcome = string.Concat(refused.Message.Where(c => !char.IsDigit(c)).Take(OutcomeLength));
            }
            catch (Exception problem)
            {
                return Report(file, $"throws {problem}");
            }
            finally
            {
                (time, allocated) = (Stopwatch.GetElapsedTime(start), GC.GetAllocatedBytesForCurrentThread() - before);
                Volatile.Write(ref started, 0);
            }
            if (time < options.TimeLimit && allocated <= most)
                return null;
        }
        return Report(file, time < options.TimeLimit ? $"has {file.Length} bytes and allocates {allocated}, more than {most}" : $"takes {time.TotalSeconds:F1} s");
    }

    private string Report(byte[] file, string problem)
    {
        Directory.CreateDirectory(options.FailureFolder);
        string path = Path.Combine(options.FailureFolder, $"{parser}-{Convert.ToHexStringLower(SHA256.HashData(file))[..12]}");
        File.WriteAllBytes(path, file);
        return $"{parser}: {path} (from seed {options.Seed}) {problem}\nOnce it is mended: mkdir -p tests/EdsrIlgpu.Tests/Fuzzing/Corpus/{parser} && cp {path} tests/EdsrIlgpu.Tests/Fuzzing/Corpus/{parser}/";
    }
}
