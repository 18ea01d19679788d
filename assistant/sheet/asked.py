# SPDX-License-Identifier: EUPL-1.2
"""Which fact of the town's sheet a question asks for, if it surely asks for one.

    question ─reading▶ chance of each fact    ─▶ sure enough?
                     ▶ words that name somebody ─▶ all the town's?      both, or None

What is learnt knows meanings, not names: to it « le téléphone de la mairie de Brest » asks for a
telephone. So each word that names a body, a place or a person must be one of the town's own: its
name, the town hall, a service of its directory, the mayor, an office of the roster.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from assistant.settings import Town, TownService
from assistant.sheet.days import named_day
from assistant.sheet.facts import PEOPLE, TONGUES, AskedFact, Fact, Tongue
from assistant.sheet.reading import Asking, ReadQuestion
from assistant.sheet.words import forms_of, is_inflected, is_slip, words_of
from guardrails.placeholders import placeholders_in

MOST_WORDS = 40
ABOUT_HOURS = frozenset({Fact.HOURS, Fact.OPEN})
PREFERRED = 0.1
"""Chance from which a question is in the language that is preferred."""

_WORD = re.compile(r"\d+|[^\W\d_]+")
_MARKS = re.compile("[\u064b-\u0652\u0640]")


class _Named(NamedTuple):
    """A service of the directory, by its place there, and the places of the words that name it."""

    service: int
    places: frozenset[int]


AMBIGUOUS = _Named(-1, frozenset())


class _Word(NamedTuple):
    """A word as it is compared, and where it stands in the question."""

    said: str
    start: int
    end: int


class AskedFacts:
    """Recognises questions for one town. `reader` opens what reads them, at the first; where
    nothing was taught that, no question is recognised."""

    def __init__(self, town: Town, reader: Callable[[], ReadQuestion | None]) -> None:
        self._town, self._reader = town, reader
        self._services = [_names_of(service) for service in town.services]
        self._name = [word for word in words_of(town.name) if word not in _links()]

    def __call__(self, question: str, *, today: date, prefer: str = "") -> AskedFact | None:
        """Return what a hidden question asks for; `prefer`: a language that wins where it may be
        the question's."""
        text = _MARKS.sub("", question)
        words = _words(text)
        said = [word.said for word in words]
        if not 0 < len(said) <= MOST_WORDS:
            return None
        if placeholders_in(question):  # somebody is named, who is not the town's
            return None
        if (read := self._reader()) is None:
            return None
        town = self._of_town(said)
        asking = read(_without(text, [words[place] for place in town]))
        fact = asking.surely(read.sure)
        if fact is None:
            return None
        language = _language(asking, prefer)
        day, of_day = named_day(said, language, today, text)
        if of_day and day is None and fact in ABOUT_HOURS:
            return None
        named = _named_words(asking, words) - town - of_day
        whose = None if fact in PEOPLE else self._service(said, named)
        if whose is AMBIGUOUS:
            return None
        of_service = whose.places if whose else frozenset[int]()
        rest = [said[p] for p in sorted(named - of_service) if not calls(said[p], fact)]
        if whose and not _is_of_one(said, whose.places, named):
            return None
        if rest and fact is not Fact.DEPUTIES:
            return None
        return AskedFact(
            fact=fact,
            language=language,
            score=round(float(asking.facts.max()), 4),
            service=whose.service if whose else None,
            day=day,
            rest=tuple(rest),
        )

    def _service(self, said: Sequence[str], among: frozenset[int]) -> _Named | None:
        """Return the service that the words at some places name, AMBIGUOUS where it may be either
        of two."""
        generic = {p for p, word in enumerate(said) if any(_is(word, one) for one in _generic())}
        found = dict[_Named, tuple[bool, bool, int]]()
        for number, (own, others) in enumerate(self._services):
            of_own, of_others = (_best(names, said) for names in (own, others))
            places = max(of_own, of_others, key=len)
            if places and (places | generic) & among:
                how_well = (bool(places & among), bool(of_own), len(places))
                again = {p for p, w in enumerate(said) if any(_is(w, said[q]) for q in places)}
                found[_Named(number, places | again | generic)] = how_well
        best = [one for one, how_well in found.items() if how_well == max(found.values())]
        if len(best) > 1:
            return AMBIGUOUS
        return best[0] if best else None

    def _of_town(self, said: Sequence[str]) -> frozenset[int]:
        """Return the places of the town's own name, where enough of it is said to be no other's."""
        own = [word for word in self._name if word not in _called("common_names")]
        places = {place for place, word in enumerate(said) if word in self._name}
        if not own or not any(said[place] == own[0] for place in places):
            return frozenset()
        return frozenset(places)


def _best(names: Sequence[Sequence[str]], said: Sequence[str]) -> frozenset[int]:
    """Return the places of the name of which most words are said; none where none is."""
    return max((_found(name, said) for name in names), key=len, default=frozenset())


def _is_of_one(said: Sequence[str], service: frozenset[int], named: frozenset[int]) -> bool:
    """Whether the town hall, where it is named beside a service, is named as its house: « l'état
    civil de la mairie », not « l'état civil ne répond pas, le numéro de la mairie »."""
    halls = [place for place in named if said[place] in _called("only_hall")]
    known = _links() | _called("hall")
    for hall in halls:
        nearest = min(service, key=lambda place: abs(place - hall))
        between = range(min(hall, nearest) + 1, max(hall, nearest))
        if any(place not in service and said[place] not in known for place in between):
            return False
    return True


def _words(text: str) -> list[_Word]:
    """Return the words of a text as they are compared, with where they stand."""
    return [
        _Word(said, one.start(), one.end())
        for one in _WORD.finditer(text)
        for said in words_of(one[0])
    ]


def _named_words(asking: Asking, words: Sequence[_Word]) -> frozenset[int]:
    """Return the places of the words that name somebody; small words between them do not."""
    return frozenset(
        place
        for place, word in enumerate(words)
        if word.said not in _links()
        and any(start < word.end and end > word.start for start, end in asking.named)
    )


def _without(text: str, words: Iterable[_Word]) -> str:
    """Return a text with some words blotted out, every other where it was."""
    for word in words:
        text = text[: word.start] + " " * (word.end - word.start) + text[word.end :]
    return text


def _language(asking: Asking, prefer: str) -> Tongue:
    """Return the language of a question."""
    if prefer in TONGUES and asking.languages[TONGUES.index(prefer)] >= PREFERRED:
        return prefer
    return TONGUES[int(np.argmax(asking.languages))]


def calls(word: str, fact: Fact) -> bool:
    """Whether a word, as it is compared, belongs to what whoever is asked for is called by
    everybody: the town hall, for a mayor or a deputy that office too."""
    known = _called("hall") | (_called(fact) if fact in PEOPLE else frozenset())
    return any(
        form in known or any(is_slip(form, one) for one in known) for form in forms_of(word)
    ) or any(is_inflected(word, one) for one in _called("suffixed"))


@cache
def _links() -> frozenset[str]:
    return frozenset(words_of(str(_lexicon()["links"])))


@cache
def _called(kind: str) -> frozenset[str]:
    return frozenset(words_of(str(_lexicon()[kind])))


def services_named(town: Town, text: str) -> list[TownService]:
    """Return the services of the town's directory that a text names, by any of their names."""
    said = words_of(text)
    return [
        service
        for service in town.services
        if any(_best(names, said) for names in _names_of(service))
    ]


def _names_of(service: TownService) -> tuple[list[list[str]], list[list[str]]]:
    """Return the names of a service as words: the town's own, and the others of its kind."""
    own = [name for one in (service.name, *service.also) if (name := _bare(one))]
    kinds = [names for names in _kinds() if any(name in own for name in names)]
    return own, [name for names in kinds for name in names if name]


@cache
def _lexicon() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("services.toml").read_text("utf-8"))


@cache
def _kinds() -> list[list[list[str]]]:
    return [[_bare(str(name)) for name in names] for names in _lexicon()["kinds"]]


@cache
def _generic() -> frozenset[str]:
    return _forms(word for name in _lexicon()["generic"] for word in words_of(str(name)))


def _bare(name: str) -> list[str]:
    """Return what tells a service's name from another's."""
    words = [word for word in words_of(name) if word not in _links()]
    return [word for word in words if word not in _generic()] or words


def _found(name: Sequence[str], said: Sequence[str]) -> frozenset[int]:
    """Return the places of all words of a name, none where one is missing."""
    places = set[int]()
    for word in name:
        here = next((p for p, one in enumerate(said) if _is(one, word)), None)
        if here is None:
            return frozenset()
        places.add(here)
    return frozenset(places)


def _is(one: str, wanted: str) -> bool:
    forms = [*forms_of(one)]
    if {*forms} & {*forms_of(wanted)}:
        return True
    is_suffixing = wanted in _called("suffixed_services")
    return any(
        is_slip(form, wanted) or (is_suffixing and is_inflected(form, wanted)) for form in forms
    )


def _forms(words: Iterable[str]) -> frozenset[str]:
    return frozenset(form for word in words for form in forms_of(word))
