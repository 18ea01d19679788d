# SPDX-License-Identifier: EUPL-1.2
"""An agent's own questions of the last thirty days, read where they are: in the register.

    register ─entries under their pseudonyms▶ Asked… ─half an hour apart, or joined▶ Thread…
                                                └─ its other entries ─▶ View, as it was shown

Off until an agent asks for it. No question and no answer is copied: DATA/own.db holds that choice,
which exchanges go together and the hidden name of a thread, under a keyed digest of who it is.
Somebody without an account has no questions that are theirs alone, so sees none; an entry that
is not surely theirs is not shown. Each reading is entered first, as every reading is.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from pathlib import Path

from assistant.answers import Author, Citation, Lead, Reason, Sentence, Via
from assistant.evaluation_kept import asked_by_people
from corpus.french import terms
from corpus.packs import Pack
from corpus.storage import private_database
from guardrails.findings import Screened
from guardrails.register import Entry, Kind, Register, Selection
from guardrails.register.leaves import stamp
from guardrails.register.proof_files import holder_of
from guardrails.register.records import JsonValue
from guardrails.register.selection import outcome_of, text
from ui.access.person import Person
from ui.agent.view import Phase, View, hidden_in

FILE = "own.db"
KEPT = timedelta(days=30)
APART = timedelta(minutes=30)
"""Questions with a longer pause between them are of two threads, unless one was taken up again."""

MAX_NAME_CHARS = 80
PURPOSE = "own"
_PARTS = frozenset({Kind.INTENT, Kind.SENTENCE, Kind.LEAD, Kind.OUTCOME, Kind.FEEDBACK})
_CHOICES = """CREATE TABLE IF NOT EXISTS choices (
    who TEXT PRIMARY KEY, is_on INTEGER NOT NULL, after INTEGER NOT NULL) STRICT"""
_TURNS = """CREATE TABLE IF NOT EXISTS turns (
    record TEXT PRIMARY KEY, who TEXT NOT NULL, thread TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '', day TEXT NOT NULL) STRICT"""
_FORGOTTEN = ""
"""The thread of a question that its owner took out of the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question (hidden) that this person asked, its exchange and when."""

    record: str
    question: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Questions that go together, the oldest first; `name` is hidden text, or empty."""

    turns: tuple[Asked, ...]
    name: str = ""

    @property
    def record(self) -> str:
        """What it is found by: the exchange of its first question."""
        return self.turns[0].record


class OwnQuestions:
    """The questions of each person, for them alone. `erases`: whether what they erase also goes
    from the register, or from their list only."""

    def __init__(
        self,
        register: Register,
        path: Path,
        screen: Callable[[str], Screened],
        *,
        erases: bool = False,
    ) -> None:
        self.erases = erases
        self._register, self._path, self._screen = register, path, screen

    # -- what a person chose

    def is_on(self, person: Person) -> bool:
        """Whether this person asked to see their questions again."""
        return bool(person.name) and self._choice(person)[0]

    def choose(self, person: Person, *, is_on: bool) -> None:
        """Keep a choice; who wants no list any more has no names and no threads left either."""
        if not person.name:
            return
        _, after = self._choice(person)
        with self._open() as database:
            self._set(database, person, is_on, after)
            if not is_on:
                sql = "DELETE FROM turns WHERE who = ? AND thread != ?"
                database.execute(sql, (self._who(person), _FORGOTTEN))

    # -- what they asked

    def threads(self, person: Person) -> list[Thread]:
        """Return this person's threads, the newest first; the reading is entered."""
        if not self.is_on(person):
            return []
        asked = self._asked(person)
        kept = self._kept(person)
        threads = dict[str, list[Asked]]()
        last: Asked | None = None
        current = ""
        for one in asked:
            known = kept[one.record][0] if one.record in kept else None
            if known == _FORGOTTEN:
                continue
            goes_on = last is not None and one.at - last.at < APART
            current = known or (current if goes_on else one.record)
            last = one
            threads.setdefault(current, []).append(one)
        found = [
            Thread(turns=tuple(turns), name=kept.get(thread, ("", ""))[1])
            for thread, turns in threads.items()
        ]
        return sorted(found, key=lambda thread: thread.turns[-1].at, reverse=True)

    def thread(self, person: Person, record: str) -> Thread | None:
        """Return the thread of this person that holds an exchange."""
        return next(
            (t for t in self.threads(person) if any(one.record == record for one in t.turns)), None
        )

    def view(self, person: Person, asked: Asked) -> View:
        """Return what came of a question, as it was shown (for who just read their threads)."""
        return view_of(list(self._own(person, asked.record)))

    def is_judged(self, person: Person, asked: Asked) -> bool:
        """Whether this person said what they thought of the answer."""
        return any(e.kind is Kind.FEEDBACK for e in self._own(person, asked.record))

    def holding(self, person: Person, threads: Sequence[Thread], words: str) -> list[Thread]:
        """Return the threads of which a question, its answer or the name has all these words."""
        wanted = set(terms(words))

        def has_all(thread: Thread) -> bool:
            views = [self.view(person, one) for one in thread.turns]
            said = [v.question for v in views] + [s.text for v in views for s in v.sentences]
            quoted = [c.quote for v in views for c in v.citations]
            return wanted <= set(terms(" ".join((thread.name, *said, *quoted))))

        return [thread for thread in threads if has_all(thread)] if wanted else list(threads)

    # -- what they do with it

    def name(self, person: Person, thread: Thread, words: str) -> None:
        """Name a thread, by hidden words; its questions stay together from now on."""
        name = self._screen(" ".join(words.split())[:MAX_NAME_CHARS]).text
        self._join(person, replace(thread, name=name))

    def take_up(self, person: Person, thread: Thread, view: View) -> None:
        """Join a question that was just asked to a thread."""
        asked = Asked(record=view.record, question=view.question, at=self._register.now())
        self._join(person, replace(thread, turns=(*thread.turns, asked)))

    def forget(self, person: Person, thread: Thread | None = None) -> list[str]:
        """Take a thread, or everything asked until now, out of this person's list; return the
        exchanges. Where the town allows it, what the register holds of them is destroyed too:
        their places and moments stay, and the entry that says so."""
        threads = self.threads(person) if thread is None else [thread]
        records = [one.record for known in threads for one in known.turns]
        if self.erases and records:
            entries = [entry for record in records for entry in self._own(person, record)]
            self._register.erase_entries(
                [entry.index for entry in entries if entry.kind in _PARTS],
                why=PURPOSE,
                by=self._register.pseudonym(person.name),
                role=str(person.role),
            )
        who, (is_on, _) = self._who(person), self._choice(person)
        with self._open() as database:
            if thread is None:
                self._set(database, person, is_on, self._register.size())
                database.execute("DELETE FROM turns WHERE who = ?", (who,))
            else:
                for one in thread.turns:
                    self._put(database, who, one, _FORGOTTEN, "")
        return records

    # -- the register

    def _asked(self, person: Person) -> list[Asked]:
        """Return the questions that are surely this person's, the oldest first."""
        since = self._register.now() - KEPT
        first = bisect_left(
            range(self._register.size()), stamp(since), key=lambda i: self._register.row(i)[0].at
        )  # of a register of a million entries, twenty are looked at and not all of them
        entries = self._register.entries(
            Selection(kinds=(Kind.INTENT,), since=since),
            by=self._register.pseudonym(person.name),
            role=str(person.role),
            purpose=PURPOSE,
            start=max(first, self._choice(person)[1]),
        )
        theirs = holder_of(self._register, list(entries), person.name)
        return [
            Asked(record=entry.exchange, question=text(entry.payload, "question"), at=entry.at)
            for entry in asked_by_people(theirs)
            if text(entry.payload, "question")
        ]

    def _own(self, person: Person, record: str) -> Iterator[Entry]:
        entries = self._register.unrecorded_exchange(record)
        return holder_of(self._register, entries, person.name)

    # -- own.db

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with private_database(self._path, _CHOICES) as database:
            database.execute(_TURNS)
            yield database

    def _who(self, person: Person) -> str:
        return self._register.keyring.digest(f"{PURPOSE}\n{person.name.strip().casefold()}")

    def _choice(self, person: Person) -> tuple[bool, int]:
        if not self._path.exists():
            return False, 0
        with self._open() as database:
            sql = "SELECT is_on, after FROM choices WHERE who = ?"
            row = database.execute(sql, (self._who(person),)).fetchone()
        return (bool(row[0]), int(row[1])) if row else (False, 0)

    def _set(self, database: sqlite3.Connection, person: Person, is_on: bool, after: int) -> None:
        sql = "INSERT OR REPLACE INTO choices (who, is_on, after) VALUES (?, ?, ?)"
        database.execute(sql, (self._who(person), int(is_on), after))

    def _kept(self, person: Person) -> dict[str, tuple[str, str]]:
        """Return the thread and the name that are kept of each exchange; old ones go."""
        # a clock that is ahead for a minute lets nothing go
        late = min(self._register.now(), self._register.believed_now())
        oldest = (late - KEPT).date().isoformat()
        with self._open() as database:
            database.execute("DELETE FROM turns WHERE day < ?", (oldest,))
            sql = "SELECT record, thread, name FROM turns WHERE who = ?"
            rows = database.execute(sql, (self._who(person),)).fetchall()
        names = {thread: name for _, thread, name in rows if name}
        kept = {record: (thread, names.get(thread, "")) for record, thread, _ in rows}
        return {thread: (thread, name) for thread, name in names.items()} | kept

    def _join(self, person: Person, thread: Thread) -> None:
        """Keep that these questions are of one thread; the thread that the first is of counts."""
        who, kept = self._who(person), self._kept(person)
        known = kept.get(thread.record, (thread.record, ""))[0] or thread.record
        with self._open() as database:
            for one in thread.turns:
                self._put(database, who, one, known, thread.name)

    def _put(
        self, database: sqlite3.Connection, who: str, one: Asked, thread: str, name: str
    ) -> None:
        sql = "INSERT OR REPLACE INTO turns (record, who, thread, name, day) VALUES (?, ?, ?, ?, ?)"
        database.execute(sql, (one.record, who, thread, name, one.at.date().isoformat()))


PHASES = {"answer": Phase.ANSWERED, "refusal": Phase.REFUSED}


def view_of(entries: Sequence[Entry]) -> View:
    """Return the screen that the entries of one exchange tell of."""
    payload: Mapping[str, JsonValue] = {}
    view = View(phase=PHASES.get(outcome_of(entries), Phase.STOPPED))
    for entry in entries:
        payload = entry.payload
        match entry.kind:
            case Kind.INTENT:
                question = text(payload, "question")
                view = replace(
                    view, question=question, hidden=hidden_in(question), record=entry.exchange
                )
            case Kind.SENTENCE if view.phase is not Phase.REFUSED:  # a refusal takes it back
                citations = _citations(payload.get("citations"))
                said = Sentence(
                    text=text(payload, "text"),
                    citations=tuple(citation.number for citation in citations),
                    author=Author(text(payload, "author") or Author.MODEL),
                )
                view = replace(
                    view,
                    sentences=(*view.sentences, said),
                    citations=(*view.citations, *citations),
                )
            case Kind.OUTCOME:
                reason = text(payload, "reason")
                view = replace(
                    view,
                    reason=Reason(reason) if reason else None,
                    citations=(*view.citations, *_citations(payload.get("told"))),
                    leads=_leads(payload.get("leads")),
                    via=Via(text(payload, "via") or Via.DOCUMENTS),
                )
            case _:
                pass
    return view


def _citations(value: JsonValue) -> tuple[Citation, ...]:
    return tuple(_citation(one) for one in _mappings(value))


def _citation(one: Mapping[str, JsonValue]) -> Citation:
    number, page, start, end = (_whole(one.get(n)) for n in ("number", "page", "start", "end"))
    return Citation(
        number=number,
        document=text(one, "document"),
        file=text(one, "file"),
        page=page,
        quote=text(one, "quote"),
        start=start,
        end=end,
        pack=_pack(one.get("pack")),
    )


def _pack(value: JsonValue) -> Pack | None:
    if not isinstance(value, Mapping):
        return None
    return Pack(**{each.name: text(value, each.name) for each in fields(Pack)})


def _leads(value: JsonValue) -> tuple[Lead, ...]:
    return tuple(
        Lead(
            citation=_citation(citation),
            under=_texts(one.get("under")),
            score=0.0,
            card=text(one, "card"),
            asked=text(one, "asked"),
        )
        for one in _mappings(value)
        for citation in _mappings([one.get("citation")])
    )


def _mappings(value: JsonValue) -> list[Mapping[str, JsonValue]]:
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    return [item for item in items if isinstance(item, Mapping)]


def _texts(value: JsonValue) -> tuple[str, ...]:
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    return tuple(item for item in items if isinstance(item, str))


def _whole(value: JsonValue) -> int:
    return value if isinstance(value, int) else 0
