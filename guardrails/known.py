# SPDX-License-Identifier: EUPL-1.2
"""What a town says of itself: names and contacts that are public, and stay visible.

    settings: communes around, schools, halls, groups, firms under contract; the contact sheet
                                 │
    « le car va à Vaudresel » ───┴▶ stays        « Mme Vaudresel », « Paul Vaudresel » ─▶ hidden

A document says of itself who won a contract: what stands under `Titulaire` beside its price stays.
It names its own town, whose short name then stays where a place is meant (« à », « habitant de »).
Of the rest only what stands there as the town wrote it stays, occurrence by occurrence: with a
civility before it, or with a word of a name beside it, the same word is a person. An address that
somebody lives at is hidden, be it the town hall's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from guardrails.findings import Entity, Finding
from guardrails.placeholders import fold, fold_in_place
from guardrails.recognizers.owners import OWNER

_CIVILITY = re.compile(
    r"(?<!\w)(?:M\.|MM\.|Mr\.?|Mmes?|Mlles?|Me|Dr|Monsieur|Madame|Mademoiselle|Ma[îi]tre|famille"
    r"|consorts|veuve|née?)\s+(?:et\s+(?:M\.|Mme)\s+)?\Z",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_CONTACTS = frozenset({Entity.PHONE, Entity.EMAIL, Entity.ADDRESS})
_MIN_CONTACT_CHARS = 8
_MIN_SHORT_CHARS = 5
_BEFORE_CHARS = 45
_TOWN_LINK = re.compile(r"-(?:sur|sous|l[èe]s|en)-")
_TOWN = re.compile(
    rf"(?<![\w-])([A-ZÀ-Þ][^\W\d_]{{{_MIN_SHORT_CHARS - 1},}})"
    r"-(?i:sur|sous|l[èe][sz]|en|la|le|les|aux?|du|l(?=['’]))[-'’]+(?:[lLdD]['’])?[A-ZÀ-Þ]"
)
"""A town as it is built, and how it is called for short; « de » stands in names of families too."""

_MEANS_A_PLACE = re.compile(
    r"(?<!\w)(?:à|hors|vers|habitant(?:e|s|es)?\sde|(?:commune|ville|village|bourg|mairie)\sde)\s\Z",
    re.IGNORECASE,
)
"""What stands before the name of a place and hardly before a person's."""

_COLUMN = re.compile(r"[^;:\n]{0,60} : ")
"""What goes on from a word to the end of its column's name, in a row that names its cells."""

_ROW_CHARS = 120

_READ = frozenset({"learned", "model", "truecased", "stranger", "propagated"})
"""Layers that take a word for a name by how it reads, not by what stands beside it."""


_AWARDED = re.compile(
    r"(?<!\w)(?:titulaires?|attributaires?|entreprises?(?:\sretenues?)?|prestataires?|fournisseurs?"
    r"|soci[ée]t[ée]s?)(?:\sdu\s(?:lot|march[ée]))?\s?:\s(?:[^;|\n]{0,40}\s)?\Z",
    re.IGNORECASE,
)
_PRICED = re.compile(
    r"(?<!\w)(?:HT|TTC|montants?|offres?|lots?|march[ée]s?)(?!\w)|€", re.IGNORECASE
)


def is_awarded(text: str, finding: Finding) -> bool:
    """Tell whether the cell of a row about a public contract says who won it: that is published.

    >>> is_awarded("Lot : 1 ; Titulaire : Delmas ; Montant HT : 12 000 €", _PERSON_OF_THE_EXAMPLE)
    True
    """
    start = text.rfind("\n", 0, finding.start) + 1
    stop = text.find("\n", finding.end)
    before = text[start : finding.start]
    rest = text[finding.end : stop if stop >= 0 else len(text)]
    return bool(
        _AWARDED.search(before)
        and (_PRICED.search(before) or _PRICED.search(rest))
        and not _CIVILITY.search(before)
    )


def _short(facts: Sequence[str]) -> list[str]:
    """Return how people say the names of towns: `Fontclaire` for `Fontclaire-sur-Orne`."""
    parts = ((fact, _TOWN_LINK.split(fact)[0]) for fact in facts)
    return [short for fact, short in parts if short != fact and len(short) >= _MIN_SHORT_CHARS]


_PERSON_OF_THE_EXAMPLE = Finding(22, 28, Entity.PERSON, "names.learned")


def towns_of(text: str) -> frozenset[str]:
    """Return, folded, how the towns that a text names are called for short.

    >>> sorted(towns_of("Ferrange-la-Mine, près de Fontclaire-sur-Orne"))
    ['ferrange', 'fontclaire']
    """
    return frozenset(fold(match[1]) for match in _TOWN.finditer(text))


def _borne(text: str, findings: Sequence[Finding]) -> frozenset[str]:
    """Return the words, folded, that somebody bears by more than how they read."""
    persons = (one for one in findings if one.entity is Entity.PERSON and not _is_read(one))
    return frozenset(
        word for one in persons for word in _WORD.findall(fold(text[one.start : one.end]))
    )


def _is_read(finding: Finding) -> bool:
    return _READ.issuperset(finding.rule.rpartition(":")[2].split("+"))


def _is_town(text: str, finding: Finding, towns: frozenset[str]) -> bool:
    """Tell whether a word that only reads like a name is a town's, where a place is meant."""
    before = text[max(0, finding.start - _BEFORE_CHARS) : finding.start]
    return (
        fold(text[finding.start : finding.end]) in towns
        and _is_read(finding)
        and (bool(_MEANS_A_PLACE.search(before)) or _opens_a_column(text, finding))
    )


_OF_THINGS = re.compile(
    r"(?:^|;\s)(?:arr[êe]t|site|secteur|zone|lieu-dit|hameau|quartier|commune|village|ville|gare"
    r"|station|gibier|esp[èe]ce|produit|mati[èe]re|d[ée]chet|mois|p[ée]riode)s?\s:\s\Z",
    re.IGNORECASE | re.MULTILINE,
)
"""The head of a column of places or things; a grave or a stall is called by who has it."""


def _is_thing(text: str, finding: Finding, borne: frozenset[str]) -> bool:
    """Tell whether a word that only reads like a name stands in a column of places or things, and
    nobody of the text bears it."""
    before = text[max(0, finding.start - _ROW_CHARS) : finding.start]
    return (
        _is_read(finding)
        and borne.isdisjoint(_WORD.findall(fold(text[finding.start : finding.end])))
        and bool(_OF_THINGS.search(before))
    )


def _opens_a_column(text: str, finding: Finding) -> bool:
    """Tell whether a word begins the name of a column, which each row of a table says again:
    « ; Ferrange, QF de 751 à 1 600 : 186 »."""
    name = _COLUMN.match(text, finding.end)
    return name is not None and text.count(f" ; {text[finding.start : name.end()]}") > 1


class Known:
    """The public names and contacts of a town, as its settings give them."""

    def __init__(self, facts: Sequence[str]) -> None:
        words = [_WORD.findall(fold(fact)) for fact in (*facts, *_short(facts))]
        self._towns = towns_of("\n".join(facts))
        self._squeezed = [squeezed for each in words if (squeezed := "".join(each))]
        names = sorted({r"[\s\-'’.]{1,3}".join(each) for each in words if each}, key=len)
        self._names = (
            re.compile(rf"(?<!\w)(?:{'|'.join(reversed(names))})(?!\w)") if names else None
        )

    def standing(self, text: str, findings: Sequence[Finding]) -> frozenset[Finding]:
        """Return the findings that are one of these names or contacts."""
        if not findings:
            return frozenset()
        names = self._names.finditer(fold_in_place(text)) if self._names else ()
        places = [match.span() for match in names]
        borne = _borne(text, findings)
        towns = (self._towns | towns_of(text)) - borne
        return frozenset(
            finding
            for finding in findings
            if (
                finding.entity is Entity.PERSON
                and (
                    self._is_name(text, finding, places)
                    or is_awarded(text, finding)
                    or _is_town(text, finding, towns)
                    or _is_thing(text, finding, borne)
                )
            )
            or (finding.entity in _CONTACTS and self._is_contact(text, finding))
        )

    def _is_name(self, text: str, finding: Finding, places: Sequence[tuple[int, int]]) -> bool:
        before = text[max(0, finding.start - _BEFORE_CHARS) : finding.start]
        is_inside = any(start <= finding.start and finding.end <= end for start, end in places)
        return is_inside and not _CIVILITY.search(before)

    def _is_contact(self, text: str, finding: Finding) -> bool:
        words = "".join(_WORD.findall(fold(text[finding.start : finding.end])))
        if len(words) < _MIN_CONTACT_CHARS or not any(words in fact for fact in self._squeezed):
            return False
        before = text[max(0, finding.start - _BEFORE_CHARS) : finding.start]
        return finding.entity is not Entity.ADDRESS or not OWNER.search(before)
