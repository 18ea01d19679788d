# SPDX-License-Identifier: EUPL-1.2
"""How well a question is understood before any search, without a model.

    python -m benchmarks.understanding [--trained FILE [--write]] [--show] [--write-docs]

Lists by authors who had seen nothing of the program: what a right answer must hold (`kinds_*`), and
what is to be refused at once, beside what only looks like it (`refusals_*`, `talk_*`). The reader
(`assistant/understanding/reading.py`) learnt nothing of the JUDGES among them, nor of those held
out, but from other authors' lines (`strangers.jsonl`, `understanding_training.py`). Beside it a
peer: the majority of the five nearest of what it learnt from, by the search's embedder.

`--trained` judges what the training wrote: the JUDGES and the questions of the answers' sets set
its two thresholds. `--write` keeps it for the product. `--show` prints the
mistakes on these lists; the held-out lists are only counted.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answers import NO_QUESTION, Reason
from assistant.evaluation import read_questions
from assistant.settings import Settings
from assistant.understanding.heads import Artefact, Head, file_of
from assistant.understanding.questions import understand
from assistant.understanding.reading import (
    HEADS,
    NAME,
    REFUSED,
    Chances,
    Matter,
    QuestionKind,
    QuestionReader,
    opened,
    refusal_of,
)
from assistant.wiring import open_weights
from benchmarks.answers_sets import SETS, AnswerSet
from benchmarks.cards import JUDGES as CARD_JUDGES
from benchmarks.cards import PAIRS, matters_of
from corpus.embedder import OnnxEmbedder
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.findings import Screened
from guardrails.intervals import clopper_pearson

ROOT = Path(__file__).resolve().parents[1]
LISTS = ROOT / "benchmarks" / "understanding"
STRANGERS = LISTS / "strangers.jsonl"
"""`author`, `lang`, `matter`, `kind` (of what is a matter of the town), `text`."""

FIGURES = ROOT / "docs" / "figures" / "understanding.json"
NEIGHBOURS = 5
NOT_RUN = "Not measured yet: `python -m benchmarks.understanding --write-docs` writes this part."
ANSWERED = "answered"
HELD_OUT = "_held_out"
LABELS = {
    "verdict": Reason.INDIVIDUAL_VERDICT.value,
    "private": Reason.PERSONAL_DATA.value,
    "rule": ANSWERED,
    "public": ANSWERED,
    "talk": Reason.OFF_TOPIC.value,
    "elsewhere": Reason.OFF_TOPIC.value,
    "question": ANSWERED,
}
"""What each label of `refusals_*` and `talk_*` asks of the program; what is talk or of elsewhere is
told as either."""

JUDGES = frozenset({"kinds_dev_2", "refusals_dev_4", "refusals_dev_5", "talk_dev"})
"""Lists that may be tuned on, and of which nothing is learnt."""

MATTERS = ("refusals", "talk")
OF_CARDS, SEED = 0.35, 1
MOST_REFUSED, MOST_AS_TALK = 0.01, 0.002
"""Shares of questions to the town that may be taken for what is refused, and for no question."""

Row = dict[str, str | int]
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A question, its label, and what should be told of it."""

    text: str
    label: str
    wanted: str


def labelled(name: str) -> list[Labelled]:
    """Read one list, such as `kinds_dev`."""
    lines = (LISTS / f"{name}.jsonl").read_text("utf-8").splitlines()
    read = [json.loads(line) for line in lines]
    return [
        Labelled(text=one["q"], label=one["label"], wanted=LABELS.get(one["label"], one["label"]))
        for one in read
    ]


def of_list(label: str) -> tuple[Matter, QuestionKind | None]:
    """Return what a label of a list says that a message is, and that an answer must hold."""
    if label in {*QuestionKind}:
        return Matter.TOWN, QuestionKind(label)
    return (Matter(label) if label in {*Matter} else Matter.TOWN), None


def names(matter: str) -> tuple[list[str], str]:
    """The lists of a matter that may be tuned on, and the one that is held out."""
    files = sorted(path.stem for path in LISTS.glob(f"{matter}_*.jsonl"))
    return [name for name in files if not name.endswith(HELD_OUT)], f"{matter}{HELD_OUT}"


def of_sets(*, judge: bool | None = None) -> list[Labelled]:
    """The questions of the answers' sets that may be tuned on, those that judge or the others."""
    reasons = {reason.value for reason in REFUSED.values()}
    return [
        Labelled(
            text=asked.question,
            label="question" if asked.answers else "other",
            wanted=asked.kind if asked.kind in reasons else ANSWERED,
        )
        for name, kept in SETS.items()
        if not kept.is_held_out and judge in (None, _judges(name, kept))
        for asked in read_questions(kept.questions)
    ]


def _judges(name: str, kept: AnswerSet) -> bool:
    return name == "samples" or kept.questions.parent.name == "tuning"


def of_cards(*, judge: bool) -> list[Labelled]:
    """What residents ask in their own words of validated questions, by the authors whose pairs
    judge these (`benchmarks/cards.py`), or by the others."""
    files = sorted(PAIRS.glob("*.jsonl"))
    judges = {*CARD_JUDGES, "author_1", "author_2"}
    return [
        Labelled(text=text, label="question", wanted=ANSWERED)
        for file in files
        if (file.stem in judges) is judge
        for one in matters_of(file)
        for text in one.same
    ]


def tunable() -> list[Labelled]:
    """Every question at hand that may be tuned on: of the lists, then of the answers' sets."""
    return of_lists([name for m in ("kinds", *MATTERS) for name in names(m)[0]]) + of_sets()


def judging() -> list[Labelled]:
    """What sets the thresholds: the JUDGES, what the towns and the sample town of the answers' sets
    can answer, and what residents ask there."""
    answered = [one for one in of_sets(judge=True) if one.label == "question"]
    return of_lists(sorted(JUDGES)) + answered + of_cards(judge=True)


def of_lists(some: Sequence[str]) -> list[Labelled]:
    """The questions of lists, each with whether it is answered; all of `kinds_*` are."""
    kinds = {kind.value for kind in QuestionKind}
    return [
        replace(one, wanted=ANSWERED if one.wanted in kinds else one.wanted)
        for name in some
        for one in labelled(name)
    ]


@dataclass(frozen=True, slots=True)
class Taught:
    """A message that teaches: what it is and, if told, what a right answer must hold."""

    text: str
    matter: Matter
    kind: QuestionKind | None


def strangers() -> list[dict[str, str]]:
    """The lines of authors, as they are kept."""
    return [json.loads(line) for line in STRANGERS.read_text("utf-8").splitlines()]


def teaching() -> list[Taught]:
    """What the reader learns from: the authors' lines, the lists and sets that do not judge, and of
    what residents ask of cards OF_CARDS."""
    lines = [
        Taught(
            line["text"],
            Matter(line["matter"]),
            QuestionKind(line["kind"]) if "kind" in line else None,
        )
        for line in strangers()
    ]
    lists = [n for m in ("kinds", *MATTERS) for n in names(m)[0] if n not in JUDGES]
    chance = random.Random(SEED)
    of_town = [one for one in of_sets(judge=False) if one.label == "question"]
    of_town += [one for one in of_cards(judge=False) if chance.random() < OF_CARDS]
    return [
        *lines,
        *(Taught(one.text, *of_list(one.label)) for name in lists for one in labelled(name)),
        *(Taught(one.text, Matter.TOWN, None) for one in of_town),
    ]


def as_asked(text: str) -> str:
    """Return a question as the reader gets it."""
    return understand(Screened(text)).text


class Told:
    """What a reader makes of texts; each is read once."""

    def __init__(self, reader: QuestionReader, matter: Head) -> None:
        self.reader, self.matter = reader, matter
        self._known = dict[str, Chances]()

    def chances(self, text: str) -> Chances:
        if text not in self._known:
            self._known[text] = self.reader.chances(as_asked(text))
        return self._known[text]

    def kind(self, one: Labelled) -> str:
        return [*QuestionKind][int(self.chances(one.text).kind.argmax())].value

    def refusal(self, one: Labelled) -> str:
        sure, no_question = self.matter.threshold, self.matter.perhaps
        told = refusal_of(self.chances(one.text).matter, sure, no_question)
        return ANSWERED if told is None else as_one(told)


def as_one(reason: Reason) -> str:
    """Talk and other matters are one label of the lists."""
    return (Reason.OFF_TOPIC if reason in NO_QUESTION else reason).value


def thresholds(told: Told, asked: Sequence[Labelled]) -> tuple[float, float]:
    """Return the least chances from which a question is refused, and is none: at most the shares
    above of the questions to the town reach them."""
    of_town = [told.chances(one.text).matter for one in asked if one.wanted == ANSWERED]
    least = []
    for most, is_meant in (
        (MOST_REFUSED, lambda reason: reason not in NO_QUESTION),
        (MOST_AS_TALK, lambda reason: reason in NO_QUESTION),
    ):
        near = [
            1 - float(matter[0])
            for matter in of_town
            if is_meant(refusal_of(matter, 0.0, 0.0) or Reason.TALK)
        ]
        allowed = int(most * len(of_town))
        falling = sorted(near, reverse=True)
        least.append(falling[allowed] + 1e-6 if allowed < len(falling) else 0.5)
    return max(least[0], 0.5), max(least[1], 0.5)


def by_neighbours(asked: Vectors, known: Vectors, wanted: Sequence[str]) -> list[str]:
    """The commonest label among the nearest; `asked` (n, width), `known` (m, width)."""
    near = asked @ known.T
    nearest = np.argsort(-near, axis=1)[:, :NEIGHBOURS]
    return [Counter(wanted[place] for place in row).most_common(1)[0][0] for row in nearest]


def measure(embedder: OnnxEmbedder, told: Told, *, show: bool) -> list[Row]:
    """A row for each label of each list: questions, right by the reader and by its peer."""
    lines = teaching()
    known = embedded(embedder, [line.text for line in lines])
    refused = [
        as_one(REFUSED[line.matter]) if line.matter in REFUSED else ANSWERED for line in lines
    ]
    of_kind = [place for place, line in enumerate(lines) if line.kind]
    kind_of = [line.kind.value for line in lines if line.kind]
    rows: list[Row] = []
    for matter in ("kinds", *MATTERS):
        is_kind = matter == "kinds"
        tell: Callable[[Labelled], str] = told.kind if is_kind else told.refusal
        places = of_kind if is_kind else [*range(len(lines))]
        dev, held = names(matter)
        for name, asked in (
            (f"{matter}_judges", [o for each in dev if each in JUDGES for o in labelled(each)]),
            (held, labelled(held)),
        ):
            vectors = embedded(embedder, [one.text for one in asked])
            peer = by_neighbours(vectors, known[places], kind_of if is_kind else refused)
            ours = [tell(one) for one in asked]
            rows += counted(name, asked, ours, peer)
            if show and name != held:
                shown(asked, ours)
    return rows


def embedded(embedder: OnnxEmbedder, texts: Sequence[str]) -> Vectors:
    return np.array([embedder.embed_query(as_asked(text)) for text in texts])


def shown(asked: Sequence[Labelled], said: Sequence[str]) -> None:
    for one, what in zip(asked, said, strict=True):
        if what != one.wanted:
            print(f"{one.label:10} told {what:18} {one.text}")


def counted(
    name: str, asked: Sequence[Labelled], ours: Sequence[str], peer: Sequence[str]
) -> list[Row]:
    """Count what is right, for each label and in all."""
    labels = ["", *sorted({one.label for one in asked})]
    return [
        {
            "list": name,
            "label": label or "all",
            "questions": sum(label in ("", one.label) for one in asked),
            "right": _right(asked, ours, label),
            "neighbours": _right(asked, peer, label),
        }
        for label in labels
    ]


def _right(asked: Sequence[Labelled], said: Sequence[str], label: str) -> int:
    return sum(
        one.wanted == what and label in ("", one.label)
        for one, what in zip(asked, said, strict=True)
    )


def tables() -> str:
    """Return the figures as tables, one a list."""
    if not FIGURES.exists():
        return NOT_RUN
    rows: list[Row] = json.loads(FIGURES.read_text("utf-8"))
    lines: list[str] = []
    for name in dict.fromkeys(row["list"] for row in rows):
        if lines:
            lines.append("")
        lines += [
            f"| `{name}` | questions | told rightly | by nearest questions |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {r['label']} | {r['questions']} | {_share(r, 'right')}"
            f" | {_share(r, 'neighbours')} |"
            for r in rows
            if r["list"] == name
        ]
    return "\n".join(lines)


def _share(row: Row, what: str) -> str:
    right, questions = int(row[what]), int(row["questions"])
    low, high = clopper_pearson(right, questions)
    return f"{right} ({100 * right / questions:.1f} %, {100 * low:.0f} to {100 * high:.0f})"


def wrongly_refused(told: Told, asked: Sequence[Labelled]) -> None:
    """Print how many questions to the town are refused, by what they were taken for."""
    of_town = [one for one in asked if one.wanted == ANSWERED]
    said = Counter(told.refusal(one) for one in of_town)
    print(f"of {len(of_town)} questions to the town:", dict(said))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trained", type=Path, help="what the training wrote: set its thresholds")
    parser.add_argument("--write", action="store_true", help="with --trained: keep it")
    parser.add_argument("--show", action="store_true", help="print what may be tuned on")
    parser.add_argument("--write-docs", action="store_true", help="rewrite docs/quality.md")
    given = parser.parse_args()
    embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
    if given.trained:
        learnt = Artefact.load(given.trained, HEADS)
        told = Told(opened(embedder, learnt), learnt.heads["matter"])
        sure, no_question = thresholds(told, judging())
        print(f"refused from {sure:.3f}, no question from {no_question:.3f}")
        told.matter = replace(learnt.heads["matter"], threshold=sure, perhaps=no_question)
        if given.write:
            heads = {**learnt.heads, "matter": told.matter}
            replace(learnt, heads=heads).save(file_of(NAME, embedder.name), HEADS)
    else:
        learnt = Artefact.read(NAME, embedder.name, HEADS)
        told = Told(opened(embedder, learnt), learnt.heads["matter"])
    wrongly_refused(told, judging())
    rows = measure(embedder, told, show=given.show)
    for row in rows:
        print(" | ".join(str(value) for value in row.values()))
    if given.write_docs:
        FIGURES.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
        from benchmarks import quality

        quality.write()


if __name__ == "__main__":
    main()
