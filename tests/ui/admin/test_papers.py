# SPDX-License-Identifier: EUPL-1.2
"""The administrator takes the town's papers away; each is entered before it leaves."""

from __future__ import annotations

import io

import docx
import pytest

from tests.ui.admin.house import Browser, House, words
from ui.access.person import Person, Role
from ui.papers import FORMS, PAPERS


def test_every_paper_is_listed_with_what_it_is_for_and_its_forms(browser: Browser) -> None:
    page = browser.get("/admin/papers")
    for name in PAPERS:
        for form in FORMS:
            assert f'href="/admin/papers/{name}.{form}"' in page
    said = words(page)
    assert "Analyse d'impact (AIPD)" in said and "greffier papers" in said


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_taken_away_and_entered(house: House, browser: Browser, name: str) -> None:
    answer = browser.client.get(f"/admin/papers/{name}.docx")
    assert answer.status_code == 200
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith(f'attachment; filename="{name}-2')
    document = docx.Document(io.BytesIO(answer.content))
    assert document.paragraphs[0].text == document.core_properties.title
    text = browser.client.get(f"/admin/papers/{name}.md").text
    assert text.startswith(f"# {document.core_properties.title}\n")
    told = [entry for entry in house.entries("export") if entry["form"] == "papers"]
    assert [entry["papers"] for entry in told] == [[name], [name]]
    assert [entry["file"] for entry in told] == ["docx", "md"]


@pytest.mark.parametrize("file", ["autre.docx", "aipd.pdf", "aipd", "greffier.toml"])
def test_nothing_else_is_given(house: House, browser: Browser, file: str) -> None:
    assert browser.client.get(f"/admin/papers/{file}").status_code == 404
    assert house.entries("export") == []


def test_an_agent_gets_none(house: House, browser: Browser) -> None:
    house.person = Person("marie", Role.AGENT)
    for path in ("/admin/papers", "/admin/papers/aipd.docx"):
        assert browser.client.get(path).status_code == 403
    assert house.entries("export") == []
