# SPDX-License-Identifier: EUPL-1.2
"""What a collection of documents may show, read from TOML; the default hides.

    policy.toml ──read_policy──▶ Policy ──rules("plu")──▶ Rules(keep={PARCEL}, officials=True)

Unknown keys and unknown entities are refused: a typing error must not open the guard.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from guardrails.findings import Entity

_AND = "\x1f"
"""Between the names of collections: no name that a person types holds it."""

SHIPPED = Path(__file__).with_name("policy.toml")


class Rules(BaseModel):
    """What one collection may show."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    keep: frozenset[Entity] = frozenset()
    officials: bool = True


class _PolicyFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    default: Rules = Rules()
    collections: dict[str, Rules] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of every collection; one that is not named gets the default."""

    default: Rules = field(default_factory=Rules)
    collections: Mapping[str, Rules] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a policy file; raise ValueError where it holds a name that is not known."""
        read = _PolicyFile.model_validate(tomllib.loads(path.read_text("utf-8")))
        return cls(default=read.default, collections=read.collections)

    def rules(self, collection: str | None) -> Rules:
        """Return the rules of `collection`, or the default ones; of several (`both`), what all of
        them let be seen."""
        each = [self.collections.get(name, self.default) for name in (collection or "").split(_AND)]
        return Rules(
            keep=frozenset.intersection(*(rules.keep for rules in each)),
            officials=all(rules.officials for rules in each),
        )

    def is_laxer(self, collection: str, other: str) -> bool:
        """Say whether a collection may show anything that both together may not."""
        return self.rules(collection) != self.rules(both(collection, other))


def both(collection: str, other: str) -> str:
    """Name the rules under which a text is screened that must suit two collections.

    >>> policy = Policy(collections={"plu": Rules(keep=frozenset({Entity.PARCEL}))})
    >>> policy.rules(both("plu", "courriers")).keep
    frozenset()
    """
    return f"{collection}{_AND}{other}"


DEFAULT_POLICY = Policy.read(SHIPPED)
