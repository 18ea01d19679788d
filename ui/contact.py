# SPDX-License-Identifier: EUPL-1.2
"""Whom an agent asks when no answer is sure: a service of the directory, not the public number.

town, question, titles ─▶ the services named │ the directory, folded │ what residents are given
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from assistant.settings import Town, TownService
from assistant.sheet.asked import services_named
from assistant.texts import Texts
from ui.wording import typeset


def inside(texts: Texts, town: Town, question: str, titles: Iterable[str] = ()) -> str:
    """Return as HTML whom to ask in the house: the services that the question names, else those
    that one of the titles does."""
    named = next(filter(None, (services_named(town, one) for one in (question, *titles))), [])
    if named:
        return "".join(_lines(_of_service(service)) for service in named)
    who = f"<p>{typeset(texts('ui', 'inside_none'))}</p>"
    if town.services:
        all_of_them = "".join(_lines(_of_service(service)) for service in town.services)
        directory = typeset(texts("ui", "directory"))
        return f"{who}<details><summary>{directory}</summary>{all_of_them}</details>"
    outside = [escape(town.name), escape(town.address), escape(town.hours),
               _phone(town.phone), _email(town.email)]  # fmt: skip
    if not any(outside):
        return who
    return f"{who}<p>{typeset(texts('ui', 'for_residents'))}</p>{_lines(outside)}"


def _of_service(service: TownService) -> list[str]:
    return [f"<strong>{escape(service.name)}</strong>", _phone(service.phone),
            _email(service.email), escape(service.address), escape(service.hours)]  # fmt: skip


def _lines(lines: Iterable[str]) -> str:
    return f'<p class="contact">{"<br>".join(filter(None, lines))}</p>'


def _phone(phone: str) -> str:
    number = quote("".join(c for c in phone if c.isdigit() or c == "+"))
    return f'<a href="tel:{number}">{escape(phone)}</a>' if phone else ""


def _email(email: str) -> str:
    return f'<a href="mailto:{quote(email, safe="@")}">{escape(email)}</a>' if email else ""
