# SPDX-License-Identifier: EUPL-1.2
"""Telephone numbers: shapes, overseas, abroad, and the town hall that stays."""

from __future__ import annotations

from guardrails.recognizers.phone import PHONE
from tests.guardrails.marked import found_and_marked
from tests.table import each

FOUND = {
    "a person's beside a mailbox": "Mme Arlin, ⟦PHONE:03 53 01 20 40⟧ – bibliotheque@bourg.fr",
    "beside one's own mailbox": "Écrire : ⟦PHONE:03 53 01 20 40⟧ – z.arlin@bourg.fr",
    "direct, after": "service, ⟦PHONE:05 56 12 34 56⟧ (ligne directe)",
    "a chief's own": "Éric Arran, chef de service, ⟦PHONE:05 56 12 34 56⟧",
    "special number of someone": "mon numéro est le ⟦PHONE:0811 22 33 44⟧",
    "extension": "Travail ⟦PHONE:04.94.99.55.08 poste 214⟧",
    "who is to be called": "Appelez le voisin au ⟦PHONE:05 53 01 21 10⟧",
    "who is to be called, family": "Appelez ma nièce au ⟦PHONE:05 53 01 21 10⟧",
    "first name alone": "salle Haute\nAloys : ⟦PHONE:02 61 91 44 06⟧",
    "name in a cell of an association": "Association Haute;Roland Arran;⟦PHONE:05 36 49 20 14⟧;300",
    "first name in brackets": "Mairie annexe\nCorentin (⟦PHONE:02 61 91 30 77⟧)",
    "spaced": "joignable au ⟦PHONE:06 12 34 56 78⟧",
    "compact": "mon tel ⟦PHONE:0612345678⟧",
    "dots": "⟦PHONE:06.12.34.56.78⟧",
    "hyphens": "⟦PHONE:06-12-34-56-78⟧",
    "slashes and dots": "⟦PHONE:05 56 12 34 56⟧ / ⟦PHONE:06 12 34 56 78⟧",
    "no-break spaces": "⟦PHONE:06\u00a012\u00a034\u00a056\u00a078⟧",
    "narrow no-break spaces": "⟦PHONE:06\u202f12\u202f34\u202f56\u202f78⟧",
    "zero width": "⟦PHONE:06\u200b12345678⟧",
    "line break": "⟦PHONE:06 12 34\n56 78⟧",
    "OCR": "Tel : ⟦PHONE:O6 l2 34 56 78⟧",
    "groups of four": "⟦PHONE:06 1234 5678⟧",
    "groups of three": "⟦PHONE:0612 345 678⟧",
    "plus": "⟦PHONE:+33 6 12 34 56 78⟧",
    "plus, compact": "⟦PHONE:+33612345678⟧",
    "plus and zero": "⟦PHONE:+33 (0)6 12 34 56 78⟧",
    "double zero": "⟦PHONE:0033 6 12 34 56 78⟧",
    "Réunion": "⟦PHONE:+262 692 12 34 56⟧",
    "Réunion, local": "⟦PHONE:0692 12 34 56⟧",
    "Guadeloupe": "⟦PHONE:0590 12 34 56⟧",
    "New Caledonia": "⟦PHONE:+687 28 12 34⟧",
    "Belgium": "⟦PHONE:+32 470 12 34 56⟧",
    "label, short": "Tél. ⟦PHONE:73389⟧",
    "label, odd groups": "Téléphone : ⟦PHONE:061 234 5678⟧",
    "portable": "portable : ⟦PHONE:06 12 34 56 78⟧",
    "spoken": "mon tel c’est le ⟦PHONE:zéro six 39 98 45 12⟧",
    "an agent’s own line": "Mme Arran, service urbanisme, ⟦PHONE:05 56 12 34 56⟧",
    "signature": "Cordialement,\nPaul Arran\nCommunauté de communes\n⟦PHONE:05 56 12 34 56⟧",
    "mobile beside the town hall": (
        "Paul a laissé son numéro à la mairie, il faut le rappeler dès demain matin au "
        "⟦PHONE:06 12 34 56 78⟧"
    ),
    "slashes": "Mme Arran ⟦PHONE:06/39/98/42/50⟧",
    "six digits": "mobilis ⟦PHONE:75 00 41⟧ ou fixe ⟦PHONE:45 00 18⟧",
    "a user in a row of a service": (
        "Service : Cantine ; Enfant : Léo Arran ; Téléphone : ⟦PHONE:05 56 12 34 56⟧"
    ),
    "a user's row of a service, one word": (
        "Élève : Arran ; Père : Éric Arran ; Service : Cantine ; Téléphone : ⟦PHONE:05 56 12 34 56⟧"
    ),
    "a person's row": "Nom : Éric Arran ; Service : Eau ; Téléphone : ⟦PHONE:05 56 12 34 56⟧",
    "a row of someone without a label": "Ligne : Éric Arran ; Téléphone : ⟦PHONE:05 56 12 34 56⟧",
    "an agent's own cell": "Service : Eau ; Ligne directe : ⟦PHONE:05 56 12 34 56⟧",
    "who is on call and goes": "je prends l'astreinte, appelle moi au ⟦PHONE:06 12 34 56 78⟧",
    "overseas mobile beside a stadium": "stade, 40 m²\net ⟦PHONE:+262 639 00 14 78⟧",
}

STAYS = {
    "beside its mailbox": "Guide – 5, rue du Pont – 03 53 01 20 40 – bibliotheque@bourg.fr",
    "short number with a label": "Tél. 3939",
    "counter's address before": "urbanisme@fontclaire.fr – 05 56 12 34 56",
    "desk below a closing": "Cordialement,\nAccueil de la mairie\nTél. 05 56 12 34 56",
    "special number": "Tél. 0820 22 33 44",
    "information": "Mme Arran. Renseignements : 05 55 00 00 87, de 9 h à 12 h",
    "booking": "M. Arran au piano ; réservation au 02 48 00 00 20",
    "a day and a reference": "rappel le 09\n2025-0416;Arran",
    "press": "M. Arran lira un conte. Contact presse : 03 53 01 00 00",
    "counter that signs": "Je vous attends.\nCordialement,\nService des familles – 05 56 12 34 56",
    "town hall": "Mairie de Fontclaire – Tél. 05 56 12 34 56",
    "letter head": (
        "MAIRIE DE FONTCLAIRE\n1 place de la Mairie\n33999 FONTCLAIRE\nTél. : 05 56 12 34 56 "
        "– Fax : 05 56 12 34 57"
    ),
    "service": "Service urbanisme : 05 56 12 34 56",
    "switchboard after": "En cas d’empêchement : 05 56 12 34 56 (standard de la mairie)",
    "on call": "Astreinte technique : 06 12 34 56 78",
    "free number": "Numéro vert 0 800 12 34 56",
    "short number": "Info Escroqueries : 3018",
    "emergency": "Appelez le 112 ou le 15",
    "act number": "Délibération 2024-06-12-03",
    "long act number": "Acte 2024.06.12.03.04.05",
    "permit": "PC 034 142 23 A0001",
    "hours": "de 08h30 à 12h00 et de 13 30 à 17 00",
    "amounts": "06 123 456,78 € puis 1 234 567 890 €",
    "dates": "01/02/2024, 02.03.2024",
    "change of a budget": "+ 12 345 678,90 €",
    "bar code": "3760123456789",
    "IBAN": "FR76 3000 6000 0112 3456 7890 189",
    "town that invites": "Prenez rendez-vous au 02 61 91 00 00",
    "counter that invites": "La personne prend rendez-vous au 02 61 91 00 00 ou sur place.",
    "a body by its initials": "Appelez le SYCOVAL au 02 61 91 00 00",
    "a service's row": "Service : Eau ; Responsable : Éric Arran ; Téléphone : 05 56 12 34 56",
    "a row with the place": "Sujet : Fuite ; Service : Régie des eaux ; Numéro : 05 56 12 34 56",
    "whoever is on call": "La nuit, l'élu d'astreinte répond au 06 12 34 56 78",
    "counter's mail": "accueil@fontclaire.fr – 03 53 01 00 00",
}


@each("marked", FOUND.values(), ids=FOUND.keys())
def test_finds_exactly_what_is_marked(marked: str) -> None:
    found, expected = found_and_marked(PHONE, marked)
    assert found == expected


@each("text", STAYS.values(), ids=STAYS.keys())
def test_leaves_the_rest(text: str) -> None:
    found, _ = found_and_marked(PHONE, text)
    assert not found
