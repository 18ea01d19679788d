# SPDX-License-Identifier: EUPL-1.2
"""A message that asks two things, parted, so that each is answered or refused alone.

    "combien de places a la grande salle et est-ce qu'il y a une cuisine ?"
      ─▶ "combien de places a la grande salle ?"
      ─▶ "est-ce qu'il y a une cuisine : la grande salle ?"

A later part that says little is completed with what the first one is about. A small model that
reads both at once answers neither, and what stands in two places is found for neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.followups import complete
from assistant.questions import Question, understand
from corpus.french import fold, terms
from guardrails.findings import Screened

MOST_PARTS = 3

FEW_WORDS = 2
"""A part with as few words of its own does not say what it is about."""

_QUI = r"qui\s(?:appel\w+|contact\w+|preven\w+|s'occup\w+|est|faut|dois|doit|puis|peut|je|on)\b"
_ASKS = rf"""(?:
      est[ -]ce\b | y\sa[ -]t(?:[ -]?il)? | faut[ -]il | doit[ -]on
    | peut[ -]on | puis[ -]je | dois[ -]je
    | c[' ]?est\s(?:combien|quand|ou|quoi|a\squel|ouvert|gratuit|payant)
    | (?:a|de|depuis|jusqu'?\s?a|pour|par|avec|dans|sur|en|chez|avant)
      \s(?:quel(?:le)?s?|combien|quand)\b
    | (?:a|avec|chez)\squi\b | {_QUI}
    | combien\b | quand\b(?!\s(?:on|il|elle|je|nous|vous)\b) | comment\b | pourquoi\b
    | (?<!cas\s)(?<!jour\s)(?<!moment\s)ou\s(?!non\b|pas\b|il\sy\sa\b) | quel(?:le)?s?\b(?!\sque)
    | (?:les?\s|la\s|l')?(?:prix|tarifs?|horaires?|heures\sd'ouverture|numero|adresse)\b
    )"""
"""How a question begins, in small letters without accents."""

_OPENS = re.compile(rf"(?:(?:bonjour|bonsoir|svp|s'il\svous\splait)\b\W*)*{_ASKS}", re.VERBOSE)
_HOLDS = re.compile(
    rf"(?<![\w'-]){_ASKS} | -(?:t-)?(?:il|elle|on|je|vous)s?\b | \b(?:qui|ou|quoi)\s*(?=[?!.]|$)",
    re.VERBOSE,
)
_JOINS = re.compile(
    rf"""\s*[,;]?\s+(?P<and>et|mais|ainsi\sque)(?:\s(?:aussi|puis|sinon|egalement))?\s+(?=\S)
    | (?P<ends>\s*\?+\s+)(?:(?:et|mais)\s+)?(?:(?:aussi|puis|sinon,?|egalement)\s+)?(?=\S)
    | \s*,\s+(?={_ASKS})""",
    re.VERBOSE,
)
_SCAFFOLD = re.compile(
    rf"(?<![\w'-])(?:{_ASKS}|que\b|qu'|il\sy\sa\b|vous\b|(?:est|sont)\b|(?:bonjour|bonsoir)\b)",
    re.VERBOSE,
)
_CLAUSE = re.compile(r"[^,;.]+")
_SPACES = re.compile(r"\s+")
_POLITE = re.compile(
    r"[\s,.!?]*(?:merci(?:\s(?:d'avance|beaucoup|bien))?|(?:bien\s)?cordialement"
    r"|s'il vous pla[iî]t|svp|stp)[\s.!?]*$",
    re.IGNORECASE,
)
_OF_SOMETHING = re.compile(r"\b(?:prix|tarifs?|horaires?|adresse|numero)\s(?:de\b|du\b|des\b|d')")
_MEASURES = frozenset(
    terms(
        "prix tarif tarifs coût montant horaire horaires heure heures jour jours date adresse lieu"
        " numéro téléphone combien coûte ouvre ferme ouvert payer faut réserver bonjour merci"
        " s'inscrire inscription document documents papiers pièces délai"
    )
)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked: in the words of the message, and as a question that stands alone."""

    words: str
    question: Question


def parts_of(question: Question) -> tuple[Part, ...]:
    """Return what a question asks, one thing a part; itself where it asks one thing.

    >>> both = understand(Screened("Où est la piscine et c'est combien ?"))
    >>> [part.words for part in parts_of(both)]
    ['Où est la piscine', "c'est combien ?"]
    """
    whole = (Part(question.text, question),)
    if question.refusal is not None:
        return whole
    pieces = _pieces(question.text)
    if len(pieces) < 2:
        return whole
    first = pieces[0]
    asked = [first, *(_completed(piece, first) for piece in pieces[1:])]
    return tuple(
        Part(words, replace(understand(Screened(_ended(alone))), language=question.language))
        for words, alone in zip(pieces, asked, strict=True)
    )


def _pieces(text: str) -> list[str]:
    """Cut a text where another thing is asked; in one piece where that is not sure."""
    folded = fold(text)
    if len(folded) != len(text):
        return [text]
    joins = [*_JOINS.finditer(folded)]
    pieces, start = list[str](), 0
    for place, join in enumerate(joins):
        end = joins[place + 1].start() if place + 1 < len(joins) else len(text)
        before, after = folded[start : join.start()], folded[join.end() : end]
        if _own(before) and len(pieces) < MOST_PARTS - 1 and _parts(join, before, after, folded):
            pieces.append(text[start : join.start()].strip())
            start = join.end()
    return [*pieces, text[start:].strip()]


def _parts(join: re.Match[str], before: str, after: str, whole: str) -> bool:
    """Whether both sides of a join ask something."""
    if join["ends"]:
        return bool(_HOLDS.search(after)) or whole[join.end() :].rstrip().endswith("?")
    if join["and"]:
        return bool(_HOLDS.search(before) and _HOLDS.search(after))
    return bool(_OPENS.match(before.rpartition(",")[2].strip()))


def _own(text: str) -> frozenset[str]:
    """The words that say what a piece is about."""
    return frozenset(terms(text)) - _MEASURES


def _completed(piece: str, first: str) -> str:
    """Return a piece with what it takes from the first."""
    bare = _POLITE.sub("", piece).rstrip(" ?!.,")
    if leaning := complete(bare, subject := _subject(first)):
        return leaning
    says_enough = len(_own(bare)) > FEW_WORDS or bool(_OF_SOMETHING.search(fold(bare)))
    return piece if says_enough or not subject else f"{bare} : {subject}"


def _subject(piece: str) -> str:
    """Return what a piece is about, less the words that ask: its last clause where it says enough.

    >>> _subject("Je loue un gîte, comment déclarer la taxe de séjour ?")
    'déclarer la taxe de séjour'
    """
    clauses = [
        "".join(piece[start:end] for start, end in _between(clause, piece))
        for clause in _CLAUSE.finditer(piece)
    ]
    said = [_SPACES.sub(" ", clause).strip(" ?!.,") for clause in clauses if _own(clause)]
    says_enough = bool(said) and len(_own(said[-1])) > FEW_WORDS
    return said[-1] if says_enough else ", ".join(said)


def _between(clause: re.Match[str], piece: str) -> Iterator[tuple[int, int]]:
    """Yield what stands between the words that ask, in a clause of a piece."""
    start = clause.start()
    for asks in _SCAFFOLD.finditer(fold(piece), clause.start(), clause.end()):
        yield start, asks.start()
        start = asks.end()
    yield start, clause.end()


def _ended(text: str) -> str:
    return text if text.rstrip().endswith(("?", ".", "!")) else f"{text} ?"
