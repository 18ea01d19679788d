# SPDX-License-Identifier: EUPL-1.2
"""The whole question that is meant, in the words of both, cut where the tags say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from assistant.aligning import CONTRACTED, PREPOSITIONS, opened
from assistant.errors import ModelFailed
from assistant.following.reading import Kind
from assistant.following.words import Word, words_of
from assistant.followups import complete, without_hidden
from assistant.leaning import OPENING
from assistant.seams import TaggingModel, Tags

SURE, CLEAR, POSSIBLE = 0.5, 0.35, 0.15
"""How likely the likeliest kind must be, and at most that it is unclear, for one wording alone;
how likely a kind must be to be one of several."""

STAYS, SAYS = 0.5, 0.3
"""How likely a word must be to stay of the earlier question, and to be said of the one that
follows, whose words were just written to be read."""

CONTESTED = 0.25
MOST_CHOICES = 3

_END = re.compile(r"[\s?!.…]+$")
_ELIDED = re.compile(r"\b\w{1,2}['’]$")
_ARTICLES = dict.fromkeys(("le", "la", "les", "l'", "un", "une"), "") | {
    word: base for word, (base, _) in CONTRACTED.items()
}
"""Words that hold an article, and what is left of them without it."""

_PREPOSITIONS = {word for word, way in PREPOSITIONS.items() if way not in {"rue", "plus"}}


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question that leans is taken for: one wording, or several to choose from."""

    choices: tuple[str, ...]

    @property
    def text(self) -> str:
        """The likeliest wording."""
        return self.choices[0]

    @property
    def is_sure(self) -> bool:
        return len(self.choices) == 1


def after(question: str, before: str, model: object) -> Understood | None:
    """Return what a question means after another, None if it stands alone; by rules where nobody
    learnt to read the model, where it fails, and for what is too long."""
    tags, before = None, without_hidden(before)
    says = _END.sub("", OPENING.sub("", question.strip()))
    if isinstance(model, TaggingModel) and says and before.strip():
        with suppress(ModelFailed):
            tags = model.tags(question, before)
    return by_rules(question, before) if tags is None else understood(question, before, tags)


def by_rules(question: str, before: str) -> Understood | None:
    """Return what a question means after another as far as its words alone tell."""
    found = complete(question, before)
    return Understood((found,)) if found else None


def understood(question: str, before: str, tags: Tags) -> Understood | None:
    """Return what a question means after another, None if it stands alone."""
    asked, earlier = (_END.sub("", text) for text in (question, before))
    kinds = sorted(Kind, key=lambda kind: -tags.kinds[kind])
    is_sure = tags.kinds[kinds[0]] >= SURE and tags.unclear <= CLEAR
    if kinds[0] is Kind.ALONE and is_sure:
        return None
    found = _Wordings(asked, earlier, tags)
    if is_sure:
        return Understood((found.of(kinds[0]),))
    each = [*found.apart()] if tags.unclear > CLEAR else []
    likely = [kind for kind in kinds if tags.kinds[kind] >= POSSIBLE]
    wordings = dict.fromkeys([*each, *map(found.of, likely)])
    return Understood(tuple(wordings)[:MOST_CHOICES])


class _Wordings:
    def __init__(self, asked: str, before: str, tags: Tags) -> None:
        self._asked, self._before = asked, before
        self._words = words_of(self._before)
        self._kept = tags.kept[: len(self._words)]
        said = [*zip(words_of(asked), tags.said, strict=False)]
        self._own = _within(asked, [word for word, likely in said if likely >= SAYS]) or asked

    def of(self, kind: Kind) -> str:
        """Return the wording of a kind."""
        match kind:
            case Kind.ALONE:
                return f"{_capital(self._asked)} ?"
            case Kind.ADDS:
                return _whole(f"{self._before} {self._own}")
            case Kind.REPLACES if self._words:
                first, last = self._replaced()
                return self._put(self._words[first].start, self._words[last].end)
            case _:
                return self._of_it([likely >= STAYS for likely in self._kept])

    def apart(self) -> Iterator[str]:
        """Yield the question asked of each of the things that it may be about."""
        is_open = [CONTESTED <= likely <= 1 - CONTESTED for likely in self._kept]
        runs = [run for run in _runs(is_open) if any(self._words[at].says for at in run)]
        for run in runs if len(runs) > 1 else ():
            yield self._of_it(
                [at in run or likely > 1 - CONTESTED for at, likely in enumerate(self._kept)]
            )

    def _of_it(self, stays: Sequence[bool]) -> str:
        runs = [run for run in _runs(stays) if any(self._words[at].says for at in run)]
        kept = [self._before[self._words[r[0]].start : self._words[r[-1]].end] for r in runs]
        return _whole(f"{self._own} : {' '.join(kept) or self._before}")

    def _replaced(self) -> tuple[int, int]:
        """Return the first and the last word of what is replaced: the run that goes likeliest."""
        kept = np.clip(np.array(self._kept), 1e-4, 1 - 1e-4)
        goes = np.log((1 - kept) / kept)
        # « été » is a tool of grammar too: what goes for sure may be replaced, whatever it is
        saying = [at for at, word in enumerate(self._words) if word.says or goes[at] > 0] or [0]
        goes -= min(0.0, max(goes[at] for at in saying) - 1e-3)
        places = range(len(self._words))
        runs = [(i, j) for i in places for j in places[i:] if any(i <= at <= j for at in saying)]
        return max(runs, key=lambda run: float(goes[run[0] : run[1] + 1].sum()))

    def _put(self, start: int, end: int) -> str:
        """Put the words in the place of others."""
        before, after = self._before[:start].rstrip(), self._before[end:].lstrip(" ,;")
        before = _opened(before, self._own)
        known = words_of(before)[-1:]
        if known and known[0].end == len(before) and known[0].text.lower() in {"de", "à", "d'"}:
            own = opened(known[0].text.lower(), self._own)
            return _whole(f"{before[: known[0].start]}{own} {after}")
        glue = "" if before.endswith(("'", "’")) else " "
        return _whole(f"{before}{glue}{self._own} {after}")


def _opened(before: str, own: str) -> str:
    """Return what comes before some words, without the article or the preposition that they bring.

    >>> _opened("le montant des", "les recettes"), _opened("une carte d'", "pour un enfant")
    ('le montant de', 'une carte')
    """
    first = next((word.text.lower() for word in words_of(own)), "")
    is_prepositional = first in _PREPOSITIONS
    while (known := words_of(before)) and known[-1].end == len(before):
        last = known[-1].text.lower()
        if is_prepositional and (last in _PREPOSITIONS or last in _ARTICLES):
            left = ""
        elif first in _ARTICLES and _ARTICLES.get(last, last) != last:
            left = _ARTICLES[last]
        else:
            break
        before = (before[: known[-1].start] + left).rstrip()
    return before


def _within(text: str, words: Sequence[Word]) -> str:
    """Return a text from the first of some words to the last, its elided article with it."""
    if not words:
        return ""
    elided = _ELIDED.search(text, 0, words[0].start)
    found = text[elided.start() if elided else words[0].start : words[-1].end]
    return f"{found})" if found.count("(") > found.count(")") else found


def _runs(flags: Sequence[bool]) -> list[list[int]]:
    """Return the places of what is true, side by side together."""
    runs: list[list[int]] = []
    for at, flag in enumerate(flags):
        if flag and at and flags[at - 1]:
            runs[-1].append(at)
        elif flag:
            runs.append([at])
    return runs


def _whole(text: str) -> str:
    return f"{_capital(_END.sub('', ' '.join(text.split())))} ?"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
