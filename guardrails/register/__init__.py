# SPDX-License-Identifier: EUPL-1.2
"""A register of what was asked, shown and done, which anybody can verify.

open_register ─▶ Register ─▶ append ─▶ Sealed         (register.py, opening.py)
                    │  rows in a store (store.py), a hash tree over them (merkle.py),
                    │  signed checkpoints (notes.py), keys kept apart (keys.py)
                    └─▶ entries, exports, samples, statistics
python -m guardrails.register.verify                  (verify.py: runs alone)

What is named here is imported when it is asked for: the verifier then loads its own files
and none of those that write (docs/register.md lists them, a test holds the list).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guardrails.register.checkpoints import Rhythm
    from guardrails.register.erasing import Retention
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
WHERE = {
    "AuditRecord": "records",
    "Entry": "records",
    "FolderPlace": "places",
    "Kind": "records",
    "Place": "places",
    "Register": "register",
    "Retention": "erasing",
    "Rhythm": "checkpoints",
    "Sealed": "records",
    "Selection": "selection",
    "Verdict": "verdicts",
    "open_register": "opening",
}


def __getattr__(name: str) -> object:
    if name not in WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{WHERE[name]}"), name)
