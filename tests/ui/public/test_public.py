# SPDX-License-Identifier: EUPL-1.2
"""What everybody may read of the assistant, and say of it."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.cards import Draft, GivenQuote
from assistant.evaluation import EvalQuestion, evaluate
from assistant.evaluation_kept import EVALUATION, evaluation_of, keep_evaluation
from assistant.moratorium import Pause
from assistant.settings import Settings
from assistant.tally import tally
from guardrails.errors import DetectorFailed
from guardrails.findings import Screened
from guardrails.register.cosignatures import CosignerKey
from guardrails.register.sampling import sample
from tests.assistant.conftest import CANTEEN, RESIDENT
from tests.register.rated import rate_right
from tests.ui.admin.house import Carrying, House, opened
from ui.access.person import Person, Role
from ui.public import Pace, PublicServices, build
from ui.public import remarks as boxes
from ui.public.facts import FactFinder
from ui.public.remarks import FILE, Full, Remarks

WITNESS = "w.example+00df7ba9+BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA https://w.example"
WITNESS_2 = f"{CosignerKey(name='v.example', public=bytes(32))} https://v.example"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    data = tmp_path / "data"
    data.mkdir()
    (data / "greffier.toml").write_text(
        '[town]\nname = "Mirelande <3"\nphone = "03 53 01 20 00"\n', "utf-8"
    )
    with opened(tmp_path, monkeypatch) as house:
        house.person = None
        yield house


@pytest.fixture
def visitor(house: House) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(build(PublicServices(parts=house.parts)))
    app.add_middleware(Carrying, house=house)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


def add(house: House, collection: str, text: str = CANTEEN) -> None:
    folder = house.town.parent / collection
    folder.mkdir(exist_ok=True)
    (folder / "acte.txt").write_text(text, "utf-8")
    house.parts.ingestion.add([folder], collection=collection)


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])).split())


def unbound(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_settings_and_the_documents_are_read_once_for_all_who_come(
    house: House, visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(house, "public")
    read, listed = list[Path](), list[int]()
    settings, documents = Settings.read, house.parts.store.documents
    monkeypatch.setattr(Settings, "read", lambda path: read.append(path) or settings(path))
    monkeypatch.setattr(house.parts.store, "documents", lambda: listed.append(1) or documents())
    for page in ("", "/comite", "/algorithme.csv", "", "/cas-d-usage.md"):
        assert visitor.get(f"/transparence{page}").status_code == 200
    assert visitor.get("/accessibilite").status_code == 200
    assert (len(read), len(listed)) == (1, 1)

    add(house, "dossiers")
    house.parts.folder.settings.write_text('[town]\nname = "Autreville"\n', "utf-8")
    read.clear(), listed.clear()  # what was added was looked at
    assert "Autreville" in visitor.get("/transparence").text
    assert (len(read), len(listed)) == (1, 1)


def test_the_page_tells_what_the_law_and_a_resident_want_to_know(
    house: House, visitor: TestClient
) -> None:
    add(house, "public")
    add(house, "dossiers")
    page = visitor.get("/transparence").text
    said = words(page)
    for fact in (
        "C'est une intelligence artificielle", "Apache-2.0", "03 53 01 20 00",
        "Actes publics 1 1", "ne servent à entraîner aucune", "12 mois",
        "peuvent être réservés aux agents : eux seuls", "numéro d'échange", "CADA",
    ):  # fmt: skip
        assert fact in said, fact
    assert "dossiers" not in said
    assert "Mirelande &lt;3" in page and "<script" not in page


def test_the_duties_of_the_ai_act_are_one_link_away_in_the_language_of_the_page(
    visitor: TestClient,
) -> None:
    for language, title in (("fr", "Règlement sur l'intelligence"), ("en", "AI Act: what is due")):
        here = visitor.get(f"/transparence?lang={language}").text
        assert f'href="/transparence/ia?lang={language}"' in here
        page = visitor.get(f"/transparence/ia?lang={language}").text
        assert title in words(page)
        assert f'<html lang="{language}">' in page


def test_figures_come_from_the_register_and_are_read_once_a_day(
    house: House, visitor: TestClient
) -> None:
    add(house, "public")
    house.parts.assistant.ask("Combien coûte le repas de la cantine ?")
    house.parts.assistant.ask(f"Où habite {RESIDENT} ?")
    said = words(visitor.get("/transparence").text)
    visitor.get("/transparence")
    assert re.search(r"\b2 questions|questions 2\b", said)
    assert "Aucune question n'a été relue phrase par phrase" in said
    readings = [e for e in house.parts.register.entries() if e.kind == "reading"]
    told = [e for e in readings if e.payload["purpose"] == "transparency"]
    assert [e.role for e in told] == ["public"]


def test_what_was_evaluated_is_told_with_its_day_and_not_counted_as_use(
    house: House, visitor: TestClient
) -> None:
    add(house, "public")
    assert "n'a pas encore évalué" in words(visitor.get("/transparence").text)
    parts = house.parts
    question = EvalQuestion(question="Combien coûte le repas de la cantine ?", answers=("4,20",))
    ask = partial(parts.assistant.steps, role=EVALUATION)
    scores = [*evaluate([question], ask, parts.store.page)]
    kept = evaluation_of(
        tally(scores), model="petit <3", questions=b"...", energy_methods={"cpu_time"}
    )
    keep_evaluation(parts.folder.path, parts.register, kept, by="x", role="administrator")
    page = visitor.get("/transparence").text
    said = words(page)
    assert f"Le {kept.at:%d/%m/%Y}. Questions écrites par la commune : 1" in unbound(said)
    assert "1 sur 1" in said and "petit &lt;3" in page
    assert "Aucune question n'a été posée" in said
    (entered,) = [e for e in house.entries("settings") if e.get("status") == "evaluated"]
    assert entered["right"] == 1 and "4,20" not in str(entered)


def test_what_an_auditor_rated_is_counted_with_its_day_and_no_more(
    house: House, visitor: TestClient
) -> None:
    add(house, "public")
    register = house.parts.register
    outcome = house.parts.assistant.ask("Combien coûte le repas de la cantine ?")
    rate_right(register, outcome.record, drawn=sample(register, 1))
    for language, told in (("fr", "pendant cette période : 1. Dernier avis le"),
                           ("en", "in this period: 1. Last opinion on")):  # fmt: skip
        said = unbound(words(visitor.get(f"/transparence?lang={language}").text))
        assert told in said
        assert "intervalle" not in said and "interval" not in said


def test_what_is_hidden_is_told_of_open_documents_alone(house: House, visitor: TestClient) -> None:
    assert "rien n'y est caché" in words(visitor.get("/transparence").text)
    add(house, "public", f"Le conseil remercie {RESIDENT}, puis {RESIDENT}.")
    (one,) = house.parts.store.documents()
    house.parts.sorting.decide(one.id, "public")  # a person's last word
    add(house, "dossiers", f"Le conseil remercie {RESIDENT}.")
    said = words(visitor.get("/transparence").text)
    assert ": 2, sous ces marques." in said and "PERSONNE 2" in said


def test_validated_answers_are_counted_with_their_day(house: House, visitor: TestClient) -> None:
    def told() -> str:
        said = unbound(words(visitor.get("/transparence").text))
        found = re.search(r"servies telles quelles, le \d\d/\d\d/\d{4} : (\d+)", said)
        assert found
        return found[1]

    add(house, "public")
    assert told() == "0"
    quote = GivenQuote(file="acte.txt", page=1, quote="Le repas de la cantine coûte 4,20 euros")
    draft = Draft(question="Combien coûte le repas ?", quotes=(quote,))
    added = house.parts.card_desk.add([draft], by="x", role="agent")
    assert not added.refused
    assert told() == "1"


def test_figures_are_reckoned_again_the_next_day(house: House) -> None:
    moment = [datetime(2026, 5, 4, 12, tzinfo=UTC)]
    finder = FactFinder(house.parts, lambda: moment[0])
    first = finder.figures()
    moment[0] += timedelta(hours=23)
    assert finder.figures() is first
    moment[0] += timedelta(hours=2)
    assert finder.figures() is not first


def test_no_question_at_all_is_said(visitor: TestClient) -> None:
    assert "Aucune question n'a été posée" in words(visitor.get("/transparence").text)


def test_a_pause_and_its_sentence_come_first(house: House, visitor: TestClient) -> None:
    house.parts.moratorium.add(Pause(audience="senior", sentence="Un contrôle est en cours."))
    said = words(visitor.get("/transparence").text)
    assert said.index("Un contrôle est en cours.") < said.index("Ce que c'est")


def test_a_model_server_of_the_town_is_told(house: House, visitor: TestClient) -> None:
    own = words(visitor.get("/transparence").text)
    assert "ce qu'ils lisent n'en sort pas" in own
    assert "« Coder » dans un nom" in own
    with house.parts.folder.settings.open("a", encoding="utf-8") as settings:
        settings.write('\n[model]\nendpoint = "http://10.0.0.5:8080/v1"\n')
    said = words(visitor.get("/transparence").text)
    assert "un serveur que la commune a choisi" in said
    assert "ce qu'ils lisent n'en sort pas" not in said
    assert "Tout reste sur la machine" not in said
    assert "10.0.0.5" not in said
    assert "Coder" not in said


def test_what_witnesses_of_the_register_get_is_told(house: House, visitor: TestClient) -> None:
    assert "témoin" not in words(visitor.get("/transparence").text)
    settings = house.parts.folder.settings
    before = settings.read_text("utf-8")
    for lines, told in (([WITNESS], "Un témoin"), ([WITNESS, WITNESS_2], "2 témoins")):
        settings.write_text(f"{before}\n[register]\nwitnesses = {lines}\n", "utf-8")
        said = words(visitor.get("/transparence").text)
        assert f"{told} que la commune a choisi" in said
        assert "restent sur la machine de la commune" in said
        assert "Tout reste" not in said and "w.example" not in said
        assert "taille et l'empreinte" in visitor.get("/transparence/cas-d-usage.md").text
        page = words(visitor.get("/transparence?lang=en").text)
        assert "the size and the hash of the register" in page


def test_the_page_speaks_english(visitor: TestClient) -> None:
    page = visitor.get("/transparence?lang=en").text
    assert '<html lang="en">' in page and "It is an artificial intelligence" in page
    assert '<html lang="fr">' in visitor.get("/transparence?lang=xx").text


def test_the_sheet_of_the_algorithm_has_every_field(house: House, visitor: TestClient) -> None:
    add(house, "public")
    answer = visitor.get("/transparence/algorithme.csv")
    assert 'filename="algorithme.csv"' in answer.headers["content-disposition"]
    heads, *rows = csv.reader(io.StringIO(answer.text))
    assert heads == ["rubrique", "champ", "valeur"]
    fields = {field: value for _, field, value in rows}
    for wanted in (
        "Degré et mode de contribution à une décision", "Données traitées et leurs sources",
        "Paramètres et pondération", "Opérations effectuées",
    ):  # fmt: skip
        assert fields[wanted]
    assert fields["Administration responsable"] == "Mirelande <3"
    assert all("{" not in value for value in fields.values())
    text = visitor.get("/transparence/algorithme.md").text
    assert text.startswith("# Fiche de l'algorithme") and "## Droits et recours" in text


def test_the_use_case_can_be_taken_over(visitor: TestClient) -> None:
    for language in ("fr", "en"):
        text = visitor.get(f"/transparence/cas-d-usage.md?lang={language}").text
        assert text.count("\n## ") == 8 and "{" not in text
        assert "03 53 01 20 00" in text


@pytest.mark.parametrize("name", ["autre.txt", "..%2f..%2fgreffier.toml", "greffier.toml"])
def test_no_other_file_is_given(visitor: TestClient, name: str) -> None:
    assert visitor.get(f"/transparence/{name}").status_code == 404


# -- remarks

NOW = datetime(2099, 1, 1, tzinfo=UTC)


def token(visitor: TestClient) -> str:
    found = re.search(r'name="token" value="([^"]+)"', visitor.get("/remarques").text)
    assert found
    return found[1]


def say(visitor: TestClient, text: str, **fields: str) -> str:
    sent = {"token": token(visitor), "kind": "idea", "text": text} | fields
    return visitor.post("/remarques", data=sent).text


def kept(house: House) -> list[tuple[str, str, str]]:
    return [(one.audience, one.kind, one.text) for one in Remarks(house.data / FILE).all()]


def test_a_remark_is_screened_before_it_is_kept(house: House, visitor: TestClient) -> None:
    page = say(visitor, f"{RESIDENT} m'a <b>bien</b> aidé.")
    assert kept(house) == [("senior", "idea", "[PERSONNE_1] m'a <b>bien</b> aidé.")]
    assert "[PERSONNE_1] m&#x27;a &lt;b&gt;bien" in page and RESIDENT not in page
    assert RESIDENT.encode() not in (house.data / FILE).read_bytes()


def test_an_agent_is_known_as_one_and_never_by_name(house: House, visitor: TestClient) -> None:
    house.person = Person("marie", Role.AGENT)
    say(visitor, "Utile.", kind="remark")
    assert kept(house) == [("agent", "remark", "Utile.")]
    assert b"marie" not in (house.data / FILE).read_bytes()


@pytest.mark.parametrize(
    ("text", "fields", "said"),
    [
        ("", {}, "Écrivez votre remarque"),
        ("Bien.", {"kind": "insult"}, "Écrivez votre remarque"),
        ("é" * 2001, {}, "trop longue"),
        ("Bien.", {"token": "made.up"}, "Votre texte est encore là"),
        ("PIÈGE", {}, "n'a pas pu être vérifiée"),
    ],
)
def test_a_remark_that_cannot_be_kept_is_given_back(
    house: House, visitor: TestClient, text: str, fields: dict[str, str], said: str
) -> None:
    page = say(visitor, text, **fields)
    assert said in words(page)
    assert text in page
    assert kept(house) == []


def test_a_guard_that_fails_keeps_nothing(
    house: House, visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(text: str) -> Screened:
        raise DetectorFailed("words")

    monkeypatch.setattr(house.parts.guard, "screen", broken)
    assert "n'est pas gardée" in words(say(visitor, "Bien."))
    assert kept(house) == []


def test_a_box_that_is_filled_on_purpose_closes_for_a_while() -> None:
    pace = Pace(2)
    assert [pace.lets(t) for t in (0.0, 1.0, 2.0, 3601.5)] == [True, True, False, True]


def test_a_full_box_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "MAX_REMARKS", 1)
    box = Remarks(tmp_path / FILE)
    box.add(Screened("Une."), kind="remark", audience="senior", believed=NOW)
    with pytest.raises(Full):
        box.add(Screened("Deux."), kind="remark", audience="senior", believed=NOW)


def test_a_remark_goes_after_a_year(tmp_path: Path) -> None:
    box = Remarks(tmp_path / FILE)
    box.add(
        Screened("Vieille."), kind="remark", audience="senior", believed=NOW, today=date(2025, 1, 1)
    )
    box.add(
        Screened("Neuve."), kind="remark", audience="senior", believed=NOW, today=date(2026, 1, 2)
    )
    assert [one.text for one in box.all()] == ["Neuve."]
    assert b"Vieille" not in (tmp_path / FILE).read_bytes()


def test_a_clock_that_is_ahead_for_a_minute_takes_no_remark_out(
    house: House, visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(visitor, "Bien.")
    ahead = datetime.now(UTC) + timedelta(days=4_000)

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Ahead:
            return cls.fromtimestamp(ahead.timestamp(), tz)

    monkeypatch.setattr(boxes, "datetime", Ahead)
    monkeypatch.setattr(house.parts.register, "now", lambda: ahead)
    say(visitor, "Neuve.")
    assert [text for _, _, text in kept(house)] == ["Neuve.", "Bien."]
