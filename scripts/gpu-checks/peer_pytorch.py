#!/usr/bin/env python3
"""Times PyTorch (cuDNN) on the problems that EdsrIlgpu's benchmarks time, on a CUDA device.

What is compared, and how:
- The problems are read from the list that the benchmarks print (EdsrIlgpu.Benchmarks problems), so that both time the same.
- 32-bit rows with TF32 off, which is what EdsrIlgpu computes today, and with TF32 on, which is what PyTorch does by itself.
- channels_last for model and input, cudnn.benchmark on, eager and compiled (torch.compile, mode max-autotune): PyTorch at its best.
- Random data; warm-up first; CUDA events around several runs, medians. Every run reads the same data, as EdsrIlgpu's do: what fits
  into the cache stays there for both.
- fprop is convolution, bias and ReLU; dgrad and wgrad are the gradients alone (aten.convolution_backward), dgrad with the ReLU's mask.
- A network goes from bytes in the host's memory to bytes there; a training step is forward, L1, backward, the gradients' norm, Adam
  and the moving average of the parameters.
"""
import argparse
import json
import os
import statistics
import sys

OPERATIONS = ("fprop", "dgrad", "wgrad", "network", "training")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", required=True, metavar="FILE", help="what 'EdsrIlgpu.Benchmarks problems' printed")
    parser.add_argument("--ours", nargs="*", default=[], metavar="FILE", help="EdsrIlgpu's measurements (--json), to stand beside")
    parser.add_argument("--json", metavar="FILE", help="write the measurements there")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, and nothing is compiled, which takes minutes")
    parser.add_argument("--list", action="store_true", help="print the problems and end; needs no PyTorch")
    return parser.parse_args()


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def problems_of(path):
    """(operation, sizes) of every problem; complains about what this script would not understand."""
    listed = read(path)
    keys = {**dict.fromkeys(("fprop", "dgrad", "wgrad"), {"n", "h", "w", "c", "k"}),
            "network": {"blocks", "features", "scale", "residualScale", "height", "width"},
            "training": {"blocks", "features", "scale", "residualScale", "batch", "patch"}}
    if set(listed) != set(OPERATIONS):
        sys.exit(f"{path} lists {', '.join(listed)}; expected {', '.join(OPERATIONS)}.")
    for operation in OPERATIONS:
        for problem in listed[operation]:
            if set(problem) != keys[operation] | {"problem"}:
                sys.exit(f"{path}: {operation} {problem} is not described by {', '.join(sorted(keys[operation]))}.")
            yield operation, problem


def best_of_ours(paths):
    """The fastest measurement of each problem. A file that is missing is of a benchmark that was not run to its end."""
    best = {}
    for path in filter(os.path.exists, paths):
        for row in read(path)["rows"]:
            key = row["operation"], row["problem"]
            best[key] = min(best.get(key, float("inf")), row["milliseconds"])
    return best


class Peer:
    def __init__(self, quick):
        import torch
        if tuple(int(part) for part in torch.__version__.split(".")[:2]) < (2, 1):
            sys.exit(f"PyTorch {torch.__version__} is too old; 2.1 or later is needed.")
        self.torch = torch
        self.quick = quick
        self.repeats = 5 if quick else 15
        self.device = torch.device("cuda")
        torch.backends.cudnn.benchmark = True
        torch.manual_seed(1)

    def set_tf32(self, on):
        self.torch.backends.cuda.matmul.allow_tf32 = on
        self.torch.backends.cudnn.allow_tf32 = on

    def random(self, *shape):
        return (self.torch.rand(*shape, device=self.device) - 0.5).contiguous(memory_format=self.torch.channels_last)

    def time(self, run):
        """Median milliseconds of one run."""
        torch = self.torch

        def together(count):
            start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            start.record()
            for _ in range(count):
                run()
            end.record()
            torch.cuda.synchronize()
            return start.elapsed_time(end) / count

        for _ in range(3):
            one = together(1)
        inner = max(1, min(1000, int(10 / max(one, 1e-3))))
        together(inner)
        return statistics.median(together(inner) for _ in range(self.repeats))

    def convolution(self, operation, p):
        torch, aten = self.torch, self.torch.ops.aten
        n, h, w, c, k = (p[key] for key in "nhwck")
        x, dy = self.random(n, c, h, w), self.random(n, k, h, w)
        weight, bias = self.random(k, c, 3, 3), torch.rand(k, device=self.device)

        def backward(x, dy, mask):
            return aten.convolution_backward(dy, x, weight, [k], [1, 1], [1, 1], [1, 1], False, [0, 0], 1, mask)

        def fprop(x, dy):
            return torch.relu(torch.nn.functional.conv2d(x, weight, bias, padding=1))

        def dgrad(x, dy):
            return backward(x, dy, [True, False, False])[0] * (x > 0)

        def wgrad(x, dy):
            return backward(x, dy, [False, True, True])

        run = {"fprop": fprop, "dgrad": dgrad, "wgrad": wgrad}[operation]
        with torch.no_grad():
            for how, variant in self.variants(run, "max-autotune-no-cudagraphs"):
                yield how, self.time(lambda: variant(x, dy))

    def network(self, p):
        """EDSR as its paper draws it: head, residual blocks, global skip, PixelShuffle, tail."""
        nn = self.torch.nn
        features, scale = p["features"], p["scale"]

        def conv(inputs, outputs):
            return nn.Conv2d(inputs, outputs, 3, padding=1)

        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.first, self.second = conv(features, features), conv(features, features)

            def forward(self, x):
                return self.second(nn.functional.relu(self.first(x))) * p["residualScale"] + x

        class Edsr(nn.Module):
            def __init__(self):
                super().__init__()
                self.head = conv(3, features)
                self.body = nn.Sequential(*(Block() for _ in range(p["blocks"])), conv(features, features))
                steps = [3] if scale == 3 else [2] * (scale.bit_length() - 1)
                ups = (layer for r in steps for layer in (conv(features, features * r * r), nn.PixelShuffle(r)))
                self.tail = nn.Sequential(*ups, conv(features, 3))

            def forward(self, x):
                x = self.head(x)
                return self.tail(self.body(x) + x)

        return Edsr().to(self.device, memory_format=self.torch.channels_last)

    def variants(self, run, mode="max-autotune"):
        yield "eager", run
        if not self.quick:
            yield "compiled", self.torch.compile(run, mode=mode, dynamic=False)

    def upscale(self, p):
        torch = self.torch
        model = self.network(p).eval()
        pixels = torch.randint(0, 256, (1, p["height"], p["width"], 3), dtype=torch.uint8).pin_memory()
        mean = torch.tensor([114.444, 111.4605, 103.02], device=self.device).view(1, 3, 1, 1)

        def forward(x):
            y = model(x.permute(0, 3, 1, 2).float() - mean) + mean
            return y.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).contiguous()

        with torch.no_grad():
            for name, run in self.variants(forward):
                yield name, self.time(lambda: run(pixels.to(self.device)).cpu())

    def train(self, p):
        torch = self.torch
        batch, patch, scale = p["batch"], p["patch"], p["scale"]
        x, target = self.random(batch, 3, patch, patch) * 255, self.random(batch, 3, patch * scale, patch * scale) * 255
        for name in ("eager",) if self.quick else ("eager", "compiled"):
            model = self.network(p)
            parameters = list(model.parameters())
            averages = [parameter.detach().clone() for parameter in parameters]
            optimiser = torch.optim.Adam(parameters, lr=1e-4, fused=True)
            forward = model if name == "eager" else torch.compile(model, mode="max-autotune", dynamic=False)

            def step():
                optimiser.zero_grad(set_to_none=True)
                loss = torch.nn.functional.l1_loss(forward(x), target)
                loss.backward()
                torch.linalg.vector_norm(torch.stack(torch._foreach_norm([parameter.grad for parameter in parameters]))).item()
                optimiser.step()
                with torch.no_grad():
                    torch._foreach_lerp_(averages, parameters, 1e-3)
                return loss.item()

            yield name, self.time(step)

    def measure(self, operation, problem):
        method = {"network": self.upscale, "training": self.train}.get(operation)
        return method(problem) if method else self.convolution(operation, problem)


def main():
    options = arguments()
    problems = list(problems_of(options.problems))
    if options.list:
        for operation, problem in problems:
            print(f"{operation:9} {problem['problem']}")
        return
    ours = best_of_ours(options.ours)
    peer = Peer(options.quick)
    torch = peer.torch
    print(f"PyTorch {torch.__version__}, CUDA {torch.version.cuda}, cuDNN {torch.backends.cudnn.version()}, {torch.cuda.get_device_name()}")
    print("Milliseconds. EdsrIlgpu's best variant, in 32 bits, where it was measured on this machine.\n")
    print("| | problem | EdsrIlgpu | how | PyTorch, TF32 off | PyTorch, TF32 on |")
    print("|---|---|--:|---|--:|--:|")
    rows = []
    for operation, problem in problems:
        times = {}
        for tf32 in (False, True):
            peer.set_tf32(tf32)
            torch.compiler.reset()
            try:
                for how, milliseconds in peer.measure(operation, problem):
                    times.setdefault(how, {})[tf32] = milliseconds
                    rows.append({"operation": operation, "problem": problem["problem"], "how": how, "tf32": tf32, "milliseconds": milliseconds})
            except Exception as trouble:  # One that fails must not take the others' results along.
                print(f"{operation} {problem['problem']}, TF32 {tf32}: {type(trouble).__name__}: {str(trouble).splitlines()[:1]}", file=sys.stderr)
            torch.cuda.empty_cache()
        for how, of in times.items():
            mine = ours.get((operation, problem["problem"]))
            cells = [f"{value:.3f}" if value is not None else "–" for value in (mine, of.get(False), of.get(True))]
            print(f"| {operation} | {problem['problem']} | {cells[0]} | {how} | {cells[1]} | {cells[2]} |", flush=True)
        if options.json:
            with open(options.json, "w", encoding="utf-8") as file:
                json.dump({"device": torch.cuda.get_device_name(), "rows": rows}, file)
    if not rows:
        sys.exit("Nothing could be measured.")


if __name__ == "__main__":
    main()
