# SPDX-License-Identifier: EUPL-1.2
"""The accessibility statement: one list for the page, the paper and the documentation, and only
what a test shows counts as tried."""

from __future__ import annotations

import io
import re
from pathlib import Path
from string import Formatter

import pypdfium2
import pytest
from pypdfium2 import raw
from selectolax.lexbor import LexborHTMLParser

from assistant.provenance import DigitalSource, Mark
from assistant.settings import Town
from assistant.texts import Language
from tests.table import each
from ui.accessibility import CRITERIA, NOT_CONFORMING, PATH, PLAN, Criterion, mention
from ui.export import FORMS, Content, Paragraph, Style
from ui.public.accessibility import page
from ui.wording import Words, table

ROOT = Path(__file__).parents[2]
DOC = ROOT.joinpath("docs", "accessibility.md").read_text("utf-8")
TESTS = {
    name
    for path in ROOT.joinpath("tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
}
TOWN = Town(name="Mirelande <3", phone="03 53 01 20 00", email="mairie@mirelande.example")


@each("one", CRITERIA, ids=lambda one: one.number)
def test_a_criterion_that_counts_as_tried_is_tried_by_tests_that_exist(one: Criterion) -> None:
    assert one.how and one.tests
    assert {*one.tests} <= TESTS


@each("one", CRITERIA, ids=lambda one: one.number)
def test_the_documentation_has_the_same_row(one: Criterion) -> None:
    start = f"| {one.number} | {Words('ui', 'en').plain(one.words)} | "
    (row,) = (line for line in DOC.splitlines() if line.startswith(start))
    machine, keyboard, orca, tests = (part.strip() for part in row.split("|")[3:7])
    assert (machine, keyboard) == tuple(
        "yes" if how in one.how else "–" for how in ("machine", "keyboard")
    )
    assert orca == ("yes" if "orca" in one.how else "not tried")
    assert tuple(re.findall(r"`(test_\w+)`", tests)) == one.tests


def test_the_documentation_has_no_other_row_and_says_what_does_not_conform() -> None:
    say = Words("ui", "en").plain
    assert len(re.findall(r"\| (?:yes|not tried) \| `", DOC)) == len(CRITERIA)
    for key in NOT_CONFORMING:
        assert f"- {say(f'access.not_{key}')}" in DOC
    for key in PLAN:
        assert f"- {say(f'access.plan_{key}')}" in DOC


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_statement_says_state_contact_remedies_faults_and_plan(language: Language) -> None:
    shown, say = page(Words("ui.public", language), TOWN), Words("ui", language).plain
    parsed = LexborHTMLParser(shown)
    said = (parsed.body.text() if parsed.body else "").replace("\u00a0", " ")
    assert say("access.state") in said
    assert "Mirelande <3" in said and "Mirelande &lt;3" in shown
    assert TOWN.phone in said and TOWN.email in said
    assert "Défenseur des droits" in said and "75342 Paris CEDEX 07" in said
    for key in NOT_CONFORMING:
        assert say(f"access.not_{key}") in said
    for key in PLAN:
        assert say(f"access.plan_{key}") in said
    rows = parsed.css("tbody tr")
    assert [row.css_first("th").text() for row in rows] == [one.number for one in CRITERIA]
    assert f'href="{PATH}?lang=' in shown


def test_a_town_of_which_nothing_is_set_still_has_a_desk() -> None:
    shown = page(Words("ui.public", "fr"), Town())
    assert "La commune s&#x27;engage" in shown and "L&#x27;accueil de la mairie" in shown


def test_both_languages_say_the_same_and_no_word_is_left_over() -> None:
    french, english = table("ui", "fr"), table("ui", "en")
    assert french.keys() == english.keys()
    for key, words in french.items():
        facts = [
            {name for _, name, _, _ in Formatter().parse(one) if name}
            for one in (words, english[key])
        ]
        assert facts[0] == facts[1], key
    numbered = {key for key in french if re.fullmatch(r"access\.c\d+(_\d+)+", key)}
    assert numbered == {one.words for one in CRITERIA}


def test_the_mention_is_a_link_except_where_links_lead_nowhere() -> None:
    assert mention("fr") == (
        f'<a href="{PATH}?lang=fr"><span lang="fr">Accessibilité\u00a0: non conforme</span></a>'
    )
    assert "<a" not in mention("en", is_link=False)


def test_an_exported_pdf_is_not_tagged_as_is_said() -> None:
    content = Content(
        title="Réponse",
        mark="Une machine a aidé.",
        provenance=Mark(ai_generated=True, source=DigitalSource.COMPOSITE_SYNTHETIC),
        paragraphs=(Paragraph("Tarif", Style.HEADING), Paragraph("un", Style.ITEM)),
    )
    document = pypdfium2.PdfDocument(io.BytesIO(FORMS["pdf"].write(content)))
    is_tagged = bool(raw.FPDFCatalog_IsTagged(document.raw))
    document.close()
    assert not is_tagged
    assert "ne sont pas balisés" in Words("ui", "fr").plain("access.not_pdf")
