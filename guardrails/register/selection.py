# SPDX-License-Identifier: EUPL-1.2
"""Which entries a reader wants: by moment, kind, exchange, pseudonym, outcome, audience, …

Who asked stands in the intent and why it was refused in the outcome: so an entry also
matches when another one of its exchange does.

What the register looks for in payloads (all optional):

    intent    collections [text], audience, language, hidden {ENTITY: n}
    ingestion collection text
    outcome   status answer|refusal|…, reason, hidden {ENTITY: n}, seconds, energy_wh, language
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from guardrails.register.leaves import Row, stamp
from guardrails.register.records import Entry, JsonValue, Kind

INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What to keep; an empty field keeps everything. `until` is exclusive."""

    since: datetime | None = None
    until: datetime | None = None
    kinds: tuple[Kind, ...] = ()
    exchange: str = ""
    actors: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()

    def as_json(self) -> dict[str, JsonValue]:
        """Return the fields that are set, to be entered."""
        moments = {"since": self.since, "until": self.until}
        lists = {
            "kinds": [kind.value for kind in self.kinds],
            "actors": list(self.actors),
            "reasons": list(self.reasons),
            "collections": list(self.collections),
            "outcomes": list(self.outcomes),
            "audiences": list(self.audiences),
        }
        value: dict[str, JsonValue] = {k: m.isoformat() for k, m in moments.items() if m}
        value |= {name: items for name, items in lists.items() if items}
        return value | ({"exchange": self.exchange} if self.exchange else {})

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `as_json` wrote; ValueError if it is something else."""
        if not isinstance(value, Mapping):
            raise TypeError("not a selection")
        moments = {
            name: datetime.fromisoformat(str(value[name]))
            for name in ("since", "until")
            if name in value
        }
        return cls(
            since=moments.get("since"),
            until=moments.get("until"),
            kinds=tuple(Kind(kind) for kind in _texts(value.get("kinds"))),
            exchange=str(value.get("exchange", "")),
            actors=_texts(value.get("actors")),
            reasons=_texts(value.get("reasons")),
            collections=_texts(value.get("collections")),
            outcomes=_texts(value.get("outcomes")),
            audiences=_texts(value.get("audiences")),
        )

    @property
    def needs_exchange(self) -> bool:
        """Whether other entries of the exchange must be looked at."""
        return bool(
            self.actors or self.reasons or self.collections or self.outcomes or self.audiences
        )

    def frames(self, row: Row) -> bool:
        """Tell whether moment, kind and exchange of a row fit. Moments are written so that
        they sort as texts."""
        return (
            (self.since is None or row.at >= stamp(self.since))
            and (self.until is None or row.at < stamp(self.until))
            and (not self.kinds or row.kind in self.kinds)
            and (not self.exchange or row.exchange == self.exchange)
        )

    def concerns(self, exchange: Sequence[Entry]) -> bool:
        """Tell whether the entries of an exchange, together, fit what is asked of one."""
        return (
            _meets(self.actors, {entry.actor for entry in exchange})
            and _meets(self.reasons, {text(entry.payload, "reason") for entry in exchange})
            and _meets(self.collections, {c for e in exchange for c in _collections(e)})
            and _meets(self.outcomes, {outcome_of(exchange)})
            and _meets(self.audiences, {text(entry.payload, "audience") for entry in exchange})
        )


def outcome_of(exchange: Sequence[Entry]) -> str:
    """Return how an exchange ended: the status of its outcome (INTERRUPTED where the model ended
    under way), INTERRUPTED too if only an incident closed it, empty while it is open or once its
    outcome is erased."""
    for entry in exchange:
        if entry.kind is Kind.OUTCOME:
            return text(entry.payload, "status")
    return INTERRUPTED if any("closes" in entry.public for entry in exchange) else ""


def text(payload: Mapping[str, JsonValue], name: str) -> str:
    """Return a text of a payload, empty if it is not there or not a text."""
    value = payload.get(name)
    return value if isinstance(value, str) else ""


def number(payload: Mapping[str, JsonValue], name: str) -> float | None:
    """Return a number of a payload, None if it is not there or not a number."""
    value = payload.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def counts(payload: Mapping[str, JsonValue], name: str) -> dict[str, int]:
    """Return a mapping of names to whole numbers, empty if it is not one."""
    value = payload.get(name)
    if not isinstance(value, Mapping):
        return {}
    return {key: n for key, n in value.items() if isinstance(n, int) and not isinstance(n, bool)}


def _collections(entry: Entry) -> tuple[str, ...]:
    one = text(entry.payload, "collection")  # an ingestion fills one
    return (*_texts(entry.payload.get("collections")), *((one,) if one else ()))


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(item for item in value if isinstance(item, str))


def _meets(wanted: Sequence[str], found: set[str]) -> bool:
    return not wanted or not found.isdisjoint(wanted)


EVERYTHING = Selection()
