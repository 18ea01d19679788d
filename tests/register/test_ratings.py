# SPDX-License-Identifier: EUPL-1.2
"""Answers rated sentence by sentence: what is entered, who sees it when, what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

import pytest

from guardrails.errors import RecordInvalid
from guardrails.findings import Screened
from guardrails.intervals import clopper_pearson
from guardrails.register import AuditRecord, Kind, Register, Selection
from guardrails.register.quality import MIN_PAIRS, Agreement, Disputed, Share
from guardrails.register.ratings import (
    Rated,
    Rating,
    Said,
    Source,
    enter_ratings,
    rating_of,
    seen_by,
    to_rate,
)
from guardrails.register.sampling import Sample, redraw, review, sample, second
from guardrails.register.statistics import summary
from tests.register.homes import Home, ask_in, live
from tests.table import each

RIGHT, PARTLY, WRONG = Said.RIGHT, Said.PARTLY, Said.WRONG
GOOD, BAD, NONE = Source.RIGHT, Source.WRONG, Source.NONE
QUOTE = {"quote": "La mairie ouvre à neuf heures.", "page": 1}


def answered(register: Register, sentences: int = 2, *, status: str = "answer") -> str:
    """Enter an answer; its first sentence has no quote, the others have one."""
    exchange = register.new_exchange()
    said = [
        (Kind.SENTENCE, {"text": f"Phrase {n}.", "citations": [QUOTE] if n else []})
        for n in range(sentences)
    ]
    for kind, payload in [(Kind.INTENT, {"question": "Quand ?"}), *said,
                          (Kind.OUTCOME, {"status": status})]:  # fmt: skip
        register.append(AuditRecord(kind=kind, exchange=exchange, role="agent", payload=payload))
    return exchange


def rating(
    register: Register, exchange: str, *found: tuple[Said, Source], drawn: Sample | None = None,
    is_dangerous: bool = False,
) -> Rating:  # fmt: skip
    asked = to_rate(register.unrecorded_exchange(exchange))
    rated = tuple(
        Rated(index=entry.index, said=said, source=source)
        for entry, (said, source) in zip(asked, found, strict=False)
    )
    return Rating(
        exchange=exchange,
        rated=rated,
        comment=Screened("[PERSONNE_1]"),
        is_dangerous=is_dangerous,
        sample=drawn,
    )


def rate(
    register: Register, exchange: str, *found: tuple[Said, Source], user: str = "camille",
    drawn: Sample | None = None, is_dangerous: bool = False,
) -> int:  # fmt: skip
    made = rating(register, exchange, *found, drawn=drawn, is_dangerous=is_dangerous)
    (place,) = enter_ratings(register, [made], user=user, role="auditor")
    return place.index


FINE = ((RIGHT, NONE), (RIGHT, GOOD))


# -- what is entered


@pytest.mark.parametrize(
    ("found", "is_dangerous", "mark"),
    [
        (FINE, False, "right"),
        (((RIGHT, NONE), (PARTLY, GOOD)), False, "incomplete"),
        (((RIGHT, NONE), (RIGHT, BAD)), False, "incomplete"),
        (((PARTLY, NONE), (WRONG, GOOD)), False, "wrong"),
        (FINE, True, "dangerous"),
    ],
)
def test_a_rating_is_one_entry_of_the_exchange_with_a_mark_of_the_whole(
    register: Register, found: tuple[tuple[Said, Source], ...], is_dangerous: bool, mark: str
) -> None:
    exchange = answered(register)
    outcome = register.size() - 1
    rate(register, exchange, *found, is_dangerous=is_dangerous)
    *_, entry = register.unrecorded_exchange(exchange)
    assert (entry.kind, entry.public, entry.role) == (Kind.REVIEW, {"reviews": outcome}, "auditor")
    assert entry.actor == register.pseudonym("camille")
    verdict = "agree" if mark == "right" else "disagree"
    assert entry.payload == {
        "mark": mark, "verdict": verdict, "comment": "[PERSONNE_1]",
        "ratings": [
            {"entry": outcome - 2 + n, "said": said, "source": source}
            for n, (said, source) in enumerate(found)
        ],
    }  # fmt: skip
    counted = summary(register.entries())
    assert (counted.agreements, counted.disagreements) == (mark == "right", mark != "right")
    assert register.verify().holds


REFUSED = {
    "a sentence is left out": ((RIGHT, NONE),),
    "nothing is rated": (),
    "a quote is not rated": ((RIGHT, NONE), (RIGHT, NONE)),
    "a quote that is not there is": ((RIGHT, GOOD), (RIGHT, GOOD)),
}


@each("what", REFUSED)
def test_a_rating_that_is_not_of_each_sentence_is_refused(register: Register, what: str) -> None:
    exchange = answered(register)
    size = register.size()
    with pytest.raises(RecordInvalid):
        rate(register, exchange, *REFUSED[what])
    assert register.size() == size


def test_sentences_are_rated_once_in_their_order_and_of_their_own_exchange(
    register: Register,
) -> None:
    mine, other = answered(register), answered(register)
    made = rating(register, mine, *FINE)
    for wrong in (
        replace(made, rated=made.rated[::-1]),
        replace(made, rated=(*made.rated, made.rated[0])),
        replace(made, exchange=other),
        replace(made, exchange="nobody-s"),
    ):
        with pytest.raises(RecordInvalid):
            enter_ratings(register, [wrong], user="camille")


def test_a_refusal_is_right_or_wrong_as_a_whole(
    register: Register, ask: Callable[..., str]
) -> None:
    exchange = ask(reason="off_topic")
    with pytest.raises(RecordInvalid, match="right or wrong"):
        rate(register, exchange, (PARTLY, NONE))
    rate(register, exchange, (WRONG, NONE))
    (entered,) = filter(None, map(rating_of, register.unrecorded_exchange(exchange)))
    assert (entered.is_refusal, entered.mark) == (True, "wrong")


@pytest.mark.parametrize("status", ["abandoned", "interrupted"])
def test_what_neither_said_nor_refused_anything_is_not_rated(
    register: Register, status: str
) -> None:
    exchange = answered(register, 0, status=status)
    assert to_rate(register.unrecorded_exchange(exchange)) == ()
    with pytest.raises(RecordInvalid, match="nothing to rate"):
        rate(register, exchange)
    assert len(to_rate(register.unrecorded_exchange(answered(register, 1, status=status)))) == 1


def test_an_open_question_and_one_whose_content_is_erased_are_not_rated(
    register: Register,
) -> None:
    register.append(AuditRecord(kind=Kind.INTENT, exchange="left"))
    gone = answered(register)
    register.erase(Selection(exchange=gone, kinds=(Kind.SENTENCE,)), why="request")
    for exchange in ("left", gone):
        with pytest.raises(RecordInvalid, match="nothing to rate"):
            rate(register, exchange)


def test_an_erased_exchange_takes_its_ratings_along(register: Register) -> None:
    exchange = answered(register)
    drawn = sample(register, 1)
    rate(register, exchange, *FINE, drawn=drawn)
    assert summary(register.entries()).ratings.rated == 1
    register.erase(Selection(exchange=exchange), why="request")
    counted = summary(register.entries())
    assert (counted.ratings.rated, counted.ratings.draws, counted.agreements) == (0, (), 0)
    assert register.verify().holds


def test_all_ratings_are_entered_or_none(register: Register) -> None:
    fine = rating(register, answered(register), *FINE)
    short = rating(register, answered(register), (RIGHT, NONE))
    size = register.size()
    for some in ([fine, short], [fine, fine]):
        with pytest.raises(RecordInvalid):
            enter_ratings(register, some, user="camille")
    assert register.size() == size
    assert enter_ratings(register, [], user="camille") == []


def test_only_what_was_drawn_counts_for_a_draw(register: Register) -> None:
    drawn = sample(register, 3, seed="a")
    exchange = answered(register)  # asked after the draw
    with pytest.raises(RecordInvalid, match="not of that draw"):
        rate(register, exchange, *FINE, drawn=drawn)


# -- who sees it when


def test_others_ratings_are_seen_once_one_has_rated(register: Register) -> None:
    exchange = answered(register)
    rate(register, exchange, *FINE, user="camille")
    review(register, 2, agrees=True, comment=Screened(""))

    def seen(user: str) -> int:
        entries = register.unrecorded_exchange(exchange)
        own = register.keyring.pseudonyms(user)
        return sum(entry.kind is Kind.REVIEW for entry in seen_by(entries, own))

    assert (seen("camille"), seen("dominique")) == (1, 0)
    rate(register, exchange, (WRONG, NONE), (RIGHT, GOOD), user="dominique")
    assert (seen("camille"), seen("dominique"), seen("sasha")) == (2, 2, 0)


def test_what_cannot_be_rated_any_more_hides_no_rating(register: Register) -> None:
    exchange = answered(register)
    rate(register, exchange, *FINE)
    register.erase(Selection(exchange=exchange, kinds=(Kind.SENTENCE,)), why="request")
    entries = register.unrecorded_exchange(exchange)
    assert seen_by(entries, ()) == entries


# -- what it comes to


def asked_and_drawn(register: Register, count: int) -> Sample:
    """Ask so many more questions, and draw all there are."""
    for _ in range(count):
        answered(register)
    return sample(register, 1_000, seed="mars2026")


def test_the_share_is_of_answers_and_of_those_drawn(register: Register) -> None:
    refused = [ask_in(register, reason=reason) for reason in ("off_topic", "no_evidence")]
    drawn = asked_and_drawn(register, 4)
    rate(register, answered(register), (WRONG, NONE), (WRONG, BAD))  # sought out
    for said, exchange in zip((RIGHT, WRONG), refused, strict=True):
        rate(register, exchange, (said, NONE), drawn=drawn)
    for exchange in [e for e in drawn.exchanges if e not in refused][:3]:
        rate(register, exchange, *FINE, drawn=drawn)
    told = summary(register.entries()).ratings
    (draw,) = told.draws
    low, high = clopper_pearson(3, 3)
    assert (draw.sample, draw.drawn, draw.population, draw.rated) == (drawn.sealed, 6, 6, 5)
    assert draw.answers == Share(right=3, total=3, low=round(low, 4), high=high)
    assert (draw.refusals.right, draw.refusals.total) == (1, 2)
    assert (told.rated, told.last) == (6, f"{register.now():%Y-%m-%d}")


def test_an_answer_is_right_when_all_its_sentences_and_sources_are(register: Register) -> None:
    drawn = asked_and_drawn(register, 4)
    ways = [FINE, ((RIGHT, NONE), (PARTLY, GOOD)), ((RIGHT, NONE), (RIGHT, BAD)), FINE]
    for way, exchange in zip(ways, drawn.exchanges, strict=True):
        rate(register, exchange, *way, drawn=drawn)
    (draw,) = summary(register.entries()).ratings.draws
    assert (draw.answers.right, draw.answers.total, draw.rated) == (2, 4, 4)
    assert (draw.sentences_right, draw.sentences_partly, draw.sentences) == (7, 1, 8)
    assert (draw.sources_right, draw.sources) == (3, 4)


def test_the_first_to_rate_decides_by_their_latest_rating(register: Register) -> None:
    drawn = asked_and_drawn(register, 1)
    (exchange,) = drawn.exchanges
    rate(register, exchange, (WRONG, NONE), (RIGHT, GOOD), user="camille", drawn=drawn)
    rate(register, exchange, *FINE, user="dominique", drawn=drawn)
    told = summary(register.entries()).ratings
    assert (told.draws[0].answers.right, len(told.disputed)) == (0, 1)
    rate(register, exchange, *FINE, user="camille", drawn=drawn)
    told = summary(register.entries()).ratings
    assert (told.draws[0].answers.right, told.disputed) == (1, ())
    # what they found before either knew of the other stays what it was
    assert (told.agreement.pairs, told.agreement.same) == (2, 1)


def test_a_rater_whose_pseudonym_changed_is_no_second_rater(home: Home, register: Register) -> None:
    drawn = asked_and_drawn(register, 1)
    (exchange,) = drawn.exchanges
    first = rate(register, exchange, *FINE, drawn=drawn)
    march = register.pseudonym("camille")
    live(home, register, days=31)
    rate(register, exchange, (WRONG, NONE), (RIGHT, GOOD), drawn=drawn)
    *_, again = register.unrecorded_exchange(exchange)
    assert again.actor != march
    assert again.payload["replaces"] == first
    told = summary(register.entries()).ratings
    assert (told.agreement, told.disputed) == (Agreement(), ())
    assert (told.draws[0].rated, told.draws[0].answers.right) == (1, 0)


def test_who_saw_the_other_s_rating_first_is_in_no_pair(register: Register) -> None:
    """Rated once outside the draw, the others' ratings were seen; then in the draw."""
    drawn = asked_and_drawn(register, 1)
    (exchange,) = drawn.exchanges
    rate(register, exchange, *FINE, user="camille", drawn=drawn)
    rate(register, exchange, (WRONG, NONE), (RIGHT, GOOD), user="dominique")
    rate(register, exchange, *FINE, user="dominique", drawn=drawn)
    assert summary(register.entries()).ratings.agreement.pairs == 0


def test_kappa_is_what_cohen_reckons_and_is_not_told_of_a_few(register: Register) -> None:
    drawn = asked_and_drawn(register, MIN_PAIRS // 2)
    for number, exchange in enumerate(drawn.exchanges):
        if number == len(drawn.exchanges) - 1:
            few = summary(register.entries()).ratings.agreement
        # 15 pairs on the first sentences: 9 right-right, 3 wrong-wrong, 3 right-wrong; the second
        # sentences are right for both
        one = WRONG if number % 5 == 0 else RIGHT
        other = WRONG if number % 5 < 2 else RIGHT
        for user, said in (("camille", one), ("dominique", other)):
            rate(register, exchange, (said, NONE), (RIGHT, GOOD), user=user, drawn=drawn)
    told = summary(register.entries()).ratings
    assert (few.pairs, few.kappa) == (28, None)
    # same: 27 of 30; by chance (27 × 24 + 3 × 6) / 900 = 0.74; (0.9 − 0.74) / 0.26
    assert told.agreement == Agreement(pairs=30, same=27, kappa=0.615)
    assert told.sources == Agreement(pairs=15, same=15)
    wrong = [e for n, e in enumerate(drawn.exchanges) if n % 5 == 1]
    assert told.disputed == tuple(
        Disputed(exchange=e, index=to_rate(register.unrecorded_exchange(e))[0].index) for e in wrong
    )


def test_all_alike_has_no_kappa(register: Register) -> None:
    drawn = asked_and_drawn(register, MIN_PAIRS // 2)
    for exchange in drawn.exchanges:
        for user in ("camille", "dominique"):
            rate(register, exchange, *FINE, user=user, drawn=drawn)
    agreement = summary(register.entries()).ratings.agreement
    assert agreement == Agreement(pairs=MIN_PAIRS, same=MIN_PAIRS)


def test_older_marks_count_as_before_and_are_no_rating(register: Register) -> None:
    exchange = answered(register)
    old = {"mark": "wrong", "verdict": "disagree", "comment": ""}
    register.append(
        AuditRecord(kind=Kind.REVIEW, exchange=exchange, payload=old), public={"reviews": 4}
    )
    review(register, 2, agrees=True, comment=Screened(""))
    counted = summary(register.entries())
    assert (counted.agreements, counted.disagreements, counted.ratings.rated) == (1, 1, 0)


@each("payload", [
    {"ratings": "all"}, {"ratings": [{"entry": 1}]}, {"ratings": [{"entry": "x", "said": "right",
    "source": "none"}]}, {"ratings": [{"entry": 1, "said": "great", "source": "none"}]},
])  # fmt: skip
def test_a_rating_of_another_shape_is_none(register: Register, payload: dict[str, object]) -> None:
    record = AuditRecord(kind=Kind.REVIEW, exchange="e", payload=payload)  # type: ignore[arg-type]
    register.append(record, public={"reviews": 1})
    assert summary(register.entries()).ratings.rated == 0


def test_what_is_counted_is_json(register: Register) -> None:
    drawn = asked_and_drawn(register, 1)
    rate(register, drawn.exchanges[0], *FINE, drawn=drawn)
    told = asdict(summary(register.entries()))["ratings"]
    assert told["draws"][0]["answers"] == {"right": 1, "total": 1, "low": 0.025, "high": 1.0}


# -- the second rater's share


def test_a_fifth_is_rated_twice_and_the_seed_says_which(register: Register) -> None:
    drawn = asked_and_drawn(register, 22)
    twice = second(drawn)
    assert len(twice) == 5
    assert [e for e in drawn.exchanges if e in twice] == [*twice]
    assert twice == second(redraw(register, drawn.sealed))
    assert twice not in (drawn.exchanges[:5], drawn.exchanges[-5:])
    assert second(replace(drawn, exchanges=())) == ()
