# SPDX-License-Identifier: EUPL-1.2
"""Addresses in the forms that letters, tables and chats give them, and what must stay beside.

    a street, a town, a place called so      drawn from open lists
      ─▶ number, unit, spelling              as clerks, residents and scanners write them
      ─▶ layout                              lines, fields, columns, prose

Drawn with a seed: the judged draw is never shown, another one is what the guard is tuned on.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks.privacy_names import SEED, streets_of
from benchmarks.privacy_scores import Sample
from tests.markup import read_marked

_Drawn = TypeVar("_Drawn")

NUMBERS = (
    *("{n}",) * 8,
    *("{n},", "{n} bis", "{n} bis,", "{n}bis", "{n} ter", "{n} quater", "{n} B", "{n}b", "{n}A"),
    *("{n}-{m}", "{n}/{m}", "n° {n}", "N°{n},", "{n} - {m}", "{n}, {m}"),
)
PLACES = (
    *("Les Genêts", "La Basse Cour", "Le Moulin Neuf", "L'Étang Vieux", "Kerguelen", "Kervao"),
    *("La Croix Blanche", "Les Quatre Vents", "Chez Gaillard", "Le Petit Mas", "Puech Long"),
    *("Cantegrel", "Etxe Zaharra", "A Stretta", "Ravine Blanche", "Morne Rouge", "Bois Joli"),
    *("Haut de Bellevue", "Beauséjour", "La Fontaine aux Loups", "Les Grands Prés", "Malabry"),
    *("Le Clos Saint-Jean", "Lann Vraz", "Castel Viel", "Le Mas d'Aubert", "Grande Lande"),
)
HOMES = (
    *("résidence {p}", "Résidence {p}", "Rés. {p}", "RESIDENCE {P}", "immeuble {p}", "villa {p}"),
    *("lotissement {p}", "lot. {p}", "cité {p}", "HLM {p}", "domaine {p}", "Villa « {p} »"),
)
LANDS = ("lieu-dit {p}", "lieudit « {p} »", "au lieu-dit {p}", "hameau de {p}", "{p}", "ferme {p}")
UNITS = (
    *("bât. B", "bâtiment C2", "bat 4", "Bât. Les Tilleuls", "appt 12", "apt 302", "appartement 7"),
    *("Appt B 24", "esc. 2", "escalier D", "2e étage", "3ème étage", "1er étage gauche", "RDC"),
    *("porte 14", "porte gauche", "entrée 3", "hall 6", "logement 18", "lot 7", "bloc 2"),
    *("tour 3, 8e gauche", "chambre 12", "étage 4 porte 41", "boîte 12", "rez-de-chaussée"),
)
LAYOUTS = {
    "line": "Mme ⟦PERSON:Petit⟧, demeurant ⟦ADDRESS:{road}, {cp} {town}⟧, sollicite un secours.",
    "line, no comma": "Le demandeur habite ⟦ADDRESS:{road} {cp} {town}⟧ depuis ⟦KEEP:2019⟧.",
    "in town": "M. ⟦PERSON:Petit⟧, domicilié ⟦ADDRESS:{road} à {town}⟧, est informé.",
    "code after": "Requérant : M. ⟦PERSON:Petit⟧, ⟦ADDRESS:{road}, {town} ({cp})⟧",
    "unit after": "Elle loge au ⟦ADDRESS:{road}, {unit}, {cp} {town}⟧ avec ses enfants.",
    "unit before": "Adresse : ⟦ADDRESS:{unit}, {road}, {cp} {town}⟧",
    "home": "Il réside ⟦ADDRESS:{home}, {unit}, {cp} {town}⟧.",
    "home, road": "M. ⟦PERSON:Petit⟧ – ⟦ADDRESS:{home} – {road} – {cp} {town}⟧",
    "home, road, no town": "Locataire : M. ⟦PERSON:Petit⟧, ⟦ADDRESS:{home}, {unit}, {road}⟧.",
    "head": "⟦PERSON:Ana PETIT⟧\n⟦ADDRESS:{road}\n{cp} {TOWN}⟧\n\nMonsieur le Maire,",
    "head, unit": "⟦PERSON:Ana PETIT⟧\n⟦ADDRESS:{unit}\n{home}\n{road}\n{cp} {TOWN}⟧\nTél. :",
    "head, land": "⟦PERSON:Ana PETIT⟧\n⟦ADDRESS:{land}\n{cp} {TOWN}⟧\n\nMadame le Maire,",
    "head, box": "⟦PERSON:Ana PETIT⟧\n⟦ADDRESS:{road}\nBP {m}\n{cp} {TOWN} CEDEX⟧",
    "land": "Mme ⟦PERSON:Petit⟧, demeurant ⟦ADDRESS:{land}, {cp} {town}⟧, propriétaire.",
    "land, road": "domicilié ⟦ADDRESS:{land}, {road}, {cp} {town}⟧",
    "land alone": "M. ⟦PERSON:Petit⟧ demeurant ⟦ADDRESS:{Land}⟧ demande un branchement.",
    "box": "Écrire à M. ⟦PERSON:Petit⟧, ⟦ADDRESS:BP {m}, {cp} {TOWN} CEDEX⟧",
    "field": "Adresse : ⟦ADDRESS:{road}⟧\nCP : ⟦ADDRESS:{cp}⟧ Ville : ⟦ADDRESS:{town}⟧",
    "fields": "N° et voie : ⟦ADDRESS:{road}⟧\nCode postal : ⟦ADDRESS:{cp}⟧   "
    "Commune : ⟦ADDRESS:{town}⟧",
    "many fields": "Numéro : ⟦ADDRESS:{n}⟧ Voie : ⟦ADDRESS:{street}⟧\nLieu-dit : "
    "⟦ADDRESS:{Place}⟧ Localité : ⟦ADDRESS:{town}⟧\nCode postal : ⟦ADDRESS:{cp}⟧",
    "field, land": "Adresse du demandeur : ⟦ADDRESS:{land} {cp} {town}⟧",
    "boxes": "Adresse ……… ⟦ADDRESS:{road}⟧ Code postal ⟦ADDRESS:{boxes}⟧ Commune ⟦ADDRESS:{TOWN}⟧",
    "columns": "Nom | Adresse | CP | Ville\n⟦PERSON:PETIT⟧ | ⟦ADDRESS:{road}⟧ | ⟦ADDRESS:{cp}⟧ | "
    "⟦ADDRESS:{town}⟧",
    "CSV": "nom;adresse;code_postal;ville;montant\n⟦PERSON:PETIT⟧;⟦ADDRESS:{ROAD}⟧;"
    "⟦ADDRESS:{cp}⟧;⟦ADDRESS:{TOWN}⟧;⟦KEEP:45,00⟧",
    "column, land": "Nom;Adresse;Bac\n⟦PERSON:Petit⟧;⟦ADDRESS:{Land}⟧;⟦KEEP:gris⟧",
    "spaces": "Nom            Adresse                                 Bac\n⟦PERSON:Petit⟧          "
    "⟦ADDRESS:{road}⟧            ⟦KEEP:jaune⟧",
    "list": "– Mme ⟦PERSON:Petit⟧, ⟦ADDRESS:{road}⟧ : bac cassé\n– M. ⟦PERSON:Arran⟧, "
    "⟦ADDRESS:{land}⟧ : fuite",
    "of the": "Le propriétaire du ⟦ADDRESS:{n} de la {street}⟧ se plaint du bruit.",
    "number after": "Nous habitons ⟦ADDRESS:{street}, au numéro {n}⟧, depuis ⟦KEEP:dix ans⟧.",
    "number after, n°": "Voisin : M. ⟦PERSON:Petit⟧, ⟦ADDRESS:{street} n° {n}⟧",
    "building": "Immeuble sis ⟦ADDRESS:{road}⟧, appartenant à M. ⟦PERSON:Petit⟧.",
    "capitals": "MME ⟦PERSON:PETIT⟧ ⟦ADDRESS:{ROAD} {cp} {TOWN}⟧",
    "chat": "bonjour j habite ⟦ADDRESS:{rough}⟧ et le bac na pas ete vide",
    "chat, town": "mon adresse cest ⟦ADDRESS:{rough} {cp} {low}⟧ merci",
    "chat, alone": "- quelle est votre adresse ?\n- ⟦ADDRESS:{rough}⟧\n- merci",
    "mine": "Je vous écris du ⟦ADDRESS:{road}⟧ où je vis avec ma mère.",
    "moved": "J'ai quitté le ⟦ADDRESS:{road}⟧ pour le ⟦ADDRESS:{road2}, {cp} {town}⟧.",
    "at": "Livrer chez Mme ⟦PERSON:Petit⟧, ⟦ADDRESS:{road}, {town}⟧, avant ⟦KEEP:midi⟧.",
    "scanned": "Demeurant : ⟦ADDRESS:{scanned} , {cp} {town}⟧",
    "signature": "Bien à vous,\n⟦PERSON:Ana Petit⟧ – ⟦ADDRESS:{road} – {cp} {town}⟧ – "
    "⟦PHONE:06 39 98 12 34⟧",
    "without type": "M. ⟦PERSON:Petit⟧, ⟦ADDRESS:{n} {Les}, {cp} {town}⟧",
}
STAYS = {
    "closed": "La circulation est interdite ⟦KEEP:{street}⟧, du ⟦KEEP:n° {n}⟧ au ⟦KEEP:n° {m}⟧.",
    "works": "Réfection de la ⟦KEEP:{street}⟧ et de la ⟦KEEP:{street2}⟧ : ⟦KEEP:45 000 €⟧.",
    "hall": "Réunion publique à la ⟦KEEP:salle des fêtes, {n} {street}⟧, à ⟦KEEP:18 h⟧.",
    "school": "École ⟦KEEP:{street} maternelle, {n} {street}, {cp} {town}⟧ : ⟦KEEP:8 h 30⟧.",
    "town hall": "Mairie de ⟦KEEP:{town}⟧\n⟦KEEP:{n} {street}⟧\n⟦KEEP:{cp} {TOWN}⟧",
    "firm": "Marché attribué à la ⟦KEEP:SARL Arlac, {n} {street}, {cp} {town}⟧.",
    "shop": "Boulangerie du centre, ⟦KEEP:{n} {street}⟧ : ouverte le ⟦KEEP:lundi⟧.",
    "association": "L'association a son siège ⟦KEEP:{n} {street}, {cp} {town}⟧.",
    "polling": "Bureau de vote n° ⟦KEEP:3⟧ : gymnase, ⟦KEEP:{n} {street}⟧.",
    "market": "Marché le samedi ⟦KEEP:{street}⟧ ; vide-grenier le ⟦KEEP:12 juin⟧.",
    "bus": "Arrêt de bus ⟦KEEP:{street}⟧, ligne ⟦KEEP:{n}⟧, secteur ⟦KEEP:{Place}⟧.",
    "planning": "Emplacement réservé n° ⟦KEEP:{n}⟧ : élargissement de la ⟦KEEP:{street}⟧.",
    "land": "Chemin du lieu-dit ⟦KEEP:{Place}⟧ : curage des fossés, ⟦KEEP:{n} mètres⟧.",
    "event": "Départ de la course ⟦KEEP:{street}⟧, arrivée ⟦KEEP:{street2}⟧.",
}
_TYPES = {
    "rue": ("r.", "Rue", "RUE", "R."),
    "avenue": ("av.", "Av", "ave", "AVENUE"),
    "boulevard": ("bd", "bld", "Boul."),
    "impasse": ("imp.", "Imp", "imp"),
    "allée": ("all.", "allee", "Allée"),
    "place": ("pl.", "Pl", "place"),
    "chemin": ("chem.", "ch.", "che"),
}
_MISREAD = {"o": "0", "l": "1", "i": "l", "e": "e"}


def address_form_samples(
    addresses: Path, communes: Path, *, seed: int = SEED, per_layout: int = 12, stays: int = 15
) -> Iterator[Sample]:
    """Yield each layout with drawn addresses, then what must stay."""
    draw = _Draw(addresses, communes, random.Random(seed))
    for kind, layouts, count in (("form", LAYOUTS, per_layout), ("stay", STAYS, stays)):
        for layout, frame in layouts.items():
            for n in range(count):
                text, marks = read_marked(frame.format(**draw.words()))
                yield Sample(id=f"{kind}-{layout}-{n}", text=text, marks=tuple(marks))


class _Draw:
    """Streets, towns and numbers, in the spellings that are met."""

    def __init__(self, addresses: Path, communes: Path, draw: random.Random) -> None:
        rows = json.loads((communes / "codes-postaux" / "codes-postaux.json").read_text("utf-8"))
        self._towns = [(row["codePostal"], row["nomCommune"]) for row in rows]
        self._streets = sorted(streets_of(addresses))
        self._draw = draw

    def words(self) -> dict[str, str]:
        """Return what a layout may ask for, drawn anew."""
        code, town = self._one(self._towns)
        place = self._one(PLACES)
        land = self._one(LANDS).format(p=place)
        road, street = self._road(), self._one(self._streets)
        while not street.startswith("rue"):
            street = self._one(self._streets)
        return {
            "road": road, "ROAD": road.upper(), "road2": self._road(), "street": street,
            "street2": self._one(self._streets), "rough": self._rough(), "cp": code,
            "boxes": " ".join(code), "town": town, "TOWN": town.upper(), "low": town.lower(),
            "land": land, "Land": place, "Place": place, "unit": self._one(UNITS),
            "Les": self._one([p for p in PLACES if p.startswith(("L", "Le", "Les"))]),
            "home": self._one(HOMES).format(p=place, P=place.upper()),
            "n": str(self._draw.randint(1, 160)), "m": str(self._draw.randint(161, 300)),
            "scanned": self._scanned(),
        }  # fmt: skip

    def _one(self, values: Sequence[_Drawn]) -> _Drawn:
        return self._draw.choice(values)

    def _number(self) -> str:
        n = self._draw.randint(1, 180)
        return self._one(NUMBERS).format(n=n, m=n + self._one((1, 2, 4)))

    def _road(self) -> str:
        way = self._one(self._streets)
        kind, _, name = way.partition(" ")
        if self._draw.random() < 0.3:
            kind = self._one(_TYPES.get(kind, (kind,)))
        return f"{self._number()} {kind} {name}"

    def _rough(self) -> str:
        """Return an address as it is typed in a chat: no capital, now and then no accent."""
        road = self._road().lower()
        if self._draw.random() < 0.6:
            road = road.translate(str.maketrans("éèêëàâîïôûùç'-", "eeeeaaiiouuc  "))
        return road.replace(",", "")

    def _scanned(self) -> str:
        """Return an address as a scanner reads it: a sign for another, a space too many."""
        number, _, name = self._road().partition(" ")
        at = self._draw.randrange(len(name))
        read = name[:at] + _MISREAD.get(name[at], name[at]) + name[at + 1 :]
        return f"{number} {read}".replace("1", self._one("1lI"), 1)
