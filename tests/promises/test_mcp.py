# SPDX-License-Identifier: EUPL-1.2
"""`greffier mcp` as an agent's program starts it: the real models, the protocol's own client, and
a namespace without routes where one can be made."""

from __future__ import annotations

from pathlib import Path

import pytest
from mcp import StdioServerParameters, types
from mcp.client import Client
from mcp.client.stdio import stdio_client

from tests.loops import run_apart
from tests.promises.machine import PROGRAM, ROOT, Done, Machine
from tests.promises.test_no_network import QUESTION, SOURCE, can, shell

pytestmark = pytest.mark.real


def started(machine: Machine, *arguments: str) -> StdioServerParameters:
    command = [*PROGRAM, "mcp", *arguments]
    if can(*shell("true")):
        command = shell(*command)
    return StdioServerParameters(
        command=command[0],
        args=command[1:],
        env={**machine.environment, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    )


def test_an_agent_s_program_finds_asks_and_everything_is_sealed(
    machine: Machine, added: Done, tmp_path: Path
) -> None:
    sealed = {kind: machine.register_rows(kind) for kind in ("intent", "outcome")}

    async def used() -> tuple[types.CallToolResult, types.CallToolResult]:
        with (tmp_path / "stderr").open("w", encoding="utf-8") as errors:
            async with Client(stdio_client(started(machine), errors), mode="auto") as client:
                return (
                    await client.call_tool("search", {"question": QUESTION}),
                    await client.call_tool("ask", {"question": QUESTION}),
                )

    found, answered = run_apart(used())
    assert found.structured_content is not None and answered.structured_content is not None
    assert SOURCE in {passage["file"] for passage in found.structured_content["passages"]}
    assert answered.structured_content["status"] == "answer"
    assert answered.structured_content["citations"][0]["file"] == SOURCE
    assert machine("register", "verify").code == 0
    for kind, before in sealed.items():
        assert machine.register_rows(kind) == before + 1
    (said,) = answered.content
    assert isinstance(said, types.TextContent)
    assert QUESTION not in (tmp_path / "stderr").read_text("utf-8")


def test_another_collection_is_not_seen(machine: Machine, added: Done) -> None:
    async def used() -> types.CallToolResult:
        command = started(machine, "--collection", "archives")
        async with Client(stdio_client(command), mode="legacy") as client:
            return await client.call_tool("search", {"question": QUESTION})

    assert run_apart(used()).structured_content == {"passages": []}
