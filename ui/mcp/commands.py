# SPDX-License-Identifier: EUPL-1.2
"""`greffier mcp`: the tools of one data folder, for the program that started this one.

Only the protocol is on stdout: what libraries print there goes to stderr while it is served.
"""

from __future__ import annotations

import anyio
import click
from mcp.server import InitializationOptions, Server
from mcp.server.stdio import stdio_server

from assistant.commands.session import Session
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts
from ui.access.person import Person, Role
from ui.agent.services import AgentTools
from ui.api import ApiServices, Figures
from ui.mcp.server import mcp_server

FR = Texts("fr")
ACTOR = "mcp"
"""Who asks, in the register: whoever may start a program on this machine."""


@click.command(help=FR("help", "mcp"))
@click.option("--collection", "collections", multiple=True, help=FR("help", "mcp_collection"))
@click.pass_obj
def mcp(session: Session, collections: tuple[str, ...]) -> None:
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        services = services_of(parts, session.texts)
        try:
            anyio.run(_serve, mcp_server(services, Person(ACTOR, Role.AGENT, collections or None)))
        finally:
            services.relay.close()


def services_of(parts: Parts, texts: Texts) -> ApiServices:
    """Return what the tools need of a data folder."""
    return ApiServices(
        assistant=parts.assistant,
        texts=texts,
        store=parts.store,
        settings=parts.settings,
        figures=Figures(),
        tools=AgentTools(register=parts.register, guard=parts.guard, search=parts.search),
    )


async def _serve(server: Server[dict[str, object]]) -> None:
    options: InitializationOptions = server.create_initialization_options()
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, options)
