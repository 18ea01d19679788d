# SPDX-License-Identifier: EUPL-1.2
"""How surely somebody's paper is told from a public one, and how that is learnt.

    python -m benchmarks.audience --write                     # learns, keeps the head, prints
    python -m benchmarks.audience --held-out FILE.jsonl       # asks the head that is kept
    python -m benchmarks.audience --real DIR                  # real public acts, read whole

It learns from `audience/*.jsonl` (letters, mails, petitions, forms, decisions, notes, invoices of
invented people; minutes, orders, notices, blank forms, bulletins of invented towns) and, as public
papers, from `readings/` without its letters. Every paper is hidden, cut and embedded as ingestion
does. What is printed of these is told in folds, each by a head that learnt from the others; papers
of one author's file stay in one fold. Beside it, a plain baseline: `special.is_somebodys`, the
patterns that told somebody's file before. Intervals are Wilson's, 95 %.

`--held-out`: lines of {"id", "text", "kind"}; counted only, never printed. `--real`: folders of
real acts, all of them public, read by a whole ingestion into a folder that goes afterwards.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.settings import Settings
from assistant.wiring import open_parts, open_weights
from benchmarks.privacy_scores import wilson
from corpus.audience import STRUCTURE, AudienceHead, Kind, Paper, features
from corpus.documents import Page, SourceDocument
from corpus.embedder import OnnxEmbedder
from corpus.opaque import Opaque
from corpus.passages import SeenFile
from corpus.prepare import Prepared, prepared
from corpus.walk import walk
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.guard import open_guard
from guardrails.special import is_somebodys

ROOT = Path(__file__).resolve().parents[1]
LISTS = ROOT / "benchmarks" / "audience"
READINGS = ROOT / "benchmarks" / "readings"
LETTERS = frozenset({"courrier", "letter"})
"""Genres of `readings/` that are somebody's or may be: left out."""

FOLDS, SEED, STEPS = 5, 0, 40
RIDGE = 1.0
MOST_MISSED = 0.015
"""Share of private papers, told in folds, that the threshold may let through: it is the highest one
that does not miss more."""

PAGE_MOST_WRONG = 0.01
"""Share of public papers that one page alone may hold back."""
BATCH = 64

Vectors = NDArray[np.float32]
Odds = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A paper whose kind is known; `source` is the file that it stands in."""

    text: str
    kind: Kind
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The same as the product knows it, and what the baseline says."""

    paper: Paper
    is_somebodys: bool


def labelled(path: Path) -> list[Labelled]:
    """Read a file of papers."""
    lines = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return [Labelled(text=x["text"], kind=Kind(x["kind"]), source=path.stem) for x in lines]


def teaching() -> list[Labelled]:
    """Everything that the head learns from."""
    found = [one for path in sorted(LISTS.glob("*.jsonl")) for one in labelled(path)]
    for path in sorted(READINGS.rglob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            told = json.loads(line)
            if "genre" in told and told["genre"] not in LETTERS:
                text = f"{told['heading']}\n{told['text']}"
                found.append(Labelled(text=text, kind=Kind.PUBLIC, source=path.stem))
    return found


def read(papers: Sequence[Labelled], embedder: OnnxEmbedder) -> list[Read]:
    """Hide, cut and embed papers as ingestion does."""
    guard, done = open_guard(), list[Read]()
    for start in range(0, len(papers), BATCH):
        some = [_source(one.text) for one in papers[start : start + BATCH]]
        hidden = guard.screen_documents([[p.text for p in s.pages] + [s.name] for s in some])
        for source, screened in zip(some, hidden, strict=True):
            seen = SeenFile(
                path=source.id, root="", collection="", name=source.name, stamp="", recipe="",
                document=source.id,
            )  # fmt: skip
            ready = prepared(source, seen, screened, embedder, Opaque(b"benchmark", ""))
            done.append(
                Read(paper=_paper(ready, embedder), is_somebodys=is_somebodys(screened[:-1]))
            )
    return done


def _source(text: str) -> SourceDocument:
    pages = [Page(number=n, text=page) for n, page in enumerate(text.split("\f"), start=1)]
    return SourceDocument(
        id=sha256(text.encode()).hexdigest(),
        name="document.txt",
        media_type="text/plain",
        pages=tuple(pages),
    )


def _paper(ready: Prepared, embedder: OnnxEmbedder) -> Paper:
    vectors = embedder.embed_passages(list(ready.indexed_texts))
    pages = [
        (text, vectors[[i for i, (_, piece) in enumerate(ready.passages) if piece.page == number]])
        for number, text in ready.pages
    ]
    texts = dict(ready.pages)
    passages = [
        (texts[piece.page][piece.start : piece.end], vectors[rank : rank + 1])
        for rank, (_, piece) in enumerate(ready.passages)
    ]
    return Paper(media_type="text/plain", act=ready.document.act, pages=pages, passages=passages)


# -- learning


def learnt(rows: Vectors, wanted: NDArray[np.bool_]) -> tuple[Vectors, float]:
    """Fit the head by Newton's steps; both kinds weigh the same in all."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    spread[STRUCTURE:] *= math.sqrt(rows.shape[1] - STRUCTURE) / math.sqrt(STRUCTURE)
    level = np.c_[np.ones(len(rows)), (rows - mean) / spread].astype(np.float64)
    share = np.where(wanted, 0.5 / wanted.mean(), 0.5 / (~wanted).mean())
    weights, ridge = np.zeros(level.shape[1]), RIDGE * np.eye(level.shape[1])
    ridge[0, 0] = 1e-6
    for _ in range(STEPS):
        odds = 1 / (1 + np.exp(-(level @ weights)))
        slope = level.T @ (share * (odds - wanted)) + ridge @ weights
        curve = (level.T * (share * odds * (1 - odds))) @ level + ridge
        step = np.linalg.solve(curve, slope)
        weights -= step
        if float(np.abs(step).max()) < 1e-8:
            break
    scaled = weights[1:] / spread
    return scaled.astype(np.float32), float(weights[0] - scaled @ mean)


def in_folds(rows: Vectors, wanted: NDArray[np.bool_], sources: Sequence[str]) -> Odds:
    """Return each paper's log-odds from a head that saw nothing of its source's fold."""
    named = sorted(set(sources))
    order = np.random.default_rng(SEED).permutation(len(named))
    fold_of = {named[place]: rank % FOLDS for rank, place in enumerate(order)}
    folds = np.array([fold_of[source] for source in sources])
    small = np.array([sources.count(source) > 40 and source.startswith("p") for source in sources])
    # Few files hold all that is private: their papers are spread over the folds.
    folds[small] = np.arange(int(small.sum())) % FOLDS
    odds = np.zeros(len(rows))
    for fold in range(FOLDS):
        apart = folds == fold
        weights, bias = learnt(rows[~apart], wanted[~apart])
        odds[apart] = rows[apart] @ weights + bias
    return odds


def fitted(reads: Sequence[Read], papers: Sequence[Labelled]) -> tuple[AudienceHead, Odds]:
    """Return the head that learnt from all, with thresholds from the folds, and their odds."""
    rows = np.stack([features(read.paper.pages, read.paper.act) for read in reads])
    wanted = np.array([one.kind is Kind.PRIVATE for one in papers])
    odds = in_folds(rows, wanted, [one.source for one in papers])
    weights, bias = learnt(rows, wanted)
    head = AudienceHead(
        weights,
        bias,
        float(np.sort(odds[wanted])[int(MOST_MISSED * wanted.sum())]) - 0.01,
        float(np.quantile(odds[~wanted], 1 - PAGE_MOST_WRONG)),
    )
    return head, odds


# -- what is printed


def line(name: str, said: Iterable[bool], wanted: Iterable[bool]) -> None:
    """Print how many private papers were missed, and public ones held back."""
    pairs = list(zip(said, wanted, strict=True))
    for label, is_private in (("private told public", True), ("public told private", False)):
        some = [a for a, b in pairs if b is is_private]
        wrong = sum(a is not is_private for a in some)
        if some:
            low, high = wilson(wrong, len(some))
            print(
                f"{name:26} {label:20} {wrong:4} of {len(some):5}"
                f"  {wrong / len(some):6.1%}  [{low:.1%}, {high:.1%}]"
            )


def measure(embedder: OnnxEmbedder, *, write: bool, show: bool) -> None:
    papers = teaching()
    reads = read(papers, embedder)
    head, odds = fitted(reads, papers)
    wanted = [one.kind is Kind.PRIVATE for one in papers]
    print(f"threshold {head.threshold:.2f}, of a page {head.page_threshold:.2f}")
    line("head, in folds", (bool(o > head.threshold) for o in odds), wanted)
    line("is_somebodys", (read.is_somebodys for read in reads), wanted)
    for name, is_own in (("  of audience/, hard", True), ("  of readings/", False)):
        some = [
            i for i, one in enumerate(papers)
            if one.kind is Kind.PUBLIC and one.source.startswith("public_") is is_own
        ]  # fmt: skip
        line(name, (bool(odds[i] > head.threshold) for i in some), (False for _ in some))
    if show:
        for one, odd in zip(papers, odds, strict=True):
            if (odd > head.threshold) is not (one.kind is Kind.PRIVATE):
                print(f"{odd:6.2f} {one.kind:8} {one.source:12} {one.text[:110]!r}")
    if write:
        head.write(embedder.name)


def held_out(embedder: OnnxEmbedder, path: Path) -> None:
    """Count over papers that nothing was learnt from."""
    head = AudienceHead.of(embedder.name)
    if head is None:
        raise SystemExit("no head for this embedder: --write first")
    papers = labelled(path)
    reads = read(papers, embedder)
    wanted = [one.kind is Kind.PRIVATE for one in papers]
    line("head, held out", (head.kind(r.paper) is Kind.PRIVATE for r in reads), wanted)
    line("is_somebodys, held out", (r.is_somebodys for r in reads), wanted)


def real(folder: Path, most: int, show: bool) -> None:
    """Count real public acts of a folder that would be held back; a sample of `most` files."""
    files = sorted(found.path for found in walk([folder]) if not found.reason and not found.inside)
    order = np.random.default_rng(SEED).permutation(len(files))
    chosen = [files[place] for place in order[:most]]
    with tempfile.TemporaryDirectory() as place:
        data = Path(place)
        with open_parts(data / "data", data / "keys", Settings()) as parts:
            started = time.monotonic()
            report = parts.ingestion.add(chosen, collection="public")
            documents = [d for d in parts.store.documents() if d.passage_count]
            line(
                folder.name,
                (d.audience == Kind.PRIVATE for d in documents),
                (False for _ in documents),
            )
            print(f"{'':26} {report.pages} pages, {time.monotonic() - started:.0f} s")
            for d in documents if show else ():
                if d.audience == Kind.PRIVATE:
                    print(f"   {d.page_count:4} p  {d.act.label[:60]!r} {d.file}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--held-out", type=Path)
    parser.add_argument("--real", type=Path, action="append", default=[])
    parser.add_argument("--most", type=int, default=60)
    asked = parser.parse_args()
    for folder in asked.real:
        if folder.is_dir():
            real(folder, asked.most, asked.show)
        else:
            print(f"{folder.name}: not here, skipped")
    embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
    if asked.held_out:
        held_out(embedder, asked.held_out)
    elif not asked.real:
        measure(embedder, write=asked.write, show=asked.show)


if __name__ == "__main__":
    main()
