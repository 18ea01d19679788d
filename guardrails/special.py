# SPDX-License-Identifier: EUPL-1.2
"""Health, beliefs, offences, social aid, intimacy: hiding the name is not enough, a person decides.

    screened pages ─▶ terms of lexicons/special.toml ─▶ told of a person? ─▶ Concern… ─▶ quarantine

A term alone is no concern: acts vote budgets for social aid and against cancer. It becomes one

* in somebody's file (a letter, a form, a birth date or a file number, and no act of the council):
  wherever it stands, as such papers speak of one person from end to end;
* elsewhere, where its sentence names a hidden person, or takes up the person of the sentence
  before (`Elle a …`), unless that person speaks, signs, presides or is a contact there, or the
  term is what public action is about (`lutte contre`, `subvention`, `règlement`).
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
_PERSON = re.compile(r"\[(?:PERSONNE|NIR|DATE_DE_NAISSANCE|NUMÉRO_CAF|NUMÉRO_DE_DOSSIER)_\d+\]")
_SENTENCE_END = re.compile(r"[.!?](?=\s+[A-ZÀ-Þ«\[]|\s*\Z)|\n\s*\n|;\s*\n")
REACH_CHARS = 90
"""How far before a term the words of public action may stand."""

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

_IN_OFFICE_BEFORE = re.compile(
    r"""(?:rapporteu(?:r|se)|présidée?\spar|présentée?\spar|animée?\spar|assurée?\spar|adress\w{1,6}\sà
    |signé|contact|renseignements?|auprès\sde|secrétaire|président\w{0,2}|maire|adjointe?
    |conseill[eè]re?s?|directeur|directrice|docteur|dr|présents?|absents?|pouvoir\sà|abstentions?
    |contre|pour|parole\sà|selon|vice-président\w{0,2}|remerci\w{1,5}|par)
    [\s:,(.]{1,4}(?:\d[\s:(]{1,3})?(?:(?:M|MM|Mmes?|Mlle|Dr|Me)\.?\s|monsieur\s|madame\s|et\s){0,3}\Z""",
    re.VERBOSE | re.IGNORECASE,
)
_IN_OFFICE_AFTER = re.compile(
    r"""[\s,(–-]{1,4}(?:le\s|la\s)?(?:qui\s)?(?:(?:s['’]|ne\s|se\s|l['’]|lui\s|leur\s|en\s)?
    (?:répond|rappelle|précise|indique|informe|présente|propose|explique|souligne|remercie
      |intervient|expose|donne\slecture|ajoute|souhaite|estime|déclare|évoque|interroge|étonne
      |abstient|vote|soulève|fait\s(?:part|remarquer|observer)|est\s(?:désignée?|nommée?|élue?)
      |demande\s(?:si|pourquoi|comment|quel|à\ssavoir|la\sparole|des\sprécisions|par|où|combien))
    |adjointe?\b(?!\s(?:technique|administrati|d['’]animation|du\spatrimoine))|conseill[eè]re?\s
    |maire\b|rapporteu|président|vice-prés|directeur|directrice|responsable|coordinat|chef
    |secrétaire|élue?\b|référent|médecin|infirmi)""",
    re.VERBOSE | re.IGNORECASE,
)
_PUBLIC_ACTION = re.compile(
    r"""(?<!\w)(?:subventions?|budget\w*|crédits?|règlement|associations?|conventions?|commissions?
    |plans?\s|programmes?|politiques?|lutte|ligue|campagne|prévention|sensibilisation|bilan|marchés?
    |dispositifs?|référente?|correspondante?|fonds\s|services?\sd|secteur|recrutement|semaine
    |journée|ateliers?|dépistages?|permanences?|accueil\sd(?:e|es)\s(?:publics?|personnes)|candidat
    |toute\spersonne
    |(?:les|aux|des)\s(?:personnes|familles|usagers|agents|élèves|habitants|enfants|jeunes)
    |société|entreprise|commune\s(?:de|est)|compétence|loi\s|code\s|syndicat\s(?:mixte|inter|d))""",
    re.VERBOSE | re.IGNORECASE,
)
_OF_THINGS = re.compile(
    r"\s?(?:\(\s?)?(?:à\s(?:rapporter|d[ée]poser|ramener|jeter|trier)|p[ée]rim[ée]e?s"
    r"|non\sutilis[ée]e?s)(?!\w)",
    re.IGNORECASE,
)
"""`médicaments (à rapporter en pharmacie)`: what is thrown away, and no one's."""

_PLACE_OF = re.compile(
    r"(?<!\w)(?:plateforme|d[ée]ch[èe]terie|usine|gare|commune|ville|village|hameau|lieu-?dit|route"
    r"|zone|canton)\s(?:de\s(?:la\s)?|du\s|des\s|d['’])\Z",
    re.IGNORECASE,
)
"""`à la plateforme de [PERSONNE_1]`: a place that the guard took for a name."""

_TAKES_UP = re.compile(
    r"\s*(?:elle|il|ils|elles|son|sa|ses|leur|l['’]intéressée?|cet\sagent|cette\s(?:dame|personne)"
    r"|suivie?|atteinte?|hospitalisée?)(?!\w)",
    re.IGNORECASE,
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
    """A term that tells of somebody's private life: positions in a page (counted from 0)."""

    page: int
    start: int
    end: int
    category: Category


def concerns(pages: Sequence[Screened]) -> tuple[Concern, ...]:
    """Return what may tell of a hidden person's health, beliefs, offences, needs or intimacy."""
    texts = [page.text for page in pages]
    if not any(_PERSON.search(text) for text in texts):
        return ()
    is_file = _is_file(texts)
    return tuple(
        sorted(
            Concern(number, *span, category)
            for number, text in enumerate(texts)
            for category, span in _terms_in(text)
            if is_file or _is_told(text, span)
        )
    )


def is_somebodys(pages: Sequence[Screened]) -> bool:
    """Tell whether a document speaks of one person from end to end (a letter, a form, a file)."""
    return _is_file([page.text for page in pages])


def without(pages: Sequence[Screened], found: Sequence[Concern]) -> tuple[Screened, ...]:
    """Return the pages without the sentences that the concerns stand in."""
    kept = []
    for number, page in enumerate(pages):
        text, position, pieces = page.text, 0, list[str]()
        for concern in found:
            start, end = _sentence(text, concern.start, concern.end)
            if concern.page == number and end > position:
                begin = max(start, position)
                pieces += [text[position:begin], in_place_of(text[begin:end], WITHHELD)]
                position = end
        kept.append(replace(page, text="".join([*pieces, text[position:]])) if pieces else page)
    return tuple(kept)


def sentence_of(text: str, concern: Concern) -> tuple[int, int]:
    """Return where the sentence of a concern starts and ends in the text of its page."""
    return _sentence(text, concern.start, concern.end)


def main_category(found: Sequence[Concern]) -> Category:
    """Return the category that most concerns are of; the first named where they are even."""
    counts = Counter(concern.category for concern in found)
    return max(Category, key=lambda category: counts[category])


def _is_file(texts: Sequence[str]) -> bool:
    """Tell whether a document speaks of one person from end to end, and is no act."""
    return not any(map(_ACT.search, texts)) and any(
        _IDENTITY.search(text) or _SPEAKS_OF_SOMEBODY.search(text) for text in texts
    )


def _terms_in(text: str) -> Iterator[tuple[Category, tuple[int, int]]]:
    for category, pattern in _patterns().items():
        for match in pattern.finditer(text):
            yield category, match.span()


def _is_told(text: str, term: tuple[int, int]) -> bool:
    """Tell whether the sentence of a term tells it of a person who is not at work there."""
    start, end = _sentence(text, *term)
    if _OF_THINGS.match(text, term[1]):
        return False
    if _PUBLIC_ACTION.search(text, max(start, term[0] - REACH_CHARS), term[0]):
        return False
    if any(_is_subject(text, person) for person in _beside(text, (start, end), term)):
        return True
    if not start or not _TAKES_UP.match(text, start):
        return False
    before, _ = _sentence(text, start - 1, start - 1)
    return any(_is_subject(text, person) for person in _PERSON.finditer(text, before, start))


def _beside(text: str, sentence: tuple[int, int], term: tuple[int, int]) -> list[re.Match[str]]:
    """Return the last person before a term and the first after it, in its sentence."""
    before = [*_PERSON.finditer(text, sentence[0], term[0])][-1:]
    after = _PERSON.search(text, term[1], sentence[1])
    return [*before, after] if after else before


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence around a stretch starts and ends."""
    begin = max(0, start - SENTENCE_CHARS)
    for stop in _SENTENCE_END.finditer(text, begin, start):
        if not _NOT_AN_END.search(text, max(0, stop.end() - 5), stop.end()):
            begin = stop.end()
    for stop in _SENTENCE_END.finditer(text, end, end + SENTENCE_CHARS):
        if not _NOT_AN_END.search(text, max(0, stop.end() - 5), stop.end()):
            return begin, stop.end()
    return begin, min(len(text), end + SENTENCE_CHARS)


def _is_subject(text: str, person: re.Match[str]) -> bool:
    """Tell whether a person is spoken of, is no place, and does not speak or sign there."""
    return not (
        _IN_OFFICE_BEFORE.search(text, max(0, person.start() - 60), person.start())
        or _PLACE_OF.search(text, max(0, person.start() - 40), person.start())
        or _IN_OFFICE_AFTER.match(text, person.end())
    )


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
