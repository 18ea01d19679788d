# SPDX-License-Identifier: EUPL-1.2
"""Which acts are still in force: worked out from what other acts of the corpus say.

    links ("abroge la délibération n° 12") ─▶ the one act they mean ─▶ Standing
    versions of one règlement              ─▶ the newest ends the others ─▶ Standing

A link that could mean several acts, or none, changes nothing: an act wrongly said to be
repealed is worse than one about which nothing is said.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from corpus.act_rows import Standing, StoredAct, number_key
from corpus.french import flat, terms
from corpus.links import Effect, Link
from corpus.passages import PassageStore

ALIKE = 0.5
"""Least share of an act's words that a link without a number must name."""

VERSION_WORDS = re.compile(
    r"\b(?:\d{4}(?:\s*[-/]\s*\d{2,4})?|versions?|anciens?|anciennes?|nouveaux?|nouvelles?|v\d+|modifiee?s?"
    r"|en vigueur|mise? a jour|du \d.*|au \d.*)\b"
)
MIN_VERSION_WORDS = 2


def settle(store: PassageStore) -> None:
    """Work out anew which acts others end or amend, and keep it."""
    acts = store.acts()
    found = [*_linked(acts, store.links()), *_versions(acts)]
    known = {replace(standing, is_on=True) for standing in store.standings()}
    if set(found) != known:
        store.set_standings(found)


def _linked(
    acts: Sequence[StoredAct], links: Iterable[tuple[str, int, Link]]
) -> Iterator[Standing]:
    by_key = {(act.document, act.item): act for act in acts}
    by_number: dict[str, list[StoredAct]] = defaultdict(list)
    by_day: dict[str, list[StoredAct]] = defaultdict(list)
    for act in acts:
        by_number[act.number_key].append(act)
        by_day[act.date].append(act)
    for document, item, link in links:
        source = by_key.get((document, item))
        if source is None:
            continue
        named = by_number[number_key(link.number)] if link.number else by_day[link.date]
        for target in _meant(link, source, named):
            yield _standing(target, source, link.effect, link.since or source.date)


def _meant(link: Link, source: StoredAct, named: Sequence[StoredAct]) -> list[StoredAct]:
    """Return the act that a link means, in each writing of it; nothing if that is not sure."""
    fitting = [act for act in named if _fits(link, source, act)]
    if not link.number or len({(act.date, act.object) for act in fitting}) > 1:
        asked = {stem for stem in terms(link.about) if not stem[:1].isdigit()}
        fitting = [act for act in fitting if _names(asked, act)]
    subjects = {(act.date, act.number_key or act.object) for act in fitting}
    return fitting if len(subjects) == 1 else []


def _fits(link: Link, source: StoredAct, act: StoredAct) -> bool:
    return (
        act.collection == source.collection
        and act.kind == link.kind
        and (act.document, act.item) != (source.document, source.item)
        and (not link.date or act.date == link.date)
        and (not act.date or not source.date or act.date <= source.date)
    )


def _names(asked: set[str], act: StoredAct) -> bool:
    """Say whether the words after a reference are those of an act's object."""
    words = {stem for stem in act.stems if not any(c.isdigit() for c in stem)}
    return bool(words) and len(asked & words) >= max(2, ALIKE * len(words))


def _versions(acts: Sequence[StoredAct]) -> Iterator[Standing]:
    """Yield older versions of a règlement: same collection, same title but for its version."""
    same: dict[tuple[str, frozenset[str]], list[StoredAct]] = defaultdict(list)
    for act in acts:
        words = frozenset(terms(VERSION_WORDS.sub(" ", flat(act.object))))
        if act.kind == "règlement" and act.date and len(words) >= MIN_VERSION_WORDS:
            same[act.collection, words].append(act)
    for versions in same.values():
        newest = versions[-1]
        for older in versions[:-1]:
            if older.date < newest.date:
                yield _standing(older, newest, Effect.REPLACES, newest.date)


def _standing(target: StoredAct, source: StoredAct, effect: Effect, since: str) -> Standing:
    return Standing(
        document=target.document,
        item=target.item,
        effect=effect,
        since=since,
        by_document=source.document,
        by_item=source.item,
        by_label=source.label,
    )
