# SPDX-License-Identifier: EUPL-1.2
"""Where cards are kept: one SQLite file in the data folder, hidden text only.

    cards.db   cards    what is said, for whom, until when, who stood for it; its question's vector
               askings  its question and other wordings
               quotes   the words of pages that it rests on
               translations  what is said in other languages
           tried    lines of which a question was written at night
           settled  questions that somebody worked through without an answer

A change is one transaction (`changing`): what it looks at cannot change until it is kept, so that
of two people who validate the same at once the second is told. What is deleted is overwritten.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from assistant.cards.card import Card, Matter, Quote, Settled, State, Why, asking_key
from assistant.cards.changes import Changes
from assistant.sheet.facts import TONGUES, Tongue
from corpus.database import statements
from corpus.errors import FolderTooNew, FolderUnusable
from corpus.storage import is_closed, keep_private, storage_errors

FILE = "cards.db"
STEPS: dict[int, tuple[str, ...]] = {
    1: ("ALTER TABLE cards ADD COLUMN service TEXT NOT NULL DEFAULT ''",),
    2: ("ALTER TABLE cards ADD COLUMN likely REAL NOT NULL DEFAULT 0",),
    3: ("ALTER TABLE cards DROP COLUMN stems",),
}
"""What a file of each earlier version lacks, besides what `schema.sql` makes where it is absent,
and what nothing reads any more."""

VERSION = len(STEPS) + 1
LIVE = (State.SERVED, State.PROPOSED, State.SUSPENDED)
IDS_AT_ONCE = 500

Row = tuple[object, ...]


class CardStore:
    """One connection, shared by threads one at a time."""

    def __init__(self, path: Path) -> None:
        """Open the file, made if it is not there; raise FolderTooNew, FolderUnusable."""
        self._lock = RLock()
        try:
            with storage_errors():
                keep_private(path)
                self._connection = sqlite3.connect(
                    path, isolation_level=None, check_same_thread=False, timeout=30
                )
                try:
                    self._prepare()
                except BaseException:
                    self._connection.close()
                    raise
        except sqlite3.DatabaseError as error:
            raise FolderUnusable("no_access" if is_closed(error) else "broken") from error

    def _prepare(self) -> None:
        for pragma in ("secure_delete = ON", "foreign_keys = ON", "synchronous = FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("PRAGMA journal_mode = WAL")
        with self._writing():
            (found,) = self._connection.execute("PRAGMA user_version").fetchone()
            if found > VERSION:
                raise FolderTooNew(found, VERSION)
            for version in range(found, VERSION) if found else ():
                for statement in STEPS[version]:
                    self._connection.execute(statement)
            if found < VERSION:
                for statement in statements(Path(__file__).with_name("schema.sql")):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, storage_errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _read(self, question: str, values: Sequence[object] = ()) -> list[Row]:
        with self._lock:
            return self._connection.execute(question, values).fetchall()

    # -- reading

    def card(self, identifier: str) -> Card | None:
        return next(iter(self.cards([identifier])), None)

    def cards(
        self, ids: Collection[str] | None = None, *, states: Collection[State] = tuple(State)
    ) -> list[Card]:
        """Return cards in the order in which they came, those of these ids only."""
        if ids is not None:
            wanted = list(ids)
            batches = [wanted[at : at + IDS_AT_ONCE] for at in range(0, len(wanted), IDS_AT_ONCE)]
            rows = [row for some in batches for row in self._rows("id", some)]
        else:
            rows = self._rows("state", [state.value for state in states])
        return self._cards_of([row for row in rows if row[4] in set(states)])

    def _rows(self, column: str, values: Sequence[str]) -> list[Row]:
        marks = ",".join("?" * len(values))
        return self._read(
            'SELECT id, answer, audience, until, state, why, "by", role, at, service, likely'
            " FROM cards"
            f" WHERE {column} IN ({marks})",
            values,
        )

    def _cards_of(self, rows: Sequence[Row]) -> list[Card]:
        ids = [str(row[0]) for row in rows]
        askings, quotes = defaultdict[str, list[str]](list), defaultdict[str, list[Quote]](list)
        order, said = dict[str, int](), defaultdict[str, list[tuple[Tongue, str]]](list)
        for at in range(0, len(ids), IDS_AT_ONCE):
            some = ids[at : at + IDS_AT_ONCE]
            marks = ",".join("?" * len(some))
            for number, card, text in self._read(
                f"SELECT number, card, text FROM askings WHERE card IN ({marks})"
                " ORDER BY card, rank",
                some,
            ):
                order.setdefault(str(card), int(str(number)))
                askings[str(card)].append(str(text))
            for card, document, file, page, quote, heading in self._read(
                "SELECT card, document, file, page, quote, heading FROM quotes"
                f" WHERE card IN ({marks}) ORDER BY card, rank",
                some,
            ):
                quotes[str(card)].append(
                    Quote(
                        document=str(document),
                        file=str(file),
                        page=int(str(page)),
                        quote=str(quote),
                        heading=str(heading),
                    )
                )
            for card, language, answer in self._read(
                f"SELECT card, language, answer FROM translations WHERE card IN ({marks})", some
            ):
                said[str(card)] += [(one, str(answer)) for one in TONGUES if one == language]
        made = [
            _card(row, askings[i], quotes[i], said[i]) for i, row in zip(ids, rows, strict=True)
        ]
        return sorted(made, key=lambda card: order[card.id])

    def asked_as(self, keys: Collection[str]) -> list[Card]:
        """Return the cards in use of which a question has one of these keys."""
        wanted = sorted(keys)
        marks = ",".join("?" * len(wanted))
        rows = self._read(f"SELECT DISTINCT card FROM askings WHERE key IN ({marks})", wanted)
        return self.cards([str(card) for (card,) in rows], states=LIVE)

    def resting_on(self, documents: Collection[str]) -> list[Card]:
        """Return the cards, whatever their state, that quote one of these documents."""
        wanted = sorted(documents)
        marks = ",".join("?" * len(wanted))
        rows = self._read(f"SELECT DISTINCT card FROM quotes WHERE document IN ({marks})", wanted)
        return self.cards([str(card) for (card,) in rows])

    def counts(self) -> dict[State, int]:
        """Return how many cards there are of each state."""
        rows = self._read("SELECT state, count(*) FROM cards GROUP BY state")
        found = {str(state): int(str(count)) for state, count in rows}
        return {state: found.get(state.value, 0) for state in State}

    def to_review(self) -> int:
        """Return how many cards somebody is to look at again: those that are suspended, or served
        though somebody says that they are wrong."""
        (row,) = self._read(
            "SELECT count(*) FROM cards WHERE state = ? OR (state = ? AND why = ?)",
            [State.SUSPENDED.value, State.SERVED.value, Why.REPORTED.value],
        )
        return int(str(row[0]))

    def generation(self) -> tuple[int, int]:
        """Return numbers that differ once any process has changed a card."""
        with self._lock:
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            return int(version), self._connection.total_changes

    def questions(self, states: Collection[State] = (State.SERVED,)) -> list[tuple[str, bytes]]:
        """Return id and vector of the question of each card in these states."""
        marks = ",".join("?" * len(states))
        rows = self._read(
            f"SELECT id, vector FROM cards WHERE state IN ({marks}) ORDER BY id", [*states]
        )
        return [(str(card), _bytes(vector)) for card, vector in rows]

    def embedded_by_others(self, embedder: str) -> list[tuple[str, str]]:
        """Return the cards (id, question) whose vectors another embedder made."""
        rows = self._read(
            "SELECT c.id, a.text FROM cards c JOIN askings a ON a.card = c.id AND a.rank = 0"
            " WHERE c.embedder != ?",
            (embedder,),
        )
        return [(str(card), str(text)) for card, text in rows]

    def settled(self, what: Settled | None = None) -> list[Matter]:
        """Return what was worked through without an answer, the newest first."""
        rows = self._read("SELECT question, what, day FROM settled ORDER BY day DESC, question")
        found = [Matter(question=str(q), what=Settled(str(w)), day=str(day)) for q, w, day in rows]
        return [one for one in found if what in {None, one.what}]

    def settle(self, questions: Iterable[str], what: Settled, day: str) -> None:
        """Note what becomes of questions."""
        with self._writing():
            self._connection.executemany(
                "INSERT OR REPLACE INTO settled VALUES (?, ?, ?, ?)",
                [(asking_key(question), question, what.value, day) for question in questions],
            )

    # -- nights

    def tried(self, document: str, content: str) -> set[tuple[int, int]]:
        """Return the lines (page, start) of a document of which a question was written."""
        rows = self._read(
            "SELECT page, start FROM tried WHERE document = ? AND content = ?", (document, content)
        )
        return {(int(str(page)), int(str(start))) for page, start in rows}

    def tried_in(self, night: str) -> int:
        """Return how many lines were tried in the night of a day (ISO)."""
        return len(self._read("SELECT page FROM tried WHERE night = ?", (night,)))

    def note_tried(self, document: str, content: str, place: tuple[int, int], night: str) -> None:
        """Note that a question was written of a line; what was tried of an older content goes."""
        with self._writing():
            self._connection.execute(
                "DELETE FROM tried WHERE document = ? AND content != ?", (document, content)
            )
            self._connection.execute(
                "INSERT OR REPLACE INTO tried VALUES (?, ?, ?, ?, ?)",
                (document, content, *place, night),
            )

    def forget_tried(self, documents: Iterable[str]) -> None:
        """Forget what was tried of documents that are erased."""
        with self._writing():
            self._connection.executemany(
                "DELETE FROM tried WHERE document = ?", [(one,) for one in documents]
            )

    # -- changing

    @contextmanager
    def changing(self) -> Iterator[Changes]:
        """Run the block as one transaction: nobody else changes a card meanwhile; all of it is
        kept, or nothing."""
        with self._writing():
            yield Changes(self._connection)

    def erase(self, ids: Iterable[str]) -> None:
        """Take cards out for good: their bytes are overwritten, in the log too."""
        with self._writing():
            self._connection.executemany("DELETE FROM cards WHERE id = ?", [(i,) for i in ids])
        with self._lock, storage_errors():
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _card(
    row: Row,
    askings: Sequence[str],
    quotes: Sequence[Quote],
    translations: Sequence[tuple[Tongue, str]],
) -> Card:
    identifier, answer, audience, until, state, why, by, role, at, service, likely = map(str, row)
    question, *wordings = askings
    return Card(
        id=identifier,
        question=question,
        wordings=tuple(wordings),
        quotes=tuple(quotes),
        answer=answer,
        audience="agent" if audience == "agent" else "senior" if audience == "senior" else "",
        until=until,
        state=State(state),
        why=Why(why),
        by=by,
        role=role,
        at=at,
        service=service,
        likely=float(likely),
        translations=tuple(translations),
    )


def _bytes(value: object) -> bytes:
    assert isinstance(value, bytes)
    return value
