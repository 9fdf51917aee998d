using EdsrIlgpu.PtxReport;

if (args is not [var path])
{
    Console.Error.WriteLine("Usage: EdsrIlgpu.PtxReport FILE");
    return 2;
}
try
{
    var report = Report.Make();
    string part = path + ".part";
    File.WriteAllText(part, ReportText.Write(report));
    File.Move(part, path, overwrite: true);
    foreach (var claim in report.Claims)
        Console.WriteLine(ReportText.Line(claim));
    return report.Claims.All(c => c.Holds) ? 0 : 1;
}
catch (ReportException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
