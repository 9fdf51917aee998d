namespace EdsrIlgpu.Weights.Recognition;

/// <summary>What network a file that holds no EDSR seems to hold: known by names that no other network has, else by its convolutions.</summary>
internal static class NetworkFamily
{
    // All names of an entry must be there, behind one prefix. Entries whose names are among another's come after it. The names are
    // those of the networks' public source.
    private static readonly (string Family, string[] Names)[] Families =
    [
        ("CARN", ["entry.weight", "b1.b1.body.0.weight", "exit.weight"]),
        ("SPAN", ["block_1.c1_r.sk.weight", "conv_cat.weight"]),
        ("RLFN", ["conv_1.weight", "block_1.c1_r.weight", "block_1.esa.conv1.weight"]),
        ("RCAN", ["body.0.body.0.body.0.weight", "body.0.body.0.body.3.conv_du.0.weight"]),
        ("RDN", ["SFENet1.weight", "RDBs.0.convs.0.conv.0.weight"]),
        ("MDSR, the EDSR of several scales", ["head.0.weight", "pre_process.0.0.body.0.weight"]),
        ("HAT", ["layers.0.residual_group.blocks.0.conv_block.cab.0.weight"]),
        ("SRFormer", ["layers.0.residual_group.blocks.0.attn.aligned_relative_position_index"]),
        ("Swin2SR", ["layers.0.residual_group.blocks.0.norm1.weight", "patch_embed.proj.weight", "conv_first.weight", "layers.0.residual_group.blocks.0.attn.logit_scale"]),
        ("SwinIR", ["layers.0.residual_group.blocks.0.norm1.weight", "layers.0.residual_group.blocks.0.mlp.fc1.bias"]),
        ("DAT", ["before_RG.1.weight", "layers.0.blocks.0.ffn.sg.norm.weight"]),
        ("CRAFT", ["layers.0.residual_group.hf_blocks.0.attn.temperature"]),
        ("OmniSR", ["residual_layer.0.residual_layer.0.layer.0.fn.0.weight"]),
        ("SAFMN", ["to_feat.weight", "feats.0.safm.mfr.0.weight"]),
        ("ESRGAN (RRDBNet, or Real-ESRGAN)", ["conv_first.weight", "body.0.rdb1.conv1.weight"]),
        ("ESRGAN (RRDBNet, as of 2018)", ["model.0.weight", "model.1.sub.0.RDB1.conv1.0.weight"]),
        ("ESRGAN (RRDBNet, as of 2019)", ["conv_first.weight", "RRDB_trunk.0.RDB1.conv1.weight"]),
        ("Real-ESRGAN's compact network (SRVGGNetCompact)", ["body.0.weight", "body.1.weight", "body.2.weight"]),
        ("SRResNet (MSRResNet)", ["conv_first.weight", "body.0.conv1.weight", "upconv1.weight"]),
        ("SRResNet (MSRResNet, as of 2019)", ["conv_first.weight", "recon_trunk.0.conv1.weight", "upconv1.weight"]),
        ("WDSR", ["head.0.weight_v", "body.0.body.0.weight_v", "skip.0.weight_v"]),
        ("IMDN", ["fea_conv.weight", "IMDB1.c1.weight", "LR_conv.weight"]),
        ("VDSR", ["residual_layer.0.conv.weight", "input.weight", "output.weight"]),
        ("FSRCNN", ["first_part.0.weight", "mid_part.0.weight", "last_part.weight"]),
        ("Real-CUGAN", ["unet1.conv1.conv.0.weight", "unet2.conv1.conv.0.weight"]),
        ("SwiftSRGAN", ["initial.cnn.depthwise.weight", "final_conv.pointwise.weight"]),
        ("GFPGAN", ["toRGB.0.weight", "stylegan_decoder.style_mlp.1.weight"]),
        ("SCUNet", ["m_head.0.weight", "m_down1.0.trans_block.ln1.weight"]),
        ("DRUNet", ["m_head.weight", "m_down1.0.res.0.weight"]),
    ];

    /// <summary>The family, or a short description of a network of convolutions; null if nothing can be said.</summary>
    public static string? Of(OrderedDictionary<string, StoredTensor> tensors)
    {
        foreach (var (family, names) in Families)
            if (tensors.Keys.Where(name => Ends(name, names[0])).Any(name => names.All(other => tensors.ContainsKey(name[..^names[0].Length] + other))))
                return family;
        var filters = tensors.Values.Where(t => t.Shape.Count == 4 && t.Type.IsFloat).ToList();
        if (filters.Count < 2)
            return null;
        // SRCNN's three convolutions of 9, 1 to 5 and 5 taps; the names conv1 to conv3 alone are anyone's.
        if (filters.Count == 3 && filters.Select(f => f.Shape[3]).ToArray() is [9, 1 or 3 or 5, 5] && filters[2].Shape[0] == filters[0].Shape[1])
            return "SRCNN";
        // ESPCN's, the last of which makes the pixels of a square.
        if (filters.Count == 3 && filters.Select(f => f.Shape[3]).ToArray() is [5, 3, 3] && filters[0].Shape[1] is > 0 and var channels
            && filters[2].Shape[0] % channels == 0 && Math.Sqrt(filters[2].Shape[0] / channels) is >= 2 and var scale && scale == Math.Floor(scale))
            return "ESPCN";
        return $"a network of {filters.Count} convolutions, from {filters[0].Shape[1]} to {filters[^1].Shape[0]} channels";
    }

    private static bool Ends(string name, string end) =>
        name.EndsWith(end, StringComparison.Ordinal) && (name.Length == end.Length || name[^(end.Length + 1)] == '.');
}
