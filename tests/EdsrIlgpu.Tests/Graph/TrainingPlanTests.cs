using EdsrIlgpu.Graph;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Tests.Graph;

/// <summary>What the backward pass of EDSR launches and keeps; that it is right is for the random graphs and the goldens to say.</summary>
public class TrainingPlanTests
{
    [Fact]
    public void Edsr_needs_two_launches_a_convolution_one_a_shuffle_and_one_where_the_long_residual_begins()
    {
        var graph = Edsr.Build(new EdsrConfig(3, 8, 4));
        int convolutions = graph.Steps.OfType<Conv2dStep>().Count();
        var plan = new TrainingPlan(graph, 2, 6, 5);
        Assert.Equal(convolutions, plan.Steps.OfType<WgradStep>().Count());
        Assert.Equal(convolutions - 1, plan.Steps.OfType<DgradStep>().Count());
        Assert.Equal(2, plan.Steps.OfType<PixelShuffleBackwardStep>().Count());
        // The head's output has the gradient of the body's end already when the first block's residual brings another.
        Assert.Single(plan.Steps.OfType<PassGradientStep>());
        // Masks are fused and residuals handed over.
        Assert.Equal(2 * convolutions - 1 + 2 + 1, plan.Steps.Count);
        Assert.Null(plan.InputGradient);
    }

    [Fact]
    public void Gradients_take_no_more_memory_in_a_deeper_network()
    {
        var few = new TrainingPlan(Edsr.Build(new EdsrConfig(3, 8, 2)), 2, 6, 5);
        var many = new TrainingPlan(Edsr.Build(new EdsrConfig(20, 8, 2)), 2, 6, 5);
        Assert.Equal(few.Slots, many.Slots);
        Assert.Equal(few.Elements, many.Elements);
        Assert.InRange(few.Slots.Count(s => s.Shape.C == 8 && s.Shape.H == 6), 1, 3);
    }
}
