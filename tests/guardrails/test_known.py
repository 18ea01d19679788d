# SPDX-License-Identifier: EUPL-1.2
"""⟦KEEP:…⟧ is what the town or the document makes public, ⟦PERSON:…⟧ is somebody."""

from __future__ import annotations

import re

import pytest

from guardrails.findings import Entity, Finding
from guardrails.guard import Guard, Verdict, open_guard
from guardrails.known import Known
from tests.markup import read_marked
from tests.table import each

FACTS = (
    "Vaudresel",
    "Fontclaire-sur-Orne",
    "Mirelande autrement",
    "Charpentes du Plateau",
    "03 53 01 20 00",
    "accueil.hall@mirelande.example",
    "2, place Aristide-Morvange, 52960 Mirelande-sur-Auvelle",
)
TEXTS = {
    "a town": "Le car 12 va à ⟦KEEP:Vaudresel⟧ le samedi.",
    "in capitals": "COMMUNE DE ⟦KEEP:VAUDRESEL⟧",
    "how a town is called": "⟦KEEP:Fontclaire⟧ ensemble",
    "a group": "⟦KEEP:Mirelande autrement⟧. La hausse pèse sur les familles.",
    "part of a group": "Le groupe ⟦KEEP:Mirelande⟧ autrement vote contre.",
    "a firm": "L'entreprise ⟦KEEP:Charpentes du Plateau⟧ est retenue.",
    "a resident of that name": "Mme ⟦PERSON:Vaudresel⟧ demande un rendez-vous.",
    "a couple": "M. et Mme ⟦PERSON:Vaudresel⟧",
    "a whole name": "Bonjour, ⟦PERSON:Paul Vaudresel⟧.",
    "part of a longer word": "⟦PERSON:Vaudreselle⟧",
    "who won a contract": "Lot : 2 ; Titulaire : ⟦KEEP:Isolbois⟧ ; Montant HT : 12 000 €",
    "who won one, in a table": "| 2 | Attributaire : ⟦KEEP:Isolbois⟧ | 12 000 € |",
    "a bearer without a price": "Carte de lecteur ; Titulaire : ⟦PERSON:Arlin⟧ ; Née en 1950",
    "a person who won one": "Lot : 2 ; Titulaire : M. ⟦PERSON:Arlin⟧ ; Montant HT : 12 000 €",
    "another": "⟦PERSON:Arlin⟧ prend le car.",
    "the town's telephone": "Appelez le ⟦KEEP_PHONE:03.53.01.20.00⟧.",
    "somebody's telephone": "Appelez le ⟦PHONE:03 53 01 20 01⟧.",
    "the town's address": "Rendez-vous ⟦KEEP_ADDRESS:2, place Aristide-Morvange⟧.",
    "who lives there": "Zoé, demeurant ⟦ADDRESS:2, place Aristide-Morvange⟧.",
}


def findings(text: str) -> tuple[str, list[Finding], set[Finding]]:
    """Return a text, all that is marked in it as found, and what of that is to stay."""
    plain, marks = read_marked(text)
    every, stay = [], set()
    for mark in marks:
        kind = mark.label.removeprefix("KEEP").removeprefix("_") or "PERSON"
        finding = Finding(mark.start, mark.end, Entity(kind), "test.mark")
        every.append(finding)
        if mark.label.startswith("KEEP"):
            stay.add(finding)
    return plain, every, stay


@each("marked", TEXTS.values(), ids=TEXTS.keys())
def test_only_what_is_public_stays(marked: str) -> None:
    text, every, stay = findings(marked)
    assert Known(FACTS).standing(text, every) == stay


def test_a_birth_place_is_hidden_wherever_it_is() -> None:
    text = "née le 3 juin 1950 à Vaudresel"
    found = Finding(text.index("V"), len(text), Entity.BIRTH_PLACE, "birth.place")
    assert Known(FACTS).standing(text, [found]) == frozenset()


def test_a_town_that_gave_nothing_keeps_nothing() -> None:
    text = "Le car va à Vaudresel."
    found = Finding(12, 21, Entity.PERSON, "names.stranger")
    assert Known(()).standing(text, [found]) == frozenset()


class Sees:
    """Takes one word for a person."""

    name = "sees"

    def find(self, text: str) -> list[Finding]:
        start = text.find("Vaudresel")
        return [Finding(start, start + 9, Entity.PERSON, "sees.it")] if start >= 0 else []


def test_the_guard_says_why_it_stays() -> None:
    guard = Guard([Sees()], known=["Vaudresel"])
    assert guard.screen("Le car va à Vaudresel.").text == "Le car va à Vaudresel."
    [decision] = guard.explain("Le car va à Vaudresel.").decisions
    assert decision.verdict is Verdict.PUBLIC
    assert guard.screen("Mme Vaudresel").text == "Mme [PERSONNE_1]"


def found(text: str, rule: str = "names:learned+stranger") -> list[Finding]:
    """Return each `Ferrange` that stands alone, found by a rule."""
    return [
        Finding(match.start(), match.end(), Entity.PERSON, rule)
        for match in re.finditer(r"Ferrange(?!-)", text)
    ]


def test_a_town_s_short_name_stays_where_a_place_is_meant() -> None:
    text = "Ferrange-la-Mine : les habitants de Ferrange, ou à Ferrange."
    assert Known(()).standing(text, found(text)) == frozenset(found(text))
    alone = "Les habitants de Ferrange."
    assert Known(()).standing(alone, found(alone)) == frozenset()
    assert Known(["Ferrange-la-Mine"]).standing(alone, found(alone)) == frozenset(found(alone))


@each(
    "text, is_kept",
    [
        ("Arrêt : Ladrée, abri de l'église ; Ligne 1 : 6 h 55", True),
        ("Concession : Ladrée ; Durée : 30 ans", False),
        ("Secteur : chez elle, Ladrée ; Foyers : 12", False),
        ("Horaires\nGibier : Ladrée ; Jours permis : dimanche", True),
        ("Demandeur : Ladrée ; Ligne 1 : 6 h 55", False),
        ("Arrêt : abri ; Chauffeur : Ladrée", False),
        ("Arrêt : Ladrée, abri ; Chauffeur : M. Ladrée", False),
    ],
)
def test_a_word_in_a_column_of_places_or_things_stays(text: str, is_kept: bool) -> None:
    """Unless somebody bears it, by more than how it reads."""
    found = [
        Finding(
            m.start(), m.end(), Entity.PERSON,
            "names:civility" if text[: m.start()].endswith("M. ") else "names:learned+stranger",
        )
        for m in re.finditer("Ladrée", text)
    ]  # fmt: skip
    assert (found[0] in Known(()).standing(text, found)) is is_kept


def test_a_town_s_short_name_stays_where_it_begins_a_column() -> None:
    rows = "Cours : {} ; Ferrange, QF de 751 à 1 600 : 186 ; Autres : 310"
    text = f"Ferrange-la-Mine\n{rows.format('violon')}\n{rows.format('chant')}"
    assert Known(()).standing(text, found(text)) == frozenset(found(text))
    once = f"Ferrange-la-Mine\n{rows.format('violon')}"
    assert Known(()).standing(once, found(once)) == frozenset()


RESIDENTS = (
    "Monsieur le Maire indique que Ferrange a refusé de couper sa haie.",
    "Je soussigné Ferrange, demeurant 3 rue des Lilas, atteste percevoir le RSA.",
    "L'enfant Ferrange est allergique aux arachides.",
    "Les époux Ferrange divorcent. Le couple Ferrange divorce.",
    "L'agent Delmas remplace Ferrange, en arrêt maladie jusqu'au 3 mai.",
    "Tableau des impayés de cantine\nFerrange | 120 €\nDelmas | 80 €",
    "Présents : BAILLY, FERRANGE, DELMAS, PETITJEAN",
    "Bonjour, c'est Ferrange. Mon RSA a été coupé.",
    "Nom : Ferrange\nPrénom : Paul",
    "Cordialement,\nFerrange",
    "Ferrange et Delmas, voisins.",
    "Ont voté contre : Roux, Ferrange et Petitjean.",
    "M. Ferrange est venu. On a écrit à Ferrange.",
)


@pytest.fixture(scope="module", params=[(), ("Ferrange-la-Mine",)], ids=["alone", "settings"])
def whole(request: pytest.FixtureRequest) -> Guard:
    return open_guard(known=request.param)


@pytest.mark.real
@pytest.mark.parametrize("told", RESIDENTS)
def test_a_resident_who_is_called_like_the_town_is_hidden(told: str, whole: Guard) -> None:
    screened = whole.screen(f"Mairie de Ferrange-la-Mine\n{told}").text
    without = screened.replace("Ferrange-la-Mine", "")
    assert "errange" not in without.lower()
