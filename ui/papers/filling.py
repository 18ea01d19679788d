# SPDX-License-Identifier: EUPL-1.2
"""A paper filled from what is known; what is not known is a blank with a hint.

    Known, templates/NAME.md.jinja ─fill▶ Filled(Markdown, blanks)

A template writes `blank("hint")`, or `value or blank("hint")`: the hint is shown where the blank
stands, and once more in the list that ends the paper. A value is written as text: signs of
Markdown in it are escaped, and a name that no template should use is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from assistant.texts import Texts
from guardrails.register.records import Kind
from guardrails.writable import writable
from ui.accessibility import CRITERIA, NOT_CONFORMING, PLAN
from ui.papers.known import Known
from ui.papers.words import Entry, entries, words
from ui.wording import Words, model_note

PAPERS = (
    "aipd", "registre-des-traitements", "transparence", "carte-du-systeme", "correspondances",
    "charte", "accessibilite",
)  # fmt: skip
"""The papers, by the names of their files and templates."""

LINE = "…………"
"""A blank, as the page of the AI Act's duties has it."""

_SIGNS = re.compile(r"([\\`*_<>\[\]|#])")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A paper as Markdown; `blanks` are the hints of what is left to fill, each once, in their
    order."""

    name: str
    title: str
    markdown: str
    blanks: tuple[str, ...]


class _Written(str):
    """Markdown already: the words of a blank."""

    __slots__ = ()


class _Blanks:
    """Writes blanks, and remembers what each of them asks for."""

    def __init__(self) -> None:
        self.hints: list[str] = []

    def __call__(self, hint: str) -> _Written:
        self.hints.append(hint)
        return _Written(f"{LINE} ({_shown(hint)})")


def fill(name: str, known: Known) -> Filled:
    """Fill one of PAPERS."""
    blanks, french = _Blanks(), Texts("fr")
    text = (
        _templates()
        .get_template(f"{name}.md.jinja")
        .render(
            name=name,
            known=known,
            town=known.settings.town,
            blank=blanks,
            hints=blanks.hints,
            words=words(),
            entries=_entries(),
            refusal=lambda reason: french("refusal", reason),
            public=Words("ui", "fr").plain,
            model_note=lambda model: model_note(model, "fr"),
            criteria=CRITERIA,
            not_conforming=NOT_CONFORMING,
            plan=PLAN,
        )
    )
    markdown = writable(re.sub(r"\n{3,}", "\n\n", text).strip() + "\n")
    title = markdown.partition("\n")[0].removeprefix("# ")
    return Filled(
        name=name, title=title, markdown=markdown, blanks=tuple(dict.fromkeys(blanks.hints))
    )


def _entries() -> list[tuple[Kind, Entry]]:
    """Return each kind of entry with what is said of it."""
    return [(kind, entries()[kind]) for kind in Kind]


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("ui.papers"),
        undefined=StrictUndefined,
        autoescape=False,  # no HTML is made: `_shown` escapes the signs of Markdown
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.filters["collection"] = _collection
    made.filters["day"] = _day
    made.filters["number"] = _number
    made.filters["share"] = _share
    made.filters["size"] = _size
    return made


def _shown(value: object) -> object:
    """Return a value as text of one line in which no sign of Markdown is left."""
    if not isinstance(value, str) or isinstance(value, _Written):
        return value
    return _SIGNS.sub(r"\\\1", _SPACE.sub(" ", value))


def _day(moment: datetime | str) -> str:
    """Return a day in figures, of a moment or of an ISO date."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{at.astimezone():%d/%m/%Y}"


def _collection(name: str) -> str:
    """Return what a collection is called on the screens: `default` is « À classer »."""
    return Texts("fr").section("collection").get(name, name)


def _number(value: float, decimals: int = 1) -> str:
    return Texts("fr").decimal(value, decimals)


def _share(part: int, whole: int) -> str:
    """Return how many of how many: a share of few would say more than is known."""
    return f"{part} sur {whole}"


def _size(size_bytes: int) -> str:
    return f"{Texts('fr').decimal(size_bytes / 1e9, 2)} Go"
