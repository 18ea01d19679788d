# SPDX-License-Identifier: EUPL-1.2
"""From passages that were found to the few sentences that may answer.

    Retrieved… ─▶ sentences, rows ──weighed──▶ Candidate…, most likely first

A small model on a CPU reads about 125 tokens a second, so it is given only the
sentences that look most like an answer. Weighing needs no model but the
embedder: rare words of the question that the sentence holds, its vector, what
its passage holds, and whether it has what the question asks for (an amount, a
date, an hour).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.questions import Question, QuestionKind
from corpus.documents import Passage, Retrieved
from corpus.french import fold, terms, words
from corpus.seams import Embedder
from corpus.sentences import sentences

MAX_CANDIDATES = 6
MAX_EMBEDDED = 32
MIN_WORDS = 3

_SPELLED = (
    "un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante"
    "|cinquante|soixante|cent|mille"
)
_MONTHS_AND_DAYS = (
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
    "|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
)
_UNITS = r"%|pour cent|\bm2?\b|m²|metres?|km|cm|litres?|kg|tonnes?|hectares?|degres?|places?"
_HOLDS = {
    QuestionKind.AMOUNT: re.compile(
        rf"\d\s?(?:€|euros?\b|%)|gratuit|payant|(?:{_SPELLED}) euros?|^(?=.*;).*\d"
    ),
    QuestionKind.HOURS: re.compile(r"\d{1,2}\s?(?:h|heures?|:)|\bmidi\b|\bminuit\b|permanence"),
    QuestionKind.DATE: re.compile(
        rf"\b\d{{1,2}}/\d|\b\d{{4}}\b|\b(?:{_MONTHS_AND_DAYS})s?\b|chaque|tous les|veille|lendemain"
    ),
    QuestionKind.DURATION: re.compile(
        rf"(?:\d|\b(?:{_SPELLED}))\s?(?:minutes?|heures?|jours?|semaines?|mois|ans?|annees?)\b"
    ),
    QuestionKind.MEASURE: re.compile(rf"(?:\d|\b(?:{_SPELLED}))\s?(?:{_UNITS})"),
    QuestionKind.COUNT: re.compile(rf"\d|\b(?:{_SPELLED}|aucune?|seule?)\b"),
}
"""What a sentence must hold, folded, to answer a question of that kind."""

_SAYS_SOMETHING = re.compile(r"[.!?;»)]\s*$|\s[:;]\s|\s–\s.*\d")
"""A title has no full stop and no cell: it names a matter and tells nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence or a row that may be quoted. `start` and `end` count in the screened page.

    `coverage` is the share (0 to 1, weighed by rarity) of the question's words
    that the sentence holds, `reach` the same with its passage and heading;
    `lexical` is the passage's BM25, in words as rare as can be.
    """

    passage: Passage
    start: int
    end: int
    text: str
    coverage: float
    reach: float
    cosine: float
    lexical: float
    fits: bool
    score: float

    @property
    def nearness(self) -> float:
        """Cosine from 0 to 1: e5 puts unrelated French sentences near .78, answers near .88."""
        return min(max((self.cosine - 0.78) / 0.12, 0.0), 1.0)


class Words(Protocol):
    """What the corpus knows of words (`corpus.query.Wording`)."""

    def meanings(self, question: str) -> Mapping[str, frozenset[str]]:
        """Stems of the question, each with the stems that may stand for it."""

    def rarity(self, stems: Collection[str]) -> float:
        """How much finding one of the stems says: high where few passages hold any."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word of the question: what may stand for it, and what finding it weighs."""

    stems: frozenset[str]
    weight: float


class Weigher:
    """Weighs the sentences of passages for a question."""

    def __init__(self, embedder: Embedder, wording: Words) -> None:
        self._embedder = embedder
        self._wording = wording

    def candidates(self, question: Question, evidence: Sequence[Retrieved]) -> list[Candidate]:
        """Return what may answer, most likely first."""
        wanted = [
            Wanted(stems, self._wording.rarity(stems))
            for stems in self._wording.meanings(question.text).values()
        ]
        # the most that one word can say here: it grows with the corpus, as BM25 does
        rarest = self._wording.rarity(())
        found = [
            candidate
            for retrieved in evidence
            for candidate in _of_passage(retrieved, question.kind, wanted, rarest)
        ]
        found.sort(key=lambda c: -c.score)
        found = _distinct(found)[:MAX_EMBEDDED]
        if not found:
            return []
        asked = self._embedder.embed_query(question.text)
        cosines = self._embedder.embed_passages([c.text for c in found]) @ asked
        weighed = [
            _with_cosine(candidate, float(cosine))
            for candidate, cosine in zip(found, cosines, strict=True)
        ]
        return sorted(weighed, key=lambda c: -c.score)[:MAX_CANDIDATES]


def _of_passage(
    retrieved: Retrieved, kind: QuestionKind, wanted: Sequence[Wanted], rarest: float
) -> list[Candidate]:
    passage = retrieved.passage
    text = passage.text.text
    reach = _share(wanted, set(terms(f"{passage.heading} {text}")))
    found = []
    for start, end in sentences(text):
        sentence = text[start:end]
        if len(sentence.split()) < MIN_WORDS:
            continue
        coverage = _share(wanted, set(terms(sentence)))
        fits = kind not in _HOLDS or bool(_HOLDS[kind].search(fold(sentence)))
        told = bool(_SAYS_SOMETHING.search(sentence))
        score = 0.8 * coverage + 0.6 * reach + 0.5 * retrieved.score + 0.5 * fits + 0.4 * told
        found.append(
            Candidate(
                passage=passage,
                start=passage.start + start,
                end=passage.start + end,
                text=sentence,
                coverage=coverage,
                reach=reach,
                cosine=0.0,
                lexical=retrieved.lexical / rarest,
                fits=fits,
                score=score,
            )
        )
    return found


def _with_cosine(candidate: Candidate, cosine: float) -> Candidate:
    near = replace(candidate, cosine=cosine)
    return replace(near, score=candidate.score + near.nearness)


def _distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Keep the best of sentences that say the same words (copies of an act, headers)."""
    seen: set[str] = set()
    kept = []
    for candidate in candidates:
        key = " ".join(words(candidate.text))
        if key and key not in seen:
            seen.add(key)
            kept.append(candidate)
    return kept


def _share(wanted: Sequence[Wanted], held: set[str]) -> float:
    total = sum(word.weight for word in wanted)
    return sum(word.weight for word in wanted if word.stems & held) / total if total else 0.0
