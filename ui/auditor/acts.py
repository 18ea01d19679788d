# SPDX-License-Identifier: EUPL-1.2
"""What an auditor can do, by the names that the page knows; whatever fails ends in a sentence.

act(name, form, desk, person) ─▶ Screen, Screen…

browse older newer open rate     reading.py         draw redraw     drawing.py
verify count prepare             here
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from html import escape

from guardrails.errors import (
    DetectorFailed,
    GuardrailError,
    RecordInvalid,
    RegisterTampered,
    TextTooLong,
)
from guardrails.register import Entry, Kind, Selection, Verdict
from guardrails.register.events import AccountChange
from guardrails.register.notes import NoteMalformed, read_note
from guardrails.register.pages import enter_look, look_back
from guardrails.register.register import NOT_DONE
from ui.access.person import Person, Role
from ui.auditor.asked import ALL, BadForm, Form, export_of, notes_of, selection_of
from ui.auditor.desk import Desk, Screen, Tone
from ui.auditor.drawing import Drawer
from ui.auditor.figures import figures, lean
from ui.auditor.reading import Reader
from ui.auditor.report import Report
from ui.auditor.services import AuditorServices
from ui.auditor.words import Words

NEWCOMER_DAYS = 90
NEWCOMER_SECONDS = 2.0
MAX_SETTINGS, MAX_NEWCOMERS = 2_000, 20
NOT_MAKING = {AccountChange.DISABLED, AccountChange.EVERYWHERE, AccountChange.KEY_REVOKED}
"""What gives nobody an auditor's account, nor a way into one; whatever else becomes of one does."""

TOLD_EVERY = 5_000  # entries counted between two status lines
Act = Callable[[Form, Desk, Person], Iterator[Screen]]


class Acts:
    """The acts of the auditor's page."""

    def __init__(
        self,
        services: AuditorServices,
        words: Words,
        *,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._ticks = ticks
        self._register = services.register
        self._words = words
        self._report = Report(words)
        reader, self._drawer = Reader(services, words), Drawer(services, words)
        self._known: Mapping[str, Act] = {
            "browse": reader.browse, "older": reader.older, "newer": reader.newer,
            "open": reader.open, "rate": reader.rate,
            "draw": self._drawer.draw, "redraw": self._drawer.redraw,
            "verify": self._verify, "count": self._count, "prepare": self._prepare,
        }  # fmt: skip

    def __call__(self, form: Form, desk: Desk, person: Person) -> Iterator[Screen]:
        """Do what the form's `act` names, and yield what changes on the page."""
        act = self._known.get(form.get("act", ""))
        if act is None:
            return
        try:
            for screen in act(form, desk, person):
                yield screen
            if act == self._known["rate"] and (drawn := self._drawer.again(desk, person)):
                yield Screen(status=screen.status, drawn=drawn)
        except (BadForm, GuardrailError, OSError) as error:
            yield Screen(status=self._explained(error), tone=Tone.PROBLEM)

    def state(self) -> str:
        """Return how the register stands, as far as this service knows, as HTML."""
        return self._checked() + self._witnessed()

    def newcomers(self, person: Person) -> str:
        """Return who was made an auditor lately, as HTML: no administrator makes one unseen. It is
        read in the register, and entered as a reading; nothing is said where there is nobody."""
        by, role = self._register.pseudonym(person.name), person.role.value
        since = self._register.now() - timedelta(days=NEWCOMER_DAYS)
        wanted = Selection(since=since, kinds=(Kind.SETTINGS,))
        before = enter_look(self._register, "newcomers", wanted, by=by, role=role)
        end = self._ticks() + NEWCOMER_SECONDS
        found, is_cut = tuple[Entry, ...](), False
        for look in look_back(self._register, wanted, before=before, count=MAX_SETTINGS):
            found, is_cut = look.entries, look.more
            if self._ticks() > end:
                break
        made = list(_ways_in(found))
        if not (made or is_cut):
            return ""
        say = self._words
        # Many changes would push a way in out of what is read: that is told as well.
        cut = f"<p><strong>{say('newcomers_cut')}</strong></p>" if is_cut else ""
        items = "".join(
            f"<li>{say.moment(entry.at)} : {say.name('outcome', _change(entry))}, "
            f"{say('newcomer')} "
            f"<code>{escape(str(entry.payload.get('account')))}</code>, {say('newcomer_by')} "
            f"<code>{escape(entry.actor)}</code> ({say('entry_number', index=entry.index)})</li>"
            for entry in made[:MAX_NEWCOMERS]
        )
        told = say.counted("newcomers", len(made), days=NEWCOMER_DAYS) if made else ""
        listed = f"<p><strong>{told}</strong></p><ul>{items}</ul>" if made else ""
        return (
            f'<div class="check" data-holds="unknown">{listed}{cut}'
            f'<p class="quiet">{say("newcomers_note")}</p></div>'
        )

    # -- verification: reads no content, and is not entered

    def _verify(self, form: Form, _: Desk, __: Person) -> Iterator[Screen]:
        yield Screen(status=self._words("verifying"), tone=Tone.BUSY)
        notes = notes_of(form)
        keys = [key] if (key := form.get("key", "")) else []
        verdict = self._register.verify(notes=notes, keys=keys)
        last = self._services.last_check
        last.verdict, last.at = verdict, self._register.now()
        tone = Tone.DONE if verdict.holds else Tone.PROBLEM
        told = "verified_holds" if verdict.holds else "verified_fails"
        yield Screen(status=self._words(told), tone=tone, check=self.state())

    def _checked(self) -> str:
        say, last = self._words, self._services.last_check
        if last.verdict is None or last.at is None:
            words = say("unchecked", size=say.whole(self._register.size()))
            return f'<div class="check" data-holds="unknown"><p>{words}</p></div>'
        holds = "yes" if last.verdict.holds else "no"
        asides = "".join(f"<li>{escape(a)}</li>" for a in last.verdict.asides(say.language))
        more = f"<ul>{asides}</ul>" if asides else ""
        return (
            f'<div class="check" data-holds="{holds}"><p><strong>{self._sentence(last.verdict)}'
            f'</strong></p>{more}<p class="quiet">{say("checked_at")} {say.moment(last.at)}. '
            f"{say('checked_here')}</p></div>"
        )

    def _witnessed(self) -> str:
        """Return what the witnesses saw last, and what is wrong with one; nothing without any."""
        say, states = self._words, self._register.witnesses.states(self._register)
        if not states:
            return ""
        seen = [state for state in states if state.size]
        last = max((state.size for state in seen), default=0)
        saw = [state for state in seen if state.size == last]
        told = say("witnesses_none")
        if saw:
            at = say.moment(datetime.fromtimestamp(max(state.at for state in saw), tz=UTC))
            size = say("witnesses_size", size=say.whole(last))
            told = f"{say.counted('witnesses_saw', len(saw))} {at}, {size}"
        items = "".join(
            f"<li><code>{escape(state.name)}</code> : "
            f"{say(f'witness_{state.trouble.value}', known=say.whole(state.known))}</li>"
            for state in states
            if state.trouble is not None
        )
        wrong = f"<ul>{items}</ul>" if items else ""
        holds = "unknown" if items or not saw else "yes"
        return (
            f'<div class="check" data-holds="{holds}"><p><strong>{told}</strong></p>{wrong}'
            f'<p class="quiet">{say("witnesses_note")}</p></div>'
        )

    def _sentence(self, verdict: Verdict) -> str:
        return escape(verdict.sentence(self._words.language))

    # -- figures, and what is taken away

    def _count(self, form: Form, _: Desk, person: Person) -> Iterator[Screen]:
        # a kind would leave out what figures are made of: outcomes, incidents, reviews
        selection = selection_of({**form, "kind": ALL}, self._words.zone)
        by, role = self._register.pseudonym(person.name), person.role.value
        yield Screen(status=self._words("counting"), tone=Tone.BUSY)
        stop = enter_look(self._register, "statistics", selection, by=by, role=role)
        kept: list[Entry] = []
        for entry in self._register.unrecorded_entries(selection, stop=stop):
            kept.append(lean(entry))
            if len(kept) % TOLD_EVERY == 0:
                far = self._words("searching_far", looked=self._words.whole(len(kept)))
                yield Screen(status=far, tone=Tone.BUSY)
        status = self._words("counted", entered=self._words.whole(stop))
        yield Screen(status=status, report=self._report(figures(kept, self._words.zone)))

    def _prepare(self, form: Form, _: Desk, person: Person) -> Iterator[Screen]:
        say, services = self._words, self._services
        chosen = export_of(form)
        selection = selection_of(form, say.zone)
        sizes = tuple(self._sizes(form)) if chosen == "bundle" else ()
        ticket = services.tickets.give(person.name, selection, chosen, sizes)
        key = escape(str(self._register.key_chain()[0]))
        proved = f"<br>{say('bundle_key')} <code>{key}</code>" if chosen == "bundle" else ""
        link = (
            f'<p class="nothing taken" tabindex="-1" data-focus><a class="download" download '
            f'href="{services.path}/export/{ticket}">{say("download")} – '
            f"{say(f'form_{chosen}')}</a><br>{say('download_note')}{proved}</p>"
        )
        yield Screen(status=say("prepared"), taken=link)

    def _sizes(self, form: Form) -> Iterator[int]:
        """Yield the size of the checkpoint that a bundle is to go on from, if one was given."""
        for note in notes_of(form):
            size = read_note(note).checkpoint.size
            if not 0 < size <= self._register.size():
                raise BadForm("bad_checkpoint")
            yield size

    # -- what went wrong

    def _explained(self, error: Exception) -> str:
        """Return what went wrong and what to do, without a word of what was typed."""
        match error:
            case BadForm(key=key):
                return self._words(key)
            case NoteMalformed():
                return self._words("bad_checkpoint")
            case RecordInvalid():
                return self._words("error_invalid")
            case RegisterTampered():
                return self._words("error_tampered")
            case DetectorFailed() | TextTooLong():
                return self._words("error_guard")
            case _:
                return self._words("error_register")


def _change(entry: Entry) -> str:
    """Return what an entry says of an account: of one that has no outcome, what was begun."""
    return str(entry.payload.get("change") or entry.payload.get("status"))


def _ways_in(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the entries (the newest first) by which somebody may read the register from then on:
    an auditor's account or key, a link or a password for one. Not a password that an auditor
    chose themselves, and once for each change, though it was killed before its outcome."""
    told = set[str]()
    for entry in entries:
        payload = entry.payload
        if payload.get("account_role") != Role.AUDITOR.value or entry.exchange in told:
            continue
        told |= {entry.exchange} - {""}
        is_own = payload.get("account") == entry.actor and _change(entry) == AccountChange.PASSWORD
        if payload.get("status") != NOT_DONE and _change(entry) not in NOT_MAKING and not is_own:
            yield entry
