namespace EdsrIlgpu.Training;

/// <summary>The learning rate at each step: a schedule, and a linear warm-up before it.</summary>
public static class LearningRate
{
    /// <summary>The rate that a step is made with.</summary>
    /// <param name="config">Rate, schedule, milestones, gamma, warm-up and number of steps.</param>
    /// <param name="step">Steps made before, from 0: a milestone m lowers the rate from the step that follows m steps.</param>
    public static float At(TrainingConfig config, long step)
    {
        double factor = config.Schedule switch
        {
            RateSchedule.Multistep => Math.Pow(config.Gamma, Passed(config.Milestones, step)),
            RateSchedule.Step => Math.Pow(config.Gamma, step / config.Milestones[0]),
            RateSchedule.Cosine => Cosine(step - config.Warmup, config.Steps - config.Warmup),
            _ => 1,
        };
        return (float)(config.Rate * factor * Math.Min(1, (step + 1.0) / (config.Warmup + 1.0)));
    }

    private static int Passed(IReadOnlyList<long> milestones, long step)
    {
        int passed = 0;
        for (int i = 0; i < milestones.Count; i++)
            if (milestones[i] <= step)
                passed++;
        return passed;
    }

    private static double Cosine(long step, long steps) => 0.5 * (1 + Math.Cos(Math.PI * Math.Clamp(step, 0, steps) / steps));
}
