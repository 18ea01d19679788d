# SPDX-License-Identifier: EUPL-1.2
"""Which papers wait for a person's decision, and how that is learnt.

    python -m benchmarks.quarantine --write                   # learns, keeps the head, prints folds
    python -m benchmarks.quarantine --held-out FILE.jsonl     # asks the head that is kept
    python -m benchmarks.quarantine --papers DIR --kept DIR   # whole papers of a folder, read

It learns from `quarantine/` (lines of {"id", "category", "text"}: letters, mails, decisions,
notes and passages of acts about somebody's health, aid, offence, belief or intimate life; acts,
minutes, leaflets about services, and ordinary letters: `none`; `letters.toml`: the same of papers
of `audience/`) and, as public papers, from `audience/public_*.jsonl` and a third of `readings/`
without its letters. What is printed of these is told in folds, each by a head that learnt from the
others; of the papers of `audience/` by a head that saw nothing of their author's file. Beside it,
in the same run: the rules of before (`quarantine_rules.py`) and the anchors alone, which hold where
no head is known. Intervals are Wilson's, 95 %.

`--papers`: a seeded sample of `--most` papers, the first `--pages` pages of each, no scans; hidden
as ingestion does. What is read is kept in `--kept`, so that a run that ends after `--seconds` goes
on the next time. `--show` names what is held (files and categories, no words).
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import time
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.settings import Settings
from assistant.wiring import open_weights
from benchmarks.audience import LETTERS, READINGS, RIDGE, learnt, source_of
from benchmarks.audience import LISTS as AUDIENCE
from benchmarks.quarantine_rules import holds
from corpus.audience import AudienceHead
from corpus.documents import SourceDocument
from corpus.embedder import OnnxEmbedder
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.opaque import Opaque
from corpus.passages import SeenFile
from corpus.prepare import Prepared, prepared
from corpus.readers.pool import ReadingPool
from corpus.seams import Vectors
from corpus.sensitive import (
    CATEGORIES,
    SensitiveHead,
    concerns_of,
    contexts,
    features,
    is_letter,
)
from corpus.sorting import classified
from corpus.walk import FoundFile, walk
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.findings import Screened
from guardrails.guard import Guard, open_guard
from guardrails.intervals import wilson
from guardrails.special import concerns

ROOT = Path(__file__).resolve().parents[1]
LISTS = ROOT / "benchmarks" / "quarantine"
NONE = "none"
FOLDS, SEED, BATCH = 5, 0, 64
READINGS_APART = 3
"""One in three of `readings/`: they are public papers of one kind, and many."""

PRIVATE_RIDGE = 10.0
MIN_CHARS = 60
"""A passage that is shorter teaches nothing: a greeting, a heading."""

MOST_MISSED = 0.01
"""Share of private papers about somebody's life, told in folds, that the threshold may miss."""

MOST_HELD = 0.002
"""Share of public papers, told in folds, that the other threshold may hold."""

ENDINGS = frozenset(
    {".pdf", ".html", ".odt", ".docx", ".doc", ".md", ".txt", ".eml", ".rtf", ".msg"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text of which it is known whether it tells of somebody's private life, and what."""

    text: str
    category: str
    source: str

    @property
    def is_told(self) -> bool:
        return self.category != NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The same as the product knows it: split, its vectors, whom it concerns."""

    ready: Prepared
    rows: Vectors

    @property
    def pages(self) -> list[Screened]:
        """Return its pages and its name."""
        texts = [text for _, text in self.ready.pages]
        return [Screened(text) for text in (*texts, self.ready.document.file)]

    def waits(self, head: SensitiveHead | None) -> bool:
        return bool(concerns_of(self.ready, self.rows, head))


def labelled(path: Path) -> list[Text]:
    """Read a file of texts."""
    lines = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return [Text(text=x["text"], category=x["category"], source=path.stem) for x in lines]


def teaching() -> list[Text]:
    """Everything that the head learns from."""
    found = [one for path in sorted(LISTS.glob("*.jsonl")) for one in labelled(path)]
    found += letters()
    for path in sorted(AUDIENCE.glob("public_*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            found.append(Text(text=json.loads(line)["text"], category=NONE, source=path.stem))
    readings = list[Text]()
    for path in sorted(READINGS.rglob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            told = json.loads(line)
            if "genre" in told and told["genre"] not in LETTERS:
                text = f"{told['heading']}\n{told['text']}"
                readings.append(Text(text=text, category=NONE, source="readings"))
    found += readings[::READINGS_APART]
    return found


def letters() -> list[Text]:
    """Return papers of `audience/`, by other authors, of which somebody read what they tell."""
    lists = tomllib.loads((LISTS / "letters.toml").read_text("utf-8"))
    category = {identifier: name for name, ids in lists.items() for identifier in ids}
    found = list[Text]()
    for path in sorted(AUDIENCE.glob("private_*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            told = json.loads(line)
            if told["id"] in category:
                text = Text(text=told["text"], category=category[told["id"]], source=path.stem)
                found.append(text)
    return found


def folds_of(texts: Sequence[Text]) -> NDArray[np.intp]:
    """Return each text's fold; letters of one author, in a file of `audience/`, stay in one."""
    folds = np.random.default_rng(SEED).permutation(len(texts)) % FOLDS
    authors = sorted({one.source for one in letters()})
    for rank, author in enumerate(authors):
        folds[[one.source == author for one in texts]] = rank % FOLDS
    return folds


class Reader:
    """Hides, cuts, embeds and sorts papers as ingestion does; keeps them in a folder, if given."""

    def __init__(self, embedder: OnnxEmbedder, guard: Guard, kept: Path | None) -> None:
        self._embedder, self._guard, self._kept = embedder, guard, kept
        self._head = AudienceHead.of(embedder.name)

    def texts(self, texts: Sequence[str], until: float) -> list[Read]:
        """Read texts; raise TimeoutError where it would take longer: the next run goes on."""
        done = {text: read for text in texts if (read := self.before(text)) is not None}
        left = [text for text in texts if text not in done]
        for start in range(0, len(left), BATCH):
            if time.monotonic() > until:
                raise TimeoutError
            some = left[start : start + BATCH]
            done |= zip(some, self.sources([source_of(text) for text in some]), strict=True)
            for text in some:
                self.keep(text, done[text])
        return [done[text] for text in texts]

    def sources(self, sources: Sequence[SourceDocument]) -> list[Read]:
        names = [[page.text for page in one.pages] + [one.name] for one in sources]
        return [
            self._read(source, screened)
            for source, screened in zip(sources, self._guard.screen_documents(names), strict=True)
        ]

    def _read(self, source: SourceDocument, screened: Sequence[Screened]) -> Read:
        seen = SeenFile(
            path=source.id, root="", collection="", name=screened[-1].text, stamp="", recipe="",
            document=source.id,
        )  # fmt: skip
        ready = prepared(source, seen, screened, self._embedder, Opaque(b"benchmark", ""))
        rows = self._embedder.embed_passages(list(ready.indexed_texts))
        return Read(ready=classified(ready, self._head, rows, {}), rows=rows)

    def before(self, name: str) -> Read | None:
        """Return what an earlier run read under that name."""
        path = self._path(name)
        if path is None or not path.exists():
            return None
        found: Read = pickle.loads(path.read_bytes())
        return found

    def keep(self, name: str, read: Read) -> None:
        path = self._path(name)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pickle.dumps(read))

    def _path(self, name: str) -> Path | None:
        return self._kept / sha256(name.encode()).hexdigest()[:24] if self._kept else None


# -- learning


def fitted(
    reads: Sequence[Read], texts: Sequence[Text], folds: NDArray[np.intp]
) -> tuple[SensitiveHead, list[SensitiveHead]]:
    """Return the head that learnt from all, and one a fold that saw nothing of it; all with the
    thresholds that the folds give."""
    inside = [contexts(read.ready, read.rows) for read in reads]
    is_private = [is_letter(read.ready) for read in reads]
    places, rows = list[int](), list[Vectors]()
    for place, passages in enumerate(inside):
        for passage in passages:
            if len(passage.text) >= MIN_CHARS or len(passages) == 1:
                places.append(place)
                rows.append(features(passage))
    level = Taught(
        rows=np.stack(rows),
        categories=[texts[place].category for place in places],
        is_private=np.array([is_private[place] for place in places]),
    )
    of = folds[np.asarray(places)]
    heads = [level.head(of != fold) for fold in range(FOLDS)]
    private, public = list[float](), list[float]()
    for place, passages in enumerate(inside):
        head = replace(heads[folds[place]], public_threshold=-math.inf)
        if is_private[place] and texts[place].is_told:
            private.append(max(head.odds(p, is_private=True) for p in passages))
        elif not is_private[place] and not texts[place].is_told:
            asked = (p for p in passages if head.is_told(p, is_private=False))
            public.append(max((head.odds(p, is_private=False) for p in asked), default=-math.inf))
    low = float(np.sort(private)[int(MOST_MISSED * len(private))]) - 0.01
    high = float(np.quantile(public, 1 - MOST_HELD, method="higher")) + 0.01
    whole = level.head(np.ones(len(places), bool))
    return (
        replace(whole, private_threshold=low, public_threshold=high),
        [replace(one, private_threshold=low, public_threshold=high) for one in heads],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """The passages that heads learn from: their features, what each tells, in whose paper."""

    rows: Vectors
    categories: Sequence[str]
    is_private: NDArray[np.bool_]

    def head(self, some: NDArray[np.bool_]) -> SensitiveHead:
        """Fit a head, without its thresholds, on some of the passages."""
        told = np.array([category != NONE for category in self.categories])
        rows = {
            category: self._row(some & told, np.array([c == category for c in self.categories]))
            for category in CATEGORIES
        }
        return SensitiveHead(
            self._row(some & (self.is_private | told), told, ridge=PRIVATE_RIDGE),
            self._row(some, told),
            np.stack(list(rows.values())).astype(np.float32),
            0.0,
            0.0,
        )

    def _row(
        self, some: NDArray[np.bool_], wanted: NDArray[np.bool_], ridge: float = RIDGE
    ) -> Vectors:
        weights, bias = learnt(self.rows[some], wanted[some], ridge=ridge)
        return np.append(weights, bias).astype(np.float32)


# -- what is printed


def line(name: str, what: str, said: Iterable[bool], wanted: bool) -> None:
    """Print how many papers of one kind were told otherwise than wanted."""
    wrong = [is_held is not wanted for is_held in said]
    if wrong:
        low, high = wilson(sum(wrong), len(wrong))
        print(
            f"{name:12} {what:34} {sum(wrong):4} of {len(wrong):5}"
            f"  {sum(wrong) / len(wrong):6.1%}  [{low:.1%}, {high:.1%}]",
            flush=True,
        )


def table(
    reads: Sequence[Read], heads: Sequence[SensitiveHead | None], texts: Sequence[Text]
) -> None:
    """Print what each of three ways misses, and what it holds wrongly."""
    ways = {
        "learnt": [read.waits(head) for read, head in zip(reads, heads, strict=True)],
        "rules before": [holds(read.pages) for read in reads],
        "anchors": [bool(concerns(read.pages)) for read in reads],
    }
    for way, said in ways.items():
        for category in (*CATEGORIES, NONE):
            names = {text.source for text in texts if text.category == category}
            for source in sorted(names):
                some = [
                    one
                    for one, text in zip(said, texts, strict=True)
                    if text.category == category and source in {"", text.source}
                ]
                is_told = category != NONE
                what = f"{source}: {category} missed" if is_told else f"{source} held"
                line(way, what, some, is_told)
        told = [one for one, text in zip(said, texts, strict=True) if text.is_told]
        rest = [one for one, text in zip(said, texts, strict=True) if not text.is_told]
        line(way, "ALL missed", told, True)
        line(way, "ALL held", rest, False)


def measure(
    reader: Reader, embedder: OnnxEmbedder, until: float, *, write: bool, show: bool
) -> None:
    texts = teaching()
    reads = reader.texts([text.text for text in texts], until)
    folds = folds_of(texts)
    head, apart = fitted(reads, texts, folds)
    print(f"thresholds: {head.private_threshold:.2f} private, {head.public_threshold:.2f} public")
    table(reads, [apart[fold] for fold in folds], texts)
    for read, text, fold in zip(reads, texts, folds, strict=True) if show else ():
        if read.waits(apart[fold]) is not text.is_told:
            print(f"{text.category:10} {text.source:14} {text.text[:120]!r}")
    if write:
        head.write(embedder.name)


def held_out(reader: Reader, embedder: OnnxEmbedder, path: Path, until: float) -> None:
    """Count over texts that nothing was learnt from."""
    texts = labelled(path)
    reads = reader.texts([text.text for text in texts], until)
    table(reads, [SensitiveHead.of(embedder.name)] * len(texts), texts)


def papers(
    reader: Reader, embedder: OnnxEmbedder, folder: Path, asked: argparse.Namespace, until: float
) -> None:
    """Count which papers of a folder are held, by each way."""
    reads = dict[str, Read]()
    with ReadingPool() as pool:
        files = [one for one in walk([folder], pool) if _is_read(one)]
        order = np.random.default_rng(SEED).permutation(len(files))
        for place in order[: asked.most]:
            found = files[place]
            name = f"{folder}/{found.name}"
            read = reader.before(name)
            if read is None and time.monotonic() < until:
                source = _first_pages(pool, found, asked.pages)
                if source is not None:
                    [read] = reader.sources([source])
                    reader.keep(name, read)
            if read is not None:
                reads[found.name] = read
    head = SensitiveHead.of(embedder.name)
    found_by = {
        "learnt": [read.waits(head) for read in reads.values()],
        "rules before": [holds(read.pages) for read in reads.values()],
        "anchors": [bool(concerns(read.pages)) for read in reads.values()],
    }
    for way, said in found_by.items():
        line(way, f"{folder.name} held", said, False)
    for name, read, is_held in zip(reads, reads.values(), found_by["learnt"], strict=True):
        if is_held and asked.show:
            found_here = concerns_of(read.ready, read.rows, head)
            print("  ", read.ready.document.audience, {str(c.category) for c in found_here}, name)


def _is_read(found: FoundFile) -> bool:
    is_source = "sources" in Path(found.name).parts or Path(found.name).name == "README.md"
    return not found.reason and found.path.suffix.lower() in ENDINGS and not is_source


def _first_pages(pool: ReadingPool, found: FoundFile, most: int) -> SourceDocument | None:
    """Read a paper; nothing where it is a scan or cannot be read."""
    try:
        source = pool.submit(found.file, found.inside, found.name).result()
    except (UnreadableFile, NotYetReadable):
        return None
    pages = tuple(page for page in source.pages[:most] if page.scan is None)
    return replace(source, pages=pages, unseen=()) if any(p.text.strip() for p in pages) else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--held-out", type=Path)
    parser.add_argument("--papers", type=Path, action="append", default=[])
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--pages", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=math.inf)
    asked = parser.parse_args()
    until = time.monotonic() + asked.seconds
    embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
    reader = Reader(embedder, open_guard(), asked.kept)
    try:
        for folder in asked.papers:
            papers(reader, embedder, folder, asked, until)
        if asked.held_out:
            held_out(reader, embedder, asked.held_out, until)
        elif not asked.papers:
            measure(reader, embedder, until, write=asked.write, show=asked.show)
    except TimeoutError:
        print("not done: again with the same --kept")


if __name__ == "__main__":
    main()
