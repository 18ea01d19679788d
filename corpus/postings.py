# SPDX-License-Identifier: EUPL-1.2
"""The full-text index in PostgreSQL: postings of our own, ranked as SQLite's FTS5 ranks.

    passage ─terms─▶ postings (term, passage, how often, length) ─▶ BM25
                     words (term, how many passages)             ─▶ known, vocabulary
                     totals (passages, length of all)

The scores are FTS5's, so that a town's thresholds hold wherever its passages stand: K1 and B are
its constants, a term that half of the passages hold weighs LEAST, a heading HEADING_WEIGHT, and
SCOPE_TERMS are counted in the length of a passage, which FTS5 keeps in a column of the same row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from corpus.documents import Filters
from corpus.full_text import Readable
from corpus.rows import act_conditions
from corpus.store_seams import HEADING_WEIGHT, Terms, Writing

K1 = 1.2
B = 0.75
LEAST = 1e-6
SCOPE_TERMS = 2

RANKED = """
WITH total AS (SELECT passages, tokens::float8 / nullif(passages, 0) AS mean FROM totals),
asked AS MATERIALIZED (
    SELECT w.term, q.place, CASE WHEN r.rarity > 0 THEN r.rarity ELSE {least}::float8 END AS weight
    FROM unnest(?::text[]) WITH ORDINALITY AS q (term, place)
    JOIN words w ON w.term = q.term COLLATE "C" CROSS JOIN total t
    CROSS JOIN LATERAL (
        SELECT ln((t.passages - w.passages + 0.5::float8) / (w.passages + 0.5::float8)) AS rarity
    ) r
)
SELECT p.id, best.score FROM (
    SELECT o.passage, sum(
        a.weight * ((o.often * {k1_and_1}::float8)
        / (o.often + {k1}::float8 * ({rest}::float8 + {b}::float8 * o.tokens / t.mean)))
        ORDER BY a.place
    ) AS score
    FROM total t CROSS JOIN asked a CROSS JOIN LATERAL (
        SELECT passage, body + heading * {heading}::float8 AS often, tokens
        FROM postings WHERE term = a.term OFFSET 0
    ) o{where}
    GROUP BY o.passage ORDER BY score DESC, o.passage LIMIT ?
) best JOIN passages p ON p.key = best.passage ORDER BY best.score DESC, best.passage
"""
"""`OFFSET 0` keeps each term's look-up in the index, whatever the planner guesses; terms are added
up in the order asked, as FTS5 does, so that equal passages have equal scores."""

OF_DOCUMENT = "passage IN (SELECT key FROM passages WHERE document = ?)"


class Postings:
    """A FullText over the tables `postings`, `words` and `totals`."""

    def __init__(self, database: Readable) -> None:
        self._database = database

    def add(
        self, write: Writing, document: str, collection: str, passages: Sequence[Terms]
    ) -> None:
        rows: list[tuple[str, int, int, int, int]] = []
        tokens = 0
        for one in passages:
            body, heading = Counter(one.body), Counter(one.heading)
            length = len(one.body) + len(one.heading) + SCOPE_TERMS
            rows += [
                (term, one.passage, body[term], heading[term], length) for term in body | heading
            ]
            tokens += length
        rows.sort()
        held = Counter(row[0] for row in rows)
        write.execute(
            "INSERT INTO postings SELECT * FROM"
            " unnest(?::text[], ?::bigint[], ?::integer[], ?::integer[], ?::integer[])",
            [list(column) for column in zip(*rows, strict=True)] or [[]] * 5,
        )
        write.execute(
            "INSERT INTO words SELECT * FROM unnest(?::text[], ?::bigint[])"
            " ON CONFLICT (term) DO UPDATE SET passages = words.passages + excluded.passages",
            (list(held), list(held.values())),
        )
        write.execute(
            "UPDATE totals SET passages = passages + ?, tokens = tokens + ?",
            (len(passages), tokens),
        )

    def drop(self, write: Writing, document: str) -> None:
        write.execute(
            "UPDATE words SET passages = words.passages - gone.passages FROM"
            f" (SELECT term, count(*) AS passages FROM postings WHERE {OF_DOCUMENT} GROUP BY term)"
            " AS gone WHERE words.term = gone.term",
            (document,),
        )
        write.execute(
            "DELETE FROM words WHERE passages = 0 AND term IN"
            f" (SELECT term FROM postings WHERE {OF_DOCUMENT})",
            (document,),
        )
        write.execute(
            "UPDATE totals SET passages = totals.passages - gone.passages,"
            " tokens = totals.tokens - gone.tokens FROM (SELECT count(*) AS passages,"
            f" {SCOPE_TERMS} * count(*) + coalesce((SELECT sum(body + heading) FROM postings"
            f" WHERE {OF_DOCUMENT}), 0) AS tokens FROM passages WHERE document = ?) AS gone",
            (document, document),
        )
        write.execute(f"DELETE FROM postings WHERE {OF_DOCUMENT}", (document,))

    def ranked(
        self, wanted: Collection[str], limit: int, filters: Filters
    ) -> list[tuple[str, float]]:
        where, values = _where(filters)
        question = RANKED.format(
            least=LEAST,
            k1=K1,
            k1_and_1=K1 + 1.0,
            b=B,
            rest=1 - B,
            heading=HEADING_WEIGHT,
            where=where,
        )
        rows = self._database.read(question, (list(wanted), *values, limit))
        return [(str(row[0]), float(str(row[1]))) for row in rows]

    def known(self, wanted: Iterable[str]) -> set[str]:
        rows = self._database.read("SELECT term FROM words WHERE term = ANY(?)", (list(wanted),))
        return {str(term) for (term,) in rows}

    def vocabulary(self) -> dict[str, int]:
        rows = self._database.read("SELECT term, passages FROM words")
        return {str(term): int(str(count)) for term, count in rows}


def _where(filters: Filters) -> tuple[str, list[object]]:
    """Return what the filters ask of a posting `o`, in SQL, and its values."""
    conditions, values = "", list[object]()
    if filters.collections is not None:
        conditions += " AND p.document IN (SELECT id FROM documents WHERE collection = ANY(?))"
        values.append(sorted(filters.collections))
    if filters.documents is not None:
        conditions += " AND p.document = ANY(?)"
        values.append(sorted(filters.documents))
    of_acts, more = act_conditions(filters)
    conditions, values = conditions + of_acts, values + more
    if not conditions:
        return "", []
    asked = conditions.removeprefix(" AND ")
    return f" WHERE o.passage IN (SELECT p.key FROM passages p WHERE {asked})", values
