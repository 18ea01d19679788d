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
from assistant.leaning import names_nothing, points
from assistant.pieces import own_words
from assistant.replying.asking import Asking
from assistant.replying.cutting import asked_things
from assistant.replying.letter import Letter
from assistant.replying.lines import at_both_ends, units
from assistant.replying.matter import aside, matter_of, named, topic
from assistant.replying.wording import worded
from corpus.french import flat, terms

MOST_QUESTIONS = 12
"""Questions of one letter that are taken up; that there are more is told."""


MAX_QUESTION_CHARS = 320

MOST_LOOKED_AT, MOST_STATEMENTS = 4, 2
"""Of the last statements before a question that leans on them, the nearest are what it is about."""

FEW_WORDS = 2
"""A question with as few words of its own may have lost what it is about."""


_BACKWARDS = re.compile(
    r"\b(?:ce (?:jour|moment|soir|matin)-la|(?:la|le|les) mem?es? (?:chose|duree|prix|periode)"
    r"|l'autre$|(?:la|le) (?:mienne?|sienne?|notre)|pour ca|pour cela|celui-la|celle-la"
    r"|that day|the same)\b"
)
"""What points at what was said, in whatever question."""

_RELATIVE = re.compile(r"\s(?:qui|que|dont)\s[^?]+(?=\?|$)")


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
class _Said:
    """What a sentence says before the next is read; `about`: what its question was completed
    with; `sentence` counts the sentences."""

    paragraph: int
    text: str
    sentence: int = -1
    is_question: bool = False
    about: str = ""

    @property
    def matter(self) -> str:
        """What it is about, for who leans on it."""
        if not self.is_question:
            return topic(self.text)
        return self.about or matter_of(self.text)


@dataclass(slots=True)
class Questions:
    """The questions of one letter, in their order; `more`: how many were left."""

    asked: list[str] = field(default_factory=list)
    more: int = 0


Sentence = Callable[[str], Asking]
Near = Callable[[str, str], float]


def no_nearer(question: str, statement: str) -> float:
    """All are as near: the last said are taken."""
    return 0.0


def questions_of(letter: Letter, asks: Sentence, near: Near = no_nearer) -> Questions:
    """Return what a letter asks; `near` tells how near a statement is to a question."""
    found, seen = Questions(), set[frozenset[str]]()
    before = list[_Said]()
    subject = topic(letter.subject)
    leads = dict[str, bool]()
    for number, unit in enumerate(at_both_ends([*units(letter.body)])):
        text = unit.text
        told = asks(text)
        if unit.lead:
            if unit.lead not in leads:
                leads[unit.lead] = asks(f"{unit.lead.rstrip(' :')} {text}").is_asked
            told = Asking(max(told.asks, 1.0), told.leans) if leads[unit.lead] else told
        if not told.is_asked:
            before.append(_Said(unit.paragraph, text))
            continue
        context, things = asked_things(text, is_item=bool(unit.lead))
        if context:
            before.append(_Said(unit.paragraph, context))
        for thing in things:
            question = worded(thing)
            if not question:
                continue
            leaning = told if len(things) == 1 and not context else asks(question)
            place = _Place(unit.paragraph, number, before, subject, near, aside(context), context)
            question = named(question, [subject, *(said.text for said in before)])
            asked, about = standing_alone(question, leaning, place, goes_on=thing.goes_on)
            before.append(_Said(unit.paragraph, asked, number, is_question=True, about=about))
            alone = _fit(f"{asked.rstrip(' ?.!')} : {about} ?" if about else asked)
            key = frozenset(_SAME.get(term, term) for term in terms(alone)) or frozenset({alone})
            if key in seen:
                continue
            seen.add(key)
            if len(found.asked) >= MOST_QUESTIONS:
                found.more += 1
            else:
                found.asked.append(alone)
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a question stands: its paragraph and sentence, what was said before, the subject line,
    what tells how near two sentences are, and what its own sentence is about and
    tells."""

    paragraph: int
    sentence: int
    before: Sequence[_Said]
    subject: str
    near: Near
    context: str = ""
    told: str = ""


def standing_alone(
    question: str, told: Asking, place: _Place, *, goes_on: bool = False
) -> tuple[str, str]:
    """Return a question, completed by the one before it, and what it is about where it does not say
    so itself."""
    before = place.before
    previous = next((said for said in reversed(before) if said.is_question), None)
    is_leaning = told.is_leaning or goes_on or _only_points(question)
    if before and not before[-1].is_question and before[-1].paragraph == place.paragraph:
        is_leaning |= not own_words(question)  # « Je cherche la clef, c'est combien ? »
    if not is_leaning:
        says = _condition(question, place)
        is_pointing = not says and points(flat(question).strip(" ?.!"))
        return question, place.subject if is_pointing else says
    if previous and (before[-1] is previous or goes_on):
        taken_up = f"Et {question[:1].lower()}{question[1:]}" if goes_on else question
        whole = complete(_RELATIVE.sub("", taken_up), previous.text)
        if whole and " : " not in whole:
            lost = own_words(previous.text) - own_words(whole)
            is_bare = len(own_words(whole)) <= FEW_WORDS
            return whole, previous.about or (matter_of(previous.text) if lost and is_bare else "")
    about = _about(question, place)
    condition = _condition(f"{question} {about}", place) if about else ""
    return question, f"{about}, {condition}" if condition not in about else about


def _condition(question: str, place: _Place) -> str:
    """Return what the answer depends on and the question leaves out: a figure that its own sentence
    gives before it; for a price of what is paid by income, the quotient that the letter tells."""
    told = [c.strip() for c in re.split(r"[,;:]\s", place.told) if re.search(r"\d", c)]
    if told and not re.search(r"\d", question):
        return told[-1]
    folded = flat(question)
    if not _BY_INCOME.search(folded) or not _PRICE.search(folded) or "quotient" in folded:
        return ""
    found = {m["figure"] for said in place.before for m in _QUOTIENT.finditer(flat(said.text))}
    return f"quotient {found.pop()}" if len(found) == 1 else ""


def _only_points(question: str) -> bool:
    """Whether a question speaks of something that another sentence names: « combien il coûte »."""
    folded = flat(question).strip(" ?.!")
    return _BACKWARDS.search(folded) is not None or (points(folded) and names_nothing(folded))


def _about(question: str, place: _Place) -> str:
    """Return what a leaning question is about: what its paragraph said, the subject line, what was
    said earlier."""
    own = own_words(question)
    by_subject = own_words(place.subject) - own
    if own_words(place.context) - own:
        is_nearer = by_subject and place.near(question, place.subject) > place.near(
            question, place.context
        )
        return f"{place.subject}, {place.context}" if is_nearer else place.context
    told = [said for said in place.before if own_words(said.matter) - own]
    here = [said for said in told if said.paragraph == place.paragraph]
    beside = next((said for said in here if said.sentence == place.sentence), None)
    if beside:  # « les modalités des subventions, la date limite … »: all are of the first
        return beside.matter
    if here and here[-1].is_question:
        return here[-1].matter
    if here:
        last = here[-MOST_LOOKED_AT:]
        if by_subject:
            last = [_Said(place.paragraph, place.subject), *last]
        nearest = sorted(last, key=lambda said: place.near(question, said.text))[-MOST_STATEMENTS:]
        return ", ".join(dict.fromkeys(said.matter for said in last if said in nearest))
    if own_words(place.subject) - own:
        return place.subject
    return told[-1].matter if told else ""


def _fit(question: str) -> str:
    if len(question) <= MAX_QUESTION_CHARS:
        return question
    return question[: MAX_QUESTION_CHARS - 2].rsplit(" ", 1)[0].rstrip(" ,;:?") + " ?"
