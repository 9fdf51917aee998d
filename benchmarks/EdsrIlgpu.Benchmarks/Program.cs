using EdsrIlgpu.Benchmarks;

switch (args)
{
    case ["ladder", .. var rest]:
        HostLadder.Run(rest.Length > 0 ? int.Parse(rest[0]) : 0, 15);
        return 0;
    default:
        Console.Error.WriteLine("Usage: ladder [threads]");
        return 2;
}
