# SPDX-License-Identifier: EUPL-1.2
"""A question about what changed leads to the comparison of the editions that it speaks of.

« Qu'est-ce qui a changé dans le tarif de la cantine entre 2024 et 2025 ? »
  ─▶ the passages' documents ─ likest titles, years asked ─▶ /comparer?a=2024&b=2025
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from rapidfuzz import fuzz

from assistant.understanding.years import years_in
from corpus.documents import Passage
from corpus.french import fold
from corpus.rows import StoredDocument
from ui.reply import file_title

LIKE_FROM, MOST_LIKE = 60, 6
"""How alike two titles are (0 to 100), figures left out, for one to be another's edition; how many
are offered first."""

_CHANGED = re.compile(
    r"\b(?:chang|evolu|differ|modifi|augment|baiss|compar|nouveau|nouvelle"
    r"|what.s new|what (?:has|is) new|increas|rais)"
)
_BETWEEN = re.compile(
    r"\b(?:entre|depuis|par rapport|avant|dernier|precedent|between|since|compared|last)\b|compar"
    r"|qu'?est-ce qui (?:a|avait) chang|qu'?y a-t-il de (?:nouveau|change)|ce qui (?:a )?change"
    r"|what (?:has )?changed"
)


def asks_what_changed(question: str) -> bool:
    """Whether a question asks what became of something from one edition to another.

    >>> asks_what_changed("Qu'est-ce qui a changé à la cantine entre 2024 et 2025 ?")
    True
    >>> asks_what_changed("Comment changer de place de marché ?")
    False
    """
    folded = fold(question)
    return bool(_CHANGED.search(folded) and (_BETWEEN.search(folded) or len(years_in(folded)) > 1))


def way_to_compare(question: str, passages: Sequence[Passage]) -> str:
    """Return the address of the comparison that a question asks for, both acts chosen where they
    are among what was found; nothing where none is asked for."""
    if not passages or not asks_what_changed(question):
        return ""
    found = {passage.document: passage for passage in reversed(passages)}
    ranked = list(dict.fromkeys(passage.document for passage in passages))
    years = sorted(years_in(question))
    first = found[ranked[0]]
    others = [
        found[one]
        for one in ranked[1:]
        if found[one].kind == first.kind
        and fuzz.token_set_ratio(_nameless(first), _nameless(found[one])) >= LIKE_FROM
    ]
    chosen: dict[str, str] = {}
    if len(years) > 1:
        for side, year in (("a", years[0]), ("b", years[-1])):
            bearing = next((one for one in (first, *others) if year in _years_of(one)), None)
            if bearing and bearing.document not in chosen.values():
                chosen[side] = bearing.document
    else:
        pair = sorted((first, *others[:1]), key=lambda one: (one.dated, one.file))
        chosen = {side: one.document for side, one in zip("ab", pair, strict=False)}
    return f"/comparer?{urlencode(chosen or {'a': first.document})}"


def _years_of(passage: Passage) -> frozenset[str]:
    """Return the years that an act bears: those of its file's name, else that of its date."""
    return years_in(file_title(passage.file).replace("-", " ")) or frozenset({passage.dated[:4]})


def _nameless(one: Passage | StoredDocument) -> str:
    about = one.act.object if isinstance(one, StoredDocument) else ""
    return re.sub(r"[\d\W_]+", " ", f"{about} {file_title(one.file)}").lower()


def alike(document: StoredDocument, others: Sequence[StoredDocument]) -> list[StoredDocument]:
    """Return what may be another edition of a document, by kind and by title without figures."""
    mine = _nameless(document)
    scored = [
        (fuzz.token_set_ratio(mine, _nameless(other)), other)
        for other in others
        if other.id != document.id and other.act.kind == document.act.kind
    ]
    best = sorted((one for one in scored if one[0] >= LIKE_FROM), key=lambda one: -one[0])
    return [other for _, other in best[:MOST_LIKE]]
