# SPDX-License-Identifier: EUPL-1.2
"""The committee: remarks of one matter together, decisions that everybody reads, suspensions."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.cards.themes import MOST_ASKED, Theme, themes
from assistant.cards.unanswered import Asked
from assistant.moratorium import Pause, resume, suspend
from assistant.wiring import Parts
from corpus.errors import WeightsMissing
from corpus.seams import Vectors
from guardrails.findings import Screened
from tests.assistant.conftest import RESIDENT
from tests.fakes import HashEmbedder
from tests.ui.admin.house import Browser, House, words
from ui.admin.hourly import KEPT_FOR, Hourly
from ui.public import PublicServices, build
from ui.public.decisions import FILE, MAX_CHARS, Decisions
from ui.public.remarks import FILE as REMARKS
from ui.public.remarks import Remarks

DECISION = "Les réponses sur la cantine sont relues chaque mois."


def remark(house: House, text: str, kind: str = "remark", day: str = "2026-03-02") -> None:
    box = Remarks(house.data / REMARKS)
    now = datetime.now(UTC)
    box.add(
        Screened(text), kind=kind, audience="senior", believed=now, today=date.fromisoformat(day)
    )


def everybody(house: House) -> str:
    """What the public page says."""
    app = FastAPI()
    app.include_router(build(PublicServices(parts=house.parts)))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        return client.get("/transparence/comite").text


def test_remarks_of_one_matter_stand_together(house: House, browser: Browser) -> None:
    remark(house, "La page est lente le matin.", "problem")
    remark(house, "Merci pour les horaires.")
    remark(house, "La page est lente le matin.", "remark", "2026-04-02")
    page = browser.get("/admin/committee")
    first, second = re.findall(r"<h3>([^<]+)</h3>", page)
    assert first == "2 remarques sur le même sujet, depuis le 2026-03-02"
    assert second.startswith("Une remarque seule")
    assert words(page).count("La page est lente le matin.") == 2
    assert words(page).index("lente") < words(page).index("Merci")


def test_without_an_embedder_remarks_stand_by_kind(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(self: Parts) -> None:
        raise WeightsMissing("e5")

    monkeypatch.setattr(Parts, "embedder", property(missing))
    remark(house, "La page est lente.", "problem")
    remark(house, "Rien à voir.", "problem")
    assert "2 remarques sur le même sujet" in words(browser.get("/admin/committee"))


def test_what_was_asked_in_vain_is_told_by_month_and_small_counts_are_not(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(self: Parts, by: str, role: str) -> list[Theme]:
        return themes(
            [
                Asked("Où garer un camping-car ?", ("2026-03-02",) * 6 + ("2026-04-01",) * 2),
                Asked("Qui répare le banc ?", ("2026-03-02",) * 4),
                Asked("Mon voisin a-t-il un chien ?", ("2026-04-01",)),
            ],
            HashEmbedder(),
        )

    monkeypatch.setattr(Parts, "themes", asked)
    page = browser.get("/admin/committee")
    (row,) = re.findall(r"<tr>(?:(?!</tr>).)*camping-car.*?</tr>", page, re.DOTALL)
    cells = [
        re.sub("<[^>]+>", "", cell).strip()
        for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)
    ]
    assert cells[1:] == ["6", "moins de 5"]
    assert "banc" not in page
    assert "voisin" not in page


def test_the_register_is_read_for_it_once_an_hour(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, now = list[str](), [datetime(2026, 3, 2, 9, tzinfo=UTC)]

    def asked(self: Parts, by: str, role: str) -> list[Theme]:
        read.append(by)
        return [Theme(matter="Où est le banc vert ?", months={"2026-03": 9})]

    monkeypatch.setattr(Parts, "themes", asked)
    hourly = Hourly(lambda by: house.parts.themes(by, "admin"), lambda: now[0])
    assert hourly("a") == hourly("b")
    assert read == ["a"]
    now[0] += KEPT_FOR + timedelta(seconds=1)
    hourly("b")
    assert read == ["a", "b"]

    read.clear()
    for _ in range(2):
        assert "banc vert" in browser.get("/admin/committee")
    assert len(read) == 1


def test_what_cannot_be_told_now_is_looked_for_again() -> None:
    broken = [True]

    def read(by: str) -> str:
        if broken.pop():
            raise WeightsMissing("e5")
        return by

    hourly = Hourly(read, lambda: datetime(2026, 3, 2, tzinfo=UTC))
    with pytest.raises(WeightsMissing):
        hourly("a")
    broken.append(False)
    assert hourly("b") == "b"


def test_so_many_questions_are_put_together_and_no_more() -> None:
    embedded = list[str]()

    class Counting(HashEmbedder):
        def embed_query(self, text: str) -> Vectors:
            embedded.append(text)
            return super().embed_query(text)

    themes([Asked(f"Question {n} ?", ("2026-03-02",)) for n in range(MOST_ASKED + 9)], Counting())
    assert len(embedded) == MOST_ASKED


def test_a_matter_named_by_what_one_person_wrote_once_is_no_theme() -> None:
    alone = [Asked(f"Où est le banc vert, banc {n} ?", ("2026-03-02",)) for n in range(9)]
    assert themes(alone, HashEmbedder()) == []
    twice = [Asked("Où est le banc vert, banc 0 ?", ("2026-03-02", "2026-03-09")), *alone[1:]]
    (theme,) = themes(twice, HashEmbedder())
    assert (theme.matter, theme.months) == ("Où est le banc vert, banc 0 ?", {"2026-03": 10})


def test_the_words_of_remarks_are_never_public(house: House, browser: Browser) -> None:
    remark(house, "Une phrase que la garde a manquée.", "problem")
    remark(house, "Une autre.", "idea")
    remark(house, "Une autre encore.", "idea", "2026-04-02")
    shown = everybody(house)
    assert "manquée" not in shown and "Une autre" not in shown
    said = words(shown).replace("\u00a0", " ")
    assert "2026-04 remarques : 0 ; idées : 1 ; problèmes : 0" in said
    assert "2026-03 remarques : 0 ; idées : 1 ; problèmes : 1" in said


def test_a_decision_is_entered_then_told_to_everybody_then_taken_back(
    house: House, browser: Browser
) -> None:
    said = browser.post("/admin/committee", decision=f"  {DECISION}\n", day="2026-03-05")
    assert "Décision inscrite" in words(said.text)
    assert f"05/03/2026 {DECISION}" in words(everybody(house))
    (entered,) = [e for e in house.entries("settings") if e.get("status") == "decided"]
    assert (entered["sentence"], entered["day"]) == (DECISION, "2026-03-05")
    (kept,) = Decisions(house.data / FILE).all()
    said = browser.post("/admin/committee/retirer", number=str(kept.number))
    assert "retirée" in words(said.text)
    assert DECISION not in everybody(house)
    assert DECISION.encode() not in (house.data / FILE).read_bytes()
    assert [e for e in house.entries("settings") if e.get("status") == "withdrawn"]


@pytest.mark.parametrize(
    ("decision", "day", "why"),
    [
        ("", "2026-03-05", "Écrivez ce qui a été décidé"),
        ("é" * (MAX_CHARS + 1), "2026-03-05", "trop longue"),
        (f"{RESIDENT} a raison.", "2026-03-05", "donnée personnelle"),
        (DECISION, "hier", "Donnez le jour"),
    ],
)
def test_a_decision_that_may_not_be_public_is_given_back(
    house: House, browser: Browser, decision: str, day: str, why: str
) -> None:
    answer = browser.post("/admin/committee", decision=decision, day=day)
    assert answer.status_code == 400
    assert why in words(answer.text) and decision in answer.text
    assert not (house.data / FILE).exists()
    assert not [e for e in house.entries("settings") if e.get("status") == "decided"]


def test_the_history_of_suspensions_is_that_of_the_register(house: House, browser: Browser) -> None:
    assert "n'ont pas été suspendues" in words(everybody(house))
    moratorium, register = house.parts.moratorium, house.parts.register
    pause = Pause(audience="senior", sentence="Un contrôle est en cours.")
    suspend(moratorium, register, pause, by="x", role="admin")
    suspend(moratorium, register, Pause(collection="dossiers"), by="x", role="admin")
    resume(moratorium, register, pause, by="x", role="admin")
    mine = words(browser.get("/admin/committee"))
    assert mine.index("reprises") < mine.index("dossiers") < mine.index("Un contrôle est en cours.")
    told = words(everybody(house))
    assert "Réponses suspendues pour les habitants Un contrôle est en cours." in told
    assert "Réponses suspendues pour tous (une partie des documents)" in told
    assert "Réponses reprises pour les habitants" in told
    assert "dossiers" not in told  # names of collections are the town's


def test_the_public_history_is_read_again_when_what_is_suspended_changes(house: House) -> None:
    def read() -> int:
        return sum(e["purpose"] == "committee" for e in house.entries("reading"))

    app = FastAPI()
    app.include_router(build(PublicServices(parts=house.parts)))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        for _ in range(2):
            client.get("/transparence/comite")
        assert read() == 1
        suspend(house.parts.moratorium, house.parts.register, Pause(), by="x", role="admin")
        assert "suspendues pour tous" in words(client.get("/transparence/comite").text)
        assert read() == 2
