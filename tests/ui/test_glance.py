# SPDX-License-Identifier: EUPL-1.2
"""An act at a glance on a page: its own words, escaped, each with the way to its place."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from assistant.glance import glance
from assistant.texts import Texts
from corpus.structure import Structure
from ui.glance import MOST_FACTS, GlanceBlock

ORDER = """ARRÊTÉ MUNICIPAL N° 2024-087
portant réglementation <b>du bruit</b>
Le maire de la commune de Brumeval,
ARRÊTE
Article 1er – Amende. [PERSONNE_1] paie 68 € avant le 5 juillet 2024.
Fait à Brumeval, le 21 mai 2024"""

MINUTES = """PROCÈS-VERBAL DE LA SÉANCE DU CONSEIL MUNICIPAL DU 11 JUIN 2025
1. Marché de denrées
Cinq lots étaient proposés. Unanimité.
2. Questions diverses
La pompe est en panne."""


def drawn(text: str, *, is_known: bool = False, language: str = "fr") -> LexborHTMLParser:
    found = glance("acte.txt", [(1, Structure.of(text))])
    texts = Texts("en" if language == "en" else "fr")
    block = GlanceBlock(texts, lambda page, start, end: f"/p/{page}?start={start}&amp;end={end}")
    return LexborHTMLParser(block.html(found, is_known=is_known))


def words(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


def test_facts_are_a_table_whose_rows_lead_to_their_place() -> None:
    page = drawn(ORDER)
    rows = words(page, ".glance .drawn-table tbody tr")
    assert len(rows) == 2 and "68 €" in rows[0] and "avant le 5 juillet 2024" in rows[1]
    (link, *_) = page.css(".drawn-table tbody a")
    start = ORDER.index("[PERSONNE_1] paie")
    assert (link.attributes["href"] or "").startswith(f"/p/1?start={start}&end=")
    assert page.css(".drawn-table [role=table]") and page.css("[tabindex='0'][role=region]")


def test_articles_and_head_are_quotes_and_nothing_of_the_paper_is_markup() -> None:
    page = drawn(ORDER)
    assert words(page, ".decided li q") == ["[PERSONNE_1] paie 68 € avant le 5 juillet 2024."]
    assert "Portant réglementation <b>du bruit</b>" in words(page, "dd")
    assert not page.css("b") and page.css(".decided .placeholder")


def test_what_stands_on_the_page_already_is_not_said_twice() -> None:
    assert "2024-087" in " ".join(words(drawn(ORDER), "dd"))
    assert "2024-087" not in " ".join(words(drawn(ORDER, is_known=True), "dd"))


def test_minutes_have_their_agenda_as_a_table_with_each_vote() -> None:
    rows = words(drawn(MINUTES), ".drawn-table tbody tr")
    assert rows[0].startswith("1. Marché de denrées") and "Unanimité" in rows[0]
    assert "pas de vote lu" in rows[1]
    assert "no vote was read" in words(drawn(MINUTES, language="en"), ".drawn-table tbody tr")[1]


def test_a_paper_of_which_nothing_is_found_has_no_block() -> None:
    assert drawn("Bonjour.", is_known=True).css(".glance") == []


def test_a_long_list_of_facts_ends_and_says_so() -> None:
    many = "\n".join(f"Le droit numéro {n} est de {n},50 €." for n in range(1, MOST_FACTS + 6))
    page = drawn(f"TARIFS DU MARCHÉ\n{many}")
    assert len(page.css(".drawn-table tbody tr")) == MOST_FACTS
    assert "5 autres" in (page.css(".glance > .quiet")[-1].text())
