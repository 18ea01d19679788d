# SPDX-License-Identifier: EUPL-1.2
"""Gradio's page made ours before it leaves: language, style, script, nonces.

Gradio's index.html ──Dressing──▶ the same, in French, that names no other site
"""

from __future__ import annotations

import json
import re
from html import escape

from assistant.texts import Texts
from ui.marking import GENERATOR

SCRIPT_WORDS = {"title": "sources", "close": "source_close", "alone": "source_alone",
                "failed": "source_failed", "cut": "cut", "signIn": "sign_in_again",
                "ended": "status_failed", "closed": "session_closed"}  # fmt: skip


def script_words(texts: Texts) -> str:
    """Return the words of the scripts of `static/`, for the head of a page."""
    words = {name: texts("ui", key) for name, key in SCRIPT_WORDS.items()}
    words["language"] = texts.language
    content = escape(json.dumps(words, ensure_ascii=False))
    return f'<meta name="greffier-words" content="{content}">'


ASKING_WHY = "() => window.greffier.failed()"
"""Keeps an event without input, which asks what failed, from a server that cannot be heard."""


def ended(page: str) -> str:
    """Return what a page does by itself when the server cannot be heard (`static/line.js`)."""
    return f"() => window.greffier.{page}()"


class Dressing:
    """Dresses the page in one language; the words of its scripts travel with it."""

    def __init__(self, texts: Texts) -> None:
        self._language = texts.language
        self._title = escape(texts("ui", "title"))
        self._words = script_words(texts)

    def __call__(self, page: str, *, nonce: str) -> str:
        """Return the page; only its scripts that were there before get the nonce."""
        page = re.sub(r"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>", "", page)
        page = re.sub(r"<link rel=\"manifest\"[^>]*>", "", page)
        page = page.replace('lang="en"', f'lang="{self._language}"', 1)
        page = re.sub(r"<script(?=[\s>])", f'<script nonce="{nonce}"', page)
        ours = (
            f"<title>{self._title}</title>{GENERATOR}"
            '<link rel="icon" href="/ui/icon.svg"><link rel="stylesheet" href="/ui/style.css">'
            '<link rel="stylesheet" href="/ui/workspace.css">'
            f'<script nonce="{nonce}" type="module" src="/ui/agent.js"></script></head>'
        )
        first = (  # before Gradio's own, which send through it
            f'<head>{self._words}<script nonce="{nonce}" type="module" src="/ui/line.js"></script>'
        )
        return page.replace("<head>", first, 1).replace("</head>", ours, 1)
