# SPDX-License-Identifier: EUPL-1.2
"""What a question is, and what a right answer to it must hold, read by a taught encoder.

    Question ─taught embedder─┬─▶ matter: a thing of the town, or one of what is refused
                              └─▶ kind: an amount, hours, a person … or any fact

Learnt from invented messages in six languages (`benchmarks/understanding_training.py`), at a low
rank on the embedder's upper layers. It knows no list of words. In doubt a question is one to the
town's documents: what is said to it is checked in other ways, and a question that is refused is
lost. What was measured: `docs/decisions/understanding.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from assistant.answers import NO_QUESTION, Reason
from assistant.understanding.heads import Artefact, Head, Vector
from assistant.understanding.questions import Question, QuestionKind
from corpus.seams import Embedder, QueryEmbedder
from corpus.search import WORD_LETTERS, holds_no_word


class Matter(StrEnum):
    """What a message is; the classes of a head, in this order."""

    TOWN = "town"
    PRIVATE = "private"
    VERDICT = "verdict"
    TALK = "talk"
    ELSEWHERE = "elsewhere"
    ORDER = "order"


REFUSED: Final = {
    Matter.PRIVATE: Reason.PERSONAL_DATA,
    Matter.VERDICT: Reason.INDIVIDUAL_VERDICT,
    Matter.TALK: Reason.TALK,
    Matter.ELSEWHERE: Reason.OFF_TOPIC,
    Matter.ORDER: Reason.OFF_TOPIC,
}
"""Why what is no matter of the town is refused."""

READ_AT_ONCE = 1_000
"""Characters: of a longer message the end is read once more by itself, as the encoder cuts what is
too long, and many tell a story first."""

NEVER = 2.0
WITHOUT_WIDTH = {0x2010: "-", 0x2011: "-", **dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060))}
KEPT = 256
"""Texts that were read and are kept: a message of several parts is read again by its parts."""

NAME = "questions"
HEADS = {"matter": (*Matter,), "kind": (*QuestionKind,)}

ReadMatter = Callable[[Question], Question]
"""The seam: a question to itself, with its kind, and refused where it must be."""


@dataclass(frozen=True, slots=True)
class Chances:
    """The chance of each `Matter`, and of each `QuestionKind`."""

    matter: Vector
    kind: Vector


class QuestionReader:
    """Tells what questions are, in any language that the embedder reads."""

    def __init__(
        self, embedder: QueryEmbedder, matter: Head, kind: Head, words: object = None
    ) -> None:
        """`matter`'s threshold: the chance of all that is refused from which a question is, its
        `perhaps` the one where it asks nothing of the town. `words`: what knows which are none."""
        self._embedder, self._matter, self._kind = embedder, matter, kind
        self._words = words
        self.chances = lru_cache(KEPT)(self._chances)

    def _chances(self, text: str) -> Chances:
        """Return what a text may be, whatever blanks and marks without width stand in it."""
        mean = self._embedder.embed_query(" ".join(text.translate(WITHOUT_WIDTH).split()))
        return Chances(self._matter(mean), self._kind(mean))

    def __call__(self, question: Question) -> Question:
        """Return a question with its kind, refused where it must be."""
        found, sure = self.chances(question.text), self._matter.threshold
        kind = [*QuestionKind][int(found.kind.argmax())]
        told = refusal_of(found.matter, sure, self._matter.perhaps)
        if told is None and len(question.text) > READ_AT_ONCE:
            told = refusal_of(self.chances(question.text[-READ_AT_ONCE:]).matter, sure, NEVER)
        if told in NO_QUESTION and self._is_at_random(question.text):
            told = None  # « xyzzy » is no talk: the search says that it finds nothing
        return replace(question, kind=kind, refusal=told)

    def _is_at_random(self, text: str) -> bool:
        """Whether a text has letters enough for a word and none that the embedder knows; « ok » and
        « mdr » are short, and talk."""
        return any(len(word) >= WORD_LETTERS for word in text.split()) and holds_no_word(
            text, self._words
        )


def refusal_of(matter: Vector, sure: float, surely_no_question: float) -> Reason | None:
    """Return why a message is refused, of the chances of each `Matter`: the likeliest reason that
    is likelier than a matter of the town, from `sure` on for a verdict or private data, from
    `surely_no_question` on for what asks nothing of the town; nothing in doubt."""
    town, by_reason = float(matter[0]), dict[Reason, float]()
    for one, reason in REFUSED.items():
        by_reason[reason] = by_reason.get(reason, 0.0) + float(matter[[*Matter].index(one)])
    for reason in sorted(by_reason, key=by_reason.__getitem__, reverse=True):
        least = surely_no_question if reason in NO_QUESTION else sure
        if 1 - town >= least and by_reason[reason] > town:
            return reason
    return None


def opened(embedder: Embedder, learnt: Artefact | None = None) -> QuestionReader:
    """Return what reads questions above an embedder, of what was learnt for it or is given; raise
    OSError, ValueError, KeyError or TypeError."""
    learnt = learnt or Artefact.read(NAME, embedder.name, HEADS)
    matter, kind = (learnt.heads[name] for name in HEADS)
    return QuestionReader(learnt.taught(embedder), matter, kind, embedder)
