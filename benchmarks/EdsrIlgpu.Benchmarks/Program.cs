using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EdsrIlgpu;
using EdsrIlgpu.Benchmarks;
using EdsrIlgpu.Devices;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["ladder" or "network" or "training" or "host", .. var rest] when BenchmarkOptions.Parse(rest) is { } options:
        return Tables(args[0], options);
    case ["problems"]:
        Console.WriteLine(BenchmarkProblems.Large.ToJson().ToJsonString());
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
        Console.Error.WriteLine(
            """
            Usage: ladder | network | training [THREADS|DEVICE] [--quick] [--json FILE]
                   host [THREADS] [--quick] [--json FILE]   all three, with the machine's name
                   problems                                 what is timed on GPUs, as JSON
                   forward [BenchmarkDotNet options]
                   publish MODEL BENCHMARKS DATA DEVICE TIME
                   card
            """);
        return 2;
}

static int Tables(string which, BenchmarkOptions options)
{
    try
    {
        using var device = ComputeDevices.Open(which == "host" ? which : options.Device, options.Threads);
        var results = new BenchmarkResults(Console.Out, $"{device.Name} ({device.Description})", options.Json);
        var problems = device.Name.StartsWith("cuda", StringComparison.Ordinal) ? BenchmarkProblems.Large : BenchmarkProblems.Small;
        switch (which)
        {
            case "ladder":
                ConvolutionLadder.Run(results, problems, device, options.Repeats);
                break;
            case "network":
                NetworkTimes.Run(results, problems, device, options.Repeats);
                break;
            case "training":
                TrainingTimes.Run(results, problems, device, options.Repeats);
                break;
            default:
                HostReport.Run(results, (HostComputeDevice)device, options.Repeats);
                break;
        }
        return results.HasFailures ? 1 : 0;
    }
    catch (EdsrException problem)
    {
        Console.Error.WriteLine(problem.Message);
        return 1;
    }
}
