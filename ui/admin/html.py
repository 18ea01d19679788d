# SPDX-License-Identifier: EUPL-1.2
"""Pieces of HTML for forms and tables. Text goes in as text and comes out escaped.

A `Markup` is HTML already: only this module and the pages make one, from escaped parts; any
other string in a table is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from ui.wording import typeset

MANY = 4
"""Columns beyond which a table keeps its width on a narrow screen, and scrolls."""

COUNT = ' class="n"'
"""How a column of numbers is marked: it stands on the right, its heading too."""


class Markup(str):
    """HTML that is safe to put in a page."""

    __slots__ = ()


Cell = str | int


def text(words: str) -> Markup:
    return Markup(escape(words))


def join(parts: Iterable[str]) -> Markup:
    """Put pieces of HTML together."""
    return Markup("".join(parts))


def paragraph(words: str, kind: str = "") -> Markup:
    """Return a paragraph of text."""
    return Markup(f"<p{_attributes({'class': kind})}>{typeset(words)}</p>")


def link(address: str, words: str, **query: str) -> Markup:
    to = f"{address}?{urlencode(query)}" if query else address
    return Markup(f'<a href="{escape(to)}">{escape(words)}</a>')


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Markup:
    """Return a table whose first column names its rows; it scrolls on its own when narrow."""
    lines = list(rows)
    counts = [isinstance(cell, int) for cell in lines[0]] if lines else [False] * len(heads)
    body = "".join(f"<tr>{_row(row)}</tr>" for row in lines)
    tops = "".join(
        f'<th scope="col"{COUNT if is_count else ""}>{escape(head)}</th>'
        for head, is_count in zip(heads, counts, strict=True)
    )
    return Markup(
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="{"many" if len(heads) > MANY else "few"}">'
        f'<caption class="unseen">{escape(caption)}</caption>'
        f"<thead><tr>{tops}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(cells: Sequence[Cell]) -> str:
    first, *others = cells
    return f'<th scope="row">{shown(first)}</th>' + "".join(
        f"<td{COUNT}>{cell}</td>" if isinstance(cell, int) else f"<td>{shown(cell)}</td>"
        for cell in others
    )


def shown(words: Cell) -> str:
    """Return what stands in a cell as HTML."""
    return words if isinstance(words, Markup) else escape(str(words))


def field(
    name: str, label: str, value: str = "", *, hint: str = "", kind: str = "text",
    problem: str = "", **more: str,
) -> Markup:  # fmt: skip
    """Return a labelled input; `id` where its name stands twice on the page, `problem`: why what
    was typed cannot be kept."""
    told = {"id": name, "name": name, "type": kind, "value": value, **more}
    return _labelled(
        told["id"], label, (hint, problem), lambda d: f"<input{_attributes(told | d)}>"
    )


def area(
    name: str, label: str, value: str = "", *, hint: str = "", rows: int = 8, problem: str = "",
    **more: str,
) -> Markup:  # fmt: skip
    """Return a labelled text of several lines."""
    told = {"id": name, "name": name, "rows": str(rows), "spellcheck": "false", **more}
    return _labelled(
        name,
        label,
        (hint, problem),
        # a first line break is dropped by browsers: one is given for it
        lambda d: f"<textarea{_attributes(told | d)}>\n{escape(value)}</textarea>",
    )


def select(
    name: str, label: str, options: Mapping[str, str], chosen: str = "", *, hint: str = "",
    problem: str = "", **more: str,
) -> Markup:  # fmt: skip
    """Return a labelled list to choose from."""
    lines = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(words)}</option>"
        for value, words in options.items()
    )
    told = {"id": name, "name": name, **more}
    return _labelled(
        told["id"],
        label,
        (hint, problem),
        lambda d: f"<select{_attributes(told | d)}>{lines}</select>",
    )


def _labelled(
    name: str, label: str, beside: tuple[str, str], control: Callable[[dict[str, str]], str]
) -> Markup:
    """Return a control with its label, and with the hint and the problem that it is told with."""
    kinds = [
        (kind, words) for kind, words in zip(("hint", "problem"), beside, strict=True) if words
    ]
    told = {"aria-describedby": " ".join(f"{name}-{kind}" for kind, _ in kinds)}
    if beside[1]:
        told["aria-invalid"] = "true"
    above = "".join(
        f'<p class="{kind}" id="{escape(name)}-{kind}">{typeset(words)}</p>'
        for kind, words in kinds
    )
    return Markup(
        f'<div class="field"><label for="{escape(name)}">{escape(label)}</label>'
        f"{above}{control(told)}</div>"
    )


def checkbox(name: str, value: str, label: str, *, checked: bool = False, id: str = "") -> Markup:
    told = {"id": id or f"{name}-{value}", "type": "checkbox", "name": name, "value": value}
    mark = " checked" if checked else ""
    return Markup(
        f'<span class="check"><input{_attributes(told)}{mark}>'
        f'<label for="{escape(told["id"])}">{escape(label)}</label></span>'
    )


def radio(name: str, value: str, label: str, *, id: str = "", checked: bool = False) -> Markup:
    """Return one choice of several, none of which is chosen beforehand; one has to be."""
    told = {"id": id or f"{name}-{value}", "type": "radio", "name": name, "value": value}
    mark = " checked" if checked else ""
    return Markup(
        f'<span class="check"><input{_attributes(told)} required{mark}>'
        f'<label for="{escape(told["id"])}">{escape(label)}</label></span>'
    )


def group(
    legend: str, parts: Iterable[str], *, hint: str = "", problem: str = "", name: str = ""
) -> Markup:
    """Return fields under one heading; `name` is that of its fields, where a problem is told."""
    below = f'<p class="hint">{typeset(hint)}</p>' if hint else ""
    told = ""
    if problem:
        below += f'<p class="problem" id="{escape(name)}-problem">{typeset(problem)}</p>'
        told = f' id="{escape(name)}" aria-describedby="{escape(name)}-problem"'
    return Markup(
        f"<fieldset{told}><legend>{escape(legend)}</legend>{below}{''.join(parts)}</fieldset>"
    )


def button(words: str, *, name: str = "", value: str = "", kind: str = "") -> Markup:
    told = {"type": "submit", "class": f"button {kind}".strip(), "name": name, "value": value}
    return Markup(f"<button{_attributes(told)}>{escape(words)}</button>")


def hidden(name: str, value: str) -> Markup:
    return Markup(f"<input{_attributes({'type': 'hidden', 'name': name, 'value': value})}>")


def _attributes(told: Mapping[str, str]) -> str:
    return "".join(
        f' {name.rstrip("_")}="{escape(value)}"'
        for name, value in told.items()
        if value or name == "value"
    )
