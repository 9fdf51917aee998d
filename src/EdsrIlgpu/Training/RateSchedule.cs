namespace EdsrIlgpu.Training;

/// <summary>How the learning rate goes down during training.</summary>
public enum RateSchedule
{
    /// <summary>Times gamma at each milestone: the paper's.</summary>
    Multistep,

    /// <summary>Times gamma again and again, every so many steps: the tutorial's.</summary>
    Step,

    /// <summary>Half a wave of the cosine, from the full rate to zero at the last step (Loshchilov and Hutter, arXiv 1608.03983, without restarts).</summary>
    Cosine,

    /// <summary>Stays as it is.</summary>
    Constant,
}
