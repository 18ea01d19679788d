# SPDX-License-Identifier: EUPL-1.2
"""Whatever the text, the guard answers: no error, offsets that are right, nothing more to hide
where it was already."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guardrails.findings import Screened
from guardrails.guard import Guard, open_guard, open_quick_guard
from guardrails.placeholders import escape
from tests.examples import tries

PIECES = (
    "Madame Zoé Quillebec", "M. Bernard COUDERC", "née le 12/04/1961 à Vichy", "06 12 34 56 78",
    "2 61 04 03 310 012 45", "FR76 3000 6000 0112 3456 7890 189", "zoe.quillebec@example.fr",
    "12 bis, rue des Lilas, 03200 Vichy", "[PERSONNE_1]", "[PERSONNE_12", "PERSONNE_3]", "[",
    "AB-123-CD", "le maire", "Article 2.", "\u202e", "\u200b", "\u00ad", "\ufeff", "\0", "\x1b[31m",
    "\ud800", "\udfff", "e\u0301", "\u0627\u0644\u0634\u0627\u0631\u0639", "😀", "\r\n", "\x0c",
    "\u2028", "\u00a0", "ﬁ", "Ⅷ", "０６１２３４５６７８", "\t", "  ", "-", "'", "’", ". ", ", ",
    "\n",
)  # fmt: skip

LETTERS = st.text(
    st.characters() | st.sampled_from("\ud800\udc00\udfff\u202e\u200f\u0000"), max_size=80
)
TEXTS = st.lists(st.sampled_from(PIECES) | LETTERS, max_size=12).map("".join)


@pytest.fixture(scope="module")
def quick() -> Guard:
    return open_quick_guard()


@pytest.fixture(scope="module")
def whole() -> Guard:
    return open_guard()


def tried(guard: Guard, text: str) -> Screened:
    """Screen a text; what stands between its findings must come out as it went in, but for what
    looks like a placeholder there."""
    screened = guard.screen(text)
    if not screened.findings:
        assert screened.text == text
        return screened
    at, left = 0, screened.text
    for finding in screened.findings:
        assert at <= finding.start < finding.end <= len(text)
        kept = escape(text[at : finding.start])
        assert left.startswith(kept), "what was not hidden stays as it is"
        left = left[len(kept) :]
        assert left.startswith("[")
        left = left[left.index("]") + 1 :]
        at = finding.end
    assert left == escape(text[at:])
    for doubt in screened.doubts:
        assert 0 <= doubt.start < doubt.end <= len(text)
    return screened


def tried_twice(guard: Guard, text: str) -> None:
    """Screen a text, and what came of it: it stays as it is, unless somebody wrote the label of a
    placeholder, which may look like a name once it is none."""
    screened = tried(guard, text)
    again = guard.screen(screened.text, trust_placeholders=True)
    if "PERSONNE" not in text:
        assert (again.text, again.findings) == (screened.text, ())


@tries(60)
@given(TEXTS)
@example("\ud800")
@example("a" * 20_000)
@example("Zoé Quillebec " * 500)
@example("\u202e Madame Zoé Quillebec \u202c")
@example("[PERSONNE_1] " * 200)
def test_any_text_is_answered(quick: Guard, text: str) -> None:
    tried_twice(quick, text)


@tries(10)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_the_pages_of_a_document_are_answered_each(quick: Guard, pages: list[str]) -> None:
    screened = quick.screen_pages(pages)
    assert len(screened) == len(pages)
    for page, made in zip(pages, screened, strict=True):
        assert all(0 <= f.start < f.end <= len(page) for f in made.findings)


@pytest.mark.real
@tries(30)
@given(TEXTS)
@example("\ud800")
@example("Madame Zoé Quillebec\0" * 50)
@example("[PERSONNE_1]" + "Madame Zoé Quillebec" + "[PERSONNE_1]")
def test_any_text_is_answered_by_the_whole_guard(whole: Guard, text: str) -> None:
    tried_twice(whole, text)


@tries(5)
@given(st.sampled_from(PIECES), st.integers(1_000, 4_000))
def test_a_very_long_line_is_answered(quick: Guard, piece: str, times: int) -> None:
    tried(quick, piece * times)
