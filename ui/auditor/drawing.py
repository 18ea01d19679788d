# SPDX-License-Identifier: EUPL-1.2
"""A sample on the page: drawn by a seed that is entered first, drawn again by anybody.

draw, redraw ─▶ SAMPLE or READING entry ─▶ Screen
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from math import ceil

from guardrails.intervals import half_width
from guardrails.register import Kind
from guardrails.register.sampling import Sample, redraw, sample, second
from ui.access.person import Person
from ui.auditor.asked import MAX_DRAWN, Form, number_of, seed_of, selection_of
from ui.auditor.desk import Desk, Screen, Tone
from ui.auditor.lines import Line, Lines, line_of, opening, seen_in
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
        yield self._screen(drawn, desk, person)

    def redraw(self, form: Form, desk: Desk, person: Person) -> Iterator[Screen]:
        """Draw again the sample that an entry tells of."""
        last = self._register.size() - 1
        index = number_of(form, "index", 0, last, "bad_index")
        by, role = self._register.pseudonym(person.name), person.role.value
        yield Screen(status=self._words("drawing"), tone=Tone.BUSY)
        yield self._screen(redraw(self._register, index, by=by, role=role), desk, person)

    def again(self, desk: Desk, person: Person) -> str | None:
        """Return the sample on the desk as it now stands, its ratings included."""
        return (
            self._page(desk.sample, self._questions(desk.sample, person)) if desk.sample else None
        )

    def _screen(self, drawn: Sample, desk: Desk, person: Person) -> Screen:
        say, lines = self._words, self._questions(drawn, person)
        desk = replace(desk, sample=drawn, drawn=tuple(line.index for line in lines))
        status = say.counted("drawn", len(lines), entered=say.whole(drawn.sealed))
        return Screen(status=status, drawn=self._page(drawn, lines), desk=desk)

    def _questions(self, drawn: Sample, person: Person) -> list[Line]:
        """Return the lines of the questions; reading them was entered with the draw."""
        lines, seen = [], seen_in(self._register, person.name)
        for name in drawn.exchanges[:MAX_DRAWN]:
            exchange = seen(name)
            lines += [line_of(entry, exchange) for entry in exchange if entry.kind is Kind.INTENT]
        return lines

    def _page(self, drawn: Sample, lines: list[Line]) -> str:
        say = self._words
        within = ceil(100 * half_width(drawn.population, len(drawn.exchanges)))
        facts = (
            ("seed", f"<code>{escape(drawn.seed)}</code>"),
            ("population", say.whole(drawn.population)),
            ("entered", say.whole(drawn.sealed)),
            ("within", say("points", points=say.whole(within))),
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
            f"{table if lines else none}{self._second(drawn)}"
            f'<p class="quiet">{say("sample_again")}</p>'
        )

    def _second(self, drawn: Sample) -> str:
        """Return the questions that somebody else rates as well, as buttons that open them."""
        say, names = self._words, second(drawn)[:MAX_DRAWN]
        if not names:
            return ""
        places = [self._register.unrecorded_exchange(name)[0].index for name in names]
        buttons = " ".join(opening(say, place) for place in places)
        return f"<p>{say.counted('sample_second', len(places))} {buttons}</p>"
