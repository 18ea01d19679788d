# SPDX-License-Identifier: EUPL-1.2
"""What agents' tools ask over the Model Context Protocol: `search` and `ask`, as programs do.

    tools.py ─▶ server.py ─┬─ commands.py   greffier mcp, on stdin and stdout
                           └─ http.py       /mcp under greffier serve, behind the gate, by key

The only import of `mcp`. It dials nobody: here it only answers.
"""

from __future__ import annotations

from ui.mcp.http import McpAddress

__all__ = ["McpAddress"]
