# SPDX-License-Identifier: EUPL-1.2
"""What comes from a form, read with distrust: each field is known, or BadForm says which is not.

    {"since": "2026-03-01", "kind": "questions", …} ──selection_of──▶ Selection

A field is never free text: it would stand in the register, where the reading is entered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

from assistant.answers import Reason
from guardrails.register import Entry, Kind, Selection
from guardrails.register.ratings import Rated, Said, Source, has_source
from guardrails.register.streams import AnyForm

QUESTIONS, ALL = "questions", "all"
OUTCOMES = ("answer", "refusal", "abandoned", "interrupted")
AUDIENCES = ("agent", "senior")
FORMS: tuple[AnyForm, ...] = ("csv", "jsonl", "bundle", "proofs", "copy")
PSEUDONYM = re.compile(r"\d{4}-\d{2}\.[0-9a-f]{20}")
SEED = re.compile(r"[0-9A-Za-z]{0,64}")
MAX_DRAWN = 100  # questions that a page shows; the command line draws more
MAX_NOTE_CHARS = 2_000
MAX_CHECKPOINT_CHARS = 10_000

Form = Mapping[str, str]


class BadForm(ValueError):
    """A field cannot be taken; `key` names the words that say why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def form_of(data: object) -> Form:
    """Return what a page sent as texts; anything else is left out."""
    if not isinstance(data, Mapping):
        return {}
    return {
        str(name): value.strip()
        for name, value in data.items()
        if isinstance(value, str) and len(value) <= MAX_CHECKPOINT_CHARS
    }


def selection_of(form: Form, zone: tzinfo | None = None) -> Selection:
    """Return the entries that a filter asks for; days are those of `zone`, both included."""
    since, until = _day(form, "since"), _day(form, "until")
    if since and until and since > until:
        raise BadForm("bad_period")
    actor = form.get("actor", "")
    if actor and not PSEUDONYM.fullmatch(actor):
        raise BadForm("bad_actor")
    return Selection(
        since=_midnight(since, zone) if since else None,
        until=_midnight(until + timedelta(days=1), zone) if until else None,
        kinds=_kinds(form.get("kind") or QUESTIONS),
        outcomes=_one_of(form, "outcome", OUTCOMES),
        reasons=_one_of(form, "reason", tuple(reason.value for reason in Reason)),
        audiences=_one_of(form, "audience", AUDIENCES),
        actors=(actor,) if actor else (),
    )


def number_of(form: Form, name: str, low: int, high: int, key: str) -> int:
    """Return a whole number between two bounds."""
    written = "".join(form.get(name, "").split())
    if not written.isascii() or not written.isdecimal() or len(written) > 12:
        raise BadForm(key)
    number = int(written)
    if not low <= number <= high:
        raise BadForm(key)
    return number


def seed_of(form: Form) -> str:
    """Return a seed, empty for one that is to be drawn."""
    seed = form.get("seed", "")
    if not SEED.fullmatch(seed):
        raise BadForm("bad_seed")
    return seed


def notes_of(form: Form) -> list[str]:
    """Return the checkpoint that somebody kept, if one was given; a signed note ends with a line
    feed, which a form's field loses."""
    note = form.get("checkpoint", "").replace("\r\n", "\n")
    return [f"{note}\n"] if note else []


def export_of(form: Form) -> AnyForm:
    """Return the form of an export."""
    for known in FORMS:
        if form.get("form") == known:
            return known
    raise BadForm("bad_field")


def rated_of(form: Form, asked: Sequence[Entry]) -> tuple[Rated, ...]:
    """Return what somebody finds of each entry that is asked about, and of its source."""
    try:
        return tuple(
            Rated(
                index=entry.index,
                said=Said(form.get(f"said-{entry.index}", "")),
                source=Source(form.get(f"source-{entry.index}", ""))
                if has_source(entry)
                else Source.NONE,
            )
            for entry in asked
        )
    except ValueError:
        raise BadForm("bad_mark") from None


def note_of(form: Form) -> str:
    """Return a note as it was typed: it must go through the guard."""
    note = form.get("note", "")
    if len(note) > MAX_NOTE_CHARS:
        raise BadForm("bad_note")
    return note


def _kinds(kind: str) -> tuple[Kind, ...]:
    if kind == ALL:
        return ()
    if kind == QUESTIONS:
        return (Kind.INTENT,)
    try:
        return (Kind(kind),)
    except ValueError:
        raise BadForm("bad_field") from None


def _one_of(form: Form, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    value = form.get(name, "")
    if value and value not in known:
        raise BadForm("bad_field")
    return (value,) if value else ()


def _day(form: Form, name: str) -> date | None:
    written = form.get(name, "")
    try:
        day = date.fromisoformat(written) if written else None
    except ValueError:
        raise BadForm("bad_day") from None
    if day and not 2000 <= day.year <= 2200:
        raise BadForm("bad_day")
    return day


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    if zone is None:
        return datetime(day.year, day.month, day.day).astimezone()
    return datetime(day.year, day.month, day.day, tzinfo=zone)
