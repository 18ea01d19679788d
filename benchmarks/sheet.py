# SPDX-License-Identifier: EUPL-1.2
"""Judges which questions the town's sheet answers (`assistant/sheet/asked.py`).

    python -m benchmarks.sheet --trained FILE [--sure X --named Y] [--write] [--docs] [--wrong]
    python -m benchmarks.sheet --others
    python -m benchmarks.sheet --held-out FILE.jsonl

`benchmarks/sheet/*.toml` holds wordings of each fact in six languages, and near misses, by one who
knew the code; `sheet/strangers.jsonl` those of authors who did not. A wording with a service, a day
or an office is asked with several. Judged are the JUDGES, authors of whom what is judged (`FILE` of
`benchmarks/sheet_training.py`) learnt nothing. Wrong: a near miss that is answered, or a wording
that is answered with another fact, service or day. Of a service the sheet has no closures: such
wordings are left out. `--write` keeps FILE with the thresholds given.

Beside it: what is asked alone, whoever it is asked of; and the plain cosine with the nearest
wording. `--others`: which of the repository's other questions that were left out the sheet in use
would answer. `--held-out` asks lines that nobody tuned on of the sheet in use, once.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from assistant.settings import Settings, Town
from assistant.sheet.asked import AskedFacts
from assistant.sheet.days import named_day
from assistant.sheet.facts import TONGUES, AskedFact, Fact, NamedDay, Tongue
from assistant.sheet.reading import HEADS, NAME, Reader, opened, sure_from
from assistant.sheet.said import said
from assistant.sheet.words import words_of
from assistant.understanding.heads import Artefact, file_of
from assistant.wiring import open_weights
from benchmarks.cards_report import keep
from benchmarks.emergencies import untaught
from corpus.embedder import OnnxEmbedder
from corpus.seams import TokenReader, TokenReading, Vectors
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.roster import read_offices

HERE = Path(__file__).with_name("sheet")
STRANGERS = HERE / "strangers.jsonl"
"""`author`, `lang`, `fact` (or `near`), `text` with the same places to fill."""

JUDGES = frozenset({"s25", "s26", "s29"})
"""Authors of whom nothing is learnt where it is judged: each language once, who wrote last."""

SURE, NAMED = 0.7, 0.3
TODAY = date(2026, 3, 12)
THRESHOLDS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
NAMES = (0.1, 0.3, 0.5)
NONE = ""
UNSET = 0.5

_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_SLOT = re.compile(r"\{(\w+)\}")

SLOTS: dict[Tongue, dict[str, list[str]]] = {
    "fr": {
        "of": ["de l'état civil", "du service urbanisme", "de la crèche", "du CCAS"],
        "the": ["l'état civil", "le service urbanisme", "la crèche", "le CCAS"],
        "at": ["à l'état civil", "au service urbanisme", "à la crèche", "au CCAS"],
        "day": ["samedi", "lundi", "demain", "aujourd'hui", "le 14 avril", "mercredi"],
        "matter": ["aux sports", "à l'urbanisme", "chargée de la culture"],
        "rank": ["premier", "deuxième"],
    },
    "en": {
        "of": ["of the registry office", "of the planning office", "for the nursery"],
        "the": ["the registry office", "the planning department", "the nursery"],
        "at": ["at the registry office", "at the nursery"],
        "day": ["on Saturday", "Monday", "tomorrow", "today", "on 14 April"],
    },
    "ar": {
        "name": ["الحالة المدنية", "الحضانة"],
        "day": ["يوم السبت", "يوم الاثنين", "غدا", "اليوم"],
    },
    "pt": {
        "of": ["do registo civil", "do urbanismo", "da creche"],
        "the": ["o registo civil", "o urbanismo", "a creche"],
        "at": ["no registo civil", "na creche"],
        "day": ["no sábado", "na segunda-feira", "amanhã", "hoje", "a 14 de abril"],
    },
    "es": {
        "of": ["del registro civil", "de urbanismo", "de la guardería"],
        "the": ["el registro civil", "urbanismo", "la guardería"],
        "at": ["en el registro civil", "en la guardería"],
        "day": ["el sábado", "el lunes", "mañana", "hoy", "el 14 de abril"],
    },
    "tr": {
        "name": ["nüfus müdürlüğü", "kreş"],
        "gen": ["nüfus müdürlüğünün", "kreşin"],
        "of": ["nüfus müdürlüğünün", "kreşin"],
        "at": ["nüfus müdürlüğünde", "kreşte"],
        "day": ["cumartesi", "pazartesi günü", "yarın", "bugün", "14 nisan"],
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marked:
    """A line as its author wrote it: places to fill in braces, whose it is in square brackets."""

    text: str
    fact: str
    language: Tongue
    author: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A question, and what it asks: `NONE` where it is a near miss."""

    text: str
    language: Tongue
    fact: str
    has_service: bool = False


@cache
def written() -> tuple[Marked, ...]:
    """Return all lines, those of the first list by no author's name."""
    found = list[Marked]()
    for language in TONGUES:
        file = tomllib.loads((HERE / f"{language}.toml").read_text("utf-8"))
        for fact in (*Fact, "near"):
            for line in file.get(fact, ()):
                asks = NONE if fact == "near" else fact
                found += (Marked(text, asks, language) for text in _chosen(line))
    return (*found, *lines_of(STRANGERS))


def lines_of(path: Path) -> list[Marked]:
    """Read the lines of a file: `lang`, `fact` or `near`, `text`, and its `author`."""
    each = map(json.loads, path.read_text("utf-8").splitlines())
    return [
        Marked(
            one["text"],
            NONE if one["fact"] == "near" else one["fact"],
            one["lang"],
            one.get("author", ""),
        )
        for one in each
    ]


def _chosen(line: str) -> Iterator[str]:
    """Yield a line with each of what stands in round brackets for one another."""
    choices = [part.split("|") for part in _CHOICE.findall(line)]
    for chosen in product(*choices):
        parts = iter(chosen)
        yield _CHOICE.sub(lambda _, parts=parts: next(parts), line)


def rows(lines: Sequence[Marked]) -> list[Row]:
    """Return the questions of lines, each place filled with services of the sample town."""
    every = (row for line in lines for row in _filled(line))
    return [row for row in every if not (row.fact == Fact.CLOSURES and row.has_service)]


def _filled(line: Marked) -> Iterator[Row]:
    text = re.sub(r"[\[\]]", "", line.text)
    slots = {*_SLOT.findall(text)}
    for number in range(max((len(SLOTS[line.language][slot]) for slot in slots), default=1)):
        values = {s: (all_ := SLOTS[line.language][s])[number % len(all_)] for s in slots}
        yield Row(
            " ".join(text.format(**values).split()),
            line.language,
            line.fact,
            bool({"of", "the", "at", "name", "gen"} & slots),
        )


def is_hall(word: str) -> bool:
    """Whether a word of a wording that was not marked calls the town hall or who is asked for."""
    marks = {"mairie", "maire", "adjoint", "adjoints", "adjointe", "hotel", "town", "hall", "mayor"}
    marks |= {"deputy", "deputies", "council", "ayuntamiento", "alcaldia", "alcalde", "camara"}
    marks |= {"prefeitura", "prefeito", "البلديه", "بلديه", "العمده", "نواب", "رئيس"}
    said_ = words_of(word)
    return any(one in marks or one.startswith(("belediye", "baskan")) for one in said_)


def is_right(row: Row, asked: AskedFact | None, town: Town) -> bool:
    """Whether a wording got its own fact, of its own service and day."""
    if asked is None or row.fact == NONE:
        return False
    near = {Fact.HOURS, Fact.OPEN}
    same = asked.fact == row.fact or (row.fact in near and asked.fact in near)
    same |= asked.fact is Fact.CONTACT and row.fact in {Fact.PHONE, Fact.EMAIL, Fact.ADDRESS}
    return (
        same
        and (asked.service is not None) == row.has_service
        and (asked.day is None) == (_day(row) is None)
    )


def _day(row: Row) -> NamedDay | None:
    """Return the day that a wording names, which its author may write out too (« demain »)."""
    return named_day(words_of(row.text), row.language, TODAY)[0]


@dataclass(slots=True)
class Judged:
    """What came of questions: how many wordings, how many of them got their own fact or another's,
    how many near misses, how many of these were answered."""

    wordings: int = 0
    right: int = 0
    other: int = 0
    near: int = 0
    answered: int = 0

    def add(self, row: Row, asked: AskedFact | None, *, is_right: bool) -> None:
        if row.fact == NONE:
            self.near += 1
            self.answered += asked is not None
        else:
            self.wordings += 1
            self.right += is_right
            self.other += asked is not None and not is_right

    def line(self, *titles: object) -> str:
        share = f"{self.right / max(self.wordings, 1):.1%}"
        cells = (*titles, self.wordings, self.right, share, self.other, self.near, self.answered)
        return "| " + " | ".join(map(str, cells)) + " |"


class Readings:
    """A reader with thresholds of its own, which reads each text once."""

    def __init__(self, embedder: TokenReader, learnt: Artefact) -> None:
        self._embedder, self._learnt = embedder, learnt
        self._known = dict[str, TokenReading]()

    def read(self, text: str) -> TokenReading:
        if text not in self._known:
            self._known[text] = self._embedder.read(text)
        return self._known[text]

    def embed_query(self, text: str) -> Vectors:
        return self.read(text).mean

    def sure_from(self, fact: float, body: float) -> Reader:
        return Reader(self, sure_from(self._learnt, fact, body))


def judged(
    questions: Sequence[Row], read: Readings, sure: float, named: float
) -> dict[Tongue, Judged]:
    """Return what the sheet of the sample town makes of questions, by language."""
    town, reader = sample_town(), read.sure_from(sure, named)
    facts = AskedFacts(town, lambda: reader)
    found = {language: Judged() for language in TONGUES}
    for row in questions:
        asked = told(facts, row.text)
        found[row.language].add(row, asked, is_right=is_right(row, asked, town))
    return found


def together(each: dict[Tongue, Judged]) -> Judged:
    names = Judged.__slots__
    return Judged(*(sum(getattr(one, name) for one in each.values()) for name in names))


def by_cosine(
    questions: Sequence[Row], taught: Sequence[Row], embedder: OnnxEmbedder, most: int
) -> Judged:
    """Return what the plain way gives, the fact of the nearest wording, where it answers no more
    near misses than `most`."""
    vectors = np.stack([embedder.embed_query(row.text) for row in taught])
    found = list[tuple[Row, str, float]]()
    for row in questions:
        like = vectors @ embedder.embed_query(row.text)
        best = int(like.argmax())
        found.append((row, taught[best].fact, float(like[best])))
    misses = sorted((cosine for row, _, cosine in found if row.fact == NONE), reverse=True)
    limit = misses[most] if most < len(misses) else -1.0
    hours = {Fact.HOURS, Fact.OPEN}
    result = Judged()
    for row, fact, cosine in found:
        ok = fact == row.fact or {fact, row.fact} <= hours
        if row.fact == NONE:
            result.near += 1
            result.answered += cosine > limit
        else:
            result.wordings += 1
            result.right += cosine > limit and ok
            result.other += cosine > limit and not ok
    return result


def of_others_answered(read: Readings, sure: float, named: float) -> tuple[int, int]:
    """Return how many of the JUDGES' wordings are answered where they ask another town's hall or
    another body, and how many these are."""
    from benchmarks.sheet_questions import of_others  # which learns from this module's lines

    made = of_others([line for line in written() if line.author in JUDGES])
    reader = read.sure_from(sure, named)
    facts = AskedFacts(sample_town(), lambda: reader)
    return sum(told(facts, one.text) is not None for one in made), len(made)


def told_alone(questions: Sequence[Row], read: Readings, sure: float) -> Judged:
    """Return what is asked, whoever it is asked of: what the words that name somebody are for."""
    hours, reader = {Fact.HOURS, Fact.OPEN}, read.sure_from(sure, UNSET)
    result = Judged()
    for row in questions:
        fact = reader(row.text).surely(sure) or NONE
        if row.fact == NONE:
            result.near += 1
            result.answered += fact != NONE
        else:
            ok = fact == row.fact or {fact, row.fact} <= hours
            result.wordings += 1
            result.right += ok
            result.other += fact != NONE and not ok
    return result


def told(facts: AskedFacts, text: str) -> AskedFact | None:
    """Return what a question asks for, where the sheet has something to say to it."""
    asked = facts(text, today=TODAY)
    settings = sample_settings()
    offices = read_offices(settings.roster)
    if asked is None:
        return None
    sentences = said(asked, settings.town, offices, language=asked.language, today=TODAY)
    return asked if sentences else None


def wrong_ones(questions: Sequence[Row], read: Readings, sure: float, named: float) -> None:
    """Print what is answered wrongly or not at all, for whoever mends it."""
    town = sample_town()
    reader = read.sure_from(sure, named)
    facts = AskedFacts(town, lambda: reader)
    for row in questions:
        asked = told(facts, row.text)
        if is_right(row, asked, town) or (asked is None and row.fact == NONE):
            continue
        reading = reader(row.text)
        print("WRONG" if asked else "missed", row.language, row.fact or "-", "|", row.text, "|",
              reading.surely(0), round(float(reading.facts.max()), 3), "|",
              *(row.text[start:end] for start, end in reading.named))  # fmt: skip


def others(facts: AskedFacts) -> None:
    """Print which of the repository's other questions the sheet would answer, to be read."""
    texts = sorted({message.text for message in untaught()})
    found = [(text, asked) for text in texts if (asked := told(facts, text))]
    for text, asked in found:
        print(asked.fact, asked.service, "|", text)
    print(f"{len(found)} of {len(texts)}")


@lru_cache(1)
def sample_settings() -> Settings:
    return Settings.read(HERE / "town.toml")


def sample_town() -> Town:
    return sample_settings().town


def report(read: Readings, embedder: OnnxEmbedder, sure: float, named: float) -> dict[str, Any]:
    """Print what the JUDGES' questions get; return what docs/cards.md shows."""
    mine = rows([line for line in written() if line.author in JUDGES])
    rest = rows([line for line in written() if line.author not in JUDGES and line.fact != NONE])
    print("| by | wordings | rightly | | another fact | near misses | answered |")
    print("|---|---|---|---|---|---|---|")
    for limit in THRESHOLDS:
        for name in NAMES:
            found = together(judged(mine, read, limit, name))
            print(found.line(f"fact {limit}, names {name}"))
    used = judged(mine, read, sure, named)
    for language, one in used.items():
        print(one.line(f"{language}, {sure}, {named}"))
    whole = together(used)
    alone, plain = told_alone(mine, read, sure), by_cosine(mine, rest, embedder, whole.answered)
    others_answered, made = of_others_answered(read, sure, named)
    print(f"of another town's or body's: {others_answered} of {made} answered")
    print(whole.line("in use"), alone.line("what is asked alone"), plain.line("cosine"), sep="\n")
    return {
        title: {
            "right": round(one.right / one.wordings, 4),
            "other": one.other,
            "near": one.answered,
            "wordings": one.wordings,
            "near misses": one.near,
        }
        for title, one in (("in use", whole), ("fact alone", alone), ("cosine", plain))
    } | {"others": {"answered": others_answered, "made": made}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trained", type=Path, help="what the training wrote")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--held-out", type=Path, help="lines that nobody tuned on, asked once")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/cards.md")
    parser.add_argument("--sure", type=float, default=SURE)
    parser.add_argument("--named", type=float, default=NAMED)
    given = parser.parse_args()
    embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
    if given.trained:
        learnt = Artefact.load(given.trained, HEADS)
        read = Readings(embedder.taught(learnt.additions), learnt)
        if given.wrong:
            mine = rows([line for line in written() if line.author in JUDGES])
            wrong_ones(mine, read, given.sure, given.named)
            return
        shown = report(read, embedder, given.sure, given.named)
        if given.docs:
            keep("sheet", shown)
        if given.write:
            used = sure_from(learnt, given.sure, given.named)
            used.save(file_of(NAME, embedder.name), HEADS)
    if given.held_out:
        kept = Artefact.read(NAME, embedder.name, HEADS)
        questions = rows(lines_of(given.held_out))
        read = Readings(embedder.taught(kept.additions), kept)
        asked = judged(questions, read, kept.heads["fact"].threshold, kept.heads["named"].threshold)
        print(*(one.line(language) for language, one in asked.items()), sep="\n")
        print(together(asked).line("all"))
    if given.others:
        reader = opened(embedder)
        others(AskedFacts(sample_town(), lambda: reader))


if __name__ == "__main__":
    main()
