# SPDX-License-Identifier: EUPL-1.2
"""Prints a typed paper and scans it: pages of images, askew, pale and noisy, without a text layer.

    text, pages parted by `=====PAGE=====` ─print▶ A4 at 150 dots an inch ─degrade▶ PDF

The same text gives the same pages: the noise is drawn from its name.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

PAGE = "=====PAGE====="
WIDTH, HEIGHT = 1240, 1754
MARGIN, LEADING = 90, 30
FONT, SIZE = "DejaVuSansMono.ttf", 19
PAPER, INK = 236, 45
MOST_ASKEW = 0.7
"""Degrees, either way."""

NOISE = 14.0
SPECKLES = 0.0006
QUALITY = 55
"""Of the JPEG in the PDF."""


def scanned(text: str, target: Path) -> None:
    """Write the pages of a text as a scanned PDF."""
    seed = int.from_bytes(hashlib.sha256(target.stem.encode()).digest()[:4], "big")
    random = np.random.default_rng(seed)
    first, *others = [_degraded(_printed(page), random) for page in text.split(PAGE)]
    first.save(
        target, "PDF", save_all=True, append_images=others, resolution=150.0, quality=QUALITY
    )


def _printed(page: str) -> Image.Image:
    image = Image.new("L", (WIDTH, HEIGHT), PAPER)
    font, draw = ImageFont.truetype(FONT, SIZE), ImageDraw.Draw(image)
    for number, line in enumerate(page.strip("\n").split("\n")):
        draw.text((MARGIN, MARGIN + number * LEADING), line, INK, font)
    return image


def _degraded(image: Image.Image, random: np.random.Generator) -> Image.Image:
    askew = random.uniform(-MOST_ASKEW, MOST_ASKEW)
    turned = image.rotate(askew, Image.Resampling.BICUBIC, fillcolor=PAPER)
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.8)), np.float32)
    shade = np.linspace(0, random.uniform(-18, 18), soft.shape[1], dtype=np.float32)
    noisy = soft + shade + random.normal(0, NOISE, soft.shape)
    noisy[random.random(soft.shape) < SPECKLES] = 0
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
