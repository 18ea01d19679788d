# SPDX-License-Identifier: EUPL-1.2
"""Real acts and the same edited by a program: prices changed, a sentence put in, one taken out.

    a real act, its first pages ─▶ a.txt
                                ─five prices, a paragraph out, a sentence in▶ b.txt

    python -m benchmarks.compare_edits [--show] [--words]

The acts are read in place (`../shared/data`), written into a temporary folder, and never kept.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from assistant.settings import Settings
from assistant.wiring import open_weights
from benchmarks.answers_sets import DATA
from benchmarks.compare import Pair, Told, report
from corpus.embedder import OnnxEmbedder
from corpus.errors import UnreadableFile
from corpus.readers import read
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.values import Kind, values

FOLDERS = {
    "mairie_pierrefonds": ("pdf", 14),
    "arretes_prefectoraux": ("md", 3),
    "mairie_montpellier_opendata": ("pdf", 6),
    "mairie_corte": ("pdf", 6),
}
"""Which files of which folders, in their order, and how many at most."""

SEED, CHANGES = 7, 5
MOST_PAGES, MOST_CHARS, LEAST_CHARS = 8, 14_000, 1_500
PUT_IN = (
    "La salle du premier étage est réservée aux répétitions de la chorale.",
    "Un abri pour les vélos est installé derrière le gymnase.",
    "Les familles nombreuses bénéficient d'une remise de 15 % sur présentation du livret.",
    "Une navette gratuite relie la gare au marché le samedi matin.",
)
_FIGURE = re.compile(r"\d[\d\s,.]*\s?(?:€|%|euros)")
_PARAGRAPH = re.compile(r"(?<=\n)[A-ZÉ][^\n]{80,400}\.\n")


def edited(folder: Path) -> Iterator[Pair]:
    """Write real acts, each beside an edited copy, into a folder; the same ones each time."""
    draw = random.Random(SEED)
    for name, (ending, most) in FOLDERS.items():
        for file in sorted((DATA / name).rglob(f"*.{ending}"))[:most]:
            try:
                pages = [*read(file, name=file.name).pages][:MOST_PAGES]
            except UnreadableFile:
                continue
            act = "\n\n".join(page.text for page in pages)[:MOST_CHARS]
            if len(act) < LEAST_CHARS:
                continue
            other, expected = _edited(act, draw)
            place = folder / f"{name}-{file.stem}"
            place.mkdir()
            (place / "a.txt").write_text(act, "utf-8")
            (place / "b.txt").write_text(other, "utf-8")
            yield Pair(place.name, place / "a.txt", place / "b.txt", tuple(expected))


def _edited(act: str, draw: random.Random) -> tuple[str, list[Told]]:
    told = list[Told]()
    prices = [
        value
        for value in values(act)
        if value.kind in (Kind.AMOUNT, Kind.PERCENT)
        and _FIGURE.fullmatch(act[value.start : value.end])
    ]
    drawn = draw.sample(prices, min(CHANGES, len(prices)))
    for value in sorted(drawn, key=lambda value: -value.start):
        before = act[value.start : value.end]
        after = f"{int(before[0]) % 8 + 1}{before[1:]}"
        act = f"{act[: value.start]}{after}{act[value.end :]}"
        told.append(Told("changed", "", before, after))
    changed = {one.after for one in told}
    out = [m for m in _PARAGRAPH.finditer(act) if not any(after in m[0] for after in changed)]
    if out:
        taken = draw.choice(out)
        act = act[: taken.start()] + act[taken.end() :]
        told.append(Told("removed", "", taken[0].strip(), ""))
    ends = [stop.end() for stop in re.finditer(r"\.\n", act)]
    if ends:
        said, at = draw.choice(PUT_IN), draw.choice(ends)
        act = f"{act[:at]}{said}\n{act[at:]}"
        told.append(Told("added", "", "", said))
    return act, told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="what is missed and told wrongly")
    parser.add_argument("--words", action="store_true", help="without the embedder's vectors")
    given = parser.parse_args()
    embedder = None
    if not given.words:
        embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
    with tempfile.TemporaryDirectory() as kept:
        report([*edited(Path(kept))], embedder, quiet=not given.show)


if __name__ == "__main__":
    main()
