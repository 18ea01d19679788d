# SPDX-License-Identifier: EUPL-1.2
"""A few pages are searched as the judge expects of a large corpus; both corpora in turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from assistant.with_files import BothSearches, OwnSearch
from corpus.dropped import Dropped
from corpus.french import terms
from corpus.query import Together, Wording
from corpus.readers import read_data
from corpus.rights import NO_FILTER
from corpus.search import Search
from guardrails.findings import Screened
from tests.fakes import HashEmbedder, WordGuard

PAPER = "Le repas coûte 4 euros.\n\nLe repas du soir coûte 5 euros."


@pytest.fixture
def dropped() -> Iterator[Dropped]:
    with closing(Dropped(WordGuard(), HashEmbedder())) as dropped:
        dropped.take(read_data(PAPER.encode(), name="a.txt"), "a.txt")
        yield dropped


def test_a_word_that_every_passage_holds_still_says_something(dropped: Dropped) -> None:
    wording = Wording(Together(dropped.store))
    search = Search(dropped.store, dropped.index, HashEmbedder(), wording=wording)
    (bare, *_), (told, *_) = (
        one(Screened("Combien coûte le repas ?")) for one in (search, OwnSearch(search, wording))
    )
    assert bare.lexical < 0.01 < told.lexical
    assert told.passage == bare.passage and told.score == 1.0


def test_both_corpora_are_told_in_turn(dropped: Dropped) -> None:
    search = Search(dropped.store, dropped.index, HashEmbedder())
    (only,) = search(Screened("repas"))
    both = BothSearches(search, search)(Screened("repas"))
    assert [one.passage.id for one in both] == [only.passage.id] * 2
    assert BothSearches(search, None)(Screened("repas")) == [only]


def test_a_sentence_about_somebody_s_health_is_taken_out_of_a_public_paper() -> None:
    text = (
        "Procès-verbal du conseil municipal\n\nLe budget est adopté.\n\n"
        "Mme Zoé Quillebec est en arrêt maladie depuis mars.\n\nLe repas coûte 4 euros."
    )
    with closing(Dropped(WordGuard("Zoé Quillebec"), HashEmbedder())) as dropped:
        ready = dropped.take(read_data(text.encode(), name="pv.txt"), "pv.txt")
        held = " ".join(text for _, text in ready.pages)
        assert "Le repas coûte 4 euros." in held
        assert "maladie" not in held
        assert not dropped.store.lexical(terms("maladie"), 10, NO_FILTER)
