# SPDX-License-Identifier: EUPL-1.2
"""Plain text: what pastes anywhere. It has no properties: the marks stand in its lines, those for
programs in the last one."""

from __future__ import annotations

from ui.export.content import Content, Style


def write_text(content: Content) -> bytes:
    """Return the content as UTF-8 text, one empty line between paragraphs."""
    return (as_text(content) + "\n").encode()


def as_text(content: Content) -> str:
    """Return the content as text."""
    shown = (
        _shown(words, paragraph.style, content.icon)
        for paragraph in content.whole
        if (words := "\n".join(paragraph.lines).strip())
    )
    told = {name: value for name, value in content.properties.items() if value != content.mark}
    last = "; ".join(f"{name}: {_plain(value)}" for name, value in told.items())
    return "\n\n".join((*shown, last))


def _shown(words: str, style: Style, icon: str) -> str:
    match style:
        case Style.QUOTE:
            return f"« {words} »"
        case Style.SIGN:
            return f"[{icon}] {words}"
        case _:
            return words


def _plain(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else value
