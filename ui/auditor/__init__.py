# SPDX-License-Identifier: EUPL-1.2
"""The auditor's pages: the register read, sampled, counted and taken away, each reading entered.

    layout.py   Gradio: where things stand      routes.py    style, exports
       └─▶ acts.py ─▶ reading.py, drawing.py    desk.py      what is in front of an auditor
                         │                      asked.py     what comes from a form
                         └─▶ lines.py, exchange.py ─▶ told.py, figures.py ─▶ report.py, plots.py

No module but layout.py knows Gradio; none writes but through the register.
"""

from __future__ import annotations

from ui.auditor.layout import build
from ui.auditor.routes import export_router
from ui.auditor.services import AuditorServices

__all__ = ["AuditorServices", "build", "export_router"]
