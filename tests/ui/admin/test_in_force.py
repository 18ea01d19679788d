# SPDX-License-Identifier: EUPL-1.2
"""What a page keeps counts from the next question on; what cannot waits, and says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Self

import pytest

from assistant.answers import Answer
from assistant.policies import own_policies
from assistant.settings import Settings
from guardrails.errors import RegisterUnavailable
from guardrails.findings import Screened
from guardrails.policy import DEFAULT_POLICY, Policy
from guardrails.register import Register
from guardrails.register.events import enter_settings
from tests.fakes import WordGuard
from tests.ui.admin.house import Browser, House, words
from ui.admin.kept import Kept

MAYOR = "Hélène Marcheterre"
ACT = f"Le maire, {MAYOR}, rappelle les tarifs de la cantine."
PRICE = "Combien coûte le repas de la cantine ?"


class TownGuard(WordGuard):
    """Hides the mayor, unless the roster names her."""

    def __init__(self, roster: Sequence[str] = (), *, trap: str = "") -> None:
        is_listed = any(MAYOR in line for line in roster)
        super().__init__(*([] if is_listed else [MAYOR]), trap=trap)
        self.roster = tuple(roster)

    def under(self, **rules: object) -> Self:
        roster = rules["roster"]
        assert isinstance(roster, tuple)
        return type(self)(roster)


@pytest.fixture
def guarded(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """The house under a guard that obeys the roster, where documents are screened as well."""

    def screening(settings: Settings, data: Path, **how: object) -> TownGuard:
        return TownGuard(settings.roster)

    monkeypatch.setattr("assistant.wiring.open_screening", screening)
    monkeypatch.setattr("assistant.wiring.open_guard", screening)
    return house


def test_the_sheet_the_lists_and_the_rules_count_at_once(house: House, browser: Browser) -> None:
    browser.post("/admin/town", name="Mirelande", phone="03 53 01 20 00")
    assert house.parts.settings.town.phone == "03 53 01 20 00"
    assert house.parts.now.assistant._sheet is house.parts.sheet
    rules = house.parts.rules
    browser.post("/admin/roster", roster=MAYOR)
    assert house.parts.settings.roster == (MAYOR,) and house.parts.rules != rules
    browser.post("/admin/synonyms", groups="bennes, déchetterie")
    assert house.parts.wording.related("Où sont les bennes ?") & {"déchetter", "dechetter"}
    browser.post("/admin/glossary", glosses="quotient = ce que gagne un foyer")
    assert house.parts.now.glossary.explained("Le quotient change.")
    assert "plu-test" not in house.parts.now.policy.collections
    browser.post(
        "/admin/policies", **{"name.0": "default", "box.0": "officials", "new": "plu-test"}
    )
    assert "plu-test" in house.parts.now.policy.collections
    page = browser.get("/admin/town")
    assert "ne comptent pas encore" not in page


def test_proposals_follow_what_residents_may_read(house: House) -> None:
    proposer = house.parts.proposer
    assert not proposer.rights().sees("senior", "plu")
    kept = Settings.model_validate({"collections": {"senior": ["public", "plu"]}})
    house.parts.put_in_force(kept)
    assert house.parts.proposer.rights().sees("senior", "plu")


def test_a_question_under_way_ends_with_what_it_began_with(house: House, browser: Browser) -> None:
    rules = house.parts.rules
    steps = house.parts.answering.steps(PRICE)
    browser.post("/admin/roster", roster=MAYOR)
    assert house.parts.rules != rules
    *_, _last = steps
    *_, _next = house.parts.answering.steps(PRICE)
    first, second = house.entries("intent")
    assert (first["rules"], second["rules"]) == (rules, house.parts.rules)


def test_one_queue_serves_all_whatever_is_in_force(house: House, browser: Browser) -> None:
    before = house.parts.assistant
    browser.post("/admin/town", name="Mirelande", phone="03 53 01 20 00")
    assert house.parts.assistant is not before
    assert house.parts.assistant._queue is before._queue
    assert house.parts.assistant._model is before._model


def test_what_an_ended_exchange_changed_is_entered_before_it_counts(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise RegisterUnavailable("full")

    monkeypatch.setattr(house.parts.register, "append", full)
    now = house.parts.now
    answer = browser.client.post("/admin/roster", data={"token": browser.token(), "roster": MAYOR})
    assert answer.status_code == 503
    assert house.parts.now is now
    assert not [*house.data.glob("*.draft")]


def keep_act(house: House, name: str = "acte.txt", text: str = ACT) -> str:
    """Add a document; return its id."""
    folder = house.town / "acts"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    house.parts.ingestion.add([folder])
    return next(d.id for d in house.parts.store.documents() if d.file.endswith(name))


def test_a_name_that_leaves_the_roster_is_hidden_before_the_list_counts(
    guarded: House, browser: Browser
) -> None:
    browser.post("/admin/roster", roster=MAYOR)
    document = keep_act(guarded)
    assert MAYOR in (guarded.parts.store.page(document, 1) or "")
    page = browser.post("/admin/roster", roster="Bastien Olivarès")
    assert "Documents masqués de nouveau : 1." in words(page.text)
    assert MAYOR not in (guarded.parts.store.page(document, 1) or "")
    assert "cantine" in (guarded.parts.store.page(document, 1) or "")
    assert not [*guarded.parts.store.documents_named(MAYOR)]
    assert guarded.parts.settings.roster == ("Bastien Olivarès",)
    kinds = [e.kind.value for e in guarded.parts.register.entries()]
    assert kinds[-2:] == ["quarantine", "settings"]
    assert guarded.entries("quarantine")[-1] == {
        "document": document, "page": 1, "decision": "hide",
    }  # fmt: skip
    found = guarded.parts.find(Screened("tarifs de la cantine"))
    assert found and all(MAYOR not in one.passage.text.text for one in found)


def test_a_contact_that_is_no_longer_the_towns_is_looked_for_where_it_stands(
    guarded: House, browser: Browser
) -> None:
    document = keep_act(guarded, text="Accueil : 03.53.01.20.00, guichet 3.")
    looked: list[str] = []
    seen = TownGuard.screen_documents

    def screened(
        self: TownGuard, documents: Sequence[Sequence[str]], *, policy: str | None = None
    ) -> list[list[Screened]]:
        looked.extend(page for pages in documents for page in pages)
        return seen(self, documents, policy=policy)

    browser.post("/admin/town", phone="03 53 01 20 00")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TownGuard, "screen_documents", screened)
        browser.post("/admin/town", phone="03 53 01 20 01")
        assert looked[0] == guarded.parts.store.page(document, 1)
        looked.clear()
        browser.post("/admin/town", phone="03 53 01 20 02")  # the one before stands nowhere
        assert looked == []
    assert guarded.parts.settings.town.phone == "03 53 01 20 02"


def test_where_it_cannot_be_hidden_the_list_stays_as_it_was_and_says_so(
    guarded: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post("/admin/roster", roster=MAYOR)
    document = keep_act(guarded)
    monkeypatch.setattr(
        "assistant.wiring.open_screening",
        lambda settings, data, **how: TownGuard(settings.roster, trap="cantine"),
    )
    browser.post("/admin/roster", roster="Bastien Olivarès")
    assert guarded.settings().roster == guarded.parts.settings.roster == (MAYOR,)
    assert MAYOR in (guarded.parts.store.page(document, 1) or "")
    page = browser.get("/admin/roster")
    assert 'class="bad"' in page and "n'a pas pu être examiné" in words(page)
    assert "Le changement n'a pas été fait" in words(page)
    assert not [*guarded.data.glob("*.draft")]
    page = browser.post("/admin/roster", roster=MAYOR).text  # nothing stricter: it counts at once
    assert "Le changement n'a pas été fait" not in words(page)
    assert "n'a pas pu être examiné" not in words(page)


class PolicyGuard(WordGuard):
    """Hides the mayor, unless the policy lets officials act in sight."""

    def __init__(self, policies: Path | None, *, trap: str = "") -> None:
        shows = (Policy.read(policies) if policies else DEFAULT_POLICY).rules("default").officials
        super().__init__(*([] if shows else [MAYOR]), trap=trap)

    def under(self, **rules: object) -> Self:
        policies = rules["policies"]
        assert policies is None or isinstance(policies, Path)
        return type(self)(policies)


@pytest.mark.parametrize("page", ["town", "synonyms"])
def test_a_stricter_policy_written_by_hand_counts_once_what_it_hides_is_hidden(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    def screening(
        settings: Settings, data: Path, *, policies: Path | None = None, **how: object
    ) -> PolicyGuard:
        return PolicyGuard(policies or own_policies(data))

    monkeypatch.setattr("assistant.wiring.open_screening", screening)
    monkeypatch.setattr("assistant.wiring.open_guard", screening)
    document = keep_act(house)
    assert MAYOR in (house.parts.store.page(document, 1) or "")
    house.parts.now.open()
    (house.data / "policy.toml").write_text("[default]\nofficials = false\n", "utf-8")
    sent = {"town": {"phone": "03 53 01 20 00"}, "synonyms": {"groups": "bennes, déchetterie"}}
    told = browser.post(f"/admin/{page}", **sent[page])
    assert told.status_code == 200
    assert not house.parts.now.policy.rules("default").officials
    assert MAYOR not in (house.parts.store.page(document, 1) or "")
    assert (house.data / "synonyms.toml").exists() == (page == "synonyms")


class Seen:
    """A lock that says when somebody has to wait for it."""

    def __init__(self, waits: Event) -> None:
        self._lock = Lock()
        self._waits = waits

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            self._waits.set()
            self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def test_two_that_save_at_once_are_kept_one_after_the_other(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, came, entered = Event(), Event(), []
    monkeypatch.setattr(Kept, "_turn", Seen(came))
    seal = enter_settings

    def save(name: str) -> None:
        kept = Kept(house.desk.services, house.desk.jobs, by="x", role="admin")
        kept.change_settings({"town.name": name, "town.phone": "03 53 01 20 00"})

    other = Thread(target=save, args=("Beaumont",))

    def sealed(register: Register, tables: Mapping[str, str], **who: str) -> None:
        if not entered:
            entered.append("first")
            other.start()
            assert came.wait(60)
            assert not second.is_set()
            seal(register, tables, **who)
            drafts = [path.read_text("utf-8") for path in house.data.glob("*.draft")]
            assert [("Auzon" in text, "Beaumont" in text) for text in drafts] == [(True, False)]
            return
        second.set()
        came.set()
        seal(register, tables, **who)

    monkeypatch.setattr("ui.admin.kept.enter_settings", sealed)
    save("Auzon")
    other.join(60)
    assert second.is_set() and house.settings().town.name == "Beaumont"
    assert house.parts.settings.town.name == "Beaumont"


def test_a_list_that_was_broken_by_hand_is_told_before_anything_is_kept(
    house: House, browser: Browser
) -> None:
    (house.data / "glossary.toml").write_text("[glosses\n", "utf-8")
    before = house.entries("settings")
    answer = browser.post("/admin/roster", roster=MAYOR)
    assert answer.status_code == 400
    assert "Le fichier glossary.toml ne se lit pas. Rien n'a été changé." in words(answer.text)
    assert house.entries("settings") == before and house.settings().roster == ()
    assert not [*house.data.glob("*.draft")]
    page = browser.post("/admin/glossary", glosses="arrêté = une décision")  # it mends itself
    assert page.status_code == 200 and house.parts.now.glossary.explained("Un arrêté.")


def test_what_is_kept_and_cannot_be_put_in_force_is_told_so(
    guarded: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post("/admin/roster", roster=MAYOR)
    keep_act(guarded)

    def broken(kept: Settings) -> None:
        raise RuntimeError

    monkeypatch.setattr(guarded.parts, "put_in_force", broken)
    answer = browser.post("/admin/synonyms", groups="bennes, déchetterie")
    assert answer.status_code == 500
    assert "Enregistré, pas encore en vigueur" in answer.text
    assert "le réglage d'avant vaut encore" in words(answer.text)
    assert "n'a pas changé" not in words(answer.text)
    page = words(browser.post("/admin/roster", roster="Bastien Olivarès").text)
    assert guarded.settings().roster == ("Bastien Olivarès",)
    assert "le réglage d'avant vaut encore" in page
    assert "Le changement n'a pas été fait" not in page


def test_while_it_is_hidden_nothing_else_is_changed_and_nothing_typed_is_lost(
    guarded: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post("/admin/roster", roster=MAYOR)
    keep_act(guarded)
    token, going = browser.token(), Event()
    hold = guarded.parts.now.long_texts

    def slow(settings: Settings, data: Path, **how: object) -> TownGuard:
        going.wait(60)
        return TownGuard(settings.roster)

    monkeypatch.setattr("assistant.wiring.open_screening", slow)
    sent = {"token": token, "roster": "Bastien Olivarès"}
    browser.client.post("/admin/roster", data=sent, follow_redirects=False)
    answer = browser.client.post(
        "/admin/town", data={"token": token, "name": "Mirelande", "phone": "03 53 01 20 00"}
    )
    going.set()
    guarded.desk.jobs.wait()
    assert answer.status_code == 409
    assert "Un autre travail est en cours" in words(answer.text)
    assert 'value="03 53 01 20 00"' in answer.text
    assert guarded.settings().town.phone == ""
    assert hold is not guarded.parts.now.long_texts


def test_an_answer_is_given_after_a_change(house: House, browser: Browser) -> None:
    house.parts.ingestion.add([house.town])
    browser.post("/admin/town", name="Mirelande", phone="03 53 01 20 00")
    assert isinstance(house.parts.assistant.ask(PRICE), Answer)
