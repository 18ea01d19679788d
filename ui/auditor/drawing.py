# SPDX-License-Identifier: EUPL-1.2
"""A sample on the page: drawn by a seed that is entered first, drawn again by anybody.

draw, redraw ─▶ SAMPLE or READING entry ─▶ Screen
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape

from guardrails.register import Kind
from guardrails.register.sampling import Sample, redraw, sample
from ui.access.person import Person
from ui.auditor.asked import MAX_DRAWN, Form, number_of, seed_of, selection_of
from ui.auditor.desk import Desk, Screen, Tone
from ui.auditor.lines import Line, Lines, line_of
from ui.auditor.services import AuditorServices
from ui.auditor.words import Words


class Drawer:
    """Draws questions for one person at a time."""

    def __init__(self, services: AuditorServices, words: Words) -> None:
        self._register = services.register
        self._words = words
        self._lines = Lines(words)

    def draw(self, form: Form, desk: Desk, person: Person) -> Iterator[Screen]:
        """Draw questions among those that the filter asks for."""
        count = number_of(form, "count", 1, MAX_DRAWN, "bad_count")
        selection = replace(selection_of(form, self._words.zone), kinds=(Kind.INTENT,))
        seed = seed_of(form)
        by, role = self._register.pseudonym(person.name), person.role.value
        yield Screen(status=self._words("drawing"), tone=Tone.BUSY)
        drawn = sample(self._register, count, seed=seed, selection=selection, by=by, role=role)
        yield self._screen(drawn, desk)

    def redraw(self, form: Form, desk: Desk, person: Person) -> Iterator[Screen]:
        """Draw again the sample that an entry tells of."""
        last = self._register.size() - 1
        index = number_of(form, "index", 0, last, "bad_index")
        by, role = self._register.pseudonym(person.name), person.role.value
        yield Screen(status=self._words("drawing"), tone=Tone.BUSY)
        yield self._screen(redraw(self._register, index, by=by, role=role), desk)

    def again(self, desk: Desk) -> str | None:
        """Return the sample on the desk as it now stands, its marks included."""
        return self._page(desk.sample, self._questions(desk.sample)) if desk.sample else None

    def _screen(self, drawn: Sample, desk: Desk) -> Screen:
        say, lines = self._words, self._questions(drawn)
        desk = replace(desk, sample=drawn, drawn=tuple(line.index for line in lines))
        status = say.counted("drawn", len(lines), entered=say.whole(drawn.sealed))
        return Screen(status=status, drawn=self._page(drawn, lines), desk=desk)

    def _questions(self, drawn: Sample) -> list[Line]:
        """Return the lines of the questions; reading them was entered with the draw."""
        lines = []
        for name in drawn.exchanges[:MAX_DRAWN]:
            exchange = self._register.unrecorded_exchange(name)
            lines += [line_of(entry, exchange) for entry in exchange if entry.kind is Kind.INTENT]
        return lines

    def _page(self, drawn: Sample, lines: list[Line]) -> str:
        say = self._words
        facts = (
            ("seed", f"<code>{escape(drawn.seed)}</code>"),
            ("population", say.whole(drawn.population)),
            ("entered", say.whole(drawn.sealed)),
            ("marked", f"{say.whole(sum(line.is_reviewed for line in lines))} / {len(lines)}"),
        )
        told = "".join(
            f"<div><dt>{say(f'sample_{name}')}</dt><dd>{value}</dd></div>" for name, value in facts
        )
        caption = say("sample_caption", seed=drawn.seed)
        table = self._lines.table(lines, caption, is_all_questions=True)
        none = f'<p class="nothing">{say("none_found")}</p>'
        return (
            f'<h3 tabindex="-1" data-focus>{say("sample_title")}</h3><dl class="sums">{told}</dl>'
            f'{table if lines else none}<p class="quiet">{say("sample_again")}</p>'
        )
