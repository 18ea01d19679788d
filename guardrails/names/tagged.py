# SPDX-License-Identifier: EUPL-1.2
"""The language model's votes: on each paragraph as written, and truecased where it helps.

Paragraphs end where lines do, never at a length: a paragraph reads the same whatever was hidden
in another one, so that screening a screened text sees what the first screening saw.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from threading import Lock
from typing import Protocol

from guardrails.names.runs import run_right
from guardrails.names.truecase import is_raisable, truecased
from guardrails.names.votes import Vote
from guardrails.names.word import Shape, Word
from guardrails.names.words import Words
from guardrails.placeholders import placeholders_in

_PARAGRAPH_END = re.compile(r"\n\s*\n|(?<=[.;:!?])[^\S\n]*\n")
_LONGEST = 8_000


class Tagger(Protocol):
    """A language model that points at persons."""

    def persons(self, texts: Sequence[str]) -> Sequence[Sequence[tuple[int, int]]]: ...


class NoTagger:
    """Stands where no language model is wanted: the rules alone decide."""

    def persons(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Return no person, for each text."""
        return [[] for _ in texts]


class Opening:
    """A tagger that is opened by the first text it is asked about, once."""

    def __init__(self, opener: Callable[[], Tagger]) -> None:
        self._opener = opener
        self._lock = Lock()
        self._opened: Tagger | None = None

    def persons(self, texts: Sequence[str]) -> Sequence[Sequence[tuple[int, int]]]:
        """Return the persons of each text."""
        with self._lock:
            if self._opened is None:
                self._opened = self._opener()  # what keeps it from opening is raised each time
        return self._opened.persons(texts)


class Remembering:
    """A tagger that answers again what it was asked before, without keeping a word of it.

    The guard looks twice at a document: only the paragraphs that changed are read again, and
    a heading that stands on every page is read once. Keys are digests.
    """

    MOST = 20_000

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger
        self._seen: dict[bytes, Sequence[tuple[int, int]]] = {}

    def persons(self, texts: Sequence[str]) -> list[Sequence[tuple[int, int]]]:
        """Return the persons of each text."""
        keys = [
            blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
            for text in texts
        ]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._seen}
        if len(self._seen) + len(new) > self.MOST:
            self._seen.clear()
            new = dict(zip(keys, texts, strict=True))
        if new:
            self._seen.update(zip(new, self._tagger.persons(list(new.values())), strict=True))
        return [self._seen[key] for key in keys]


def tagged(
    documents: Sequence[Words], tagger: Tagger, doubtful: Sequence[Sequence[bool]] | None = None
) -> list[list[Vote]]:
    """Return the model's votes on each document.

    `doubtful`: a word each, whether its paragraph is worth a reading; all are where it is None.
    """
    wanted: list[tuple[int, int, str, str]] = []
    for number, words in enumerate(documents):
        hidden = _placeholder_words(words)
        for start, end in _paragraphs(words.text):
            first, last = bisect_left(words.starts, start), bisect_left(words.starts, end) - 1
            if not any(
                _may_name(words[i]) and (doubtful is None or doubtful[number][i])
                for i in range(first, last + 1)
                if i not in hidden
            ):
                continue
            written = words.text[words[first].start : words[last].end]
            wanted.append((number, words[first].start, written, "model"))
            if copy := truecased(words, first, last):
                wanted.append((number, words[first].start, copy, "truecased"))
    asked = tagger.persons([text for _, _, text, _ in wanted]) if wanted else []
    votes: list[list[Vote]] = [[] for _ in documents]
    for (number, offset, _, layer), spans in zip(wanted, asked, strict=True):
        for start, end in spans:
            votes[number].extend(_votes(documents[number], offset + start, offset + end, layer))
    return votes


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for match in _PARAGRAPH_END.finditer(text):
        yield from _cut(text, position, match.start())
        position = match.end()
    yield from _cut(text, position, len(text))


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a paragraph that is too long for the model, at a blank where there is one."""
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        cut = cut if cut > 0 else start + _LONGEST
        yield start, cut
        start = cut
    if start < end:
        yield start, end


def _placeholder_words(words: Words) -> frozenset[int]:
    """Return the words of placeholders: what is hidden is no reason to read a text again."""
    return frozenset(
        index
        for start, end in placeholders_in(words.text)
        for index in range(bisect_left(words.starts, start), bisect_left(words.starts, end))
    )


def _may_name(word: Word) -> bool:
    """The model is the slow layer: it reads only where a word may be a name."""
    return (word.is_cased and (word.is_unusual or word.surname > 0)) or word.is_strong_first


def _votes(words: Words, start: int, end: int, layer: str) -> Iterator[Vote]:
    """Cut what the model pointed at into runs of words that may be names, and weigh each."""
    index, stop = bisect_left(words.starts, start), bisect_left(words.starts, end)
    while index < stop:
        if layer == "truecased" and _is_raised(words[index]):
            last = index
            while last + 1 < stop and words.joins(last) and _is_raised(words[last + 1]):
                last += 1
        elif words[index].is_particle and words[index].shape is Shape.LOWER:
            last = index - 1
        else:
            last = min(run_right(words, index, anchored=True), stop - 1)
        if last >= index:
            yield Vote(index, last, _weight(words.items[index : last + 1], layer), layer)
        index = max(last, index) + 1


def _weight(inside: Sequence[Word], layer: str) -> float:
    """Weigh the model's opinion by what the lexicons know of the words; alone it is often wrong."""
    known = [word for word in inside if not word.is_particle and len(word.text) > 1]
    if any(word.is_strong_first for word in known) and len(known) > 1:
        weight = 0.6
    elif any(word.is_unusual and word.surname and not word.is_commune for word in known):
        weight = 0.55
    elif any(
        word.is_unusual
        and not word.is_commune
        and word.shape is Shape.CAPITAL
        and len(word.text) > 2
        for word in known
    ):
        weight = 0.35 if any(word.is_common for word in known) else 0.5
    elif any(word.is_strong_first or word.surname == 2 or word.magnitude >= 3 for word in known):
        weight = 0.5
    else:
        weight = 0.2
    return weight if layer == "model" else weight - 0.05


def _is_raised(word: Word) -> bool:
    """Written small in a chat, raised in the truecased copy."""
    return word.shape is Shape.LOWER and not word.is_never and is_raisable(word)
