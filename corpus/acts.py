# SPDX-License-Identifier: EUPL-1.2
"""What kind of act a document is, its number, its date, its object, and what was decided.

    screened pages ──read_act──▶ Act ──label──▶ the heading that each passage carries
                                  └─ items of minutes, votes, links to other acts

Read where French acts say it; what is not there stays empty, for a wrong number would be
worse than none. Of who signed, only the role is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from pathlib import PurePosixPath

from corpus.dates import (
    DATE,
    DAY,
    date_in_words,
    read_date,
    read_date_in_words,
    read_file_date,
)
from corpus.french import WORD, flat, fold
from corpus.links import Link, read_links
from corpus.minutes import Item, Pages, find_items, on_pages
from corpus.objects import find_object
from corpus.sentences import shortened
from corpus.signed import SERVICE, articles_of, service_of, signatory_of
from corpus.structure import Cell, Kind, Line
from corpus.votes import Votes, read_votes

__all__ = [
    "HEAD_CHARS",
    "Act",
    "Item",
    "Pages",
    "date_in_words",
    "named_date",
    "read_act",
    "read_date",
    "read_title",
]

KINDS = {
    "procès-verbal": r"proces[- ]verba(?:l|ux)|comptes?[- ]rendus?|pv\b",
    "délibération": r"deliberations?",
    "arrêté": r"arretes?\b(?! que)",
    "convocation": r"convocations?\b",
    "ordre du jour": r"ordre du jour",
    "règlement": r"reglements?\b",
    "convention": r"conventions?\b",
    "tarifs": r"tarifs?\b|grille tarifaire",
    "budget": r"budgets?\b",
    "marché public": (
        r"marches? publics?|cahier des clauses|avis d'(?:appel public|attribution)"
        r"|acte d'engagement"
    ),
    "décision": r"decisions?\b",
}
NUMBERED_KINDS = frozenset({"délibération", "arrêté", "décision"})
CONTRACT_KINDS = frozenset({"marché public"})
"""Those that are numbered too and decide nothing by themselves: most days that they name are to
come."""

SHEETS = frozenset({".xlsx", ".xls", ".ods"})
CALLS = frozenset({"", "ordre du jour", "convocation"})
"""What minutes look like, if their title is not read for what it is."""

SITTING_KINDS = frozenset({"délibération", "procès-verbal", "ordre du jour", "convocation"})
VOTED_KINDS = frozenset({"délibération"})
TITLED_KINDS = frozenset({"procès-verbal", "ordre du jour", "convocation"})
"""Those whose title bears no other date than their own."""


HEAD_CHARS = 2_000
SITTING_CHARS = 4_000
TITLE_CHARS = 110

LETTERHEAD = re.compile(
    r"(?:mairie|commune|ville|departement|canton|arrondissement|communaute|republique|liberte"
    r"|prefecture|service|direction|pole|police|secretariat|envoye|recu|publie|affiche|id :|tel"
    r"|extrait du registre|nombre de|membres|page)\b"
)
PARTED = re.compile(r" [:–—-] (.+)")
"""The town, then a title of its own in one heading: « Mairie de Vaux – horaires et contacts »."""

OWN_WORD = re.compile(r"[^\W\d_]{3,}")
NEAR_TITLES = 3
"""Of so many first titles, one that names an act without a number comes before a heading."""

NUMBER = re.compile(
    r"(?<!\()\bn\s?[°ºo]\s*+(?::\s*+)?"
    r"((?=[\w./ -]*\d)(?:[A-Z]{1,5}[-/ ]?)?\d[\w.-]*(?:\s?/\s?[\w.-]+)*)",
    re.IGNORECASE,
)
SITTING = re.compile(
    r"(?:s[ée]ance(?:\s+publique)?|conseil (?:municipal|communautaire|d'administration)|r[ée]union)"
    rf"\s+(?:ordinaire\s+|extraordinaire\s+)?du\s+{DAY}{DATE}",
    re.IGNORECASE,
)
TITLED = re.compile(rf"(?:[–—,(:-]|\bdu)\s*{DAY}{DATE}", re.IGNORECASE)
SIGNED = re.compile(
    r"\bfait\s+(?:et d[ée]lib[ée]r[ée]\s+)?"
    r"(?:en\s+\w+\s+(?:exemplaires?|originaux)[^\n,]{0,20},?\s+)?"
    rf"(?:à|en)\s++[^\n,]{{2,60}},?\s+le\s+:?\s*{DAY}{DATE}",
    re.IGNORECASE,
)
NAMED_DATE = re.compile(
    r"(?:^|[.\n])[ \t]*(?:\d{1,2}\s?[.)]\s*)?date\s*"
    r"(?:(?:d['’]envoi|de (?:la )?d[ée]cision)[^\n:.]{0,40})?"
    rf"\s*[:.]\s*{DAY}{DATE}",
    re.IGNORECASE,
)
"""The day that a notice, an order form or a mail gives for its own."""

DATED = re.compile(rf"\b(?:du|le|en date du)\s+{DAY}{DATE}", re.IGNORECASE)
_AROUND = " \t_-–—*#|"
"""What stands around a title and is not of it."""

_LEAST_SUBJECT = 8
_NO_SUBJECT = re.compile(r"\s*(?:\.|(?:du|de|des|de la)\s|d['’])", re.IGNORECASE)
"""What stands behind an act's number and says who took it: « du conseil municipal »."""

AT_TIME = re.compile(
    rf"\b(?:(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)\s+{DATE}\s*,?\s+à\s+\d{{1,2}}\s?h",
    re.IGNORECASE,
)
NOT_ITS_DATE = re.compile(
    r"(?:pr[ée]fecture|publi[ée]e?|affich[ée]e?|convoqu[ée]s?|convocation|re[çc]ue?|notifi[ée]e?"
    r"|vu [^\n]*|jusqu['’]au|[àa] compter|avant|apr[èe]s|d[èe]s|au plus tard"
    r"|(?:autoris|habilit)[ée]e?s?\b[^\n.;]*|en (?:vertu|application|ex[ée]cution)\b[^\n.;]*)"
    r"\s*:?\s*$",
    re.IGNORECASE,
)
"""What stands before the day of something else: it was published then, or lasts until then."""

NOT_A_TITLE = re.compile(
    r"[a-zà-ÿ]|(?i:(?:objet|de|[àa]|cc|copie|date|pi[èe]ces? jointes?)\s*:|article\b|vu\b)"
)
MAIL = re.compile(r"\s*objet\s*:[^\n]*\n\s*de\s*:", re.IGNORECASE)
OF_A_SITTING = re.compile(r"\b(?:conseil (?:municipal|communautaire|d'administration)|seance)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is known of a document; dates are ISO, empty if the document does not say.

    `sitting` is the day on which an assembly voted it; `votes` and `items` know their pages.
    `updated` is that of a guide's text: no act's date, and no filter looks at it.
    """

    kind: str = ""
    number: str = ""
    date: str = ""
    object: str = ""
    title: str = ""
    sitting: str = ""
    service: str = ""
    signatory: str = ""
    updated: str = ""
    articles: tuple[str, ...] = ()
    votes: tuple[tuple[int, Votes], ...] = ()
    items: tuple[Item, ...] = ()
    links: tuple[tuple[int, Link], ...] = ()
    """Each with the rank of its item, 0 for the document itself."""

    @property
    def label(self) -> str:
        """Return the line that says which document this is, for search and for the model."""
        if not self.kind or not (self.number or self.date):
            return self.object or self.title
        number = f" n° {self.number}" if self.number else ""
        day = date_in_words(self.date) if self.date else ""
        dated = f" du {day}" if day else ""
        title = fold(self.title)
        named = fold(self.number) in title if self.number else fold(day) in title
        is_registry = title.startswith("extrait du registre")
        more = _after_number(self.title) if self.number and named else ""
        subject = self.object or more or ("" if named or is_registry else self.title)
        name = f"{self.kind.capitalize()}{number}{dated}"
        says_more = {*WORD.findall(fold(subject))} - {*WORD.findall(fold(name))}
        return f"{name} – {subject}" if says_more else name


def _after_number(title: str) -> str:
    """Return what a title says behind the act's number and its day.

    >>> _after_number("Arrêté n° 2025-018 du 3 mars 2025 relatif aux bruits de voisinage")
    'Relatif aux bruits de voisinage'
    """
    number = NUMBER.search(title)
    more = title[number.end() :].lstrip(" ,–—-") if number else ""
    its_day = DATED.match(more)
    more = more[its_day.end() :] if its_day else more
    more = "" if _NO_SUBJECT.match(more) else more.strip(" .,;:–—-")
    return more[:1].upper() + more[1:] if len(more) >= _LEAST_SUBJECT else ""


def read_act(pages: Pages, file: str, lines: Sequence[Line] = ()) -> Act:
    """Read an act's particulars from its screened pages and its hidden file name; `lines` are what
    the reader knew of those of the first page."""
    texts = [text for _, text in pages]
    head = (texts[0] if texts else "")[:HEAD_CHARS]
    path = PurePosixPath(file)
    is_workbook = len(texts) > 1 and path.suffix.lower() in SHEETS
    # each sheet of a workbook has a title of its own
    title = _of_name(file) if is_workbook else read_title(head, file, lines)
    name = path.stem.replace("_", " ").replace("-", " ")
    kind = _kind(title) or _kind(name)
    items = find_items(pages) if kind == "procès-verbal" or _may_be_minutes(kind, head) else ()
    if kind in CALLS and sum(item.is_act for item in items) * 2 > len(items):
        kind = "procès-verbal"
        title = next((line for line in head.split("\n") if OF_A_SITTING.search(flat(line))), title)
        title = shortened(title.strip(" .:;,"), TITLE_CHARS)
    is_numbered = kind in NUMBERED_KINDS | CONTRACT_KINDS
    number = NUMBER.search(title) or NUMBER.search(head) if is_numbered else None
    sitting = _sitting(texts, title, kind) if kind in SITTING_KINDS else ""
    subject = find_object(head, "\n".join(texts)[: 2 * SITTING_CHARS], kind)
    act = Act(
        kind=kind,
        number=re.sub(r"\s", "", number.group(1)).rstrip(".-/") if number else "",
        date=sitting or (_act_date(texts, head, file, kind) if kind else ""),
        object=subject,
        title=subject if subject and MAIL.match(head) else title,
        sitting=sitting,
        items=items if kind == "procès-verbal" else (),
    )
    return _decided(act, pages)


def _decided(act: Act, pages: Pages) -> Act:
    """Return the act with what it decides: articles, votes, what it does to other acts."""
    if act.kind not in NUMBERED_KINDS | {"règlement", "convention", "procès-verbal"}:
        return act
    whole = "\n".join(text for _, text in pages)
    is_minutes = act.kind == "procès-verbal"
    return replace(
        act,
        service=service_of(pages[0][1]),
        signatory="" if is_minutes else signatory_of(whole),
        articles=() if is_minutes else articles_of(whole),
        votes=on_pages(read_votes(whole), pages) if act.kind in VOTED_KINDS else (),
        links=_links(act, whole),
    )


def _links(act: Act, whole: str) -> tuple[tuple[int, Link], ...]:
    """Return what the act does to others; minutes recount debates: only their titles count."""
    if act.kind == "procès-verbal":
        return tuple(
            (item.rank, link)
            for item in act.items
            if item.is_act
            for link in read_links(item.title, titles_only=True)
        )
    titles = read_links(act.object, titles_only=True) if act.object else []
    body = [link for link in read_links(whole) if not any(_is_same(link, t) for t in titles)]
    return tuple((0, link) for link in [*titles, *body])


def _is_same(link: Link, other: Link) -> bool:
    same = link.number == other.number if link.number else link.date == other.date
    return same and link.effect == other.effect


def read_title(head: str, file: str, known: Sequence[Line] = ()) -> str:
    """Return the line that names the act, else the first that is not letterhead.

    A line names the act if it begins with a kind of act, as in `ARRÊTÉ N° 2024-17`. Headings that
    the reader knew at the very top of the page come before lines further down that name no number;
    a row that names its columns is never a title.
    """
    first = takewhile(lambda line: line.kind is Kind.HEADING and line.end <= len(head), known)
    headings = _titles([head[line.start : line.end] for line in first])
    rows = {head[line.start : line.end] for line in known if any(map(_is_named, line.cells))}
    titles = _titles([line for line in head.split("\n")[:25] if line.strip() not in rows])
    naming = _naming(titles)
    numbered = [line for line in naming if NUMBER.search(line) and _kind(line) in NUMBERED_KINDS]
    near = [line for line in naming if line in titles[:NEAR_TITLES]]
    told = [line for line in headings if _is_own(line)]
    best = (*_naming(headings), *numbered, *near, *told, *naming, *_worded(titles))
    title = next(iter(best), "")
    return (_whole(title, head) if title in naming else title).rstrip(" .:;,") or _of_name(file)


def _whole(title: str, head: str) -> str:
    """Return an act's title with the line that goes on with it, « du conseil municipal »: two rules
    of a town are not one because both begin with « Règlement intérieur »."""
    after = head.partition(title)[2].lstrip(_AROUND + "\n").partition("\n")[0].strip(_AROUND)
    goes_on = after[:1] != "." and _NO_SUBJECT.match(after)
    return shortened(f"{title} {after}", TITLE_CHARS) if goes_on else title


def _is_named(cell: Cell) -> bool:
    return cell.start < cell.value


def _is_own(heading: str) -> bool:
    """Whether a heading says more than whose paper it is."""
    if not LETTERHEAD.match(fold(heading)):
        return True
    parted = PARTED.search(heading)
    rest = parted[1] if parted else ""
    is_address = rest[:1].isdigit() or LETTERHEAD.match(fold(rest))
    return len(OWN_WORD.findall(rest)) > 1 and not is_address


def _titles(lines: Sequence[str]) -> list[str]:
    """Return the lines that read as a title; the service under a letterhead does not."""
    lines = [line.strip(_AROUND) for line in lines]
    return [
        line
        for before, line in pairwise(["", *lines])
        if _reads_as_title(line) and not (SERVICE.match(line) and LETTERHEAD.match(fold(before)))
    ]


def _naming(titles: Sequence[str]) -> list[str]:
    """Return the titles that begin with a kind of act, then those of an extract of its register."""
    return [
        line
        for opening in (r"(?:projet de |avis de )?(.*)", r"extrait du registre des? (.*)")
        for line in titles
        if (first := re.match(opening, fold(line)))
        and any(re.match(pattern, first[1]) for pattern in KINDS.values())
    ]


def _worded(titles: Sequence[str]) -> list[str]:
    """Return the first titles that are not letterhead."""
    return [line for line in titles[:6] if " : " in line[:60] or not LETTERHEAD.match(fold(line))]


def _of_name(file: str) -> str:
    stem = PurePosixPath(file).stem
    return shortened(re.sub(r"[_\-\s]+", " ", stem).strip(), TITLE_CHARS)


def _reads_as_title(line: str) -> bool:
    letters = sum(c.isalpha() for c in line)
    return (
        5 <= len(line) <= TITLE_CHARS and letters > 0.4 * len(line) and not NOT_A_TITLE.match(line)
    )


def _kind(text: str) -> str:
    """Return the kind that is named first in the text."""
    folded = fold(text)
    found = {
        kind: match.start()
        for kind, pattern in KINDS.items()
        if (match := re.search(rf"\b(?:{pattern})", folded))
    }
    return min(found, key=lambda kind: found[kind]) if found else ""


def _may_be_minutes(kind: str, head: str) -> bool:
    return kind in CALLS and bool(OF_A_SITTING.search(flat(head)))


def _sitting(texts: Sequence[str], title: str, kind: str) -> str:
    """Return the day of the sitting: from its title, else from `l'an deux mille…`."""
    if kind in TITLED_KINDS and len(found := TITLED.findall(title)) == 1:
        return read_date(found[0])
    head = "\n".join(texts)[:SITTING_CHARS]
    found = [match for pattern in (SITTING, AT_TIME) if (match := pattern.search(head))]
    named = min(found, key=lambda match: match.start(), default=None)
    return (read_date(named[1]) if named else "") or read_date_in_words(head)


def _act_date(pages: Sequence[str], head: str, file: str, kind: str) -> str:
    """Return the act's own date: not that of its publication, nor of an act that it cites.

    Minutes tell of many days: what the name of their file says comes before those.
    """
    if sitting := SITTING.search(head):
        return read_date(sitting[1])
    if in_words := read_date_in_words(head):
        return in_words
    if signed := [match[1] for page in pages for match in SIGNED.finditer(page)]:
        return read_date(signed[-1])
    is_notice = kind in CONTRACT_KINDS
    if own := named_date("\n".join(pages) if is_notice else head):
        return own
    named = read_file_date(file)
    if named and kind in TITLED_KINDS:
        return named
    for match in DATED.finditer("" if is_notice else head):  # a notice tells of days to come
        if not NOT_ITS_DATE.search(head[max(0, match.start() - 60) : match.start()]):
            return read_date(match[1])
    return named


def named_date(head: str) -> str:
    """Return the day after `Date :`, or after `Date d'envoi`, where the head of a paper says one.

    >>> named_date("BON DE COMMANDE\\nDate : 2 octobre 2025")
    '2025-10-02'
    """
    found = NAMED_DATE.search(head)
    return read_date(found[1]) if found else ""
