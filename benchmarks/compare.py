# SPDX-License-Identifier: EUPL-1.2
"""How rightly two acts are compared: recall and precision of changes, beside a plain line diff.

    pairs with what changed ─▶ readers ─▶ compare │ difflib on lines ─▶ told against expected

    python -m benchmarks.compare                     the invented pairs of `compare_pairs.toml`
    python -m benchmarks.compare --data DIR          folders with a.*, b.*, expected.json
    python -m benchmarks.compare_edits               real acts, edited by a program
    python -m benchmarks.compare --words             without the embedder's vectors
    python -m benchmarks.compare --ablate            the same, one part of the mechanism left out
    python -m benchmarks.compare --speed             40 pages against 40 pages

A told change is right when its kind is that of an expected one, and what it says was and is has the
same values; values that both sides of one change share say nothing. Words are compared where an
expected change has no value. Each expected change is found once; a row that was added or removed
may hold several of them.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from assistant.comparing import Pages, compare_pages
from assistant.comparing.tokens import read_values, tokens_of
from assistant.settings import Settings
from assistant.wiring import open_weights
from corpus.embedder import OnnxEmbedder
from corpus.readers import read
from corpus.seams import Embedder
from corpus.structure import Structure
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.values import Kind

PAIRS = Path(__file__).with_name("compare_pairs.toml")
REWRITTEN = Path(__file__).with_name("pairs")
"""Twelve pairs by an author who had not seen the mechanism, written anew from one to the other."""

SAME_WORDS = 0.5
"""Share of words from which on two changes without a value are the same."""


@dataclass(frozen=True, slots=True)
class Told:
    """A change, told or expected."""

    kind: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files, what a reader says changed, and what may be told besides."""

    name: str
    a: Path
    b: Path
    expected: tuple[Told, ...]
    may: tuple[Told, ...] = ()


@dataclass(slots=True)
class Score:
    """Counts over pairs: expected, found of these, told, right of these."""

    expected: int = 0
    found: int = 0
    told: int = 0
    right: int = 0

    def add(self, other: Score) -> None:
        for name in ("expected", "found", "told", "right"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def __str__(self) -> str:
        recall = self.found / self.expected if self.expected else 1.0
        precision = self.right / self.told if self.told else 1.0
        return (
            f"recall {recall:6.1%} ({self.found}/{self.expected})  "
            f"precision {precision:6.1%} ({self.right}/{self.told})"
        )


def values_in(text: str) -> frozenset[str]:
    """Return the values of a text, however they are written, ranges by their ends; « gratuit » is
    one, and so is a number that stands alone (« 28 », « 28 places »)."""
    is_bare = re.fullmatch(r"\s*\d[\d\s]*", text) is not None
    found = {
        f"{'' if value.kind is Kind.COUNT else part.unit}:{part.low:.12g}:{part.high:.12g}"
        for value in read_values(text)
        if value.kind is not Kind.CODE
        for part in value.written
    }
    if is_bare:
        number = float("".join(text.split()))
        found = {f":{number:.12g}:{number:.12g}"}
    if "gratuit" in text.lower():
        found.add("€:0:0")
    if found and (" par " in f" {text}" or " le " in f" {text}"):
        found |= {f"per:{word}" for word in words_in(text) if word in _PER}
    return frozenset(found)


_PER = frozenset({"mois", "trimestr", "an", "jour", "semain", "heur"})


def words_in(text: str) -> frozenset[str]:
    return frozenset(token.key for token in tokens_of(text, 0) if not token.is_value)


def is_right(told: Told, wanted: Told) -> bool:
    """Whether a told change is the expected one."""
    if told.kind != wanted.kind:
        return False
    b, a = values_in(wanted.before), values_in(wanted.after)
    tb, ta = values_in(told.before), values_in(told.after)
    if not (b or a):
        return _same_words(told, wanted)
    if wanted.kind == "changed":
        if (b - a or a - b) and (tb - ta or ta - tb):
            return (tb - ta, ta - tb) == (b - a, a - b)
        return (tb, ta) == (b, a)
    return (b | a) <= (tb | ta)


def _same_words(told: Told, wanted: Told) -> bool:
    mine = words_in(f"{told.before} {told.after}")
    theirs = words_in(f"{wanted.before} {wanted.after}")
    return len(mine & theirs) >= SAME_WORDS * max(1, len(theirs))


def score(told: Sequence[Told], pair: Pair) -> tuple[Score, list[Told], list[Told]]:
    """Return the counts of a pair, what was missed and what was told wrongly."""
    left, found, wrong = list(pair.expected), list[Told](), list[Told]()
    right = spared = 0
    for one in told:
        fits = [wanted for wanted in left if is_right(one, wanted)]
        fits.sort(key=lambda wanted: -len(words_in(one.what) & words_in(wanted.what)))
        if one.kind == "changed":
            fits = fits[:1]
        right += bool(fits)
        found += fits
        for wanted in fits:
            left.remove(wanted)
        if not fits and any(is_right(one, other) for other in pair.may):
            spared += 1
        elif not fits:
            wrong.append(one)
    counts = Score(len(pair.expected), len(found), len(told) - spared, right)
    return counts, left, wrong


# -- who compares


def ours(
    a: Pages, b: Pages, hints: tuple[str, str], embedder: Embedder | None = None
) -> list[Told]:
    found = compare_pages(a, b, hints=hints, embedder=embedder)
    return [Told(c.kind.value, c.what, c.before, c.after) for c in found.changes]


def plain(a: Pages, b: Pages, hints: tuple[str, str]) -> list[Told]:
    """The baseline: `difflib` on the lines of both texts."""
    mine, theirs = ([x for _, p in pages for x in p.text.split("\n") if x] for pages in (a, b))
    told = list[Told]()
    for step, i, j, k, m in difflib.SequenceMatcher(None, mine, theirs).get_opcodes():
        if step == "equal":
            continue
        both = min(j - i, m - k)
        told += (Told("changed", "", mine[i + n], theirs[k + n]) for n in range(both))
        told += (Told("removed", "", line, "") for line in mine[i + both : j])
        told += (Told("added", "", "", line) for line in theirs[k + both : m])
    return told


# -- pairs


def pages_of(path: Path) -> Pages:
    source = read(path, name=path.name)
    return [(page.number, Structure.of(page.text, page.lines)) for page in source.pages]


def invented(folder: Path) -> Iterator[Pair]:
    """Write the invented pairs as files into a folder."""
    for number, kept in enumerate(tomllib.loads(PAIRS.read_text("utf-8"))["pair"]):
        place = folder / str(number)
        place.mkdir()
        files = list[Path]()
        for side in ("a", "b"):
            ((ending, text),) = kept[side].items()
            files.append(place / f"{side}.{ending}")
            files[-1].write_text(text.lstrip("\n"), "utf-8")
        expected, may = (
            tuple(Told(*change) for change in kept.get(name, ())) for name in ("changes", "may")
        )
        yield Pair(kept["name"], *files, expected, may)


def folders(data: Path) -> Iterator[Pair]:
    """Read pairs of folders: a.*, b.*, expected.json (kind, what, before, after)."""
    for place in sorted(path.parent for path in data.glob("**/expected.json")):
        kept = json.loads((place / "expected.json").read_text("utf-8"))
        rows = kept if isinstance(kept, list) else kept["changes"]
        expected = tuple(
            Told(*(str(row.get(key) or "") for key in ("kind", "what", "before", "after")))
            for row in rows
        )
        a, b = (next(iter(sorted(place.glob(f"{side}.*")))) for side in ("a", "b"))
        yield Pair(place.name, a, b, expected)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folders of pairs, instead of the invented ones")
    parser.add_argument("--quiet", action="store_true", help="the totals only")
    parser.add_argument("--ablate", action="store_true", help="leave one part out at a time")
    parser.add_argument("--speed", action="store_true", help="how long 40 pages take")
    parser.add_argument("--words", action="store_true", help="without the embedder's vectors")
    options = parser.parse_args()
    embedder = None
    if not options.words:
        embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
    if options.speed:
        speed(embedder)
        return
    with tempfile.TemporaryDirectory() as kept:
        pairs = [*(folders(options.data) if options.data else invented(Path(kept)))]
        if options.ablate:
            ablate(pairs, embedder)
            return
        report(pairs, embedder, quiet=options.quiet)


def report(pairs: Sequence[Pair], embedder: Embedder | None, *, quiet: bool) -> None:
    """Print what is told of each pair, and of all beside a line diff."""
    totals, equal_told = (Score(), Score()), 0
    for pair in pairs:
        sides = pages_of(pair.a), pages_of(pair.b)
        hints = pair.a.stem, pair.b.stem
        counts, missed, wrong = score(ours(*sides, hints, embedder), pair)
        totals[0].add(counts)
        totals[1].add(score(plain(*sides, hints), pair)[0])
        equal_told += sum(one.kind == "changed" and one.before == one.after for one in wrong)
        if not quiet:
            print(f"{pair.name}: {counts}")
            for name, some in (("missed", missed), ("wrong", wrong)):
                for one in some:
                    print(f"   {name} {one.kind} | {one.what} | {one.before} → {one.after}")
    print(f"{len(pairs)} pairs; told as changed that is equal on both sides: {equal_told}")
    print(f"compare      {totals[0]}")
    print(f"line diff    {totals[1]}")


PARTS: Mapping[str, tuple[str, str, object]] = {
    "categories renamed": ("matching", "_renamed", lambda found: None),
    "columns known by their rows": ("matching", "_column_votes", lambda found: {}),
    "facts of other layouts": ("matching", "_facts_elsewhere", lambda found, rarity: None),
    "values said in a name": ("matching", "_in_labels", lambda found: None),
    "sentences parted otherwise": ("matching", "_covered", lambda found, rarity: None),
    "a reminder of another year": ("matching", "of_other_year", lambda fact: False),
    "broken columns": ("stretches", "_columns", lambda page, at: None),
    "broken lines": ("stretches", "_goes_on", lambda page, line, after: False),
    "« gratuit », « fermé » in sentences": ("units", "free", lambda read, context: ()),
    "prices by period": ("facts", "period_of", lambda after: ""),
    "what frames an act": ("units", "is_frame", lambda text, is_row: False),
    "titles that no reader took for one": ("units", "_is_title", lambda text: False),
    "neighbours and columns": ("settling", "_again", lambda found, scores, pairs, a, b: scores),
    "said once more": ("settling", "_once_more", lambda found, scores, pairs, a, b: {**pairs}),
    "figures left over": ("settling", "_left_over", lambda scores, pairs, a, b: {}),
    "likeness in size": ("settling", "_like_sized", lambda x, y: 0.5),
    "rows of other names": ("settling", "_of_one_name", lambda found, sense, x, y: True),
    "articles that are far": ("alone", "_far_articles", lambda units, sense, side, met: set()),
    "lines put in or taken out": ("alone", "_put_in", lambda found, side: ()),
    "figures whose unit stands elsewhere": ("atoms", "is_unitless", lambda value: False),
    "rows that begin with their price": ("units", "_subject", lambda page, cells: cells[0]),
    "parts of sentences": ("alone", "_in_clauses", lambda found, sense, side, alone: set()),
}
"""Parts of the mechanism, and what stands in for each when it is left out."""


def ablate(pairs: Sequence[Pair], embedder: Embedder | None) -> None:
    """Print the figures with one part left out at a time: what does not differ need not stand."""
    sides = [(pages_of(pair.a), pages_of(pair.b)) for pair in pairs]

    def total() -> Score:
        counts = Score()
        for pair, both in zip(pairs, sides, strict=True):
            counts.add(score(ours(*both, (pair.a.stem, pair.b.stem), embedder), pair)[0])
        return counts

    print(f"{'whole':42} {total()}")
    if embedder is not None:
        kept, embedder = embedder, None
        print(f"{'without vectors':42} {total()}")
        embedder = kept
    for name, (module, function, stub) in PARTS.items():
        with patch(f"assistant.comparing.{module}.{function}", stub):
            print(f"without {name:34} {total()}")


def speed(embedder: Embedder | None) -> None:
    """Print how long two acts of 40 pages take, a tenth of whose values differ."""
    a = [(n, Structure.of(_page(n, 0))) for n in range(1, 41)]
    b = [(n, Structure.of(_page(n, 1))) for n in range(1, 41)]
    started = time.perf_counter()
    found = compare_pages(a, b, embedder=embedder)
    seconds = time.perf_counter() - started
    chars = sum(len(page.text) for _, page in a)
    print(f"40 pages ({chars:,} characters) against 40: {seconds:.2f} s")
    print(f"{len(found.changes)} changes, {found.unchanged} unchanged")


def _page(number: int, edition: int) -> str:
    """Return a page of prose and prices; every tenth value depends on the edition."""
    lines = [f"ARTICLE {number} – {_NOUNS[number % len(_NOUNS)].upper()}"]
    for rank in range(18):
        noun, other = _NOUNS[rank % len(_NOUNS)], _NOUNS[(rank * 7 + number) % len(_NOUNS)]
        price = 2 + rank * 3 + number + (edition if rank % 10 == 0 else 0)
        lines.append(f"{noun} et {other}, zone {number}-{rank} : {price},50 € par jour")
        lines.append(
            f"Pour {noun} comme pour {other}, la demande est déposée {price} jours avant la date "
            f"prévue, au service {_NOUNS[(rank + number) % len(_NOUNS)]}, avec un justificatif."
        )
    return "\n".join(lines)


_NOUNS = (
    "terrasse", "échafaudage", "étal", "benne", "manège", "kiosque", "bassin", "gradin", "préau",
    "hangar", "ponton", "serre", "enseigne", "palissade", "stand", "tribune", "chapiteau",
)  # fmt: skip


if __name__ == "__main__":
    main()
