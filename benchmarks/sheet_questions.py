# SPDX-License-Identifier: EUPL-1.2
"""The questions from which the reader of the town's sheet learns, with what each word is.

    line of an author ─places filled─▶ questions, and another of somebody else's ─brackets─▶ Asked

Wordings and near misses: `benchmarks/sheet/`. Square brackets stand around the words that name a
body, a service, a place or a person. Where a wording leaves a place for a service, it is asked with
some of `services.jsonl`. Of wordings that name the town hall or a service others are made, of
another body or of another town: they teach which words name somebody, and not what is asked, which
is the same. Of the repository's other questions, and of what residents write to a town hall, a part
is seen: nearly none of it is the sheet's, and which words name whom is not known of it.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.sheet.facts import PEOPLE, Fact, Tongue
from benchmarks.emergencies import asked as asked_elsewhere
from benchmarks.emergencies import untaught
from benchmarks.emergencies import written as messages_of_residents
from benchmarks.sheet import HERE, JUDGES, NONE, SLOTS, Marked, is_hall, written

SERVICES = HERE / "services.jsonl"
"""`lang`, `own` (the town's, or another body's), the forms `of`, `the`, `at` or `name`, `gen`."""

ELSEWHERE = HERE / "elsewhere.txt"
"""Of those other questions and messages what asks the sheet, or may: nothing is learnt of it."""

COMMUNES = Path(__file__).parents[1] / "guardrails" / "lexicons" / "communes.txt"

FILLINGS, ANOTHER = 3, 0.6
"""Times that a line is asked with other services; share of lines that are asked of others too."""

MESSAGES, SAME_FORM = 0.25, 0.5
SEED = 1

PUNCTUATION = re.compile(r"[^\w\s'’]")
_SLOT = re.compile(r"\{(\w+)\}")
_PART = re.compile(r"\[([^\[\]]*)\]")

OF_TOWN: dict[Tongue, tuple[str, ...]] = {
    "fr": ("{body} de {town}", "{body} à {town}"),
    "en": ("{body} of {town}", "{body} in {town}"),
    "es": ("{body} de {town}",),
    "pt": ("{body} de {town}",),
    "tr": ("{town} {body}",),
    "ar": ("{body} {town}", "{body} في {town}"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what it asks (`NONE`: nothing of the sheet; None: not told), and where words name
    somebody; `bodies` is None where nobody marked them."""

    text: str
    fact: str | None
    language: Tongue | None
    bodies: tuple[tuple[int, int], ...] | None


def as_spoken(text: str) -> str:
    """Return a text in small letters without punctuation, each letter where it was.

    >>> as_spoken("Le n° (urgent) ?")
    'le n   urgent   '
    """
    plain = PUNCTUATION.sub(" ", text)
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in plain)


class Fillings:
    """What stands in the places that a wording leaves, the services of towns and others' bodies."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._services: dict[tuple[str, bool, str], list[str]] = {}
        for line in SERVICES.read_text("utf-8").splitlines():
            one = json.loads(line)
            for form in {"of", "the", "at", "name", "gen"} & one.keys():
                key = (one["lang"], one["own"], form)
                self._services.setdefault(key, []).append(one[form])
        self._towns = COMMUNES.read_text("utf-8").splitlines()

    def asked(self, line: Marked) -> Iterator[Asked]:
        """Yield a line with its places filled, and one of somebody else's made of it."""
        times = FILLINGS if _SLOT.search(line.text) else 1
        for _ in range(times):
            yield self._one(line.text, line.fact, line.language, is_own=True)
        if self.may_be_another(line) and self._chance.random() < ANOTHER:
            yield self.another(line)

    def may_be_another(self, line: Marked) -> bool:
        """Whether a line names the town hall or a service, and not the one for a matter."""
        slots = {*_SLOT.findall(line.text)} & {"of", "the", "at", "name", "gen"}
        have = all((line.language, False, slot) in self._services for slot in slots)
        return line.fact not in {NONE, Fact.DEPUTIES} and have and ("[" in line.text or bool(slots))

    def another(self, line: Marked) -> Asked:
        """Make of a line another, of another town's or of another body's."""
        town = self._chance.choice(self._towns).title()
        of = self._chance.choice(OF_TOWN[line.language])
        text = _PART.sub(lambda one: f"[{of.format(body=one[1], town=town)}]", line.text)
        is_own = "[" in line.text and line.fact not in PEOPLE and self._chance.random() < SAME_FORM
        return self._one(text, None, line.language, is_own=is_own)

    def _one(self, text: str, fact: str | None, language: Tongue, *, is_own: bool) -> Asked:
        def fill(one: re.Match[str]) -> str:
            kept = self._services.get((language, is_own, one[1]), [])
            given = SLOTS[language].get(one[1], []) if is_own or not kept else []
            value = self._chance.choice(kept + given)
            return value if one[1] in {"day", "rank"} else f"[{value}]"

        return marked(_SLOT.sub(fill, text), fact, language)


def marked(text: str, fact: str | None, language: Tongue) -> Asked:
    """Return a question without its brackets, and what stood within them; words that call the town
    hall, or the mayor, name somebody wherever they stand.

    >>> marked("tel [de la poste] ?", "", "fr").bodies
    ((4, 15),)
    """
    plain, bodies = "", list[tuple[int, int]]()
    for number, part in enumerate(re.split(r"[\[\]]", " ".join(text.split()))):
        if number % 2:
            bodies.append((len(plain), len(plain) + len(part)))
        plain += part
    inside = [range(start, end) for start, end in bodies]
    bodies += (
        one.span()
        for one in re.finditer(r"[^\W\d_]+", plain)
        if is_hall(one[0]) and not any(one.start() in some for some in inside)
    )
    return Asked(plain, fact, language, tuple(bodies))


def of_others(lines: Sequence[Marked]) -> list[Asked]:
    """Return of each line that may be one of another town's or of another body's."""
    fillings = Fillings(random.Random(SEED))
    return [fillings.another(line) for line in lines if fillings.may_be_another(line)]


def taught() -> list[Asked]:
    """Return what is learnt from: nothing of the JUDGES."""
    chance = random.Random(SEED)
    fillings = Fillings(chance)
    rows = [one for line in written() if line.author not in JUDGES for one in fillings.asked(line)]
    left = {one.id for one in untaught()}
    others = [one.text for one in asked_elsewhere() if one.id not in left]
    messages = (one.text for one in messages_of_residents() if not one.is_emergency)
    others += [text for text in messages if chance.random() < MESSAGES]
    of_sheet = {*ELSEWHERE.read_text("utf-8").splitlines()}
    return rows + [Asked(one, NONE, None, None) for one in others if one not in of_sheet]
