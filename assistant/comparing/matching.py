# SPDX-License-Identifier: EUPL-1.2
"""Alignment of two acts: units by words, headings and neighbours, then facts by what they are of.

    units ─┬ the same words under the same heading        ─▶ pairs
           ├ scored: label, headings, place, equal values ─assign─▶ pairs
           ├ renamed: left over between paired neighbours ─assign─▶ pairs
           └ inside a pair: facts by column, words, kind  ─assign─▶ fact pairs
    facts left over, in units of any layout ─┬ said on the other side: equal
                                             └ of the same label, another value ─assign─▶ changed

An equality may be found many times, a change once: what one edition repeats is no addition.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nlargest

from rapidfuzz import fuzz

from assistant.comparing.assignment import assign
from assistant.comparing.facts import Fact, value_key
from assistant.comparing.tokens import TOLD, Weights
from assistant.comparing.units import Form, Unit

CANDIDATES = 14
"""How many units of the other side are scored for one, those that share the rarest words."""

MOST_NEAR = 120
MOST_PAIRS = 4_000
"""Of facts of two units that are weighed against each other: a unit has some ten."""

"""How many places are looked at for one: a table of ten thousand rows must not be all pairs."""

UNIT_FROM, RENAMED_FROM, FACT_FROM, SAID_FROM = 0.47, 0.5, 0.56, 0.55
"""From which score on two are of the same matter."""

COVERED_FROM = 0.9
"""From which share of its words on a sentence is said, parted or joined otherwise, elsewhere."""

TABULAR = frozenset({Form.ROW, Form.ENTRY})
Place = tuple[int, int]
"""A unit and the rank of one of its facts."""


@dataclass(slots=True)
class Matching:
    """What was found: pairs of units, pairs of facts, and what the other side says elsewhere."""

    a: Sequence[Unit]
    b: Sequence[Unit]
    units: dict[int, int] = field(default_factory=dict)
    facts: dict[Place, Place] = field(default_factory=dict)
    said_a: set[Place] = field(default_factory=set)
    said_b: set[Place] = field(default_factory=set)
    covered_a: set[int] = field(default_factory=set)
    covered_b: set[int] = field(default_factory=set)

    def fact(self, side: int, place: Place) -> Fact:
        return (self.a, self.b)[side][place[0]].facts[place[1]]


class Rarity:
    """How much a word counts: what stands in few units tells them apart."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._seen, self._count = Counter[str](), 1
        for unit in units:
            self._seen.update({token.key for token in unit.tokens})
            self._count += 1

    def __call__(self, word: str) -> float:
        return 0.25 + math.log((self._count + 1) / (1 + self._seen[word]))

    def likeness(self, a: Weights, b: Weights) -> float:
        """Return the share of weight that both hold (Dice), 0 to 1."""
        common, total = self._common(a, b)
        return 2 * common / total if total else 0.0

    def containment(self, a: Weights, b: Weights) -> float:
        """Return how much of the shorter one the other holds, 0 to 1."""
        common, _ = self._common(a, b)
        least = min(self._sum(a), self._sum(b))
        return min(1.0, common / least) if least else 0.0

    def _common(self, a: Weights, b: Weights) -> tuple[float, float]:
        common = sum(min(a[w], b[w]) * self(w) for w in a.keys() & b.keys())
        return common, self._sum(a) + self._sum(b)

    def _sum(self, words: Weights) -> float:
        return sum(weight * self(word) for word, weight in words.items())


class Index:
    """Places by the words that they hold, to find those that share the rarest ones."""

    def __init__(self) -> None:
        self._places = defaultdict[object, list[int]](list)

    def add(self, place: int, words: Iterable[object]) -> None:
        for word in words:
            self._places[word].append(place)

    def near(self, words: Iterable[object]) -> list[int]:
        """Return the places that share words, the rarest first, of which there may be many."""
        found: dict[int, None] = {}
        for word in sorted(words, key=lambda word: len(self._places.get(word, ()))):
            if len(found) >= MOST_NEAR:
                break
            found |= dict.fromkeys(self._places.get(word, ())[:MOST_NEAR])
        return [*found]


def match(a: Sequence[Unit], b: Sequence[Unit]) -> Matching:
    """Align the units and facts of two acts."""
    found = Matching(a, b)
    rarity = Rarity((*a, *b))
    _same(found)
    _alike(found, rarity)
    _renamed(found)
    votes = _column_votes(found)
    for i, j in found.units.items():
        _facts_of_pair(found, rarity, i, j, votes)
    _facts_elsewhere(found, rarity)
    _in_labels(found)
    _covered(found, rarity)
    return found


def _left(found: Matching) -> tuple[list[int], list[int]]:
    taken = set(found.units.values())
    return (
        [i for i in range(len(found.a)) if i not in found.units],
        [j for j in range(len(found.b)) if j not in taken],
    )


def _same(found: Matching) -> None:
    """Pair what says the same under the same headings, in its order."""
    waiting = defaultdict[object, list[int]](list)
    for j, unit in enumerate(found.b):
        waiting[unit.key, frozenset(unit.context)].append(j)
    for i, unit in enumerate(found.a):
        if unit.key and (places := waiting[unit.key, frozenset(unit.context)]):
            found.units[i] = places.pop(0)


# -- units


def _alike(found: Matching, rarity: Rarity) -> None:
    left_a, left_b = _left(found)
    index = Index()
    held = [_words(unit) for unit in found.b]
    for j in left_b:
        index.add(j, held[j])
    scores = dict[Place, float]()
    for i in left_a:
        words = _words(found.a[i])
        near = {
            j: sum(rarity(word) * weight for word, weight in words.items() if word in held[j])
            for j in index.near(words)
        }
        for j in nlargest(CANDIDATES, near, key=near.__getitem__):
            score = unit_score(found, rarity, i, j)
            if score >= UNIT_FROM:
                scores[i, j] = score
    found.units |= assign(scores)


def _words(unit: Unit) -> Weights:
    """Return what a unit is looked for by: what it is of, then what it states."""
    return {f"={fact.key}": 0.5 for fact in unit.facts} | unit.label


def unit_score(found: Matching, rarity: Rarity, i: int, j: int) -> float:
    one, other = found.a[i], found.b[j]
    if not _may_pair(one, other):
        return 0.0
    own = rarity.likeness(one.label, other.label)
    if one.form in TABULAR and own < 1:
        own = max(own, 0.9 * rarity.containment(one.label, other.label) * (own > 0.35))
    over = rarity.likeness(one.context, other.context) if one.context or other.context else 1.0
    place = 1 - abs(i / max(1, len(found.a)) - j / max(1, len(found.b)))
    equal = _equal_share(one, other) if one.facts or other.facts else own
    # Rows of one name are told apart by what they hold, sentences by a single word.
    share = 0.16 if one.form in TABULAR else 0.04
    return (0.82 - share) * own + 0.14 * over + 0.04 * place + share * equal


def _may_pair(one: Unit, other: Unit) -> bool:
    """Whether two may be laid out as one another; other layouts meet fact by fact."""
    if one.form in TABULAR and other.form in TABULAR:
        return bool(one.facts) == bool(other.facts)
    return one.form is other.form or {one.form, other.form} == {Form.PROSE, Form.ENTRY}


def _equal_share(one: Unit, other: Unit) -> float:
    mine = Counter(fact.key for fact in one.facts)
    theirs = Counter(fact.key for fact in other.facts)
    most = max(mine.total(), theirs.total())
    return (mine & theirs).total() / most if most else 0.0


def _renamed(found: Matching) -> None:
    """Pair rows and entries that are called otherwise: where they stand, and by what they hold."""
    left_a, left_b = _left(found)
    scores = dict[Place, float]()
    tabular = {j for j in left_b if found.b[j].form in TABULAR and found.b[j].facts}
    listed = Index()
    for j in tabular:
        listed.add(j, found.b[j].headings[-1:])
    for i in left_a:
        one = found.a[i]
        if one.form not in TABULAR or not one.facts:
            continue
        around = {
            found.units[k] + step
            for k in range(i - 6, i + 7)
            if k in found.units
            for step in range(-6, 7)
        }
        for j in sorted(tabular & {*around, *listed.near(one.headings[-1:])}):
            other = found.b[j]
            slot = _slot(found, i, j)
            if not slot or one.form is not other.form:
                continue
            equal = _equal_share(one, other)
            alike = fuzz.token_sort_ratio(one.name.lower(), other.name.lower()) / 100
            shape = [f.kind for f in one.facts] == [f.kind for f in other.facts]
            score = 0.3 * alike + 0.4 * equal + 0.15 * slot + 0.1 * shape
            if score >= RENAMED_FROM and (equal >= 0.5 or alike >= 0.6):
                scores[i, j] = score
    found.units |= assign(scores)


def _slot(found: Matching, i: int, j: int) -> float:
    """Return how surely two stand at the same place of the same list: its neighbours are paired."""
    one, other = found.a[i], found.b[j]
    shared = one.headings[-1:] == other.headings[-1:]
    before = found.units.get(i - 1) == j - 1 if i and j else not (i or j)
    after = found.units.get(i + 1) == j + 1
    pairs = ((k, found.units.get(k)) for k in range(max(0, i - 6), i + 7))
    close = any(k is not None and abs(k - j) <= 6 for _, k in pairs)
    return (before + after) if (before or after) else (0.5 if shared or close else 0.0)


# -- facts


Votes = dict[tuple[object, object], Counter[tuple[object, object]]]


def _column_votes(found: Matching) -> Votes:
    """Count, for each two tables, in how many paired rows two columns say the same: columns that a
    text layer lost, or that are called otherwise, are known by the rows that did not change."""
    votes: Votes = defaultdict(Counter)
    for i, j in found.units.items():
        one, other = found.a[i], found.b[j]
        if one.form in TABULAR and other.form in TABULAR:
            tally = votes[_table(one), _table(other)]
            for m, mine in _columns(one):
                for n, theirs in _columns(other):
                    tally[m, n] += mine.says(theirs)
            tally["rows", "rows"] += 1
    return votes


def _table(unit: Unit) -> object:
    return unit.table or (unit.form, unit.headings)


def _columns(unit: Unit) -> Iterator[tuple[object, Fact]]:
    """Yield the facts of a row, each under its column's name, or its place where it has none."""
    own = [fact for fact in unit.facts if not fact.in_label]
    for place, fact in enumerate(own):
        yield fact.column or place, fact


def _facts_of_pair(found: Matching, rarity: Rarity, i: int, j: int, votes: Votes) -> None:
    one, other = found.a[i], found.b[j]
    scores = dict[tuple[int, int], float]()
    tally = votes.get((_table(one), _table(other)), Counter())
    rows = max(2, tally["rows", "rows"])
    names = [{id(fact): name for name, fact in _columns(unit)} for unit in (one, other)]
    for m, mine in enumerate(one.facts):
        for n in _beside(m, len(one.facts), len(other.facts)):
            theirs = other.facts[n]
            if one.form is other.form is Form.ROW and mine.in_label != theirs.in_label:
                continue
            if not _comparable(mine, theirs):
                continue
            if mine.column or theirs.column:
                near = rarity.likeness(mine.column_words, theirs.column_words)
            else:
                near = rarity.likeness(mine.label, theirs.label)
            place = 1 - abs(m / len(one.facts) - n / len(other.facts))
            score = 0.5 * near + 0.2 * place + 0.2 * mine.says(theirs) + 0.1
            score += 0.4 * (bool(mine.value) == bool(theirs.value))
            score += 0.5 * tally[names[0].get(id(mine)), names[1].get(id(theirs))] / rows
            if of_other_year(mine) != of_other_year(theirs):
                score -= 0.5
            if mine.in_label != theirs.in_label:
                score -= 0.1
            scores[m, n] = score
    for m, n in assign({pair: score for pair, score in scores.items() if score > 0.2}).items():
        found.facts[i, m] = j, n


def _beside(place: int, count: int, others: int) -> range:
    """Return the places of the facts that one is compared with: all, or where that were too many
    pairs those that stand about as far into the other unit."""
    if count * others <= MOST_PAIRS:
        return range(others)
    at, reach = place * others // count, max(2, MOST_PAIRS // (2 * count))
    return range(max(0, at - reach), min(others, at + reach + 1))


def of_other_year(fact: Fact) -> bool:
    """Whether it reminds of another year than the act's own."""
    return any(word.startswith("#year-") for word in fact.label)


def _comparable(mine: Fact, theirs: Fact) -> bool:
    """Whether one may have become the other: of one kind, or words in the place of a value."""
    if mine.value and theirs.value:
        return mine.kind is theirs.kind or mine.value.unit == theirs.value.unit
    if mine.value or theirs.value:
        both_cells = mine.cell is not None and theirs.cell is not None
        return both_cells or mine.kind is theirs.kind
    return True


def _facts_elsewhere(found: Matching, rarity: Rarity) -> None:
    """Look for facts that are left over in whatever unit of the other side states them."""
    every = tuple(
        [(i, m) for i, unit in enumerate(units) for m in range(len(unit.facts))]
        for units in (found.a, found.b)
    )
    left_a = [p for p in every[0] if p not in found.facts and not found.fact(0, p).in_label]
    taken = set(found.facts.values())
    left_b = [p for p in every[1] if p not in taken and not found.fact(1, p).in_label]
    _said(found, rarity, left_a, every[1], 0)
    _said(found, rarity, left_b, every[0], 1)
    open_a = [p for p in left_a if p not in found.said_a and not of_other_year(found.fact(0, p))]
    open_b = [p for p in left_b if p not in found.said_b and not of_other_year(found.fact(1, p))]
    index = Index()
    for n, place in enumerate(open_b):
        theirs = found.fact(1, place)
        index.add(n, ((theirs.kind, word) for word in theirs.label))
    scores = dict[tuple[int, int], float]()
    for m, place in enumerate(open_a):
        mine = found.fact(0, place)
        if mine.kind is None:
            continue
        for n in index.near((mine.kind, word) for word in mine.label):
            theirs = found.fact(1, open_b[n])
            score = _of_same(rarity, mine, theirs)
            if score >= FACT_FROM:
                scores[m, n] = score
    for m, n in assign(scores).items():
        found.facts[open_a[m]] = open_b[n]
    _equal_left(found, rarity, open_a, open_b)


def _equal_left(
    found: Matching, rarity: Rarity, open_a: Sequence[Place], open_b: Sequence[Place]
) -> None:
    """Pair equal values that both sides still have, where a text layer left one of them without the
    words that it stands beside: more likely moved than taken out and put in again."""
    taken = set(found.facts.values())
    waiting = defaultdict[str, list[int]](list)
    for n, place in enumerate(open_b):
        if place not in taken:
            waiting[found.fact(1, place).key].append(n)
    scores = dict[tuple[int, int], float]()
    for m, place in enumerate(open_a):
        mine, one = found.fact(0, place), found.a[place[0]]
        if place in found.facts:
            continue
        for n in waiting[mine.key][:MOST_NEAR]:
            theirs, other = found.fact(1, open_b[n]), found.b[open_b[n][0]]
            if mine.says(theirs) and not (_is_named(one) and _is_named(other)):
                order = abs(place[0] / len(found.a) - open_b[n][0] / len(found.b))
                scores[m, n] = 0.3 + rarity.likeness(mine.label, theirs.label) - 0.2 * order
    for m, n in assign(scores).items():
        found.facts[open_a[m]] = open_b[n]


def _is_named(unit: Unit) -> bool:
    """Whether it is a row or an entry that says what it is about."""
    return unit.form in TABULAR and len(unit.called) > 1


def _said(
    found: Matching, rarity: Rarity, left: Sequence[Place], others: Sequence[Place], side: int
) -> None:
    """Note which facts the other side states too, wherever it does."""
    index = Index()
    for n, other in enumerate(others):
        fact = found.fact(1 - side, other)
        index.add(n, ((fact.key, word) for word in fact.label))
    noted = found.said_b if side else found.said_a
    for place in left:
        mine = found.fact(side, place)
        for n in index.near((mine.key, word) for word in mine.label):
            other = others[n]
            theirs = found.fact(1 - side, other)
            one, twin = (found.a, found.b)[side][place[0]], (found.b, found.a)[side][other[0]]
            if mine.says(theirs) and _said_score(rarity, one, mine, twin, theirs) >= SAID_FROM:
                noted.add(place)
                break


def _in_labels(found: Matching) -> None:
    """Note values that the other side states too, in the name of the row or column where one tells
    a table's words: « la carte de 10 entrées » and a column of that name; or twice in one unit."""
    back = {b: a for a, b in found.facts.items()}
    labels = [{f.key for u in units for f in u.facts if f.in_label} for units in (found.a, found.b)]
    for side, (units, pairs) in enumerate(((found.a, found.facts), (found.b, back))):
        noted = found.said_b if side else found.said_a
        for i, unit in enumerate(units):
            partners = [
                found.fact(1 - side, pairs[i, m]) for m in range(len(unit.facts)) if (i, m) in pairs
            ]
            named = {word for one in partners for word in one.label}
            stated = {
                fact.key for m, fact in enumerate(unit.facts) if (i, m) in pairs or (i, m) in noted
            }
            noted |= {
                (i, m)
                for m, fact in enumerate(unit.facts)
                if (i, m) not in pairs
                and (
                    f"#{fact.key}" in named
                    or fact.key in stated
                    or (fact.kind not in TOLD and fact.key in labels[1 - side])
                )
            }


def _said_score(rarity: Rarity, one: Unit, mine: Fact, other: Unit, theirs: Fact) -> float:
    """Return how surely the other side states the same: of two rows, by all that they are
    called."""
    if one.form in TABULAR and other.form in TABULAR and mine.value:
        return rarity.likeness(mine.label, theirs.label) - 0.25
    return _of_same(rarity, mine, theirs)


def _of_same(rarity: Rarity, mine: Fact, theirs: Fact) -> float:
    """Return how surely two facts are of the same matter, by their labels alone."""
    contained = rarity.containment(mine.label, theirs.label)
    return 0.6 * contained + 0.4 * rarity.likeness(mine.label, theirs.label)


# -- sentences parted or joined otherwise


def _covered(found: Matching, rarity: Rarity) -> None:
    left_a, left_b = _left(found)
    found.covered_a |= _covered_by(found.a, left_a, found.b, rarity)
    found.covered_b |= _covered_by(found.b, left_b, found.a, rarity)


def _ends(unit: Unit) -> dict[str, set[str]]:
    """Return the ends of each range of a unit: a text layer may part them."""
    return {
        f"#{fact.key}": {f"#{value_key(part)}" for part in fact.value.parts}
        for fact in unit.facts
        if fact.value and fact.value.parts
    }


def _covered_by(
    units: Sequence[Unit], left: Sequence[int], others: Sequence[Unit], rarity: Rarity
) -> set[int]:
    """Return the units whose words all stand together in two neighbouring units of the others."""
    index = Index()
    words = [
        {token.key for token in unit.tokens} | {*unit.label} | set().union(*_ends(unit).values())
        for unit in others
    ]
    for j, held in enumerate(words):
        index.add(j, held)
    found = set[int]()
    for i in left:
        names = {word for fact in units[i].facts for word in fact.column_words}
        wanted = {
            token.key: token.weight
            for token in units[i].tokens
            if token.key not in names or token.key in units[i].called
        }
        total = sum(weight * rarity(word) for word, weight in wanted.items())
        ends = _ends(units[i])
        stated = {f"#{fact.key}" for fact in units[i].facts if fact.value} & wanted.keys()
        near = {
            j: sum(weight * rarity(word) for word, weight in wanted.items() if word in words[j])
            for j in index.near(wanted)
        }
        for j in nlargest(6, near, key=near.__getitem__):
            for around in ((j,), (j - 1, j), (j, j + 1), (j - 1, j, j + 1)):
                within = {w for k in around if 0 <= k < len(others) for w in words[k]}
                within |= {key for key, parts in ends.items() if parts <= within}
                share = sum(weight * rarity(w) for w, weight in wanted.items() if w in within)
                if stated <= within and total and share / total >= COVERED_FROM:
                    found.add(i)
                    break
            if i in found:
                break
    return found
