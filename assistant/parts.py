# SPDX-License-Identifier: EUPL-1.2
"""A message that asks two things, parted, so that each is answered or refused alone.

    "combien de places a la grande salle et est-ce qu'il y a une cuisine ?"
      ─▶ "combien de places a la grande salle ?"
      ─▶ "est-ce qu'il y a une cuisine : de places a la grande salle ?"

A later part takes what was said before the first thing that is asked (« J'habite hors commune »),
the first one's years, and what it is about where the part says little. A small model that reads
both at once answers neither, and what stands in two places is found for neither. In doubt a
message stays whole.

    "Où est le CCAS et ai-je droit à une aide ?"   ─▶ the second part is refused, alone
    "Ai-je droit à une aide et combien j'aurai ?"  ─▶ refused whole: one matter
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from assistant.answers import Reason
from assistant.followups import complete, one_blank
from assistant.moments import without_dates
from assistant.understanding.kinds import QuestionKind
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
    rf"(?:(?:bonjour|bonsoir)\b[ ,!.]*)?(?:{_ASKS}|[\w]+-(?:t-)?(?:je|il|elle|on|ils)\b)",
    re.VERBOSE,
)
_OWN_CASE = re.compile(r"(?:mon|ma|notre)\s(?:\S+\s){1,3}?\S+-(?:t-)?(?:il|elle)\b")
"""« Mon permis sera-t-il accordé »: with several, « mon fils et ma fille doivent-ils »."""

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
    rf"(?:(?<![\w'-]){_ASKS}|(?<![\w-])(?:indiquer|connaitre|savoir|donner|voudrais|souhaite"
    r"|avoir))\b"
    r"|^(?!(?:les?|la|une?|mon|ma|mes|notre)\s)\S+(?:\s\S+){0,3}$",
    re.VERBOSE,
)
"""Beside a bare « les tarifs », what comes before asks in so many words, or is but a few."""

_INVERTED = re.compile(r"quel(?:le)?s?\s(?:est|sont|etait|etaient)-(?:ils?|elles?)\b")
_SAID_BEFORE = re.compile(rf"combien\b(?!\sd[e'])|{_INVERTED.pattern}")
"""What leaves its kind to what was said before: « et quel est-il en 2024 ? »."""

_OPEN = re.compile(r"\b(?:entre|pourquoi|comment|qui|faut-il|difference)\b")
"""What is asked of two things at once: « entre le tarif commune et le tarif hors commune »."""

_STANDS_ALONE = re.compile(
    r"\b(?:prix|tarifs?|horaires?|adresse|numero)\s(?:de\b|du\b|des\b|d')"
    r"|\w{4,}\s(?:de\sla|du|des|de\sl')[\s\w]"
    r"|^(?:ou|o@|qui)\s(?:est|sont|se\strouve)\s(?:le|la|les|l')"
)
_REQUEST = r"""(?:(?:pouvez|pourriez)[ -]vous|(?:peux|pourrais)[ -]tu|(?:vous|tu)\s(?:pou\w+|peux)
    |je\s(?:voudrais|souhaite\w*)|j'aimerais)\s(?:me\s|m'|nous\s)?(?:indiquer|donner|dire
    |communiquer|preciser|connaitre|savoir|avoir)\b"""
"""What only asks politely."""

_ASKING, _LEFT_OUT = (
    re.compile(
        rf"(?<![\w'-])(?:{_ASKS}|{what}que\b|qu'|il\sy\sa\b|vous\b|(?:est|sont|etait|etaient)\b"
        r"|(?:bonjour|bonsoir)\b)",
        re.VERBOSE,
    )
    for what in ("", rf"{_REQUEST}|{_WHAT}(?:\sd'ouverture|\sde\stelephone)?|")
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
_GRANTED = re.compile(
    r"(?=.*\b(?:combien|montants?|sommes?)\b)"
    r"(?=.*(?:\b(?:je|on|nous|me|lui|leur|ils?|elles?|mon|ma|mes|notre|nos)\b|\b[jm]'))"
    r".*\b(?:touch|perce|perco|recev|recoi|obt|aur|avoir|accord|verse|donn|rembours|droit)"
)
"""How much somebody in particular is given: a verdict told in euros."""

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
_CLAIM = frozenset(
    terms(
        "toucher percevoir recevoir obtenir bénéficier aurai aura droit argent somme mois an"
        " demander demande dossier formulaire condition réponse suite démarche faire trouver"
        " retirer remplir déposer envoyer contacter"
    )
)
"""What is said of any claim: a part with no other word is about the claim beside it."""

_REFUSED = (Reason.PERSONAL_DATA, Reason.INDIVIDUAL_VERDICT, Reason.OFF_TOPIC)
"""Which refusal of a part is told first of the whole."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked: in the words of the message, and as a question that stands alone."""

    words: str
    question: Question


Sensing = Callable[[Question], Question]
"""Adds the refusal of a question that must not be answered (`understanding/sensitive.py`)."""


def parts_of(question: Question, sensitive: Sensing = lambda one: one) -> tuple[Part, ...]:
    """Return what a question asks, one thing a part; itself where it asks one thing.

    Beside a verdict, what is about another matter is a part that may be answered; any other
    refusal is of the whole. `sensitive` refuses what the forms do not see.

    >>> both = understand(Screened("Où est la piscine et c'est combien ?"))
    >>> [part.words for part in parts_of(both)]
    ['Où est la piscine', "c'est combien ?"]
    >>> mixed = understand(Screened("Où est le CCAS et est-ce que j'ai droit au RSA ?"))
    >>> [part.question.refusal for part in parts_of(mixed)]
    [None, <Reason.INDIVIDUAL_VERDICT: 'individual_verdict'>]
    """
    whole = (Part(question.text, question),)
    first, *later = dict.fromkeys(_pieces(one_blank(question.text)))
    if not later or question.refusal not in {None, Reason.INDIVIDUAL_VERDICT}:
        return whole
    parts = [_part(first, first, question, sensitive)]
    leans = parts[0].question.refusal is None
    for piece in later:
        parts.append(_part(piece, _completed(piece, first, leans=leans), question, sensitive))
    if len({_unadorned(part.question.text).casefold() for part in parts}) < 2:
        return whole
    refusals = [part.question.refusal for part in parts]
    in_part = next((reason for reason in _REFUSED if reason in refusals), None)
    told = question.refusal or in_part
    others = [part for part in parts if part.question.refusal is None]
    if told and (told not in refusals or not others or any(map(_continues, others))):
        return (Part(question.text, replace(question, refusal=told)),)
    return tuple(parts)


def _part(words: str, asked: str, whole: Question, sensitive: Sensing) -> Part:
    """Understand a part from its own words and from the completed ones."""
    own, completed = (understand(Screened(_ended(text))) for text in (words, asked))
    is_open = own.kind in {QuestionKind.COUNT, QuestionKind.FACT}
    is_open &= _SAID_BEFORE.match(_read(words)) is not None
    question = replace(
        completed,
        kind=completed.kind if is_open else own.kind,
        language=whole.language,
        years=years_in(without_dates(completed.text)),
        refusal=_refusal(own, completed, sensitive),
    )
    return Part(words, question)


def _refusal(own: Question, completed: Question, sensitive: Sensing) -> Reason | None:
    """Return why a part is not answered.

    The forms take somebody whom another part names for one who is asked about; the learnt lines
    take « son numéro » for a person's where nothing says whose.
    """
    if own.refusal or completed.refusal is not Reason.PERSONAL_DATA:
        told = own.refusal or completed.refusal
    else:
        told, completed = None, replace(completed, refusal=None)
    heard = ((own, Reason.INDIVIDUAL_VERDICT), (completed, Reason.PERSONAL_DATA))
    return told or next((why for one, why in heard if sensitive(one).refusal is why), None)


def _continues(part: Part) -> bool:
    """Whether a part is about the claim beside it: it names no other matter, or asks how much."""
    return _own(part.words) <= _CLAIM or bool(_GRANTED.match(_read(part.words)))


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
            asks = _HOLDS.search(before) and _WANTS.search(before.strip())
            return bool(asks) and not _OPEN.search(before)
        return bool(_HOLDS.search(before)) and _begins(after)
    return bool(_OPENS.match(before.rpartition(",")[2].strip()))


def _begins(piece: str) -> bool:
    """Whether a piece is a question: it opens as one, or somebody is spoken of, or it ends so."""
    return bool(
        _OPENS.match(piece)
        or _OWN_CASE.match(piece)
        or (_SOMEBODY.match(piece) and _ENDS.search(piece))
        or (_ENDS.search(piece) and not piece.startswith(("que ", "qu'", "si ", "s'")))
    )


def _own(text: str) -> frozenset[str]:
    """The words that say what a piece is about."""
    return frozenset(terms(text)) - _NAME_NOTHING


def _own_or_asks(text: str) -> bool:
    return bool(_own(text) or _HOLDS.search(text))


def _completed(piece: str, first: str, *, leans: bool) -> str:
    """Return a piece with what it takes from the first; `leans`: what that is about, too."""
    bare = _unadorned(piece)
    before, asking = _context(first)
    asked = _read(bare)
    said = _subject(asking, whole=bool(_INVERTED.match(asked))) if leans else ""
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
    named = years_in(without_dates(first))  # an added one stays marked as such (`moments.py`)
    return whole + "".join(f" en {y}" if y in named else f"\u00a0({y})" for y in missing)


def _unadorned(piece: str) -> str:
    return _POLITE.sub("", piece.rstrip(_ENDING)).rstrip(_ENDING)


def _without_years(text: str) -> str:
    text = without_dates(text)
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
    said = [one_blank(clause).strip(_ENDING) for clause in clauses if _own(clause)]
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
