# SPDX-License-Identifier: EUPL-1.2
"""When two questions are one, where words stand, and which questions belong together."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import numpy as np
import pytest

from assistant.cards.quotes import found_in
from assistant.cards.same import (
    NO_DOUBT,
    InDoubt,
    LearnedSame,
    ReadSame,
    alignment,
    card_text,
    threshold_for,
)
from assistant.cards.unanswered import grouped, refused
from corpus.seams import TokenStates
from guardrails.register.records import Entry, JsonValue, Kind
from tests.fakes import TAUGHT, HashEmbedder, ScriptedModel
from tests.table import each

CARD = "Combien coûte un repas à la cantine en 2025 ?"
SAID = ["Le repas coûte 3,45 € en 2025."]


class TokenHash(HashEmbedder):
    """A stand-in that tells tokens too: each word its own place. It goes by the name of the real
    embedder, so that what was fitted for it is used."""

    name = "multilingual-e5-small-fr-int8"

    def embed_tokens(self, text: str) -> TokenStates:
        return TokenStates(
            np.stack([self.embed_query(word) for word in text.split()]), self.embed_query(text)
        )


def test_what_was_taught_is_for_the_embedder_of_the_catalogue() -> None:
    assert 0 < threshold_for(TokenHash.name) < 1
    assert threshold_for("another") == 1.0
    assert alignment() is alignment()


@pytest.mark.parametrize("asked", [CARD, "combien coute un repas, a la CANTINE en 2025"])
def test_word_for_word_is_the_same_with_any_embedder(asked: str) -> None:
    assert LearnedSame(HashEmbedder())(asked, CARD, SAID) == 1.0


@pytest.mark.parametrize(
    "asked",
    [
        "Combien coûte un repas à la cantine en 2024 ?",
        "Combien coûte un repas à la cantine le mercredi ?",
        "Combien coûte un repas à la cantine en mars 2025 ?",
        "Combien coûtent 3 repas à la cantine en 2025 ?",
    ],
)
def test_a_value_that_the_card_does_not_know_makes_another_question(
    asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = LearnedSame(TokenHash())
    monkeypatch.setattr("assistant.cards.same.alignment", lambda: lambda first, second: 0.99)
    assert same("prix du repas de cantine", CARD, SAID) == 0.99
    assert same(asked, CARD, SAID) == 0.0


def test_an_embedder_that_nothing_was_fitted_for_serves_no_paraphrase() -> None:
    assert LearnedSame(HashEmbedder())("prix du repas de cantine", CARD, SAID) == 0.0


def test_no_likeness_is_as_sure_as_the_very_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.cards.same.alignment", lambda: lambda first, second: 1.0)
    same = LearnedSame(TokenHash())
    assert same("prix du repas de cantine", CARD, SAID) < same(CARD, CARD, SAID) == 1.0


class Comparing(ScriptedModel):
    """Says of any two questions what it was told to say, and remembers what it read of a card."""

    name = TAUGHT
    compares = True

    def __init__(self, odds: float | None) -> None:
        super().__init__()
        self._odds = odds
        self.read: list[tuple[str, str]] = []

    def same_odds(self, asked: str, card: str) -> float | None:
        self.read.append((asked, card))
        return self._odds


class Another(Comparing):
    """A model that compares, for which no threshold was set."""

    name = "another"


class ByItsPath(Comparing):
    """A file of that name, which nobody knows for the one that was taught."""

    compares = False


def test_in_doubt_a_model_reads_what_the_card_says() -> None:
    model = Comparing(1.5)
    assert ReadSame(model)("prix du repas", CARD, [*SAID, "Repas : 3,45 €"]) == 1.5
    assert model.read == [("prix du repas", f"{CARD} — {SAID[0]}")]
    assert card_text("x" * 900, []) == "x" * 600
    assert card_text(CARD, ["", "Repas : 3,45 €"]).endswith("— Repas : 3,45 €")


def test_what_a_model_does_not_tell_is_not_the_same() -> None:
    same = ReadSame(Comparing(None))
    assert same("prix du repas", CARD, SAID) < same.threshold < math.inf
    for model in (ScriptedModel(), Another(99.0), ByItsPath(99.0)):
        untaught = ReadSame(model)
        assert not untaught.is_taught
        assert untaught("prix du repas", CARD, SAID) < untaught.threshold


def test_doubt_begins_below_what_is_sure() -> None:
    known = InDoubt.of(TokenHash.name)
    assert 0 < known.doubted < threshold_for(TokenHash.name) < known.at_once < 1
    assert InDoubt.of("another") == NO_DOUBT
    assert ReadSame(Comparing(0.0)).is_taught


@each(
    "words, found",
    [
        ("4,20€ par eleve", ["4,20 € par  Élève"]),
        ("1200 €", ["1\u202f200 €"]),
        ("œuvre d’art", ["OEUVRE D'ART"]),
        ("20 €", []),
        ("200 €", []),
        ("4", []),
        ("epas", []),
        ("", []),
    ],
)
def test_a_quote_is_found_whole_whatever_its_spaces_case_and_accents(
    words: str, found: list[str]
) -> None:
    page = "Repas : 4,20 € par  Élève, soit 1\u202f200 € l'an.\nOEUVRE D'ART"
    assert [page[start:end] for start, end in found_in(words, page)] == found


def entry(number: int, kind: Kind, payload: dict[str, JsonValue], *, day: int = 1) -> Entry:
    return Entry(
        index=number, at=datetime(2026, 3, day, tzinfo=UTC), kind=kind, exchange=f"e{number // 2}",
        leaf=b"", public={}, erased=False, actor="2026-03.secret", payload=payload,
    )  # fmt: skip


def test_refusals_are_grouped_by_matter_without_who_asked() -> None:
    told = [
        ("prix de la piscine", "no_evidence", 3),
        ("Prix de la piscine ?", "not_answered", 1),
        ("le prix de la piscine adulte", "not_answered", 2),
        ("horaires du marché", "no_evidence", 2),
        ("Ai-je droit à l'APA ?", "individual_verdict", 1),
        ("déjà validée", "no_evidence", 1),
    ]
    entries = list[Entry]()
    for number, (question, reason, day) in enumerate(told):
        entries += [
            entry(2 * number, Kind.INTENT, {"question": question}, day=day),
            entry(2 * number + 1, Kind.OUTCOME, {"status": "refusal", "reason": reason}),
        ]
    groups = grouped(
        refused(entries), HashEmbedder(), lambda question: [], lambda q: q == "déjà validée"
    )
    pool, market = groups
    assert (pool.matter, pool.count, pool.since) == ("prix de la piscine", 3, "2026-03-01")
    assert pool.questions == ("prix de la piscine", "le prix de la piscine adulte")
    assert (market.matter, market.count) == ("horaires du marché", 1)
    assert "secret" not in repr(groups)
