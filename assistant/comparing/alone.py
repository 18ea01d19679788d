# SPDX-License-Identifier: EUPL-1.2
"""What one act has alone: units whose values met nothing and that are far from all of the other.

units ─▶ values that nothing met │ sentences far in sense │ whole articles that are far
      ─less what a part of a sentence says─▶ alone
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher

from assistant.comparing.atoms import Atom
from assistant.comparing.matching import TABULAR, Matching
from assistant.comparing.sense import Sense
from assistant.comparing.settled import Settled
from assistant.comparing.tokens import TOLD
from assistant.comparing.units import Form, Unit
from guardrails.values import Kind

FAR_PROSE, FAR_VALUES, FAR_ARTICLE = 0.125, 0.19, 0.155
"""Below which nearness to all of the other act a sentence has no counterpart: one that states no
value, one whose values all have none, and the mean of an article's."""

FAR_EDITED = 0.25
"""The same for a sentence of an act of which most lines stand unchanged in the other."""

DUTIES = ("interdi", "autoris", "oblig", "exig", "exoner", "dispens", "gratuit", "defend")
LEAST_WORDS = 6
"""Words from which on a sentence without a value says something by itself."""


def alone(
    found: Matching, sense: Sense, told: Settled, side: int, every: Sequence[Sequence[Atom]]
) -> set[int]:
    """Return the units of a side (0, 1) that have no counterpart; `every`: the atoms of both."""
    some = [*_alone(found, sense, told, side, every)]
    kept = {*told.sure.values()} if side else {*told.sure}
    kept |= {one.b[0] if side else one.a[0] for one in told.changed}
    put_in = {*_put_in(found, side)} - kept if told.is_edited else set()
    return ({*some} - _in_clauses(found, sense, side, some)) | put_in


def _put_in(found: Matching, side: int) -> Iterator[int]:
    """Yield what an edited act has between two lines that follow one another in the other: a
    sentence put in, or taken out, whatever else says some of it; not what was moved."""
    units, others = ((found.a, found.b), (found.b, found.a))[side]
    steps = SequenceMatcher(None, [u.key for u in others], [u.key for u in units], autojunk=False)
    held = Counter(u.key for u in others)
    for step, _, _, first, last in steps.get_opcodes():
        if step != "insert":
            continue
        for unit in range(first, last):
            one = units[unit]
            is_line = one.form is not Form.HEADING and one.key and not one.is_frame
            if is_line and not held[one.key] and _says_much(one, 2):
                yield unit


def _alone(
    found: Matching, sense: Sense, told: Settled, side: int, every: Sequence[Sequence[Atom]]
) -> Iterator[int]:
    """Yield the units whose values have no counterpart and that are far from all others, and
    sentences without a value that are farther still, alone or as a whole article."""
    units = (found.a, found.b)[side]
    covered = (found.covered_a, found.covered_b)[side]
    sure = {*told.sure.values()} if side else {*told.sure}
    known = {x.key for x in every[1 - side]}
    open_numbers = {x.number for x in every[1 - side] if x.is_unitless}
    own = defaultdict[int, list[Atom]](list)
    for x in every[side]:
        is_day = x.fact.kind is Kind.DATE
        is_told = x.fact.kind in TOLD or x.fact.cell is None or x.is_unitless
        is_said = not x.fact.in_label and is_told
        if is_said or is_day:
            own[x.place[0]].append(x)
    changed = {one.b[0] if side else one.a[0] for one in told.changed}
    telling = changed | {
        x.place[0]
        for x in every[side]
        if x.place in told.met[side] and x.group not in ("count", "weekday")
    }
    paired = {*found.units.values()} if side else {*found.units}
    far = _far_articles(units, sense, side, telling | sure)
    for i, unit in enumerate(units):
        has_counterpart = i in sure or i in covered or i in changed
        opens_list = unit.text.rstrip().endswith(":")
        is_line = unit.key and unit.form is not Form.HEADING and not unit.is_frame
        if has_counterpart or opens_list or not is_line:
            continue
        best = sense.best(side, i)
        stated = [x for x in own[i] if x.figure and x.group not in ("count", "weekday")]
        stated = stated or [x for x in own[i] if x.is_unitless] or own[i]
        if stated:
            left = [x for x in stated if x.place not in told.met[side]]
            is_new = len(left) == len(stated) and any(
                x.key not in known and x.number not in open_numbers and (x.figure or x.fact.cell)
                for x in left
            )
            is_priced = unit.form in TABULAR and any(
                x.fact.kind in TOLD or x.fact.kind is Kind.DATE for x in left
            )
            if i in far or (is_new and (is_priced or best is None or best < FAR_VALUES)):
                yield i
        elif told.is_edited:
            is_far = best is None or best < FAR_EDITED
            if i not in paired and is_far and _says_much(unit, 2):
                yield i
        elif i in far or (best is not None and best < FAR_PROSE and _says_much(unit, LEAST_WORDS)):
            yield i


def _in_clauses(found: Matching, sense: Sense, side: int, alone: Sequence[int]) -> set[int]:
    """Return the units, of those that tell no price and no hour, that the other act has in a part
    of a sentence."""
    units, others = ((found.a, found.b), (found.b, found.a))[side]
    asked = [i for i in alone if not any(fact.kind in TOLD for fact in units[i].facts)]
    texts = [" ".join(units[i].text.split()) for i in asked]
    said = sense.in_a_clause(texts, [u for u in others if u.form is not Form.HEADING])
    return {i for i, is_said in zip(asked, said, strict=True) if is_said}


def _says_much(unit: Unit, least: int) -> bool:
    """Whether a sentence says something by itself: many words, or what one may or must do."""
    count = len({*unit.key})
    has_duty = any(key.startswith(DUTIES) for key in unit.key)
    return count >= (2 if has_duty else least)


def _far_articles(units: Sequence[Unit], sense: Sense, side: int, met: Collection[int]) -> set[int]:
    """Return the units of the articles of which all are far from the other act: `met` units have a
    counterpart."""
    articles = defaultdict[str, list[int]](list)
    for i, unit in enumerate(units):
        if unit.title and unit.form is not Form.HEADING:
            articles[unit.title].append(i)
    found = set[int]()
    for members in articles.values():
        near = [best for i in members if (best := sense.best(side, i)) is not None]
        if len(near) != len(members) or len(near) < 2:
            continue
        few = 3 * len({*members} & {*met}) <= len(members)
        if few and sum(near) / len(near) < FAR_ARTICLE:
            found.update(members)
    return found
