# SPDX-License-Identifier: EUPL-1.2
"""What a verification found, as a value and as one sentence in French or English.

    Verdict(holds, size, trouble, index, …) ──sentence("fr" | "en")──▶ text

The words stand in verdicts.toml, beside this file, because the verifier must run alone.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path


class Trouble(StrEnum):
    """What kind of tampering, or why the register could not be read at all."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_MOVED = "entry_moved"
    ENTRY_MISSING = "entry_missing"
    ENTRY_UNSEALED = "entry_unsealed"
    PAYLOAD_CHANGED = "payload_changed"
    PAYLOAD_MISSING = "payload_missing"
    PAYLOAD_RETURNED = "payload_returned"
    TREE_CHANGED = "tree_changed"
    CLOCK_BACK = "clock_back"
    KEY_FORGED = "key_forged"
    TAIL_CUT = "tail_cut"
    REWRITTEN = "rewritten"
    FORKED = "forked"
    SEAL_FORGED = "seal_forged"
    LAST_SEAL_FORGED = "last_seal_forged"
    CHECKPOINT_FORGED = "checkpoint_forged"
    OTHER_REGISTER = "other_register"
    OTHER_KEY = "other_key"
    DAMAGED = "damaged"
    STRUCTURE = "structure"
    LIST_CHANGED = "list_changed"
    BUNDLE_CHANGED = "bundle_changed"
    BUNDLE_REPEATED = "bundle_repeated"
    PROOF_FALSE = "proof_false"
    OTHER_LOG = "other_log"
    QUORUM_MISSING = "quorum_missing"
    COSIGNATURE_FORGED = "cosignature_forged"
    PROOF_MALFORMED = "proof_malformed"
    ABSENT = "absent"
    LINK = "link"
    NOT_A_REGISTER = "not_a_register"
    TOO_NEW = "too_new"
    UNREADABLE = "unreadable"


UNREADABLE = frozenset({
    Trouble.ABSENT, Trouble.LINK, Trouble.NOT_A_REGISTER, Trouble.TOO_NEW, Trouble.UNREADABLE,
    Trouble.PROOF_MALFORMED,
})  # fmt: skip

UNCOMPARED = "uncompared"  # a remark: checkpoints that the bundle does not link to its own
UNWITNESSED = "unwitnessed"  # a remark: last entries that no quorum of witnesses saw


class Count(int):
    """A number that chooses the word beside it: `{n} {n:entry|entries}` in a frame.

    >>> "{n} {n:entry|entries}".format(n=Count(1))
    '1 entry'
    """

    def __format__(self, spec: str) -> str:
        one, bar, more = spec.partition("|")
        return (one if self == 1 else more) if bar else super().__format__(spec)


WORDS = tomllib.loads(Path(__file__).with_name("verdicts.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something that an auditor should know although the register holds."""

    name: str  # clock, ahead, open, restored, erased, uncompared, witnessed, unwitnessed…
    n: int
    index: int = 0
    at: int = 0  # POSIX seconds, of what bears a moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the register holds; if not, the first entry that does not, and why."""

    size: int = 0
    origin: str = ""
    trouble: Trouble | None = None
    index: int = 0
    other: int = 0
    note: str = ""
    kept: int = 0
    anchor: int = 0
    remarks: tuple[Remark, ...] = ()
    is_bundle: bool = False
    is_proof: bool = False
    is_authenticated: bool = True

    @property
    def holds(self) -> bool:
        """Whether everything that was looked at holds."""
        return self.trouble is None

    @property
    def is_complete(self) -> bool:
        """Whether it holds by what was kept elsewhere, all that was given was compared, and the
        witnesses that a policy demands saw all of it."""
        names = {remark.name for remark in self.remarks}
        return self.holds and self.is_authenticated and not names & {UNCOMPARED, UNWITNESSED}

    @property
    def exit_code(self) -> int:
        """0 holds, 1 does not hold, 3 could not be read, 4 holds by its own word alone."""
        if self.trouble is None:
            return 0 if self.is_complete else 4
        return 3 if self.trouble in UNREADABLE else 1

    def sentence(self, language: str = "fr") -> str:
        """Say it in one sentence."""
        frames = WORDS[language]["frame"]
        if self.trouble is None:
            names = {remark.name for remark in self.remarks}
            alone = "by_witnesses" if "witnessed" in names else "alone"
            anchored = frames["anchored" if self.kept else alone]
            anchored = anchored.format(kept=Count(self.kept), anchor=self.anchor)
            name = "proof" if self.is_proof else "bundle" if self.is_bundle else "holds"
            text = frames[name if self.is_authenticated else f"{name}_self_signed"]
            rest = next((remark for remark in self.remarks if remark.name == UNWITNESSED), None)
            if rest is not None:
                text = frames["holds_to"]
            return str(text.format(
                origin=self.origin, size=Count(self.size), anchor=self.anchor, anchored=anchored,
                seen=rest.index if rest else 0, rest=Count(rest.n if rest else 0),
            ))  # fmt: skip
        what = WORDS[language]["trouble"][self.trouble].format(
            index=self.index, other=self.other, size=self.size, note=self.note, origin=self.origin
        )
        frame = "fails_proof" if self.is_proof else "fails_bundle" if self.is_bundle else "fails"
        return str(frames["cannot" if self.trouble in UNREADABLE else frame].format(what=what))

    def asides(self, language: str = "fr") -> list[str]:
        """Say each remark in a sentence."""
        frames = WORDS[language]["frame"]
        return [
            frames[r.name].format(n=Count(r.n), index=r.index, at=moment(r.at, language))
            for r in self.remarks
        ]


def moment(at: int, language: str) -> str:
    """Say a moment, given in POSIX seconds; a witness may have signed any number."""
    try:
        when = datetime.fromtimestamp(at, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return str(at)
    return f"{when:{WORDS[language]['frame']['moment']}}"
