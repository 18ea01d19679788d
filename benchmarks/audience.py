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
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.settings import Settings
from assistant.wiring import open_parts, open_weights
from corpus.audience import STRUCTURE, AudienceHead, Kind, Paper, ReadPage, features
from corpus.documents import Page, SourceDocument
from corpus.embedder import OnnxEmbedder
from corpus.opaque import Opaque
from corpus.passages import SeenFile
from corpus.prepare import Prepared, prepared
from corpus.walk import walk
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.guard import open_guard
from guardrails.intervals import wilson
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

PART_MOST_WRONG = 0.01
"""Share of public papers that one page, or one passage, may hold back."""

RULES: dict[str, dict[str, float]] = {
    "as it is": {},
    "no rule on a page": {"page_threshold": math.inf},
    "no rule on a passage": {"alone_threshold": math.inf},
    "the whole only": {"page_threshold": math.inf, "alone_threshold": math.inf},
}
"""The head, and what each of its rules is worth: with that rule off."""
BATCH = 64

Vectors = NDArray[np.float32]


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
        some = [source_of(one.text) for one in papers[start : start + BATCH]]
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


def source_of(text: str) -> SourceDocument:
    """Return a text as a reader would, a page at each form feed."""
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
        ReadPage(
            text,
            [
                (text[piece.start : piece.end], vector)
                for (_, piece), vector in zip(ready.passages, vectors, strict=True)
                if piece.page == number
            ],
        )
        for number, text in ready.pages
    ]
    return Paper(media_type="text/plain", act=ready.document.act, pages=pages)


# -- learning


def learnt(
    rows: Vectors, wanted: NDArray[np.bool_], *, ridge: float = RIDGE
) -> tuple[Vectors, float]:
    """Fit the head by Newton's steps; both kinds weigh the same in all."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    spread[STRUCTURE:] *= math.sqrt(rows.shape[1] - STRUCTURE) / math.sqrt(STRUCTURE)
    level = np.c_[np.ones(len(rows)), (rows - mean) / spread].astype(np.float64)
    share = np.where(wanted, 0.5 / wanted.mean(), 0.5 / (~wanted).mean())
    weights, penalty = np.zeros(level.shape[1]), ridge * np.eye(level.shape[1])
    penalty[0, 0] = 1e-6
    for _ in range(STEPS):
        odds = 1 / (1 + np.exp(-(level @ weights)))
        slope = level.T @ (share * (odds - wanted)) + penalty @ weights
        curve = (level.T * (share * odds * (1 - odds))) @ level + penalty
        step = np.linalg.solve(curve, slope)
        weights -= step
        if float(np.abs(step).max()) < 1e-8:
            break
    scaled = weights[1:] / spread
    return scaled.astype(np.float32), float(weights[0] - scaled @ mean)


def folds_of(papers: Sequence[Labelled]) -> NDArray[np.intp]:
    """Return each paper's fold: those of one source stand in one."""
    sources = [one.source for one in papers]
    named = sorted(set(sources))
    order = np.random.default_rng(SEED).permutation(len(named))
    fold_of = {named[place]: rank % FOLDS for rank, place in enumerate(order)}
    folds = np.array([fold_of[source] for source in sources])
    small = np.array([sources.count(source) > 40 and source.startswith("p") for source in sources])
    # Few files hold all that is private: their papers are spread over the folds.
    folds[small] = np.arange(int(small.sum())) % FOLDS
    return folds


def fitted(
    reads: Sequence[Read], papers: Sequence[Labelled], folds: NDArray[np.intp]
) -> tuple[AudienceHead, list[AudienceHead]]:
    """Return the head that learnt from all, and one a fold that saw nothing of it; all with the
    thresholds that the folds give."""
    rows = np.stack([features(read.paper.pages, read.paper.act) for read in reads])
    wanted = np.array([one.kind is Kind.PRIVATE for one in papers])
    apart = [learnt(rows[folds != fold], wanted[folds != fold]) for fold in range(FOLDS)]
    bare = [AudienceHead(*one, 0.0, 0.0, 0.0) for one in apart]
    odds = np.array(
        [bare[f].odds(r.paper.pages, r.paper.act) for f, r in zip(folds, reads, strict=True)]
    )
    alone = [
        max(odd for page in read.paper.pages if (odd := bare[fold].strongest(page)) is not None)
        for fold, read, is_private in zip(folds, reads, wanted, strict=True)
        if not is_private
        and any(bare[fold].strongest(page) is not None for page in read.paper.pages)
    ]
    thresholds = (
        float(np.sort(odds[wanted])[int(MOST_MISSED * wanted.sum())]) - 0.01,
        float(np.quantile(odds[~wanted], 1 - PART_MOST_WRONG)),
        float(np.quantile(alone, 1 - PART_MOST_WRONG)),
    )
    whole = AudienceHead(*learnt(rows, wanted), *thresholds)
    return whole, [AudienceHead(*one, *thresholds) for one in apart]


def among(
    papers: Sequence[Paper], folds: NDArray[np.intp], public: Sequence[int], *, on_one_page: bool
) -> list[Paper]:
    """Return each paper between two public ones of its own fold: as a page of three, or on the one
    page that a file without pages is, under the act that the first one is."""
    chance, made = np.random.default_rng(SEED), []
    for place, paper in enumerate(papers):
        near = [one for one in public if folds[one] == folds[place] and one != place]
        first, last = (papers[one] for one in chance.choice(near, 2, replace=False))
        pages = [*first.pages, *paper.pages, *last.pages]
        if on_one_page:
            text = "\n".join(page.text for page in pages)
            pages = [ReadPage(text, [one for page in pages for one in page.passages])]
        made.append(Paper(media_type="text/plain", act=first.act, pages=pages))
    return made


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
                f"{name:44} {label:20} {wrong:4} of {len(some):5}"
                f"  {wrong / len(some):6.1%}  [{low:.1%}, {high:.1%}]"
            )


def measure(embedder: OnnxEmbedder, *, write: bool, show: bool) -> None:
    papers = teaching()
    reads, folds = read(papers, embedder), folds_of(papers)
    head, apart = fitted(reads, papers, folds)
    wanted = [one.kind is Kind.PRIVATE for one in papers]
    print(
        f"thresholds: whole {head.threshold:.2f}, page {head.page_threshold:.2f}, "
        f"passage alone {head.alone_threshold:.2f}"
    )
    alone = [one.paper for one in reads]
    public = [place for place, is_private in enumerate(wanted) if not is_private]
    sets = {
        "": alone,
        ", a page of three": among(alone, folds, public, on_one_page=False),
        ", on one page of three": among(alone, folds, public, on_one_page=True),
    }
    for rules, off in RULES.items():
        heads = [replace(one, **off) for one in apart]
        for what, some in sets.items():
            said = (
                heads[f].kind(paper) is Kind.PRIVATE for f, paper in zip(folds, some, strict=True)
            )
            line(f"{rules}{what}", said, wanted)
    line("is_somebodys", (read.is_somebodys for read in reads), wanted)
    said = [
        apart[fold].kind(paper) is Kind.PRIVATE for fold, paper in zip(folds, alone, strict=True)
    ]
    for name, is_own in (("  of audience/, hard", True), ("  of readings/", False)):
        part = [i for i in public if papers[i].source.startswith("public_") is is_own]
        line(name, (said[i] for i in part), (False for _ in part))
    if show:
        for one, is_private in zip(papers, said, strict=True):
            if is_private is not (one.kind is Kind.PRIVATE):
                print(f"{one.kind:8} {one.source:12} {one.text[:110]!r}")
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
