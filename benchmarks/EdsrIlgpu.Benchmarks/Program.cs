using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EdsrIlgpu.Benchmarks;

const int Repeats = 15;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["ladder", .. var rest]:
        HostLadder.Run(Console.Out, Threads(rest), Repeats);
        return 0;
    case ["network", .. var rest]:
        NetworkTimes.Run(Console.Out, Threads(rest), Repeats);
        return 0;
    case ["training", .. var rest]:
        TrainingTimes.Run(Console.Out, Threads(rest), Repeats);
        return 0;
    case ["host", .. var rest]:
        HostReport.Run(Console.Out, Threads(rest), Repeats);
        return 0;
    case ["forward", .. var rest]:
        // In process, because a self-contained bundle has no SDK to build a benchmark's own program with.
        BenchmarkRunner.Run<ForwardBenchmark>(DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)), rest);
        return 0;
    case ["publish", var model, var benchmarks, var data, var device, var time]:
        ModelPublishing.Publish(model, benchmarks, data, device, time);
        return 0;
    case ["card"]:
        ModelPublishing.WriteCard();
        return 0;
    default:
        Console.Error.WriteLine("Usage: ladder [threads] | network [threads] | training [threads] | host [threads] | forward [BenchmarkDotNet options] | publish MODEL BENCHMARKS DATA DEVICE TIME | card");
        return 2;
}

static int Threads(string[] rest) => rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 0;
