# SPDX-License-Identifier: EUPL-1.2
"""Whether the emergency card comes when it must, and only then.

    python -m benchmarks.emergencies                                 the saved figures, and the time
    python -m benchmarks.emergencies --trained FILE [--write]        authors who taught nothing
    python -m benchmarks.emergencies --held-out E.jsonl --ordinary O.jsonl

The messages of `emergencies/*.jsonl` are invented: `id`, `text`, `lang`, `concern` (`none` for an
ordinary one); those of `scenes_*` come in groups of one scene, ordinary ones that share words with
emergencies. `--trained` reads what `benchmarks/emergencies_training.py` wrote, which learnt nothing
of the JUDGES, and sets its two thresholds on their messages, beside the word lists of before
(`emergencies/words.toml`); `--write` keeps it for the product. `--held-out` asks files that nobody
tuned on, once, and writes docs/figures/emergencies.json and the tables of docs/quality.md.
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

from assistant.settings import Settings
from assistant.understanding.emergencies import HEADS, NAME, NONE, Concern, Emergencies, opened
from assistant.understanding.heads import Artefact, file_of
from assistant.wiring import open_weights
from benchmarks.retrieval import machine
from benchmarks.understanding import tunable
from corpus.embedder import OnnxEmbedder
from corpus.french import fold
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.intervals import clopper_pearson

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(__file__).with_suffix("")
TYPED = ROOT / "benchmarks" / "messages"
FIGURES = ROOT / "docs" / "figures" / "emergencies.json"
JUDGED_FIGURES = ROOT / "docs" / "figures" / "emergencies_judged.json"
NOT_RUN = (
    "Not measured yet: `python -m benchmarks.emergencies --held-out E.jsonl --ordinary O.jsonl`."
)
CLASSES = (NONE, *(concern.value for concern in Concern))
JUDGES = frozenset({"scenes_4", "scenes_8", "scenes_11", "scenes_19", "scenes_20"})
"""Authors whose messages set the thresholds: four in French, one in three other languages."""

FALSE_ALARMS, PERHAPS = 0.005, 0.03
"""Shares of ordinary messages that get a card, and that get a quiet line or a card."""

TIMED = 60

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What somebody wrote or dictated, and what it is about."""

    id: str
    text: str
    lang: str
    concern: str
    author: str = ""

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
            author=path.stem,
        )
        for row in rows
    ]


def written() -> list[Message]:
    """The messages that were written to learn from."""
    return [one for path in sorted(FOLDER.glob("*.jsonl")) for one in read(path)]


def asked() -> list[Message]:
    """Every question of the repository that may be tuned on: ordinary, unless written as not."""
    texts = [one.text for one in tunable()]
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


def untaught() -> list[Message]:
    """Those of the repository's other questions that no classifier learns from: every third."""
    return [one for one in asked() if int(one.id[-4:], 16) % 3 == 0]


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


def embedder() -> OnnxEmbedder:
    return OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))


def by_classifier(emergencies: Emergencies, *, sure: bool = True) -> Judge:
    """`sure`: only what gets a card counts, not what gets a quiet line."""

    def judge(message: Message) -> Told:
        found = emergencies(message.text)
        return (found.concern.value,) if found and (found.is_sure or not sure) else ()

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
    for title, path in (("Held out", FIGURES), ("Authors left out", JUDGED_FIGURES)):
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
    emergencies = opened(embedder())
    middle, longest = milliseconds(emergencies, rows)  # first: the embedder keeps what it was asked
    methods = {
        "card": count(rows, by_classifier(emergencies)),
        "card or quiet line": count(rows, by_classifier(emergencies, sure=False)),
        "word lists of before": count(rows, lambda one: by_words(one.text))[:1],
    }
    note = f"{middle:.0f} ms a message (median), {longest:.0f} ms the longest."
    save(FIGURES, note, methods)
    from benchmarks import quality

    quality.write()
    print(f"{machine()}\n{note}\n")
    print("\n".join([*HEAD, *(line for m, r in methods.items() for line in shown(r, m))]))


def judge(file: Path, *, write: bool, show: bool) -> None:
    """Ask what the JUDGES wrote of the classifier that learnt nothing of them, and the repository's
    other questions; choose the thresholds."""
    learned, reads = Artefact.load(file, HEADS), embedder()
    emergencies = opened(reads, learned)
    rows = [one for one in written() if one.author in JUDGES] + untaught()
    told = {one.id: emergencies.probabilities(one.text) for one in rows}
    alarm = {one.id: 1 - float(found[0]) for one, found in zip(rows, told.values(), strict=True)}
    ordinary = [alarm[one.id] for one in rows if not one.is_emergency]
    card, line = (threshold_of(ordinary, share) for share in (FALSE_ALARMS, PERHAPS))
    print(f"card from {card:.3f}, quiet line from {line:.3f}, on {len(rows)} messages")

    def judged(least: float) -> Judge:
        def say(one: Message) -> Told:
            concern = CLASSES[1 + int(told[one.id][1:].argmax())]
            return (concern,) if alarm[one.id] >= least else ()

        return say

    methods: dict[str, list[Figures]] = {
        "card": count(rows, judged(card)),
        "card or quiet line": count(rows, judged(line))[:1],
        "word lists of before": count(rows, lambda one: by_words(one.text))[:1],
    }
    print("\n".join([*HEAD, *(line for m, r in methods.items() for line in shown(r, m))]))
    if show:
        for one in sorted(rows, key=lambda one: -alarm[one.id]):
            if one.is_emergency != (alarm[one.id] >= card):
                print(f"{alarm[one.id]:.3f} {one.id} {one.text}")
    if write:
        head = replace(learned.heads["concern"], threshold=card, perhaps=line)
        replace(learned, heads={"concern": head}).save(file_of(NAME, reads.name), HEADS)
        note = (
            f"{sum(one.author in JUDGES for one in rows)} messages of {len(JUDGES)} authors and"
            f" {sum(one.author not in JUDGES for one in rows)} other questions of the repository;"
            f" card from {card:.3f}, quiet line from {line:.3f}."
        )
        save(JUDGED_FIGURES, note, methods, card=card, line=line)


def threshold_of(alarms: Sequence[float], share: float) -> float:
    """Return the probability that as few ordinary messages reach as are allowed."""
    ranked = sorted(alarms, reverse=True)
    allowed = int(share * len(ranked))
    return (ranked[allowed] + ranked[max(0, allowed - 1)]) / 2


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trained", type=Path, help="what training left: choose the thresholds")
    parser.add_argument("--write", action="store_true", help="with --trained: keep the classifier")
    parser.add_argument("--show", action="store_true", help="with --trained: print the mistakes")
    parser.add_argument("--held-out", type=Path, help="emergencies that nobody tuned on")
    parser.add_argument("--ordinary", type=Path, help="ordinary messages that nobody tuned on")
    given = parser.parse_args()
    if bool(given.held_out) != bool(given.ordinary):
        parser.error("--held-out and --ordinary go together")
    if given.held_out:
        ask_held_out(given.held_out, given.ordinary)
    elif given.trained:
        judge(given.trained, write=given.write, show=given.show)
    else:
        print(tables())
        middle, longest = milliseconds(opened(embedder()), written())
        print(f"\n{machine()}: {middle:.1f} ms a message (median), {longest:.1f} the longest")


if __name__ == "__main__":
    main()
