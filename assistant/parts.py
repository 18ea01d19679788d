# SPDX-License-Identifier: EUPL-1.2
"""A message that asks two things, parted, so that each is answered or refused alone.

    "combien de places a la grande salle et est-ce qu'il y a une cuisine ?"
      ─▶ "combien de places a la grande salle ?"
      ─▶ "est-ce qu'il y a une cuisine : places a la grande salle ?"

A later part takes what was said before the first thing that is asked (« J'habite hors commune »),
the first one's years, and what it is about where the part says little. A small model that reads
both at once answers neither, and what stands in two places is found for neither. In doubt a
message stays whole.

    message ──pieces.py──▶ pieces ──completed (followups.py)──▶ questions ──understood──▶ parts

    "Où est le CCAS et ai-je droit à une aide ?"   ─▶ the second part is refused, alone
    "Ai-je droit à une aide et combien j'aurai ?"  ─▶ refused whole: one matter
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.answers import Reason
from assistant.followups import complete, one_blank
from assistant.moments import without_dates
from assistant.pieces import ASKS, HOLDS, WHAT, marked, own_words, pieces_of
from assistant.understanding.questions import Question, QuestionKind, understand, years_in
from assistant.understanding.reading import ReadMatter
from corpus.french import terms
from guardrails.findings import Screened
from guardrails.placeholders import PLACEHOLDER

FEW_WORDS = 2
"""A part with as few words of its own does not say what it is about."""

_INVERTED = re.compile(r"quel(?:le)?s?\s(?:est|sont|etait|etaient)-(?:ils?|elles?)\b")
_SAID_BEFORE = re.compile(rf"combien\b(?!\sd[e'])|{_INVERTED.pattern}")
"""What leaves its kind to what was said before: « et quel est-il en 2024 ? »."""

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
        rf"(?<![\w'-])(?:{ASKS}|{what}que\b|qu'|il\sy\sa\b|vous\b|(?:est|sont|etait|etaient)\b"
        r"|(?:bonjour|bonsoir)\b)",
        re.VERBOSE,
    )
    for what in ("", rf"{_REQUEST}|{WHAT}(?:\sd'ouverture|\sde\stelephone)?|")
)
_ARTICLE = re.compile(r"^(?:les?|la)\s(?=(?:de|du|des)\b|d')")
"""What is left of « le prix de la cantine » once the price is taken out."""

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
_CLAIM = frozenset(
    terms(
        "toucher percevoir recevoir obtenir bénéficier aurai aura droit argent somme mois an"
        " demander demande dossier formulaire condition réponse suite démarche faire trouver"
        " retirer remplir déposer envoyer contacter"
    )
)
"""What is said of any claim: a part with no other word is about the claim beside it."""

_REFUSED = (Reason.PERSONAL_DATA, Reason.INDIVIDUAL_VERDICT)
_POINTS = re.compile(r"\b(?:ils?|elles?|son|sa|ses|leurs?|lui)\b", re.IGNORECASE)
"""Which refusal of a part is told first of the whole."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked: in the words of the message, and as a question that stands alone."""

    words: str
    question: Question


def parts_of(question: Question, read: ReadMatter) -> tuple[Part, ...]:
    """Return what a question asks, one thing a part; itself where it asks one thing.

    `read` tells what each part is. Beside a verdict, what is about another matter is a part that
    may be answered; any other refusal is of the whole: what else is asked may go on about the same
    person.

    >>> both = understand(Screened("Où est la piscine et c'est combien ?"))
    >>> [part.words for part in parts_of(both, lambda question: question)]
    ['Où est la piscine', "c'est combien ?"]
    """
    whole = (Part(question.text, question),)
    first, *later = dict.fromkeys(pieces_of(one_blank(question.text)))
    if not later or question.refusal not in {None, Reason.INDIVIDUAL_VERDICT}:
        return whole
    parts = [_part(first, first, question, read)]
    leans = parts[0].question.refusal is None
    for piece in later:
        parts.append(_part(piece, _completed(piece, first, leans=leans), question, read))
    if len({_unadorned(part.question.text).casefold() for part in parts}) < 2:
        return whole
    refusals = [part.question.refusal for part in parts]
    in_part = next((reason for reason in _REFUSED if reason in refusals), None)
    told = question.refusal or in_part
    others = [part for part in parts if part.question.refusal is None]
    is_whole = told not in refusals or not others or any(map(_continues, others))
    if told and (is_whole or told is not Reason.INDIVIDUAL_VERDICT):
        return (Part(question.text, replace(question, refusal=told)),)
    return tuple(parts)


def _part(words: str, asked: str, whole: Question, read: ReadMatter) -> Part:
    """Understand a part from its own words and from the completed ones."""
    own, completed = (read(understand(Screened(_ended(text)))) for text in (words, asked))
    is_open = own.kind in {QuestionKind.COUNT, QuestionKind.FACT}
    is_open &= _SAID_BEFORE.match(marked(words)) is not None
    question = replace(
        completed,
        kind=completed.kind if is_open else own.kind,
        language=whole.language,
        years=years_in(without_dates(completed.text)),
        refusal=_refusal(own, completed),
    )
    return Part(words, question)


def _refusal(own: Question, completed: Question) -> Reason | None:
    """Return why a part is not answered: a verdict is heard in its own words, as the other part may
    lend it somebody's case; whose data are asked for in the completed ones too, as « son numéro »
    alone does not say whose."""
    if own.refusal is Reason.INDIVIDUAL_VERDICT:
        return own.refusal
    heard = {completed.refusal} | ({own.refusal} if not _POINTS.search(own.text) else set())
    return Reason.PERSONAL_DATA if Reason.PERSONAL_DATA in heard else None


def _continues(part: Part) -> bool:
    """Whether a part is about the claim beside it: it names no other matter, or asks how much."""
    return own_words(part.words) <= _CLAIM or bool(_GRANTED.match(marked(part.words)))


def _completed(piece: str, first: str, *, leans: bool) -> str:
    """Return a piece with what it takes from the first; `leans`: what that is about, too."""
    bare = _unadorned(piece)
    before, asking = _context(first)
    asked = marked(bare)
    said = _subject(asking, whole=bool(_INVERTED.match(asked))) if leans else ""
    if years_in(bare):
        said = _without_years(said)
    if leaning := complete(bare, said):
        whole = leaning.rstrip(_ENDING)
    elif len(own_words(bare)) > FEW_WORDS or _STANDS_ALONE.search(asked) or not said:
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
    asked = HOLDS.search(marked(piece))
    end = max(piece.rfind(mark, 0, asked.start()) for mark in ",.;:!") if asked else -1
    said = [clause[0].strip() for clause in _CLAUSE.finditer(piece[: max(0, end)])]
    return ", ".join(clause for clause in said if own_words(clause)), piece[max(0, end) :]


def _subject(piece: str, *, whole: bool = False) -> str:
    """Return what a piece is about, less the words that ask: its last clause that says something.

    `whole`: with what is asked of it, for « quel est-il en 2024 ? ».

    >>> _subject("Je loue un gîte, comment déclarer la taxe de séjour ?")
    'déclarer la taxe de séjour'
    """
    left_out = _ASKING if whole else _LEFT_OUT
    clauses = ("".join(_kept(clause, piece, left_out)) for clause in _CLAUSE.finditer(piece))
    said = [one_blank(clause).strip(_ENDING) for clause in clauses if own_words(clause)]
    about = PLACEHOLDER.sub("", said[-1]).strip(_ENDING) if said else ""
    return _ARTICLE.sub("", about)


def _kept(clause: re.Match[str], piece: str, left_out: re.Pattern[str]) -> Iterator[str]:
    """Yield what stands between the words that ask, in a clause of a piece."""
    start = clause.start()
    for asks in left_out.finditer(marked(piece), clause.start(), clause.end()):
        yield piece[start : asks.start()]
        start = asks.end()
    yield piece[start : clause.end()]


def _ended(text: str) -> str:
    return text if text.rstrip().endswith(("?", ".", "!")) else f"{text} ?"
