# SPDX-License-Identifier: EUPL-1.2
"""How far a piece of work is, in HTML; the page's script asks again while it lasts."""

from __future__ import annotations

from ui.admin.desk import Desk
from ui.admin.html import Markup, link, text
from ui.admin.jobs import Job

PULLING = "pulling"
"""The work that fetches a model."""

MEGABYTE = 1_000_000


def how_far(desk: Desk, job: Job) -> str:
    """Return how far a job is, in words; what is fetched is counted in megabytes."""
    if not job.total:
        return desk.say.plain("job.begun")
    if job.kind == PULLING:
        done, total = job.done // MEGABYTE, job.total // MEGABYTE
        return desk.say.plain("job.pulling", done=done, total=total)
    at = min(job.done + 1, job.total)  # the one that is being worked on
    return desk.say.plain("job.running", at=at, total=job.total)


def progress(desk: Desk, job: Job | None, here: str) -> Markup:
    """Return how far a job is, or why it failed; nothing once it has gone well."""
    if job is None:
        return Markup("")
    if not job.is_over:
        bar = f' value="{job.done}" max="{job.total}"' if job.total else ""
        return Markup(
            f'<section class="job" data-job><p role="status">{text(how_far(desk, job))}</p>'
            f'<progress aria-label="{desk.say("job.bar")}"{bar}></progress>'
            f"<p>{link(here, desk.say.plain('job.look_again'))}</p></section>"
        )
    if job.error is not None:
        return Markup(f'<section class="bad"><p>{text(desk.why(job.error))}</p></section>')
    return Markup("")
