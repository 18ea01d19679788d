# SPDX-License-Identifier: EUPL-1.2
"""A period in figures, and the plots that are drawn of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.cards.card import PROPOSALS
from assistant.evaluation_kept import EVALUATION
from guardrails.register import Entry, Kind
from guardrails.register.records import JsonValue
from ui.auditor.figures import Bucket, Figures, Step, figures, lean
from ui.auditor.plots import Axis, Bar, Series, bars, columns, spans
from ui.auditor.report import Report
from ui.auditor.words import Words

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def entry(kind: Kind, at: datetime, **payload: JsonValue) -> Entry:
    return Entry(
        index=0, at=at, kind=kind, exchange="e", leaf=b"", public={}, erased=False, payload=payload
    )


def outcome(at: datetime, status: str = "answer", **payload: JsonValue) -> Entry:
    return entry(Kind.OUTCOME, at, status=status, **payload)


def test_outcomes_are_counted_by_day_and_empty_days_stay() -> None:
    counted = figures(
        [
            outcome(MONDAY, seconds=2.0, energy_wh=0.1),
            outcome(MONDAY, seconds=4.0, energy_wh=0.2),
            outcome(MONDAY, "refusal", reason="off_topic", seconds=9.0),
            outcome(MONDAY + timedelta(days=2), "abandoned"),
        ],
        UTC,
    )
    first, second, third = counted.buckets
    assert counted.step is Step.DAY
    assert first == Bucket(
        start=date(2026, 3, 2), answers=2, refusals=1, median=4.0, p95=9.0, energy_wh=0.3
    )
    assert second == Bucket(start=date(2026, 3, 3))
    assert (third.others, third.median) == (1, None)
    assert counted.total.refusals == {"off_topic": 1}


@pytest.mark.parametrize("role", [PROPOSALS, EVALUATION])
def test_what_the_program_asked_itself_is_counted_nowhere(role: str) -> None:
    own = replace(outcome(MONDAY, seconds=2.0), role=role)
    counted = figures([own, outcome(MONDAY, "refusal")], UTC)
    (day,) = counted.buckets
    assert (day.answers, day.refusals) == (0, 1)
    assert (counted.total.answers, counted.total.entries) == (0, {Kind.OUTCOME: 1})


@pytest.mark.parametrize(
    ("role", "payload"), [(EVALUATION, {}), (PROPOSALS, {}), ("agent", {"quotes_only": True})]
)
def test_what_auditors_thought_of_the_program_s_own_questions_is_counted_nowhere(
    role: str, payload: dict[str, JsonValue]
) -> None:
    asked = replace(entry(Kind.INTENT, MONDAY, **payload), role=role)
    review = entry(Kind.REVIEW, MONDAY, mark="wrong", verdict="disagree")
    counted = figures([lean(one) for one in (asked, review)], UTC)
    assert (counted.marks, counted.total.disagreements) == ((), 0)


def test_days_are_those_of_the_place() -> None:
    late = outcome(datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    assert figures([late], UTC).buckets[0].start == date(2026, 3, 2)
    assert figures([late], ZoneInfo("Europe/Paris")).buckets[0].start == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("days", "step", "columns", "first"),
    [
        (45, Step.DAY, 45, date(2026, 3, 2)),
        (46, Step.WEEK, 7, date(2026, 3, 2)),
        (400, Step.MONTH, 14, date(2026, 3, 1)),
    ],
)
def test_the_longer_the_period_the_wider_the_columns(
    days: int, step: Step, columns: int, first: date
) -> None:
    counted = figures([outcome(MONDAY), outcome(MONDAY + timedelta(days=days - 1))], UTC)
    assert (counted.step, len(counted.buckets)) == (step, columns)
    assert counted.buckets[0].start == first
    assert sum(bucket.answers for bucket in counted.buckets) == 2


def test_an_interrupted_question_counts_among_the_others() -> None:
    closed = Entry(
        index=3, at=MONDAY, kind=Kind.INCIDENT, exchange="e", leaf=b"",
        public={"closes": 1, "why": "process_died"}, erased=False,
    )  # fmt: skip
    assert figures([closed], UTC).buckets[0].others == 1


def test_marks_are_counted_by_what_they_say() -> None:
    review = [entry(Kind.REVIEW, MONDAY, mark=m, verdict="disagree") for m in ("wrong", "wrong")]
    assert figures(review, UTC).marks == (("wrong", 2),)


def test_nothing_is_no_figure() -> None:
    assert figures([], UTC).buckets == ()
    assert "Aucune question" in Report(Words("fr", UTC))(figures([], UTC))


def heights(drawing: str, kind: str) -> list[float]:
    found = re.findall(rf'class="p-{kind}" .*?height="([\d.]+)"', drawing)
    return [float(height) for height in found[1:]]  # the first is the legend's


AXIS = Axis(first="a", last="b", top="4")


def test_columns_stand_on_each_other_and_fill_the_height() -> None:
    drawn = columns(
        [
            Series(kind="answer", name="A", values=[3, 1]),
            Series(kind="refusal", name="R", values=[1, 0]),
        ],
        AXIS,
        "label",
    )
    assert heights(drawn, "answer") == [75.0, 25.0]
    assert heights(drawn, "refusal") == [25.0]
    tops = [float(y) for y in re.findall(r'y="([\d.]+)"', drawn)]
    assert min(tops) == 0.0
    assert 'role="img" aria-label="label"' in drawn


def test_a_span_is_not_drawn_where_nothing_was_measured() -> None:
    low = Series(kind="median", name="m", values=[2.0, None])
    high = Series(kind="p95", name="p", values=[4.0, None])
    drawn = spans(low, high, AXIS, "label")
    assert (heights(drawn, "median"), heights(drawn, "p95")) == ([50.0], [100.0])


def test_bars_are_as_long_as_their_values() -> None:
    drawn = bars([Bar(name="x", value=8, shown="8"), Bar(name="y", value=2, shown="2")], "hidden")
    assert re.findall(r'width="([\d.]+)"', drawn) == ["100.000", "25.000"]


def test_each_plot_has_its_figures_in_a_table() -> None:
    counted: Figures = figures(
        [outcome(MONDAY, seconds=2.0), outcome(MONDAY, "refusal", reason="off_topic")], UTC
    )
    page = Report(Words("fr", UTC))(counted)
    assert page.count("<figure") == page.count("<figcaption") == 6
    assert '<th scope="row">02/03/2026</th><td>1</td><td>1</td><td>0</td>' in page
    assert '<th scope="row">hors sujet</th><td>1</td>' in page
    assert "2,0\u00a0s" in page or "2,0 s" in page
