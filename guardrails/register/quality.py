# SPDX-License-Identifier: EUPL-1.2
"""What ratings come to: how many answers are right, how surely, and whether raters agree.

    REVIEW entries… ──quality──▶ Quality ─┬─ Draw…       one a sample: its answers, the interval
                                          ├─ Agreement   of pairs of raters, before they saw another
                                          └─ Disputed…   what they still rate otherwise

Of an exchange that several rated, the figure takes whoever rated it first, by their latest rating.
Only what was drawn is in a figure: an exchange that somebody sought out stands for no other.
Raters are told apart by what each rating replaces, not by their pseudonyms, which change monthly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from guardrails.intervals import clopper_pearson
from guardrails.register.ratings import Entered, Rated, Said, Source, rating_of
from guardrails.register.records import Entry

MIN_PAIRS = 30
"""Below, kappa is not told: with as many, 9 in 10 of them the same, its standard error is still
about 0.14."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of a total, and the exact 95 % interval of the share (Clopper-Pearson)."""

    right: int
    total: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What was found of a draw: `drawn` of `population` questions, `rated` of them so far.

    `answers`: those all of whose sentences are right, each with its source, and that are not
    dangerous; `refusals`: those that were right. Sentences of an answer stand or fall together, so
    that an interval of theirs would be too narrow: they are counted alone.
    """

    sample: int
    drawn: int
    population: int
    rated: int
    answers: Share
    refusals: Share
    sentences: int
    sentences_right: int
    sentences_partly: int
    sources: int
    sources_right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How many of `pairs` were rated the same, and Cohen's kappa: None with fewer than MIN_PAIRS,
    and where all are rated the same, which chance would do as well."""

    pairs: int = 0
    same: int = 0
    kappa: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """An entry (a sentence, or a refusal) that is rated otherwise by another, by its place."""

    exchange: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What the ratings of a period come to. `rated` counts exchanges, drawn or not, `last` is the
    day of the newest rating (ISO), empty where there is none; the newest draw comes first."""

    rated: int = 0
    last: str = ""
    draws: tuple[Draw, ...] = ()
    agreement: Agreement = field(default_factory=Agreement)
    sources: Agreement = field(default_factory=Agreement)
    disputed: tuple[Disputed, ...] = ()


Raters = dict[int, list[Entered]]
"""The ratings of one exchange, by the first one of each person."""


def quality(reviews: Iterable[Entry]) -> Quality:
    """Count the ratings among review entries, in the order of their places."""
    first: dict[int, int] = {}  # of each rating, the first one by the same person there
    drawn: dict[int, dict[str, Raters]] = {}
    exchanges = set[str]()
    last = ""
    for entry in reviews:
        if (rating := rating_of(entry)) is None:
            continue
        before = rating.index if rating.replaces is None else rating.replaces
        first[rating.index] = first.get(before, before)
        exchanges.add(rating.exchange)
        last = entry.at.date().isoformat()
        if rating.sample is not None:
            raters = drawn.setdefault(rating.sample, {}).setdefault(rating.exchange, {})
            raters.setdefault(first[rating.index], []).append(rating)
    shared = [raters for each in drawn.values() for raters in each.values() if len(raters) > 1]
    pairs = [pair for raters in shared for pair in _blind(raters)]
    return Quality(
        rated=len(exchanges),
        last=last,
        draws=tuple(_draw(sample, drawn[sample]) for sample in sorted(drawn, reverse=True)),
        agreement=_agreement([(one.said, other.said) for one, other in pairs]),
        sources=_agreement(
            [(one.source, other.source) for one, other in pairs if one.source is not Source.NONE]
        ),
        disputed=tuple(found for raters in shared for found in _disputed(raters)),
    )


def _draw(sample: int, exchanges: dict[str, Raters]) -> Draw:
    ratings = [next(iter(raters.values()))[-1] for raters in exchanges.values()]
    answers = [rating for rating in ratings if not rating.is_refusal]
    sentences = [one for rating in answers for one in rating.rated.values()]
    said, sources = Counter(s.said for s in sentences), Counter(s.source for s in sentences)
    return Draw(
        sample=sample,
        drawn=ratings[-1].drawn,
        population=ratings[-1].population,
        rated=len(ratings),
        answers=_share(answers),
        refusals=_share([rating for rating in ratings if rating.is_refusal]),
        sentences=said.total(),
        sentences_right=said[Said.RIGHT],
        sentences_partly=said[Said.PARTLY],
        sources=sources[Source.RIGHT] + sources[Source.WRONG],
        sources_right=sources[Source.RIGHT],
    )


def _share(ratings: Sequence[Entered]) -> Share:
    right = sum(rating.mark == "right" for rating in ratings)
    low, high = clopper_pearson(right, len(ratings)) if ratings else (0.0, 1.0)
    return Share(right=right, total=len(ratings), low=round(low, 4), high=round(high, 4))


def _blind(raters: Raters) -> list[tuple[Rated, Rated]]:
    """Return what the first two persons found of each entry before either saw what the other did:
    nothing where one had rated it before, out of the draw or of the period."""
    one, other = (ratings[0] for ratings in [*raters.values()][:2])
    if one.replaces is not None or other.replaces is not None:
        return []
    return [(found, other.rated[at]) for at, found in one.rated.items() if at in other.rated]


def _disputed(raters: Raters) -> list[Disputed]:
    latest = [ratings[-1] for ratings in raters.values()]
    places = {
        index
        for one, other in combinations(latest, 2)
        for index in {*one.rated} & {*other.rated}
        if one.rated[index] != other.rated[index]
    }
    return [Disputed(exchange=latest[0].exchange, index=index) for index in sorted(places)]


def _agreement(pairs: Sequence[tuple[object, object]]) -> Agreement:
    """Return how far pairs of opinions agree: raw, and beyond what chance would bring (Cohen)."""
    total, same = len(pairs), sum(one == other for one, other in pairs)
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(count * others[opinion] for opinion, count in ones.items())
    kappa = None
    if total >= MIN_PAIRS and chance < total * total:
        kappa = round((same * total - chance) / (total * total - chance), 3)
    return Agreement(pairs=total, same=same, kappa=kappa)
