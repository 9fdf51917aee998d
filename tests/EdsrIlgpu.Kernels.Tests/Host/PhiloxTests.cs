namespace EdsrIlgpu.Kernels.Tests.Host;

public class PhiloxTests
{
    // The known answers of the paper's library, Random123: philox4x32 with 10 rounds.
    [Theory]
    [InlineData(0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void The_papers_known_answers_come_out(uint a, uint b, uint c, uint d, uint key0, uint key1, uint outA, uint outB, uint outC, uint outD) =>
        Assert.Equal(new PhiloxBlock(outA, outB, outC, outD), Philox.Block(new PhiloxBlock(a, b, c, d), key0, key1));

    [Fact]
    public void Seed_purpose_step_and_index_all_matter()
    {
        PhiloxBlock[] blocks =
        [
            Philox.Draw(1, 2, 3, 4), Philox.Draw(1UL << 32, 2, 3, 4), Philox.Draw(2, 2, 3, 4), Philox.Draw(1, 3, 3, 4),
            Philox.Draw(1, 2, 4, 4), Philox.Draw(1, 2, 3UL << 32, 4), Philox.Draw(1, 2, 3, 5),
        ];
        Assert.Equal(blocks.Length, blocks.Distinct().Count());
    }

    [Fact]
    public void Units_begin_at_0_and_end_below_1()
    {
        Assert.Equal(0, PhiloxBlock.Unit(255));
        Assert.Equal(1 - 1f / (1 << 24), PhiloxBlock.Unit(uint.MaxValue));
    }
}
