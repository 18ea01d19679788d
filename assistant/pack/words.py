# SPDX-License-Identifier: EUPL-1.2
"""How a guide's source and dates are told beside it, as the State's licence asks, and when a pack
is old.

Pack ─pack_words▶ « service-public.fr, pack de novembre 2026 (fiche mise à jour le 3 mars 2026) »
data folder ─kept_packs▶ Standing of each name ─examined▶ what `doctor` and health say
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import date
from pathlib import Path

from assistant.checkup import Examined
from assistant.elsewhere import open_passages_database
from assistant.settings import Settings
from assistant.texts import Texts
from corpus.dates import date_in_words
from corpus.errors import CorpusError
from corpus.folder import MARKER, DataFolder
from corpus.packs import PREFIX, Pack, Standing

MONTHS = 3
"""Whole months that may go by after a pack's own before it is old."""


def pack_words(pack: Pack | None, texts: Texts) -> str:
    """Return where a guide comes from and of when it is; "" for what came with no pack."""
    if pack is None:
        return ""
    key = "mixed" if pack.becoming else "from"
    facts = {"month": month_words(pack.month, texts), "next": month_words(pack.becoming, texts)}
    said = texts("pack", key, source=source_words(pack.name, texts), **facts)
    if not pack.updated:
        return said
    day = date_in_words(pack.updated) if texts.language == "fr" else pack.updated
    return f"{said} {texts('pack', 'updated', day=day)}"


def pack_json(pack: Pack | None) -> dict[str, str] | None:
    """Return a pack as programs are given it; None for what came with none."""
    return asdict(pack) if pack else None


def file_words(file: str, pack: Pack | None, texts: Texts) -> str:
    """Return a file's name, with where it comes from beside it."""
    words = pack_words(pack, texts)
    return f"{file} – {words}" if words else file


def source_words(name: str, texts: Texts) -> str:
    """Return how the source of a pack is called."""
    return texts.section("pack_source").get(name, name)


def month_words(month: str, texts: Texts) -> str:
    """Return a month in words, after « de » in French: `de novembre 2026`, `November 2026`."""
    if not month:
        return ""
    year, number = month.split("-")
    return f"{texts.section('pack_month')[number]} {year}"


def kept_packs(data: Path, settings: Settings) -> Mapping[str, Standing]:
    """Return how each pack of a data folder stands, by its name; none where the corpus cannot be
    looked at."""
    asked = "SELECT name, value FROM state WHERE name LIKE ? ORDER BY name"
    values, file = (f"{PREFIX}_%",), data / "passages.db"
    rows: list[tuple[object, ...]] = []
    try:
        if settings.index.database and (data / MARKER).exists():
            with closing(
                open_passages_database(settings.index, DataFolder.open(data))
            ) as elsewhere:
                rows = elsewhere.read(asked, values)
        elif file.exists():
            with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as kept:
                rows = kept.execute(asked, values).fetchall()
    except (CorpusError, sqlite3.Error):
        return {}
    return {str(name).removeprefix(PREFIX): Standing.read(str(value)) for name, value in rows}


def examined(data: Path, settings: Settings, texts: Texts, today: date) -> Iterator[Examined]:
    """Say of each pack whether it is whole, and of which month."""
    for name, standing in kept_packs(data, settings).items():
        source, month = source_words(name, texts), month_words(standing.newest, texts)
        if standing.becoming:
            key = "doctor_partial"
        elif is_ahead(standing.month, today):
            key = "doctor_ahead"
        else:
            key = "doctor_old" if months_since(standing.month, today) > MONTHS else "doctor_ok"
        told = texts("pack", key, source=source, month=month)
        yield Examined(texts("doctor", "pack"), "ok" if key == "doctor_ok" else "weak", told)


def months_since(month: str, today: date) -> int:
    """Return how many months a day is after a month.

    >>> months_since("2026-11", date(2027, 2, 28)), months_since("2026-11", date(2026, 10, 31))
    (3, -1)
    """
    year, number = map(int, month.split("-"))
    return 12 * (today.year - year) + today.month - number


def is_ahead(month: str, today: date) -> bool:
    """Whether a pack is of a later month than the next: its month or this clock is wrong."""
    return months_since(month, today) < -1
