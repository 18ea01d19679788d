# SPDX-License-Identifier: EUPL-1.2
"""Where to read when no answer is sure: which lines, how much of each, and when none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import pytest

from assistant.answers import MAY_LEAD, Leading, Reason, Refusal
from assistant.evidence import Candidate
from assistant.leads import (
    MOST,
    MOST_CHARS,
    LeadFeatures,
    LeadModel,
    LogisticModel,
    lead_features,
    lead_model,
    leads,
    likeliest,
    stretch,
)
from assistant.seams import Extract
from assistant.selection import LEAST, Selection
from assistant.understanding.questions import Question, QuestionKind
from guardrails.register import Register
from guardrails.register.records import Kind
from tests.assistant.conftest import Opener
from tests.assistant.test_items import WEEK
from tests.assistant.test_reading import candidates
from tests.fakes import ScriptedModel

HALL = """Location de la salle des fêtes
Le tarif de la journée est de 180 euros pour les habitants.
Une caution de 300 euros est demandée à la remise des clés.
Le ménage est à la charge de celui qui loue la salle.
Les clés se prennent le vendredi avant 16 heures à la mairie."""
ASKED = Question(text="Combien coûte la salle ?", kind=QuestionKind.AMOUNT, language="fr")


def selection(lines: list[Candidate], *odds: float) -> Selection:
    return Selection({(c.passage.id, c.text): o for c, o in zip(lines, odds, strict=True)})


@pytest.fixture
def by_selector(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are as likely as the selector's odds above `LEAST` say, and shown from one half."""
    model = LeadModel(LogisticModel(LEAST, {"selected": 1.0}), 0.5)
    monkeypatch.setattr("assistant.leads.lead_model", lambda *, selects: model)


@pytest.mark.usefixtures("by_selector")
def test_the_likeliest_lines_are_shown_word_for_word_the_likeliest_first() -> None:
    lines = candidates(HALL)
    found = leads(ASKED, lines, selection(lines, -5, 1, 3, -5, 2))
    assert [lead.citation.quote for lead in found] == [lines[n].text for n in (2, 4, 1)]
    assert [lead.citation.number for lead in found] == [1, 2, 3]
    assert found[0].score > found[1].score > found[2].score >= 0.5
    for lead in found:
        assert HALL[lead.citation.start : lead.citation.end] == lead.citation.quote
        assert (lead.citation.file, lead.under) == ("a.txt", ("Salle",))


@pytest.mark.usefixtures("by_selector")
def test_there_are_three_at_most_and_none_below_the_floor() -> None:
    lines = candidates(HALL)
    assert len(leads(ASKED, lines, selection(lines, 1, 1, 1, 1, 1))) == MOST == 3
    assert len(leads(ASKED, lines, selection(lines, -1, 1, -1, -1, -1))) == 1
    assert leads(ASKED, lines, selection(lines, *[-1] * 5)) == ()


@pytest.mark.usefixtures("by_selector")
def test_what_was_replaced_or_is_over_leads_nowhere() -> None:
    lines = candidates(HALL)
    old = [replace(c, passage=replace(c.passage, superseded_by="2025-4")) for c in lines]
    assert leads(ASKED, old, selection(old, *[3] * 5)) == ()
    text = "Le prochain conseil se tient le 3 mars 2021 à 19 heures à la mairie."
    over = candidates(text)
    asked = replace(ASKED, text="Quand est le prochain conseil ?")
    assert leads(asked, over, selection(over, 3)) == ()


@pytest.mark.usefixtures("by_selector")
def test_rows_that_the_question_does_not_tell_apart_are_one_lead() -> None:
    lines = candidates(WEEK)
    asked = replace(ASKED, text="Quels sont les horaires de la mairie ?")
    (week,) = leads(asked, lines[1:5], selection(lines[1:5], *[3] * 4))
    assert week.citation.quote == "\n".join(WEEK.splitlines()[1:5])


def test_a_lead_is_short() -> None:
    long = "Le tarif de la salle est " + "de cent quatre-vingts euros, " * 30 + "payables d'avance."
    (line,) = candidates(long)
    cut = stretch(line, ASKED.text)
    assert len(cut.text) <= MOST_CHARS
    assert long[len(cut.text)] == " "
    lines = candidates("\n".join(f"{row} et plus loin aussi{' encore' * 12}" for row in DAYS))
    asked = "Quels sont les horaires ?"
    assert stretch(lines[2], asked).text == lines[2].text


DAYS = [f"Jour : {day} ; Matin : 9 h – 12 h ; Lieu : mairie" for day in ("lundi", "mardi", "jeudi")]


def test_each_feature_is_measured_on_its_line() -> None:
    one, two, *_ = lines = candidates(HALL)
    told = lead_features(replace(two, rank=1), selection(lines, 2, 1, 0, 0, 0))
    assert (told.selected, told.behind, told.seen, told.first) == (1 - LEAST, -1.0, 1.0, 0.5)
    unseen = lead_features(one, None)
    assert (unseen.selected, unseen.behind, unseen.seen) == (0.0, 0.0, 0.0)
    names = {field.name for field in fields(LeadFeatures)}
    assert names >= {*lead_model(selects=True).lines.weights}


def test_what_the_product_keeps_tells_the_better_line() -> None:
    """With a selector and without: likelier lines are likelier, and the floor is a probability."""
    for selects in (True, False):
        model = lead_model(selects=selects)
        assert 0 < model.floor < 1
        line = candidates(HALL)[1]
        near, far = replace(line, cosine=0.8), replace(line, cosine=0.3, found=0.1, coverage=0.0)
        seen = selection([line], 3.0) if selects else None
        likely = model.lines.probability(lead_features(near, seen))
        assert likely > model.lines.probability(lead_features(far, seen))


@pytest.mark.usefixtures("by_selector")
def test_leads_of_the_parts_of_a_message_are_one_list() -> None:
    lines = candidates(HALL)
    one = leads(ASKED, lines, selection(lines, 1, 4, 0, 0, 0))
    other = leads(ASKED, lines, selection(lines, 0, 0, 3, 2, 5))
    both = likeliest([*one, *other])
    assert [lead.citation.number for lead in both] == [1, 2, 3]
    assert [lead.score for lead in both] == sorted((lead.score for lead in both), reverse=True)
    assert both[0].citation.quote == lines[4].text


# -- in the pipeline

PRICE = "Combien coûte le repas de la cantine ?"
RIGHT = "Le repas de la cantine coûte 4,20 euros pour un enfant de la commune."


@pytest.fixture
def generous(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever holds words of the question leads to it."""
    model = LeadModel(LogisticModel(0.0, {"coverage": 1.0}), 0.5)
    monkeypatch.setattr("assistant.leads.lead_model", lambda *, selects: model)


@pytest.mark.usefixtures("generous")
def test_a_refusal_leads_to_lines_that_are_sealed_before_they_are_shown(
    open_assistant: Opener, register: Register
) -> None:
    refusal = open_assistant(ScriptedModel(["nulle part"], "")).ask(PRICE)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.NOT_ANSWERED
    assert refusal.leads[0].citation.quote == RIGHT
    (outcome,) = [e for e in register.entries() if e.kind is Kind.OUTCOME]
    sealed = outcome.payload["leads"]
    assert isinstance(sealed, list)
    assert len(sealed) == len(refusal.leads)
    assert RIGHT in str(sealed[0])


@pytest.mark.usefixtures("generous")
@pytest.mark.parametrize(
    "question",
    [
        "Ai-je droit à la cantine gratuite ?",
        "Quelle est l'adresse de Zoé Quillebec ?",
        "PIÈGE : combien coûte le repas de la cantine ?",
    ],
)
def test_what_is_refused_whatever_is_written_leads_nowhere(
    open_assistant: Opener, question: str
) -> None:
    refusal = open_assistant(ScriptedModel(["4,20"], "Le repas coûte 4,20 euros.")).ask(question)
    assert isinstance(refusal, Refusal)
    assert refusal.reason not in MAY_LEAD
    assert refusal.leads == ()


@pytest.mark.usefixtures("generous")
def test_a_refused_part_keeps_the_other_part_s_lines_away(open_assistant: Opener) -> None:
    both = "Ai-je droit à la cantine gratuite ? Quand ouvre la bibliothèque ?"
    refusal = open_assistant(ScriptedModel(["nulle part"], "")).ask(both)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.INDIVIDUAL_VERDICT
    assert refusal.leads == ()


@pytest.mark.usefixtures("generous")
def test_both_parts_of_a_refused_message_lead_somewhere(open_assistant: Opener) -> None:
    both = f"{PRICE} Quand ouvre la bibliothèque ?"
    refusal = open_assistant(ScriptedModel(["nulle part"], "")).ask(both)
    assert isinstance(refusal, Refusal)
    files = {lead.citation.file for lead in refusal.leads}
    assert files == {"cantine.txt", "bibliotheque.txt"}
    assert len(refusal.leads) <= MOST


class Selecting(ScriptedModel):
    """Thinks well of the line with the price, and of no other."""

    def line_odds(self, question: str, extracts: Sequence[Extract]) -> list[float] | None:
        return [5.0 if "4,20" in line else -6.0 for extract in extracts for line in extract.lines]


@pytest.mark.usefixtures("by_selector")
@pytest.mark.parametrize("audience", ["agent", "senior"])
def test_the_likeliest_line_is_sealed_and_shown_while_an_agent_waits(
    open_assistant: Opener, register: Register, audience: str
) -> None:
    model = Selecting(["nulle part"], "")
    for step in open_assistant(model).steps(PRICE, audience=audience):
        if isinstance(step, Leading):
            *_, last = register.entries()
            assert last.kind is Kind.LEAD
            assert RIGHT in str(last.payload)
            assert [lead.citation.quote for lead in step.leads] == [RIGHT]
    kinds = [entry.kind for entry in register.entries()]
    assert kinds.count(Kind.LEAD) == (audience == "agent")  # on the simple page nothing moves
