# SPDX-License-Identifier: EUPL-1.2
"""Whether the emergency card comes when it must, and only then.

    python -m benchmarks.emergencies                                 the saved figures, and the time
    python -m benchmarks.emergencies --folds FOLDER [--write]        cross-validation
    python -m benchmarks.emergencies --held-out E.jsonl --ordinary O.jsonl

The messages of `emergencies/*.jsonl` are invented: `id` (language, concern, voice, number), `text`,
`lang`, `concern` (`none` for an ordinary one). `--folds` reads what `benchmarks/
emergencies_head.py` left there (or `emergencies_training.py`): for each fold a classifier that saw
none of its messages, nor their translations, and the one that learnt from all. It chooses the
threshold and compares the classifier with the word lists of before (`emergencies/words.toml`) and
with both together; `--write` keeps the classifier for the product. `--held-out` asks files that
nobody tuned on, once, and writes docs/figures/emergencies.json and the tables of docs/quality.md.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.settings import Settings
from assistant.understanding.emergencies import Artefact, Concern, Emergencies
from assistant.wiring import open_weights
from benchmarks.retrieval import machine
from benchmarks.understanding import teaching
from corpus.embedder import OnnxEmbedder
from corpus.french import fold
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.intervals import clopper_pearson

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(__file__).with_suffix("")
TYPED = ROOT / "benchmarks" / "messages"
FIGURES = ROOT / "docs" / "figures" / "emergencies.json"
FOLD_FIGURES = ROOT / "docs" / "figures" / "emergencies_folds.json"
NOT_RUN = (
    "Not measured yet: `python -m benchmarks.emergencies --held-out E.jsonl --ordinary O.jsonl`."
)
NONE = "none"
CLASSES = (NONE, *(concern.value for concern in Concern))
FOLDS = 4
ALL = "all"
VECTORS = "vectors.npz"
FALSE_ALARMS = 0.004
"""Share of ordinary messages of the folds that the threshold lets through; .005 is the aim."""
TIMED = 60

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What somebody wrote or dictated, and what it is about."""

    id: str
    text: str
    lang: str
    concern: str

    @property
    def is_emergency(self) -> bool:
        return self.concern != NONE


def read(path: Path, concern: str | None = None) -> list[Message]:
    """Read a file of messages; `concern`: of those that do not say theirs."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return [
        Message(
            id=row["id"],
            text=row["text"],
            lang=row["lang"],
            concern=row.get("concern") or concern or NONE,
        )
        for row in rows
    ]


def written() -> list[Message]:
    """The messages that were written to learn from."""
    return [one for path in sorted(FOLDER.glob("*.jsonl")) for one in read(path)]


def asked() -> list[Message]:
    """Every question of the repository that may be tuned on: ordinary, unless written as not."""
    texts = [one.text for one in teaching()]
    for path in sorted(TYPED.glob("dev_*.jsonl")):
        texts += [json.loads(line)["q"] for line in path.read_text("utf-8").splitlines()]
    known = {one.text for one in written()}
    return [
        Message(
            id=f"asked-{sha256(text.encode()).hexdigest()[:12]}", text=text, lang="fr", concern=NONE
        )
        for text in dict.fromkeys(texts)
        if text not in known
    ]


def fold_of(message: Message) -> int:
    """Return the fold of a message; the same number in several languages may be a translation."""
    key = message.id.partition("-")[2]
    return int(sha256(key.encode()).hexdigest(), 16) % FOLDS


# -- what is compared


@cache
def _words() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    sheet = tomllib.loads((FOLDER / "words.toml").read_text("utf-8"))
    return tuple((tuple(one["concerns"]), _beginnings(one["words"])) for one in sheet["urgent"])


def _beginnings(words: Iterable[str]) -> re.Pattern[str]:
    starts = "|".join(
        re.escape(fold(word.strip())) + (r"(?!\w)" if word.endswith(" ") else "") for word in words
    )
    return re.compile(rf"(?<!\w)(?:{starts})")


def by_words(text: str) -> tuple[str, ...]:
    """What the word lists of before make of a message: the concerns that they may mean."""
    folded = " ".join(fold(text).split())
    return tuple(c for concerns, pattern in _words() if pattern.search(folded) for c in concerns)


Told = tuple[str, ...]
Judge = Callable[[Message], Told]


def opened(learned: Artefact, kept: Path | None = None) -> Emergencies:
    """Return the classifier as the product opens it; `kept`: a file of vectors known already."""
    path = open_weights(Settings()).path(DEFAULT_EMBEDDER)
    if kept and not learned.additions:
        return Emergencies(KeptVectors(path, kept), learned.head)
    return learned.opened(OnnxEmbedder(path))


class KeptVectors:
    """An embedder that computes each vector once, and knows those of a file."""

    def __init__(self, embedder: Path, file: Path) -> None:
        self._embedder = OnnxEmbedder(embedder)
        self._file = file
        self._known: dict[str, NDArray[np.float32]] = {}
        if file.exists():
            with np.load(file, allow_pickle=False) as kept:
                self._known = dict(kept)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        key = sha256(text.encode()).hexdigest()
        if key not in self._known:
            self._known[key] = self._embedder.embed_query(text)
        return self._known[key]

    def save(self) -> None:
        np.savez(self._file, allow_pickle=False, **self._known)


def by_classifier(emergencies: Emergencies) -> Judge:
    def judge(message: Message) -> Told:
        found = emergencies(message.text)
        return (found.value,) if found else ()

    return judge


# -- counting


def count(messages: Sequence[Message], judge: Judge) -> list[Figures]:
    """Return a row for all, for each language and for each concern."""
    told = [(message, judge(message)) for message in messages]
    groups = [("all", "all", told)]
    groups += [
        ("lang", lang, [t for t in told if t[0].lang == lang])
        for lang in sorted({m.lang for m in messages})
    ]
    groups += [
        ("concern", concern, [t for t in told if t[0].concern == concern])
        for concern in CLASSES[1:]
        if any(m.concern == concern for m in messages)
    ]
    return [
        {
            "by": by,
            "name": name,
            "emergencies": sum(m.is_emergency for m, _ in group),
            "noticed": sum(m.is_emergency and bool(said) for m, said in group),
            "right": sum(m.concern in said for m, said in group),
            "ordinary": sum(not m.is_emergency for m, _ in group),
            "false": sum(not m.is_emergency and bool(said) for m, said in group),
        }
        for by, name, group in groups
    ]


def shown(rows: Iterable[Figures], method: str) -> list[str]:
    """Return rows of the table."""
    return [
        f"| {method} | {row['name'].replace('_', ' ')} | {_share(row, 'noticed', 'emergencies')}"
        f" | {_share(row, 'right', 'emergencies')} | {_share(row, 'false', 'ordinary')} |"
        for row in rows
    ]


def _share(row: Figures, hits: str, total: str) -> str:
    if not row[total]:
        return "–"
    low, high = clopper_pearson(row[hits], row[total])
    share = 100 * row[hits] / row[total]
    return f"{row[hits]} of {row[total]}: {share:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


HEAD = [
    "| method | messages | noticed | with the right concern | false alarms |",
    "|---|---|---|---|---|",
]


def tables() -> str:
    """Return the saved figures as tables."""
    parts = []
    for title, path in (("Held out", FIGURES), ("Cross-validated", FOLD_FIGURES)):
        if not path.exists():
            parts.append(f"{title}. {NOT_RUN}")
            continue
        kept = json.loads(path.read_text("utf-8"))
        lines = [f"{title}. {kept['note']} Machine: {kept['machine']}.", "", *HEAD]
        for method, rows in kept["methods"].items():
            lines += shown(rows, method)
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def save(path: Path, note: str, methods: dict[str, list[Figures]], **more: Any) -> None:
    kept = {"machine": machine(), "note": note, "methods": methods, **more}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")


# -- what is run


def milliseconds(emergencies: Emergencies, messages: Sequence[Message]) -> tuple[float, float]:
    """Return the median and the longest time of a message."""
    times = []
    for message in messages[:: max(1, len(messages) // TIMED)]:
        began = time.perf_counter()
        emergencies(message.text)
        times.append(1000 * (time.perf_counter() - began))
    return float(np.median(times)), max(times)


def ask_held_out(held_out: Path, ordinary: Path) -> None:
    """Ask what nobody tuned on; write the figures and the page."""
    rows = read(held_out) + [replace(one, concern=NONE) for one in read(ordinary)]
    emergencies = opened(Artefact.read(embedder_name()))
    middle, longest = milliseconds(emergencies, rows)  # first: the embedder keeps what it was asked
    methods = {
        "classifier": count(rows, by_classifier(emergencies)),
        "word lists of before": count(rows, lambda one: by_words(one.text))[:1],
    }
    note = f"{middle:.0f} ms a message (median), {longest:.0f} ms the longest."
    save(FIGURES, note, methods)
    from benchmarks import quality

    quality.write()
    print(f"{machine()}\n{note}\n")
    print("\n".join([*HEAD, *(line for m, r in methods.items() for line in shown(r, m))]))


def embedder_name() -> str:
    return open_weights(Settings()).path(DEFAULT_EMBEDDER).stem


def cross_validate(folder: Path, *, write: bool, show: bool) -> None:
    """Ask each fold of the classifier that did not see it; choose the threshold."""
    rows = written() + asked()
    own = len(written())
    found = np.full((len(rows), len(CLASSES)), np.nan, np.float32)
    for number in range(FOLDS):
        path = folder / f"fold{number}.npz"
        if not path.exists():
            continue
        emergencies = opened(Artefact.load(path), folder / VECTORS)
        for place, one in enumerate(rows):
            if fold_of(one) == number:
                found[place] = emergencies.probabilities(one.text)
    seen = ~np.isnan(found[:, 0])
    alarm = 1 - found[:, 0]
    ordinary = np.array([not one.is_emergency for one in rows])
    of_own = np.arange(len(rows)) < own
    threshold = _threshold(alarm[seen & ordinary])
    print(f"threshold {threshold:.3f} on {int(seen.sum())} messages")
    said = {
        one.id: ((CLASSES[1 + int(found[i, 1:].argmax())],) if alarm[i] >= threshold else ())
        for i, one in enumerate(rows)
        if seen[i]
    }
    judged = [one for i, one in enumerate(rows) if seen[i] and of_own[i]]
    methods: dict[str, list[Figures]] = {
        "classifier": count(judged, lambda one: said[one.id]),
        "word lists of before": count(judged, lambda one: by_words(one.text))[:1],
        "both": count(judged, lambda one: said[one.id] or by_words(one.text))[:1],
        "classifier, other questions of the repository": count(
            [one for i, one in enumerate(rows) if seen[i] and not of_own[i]],
            lambda one: said[one.id],
        )[:1],
    }
    print("\n".join([*HEAD, *(line for m, r in methods.items() for line in shown(r, m))]))
    if show:
        for i in np.argsort(-alarm):
            if seen[i] and ordinary[i] == (alarm[i] >= threshold):
                print(f"{alarm[i]:.3f} {rows[i].id} {rows[i].text}")
    if write:
        whole = Artefact.load(folder / f"{ALL}.npz")
        head = replace(whole.head, threshold=threshold)
        replace(whole, head=head).write(embedder_name())
        note = f"{int(seen[:own].sum())} written messages, threshold {threshold:.3f}."
        save(FOLD_FIGURES, note, methods, threshold=threshold)


def _threshold(alarms: NDArray[np.float32]) -> float:
    """The probability that as few ordinary messages reach as are allowed."""
    ranked = np.sort(alarms)[::-1]
    allowed = int(FALSE_ALARMS * len(ranked))
    return float((ranked[allowed] + ranked[max(0, allowed - 1)]) / 2)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folds", type=Path, help="what training left: cross-validate")
    parser.add_argument("--write", action="store_true", help="with --folds: keep the classifier")
    parser.add_argument("--show", action="store_true", help="with --folds: print the mistakes")
    parser.add_argument("--held-out", type=Path, help="emergencies that nobody tuned on")
    parser.add_argument("--ordinary", type=Path, help="ordinary messages that nobody tuned on")
    given = parser.parse_args()
    if bool(given.held_out) != bool(given.ordinary):
        parser.error("--held-out and --ordinary go together")
    if given.held_out:
        ask_held_out(given.held_out, given.ordinary)
    elif given.folds:
        cross_validate(given.folds, write=given.write, show=given.show)
    else:
        print(tables())
        middle, longest = milliseconds(opened(Artefact.read(embedder_name())), written())
        print(f"\n{machine()}: {middle:.1f} ms a message (median), {longest:.1f} the longest")


if __name__ == "__main__":
    main()
