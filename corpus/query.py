# SPDX-License-Identifier: EUPL-1.2
"""What a question's words may also mean: typing errors and everyday words.

A word that neither the corpus nor a synonym group holds loses its elision (« lamende »), is looked
up among those they hold that sound the same (« quantine »), then among those that are spelt nearly
so; a word that a group knows brings the others of its group. Groups come
from `lexicons/synonyms.toml` and from the town's own file.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extract

from corpus.french import LEXICONS, Forms, terms
from corpus.sounds import sound

MIN_CORRECTED_CHARS = 4
NEARNESS = 0.8
"""Least likeness of a stem to one that the corpus holds: one slip in five signs."""

MAX_CORRECTIONS = 2
KEPT = 1_000
"""Unknown words whose nearest are kept until the corpus changes: each is looked up three times for
one question."""

_ELIDED = re.compile(r"(?:[cdjlmnst]|qu)(?=[aehiouy]\w)")
"""What is written together where an apostrophe is left out."""

Groups = tuple[tuple[frozenset[str], ...], ...]


def read_synonyms(*paths: Path) -> Groups:
    """Return groups of forms, each as its set of stems; a file that is absent has none."""
    groups: list[tuple[frozenset[str], ...]] = []
    for path in (LEXICONS / "synonyms.toml", *paths):
        if path.exists():
            kept = tomllib.loads(path.read_text("utf-8"))["groups"]
            groups += [tuple(filter(None, map(_stems, group))) for group in kept]
    return tuple(groups)


def _stems(form: str) -> frozenset[str]:
    return frozenset(terms(form))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word of the question, what finding it weighs, and what may stand for it: one of some
    stems, or all the stems of a phrase."""

    stems: frozenset[str]
    weight: float
    phrases: tuple[frozenset[str], ...] = ()

    def is_in(self, held: AbstractSet[str]) -> bool:
        """Whether a text's stems hold the word, or what may stand for it.

        >>> cantine = Wanted(frozenset({"cantin"}), 1, (frozenset({"restaur", "scolair"}),))
        >>> cantine.is_in({"restaur", "scolair"}), cantine.is_in({"scolair"})
        (True, False)
        """
        return bool(self.stems & held) or any(phrase <= held for phrase in self.phrases)


def coverage(wanted: Sequence[Wanted], held: AbstractSet[str]) -> float:
    """Return the share (0 to 1, rare words more) of a question's words that a text's stems hold.

    >>> coverage([Wanted(frozenset({"tarif"}), 1), Wanted(frozenset({"sall"}), 3)], {"sall"})
    0.75
    """
    total = sum(word.weight for word in wanted)
    return sum(word.weight for word in wanted if word.is_in(held)) / total if total else 0.0


def forms_of(wanted: Sequence[Wanted]) -> Forms:
    """Return all that may stand for a question's words.

    >>> forms_of([Wanted(frozenset({"cantin"}), 1, (frozenset({"restaur", "scolair"}),))]) == {
    ...     frozenset({"cantin"}), frozenset({"restaur", "scolair"})}
    True
    """
    single = {frozenset({stem}) for word in wanted for stem in word.stems}
    return frozenset(single.union(*(word.phrases for word in wanted)))


class Vocabulary(Protocol):
    """What is asked of a corpus: `PassageStore`, or several together."""

    def vocabulary(self) -> dict[str, int]:
        """Return each term with the number of passages that hold it."""

    def passage_count(self) -> int: ...

    def generation(self) -> tuple[int, int]:
        """Return numbers that differ once it has changed."""


class Together:
    """The words of several corpora, as if they were one."""

    def __init__(self, *stores: Vocabulary) -> None:
        self._stores = stores

    def vocabulary(self) -> dict[str, int]:
        return dict(sum((Counter(store.vocabulary()) for store in self._stores), Counter()))

    def passage_count(self) -> int:
        return sum(store.passage_count() for store in self._stores)

    def generation(self) -> tuple[int, int]:
        each = [store.generation() for store in self._stores]
        return sum(one for one, _ in each), sum(other for _, other in each)


class Wording:
    """Other words for a question's words, as the corpus at hand has them."""

    def __init__(self, store: Vocabulary, *synonyms: Path) -> None:
        self._store = store
        self._groups = read_synonyms(*synonyms)
        self._grouped = defaultdict[str, set[int]](set)
        for number, forms in enumerate(self._groups):
            for stem in frozenset[str]().union(*forms):
                self._grouped[stem].add(number)
        self._words: dict[str, int] = {}
        self._passages = 0
        self._spelled: list[str] = []
        self._heard: dict[str, list[str]] = {}
        self._generation = (-1, -1)
        self._nearest = lru_cache(KEPT)(self._found_nearest)

    def related(self, question: str) -> set[str]:
        """Return the stems of the other forms of each group that the question touches."""
        self._read_words()
        asked = set(self._corrected(terms(question)))
        return {stem for forms in self._touched(asked) for form in forms for stem in form - asked}

    def wanted(self, question: str) -> list[Wanted]:
        """Return the words of the question, each with what may stand for it and its weight."""
        self._read_words()
        asked = list(dict.fromkeys(terms(question)))
        spelled = {stem: self._corrected([stem]) for stem in asked}
        meant = {stem: {frozenset({word}) for word in words} for stem, words in spelled.items()}
        held = {word for words in spelled.values() for word in words}
        for forms in self._touched(held):
            told = {word for form in forms if form <= held for word in form}
            for stem, words in spelled.items():
                if told.intersection(words):
                    meant[stem] |= set(forms)
        return [self._wanted(stem, forms) for stem, forms in meant.items()]

    def _wanted(self, stem: str, forms: Collection[frozenset[str]]) -> Wanted:
        single = frozenset(word for form in forms if len(form) == 1 for word in form)
        phrases = tuple(form for form in forms if len(form) > 1 and stem not in form)
        return Wanted(single, self._rarity(single), phrases)

    def _touched(self, asked: AbstractSet[str]) -> Iterator[tuple[frozenset[str], ...]]:
        """Yield the groups of which the question holds a form whole."""
        for number in sorted(
            {n for stem in asked & self._grouped.keys() for n in self._grouped[stem]}
        ):
            if any(form <= asked for form in self._groups[number]):
                yield self._groups[number]

    def rarity(self, stems: Collection[str]) -> float:
        """Return how much finding one of the stems says: the log of one passage in so many."""
        self._read_words()
        return self._rarity(stems)

    def _rarity(self, stems: Collection[str]) -> float:
        held = sum(self._words.get(stem, 0) for stem in stems)
        return math.log(1 + self._passages / (1 + held))

    def corrected(self, stems: Sequence[str]) -> list[str]:
        """Return the stems, those that nobody knows joined by the nearest that are known."""
        self._read_words()
        return self._corrected(stems)

    def _corrected(self, stems: Sequence[str]) -> list[str]:
        unique = list(dict.fromkeys(stems))
        known = self._known(unique)
        return [
            other
            for stem in unique
            for other in ([stem] if stem in known else [stem, *self._nearest(stem)])
        ]

    def _known(self, stems: Sequence[str]) -> set[str]:
        return {stem for stem in stems if stem in self._words or stem in self._grouped}

    def _found_nearest(self, stem: str) -> list[str]:
        bare = _ELIDED.sub("", stem, count=1)
        if bare != stem and self._known([bare]):
            return [bare]
        if len(stem) < MIN_CORRECTED_CHARS or any(c.isdigit() for c in stem):
            return []
        heard = [word for one in {stem, bare} for word in self._heard.get(sound(one), ())]
        if heard:
            heard.sort(key=lambda word: -self._words.get(word, 0))
            return heard[:MAX_CORRECTIONS]
        near = extract(
            stem,
            self._spelled,
            scorer=DamerauLevenshtein.normalized_similarity,
            score_cutoff=NEARNESS,
            limit=MAX_CORRECTIONS,
        )
        return [word for word, _, _ in near]

    def _read_words(self) -> None:
        """Read the corpus's words, again only once it has changed: each read of the database gives
        the interpreter up, and waits for it among all who ask at that moment."""
        generation = self._store.generation()
        if generation != self._generation:
            self._words, self._passages = self._store.vocabulary(), self._store.passage_count()
            self._spelled = sorted(w for w in {*self._words, *self._grouped} if w.isalpha())
            self._heard = defaultdict(list)
            for word in self._spelled:
                if len(word) >= MIN_CORRECTED_CHARS:
                    self._heard[sound(word)].append(word)
            self._nearest = lru_cache(KEPT)(self._found_nearest)
            self._generation = generation
