# SPDX-License-Identifier: EUPL-1.2
"""A page that tells of somebody is not shown while a person has not decided."""

from __future__ import annotations

from dataclasses import replace

from corpus.audience import Kind
from corpus.rows import StoredDocument
from tests.corpus.conftest import Town
from tests.corpus.test_originals import pdf
from ui.source import shown_page

FIRST = ("Délibération n° 2024-12", "Article 1 - Le lavoir", "Le lavoir est restauré.")
TELLING = ("Article 2 - Les secours", "{person} perçoit le RSA depuis mars.")


def _added(town: Town, *pages: tuple[str, ...], person: str = "Zuliani") -> StoredDocument:
    whole = [tuple(line.format(person=person) for line in page) for page in pages]
    (town.folder / "acte.pdf").write_bytes(pdf(*whole))
    town.add()
    (document,) = town.store.documents()
    return document


def _shown(town: Town, document: StoredDocument, page: int) -> bool:
    return shown_page(town.store, document, page) is not None


def test_a_page_with_a_concern_is_not_shown(town: Town) -> None:
    assert not _shown(town, _added(town, (*FIRST, *TELLING)), 1)


def test_a_page_without_one_is(town: Town) -> None:
    document = _added(town, (*FIRST, *TELLING), person="Personne")
    page = shown_page(town.store, document, 1)
    assert page is not None and "lavoir" in page.text


def test_a_blank_page_before_it_does_not_uncover_a_page(town: Town) -> None:
    """A concern counts the pages that are kept; a blank one is not."""
    document = _added(town, FIRST, (), TELLING)
    assert [number for number, _ in town.store.pages(document.id)] == [1, 3]
    assert [_shown(town, document, number) for number in (1, 2, 3)] == [True, False, False]


def test_of_somebody_s_paper_no_page_is_shown_whatever_its_form(town: Town) -> None:
    document = _added(town, FIRST, TELLING)
    assert _shown(town, document, 1)
    assert not _shown(town, replace(document, audience=Kind.PRIVATE), 1)
