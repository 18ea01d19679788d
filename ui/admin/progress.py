# SPDX-License-Identifier: EUPL-1.2
"""How far a piece of work is, in HTML; the page's script asks again while it lasts."""

from __future__ import annotations

from ui.admin.desk import Desk
from ui.admin.html import Markup, link, text
from ui.admin.jobs import Job


def progress(desk: Desk, job: Job | None, here: str) -> Markup:
    """Return how far a job is, or why it failed; nothing once it has gone well."""
    if job is None:
        return Markup("")
    if not job.is_over:
        words = desk.say.plain("job.running", done=job.done, total=job.total or "…")
        bar = f' value="{job.done}" max="{job.total}"' if job.total else ""
        return Markup(
            f'<section class="job" data-job><p role="status">{text(words)}</p>'
            f'<progress aria-label="{desk.say("job.bar")}"{bar}></progress>'
            f"<p>{link(here, desk.say.plain('job.look_again'))}</p></section>"
        )
    if job.error is not None:
        return Markup(f'<section class="bad"><p>{text(desk.why(job.error))}</p></section>')
    return Markup("")
