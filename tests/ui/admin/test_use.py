# SPDX-License-Identifier: EUPL-1.2
"""The page of figures: from the register alone, entered as a reading, without a person."""

from __future__ import annotations

import re

from guardrails.register.records import AuditRecord, JsonValue, Kind
from tests.ui.admin.house import Browser, House, words


def ask(house: House, outcome: dict[str, JsonValue], role: str = "agent") -> None:
    register = house.parts.register
    exchange = register.new_exchange()
    passages: list[JsonValue] = [{"collection": "default"}]
    for kind, payload in ((Kind.INTENT, {"question": "x", "passages": passages}),
                          (Kind.OUTCOME, outcome)):  # fmt: skip
        register.append(
            AuditRecord(kind=kind, exchange=exchange, actor="p-1", role=role, payload=payload)
        )


def test_what_was_asked_is_told_by_week_and_theme(house: House, browser: Browser) -> None:
    assert "Aucune question depuis 12 semaines" in words(browser.get("/admin/use"))
    for _ in range(6):
        ask(house, {"status": "answer"})
        ask(house, {"status": "refusal", "reason": "not_answered", "leads": [{"score": 0.5}]})
        ask(house, {"status": "answer"}, role="evaluation")
    for _ in range(2):
        ask(house, {"status": "refusal", "reason": "not_answered"})
    page = browser.get("/admin/use")
    rows = re.findall(r"<tr><th scope=\"row\">([^<]+)</th>(.*?)</tr>", page)
    cells = {name: re.findall(r"<td[^>]*>([^<]*)</td>", rest) for name, rest in rows}
    (week,) = [name for name in cells if "/" in name]
    # two were refused without a lead: not told, nor the number that would give it away
    assert cells[week] == cells["À classer"] == ["14", "–", "6", "–", "0"]
    assert "p-1" not in page
    readings = [p for p in house.entries("reading") if p.get("purpose") == "use"]
    assert len(readings) == 2
