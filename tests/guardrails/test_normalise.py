# SPDX-License-Identifier: EUPL-1.2
"""The plain copy of a text: what it changes, and the way back to the original."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guardrails.normalise import plain
from tests.table import each

ODD = "\u200b\u200f\u00ad\u2011\ufb01\uff11\u0301\ufeff"


@each(
    "text, copy",
    [
        ("12 rue", "12 rue"),
        ("2\u200b69", "269"),
        ("ne\u0301", "né"),
        ("\ufb01scal", "fiscal"),
        ("\uff11\uff12", "12"),
        ("AB\u2011123", "AB-123"),
        ("n\u00b0\u00a012\u202f000", "n\u00b0\u00a012\u202f000"),
    ],
    ids=["plain", "zero width", "accent apart", "ligature", "full width", "hyphen", "spaces stay"],
)
def test_what_the_copy_holds(text: str, copy: str) -> None:
    assert plain(text).text == copy


@given(st.text(alphabet="né12 -\n" + ODD, max_size=60))
def test_every_character_of_the_copy_comes_from_its_place(text: str) -> None:
    copy = plain(text)
    reached = 0
    for offset in range(len(copy.text)):
        start, end = copy.original(offset, offset + 1)
        assert 0 <= start < end <= len(text)
        assert copy.text[offset] in plain(text[start:end]).text
        assert end >= reached
        reached = end


@given(st.text(alphabet="a1" + ODD, max_size=40), st.data())
def test_a_stretch_of_the_copy_covers_what_it_was_made_of(text: str, data: st.DataObject) -> None:
    copy = plain(text)
    if not copy.text:
        return
    start = data.draw(st.integers(0, len(copy.text) - 1))
    end = data.draw(st.integers(start + 1, len(copy.text)))
    first, last = copy.original(start, end)
    assert copy.text[start:end] in plain(text[first:last]).text
