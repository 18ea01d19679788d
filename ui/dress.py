# SPDX-License-Identifier: EUPL-1.2
"""Gradio's page made ours before it leaves: language, style, script, nonces.

Gradio's index.html ──Dressing──▶ the same, in French, that names no other site
"""

from __future__ import annotations

import json
import re
from html import escape

from assistant.texts import Texts

PANEL_WORDS = {"title": "sources", "close": "source_close", "alone": "source_alone",
               "failed": "source_failed"}  # fmt: skip


class Dressing:
    """Dresses the page in one language; the words of `static/agent.js` travel with it."""

    def __init__(self, texts: Texts) -> None:
        words = {name: texts("ui", key) for name, key in PANEL_WORDS.items()}
        words["language"] = texts.language
        self._language = texts.language
        self._title = escape(texts("ui", "title"))
        self._words = escape(json.dumps(words, ensure_ascii=False))

    def __call__(self, page: str, *, nonce: str) -> str:
        """Return the page; only its scripts that were there before get the nonce."""
        page = re.sub(r"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>", "", page)
        page = re.sub(r"<link rel=\"manifest\"[^>]*>", "", page)
        page = page.replace('lang="en"', f'lang="{self._language}"', 1)
        page = re.sub(r"<script(?=[\s>])", f'<script nonce="{nonce}"', page)
        ours = (
            f"<title>{self._title}</title>"
            '<link rel="icon" href="/ui/icon.svg"><link rel="stylesheet" href="/ui/style.css">'
            '<link rel="stylesheet" href="/ui/workspace.css">'
            f'<meta name="greffier-words" content="{self._words}">'
            f'<script nonce="{nonce}" type="module" src="/ui/agent.js"></script></head>'
        )
        return page.replace("</head>", ours, 1)
