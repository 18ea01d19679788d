# SPDX-License-Identifier: EUPL-1.2
"""Who is asking. The gate writes it on each request; the screens read it there.

Gate ─carry▶ scope ─person_of▶ Person(name, role, collections)
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What somebody is here for. No role contains another."""

    RESIDENT = "resident"
    AGENT = "agent"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was let in. `name`: of the account, empty for a visitor without one;
    `collections`: what they may see of what their role sees, None for all of it."""

    name: str
    role: Role
    collections: tuple[str, ...] | None = None


VISITOR = Person("", Role.RESIDENT)
"""Somebody in front of a page that is open to all."""


def carry(scope: MutableMapping[str, Any], person: Person) -> None:
    """Write on a request who asks; only the gate, and tests of one screen, do so."""
    scope["state"] = {**scope.get("state", {}), "person": person}


def person_of(request: Any) -> Person:
    """Return who asks, from a Starlette `Request` or a `gr.Request`.

    Raise LookupError where no gate stood before: nobody is let in by default.
    """
    # of a gr.Request, `scope` cannot be read; its `state` can
    person: Person | None = getattr(request.state, "person", None)
    if person is None:
        raise LookupError("no gate stood before this request")
    return person
