# SPDX-License-Identifier: EUPL-1.2
"""RDFa Lite read back by its own rules (W3C), from what lxml made of a page."""

from __future__ import annotations

from typing import Any

from lxml.html import HtmlElement


def rdfa(thing: HtmlElement) -> dict[str, Any]:
    """Return the properties of a thing: a `typeof` inside is a thing of its own; a value is what
    `content` says, else `href` or `src`, else the text."""
    told: dict[str, Any] = {"@type": thing.get("typeof")}
    for inside in thing.iterdescendants():
        owner = next(up for up in inside.iterancestors() if up.get("typeof") is not None)
        if inside.get("property") is None or owner is not thing:
            continue
        told[inside.get("property")] = rdfa(inside) if inside.get("typeof") else _value(inside)
    return told


def _value(element: HtmlElement) -> str:
    for name in ("content", "href", "src"):
        if element.get(name) is not None:
            return str(element.get(name))
    return str(element.text_content())
