# SPDX-License-Identifier: EUPL-1.2
"""E-mail addresses: plain, disguised, generic ones that stay."""

from __future__ import annotations

from guardrails.recognizers.email import EMAIL
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "plain": "écrire à ⟦EMAIL:claire.petit@exemple.fr⟧.",
    "sub-domain": "⟦EMAIL:claire_petit-33+ville@boite.exemple.org⟧",
    "at in brackets": "⟦EMAIL:claire.petit [at] exemple.fr⟧",
    "at in parentheses": "⟦EMAIL:claire.petit(at)exemple(point)fr⟧",
    "arobase": "⟦EMAIL:claire.petit arobase exemple.fr⟧",
    "all in words": "⟦EMAIL:claire point petit arobase exemple point fr⟧",
    "spaces": "⟦EMAIL:claire.petit @exemple.fr⟧",
    "line break after the sign": "⟦EMAIL:claire.petit@\nexemple.fr⟧",
    "no-break space": "mail :\u00a0⟦EMAIL:claire.petit@exemple.fr⟧",
    "zero width": "⟦EMAIL:claire.petit\u200b@exemple.fr⟧",
    "display name": "De : ⟦PERSON:Claire PETIT⟧ <⟦EMAIL:claire.petit@exemple.fr⟧>",
    "display name, quoted": '"⟦PERSON:PETIT, Claire⟧" <⟦EMAIL:c.petit@exemple.fr⟧>',
    "service as display name": "Service urbanisme <⟦EMAIL:c.petit@exemple.fr⟧>",
    "an agent": "Mairie de Fontclaire, ⟦EMAIL:claire.petit@mairie-fontclaire.fr⟧",
    "no top domain": "⟦EMAIL:claire.petit@exemple⟧",
    "mailto": "mailto:⟦EMAIL:claire.petit@exemple.fr⟧?subject=Bonjour",
    "contact and a name": "⟦EMAIL:contact.petit@exemple.fr⟧",
}

STAYS = {
    "mairie": "mairie@fontclaire.fr",
    "accueil": "accueil@mairie-fontclaire.fr",
    "contact": "contact@fontclaire.fr",
    "urbanisme": "Service : urbanisme@fontclaire.fr",
    "état civil": "etat-civil@fontclaire.fr",
    "a town in it": "mairie.fontclaire@exemple.fr",
    "several generic words": "service.urbanisme@fontclaire.fr",
    "display": "Mairie <accueil@fontclaire.fr>",
    "a price": "3 repas @ 4,50 €",
    "prose": "Le guichet est ouvert chez vous le lundi.",
    "handle": "Suivez @fontclaire",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(EMAIL, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(EMAIL, text)
    assert not found
