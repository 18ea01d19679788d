# SPDX-License-Identifier: EUPL-1.2
"""The page for programs: its examples are asked as they stand, its codes and addresses are all."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.ui.api.conftest import House
from tests.ui.town import ScriptedAssistant, answering
from ui.access.person import Role
from ui.api.figures import Figures
from ui.api.models import Outcome
from ui.door import REFUSALS

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
TEXT = PAGE.read_text("utf-8")
SHOWN: list[dict[str, Any]] = [
    json.loads(block)
    for block in re.findall(r"^```json\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
]
REPLIES = [shown for shown in SHOWN if "status" in shown]
ASKED = [shown for shown in SHOWN if "status" not in shown]


def address_of(asked: dict[str, Any]) -> str:
    if "messages" in asked:
        return "/v1/chat/completions"
    if "text" in asked:
        return "/api/screen"
    return "/api/search" if "limit" in asked else "/api/ask"


def test_each_kind_of_request_has_an_example() -> None:
    assert {address_of(asked) for asked in ASKED} == {
        "/v1/chat/completions", "/api/screen", "/api/search", "/api/ask",
    }  # fmt: skip


@pytest.mark.parametrize("asked", ASKED, ids=address_of)
def test_an_example_is_taken_as_it_stands(house: House, asked: dict[str, Any]) -> None:
    answer = house.program().post(address_of(asked), json=asked)
    assert answer.status_code == 200, answer.text


def test_the_reply_has_the_shape_that_is_given(house: House) -> None:
    (shown,) = REPLIES
    Outcome.model_validate(shown)
    given = house.program().post("/api/ask", json={"question": shown["question"]}).json()
    assert list(given) == list(shown)
    assert list(given["citations"][0]) == list(shown["citations"][0])


def test_the_client_s_example_asks_for_what_exists() -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    compile(code, "docs/api.md", "exec")
    assert 'model="greffier"' in code


def test_the_addresses_are_all_there(house: House) -> None:
    described = house.program(Role.ADMIN).get("/api/openapi.json").json()["paths"]
    for path in described:
        assert path in TEXT or f"…/{path.rpartition('/')[2]}" in TEXT, path


def test_each_code_is_told_and_exists() -> None:
    root = PAGE.parents[1]
    sources = [*(root / "ui" / "api").glob("*.py"), root / "ui" / "access" / "programs.py"]
    source = "".join(path.read_text("utf-8") for path in sources)
    given = {*re.findall(r'Wrong\(\s*\d{3}, "(\w+)"', source), *REFUSALS.values()}
    given |= {*re.findall(r'_no\(\d{3}, "(\w+)"\)', source), *re.findall(r'429, "(\w+)"', source)}
    table = TEXT.partition("| status | code |")[2].partition("\n\n")[0]
    rows = [row.split("|") for row in table.splitlines() if row.startswith("| ")]
    told = {code for row in rows for code in re.findall(r"`(\w+)`", row[2])}
    keyed = {"empty_question", "long_question", "queue_full", "bad_json"}  # carried by the error
    assert given | keyed == told


def test_each_figure_is_told() -> None:
    figures = Figures()
    list(figures.watched(ScriptedAssistant(answering)).steps("?"))
    gauges = {"documents": (0, ""), "passages": (0, "")}
    names = set(re.findall(r"^# TYPE (\w+)", figures.text(gauges), re.MULTILINE))
    assert names == set(re.findall(r"`(greffier_[a-z_]+)", TEXT))
