using EdsrIlgpu.Training;

namespace EdsrIlgpu.Tests.Training;

public class DivergenceGuardTests
{
    [Fact]
    public void Nan_and_infinity_are_problems_at_once()
    {
        var guard = new DivergenceGuard();
        Assert.Equal("the loss is NaN", guard.Problem(float.NaN, 1));
        Assert.Equal("the loss is Infinity", guard.Problem(float.PositiveInfinity, 1));
        Assert.Equal("the gradient's norm is NaN", guard.Problem(1, float.NaN));
        Assert.Null(guard.Problem(1e30f, 1e30f));
    }

    [Fact]
    public void A_loss_is_judged_by_the_median_of_the_last_hundred_and_one()
    {
        var guard = new DivergenceGuard();
        for (int i = 0; i < 1000; i++)
            guard.Remember(i < 890 ? 1e6f : i % 2 == 0 ? 2 : 4);
        Assert.Equal(4, guard.Usual, 2f);
        Assert.Null(guard.Problem(100 * guard.Usual, 1));
        Assert.Equal($"the loss is 500, over 100 times the {guard.Usual} that is usual", guard.Problem(500, 1));
    }

    [Fact]
    public void Of_few_losses_the_largest_counts()
    {
        var guard = new DivergenceGuard();
        guard.Remember(0.01f);
        guard.Remember(5);
        Assert.Null(guard.Problem(500, 1));
        Assert.NotNull(guard.Problem(501, 1));
    }

    [Fact]
    public void It_goes_on_from_what_it_remembered()
    {
        var guard = new DivergenceGuard();
        for (int i = 0; i < 250; i++)
            guard.Remember(i);
        var resumed = new DivergenceGuard();
        resumed.Reset(guard.Recent);
        Assert.Equal(guard.Usual, resumed.Usual);
        guard.Remember(3);
        resumed.Remember(3);
        Assert.Equal(guard.Recent, resumed.Recent);
        Assert.Equal(DivergenceGuard.Window, resumed.Recent.Length);
    }
}
