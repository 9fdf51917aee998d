#!/usr/bin/env python3
"""Compares what `edsr upscale --model bicubic` made of pictures with Pillow's reading of the same files and numpy's arithmetic.

    odd-pictures.py PICTURES RESULTS

RESULTS has, for each file of PICTURES and under its name, either NAME.png, the picture at twice the size, or NAME.txt, the line by
which it was refused; and NAME.note for a line that was said beside a result. Prints a table in Markdown; the exit code is 1 if any
result is another picture than Pillow's. Needs Pillow and numpy.
"""

import pathlib
import struct
import sys

import numpy
from PIL import Image, ImageOps, PngImagePlugin

Image.MAX_IMAGE_PIXELS = None
PngImagePlugin.MAX_TEXT_MEMORY = 1 << 30

# Decoders of JPEG may differ in the rounding of the inverse DCT and in how they smooth colours of half the resolution.
JPEG_BOUND = 4
# A sum that lies half-way between two levels may be rounded to either.
LOSSLESS_BOUND = 1

# What Pillow is known to do otherwise, and why it is not followed.
OTHERWISE = {
    "png_bugs/cicp_pq.png": "Pillow refuses it for the checksum of its cLLI chunk, which no pixel depends on",
    "png_bugs/issue#430.png": "Pillow refuses it for the checksum of its iCCP chunk, which no pixel depends on",
    "png_bugs/invalid_palette_index.png": "Pillow shows indices beyond the palette white; libpng shows them black, as the PNG specification requires",
}


def cubic(x):
    """The bicubic kernel with a = -0.5 (Keys 1981), as MATLAB's imresize has it."""
    x = abs(x)
    if x <= 1:
        return 1.5 * x**3 - 2.5 * x**2 + 1
    return -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2 if x < 2 else 0.0


def doubled(samples, axis):
    """Twice the size along an axis: output i lies at (i + 0.5) / 2 - 0.5 of the input, which is mirrored at its edges."""
    n = samples.shape[axis]
    mirrored = numpy.pad(samples, [(2, 2) if i == axis else (0, 0) for i in range(3)], mode="symmetric")
    halves = []
    for offset in (-0.25, 0.25):
        weighted, total = numpy.empty_like(samples), numpy.zeros_like(samples)
        for tap in range(-2, 3):
            if abs(tap - offset) < 2:
                total += numpy.multiply(mirrored[:, 2 + tap : 2 + tap + n] if axis else mirrored[2 + tap : 2 + tap + n], cubic(tap - offset), out=weighted)
        halves.append(total)
    shape = list(samples.shape)
    shape[axis] *= 2
    return numpy.stack(halves, axis + 1).reshape(shape)


def bicubic(samples):
    # At this factor the weights are multiples of 1/128, so that every sum is exact.
    both = doubled(doubled(samples.astype(numpy.float32), 0), 1)
    both += 0.5
    return numpy.clip(numpy.floor(both, out=both), 0, 255, out=both)


def grey_depth(path):
    """Bits a sample of a grey PNG, else 8."""
    start = path.read_bytes()[:26]
    return start[24] if start[1:4] == b"PNG" and start[25] == 0 else 8


def read(path):
    """Height × width × channels of 8 bits, upright."""
    picture = ImageOps.exif_transpose(Image.open(path))
    transparency = picture.info.get("transparency")
    depth = grey_depth(path)
    if depth < 8 and transparency is not None:
        # Pillow compares the picture's samples, scaled to 8 bits, with a colour that is not.
        grey = numpy.asarray(picture.convert("L"))
        return numpy.dstack([grey, numpy.where(grey == transparency * 255 // (2**depth - 1), 0, 255)])
    if picture.mode == "P":
        picture = picture.convert("RGBA" if transparency is not None else "RGB")
    elif picture.mode in ("1", "L", "RGB"):
        colours = "RGB" if picture.mode == "RGB" else "L"
        picture = picture.convert(colours + "A" if transparency is not None else colours)
    samples = numpy.asarray(picture)
    return samples.reshape(*samples.shape[:2], -1)


def compare(path, result):
    """What the table says of a result, and whether it is right."""
    with Image.open(result) as made:
        ours = numpy.asarray(made)
    ours = ours.reshape(*ours.shape[:2], -1)
    height, width, channels = ours.shape[0] // 2, ours.shape[1] // 2, ours.shape[2]
    said = f"{width} × {height}, {['grey', 'grey and alpha', 'RGB', 'RGB and alpha'][channels - 1]}"
    try:
        theirs = bicubic(read(path))
    except (OSError, SyntaxError) as problem:
        return said, f"Pillow cannot read it: {problem}", False
    if theirs.shape != ours.shape:
        return said, f"Pillow has {theirs.shape[1] // 2} × {theirs.shape[0] // 2} × {theirs.shape[2]}", False
    difference = abs(theirs - ours)
    most = int(difference.max())
    bound = JPEG_BOUND if path.read_bytes()[:2] == b"\xff\xd8" else LOSSLESS_BOUND
    share = 100 * numpy.count_nonzero(difference) / difference.size
    return said, "the same" if most == 0 else f"≤ {most} of 255, {share:.3g} %", most <= bound


def main():
    pictures, results = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    wrong = 0
    print("| file | what comes of it | beside Pillow |")
    print("|---|---|---|")
    for path in sorted(p for p in pictures.rglob("*") if p.is_file()):
        name = path.relative_to(pictures).as_posix()
        refusal, note = results / (name + ".txt"), results / (name + ".note")
        if refusal.exists():
            said, beside = f"refused: {refusal.read_text().strip()}", ""
        else:
            said, beside, right = compare(path, results / (name + ".png"))
            if not right:
                beside = OTHERWISE.get(name) or f"**{beside}**"
                wrong += name not in OTHERWISE
            if note.exists():
                said += f"; {note.read_text().strip()}"
        print(f"| {name} | {said} | {beside} |")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
