# SPDX-License-Identifier: EUPL-1.2
"""Fits and judges which questions the town's sheet answers (`assistant/sheet/asked.py`).

    python -m benchmarks.sheet --vectors FILE.npz [--write] [--wrong] [--others] [--docs]

`benchmarks/sheet/*.toml` holds wordings of each fact in six languages, and near misses, by one who
knew the code; `sheet/strangers.jsonl` those of authors who did not. A wording with a service, a day
or an office is asked with several. Of the first list, five folds: what is asked is judged by a head
and by words that have seen neither it nor another form of the same line. Of the others, each author
by what learnt from all the rest, and from the first list alone. Wrong: a near miss that is
answered, or a wording that is answered with another fact, service or day.

Beside it, in the same folds: the head alone, the words alone (the fact of which the nearest wording
is), and the plain cosine with the nearest wording.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.settings import Settings, Town
from assistant.sheet.asked import AskedFacts, head_for, write_head
from assistant.sheet.facts import PEOPLE, TONGUES, AskedFact, Fact, Tongue
from assistant.sheet.said import said
from assistant.sheet.words import ARTEFACT, Vocabulary, vocabularies, words_of
from assistant.understanding.emergencies import Head
from assistant.wiring import open_weights
from benchmarks.cards_report import keep
from benchmarks.emergencies import asked as asked_elsewhere
from corpus.embedder import OnnxEmbedder
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.roster import read_offices

HERE = Path(__file__).with_name("sheet")
STRANGERS = HERE / "strangers.jsonl"
"""`author`, `lang`, `fact` (or `near`), `text` with the same places to fill."""

SHARED_BY, SHARE = 2, 0.5
"""Strangers of a language who ask with a word, and their share, from which it counts as asking."""

TODAY = date(2026, 3, 12)
FOLDS = 5
RIDGE = 1e-4
STEPS = 400
RATE = 0.5
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
NONE = ""

Array = NDArray[np.float32]
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
        "day": ["on Saturday", "Monday", "tomorrow", "today", "on 14 April"],
    },
    "ar": {
        "name": ["الحالة المدنية", "الحضانة"],
        "day": ["يوم السبت", "يوم الاثنين", "غدا", "اليوم"],
    },
    "pt": {
        "of": ["do registo civil", "do urbanismo", "da creche"],
        "the": ["o registo civil", "o urbanismo", "a creche"],
        "day": ["no sábado", "na segunda-feira", "amanhã", "hoje", "a 14 de abril"],
    },
    "es": {
        "of": ["del registro civil", "de urbanismo", "de la guardería"],
        "the": ["el registro civil", "urbanismo", "la guardería"],
        "day": ["el sábado", "el lunes", "mañana", "hoy", "el 14 de abril"],
    },
    "tr": {
        "name": ["nüfus müdürlüğü", "kreş"],
        "gen": ["nüfus müdürlüğünün", "kreşin"],
        "day": ["cumartesi", "pazartesi günü", "yarın", "bugün", "14 nisan"],
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A question; `line` tells which wording it is a form of, `bare` is it without its slots."""

    text: str
    language: Tongue
    fact: str
    line: str
    bare: str
    has_service: bool
    has_day: bool
    author: str = ""


def rows() -> list[Row]:
    """Return all questions, those of near misses with no fact."""
    found = list[Row]()
    for language in TONGUES:
        file = tomllib.loads((HERE / f"{language}.toml").read_text("utf-8"))
        for fact in (*Fact, "near"):
            for line in file.get(fact, ()):
                found += _forms(line, language, NONE if fact == "near" else fact)
    return found


def of_strangers() -> dict[str, list[Row]]:
    """Return the questions of authors who saw nothing, by author."""
    found = defaultdict[str, list[Row]](list)
    for line in STRANGERS.read_text("utf-8").splitlines():
        one = json.loads(line)
        fact = NONE if one["fact"] == "near" else one["fact"]
        found[one["author"]] += (
            replace(row, author=one["author"]) for row in _forms(one["text"], one["lang"], fact)
        )
    return found


def _forms(line: str, language: Tongue, fact: str) -> Iterator[Row]:
    choices = [part.split("|") for part in _CHOICE.findall(line)]
    for chosen in product(*choices):
        parts = iter(chosen)
        text = _CHOICE.sub(lambda _, parts=parts: next(parts), line)
        slots = _SLOT.findall(text)
        if not slots:
            yield Row(_tidy(text), language, fact, line, text, False, False)
            continue
        many = max(len(SLOTS[language][slot]) for slot in slots)
        for number in range(many):
            values = {s: SLOTS[language][s][number % len(SLOTS[language][s])] for s in slots}
            yield Row(
                _tidy(text.format(**values)),
                language,
                fact,
                line,
                _SLOT.sub(" ", text),
                bool({"of", "the", "at", "name", "gen"} & {*slots}),
                "day" in slots,
            )


def _tidy(text: str) -> str:
    return " ".join(text.split())


@lru_cache(1)
def common_words() -> dict[Tongue, tuple[str, str]]:
    files = {t: tomllib.loads((HERE / f"{t}.toml").read_text("utf-8")) for t in TONGUES}
    return {language: (file["words"], file["more"]) for language, file in files.items()}


def vocabularies_of(taught: Sequence[Row]) -> dict[Tongue, Vocabulary]:
    """Return the words of what is taught."""
    common = common_words()
    near = [row.text for row in taught if row.fact == NONE]
    known = shared_words(taught)

    def said(row: Row) -> str:
        if not row.author:
            return row.bare
        return " ".join(word for word in words_of(row.bare) if (row.language, word) in known)

    return {
        language: Vocabulary.of(
            *common[language],
            {
                fact: [said(row) for row in taught if (row.language, row.fact) == (language, fact)]
                for fact in Fact
            },
            near,
            language,
        )
        for language in TONGUES
    }


def shared_words(taught: Sequence[Row]) -> set[tuple[Tongue, str]]:
    """Return the words, by language, that many strangers ask with and few have in near misses: one
    alone tells why he asks (« j'ai deux enfants à la garderie »)."""
    asking, missing = (defaultdict[tuple[Tongue, str], set[str]](set) for _ in range(2))
    writing = defaultdict[Tongue, set[str]](set)
    for row in taught:
        if row.author:
            writing[row.language].add(row.author)
    for row in taught:
        for word in words_of(row.bare) if row.author else ():
            (asking if row.fact != NONE else missing)[row.language, word].add(row.author)
    return {
        key
        for key, authors in asking.items()
        if len(authors) >= max(SHARED_BY, SHARE * len(writing[key[0]]))
        and len(authors) > 2 * len(missing.get(key, ()))
    }


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


def learnt(vectors: Array, taught: Sequence[Row], threshold: float = 0.5) -> Head:
    """Return a softmax regression on vectors, each line of wordings weighing as one."""
    classes = [NONE, *Fact]
    wanted = np.zeros((len(taught), len(classes)), np.float32)
    wanted[np.arange(len(taught)), [classes.index(row.fact) for row in taught]] = 1
    lines = dict[str, int]()
    for row in taught:
        lines[row.line] = lines.get(row.line, 0) + 1
    weight = np.array([lines[row.line] ** -0.5 for row in taught], np.float32)[:, None]
    weight /= weight.mean()
    middle, spread = vectors.mean(0), vectors.std(0) + 1e-6
    level = (vectors - middle) / spread
    weights = np.zeros((len(classes), level.shape[1]), np.float32)
    bias = np.zeros(len(classes), np.float32)
    for step in range(STEPS):
        scores = level @ weights.T + bias
        odds = np.exp(scores - scores.max(1, keepdims=True))
        error = (odds / odds.sum(1, keepdims=True) - wanted) * weight / len(taught)
        rate = RATE * 0.5 * (1 + np.cos(np.pi * step / STEPS))
        weights -= rate * (error.T @ level + RIDGE * weights)
        bias -= rate * error.sum(0)
    return Head(
        (weights / spread).astype(np.float32),
        (bias - (weights / spread) @ middle).astype(np.float32),
        threshold,
    )


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
        and ((asked.day is not None) == row.has_day)
    )


@dataclass(slots=True)
class Judged:
    """What came of each row by a system."""

    right: list[bool]
    wrong: list[bool]

    def shares(self, some: NDArray[np.bool_], near: NDArray[np.bool_]) -> tuple[float, int, int]:
        """Return the share of `some` answered, how many of them wrong, how many near misses."""
        right, wrong = np.array(self.right), np.array(self.wrong)
        return float(right[some].mean()), int(wrong[some].sum()), int(wrong[near].sum())


def judged(all_rows: Sequence[Row], embedder: KeptVectors, used: float) -> dict[str, Any]:
    """Print what each system answers, by folds; return what docs/cards.md shows (`used`: the
    threshold in use)."""
    shown: dict[str, Any] = {}
    town = sample_town()
    vectors = np.stack([embedder.embed_query(row.text) for row in all_rows])
    near = np.array([row.fact == NONE for row in all_rows])
    lines = sorted({row.line for row in all_rows})
    chance = np.random.default_rng(1)
    fold_of = dict(zip(lines, chance.integers(0, FOLDS, len(lines)), strict=True))
    folds = np.array([fold_of[row.line] for row in all_rows])
    found = dict[str, list[AskedFact | None]]()
    cosines = np.zeros(len(all_rows))
    nearest = [NONE] * len(all_rows)
    alone = np.zeros((len(all_rows), len(Fact) + 1), np.float32)
    for fold in range(FOLDS):
        taught = [row for row, one in zip(all_rows, folds, strict=True) if one != fold]
        head = learnt(vectors[folds != fold], taught, 0.0)
        facts = AskedFacts(town, embedder, head, vocabularies_of(taught))
        positives = np.flatnonzero((folds != fold) & ~near)
        for place in np.flatnonzero(folds == fold):
            row = all_rows[place]
            found.setdefault("both", [None] * len(all_rows))[place] = told(facts, row.text)
            alone[place] = head(vectors[place])
            like = vectors[positives] @ vectors[place]
            cosines[place] = like.max()
            nearest[place] = all_rows[positives[int(like.argmax())]].fact
    print(f"{len(all_rows)} questions: {int((~near).sum())} wordings of {len(lines)} lines, "
          f"{int(near.sum())} near misses\n")  # fmt: skip
    print("| by | threshold | answered rightly | another fact | near misses answered |")
    print("|---|---|---|---|---|")
    for limit in THRESHOLDS:
        both = [one if one and one.score >= limit else None for one in found["both"]]
        right = [is_right(r, a, town) for r, a in zip(all_rows, both, strict=True)]
        wrong = [a is not None and not ok for a, ok in zip(both, right, strict=True)]
        _line("words and head", limit, Judged(right, wrong), near)
        if limit == used:
            shown["in use"] = _shown(Judged(right, wrong), near)
    for limit in THRESHOLDS:
        best = alone.argmax(1)
        facts_alone = [
            ([NONE, *Fact][b] if alone[i, b] >= limit else NONE) for i, b in enumerate(best)
        ]
        _line("head alone", limit, _by_fact(all_rows, facts_alone), near)
    for limit in sorted({float(np.sort(cosines[near])[-n - 1]) + 1e-6 for n in (0, 5, 20)}):
        named = [fact if c >= limit else NONE for fact, c in zip(nearest, cosines, strict=True)]
        _line("cosine", limit, _by_fact(all_rows, named), near)
        shown["cosine"] = _nearer(shown, _shown(_by_fact(all_rows, named), near))
    right = [is_right(r, one, town) for r, one in zip(all_rows, found["both"], strict=True)]
    print("\n| " + " | ".join(("", *TONGUES)) + " |\n" + "|---" * (1 + len(TONGUES)) + "|")
    shares = [
        np.mean([ok for ok, r in zip(right, all_rows, strict=True) if r.language == t and r.fact])
        for t in TONGUES
    ]
    print("| answered rightly, threshold 0 | " + " | ".join(f"{s:.0%}" for s in shares) + " |")
    return shown | {"wordings": int((~near).sum()), "near": int(near.sum())}


def judged_strangers(
    own: Sequence[Row], by_author: dict[str, list[Row]], embedder: KeptVectors, used: float
) -> dict[str, Any]:
    """Print what each author's questions get, learnt from the first list alone and from all other
    authors too; return the sums."""
    town = sample_town()
    sums = {"first": np.zeros(5, int), "strangers": np.zeros(5, int)}
    print("\n| author | by | wordings | rightly | another fact | near misses | answered |")
    print("|---|---|---|---|---|---|---|")
    for author, judges in by_author.items():
        rest = [row for name, each in by_author.items() if name != author for row in each]
        for way, taught in (("first", [*own]), ("strangers", [*own, *rest])):
            vectors = np.stack([embedder.embed_query(row.text) for row in taught])
            head = learnt(vectors, taught, used)
            facts = AskedFacts(town, embedder, head, vocabularies_of(taught))
            found = [(row, told(facts, row.text)) for row in judges]
            each = [(r, a if a and a.score >= used else None) for r, a in found]
            asked = [(a is not None, is_right(r, a, town)) for r, a in each if r.fact != NONE]
            near = [a is not None for r, a in each if r.fact == NONE]
            right = sum(ok for _, ok in asked)
            other = sum(said and not ok for said, ok in asked)
            counts = np.array([len(asked), right, other, len(near), sum(near)])
            sums[way] += counts
            print(f"| {author} {judges[0].language} | {way} | {' | '.join(map(str, counts))} |")
    return {
        way: {
            "right": round(float(one[1] / one[0]), 4),
            "other": int(one[2]),
            "near": int(one[4]),
            "wordings": int(one[0]),
            "near misses": int(one[3]),
            "authors": len(by_author),
        }
        for way, one in sums.items()
    }


def _shown(found: Judged, near: NDArray[np.bool_]) -> dict[str, float | int]:
    share, other, missed = found.shares(~near, near)
    return {"right": round(share, 4), "other": other, "near": missed}


def _nearer(shown: dict[str, Any], found: dict[str, float | int]) -> dict[str, float | int]:
    """Return the cosine's row that answers most of those that answer no more near misses than
    what is in use does."""
    most = shown["in use"]["near"]
    rivals = [one for one in (shown.get("cosine"), found) if one and one["near"] <= most]
    return max(rivals, key=lambda one: one["right"], default=found)


def told(facts: AskedFacts, text: str) -> AskedFact | None:
    """Return what a question asks for, where the sheet has something to say to it."""
    asked = facts(text, today=TODAY)
    settings = sample_settings()
    offices = read_offices(settings.roster)
    if asked is None:
        return None
    sentences = said(asked, settings.town, offices, language=asked.language, today=TODAY)
    return asked if sentences else None


def wrong_ones(all_rows: Sequence[Row], embedder: KeptVectors, limit: float) -> None:
    """Print what is answered wrongly or not at all, by folds, for whoever mends the wordings."""
    town = sample_town()
    vectors = np.stack([embedder.embed_query(row.text) for row in all_rows])
    lines = sorted({row.line for row in all_rows})
    chance = np.random.default_rng(1)
    fold_of = dict(zip(lines, chance.integers(0, FOLDS, len(lines)), strict=True))
    for fold in range(FOLDS):
        seen = np.array([fold_of[row.line] != fold for row in all_rows])
        taught = [row for row, one in zip(all_rows, seen, strict=True) if one]
        head = learnt(vectors[seen], taught, limit)
        words = vocabularies_of(taught)
        facts = AskedFacts(town, embedder, head, words)
        for row, one in zip(all_rows, seen, strict=True):
            asked = None if one else told(facts, row.text)
            if one or is_right(row, asked, town) or (asked is None and row.fact == NONE):
                continue
            unknown = ""
            if row.fact:
                from assistant.sheet.words import words_of

                spoken = words_of(row.text)
                places = words[row.language].unknown(spoken, of_people=Fact(row.fact) in PEOPLE)
                unknown = " ".join(spoken[place] for place in places)
            kind = "WRONG" if asked else "missed"
            print(kind, row.language, row.fact or "-", "|", row.text, "|", asked and asked.fact,
                  "|", unknown)  # fmt: skip


def others(embedder: KeptVectors) -> None:
    """Print which of the repository's other questions the sheet would answer, to be read."""
    facts = AskedFacts(
        sample_town(),
        embedder,
        head_for(open_weights(Settings()).path(DEFAULT_EMBEDDER).stem),
        vocabularies(),
    )
    texts = sorted({message.text for message in asked_elsewhere()})
    found = [(text, asked) for text in texts if (asked := told(facts, text))]
    for text, asked in found:
        print(asked.fact, "|", text)
    print(f"{len(found)} of {len(texts)}")


def _by_fact(all_rows: Sequence[Row], named: Sequence[str]) -> Judged:
    near = {Fact.HOURS, Fact.OPEN}
    right = [
        bool(r.fact) and (n == r.fact or (n in near and r.fact in near))
        for r, n in zip(all_rows, named, strict=True)
    ]
    return Judged(right, [bool(n) and not ok for n, ok in zip(named, right, strict=True)])


def _line(title: str, limit: float, found: Judged, near: NDArray[np.bool_]) -> None:
    share, other, missed = found.shares(~near, near)
    print(f"| {title} | {limit:.3f} | {share:.1%} | {other} | {missed} of {int(near.sum())} |")


@lru_cache(1)
def sample_settings() -> Settings:
    return Settings.read(HERE / "town.toml")


def sample_town() -> Town:
    return sample_settings().town


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/cards.md")
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--threshold", type=float, default=0.6)
    given = parser.parse_args()
    weights = open_weights(Settings()).path(DEFAULT_EMBEDDER)
    embedder = KeptVectors(weights, given.vectors)
    all_rows = rows()
    for row in (*all_rows, *(one for each in of_strangers().values() for one in each)):
        embedder.embed_query(row.text)
    embedder.save()
    if given.others:
        others(embedder)
        return
    if given.wrong:
        wrong_ones(all_rows, embedder, given.threshold)
        return
    by_author = of_strangers()
    shown = judged(all_rows, embedder, given.threshold)
    shown |= judged_strangers(all_rows, by_author, embedder, given.threshold)
    if given.docs:
        keep("sheet", shown)
    if given.write:
        all_rows += [row for each in by_author.values() for row in each]
        vectors = np.stack([embedder.embed_query(row.text) for row in all_rows])
        write_head(learnt(vectors, all_rows, given.threshold), weights.stem)
        kept = {language: one.row() for language, one in vocabularies_of(all_rows).items()}
        ARTEFACT.write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
