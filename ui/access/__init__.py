# SPDX-License-Identifier: EUPL-1.2
"""Who may enter, and where: accounts, sessions, and the gate in front of every route.

door ─▶ Gate ─who?▶ Entrance ─▶ Seen(person, session) ─▶ routes.py: may they? ─▶ the screens
                      │
                      ├─ Demo      nobody has an account: an agent, on this machine only
                      └─ Desk      accounts, sessions, links, a proxy, an identity provider
"""

from __future__ import annotations

from ui.access.desk import Desk, open_access
from ui.access.entrance import Demo, Entrance
from ui.access.gatehouse import Gatehouse

__all__ = ["Demo", "Desk", "Entrance", "Gatehouse", "open_access"]
