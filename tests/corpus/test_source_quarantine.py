# SPDX-License-Identifier: EUPL-1.2
"""A page that tells of somebody is not shown while a person has not decided."""

from __future__ import annotations

from tests.corpus.conftest import Town
from ui.source import shown_page

ACT = (
    "Délibération n° 2024-12\n\nArticle 1 - Le lavoir\nLe lavoir est restauré.\n\n"
    "Article 2 - Les secours\n{person} perçoit le RSA depuis mars.\n"
)


def _shown(town: Town, words: str) -> str | None:
    town.write("acte.txt", words)
    town.add()
    (document,) = town.store.documents()
    page = shown_page(town.store, document, 1)
    return page.text if page else None


def test_a_page_with_a_concern_is_not_shown(town: Town) -> None:
    assert _shown(town, ACT.format(person="Zuliani")) is None


def test_a_page_without_one_is(town: Town) -> None:
    assert "lavoir" in (_shown(town, ACT.format(person="Personne")) or "")
