# SPDX-License-Identifier: EUPL-1.2
"""Reading the register on the page: the list, page by page, and one entry whole.

    browse, older, newer ─▶ READING entry ─▶ Screen… (while it searches) ─▶ Screen
    open                 ─▶ READING entry ─▶ Screen
    rate                 ─▶ the guard ─▶ REVIEW entry ─▶ Screen

What is shown was entered first; if it cannot be entered, it is not shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from guardrails.errors import RecordInvalid
from guardrails.register import Kind
from guardrails.register.pages import Look, enter_look, look_back
from guardrails.register.ratings import Rating, enter_ratings, to_rate
from ui.access.person import Person
from ui.auditor.asked import Form, note_of, number_of, rated_of, selection_of
from ui.auditor.desk import Desk, Screen, Tone
from ui.auditor.exchange import Opened
from ui.auditor.folder import Folder
from ui.auditor.lines import Lines, lines_of, seen_in
from ui.auditor.services import AuditorServices
from ui.auditor.words import Words

PAGE_LINES = 25
SEARCH_SECONDS = 15.0  # then what was found is shown, and one may go on
MAX_INDEX = 10**12 - 1


class Reader:
    """Shows lists and entries to one person at a time; holds nothing of them."""

    def __init__(
        self,
        services: AuditorServices,
        words: Words,
        *,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._register = services.register
        self._screen_note = services.screen
        self._words = words
        self._lines = Lines(words)
        self._opened = Opened(words, services.path)
        self._ticks = ticks

    # -- the list

    def browse(self, form: Form, desk: Desk, person: Person) -> Iterator[Screen]:
        """Show the newest entries that a filter asks for."""
        selection = selection_of(form, self._words.zone)
        start = self._register.size()
        yield from self._page(replace(desk, selection=selection, starts=(start,)), person)

    def older(self, _: Form, desk: Desk, person: Person) -> Iterator[Screen]:
        """Show the entries before those shown."""
        if desk.further > 0:
            yield from self._page(replace(desk, starts=(*desk.starts, desk.further)), person)

    def newer(self, _: Form, desk: Desk, person: Person) -> Iterator[Screen]:
        """Go back to the page before."""
        if len(desk.starts) > 1:
            yield from self._page(replace(desk, starts=desk.starts[:-1]), person)

    def _page(self, desk: Desk, person: Person) -> Iterator[Screen]:
        say, before = self._words, desk.starts[-1]
        by, role = self._register.pseudonym(person.name), person.role.value
        yield Screen(status=say("searching"), tone=Tone.BUSY)
        entered = enter_look(
            self._register, "list", desk.selection, by=by, role=role, before=before
        )
        until = self._ticks() + SEARCH_SECONDS
        look = Look(entries=(), reached=before, more=before > 0)
        for look in look_back(self._register, desk.selection, before=before, count=PAGE_LINES):
            if self._ticks() > until:
                break
            looked = say.whole(before - look.reached)
            yield Screen(status=say("searching_far", looked=looked), tone=Tone.BUSY)
        desk = replace(
            desk,
            further=look.reached if look.more else 0,
            listed=tuple(entry.index for entry in look.entries),
        )
        told = say.counted("found", len(look.entries), entered=say.whole(entered))
        yield Screen(status=told, listing=self._listing(desk, look, person), desk=desk)

    def _listing(self, desk: Desk, look: Look, person: Person) -> str:
        say = self._words
        lines = lines_of(look.entries, seen_in(self._register, person.name))
        pager = ""
        if len(desk.starts) > 1:
            pager += f'<button type="button" data-act="newer">{say("newer")}</button>'
        if desk.further:
            is_full = len(lines) == PAGE_LINES
            words = say("older" if is_full else "go_on", reached=say.whole(desk.further))
            pager += f'<button type="button" data-act="older">{words}</button>'
        pager = f'<p class="buttons pager">{pager}</p>' if pager else ""
        if not lines:
            words = say("search_paused" if desk.further else "none_found")
            return f'<p class="nothing" tabindex="-1" data-focus>{words}</p>{pager}'
        caption = say(
            "list_caption",
            first=say.whole(lines[0].index),
            last=say.whole(lines[-1].index),
            size=say.whole(desk.starts[0]),
        )
        is_all_questions = desk.selection.kinds == (Kind.INTENT,)
        return self._lines.table(lines, caption, is_all_questions=is_all_questions) + pager

    # -- one entry

    def open(self, form: Form, desk: Desk, person: Person) -> Iterator[Screen]:
        """Show an entry whole; one that belongs to a question shows the question."""
        size = self._register.size()
        index = number_of(form, "index", 0, min(size - 1, MAX_INDEX), "bad_index")
        view = "echantillon" if form.get("view") == "echantillon" else "registre"
        desk = replace(desk, opened=index, view=view)
        yield Screen(status=self._words("opening"), tone=Tone.BUSY)
        page = self._whole(index, desk, person)
        status = self._words("opened", index=self._words.whole(index))
        yield Screen(status=status, entry=page, desk=desk)

    def rate(self, form: Form, desk: Desk, person: Person) -> Iterator[Screen]:
        """Enter what an auditor finds of the question that is open, sentence by sentence; the note
        is screened first."""
        register, note = self._register, note_of(form)
        if desk.opened < 0:
            raise RecordInvalid("no entry is open")
        row, _ = register.row(desk.opened)
        rated = rated_of(form, to_rate(register.unrecorded_exchange(row.exchange)))
        yield Screen(status=self._words("screening"), tone=Tone.BUSY)
        rating = Rating(
            exchange=row.exchange,
            rated=rated,
            comment=self._screen_note(note),
            is_dangerous="dangerous" in form,
            sample=desk.drawing(row.exchange),
        )
        [place] = enter_ratings(register, [rating], user=person.name, role=person.role.value)
        status = self._words("marked", place=self._words.whole(place.index))
        yield Screen(status=status, entry=self._whole(desk.opened, desk, person), desk=desk)

    def _whole(self, index: int, desk: Desk, person: Person) -> str:
        register = self._register
        by, role = register.pseudonym(person.name), person.role.value
        row, _ = register.row(index)
        if row.exchange:
            entries = register.exchange(row.exchange, by=by, role=role)
            folder = Folder.of(entries, register.keyring.pseudonyms(person.name))
            drawn = desk.drawing(row.exchange)
            page = (
                self._opened.question(folder, drawn.sealed if drawn else None)
                if folder.intent
                else self._opened.other(next(entry for entry in entries if entry.index == index))
            )
        else:
            page = self._opened.other(register.entry(index, by=by, role=role))
        return f'<article class="entry" data-show="entree">{self._around(desk)}{page}</article>'

    def _around(self, desk: Desk) -> str:
        """Return the way back, and the steps to the entries beside."""
        say = self._words
        back = f'<a href="#{desk.view}">{say(f"back_{desk.view}")}</a>'
        if desk.opened not in desk.row:
            return f'<nav class="around" aria-label="{say("around")}">{back}</nav>'
        place = desk.row.index(desk.opened)
        steps = ""
        for key, to in (("previous", place - 1), ("next", place + 1)):
            if 0 <= to < len(desk.row):
                steps += (
                    f'<button type="button" data-act="open" data-view="{desk.view}" '
                    f'data-index="{desk.row[to]}">{say(key)}</button>'
                )
        where = say("place", place=place + 1, count=len(desk.row))
        return (
            f'<nav class="around" aria-label="{say("around")}">{back}'
            f'<span class="quiet">{where}</span><span class="buttons">{steps}</span></nav>'
        )
