# SPDX-License-Identifier: EUPL-1.2
"""The marks of a machine's answer in HTML: one that people see and hear, one that programs read.

    Mark ─sign▶        « IA  Réponse d'une machine », before the answer itself
         ─described▶   schema.org's digitalSourceType as RDFa, beside it, for this part of the page

RDFa and not a block of JSON-LD: Gradio warns of every script in what it draws, and the content
policy need not be asked. What the town wrote carries no mark.
"""

from __future__ import annotations

from html import escape

from assistant.provenance import SCHEMA_ORG, Mark

GENERATOR = '<meta name="generator" content="Greffier">'
"""What made the page, for its head."""


def sign(words: str, letters: str, name: str) -> str:
    """Return the visible mark; `words` say it, `letters` are the icon's, `name` is read for them.

    The icon is letters in a frame, drawn by the style in the colour of the text: it grows with
    the text and stays in dark, forced colours and on paper. All three are HTML.
    """
    icon = f'<span class="ai-icon" role="img" aria-label="{name}">{letters}</span>'
    return f'<p class="by-machine">{icon} <span>{words}</span></p>'


def described(mark: Mark, *, language: str, name: str) -> str:
    """Return what programs read of an answer; `name` is the notice in words, as text."""
    proof = mark.proof
    identifier = _told("identifier", proof.record) if proof.record else ""
    if proof.record and proof.origin:
        held = _told("propertyID", proof.origin) + _told("value", proof.record)
        identifier = f'<div property="identifier" typeof="PropertyValue">{held}</div>'
    return (
        f'<div class="provenance" vocab="{SCHEMA_ORG}/" typeof="CreativeWork">'
        f"{_told('name', name)}{_told('inLanguage', language)}"
        f'<link property="digitalSourceType" href="{mark.source.schema_org}">'
        '<div property="isPartOf" typeof="WebPage"></div>'
        f'<div property="creator" typeof="SoftwareApplication">{_told("name", "Greffier")}</div>'
        f"{identifier}</div>"
    )


def _told(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{escape(value)}">'
