# SPDX-License-Identifier: EUPL-1.2
"""A scanned page, from its picture to printed lines as the PDF reader knows them.

    picture ─▶ straight ─▶ words ─▶ upright if they make no sense ─┬▶ without noise ─▶ lines
                             └── once more without grain, if it has any ┘  (the surer of both)

Several pages are made out at once; only as many pictures are held as pages are being read.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from PIL import Image, ImageFilter

from corpus.documents import Box, Scan
from corpus.errors import UnreadableFile
from corpus.readers.layout import clean
from corpus.readers.ocr import (
    DPI,
    Picture,
    Word,
    mean_confidence,
    quarter_turns,
    without_noise,
    words_of,
)
from corpus.readers.pdf_lines import Fragment, Line
from corpus.readers.programs import Overtime
from corpus.readers.pulse import beat
from corpus.readers.upright import LEAST_DEGREES, lean, lies_on_side, turned, turned_point

POOR = 0.6
"""A page that is less sure than this may lie on its side."""

SURE_PAGE = 0.75
"""A page that is less sure than this is flagged: a person should look at it."""

GRAIN = 1.8
"""Grey levels by which a page's paper differs from its neighbours, from which on it is read once
more without: clean print has .7 to 1.1, half of the towns' grain 1.8 to 2.2
(`benchmarks/scans.py`)."""

GRAIN_PIXELS = 5
"""Of how many pixels each way the median is taken: at 300 dpi thinner than most strokes."""

FEW_WORDS = 12
INK_SHARE = 0.002
DARK = 128
GAP = 1.6
"""A gap wider than this many times the letters' height parts two cells."""


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """What was made out on a page; `words` in the order of reading, with their boxes."""

    lines: tuple[Line, ...]
    words: tuple[tuple[str, tuple[int, int, int, int]], ...]
    confidence: float

    def scan(self, text: str) -> Scan:
        """Return how sure the page is, and where the words of its text stand."""
        return Scan(round(self.confidence, 3), tuple(placed(text, self.words)))


def read_scans(
    pictures: Iterable[tuple[int, Picture]],
) -> Iterator[tuple[int, ScannedPage | None]]:
    """Yield each page by its number, in order; none for a page that took too long."""
    at_once = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    waiting: deque[tuple[int, Future[ScannedPage | None]]] = deque()
    with ThreadPoolExecutor(at_once) as pool:
        for number, picture in pictures:
            waiting.append((number, pool.submit(read_scan, picture)))
            if len(waiting) > at_once:
                yield _done(waiting)
        while waiting:
            yield _done(waiting)


def _done(
    waiting: deque[tuple[int, Future[ScannedPage | None]]],
) -> tuple[int, ScannedPage | None]:
    number, future = waiting.popleft()
    page = future.result()
    beat()
    return number, page


def read_scan(picture: Picture) -> ScannedPage | None:
    """Make out one page, or nothing if it took too long or broke the program."""
    try:
        return _read(picture)
    except (Overtime, UnreadableFile):
        return None


def _read(picture: Picture) -> ScannedPage:
    turns = quarter_turns(picture) if lies_on_side(picture) else 0
    page = _straight(picture, turns)
    makes_sense = page.confidence >= POOR and len(page.words) >= FEW_WORDS
    if not makes_sense and not turns and has_ink(picture):
        quarters = quarter_turns(picture)
        other = _straight(picture, quarters) if quarters else page
        if other.confidence > page.confidence:
            page, turns = other, quarters
    if has_ink(picture) and grain(picture) >= GRAIN:
        page = _surer(page, picture, turns)
    return page


def _surer(page: ScannedPage, picture: Picture, turns: int) -> ScannedPage:
    """Return what was made out, or what is made out without grain if that is surer."""
    try:
        calm = _straight(calmed(picture), turns)
    except (Overtime, UnreadableFile):
        return page
    return max(page, calm, key=lambda p: p.confidence)


def grain(picture: Picture) -> float:
    """Return by how many grey levels the light pixels in the middle differ from their surroundings,
    on average."""
    height, width = picture.shape
    middle = picture[height // 3 : 2 * height // 3 + 1, width // 3 : 2 * width // 3 + 1]
    light = middle > DARK
    differences = np.abs(middle.astype(np.int16) - calmed(middle))[light]
    return float(differences.mean()) if differences.size else 0.0


def calmed(picture: Picture) -> Picture:
    """Return a picture without dust and grain: to Tesseract they are strokes."""
    calm = Image.fromarray(picture).filter(ImageFilter.MedianFilter(GRAIN_PIXELS))
    return np.asarray(calm, np.uint8)


def has_ink(picture: Picture) -> bool:
    """Say whether a page holds more than dust."""
    return bool((picture[::4, ::4] < DARK).mean() > INK_SHARE)


def _straight(picture: Picture, turns: int) -> ScannedPage:
    """Make out a page turned by quarters, then put straight."""
    upright = np.ascontiguousarray(np.rot90(picture, turns))
    degrees = lean(upright)
    if abs(degrees) < LEAST_DEGREES:
        degrees = 0.0
    words = words_of(turned(upright, degrees) if degrees else upright)
    kept = without_noise(words)
    height, width = upright.shape
    return ScannedPage(
        tuple(_lines(kept, height)),
        tuple((clean(w.text), _box(w, degrees, turns, (width, height))) for w in kept),
        mean_confidence(words),
    )


def _lines(words: Sequence[Word], height: int) -> Iterator[Line]:
    """Yield the printed lines, in points, cut where a gap is too wide to be a space."""
    scale = 72 / DPI
    for _, group in groupby(words, key=lambda word: word.line):
        line = list(group)
        tall = max(1.0, sum(w.bottom - w.top for w in line) / len(line))
        parts: list[list[Word]] = []
        for word in line:
            if parts and word.left - parts[-1][-1].right <= GAP * tall:
                parts[-1].append(word)
            else:
                parts.append([word])
        yield Line(tuple(_fragment(part, line, height, scale) for part in parts))


def _fragment(part: Sequence[Word], line: Sequence[Word], height: int, scale: float) -> Fragment:
    # The whole line's height: a word without tall letters would seem to stand lower.
    return Fragment(
        " ".join(word.text for word in part),
        part[0].left * scale,
        part[-1].right * scale,
        (height - max(w.bottom for w in line)) * scale,
        (height - min(w.top for w in line)) * scale,
        page_height=height * scale,
    )


def _box(
    word: Word, degrees: float, turns: int, size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Return a word's place on the page as it was scanned, in thousandths."""
    corners = [
        turned_point(x, y, degrees, size)
        for x in (word.left, word.right)
        for y in (word.top, word.bottom)
    ]
    shares = [_unturned(x / size[0], y / size[1], turns) for x, y in corners]
    xs, ys = [x for x, _ in shares], [y for _, y in shares]
    left, top, right, bottom = (
        min(1000, max(0, round(1000 * v))) for v in (min(xs), min(ys), max(xs), max(ys))
    )
    return left, top, right, bottom


def _unturned(x: float, y: float, turns: int) -> tuple[float, float]:
    """Return where a point stood before the page was turned anticlockwise by quarters."""
    for _ in range(turns):
        x, y = 1 - y, x
    return x, y


def placed(text: str, words: Sequence[tuple[str, tuple[int, int, int, int]]]) -> Iterator[Box]:
    """Yield where the words of a page's text stand: each by its next appearance on the page.

    The text is laid out (paragraphs joined, headers before each cell): a word is looked for
    from the last one that was found, then among those not used yet.
    """
    where: dict[str, list[int]] = {}
    for index, (word, _) in enumerate(words):
        where.setdefault(word, []).append(index)
    last, at = -1, 0
    for token in text.split():
        start = text.index(token, at)
        at = start + len(token)
        places = where.get(token)
        if not places:
            continue
        index = next((i for i in places if i > last), places[0])
        places.remove(index)
        last = index
        yield Box(start, at, *words[index][1])
