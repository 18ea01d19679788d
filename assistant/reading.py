# SPDX-License-Identifier: EUPL-1.2
"""What the model answers from one excerpt, and which sentence of it carries that.

    Frame, Excerpt ─▶ a short answer, or « Je ne sais pas » ─▶ Reading(said, carrier, …)

What the model says is never trusted: the sentence that holds its figures, names and words is
looked for among those that may be quoted, and how much of it stands there is measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.errors import OddsUnknown
from assistant.evidence import IN_RANGE, Candidate
from assistant.excerpts import Excerpt
from assistant.grounding import numbers
from assistant.items import with_neighbours
from assistant.leaving import stop_if_gone
from assistant.prompt import Frame
from assistant.rows import day_told, is_row, labels, lettered, named_alike
from assistant.seams import LanguageModel, ProbedModel, Prompt
from assistant.selection import Selection
from assistant.understanding.questions import Question, QuestionKind
from corpus.french import fold, terms
from guardrails.placeholders import PLACEHOLDER

MAX_SAID_TOKENS = 60
NUMBER_WEIGHT = 3
"""How many words a figure counts for: it is mostly what was asked."""

MAX_CARRIERS = 3
WORTH_A_QUOTE = 0.15
"""How much more of an answer another sentence must carry to be quoted too."""

LEANS = -0.45
"""Logarithm of the probability of not knowing (64 %) up to which the model is asked again."""

HOPELESS = -2.0
"""Log-odds of the probe below which the model is not asked: its right readings have more."""

CARRIED_FROM = 0.3
"""Of 62 tunable readings that carried less, 3 were right, none of them sure."""

TIE_BREAK = 0.05
"""What the weigher's score counts for between sentences that carry the same."""

_CIVILITIES = frozenset(terms("monsieur madame mademoiselle messieurs mesdames mme mmes"))
YES_OR_NO = re.compile(r"^(?:oui|non|yes|no)\b\W*", re.IGNORECASE)
"""No source says it: the rest of the sentence does."""

_SOURCE = (
    r"\b(?:extrait|texte|document|passage|source|page|reglement|arrete|deliberation|article"
    r"|compte[- ]rendu|proces-verbal|convention|tableau|fiche)s?(?: (?!qui\b)[^\s.;,]+){0,5}?"
)
_TELLS_NOTHING = (
    r" n(?:e |')(?:le |la |les |l'|en )?(?:"
    r"(?:contien|precis|mentionn|indiqu|parl|dit|disent)\w* (?:pas|rien|aucun)"
    r"|donn\w* (?:pas|rien|aucun)(?! (?:lieu|droit|acces)\b)"
    r"|repond\w* (?:pas|rien)(?! de\b| aux (?!questions?\b))"
    r"|permet\w* pas de (?:repondre|savoir|dire))"
)
_UNKNOWN = re.compile(
    # a rule says « ne donne pas lieu à remboursement » too: only a source can tell nothing
    rf"(?:{_SOURCE}|(?:^|[.;,] )(?:il|elle|cela)){_TELLS_NOTHING}"
    r"|\bsais pas\b|\bon ne (?:le )?sait pas\b|pas (?:d'information|(?:mentionne|precise)e?s?\b)"
    r"|pas de reponse(?! (?:dans (?:les|un|le delai)|sous|avant|apres|au bout)\b)"
    r"|\bi (?:do not|don't) know|\b(?:extract|excerpt|text|document|passage|source|page|it)s?"
    r"(?: \S+){0,3} do(?:es)?(?: not|n't) (?:say|answer|mention|contain|state|tell)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one excerpt gave.

    `said` is what the model answered, in its own words; `carrier` the sentence that holds most of
    the answer; `rank` its place among all (from 0), a row's that of the first which the question
    does not tell from it; `carried` how much (0 to 1) of what the question does not hold already,
    `within` the same of the whole excerpt; what adds nothing, a yes or a no, is carried by the
    likeliest sentence of all. `together` is the same of all that is quoted where other lines come
    with the carriers (a week's hours), otherwise 0. `answerable` is the probe's log-odds that the
    excerpt answers, `alone` that the quotes do without it; for a model without a probe, `unknown`
    is the logarithm of the probability that it says that it does not know. For a model that was
    taught to select, `selected` is the log-odds of the likeliest line that would be quoted,
    `behind` how far that is behind the likeliest of all (0 or less). `quoted` are the sentences
    that the model pointed at, where it was asked to: no other carries what it said.
    """

    said: str
    carrier: Candidate
    rank: int
    carried: float
    within: float
    together: float = 0.0
    unknown: float | None = None
    answerable: float | None = None
    alone: float | None = None
    selected: float | None = None
    behind: float | None = None
    quoted: tuple[Candidate, ...] = ()

    @property
    def is_borne(self) -> bool:
        """Whether what would be quoted says some of the answer; who is hidden in it, the pipeline
        tells."""
        held = max(self.carried, self.together)
        return held >= CARRIED_FROM or bool(PLACEHOLDER.search(self.said))

    def carriers(self, excerpt: Excerpt, question: str) -> list[Candidate]:
        """Return the sentences that carry the answer together, in their order, three at most."""
        chosen, held = [self.carrier], self.carried
        may_carry = self.quoted or excerpt.candidates
        while held < 1 and len(chosen) < MAX_CARRIERS:
            text = " ".join(c.text for c in chosen)
            adds = {
                place: carried(self.said, f"{text} {other.text}", question)
                for place, other in enumerate(may_carry)
                if other not in chosen and other.told  # a title tells nothing
            }
            best = max(adds, key=adds.__getitem__, default=None)
            if best is None or adds[best] < held + WORTH_A_QUOTE:
                break
            chosen.append(may_carry[best])
            held = adds[best]
        return sorted(chosen, key=lambda c: c.start)


def read(
    model: LanguageModel,
    frame: Frame,
    index: int,
    excerpt: Excerpt,
    selection: Selection | None = None,
) -> Reading | None:
    """Ask the model what one excerpt answers; nothing where it says that it does not know.

    A small model is timid: where it only leans to not knowing, or its probe says that the answer
    may be there, it is asked for what it would say otherwise.
    """
    prompt, unknown = frame.read(index), None
    answerable = model.answerability(prompt) if isinstance(model, ProbedModel) else None
    if answerable is None:
        unknown = _doubt(model, prompt, frame.unknown)
        if unknown is not None and unknown >= LEANS:
            return None  # its likeliest words at each step: they need not be written to be known
    elif answerable < HOPELESS:
        return None
    shown = _written(model, prompt)
    if is_unknown(shown):
        shown = _written(model, prompt, instead_of=frame.unknown)
    if is_unknown(shown):
        return None
    said = frame.in_the_words_of(index, shown)
    reading, quotes = borne_out(said, excerpt, frame.question, selection)
    reading = replace(reading, unknown=unknown, answerable=answerable)
    if not reading.is_borne:
        return reading
    stop_if_gone()
    if answerable is None or not isinstance(model, ProbedModel):
        return reading
    alone = model.answerability(frame.alone(index, [quote.text for quote in quotes]))
    return replace(reading, alone=alone)


def borne_out(
    said: str,
    excerpt: Excerpt,
    question: str,
    selection: Selection | None,
    quoted: Sequence[Candidate] = (),
) -> tuple[Reading, list[Candidate]]:
    """Return what a model said with the sentences of an excerpt that carry it (of those `quoted`,
    where there are any), and what would be quoted with them."""
    may_carry = quoted or excerpt.candidates
    carrier = max(may_carry, key=lambda c: carried(said, c.text, question) + TIE_BREAK * c.score)
    row = _row_that_is_meant(carrier, may_carry, question)
    if row is not carrier:
        said, carrier = row.text, row
    is_borne_out = carrier.rank == 0 and not adds_something(said, question)
    reading = Reading(
        said=said,
        carrier=carrier,
        rank=carrier.rank,
        carried=1.0 if is_borne_out else carried(said, carrier.text, question),
        within=1.0 if is_borne_out else carried(said, excerpt.text, question),
        quoted=tuple(quoted),
    )
    carriers = reading.carriers(excerpt, question)
    quotes = with_neighbours(carriers, question)
    reading = replace(reading, rank=_rank(carrier, quotes, excerpt.candidates, question))
    if len(quotes) > len(carriers):
        together = carried(said, " ".join(quote.text for quote in quotes), question)
        reading = replace(reading, together=together)
    if selection and reading.is_borne:
        selected = selection.of(quotes)
        reading = replace(reading, selected=selected, behind=selected - selection.best)
    return reading, quotes


def _rank(
    carrier: Candidate, quotes: Sequence[Candidate], candidates: Sequence[Candidate], question: str
) -> int:
    """Place of the first of the rows that the question does not tell from a carrier; of days, of
    those of its own week."""
    week = {quote.start for quote in quotes} if day_told(carrier.text) else None
    return min(
        one.rank
        for one in (carrier, *candidates)
        if one is carrier
        or (named_alike(one.text, carrier.text, question) and (week is None or one.start in week))
    )


def _row_that_is_meant(
    carrier: Candidate, candidates: Sequence[Candidate], question: str
) -> Candidate:
    """The row of a table that holds what the question names there, where the model took another.

    A small model finds the right table, then slips by a row: the amount of one club for another's,
    or a row whose range the question's figure is out of, or another service's number, or letter.
    """
    if is_row(carrier.text) and not carrier.fits:
        best = min(candidates, key=lambda c: c.rank)
        if best.fits and best.coverage > carrier.coverage:
            return best
    if is_row(carrier.text) and carrier.scale < IN_RANGE:
        headings = labels(carrier.text)
        fitting = (c for c in candidates if c.scale == IN_RANGE and labels(c.text) == headings)
        in_range = min(fitting, key=lambda c: (c.missed, c.rank), default=None)
        if in_range:
            return in_range
    meant = lettered(question)
    if is_row(carrier.text) and meant and not meant & lettered(carrier.text):
        headings = labels(carrier.text)
        named = (c for c in candidates if meant & lettered(c.text) and labels(c.text) == headings)
        return min(named, key=lambda c: c.rank, default=carrier)
    if not carrier.missed:
        return carrier
    rows = (c for c in candidates if is_row(c.text) and c.fits and 2 * c.missed <= carrier.missed)
    return min(rows, key=lambda c: (c.missed, c.rank), default=carrier)


def _doubt(model: LanguageModel, prompt: Prompt, unknown: str) -> float | None:
    """How likely a model says that it does not know; None where it does not tell, and only what it
    writes does."""
    try:
        return model.log_probability(prompt, unknown)
    except OddsUnknown:
        return None


def _written(model: LanguageModel, prompt: Prompt, *, instead_of: str = "") -> str:
    stop_if_gone()
    pieces = model.write(prompt, max_tokens=MAX_SAID_TOKENS, stop="\n", instead_of=instead_of)
    return "".join(while_awaited(pieces)).strip()


def while_awaited(pieces: Iterable[str]) -> Iterator[str]:
    """Yield pieces for as long as somebody waits; raise Gone then."""
    for piece in pieces:
        stop_if_gone()
        yield piece


def is_unknown(said: str) -> bool:
    """Whether a model says nothing, or that it does not know."""
    return not said or bool(_UNKNOWN.search(fold(said)))


def carried(said: str, source: str, question: str) -> float:
    """Return how much (0 to 1) of what an answer adds to its question stands in a source.

    >>> carried("Le repas coûte 4,20 €.", "Repas : 4,20 €", "Combien coûte le repas ?")
    1.0
    """
    stems, figures = _new_words(said, question), _new_numbers(said, question)
    weight = len(stems) + NUMBER_WEIGHT * len(figures)
    if not weight:
        return 0.0
    held = len(stems & set(terms(source)))
    return (held + NUMBER_WEIGHT * len(figures & numbers(source))) / weight


def adds_something(said: str, question: str) -> bool:
    """Whether an answer holds a word or a figure that its question does not.

    >>> adds_something("Oui, la halle est prêtée.", "La halle est-elle prêtée ?")
    False
    """
    return bool(_new_words(said, question) or _new_numbers(said, question))


def _new_words(said: str, question: str) -> set[str]:
    return set(terms(YES_OR_NO.sub("", said))) - set(terms(question))


def _new_numbers(said: str, question: str) -> set[str]:
    return numbers(said) - numbers(question)


def is_hidden(said: str, question: Question) -> bool:
    """Whether what was asked for is what the guard hid.

    >>> who = Question(text="Qui a signé ?", kind=QuestionKind.PERSON, language="fr")
    >>> is_hidden("Madame [PERSONNE_2].", who), is_hidden("La maire.", who)
    (True, False)
    """
    shown = PLACEHOLDER.sub(" ", said)
    if shown == said:
        return False
    adds = set(terms(shown)) - set(terms(question.text)) - _CIVILITIES
    return question.kind is QuestionKind.PERSON or not adds
