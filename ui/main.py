# SPDX-License-Identifier: EUPL-1.2
"""The program `greffier`: the assistant's commands, and those that need the screens."""

from __future__ import annotations

import sys

from assistant.cli import COMMANDS, run

COMMANDS |= {
    "demo": "ui.commands:demo",
    "key": "ui.api.commands:key",
    "mcp": "ui.mcp.commands:mcp",
    "serve": "ui.commands:serve",
    "user": "ui.access.commands:user",
}


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(sys.argv[1:]))
