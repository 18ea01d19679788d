# SPDX-License-Identifier: EUPL-1.2
"""A comparison as it is shown and taken away: side by side, as DOCX, as CSV.

Compared ─┬▶ page: what became of what, before and after, both quotes with their pages
          ├▶ DOCX: one table a part
          └▶ CSV: one line a difference
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from html import escape

from assistant.answers import Proof
from assistant.comparing import Change, What
from assistant.comparing.desk import Compared
from assistant.comparing.sides import Side
from assistant.provenance import DigitalSource, Mark
from guardrails.writable import cell
from ui.agent.frame import Frame
from ui.agent.services import Corpus
from ui.agent.words import Words
from ui.drawn import marked
from ui.export import FORMS as FILES
from ui.export import Content, Grid, Paragraph, Style
from ui.reply import address, file_title
from ui.source import title_of

HERE = "/comparer"
PARTS = ("changes", "wording", "formal")
COLUMNS = (
    "part", "kind", "what", "before", "after", "page_a", "quote_a", "page_b", "quote_b",
)  # fmt: skip


def result(frame: Frame, store: Corpus, compared: Compared) -> str:
    """Return the whole page."""
    say, found = frame.say, compared.found
    names = names_of(say, store, compared)
    line = (
        say.counted("compare_changes", len(found.changes)) if found.changes else say("compare_same")
    )
    kept = say.counted("compare_unchanged", found.unchanged)
    body = (
        f'<p class="lead" role="status" tabindex="-1" id="done">{line} {kept}</p>'
        f"{_warnings(say, compared, names)}<dl>{_side(say, 'a', compared.a, names[0])}"
        f"{_side(say, 'b', compared.b, names[1])}</dl>{_take(say, compared)}"
        f"{_changes(say, compared, found.changes)}"
    )
    for part, some in (("wording", found.wording), ("formal", found.formal)):
        if some:
            summary = say.counted(f"compare_{part}", len(some))
            body += (
                f'<details class="apart"><summary>{summary}</summary>'
                f"{_changes(say, compared, some)}</details>"
            )
    body += f'<p><a class="button plain" href="{HERE}">{say("compare_again")}</a></p>'
    return frame.page(say.plain("compare_done"), HERE, body, kind="compared")


def names_of(say: Words, store: Corpus, compared: Compared) -> tuple[str, str]:
    """Return what both acts are called; a dropped file has no name of its own."""
    first, second = (
        title_of(store, side.document, side.file)
        if side.document
        else say.plain("compare_dropped", kind=file_title(side.file))
        for side in (compared.a, compared.b)
    )
    return first, second


def _warnings(say: Words, compared: Compared, names: tuple[str, str]) -> str:
    told = [say("compare_unlike")] if compared.found.is_unlike else []
    for side, name in zip((compared.a, compared.b), names, strict=True):
        if side.unread:
            told.append(say("compare_unread", name=name, pages=", ".join(map(str, side.unread))))
        if side.orders:
            told.append(say("compare_orders", name=name, count=side.orders))
    return "".join(f'<p class="care">{words}</p>' for words in told)


def _side(say: Words, which: str, side: Side, name: str) -> str:
    shown = escape(name)
    if side.document:
        shown = f'<a href="/documents/{side.document}">{shown}</a>'
    return f"<dt>{say(f'compare_{which}')}</dt><dd>{shown}</dd>"


def _take(say: Words, compared: Compared) -> str:
    links = "".join(
        f'<a class="small-button" download href="{HERE}/{compared.record}/{form}">'
        f"{say(f'take_{form}')}</a>"
        for form in FORMS
    )
    swap = ""
    if compared.a.document and compared.b.document:
        href = f"{HERE}?a={compared.b.document}&amp;b={compared.a.document}"
        swap = f'<a class="small-button" href="{href}">{say("compare_swap")}</a>'
    return (
        f'<div class="take" role="group" aria-label="{say("take")}">{links}'
        f'<button type="button" class="small-button" data-print>{say("print")}</button>{swap}</div>'
    )


def _changes(say: Words, compared: Compared, changes: Sequence[Change]) -> str:
    if not changes:
        return ""
    items = "".join(f"<li>{_change(say, compared, change)}</li>" for change in changes)
    return f'<ol class="changes">{items}</ol>'


def _change(say: Words, compared: Compared, change: Change) -> str:
    kind = say(f"compare_{change.kind.value}")
    gist = {
        What.CHANGED: f"<del>{marked(change.before)}</del> → <ins>{marked(change.after)}</ins>",
        What.ADDED: f"<ins>{marked(change.after)}</ins>",
        What.REMOVED: f"<del>{marked(change.before)}</del>",
    }[change.kind]
    quotes = _quote(say, "a", compared.a, change.page_a, change.start_a, change.quote_a)
    quotes += _quote(say, "b", compared.b, change.page_b, change.start_b, change.quote_b)
    return (
        f'<h2><span class="kind {change.kind.value}">{kind}</span> {marked(change.what)}</h2>'
        f'<p class="gist">{gist}</p><div class="quotes">{quotes}</div>'
    )


def _quote(
    say: Words, which: str, side: Side, page: int | None, start: int | None, quote: str
) -> str:
    """Return one side of a difference: the quote and where it stands, or that there is none."""
    if page is None or start is None:
        return f'<p class="quiet">{say(f"compare_absent_{which}")}</p>'
    where = say(f"compare_where_{which}", page=page)
    if side.document:
        link = address(side.document, page, start, start + len(quote))
        where = f'<a href="{link}">{where}</a>'
    return (
        f"<figure><figcaption>{where}</figcaption><blockquote>{marked(quote)}</blockquote></figure>"
    )


# -- files


def write_csv(say: Words, store: Corpus, compared: Compared) -> bytes:
    """Return one line a difference, for a spreadsheet."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow([say.plain(f"compare_column_{column}") for column in COLUMNS])
    for part in PARTS:
        for change in getattr(compared.found, part):
            row = (
                say.plain(f"compare_part_{part}"),
                say.plain(f"compare_{change.kind.value}"),
                *(getattr(change, column) for column in COLUMNS[2:]),
            )
            table.writerow([cell("" if held is None else str(held)) for held in row])
    return out.getvalue().encode("utf-8-sig")


def write_docx(say: Words, store: Corpus, compared: Compared) -> bytes:
    """Return both acts, then one table a part."""
    return FILES["docx"].write(_content(say, store, compared))


def _content(say: Words, store: Corpus, compared: Compared) -> Content:
    first, second = names_of(say, store, compared)
    found, parts = compared.found, list[Paragraph | Grid]()
    parts.append(Paragraph(f"{say.plain('compare_a')} : {first}"))
    parts.append(Paragraph(f"{say.plain('compare_b')} : {second}"))
    if not found.changes:
        parts.append(Paragraph(say.plain("compare_same")))
    for part in PARTS:
        if changes := getattr(found, part):
            parts.append(Paragraph(say.plain(f"compare_part_{part}"), Style.HEADING))
            parts.append(_grid(say, changes))
    parts.append(Paragraph(say.plain("compare_record", record=compared.record)))
    proof = Proof(record=compared.record)
    return Content(
        title=say.plain("compare_done"),
        mark=say.plain("compare_mark"),
        provenance=Mark(ai_generated=False, source=DigitalSource.COMPOSITE, proof=proof),
        paragraphs=tuple(parts),
        language=say.language,
        producer=say.plain("producer"),
        keywords=say.plain("keywords"),
    )


def _grid(say: Words, changes: Sequence[Change]) -> Grid:
    columns = ("kind", "what", "before", "after")
    names = tuple(say.plain(f"compare_column_{column}") for column in columns)
    rows = tuple(
        (
            say.plain(f"compare_{change.kind.value}"),
            change.what,
            _told(say, change.before, change.page_a, change.quote_a),
            _told(say, change.after, change.page_b, change.quote_b),
        )
        for change in changes
    )
    return Grid((names, *rows), is_named=True)


def _told(say: Words, said: str, page: int | None, quote: str) -> str:
    if page is None:
        return "–"
    where = say.plain("compare_quoted", page=page, quote=" ".join(quote.split()))
    return f"{said} {where}" if said else where


FORMS: Mapping[str, tuple[str, Callable[[Words, Corpus, Compared], bytes]]] = {
    "docx": (FILES["docx"].media_type, write_docx),
    "csv": ("text/csv; charset=utf-8", write_csv),
}
"""The files that a comparison is taken away in."""
