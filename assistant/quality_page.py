# SPDX-License-Identifier: EUPL-1.2
"""The quality of the corpus as one page: no script, nothing from elsewhere, to read or print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from assistant.cards.card import Matter
from assistant.texts import Texts
from corpus.quality import CorpusQuality, DocumentQuality

STYLE = """
body{font:17px/1.5 system-ui,sans-serif;color:#1c2530;background:#fff;margin:0 auto;
max-width:72rem;padding:1.5rem}
h1{font-size:1.7rem;margin:0 0 .3rem}h2{font-size:1.25rem;margin:2.2rem 0 .6rem}
.figures{display:flex;flex-wrap:wrap;gap:1rem;padding:0;list-style:none}
.figures li{border:1px solid #c9cfd6;border-radius:.5rem;padding:.7rem 1rem;min-width:9rem}
.figures strong{display:block;font-size:1.6rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #dfe3e8}
td.n{text-align:right;font-variant-numeric:tabular-nums}
@media print{body{max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"

Cell = str | int


def quality_page(quality: CorpusQuality, texts: Texts, missing: Sequence[Matter] = ()) -> str:
    """Return the page in the language of the texts; `missing`: questions of which agents said that
    the document is missing."""
    return _Page(quality, texts, missing).html()


class _Page:
    def __init__(self, quality: CorpusQuality, texts: Texts, missing: Sequence[Matter]) -> None:
        self._quality = quality
        self._missing = missing
        self._texts = texts
        self._names = {document.id: document.file for document in quality.documents}

    def html(self) -> str:
        title = self._say("title")
        parts = (
            f"<h1>{title}</h1><p>{self._say('intro')}</p>",
            self._figures(),
            self._section("to_mend", ("file", "collection", "why"), self._to_mend()),
            self._section("not_in", ("file", "collection", "why"), self._not_in()),
            self._section(
                "missing", ("question", "date"), [(m.question, m.day) for m in self._missing]
            ),
            self._section("alike", ("file", "file", "likeness"), self._alike()),
            self._section("by_collection", COVERAGE, self._collections()),
            self._section("hidden", ("kind", "hidden_here"), sorted(self._quality.hidden.items())),
            self._section("every", EVERY, map(self._row, self._quality.documents)),
        )
        return (
            f'<!doctype html><html lang="{self._texts.language}"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
            f"<style>{STYLE}</style></head><body><main>{''.join(parts)}</main></body></html>\n"
        )

    def _say(self, key: str) -> str:
        return escape(self._texts("quality", key))

    def _figures(self) -> str:
        some = self._quality.collections
        figures = (
            ("documents", sum(c.documents for c in some)),
            ("pages", sum(c.pages for c in some)),
            ("searchable", sum(c.searchable_pages for c in some)),
            ("passages", sum(c.passages for c in some)),
            ("to_mend", len(self._quality.to_mend)),
            ("not_in", len(self._quality.not_in)),
        )
        items = (f"<li><strong>{n}</strong>{self._say(key)}</li>" for key, n in figures)
        return f'<h2>{self._say("figures")}</h2><ul class="figures">{"".join(items)}</ul>'

    def _section(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
        body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
        heads = "".join(f'<th scope="col">{self._say(column)}</th>' for column in columns)
        table = (
            f'<div class="wide"><table><thead><tr>{heads}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )
        nothing = f"<p>{self._say('nothing')}</p>"
        return f"<h2>{self._say(title)}</h2>{table if body else nothing}"

    def _to_mend(self) -> Iterable[Sequence[Cell]]:
        for document in self._quality.to_mend:
            why = ", ".join(self._texts("doubt", doubt) for doubt in document.doubts)
            yield document.file, document.collection, why

    def _not_in(self) -> Iterable[Sequence[Cell]]:
        for trouble in self._quality.not_in:
            section, word = (
                ("reason", trouble.reason) if trouble.reason else ("needs", trouble.needs)
            )
            yield trouble.file, trouble.collection, self._texts(section, word)

    def _alike(self) -> Iterable[Sequence[Cell]]:
        for pair in self._quality.alike:
            first, second = self._names[pair.first], self._names[pair.second]
            yield first, second, f"{pair.likeness:.0%}"

    def _collections(self) -> Iterable[Sequence[Cell]]:
        for c in self._quality.collections:
            dated = f"{c.dated} / {c.to_date}"
            yield (
                c.collection, c.documents, c.pages, c.searchable_pages, c.characters, c.passages,
                dated, c.quarantined, c.not_in,
            )  # fmt: skip

    def _row(self, document: DocumentQuality) -> Sequence[Cell]:
        none = self._texts("quality", "none")
        sure = document.confidence
        return (
            document.file,
            document.collection,
            document.kind or none,
            document.date or none,
            document.pages,
            document.characters,
            document.passages,
            none if sure is None else f"{sure:.0%}",
            _numbers(document.unread_pages) or none,
            _numbers(document.unsure_pages) or none,
            document.doubtful_passages,
            sum(document.hidden.values()),
            document.superseded_by or none,
        )


COVERAGE = (
    "collection", "documents", "pages", "searchable", "characters", "passages", "dated",
    "quarantined", "not_in",
)  # fmt: skip
EVERY = (
    "file", "collection", "kind", "date", "pages", "characters", "passages", "confidence",
    "unread", "unsure", "doubtful", "hidden_here", "superseded",
)  # fmt: skip


def _cell(value: Cell) -> str:
    if isinstance(value, int):
        return f'<td class="n">{value}</td>'
    return f"<td>{escape(value)}</td>"


def _numbers(pages: Sequence[int]) -> str:
    return ", ".join(map(str, pages))
