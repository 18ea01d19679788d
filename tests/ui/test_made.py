# SPDX-License-Identifier: EUPL-1.2
"""What takes long is made once for a state of the corpus, one at a time for a place, two in all."""

from __future__ import annotations

import pytest

from ui.made import AT_ONCE, Made


def test_it_is_made_once_until_the_corpus_changes() -> None:
    states, calls = [1], list[str]()
    made = Made[str](lambda: states[0])

    def find(key: str) -> str | None:
        return made.find(key, lambda: calls.append(key) or key, {"here": 1})

    assert [find("a"), find("b"), find("a")] == ["a", "b", "a"]
    assert calls == ["a", "b"]
    states[0] = 2
    find("a")
    assert calls == ["a", "b", "a"]


def test_the_least_looked_at_goes_first() -> None:
    made, calls = Made[str](lambda: 0, most=2), list[str]()
    for key in ("a", "b", "a", "c", "a", "b"):
        made.find(key, lambda key=key: calls.append(key) or key, {"here": 1})
    assert calls == ["a", "b", "c", "b"]


def test_a_place_has_one_made_at_a_time_and_all_together_two() -> None:
    made = Made[str](lambda: 0)

    def within(*places: str) -> str | None:
        """Ask from each place while the one before waits for its own."""
        first, *rest = places
        return made.find(places, lambda: str(within(*rest)) if rest else "made", {first: 1})

    assert within("here", "here") == "None"
    assert within("here", "there") == "made"
    assert within("here", "there", "elsewhere") == "None"
    assert AT_ONCE == 2


def test_what_fails_holds_no_place() -> None:
    made = Made[str](lambda: 0)
    for _ in range(AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError):
            made.find("a", lambda: str(1 / 0), {"here": 1})
    assert made.find("a", lambda: "a", {"here": 1}) == "a"
