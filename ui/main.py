# SPDX-License-Identifier: EUPL-1.2
"""The program `greffier`: the assistant's commands, and those that need the screens."""

from __future__ import annotations

import logging
import sys
from types import TracebackType

from assistant.cli import COMMANDS, run

COMMANDS |= {
    "demo": "ui.commands:demo",
    "key": "ui.api.commands:key",
    "mcp": "ui.mcp.commands:mcp",
    "papers": "ui.papers.commands:papers",
    "serve": "ui.commands:serve",
    "user": "ui.access.commands:user",
}


def main() -> None:
    """Run the command line and exit with its code."""
    sys.excepthook = _unforeseen
    sys.exit(run(sys.argv[1:]))


def _unforeseen(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Say what ended the program, screened: its traceback may quote what was being read, and the
    journal of a service keeps it."""
    from assistant.wiring import hang_last_net

    net = hang_last_net()
    logging.getLogger(__name__).critical("nobody caught this", exc_info=(kind, error, trace))
    net.remove()
