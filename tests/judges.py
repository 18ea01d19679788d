# SPDX-License-Identifier: EUPL-1.2
"""Calibrations for tests: one thing alone speaks for what is shown."""

from __future__ import annotations

from assistant.calibration import Calibration


def judge(way: str, *, by: str = "together", written: float = 10.0) -> Calibration:
    """Show what was written (a line alone never), where `by` speaks for it."""
    return Calibration(
        model="scripted", identity="one", bias=-15.0, weights={by: 10.0, "written": written},
        threshold=0.5, questions=300, answerable=200, right=90, wrong=4, refused_rightly=98,
        bound=0.03, made="2026-11-30", way=way,
    )  # fmt: skip
