# SPDX-License-Identifier: EUPL-1.2
"""What the town says of itself: which questions its sheet answers, what it says, and when not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.answers import Answer, Author, Found, Reason, Refusal, Via
from assistant.evidence import Weigher
from assistant.listing import Lister
from assistant.moratorium import FILE as MORATORIUM
from assistant.moratorium import Moratorium, Pause
from assistant.pipeline import Assistant, Limits
from assistant.settings import Settings, Town, TownService
from assistant.sheet.answers import TownSheet
from assistant.sheet.asked import AskedFacts, services_named
from assistant.sheet.days import named_day
from assistant.sheet.facts import TONGUES, AskedFact, Fact, NamedDay, Tongue
from assistant.sheet.reading import HEADS, Asking, opened, sure_from
from assistant.sheet.said import said
from assistant.sheet.words import words_of
from assistant.understanding.heads import Artefact, Head
from assistant.understanding.questions import understand
from assistant.wiring import open_parts
from corpus.e5_additions import Factors
from corpus.passages import PassageStore
from corpus.query import Wording
from corpus.seams import TokenReading
from corpus.search import Search
from guardrails.findings import Screened
from guardrails.register import Register
from guardrails.register.events import enter_settings, set_since
from guardrails.register.records import Kind
from guardrails.roster import read_offices
from tests.fakes import HashEmbedder, MemoryIndex, ScriptedModel, WordGuard, plain_reader

TODAY = date(2026, 12, 10)  # a Thursday
SETTINGS = Settings.model_validate(
    {
        "roster": [
            "Mme Ana Petit, maire",
            "Luc Roy, premier adjoint, sports et jeunesse",
            "Zoé Morel, deuxième adjointe, culture",
            "Jean Vieux, ancien maire",
            "Odile Bault, directrice générale des services",
        ],
        "town": {
            "name": "Saint-Orme-sur-Lande",
            "phone": "01 99 00 00 10",
            "email": "mairie@orme.example",
            "address": "1, place du Lavoir",
            "week": {
                "thursday": ["8:30-12:00", "13:30-17:00"],
                "friday": ["8:30-12:00"],
                "saturday": ["9:00-11:30"],
            },
            "closed": ["2026-12-24", "2026-12-26", "2026-01-02"],
            "services": [
                {"name": "État civil", "phone": "01 99 00 00 11", "hours": "Mardi de 9 h à 12 h"},
                {"name": "Service urbanisme", "phone": "01 99 00 00 12"},
                {"name": "Crèche Les Lutins", "phone": "01 99 00 00 13"},
            ],
        },
    }
)
TOWN, OFFICES = SETTINGS.town, read_offices(SETTINGS.roster)


WORDS = {
    "téléphone": Fact.PHONE, "phone": Fact.PHONE, "هاتف": Fact.PHONE, "mail": Fact.EMAIL,
    "adresse": Fact.ADDRESS, "où": Fact.ADDRESS, "horaires": Fact.HOURS, "ouverts": Fact.OPEN,
    "ouverte": Fact.OPEN, "maire ": Fact.MAYOR, "mayor": Fact.MAYOR, "adjoint": Fact.DEPUTIES,
    "exceptionnelles": Fact.CLOSURES,
}  # fmt: skip


NAMED = (
    "mairie", "maire", "adjoint", "état civil", "urbanisme", "crèche", "brest", "piscine", "voisin",
    "annexe", "saint-malo", "lyon", "finances", "sports", "town hall", "hospital", "البلدية",
    "registry office", "saint-orme",
)  # fmt: skip


def meaning(text: str) -> Asking:
    """Read a question: the fact by one word of each, who is named by some that are known."""
    said_ = text.lower()
    facts = np.zeros(len(Fact) + 1, np.float32)
    is_past = any(word in said_ for word in ("était", "dernier"))
    fact = None if is_past else next((f for word, f in WORDS.items() if word in said_), None)
    facts[0 if fact is None else [*Fact].index(fact) + 1] = 1
    languages = np.zeros(len(TONGUES), np.float32)
    english = any(word in said_.split() for word in ("what", "who", "are"))
    languages[2 if "ه" in said_ else 1 if english else 0] = 1
    found = (one for name in NAMED for one in re.finditer(name, said_))
    return Asking(facts, languages, [one.span() for one in found])


@dataclass
class Reads:
    """A reader by a function."""

    read: Callable[[str], Asking] = meaning
    sure: float = 0.5

    def __call__(self, text: str) -> Asking:
        return self.read(text)


def sheet(settings: Settings = SETTINGS) -> TownSheet:
    return TownSheet(
        town=settings.town,
        offices=read_offices(settings.roster),
        asked=AskedFacts(settings.town, Reads),
        updated=date(2026, 3, 3),
        roster_updated=date(2026, 4, 4),
        today=lambda: TODAY,
    )


def answered(question: str, language: str = "") -> str:
    """Return what the sheet says, empty where the question goes the usual way."""
    found = sheet()(understand(Screened(question)), language)
    return " ".join(found.sentences) if found else ""


# -- which questions


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Quel est le téléphone de la mairie ?", "01 99 00 00 10"),
        ("le telephone de la mairie, téléphone svp", "01 99 00 00 10"),
        ("Le téléphone de la mairie de Saint-Orme ?", "01 99 00 00 10"),
        ("Le téléphone de l'état civil ?", "01 99 00 00 11"),
        ("Quel est le téléphone du service urbanisme ?", "01 99 00 00 12"),
        ("what is the phone number of the town hall?", "01 99 00 00 10"),
        ("what is the phone number of the registry office?", "01 99 00 00 11"),
        ("ما هو رقم هاتف البلدية؟", "01 99 00 00 10"),
        ("Quelle est votre adresse mail ?", "mairie@orme.example"),
        ("Où est la mairie ?", "1, place du Lavoir"),
        ("Qui est le maire ?", "Ana Petit"),
        ("who is the mayor?", "Ana Petit"),
        ("Qui est l'adjoint aux sports ?", "Luc Roy"),
        ("Qui sont les adjoints ?", "Zoé Morel"),
    ],
)
def test_what_the_town_filled_in_answers(question: str, part: str) -> None:
    assert part in answered(question)


@pytest.mark.parametrize(
    "question",
    [
        "Quel est le téléphone de la mairie de Brest ?",
        "Quel est le téléphone de la piscine ?",
        "Le téléphone de mon voisin ?",
        "Le téléphone de la mairie annexe ?",
        "Le téléphone de la crèche de Brest ?",
        "Le téléphone de la mairie de Saint-Malo ?",
        "Le téléphone de l'état civil et de l'urbanisme ?",
        "Quelle est l'adresse mail de l'état civil ?",
        "Qui était le maire avant ?",
        "Qui est le maire de Lyon ?",
        "Qui est l'adjoint aux finances ?",
        "Êtes-vous ouverts le 25 décembre ?",
        "La piscine est ouverte samedi ?",
        "Vous êtes ouverts samedi dernier ?",
        "Vous êtes ouverts lundi et samedi ?",
        "what is the phone number of the hospital?",
        "[PERSONNE_1] habite encore ici ? Son adresse ?",
        "Téléphone de [PERSONNE_1], de la mairie",
    ],
)
def test_what_is_not_the_sheet_s_goes_the_usual_way(question: str) -> None:
    assert answered(question) == ""


def test_the_roster_tells_one_mayor_or_none() -> None:
    two = SETTINGS.model_copy(update={"roster": ("Ana Petit, maire", "Luc Roy, maire")})
    none = SETTINGS.model_copy(update={"roster": ("Ana Petit", "Luc Roy, maire délégué")})
    asked = AskedFact(fact=Fact.MAYOR, language="fr", score=1.0)
    for settings in (two, none):
        assert said(asked, TOWN, read_offices(settings.roster), language="fr", today=TODAY) == ()


# -- what is said


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        ("Vous êtes ouverts samedi ?",
         "Samedi, la mairie : ouvert de 9 h à 11 h 30."),
        ("Vous êtes ouverts dimanche ?", "Dimanche, la mairie : fermé."),
        ("Vous êtes ouverts samedi à 18 h ?", "Samedi, la mairie : ouvert de 9 h à 11 h 30."),
        ("Vous êtes ouverts dimanche soir ?", "Dimanche, la mairie : fermé."),
        ("Vous êtes ouverts aujourd'hui ?",
         "Jeudi 10 décembre 2026, la mairie : ouvert de 8 h 30 à 12 h et de 13 h 30 à 17 h."),
        ("Vous êtes ouverts le 24 décembre ?", "Jeudi 24 décembre 2026, la mairie : fermé."),
        ("Quels sont les horaires de la mairie ?",
         "Horaires de la mairie : jeudi de 8 h 30 à 12 h et de 13 h 30 à 17 h ; "
         "vendredi de 8 h 30 à 12 h ; samedi de 9 h à 11 h 30."),
        ("Quels sont les horaires de l'état civil ?",
         "Horaires (État civil) : Mardi de 9 h à 12 h."),
        ("Quelles sont les fermetures exceptionnelles ?",
         "Fermetures exceptionnelles de la mairie : jeudi 24 décembre 2026, "
         "samedi 26 décembre 2026."),
    ],
)  # fmt: skip
def test_hours_are_those_of_the_day_that_is_named(question: str, sentences: str) -> None:
    assert answered(question) == sentences


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "Téléphone (État civil) : 05 00 00 00 02."),
        ("en", "Phone (État civil): 05 00 00 00 02."),
        ("es", "Teléfono (État civil): 05 00 00 00 02."),
        ("tr", "État civil telefonu: 05 00 00 00 02."),
    ],
)
def test_a_service_s_name_stands_without_an_article(language: Tongue, sentence: str) -> None:
    town = Town(services=[TownService(name="État civil", phone="05 00 00 00 02")])
    asked = AskedFact(fact=Fact.PHONE, language=language, score=1.0, service=0)
    assert said(asked, town, (), language=language, today=TODAY) == (sentence,)


def test_a_day_of_the_week_says_when_the_next_one_is_closed() -> None:
    asked = AskedFact(
        fact=Fact.OPEN, language="fr", score=1.0, day=NamedDay(date(2026, 12, 26), weekday=5)
    )
    found = said(asked, TOWN, OFFICES, language="fr", today=date(2026, 12, 21))
    assert found[1:] == ("Attention : fermé le samedi 26 décembre 2026.",)


@pytest.mark.parametrize("language", TONGUES)
def test_every_fact_is_said_in_every_language_of_the_page(language: Tongue) -> None:
    days = (None, NamedDay(date(2026, 12, 12), weekday=5), NamedDay(date(2026, 12, 24)))
    for fact in Fact:
        for day in days:
            asked = AskedFact(fact=fact, language=language, score=1.0, day=day)
            found = said(asked, TOWN, OFFICES, language=language, today=TODAY)
            assert found
            assert not any("{" in sentence for sentence in found)


def test_the_language_of_the_page_wins_over_the_question_s_unless_it_is_french() -> None:
    assert answered("Quel est le téléphone de la mairie ?", "tr").startswith("Belediye telefonu")
    assert answered("what is your phone number?", "fr").startswith("Phone of the town hall")


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("vous êtes ouverts lundi", "fr", date(2026, 12, 14)),
        ("vous êtes ouverts jeudi", "fr", TODAY),
        ("are you open tomorrow", "en", date(2026, 12, 11)),
        ("abren el 5 de enero", "es", date(2027, 1, 5)),
        ("estão abertos na segunda-feira", "pt", date(2026, 12, 14)),
        ("هل البلدية مفتوحة يوم السبت", "ar", date(2026, 12, 12)),
        ("pazartesi günü açık mısınız", "tr", date(2026, 12, 14)),
        ("ouverts le 1er janvier 2027", "fr", date(2027, 1, 1)),
    ],
)
def test_the_day_that_is_named_is_the_next_such_day(text: str, language: Tongue, day: date) -> None:
    found, _ = named_day(words_of(text), language, TODAY)
    assert found is not None
    assert found.day == day


def test_the_morning_is_no_day() -> None:
    assert named_day(words_of("¿abren por la mañana?"), "es", TODAY) == (None, frozenset())


@pytest.mark.parametrize("text", ["le 5 janvier 2019", "lundi ou mardi", "le 31 février", "demain"])
def test_days_that_are_past_or_several_or_none_are_no_day(text: str) -> None:
    found, places = named_day(words_of(text), "es" if text == "demain" else "fr", TODAY)
    assert found is None
    assert bool(places) is (text != "demain")


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("ouverts après-demain ?", "fr", date(2026, 12, 12)),
        ("open the day after tomorrow?", "en", date(2026, 12, 12)),
        ("abren pasado mañana", "es", date(2026, 12, 12)),
        ("abren mañana por la mañana", "es", date(2026, 12, 11)),
        ("abren el sábado por la mañana", "es", date(2026, 12, 12)),
        ("abren esta mañana", "es", date(2026, 12, 10)),
        ("ouverts jeudi 24 décembre", "fr", date(2026, 12, 24)),
        ("ouverts le jeudi 24/12 ?", "fr", date(2026, 12, 24)),
        ("ouverts le 5.1.2027", "fr", date(2027, 1, 5)),
    ],
)
def test_a_day_is_named_by_more_than_its_number(text: str, language: Tongue, day: date) -> None:
    found, _ = named_day(words_of(text), language, TODAY, text)
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize(
    "text",
    [
        "ouverts le vendredi 24 décembre ?",  # which is a Thursday
        "ouverts le 24 décembre et le 2 janvier ?",
        "ouverts le jeudi de l'Ascension ?",
        "samedi 5 janvier 2019",
        "ouverts avant-hier ?",
        "mon rendez-vous du 5 janvier, ticket 9876543210",
        "le ፩ janvier",
        "le 31/02",
    ],
)
def test_a_day_that_is_past_a_holiday_or_not_clear_is_none(text: str) -> None:
    found, _ = named_day(words_of(text), "fr", TODAY, text)
    assert found is None or text.startswith("mon rendez-vous")


def at(town: Town, question: str, *named: str) -> AskedFact | None:
    """Return what is recognised where these parts of a question name somebody."""
    spans = [(question.index(one), question.index(one) + len(one)) for one in named]
    read = Reads(lambda text: meaning(text)._replace(named=spans))
    return AskedFacts(town, lambda: read)(question, today=TODAY)


def services(*names: str) -> Town:
    each_one = [TownService(name=name, phone="01 99 00 00 11") for name in names]
    return Town(name="Saint-Orme", phone="01 99 00 00 10", services=each_one)


def test_a_service_whose_name_holds_no_word_is_no_service() -> None:
    asked = at(services("--", "☎️", "À la une"), "téléphone de la mairie", "mairie")
    assert asked is not None
    assert asked.service is None


@pytest.mark.parametrize(
    ("directory", "question", "named"),
    [
        ("Bibliothèque", "téléphone du service médiation", "service médiation"),
        ("Information", "téléphone du service informatique", "service informatique"),
        ("Crèche", "le téléphone de la garderie", "la garderie"),
    ],
)
def test_a_word_that_begins_alike_is_no_service_s(
    directory: str, question: str, named: str
) -> None:
    assert at(services(directory), question, named) is None


def test_whose_it_is_is_not_clear_where_a_service_and_the_town_hall_stand_apart() -> None:
    town = services("État civil")
    question = "L'état civil ne répond pas, le téléphone de la mairie ?"
    assert at(town, question, "état civil", "mairie") is None
    whole = at(town, "téléphone de l'état civil de la mairie", "état civil", "mairie")
    assert whole is not None
    assert whole.service == 0


def test_two_services_are_not_the_town_hall_though_everybody_calls_it_so() -> None:
    town = services("Accueil", "Secrétariat")
    question = "téléphone de l'accueil et du secrétariat"
    assert at(town, question, "accueil", "secrétariat") is None


def test_a_service_by_its_own_name_goes_before_one_of_its_kind() -> None:
    town = services("Bibliothèque", "Médiathèque")
    asked = at(town, "téléphone de la médiathèque, médiathèque", "médiathèque, médiathèque")
    assert asked is not None
    assert asked.service == 1


def test_a_town_that_is_called_like_another_body_does_not_hide_it() -> None:
    town = Town(name="L'Hôpital", phone="01 99 00 00 10")
    assert at(town, "téléphone de l'hôpital", "hôpital") is None


# -- in the pipeline


@pytest.fixture
def assistant(tmp_path: Path, register: Register) -> Iterator[Assistant]:
    store = PassageStore(tmp_path / "passages.db")
    embedder, wording = HashEmbedder(), Wording(store)
    yield Assistant(
        guard=WordGuard("Zoé Quillebec", trap="PIÈGE"),
        read=plain_reader,
        search=Search(store, MemoryIndex(), embedder, wording=wording),
        weigher=Weigher(embedder, wording),
        lister=Lister(store, wording),
        model=ScriptedModel(),
        register=register,
        limits=Limits(moratorium=Moratorium(tmp_path / MORATORIUM)),
        sheet=sheet(),
    )
    store.close()


def test_the_sheet_answers_sealed_as_a_card_and_nothing_is_read(
    assistant: Assistant, register: Register
) -> None:
    found, *said_, answer = assistant.steps("Qui est le maire ?", audience="senior", language="en")
    assert isinstance(found, Found)
    assert found.evidence == ()
    assert isinstance(answer, Answer)
    assert answer.text == (
        "Mayor of Saint-Orme-sur-Lande: Mme Ana Petit. "
        "Source: the town hall's own information, updated on 4 April 2026."
    )
    assert (answer.via, answer.validation.card) == (Via.CARD, "roster:mayor")
    assert (answer.validation.role, answer.validation.language) == ("", "en")
    assert [s.author for s in answer.sentences] == [Author.PERSON, Author.PROGRAM]
    assert len(said_) == len(answer.sentences)
    entries = [entry for entry in register.entries() if entry.exchange == answer.record]
    kinds = [entry.kind for entry in entries]
    assert kinds == [Kind.INTENT, Kind.SENTENCE, Kind.SENTENCE, Kind.OUTCOME]
    assert entries[0].payload["passages"] == []
    assert entries[-1].payload["card"] == "roster:mayor"


def test_a_pause_holds_for_the_sheet_too(assistant: Assistant, tmp_path: Path) -> None:
    Moratorium(tmp_path / MORATORIUM).add(Pause())
    outcome = assistant.ask("Qui est le maire ?")
    assert isinstance(outcome, Refusal)
    assert outcome.reason is Reason.SUSPENDED


def test_what_arabic_joins_to_a_service_s_name_does_not_hide_it() -> None:
    castle = {"name": "Château", "also": ["قلعة"], "phone": "01 99 00 00 19"}
    town = Settings.model_validate({"town": {"services": [castle]}}).town
    assert [one.name for one in services_named(town, "ما هو رقم القلعة؟")] == ["Château"]


def test_a_word_two_letters_from_a_service_s_is_another_word() -> None:
    town = Town(services=[TownService(name="Crèche")])
    assert services_named(town, "el teléfono de la guardería")
    assert not services_named(town, "le téléphone de la garderie")


# -- how a question is read


class Tokens:
    """An embedder that tells its tokens: one a word, which of them is `Brest`, and that as many
    numbers as there are words ask for a telephone."""

    def read(self, text: str) -> TokenReading:
        spans = [one.span() for one in re.finditer(r"\w+", text)]
        states = np.array([[1.0, text[a:b] == "Brest"] for a, b in spans], np.float32)
        return TokenReading(np.array([1.0, 0.0], np.float32), states, spans)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return self.read(text).mean

    def taught(self, additions: Mapping[str, Factors]) -> Tokens:
        self.additions = additions
        return self


@pytest.fixture
def learnt() -> Artefact:
    """Sure that all ask for a telephone, in French, and that only `Brest` names somebody."""

    def head(rows: int, best: int, **more: tuple[NDArray[np.float32], NDArray[np.float32]]) -> Head:
        weights = np.zeros((rows, 2), np.float32)
        weights[best, 0] = 9
        return Head(weights, np.zeros(rows, np.float32), 0.5, **more)

    same = (np.eye(2, dtype=np.float32), np.zeros(2, np.float32))
    return Artefact(
        additions={"l6.q": Factors.of(np.ones((1, 2), np.float32), np.ones((2, 1), np.float32))},
        heads={
            "fact": head(len(Fact) + 1, 1, hidden=same),
            "language": head(len(TONGUES), 0),
            "named": Head(np.array([[-9, 18]], np.float32), np.zeros(1, np.float32), 0.5),
        },
    )


def test_what_was_learnt_is_kept_and_read_back(learnt: Artefact, tmp_path: Path) -> None:
    sure_from(learnt, 0.8, 0.2).save(tmp_path / "sheet.npz", HEADS)
    kept, tokens = Artefact.load(tmp_path / "sheet.npz", HEADS), Tokens()
    asking = opened(cast("Any", tokens), kept)("le tel de Brest")
    assert (kept.heads["fact"].threshold, kept.heads["named"].threshold) == (0.8, 0.2)
    assert [*tokens.additions] == ["l6.q"]
    assert [*Fact][int(asking.facts.argmax()) - 1] is Fact.PHONE
    assert [*asking.named] == [(10, 15)]


def test_what_knows_other_facts_is_not_read(learnt: Artefact, tmp_path: Path) -> None:
    path = tmp_path / "sheet.npz"
    learnt.save(path, {**HEADS, "fact": ("", "phone")})
    with pytest.raises(ValueError, match="fact tells other classes"):
        Artefact.load(path, HEADS)


def test_the_town_s_own_name_is_blotted_out_and_every_other_word_stays_where_it_was() -> None:
    read = list[str]()

    def listen(text: str) -> Asking:
        read.append(text)
        return meaning(text)

    asked = AskedFacts(TOWN, lambda: Reads(listen))(
        "Mairie de Saint-Orme : téléphone ?", today=TODAY
    )
    assert asked is not None
    assert read == ["Mairie de " + " " * len("Saint") + "-" + " " * len("Orme") + " : téléphone ?"]


def test_a_service_that_is_not_whose_it_is_asked_does_not_take_the_question() -> None:
    """« je sors de l'état civil » tells why, not whose."""

    def read(text: str) -> Asking:
        asking = meaning(text)
        hall = text.index("mairie")
        return asking._replace(named=[(hall, hall + 6)])

    question = "Je sors de l'état civil, quel est le téléphone de la mairie ?"
    asked = AskedFacts(TOWN, lambda: Reads(read))(question, today=TODAY)
    assert asked is not None
    assert asked.service is None


def test_what_is_not_sure_enough_is_not_asked() -> None:
    question = "Quel est le téléphone de la mairie ?"
    assert AskedFacts(TOWN, lambda: Reads(sure=1.0))(question, today=TODAY) is not None
    assert AskedFacts(TOWN, lambda: Reads(sure=1.1))(question, today=TODAY) is None


def test_a_word_of_somebody_else_s_wherever_it_stands_is_left_to_the_papers() -> None:
    question = "Nîmes : téléphone de la mairie"
    assert AskedFacts(TOWN, Reads)(question, today=TODAY) is not None

    def read(text: str) -> Asking:
        asking = meaning(text)
        return asking._replace(named=[*asking.named, (2, 4)])

    assert AskedFacts(TOWN, lambda: Reads(read))(question, today=TODAY) is None


def test_without_what_was_learnt_the_sheet_answers_nothing() -> None:
    assert (
        AskedFacts(TOWN, lambda: None)("Quel est le téléphone de la mairie ?", today=TODAY) is None
    )


def test_two_facts_in_one_message_are_both_said(assistant: Assistant) -> None:
    answer = assistant.ask("Qui est le maire ? Quel est le téléphone de la mairie ?")
    assert isinstance(answer, Answer)
    assert "Ana Petit" in answer.text
    assert "01 99 00 00 10" in answer.text


def test_the_day_of_the_last_change_is_the_register_s(register: Register) -> None:
    assert set_since(register, "town") is None
    enter_settings(register, {"town": "a", "roster": "b"})
    enter_settings(register, {"town": "a", "roster": "c"})
    assert set_since(register, "town") == date.today()
    enter_settings(register, {"roster": "c"})
    assert set_since(register, "town") is None


# -- with the real embedder


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TownSheet]:
    folder = tmp_path_factory.mktemp("sheet")
    with open_parts(folder / "data", folder / "keys", SETTINGS) as parts:
        yield replace(parts.sheet, today=lambda: TODAY)


@pytest.mark.real
@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Bonjour, vous pourriez me dire qui est le maire s'il vous plaît ?", "Ana Petit"),
        ("je voudrais le numéro de l'état civil", "00 11"),
        ("vous êtes ouverts samedi matin ?", "9 h"),
        ("Quels sont les horaires de la mairie le jeudi ?", "Jeudi, la mairie : ouvert"),
        ("à quelle heure ferme la mairie mercredi", "Mercredi, la mairie : fermé"),
        ("La mairie est-elle ouverte entre midi et deux ?", "jeudi de 8 h 30"),
        ("la mairie est ouverte ce soir ?", "jeudi de 8 h 30"),
        ("هل أنتم مفتوحون مساء؟", "8:30"),
        ("c'est où la mairie ?", "place du Lavoir"),
        ("could you tell me who the mayor is?", "Ana Petit"),
        ("are you open on Friday?", "8:30"),
        ("من هو رئيس البلدية؟", "Ana Petit"),
        ("أين تقع البلدية؟", "place du Lavoir"),
        ("como se chama o presidente da câmara?", "Ana Petit"),
        ("estão abertos na sexta-feira?", "8:30"),
        ("¿quién es el alcalde?", "Ana Petit"),
        ("¿a qué número puedo llamar al ayuntamiento?", "00 10"),
        ("belediye başkanı kim?", "Ana Petit"),
        ("belediyenin telefon numarası nedir?", "00 10"),
    ],
)
def test_the_real_head_knows_what_is_asked(real: TownSheet, question: str, part: str) -> None:
    found = real(understand(Screened(question)), "")
    assert found is not None
    assert part in " ".join(found.sentences)


@pytest.mark.real
@pytest.mark.parametrize(
    "question",
    [
        "Quel est le téléphone du maire ?",
        "Où habite le maire ?",
        "Je voudrais parler au maire.",
        "Bonjour",
        "la crèche",
        "Comment prendre rendez-vous à la mairie ?",
        "Pourquoi la mairie est-elle fermée ?",
        "where does the mayor live?",
        "¿cuál es el teléfono del alcalde?",
        "belediye başkanının telefonu nedir?",
        "quanto ganha o presidente da câmara?",
    ],
)
def test_the_real_head_leaves_what_the_sheet_does_not_say(real: TownSheet, question: str) -> None:
    assert real(understand(Screened(question)), "") is None
