# SPDX-License-Identifier: EUPL-1.2
"""What counts as right, what is counted, and the thresholds that a run must hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers import (
    Answer,
    Citation,
    Found,
    Lead,
    Outcome,
    Reason,
    Refusal,
    Sentence,
    Step,
)
from assistant.errors import UserError
from assistant.evaluation import (
    EvalQuestion,
    Score,
    Verdict,
    evaluate,
    holds,
    read_questions,
    score,
)
from assistant.evaluation_page import EvaluationPage
from assistant.tally import Gate, by_kind, percentile, tally
from assistant.texts import Texts
from tests.table import each

PAGE = "Article 1\nLe repas de la cantine\ncoûte 4,20 €. Le repas du soir coûte 6 €."
ASKED = EvalQuestion(
    question="Combien coûte le repas ?", answers=("4,20 €",), file="cantine.pdf", page=2, kind="a"
)
TO_REFUSE = EvalQuestion(question="Quel temps fera-t-il ?", kind="off_topic")


def page_text(document: str, page: int) -> str | None:
    return PAGE if (document, page) in {("d", 2), ("d", 3)} else None


def answer(
    text: str = "Le repas coûte 4,20 €.",
    *,
    page: int = 2,
    quote: str = "Le repas de la cantine coûte 4,20 €.",
    seconds: float = 1.0,
) -> Answer:
    citation = Citation(
        number=1, document="d", file="cantine.pdf", page=page, quote=quote, start=0, end=1
    )
    return Answer(
        sentences=(Sentence(text=text, citations=(1,)),), citations=(citation,), record="r",
        seconds=seconds, energy_wh=0.01, energy_method="cpu_time",
    )  # fmt: skip


def refusal(reason: Reason = Reason.NO_EVIDENCE) -> Refusal:
    return Refusal(reason=reason, nearest=(), record="r", seconds=0.5, energy_wh=0.0)


@each(
    "said, accepted",
    [
        ("Le repas coûte 4,20 euros.", "4,20 €"),
        ("Il coûte 1 450 000,00 €.", "1450000"),
        ("Le marché : 42 077.50 €", "42077,5 €"),
        ("De 10 h 30 à 21 heures.", "de 10h30 à 21h00"),
        ("Il ferme à 18 heures.", "18 h"),
        ("Les mardis", "mardi"),
        ("Fermé l'ÉTÉ", "été"),
        ("Le vendredi, puis le mardi.", "mardi & vendredi"),
        ("Une surface de 100 m²", "100m²"),
    ],
)
def test_an_accepted_answer_is_seen_however_it_is_written(said: str, accepted: str) -> None:
    assert holds(said, accepted)


@each(
    "said, accepted",
    [
        ("Il coûte 14,20 €.", "4,20 €"),
        ("Il coûte 4,25 €.", "4,2 €"),
        ("Il coûte 292,50 €.", "292"),
        ("1 500 euros", "500 euros"),
        ("21 000 habitants", "21"),
        ("un ancien règlement", "un an"),
        ("à 18 h 30", "18 h"),
        ("Contre : 31", "Contre : 3"),
        ("Le mardi.", "mardi & vendredi"),
        ("Tout va bien.", ""),
    ],
)
def test_a_part_of_another_word_or_number_is_no_answer(said: str, accepted: str) -> None:
    assert not holds(said, accepted)


@each(
    "question, outcome, verdict",
    [
        (ASKED, answer(), Verdict.RIGHT),
        (ASKED, answer(page=3), Verdict.RIGHT_ELSEWHERE),
        (ASKED, answer("Le repas coûte 6 €."), Verdict.WRONG),
        (ASKED, refusal(), Verdict.REFUSED_WRONGLY),
        (TO_REFUSE, answer(), Verdict.WRONG),
        (TO_REFUSE, refusal(Reason.OFF_TOPIC), Verdict.REFUSED_RIGHTLY),
        (ASKED.model_copy(update={"page": 0}), answer(page=3), Verdict.RIGHT),
        (ASKED.model_copy(update={"file": "autre.pdf"}), answer(), Verdict.RIGHT_ELSEWHERE),
    ],
)
def test_a_verdict(question: EvalQuestion, outcome: Outcome, verdict: Verdict) -> None:
    assert score(question, outcome, page_text).verdict is verdict


def test_what_a_note_repeats_of_the_question_is_no_answer() -> None:
    told = answer("Le repas se réserve la veille.")
    note = Sentence(text="Pour « c'est 4,20 € ? » : rien.", citations=(), is_note=True)
    noted = replace(told, sentences=(*told.sentences, note))
    asked = EvalQuestion(question="C'est 4,20 € ?", answers=("4,20 €",), file="cantine.pdf", page=2)
    assert score(asked, noted, lambda document, page: None).verdict is Verdict.WRONG


def test_a_quote_is_looked_for_on_its_page_again() -> None:
    assert score(ASKED, answer(), page_text).quotes_off_page == 0
    assert score(ASKED, answer(quote="Le repas coûte 4,20 €."), page_text).quotes_off_page == 1
    assert score(ASKED, answer(page=9), page_text).quotes_off_page == 1
    assert score(ASKED, answer(quote=""), page_text).quotes == 0


def test_a_reply_is_followed_to_its_outcome_and_its_sources_are_timed() -> None:
    def ask(question: str) -> Iterator[Step]:
        yield Found(question=question, evidence=(), record="r")
        yield answer()

    (one,) = evaluate([ASKED], ask, page_text)
    assert one.verdict is Verdict.RIGHT
    assert 0.0 <= one.sources_seconds < 5.0
    with pytest.raises(AssertionError):
        list(evaluate([ASKED], lambda question: [], page_text))


def refusal_with(*quotes: str, page: int = 2) -> Refusal:
    leads = tuple(
        Lead(citation=replace(answer(page=page, quote=quote).citations[0]), under=(), score=0.5)
        for quote in quotes
    )
    return replace(refusal(Reason.NOT_ANSWERED), leads=leads)


RIGHT, OTHER = "Le repas de la cantine coûte 4,20 €.", "Le repas du soir coûte 6 €."


@each(
    "outcome, place",
    [
        (refusal_with(RIGHT, OTHER), 1),
        (refusal_with(OTHER, RIGHT), 2),
        (refusal_with(OTHER), 0),
        (refusal_with(RIGHT, page=3), 0),
        (refusal(), 0),
        (answer(), 0),
    ],
    ids=["first", "second", "another", "other page", "no lead", "an answer"],
)
def test_a_lead_counts_at_the_right_page_only(outcome: Outcome, place: int) -> None:
    assert score(ASKED, outcome, page_text).lead == place


def test_leads_are_counted_beside_answers_and_refusals() -> None:
    whole = tally(
        [
            score(ASKED, answer(), page_text),
            score(ASKED, refusal_with(RIGHT), page_text),
            score(ASKED, refusal_with(OTHER, RIGHT), page_text),
            score(TO_REFUSE, refusal_with("Du temps passé."), page_text),
            score(TO_REFUSE, refusal(), page_text),
        ]
    )
    assert (whole.right, whole.right_or_first_lead, whole.right_or_lead) == (1, 2, 3)
    assert whole.refused_with_lead == 1
    assert (whole.refused_rightly, whole.refused_wrongly) == (2, 2)
    assert (whole.quotes, whole.quotes_off_page) == (5, 1)


SCORES = [
    score(ASKED, answer(seconds=1.0), page_text),
    score(ASKED, answer("Le repas coûte 6 €.", seconds=2.0), page_text),
    score(ASKED, answer(page=9, seconds=3.0), page_text),
    score(TO_REFUSE, refusal(), page_text),
]


def test_scores_are_counted_over_all_and_by_kind() -> None:
    whole = tally(SCORES)
    assert (whole.questions, whole.answerable, whole.to_refuse) == (4, 3, 1)
    assert (whole.right, whole.right_elsewhere, whole.wrong) == (1, 1, 1)
    assert (whole.answered_share, whole.wrong_share, whole.refused_share) == (0.333, 0.25, 1.0)
    assert (whole.quotes, whole.quotes_off_page, whole.page_cited) == (3, 1, 2)
    assert (whole.seconds_p50, whole.energy_wh) == (1.5, 0.03)
    assert {kind: one.questions for kind, one in by_kind(SCORES).items()} == {
        "a": 3,
        "off_topic": 1,
    }
    assert tally([]).answered_share == tally([]).seconds_p95 == 0.0
    assert percentile([4.0], 95) == 4.0


def test_a_gate_names_each_threshold_that_is_not_held(tmp_path: Path) -> None:
    file = tmp_path / "gate.toml"
    file.write_text("wrong_at_most = 0.03\nquotes_off_page_at_most = 0\n", "utf-8")
    whole = tally(SCORES)
    assert Gate.read(file).broken(whole) == ["wrong_at_most", "quotes_off_page_at_most"]
    loose = Gate.read(file, ["wrong_at_most=0.25", "quotes_off_page_at_most=1"])
    assert loose.broken(whole) == []
    floors = Gate.read(None, ["answered_at_least=0.34", "refused_at_least=1"])
    assert floors.broken(whole) == ["answered_at_least"]
    assert Gate.read(None).broken(whole) == []
    assert floors.broken(tally([])) == ["answered_at_least", "refused_at_least"]


@pytest.mark.parametrize(
    "pair", ["unknown=1", "wrong_at_most=2", "wrong_at_most", "wrong_at_most=x"]
)
def test_a_threshold_that_says_nothing_is_refused(pair: str) -> None:
    with pytest.raises(UserError):
        Gate.read(None, [pair])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_stands_alone_and_shows_words_as_words(language: str) -> None:
    hostile = EvalQuestion(
        question="<script>alert(1)</script> ?", answers=("<b>4</b>",), kind="<i>"
    )
    texts = Texts("en" if language == "en" else "fr")
    page = EvaluationPage(texts)(
        "q.toml", [*SCORES, Score(question=hostile, verdict=Verdict.WRONG, said="<img src=x>")],
        date="2025-01-01", broken=["wrong_at_most"],
    )  # fmt: skip
    assert f'<html lang="{language}">' in page
    for forbidden in ("<script", "<b>", "<i>", "<img", "http:", "https:", "url(", "src="):
        assert forbidden not in page.replace("&lt;img src=x&gt;", "")
    assert page.count("<svg") == 2
    assert "wrong_at_most" in page
    assert texts("eval", "right_elsewhere") in page


def test_a_question_file_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    for text in ("[[question]]\nkind = 'a'", "question = 3", "=", ""):
        file = tmp_path / "q.toml"
        file.write_text(text, "utf-8")
        with pytest.raises(UserError):
            read_questions(file)
