# SPDX-License-Identifier: EUPL-1.2
"""Sheets to keep: the algorithm as the CRPA wants it told, and the use case for another town.

    Facts ─algorithm_rows─▶ (heading, field, value)… ─▶ CSV │ Markdown

The fields are those that R.311-3-1-2 of the CRPA lists (how far it contributes to a decision,
data and sources, parameters and weights, operations), under the headings that inventories of
public algorithms commonly have.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from guardrails.writable import writable
from ui.public.facts import Facts
from ui.public.pages import collection_name, model_and_licence
from ui.wording import Words

Row = tuple[str, str, str]

ALGORITHM = (
    ("identity", ("name", "owner", "contact", "since_law", "public")),
    ("purpose", ("goal", "not_for", "decision")),
    ("working", ("operations", "parameters", "model", "refuses")),
    ("data", ("sources", "personal", "kept", "training")),
    ("rights", ("person", "contest", "human", "remarks")),
    ("openness", ("source_code", "evaluation", "figures")),
)
USE_CASE = ("need", "who", "before_you_start", "what_it_takes", "what_we_watch", "what_it_does_not",
            "lessons", "reuse")  # fmt: skip


def algorithm_rows(say: Words, facts: Facts) -> list[Row]:
    """Return the sheet, field by field."""
    told = _told(say, facts)
    return [
        (
            say.plain(f"algorithm.{heading}"),
            say.plain(f"algorithm.{field}_label", **told),
            say.plain(f"algorithm.{field}", **told),
        )
        for heading, fields in ALGORITHM
        for field in fields
    ]


def _told(say: Words, facts: Facts) -> dict[str, object]:
    town, counted = facts.town, facts.figures.counted
    model, licence = model_and_licence(say, facts)
    collections = [collection_name(say, held.collection) for held in facts.open_to_all]
    contact = ", ".join(filter(None, (town.phone, town.email, town.address)))
    return {
        "town": town.name or say.plain("a_town"),
        "contact": contact or say.plain("desk"),
        "model_name": model,
        "licence": licence,
        "elsewhere": say.plain(_services(facts)),
        "embedder": facts.embedder.name,
        "documents": sum(h.documents for h in facts.open_to_all),
        "collections": ", ".join(collections) or "–",
        "months": facts.months,
        "questions": facts.figures.counted.questions,
        "answers": counted.answers,
        "refusals": sum(counted.refusals.values()),
        "first": day(facts.figures.first.date().isoformat(), say),
        "last": day(facts.figures.last.date().isoformat(), say),
    }


def _services(facts: Facts) -> str:
    if facts.runs_elsewhere:
        return "some_elsewhere"
    return "witnesses_elsewhere" if facts.witnesses else "no_elsewhere"


def as_csv(rows: Sequence[Row], heads: Sequence[str]) -> str:
    """Return the sheet as CSV in UTF-8, commas between fields, as open data has it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([writable(part) for part in row] for row in rows)
    return out.getvalue()


def as_markdown(rows: Sequence[Row], title: str) -> str:
    """Return the sheet as Markdown, a heading a part."""
    parts, heading = [f"# {title}"], ""
    for part, field, value in (map(writable, row) for row in rows):
        if part != heading:
            parts.append(f"## {part}")
            heading = part
        parts.append(f"**{field}** : {value}")
    return "\n\n".join(parts) + "\n"


def use_case(say: Words, facts: Facts) -> str:
    """Return the sheet that another town can start from, as Markdown."""
    told = _told(say, facts)
    parts = [f"# {say.plain('usecase.title', **told)}"]
    for name in USE_CASE:
        parts += [f"## {say.plain(f'usecase.{name}_label')}", say.plain(f"usecase.{name}", **told)]
    return writable("\n\n".join(parts) + "\n")


def day(iso: str, say: Words) -> str:
    """Return a date as it is written in the language of the words."""
    year, month, number = iso.split("-")
    return f"{number}/{month}/{year}" if say.language == "fr" else iso
