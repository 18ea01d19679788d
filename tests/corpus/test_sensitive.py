# SPDX-License-Identifier: EUPL-1.2
"""The head tells of each passage whether it is about somebody; without one, anchors decide."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from corpus.french import terms
from corpus.quarantine import Decision, Quarantine
from corpus.seams import Vectors
from corpus.sensitive import CATEGORIES, STRUCTURE, SensitiveHead
from guardrails.special import Category
from tests.corpus.conftest import KEY, Town
from tests.fakes import HashEmbedder, place_of

LETTER = "Madame le Maire, je soussignée Zuliani vous écris.\n\nMaman ne quitte plus son lit.\n"
REPORT = (
    "Rapport du conseil municipal\n\nZuliani présente le bilan des bénéficiaires du RSA.\n\n"
    "Le lavoir est restauré.\n"
)
MINUTES = (
    "Délibération n° 2024-12\n\nArticle 1 - Le lavoir\nLe lavoir est restauré.\n\n"
    "Article 2 - Le logement\nZuliani ne quitte plus son lit.\n"
)


def head_for(words: str, *, private: float = 0.05, public: float = 0.5) -> SensitiveHead:
    """A head for HashEmbedder that knows some words, and takes all for a matter of health."""
    weights = np.zeros(STRUCTURE + HashEmbedder.dimension + 1, np.float32)
    for term in terms(words):
        weights[STRUCTURE + place_of(term)] = 10.0
    categories = np.zeros((len(CATEGORIES), len(weights)), np.float32)
    categories[CATEGORIES.index(Category.HEALTH), -1] = 1.0
    return SensitiveHead(weights, weights, categories, private, public)


class Counting(HashEmbedder):
    """Remembers what it embedded."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().embed_passages(texts)


@pytest.fixture
def taught(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    head = head_for("lit")
    monkeypatch.setattr(SensitiveHead, "of", classmethod(lambda cls, name: head))
    return town


def test_what_no_list_of_terms_holds_is_told(taught: Town) -> None:
    taught.write("lettre.txt", LETTER)
    report = taught.add()
    assert [w.needs for w in report.waiting] == ["decision_health"]
    [document] = taught.store.documents()
    assert document.passage_count == 0
    assert {c.category for c in taught.store.concerns(document.id)} == {Category.HEALTH}


def test_a_report_about_a_service_does_not_wait(taught: Town) -> None:
    taught.write("rapport.txt", REPORT)
    assert taught.add().waiting == ()
    assert taught.search("lavoir restauré") == ["rapport.txt"]


def test_without_a_head_each_anchor_waits(town: Town) -> None:
    town.write("rapport.txt", REPORT)
    assert [w.needs for w in town.add().waiting] == ["decision_social_aid"]


def test_an_act_keeps_back_the_passage_alone(taught: Town) -> None:
    taught.write("acte.txt", MINUTES)
    assert len(taught.add().waiting) == 1
    [document] = taught.store.documents()
    texts = [passage.text.text for passage in taught.store.passages_of(document.id)]
    assert any("restauré" in text for text in texts)
    assert not any("lit" in text for text in texts)
    assert taught.is_in_step()


def test_a_public_passage_that_names_nobody_does_not_wait(taught: Town) -> None:
    taught.write("acte.txt", MINUTES.replace("Zuliani", "Un résident"))
    assert taught.add().waiting == ()


def test_hidden_and_read_again_it_stays_hidden(
    taught: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught.write("acte.txt", MINUTES)
    taught.add()
    [document] = taught.store.documents()
    quarantine = Quarantine(taught.store, taught.index, taught.embedder, key=KEY)
    quarantine.decide(document.id, Decision.HIDE)
    assert "lit" not in (taught.store.page(document.id, 1) or "")
    other = head_for("lit", public=0.4)  # another head: everything is read again
    monkeypatch.setattr(SensitiveHead, "of", classmethod(lambda cls, name: other))
    taught.add()
    assert "lit" not in (taught.store.page(document.id, 1) or "")
    assert "restauré" in (taught.store.page(document.id, 1) or "")
    assert taught.is_in_step()


def test_keeping_it_embeds_only_what_waited(taught: Town) -> None:
    taught.write("acte.txt", MINUTES)
    taught.add()
    [document] = taught.store.documents()
    counting = Counting()
    quarantine = Quarantine(taught.store, taught.index, counting, key=KEY)
    quarantine.decide(document.id, Decision.KEEP)
    asked = counting.asked
    assert len(asked) == 1 and "lit" in asked[0]
    assert taught.is_in_step()
