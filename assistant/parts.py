# SPDX-License-Identifier: EUPL-1.2
"""A message that asks two things, parted, so that each is answered or refused alone.

    "combien de places a la grande salle et est-ce qu'il y a une cuisine ?"
      ─▶ "combien de places a la grande salle ?"
      ─▶ "est-ce qu'il y a une cuisine : de places a la grande salle ?"

A later part takes what was said before the first thing that is asked (« J'habite hors commune »),
the first one's years, and what it is about where the part says little. A small model that reads
both at once answers neither, and what stands in two places is found for neither. In doubt a
message stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from assistant.followups import complete
from assistant.understanding.questions import Question, understand, years_in
from corpus.french import flat, terms
from guardrails.findings import Screened
from guardrails.placeholders import PLACEHOLDER

MOST_PARTS = 3
MOST_JOINS = 12
"""How many places of a long mail are looked at."""

FEW_WORDS = 2
"""A part with as few words of its own does not say what it is about."""

_WHAT = r"(?:prix|tarifs?|horaires?|heures\sd'ouverture|numero|adresse)\b"
_QUI = r"qui\s(?:appel\w+|contact\w+|preven\w+|s'occup\w+|est|faut|dois|doit|puis|peut|je|on)\b"
_OU = (
    r"(?:o@(?!\sil\sy\sa\b)|ou\s(?!(?:non|pas|il\sy\sa|par|les?|la|une?|aux?|en|bien|tout|alors"
    r"|sinon|pour|a|d[eu])\b|l'))"
)
"""Where: `o@` is written with its accent; without, it must not look like « or »."""

_ASKS = rf"""(?:
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
    rf"(?:(?:bonjour|bonsoir)\b[ ,!.]*)?(?:{_ASKS}|[\w]+-(?:t-)?(?:il|elle|on|ils)\b)", re.VERBOSE
)
_BARE = re.compile(rf"(?:les?\s|la\s|l')?{_WHAT}")
_HOLDS = re.compile(
    rf"""(?<![\w'-])(?:{_ASKS} | {_WHAT}) | -(?:t-)?(?:il|elle|on|je|vous)s?\b
    | \b(?:qui|ou|o@|quoi)\s*$""",
    re.VERBOSE,
)
_ENDS = re.compile(rf"(?<![\w'-])(?:{_ASKS}(?:\s\S+){{0,2}}|(?:qui|ou|o@|quoi))\W*$", re.VERBOSE)
_SOMEBODY = re.compile(r"(?:je|j'|on|tu|vous|nous|ils?|elles?|[cs]a)\b")
_JOINS = re.compile(
    rf"""[,;]?\s(?P<and>et|mais|ainsi\sque)(?:\s(?:aussi|puis|sinon|egalement))?\s(?=\S)
    | (?P<ends>\s?\?+\s?)(?:(?:et|mais)\s)?(?:(?:aussi|puis|sinon,?|egalement)\s)?(?=\S)
    | ,\s(?={_ASKS})""",
    re.VERBOSE,
)
_WANTS = re.compile(
    rf"(?<![\w'-])(?:{_ASKS}|indiquer|connaitre|savoir|donner|voudrais|souhaite|avoir)\b"
    r"|^(?!(?:les?|la|une?|mon|ma|mes|notre)\s)\S+(?:\s\S+){0,3}$",
    re.VERBOSE,
)
"""Beside a bare « les tarifs », what comes before asks in so many words, or is but a few."""

_INVERTED = re.compile(r"quel(?:le)?s?\s(?:est|sont|etait|etaient)-(?:ils?|elles?)\b")
_OPEN = re.compile(r"\b(?:entre|pourquoi|comment|qui|faut-il|difference)\b")
"""What is asked of two things at once: « entre le tarif commune et le tarif hors commune »."""

_STANDS_ALONE = re.compile(
    r"\b(?:prix|tarifs?|horaires?|adresse|numero)\s(?:de\b|du\b|des\b|d')"
    r"|\w{4,}\s(?:de\sla|du|des|de\sl')[\s\w]"
    r"|^(?:ou|o@|qui)\s(?:est|sont|se\strouve)\s(?:le|la|les|l')"
)
_ASKING, _LEFT_OUT = (
    re.compile(
        rf"(?<![\w'-])(?:{_ASKS}|{what}que\b|qu'|il\sy\sa\b|vous\b|(?:est|sont|etait|etaient)\b"
        r"|(?:bonjour|bonsoir)\b)",
        re.VERBOSE,
    )
    for what in ("", rf"{_WHAT}|")
)
_ARTICLE = re.compile(r"^(?:les?|la)\s(?=(?:de|du|des)\b|d')")
"""What is left of « le prix de la cantine » once the price is taken out."""

_EITHER = re.compile(r"\bou\b")
_CLAUSE = re.compile(r"[^,;.:]+")
_POLITE = re.compile(
    r"(?:merci(?:\s(?:d'avance|beaucoup|bien))?|(?:bien\s)?cordialement|s'il vous pla[iî]t|svp"
    r"|stp)$",
    re.IGNORECASE,
)
_ENDING = " ?!.,;:"
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


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked: in the words of the message, and as a question that stands alone."""

    words: str
    question: Question


def parts_of(question: Question) -> tuple[Part, ...]:
    """Return what a question asks, one thing a part; itself where it asks one thing.

    What is refused at once is refused whole: a part asks for no more than the message does.

    >>> both = understand(Screened("Où est la piscine et c'est combien ?"))
    >>> [part.words for part in parts_of(both)]
    ['Où est la piscine', "c'est combien ?"]
    """
    whole = (Part(question.text, question),)
    if question.refusal is not None:
        return whole
    pieces = _pieces(" ".join(question.text.split()))
    alone = [pieces[0], *(_completed(piece, pieces[0]) for piece in pieces[1:])]
    each = dict(zip(pieces, alone, strict=True))
    if len(each) < 2 or len({one.casefold() for one in alone}) < 2:
        return whole
    return tuple(
        Part(
            words,
            replace(understand(Screened(_ended(asked))), language=question.language, refusal=None),
        )
        for words, asked in each.items()
    )


def _pieces(text: str) -> list[str]:
    """Cut a text where another thing is asked; in one piece where that is not sure."""
    folded = _read(text)
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
        if (pieces or _own(before)) and _is_parting(join, before, after.strip(), is_asked=is_asked):
            pieces.append(text[start : join.start()].strip())
            start = join.end()
    return [*pieces, text[start:].strip()]


def _read(text: str) -> str:
    """Fold a text sign for sign; « ou » asks nothing where its writer has accents."""
    folded = flat(text)
    is_accented = any(a != b for a, b in zip(text.lower(), folded, strict=True) if a.isalpha())
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
            asks = _HOLDS.search(before) and _WANTS.search(before.strip())
            return bool(asks) and not _OPEN.search(before)
        return bool(_HOLDS.search(before)) and _begins(after)
    return bool(_OPENS.match(before.rpartition(",")[2].strip()))


def _begins(piece: str) -> bool:
    """Whether a piece is a question: it opens as one, or somebody is spoken of, or it ends so."""
    return bool(
        _OPENS.match(piece)
        or (_SOMEBODY.match(piece) and _ENDS.search(piece))
        or (_ENDS.search(piece) and not piece.startswith(("que ", "qu'", "si ", "s'")))
    )


def _own(text: str) -> frozenset[str]:
    """The words that say what a piece is about."""
    return frozenset(terms(text)) - _NAME_NOTHING


def _own_or_asks(text: str) -> bool:
    return bool(_own(text) or _HOLDS.search(text))


def _completed(piece: str, first: str) -> str:
    """Return a piece with what it takes from the first."""
    bare = _unadorned(piece)
    before, asking = _context(first)
    asked = _read(bare)
    said = _subject(asking, whole=bool(_INVERTED.match(asked)))
    if years_in(bare):
        said = _without_years(said)
    if leaning := complete(bare, said):
        whole = leaning.rstrip(_ENDING)
    elif len(_own(bare)) > FEW_WORDS or _STANDS_ALONE.search(asked) or not said:
        whole = bare
    else:
        whole = f"{bare} : {said}"
    context = PLACEHOLDER.sub("", before).strip(_ENDING)
    if context and context not in whole:
        whole = f"{context}, {whole}"
    missing = sorted(years_in(first) - years_in(whole)) if not years_in(bare) else []
    return " ".join([whole, *(f"en {year}" for year in missing)])


def _unadorned(piece: str) -> str:
    return _POLITE.sub("", piece.rstrip(_ENDING)).rstrip(_ENDING)


def _without_years(text: str) -> str:
    for year in years_in(text):
        text = re.sub(rf"(?:\s?\b(?:en|de|pour))?\s?\b{year}\b", "", text)
    return text.strip(_ENDING)


def _context(piece: str) -> tuple[str, str]:
    """Return the clauses before the first one that asks, greetings left out, and the rest."""
    asked = _HOLDS.search(_read(piece))
    end = max(piece.rfind(mark, 0, asked.start()) for mark in ",.;:!") if asked else -1
    said = [clause[0].strip() for clause in _CLAUSE.finditer(piece[: max(0, end)])]
    return ", ".join(clause for clause in said if _own(clause)), piece[max(0, end) :]


def _subject(piece: str, *, whole: bool = False) -> str:
    """Return what a piece is about, less the words that ask: its last clause that says something.

    `whole`: with what is asked of it, for « quel est-il en 2024 ? ».

    >>> _subject("Je loue un gîte, comment déclarer la taxe de séjour ?")
    'déclarer la taxe de séjour'
    """
    left_out = _ASKING if whole else _LEFT_OUT
    clauses = ("".join(_kept(clause, piece, left_out)) for clause in _CLAUSE.finditer(piece))
    said = [" ".join(clause.split()).strip(_ENDING) for clause in clauses if _own(clause)]
    about = PLACEHOLDER.sub("", said[-1]).strip(_ENDING) if said else ""
    return _ARTICLE.sub("", about)


def _kept(clause: re.Match[str], piece: str, left_out: re.Pattern[str]) -> Iterator[str]:
    """Yield what stands between the words that ask, in a clause of a piece."""
    start = clause.start()
    for asks in left_out.finditer(_read(piece), clause.start(), clause.end()):
        yield piece[start : asks.start()]
        start = asks.end()
    yield piece[start : clause.end()]


def _ended(text: str) -> str:
    return text if text.rstrip().endswith(("?", ".", "!")) else f"{text} ?"
