# SPDX-License-Identifier: EUPL-1.2
"""What programs ask, by key: our own API, the one that OpenAI's clients speak, and the figures.

request ─▶ the gate (a key, its role) ─▶ routes ─▶ assistant.steps, as the screens do
                                           │
    own.py      /api/ask, /api/search, /api/screen, /api/documents
    audit.py    /api/register/…            chat.py   /v1/chat/completions, /v1/models
    figures.py  /metrics                   followed.py, answers.py   what they share
"""

from __future__ import annotations

from ui.api.figures import Figures
from ui.api.routes import api_router
from ui.api.services import ApiServices

__all__ = ["ApiServices", "Figures", "api_router"]
