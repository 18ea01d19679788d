# SPDX-License-Identifier: EUPL-1.2
"""Plain text: what pastes anywhere. It has no properties: the mark stands in its lines."""

from __future__ import annotations

from ui.export.content import Content, Style


def write_text(content: Content) -> bytes:
    """Return the content as UTF-8 text, one empty line between paragraphs."""
    return (as_text(content) + "\n").encode()


def as_text(content: Content) -> str:
    """Return the content as text."""
    return "\n\n".join(
        f"« {words} »" if paragraph.style is Style.QUOTE else words
        for paragraph in content.whole
        if (words := "\n".join(paragraph.lines).strip())
    )
