# SPDX-License-Identifier: EUPL-1.2
"""What a reader limits the search to: as a form says it, as a search takes it, as one reads it.

    "collection=public&document=ID&since=2024" ─read▶ Filters ─form▶ the same choices again

Whatever does not belong (an unknown kind, a date that is none) limits nothing, and is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from urllib.parse import parse_qs

from corpus.acts import KINDS, date_in_words
from corpus.documents import CORRESPONDENCE, PUBLIC, UNFILED, Filters
from ui.agent.words import Words

_YEAR = re.compile(r"(?:19|20)\d\d")
_IDENTIFIER = re.compile(r"[0-9A-Za-z_-]{1,200}")
MAX_CHARS = 500


def read_query(written: str) -> Filters:
    """Return the filters of a form's query string."""
    if len(written) > MAX_CHARS:
        return Filters()
    return read({name: values[0] for name, values in parse_qs(written).items()})


def read(form: Mapping[str, str]) -> Filters:
    """Return the filters of a form; a collection that is not there lets nothing through."""
    collection, kind = form.get("collection", ""), form.get("kind", "")
    document = form.get("document", "")
    since, until = _day(form.get("since", "")), _day(form.get("until", ""), is_end=True)
    return Filters(
        collections=frozenset({collection[:100]}) if collection else None,
        documents=frozenset({document}) if _IDENTIFIER.fullmatch(document) else None,
        kinds=frozenset({kind}) if kind in KINDS else None,
        since=since,
        until=until,
    )


def _day(written: str, *, is_end: bool = False) -> str:
    """Return an ISO date: a day, or the first or last one of a year."""
    written = written.strip()
    if _YEAR.fullmatch(written):
        return f"{written}-12-31" if is_end else f"{written}-01-01"
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        return ""


def fields(
    words: Words,
    collections: Sequence[str],
    chosen: Filters,
    prefix: str,
    documents: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the form's fields as HTML; `prefix` keeps ids apart on a page. `documents`: the id and
    title of those that may be chosen; without any there is no such field."""
    kinds = [(kind, kind.capitalize()) for kind in KINDS]
    named = [(name, collection_name(words, name)) for name in collections]
    one = next(iter(chosen.collections or ()), "")
    kind = next(iter(chosen.kinds or ()), "")
    where = _select(words, "collection", named, one, prefix) if len(collections) > 1 else ""
    document = next(iter(chosen.documents or ()), "")
    return (
        (_select(words, "document", documents, document, prefix) if documents else "")
        + where
        + _select(words, "kind", kinds, kind, prefix)
        + _date(words, "since", chosen.since, prefix)
        + _date(words, "until", chosen.until, prefix)
    )


def in_words(words: Words, chosen: Filters, document: str = "") -> str:
    """Return what the search is limited to, as one line of HTML; empty if to nothing. `document`:
    the title of the one that was chosen."""
    parts = [f"« {document} »"] if document else []
    parts += [collection_name(words, name) for name in sorted(chosen.collections or ())]
    parts += sorted(chosen.kinds or ())
    if chosen.since:
        parts.append(words.plain("limit_since", date=_spoken(words, chosen.since)))
    if chosen.until:
        parts.append(words.plain("limit_until", date=_spoken(words, chosen.until)))
    return escape(", ".join(parts))


def _spoken(words: Words, day: str) -> str:
    return date_in_words(day) if words.language == "fr" else day


def collection_name(words: Words, collection: str) -> str:
    named = collection in {UNFILED, PUBLIC, CORRESPONDENCE}
    return words.plain(f"collection_{collection}") if named else collection


def _select(
    words: Words, name: str, options: Sequence[tuple[str, str]], chosen: str, prefix: str
) -> str:
    choices = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(shown)}</option>"
        for value, shown in options
    )
    return (
        f'<p class="field"><label for="{prefix}-{name}">{words(f"filter_{name}")}</label>'
        f'<select id="{prefix}-{name}" name="{name}">'
        f'<option value="">{words("filter_all")}</option>{choices}</select></p>'
    )


def _date(words: Words, name: str, chosen: str, prefix: str) -> str:
    return (
        f'<p class="field"><label for="{prefix}-{name}">{words(f"filter_{name}")}</label>'
        f'<input type="date" id="{prefix}-{name}" name="{name}" value="{escape(chosen)}" '
        'min="1900-01-01" max="2099-12-31"></p>'
    )
