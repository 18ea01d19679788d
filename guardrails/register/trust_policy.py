# SPDX-License-Identifier: EUPL-1.2
"""Whom somebody trusts: which logs, which witnesses, and how many of these must have cosigned.

    bytes of a policy file ──read_policy──▶ TrustPolicy │ PolicyMalformed(line, why)
    TrustPolicy.seen_by(note) ─▶ {name in the policy: moment}      is_met_by(names)

The format is c2sp.org/tlog-policy: lines `log`, `witness`, `group` and one `quorum`. A line that
is none of these is refused, since what it was to demand would be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from guardrails.errors import RegisterError
from guardrails.register.cosignatures import CosignerKey, cosigned
from guardrails.register.notes import NoteMalformed, SignedText, VerifierKey

Key = TypeVar("Key", VerifierKey, CosignerKey)
NOBODY = "none"
MAX_POLICY_BYTES = 1 << 20
BLANKS = re.compile(r"[ \t]+")
COUNT = re.compile(r"[1-9][0-9]{0,5}")
CONTROLS = frozenset(range(0x20)) - {0x09, 0x0A} | {0x7F}


class PolicyMalformed(RegisterError):
    """A policy is not written as the format asks; `why` names the words that say what is wrong."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {why}")
        self.why, self.line = why, line


@dataclass(frozen=True, slots=True)
class Group:
    """So many of these names."""

    count: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustPolicy:
    """`logs` may be empty, where another way tells which log is meant; `quorum` is the name of a
    witness or of a group, or `none`."""

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, CosignerKey]
    groups: Mapping[str, Group]
    quorum: str

    @property
    def demands_witnesses(self) -> bool:
        """Whether anybody but the log must have signed."""
        return self.quorum != NOBODY

    @property
    def shown(self) -> str:
        """The name of the quorum as it may be printed: it may be made of any bytes."""
        text = self.quorum.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)

    def keys_of(self, origin: str) -> list[VerifierKey]:
        """The keys of the logs of that name."""
        return [key for key in self.logs if key.name == origin]

    def seen_by(self, note: SignedText) -> dict[str, int]:
        """Return which witnesses cosigned, and when; NoteNotSigned if one of these is false."""
        moments = cosigned(note, self.witnesses.values())
        return {name: moments[key] for name, key in self.witnesses.items() if key in moments}

    def is_met_by(self, names: Iterable[str]) -> bool:
        """Tell whether these witnesses are enough."""
        met = set(names) & set(self.witnesses)
        for name, group in self.groups.items():  # each names only what stands before it
            if sum(member in met for member in group.members) >= group.count:
                met.add(name)
        return self.quorum == NOBODY or self.quorum in met


def read_policy(content: bytes) -> TrustPolicy:
    """Read a policy file."""
    if len(content) > MAX_POLICY_BYTES:
        raise PolicyMalformed("too_large")
    under_way = _UnderWay()
    for number, line in enumerate(content.split(b"\n"), start=1):
        if CONTROLS & set(line):
            raise PolicyMalformed("control", number)
        words = BLANKS.split(line.decode("utf-8", "surrogateescape").strip(" \t"))
        if words[0] and not words[0].startswith("#"):
            try:
                under_way.take(words)
            except PolicyMalformed as error:
                raise PolicyMalformed(error.why, number) from None
    return under_way.whole()


@dataclass(slots=True)
class _UnderWay:
    """A policy as far as it was read."""

    logs: list[VerifierKey] = field(default_factory=list)
    witnesses: dict[str, CosignerKey] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    quorum: str = ""

    def take(self, words: list[str]) -> None:
        """Take up one line."""
        match words:
            case ["log", key] | ["log", key, _]:
                self._log(key)
            case ["witness", name, key] | ["witness", name, key, _]:
                self._witness(name, key)
            case ["group", name, count, *members] if members:
                self._group(name, count, members)
            case ["quorum", name]:
                self._quorum(name)
            case ["log" | "witness" | "group" | "quorum", *_]:
                raise PolicyMalformed("incomplete")
            case _:
                raise PolicyMalformed("unknown")

    def whole(self) -> TrustPolicy:
        """Return it once all lines were taken."""
        if not self.quorum:
            raise PolicyMalformed("no_quorum")
        return TrustPolicy(
            logs=tuple(self.logs), witnesses=self.witnesses, groups=self.groups, quorum=self.quorum
        )

    def _log(self, text: str) -> None:
        key = _key(VerifierKey, text)
        if any(key.public == other.public for other in self.logs):
            raise PolicyMalformed("twice")
        self.logs.append(key)

    def _witness(self, name: str, text: str) -> None:
        key = _key(CosignerKey, text)
        self._is_new(name)
        if any(key.public == other.public for other in self.witnesses.values()):
            raise PolicyMalformed("twice")
        self.witnesses[name] = key

    def _group(self, name: str, count: str, members: list[str]) -> None:
        self._is_new(name)
        for member in members:
            self._is_known(member)
            if member in self.members:  # each witness counts in one way only
                raise PolicyMalformed("member_twice")
            self.members.add(member)
        needed = {"any": "1", "all": str(len(members))}.get(count, count)
        if not COUNT.fullmatch(needed) or int(needed) > len(members):
            raise PolicyMalformed("count")
        self.groups[name] = Group(int(needed), tuple(members))

    def _quorum(self, name: str) -> None:
        if self.quorum:
            raise PolicyMalformed("two_quorums")
        if name != NOBODY:
            self._is_known(name)
        self.quorum = name

    def _is_new(self, name: str) -> None:
        if name == NOBODY or name in self.witnesses or name in self.groups:
            raise PolicyMalformed("twice")

    def _is_known(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise PolicyMalformed("undefined")


def _key(kind: type[Key], text: str) -> Key:
    try:
        return kind.read(text)
    except (NoteMalformed, UnicodeEncodeError):  # a name of other bytes than UTF-8
        raise PolicyMalformed("key") from None
