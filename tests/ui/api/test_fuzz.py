# SPDX-License-Identifier: EUPL-1.2
"""What nobody would think to send, made from the API's own description: each address answers in
its own shapes, never fails on its side, and never gives back what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import schemathesis
from fastapi.openapi.utils import get_openapi
from hypothesis import HealthCheck, Phase
from hypothesis import settings as generated
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from assistant.settings import Settings
from assistant.texts import Texts
from tests.ui.api.conftest import House, open_house
from tests.ui.town import ScriptedAssistant, answering, no_town
from ui.access.person import Role
from ui.api import ApiServices, Figures, api_router
from ui.api.routes import TITLE, VERSION

pytestmark = pytest.mark.real
EXAMPLES = 30
CANARY = "quokka-7731"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with ExitStack() as closing:
        yield open_house(tmp_path_factory.mktemp("fuzzed"), closing)


def described() -> dict[str, Any]:
    """What `/api/openapi.json` serves, made without a server: tests are counted before one runs."""
    services = ApiServices(
        assistant=ScriptedAssistant(answering),
        texts=Texts("fr"),
        store=no_town(),
        settings=Settings(),
        figures=Figures(),
    )
    return get_openapi(title=TITLE, version=VERSION, routes=api_router(services).routes)


schema = schemathesis.openapi.from_dict(described())


def test_it_is_what_is_served(town: House) -> None:
    assert town.program(Role.ADMIN).get("/api/openapi.json").json() == described()


def key(town: House, path: str) -> str:
    return town.keys[Role.AUDITOR if path.startswith("/api/register") else Role.AGENT]


@schema.parametrize()
@generated(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_is_answered_in_shape(case: Any, town: House) -> None:
    secret = town.keys[Role.ADMIN] if case.path == "/metrics" else key(town, case.path)
    answer = case.call(base_url=town.url, headers={"authorization": f"Bearer {secret}"})
    case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])
    is_described = case.method == case.operation.method.upper()  # other methods are tried as well
    if answer.status_code >= 400 and is_described:
        error = answer.json()["error"]
        assert error["code"] and error["message"]


@pytest.mark.parametrize("path", ["/api/ask", "/api/search", "/api/screen", "/v1/chat/completions"])
@pytest.mark.parametrize(
    "body",
    [
        f'{{"question": "{CANARY}", "{CANARY}": 1}}',
        f'{{"question": {{"{CANARY}": []}}}}',
        f'["{CANARY}"]',
        f'"{CANARY}',
        "\ud800".encode("utf-8", "surrogatepass"),
        b"\xff\xfe" + CANARY.encode("utf-16-le"),
        "[" * 100_000,
        f'{{"question": "{CANARY}", "since": "{CANARY}"}}',
        '{"question": "\\u0000\\ud800", "limit": 1e400}',
    ],
    ids=["extra", "nested", "list", "cut", "surrogate", "utf-16", "deep", "date", "infinite"],
)
def test_what_is_refused_is_not_given_back(town: House, path: str, body: str | bytes) -> None:
    content = body.encode() if isinstance(body, str) else body
    answer = town.program().post(
        path, content=content, headers={"content-type": "application/json"}
    )
    assert 400 <= answer.status_code < 500, answer.text
    assert CANARY not in answer.text
