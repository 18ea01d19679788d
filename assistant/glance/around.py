# SPDX-License-Identifier: EUPL-1.2
"""What an act replaces, repeals or amends, and what does so to it.

    pages ──told──▶ Touched… with the sentence that says it
    standings of the corpus ──around──▶ the same, with the document that is meant, and who ended it

Of a document that the asker may not see, only that there is one is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from corpus.act_rows import Standing, number_key
from corpus.french import flat
from corpus.links import Effect, Link, read_links
from corpus.rows import StoredDocument
from corpus.sentences import sentences


class Acts(Protocol):
    """What is asked of the corpus."""

    def document(self, document: str) -> StoredDocument | None: ...

    def standings(self) -> list[Standing]: ...

    def page(self, document: str, number: int) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """Another act, as a sentence names it (`kind`, `number`, `date`), or as the corpus knows it.

    `since` is ISO, empty if at once. `document`, `file` and `label` are set where the corpus holds
    it; `quote` is empty where no sentence says it: a newer version of the same rules.
    """

    effect: Effect
    kind: str = ""
    number: str = ""
    date: str = ""
    since: str = ""
    document: str = ""
    file: str = ""
    label: str = ""
    page: int = 0
    quote: str = ""


Pages = Sequence[tuple[int, str]]
FIRST_PAGES = 20
"""Where another act is looked through for the sentence that touches this one."""


def told(pages: Pages, *, title: str = "") -> tuple[Touched, ...]:
    """Return what the pages say that the act does to others, each with its sentence."""
    found = list[Touched]()
    named = read_links(title, titles_only=True) if title else []
    for page, text in pages:
        for start, end in sentences(text):
            sentence = text[start:end]
            links = [*read_links(sentence)]
            links += [x for x in named if flat(sentence).startswith(flat(title)[:40])]
            for link in links:
                if not _has(found, link):
                    found.append(_told(link, page, sentence))
    for link in read_links("\n".join(text for _, text in pages)):  # over two lines, or two pages
        if not _has(found, link):
            found.append(_told(link, 0, ""))
    return tuple(found)


def _told(link: Link, page: int, sentence: str) -> Touched:
    return Touched(
        effect=link.effect,
        kind=link.kind,
        number=link.number,
        date=link.date,
        since=link.since,
        page=page,
        quote=sentence,
    )


def _has(found: Sequence[Touched], link: Link) -> bool:
    return any(_names(one, link.number, link.date) and one.effect is link.effect for one in found)


def _names(one: Touched, number: str, date: str) -> bool:
    same = one.number and number and number_key(one.number) == number_key(number)
    return bool(same) or (not (one.number and number) and bool(date) and one.date == date)


@dataclass(frozen=True, slots=True)
class Around:
    """What a document does to others, and what others do to it."""

    active: tuple[Touched, ...]
    passive: tuple[Touched, ...]


def around(
    acts: Acts, document: StoredDocument, said: Sequence[Touched], seen: Collection[str]
) -> Around:
    """Join what an act says with what the corpus worked out; `seen` may be named to the asker."""
    standings = [s for s in acts.standings() if s.item == 0 or s.document != document.id]
    mine = [s for s in standings if s.by_document == document.id]
    on_me = [s for s in standings if s.document == document.id]
    active = list(said)
    for standing in mine:
        target = acts.document(standing.document)
        known = _known(standing, standing.document, target, seen)
        place = next(
            (
                n
                for n, one in enumerate(active)
                if target and _names(one, target.act.number, target.act.date)
            ),
            None,
        )
        if place is None:
            active.append(known)
        else:
            one = active[place]
            active[place] = replace(
                one, document=known.document, file=known.file, label=known.label
            )
    return Around(tuple(active), tuple(_passive(acts, document, on_me, seen)))


def _known(
    standing: Standing, other: str, stored: StoredDocument | None, seen: Collection[str]
) -> Touched:
    bare = Touched(effect=standing.effect, since=standing.since)
    if stored is None or other not in seen:
        return bare
    return replace(
        bare,
        kind=stored.act.kind,
        number=stored.act.number,
        date=stored.act.date,
        document=stored.id,
        file=stored.file,
        label=stored.act.label,
    )


def _passive(
    acts: Acts, document: StoredDocument, on_me: Sequence[Standing], seen: Collection[str]
) -> Iterator[Touched]:
    for standing in on_me:
        source = acts.document(standing.by_document)
        known = _known(standing, standing.by_document, source, seen)
        if known.document and source:
            numbers = range(1, min(source.page_count, FIRST_PAGES) + 1)
            pages = [(n, text) for n in numbers if (text := acts.page(source.id, n))]
            says = told(pages, title=source.act.object)
            mine = [x for x in says if _names(x, document.act.number, document.act.date)]
            if mine:
                known = replace(known, page=mine[0].page, quote=mine[0].quote)
        yield known
