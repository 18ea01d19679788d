# SPDX-License-Identifier: EUPL-1.2
"""The contact sheet, the roster of elected members, and how long the register keeps contents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from assistant.settings import Day, Settings, TownService
from guardrails.register.records import Kind
from guardrails.roster import read_roster
from ui.admin.desk import Desk
from ui.admin.html import Markup, group, join, paragraph
from ui.admin.kept import Faults, Invalid, Kept, Row, Value
from ui.admin.typed import Typed

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHEET = ("name", "phone", "email", "address", "hours")
OF_SERVICE = ("phone", "email", "address", "hours")
LEAST_NAME = 2
MAX_ROSTER = 2_000
MAX_MONTHS = 600
_KINDS_WITH_CONTENT = tuple(Kind)
_OPENING = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d-(?:[01]?\d|2[0-3]):[0-5]\d")
KEYBOARDS = {"phone": "tel", "email": "email"}
"""What a telephone shows to type with; what was typed is checked here, in our own words."""


# -- the contact sheet


def town_now(desk: Desk) -> dict[str, str]:
    town = desk.services.settings().town
    week = {str(day): hours for day, hours in town.week.items()}
    return {
        **{name: str(getattr(town, name)) for name in SHEET},
        **{day: ", ".join(week.get(day, ())) for day in DAYS},
        "closed": "\n".join(day.isoformat() for day in town.closed),
        "services": "\n".join(map(_service_line, town.services)),
    }


def town_fields(desk: Desk, typed: Typed) -> Markup:
    say = desk.say
    lines = [
        typed.field(n, say.plain(f"town.{n}"), maxlength="300", inputmode=KEYBOARDS.get(n, ""))
        for n in SHEET
    ]
    days = [typed.field(d, say.plain(f"day.{d}")) for d in DAYS]
    return join((
        paragraph(say.plain("town.intro")),
        *lines,
        group(say.plain("town.week"), days, hint=say.plain("town.week_hint")),
        typed.area("closed", say.plain("town.closed"), rows=4, hint=say.plain("town.closed_hint")),
        typed.area("services", say.plain("town.services"), rows=10,
                   hint=say.plain("town.services_hint")),
    ))  # fmt: skip


def keep_town(desk: Desk, kept: Kept, typed: Typed) -> None:
    changes: dict[str, Value] = {f"town.{n}": typed.get(n, "").strip() for n in SHEET}
    faults, week = Faults(), dict[str, list[str]]()
    with faults.at("phone"):
        if not any(changes[f"town.{name}"] for name in ("phone", "email", "address")):
            raise Invalid("town.nobody")
    for day in DAYS:
        with faults.at(day):
            if found := _openings(desk, day, typed):
                week[day] = found
    changes["town.week"] = week
    with faults.at("closed"):
        changes["town.closed"] = [_day(line) for line in _lines(typed, "closed")]
    if "services" in typed:
        weeks = {one.name: one.week for one in desk.services.settings().town.services}
        with faults.at("services"):
            changes["town.services"] = [_service(line, weeks) for line in _lines(typed, "services")]
    with faults.at(""):  # what the settings themselves say of the rest
        kept.check_settings({k: v for k, v in changes.items() if k.startswith("town.")})
    faults.stop()
    kept.change_settings(changes)


def _service_line(service: TownService) -> str:
    """Write a service as a line: its names, then how to reach it, with bars between."""
    names = " / ".join((service.name, *service.also))
    found = (names, service.phone, service.email, service.address, service.hours)
    return " ".join(" | ".join(found).rstrip(" |").split())


def _service(line: str, weeks: Mapping[str, Mapping[Day, Sequence[str]]]) -> Row:
    """Read a line of the directory; `weeks`: the hours of each day that the file has, by name."""
    names, *told = (part.strip() for part in line.split("|"))
    name, *also = (one.strip() for one in names.split("/") if one.strip()) if names else ("",)
    if len(name) < LEAST_NAME or len(told) >= len(OF_SERVICE) + 1:
        raise Invalid("town.bad_service", line=line[:60])
    row: Row = {"name": name}
    if also:
        row["also"] = also
    row |= {key: value for key, value in zip(OF_SERVICE, told, strict=False) if value}
    if week := weeks.get(name):
        row["week"] = {str(day): list(spans) for day, spans in week.items()}
    return row


def _openings(desk: Desk, day: str, typed: Typed) -> list[str]:
    """Read `8:30-12:00, 13:30-17:00`; `8h30-12h` and dashes of all kinds are understood."""
    said = re.sub(r"\s*h\s*(?=\d\d)", ":", typed.get(day, "").lower())
    said = re.sub(r"\s*h(?!\w)", ":00", said).replace("–", "-").replace(" à ", "-")
    found = [re.sub(r"\s", "", one) for one in re.split(r"[,;]", said) if one.strip()]
    for one in found:
        if not _OPENING.fullmatch(one):
            raise Invalid("town.bad_hours", day=desk.say.plain(f"day.{day}"))
    return found


def _day(line: str) -> str:
    """Read a day as it is written in French, or as ISO has it."""
    parts = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", line)
    written = f"{parts[3]}-{parts[2]:0>2}-{parts[1]:0>2}" if parts else line
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError as error:
        raise Invalid("town.bad_day", day=line[:40]) from error


# -- the roster


def roster_now(desk: Desk) -> dict[str, str]:
    return {"roster": "\n".join(desk.services.settings().roster)}


def roster_fields(desk: Desk, typed: Typed) -> Markup:
    say = desk.say
    return join((
        paragraph(say.plain("roster.intro")),
        typed.area("roster", say.plain("roster.names"), rows=20, hint=say.plain("roster.hint")),
    ))  # fmt: skip


def keep_roster(desk: Desk, kept: Kept, typed: Typed) -> None:
    names = list(dict.fromkeys(_lines(typed, "roster")))
    if len(names) > MAX_ROSTER:
        raise Invalid("roster.many", field="roster", most=MAX_ROSTER)
    for name in names:
        (official,) = read_roster([name]) or (None,)
        if official is None or not official.given:
            # a surname alone would keep every resident of that name in sight
            raise Invalid("roster.bad_line", field="roster", line=name[:60])
    kept.change_settings({"roster": names})


# -- how long contents are kept


def retention_now(desk: Desk) -> dict[str, str]:
    kept = desk.services.settings().register_
    by_kind = {kind.value: str(months) for kind, months in kept.months_by_kind.items()}
    return {"months": str(kept.months), **{k: by_kind.get(k, "") for k in _KINDS_WITH_CONTENT}}


def retention_fields(desk: Desk, typed: Typed) -> Markup:
    say = desk.say
    number = {"kind": "number", "min": "1", "max": str(MAX_MONTHS), "inputmode": "numeric"}
    kinds = [
        typed.field(kind, desk.texts("register", f"kind_{kind}"), **number)
        for kind in _KINDS_WITH_CONTENT
    ]
    return join((
        paragraph(say.plain("retention.intro")),
        typed.field("months", say.plain("retention.months"), **number),
        group(say.plain("retention.by_kind"), kinds, hint=say.plain("retention.by_kind_hint")),
    ))  # fmt: skip


def keep_retention(desk: Desk, kept: Kept, typed: Typed) -> None:
    default = Settings.model_fields["register_"].default.months
    faults, found = Faults(), dict[str, int]()
    for name in ("months", *(kind.value for kind in _KINDS_WITH_CONTENT)):
        with faults.at(name):
            if number := _months(typed.get(name, "")):
                found[name] = number
    faults.stop()
    months, by_kind = found.pop("months", default), found
    kept.change_settings({"register.months": months, "register.months_by_kind": by_kind})


def _months(written: str) -> int:
    written = written.strip()
    if not written:
        return 0
    if not written.isdecimal() or not 1 <= int(written[:6]) <= MAX_MONTHS:
        raise Invalid("retention.bad_months", most=MAX_MONTHS)
    return int(written)


def _lines(typed: Mapping[str, str], name: str) -> list[str]:
    return [line.strip() for line in typed.get(name, "").split("\n") if line.strip()]
