# SPDX-License-Identifier: EUPL-1.2
"""The links at the top of the workspace: few rooms, and the pages of the one where somebody is."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.settings import Settings
from assistant.texts import Texts
from ui.agent.frame import ROOMS, banner, navigation
from ui.agent.words import Words

WORDS = Words("fr")


def links(here: str, row: str) -> dict[str, str]:
    """Return the address of each link of a row, and how it is said to be the current one."""
    page = LexborHTMLParser(navigation(WORDS, here))
    found = (link.attributes for link in page.css(f".tabs > {row} a"))
    return {one["href"] or "": one.get("aria-current") or "" for one in found}


def test_a_page_shows_its_room_and_the_pages_beside_it() -> None:
    assert links("/comparer", "ul:first-child")["/documents"] == "true"
    assert links("/comparer", ".inside") == {"/documents": "", "/comparer": "page"}


@pytest.mark.parametrize("here", ["/premiers-pas"])
def test_a_room_of_one_page_is_that_page(here: str) -> None:
    assert links(here, "ul:first-child")[here] == "page"
    assert links(here, ".inside") == {}


def test_every_page_of_a_room_leads_to_the_others() -> None:
    for _, pages in ROOMS:
        for here in pages:
            assert list(links(here, "ul:first-child").values()).count("") == len(ROOMS) - 1
            assert len(pages) == 1 or list(links(here, ".inside")) == list(pages)


def test_a_page_tells_where_what_is_asked_is_read() -> None:
    own = banner(Texts("fr"), WORDS, Settings(), "/", "")
    server = Settings.model_validate({"model": {"endpoint": "http://10.0.0.5:8080/v1"}})
    assert "les questions restent sur la machine" in own
    assert "seuls des textes masqués" in banner(Texts("fr"), WORDS, server, "/", "")
