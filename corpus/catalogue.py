# SPDX-License-Identifier: EUPL-1.2
"""Counting and listing acts from what is known of them: never guessed from a few passages.

    "délibérations sur la voirie en 2019"
      ─▶ ActsQuery(kind="délibération", years={2019}, topic="voirie") ─acts_where▶ ListedAct…

The list is complete over what was read. An act without a date is in no year: `undated` counts
those, so that an answer can say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.act_rows import NOT_WAITING, Standing, StoredAct, number_key
from corpus.acts import KINDS
from corpus.french import fold, stem, terms
from corpus.passages import PassageStore
from corpus.query import Wanted, Wording
from corpus.votes import Votes

VoteKind = Literal["", "unanimous", "against", "abstained", "contested", "rejected"]

SAME_ACT = 0.6
"""Least share of common words for two records of one sitting to be of one act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActsQuery:
    """What is looked for; what is left empty is not asked. Dates are ISO, both included.

    An act is of one of the `years`. `topic` is free words: each, or one that stands for it, must
    be in the act's object. `collections` None looks at all of them, an empty set at none.
    """

    kind: str = ""
    years: frozenset[int] = frozenset()
    since: str = ""
    until: str = ""
    topic: str = ""
    vote: VoteKind = ""
    number: str = ""
    collections: frozenset[str] | None = None

    @property
    def is_dated(self) -> bool:
        return bool(self.years or self.since or self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAct:
    """An act, where its object is written, how it was voted, and whether it still holds."""

    act: StoredAct
    votes: tuple[tuple[int, Votes], ...] = ()
    """Each with its page; the words of a vote are `page[vote.start : vote.end]`."""

    superseded_by: str = ""
    amended_by: tuple[str, ...] = ()

    @property
    def in_force(self) -> bool:
        return not self.superseded_by


def acts_where(
    store: PassageStore, query: ActsQuery, *, wording: Wording | None = None
) -> list[ListedAct]:
    """Return the acts that meet the query, by date then number, each act once."""
    conditions, values = _conditions(query)
    if query.is_dated:
        conditions.append("a.date BETWEEN ? AND ? AND a.date != ''")
        values += [query.since, query.until or "9999"]
    found = store.acts(" AND ".join(conditions), values)
    topic = _topic(query.topic, wording)
    found = [
        act
        for act in found
        if (not query.years or int(act.date[:4]) in query.years)
        and all(word.is_in(act.stems) for word in topic)
    ]
    listed = list(_once(_with_votes(store, found)))
    return [act for act in listed if _voted(act, query.vote)]


def undated(store: PassageStore, query: ActsQuery) -> int:
    """Return how many acts of that kind and collection have no date that could be read."""
    conditions, values = _conditions(query)
    return len(store.acts(" AND ".join([*conditions, "a.date = ''"]), values))


def last_sitting(
    store: PassageStore, *, until: str, collections: frozenset[str] | None = None
) -> str:
    """Return the day (ISO) of the last sitting whose acts were read, "" without any; a day that
    `until` comes before was only convened."""
    conditions, values = _conditions(ActsQuery(collections=collections))
    held = store.acts(
        " AND ".join([*conditions, "a.sitting != ''", "a.sitting <= ?"]), [*values, until]
    )
    return max((act.sitting for act in held), default="")


def next_sitting(
    store: PassageStore, *, after: str, collections: frozenset[str] | None = None
) -> str:
    """Return the day (ISO) of the first sitting after `after` that some act tells of, or ""."""
    conditions, values = _conditions(ActsQuery(collections=collections))
    held = store.acts(" AND ".join([*conditions, "a.sitting > ?"]), [*values, after])
    return min((act.sitting for act in held), default="")


def kinds_named(question: str) -> str:
    """Return the kind of act that a question speaks of, in any number; nothing if none.

    >>> kinds_named("Combien de délibérations sur la voirie ?"), kinds_named("Et la piscine ?")
    ('délibération', '')
    """
    stems = set(terms(question))
    named = {kind for kind in KINDS if {stem(word) for word in fold(kind).split("-")} <= stems}
    return min(named, key=lambda kind: list(KINDS).index(kind), default="")


def _conditions(query: ActsQuery) -> tuple[list[str], list[object]]:
    conditions, values = ["a.kind NOT IN ('', 'point')", NOT_WAITING], list[object]()
    if query.kind:
        conditions.append("a.kind = ?")
        values.append(query.kind)
    if query.number:
        conditions.append("a.number_key = ?")
        values.append(number_key(query.number))
    if query.collections is not None:
        marks = ",".join("?" * len(query.collections))
        conditions.append(f"d.collection IN ({marks})" if marks else "1 = 0")
        values += sorted(query.collections)
    return conditions, values


def _topic(words: str, wording: Wording | None) -> list[Wanted]:
    """Return the words of the topic, each with what may stand for it."""
    if wording:
        return wording.wanted(words)
    return [Wanted(frozenset({stem}), 1.0) for stem in dict.fromkeys(terms(words))]


def _with_votes(store: PassageStore, found: Sequence[StoredAct]) -> list[ListedAct]:
    votes, standings = store.votes(), defaultdict[tuple[str, int], list[Standing]](list)
    for standing in store.standings():
        standings[standing.document, standing.item].append(standing)
    return [
        ListedAct(
            act=act,
            votes=tuple(votes.get((act.document, act.item), ())),
            superseded_by=next((s.by_label for s in of_act if s.effect.ends and s.is_on), ""),
            amended_by=tuple(s.by_label for s in of_act if not s.effect.ends),
        )
        for act in found
        for of_act in [standings[act.document, act.item]]
    ]


def _once(found: Sequence[ListedAct]) -> Iterator[ListedAct]:
    """Yield each act once: minutes and an extract of the register may both tell it.

    The extract is kept, with the votes of the minutes where it has none of its own.
    """
    kept: dict[str, list[ListedAct]] = defaultdict(list)
    for listed in sorted(found, key=lambda one: one.act.item > 0):
        same_day = kept[listed.act.date]
        twin = next((i for i, other in enumerate(same_day) if _is_same(listed, other)), None)
        if twin is None:
            same_day.append(listed)
        elif not any(vote.pour for _, vote in same_day[twin].votes):
            same_day[twin] = replace(same_day[twin], votes=listed.votes or same_day[twin].votes)
    every = [listed for same_day in kept.values() for listed in same_day]
    yield from sorted(
        every, key=lambda one: (one.act.date, one.act.number, one.act.file, one.act.item)
    )


def _is_same(listed: ListedAct, other: ListedAct) -> bool:
    a, b = listed.act, other.act
    if a.kind != b.kind or a.collection != b.collection or bool(a.item) == bool(b.item):
        return False
    if a.number_key and b.number_key:
        return a.number_key == b.number_key and a.date == b.date
    common = len(a.stems & b.stems)
    return bool(a.date) and common >= SAME_ACT * max(1, min(len(a.stems), len(b.stems)))


def _voted(listed: ListedAct, wanted: VoteKind) -> bool:
    votes = [vote for _, vote in listed.votes]
    match wanted:
        case "":
            return True
        case "unanimous":
            return bool(votes) and all(v.unanimous for v in votes)
        case "against":
            return any(v.contre for v in votes)
        case "abstained":
            return any(v.abstentions for v in votes)
        case "contested":
            return any(v.contre or v.abstentions for v in votes)
        case "rejected":
            return any(v.outcome == "rejected" for v in votes)
