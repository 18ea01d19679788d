# SPDX-License-Identifier: EUPL-1.2
"""How often search finds the right text, on public French question sets.

    python -m benchmarks.retrieval [--model EMBEDDER.onnx] [--cache DIR] [--sets piaf,cnil]

Each text is put through the product's own split, index and search (the guard is passed
through: these are public texts); a text's rank is that of its best passage. Rows: words alone,
vectors alone, both without the reranking by coverage, and with it: the product's search. Prints a
table and a line of JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

from assistant.settings import Settings
from assistant.wiring import open_weights
from corpus.acts import Act
from corpus.documents import Filters, Retrieved
from corpus.embedder import OnnxEmbedder
from corpus.passages import PassageStore, SeenFile, StoredDocument
from corpus.seams import Embedder, Vectors, question_vector
from corpus.search import CANDIDATES, Search
from corpus.split import indexed_text, split
from corpus.vectors import ChromaIndex
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.findings import Screened

DEPTH = 10
QUESTIONS = 1_500
NO_FILTER = Filters()


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Texts by id, and questions with the id of the one text that answers."""

    name: str
    texts: dict[str, str]
    questions: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One way to search, one set: the shares of questions whose text comes first, or in ten."""

    set: str
    method: str
    r1: float
    r10: float
    mrr10: float
    ms: float


class CachedEmbedder:
    """Keeps vectors between runs, by the text's hash: only the first run is slow."""

    def __init__(self, embedder: Embedder, folder: Path | None) -> None:
        self._inner = embedder
        self._folder = folder
        self.name = embedder.name
        self.dimension = embedder.dimension
        self.max_tokens = embedder.max_tokens
        self._kept: dict[str, Vectors] = {}
        self._asked: dict[str, Vectors] = {}
        if folder and (folder / f"{self.name}.npz").exists():
            kept = np.load(folder / f"{self.name}.npz")
            self._kept = dict(zip(map(str, kept["keys"]), kept["rows"], strict=True))

    def count_tokens(self, text: str) -> int:
        return self._inner.count_tokens(text)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._kept}
        rows = self._inner.embed_passages(list(new.values()))
        self._kept |= dict(zip(new, rows, strict=True))
        return np.stack([self._kept[key] for key in keys])

    def embed_query(self, text: str) -> Vectors:
        key = "q" + hashlib.sha256(text.encode()).hexdigest()
        if key not in self._kept:
            self._kept[key] = self._inner.embed_query(text)
        return self._kept[key]

    def embed_question(self, text: str) -> Vectors:
        """Not kept between runs: what was taught of asking may be another by then."""
        if text not in self._asked:
            self._asked[text] = question_vector(self._inner, text)
        return self._asked[text]

    def save(self) -> None:
        if self._folder and self._kept:
            self._folder.mkdir(parents=True, exist_ok=True)
            np.savez(
                self._folder / f"{self.name}.npz",
                keys=np.array(list(self._kept)),
                rows=np.stack(list(self._kept.values())),
            )


def is_learnt(article: int) -> bool:
    """Whether the embedder learnt from an article of PIAF, by its place: those judge nothing."""
    return article % 2 == 0


def read_piaf(data: Path) -> QuestionSet:
    """Read all paragraphs, and questions of the articles that the embedder has not learnt."""
    articles = json.loads((data / "piaf/piaf_public.json").read_text("utf-8"))["data"]
    texts: dict[str, str] = {}
    questions: list[tuple[str, str]] = []
    for number, article in enumerate(articles):
        for paragraph in article["paragraphs"]:
            key = hashlib.sha256(paragraph["context"].encode()).hexdigest()
            texts[key] = paragraph["context"]
            if not is_learnt(number):
                questions += [(qa["question"], key) for qa in paragraph["qas"]]
    return QuestionSet("piaf", texts, _spread(questions))


def read_cnil(data: Path) -> QuestionSet:
    entries = json.loads((data / "cnil/cnil_faq_squad.json").read_text("utf-8"))["data"]
    texts: dict[str, str] = {}
    questions: list[tuple[str, str]] = []
    for entry in entries:
        for paragraph in entry["paragraphs"]:
            key = hashlib.sha256(paragraph["context"].encode()).hexdigest()
            texts[key] = paragraph["context"]
            questions += [(qa["question"], key) for qa in paragraph["qas"]]
    return QuestionSet("cnil", texts, questions)


def read_service_public(data: Path) -> QuestionSet:
    """Read the fiches without their titles: a question IS its fiche's title. Their lists of links
    (N) and their forms (R) are left: they repeat titles."""
    folder = data / "service_public_vdd"
    texts: dict[str, str] = {}
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        for member in archive:
            place = re.fullmatch(r"package/data/(\w+)/(F\d+)\.json", member.name)
            file = archive.extractfile(member) if place else None
            if place and file:
                fiche = json.load(file)
                texts[f"{place[1]}/{place[2]}"] = "\n".join(_fiche_lines(fiche))
    lines = (folder / "questions_public.tsv").read_text("utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if "\t" in line]
    return QuestionSet("service-public", texts, [(q, key) for key, q in pairs if key in texts])


SETS = {"piaf": read_piaf, "cnil": read_cnil, "service-public": read_service_public}
UNREAD = frozenset({"dc:title", "FilDAriane", "Reference", "VoirAussi", "SousThemePere"})


def _fiche_lines(node: dict[str, object]) -> Iterator[str]:
    name = str(node.get("name", ""))
    if (name.startswith("dc:") and name != "dc:description") or name in UNREAD:
        return
    children = node.get("children")
    parts = (
        [child for child in children if isinstance(child, dict)]
        if isinstance(children, list)
        else []
    )
    if name in ("Paragraphe", "Titre", "dc:description"):
        yield " ".join("".join(_words(node)).split())
    else:
        for child in parts:
            yield from _fiche_lines(child)


def _words(node: dict[str, object]) -> Iterator[str]:
    if node.get("type") == "text":
        yield str(node.get("text", ""))
    children = node.get("children")
    for child in children if isinstance(children, list) else []:
        yield from _words(child)


def _spread(questions: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return evenly spread questions: the same ones in each run."""
    step = max(1.0, len(questions) / QUESTIONS)
    return [questions[int(i * step)] for i in range(min(QUESTIONS, len(questions)))]


def indexed(
    texts: dict[str, str], folder: Path, embedder: CachedEmbedder, *, words_only: bool
) -> tuple[PassageStore, ChromaIndex]:
    """Return a store and an index that hold each text as a document of its own."""
    store, index = PassageStore(folder / "passages.db"), ChromaIndex(folder / "vectors")
    for number, (key, text) in enumerate(texts.items()):
        pieces = split(
            [(1, text)],
            label="",
            count_tokens=embedder.count_tokens,
            max_tokens=embedder.max_tokens,
        )
        passages = [(f"{number}-{ordinal}", piece) for ordinal, piece in enumerate(pieces)]
        document = StoredDocument(
            id=f"{number}", file=key, collection="default", media_type="text/plain", page_count=1,
            act=Act(), recipe="", added="",
        )  # fmt: skip
        seen = SeenFile(path=key, root="", collection="default", name=key, stamp="", recipe="")
        store.put(document, [(1, text)], passages, seen=seen)
        if passages and not words_only:
            rows = embedder.embed_passages(
                [indexed_text(p.heading, text[p.start : p.end]) for _, p in passages]
            )
            fields = [{"collection": "default", "document": document.id}] * len(passages)
            index.add([i for i, _ in passages], rows, fields)
        if sys.stderr.isatty() and number % 50 == 0:
            sys.stderr.write(f"\r{number}/{len(texts)}")
    return store, index


def measure(
    questions: QuestionSet, folder: Path, embedder: CachedEmbedder, *, words_only: bool
) -> Iterator[Row]:
    """Yield a row for words alone, vectors, both, and these reranked: the product's search."""
    store, index = indexed(questions.texts, folder, embedder, words_only=words_only)
    embedder.save()
    search = Search(store, index, embedder)

    def by_words(question: str) -> Iterable[str]:
        found = search.by_words(question, NO_FILTER)
        best = sorted(found, key=lambda i: -found[i])
        return [p.file for p in store.passages(best)]

    def by_vectors(question: str) -> Iterable[str]:
        near = index.search(question_vector(embedder, question), CANDIDATES, NO_FILTER)
        return [p.file for p in store.passages([i for i, _ in near])]

    def by_both(question: str) -> Iterable[str]:
        found: list[Retrieved] = search(Screened(question), limit=CANDIDATES)
        return [r.passage.file for r in found]

    def not_reranked(question: str) -> Iterable[str]:
        with patch("corpus.search.COVERED_SHARE", 0.0):
            return by_both(question)

    methods = {
        "words": by_words,
        "vectors": by_vectors,
        "both, not reranked": not_reranked,
        "both": by_both,
    }
    if words_only:
        methods = {"words": by_words}
    else:
        for question, _ in questions.questions:
            question_vector(embedder, question)  # so that times are those of the search alone
    for method, find in methods.items():
        ranks: list[int] = []
        started = time.perf_counter()
        for question, key in questions.questions:
            files = list(dict.fromkeys(find(question)))[:DEPTH]
            ranks.append(files.index(key) + 1 if key in files else 0)
        seconds = time.perf_counter() - started
        yield Row(
            questions.name,
            method,
            r1=_share(rank == 1 for rank in ranks),
            r10=_share(rank > 0 for rank in ranks),
            mrr10=round(sum(1 / rank for rank in ranks if rank) / len(ranks), 3),
            ms=round(1_000 * seconds / len(ranks), 1),
        )
    embedder.save()
    store.close()


def _share(hits: Iterable[bool]) -> float:
    counted = list(hits)
    return round(sum(counted) / len(counted), 3)


def machine() -> str:
    """Return what ran this, for the figures to mean something."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        known = cpuinfo.read_text("utf-8")
        named = re.search(r"model name\s*:\s*(.+)", known)
        model = named.group(1) if named else model
        # What multiplies the embedder's 8-bit integers: with it, several times as fast.
        model += ", VNNI" if "vnni" in known else ", without VNNI"
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--model", type=Path, help="an ONNX file; the product's unless given")
    parser.add_argument("--cache", type=Path, help="keep vectors here between runs")
    parser.add_argument("--words-only", action="store_true", help="leave the vectors out")
    parser.add_argument("--sets", default=",".join(SETS))
    given = parser.parse_args()
    model = given.model or open_weights(Settings()).path(DEFAULT_EMBEDDER)
    embedder = CachedEmbedder(OnnxEmbedder(model), given.cache)

    print(f"{machine()}; embedder {embedder.name}\n")
    print("| set | method | R@1 | R@10 | MRR@10 | ms a search |")
    print("|---|---|---|---|---|---|")
    rows: list[Row] = []
    for name in given.sets.split(","):
        questions = SETS[name](given.data)
        with tempfile.TemporaryDirectory() as folder:
            for row in measure(questions, Path(folder), embedder, words_only=given.words_only):
                rows.append(row)
                print(f"| {row.set} | {row.method} | {row.r1:.3f} | {row.r10:.3f} |"
                      f" {row.mrr10:.3f} | {row.ms} |", flush=True)  # fmt: skip
    print(json.dumps({"machine": machine(), "rows": [asdict(row) for row in rows]}))


if __name__ == "__main__":
    main()
