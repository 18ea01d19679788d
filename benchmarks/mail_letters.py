# SPDX-License-Identifier: EUPL-1.2
"""Letters whose questions were marked, made into what the lines learn from.

    mails/stretches.jsonl ─hidden▶ units ─stretch of each question▶ Heard: which units ask,
                                                                    which clauses a question lacks

Each letter is hidden and parted as the product does it. `sentence` is the stretch of the letter
that asks, `about` the question as somebody wrote it out who knew the letter: the words that `about`
has and the stretch has not are what the question lacks.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.replying.asking import Asking
from assistant.replying.letter import Letter, LetterGuard, hidden, received_text
from assistant.replying.lines import Unit, units
from assistant.replying.matter import SUBJECT, Beside, Leaning, Matters, Said, matter_of, said_of
from assistant.replying.plain import without_marks
from corpus.french import flat, terms
from corpus.readers.pool import ReadingPool

MAILS = Path(__file__).with_name("mails")
LETTERS = MAILS / "stretches.jsonl"
MARKED_ONLY = (MAILS / "mails.jsonl", MAILS / "written_apart.jsonl")
"""Their questions are marked; what is asked is not written out, or was tuned on."""

FOUND = 0.7
"""Share of a stretch's words that its place in the hidden letter holds at the least."""

ENOUGH, ENOUGH_SHARE = 2, 1 / 3
"""Missing words, or their share, from which a clause is one that a question should be given."""

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heard:
    """A letter, its units, and for each of its questions the units that its stretch touches, the
    last of which asks. `author`: empty for a letter whose questions are only marked."""

    author: str
    mail: dict[str, Any]
    letter: Letter
    units: Sequence[Unit]
    asked: Sequence[tuple[dict[str, Any], Sequence[int]]]

    def labels(self) -> Iterator[tuple[str, bool]]:
        """Yield each unit and whether it asks; not those that a question only begins in."""
        asks = {touched[-1] for _, touched in self.asked}
        parts = {place for _, touched in self.asked for place in touched}
        for place, unit in enumerate(self.units):
            if place in asks or place not in parts:
                yield unit.text, place in asks

    def lacks(
        self, beside: Beside, asks: Callable[[str], Asking]
    ) -> Iterator[tuple[Rows, list[bool], list[str]]]:
        """Yield for each question the signs of the clauses before it, which it lacks, and them."""
        matters, asking = Matters(beside), {touched[-1] for _, touched in self.asked}
        for ask, touched in self.asked:
            question, at = without_marks(ask["sentence"]), touched[-1]
            before = [*said_of(self.letter.subject, SUBJECT, SUBJECT)]
            for place, unit in enumerate(self.units[: at + 1]):
                if place < at and place in asking:
                    text = unit.text
                    one = Said(place, unit.paragraph, text, matter_of(text), is_question=True)
                    before.append(one)
                else:
                    before += said_of(unit.text, place, unit.paragraph)
            own = set(_words(question))
            before = [s for s in before if not _is_part(s.clause, own) or s.sentence not in touched]
            missing = {*terms(ask["about"])} - {*terms(question)}
            if before:
                place_of = Leaning(question, at, self.units[at].paragraph, asks(question).leans)
                lacked = _given(missing, before)
                yield matters.signs(place_of, before), lacked, [said.clause for said in before]


def heard(guard: LetterGuard) -> list[Heard]:
    """Read the marked letters; an author's are those whose names begin alike (`a1-`)."""
    found = list[Heard]()
    for file in (LETTERS, *MARKED_ONLY):
        for line in file.read_text("utf-8").splitlines():
            mail = json.loads(line)
            letter = hidden(received_text(mail["text"], lambda: ReadingPool(1)), guard)
            author = mail["id"].partition("-")[0] if file == LETTERS else ""
            found.append(heard_in(mail, letter, author))
    return found


def heard_in(mail: dict[str, Any], letter: Letter, author: str) -> Heard:
    """Find where the questions of a letter stand in its hidden form."""
    each = [*units(letter.body)]
    asked = list[tuple[dict[str, Any], Sequence[int]]]()
    for ask in mail["asks"]:
        if touched := _touched(ask["sentence"], each):
            asked.append((ask, touched))
    return Heard(author, mail, letter, each, asked)


def _touched(stretch: str, each: Sequence[Unit]) -> list[int]:
    """Return the units that hold a stretch, the one that asks last: with a question mark where one
    has it, else the last of which half is asked."""
    words = [(word, place) for place, unit in enumerate(each) for word in _words(unit.text)]
    wanted = Counter(_words(stretch))
    length = wanted.total()
    best = (FOUND * length, range(0))
    for start in range(len(words) - length + 1):
        shared = (Counter(word for word, _ in words[start : start + length]) & wanted).total()
        if shared > best[0]:
            best = (shared, range(start, start + length))
    held = Counter(words[at][1] for at in best[1])
    if not held:
        return []
    whole = {place: len(_words(each[place].text)) for place in held}
    most = [p for p, n in held.items() if n >= min(whole[p], length) / 2] or [max(held)]
    marked = [p for p in held if "?" in each[p].text and held[p] > 1]
    asks = max(most) if not marked or max(most) in marked else marked[-1]
    return [*(place for place in held if place != asks), asks]


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in flat(text)).split()


def _is_part(clause: str, own: set[str]) -> bool:
    words = _words(clause)
    return sum(word in own for word in words) > 0.6 * len(words)


def _given(missing: set[str], before: Sequence[Said]) -> list[bool]:
    """Tell the clauses that hold enough of what a question lacks, and the one that holds most."""
    gain = [len(missing & {*terms(said.clause)}) for said in before]
    enough = max(1, min(ENOUGH, ENOUGH_SHARE * len(missing)))
    return [has >= enough or (has > 0 and has == max(gain)) for has in gain]
