# SPDX-License-Identifier: EUPL-1.2
"""Forms are read with distrust: what is not known is refused, and never gets into the register."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.answers import Reason
from guardrails.register import Kind, Selection
from tests.table import each
from ui.auditor.asked import (
    BadForm,
    export_of,
    form_of,
    note_of,
    number_of,
    seed_of,
    selection_of,
)

PSEUDONYM = "2026-03.54b710d07da3eb7b1057"


def test_without_a_word_questions_are_asked_for() -> None:
    assert selection_of({}) == Selection(kinds=(Kind.INTENT,))


def test_all_entries_and_one_kind() -> None:
    assert selection_of({"kind": "all"}) == Selection()
    assert selection_of({"kind": "reading"}).kinds == (Kind.READING,)


def test_days_are_those_of_the_place_and_both_are_included() -> None:
    form = {"since": "2026-03-02", "until": "2026-03-29"}
    paris = selection_of(form, ZoneInfo("Europe/Paris"))
    assert paris.since and paris.until
    assert paris.since.astimezone(UTC) == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert paris.until.astimezone(UTC) == datetime(2026, 3, 29, 22, tzinfo=UTC)  # summer time


def test_every_choice_of_the_form_is_taken() -> None:
    chosen = selection_of({
        "kind": "all", "outcome": "interrupted", "reason": "off_topic", "audience": "senior",
        "actor": PSEUDONYM,
    })  # fmt: skip
    assert (chosen.outcomes, chosen.reasons) == (("interrupted",), ("off_topic",))
    assert (chosen.audiences, chosen.actors) == (("senior",), (PSEUDONYM,))
    for reason in Reason:
        assert selection_of({"reason": reason.value}).reasons == (reason.value,)


@each(
    "form, key",
    [
        ({"since": "hier"}, "bad_day"),
        ({"until": "0001-01-01"}, "bad_day"),
        ({"until": "9999-12-31"}, "bad_day"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "bad_period"),
        ({"actor": "Odile Ferrand"}, "bad_actor"),
        ({"actor": PSEUDONYM + "0"}, "bad_actor"),
        ({"kind": "nothing"}, "bad_field"),
        ({"outcome": "maybe"}, "bad_field"),
        ({"reason": "<b>"}, "bad_field"),
        ({"audience": "everybody"}, "bad_field"),
    ],
)
def test_what_is_not_known_is_refused(form: dict[str, str], key: str) -> None:
    with pytest.raises(BadForm) as refused:
        selection_of(form)
    assert refused.value.key == key


@each("written", ["", "-1", "1.5", "abc", "²", "١", "101", "9" * 13])
def test_a_number_is_a_whole_number_within_bounds(written: str) -> None:
    with pytest.raises(BadForm, match="bad_index"):
        number_of({"index": written}, "index", 0, 100, "bad_index")


def test_a_number_may_be_written_with_its_spaces() -> None:
    assert number_of({"index": "100\u202f000"}, "index", 0, 10**6, "bad_index") == 100_000


def test_seed_note_and_export() -> None:
    assert seed_of({"seed": "mars2026"}) == "mars2026"
    assert note_of({"note": "x" * 2000}) == "x" * 2000
    assert export_of({"form": "bundle"}) == "bundle"
    for read, form in (
        (seed_of, {"seed": "été"}),
        (seed_of, {"seed": "a" * 65}),
        (note_of, {"note": "x" * 2001}),
        (export_of, {"form": "../x"}),
    ):
        with pytest.raises(BadForm):
            read(form)  # type: ignore[operator]


def test_what_a_page_sends_is_taken_as_texts_only() -> None:
    assert form_of({"a": " b ", "n": 3, "l": ["x"], "long": "x" * 20_000}) == {"a": "b"}
    assert form_of(None) == form_of([1]) == {}
