# SPDX-License-Identifier: EUPL-1.2
"""Learns which sentences of a letter ask, and which of its clauses a question is completed with
(`assistant/replying/asking.py`, `matter.py`).

    python -m benchmarks.mail_sentences [--show] [--write] [--apart] [--vectors FILE.npz]

Learns from letters whose questions were marked (`mails/stretches.jsonl`, `mail_letters.py`), from
sentences written for it (`mails/sentences.jsonl`: `asks`, `leans` on what stands before it,
`tells`) and from the lists of questions and small talk that may be tuned on; a third of what asks
there stands without its question mark a second time. The rows: each unit of the letters, told by
lines that learnt from the other author's, beside two plainer ways: the question mark alone, and the
form alone (question mark or a request in so many words). `--apart` counts what is made of each
author's letters with those lines (`reply.py` says how), `--show` prints the mistakes, `--write`
keeps the lines that learnt from all.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.replying.asking import Asking, AskLines, by_form, gram_scale, grams_of
from assistant.replying.matter import BY_PLACE, Beside, MatterLine
from assistant.replying.plain import without_marks
from assistant.replying.questions import questions_of
from assistant.settings import Settings
from assistant.wiring import open_guard, open_weights, switch_telemetry_off
from benchmarks.mail_letters import MAILS, Heard, heard
from benchmarks.probe import LEAST_SPREAD
from benchmarks.reply import pairs
from benchmarks.understanding import labelled, names
from corpus.embedder import OnnxEmbedder
from corpus.weights import DEFAULT_EMBEDDER

SENTENCES = Path(__file__).with_name("mails") / "sentences.jsonl"
ASKS, LEANS, TELLS = "asks", "leans", "tells"
OWN_SHARE, LETTER_SHARE = 6.0, 15.0
"""How much a sentence written for letters, and one of a letter, counts beside one of the lists."""

EACH = 4
"""One question in so many is taken from the lists: with all, whatever is of the town asks."""

WITHOUT_MARK_EACH = 3
LEAST_GRAMS, GRAM_WEIGHT = 3, 3.0
"""Sentences that a gram stands in at the least; what all grams weigh beside the vector."""

ASKS_AT, TAKES_AT = 0.4, -2.2
"""Log-odds from which a sentence asks, and a clause is taken, chosen on the other author."""

RIDGE, STEPS, DIRECTIONS = 1.0, 12, 40
FOLDS = 5
"""Of letters: a clause's topic is a sign as letters of other folds tell it."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Taught:
    """A sentence, what it does and what it counts."""

    text: str
    label: str
    share: float = OWN_SHARE


def sentences() -> list[Taught]:
    """Read what was written for letters."""
    rows = map(json.loads, SENTENCES.read_text("utf-8").splitlines())
    return [Taught(row["s"], row["label"]) for row in rows]


def beside() -> list[Taught]:
    """What the lists teach: all their questions ask, small talk tells."""
    found = list[Taught]()
    for matter in ("refusals", "talk", "kinds"):
        for name in names(matter)[0]:
            for place, one in enumerate(labelled(name)):
                label = TELLS if one.label == "talk" else ASKS
                if label == ASKS and place % EACH:
                    continue
                found.append(Taught(one.text, label, 1.0))
                is_third = place % (EACH * WITHOUT_MARK_EACH) == 0
                if label == ASKS and one.text.endswith("?") and is_third:
                    found.append(Taught(one.text.rstrip(" ?"), label, 1.0))
    return found


class Vectorised:
    """An embedder that remembers, from one run to the next where a file is given."""

    def __init__(self, embedder: OnnxEmbedder, file: Path | None) -> None:
        self._embedder, self._file, self._known = embedder, file, dict[str, Vectors]()
        if file and file.exists():
            with np.load(file, allow_pickle=False) as held:
                self._known = dict(zip(held["texts"].tolist(), held["vectors"], strict=True))

    def __call__(self, text: str) -> Vectors:
        text = without_marks(text)
        if text not in self._known:
            self._known[text] = self._embedder.embed_query(text)
        return self._known[text]

    def keep(self) -> None:
        if self._file:
            vectors = np.array([*self._known.values()])
            np.savez(self._file, texts=np.array([*self._known]), vectors=vectors)


def learnt(taught: Sequence[Taught], letters: Sequence[Heard], vector: Vectorised) -> AskLines:
    """Fit all lines: on sentences and on the units of letters; then, told by these, what the
    questions of letters lack."""
    units = [
        Taught(text, ASKS if is_asked else TELLS, LETTER_SHARE)
        for letter in letters
        for text, is_asked in letter.labels()
    ]
    lines = _sentence_lines([*taught, *units], vector, {id(unit) for unit in units})
    return replace(lines, matter=_matter_line(lines, letters, vector))


def _sentence_lines(taught: Sequence[Taught], vector: Vectorised, letters: set[int]) -> AskLines:
    """Whether a unit of a letter leans is not marked: only what was written tells that."""
    held = [grams_of(one.text) for one in taught]
    often = Counter(gram for grams in held for gram in grams)
    known = sorted(gram for gram, times in often.items() if times >= LEAST_GRAMS)
    place = {gram: at for at, gram in enumerate(known)}
    bag = np.zeros((len(taught), len(known)), np.float32)
    for row, grams in enumerate(held):
        bag[row, [place[gram] for gram in grams if gram in place]] = gram_scale(grams)
    vectors = np.array([vector(one.text) for one in taught])
    mean, spread = vectors.mean(axis=0), vectors.std(axis=0) + LEAST_SPREAD
    scale = spread * np.sqrt(vectors.shape[1])
    level = np.hstack([(vectors - mean) / scale, bag * GRAM_WEIGHT]).astype(np.float32)
    share = np.array([one.share for one in taught])
    asked = np.array([one.label != TELLS for one in taught])
    written = np.array([one.label != TELLS and id(one) not in letters for one in taught])
    leaning = np.array([one.label == LEANS for one in taught])
    fits = [
        logistic(level, asked, _evenly(share, asked)),
        logistic(level[written], leaning[written], _evenly(share[written], leaning[written])),
    ]
    width = vectors.shape[1]
    weights = np.array([fit[1 : width + 1] / scale for fit in fits])
    return AskLines(
        place,
        np.array([fit[width + 1 :] for fit in fits], np.float32) * GRAM_WEIGHT,
        weights.astype(np.float32),
        (np.array([fit[0] for fit in fits]) - weights @ mean - [ASKS_AT, 0]).astype(np.float32),
        BY_PLACE.line,
    )


def _matter_line(lines: AskLines, letters: Sequence[Heard], vector: Vectorised) -> MatterLine:
    """Fit the topics on the clauses, then all signs with the topic of each letter as it is told by
    letters of other folds."""

    def asks(text: str) -> Asking:
        return lines(text, vector(text))

    plain = Beside(BY_PLACE.line, vector)
    told = [
        (fold % FOLDS, *one)
        for fold, letter in enumerate(one for one in letters if one.author)
        for one in letter.lacks(plain, asks)
    ]
    fold = np.concatenate([np.full(len(given), fold) for fold, _, given, _ in told])
    signs = np.concatenate([signs for _, signs, _, _ in told])
    given = np.array([is_given for _, _, each, _ in told for is_given in each])
    share = np.concatenate([np.full(len(each), len(each) ** -0.5) for _, _, each, _ in told])
    spoken = np.array([vector(clause) for *_, clauses in told for clause in clauses])
    for number in range(FOLDS):
        others = fold != number
        topic = _topic(spoken[others], given[others], share[others])
        signs[~others, -1] = spoken[~others] @ topic
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + LEAST_SPREAD
    fit = logistic((signs - mean) / spread, given, share / share.mean())
    weights = fit[1:] / spread
    bias = float(fit[0] - weights @ mean - TAKES_AT)
    return MatterLine(
        weights.astype(np.float32), bias, topic=_topic(spoken, given, share).astype(np.float32)
    )


def _topic(
    spoken: Vectors, given: NDArray[np.bool_], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What clauses speak of that questions take; `spoken` has shape (clauses, width)."""
    mean, spread = spoken.mean(axis=0), spoken.std(axis=0) + LEAST_SPREAD
    scale = spread * np.sqrt(spoken.shape[1])
    return np.asarray(logistic((spoken - mean) / scale, given, _evenly(share, given))[1:] / scale)


def _evenly(share: NDArray[np.float64], truths: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Let both sides weigh the same."""
    sides = np.where(truths, 0.5 / share[truths].sum(), 0.5 / share[~truths].sum())
    return share * sides * len(share)


def logistic(
    level: Vectors, truths: NDArray[np.bool_], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Newton's steps for a weighted logistic regression with a ridge on all but the bias, which
    comes first; each step by conjugate directions. `level` has shape (rows, columns)."""
    level = np.c_[np.ones(len(level)), level].astype(np.float32)
    found, ridge = np.zeros(level.shape[1]), np.full(level.shape[1], RIDGE)
    ridge[0] = 1e-6
    for _ in range(STEPS):
        told = 1 / (1 + np.exp(-np.clip(level @ found.astype(np.float32), -30, 30)))
        slope = level.T @ (share * (told - truths)).astype(np.float32) + ridge * found
        curve = (share * told * (1 - told)).astype(np.float32)
        step, rest = np.zeros_like(found), -slope
        way, left = rest.copy(), float(rest @ rest)
        for _ in range(DIRECTIONS):
            bent = level.T @ (curve * (level @ way.astype(np.float32))) + ridge * way
            far = left / float(way @ bent)
            step, rest = step + far * way, rest - far * bent
            left, before = float(rest @ rest), left
            if left < 1e-8 * float(slope @ slope):
                break
            way = rest + left / before * way
        found += step
    return found


def row(way: str, told: Sequence[tuple[bool, bool]]) -> str:
    asked = [said for wanted, said in told if wanted]
    others = [said for wanted, said in told if not wanted]
    return f"| {way} | {len(asked)} | {sum(asked)} | {len(others)} | {sum(others)} |"


def counted(letters: Sequence[Heard], lines: AskLines, vector: Vectorised, *, show: bool) -> str:
    """Count what is found, invented and asked twice in letters, as `reply.py` does."""

    def asks(text: str) -> Asking:
        return lines(text, vector(text))

    found = wanted = invented = asked = double = 0
    for one in letters:
        questions = questions_of(one.letter, asks, Beside(lines.matter, vector)).asked
        abouts = [ask["about"] for ask in one.mail["asks"]]
        held, twice = pairs(abouts, questions, vector)
        made_up = {*range(len(questions))} - {*held.values()} - twice
        found, wanted, double = found + len(held), wanted + len(abouts), double + len(twice)
        invented, asked = invented + len(made_up), asked + len(questions)
        if show:
            print(f"-- {one.mail['id']}")
            for place, about in enumerate(abouts):
                print(f"   {about}  =>  {questions[held[place]] if place in held else 'NOT FOUND'}")
            for kind, places in (("INVENTED", made_up), ("TWICE", twice)):
                for place in sorted(places):
                    print(f"   {kind}  {questions[place]}")
    return f"| {letters[0].author} | {found}/{wanted} | {invented}/{asked} | {double} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", action="store_true", help="print the mistakes")
    parser.add_argument("--apart", action="store_true", help="count each author's letters")
    parser.add_argument("--write", action="store_true", help="keep the lines for the product")
    parser.add_argument("--vectors", type=Path, help="keep the vectors here between runs")
    given = parser.parse_args()
    switch_telemetry_off()
    embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
    vector, taught = Vectorised(embedder, given.vectors), [*sentences(), *beside()]
    letters = heard(open_guard(Settings(), MAILS))
    rows, counts = list[tuple[str, bool, bool]](), list[str]()
    for author in sorted({letter.author for letter in letters if letter.author}):
        theirs = [letter for letter in letters if letter.author == author]
        lines = learnt(taught, [one for one in letters if one not in theirs], vector)
        for text, is_asked in (label for letter in theirs for label in letter.labels()):
            told = lines(text, vector(text))
            rows.append((text, is_asked, told.is_asked))
            if given.show and told.is_asked is not is_asked:
                print(f"{'asks' if is_asked else 'tells':6} {told.asks:+.1f}  {text}")
        if given.apart:
            counts.append(counted(theirs, lines, vector, show=given.show))
    print("| way | asked | found | told | taken for asked |\n|---|---|---|---|---|")
    print(row("learnt from another author", [(asked, said) for _, asked, said in rows]))
    print(row("form", [(asked, by_form(text).is_asked) for text, asked, _ in rows]))
    print(row("question mark", [(asked, text.endswith("?")) for text, asked, _ in rows]))
    if counts:
        print("\n| author | found | invented | asked twice |\n|---|---|---|---|")
        print("\n".join(counts))
    if given.write:
        learnt(taught, letters, vector).write(embedder.name)
    vector.keep()


if __name__ == "__main__":
    main()
