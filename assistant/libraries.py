# SPDX-License-Identifier: EUPL-1.2
"""The libraries that Greffier brings, with their licences in their own words.

    installed packages ─brought▶ Distribution… ─said▶ the licence that one tells of itself

Followed from Greffier's own needs: what else is installed beside it is no part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OWN = "greffier"
MAX_CHARS = 80
"""Some packages put the whole text of their licence where its name belongs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A package: `licence` is empty where it says none."""

    name: str
    version: str
    licence: str


def brought(own_needs: Iterable[str] | None = None) -> Iterator[Distribution]:
    """Yield what Greffier needs here, each once, followed from its own metadata.

    `own_needs` instead of its metadata's: an editable install keeps the needs of its day.
    PackageNotFoundError for one that is needed and not there.
    """
    needed_here = None if own_needs is None else [*own_needs]
    todo, seen = {(OWN, frozenset[str]())}, set[tuple[str, frozenset[str]]]()
    while todo:
        name, extras = todo.pop()
        found = distribution(name)
        if name not in {before for before, _ in seen}:
            yield found
        seen.add((name, extras))
        is_own = name == OWN and needed_here is not None
        told = needed_here if is_own else found.requires
        needs = [Requirement(line) for line in told or ()]
        wanted: set[tuple[str, frozenset[str]]] = {
            (canonicalize_name(need.name), frozenset(need.extras))
            for need in needs
            if need.marker is None
            or any(need.marker.evaluate({"extra": extra}) for extra in extras or {""})
        }
        todo |= wanted - seen


def said(found: Distribution) -> str:
    """Return the licence in a package's own words."""
    told = found.metadata
    if expression := _field(found, "License-Expression"):
        return expression
    classifiers = [
        str(line).rpartition(" :: ")[2]
        for line in told.get_all("Classifier") or ()
        if str(line).startswith("License :: ") and not str(line).endswith(":: OSI Approved")
    ]
    return " AND ".join(classifiers) or _field(found, "License").partition("\n")[0]


def _field(found: Distribution, name: str) -> str:
    """Return what a package says under a name, empty where it says nothing."""
    return str(found.metadata[name]).strip() if name in found.metadata else ""


@cache
def libraries() -> tuple[Library, ...]:
    """Return the libraries by name, without Greffier itself; none where that cannot be told."""
    try:
        found = [*brought()]
    except PackageNotFoundError:
        return ()
    told = (
        Library(name=one.metadata["Name"], version=one.version, licence=said(one)[:MAX_CHARS])
        for one in found
        if canonicalize_name(one.metadata["Name"]) != OWN
    )
    return tuple(sorted(told, key=lambda one: one.name.casefold()))
