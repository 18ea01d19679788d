# SPDX-License-Identifier: EUPL-1.2
"""How rows hold what is known of acts: one a document, and one an item of minutes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass

from corpus.acts import Act, Item
from corpus.french import flat, terms
from corpus.links import Effect, Link
from corpus.store_seams import Writing
from corpus.votes import Votes

PLACE_WORDS = 8
"""An object is looked for by its first words: its lines may be joined or cut."""

POINT = "point"
"""The kind of an item of minutes that decided nothing."""


NOT_WAITING = "d.needs NOT LIKE 'decision!_%' ESCAPE '!'"
"""What waits for a decision in quarantine is in no list: its object may tell of somebody."""

ACTS = f"""SELECT a.document, a.item, d.file, d.collection, a.page, a.start, a."end", a.kind,
    a.number, a.number_key, a.date, a.sitting, a.object, a.label, a.service, a.signatory,
    a.articles, a.stems
    FROM acts a JOIN documents d ON d.id = a.document WHERE {NOT_WAITING}"""

ACTS_ORDER = "ORDER BY a.date, a.number, d.file, a.item"
VOTES = """SELECT document, item, page, start, "end", pour, contre, abstentions, unanimous, outcome
    FROM votes ORDER BY document, item, rank"""
LINKS = """SELECT document, item, effect, kind, number, date, about, since
    FROM links ORDER BY document, item, rank"""
STANDINGS = """SELECT document, item, effect, since, by_document, by_item, by_label,
    CASE WHEN since <= ? THEN 1 ELSE 0 END FROM standing
    ORDER BY since, document, item, effect, by_document, by_item"""
"""Its value is today's date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAct:
    """An act of the corpus: a document (item 0) or an item of minutes; dates are ISO.

    `page`, `start` and `end` say where its object is written in the stored page.
    """

    document: str
    item: int
    file: str
    collection: str
    page: int
    start: int
    end: int
    kind: str
    number: str
    number_key: str
    date: str
    sitting: str
    object: str
    label: str
    service: str
    signatory: str
    articles: tuple[str, ...]
    stems: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An act that another one of the corpus ends or amends, from a day on (ISO)."""

    document: str
    item: int
    effect: Effect
    since: str
    by_document: str
    by_item: int
    by_label: str
    is_on: bool = True
    """Whether that day has come."""


def act_of(row: tuple[object, ...]) -> StoredAct:
    texts = list(map(str, row))
    document, item, file, collection, page, start, end, *words, articles, stems = texts
    kind, number, key, date, sitting, subject, label, service, signatory = words
    return StoredAct(
        document=document,
        item=int(item),
        file=file,
        collection=collection,
        page=int(page),
        start=int(start),
        end=int(end),
        kind=kind,
        number=number,
        number_key=key,
        date=date,
        sitting=sitting,
        object=subject,
        label=label,
        service=service,
        signatory=signatory,
        articles=tuple(json.loads(articles)),
        stems=frozenset(stems.split()),
    )


def vote_of(row: tuple[object, ...]) -> tuple[int, Votes]:
    page, start, end = (int(str(value)) for value in row[2:5])
    pour, contre, abstentions = (None if v is None else int(str(v)) for v in row[5:8])
    outcome = str(row[9])
    return page, Votes(
        pour=pour,
        contre=contre,
        abstentions=abstentions,
        unanimous=bool(row[8]),
        outcome="adopted" if outcome == "adopted" else "rejected" if outcome else "",
        start=start,
        end=end,
    )


def link_of(row: tuple[object, ...]) -> tuple[str, int, Link]:
    document, item, effect, kind, number, date, about, since = map(str, row)
    link = Link(
        effect=Effect(effect), kind=kind, number=number, date=date, about=about, since=since
    )
    return document, int(item), link


def standing_of(row: tuple[object, ...]) -> Standing:
    document, item, effect, since, by_document, by_item, by_label, is_on = map(str, row)
    return Standing(
        document=document,
        item=int(item),
        effect=Effect(effect),
        since=since,
        by_document=by_document,
        by_item=int(by_item),
        by_label=by_label,
        is_on=is_on == "1",
    )


def keep_standings(write: Writing, standings: Iterable[Standing]) -> None:
    """Replace all standings by these."""
    write.execute("DELETE FROM standing")
    write.executemany(
        "INSERT INTO standing VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [astuple(standing)[:-1] for standing in standings],
    )


@dataclass(frozen=True, slots=True)
class _Place:
    page: int
    start: int
    end: int


def keep_act(write: Writing, document: str, act: Act, pages: Mapping[int, str]) -> None:
    """Keep what is known of a document's act, of its items, their votes and links."""
    _insert(write, document, 0, act, _object_place(act, pages))
    _keep_votes(write, document, 0, act.votes)
    for item in act.items:
        place = _Place(item.page, item.start, item.end)
        _insert(write, document, item.rank, _item_act(act, item), place, item.theme)
        _keep_votes(write, document, item.rank, item.votes)
    ranks: dict[int, int] = {}
    for item_rank, link in act.links:
        ranks[item_rank] = ranks.get(item_rank, 0) + 1
        _keep_link(write, document, item_rank, ranks[item_rank], link)


def renew_stems(write: Writing, document: str) -> None:
    """Make the stems of a document's act again. Those of its items, which hold a theme that is not
    kept, stay until it is read again."""
    for (words,) in write.execute(
        "SELECT object FROM acts WHERE document = ? AND item = 0", (document,)
    ).fetchall():
        write.execute(
            "UPDATE acts SET stems = ? WHERE document = ? AND item = 0", (_stems(words), document)
        )


def _stems(words: str) -> str:
    return " ".join(("", *dict.fromkeys(terms(words)), ""))


def number_key(number: str) -> str:
    """Return an act's number in one writing.

    >>> number_key("2024/017"), number_key("2024-17"), number_key("CCAS-2025-04")
    ('2024x17', '2024x17', 'ccasx2025x4')
    """
    parts = re.findall(r"[a-z]+|\d+", flat(number))
    return "x".join(part.lstrip("0") or "0" for part in parts)


def item_kind(act: Act, rank: int) -> str:
    """Return the kind of an item of minutes, by its rank; nothing for 0."""
    found = next((item for item in act.items if item.rank == rank), None)
    return "" if found is None else "délibération" if found.is_act else POINT


def _item_act(minutes: Act, item: Item) -> Act:
    return Act(
        kind=item_kind(minutes, item.rank),
        number=item.number,
        date=minutes.date,
        sitting=minutes.sitting,
        object=item.title,
    )


def _object_place(act: Act, pages: Mapping[int, str]) -> _Place:
    """Return where the object, else the title, is written, to be quoted from there."""
    for words in (act.object, act.title):
        first = flat(words.split(" – ")[0].removesuffix("…")).split()[:PLACE_WORDS]
        written = re.compile(r"\s+".join(map(re.escape, first)))
        for number, text in pages.items() if first else ():
            if found := written.search(flat(text)):
                line_end = text.find("\n", found.end())
                return _Place(number, found.start(), len(text) if line_end < 0 else line_end)
    return _Place(next(iter(pages), 1), 0, 0)


def _insert(
    write: Writing, document: str, item: int, act: Act, place: _Place, theme: str = ""
) -> None:
    write.execute(
        "INSERT INTO acts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document, item, place.page, place.start, place.end,
            act.kind, act.number, number_key(act.number), act.date, act.sitting,
            act.object or act.title, act.label, act.service, act.signatory,
            json.dumps(act.articles),
            _stems(f"{act.object or act.title} {theme}"),
        ),
    )  # fmt: skip


def _keep_votes(
    write: Writing, document: str, item: int, votes: tuple[tuple[int, Votes], ...]
) -> None:
    write.executemany(
        "INSERT INTO votes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                document, item, rank, page, vote.start, vote.end,
                vote.pour, vote.contre, vote.abstentions, int(vote.unanimous), vote.outcome,
            )
            for rank, (page, vote) in enumerate(votes, start=1)
        ],
    )  # fmt: skip


def _keep_link(write: Writing, document: str, item: int, rank: int, link: Link) -> None:
    write.execute(
        "INSERT INTO links VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document, item, rank, link.effect, link.kind, link.number, link.date,
            link.about, link.since,
        ),
    )  # fmt: skip


def flat_fields(act: Act) -> Iterator[tuple[str, str]]:
    """Yield what an act's label is made of, and the day that a guide gives as its own."""
    for name in ("kind", "number", "date", "object", "title", "updated"):
        yield name, str(getattr(act, name))
