# SPDX-License-Identifier: EUPL-1.2
"""What a question is about, in clauses of the letter that stand before it.

    "Je souhaite louer la salle des fêtes le 14 juin, avec ma sœur."
      ─said▶ "je souhaite louer la salle des fêtes le 14 juin, avec ma sœur"
    ("C'est combien ?", all that was said) ─MatterLine▶ the clauses that it is completed with

Which clauses a question takes is learnt from letters whose questions were written out by somebody:
those that hold the words that the written-out question has and the letter's does not
(`benchmarks/mail_sentences.py`). With an embedder that nothing was learnt for, a question that
leans takes the nearest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.pieces import own_words
from assistant.replying.cutting import stripped
from assistant.replying.plain import without_marks
from corpus.french import flat

MOST_CLAUSES, MOST_LOOKED_AT = 2, 60
"""Clauses that a question takes, and those before it that are weighed."""

MOST_WORDS = 14
"""Words of a clause: shorter ones that follow each other are one."""

SUBJECT = -1
"""The sentence that the subject line is."""

MOST_LEAN = 4.0
_PARTS = re.compile(r"(?<=[.;:!?…,])\s|\s[–—-]\s|[()]")
_MARGIN = " .,;:!?…–—-'"
_GOES_ON = re.compile(r"(?:qui|que|dont|où|et|est|sont|a|ont|doit|doivent)\s|qu['’]", re.IGNORECASE)
"""How a part begins that says nothing without the one before it."""


_NO_QUOTES = str.maketrans("", "", '«»"“”')

DETERMINERS = frozenset(
    {"la", "le", "les", "un", "une", "des", "sa", "son", "ses", "leur", "leurs", "mon", "ma", "mes"}
    | {"notre", "nos", "the"}
)
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Said:
    """A clause of what the letter says, of which sentence (they are counted) and paragraph."""

    sentence: int
    paragraph: int
    text: str
    clause: str
    is_question: bool = False


@dataclass(frozen=True, slots=True)
class Leaning:
    """A question, where it stands, and the log-odds that it leans on what stands before it."""

    question: str
    sentence: int
    paragraph: int
    leans: float


@dataclass(frozen=True, slots=True)
class MatterLine:
    """`weights` has shape (signs,). A clause is taken from log-odds of 0, `most` at the most.
    `topic`, shape (width of the embedder,): what a clause speaks of where questions take it, a
    matter of the town rather than how the writer fares; a sign of its own."""

    weights: Vector
    bias: float
    most: int = MOST_CLAUSES
    topic: Vector | None = None

    def __call__(self, values: Vector) -> Vector:
        """Return log-odds for rows of signs, shape (clauses,)."""
        return values @ self.weights + np.float32(self.bias)


@dataclass(frozen=True, slots=True)
class Beside:
    """What tells the clauses that a question takes; `vector` makes those of sentences."""

    line: MatterLine
    vector: Callable[[str], Vector] | None = None


BY_PLACE = Beside(
    MatterLine(np.array([0, -0.3, 1, 0.5, 0.5, 0, 0, 0, 6, 0], np.float32), bias=-3.0, most=1)
)
"""A question that leans takes the nearest clause."""


@dataclass(slots=True)
class Matters:
    """Finds what the questions of one letter are about; their vectors live as long as it."""

    beside: Beside
    _vectors: dict[str, Vector] = field(default_factory=dict)

    def of(self, asked: Leaning, before: Sequence[Said]) -> list[str]:
        """Return the clauses that a question is completed with, in the letter's order."""
        head = [said for said in before if said.sentence == SUBJECT]
        looked_at = [*head, *[s for s in before if s.sentence != SUBJECT][-MOST_LOOKED_AT:]]
        if not looked_at:
            return []
        told = self.beside.line(self.signs(asked, looked_at))
        taken, has = list[int](), set(own_words(asked.question))
        for place in np.argsort(-told, kind="stable"):
            if told[place] <= 0 or len(taken) == self.beside.line.most:
                break
            if new := own_words(looked_at[place].clause) - has:
                taken.append(int(place))
                has |= new
        return [looked_at[place].clause for place in sorted(taken)]

    def signs(self, asked: Leaning, before: Sequence[Said]) -> Vector:
        """Return what stands for or against each clause; shape (clauses, signs)."""
        own = own_words(asked.question)
        rows = list[list[float]]()
        for said in before:
            new = len(own_words(said.clause) - own)
            is_subject = said.sentence == SUBJECT
            rows.append(
                [
                    self._near(asked.question, said.text),
                    0.0 if is_subject else float(np.log1p(asked.sentence - said.sentence)),
                    not is_subject and said.paragraph == asked.paragraph,
                    is_subject,
                    said.is_question,
                    min(new, 6),
                    any(sign.isdigit() for sign in said.clause),
                    new / (1 + len(own)),
                    min(max(asked.leans, -MOST_LEAN), MOST_LEAN),
                    self._topic(said.clause),
                ]
            )
        return np.array(rows, np.float32)

    def _topic(self, clause: str) -> float:
        topic = self.beside.line.topic
        if topic is None or (vector := self._vector(clause)) is None:
            return 0.0
        return float(topic @ vector)

    def _near(self, question: str, statement: str) -> float:
        mine, other = self._vector(question), self._vector(statement)
        return 0.0 if mine is None or other is None else float(mine @ other)

    def _vector(self, text: str) -> Vector | None:
        if self.beside.vector is None:
            return None
        if text not in self._vectors:
            self._vectors[text] = self.beside.vector(text)
        return self._vectors[text]


def said_of(text: str, sentence: int, paragraph: int) -> list[Said]:
    """Return the clauses of a sentence."""
    return [Said(sentence, paragraph, text, clause) for clause in clauses(text)]


def clauses(text: str) -> list[str]:
    """Cut a sentence into clauses, whole, without its greeting and what was hidden.

    >>> clauses("Bonjour, ma fille (7 ans) entre au CP.")
    ['ma fille, 7 ans, entre au CP']
    >>> clauses("Ousmane est né ici.")
    ['Ousmane est né ici']
    """
    text = " ".join(stripped(without_marks(text)).translate(_NO_QUOTES).split())
    if not own_words(text.partition(" ")[0]):  # a name keeps its capital, by which it is told
        text = text[:1].lower() + text[1:]
    done = list[str]()
    for part in _PARTS.split(text):
        clause = part.strip(_MARGIN)
        if not clause or not own_words(clause):
            continue
        words = len(f"{done[-1]} {clause}".split()) if done else 0
        if done and words <= (2 * MOST_WORDS if _GOES_ON.match(clause) else MOST_WORDS):
            done[-1] += f", {clause}"
        else:
            done.append(clause)
    return done


def matter_of(question: str) -> str:
    """Return what a question is about, from the first thing that it names; the whole of one that
    names none.

    >>> matter_of("Quels papiers faut-il pour s'inscrire à la cantine ?")
    'la cantine'
    """
    words = question.rstrip(" ?.!").split()
    says = (place for place, word in enumerate(words) if len(word) > 2 and own_words(word))
    first = next((place for place in says if place and flat(words[place - 1]) in DETERMINERS), 0)
    while first and flat(words[first - 1]) in DETERMINERS:
        first -= 1
    return " ".join(words[first:])
