# SPDX-License-Identifier: EUPL-1.2
"""Which fact of the town's sheet a question asks for, if it surely asks for one.

    question ─┬─ words ──▶ town, service, day, time taken away ─▶ all the others known to a fact?
              └─ vector ─head▶ probability of each fact ─▶ sure enough?      both, or None

The words alone would answer « le téléphone du maire », the vector alone « la mairie de Brest ».
What the words explain by a day or a time means nothing more: where one is named, the head is asked
of the question without it too, and either vector is enough.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from assistant.settings import Town, TownService
from assistant.sheet.days import named_day, named_time
from assistant.sheet.facts import PEOPLE, TONGUES, AskedFact, Fact, NamedDay, Tongue
from assistant.sheet.words import Vocabulary, forms_of, is_inflected, is_slip, words_of
from assistant.understanding.emergencies import Head
from corpus.seams import QueryEmbedder

FOLDER = Path(__file__).parents[1] / "probes"
MOST_WORDS = 30
ABOUT_HOURS = frozenset({Fact.HOURS, Fact.OPEN})
_WORD = re.compile(r"\d+|[^\W\d_]+")
_LINKS = frozenset(
    {"de", "du", "des", "d", "la", "le", "les", "l", "et", "a", "au", "aux", "sur", "en"}
)
_COMMON_NAMES = frozenset(
    {"saint", "sainte", "st", "ste", "villeneuve", "ville", "commune", "mairie"}
)


@dataclass(frozen=True, slots=True)
class _Covered:
    """Words of a question that the town explains: a service (None: the town hall), their places."""

    service: int | None
    places: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """A language and a fact whose wordings, with the town and `when`, the places of a day or of a
    time, explain every word; `rest`: those that only an office may explain."""

    language: Tongue
    fact: Fact
    service: int | None = None
    day: NamedDay | None = None
    when: frozenset[int] = frozenset()
    rest: tuple[str, ...] = ()


class AskedFacts:
    """Recognises questions for one town. `head` is None where none was fitted for the embedder."""

    def __init__(
        self,
        town: Town,
        embedder: QueryEmbedder,
        head: Head | None,
        vocabularies: Mapping[Tongue, Vocabulary],
    ) -> None:
        self._town, self._embedder, self._head = town, embedder, head
        self._vocabularies = vocabularies
        self._services = [_names_of(service) for service in town.services]
        self._name = [word for word in words_of(town.name) if word not in _LINKS]

    def __call__(self, question: str, *, today: date, prefer: str = "") -> AskedFact | None:
        """Return what a hidden question asks for; `prefer`: a language that wins where several
        fit."""
        said = words_of(question)
        if self._head is None or not 0 < len(said) <= MOST_WORDS:
            return None
        fits = [*self._explained(question, said, today, prefer)]
        if not fits:
            return None
        town = self._of_town(said)
        when = next((fit.when for fit in fits if fit.when), frozenset[int]())
        asked = self._asked(_without(question, said, town), fits)
        if asked is None and when:
            timed = [fit for fit in fits if fit.when == when]
            asked = self._asked(_without(question, said, town | when), timed)
        return asked

    def _asked(self, text: str, fits: Sequence[_Fit]) -> AskedFact | None:
        """Return what the head is sure that a text asks, where the words fit it."""
        if self._head is None:
            return None
        chances = self._head(self._embedder.embed_query(text))
        best = int(np.argmax(chances))
        if best == 0 or chances[best] < self._head.threshold:
            return None
        fact, score = [*Fact][best - 1], round(float(chances[best]), 4)
        for fit in fits:
            if fit.fact is fact or {fit.fact, fact} <= ABOUT_HOURS:
                return AskedFact(
                    fact=fact, language=fit.language, score=score, service=fit.service,
                    day=fit.day, rest=fit.rest,
                )  # fmt: skip
        return None

    def _explained(
        self, question: str, said: Sequence[str], today: date, prefer: str
    ) -> Iterator[_Fit]:
        """Yield each language and fact whose wordings, and the town, explain every word."""
        covered = self._covered(said)
        if covered is None:
            return
        town = self._of_town(said)
        for language in sorted(TONGUES, key=lambda one: one != prefer):
            vocabulary = self._vocabularies[language]
            day, of_day = named_day(said, language, today)
            when = of_day | named_time(question, said, language)
            named = covered.places | when
            if all(w in vocabulary.silent for p, w in enumerate(said) if p not in named):
                continue  # a name alone, a greeting: nothing is asked
            of_place, of_people = (
                {*vocabulary.unknown(said, of_people=is_person)} for is_person in (False, True)
            )
            for fact in Fact:
                unknown = of_people if fact in PEOPLE else of_place
                if fact is Fact.DEPUTIES:
                    rest = tuple(said[place] for place in sorted(unknown - town))
                    yield _Fit(language=language, fact=fact, rest=rest)
                elif fact is Fact.MAYOR and not unknown - town:
                    yield _Fit(language=language, fact=fact)
                elif fact in ABOUT_HOURS and not unknown - named:
                    if day or not of_day:
                        yield _Fit(
                            language=language, fact=fact, service=covered.service, day=day,
                            when=when,
                        )  # fmt: skip
                elif fact not in PEOPLE and not unknown - covered.places:
                    yield _Fit(language=language, fact=fact, service=covered.service)

    def _covered(self, said: Sequence[str]) -> _Covered | None:
        """Return the service that is named and the words that name it or the town; None where it
        may be either of two."""
        town = self._of_town(said)
        named = list[tuple[int, int, frozenset[int]]]()
        for number, names in enumerate(self._services):
            places = max((_found(name, said) for name in names), key=len)
            if places:
                named.append((len(places), number, places))
        if not named:
            return _Covered(None, town)
        most = max(count for count, _, _ in named)
        best = [(number, places) for count, number, places in named if count == most]
        if len(best) > 1:
            return None
        number, places = best[0]
        generic = {p for p, word in enumerate(said) if any(_is(word, one) for one in _generic())}
        return _Covered(number, places | town | generic)

    def _of_town(self, said: Sequence[str]) -> frozenset[int]:
        """Return the places of the town's own name, where enough of it is said to be no other's."""
        own = [word for word in self._name if word not in _COMMON_NAMES]
        places = {place for place, word in enumerate(said) if word in self._name}
        if not own or not any(said[place] == own[0] for place in places):
            return frozenset()
        return frozenset(places)


def _without(question: str, said: Sequence[str], places: frozenset[int]) -> str:
    """Return a question without the words at some places, which mean nothing here."""
    names = {said[place] for place in places}
    if not names:
        return question
    return _WORD.sub(lambda one: "" if names & {*words_of(one[0])} else one[0], question)


def services_named(town: Town, text: str) -> list[TownService]:
    """Return the services of the town's directory that a text names, by any of their names."""
    said = words_of(text)
    return [
        service
        for service in town.services
        if any(_found(name, said) for name in _names_of(service))
    ]


def _names_of(service: TownService) -> list[list[str]]:
    """Return all names of a service as words: the town's, and those of its kind."""
    own = [_bare(name) for name in (service.name, *service.also)]
    kinds = [names for names in _kinds() if any(name in own for name in names)]
    return [name for name in (*own, *(name for names in kinds for name in names)) if name]


@cache
def _lexicon() -> dict[str, list[list[str]] | list[str]]:
    return tomllib.loads(Path(__file__).with_name("services.toml").read_text("utf-8"))


@cache
def _kinds() -> list[list[list[str]]]:
    return [[_bare(str(name)) for name in names] for names in _lexicon()["kinds"]]


@cache
def _generic() -> frozenset[str]:
    return _forms(word for name in _lexicon()["generic"] for word in words_of(str(name)))


def _bare(name: str) -> list[str]:
    """Return what tells a service's name from another's."""
    words = [word for word in words_of(name) if word not in _LINKS]
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
    if one[0] != wanted[0] and one[0].isascii():  # only Arabic joins something before a word
        return False
    same = bool({*forms_of(one)} & {*forms_of(wanted)})
    return same or is_slip(one, wanted) or is_inflected(one, wanted)


def _forms(words: Iterable[str]) -> frozenset[str]:
    return frozenset(form for word in words for form in forms_of(word))


def path_of(embedder: str) -> Path:
    """Return where the head for an embedder is kept."""
    return FOLDER / f"sheet-{embedder}.npz"


def head_for(embedder: str) -> Head | None:
    """Return what was fitted for an embedder; nothing where nothing was."""
    path = path_of(embedder)
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as kept:
        if [*kept["facts"]] != [*Fact]:
            return None
        weights, bias = (kept[name].astype(np.float32) for name in ("weights", "bias"))
        return Head(weights, bias, float(kept["threshold"]))


def write_head(head: Head, embedder: str) -> None:
    """Keep a head for the product."""
    np.savez_compressed(
        path_of(embedder),
        allow_pickle=False,
        weights=head.weights,
        bias=head.bias,
        threshold=np.array(head.threshold),
        facts=np.array([*Fact]),
    )
