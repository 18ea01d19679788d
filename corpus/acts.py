# SPDX-License-Identifier: EUPL-1.2
"""What kind of act a document is, its number, its date and its object.

    screened pages ──read_act──▶ Act ──label──▶ the heading that each passage carries

Read from the first lines, where French acts say it; what is not there stays empty,
for a wrong number would be worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from corpus.french import MONTH_NAMES, MONTHS, fold
from corpus.sentences import shortened

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
    "marché public": r"marches? publics?|cahier des clauses|avis d'appel public",
    "décision": r"decisions?\b",
}
NUMBERED_KINDS = frozenset({"délibération", "arrêté", "décision"})

HEAD_CHARS = 2_000
TITLE_CHARS = 110
OBJECT_CHARS = 100

LETTERHEAD = re.compile(
    r"(?:mairie|commune|ville|departement|canton|arrondissement|communaute|republique|liberte"
    r"|prefecture|service|direction|pole|police|secretariat|envoye|recu|publie|affiche|id :|tel"
    r"|extrait du registre|nombre de|membres|page)\b"
)
NUMBER = re.compile(
    r"\bn\s?[°ºo]\s*:?\s*((?=[\w./-]*\d)(?:[A-Z]{1,5}[-/ ]?)?\d[\w./-]{0,24})", re.IGNORECASE
)
DATE = r"(\d{1,2}(?:er)?\s+[^\W\d_]+\s+\d{4}|\d{1,2}[/.]\d{1,2}[/.]\d{4})"
DAY = r"(?:(?:lun|mar|mercre|jeu|vendre|same)di\s+|dimanche\s+)?"
SITTING = re.compile(
    r"(?:s[ée]ance|conseil municipal|r[ée]union)\s+(?:ordinaire\s+|extraordinaire\s+)?du\s+"
    rf"{DAY}{DATE}",
    re.IGNORECASE,
)
YEAR_IN_WORDS = re.compile(
    rf"deux mille([a-z -]*?),? +(?:et )?le {DAY}([a-z-]+) ({'|'.join(MONTHS)})"
)
DAY_IN_WORDS = re.compile(rf"\ble {DAY}([a-z-]+) ({'|'.join(MONTHS)}) deux mille([a-z -]*)")
SIGNED = re.compile(
    rf"\bfait\s+(?:et d[ée]lib[ée]r[ée]\s+)?à\s+[^\n,]{{2,60}},?\s+le\s+{DATE}", re.IGNORECASE
)
DATED = re.compile(rf"\b(?:du|le|en date du)\s+{DAY}{DATE}", re.IGNORECASE)
NOT_ITS_DATE = re.compile(
    r"(?:pr[ée]fecture|publi[ée]e?|affich[ée]e?|convoqu[ée]s?|convocation|re[çc]ue?|notifi[ée]e?"
    r"|vu [^\n]*|jusqu'au|[àa] compter)\s*:?\s*$",
    re.IGNORECASE,
)
OBJECT = re.compile(
    r"^\s*(?:objet\s*:\s*|(?=(?:portant|relati(?:f|ve)|fixant|modifiant|r[ée]glementant|autorisant)\s))"
    r"(.+)$",
    re.IGNORECASE | re.MULTILINE,
)
NOT_A_TITLE = re.compile(r"[a-zà-ÿ]|(?i:objet\s*:|de\s*:|article\b|vu\b)")
NUMBER_WORDS = (
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf vingt vingt-et-un vingt-deux vingt-trois vingt-quatre vingt-cinq "
    "vingt-six vingt-sept vingt-huit vingt-neuf trente trente-et-un"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is known of a document; `date` is ISO, empty if the document does not say."""

    kind: str = ""
    number: str = ""
    date: str = ""
    object: str = ""
    title: str = ""

    @property
    def label(self) -> str:
        """Return the line that says which document this is, for search and for the model."""
        if not self.kind or not (self.number or self.date):
            return self.object or self.title
        number = f" n° {self.number}" if self.number else ""
        day = date_in_words(self.date) if self.date else ""
        dated = f" du {day}" if day else ""
        title = fold(self.title)
        named = self.number in title if self.number else fold(day) in title
        subject = self.object or ("" if named else self.title)
        return f"{self.kind.capitalize()}{number}{dated}" + (f" – {subject}" if subject else "")


def read_act(pages: Sequence[str], file: str) -> Act:
    """Read an act's particulars from its screened pages and its hidden file name."""
    head = (pages[0] if pages else "")[:HEAD_CHARS]
    title = read_title(head, file)
    name = PurePosixPath(file).stem.replace("_", " ").replace("-", " ")
    kind = _kind(title) or _kind(name)
    subject = OBJECT.search(head)
    number = NUMBER.search(title) or NUMBER.search(head) if kind in NUMBERED_KINDS else None
    return Act(
        kind=kind,
        number=number.group(1).rstrip(".-/") if number else "",
        date=_act_date(pages, head, file) if kind else "",
        object=_subject(subject.group(1)) if subject else "",
        title=title,
    )


def read_title(head: str, file: str) -> str:
    """Return the line that names the act, else the first that is not letterhead.

    A line names the act if it begins with a kind of act, as in `ARRÊTÉ N° 2024-17`.
    """
    lines = [line.strip(" \t_-–—*#") for line in head.split("\n")[:25]]
    titles = [line for line in lines if _reads_as_title(line)]
    for line in titles:
        first = re.match(r"(?:projet de |avis de )?(.*)", fold(line))
        if first and any(re.match(pattern, first[1]) for pattern in KINDS.values()):
            return line.rstrip(" .:;,")
    for line in titles[:6]:
        if " : " in line[:60] or not LETTERHEAD.match(fold(line)):
            return line.rstrip(" .:;,")
    stem = PurePosixPath(file).stem
    return shortened(re.sub(r"[_\-\s]+", " ", stem).strip(), TITLE_CHARS)


def _reads_as_title(line: str) -> bool:
    letters = sum(c.isalpha() for c in line)
    return (
        5 <= len(line) <= TITLE_CHARS and letters > 0.4 * len(line) and not NOT_A_TITLE.match(line)
    )


def _subject(line: str) -> str:
    line = line.strip(" .\t")
    return shortened(line[:1].upper() + line[1:], OBJECT_CHARS)


def read_date(words: str) -> str:
    """Return the ISO form of a French date, or nothing if it is none.

    >>> read_date("1er février 2024"), read_date("12/06/2024"), read_date("30 février 2024")
    ('2024-02-01', '2024-06-12', '')
    """
    folded = fold(words)
    spelled = re.search(rf"(\d{{1,2}})(?:er)?\s+({'|'.join(MONTHS)})\s+(\d{{4}})", folded)
    digits = re.search(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b", folded)
    turned = re.search(r"(?<!\d)(\d{4})[-_ ](\d{2})[-_ ](\d{2})(?!\d)", folded)
    if spelled:
        return _iso(spelled[3], MONTHS[spelled[2]], spelled[1])
    if digits:
        return _iso(digits[3], digits[2], digits[1])
    return _iso(turned[1], turned[2], turned[3]) if turned else ""


def _iso(year: int | str, month: int | str, day: int | str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _in_words(text: str) -> str:
    """Return the date of `l'an deux mille vingt-quatre, le douze juin`."""
    folded = fold(text)
    if found := YEAR_IN_WORDS.search(folded):
        year, day, month = found[1], found[2], found[3]
    elif found := DAY_IN_WORDS.search(folded):
        day, month, year = found[1], found[2], found[3]
    else:
        return ""
    days = {word: n for n, word in enumerate(NUMBER_WORDS.split(), 1)} | {"premier": 1}
    years = [word for word in re.split(r"[ ,.]+", year.strip(" -")) if word]
    tail = days.get("-".join(years[:3])) or days.get(years[0] if years else "")
    return _iso(2000 + (tail or 0), MONTHS[month], days.get(day, 0)) if tail else ""


def date_in_words(iso: str) -> str:
    """Return an ISO date as a French reader says it.

    >>> date_in_words("2024-02-01")
    '1er février 2024'
    """
    day = date.fromisoformat(iso)
    return f"{'1er' if day.day == 1 else day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def _kind(text: str) -> str:
    """Return the kind that is named first in the text."""
    folded = fold(text)
    found = {
        kind: match.start()
        for kind, pattern in KINDS.items()
        if (match := re.search(rf"\b(?:{pattern})", folded))
    }
    return min(found, key=lambda kind: found[kind]) if found else ""


def _act_date(pages: Sequence[str], head: str, file: str) -> str:
    """Return the act's own date: not that of its publication, nor of an act that it cites."""
    if sitting := SITTING.search(head):
        return read_date(sitting[1])
    if in_words := _in_words(head):
        return in_words
    if signed := [match[1] for page in pages for match in SIGNED.finditer(page)]:
        return read_date(signed[-1])
    for match in DATED.finditer(head):
        if not NOT_ITS_DATE.search(head[max(0, match.start() - 60) : match.start()]):
            return read_date(match[1])
    return read_date(PurePosixPath(file).stem)
