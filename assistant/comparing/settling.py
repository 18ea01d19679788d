# SPDX-License-Identifier: EUPL-1.2
"""What two acts state, settled as a whole: which values meet, whatever words stand around them.

    facts that no sure pair of units holds ─▶ Atom (a value, or an end of its range)
    atoms × atoms: words, sense of their units, noun, neighbours, columns, equality ─assign─▶ pairs
        ├ equal: said on both sides, wherever
        ├ near enough: changed
        └ nothing near: left over, told only where its unit has no counterpart either

An act that was written anew shares few words with the one before it and nearly all of its values:
an equality needs little to be believed, a change much.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from assistant.comparing.alone import alone
from assistant.comparing.assignment import assign
from assistant.comparing.atoms import WORDED, Atom, atoms_of, figures_of, is_same_day
from assistant.comparing.matching import (
    TABULAR,
    Index,
    Matching,
    Place,
    Rarity,
    unit_score,
)
from assistant.comparing.sense import Sense
from assistant.comparing.settled import Changed, Settled, is_edited
from assistant.comparing.tokens import TOLD
from assistant.comparing.units import Form, Unit
from guardrails.values import Kind

SURE_FROM = 0.75
"""From which score of two units on their facts stay paired as words paired them."""

EQUAL_FROM, SAID_FROM, CHANGED_FROM = 0.3, 0.4, 0.4
"""How near two equal values of both sides, one that is said once more, and two that differ, must
be to be of the same matter."""

LEFT_FROM, LIKE_SIZED = 0.33, 0.78
"""How near, and how near in size, two figures must be of which neither has met another."""

DAY_FROM = 0.55
"""The same for days of the week, of which one list says those that are left out of another."""

WORDS, SENSE, NOUN, ORDER, SIZE = 0.35, 0.35, 0.1, 0.08, 0.12
EQUAL, PAIRED, BESIDE, TOGETHER, COLUMN = 0.25, 0.2, 0.12, 0.15, 0.2
"""What each sign weighs in a pair of atoms; the latter three once a first round has met equals."""

REWORDED_FROM = 0.5
"""From which nearness on two sentences are shown as one that was written anew."""

NAMED_FROM, OTHER_NAME = 0.5, 0.12
"""From which nearness on two rows without a word in common may be one that is called anew; what
it counts against the others."""

ROUNDS = 2
"""How often the pairs are looked at again with what was met around them."""

MOST_PAIRS = 300_000
"""Pairs of atoms up to which all are scored; beyond, those that share a word or a value."""

UNITLESS = "unitless"
"""Among the kinds of atoms: numbers that may be of any."""

Score = dict[tuple[int, int], float]


def sure_pairs(found: Matching, rarity: Rarity) -> dict[int, int]:
    """Return the pairs of units that words leave no doubt of."""
    return {i: j for i, j in found.units.items() if unit_score(found, rarity, i, j) >= SURE_FROM}


def settle(found: Matching, rarity: Rarity, sense: Sense, sure: dict[int, int]) -> Settled:
    """Return what changed, what is said on both sides, and which units have no counterpart."""
    told = Settled()
    told.sure, told.is_edited = sure, is_edited(found)
    kept = {a: b for a, b in found.facts.items() if told.sure.get(a[0]) == b[0]}
    told.changed = [
        Changed(a, b) for a, b in kept.items() if not found.fact(0, a).says(found.fact(1, b))
    ]
    told.met[0].update(kept, found.said_a)
    told.met[1].update(kept.values(), found.said_b)
    every = atoms_of(found.a), atoms_of(found.b)
    a, b = (
        [x for x in atoms if x.place not in met and not units[x.place[0]].is_frame]
        for atoms, met, units in zip(every, told.met, (found.a, found.b), strict=True)
    )
    scores = _scores(found, rarity, sense, a, b)
    pairs = _paired(scores, a, b)
    for _ in range(ROUNDS):
        final = _again(found, scores, pairs, a, b)
        pairs = _paired(final, a, b)
    pairs = _once_more(found, final, pairs, a, b)
    pairs |= _left_over(final, pairs, a, b)
    _said_again(found, rarity, sense, (a, every[1], pairs), told, 0)
    _said_again(found, rarity, sense, (b, every[0], {n: m for m, n in pairs.items()}), told, 1)
    _tell(told, pairs, a, b)
    for side in (0, 1):
        told.alone[side].update(alone(found, sense, told, side, every))
    told.reworded = _reworded(found, sense, told)
    return told


def _reworded(found: Matching, sense: Sense, told: Settled) -> dict[int, int]:
    taken = {*found.units.values()}, {*found.units}
    left = tuple(
        [
            i
            for i, unit in enumerate(units)
            if unit.form in (Form.PROSE, Form.ENTRY) and not unit.is_frame
            and i not in taken[1 - side] and i not in told.alone[side]
        ]
        for side, units in enumerate((found.a, found.b))
    )  # fmt: skip
    return assign(
        {
            (i, j): near
            for i in left[0]
            for j in left[1]
            if (near := sense.near(i, j) or 0.0) >= REWORDED_FROM
        }
    )


# -- scores


def _scores(
    found: Matching, rarity: Rarity, sense: Sense, a: Sequence[Atom], b: Sequence[Atom]
) -> Score:
    index = Index()
    is_large = len(a) * len(b) > MOST_PAIRS
    if is_large:
        for n, y in enumerate(b):
            index.add(n, (y.key, *y.fact.label))
    of_units = dict[tuple[int, int], float]()
    by_kind = defaultdict[str, list[int]](list)
    for n, y in enumerate(b):
        for kind in {y.group, y.key[0], *([UNITLESS] if y.is_unitless else [])}:
            by_kind[kind].append(n)
    scores = Score()
    for m, x in enumerate(a):
        kinds = {x.group, x.key[0], UNITLESS}
        near: Collection[int] = {n for kind in kinds for n in by_kind[kind]}
        if x.is_unitless:
            near = range(len(b))
        if is_large:
            near = {*near} & {*index.near((x.key, *x.fact.label))}
        for n in near:
            y = b[n]
            units = x.place[0], y.place[0]
            if units not in of_units:
                of_units[units] = _nearness(found, rarity, sense, *units)
            score = _score(rarity, of_units[units], x, y)
            score += PAIRED * (found.units.get(units[0]) == units[1])
            score -= OTHER_NAME * (not _of_one_name(found, sense, x, y))
            score += PAIRED * (found.facts.get(x.place) == y.place)
            scores[m, n] = score + EQUAL * x.equals(y)
    return scores


def _nearness(found: Matching, rarity: Rarity, sense: Sense, i: int, j: int) -> float:
    """Return how near two units are: in sense where vectors tell, else in words."""
    near = sense.near(i, j)
    one, other = found.a[i], found.b[j]
    alike = rarity.likeness(one.label | _light(one), other.label | _light(other))
    return alike if near is None else 0.7 * near + 0.3 * alike


def _light(unit: Unit) -> dict[str, float]:
    return {word: weight * 0.3 for word, weight in unit.context.items()}


def _score(rarity: Rarity, units: float, x: Atom, y: Atom) -> float:
    mine, theirs = x.fact.label, y.fact.label
    words = 0.5 * rarity.likeness(mine, theirs) + 0.5 * rarity.containment(mine, theirs)
    noun = (x.noun == y.noun) - 0.0 if x.noun and y.noun else 0.5
    order = 1 - abs(x.rank - y.rank)
    return WORDS * words + SENSE * units + NOUN * noun + ORDER * order + SIZE * _like_sized(x, y)


def _like_sized(x: Atom, y: Atom) -> float:
    """Return how near two figures are, 0 to 1: what changes from one year to the next changes by
    a part of itself, hours by minutes, days by weeks."""
    if x.group in ("clock", "weekday", "date"):
        return max(0.0, 1 - abs(x.key[1] - y.key[1]) / 300)
    most = max(abs(x.key[1]), abs(y.key[1]))
    return min(abs(x.key[1]), abs(y.key[1])) / most if most else 1.0


def _paired(scores: Score, a: Sequence[Atom], b: Sequence[Atom]) -> dict[int, int]:
    """Return which atoms meet: the greatest sum of scores over all that may."""
    fit = {}
    for (m, n), score in scores.items():
        is_equal = a[m].equals(b[n])
        least = DAY_FROM if a[m].group == "weekday" else CHANGED_FROM
        if score >= (EQUAL_FROM + EQUAL if is_equal else least) and (
            is_equal or _may_change(a[m], b[n])
        ):
            fit[m, n] = score
    return assign(fit)


def _may_change(x: Atom, y: Atom) -> bool:
    """Whether a figure may have become another: numbers of one noun, times of one unit."""
    if x.group != y.group:
        is_open = (x.is_unitless or y.is_unitless) and not (x.fact.in_label or y.fact.in_label)
        return is_open and WORDED.isdisjoint((x.group, y.group))
    one, other = x.fact.value, y.fact.value
    if one is None or other is None:
        return x.fact.cell is not None or y.fact.cell is not None
    if x.group == "date" and x.figure and y.figure:
        return (x.figure.low == x.figure.high) == (y.figure.low == y.figure.high)
    if x.group == "count" and (one.in_words or other.in_words):
        return bool(x.noun) and x.noun == y.noun
    return True


def _left_over(
    scores: Score, pairs: Mapping[int, int], a: Sequence[Atom], b: Sequence[Atom]
) -> dict[int, int]:
    """Return prices and hours that both sides have left and that are near in size: more likely one
    that changed than one taken out and another put in."""
    taken = {*pairs.values()}
    return assign(
        {
            (m, n): score
            for (m, n), score in scores.items()
            if score >= LEFT_FROM
            and m not in pairs
            and n not in taken
            and a[m].fact.kind in TOLD
            and _may_change(a[m], b[n])
            and not a[m].equals(b[n])
            and _like_sized(a[m], b[n]) >= LIKE_SIZED
        }
    )


def _of_one_name(found: Matching, sense: Sense, x: Atom, y: Atom) -> bool:
    """Whether two rows or entries may be one: what they are called has a word in common, or is a
    column of the other, or they are near in sense."""
    i, j = x.place[0], y.place[0]
    mine, theirs = _name(found.a[i]), _name(found.b[j])
    if not (mine and theirs) or found.units.get(i) == j:
        return True
    common = mine & theirs or mine & {*y.fact.column_words} or theirs & {*x.fact.column_words}
    near = sense.near(i, j)
    return bool(common) or near is None or near >= NAMED_FROM


def _name(unit: Unit) -> frozenset[str]:
    """Return the words that a row or an entry is called by; none of a sentence."""
    is_listed = unit.form in TABULAR and not unit.text.endswith((".", "!", "?"))
    words = frozenset(key for key in unit.called if not key.startswith("#"))
    return words if is_listed else frozenset()


def _again(
    found: Matching, scores: Score, pairs: Mapping[int, int], a: Sequence[Atom], b: Sequence[Atom]
) -> Score:
    """Return the scores with what a first round tells: equal values beside, in the same two units,
    and in the same two columns."""
    equal = {m: n for m, n in pairs.items() if a[m].equals(b[n])}
    together = Counter((a[m].place[0], b[n].place[0]) for m, n in equal.items())
    held = Counter(x.place[0] for x in a), Counter(y.place[0] for y in b)
    votes = Counter((_column(found.a, a[m]), _column(found.b, b[n])) for m, n in equal.items())
    most = Counter[object]()
    for (column, _), count in votes.items():
        most[column] = max(most[column], count)
    around = _around(a), _around(b)
    again = Score()
    for (m, n), score in scores.items():
        i, j = a[m].place[0], b[n].place[0]
        beside = sum(
            pairs.get(x, -1) == y
            for x, y in zip(around[0][m], around[1][n], strict=True)
            if x is not None
        )
        least = min(held[0][i], held[1][j])
        mine = _column(found.a, a[m])
        column = votes[mine, _column(found.b, b[n])] / most[mine] if most[mine] > 1 else 0.0
        again[m, n] = (
            score
            + BESIDE * beside
            + TOGETHER * together[i, j] / least
            + COLUMN * column * (a[m].fact.cell is not None)
        )
    return again


def _around(atoms: Sequence[Atom]) -> list[tuple[int | None, int | None]]:
    """Return, for each atom, those of its kind before and after it in its unit."""
    last, found = dict[tuple[int, str], int](), list[list[int | None]]()
    for m, x in enumerate(atoms):
        before = last.get((x.place[0], x.group))
        found.append([before, None])
        if before is not None:
            found[before][1] = m
        last[x.place[0], x.group] = m
    return [(before, after) for before, after in found]


def _column(units: Sequence[Unit], atom: Atom) -> object:
    unit = units[atom.place[0]]
    return (unit.table or unit.title, atom.fact.column or atom.place[1])


# -- what is said once more, what is told


def _once_more(
    found: Matching, scores: Score, pairs: Mapping[int, int], a: Sequence[Atom], b: Sequence[Atom]
) -> dict[int, int]:
    """Return the pairs less the changes of which one side is said by the other once more, nearer
    than what it would have changed into: « 14 h » of two rows is said in one sentence."""
    best_a, best_b = dict[int, float](), dict[int, float]()
    met_a = {m for m, n in pairs.items() if a[m].equals(b[n])}
    met_b = {pairs[m] for m in met_a}
    for (m, n), score in scores.items():
        if a[m].equals(b[n]) and n in met_b:
            best_a[m] = max(best_a.get(m, 0.0), score)
        if a[m].equals(b[n]) and m in met_a:
            best_b[n] = max(best_b.get(n, 0.0), score)
    return {
        m: n
        for m, n in pairs.items()
        if a[m].equals(b[n])
        or found.facts.get(a[m].place) == b[n].place
        or max(best_a.get(m, 0.0), best_b.get(n, 0.0)) < scores[m, n]
    }


def _said_again(
    found: Matching,
    rarity: Rarity,
    sense: Sense,
    open_: tuple[Sequence[Atom], Sequence[Atom], Mapping[int, int]],
    told: Settled,
    side: int,
) -> None:
    """Note the facts that the other side states too, though another has met its own there."""
    atoms, others, pairs = open_
    by_number = defaultdict[object, list[Atom]](list)
    for other in others:
        by_number[other.number].append(other)
    left = defaultdict[Place, int](int)
    for m, x in enumerate(atoms):
        if m in pairs or any(
            _score(rarity, _of_side(found, rarity, sense, side, x, y), x, y) >= SAID_FROM
            for y in by_number[x.number]
            if x.equals(y)
        ):
            left[x.place] += 0
        else:
            left[x.place] += 1
    told.met[side].update(place for place, count in left.items() if not count)


def _of_side(found: Matching, rarity: Rarity, sense: Sense, side: int, x: Atom, y: Atom) -> float:
    i, j = (y.place[0], x.place[0]) if side else (x.place[0], y.place[0])
    return _nearness(found, rarity, sense, i, j)


def _tell(told: Settled, pairs: Mapping[int, int], a: Sequence[Atom], b: Sequence[Atom]) -> None:
    """Note the facts whose figures changed, each two once."""
    seen = set[tuple[Place, Place]]()
    for m, n in pairs.items():
        both = a[m].place, b[n].place
        is_other_year = a[m].fact.kind is Kind.DATE and not a[m].fact.says(b[n].fact)
        if a[m].equals(b[n]) and is_other_year and is_same_day(a[m].fact, b[n].fact):
            told.changed.append(Changed(*both))
            seen.add(both)
        if not a[m].equals(b[n]) and both not in seen:
            seen.add(both)
            sizes = {len(list(figures_of(x.fact))) for x in (a[m], b[n])}
            has_words = a[m].figure is None or b[n].figure is None
            is_part = len(sizes) > 1 and not has_words
            figures = (a[m].figure, b[n].figure) if is_part else (None, None)
            told.changed.append(Changed(*both, figures))
