# SPDX-License-Identifier: EUPL-1.2
"""From a letter to its questions, one for one, each of which stands alone.

    Letter ─▶ sentences ─Asks▶ those that ask ─cut▶ one thing each ─worded▶ questions
                                                    └ what it is about, from what stands before

    "Mon fils entre au CP. Quels papiers faut-il ? Et pour sa sœur ?"
      ─▶ "Quels papiers faut-il : mon fils entre au CP ?"
      ─▶ "Quels papiers faut-il : mon fils entre au CP, pour sa sœur ?"

What is asked twice is asked once. Nothing is asked that no sentence asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.followups import complete
from assistant.leaning import is_part
from assistant.replying.asking import Asking, by_form
from assistant.replying.cutting import asked_things
from assistant.replying.letter import Letter
from assistant.replying.lines import at_both_ends, units
from assistant.replying.matter import (
    BY_PLACE,
    SUBJECT,
    Beside,
    Leaning,
    Matters,
    Said,
    clauses,
    matter_of,
    said_of,
)
from assistant.replying.wording import worded
from corpus.french import flat, terms

MOST_QUESTIONS = 12
"""Questions of one letter that are taken up; that there are more is told."""


MAX_QUESTION_CHARS = 320

_REPLIED = re.compile(r"^(?:(?:re|tr|fwd?)\s?:\s*)+", re.IGNORECASE)

_PRICE = re.compile(r"\b(?:prix|tarifs?|forfait|combien|cout\w*|montant|paye\w*|paie)\b")
_BY_INCOME = re.compile(
    r"\b(?:cantine|repas|gouter|garderie|etude|periscolaire|mercredi|centre|accueil|creche|halte|forfait"
    r"|sejour|colonie|restauration)\b"
)
_QUOTIENT = re.compile(
    r"\b(?:quotient(?: familial)?|qf)\b(?: \w+){0,3}? (?:est |etait )?"
    r"(?:de |a |: ?)?(?P<figure>\d[\d ]{1,5}\d)\b"
)

_SAME = {
    term: measure
    for measure, words in (
        ("prix", "prix tarif tarifs coût coûte coûter combien montant payer"),
        ("horaire", "horaire horaires heure heures ouvert ouverte ouvre ouverture"),
        ("papier", "papier papiers pièce pièces document documents justificatif justificatifs"),
    )
    for term in terms(words)
}
"""Words that ask for the same: who sums up at the end asks nothing twice."""


@dataclass(slots=True)
class Questions:
    """The questions of one letter, in their order; `more`: how many were left."""

    asked: list[str] = field(default_factory=list)
    more: int = 0


Sentence = Callable[[str], Asking]


def questions_of(letter: Letter, asks: Sentence, beside: Beside = BY_PLACE) -> Questions:
    """Return what a letter asks; `beside` tells which statements complete a question."""
    found, seen = Questions(), set[frozenset[str]]()
    subject = _REPLIED.sub("", letter.subject)
    told_so_far = _Told(Matters(beside), said_of(subject, SUBJECT, SUBJECT))
    leads = dict[str, bool]()
    item = 0
    each = [*units(letter.body)] or [*units([subject])]
    for number, unit in enumerate(at_both_ends(each)):
        text = unit.text
        told = asks(text)
        is_led = bool(unit.lead) and unit.paragraph != item  # an item's first sentence, no other
        if is_led:
            item = unit.paragraph
            if unit.lead not in leads:
                whole = by_form(f"{unit.lead.rstrip(' :')} {text}")
                leads[unit.lead] = whole.is_asked or asks(unit.lead).is_asked
            told = Asking(max(told.asks, 1.0), told.leans) if leads[unit.lead] else told
        if not told.is_asked:
            told_so_far.said += said_of(text, number, unit.paragraph)
            continue
        context, things = asked_things(text, is_item=is_led)
        told_so_far.said += said_of(context, number, unit.paragraph)
        for thing in things:
            question = worded(thing)
            if not question:
                continue
            leaning = told if len(things) == 1 and not context else asks(question)
            place = Leaning(question, number, unit.paragraph, leaning.leans)
            alone = told_so_far.standing_alone(place, context, goes_on=thing.goes_on)
            key = frozenset(_SAME.get(term, term) for term in terms(alone)) or frozenset({alone})
            if key in seen:
                continue
            seen.add(key)
            if len(found.asked) >= MOST_QUESTIONS:
                found.more += 1
            else:
                found.asked.append(alone)
    return found


@dataclass(slots=True)
class _Told:
    """What a letter said up to a question, and its question before."""

    matters: Matters
    said: list[Said] = field(default_factory=list)
    previous: str = ""

    def standing_alone(self, asked: Leaning, context: str, *, goes_on: bool) -> str:
        """Return a question with what it is about, where it does not say so itself: the question
        before it for one that goes on, clauses of the letter for any other."""
        question, leans = asked.question, asked.leans
        is_next = bool(self.said) and self.said[-1].is_question
        is_fragment = is_part(flat(question))
        if self.previous and is_fragment and (goes_on or is_next):
            taken_up = f"Et {question[:1].lower()}{question[1:]}" if goes_on else question
            whole = complete(taken_up, self.previous)
            if whole and " : " not in whole:
                question, leans = whole, -abs(leans)
        place = Leaning(question, asked.sentence, asked.paragraph, leans)
        about = self.matters.of(place, self.said)
        condition = _condition(" ".join([question, *about]), context, self.said)
        if condition and not any(condition in clause for clause in about):
            about.append(condition)
        matter = matter_of(question)
        self.said.append(Said(asked.sentence, asked.paragraph, question, matter, is_question=True))
        self.previous = question
        return _fit(f"{question.rstrip(' ?.!')} : {', '.join(about)} ?" if about else question)


def _condition(question: str, context: str, said: Sequence[Said]) -> str:
    """Return what the answer depends on and the question leaves out: a figure that its own sentence
    gives before it; for a price of what is paid by income, the quotient that the letter tells."""
    told = [clause for clause in clauses(context) if re.search(r"\d", clause)]
    if told and not re.search(r"\d", question):
        return told[-1]
    folded = flat(question)
    if not _BY_INCOME.search(folded) or not _PRICE.search(folded) or "quotient" in folded:
        return ""
    found = {m["figure"] for one in said for m in _QUOTIENT.finditer(flat(one.text))}
    return f"quotient {found.pop()}" if len(found) == 1 else ""


def _fit(question: str) -> str:
    if len(question) <= MAX_QUESTION_CHARS:
        return question
    return question[: MAX_QUESTION_CHARS - 2].rsplit(" ", 1)[0].rstrip(" ,;:?") + " ?"
