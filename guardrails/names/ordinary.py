# SPDX-License-Identifier: EUPL-1.2
"""What is no name where a text is in another language than French: its ordinary words.

« qual é a morada da câmara? », « Could you tell me … »: to layers that know French, each word of a
question in another language may be somebody. Such a question is told by its words; what consists of
ordinary ones alone, written as they are written there, is nobody, unless a title or a label says
so. What stands beside a word that is not ordinary stays hidden with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from guardrails.names.lexicons import read_lines
from guardrails.names.subjects import opens
from guardrails.names.votes import Vote
from guardrails.names.word import Shape
from guardrails.names.words import Words

SHARE = 0.5
"""Of the words beside names, how many at the least are ordinary ones of the text's language."""

SUFFIXING, STEM = "tr", 5
"""Turkish adds endings: a longer word that begins with as many of an ordinary one is one."""

_MEANT = {"civility", "power", "spelled", "title", "label", "relation", "aged", "speaker"}
_CASED = (Shape.CAPITAL, Shape.UPPER, Shape.INITIAL)


def without_ordinary(words: Words, names: Sequence[Vote]) -> list[Vote]:
    """Return the names of a text, in another language without those that are its ordinary words."""
    language = _language(words, names) if names else ""
    if not language:
        return [*names]
    return [name for name in names if not _is_ordinary(words, name, language)]


def ordinary_words(language: str) -> frozenset[str]:
    """Return the ordinary words of a language, small ones folded."""
    return _ordinary()[language][0]


def _language(words: Words, names: Sequence[Vote]) -> str:
    """Return the language of a text, as the words beside its names tell it; nothing for French, and
    where it is not clear."""
    named = {place for name in names for place in range(name.first, name.last + 1)}
    beside = [word for place, word in enumerate(words) if place not in named]
    found = {lang: [word for word in beside if _has(lang, word.fold)] for lang in _ordinary()}
    best = max(found, key=lambda lang: len(found[lang]))
    its_own = sum(not word.is_common for word in found[best])
    french = sum(word.is_common and not _has(best, word.fold) for word in beside)
    is_clear = its_own > french and len(found[best]) >= SHARE * len(beside)
    return best if is_clear else ""


def _is_ordinary(words: Words, name: Vote, language: str) -> bool:
    if _MEANT & {*name.layer.split("+")}:
        return False
    return all(_is_written_so(words, place, language) for place in range(name.first, name.last + 1))


def _is_written_so(words: Words, place: int, language: str) -> bool:
    """Whether a word is an ordinary one, with a capital only where it has one, or a sentence begins
    with it."""
    word = words[place]
    if word.text in _ordinary()[language][0]:
        return True
    return _has(language, word.fold) and (word.shape not in _CASED or opens(words, place))


def _has(language: str, word: str) -> bool:
    known, stems = _ordinary()[language]
    return word in known or (len(word) > STEM and word[:STEM] in stems)


@cache
def _ordinary() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return the ordinary words of each language, and what they begin with where that tells."""
    found = {}
    for line in read_lines("foreign_words.txt"):
        language, _, rest = line.partition(": ")
        known = frozenset(rest.split())
        stems = {word[:STEM] for word in known} if language == SUFFIXING else set[str]()
        found[language] = known, frozenset(stem for stem in stems if len(stem) == STEM)
    return found
