# SPDX-License-Identifier: EUPL-1.2
"""From a screened question to the passages that may answer it.

    question ─▶ terms ─▶ BM25, top 50 ──┐
             └▶ vector ─▶ cosine, top 50 ┴▶ fused ─▶ first 20 weighed by coverage ─▶ Retrieved…

Fusion is convex: BM25 over its maximum, and cosine between its extremes. Among the first,
a third goes to how much of the question a passage holds: BM25 pays a rare word said often more
than all words said once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from corpus.documents import Filters, Passage, Retrieved
from corpus.french import references, terms, terms_kept
from corpus.neighbours import merged
from corpus.passages import PassageStore
from corpus.query import Wording, coverage
from corpus.seams import Embedder, KnowsPieces, VectorIndex, Vectors, question_vector
from guardrails.findings import Screened

CANDIDATES = 50
LEXICAL_SHARE = 0.42
"""A little less than half: residents ask in other words than acts (`docs/decisions/judging.md`)."""
NEAR = 20
"""Passages whose words are all read: of more, it costs time and changes nothing."""

COVERED_SHARE = 1 / 3
"""What coverage counts for beside both scores; the gain stands in `docs/decisions/judging.md`."""

SYNONYM_SHARE = 0.3
"""How much a passage's BM25 for words that were not asked counts."""

ENDED_SHARE = 0.75
"""How much a passage counts whose act was repealed or replaced."""

NEAR_FROM = 0.47
WORD_LETTERS = 4
"""Below both, what no document holds a word of is taken for typed at random: « xyzzy » has the
nearest passage at .37. Real questions in other languages are as far from all passages, but hold
longer pieces of words (`docs/decisions/nothing-found.md`)."""

LATIN_UNTIL = "\u0250"
"""Other scripts come in shorter pieces, and no French document holds their words: they are always
looked for by their meaning."""

NO_FILTER = Filters()


class FindsPassages(Protocol):
    """What the pipeline needs of a search."""

    def __call__(
        self, question: Screened, *, limit: int = 10, filters: Filters = NO_FILTER
    ) -> list[Retrieved]: ...


class Search:
    """Finds passages by words and by meaning."""

    def __init__(
        self,
        store: PassageStore,
        index: VectorIndex,
        embedder: Embedder,
        *,
        wording: Wording | None = None,
    ) -> None:
        self._store = store
        self._index = index
        self._embedder = embedder
        self._wording = wording or Wording(store)

    def __call__(
        self, question: Screened, *, limit: int = 10, filters: Filters = NO_FILTER
    ) -> list[Retrieved]:
        """Return the nearest passages that the filters let through, best first; none for what is
        no language.

        Neighbours of one page come as one passage; an act that another ended comes lower,
        unless the question names it.
        """
        lexical = self.by_words(question.text, filters)
        if not lexical and self._says_nothing(question.text, filters):
            return []
        cosine = self._near(question_vector(self._embedder, question.text), filters)
        fused = fuse(lexical, cosine)
        best = sorted(fused, key=lambda i: (-fused[i], i))
        passages = [
            passage
            for passage in self._store.passages(best[: 2 * limit + CANDIDATES])
            if filters.collections is None or passage.collection in filters.collections
        ]  # words and vectors hold a copy of the collection: the database says where it stands
        scores = self._weighed(question.text, passages[:NEAR], fused)
        found = [
            Retrieved(
                passage=passage,
                score=scores[passage.id] * _standing(passage, question.text),
                lexical=lexical.get(passage.id, 0.0),
                cosine=cosine.get(passage.id, 0.0),
            )
            for passage in passages
        ]
        found.sort(key=_order)
        return self._on_their_pages(merged(found, self._store.pages_at)[:limit])

    def _says_nothing(self, question: str, filters: Filters) -> bool:
        """Whether a text of which no document holds a word is no language either: no word, nor a
        good part of one, that the embedder knows, and no passage near it. Near as a text: what was
        taught of asking makes a question of anything."""
        if not holds_no_word(question, self._embedder):
            return False
        near = self._near(self._embedder.embed_query(question), filters)
        return max(near.values(), default=0.0) < NEAR_FROM

    def _on_their_pages(self, found: Sequence[Retrieved]) -> list[Retrieved]:
        """Return what was found, each passage with its page and what is known of its lines."""
        places = {(one.passage.document, one.passage.page) for one in found}
        pages = self._store.structures_at(places)
        return [
            replace(one, passage=replace(p, structure=pages.get((p.document, p.page))))
            for one in found
            for p in (one.passage,)
        ]

    def _weighed(
        self, question: str, near: Sequence[Passage], fused: Mapping[str, float]
    ) -> dict[str, float]:
        """Give the nearest passages their coverage; the best score stays what it was, for who
        judges by it whether anything was found (a question in another language covers little)."""
        wanted = self._wording.wanted(question)
        covered = {p.id: coverage(wanted, terms_kept(f"{p.heading} {p.text.text}")) for p in near}
        scores = {
            passage: (1 - COVERED_SHARE) * score + COVERED_SHARE * covered.get(passage, 0.0)
            for passage, score in fused.items()
        }
        top = max(scores.values(), default=0.0)
        scale = max(fused.values()) / top if top > 0 else 1.0
        return {passage: scale * score for passage, score in scores.items()}

    def _near(self, vector: Vectors, filters: Filters) -> dict[str, float]:
        """Return the cosine of the nearest passages; nothing while the vectors are of another
        embedder, which the next ingestion mends."""
        if self._store.embedded_by() not in ("", self._embedder.name):
            return {}
        return dict(self._index.search(vector, CANDIDATES, filters))

    def by_words(self, question: str, filters: Filters = NO_FILTER) -> dict[str, float]:
        """Return BM25 of the best passages, by id: the words asked, and those they stand for."""
        asked = self._wording.corrected(terms(question))
        found = dict(self._store.lexical(asked, CANDIDATES, filters))
        related = self._wording.related(question) - set(asked)
        if related:
            for passage, score in self._store.lexical(related, CANDIDATES, filters):
                found[passage] = found.get(passage, 0.0) + SYNONYM_SHARE * score
        return found


def _order(one: Retrieved) -> tuple[float, bool, float]:
    """Order by score; of what is as near to the hundredth, the town's own papers come before
    guides of a pack. What that does to answers was not measured."""
    return (-round(one.score, 2), one.passage.pack is not None, -one.score)


def _standing(passage: Passage, question: str) -> float:
    """Return how much a passage counts: less if its act was ended, and is not asked for."""
    if passage.in_force or set(references(passage.heading)) & set(references(question)):
        return 1.0
    return ENDED_SHARE


def fuse(lexical: Mapping[str, float], cosine: Mapping[str, float]) -> dict[str, float]:
    """Return the fused score, 0 to 1, of each passage of either list."""
    top = max(lexical.values(), default=0.0)
    low, high = min(cosine.values(), default=0.0), max(cosine.values(), default=0.0)
    width = high - low
    return {
        passage: LEXICAL_SHARE * (lexical.get(passage, 0.0) / top if top > 0 else 0.0)
        + (1 - LEXICAL_SHARE) * (_share(cosine[passage] - low, width) if passage in cosine else 0.0)
        for passage in {*lexical, *cosine}
    }


def _share(above: float, width: float) -> float:
    """Return where a cosine stands between the extremes; all of it where there is but one."""
    return above / width if width > 0 else 1.0


def holds_no_word(text: str, embedder: object) -> bool:
    """Whether a text in Latin letters holds no word, nor a good part of one, that an embedder
    knows; not of an embedder that tells no pieces."""
    if not isinstance(embedder, KnowsPieces):
        return False
    is_latin = all(letter < LATIN_UNTIL for letter in text if letter.isalpha())
    return is_latin and embedder.longest_piece(text) < WORD_LETTERS
