# SPDX-License-Identifier: EUPL-1.2
"""Proposals: questions that the model writes of lines, kept only where the line answers them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from assistant.answers import Outcome, Reason, Refusal, Via
from assistant.cards import Fault, Refused, State
from assistant.cards.card import PROGRAM, PROPOSALS
from assistant.cards.nights import QUIET_SECONDS, Nights
from assistant.cards.proposing import Proposer, Tried, What
from assistant.cards.same import LearnedSame
from assistant.cards.telling import Tells
from assistant.cards.unanswered import Asked, Group, grouped, open_groups
from assistant.leaving import Gone, stop_if_gone, watched
from assistant.seams import Prompt
from assistant.texts import Texts
from corpus.cores import COURTESY
from corpus.documents import CORRESPONDENCE, PUBLIC, Retrieved
from corpus.rights import Rights
from corpus.seams import Vectors
from guardrails.register.records import Kind
from tests.assistant.conftest import CANTEEN, RESIDENT
from tests.assistant.test_cards_serving import (
    CANCEL,
    ME,
    QUESTION,
    QUOTE,
    OpenTown,
    Town,
    open_town,
)
from tests.fakes import HashEmbedder, ScriptedModel

__all__ = ["open_town"]

RIGHTS = Rights({"agent": None, "senior": frozenset({PUBLIC})})
PRICE = "Combien coûte un repas de cantine pour un enfant de la commune ?"
AGAIN = "Combien coûte le repas de la cantine pour un enfant ?"


class Scribe(ScriptedModel):
    """Writes the question that it was told for a line that holds some words."""

    def __init__(self, **questions: str) -> None:
        super().__init__(likes=["4,20", "annulé", "bus"], says=None)
        self.questions = {key.replace("_", " "): text for key, text in questions.items()}
        self.written: list[str] = []

    def write(
        self, prompt: Prompt, *, max_tokens: int, stop: str, instead_of: str = ""
    ) -> Iterator[str]:
        if "Ligne : " not in prompt.user:
            yield from super().write(
                prompt, max_tokens=max_tokens, stop=stop, instead_of=instead_of
            )
            return
        line = prompt.user.partition("Ligne : ")[2]
        self.written.append(line)
        yield next((text for key, text in self.questions.items() if key in line), "Rien")


@dataclass
class Desk:
    """A town and what proposes in it."""

    town: Town
    model: Scribe
    groups: list[Group] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def proposer(self) -> Proposer:
        embedder = HashEmbedder()
        return Proposer(
            desk=self.town.desk,
            matters=lambda: self.groups,
            model=self.model,
            ask=self.ask,
            same=LearnedSame(embedder),
            embedder=embedder,
            rights=lambda: RIGHTS,
            texts=Texts("fr"),
        )

    def ask(self, question: str, audience: str) -> Outcome:
        self.asked.append((question, audience))
        return self.town.assistant.ask(question, role=PROPOSALS, audience=audience)

    def propose(self, limit: int = 50) -> list[Tried]:
        return [*self.proposer(limit, night="2026-03-03")]

    def what(self, limit: int = 50) -> dict[str, What]:
        return {one.told.words: one.what for one in self.propose(limit)}


@pytest.fixture
def desk(open_town: OpenTown) -> Desk:
    town = open_town(RIGHTS)
    town.write(CANTEEN)
    model = Scribe(coûte=PRICE, annulé="Quand annuler un repas de cantine ?")
    town.assistant._model = model
    return Desk(town, model)


def test_a_question_is_kept_where_the_very_line_answers_it(desk: Desk) -> None:
    what = desk.what()
    assert what[QUOTE] is What.KEPT
    kept = {card.question: card for card in desk.town.cards.cards()}
    card = kept[PRICE]
    assert [quote.quote for quote in card.quotes] == [QUOTE]
    assert (card.state, card.role, card.by, card.answer) == (State.PROPOSED, PROGRAM, "", "")
    assert card.likely == Tells.PRICE.likely
    entries = [e for e in desk.town.register.entries() if e.kind is Kind.CARD]
    assert card.id in {entry.payload["card"] for entry in entries}
    assert isinstance(desk.town.ask(PRICE), Refusal) or desk.town.ask(PRICE).via is Via.DOCUMENTS


def test_a_question_that_another_line_answers_is_not_kept(desk: Desk) -> None:
    desk.model.questions = {"annulé": PRICE, "coûte": "Que dit la mairie de la piscine ?"}
    what = desk.what()
    assert what[QUOTE] is What.ELSEWHERE
    assert what[CANCEL] is What.ELSEWHERE
    assert desk.town.cards.cards() == []


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("Le repas coûte 4,20 euros.", What.UNWRITTEN),
        ("Le repas de la cantine coûte-t-il 4,20 euros ?", What.UNWRITTEN),
        ("Combien coûte le repas de [PERSONNE_1] à la cantine ?", What.UNWRITTEN),
        (f"Combien coûte le repas de la cantine pour {RESIDENT} ?", What.REFUSED),
    ],
    ids=["no question", "its answer", "a placeholder", "a name"],
)
def test_what_is_no_sound_question_is_left(desk: Desk, written: str, what: What) -> None:
    desk.model.questions = {"coûte": written}
    assert desk.what()[QUOTE] in {what, What.ELSEWHERE if what is What.REFUSED else what}
    assert desk.town.cards.cards() == []


def test_near_copies_are_merged_and_what_a_card_says_is_not_proposed(desk: Desk) -> None:
    desk.propose()
    (document,) = desk.town.store.documents()
    desk.town.cards.forget_tried([document.id])
    desk.model.questions["coûte"] = AGAIN
    assert desk.what()[QUOTE] is What.MERGED
    (card,) = (one for one in desk.town.cards.cards() if one.question == PRICE)
    assert card.wordings == (AGAIN,)
    desk.town.desk.confirm(card.id, **ME)
    desk.town.cards.forget_tried([document.id])
    desk.model.questions["coûte"] = "Quel prix coûte le repas de la cantine pour un enfant ?"
    assert desk.what()[QUOTE] is What.KNOWN
    desk.town.desk.retire(card.id, **ME)
    desk.town.cards.forget_tried([document.id])
    assert desk.what()[QUOTE] is What.KNOWN  # what somebody left does not come back


def test_what_people_asked_in_vain_comes_first_and_stands_first(desk: Desk) -> None:
    passages = desk.town.store.passages_of(desk.town.store.documents()[0].id)
    asked = ("Quel est le prix, pour un enfant de la commune, du repas de cantine ?", "prix repas")
    desk.groups = [
        Group(matter=asked[0], questions=asked, count=3, since="2026-03-02",
              nearest=tuple(Retrieved(passage=one, score=0.5) for one in passages))
    ]  # fmt: skip
    first = desk.propose(1)[0]
    assert (first.told.words, first.what) == (QUOTE, What.KEPT)
    card = desk.town.cards.card(first.card)
    assert card is not None
    assert (card.likely, card.wordings) == (3.0, asked)


def test_what_was_tried_is_not_tried_again_unless_its_page_changed(desk: Desk) -> None:
    tried = desk.propose(2)
    rest = desk.propose()
    assert not {one.told.words for one in tried} & {one.told.words for one in rest}
    assert desk.propose() == []
    desk.town.write(CANTEEN.replace("4,20", "4,40"))
    assert desk.propose()


def test_who_asks_comes_first_and_the_line_is_tried_later(desk: Desk) -> None:
    calls = 0

    def gone() -> bool:
        nonlocal calls
        calls += 1
        return calls > 2

    def ask(question: str, audience: str) -> Outcome:
        stop_if_gone()
        stop_if_gone()
        raise AssertionError("it went on")

    proposer = replace(desk.proposer, ask=ask)
    assert [*proposer(5, night="2026-03-03", gone=gone)] == []
    assert desk.town.cards.tried_in("2026-03-03") == 0


def test_what_is_refused_for_maintenance_is_tried_another_night(desk: Desk) -> None:
    def ask(question: str, audience: str) -> Outcome:
        return Refusal(
            reason=Reason.SUSPENDED, nearest=(), record="r", seconds=0.0, energy_wh=0.0
        )  # fmt: skip

    proposer = replace(desk.proposer, ask=ask)
    assert [*proposer(5, night="2026-03-03")] == []
    assert desk.town.cards.tried_in("2026-03-03") == 0


def test_nothing_is_written_of_letters_and_what_some_may_read_stays_theirs(desk: Desk) -> None:
    town = desk.town
    letter = town.folder.parent / "courriers"
    letter.mkdir()
    (letter / "lettre.txt").write_text("Je paie 31,50 euros pour la benne du quartier.", "utf-8")
    town.ingestion.add([letter], collection=CORRESPONDENCE)
    private = town.folder.parent / "interne"
    private.mkdir()
    bus = "Le bus du personnel coûte 9,10 euros par mois pour chaque agent."
    (private / "bus.txt").write_text(bus, "utf-8")
    town.ingestion.add([private], collection="interne")
    desk.model.questions = {"bus": "Combien coûte le bus du personnel pour chaque agent ?"}
    what = desk.what()
    assert "31,50" not in " ".join(what)
    assert what[bus] is What.KEPT
    (card,) = town.cards.cards()
    assert card.audience == "agent"
    assert desk.asked[-1][1] == "agent" or (card.question, "agent") in desk.asked


def test_what_some_may_read_is_no_wording_of_what_all_may_read(desk: Desk) -> None:
    kept = next(one for one in desk.propose() if one.told.words == QUOTE)
    card = desk.town.cards.card(kept.card)
    assert card is not None
    copy = replace(card, id="c1", question=AGAIN)
    assert desk.proposer._copied(copy) == card
    assert desk.proposer._copied(replace(copy, audience="agent")) is None


def test_its_questions_are_nobody_s(desk: Desk) -> None:
    desk.model.questions = {"coûte": "Quel jour passe le bibliobus ?"}
    assert desk.what()[QUOTE] is What.ELSEWHERE
    outcomes = [e for e in desk.town.register.entries() if e.kind is Kind.OUTCOME]
    assert {entry.role for entry in outcomes} == {PROPOSALS}
    found = open_groups(
        desk.town.register, HashEmbedder(), lambda question: [], lambda question: False, **ME
    )
    assert found == []


def test_pages_are_looked_for_only_for_the_matters_that_are_shown() -> None:
    looked = list[str]()

    def nearest(question: str) -> list[Retrieved]:
        looked.append(question)
        return []

    asked = [Asked(f"matière{n}", ("2026-03-02",) * (9 - n)) for n in range(4)]
    groups = grouped(asked, HashEmbedder(), nearest, most=2)
    assert [group.count for group in groups] == [9, 8, 7, 6]
    assert looked == ["matière0", "matière1"]


def test_a_person_s_own_answer_takes_the_place_of_a_proposal(desk: Desk) -> None:
    desk.propose()
    identifier = desk.town.add(question=PRICE, answer="")
    states = {card.id: card.state for card in desk.town.cards.cards() if card.question == PRICE}
    assert states.pop(identifier) is State.SERVED
    assert [*states.values()] == [State.RETIRED]


def test_with_two_agents_a_proposal_waits_for_the_second(open_town: OpenTown) -> None:
    town = open_town(RIGHTS, second=True)
    town.write(CANTEEN)
    model = Scribe(coûte=PRICE)
    town.assistant._model = model
    (kept, *_) = (one for one in Desk(town, model).propose() if one.what is What.KEPT)
    assert town.desk.confirm(kept.card, **ME).state is State.PROPOSED
    with pytest.raises(Refused) as refused:
        town.desk.confirm(kept.card, **ME)
    assert refused.value.fault is Fault.SAME_PERSON
    assert town.desk.confirm(kept.card, by="2026-11.cd", role="agent").state is State.SERVED


# -- nights


class Work:
    """Tries one line each time it is asked for one, and counts."""

    def __init__(self, lines: int, breaks: bool = False) -> None:
        self.lines, self.breaks, self.tried, self.opened = lines, breaks, 0, 0

    def open(self) -> Work:
        self.opened += 1
        return self

    def __call__(self, limit: int, *, night: str, gone: Callable[[], bool]) -> Iterator[object]:
        for _ in range(min(limit, self.lines)):
            if gone():
                return
            if self.breaks:
                raise OSError
            self.tried, self.lines = self.tried + 1, self.lines - 1
            yield None


class Clock:
    def __init__(self) -> None:
        self.now, self.quiet = datetime(2026, 3, 3, 23), QUIET_SECONDS


def nights(work: Work, clock: Clock, *, most: int = 3) -> Nights:
    return Nights(
        work.open, lambda night: work.tried, most=most, hours=(22 * 60, 6 * 60),
        now=lambda: clock.now, quiet=lambda: clock.quiet,
    )  # fmt: skip


def test_a_night_is_bounded_and_by_day_nothing_is_tried() -> None:
    work, clock = Work(lines=9), Clock()
    one = nights(work, clock)
    assert [one.look(), one.look()] == [3, 0]
    clock.now = datetime(2026, 3, 4, 12)
    work.tried = 0
    assert one.look() == 0
    clock.now = datetime(2026, 3, 4, 22)
    assert one.look() == 3


def test_while_somebody_asks_nothing_is_tried() -> None:
    work, clock = Work(lines=9), Clock()
    clock.quiet = QUIET_SECONDS - 1
    one = nights(work, clock)
    assert (one.look(), work.opened) == (0, 0)
    clock.quiet = QUIET_SECONDS
    assert one.look() == 3


def test_what_breaks_ends_the_night_and_no_more() -> None:
    work, clock = Work(lines=9, breaks=True), Clock()
    one = nights(work, clock)
    assert [one.look(), one.look()] == [0, 0]
    assert work.opened == 1
    work.breaks, clock.now = False, datetime(2026, 3, 4, 23)
    assert one.look() == 3


def test_a_count_that_cannot_be_read_ends_the_night_and_no_more() -> None:
    def count(night: str) -> int:
        raise sqlite3.OperationalError

    work = Work(lines=9)
    one = Nights(
        work.open, count, most=3, hours=(22 * 60, 6 * 60), now=lambda: Clock().now,
        quiet=lambda: QUIET_SECONDS,
    )  # fmt: skip
    assert (one.look(), work.opened) == (0, 0)


def test_what_people_asked_in_vain_is_put_together_no_further_once_somebody_asks() -> None:
    asked = [Asked(f"Question {n} ?", ("2026-03-02",)) for n in range(5)]
    embedded, looked = list[str](), list[str]()

    class Counting(HashEmbedder):
        def embed_query(self, text: str) -> Vectors:
            embedded.append(text)
            return super().embed_query(text)

    def nearest(question: str) -> list[Retrieved]:
        looked.append(question)
        return []

    with watched(lambda: len(embedded) == 2), pytest.raises(Gone):
        grouped(asked, Counting(), nearest)
    assert len(embedded) == 2
    with watched(lambda: bool(looked)), pytest.raises(Gone):
        grouped(asked, HashEmbedder(), nearest)
    assert len(looked) == 1


def test_without_a_setting_nothing_watches() -> None:
    work = Work(lines=9)
    with nights(work, Clock(), most=0).running():
        pass
    assert work.opened == 0


def test_a_question_of_somebody_makes_it_loud(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[float]()
    real = type(desk.model).log_probability

    def looked(self: Scribe, prompt: Prompt, reply: str) -> float:
        seen.append(COURTESY.quiet_for())
        return real(self, prompt, reply)

    monkeypatch.setattr(Scribe, "log_probability", looked)
    desk.town.ask(QUESTION)
    assert {*seen} == {0.0}
    seen.clear()
    desk.ask(QUESTION, "agent")
    assert min(seen) > 0.0
