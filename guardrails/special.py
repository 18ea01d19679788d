# SPDX-License-Identifier: EUPL-1.2
"""Health, beliefs, offences, social aid, intimacy: hiding the name is not enough, a person decides.

    screened pages ─▶ terms of lexicons/special.toml beside a person ─▶ Concern… ─▶ quarantine

A term alone is no concern: acts vote budgets for social aid and against cancer. These are the
anchors, without any model: a term in somebody's file (a letter, a form, a birth date or a file
number, and no act of the council), or in a sentence that names a hidden person, or follows one
that does. What of them tells of somebody, and what does in other words, `corpus.sensitive` has
learnt; where it cannot be asked, each anchor counts.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from guardrails.findings import Screened
from guardrails.spans import in_place_of

_TERMS = Path(__file__).with_name("lexicons") / "special.toml"
PERSON = re.compile(r"\[(?:PERSONNE|NIR|DATE_DE_NAISSANCE|NUMÉRO_CAF|NUMÉRO_DE_DOSSIER)_\d+\]")
_SENTENCE_END = re.compile(r"[.!?](?=\s+[A-ZÀ-Þ«\[]|\s*\Z)|\n\s*\n|;\s*\n")
SENTENCE_CHARS = 600

WITHHELD = " [passage retiré] "

_NOT_AN_END = re.compile(r"(?<!\w)(?:M|MM|Mr|Dr|Me|Art|[A-Z])\.\Z")

_IDENTITY = re.compile(
    r"\[(?:NIR|DATE_DE_NAISSANCE|NUMÉRO_CAF|NUMÉRO_DE_DOSSIER|NUMÉRO_FISCAL|INE)_\d+\]"
)
_SPEAKS_OF_SOMEBODY = re.compile(
    r"""(?<!\w)(?: je\ssoussign | j['’](?:ai|habite|élève|étais) | je\s(?:suis|perçois|sollicite
      |touche|vis|paie|souhaite|cherche)
    | (?:mon|ma)\s(?:fils|fille|mari|femme|épouse|époux|père|mère|conjointe?|situation|grossesse)
    | (?:nom|élève|enfants?|demandeu(?:r|se)|patiente?|intéressée?|agent|allocataire|bénéficiaire
      |personne\sévaluée)\s?:\s[^\n]{0,30}\[(?:PERSONNE|DATE_DE_NAISSANCE|ADRESSE)_\d+\]
    | (?:personne\sévaluée|dossier\s(?:n°\s?)?\d+)\s?:\s
    | l['’]intéressée? | \[PERSONNE_\d+\][^.\n]{0,20}\d\d\sans )""",
    re.VERBOSE | re.IGNORECASE,
)
_ACT = re.compile(
    r"""(?<!\w)(?: conseil\s(?:municipal|communautaire|d['’]administration)[^.]{0,200}?délib[ée]r
    | d[ée]lib[ée]ration\s(?:n°|num) | (?:vu|considérant)\s[^.\n]{5,200}[;,]\s*\n | arrêt[ée]\s:
    | arrêt[ée](?:\smunicipal)?\s(?:n°|du\smaire) | ordre\sdu\sjour | rapporteu(?:r|se)\s:
    | présents\s:\s | tarifs\s(?:19|20)\d\d
    | article\s(?:1er|premier|1)\s? | (?:pour|contre|abstentions?)\s?:\s?\d )""",
    re.VERBOSE | re.IGNORECASE,
)


class Category(StrEnum):
    """Why a document waits for a person's decision."""

    HEALTH = "health"
    BELIEFS = "beliefs"
    OFFENCES = "offences"
    SOCIAL_AID = "social_aid"
    INTIMACY = "intimacy"


@dataclass(frozen=True, slots=True, order=True)
class Concern:
    """A stretch that tells of somebody's private life: positions in a page (counted from 0)."""

    page: int
    start: int
    end: int
    category: Category


def concerns(pages: Sequence[Screened]) -> tuple[Concern, ...]:
    """Return the sentences that may tell of a hidden person's private life: those with a term, in
    somebody's file, or where they or the sentence before name a person."""
    texts = [page.text for page in pages]
    if not any(map(names_somebody, texts)):
        return ()
    is_file = _is_file(texts)
    found = (
        Concern(number, start, end, category)
        for number, text in enumerate(texts)
        for start, end, category in sentences_with_terms(text)
        if is_file or names_somebody(text[_start_of_the_one_before(text, start) : end])
    )
    return tuple(sorted(found))


def names_somebody(text: str) -> bool:
    """Tell whether a hidden person, or what only a person has, stands in a text."""
    return PERSON.search(text) is not None


def terms_in(text: str) -> Counter[Category]:
    """Count the terms of each category."""
    return Counter(category for category, _ in term_places(text))


def sentences_with_terms(text: str) -> list[tuple[int, int, Category]]:
    """Return start and end of each sentence that holds a term, once a category."""
    return sorted({(*sentence_at(text, *span), category) for category, span in term_places(text)})


def is_somebodys(pages: Sequence[Screened]) -> bool:
    """Tell whether a document speaks of one person from end to end (a letter, a form, a file)."""
    return _is_file([page.text for page in pages])


def without(pages: Sequence[Screened], found: Sequence[Concern]) -> tuple[Screened, ...]:
    """Return the pages without the stretches that the concerns are."""
    kept = []
    for number, page in enumerate(pages):
        text, position, pieces = page.text, 0, list[str]()
        for concern in sorted(found):
            if concern.page == number and concern.end > position:
                begin = max(concern.start, position)
                out = in_place_of(text[begin : concern.end], WITHHELD)
                pieces += [text[position:begin], out]
                position = concern.end
        kept.append(replace(page, text="".join([*pieces, text[position:]])) if pieces else page)
    return tuple(kept)


def main_category(found: Sequence[Concern]) -> Category:
    """Return the category that most concerns are of; the first named where they are even."""
    counts = Counter(concern.category for concern in found)
    return max(Category, key=lambda category: counts[category])


def _is_file(texts: Sequence[str]) -> bool:
    """Tell whether a document speaks of one person from end to end, and is no act."""
    return not any(map(_ACT.search, texts)) and any(
        _IDENTITY.search(text) or _SPEAKS_OF_SOMEBODY.search(text) for text in texts
    )


def term_places(text: str) -> Iterator[tuple[Category, tuple[int, int]]]:
    """Yield each term with its category, start and end."""
    for category, pattern in _patterns().items():
        for match in pattern.finditer(text):
            yield category, match.span()


def sentence_at(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence around a stretch starts and ends."""
    begin = max(0, start - SENTENCE_CHARS)
    for stop in _SENTENCE_END.finditer(text, begin, start):
        if not _NOT_AN_END.search(text, max(0, stop.end() - 5), stop.end()):
            begin = stop.end()
    for stop in _SENTENCE_END.finditer(text, end, end + SENTENCE_CHARS):
        if not _NOT_AN_END.search(text, max(0, stop.end() - 5), stop.end()):
            return begin, stop.end()
    return begin, min(len(text), end + SENTENCE_CHARS)


def _start_of_the_one_before(text: str, start: int) -> int:
    """Return where the sentence before starts: `Mme [PERSONNE_1] vit seule. Elle a …`."""
    return sentence_at(text, start - 1, start - 1)[0] if start else 0


@cache
def _patterns() -> dict[Category, re.Pattern[str]]:
    read = tomllib.loads(_TERMS.read_text("utf-8"))
    return {
        category: re.compile(
            rf"(?<!\w)(?:{'|'.join(map(_term, read[category.value]))})(?!\w)", re.IGNORECASE
        )
        for category in Category
    }


def _term(term: str) -> str:
    """An acronym counts in capitals only: ASS is a benefit, `ass` is not."""
    return f"(?-i:{term})" if term.isupper() else term
