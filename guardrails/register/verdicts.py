# SPDX-License-Identifier: EUPL-1.2
"""What a verification found, as a value and as one sentence in French or English.

    Verdict(holds, size, trouble, index, …) ──sentence("fr" | "en")──▶ text

The words stand in verdicts.toml, beside this file, because the verifier must run alone.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
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
    ABSENT = "absent"
    LINK = "link"
    NOT_A_REGISTER = "not_a_register"
    TOO_NEW = "too_new"
    UNREADABLE = "unreadable"


UNREADABLE = frozenset(
    {Trouble.ABSENT, Trouble.LINK, Trouble.NOT_A_REGISTER, Trouble.TOO_NEW, Trouble.UNREADABLE}
)

UNCOMPARED = "uncompared"  # a remark: checkpoints that the bundle does not link to its own

WORDS = tomllib.loads(Path(__file__).with_name("verdicts.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something that an auditor should know although the register holds."""

    name: str  # clock, ahead, open, restored, erased, uncompared
    n: int
    index: int = 0


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
    is_authenticated: bool = True

    @property
    def holds(self) -> bool:
        """Whether everything that was looked at holds."""
        return self.trouble is None

    @property
    def is_complete(self) -> bool:
        """Whether it holds by what was kept elsewhere, and all that was given was compared."""
        compared = all(remark.name != UNCOMPARED for remark in self.remarks)
        return self.holds and self.is_authenticated and compared

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
            anchored = frames["anchored" if self.kept else "alone"]
            anchored = anchored.format(kept=self.kept, anchor=self.anchor)
            name = "bundle" if self.is_bundle else "holds"
            text = frames[name if self.is_authenticated else f"{name}_self_signed"]
            return str(text.format(
                origin=self.origin, size=self.size, anchor=self.anchor, anchored=anchored
            ))  # fmt: skip
        what = WORDS[language]["trouble"][self.trouble].format(
            index=self.index, other=self.other, size=self.size, note=self.note, origin=self.origin
        )
        frame = "fails_bundle" if self.is_bundle else "fails"
        return str(frames["cannot" if self.trouble in UNREADABLE else frame].format(what=what))

    def asides(self, language: str = "fr") -> list[str]:
        """Say each remark in a sentence."""
        frames = WORDS[language]["frame"]
        return [frames[r.name].format(n=r.n, index=r.index) for r in self.remarks]
