# SPDX-License-Identifier: EUPL-1.2
"""Where a message that asks two things is cut, read from the words that ask.

    "Où est la piscine et c'est combien ?"   ─▶ "Où est la piscine" │ "c'est combien ?"
    "les horaires et les tarifs de la salle" ─▶ in one piece: one thing names both

A join (« et », « ? », a comma) is a cut where both its sides ask something. A piece is not yet a
question: what a later one takes from the first is added in `parts.py`.
"""

from __future__ import annotations

import re
from itertools import islice

from corpus.french import flat, terms

MOST_PARTS = 3
MOST_JOINS = 12
"""How many places of a long mail are looked at."""

WHAT = r"(?:prix|tarifs?|horaires?|heures\sd'ouverture|numero|adresse)\b"
"""What is asked for without a word that asks: « les tarifs »."""

_QUI = r"qui\s(?:appel\w+|contact\w+|preven\w+|s'occup\w+|est|faut|dois|doit|puis|peut|je|on)\b"
_OU = (
    r"(?:o@(?!\sil\sy\sa\b)|ou\s(?!(?:non|pas|il\sy\sa|par|les?|la|une?|aux?|en|bien|tout|alors"
    r"|sinon|pour|a|d[eu])\b|l'))"
)
"""Where: `o@` is written with its accent; without, it must not look like « or »."""

ASKS = rf"""(?:
      est[ -]ce\b | y\sa[ -]t(?:[ -]?il)? | faut[ -]il | doit[ -]on
    | peut[ -]on | puis[ -]je | dois[ -]je
    | c[' ]?est\s(?:combien|quand|ou\b|o@|quoi|a\squel|ouvert\b|gratuit\b|payant\b)
    | (?:a|de|depuis|jusqu'?\s?a|pour|par|avec|dans|sur|en|chez|avant)
      \s(?:quel(?:le)?s?|combien|quand)\b
    | (?:a|avec|chez)\squi\b | {_QUI}
    | combien\b | quand\b(?!\s(?:on|il|elle|je|nous|vous|c'est)\b) | comment\b | pourquoi\b
    | (?<!cas\s)(?<!jour\s)(?<!moment\s){_OU} | quel(?:le)?s?\b(?!\sque)
    )"""
"""How a question begins, in small letters without accents."""

_OPENS = re.compile(
    rf"(?:(?:bonjour|bonsoir)\b[ ,!.]*)?(?:{ASKS}|[\w]+-(?:t-)?(?:je|il|elle|on|ils)\b)",
    re.VERBOSE,
)
_OWN_CASE = re.compile(r"(?:mon|ma|notre)\s(?:\S+\s){1,3}?\S+-(?:t-)?(?:il|elle)\b")
"""« Mon permis sera-t-il accordé »: with several, « mon fils et ma fille doivent-ils »."""

_BARE = re.compile(rf"(?:les?\s|la\s|l')?{WHAT}")
HOLDS = re.compile(
    rf"""(?<![\w'-])(?:{ASKS} | {WHAT}) | -(?:t-)?(?:il|elle|on|je|vous)s?\b
    | \b(?:qui|ou|o@|quoi)\s*$""",
    re.VERBOSE,
)
"""What shows, anywhere in a piece, that it asks."""

_ENDS = re.compile(rf"(?<![\w'-])(?:{ASKS}(?:\s\S+){{0,2}}|(?:qui|ou|o@|quoi))\W*$", re.VERBOSE)
_SOMEBODY = re.compile(r"(?:je|j'|on|tu|vous|nous|ils?|elles?|[cs]a)\b")
_JOINS = re.compile(
    rf"""[,;]?\s(?P<and>et|mais|ainsi\sque)(?:\s(?:aussi|puis|sinon|egalement))?\s(?=\S)
    | (?P<ends>\s?\?+\s?)(?:(?:et|mais)\s)?(?:(?:aussi|puis|sinon,?|egalement)\s)?(?=\S)
    | ,\s(?={ASKS})""",
    re.VERBOSE,
)
_WANTS = re.compile(
    rf"(?:(?<![\w'-]){ASKS}|(?<![\w-])(?:indiquer|connaitre|savoir|donner|voudrais|souhaite"
    r"|avoir))\b"
    r"|^(?!(?:les?|la|une?|mon|ma|mes|notre)\s)\S+(?:\s\S+){0,3}$",
    re.VERBOSE,
)
"""Beside a bare « les tarifs », what comes before asks in so many words, or is but a few."""

_OPEN = re.compile(r"\b(?:entre|pourquoi|comment|qui|faut-il|difference)\b")
"""What is asked of two things at once: « entre le tarif commune et le tarif hors commune »."""

_EITHER = re.compile(r"\bou\b")
_NAME_NOTHING = frozenset(
    terms(
        "prix tarif tarifs coût montant horaire horaires heure heures jour jours date adresse lieu"
        " numéro téléphone combien coûte ouvre ferme ouvert payer faut réserver bonjour bonsoir"
        " merci s'inscrire inscription document documents papiers pièces délai durée âge voix fois"
        " commence finit débute termine dure partir donner donne dire dites savoir connaître"
        " indiquer vouloir voudrais souhaite aimerais pouvez pourriez peux puis écris cherche"
        " question questions renseignement allô depuis ai salut va différence madame monsieur"
    )
)


def pieces_of(text: str) -> list[str]:
    """Cut a text where another thing is asked; in one piece where that is not sure.

    >>> pieces_of("Où est la piscine et c'est combien ?")
    ['Où est la piscine', "c'est combien ?"]
    """
    folded = marked(text)
    joins = [*islice(_JOINS.finditer(folded), MOST_JOINS)]
    pieces, start = list[str](), 0
    for place, join in enumerate(joins):
        if len(pieces) == MOST_PARTS - 1:
            break
        end = joins[place + 1].start() if place + 1 < len(joins) else len(text)
        before, after = folded[start : join.start()], folded[join.end() : end]
        is_asked = folded[end:].lstrip().startswith("?")
        is_named = folded.count("«", 0, join.start()) > folded.count("»", 0, join.start())
        if is_named:  # a thing's name
            continue
        if (pieces or own_words(before)) and _is_parting(
            join, before, after.strip(), is_asked=is_asked
        ):
            pieces.append(text[start : join.start()].strip())
            start = join.end()
    return [*pieces, text[start:].strip()]


def marked(text: str) -> str:
    """Fold a text sign for sign, « où » to `o@`; « ou » asks nothing where its writer has accents.

    >>> marked("Où manger, à l'école ou chez soi ?"), marked("Ou est la poste ?")
    ("o@ manger, a l'ecole -- chez soi ?", 'ou est la poste ?')
    """
    folded = flat(text)
    is_accented = any(a.lower() != b for a, b in zip(text, folded, strict=True) if a.isalpha())
    return _EITHER.sub(lambda m: _written(text[m.start() + 1]), folded) if is_accented else folded


def _written(letter: str) -> str:
    return "--" if letter in "uU" else "o@"


def _is_parting(join: re.Match[str], before: str, after: str, *, is_asked: bool) -> bool:
    """Whether both sides of a join ask something."""
    if not _own_or_asks(after):
        return False
    if join["ends"]:
        return _begins(after) or (is_asked and bool(_SOMEBODY.match(after)))
    if join["and"]:
        if _BARE.match(after):
            asks = HOLDS.search(before) and _WANTS.search(before.strip())
            return bool(asks) and not _OPEN.search(before)
        return bool(HOLDS.search(before)) and _begins(after)
    return bool(_OPENS.match(before.rpartition(",")[2].strip()))


def _begins(piece: str) -> bool:
    """Whether a piece is a question: it opens as one, or somebody is spoken of, or it ends so."""
    return bool(
        _OPENS.match(piece)
        or _OWN_CASE.match(piece)
        or (_SOMEBODY.match(piece) and _ENDS.search(piece))
        or (_ENDS.search(piece) and not piece.startswith(("que ", "qu'", "si ", "s'")))
    )


def own_words(text: str) -> frozenset[str]:
    """The words that say what a piece is about."""
    return frozenset(terms(text)) - _NAME_NOTHING


def _own_or_asks(text: str) -> bool:
    return bool(own_words(text) or HOLDS.search(text))
