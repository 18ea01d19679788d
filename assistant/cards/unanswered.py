# SPDX-License-Identifier: EUPL-1.2
"""Questions that found no answer, as the register holds them: similar ones together, most first.

    intent (hidden question), outcome (refusal) ─▶ Asked… ─cosine▶ Group(matter, questions, count)

Whoever asked is no part of it: neither the pseudonym nor the hour. Questions that are refused
whatever is written (somebody's own case, personal data, off topic) are not in it, nor those that a
card answers by now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answers import MAY_LEAD
from assistant.cards.card import asking_key
from assistant.evaluation_kept import asked_by_people
from assistant.leaving import stop_if_gone
from corpus.documents import Retrieved
from corpus.seams import Embedder, Vectors
from guardrails.register import Register
from guardrails.register.records import Entry, Kind
from guardrails.register.selection import Selection

TOGETHER = 0.7
"""Cosine from which two questions are of one matter. Of the pairs of `benchmarks/cards`, 96 % of
the near misses and 57 % of the paraphrases are above it, and 4 % of those with another's card.
"""

NEAREST = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A hidden question, on which days (ISO) it was refused, a day for each time."""

    question: str
    days: tuple[str, ...]

    @property
    def count(self) -> int:
        """How often it was refused."""
        return len(self.days)

    @property
    def since(self) -> str:
        """The first day (ISO)."""
        return min(self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions of one matter, which the most frequent of them names; `nearest`: where to read."""

    matter: str
    questions: tuple[str, ...]
    count: int
    since: str
    nearest: tuple[Retrieved, ...] = ()


def refused(entries: Iterable[Entry]) -> list[Asked]:
    """Return the questions that documents might have answered and did not, each once."""
    questions, found = dict[str, tuple[str, str]](), dict[str, Asked]()
    reasons = {reason.value for reason in MAY_LEAD}
    for entry in entries:
        stop_if_gone()
        if entry.erased:
            continue
        if entry.kind is Kind.INTENT:
            question = str(entry.payload.get("question", ""))
            questions[entry.exchange] = (question, entry.at.date().isoformat())
        elif entry.kind is Kind.OUTCOME and entry.payload.get("reason") in reasons:
            question, day = questions.pop(entry.exchange, ("", ""))
            key = asking_key(question)
            if key:
                before = found.get(key, Asked(question, ()))
                found[key] = Asked(before.question, (*before.days, day))
    return sorted(found.values(), key=lambda one: (-one.count, one.since, one.question))


def of_one_matter(texts: Sequence[str], embed: Callable[[str], Vectors]) -> list[list[int]]:
    """Return the places of texts that are of one matter, together: each goes to the nearest of
    those that opened a group, if that is near enough."""
    groups, heads = list[list[int]](), list[Vectors]()
    for place, text in enumerate(texts):
        stop_if_gone()
        vector = embed(text)
        cosines = np.stack(heads) @ vector if heads else np.zeros(0)
        best = int(cosines.argmax()) if len(cosines) else -1
        if best >= 0 and cosines[best] >= TOGETHER:
            groups[best].append(place)
        else:
            groups.append([place])
            heads.append(vector)
    return groups


def open_groups(
    register: Register,
    embedder: Embedder,
    nearest: Callable[[str], Sequence[Retrieved]],
    is_answered: Callable[[str], bool],
    *,
    by: str,
    role: str,
    most: int | None = None,
) -> list[Group]:
    """Return the matters that nobody answered or worked through; the reading is entered. For the
    first `most` of them, for all where it is None, it is looked where to read."""
    asked = asked_in_vain(register, by=by, role=role)
    return grouped(asked, embedder, nearest, is_answered, most=most) if asked else []


def asked_in_vain(register: Register, *, by: str, role: str) -> list[Asked]:
    """Return what people asked without an answer; the reading is entered."""
    wanted = Selection(kinds=(Kind.INTENT, Kind.OUTCOME))
    entries = register.entries(wanted, by=by, role=role, purpose="unanswered")
    return refused(asked_by_people(entries))


def grouped(
    asked: Sequence[Asked],
    embedder: Embedder,
    nearest: Callable[[str], Sequence[Retrieved]],
    is_answered: Callable[[str], bool] = lambda question: False,
    *,
    most: int | None = None,
) -> list[Group]:
    """Put questions of one matter together, the most frequent matter first; raise Gone."""

    def whereto(matter: str) -> tuple[Retrieved, ...]:
        stop_if_gone()
        return tuple(nearest(matter)[:NEAREST])

    left = [one for one in asked if not is_answered(one.question)]
    made = [
        Group(
            matter=group[0].question,
            questions=tuple(one.question for one in group),
            count=sum(one.count for one in group),
            since=min(one.since for one in group),
        )
        for group in by_matter(left, embedder)
    ]
    made.sort(key=lambda group: (-group.count, group.since, group.matter))
    return [replace(group, nearest=whereto(group.matter)) for group in made[:most]] + (
        [] if most is None else made[most:]
    )


def by_matter(asked: Sequence[Asked], embedder: Embedder) -> list[list[Asked]]:
    """Put questions of one matter together."""
    texts = [one.question for one in asked]
    return [[asked[at] for at in some] for some in of_one_matter(texts, embedder.embed_query)]
