# SPDX-License-Identifier: EUPL-1.2
"""The auditor's page in Gradio: where its parts stand. All acts go one way.

form │ button ─auditor.js▶ event `act` {act, fields, filter} ─▶ Acts ─▶ Screen ─▶ the parts
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from ui.access.person import person_of
from ui.auditor.acts import Acts
from ui.auditor.asked import form_of
from ui.auditor.desk import Desk, Screen, Tone
from ui.auditor.forms import Forms
from ui.auditor.services import AuditorServices
from ui.auditor.words import Words
from ui.dress import ASKING_WHY, ended
from ui.sheltered import sheltered

SCRIPT = Path(__file__).with_name("static").joinpath("auditor.js")
AT_ONCE = 4  # readings at the same time, of all auditors
PRIVATE: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
PARTS = ("check", "listing", "drawn", "report", "taken", "entry")


def build(services: AuditorServices) -> gr.Blocks:
    """Return the page; `export_router` serves what it fetches besides."""
    words = Words(services.language, services.zone)
    acts, forms = Acts(services, words), Forms(words)
    script = SCRIPT.read_text("utf-8")
    page: gr.Blocks
    with gr.Blocks(title=words.plain("title"), analytics_enabled=False) as page:
        desk = gr.State(Desk())

        def part(value: str, name: str) -> gr.HTML:
            return gr.HTML(
                value, elem_id=name, elem_classes="part-place", js_on_load=script,
                apply_default_css=False,
            )  # fmt: skip

        part(forms.banner(services.path), "banner")
        newcomers = part("", "newcomers")
        check = part("", "check")
        part(forms.check(), "check-form")
        part(forms.filter(), "filter-place")
        part(forms.views(), "views")
        status = part("", "status")
        part(forms.find(), "find-form")
        listing = part("", "listing")
        part(forms.sample(), "sample-form")
        drawn = part("", "drawn")
        part(forms.statistics(), "statistics-form")
        report = part("", "report")
        part(forms.export(services.path), "export-form")
        taken = part("", "taken")
        entry = part("", "entry")
        shown = [status, check, listing, drawn, report, taken, entry, desk]

        def act(
            kept: Desk, event: gr.EventData, request: gr.Request
        ) -> Iterator[tuple[object, ...]]:
            person = person_of(request)
            for screen in acts(form_of(event._data), kept, person):
                yield _values(screen)

        def lately(request: gr.Request) -> str:
            return acts.newcomers(person_of(request))

        def failed() -> tuple[object, ...]:
            return _values(Screen(status=words("error_system"), tone=Tone.PROBLEM))

        for sender in page.blocks.copy().values():
            if isinstance(sender, gr.HTML):
                event = sender.act(
                    sheltered(act), desk, shown, trigger_mode="once", concurrency_limit=AT_ONCE,
                    concurrency_id="auditor", **PRIVATE,
                )  # fmt: skip
                event.failure(None, None, status, js=ended("auditor"), **PRIVATE)
                event.failure(failed, None, shown, js=ASKING_WHY, **PRIVATE)
        page.load(sheltered(acts.state), None, check, **PRIVATE)
        page.load(sheltered(lately), None, newcomers, **PRIVATE)
    return page


def _values(screen: Screen) -> tuple[object, ...]:
    """Return the values of the page's parts, in the order of `shown`."""
    line = f'<p data-tone="{screen.tone}">{screen.status}</p>'
    parts = [getattr(screen, name) for name in PARTS]
    values = [line, *parts, screen.desk]
    return tuple(gr.skip() if value is None else value for value in values)
