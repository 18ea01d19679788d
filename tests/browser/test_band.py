# SPDX-License-Identifier: EUPL-1.2
"""A suspension is read at the top of each page before anybody asks, whoever draws the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Serve
from tests.ui.building import built
from tests.ui.town import ScriptedAssistant, answering, town

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = [pytest.mark.real]

SENTENCE = "Les réponses sont suspendues le temps d'un contrôle. Appelez l'accueil."


@pytest.fixture(scope="module")
def address(serve: Serve) -> str:
    return serve(
        built(
            ScriptedAssistant(answering),
            town(),
            band=lambda audience, language: [[(SENTENCE, "fr")]],
        )
    )


@pytest.mark.parametrize("path", ["/", "/simple", "/documents", "/masquer"])
@pytest.mark.parametrize("width", [320, 1280])
def test_each_page_says_it_at_its_top(visit: Open, address: str, path: str, width: int) -> None:
    page = visit(f"{address}{path}", width=width)
    expect(page.get_by_role("main").or_(page.get_by_role("textbox")).first).to_be_visible()
    band = page.get_by_role("complementary", name="Annonce de la mairie")
    expect(band).to_have_text(SENTENCE)
    expect(band).to_be_in_viewport()
    assert band.evaluate("band => band.getBoundingClientRect().top") == 0
    assert band.evaluate("band => getComputedStyle(band).backgroundColor") == "rgb(106, 58, 6)"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.Axe().run(page)
    told = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found.response["violations"]]
    assert [one for one in told if "town-band" in str(one)] == []
