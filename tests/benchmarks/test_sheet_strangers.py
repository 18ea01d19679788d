# SPDX-License-Identifier: EUPL-1.2
"""Strangers' wordings of what the town's sheet answers, and which of their words count."""

from __future__ import annotations

from benchmarks.sheet import NONE, Row, of_strangers, shared_words


def row(author: str, text: str, fact: str = "phone") -> Row:
    return Row(text, "fr", fact, text, text, False, False, author)


def test_a_word_counts_where_many_ask_with_it_and_few_miss_with_it() -> None:
    taught = [
        row("", "standard"),
        *(row(author, "numero combien") for author in ("a", "b", "c")),
        row("a", "joindre"),
        row("b", "joindre"),
        row("a", "garderie"),
        *(row(author, "combien", NONE) for author in ("a", "b")),
    ]
    assert shared_words(taught) == {("fr", "numero"), ("fr", "joindre")}
    fourth = [row(author, "bonjour") for author in ("d", "e")]
    assert ("fr", "joindre") not in shared_words([*taught, *fourth])


def test_each_stranger_asks_and_misses() -> None:
    for author, rows in of_strangers().items():
        assert {one.author for one in rows} == {author}
        assert {one.fact != NONE for one in rows} == {True, False}
