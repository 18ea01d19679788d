# SPDX-License-Identifier: EUPL-1.2
"""The acts of the corpus: what is known of them, how they were voted, which ones still hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from corpus.act_rows import (
    ACTS,
    ACTS_ORDER,
    LINKS,
    STANDINGS,
    VOTES,
    Standing,
    StoredAct,
    act_of,
    keep_standings,
    link_of,
    standing_of,
    vote_of,
)
from corpus.links import Link
from corpus.seams import Fields, day_number
from corpus.store_seams import PassageDatabase
from corpus.votes import Votes


class ActStore:
    """Reads acts; they are written with their document."""

    def __init__(self, database: PassageDatabase) -> None:
        self._database = database

    def acts(self, conditions: str = "1 = 1", values: Sequence[object] = ()) -> list[StoredAct]:
        """Return the acts that meet conditions on `a` and their document `d`, by date."""
        rows = self._database.read(f"{ACTS} AND {conditions} {ACTS_ORDER}", tuple(values))
        return [act_of(row) for row in rows]

    def votes(self) -> dict[tuple[str, int], list[tuple[int, Votes]]]:
        """Return the votes of each act, by document and item, each with its page."""
        found: dict[tuple[str, int], list[tuple[int, Votes]]] = {}
        for row in self._database.read(VOTES):
            found.setdefault((str(row[0]), int(str(row[1]))), []).append(vote_of(row))
        return found

    def links(self) -> list[tuple[str, int, Link]]:
        """Return what acts say that they do to others: document, item, link."""
        return [link_of(row) for row in self._database.read(LINKS)]

    def standings(self) -> list[Standing]:
        return [standing_of(row) for row in self._database.read(STANDINGS, (today(),))]

    def set_standings(self, standings: Iterable[Standing]) -> None:
        """Replace what is known of which acts others end or amend."""
        with self._database.writing() as write:
            keep_standings(write, standings)

    def filter_fields(self, ids: Sequence[str]) -> list[Fields]:
        """Return what filters look at, for each of those passages, in the order asked."""
        return [self._filter_fields(passage) for passage in ids]

    def _filter_fields(self, passage: str) -> Fields:
        ((collection, document, kind, decided, day),) = self._database.read(
            "SELECT d.collection, d.id, coalesce(a.kind, ''), coalesce(i.kind, ''),"
            " coalesce(a.date, '') FROM passages p JOIN documents d ON d.id = p.document"
            " LEFT JOIN acts a ON a.document = p.document AND a.item = 0"
            " LEFT JOIN acts i ON i.document = p.document AND i.item = p.item AND p.item > 0"
            " WHERE p.id = ?",
            (passage,),
        )
        return {
            "collection": str(collection),
            "document": str(document),
            "kind": str(kind),
            "decided": str(decided),
            "day": day_number(str(day)),
        }


def today() -> str:
    """Return this day's ISO date, where the town is."""
    return date.today().isoformat()
