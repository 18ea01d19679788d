# SPDX-License-Identifier: EUPL-1.2
"""The words by which people ask for the town's facts, and which of a question's nobody knows.

What is fitted knows meanings, not names: « le téléphone de la mairie de Brest » means what « le
téléphone de la mairie » means. So each word of a question must be one that the wordings of that
fact have, or be explained by the town: its name, a service, a day. One letter is forgiven.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein

from assistant.sheet.facts import PEOPLE, TONGUES, Fact, Tongue
from corpus.french import fold

ARTEFACT = Path(__file__).with_suffix(".json")
FORGIVING_CHARS = 6
VERY_FORGIVING_CHARS = 9
"""Letters of a word from which one, then two slips are forgiven."""

SHARED_CHARS, ENDING_CHARS = 4, 6
"""Turkish says with endings what others say with small words: what its forms share, and add."""

_WORD = re.compile(r"\d+|[^\W\d_]+")
_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "ـ": None, "ı": "i"})
_MARKS = re.compile("[\u064b-\u0652]")
_JOINED = re.compile(r"^(?:(?:و|ب|ف|ك)?ال|لل|و|ب|ل|ف|ك)(?=[\u0621-\u064a]{3})")


def words_of(text: str) -> list[str]:
    """Return the words of a text in any of the languages, as they are compared.

    >>> words_of("Où est l’État civil ?")
    ['ou', 'est', 'l', 'etat', 'civil']
    """
    return _WORD.findall(_MARKS.sub("", fold(text).translate(_ARABIC)))


def forms_of(word: str) -> Iterator[str]:
    """Yield a word, without its plural, without what Arabic joins to it."""
    yield word
    if len(word) > FORGIVING_CHARS - 1 and word[-1] in "sx":
        yield word[:-1]
    if joined := _JOINED.match(word):
        yield word[joined.end() :]


class Known:
    """Words that a question may hold, found by how they begin: whoever asks waits for it, in six
    languages."""

    def __init__(self, words: frozenset[str]) -> None:
        self.words = words
        self._by_letter = defaultdict[str, list[str]](list)
        self._by_stem = defaultdict[str, list[str]](list)
        for word in sorted(words):
            self._by_letter[word[0]].append(word)
            self._by_stem[word[:SHARED_CHARS]].append(word)

    def has_slip_of(self, word: str) -> bool:
        """Whether a word is one of them but for its slips."""
        return any(is_slip(word, one) for one in self._by_letter.get(word[0], ()))

    def has_inflected(self, word: str) -> bool:
        """Whether a word is one of them with other endings."""
        return any(is_inflected(word, one) for one in self._by_stem.get(word[:SHARED_CHARS], ()))


@dataclass(frozen=True)
class Vocabulary:
    """The words of a language: `silent` say nothing of what is asked, `common` may stand in any
    question (those too), `place` in the wordings that ask for the town hall, `people` in those that
    ask for who holds an office, `others` in near misses."""

    silent: frozenset[str]
    common: frozenset[str]
    place: frozenset[str]
    people: frozenset[str]
    others: frozenset[str]
    is_suffixing: bool = False

    @classmethod
    def of(
        cls,
        silent: str,
        more: str,
        wordings: Mapping[Fact, Iterable[str]],
        near: Iterable[str],
        language: Tongue,
    ) -> Vocabulary:
        """Make the vocabulary of texts."""
        each = {fact: [*texts] for fact, texts in wordings.items()}
        return cls(
            _all_forms([silent]),
            _all_forms([silent, more]),
            _all_forms(
                text for fact, texts in each.items() if fact not in PEOPLE for text in texts
            ),
            _all_forms(text for fact, texts in each.items() if fact in PEOPLE for text in texts),
            frozenset(word for text in near for word in words_of(text)),
            language == "tr",
        )

    def unknown(self, said: Sequence[str], *, of_people: bool) -> list[int]:
        """Return the places of the words that no wording has which asks for the town hall, or
        `of_people`: for who holds an office."""
        known = self._of_people if of_people else self._of_place
        return [place for place, word in enumerate(said) if not self._knows(word, known)]

    @cached_property
    def _of_people(self) -> Known:
        return Known(self.common | self.people)

    @cached_property
    def _of_place(self) -> Known:
        return Known(self.common | self.place)

    def _knows(self, word: str, known: Known) -> bool:
        if word in known.words:
            return True
        if self.is_suffixing and known.has_inflected(word):
            return True
        if word.isdigit() or word in self.others:
            return False
        if any(form in known.words for form in forms_of(word)):
            return True
        if len(word) < FORGIVING_CHARS or word in self.place or word in self.people:
            return False
        return known.has_slip_of(word)

    def row(self) -> dict[str, list[str]]:
        """Return it as it is kept."""
        names = ("silent", "common", "place", "people", "others")
        return {name: sorted(getattr(self, name)) for name in names}


def is_slip(word: str, known: str) -> bool:
    """Whether a word is another with a letter more, less, changed or moved.

    >>> is_slip("telehpone", "telephone"), is_slip("lyon", "lion")
    (True, False)
    """
    if min(len(word), len(known)) < FORGIVING_CHARS or word[0] != known[0]:
        return False
    most = 2 if len(known) >= VERY_FORGIVING_CHARS else 1
    return DamerauLevenshtein.distance(word, known, score_cutoff=most) <= most


def is_inflected(word: str, known: str) -> bool:
    """Whether a word is another with other endings, as Turkish has them.

    >>> is_inflected("belediyenin", "belediyeyi"), is_inflected("belediye", "bilgi")
    (True, False)
    """
    shared = 0
    for one, other in zip(word, known, strict=False):
        if one != other:
            break
        shared += 1
    least = min(len(known), SHARED_CHARS + 1)
    return SHARED_CHARS <= least <= shared and max(map(len, (word, known))) - shared <= ENDING_CHARS


def _all_forms(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(form for text in texts for word in words_of(text) for form in forms_of(word))


@cache
def vocabularies() -> Mapping[Tongue, Vocabulary]:
    """Return the words that were kept for each language."""
    kept = json.loads(ARTEFACT.read_text("utf-8"))
    others = frozenset(word for row in kept.values() for word in row["others"])
    found = dict[Tongue, Vocabulary]()
    for language in TONGUES:
        silent, common, place, people = (
            frozenset(kept[language][name]) for name in ("silent", "common", "place", "people")
        )
        found[language] = Vocabulary(silent, common, place, people, others, language == "tr")
    return found
