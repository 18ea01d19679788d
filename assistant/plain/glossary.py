# SPDX-License-Identifier: EUPL-1.2
"""The words of the administration and what they mean: ours, then the town's own.

texts/glossary.toml + DATA/glossary.toml ─▶ Glossary ─explained▶ Gloss…
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import BadSettings

OURS = "glossary.toml"
BEFORE_A_NUMBER = " #"


@dataclass(frozen=True, slots=True)
class Gloss:
    """A word as the text has it, and what it means."""

    word: str
    meaning: str


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    glosses: dict[str, str] = {}
    everyday: dict[str, str] = {}
    abbreviations: dict[str, str] = {}


@dataclass(frozen=True)
class Glossary:
    """What words mean, what may be said instead, and what abbreviations stand for."""

    glosses: Mapping[str, str]
    everyday: Mapping[str, str]
    abbreviations: Mapping[str, str]

    @classmethod
    def read(cls, own: Path | None = None) -> Self:
        """Return our glossary with a town's file over it; raise BadSettings if it is none."""
        ours = _parsed(files("assistant.texts").joinpath(OURS).read_text("utf-8"), OURS)
        theirs = _File()
        if own is not None and own.exists():
            try:
                theirs = _parsed(own.read_text("utf-8"), own.name)
            except (OSError, UnicodeDecodeError) as error:
                raise BadSettings("settings_unreadable", file=own.name, detail="UTF-8") from error
        return cls(
            glosses=_over(ours.glosses, theirs.glosses),
            everyday=_over(ours.everyday, theirs.everyday),
            abbreviations=_over(ours.abbreviations, theirs.abbreviations),
        )

    def explained(self, *texts: str) -> tuple[Gloss, ...]:
        """Return the hard words of the texts, each once, in the order in which they come."""
        found: dict[str, Gloss] = {}
        for text in texts:
            for match in self._terms.finditer(text):
                term = self._named[match.lastgroup or ""]
                found.setdefault(term, Gloss(match[0], self.glosses[term]))
        return tuple(found.values())

    @cached_property
    def _named(self) -> dict[str, str]:
        # the longest first: « taxe foncière » before « taxe »
        return {f"t{n}": term for n, term in enumerate(sorted(self.glosses, key=len, reverse=True))}

    @cached_property
    def _terms(self) -> re.Pattern[str]:
        branches = (f"(?P<{name}>{_flexible(term)})" for name, term in self._named.items())
        return re.compile(rf"(?<!\w)(?:{'|'.join(branches) or '(?!)'})(?!\w)", re.IGNORECASE)


def _parsed(text: str, name: str) -> _File:
    try:
        return _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadSettings("settings_unreadable", file=name, detail=str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadSettings("settings_invalid", file=name, name=where, detail=first["msg"]) from error


def _over(ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    return {term: words for term, words in {**ours, **theirs}.items() if words}


def _flexible(term: str) -> str:
    """Return a pattern for a term in the singular or the plural, however its blanks are written."""
    return r"\s+".join(_plural(word) for word in term.split())


def _plural(word: str) -> str:
    escaped = re.escape(word).replace("'", "['’]")
    if word.endswith("al"):
        return escaped[:-2] + "(?:al|aux|ale|ales)"
    if len(word) < 3 or word[-1] in "sxz'":
        return escaped
    return escaped + "(?:s|x|e|es)?"


def together(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of these turns of phrase as whole words."""
    branches = []
    for term in sorted(words, key=len, reverse=True):
        bare = term.removesuffix(BEFORE_A_NUMBER)
        pattern = r"\s+".join(re.escape(w).replace("'", "['’]") for w in bare.split())
        after = r"(?=\s*\d)" if bare != term else "" if bare[-1] in "'." else r"(?!\w)"
        branches.append(pattern + after)
    return re.compile(rf"(?<![\w'’])(?:{'|'.join(branches) or '(?!)'})", re.IGNORECASE)
