# SPDX-License-Identifier: EUPL-1.2
"""The measure itself: one letter left is a leak, and what is hidden for nothing is counted."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.privacy import misses
from benchmarks.privacy_scores import Sample, Scores, Span, measure
from benchmarks.privacy_sets import read_sets
from tests.markup import read_marked
from tests.privacy.gold import read_held_out
from tests.table import each

MARKED = (
    "Vu la demande de M. ⟦PERSON:Jean RUEL⟧, ⟦MAY:55 ans⟧, "
    "reçue ⟦KEEP:rue Zola⟧ par ⟦OFFICIAL:A. Bel⟧."
)


def _sample(marked: str = MARKED) -> Sample:
    text, marks = read_marked(marked)
    return Sample(id="one", text=text, marks=tuple(marks))


def _where(sample: Sample, words: str) -> Span:
    start = sample.text.index(words)
    return start, start + len(words)


@each(
    "hidden, leaks",
    [
        (["Jean RUEL"], []),
        (["Jean", "RUEL"], []),
        (["M. Jean RUEL, 55 ans"], []),
        (["Jean RUE"], ["PERSON"]),
        (["ean RUEL"], ["PERSON"]),
        ([], ["PERSON"]),
    ],
    ids=["exact", "in two", "wider", "last letter left", "first letter left", "nothing"],
)
def test_an_entity_is_hidden_only_if_every_letter_is(hidden: list[str], leaks: list[str]) -> None:
    sample = _sample()
    outcome = measure(sample, [_where(sample, words) for words in hidden])
    assert [m.label for m in outcome.leaks] == leaks


@each(
    "hidden, touched, beside",
    [
        ("Jean RUEL", [], []),
        ("55 ans", [], []),
        ("M. Jean RUEL", [], ["M"]),
        ("rue Zola", ["KEEP"], ["rue Zola"]),
        ("Zola par A. Bel", ["KEEP", "OFFICIAL"], ["Zola par A. Bel"]),
        ("Vu la demande", [], ["Vu la demande"]),
    ],
)
def test_what_is_hidden_for_nothing_is_seen(
    hidden: str, touched: list[str], beside: list[str]
) -> None:
    sample = _sample()
    outcome = measure(sample, [_where(sample, hidden)])
    assert [m.label for m in outcome.touched] == touched
    assert [sample.text[start:end] for start, end in outcome.beside] == beside
    assert outcome.chars_beside == sum(c.isalnum() for words in beside for c in words)


def test_characters_that_could_be_spared_are_those_outside_personal_data() -> None:
    outcome = measure(_sample("⟦PERSON:Ali⟧ ira, ⟦MAY:Lyon⟧ ou ⟦KEEP:rue Zola⟧."), [])
    assert outcome.chars_plain == len("iraourueZola")


def test_scores_count_documents_with_something_to_hide() -> None:
    scores = Scores()
    leaky, clean, empty = _sample(), _sample("M. ⟦PERSON:Bo⟧"), _sample("⟦KEEP:Vu⟧ la loi")
    scores.add(leaky, measure(leaky, []))
    scores.add(clean, measure(clean, [(3, 5)]))
    scores.add(empty, measure(empty, []))
    assert (scores.clean, scores.documents) == (1, 2)
    assert (scores.leaks["PERSON"], scores.entities["PERSON"]) == (1, 2)
    assert (scores.touched["KEEP"], scores.stays["KEEP"]) == (0, 2)


class _Blind:
    """A system that hides nothing: every error there can be is made."""

    name = "blind"
    version = "1"

    def hide(self, samples: Sequence[Sample]) -> list[list[Span]]:
        return [[] for _ in samples]


def test_errors_are_shown_and_what_is_judged_is_not() -> None:
    shown, judged = set[str](), set[str]()
    for one in read_sets():
        shown |= {s.text for s in one.dev}
        if one.name != "gold, dev part":
            judged |= {s.text for s in one.samples}
    assert shown
    assert not shown & judged
    assert not {p.text for part in read_held_out() for p in part} & shown


def test_every_error_is_shown() -> None:
    sample = _sample()
    assert list(misses(_Blind(), [sample])) == [
        "LEAK PERSON          one: "
        "Vu la demande de M. ⟦Jean RUEL⟧, 55 ans, reçue rue Zola par A. Bel."
    ]
