# SPDX-License-Identifier: EUPL-1.2
"""Putting a scanned page straight: how far its lines lean, and the page turned back."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from corpus.readers.ocr import Picture

MAX_DEGREES = 4.0
COARSE = np.arange(-MAX_DEGREES, MAX_DEGREES + 0.1, 0.5)
LEAST_DEGREES = 0.25
"""Lines that lean less are read as well, and turning a page blurs it."""

SAMPLE_WIDTH = 800
LEAST_INK = 200
SIDE_RATIO = 1.5

Places = NDArray[np.intp]


def lean(picture: Picture) -> float:
    """Return by how many degrees the lines fall to the right (negative: rise).

    The rows of ink are most unequal when lines lie flat: each angle is tried on a smaller copy.
    """
    ys, xs = _ink(picture)
    if len(ys) < LEAST_INK:
        return 0.0
    coarse = _best(ys, xs, COARSE)
    return _best(ys, xs, np.arange(coarse - 0.4, coarse + 0.41, 0.1))


def lies_on_side(picture: Picture) -> bool:
    """Say whether lines seem to run from top to bottom."""
    ys, xs = _ink(picture)
    if len(ys) < LEAST_INK:
        return False
    across, down = (
        max(_flatness(a, b, float(degrees)) for degrees in COARSE) for a, b in ((ys, xs), (xs, ys))
    )
    return down > SIDE_RATIO * across


def _ink(picture: Picture) -> tuple[Places, Places]:
    step = max(1, picture.shape[1] // SAMPLE_WIDTH)
    small = picture[::step, ::step]
    ys, xs = np.nonzero(small < min(160, int(small.mean()) - 30))
    return ys, xs


def _best(ys: Places, xs: Places, angles: NDArray[np.float64]) -> float:
    return max((float(angle) for angle in angles), key=lambda a: _flatness(ys, xs, a))


def _flatness(ys: Places, xs: Places, degrees: float) -> float:
    """Return how unequal neighbouring rows are, were the page turned by that much."""
    rows = ys - xs * math.tan(math.radians(degrees))
    counts = np.bincount((rows - rows.min()).astype(np.intp))
    return float((np.diff(counts.astype(np.float64)) ** 2).sum())


def turned(picture: Picture, degrees: float) -> Picture:
    """Return the picture turned anticlockwise about its middle, white where nothing was."""
    image = Image.fromarray(picture).rotate(
        degrees, resample=Image.Resampling.BILINEAR, fillcolor=255
    )
    return np.asarray(image, dtype=np.uint8)


def turned_point(x: float, y: float, degrees: float, size: tuple[int, int]) -> tuple[float, float]:
    """Return where a point of a turned picture stood before, `size` being width and height."""
    angle = math.radians(degrees)
    dx, dy = x - size[0] / 2, y - size[1] / 2
    return (
        size[0] / 2 + dx * math.cos(angle) - dy * math.sin(angle),
        size[1] / 2 + dx * math.sin(angle) + dy * math.cos(angle),
    )
