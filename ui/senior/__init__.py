# SPDX-License-Identifier: EUPL-1.2
"""The simple page, at `/simple`: one question, a clear answer, a voice, a person to call.

    GET /simple ─question▶ POST /simple ─303▶ GET /simple/answer/{key} ─▶ /simple/note/{key}

Plain HTML made here; it needs no script, no cookie and no account. Scripts only add the
microphone, the voice and the tablet's rest.
"""

from __future__ import annotations

from ui.senior.routes import SeniorExtras, mount_senior

__all__ = ["SeniorExtras", "mount_senior"]
