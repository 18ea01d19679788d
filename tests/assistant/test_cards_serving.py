# SPDX-License-Identifier: EUPL-1.2
"""Serving validated answers: only the same question, only what stands today, never in doubt."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from assistant.answers import Answer, Author, Found, Outcome, Reason, Refusal, Via
from assistant.cards import (
    Added,
    Card,
    CardDesk,
    CardStore,
    Draft,
    Fault,
    GivenQuote,
    Maker,
    Refused,
    Settled,
    State,
    Why,
)
from assistant.cards.card import asking_key
from assistant.cards.ends import NEVER
from assistant.cards.nearest import NearestCards
from assistant.cards.same import InDoubt, LearnedSame
from assistant.cards.serving import Doubted, Validated, ValidatedAnswers
from assistant.cards.store import Changes
from assistant.errors import ModelFailed
from assistant.evidence import Weigher
from assistant.listing import Lister
from assistant.moratorium import FILE as MORATORIUM
from assistant.moratorium import Moratorium, Pause
from assistant.pipeline import Assistant, Limits
from assistant.provenance import mark_of, notice
from assistant.texts import Texts
from assistant.understanding.questions import Question
from corpus.documents import PUBLIC, Filters
from corpus.ingest import Ingestion
from corpus.passages import PassageStore
from corpus.quarantine import Quarantine
from corpus.query import Wording
from corpus.rights import Rights
from corpus.search import Search
from guardrails.register import Register
from guardrails.register.records import Kind
from tests.assistant.conftest import CANTEEN, RESIDENT
from tests.corpus.conftest import ReadHere
from tests.fakes import (
    TAUGHT,
    HashEmbedder,
    MemoryIndex,
    ScriptedModel,
    WordGuard,
    plain_reader,
)

QUESTION = "Combien coûte le repas de la cantine ?"
QUOTE = "Le repas de la cantine coûte 4,20 euros pour un enfant de la commune."
CANCEL = "Un repas peut être annulé jusqu'à la veille à 10 heures."
ANSWER = "Le repas coûte 4,20 euros."
ME = {"by": "2026-11.ab", "role": "agent"}


class Alike:
    """Takes for the same what shares a word of five letters, and is sure of what is the same."""

    threshold = 0.5

    def __init__(self, embedder: HashEmbedder) -> None:
        self._strict = LearnedSame(embedder)

    def __call__(self, asked: str, asking: str, said: Sequence[str]) -> float:
        mine, theirs = ({w for w in text.lower().split() if len(w) > 4} for text in (asked, asking))
        return self._strict(asked, asking, said) or (0.7 if mine & theirs else 0.0)


@dataclass
class Town:
    """A small town with cards, over real stores."""

    folder: Path
    store: PassageStore
    cards: CardStore
    desk: CardDesk
    register: Register
    assistant: Assistant
    ingestion: Ingestion
    quarantine: Quarantine
    moratorium: Moratorium
    find: ValidatedAnswers

    def add(self, **changes: Any) -> str:
        (identifier,) = self.tried(**changes).added
        return identifier

    def tried(self, **changes: Any) -> Added:
        return self.desk.add([replace(DRAFT, **changes)], **ME)

    def ask(self, question: str = QUESTION, audience: str = "agent") -> Outcome:
        return self.assistant.ask(question, audience=audience)

    def write(self, text: str, file: str = "cantine.txt") -> None:
        (self.folder / file).write_text(text, "utf-8")
        self.ingestion.add([self.folder], collection=PUBLIC)

    def state(self, identifier: str) -> tuple[State, Why]:
        card = self.cards.card(identifier)
        assert card is not None
        return card.state, card.why


DRAFT = Draft(
    question=QUESTION,
    quotes=(GivenQuote(file="cantine.txt", page=1, quote=QUOTE),),
    answer=ANSWER,
)


@dataclass
class Doubts:
    """The cards of a town, whose finder may be replaced."""

    find: Callable[[], ValidatedAnswers]

    def at_once(self, question: Question, audience: str, allowed: Filters) -> Validated | None:
        return self.find().at_once(question, audience, allowed)

    def doubted(self, question: Question, audience: str, allowed: Filters) -> Doubted:
        return self.find().doubted(question, audience, allowed)

    def still(self, one: Validated, allowed: Filters) -> Validated | None:
        return self.find().still(one, allowed)


OpenTown = Callable[..., Town]
QUIET = ScriptedModel()


class Comparing(ScriptedModel):
    """Tells that a question is a card's where it holds a word, and remembers what it compared."""

    name = TAUGHT
    compares = True

    def __init__(self, word: str) -> None:
        super().__init__()
        self._word = word
        self.compared: list[tuple[str, str]] = []
        self.meanwhile: Callable[[], object] = list

    def same_odds(self, asked: str, card: str) -> float:
        self.compared.append((asked, card))
        self.meanwhile()
        return 9.0 if self._word in asked else -9.0


class Doubting(Alike):
    """Is never sure of what only shares a word."""

    threshold = 0.9


EVERYTHING = Rights()


@pytest.fixture
def open_town(tmp_path: Path, register: Register) -> Iterator[OpenTown]:
    folder = tmp_path / "documents"
    folder.mkdir()
    with ExitStack() as closing:
        store = PassageStore(tmp_path / "passages.db")
        closing.callback(store.close)
        index, embedder, guard = MemoryIndex(), HashEmbedder(), WordGuard(RESIDENT, trap="PIÈGE")
        key = b"k" * 32

        def open_(
            rights: Rights = EVERYTHING, *, second: bool = False, model: ScriptedModel = QUIET
        ) -> Town:
            cards = CardStore(tmp_path / "cards.db")
            closing.callback(cards.close)
            maker = Maker(store=store, screen=guard.screen, read=plain_reader)
            desk = CardDesk(
                cards=cards, passages=store, maker=maker, embedder=lambda: embedder,
                register=register, needs_second=second,
            )  # fmt: skip
            find = ValidatedAnswers(
                cards=cards,
                passages=store,
                nearest=NearestCards(cards, lambda: embedder),
                same=Alike(embedder),
                suspend=lambda card, why: desk.suspend(card, why=why, by="", role="program"),
            )
            wording, moratorium = Wording(store), Moratorium(tmp_path / MORATORIUM)
            moratorium._collections = lambda: {PUBLIC}
            assistant = Assistant(
                guard=guard,
                read=plain_reader,
                search=Search(store, index, embedder, wording=wording),
                weigher=Weigher(embedder, wording),
                lister=Lister(store, wording),
                model=model,
                register=register,
                limits=Limits(rights=rights, moratorium=moratorium),
                validated=lambda *asked: town.find(*asked),
                doubts=Doubts(lambda: town.find),
                near=lambda *asked: town.find.near(*asked),
            )
            town = Town(
                folder, store, cards, desk, register, assistant,
                Ingestion(
                    store, index, embedder, guard, key=key,
                    open_reading=lambda: nullcontext(ReadHere()),
                ),
                Quarantine(store, index, embedder, key=key), moratorium, find,
            )  # fmt: skip
            return town

        yield open_


@pytest.fixture
def town(open_town: OpenTown) -> Town:
    town = open_town()
    town.write(CANTEEN)
    return town


def test_a_card_answers_at_once_from_its_quotes_and_the_register_says_so(town: Town) -> None:
    identifier = town.add()
    found, _, answer = town.assistant.steps("combien coute le repas de la cantine")
    assert isinstance(found, Found)
    assert QUOTE in found.evidence[0].passage.text.text
    assert isinstance(answer, Answer)
    assert (answer.via, answer.validation.card) == (Via.CARD, identifier)
    assert answer.text == f"{ANSWER} [1]"
    (citation,) = answer.citations
    assert (citation.file, citation.page, citation.quote) == ("cantine.txt", 1, QUOTE)
    page = town.store.page(citation.document, 1) or ""
    assert page[citation.start : citation.end] == QUOTE
    assert answer.sentences[0].author is Author.PERSON
    assert not mark_of(answer).ai_generated
    assert "établie par la mairie" in notice(mark_of(answer), Texts("fr"))
    kinds = [entry.kind for entry in town.register.entries() if entry.exchange == answer.record]
    assert sorted(kinds) == [Kind.INTENT, Kind.OUTCOME, Kind.SENTENCE]
    (outcome,) = (e for e in town.register.entries() if e.kind is Kind.OUTCOME)
    assert (outcome.payload["via"], outcome.payload["card"]) == ("card", identifier)
    assert outcome.payload["evidence"] == {"asking": QUESTION, "score": 1.0, "by": "words"}


def test_without_an_answer_the_quotes_are_said(town: Town) -> None:
    town.add(answer="")
    answer = town.ask()
    assert isinstance(answer, Answer)
    assert answer.text == f"{QUOTE} [1]"
    assert answer.sentences[0].author is Author.SOURCE


def test_other_wordings_and_what_is_learnt_to_be_the_same_are_served(town: Town) -> None:
    identifier = town.add(wordings=("tarif restauration",))
    near = town.ask("le tarif restauration des adultes")  # like a wording: word for word only
    assert isinstance(near, Refusal) or near.via is Via.DOCUMENTS
    for question in ("Tarif restauration ?", "le prix de la cantine"):
        answer = town.ask(question)
        assert isinstance(answer, Answer)
        assert answer.validation.card == identifier


@pytest.mark.parametrize(
    "question",
    ["Quand ouvre la piscine ?", "Combien coûtait le repas de la cantine en 2019 ?"],
    ids=["another matter", "a year that the card does not know"],
)
def test_another_question_goes_the_usual_way(town: Town, question: str) -> None:
    town.add()
    strict = LearnedSame(HashEmbedder())
    town.find = replace(town.find, same=strict)
    outcome = town.ask(question)
    assert isinstance(outcome, Refusal) or outcome.via is Via.DOCUMENTS


@pytest.fixture
def comparing(open_town: OpenTown) -> tuple[Town, Comparing]:
    model = Comparing("midi")
    town = open_town(model=model)
    town.write(CANTEEN)
    limits = InDoubt(doubted=0.5, at_once=0.9)
    town.find = replace(town.find, same=Doubting(HashEmbedder()), limits=limits)
    return town, model


IN_DOUBT = "la cantine du midi pour mon petit, ça fait combien"


def test_in_doubt_the_model_tells_whether_a_card_is_asked(
    comparing: tuple[Town, Comparing],
) -> None:
    town, model = comparing
    identifier = town.add()
    first, *_, answer = town.assistant.steps(IN_DOUBT)
    assert isinstance(first, Found) and isinstance(answer, Answer)
    assert (answer.via, answer.validation.card) == (Via.CARD, identifier)
    assert answer.text == f"{ANSWER} [1]"
    assert model.compared == [(IN_DOUBT, f"{QUESTION} — {ANSWER}")]
    assert model.prompts == []  # nothing was read beside, or written
    assert QUOTE in " ".join(one.passage.text.text for one in first.evidence)  # sealed before
    (outcome,) = (e for e in town.register.entries() if e.kind is Kind.OUTCOME)
    told = {"asking": QUESTION, "score": 0.9999, "by": "model"}
    assert outcome.payload["evidence"] == told


def test_what_the_model_takes_for_another_question_goes_the_usual_way(
    comparing: tuple[Town, Comparing],
) -> None:
    town, model = comparing
    town.add()
    outcome = town.ask("la cantine du soir pour mon petit, ça fait combien")
    assert isinstance(outcome, Refusal)
    assert len(model.compared) == 1


@pytest.mark.parametrize("question", [QUESTION, "Où est la piscine ?"], ids=["sure", "far"])
def test_a_model_is_asked_in_doubt_only(comparing: tuple[Town, Comparing], question: str) -> None:
    town, model = comparing
    town.add()
    town.ask(question)
    assert model.compared == []


def test_a_card_in_doubt_is_for_its_readers_only_and_within_no_pause(
    comparing: tuple[Town, Comparing],
) -> None:
    town, model = comparing
    town.add(audience="agent")
    assert isinstance(town.ask(IN_DOUBT, audience="senior"), Refusal)
    assert model.compared == []
    assert isinstance(town.ask(IN_DOUBT), Answer)
    elsewhere = town.folder.with_name("autre")
    elsewhere.mkdir()
    (elsewhere / "goûter.txt").write_text("Le goûter de la cantine est à midi.", "utf-8")
    town.ingestion.add([elsewhere], collection="autre")
    town.moratorium._collections = lambda: {PUBLIC, "autre"}
    town.moratorium.add(Pause(collection=PUBLIC))
    outcome = town.ask(IN_DOUBT)
    assert isinstance(outcome, Refusal) and len(model.compared) == 2


def test_a_card_in_doubt_whose_page_changed_is_suspended(
    comparing: tuple[Town, Comparing],
) -> None:
    town, model = comparing
    identifier = town.add()
    town.write("Rien de tel ici.")
    town.ask(IN_DOUBT)
    assert town.state(identifier) == (State.SUSPENDED, Why.CHANGED)
    assert model.compared == []


def test_a_card_that_is_withdrawn_while_a_question_waits_is_not_said(
    comparing: tuple[Town, Comparing],
) -> None:
    town, model = comparing
    identifier = town.add()
    model.meanwhile = lambda: town.desk.suspend(identifier, why=Why.REPORTED, **ME)
    assert isinstance(town.ask(IN_DOUBT), Refusal)
    assert len(model.compared) == 1


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_a_card_of_one_part_is_looked_for_again_when_it_is_its_turn(
    town: Town, is_withdrawn: bool
) -> None:
    identifier = town.add()
    steps = town.assistant.steps(f"Quand ouvre la piscine ? {QUESTION}")
    assert isinstance(next(steps), Found)
    if is_withdrawn:
        town.desk.suspend(identifier, why=Why.REPORTED, **ME)
    *_, outcome = steps
    is_said = isinstance(outcome, Answer) and ANSWER in outcome.text
    assert is_said is not is_withdrawn


def network_serves_from(town: Town, least: float) -> None:
    """Set from which likeness the network serves where no model reads."""
    same = Doubting(HashEmbedder())
    same.threshold = least
    town.find = replace(town.find, same=same)


@pytest.mark.parametrize("least, is_served", [(0.6, True), (0.8, False)])
def test_where_the_model_fails_the_network_serves_what_it_is_sure_of(
    comparing: tuple[Town, Comparing], least: float, is_served: bool
) -> None:
    town, model = comparing
    town.add()

    def fails() -> None:
        raise ModelFailed("model_error", name="x")

    model.meanwhile = fails
    network_serves_from(town, least)
    assert isinstance(town.ask(IN_DOUBT), Answer) is is_served


class Told:
    """As likely as it was told, by the card's question."""

    threshold = 0.92

    def __init__(self, likely: dict[str, float]) -> None:
        self._likely = likely

    def __call__(self, asked: str, asking: str, said: Sequence[str]) -> float:
        return self._likely[asking]


OTHERWISE = "Le repas de la cantine coûte combien ?"


def with_another(town: Town, likely: tuple[float, float]) -> None:
    """Add two cards that say different things, and how likely each is asked."""
    town.add()
    quote = GivenQuote(file="cantine.txt", page=1, quote=CANCEL)
    town.add(question=OTHERWISE, answer="", quotes=(quote,))
    same = Told(dict(zip((QUESTION, OTHERWISE), likely, strict=True)))
    town.find = replace(town.find, same=same, limits=InDoubt(doubted=0.5, at_once=0.96))


@pytest.mark.parametrize("likely", [(0.97, 0.94), (0.97, 0.98)], ids=["sure and likely", "both"])
def test_what_is_surer_leaves_a_doubt_where_another_is_likely(
    comparing: tuple[Town, Comparing], likely: tuple[float, float]
) -> None:
    town, model = comparing
    with_another(town, likely)
    outcome = town.ask("la cantine du midi, combien coûte le repas")
    assert isinstance(outcome, Refusal) or outcome.via is Via.DOCUMENTS
    assert model.compared == []


def test_two_cards_in_doubt_that_say_different_things_leave_it(
    comparing: tuple[Town, Comparing],
) -> None:
    town, model = comparing
    with_another(town, (0.8, 0.7))
    asked = "la cantine du midi, combien coûte le repas"
    assert isinstance(town.ask(asked), Refusal)
    assert len(model.compared) == 2
    (other,) = town.cards.asked_as({asking_key(OTHERWISE)})
    town.desk.retire(other.id, **ME)
    assert isinstance(town.ask(asked), Answer)


def test_what_only_a_model_could_tell_is_asked_in_vain(comparing: tuple[Town, Comparing]) -> None:
    town, _ = comparing
    town.add()
    same = Told({QUESTION: 0.94})
    town.find = replace(town.find, same=same, limits=InDoubt(doubted=0.5, at_once=0.96))
    assert not town.find.knows("la cantine du soir")
    town.find = replace(town.find, limits=InDoubt(doubted=0.5, at_once=0.9))
    assert town.find.knows("la cantine du soir")


@pytest.mark.parametrize("refusal", [Reason.PERSONAL_DATA, Reason.INDIVIDUAL_VERDICT])
def test_what_is_refused_whatever_is_validated_is_not_compared(
    comparing: tuple[Town, Comparing], refusal: Reason
) -> None:
    town, model = comparing
    town.add()
    town.find = replace(town.find, same=Told({}))  # whoever asks it of a card fails
    town.assistant._read_matter = lambda asked: replace(asked, refusal=refusal)
    outcome = town.ask(IN_DOUBT)
    assert isinstance(outcome, Refusal) and outcome.reason is refusal
    assert model.compared == []


@pytest.mark.parametrize("hour", ["midi", "soir"])
def test_the_passages_of_a_card_in_doubt_are_sealed_and_read_for_nothing_else(
    comparing: tuple[Town, Comparing], hour: str
) -> None:
    town, model = comparing
    town.add()
    question = IN_DOUBT.replace("midi", hour)
    town.write(f"On demande souvent : {question} ?", "nearer.txt")
    town.assistant._limits = replace(town.assistant._limits, passages=1)
    found, *_, outcome = town.assistant.steps(question)
    assert isinstance(found, Found)
    assert [one.passage.file for one in found.evidence] == ["nearer.txt", "cantine.txt"]
    assert isinstance(outcome, Answer) is (hour == "midi")
    assert QUOTE not in " ".join(prompt.user for prompt in model.prompts)
    if hour == "soir":
        assert {lead.citation.file for lead in outcome.leads if not lead.card} <= {"nearer.txt"}


class Lists:
    """Wants each question for what it counts, and finds nothing to count."""

    def __call__(self, *asked: object) -> None:
        return None

    def wants(self, question: Question) -> bool:
        return True

    def dated(self, question: Question, allowed: Filters) -> Question:
        return question


@pytest.mark.parametrize("hour, is_served", [("midi", True), ("soir", False)])
def test_a_card_in_doubt_comes_before_a_count_of_which_nothing_is_known(
    comparing: tuple[Town, Comparing], hour: str, is_served: bool
) -> None:
    town, model = comparing
    town.add()
    town.assistant._lister = Lists()
    assert isinstance(town.ask(IN_DOUBT.replace("midi", hour)), Answer) is is_served
    assert model.prompts == []  # no passage is counted in their place


@pytest.mark.parametrize("least, is_served", [(0.6, True), (0.8, False)])
def test_whose_turn_does_not_come_gets_what_the_network_is_sure_of(
    comparing: tuple[Town, Comparing], least: float, is_served: bool
) -> None:
    town, model = comparing
    town.add()
    network_serves_from(town, least)
    town.assistant._limits = replace(town.assistant._limits, wait_seconds=0.0)
    with town.assistant._queue.enter("another"):
        assert isinstance(town.ask(IN_DOUBT), Answer) is is_served
    assert model.compared == []


def test_one_who_only_quotes_compares_nothing(comparing: tuple[Town, Comparing]) -> None:
    town, model = comparing
    town.add()
    town.assistant.quoting().ask(IN_DOUBT)
    assert model.compared == []


def test_each_part_of_a_message_may_be_a_card_in_doubt(
    comparing: tuple[Town, Comparing],
) -> None:
    town, model = comparing
    identifier = town.add()
    answer = town.ask("À midi, combien coûte la cantine ? Où est la piscine ?")
    assert isinstance(answer, Answer)
    assert (answer.validation.card, len(model.compared)) == (identifier, 1)


def test_a_near_card_is_something_to_read_for_agents_only(town: Town) -> None:
    identifier = town.add()
    town.find = replace(town.find, same=LearnedSame(HashEmbedder()))
    asked = "Combien coûte le repas de la cantine, sans le dessert ?"
    outcome = town.ask(asked)
    assert isinstance(outcome, Refusal)
    lead = outcome.leads[-1]
    assert (lead.card, lead.asked, lead.citation.quote) == (identifier, QUESTION, QUOTE)
    resident = town.ask(asked, audience="senior")
    assert isinstance(resident, Refusal)
    assert [one.card for one in resident.leads if one.card] == []
    far = town.ask("Quand ouvre la piscine ?")
    assert isinstance(far, Refusal)
    assert [one.card for one in far.leads if one.card] == []


def test_two_cards_that_say_different_things_leave_a_doubt(town: Town) -> None:
    town.add()
    town.add(
        question="Le repas de la cantine coûte combien ?",  # as near
        answer="",
        quotes=(GivenQuote(file="cantine.txt", page=1, quote=CANCEL),),
    )
    assert isinstance(town.ask("une question de cantine"), Refusal)
    exact = town.ask("le repas de la cantine coûte combien")
    assert isinstance(exact, Answer)  # word for word: no doubt


def test_a_card_that_another_is_nearer_than_is_not_compared(town: Town) -> None:
    town.add()
    nearer = town.add(
        question="Quand annuler la cantine ?",
        answer="",
        quotes=(GivenQuote(file="cantine.txt", page=1, quote=CANCEL),),
    )
    outcome = town.ask("pour annuler à la cantine")  # both are alike
    assert isinstance(outcome, Answer)
    assert outcome.validation and outcome.validation.card == nearer


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (CANTEEN.replace("4,20", "4,40"), Why.CHANGED),
        (CANTEEN.replace("Article 1 - Tarif", "Article 1 - Ancien tarif"), Why.CHANGED),
        ("Plus rien de tout cela, la cantine est fermée pour travaux.\n", Why.CHANGED),
    ],
    ids=["another price", "under another heading", "another page"],
)
def test_a_page_that_changed_suspends_the_card_and_answers_nothing_stale(
    town: Town, text: str, why: Why
) -> None:
    identifier = town.add()
    town.write(text)
    outcome = town.ask()
    assert isinstance(outcome, Refusal) or outcome.via is Via.DOCUMENTS
    assert town.state(identifier) == (State.SUSPENDED, why)
    (entry,) = (e for e in town.register.entries() if e.payload.get("why") == why.value)
    assert (entry.kind, entry.payload["status"]) == (Kind.CARD, "suspended")
    (waiting,) = town.desk.review()
    assert waiting.now[0][1] == town.store.page(town.store.documents()[0].id, 1)


def test_a_page_that_is_laid_out_otherwise_keeps_its_card(town: Town) -> None:
    identifier = town.add()
    town.write(CANTEEN.replace("coûte 4,20 euros", "coûte  4,20\xa0euros") + "\nArticle 4\nRien.\n")
    answer = town.ask()
    assert isinstance(answer, Answer)
    assert answer.validation.card == identifier
    assert answer.citations[0].quote in (town.store.page(answer.citations[0].document, 1) or "")


def test_settling_suspends_what_no_question_met_yet(town: Town) -> None:
    identifier = town.add()
    assert town.desk.settle() == []
    town.write("Autre chose.\n")
    assert [card.id for card in town.desk.settle()] == [identifier]
    with pytest.raises(Refused):
        town.desk.confirm(identifier, **ME)
    town.write(CANTEEN)
    town.desk.confirm(identifier, **ME)
    assert isinstance(town.ask(), Answer)


def test_a_report_that_may_not_suspend_waits_for_a_person_and_is_entered_once(town: Town) -> None:
    identifier = town.add()
    for _ in range(2):
        town.desk.report(identifier, suspends=False, by="", role="resident")
    assert town.state(identifier) == (State.SERVED, Why.REPORTED)
    assert isinstance(town.ask(), Answer)
    (waiting,) = town.desk.review()
    assert waiting.card.id == identifier
    said = [e.payload["why"] for e in town.register.entries() if e.kind is Kind.CARD]
    assert said == ["", "reported"]
    town.desk.confirm(identifier, **ME)
    assert (town.state(identifier), town.desk.review()) == ((State.SERVED, Why.NONE), [])
    town.desk.report(identifier, suspends=True, by="", role="resident")
    assert town.state(identifier) == (State.SUSPENDED, Why.REPORTED)


def test_a_report_puts_nothing_back_that_somebody_suspends_meanwhile(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    identifier, changing = town.add(), town.desk.cards.changing

    def late() -> AbstractContextManager[Changes]:
        monkeypatch.undo()
        town.desk.suspend(identifier, why=Why.BY_HAND, by="", role="agent")
        return changing()

    monkeypatch.setattr(town.desk.cards, "changing", late)
    town.desk.report(identifier, suspends=False, by="", role="resident")
    assert town.state(identifier) == (State.SUSPENDED, Why.BY_HAND)


def test_a_document_that_is_removed_takes_its_cards_with_it(town: Town, tmp_path: Path) -> None:
    town.add()
    (document,) = town.store.documents()
    assert town.desk.forget([document.id], **ME) == 1
    assert town.cards.cards() == []
    files = b"".join(path.read_bytes() for path in tmp_path.glob("cards.db*"))
    assert QUOTE.encode() not in files
    assert QUESTION.encode() not in files


def test_a_file_that_is_gone_suspends_its_cards(town: Town) -> None:
    identifier = town.add()
    town.store.remove([d.id for d in town.store.documents()])
    assert isinstance(town.ask(), Refusal)
    assert town.state(identifier) == (State.SUSPENDED, Why.GONE)


def test_a_document_in_quarantine_is_not_quoted(town: Town) -> None:
    identifier = town.add()
    (document,) = town.store.documents()
    pages = town.store.pages(document.id)
    (seen,) = town.store.files()
    waiting = replace(document, needs="decision_health")
    town.store.put(waiting, pages, [], seen=seen)
    assert isinstance(town.ask(), Refusal)
    assert town.state(identifier) == (State.SUSPENDED, Why.QUARANTINED)
    refused = town.tried(question="Quel prix a le repas ?").refused
    assert refused == (("Quel prix a le repas ?", Fault.QUOTE_NOT_FOUND),)


def test_a_day_that_is_past_ends_it_and_a_clock_that_jumps_back_brings_nothing_back(
    town: Town,
) -> None:
    identifier = town.add(until="2099-06-30")
    assert isinstance(town.ask(), Answer)
    town.find = replace(town.find, today=lambda: date(2099, 7, 1))
    assert isinstance(town.ask(), Refusal)
    town.find = replace(town.find, today=lambda: date(2026, 7, 1))
    assert isinstance(town.ask(), Refusal)
    assert town.state(identifier) == (State.SUSPENDED, Why.OVER)


TITLE = "Règlement de la cantine"
YEARLY = CANTEEN.replace(TITLE, "Tarifs de la cantine 2098-2099")


def test_a_school_year_ends_what_stands_under_it_though_nobody_said_so(town: Town) -> None:
    town.write(YEARLY)
    identifier = town.add()
    card = town.cards.card(identifier)
    assert card is not None
    assert card.until == "2099-08-31"
    assert isinstance(town.ask(), Answer)
    town.find = replace(town.find, today=lambda: date(2099, 9, 1))
    assert isinstance(town.ask(), Refusal)
    assert town.state(identifier) == (State.SUSPENDED, Why.OVER)


def test_a_card_of_before_its_end_was_read_ends_too(town: Town) -> None:
    town.write(YEARLY)
    card = town.cards.card(town.add())
    assert card is not None
    with town.cards.changing() as change:
        change.put(replace(card, until=""), HashEmbedder().embed_query(card.question), "hash")
    assert isinstance(town.ask(), Answer)
    assert [one.id for one in town.desk.settle(today=date(2099, 8, 31))] == []
    assert [one.id for one in town.desk.settle(today=date(2099, 9, 1))] == [card.id]
    assert town.state(card.id) == (State.SUSPENDED, Why.OVER)


def test_who_says_another_day_or_asks_of_that_year_is_believed(town: Town) -> None:
    town.write(YEARLY)
    said = {
        town.add(until=NEVER): NEVER,
        town.add(question="Quel est le prix du repas ?", until="2098-12-31"): "2098-12-31",
        town.add(question="Combien coûte le repas en 2098-2099 ?"): "",
    }
    assert {card.id: card.until for card in town.cards.cards()} == said
    assert [one.until for one in town.desk.settle(today=date(2100, 1, 1))] == ["2098-12-31"]


def test_what_ended_already_is_not_validated(town: Town) -> None:
    town.write(CANTEEN.replace(TITLE, "Tarifs de la cantine 2019-2020"))
    assert town.tried().refused == ((QUESTION, Fault.OVER),)


OLD_ORDER = (
    "ARRÊTÉ MUNICIPAL N° 2016-041\nportant réglementation des bruits\nLa maire,\nARRÊTE\n"
    "Article 1er. – Le bruit est interdit après 22 heures.\n\n"
    "Fait à Brumeval, le 4 avril 2016\nLa maire,"
)
NEW_ORDER = (
    "ARRÊTÉ MUNICIPAL N° 2024-087\nportant réglementation des bruits\nLa maire,\nARRÊTE\n"
    "Article 1er. – Le bruit est interdit après 21 heures.\n"
    "Article 2. – L’arrêté n° 2016-041 du 4 avril 2016 est abrogé.\n\n"
    "Fait à Brumeval, le 21 mai 2024\nLa maire,"
)


def test_an_act_that_another_replaces_takes_its_cards_with_it(town: Town) -> None:
    town.write(OLD_ORDER, "ancien.txt")
    noise = {
        "question": "À partir de quand le bruit est-il interdit ?",
        "answer": "",
        "quotes": (GivenQuote(file="ancien.txt", page=1,
                              quote="Le bruit est interdit après 22 heures."),),
    }  # fmt: skip
    identifier = town.add(**noise)
    assert isinstance(town.ask(noise["question"]), Answer)
    town.write(NEW_ORDER, "nouveau.txt")
    outcome = town.ask(noise["question"])
    assert isinstance(outcome, Refusal) or outcome.via is Via.DOCUMENTS
    assert town.state(identifier) == (State.SUSPENDED, Why.SUPERSEDED)
    assert town.tried(**noise).refused == ((noise["question"], Fault.SUPERSEDED),)
    with pytest.raises(Refused) as refused:
        town.desk.confirm(identifier, **ME)
    assert refused.value.fault is Fault.SUPERSEDED


def test_an_audience_gets_only_what_is_for_it_and_what_it_may_read(open_town: OpenTown) -> None:
    rights = Rights({"agent": None, "senior": frozenset({"autre"})})
    town = open_town(rights)
    town.write(CANTEEN)
    identifier = town.add()
    assert isinstance(town.ask(audience="senior"), Refusal)
    assert town.state(identifier)[0] is State.SERVED
    assert isinstance(town.ask(audience="agent"), Answer)


def test_a_card_for_agents_is_not_shown_to_residents(town: Town) -> None:
    town.add(audience="agent")
    assert isinstance(town.ask(audience="senior"), Refusal)
    assert isinstance(town.ask(audience="agent"), Answer)
    town.add(audience="senior", answer="Le repas, c'est 4,20 euros.")
    answer = town.ask(audience="senior")
    assert isinstance(answer, Answer)
    assert answer.text == "Le repas, c'est 4,20 euros. [1]"


ARABIC = "كم سعر وجبة المطعم المدرسي؟"
SAID = "سعر الوجبة 4,20 يورو."


def test_who_reads_another_language_gets_the_words_that_somebody_stood_for_in_it(
    town: Town,
) -> None:
    identifier = town.add(translations=(("ar", SAID), ("tr", "Yemek 4,20 avro.")), audience="")
    for language, text in (
        ("ar", SAID),
        ("tr", "Yemek 4,20 avro."),
        ("es", ANSWER),
        ("fr", ANSWER),
    ):
        *_, answer = town.assistant.steps(QUESTION, audience="senior", language=language)
        assert isinstance(answer, Answer)
        assert answer.sentences[0].text == text
        assert answer.validation.language == (language if text != ANSWER else "")
        assert [citation.quote for citation in answer.citations] == [QUOTE]
        assert answer.validation.card == identifier


def test_a_question_in_another_language_is_known_word_for_word(town: Town) -> None:
    assert town.tried(wordings=("Écris-moi un poème sur la cantine",)).refused == (
        (QUESTION, Fault.OFF_TOPIC),
    )
    town.add(translations=(("ar", SAID),), wordings=(ARABIC,))
    # in another language than the documents' it looks like talk
    town.assistant._read_matter = lambda one: replace(one, refusal=Reason.OFF_TOPIC)
    *_, answer = town.assistant.steps(ARABIC, audience="senior", language="ar")
    assert isinstance(answer, Answer)
    assert answer.sentences[0].text == SAID
    *_, other = town.assistant.steps("كم سعر المسبح؟", audience="senior", language="ar")
    assert isinstance(other, Refusal)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("سعر الوجبة ٤٫٣٠ يورو.", Fault.VALUE_WITHOUT_SOURCE),
        ("A refeição custa 4,30 euros.", Fault.VALUE_WITHOUT_SOURCE),
        (f"4,20 {RESIDENT}", Fault.PERSONAL_DATA),
        ("Bir. İki. Üç. Dört.", Fault.TOO_LONG),
    ],
)
def test_words_in_another_language_are_looked_at_as_the_others(
    town: Town, said: str, fault: Fault
) -> None:
    assert town.tried(translations=(("ar", said),)).refused == ((QUESTION, fault),)
    assert town.tried(translations=(("ar", "سعر الوجبة ٤٫٢٠ يورو."),)).refused == ()


def test_a_card_keeps_its_other_languages_when_it_is_confirmed_and_loses_them_when_erased(
    town: Town, tmp_path: Path
) -> None:
    identifier = town.add(translations=(("ar", SAID),))
    town.desk.suspend(identifier, **ME)
    town.desk.confirm(identifier, **ME)
    card = town.cards.card(identifier)
    assert card is not None
    assert card.translations == (("ar", SAID),)
    (entry, *_) = (e for e in town.register.entries() if e.kind is Kind.CARD)
    assert entry.payload["answers"] == {"ar": SAID}
    town.desk.forget([town.store.documents()[0].id], **ME)
    files = b"".join(path.read_bytes() for path in tmp_path.glob("cards.db*"))
    assert SAID.encode() not in files


@pytest.mark.parametrize("pause", [Pause(), Pause(collection=PUBLIC), Pause(audience="agent")])
def test_a_pause_holds_for_cards_too(town: Town, pause: Pause) -> None:
    identifier = town.add()
    town.moratorium.add(pause)
    assert isinstance(town.ask(), Refusal)
    assert town.state(identifier)[0] is State.SERVED
    town.moratorium.remove(pause)
    assert isinstance(town.ask(), Answer)


def test_one_part_of_a_message_may_be_answered_by_a_card(town: Town) -> None:
    identifier = town.add()
    town.find = replace(town.find, same=LearnedSame(HashEmbedder()))
    answer = town.ask(f"{QUESTION} Quand ouvre la piscine ?")
    assert isinstance(answer, Answer)
    assert (answer.via, answer.validation.card) == (Via.CARD, identifier)
    assert answer.sentences[0].text == ANSWER
    assert answer.sentences[-1].is_note


def test_of_two_who_validate_at_once_one_is_told(town: Town) -> None:
    barrier, got = Barrier(2), list[Added]()

    def validate(answer: str) -> None:
        barrier.wait()
        got.append(town.tried(answer=answer))

    threads = [Thread(target=validate, args=(text,)) for text in (ANSWER, "4,20 euros le repas.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(one.added) for one in got) == [0, 1]
    assert [f for one in got for _, f in one.refused] == [Fault.TWO_ANSWERS]
    assert len(town.cards.cards()) == 1


def test_what_is_suspended_while_it_is_confirmed_stays_so(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    identifier, maker = town.add(), type(town.desk.maker).__call__
    town.desk.report(identifier, suspends=False, by="", role="resident")

    def slowly(*given: Any, **named: Any) -> Card:
        made = maker(*given, **named)
        town.desk.suspend(identifier, why=Why.REPORTED, by="x", role="agent")
        return made

    monkeypatch.setattr(type(town.desk.maker), "__call__", slowly)
    with pytest.raises(Refused) as refused:
        town.desk.confirm(identifier, **ME)
    assert refused.value.fault is Fault.CHANGED
    assert town.state(identifier) == (State.SUSPENDED, Why.REPORTED)


def test_a_second_person_must_agree_where_that_is_set(open_town: OpenTown) -> None:
    town = open_town(second=True)
    town.write(CANTEEN)
    identifier = town.add()
    assert isinstance(town.ask(), Refusal)
    with pytest.raises(Refused) as refused:
        town.desk.confirm(identifier, **ME)
    assert refused.value.fault is Fault.SAME_PERSON
    town.desk.confirm(identifier, by="2026-11.cd", role="agent")
    assert isinstance(town.ask(), Answer)


def test_ten_thousand_cards_leave_the_right_one_found(town: Town) -> None:
    identifier = town.add()
    card = town.cards.card(identifier)
    assert card is not None
    vector = HashEmbedder().embed_query("autre chose")
    with town.cards.changing() as change:
        for number in range(10_000):
            other = replace(card, id=f"c{number}", question=f"Où est le lieu dit {number} ?")
            change.put(other, vector, "hash")
    assert town.cards.counts()[State.SERVED] == 10_001
    answer = town.ask()
    assert isinstance(answer, Answer)
    assert answer.validation.card == identifier


def test_cards_of_another_embedder_are_read_again(town: Town) -> None:
    identifier = town.add()
    card = town.cards.card(identifier)
    assert card is not None
    with town.cards.changing() as change:
        change.put(card, HashEmbedder().embed_query("zzz"), "another")
    assert isinstance(town.ask("le prix de la cantine"), Answer)
    assert town.cards.embedded_by_others("hash") == []


def test_what_a_person_takes_out_of_a_page_is_taken_out_of_its_cards(
    town: Town, tmp_path: Path
) -> None:
    town.add()
    other = town.add(question="Quand annuler un repas ?", answer="",
                     quotes=(GivenQuote(file="cantine.txt", page=1, quote=CANCEL),))  # fmt: skip
    (document,) = town.store.documents()
    page = town.store.page(document.id, 1) or ""
    start = page.index(QUOTE)
    changed = list[str]()
    town.quarantine._changed = changed.append
    town.quarantine.withhold(document.id, 1, [(start, start + len(QUOTE))])
    assert changed == [document.id]
    assert town.desk.forget_lost(document.id, **ME) == 1
    assert [card.id for card in town.cards.cards()] == [other]
    files = b"".join(path.read_bytes() for path in tmp_path.glob("cards.db*"))
    assert QUOTE.encode() not in files


def columns(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as file:
        return {name for _, name, *_ in file.execute("PRAGMA table_info(cards)")}


def test_a_file_of_the_first_version_is_brought_to_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "cards.db"
    with closing(sqlite3.connect(path)) as old:
        old.execute(
            "CREATE TABLE cards (id TEXT PRIMARY KEY, answer TEXT NOT NULL, audience TEXT NOT NULL,"
            ' until TEXT NOT NULL, state TEXT NOT NULL, why TEXT NOT NULL, "by" TEXT NOT NULL,'
            " role TEXT NOT NULL, at TEXT NOT NULL, stems TEXT NOT NULL, embedder TEXT NOT NULL,"
            " vector BLOB NOT NULL) STRICT, WITHOUT ROWID"
        )
        old.execute(
            "INSERT INTO cards VALUES ('a1', 'Oui.', '', '', 'served', '', 'b', 'agent', '', '',"
            " 'hash', x'')"
        )
        old.execute(
            "CREATE TABLE askings (number INTEGER PRIMARY KEY, card TEXT NOT NULL REFERENCES cards"
            " (id) ON DELETE CASCADE, rank INTEGER NOT NULL, text TEXT NOT NULL,"
            " key TEXT NOT NULL) STRICT"
        )
        old.execute("INSERT INTO askings VALUES (1, 'a1', 0, 'Ouvert ?', 'ouvert')")
        old.execute("PRAGMA user_version = 1")
        old.commit()
    with closing(CardStore(path)) as cards:
        (card,) = cards.cards()
        assert (card.question, card.answer, card.service) == ("Ouvert ?", "Oui.", "")
        assert (card.translations, card.likely) == ((), 0.0)
        assert "stems" not in columns(path)
        cards.note_tried("d", "c", (1, 0), "2026-03-03")
        assert cards.tried_in("2026-03-03") == 1
        with cards.changing() as change:
            more = replace(card, translations=(("ar", SAID),), likely=2.0)
            change.put(more, HashEmbedder().embed_query("a"), "hash")
        assert cards.cards() == [more]
        cards.settle(["Qui ?"], Settled.MISSING, "2026-03-03")
    with closing(CardStore(path)) as cards:
        assert [one.question for one in cards.settled(Settled.MISSING)] == ["Qui ?"]
