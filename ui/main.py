# SPDX-License-Identifier: EUPL-1.2
"""The program `greffier`: the assistant's commands, and those that open the screens."""

from __future__ import annotations

import sys

from assistant.cli import COMMANDS, run

COMMANDS |= {"demo": "ui.commands:demo", "serve": "ui.commands:serve"}


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(sys.argv[1:]))
