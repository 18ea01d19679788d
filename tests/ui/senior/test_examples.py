# SPDX-License-Identifier: EUPL-1.2
"""Only a question that the town's papers answer is offered; which do is tried while nobody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event

import pytest

from assistant.answers import Answer, Found, Reason, Sentence, Step
from assistant.cards import Draft, GivenQuote
from assistant.errors import ModelFailed
from assistant.evaluation_kept import EVALUATION
from assistant.leaving import stop_if_gone
from assistant.moratorium import Pause
from assistant.settings import Settings
from tests.assistant.conftest import CANTEEN, RESIDENT
from tests.table import each
from tests.ui.admin.house import House, opened
from tests.ui.senior.conftest import TUESDAY, Visit
from tests.ui.senior.test_journey import texts
from tests.ui.town import EVIDENCE, ScriptedAssistant, answering, refusing
from ui.senior import SeniorExtras
from ui.senior.examples import MOST, OF_COMMON_USE, OF_SHEET, Examples, Town, examples_of, tries
from ui.senior.words import Words

SHEET = [Words("fr").plain(key) for key in OF_SHEET]
COMMON = [Words("fr").plain(key) for key in OF_COMMON_USE]
PRICE = "Combien coûte le repas de la cantine ?"
NOTE = Sentence(text="Une partie est sans réponse.", citations=(), is_note=True)
PARTIAL = Answer(sentences=(NOTE,), citations=(), record="r", seconds=1, energy_wh=1)
UNKNOWN = "Quelle est la capitale du Japon ?"


class Hall:
    """A town whose papers answer some questions, and what was tried of it, in order."""

    def __init__(
        self, *answered: str, chosen: Sequence[str] = (), cards: Sequence[str] = ()
    ) -> None:
        self.answered: set[str] = set(answered)
        self.cards = list(cards)
        self.version = "1"
        self.is_free = True
        self.tried: list[str] = []
        self.states: dict[str, str] = {}
        self.town = Town(
            chosen=lambda: chosen, cards=lambda: self.cards, version=lambda: self.version
        )

    def __call__(self, question: str) -> bool | None:
        if not self.is_free:
            return None
        self.tried.append(question)
        return question in self.answered

    def state(self, name: str) -> str:
        return self.states.get(name, "")

    def set_state(self, name: str, value: str) -> None:
        self.states[name] = value

    def examples(self) -> Examples:
        return Examples(self.town, self, self)


def test_what_is_refused_is_never_offered_and_fewer_than_six_are_fine() -> None:
    hall = Hall(COMMON[1], COMMON[4])
    examples = hall.examples()
    assert examples() == []  # nothing is known yet
    examples.try_all()
    assert examples() == [COMMON[1], COMMON[4]]
    assert hall.tried == [*SHEET, *COMMON]


def test_cards_and_the_sheet_come_first_and_suffice() -> None:
    cards = [f"Question {n} ?" for n in range(5)]
    hall = Hall(*cards, *SHEET, *COMMON, cards=[*cards, "Trop longue, " * 20])
    examples = hall.examples()
    examples.try_all()
    assert examples() == [*cards[:4], *SHEET]
    assert hall.tried == examples()  # no other question was asked for it


def test_the_town_s_own_choice_is_offered_first_where_it_is_answered() -> None:
    chosen = ["La piscine ?", "Le marché ?"]
    hall = Hall(chosen[1], *SHEET, *COMMON, chosen=chosen)
    examples = hall.examples()
    examples.try_all()
    assert examples() == [chosen[1], *SHEET, *COMMON[:3]]
    assert hall.tried[:3] == [*SHEET, chosen[0]]  # what needs no model is there first
    assert len(examples()) == MOST


def test_a_question_with_a_personal_word_is_not_even_asked() -> None:
    card = "Quand passe [PERSONNE_1] ?"
    hall = Hall(card, cards=[card])
    examples = hall.examples()
    examples.try_all()
    assert card not in hall.tried and examples() == []
    chosen = Hall(card, chosen=[card])
    examples = chosen.examples()
    examples.try_all()
    assert card not in chosen.tried and examples() == []


def test_what_is_known_is_kept_for_this_version_of_the_town_alone() -> None:
    hall = Hall(COMMON[0])
    hall.examples().try_all()
    asked = len(hall.tried)
    again = hall.examples()  # the service was started again
    assert again() == [COMMON[0]]
    again.try_all()
    assert len(hall.tried) == asked
    assert COMMON[0] not in str(hall.states)  # digests, no words

    hall.version, hall.answered = "2", set()
    assert again() == []  # at once
    again.try_all()
    assert again() == [] and len(hall.tried) == 2 * asked


def test_a_card_that_is_served_no_more_is_not_offered() -> None:
    hall = Hall("Une carte ?", cards=["Une carte ?"])
    examples = hall.examples()
    examples.try_all()
    assert examples() == ["Une carte ?"]
    hall.cards.clear()
    assert examples() == []


def test_it_waits_while_somebody_asks() -> None:
    hall = Hall(*SHEET)
    hall.is_free = False
    examples = hall.examples()
    examples.try_all()
    assert (examples(), hall.tried) == ([], [])
    hall.is_free = True
    examples.try_all()
    assert examples() == SHEET


def test_a_kept_state_that_cannot_be_read_offers_nothing() -> None:
    hall = Hall(*SHEET)
    for broken in ("{", "[]", '{"version": "1"}', '{"version": "1", "tried": {"a": "yes"}}'):
        hall.states["simple_examples"] = broken
        assert hall.examples()() == []


def test_it_is_tried_beside_the_service_and_left_with_it() -> None:
    hall, begun = Hall(*SHEET), Event()

    def slow(question: str) -> bool | None:
        begun.set()
        return hall(question)

    examples = Examples(hall.town, slow, hall)
    with examples.running():
        assert examples() == []  # who looks wakes it
        assert begun.wait(20)
    assert examples.is_over
    examples = Examples(hall.town, slow, hall)
    with examples.running():
        pass  # nothing is left of it: the block would not end


@each(
    "steps, is_answered",
    [
        (answering, True),
        (refusing, False),
        (lambda question: refusing(question, Reason.GUARD_CLOSED), False),
        (lambda question: refusing(question, Reason.BUSY), None),
        (lambda question: answering("Le repas de [PERSONNE_1] ?"), False),
        (lambda question: [Found(question=question, evidence=EVIDENCE, record="r")], False),
        (lambda question: [PARTIAL], False),
    ],
)  # fmt: skip
def test_only_a_whole_answer_counts(
    steps: Callable[[str], Sequence[Step]], is_answered: bool | None
) -> None:
    assert tries(ScriptedAssistant(steps), lambda: True)("Quel prix ?") is is_answered


def test_what_fails_or_is_in_somebody_s_way_is_tried_another_time() -> None:
    def fails(question: str) -> Sequence[Step]:
        raise ModelFailed("model_failed", name="petit")

    assert tries(ScriptedAssistant(fails), lambda: True)("Quel prix ?") is None
    left = ScriptedAssistant(answering, lambda step: stop_if_gone())
    assert tries(left, lambda: False)("Quel prix ?") is None
    assert left.left == 1  # it was closed


# -- on a page, and in a town with papers


def test_the_page_offers_what_is_known_and_no_empty_list(visit: Visit) -> None:
    known = list[str]()
    browser = visit(SeniorExtras(now=lambda: TUESDAY, examples=lambda: known))
    page = browser.get("/simple").text
    assert not texts(page, ".examples") and "Ou choisissez" not in page
    known.append(COMMON[0])
    assert texts(browser.get("/simple").text, ".example") == [COMMON[0]]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    chosen = [UNKNOWN, f"Que doit {RESIDENT} ?", PRICE]
    with opened(tmp_path, monkeypatch) as house:
        house.parts.now.settings = Settings.model_validate({"senior": {"examples": chosen}})
        (house.town.parent / "public").mkdir()
        (house.town.parent / "public" / "acte.txt").write_text(CANTEEN, "utf-8")
        house.parts.ingestion.add([house.town.parent / "public"], collection="public")
        yield house


def asked_by(house: House) -> list[str]:
    return [entry.role for entry in house.parts.register.entries() if entry.kind == "intent"]


def test_a_town_s_examples_are_those_that_its_papers_answer(house: House) -> None:
    examples = examples_of(house.parts)
    assert examples() == []
    examples.try_all()
    assert PRICE in examples()
    assert UNKNOWN not in examples() and not any(RESIDENT in one for one in examples())
    assert {*asked_by(house)} == {EVALUATION}  # nobody's questions
    assert house.parts.unanswered("x", "agent") == []  # nor what nobody answered

    asked = len(asked_by(house))
    again = examples_of(house.parts)
    assert again() == examples()
    again.try_all()
    assert len(asked_by(house)) == asked

    house.parts.moratorium.add(Pause())
    assert again() == []
    again.try_all()
    assert again() == []


def test_a_validated_answer_is_offered_until_it_is_served_no_more(house: House) -> None:
    quote = GivenQuote(file="acte.txt", page=1, quote="Un repas peut être annulé")
    draft = Draft(question="Comment annuler un repas ?", quotes=(quote,))
    added = house.parts.card_desk.add([draft], by="x", role="agent")
    assert not added.refused
    examples = examples_of(house.parts)
    examples.try_all()
    assert draft.question in examples()
    house.parts.card_desk.suspend(added.added[0], by="x", role="agent")
    assert draft.question not in examples()
    examples.try_all()
    assert draft.question not in examples()


def test_what_is_closed_meanwhile_says_nothing_of_the_papers() -> None:
    is_open = [True]

    def closes(question: str) -> list[Step]:
        is_open[0] = False
        return refusing(question, Reason.SUSPENDED)

    assert tries(ScriptedAssistant(closes), lambda: is_open[0])(PRICE) is None
