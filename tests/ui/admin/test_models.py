# SPDX-License-Identifier: EUPL-1.2
"""What each model would cost and gain here: measured, estimated and said so, or not told."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.cards.card import PROPOSALS
from assistant.evaluation_kept import EVALUATION, Evaluation, keep_evaluation
from assistant.paces import LEAST_MEASURED
from assistant.tally import Tally
from corpus.weights import DEFAULT_LANGUAGE_MODEL, Purpose
from corpus.weights_catalogue import WeightsFile, catalogue
from guardrails.register import AuditRecord, Kind
from tests.ui.admin.house import Browser, House, words
from tests.ui.admin.test_settings import Shelf

LANGUAGE = [w for w in catalogue() if w.purpose is Purpose.LANGUAGE_MODEL]
DEFAULT = next(w for w in LANGUAGE if w.name == DEFAULT_LANGUAGE_MODEL)
OTHER = next(w for w in LANGUAGE if w.name != DEFAULT_LANGUAGE_MODEL)
TOO_BIG = next(w for w in LANGUAGE if "14b" in w.name)
NOBODY = {"by": "", "role": "admin"}


@pytest.fixture(autouse=True)
def shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Shelf, "there", {DEFAULT_LANGUAGE_MODEL})
    monkeypatch.setattr("ui.admin.models.open_weights", lambda settings: Shelf())


def asked(
    house: House, *seconds: float, model: WeightsFile = DEFAULT, status: str = "answer",
    via: str = "documents", role: str = "",
) -> None:  # fmt: skip
    register = house.parts.register
    for took in seconds:
        exchange = register.new_exchange()
        for kind, payload in (
            (Kind.INTENT, {"question": "Quel prix ?", "model": Path(model.file).stem}),
            (Kind.OUTCOME, {"status": status, "via": via, "seconds": took}),
        ):
            register.append(AuditRecord(kind=kind, exchange=exchange, role=role, payload=payload))


def rows(browser: Browser) -> dict[str, dict[str, str]]:
    """Return the table, a line for each model, by the names of its columns."""
    page = LexborHTMLParser(browser.get("/admin/models"))
    heads = [th.text() for th in page.css("main thead th")]
    found = {}
    for line in page.css("main tbody tr"):
        texts = (cell.text().replace("\u00a0", " ") for cell in line.css("th, td"))
        cells = [" ".join(text.split()) for text in texts]
        found[cells[0]] = dict(zip(heads, cells, strict=True))
    return found


def test_each_model_is_told_with_what_it_costs(house: House, browser: Browser) -> None:
    found = rows(browser)
    assert set(found) == {weights.name for weights in catalogue()}
    other = found[OTHER.name]
    assert other["Taille"] == "2,15 Go" and other["Mémoire conseillée"] == "6,0 Go"
    assert other["Licence"] == OTHER.licence


def test_nothing_is_told_of_the_time_before_it_was_measured(house: House, browser: Browser) -> None:
    asked(house, *[3.0] * (LEAST_MEASURED - 1))
    for weights in LANGUAGE:
        told = rows(browser)[weights.name]["Temps d'une réponse"]
        assert told == ("–" if weights is TOO_BIG else "pas encore mesuré")


def test_the_time_is_measured_for_what_answered_and_estimated_for_the_others(
    house: House, browser: Browser
) -> None:
    asked(house, 1.0, 2.0, 4.0, 8.0, 9.0)
    asked(house, 0.01, via="card")  # no model read for it
    asked(house, 60.0, status="refusal")
    asked(house, *[70.0] * 9, role=EVALUATION)
    asked(house, *[80.0] * 9, role=PROPOSALS)
    asked(house, 90.0, model=OTHER)  # too few to tell
    found = {name: row["Temps d'une réponse"] for name, row in rows(browser).items()}
    assert found[DEFAULT.name] == "4,0 s, mesuré : médiane de 5 réponses"
    expected = round(4.0 * OTHER.size_bytes / DEFAULT.size_bytes)
    assert found[OTHER.name] == (
        f"environ {expected} s, estimé d'après la taille et le temps de {DEFAULT.name}"
    )
    assert found[TOO_BIG.name] == "–"  # it would not run here
    assert {found[w.name] for w in catalogue() if w not in LANGUAGE} == {"–"}


def test_the_reading_is_entered_once_an_hour(house: House, browser: Browser) -> None:
    for _ in range(3):
        browser.get("/admin/models")
    entered = [p for p in house.entries("reading") if p["purpose"] == "statistics"]
    assert len(entered) == 1


def test_it_is_told_for_which_model_its_judge_was_learnt(house: House, browser: Browser) -> None:
    found = {name: row["Étalonné"] for name, row in rows(browser).items()}
    assert found[DEFAULT.name].startswith("Oui")
    assert found[OTHER.name] == "Non : il refuse davantage."
    assert {found[w.name] for w in catalogue() if w not in LANGUAGE} == {"–"}


def test_the_last_evaluation_is_told_beside_its_own_model_only(
    house: House, browser: Browser
) -> None:
    counts = dict.fromkeys(Tally.__dataclass_fields__, 0) | {
        "questions": 30, "answerable": 24, "right": 17, "wrong": 2,
    }  # fmt: skip
    kept = Evaluation.model_validate({
        "at": "2026-03-02T09:00:00Z", "program": "0.1.0", "model": Path(DEFAULT.file).stem,
        "questions_sha256": "0" * 64, "energy_method": "cpu_time", "tally": Tally(**counts),
    })  # fmt: skip
    keep_evaluation(house.data, house.parts.register, kept, **NOBODY)
    found = {name: row["Étalonné"] for name, row in rows(browser).items()}
    told = "Évaluation du 2 mars 2026 : 17 réponses justes sur 24, 2 fausses."
    assert found[DEFAULT.name].endswith(told)
    assert told not in found[OTHER.name]


def test_the_name_of_a_coder_model_is_explained_where_it_is_shown(
    house: House, browser: Browser
) -> None:
    page = words(browser.get("/admin/models")).replace("\u00a0", " ")
    assert DEFAULT.name in page and "coder" in DEFAULT.name
    assert "« Coder » dans un nom : un modèle de langage général" in page
    assert "n'écrit pas de programme" in page
