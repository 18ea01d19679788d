# SPDX-License-Identifier: EUPL-1.2
"""What stands in the fields of an address: a form, XML, a table, boxes.

    Adresse : Le Pigeonnier   CP : 33999   Ville : Fontclaire     a group, opened by its first field
    N° : 12  Voie : rue Haute  Code postal 3 3 9 9 9              one field a part
    Nom | Adresse | CP                                            a column, its town's beside it

A postcode or a town alone is nobody's home: the group must hold a field of a street or a home.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guardrails.recognizers.fields import MARK, NEXT_LABEL, cells_below, cells_under
from guardrails.recognizers.owners import (
    FORM,
    OWNER,
    PUBLIC_PLACE,
    is_in_row_of_a_place,
    last_of,
)

_HOME = r"""(?:(?:ancienne|nouvelle)\s)? adresse (?! \s (?:e-?mail|mail|[ée]lectronique|IP|web
  |internet
      |de\smessagerie|courriel|aux?\b|à|l[ae]s?\b|l['’]|une?\b|cet?\b) ) (?: \s [\w’']{1,16} ){0,4}?
  | domicile (?:\s(?:actuel|personnel|principal|l[ée]gal))? | domicili[ée]e? (?:\(e\))?
  | demeurant | (?:num[ée]ro|n°)\s(?:et|de)\s(?:nom\sde\s)?(?:la\s)?(?:voie|rue)
  | "(?:voie|rue|street|ligne\d?)" | (?<=<)voie | "?adresse\d?_?\w{0,12}"? | address | voie | rue
  | nom\sde\s(?:la\s)?(?:voie|rue) | lieu-?\s?dit | compl[ée]ment (?:\sd['’]adresse)?
    | (?<!de[ ])r[ée]sidence"""
_PART = r"""c\.?p\.? | code[\s_-]?postal | ville | commune | localit[ée] | zip | city
  | bureau\sdistributeur
  | pays | b[âa]t(?:iment)?\.? | esc(?:alier)?\.? | [ée]tage | porte | appt?\.? | appartement
    | b\.?p\.?
  | b[âa]t(?:iment)?\.? \s?/\s? (?:esc(?:alier)?\.?\s?/\s?)? [ée]t(?:age)?\.? \s?/\s? p(?:or)?te\.?
  | bo[îi]te\spostale | num[ée]ro | n°"""
_LEADERS = r"(?: [^\S\n]{0,3} (?: [.·]{3,60} | …[.…]{0,60} | _{3,60} ) [^\S\n]{0,3} )"
_LABELLED = re.compile(
    rf"""(?<![\w/\[]) (?: (?P<home> {_HOME} ) | (?P<part> {_PART} ) ) (?: \s?\([^()\n]{{1,40}}\) )?
    (?: {MARK} | {_LEADERS} | (?<=[lL]) [^\S\n]{{1,4}} (?=(?:\d[ ]?){{5}}(?!\d)) )""",
    re.VERBOSE | re.IGNORECASE,
)
# Boxes without a colon: `Code postal 3 3 9 9 9 Commune FONTCLAIRE`.
_BARE = re.compile(
    r"(?P<code>(?:\d[ ]?){4}\d)[^\S\n]{1,4}(?:commune|ville|localit[ée])[^\S\n]{1,3}"
    r"(?P<town>[^\W\d_][^\n,;|:]{1,40})",
    re.IGNORECASE,
)
# A printed form whose labels have no colon; the order is that of the State's forms.
_PRINTED = re.compile(
    r"""(?<!\w)Num[ée]ro\s{1,4}:?\s?(?P<number>[\w -]{1,12}?)\s{1,20}
    Voie\s{1,4}:?\s?(?P<way>[^\n]{3,60}?)
    (?:\s{1,20}Lieu-?\s?dit(?:\s{1,4}:?\s?(?P<place>[^\n]{2,40}?))?)?
    \s{1,20}(?:Localit[ée]|Ville|Commune)\s{1,4}:?\s?(?P<town>[^\n]{2,40}?)
    (?:\s{1,20}(?:Code\spostal|CP)\s{1,4}:?\s?(?P<code>\d(?:[ ]?\d){4}))?(?=[^\S\n]{2}|\s?\n
      |\s?\Z)""",
    re.VERBOSE,
)
_VALUE = re.compile(r"[^\S\n]{0,8}(?P<value>[^\s<>{}\"|;][^<>\"|;\n]{0,140})")
_HEADING = r"""adresses? (?:\s(?:postale|personnelle|compl[èe]te
  |des\stravaux|du\s(?:terrain|projet|bien
    |demandeur)))? | domicile | (?:n°\set\s)?(?:voie|rue) | lieu-?dit"""
# Only where a table is of people: `Où` and `Logement` head others too.
_HEADING_OF_PEOPLE = r"adr\.? | dom\. | où | logement | lieu\sde\svie | chez | habite"
_OF_PEOPLE = re.compile(
    rf"""^ (?= [^\n]{{0,300}}? (?<!\w)(?:n[ée]+\s?\(e?\)|n[ée]e?\sle|naiss\w*|ddn|âge)(?!\w) )
    (?= [^\n]{{0,300}}? (?<!\w)(?:{_HEADING_OF_PEOPLE})(?!\w) )""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_TOWN_HEADING = r"""c\.?p\.? | code[\s_-]?postal | ville | commune | localit[ée] | zip | city
  | compl[ée]ment(?:\sd['’]adresse)?"""
_IS_PLACE = re.compile(r"[^\W\d_]{2,}")
_NOT_POSTAL = re.compile(
    r"@|https?:|www\.|\A(?:oui|non|idem|inconnue?|confidentiel|id\.|néant|\d{1,3}(?:\.\d{1,3}){3})"
    r"|\A(?:mail|e-?mail|courriel|IP)\b",
    re.IGNORECASE,
)
_NO_HOME = re.compile(
    r"""(?: (?:le|les|chaque|tous\sles|un) \s
        (?:(?:premiers?|deuxi[èe]mes?|seconds?|troisi[èe]mes?|quatri[èe]mes?|derniers?)\s)?
        (?:lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?|dimanches?|jours?)
      | d[ée]claration | permis | autorisation ) \b""",
    re.VERBOSE | re.IGNORECASE,
)
"""What may stand after « Portage à domicile : » or « Clôture sur rue : »."""

_SENTENCE_END = re.compile(r"(?<=[a-zà-ÿ]{3})\.\s(?=[A-ZÀ-Þ])")
_REACH_CHARS = 60
_BEFORE_CHARS = 90
_MIN_FIELDS = 2


@dataclass(frozen=True, slots=True)
class _Field:
    label: int
    start: int
    end: int
    is_home: bool
    words: str


def address_fields(text: str) -> Iterator[tuple[int, int]]:
    """Yield what stands in the fields and the columns of an address."""
    lowered = text.lower()
    if any(word in lowered for word in ("adresse", "domicil", "address", "voie", "postal", "dit")):
        for group in _groups(text):
            yield from _values(text, group)
    for match in _PRINTED.finditer(text):
        for name in match.re.groupindex:
            if match[name]:
                yield match.span(name)
    if any(word in lowered for word in ("adresse", "domicile", "voie")) or _OF_PEOPLE.search(text):
        yield from _columns(text)


def _groups(text: str) -> Iterator[list[_Field]]:
    """Yield the fields that follow each other closely."""
    group: list[_Field] = []
    for field in _fields(text):
        if group and (
            field.label - group[-1].end > _REACH_CHARS
            or "\n\n" in text[group[-1].end : field.label]
        ):
            yield group
            group = []
        group.append(field)
    if group:
        yield group


def _fields(text: str) -> Iterator[_Field]:
    labels = list(_LABELLED.finditer(text))
    for at, match in enumerate(labels):
        value = _VALUE.match(text, match.end())
        if not value:
            continue
        start, end = value.span("value")
        if at + 1 < len(labels):
            end = min(end, labels[at + 1].start())
        following = NEXT_LABEL.search(text, start, end)
        end = following.start() if following else end
        sentence = _SENTENCE_END.search(text, start, end)
        end = sentence.start() if sentence else end
        end = start + len(text[start:end].rstrip(" ,.-–'*…_"))
        if bare := _BARE.match(text, start):
            end = bare.end("code")
        if start < end:
            words = match["home"] or match["part"]
            yield _Field(match.start(), start, end, match["home"] is not None, words.lower())


def _values(text: str, group: list[_Field]) -> Iterator[tuple[int, int]]:
    """Yield the values of a group that is a person's address."""
    homes = [field for field in group if field.is_home]
    if not homes and len({field.words for field in group}) < _MIN_FIELDS:
        return
    before = text[max(0, group[0].label - _BEFORE_CHARS) : group[0].start]
    if last_of(PUBLIC_PLACE, before) > last_of(OWNER, before) and not FORM.search(before):
        return
    if is_in_row_of_a_place(text, group[0].label):
        return
    is_home = False
    for field in group:
        value = text[field.start : field.end]
        if field.is_home and _IS_PLACE.search(value):
            is_home = not (
                _NOT_POSTAL.search(value) or _NO_HOME.match(value) or PUBLIC_PLACE.match(value)
            )
            if is_home:
                yield field.start, field.end
        elif is_home or (homes and field.start < homes[-1].start and not _NOT_POSTAL.search(value)):
            yield field.start, field.end
        if is_home and (bare := _BARE.search(text, field.start, field.end + _REACH_CHARS)):
            yield bare.span("code")
            yield bare.start("town"), bare.end("town")


def _columns(text: str) -> Iterator[tuple[int, int]]:
    found = False
    heading = rf"{_HEADING} | {_HEADING_OF_PEOPLE}" if _OF_PEOPLE.search(text) else _HEADING
    for start, end in (*cells_under(text, heading), *cells_below(text, heading)):
        value = text[start:end]
        if (
            _IS_PLACE.search(value)
            and not _NOT_POSTAL.search(value)
            and not PUBLIC_PLACE.match(value)
            and not is_in_row_of_a_place(text, start)
        ):
            found = True
            yield start, end
    if found:
        for start, end in (*cells_under(text, _TOWN_HEADING), *cells_below(text, _TOWN_HEADING)):
            if start < end:
                yield start, end
