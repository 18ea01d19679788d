# SPDX-License-Identifier: EUPL-1.2
"""Sentences and rows are put in order for a question, without a model."""

from __future__ import annotations

from collections.abc import Collection

from assistant.evidence import Candidate, Weigher
from assistant.questions import understand
from corpus.documents import Passage, Retrieved
from corpus.french import terms
from corpus.query import Wanted
from guardrails.findings import Screened
from tests.fakes import HashEmbedder

TABLE = (
    "Association : Football-club ; Domaine : Sport ; 2025 : 3 200 €\n"
    "Association : Judo-club ; Domaine : Sport ; 2025 : 1 650 €"
)
PROSE = "Le club de football reçoit 3 200 €. Le club de judo reçoit 1 650 €."


class PlainWords:
    """Each word for itself, all as rare."""

    def wanted(self, question: str) -> list[Wanted]:
        return [Wanted(frozenset({stem}), 1.0) for stem in dict.fromkeys(terms(question))]

    def rarity(self, stems: Collection[str]) -> float:
        return 1.0


def weighed(text: str, asked: str = "Combien touche le club de judo en 2025 ?") -> list[Candidate]:
    passage = Passage(
        id="a", document="a", file="a.txt", page=1, ordinal=0, collection="default",
        heading="Subventions", text=Screened(text), start=0, end=len(text),
    )  # fmt: skip
    found = [Retrieved(passage=passage, score=1.0)]
    return Weigher(HashEmbedder(), PlainWords()).candidates(understand(Screened(asked)), found)


def test_a_row_about_something_else_misses_what_another_row_tells_of() -> None:
    missed = {candidate.text.split()[2]: candidate.missed for candidate in weighed(TABLE)}

    assert missed["Judo-club"] == 0
    assert missed["Football-club"] > 0


def test_a_sentence_of_a_text_misses_nothing_its_neighbours_say_it() -> None:
    assert [candidate.missed for candidate in weighed(PROSE)] == [0, 0]


def test_candidates_know_their_rank() -> None:
    found = weighed(TABLE)

    assert [candidate.rank for candidate in found] == [0, 1]
    assert found[0].score >= found[1].score
