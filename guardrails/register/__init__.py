# SPDX-License-Identifier: EUPL-1.2
"""A register of what was asked, shown and done, which anybody can verify.

open_register ─▶ Register ─▶ append ─▶ Sealed         (register.py, opening.py)
                    │  rows in a store (store.py), a hash tree over them (merkle.py),
                    │  signed checkpoints (notes.py), keys kept apart (keys.py)
                    └─▶ entries, exports, samples, statistics
python -m guardrails.register.verify                  (verify.py: runs alone)
"""

from __future__ import annotations

from guardrails.register.checkpoints import Rhythm
from guardrails.register.keeper import Retention
from guardrails.register.opening import open_register
from guardrails.register.places import FolderPlace, Place
from guardrails.register.records import AuditRecord, Entry, Kind, Sealed
from guardrails.register.register import Register
from guardrails.register.selection import Selection
from guardrails.register.verdicts import Verdict

__all__ = [
    "AuditRecord",
    "Entry",
    "FolderPlace",
    "Kind",
    "Place",
    "Register",
    "Retention",
    "Rhythm",
    "Sealed",
    "Selection",
    "Verdict",
    "open_register",
]
