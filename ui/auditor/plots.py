# SPDX-License-Identifier: EUPL-1.2
"""Plots as inline SVG, in the colours of the page, each with the table of its figures.

    figure(title, drawing, table) ─▶ <figure>      columns(…), bars(…) ─▶ drawing

A drawing stretches to the width that it is given, so its words stay outside of it, in HTML: they
keep their size on a telephone and at 200 %. What colours tell apart, lightness and outline do too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 100.0
GAP = 0.22  # of a column's width


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One value a column, in the column's order; None where there is nothing to tell."""

    kind: str  # a class of auditor.css: answer, refusal, other, median, p95, energy
    name: str  # HTML
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What stands at the ends: the first and the last column, the highest value; all HTML."""

    first: str
    last: str
    top: str


def columns(series: Sequence[Series], axis: Axis, label: str) -> str:
    """Return columns, the series stacked on each other; `label` says in a sentence what is seen."""
    count = max((len(s.values) for s in series), default=0)
    stacks = [[s.values[place] or 0.0 for s in series] for place in range(count)]
    top = max((sum(stack) for stack in stacks), default=0.0) or 1.0
    shapes = ""
    for place, stack in enumerate(stacks):
        floor = HEIGHT
        for value, one in zip(stack, series, strict=True):
            height = value / top * HEIGHT
            floor -= height
            if height:
                shapes += _rect(place + GAP / 2, floor, 1 - GAP, height, one.kind)
    return _framed(shapes, count, series, axis, label)


def spans(low: Series, high: Series, axis: Axis, label: str) -> str:
    """Return a span a column, from 0 to `high`, marked at `low`: a median under a 95 %."""
    tops = [value for value in high.values if value is not None]
    top = max(tops, default=0.0) or 1.0
    shapes = ""
    for place, (middle, end) in enumerate(zip(low.values, high.values, strict=True)):
        if middle is None or end is None:
            continue
        for value, kind in ((end, high.kind), (middle, low.kind)):
            height = value / top * HEIGHT
            shapes += _rect(place + GAP / 2, HEIGHT - height, 1 - GAP, height, kind)
    return _framed(shapes, len(high.values), (low, high), axis, label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of a bar plot; `name` and `shown` are HTML."""

    name: str
    value: float
    shown: str


def bars(lines: Sequence[Bar], kind: str) -> str:
    """Return horizontal bars, a line each; the words say it all, the bars are for the eye."""
    top = max((line.value for line in lines), default=0.0) or 1.0
    items = "".join(
        f'<li><span class="bar-name">{line.name}</span>'
        f'<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f"{_rect(0, 0, line.value / top * 100, 10, kind)}</svg>"
        f'<span class="bar-value">{line.shown}</span></li>'
        for line in lines
    )
    return f'<ul class="bars">{items}</ul>'


def figure(title: str, drawing: str, table: str, open_words: str) -> str:
    """Return a plot with its title and the table of its figures, which opens below it."""
    return (
        f'<figure class="plot"><figcaption>{title}</figcaption>{drawing}'
        f'<details><summary>{open_words}<span class="unseen"> – {title}</span></summary>'
        f"{table}</details></figure>"
    )


def plain_table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of figures; all of it is HTML."""
    names = "".join(f'<th scope="col">{name}</th>' for name in head)
    lines = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}">'
        f'<table class="small"><caption class="unseen">{caption}</caption>'
        f"<thead><tr>{names}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _framed(shapes: str, count: int, series: Sequence[Series], axis: Axis, label: str) -> str:
    legend = "".join(
        f'<li><svg class="key" viewBox="0 0 10 10" aria-hidden="true">'
        f"{_rect(0, 0, 10, 10, s.kind)}</svg>{s.name}</li>"
        for s in series
    )
    return (
        f'<ul class="legend">{legend}</ul>'
        f'<div class="drawing"><span class="top" aria-hidden="true">{axis.top}</span>'
        f'<svg role="img" aria-label="{label}" viewBox="0 0 {max(count, 1)} {HEIGHT:g}" '
        f'preserveAspectRatio="none">{shapes}</svg></div>'
        f'<p class="ends" aria-hidden="true"><span>{axis.first}</span><span>{axis.last}</span></p>'
    )


def _rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    return (
        f'<rect class="p-{kind}" x="{x:.3f}" y="{y:.3f}" width="{width:.3f}" '
        f'height="{height:.3f}"/>'
    )
