# SPDX-License-Identifier: EUPL-1.2
"""Questions written as messages are, and ordinary words that look like them."""

from __future__ import annotations

import re

from assistant.understanding.questions import understand
from assistant.understanding.spellings import _WRITTEN, spelled_out
from guardrails.findings import Screened
from tests.table import each


@each(
    "spelt, meant",
    [
        ("c ki le maire svp", "c'est qui le maire"),
        ("kel tps pour un passeport", "quel temps pour un passeport"),
        ("pk c ferme", "pourquoi c'est ferme"),
        ("bjr cb le repas pr un petit de 3 ans ?", "combien le repas pour un petit de 3 ans ?"),
        ("es ce ke la piscine ouvre ds la semaine", "est-ce que la piscine ouvre dans la semaine"),
        ("la dechet ferme a kel h le samedi", "la déchetterie ferme à quelle heure le samedi"),
        ("jusqua kel heure on fait du bruit", "jusqu'à quelle heure on fait du bruit"),
        ("ya un bus ? fo reserver ?", "il y a un bus ? il faut reserver ?"),
        ("on ldroit de bruler", "on le droit de bruler"),
        ("jpe prendre cb de livres", "je peux prendre combien de livres"),
        ("ferme til le soir", "ferme-t-il le soir"),
        ("SLT ON APPEL KI POUR [ADRESSE_1]", "on appel qui pour [ADRESSE_1]"),
        ("Où est la piscine ? Merci d'avance.", "Où est la piscine ?"),
        ("Bonsoir Madame, où est la piscine ?", "où est la piscine ?"),
        ("Salut ! [PERSONNE_1] paie ?", "[PERSONNE_1] paie ?"),
        (
            "c cb la cantine et on paye par chèque ?",
            "c'est combien la cantine et on paye par chèque ?",
        ),
        ("ca coute cb", "ça coute combien"),
        ("cb coûte un repas", "combien coûte un repas"),
        ("on va payer cb pour sortir", "on va payer combien pour sortir"),
        ("on a un chien\nla taxe fait cb", "on a un chien\nla taxe fait combien"),
        ("on a un chien\nl'amende, cb", "on a un chien\nl'amende, combien"),
        ("ça passe tous les cb", "ça passe tous les combien"),
        ("est que la piscine ouvre", "est-ce que la piscine ouvre"),
        ("est qu'il y a un bus", "est-ce qu'il y a un bus"),
        ("est ce k'on paie", "est-ce qu'on paie"),
        ("et k'en est-il du bus", "et qu'en est-il du bus"),
    ],
)
def test_messages_are_written_out(spelt: str, meant: str) -> None:
    assert spelled_out(spelt) == meant


@each(
    "text",
    [
        "Qui est le maire ?",
        "Où est le bâtiment C ?",
        "Le permis C est-il demandé ?",
        "Peut-on payer par CB ?",
        "Peut-on payer en cb à la piscine ?",
        "On paie par chèque ou CB ?",
        "vous prenez cb ?",
        "cheque ou cb pour la cantine ?",
        "CB acceptée à la piscine ?",
        "c'est cb ou chèque ?",
        "il y a un lecteur cb ?",
        "Et que faire des gravats ?",
        "Et qu'en est-il des chiens ?",
        "Et quelle part est payée ?",
        "un sac de 200 g par foyer",
        "Quel est le numéro de la parcelle ?",
        "délibération n° 12 du 3 mai 2024",
        "À quelle heure et quel jour a lieu le marché ?",
        "Le PR 12 de la départementale",
        "une tranchée de 40 mm de large",
        "un tel document existe-t-il ?",
        "Il n'y a pas de piscine ?",
        "RSA",
        "Merci",
        "bonjour",
        "[PERSONNE_1] ?",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert spelled_out(text) == text


def test_what_is_written_out_is_understood_and_searched() -> None:
    asked = understand(Screened("bjr c cb la garderie du soir svp"))
    assert asked.text == "c'est combien la garderie du soir"


@each("spelt", [spelt.pattern for spelt, _ in _WRITTEN])
def test_no_spelling_fits_everything(spelt: str) -> None:
    assert not re.search(spelt, "xyz", re.IGNORECASE)
    assert not re.search(spelt, "", re.IGNORECASE)


@each("piece", ["bjr ", "merci ", "c ", "y a t ", "jusqu ", "s'il vous plait "])
def test_a_long_message_ends(piece: str) -> None:
    assert spelled_out((piece * 2000)[:2000])
