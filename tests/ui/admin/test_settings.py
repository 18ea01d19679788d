# SPDX-License-Identifier: EUPL-1.2
"""What the town sets: checked before it is kept, entered, written whole, comments and all."""

from __future__ import annotations

import html
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import ClassVar

import pytest

from assistant.settings import Settings
from corpus.weights import DEFAULT_LANGUAGE_MODEL, Purpose, Weights, WeightsStatus
from corpus.weights_catalogue import catalogue
from guardrails.errors import RegisterUnavailable
from guardrails.findings import Screened
from guardrails.policy import Policy
from tests.ui.admin.house import Browser, House, words
from ui.access.person import Person, Role
from ui.admin.forms import FORMS
from ui.admin.frame import GROUPS, SECTIONS
from ui.admin.kept import READERS
from ui.public.remarks import FILE, Remarks
from ui.wording import table

NOT_ON_A_PAGE = {
    "En attente",
    "Illisible",
    "À regarder",
    "À laisser de côté",
}
SHEET = {"name": "Mirelande", "phone": "03 53 01 20 00"}


def read(house: House, name: str) -> dict[str, object]:
    return tomllib.loads((house.data / name).read_text("utf-8"))


def test_the_contact_sheet_is_kept_with_the_comments_of_the_file(
    house: House, browser: Browser
) -> None:
    path = house.data / "greffier.toml"
    path.write_text(
        '# la commune\nwatts = 12.0 # mesuré\n\n[town]\nphone = "01 99 00 00 00"\n', "utf-8"
    )
    page = browser.post(
        "/admin/town", **SHEET, monday="8h30 - 12h, 13h30-17h", closed="24/12/2026\n2027-01-04"
    )
    assert "Cela compte dès maintenant" in words(page.text)
    assert house.parts.settings.town.phone == "03 53 01 20 00"
    assert "ne comptent pas encore" not in words(page.text)
    town = house.settings().town
    assert (town.name, town.phone) == ("Mirelande", "03 53 01 20 00")
    assert town.week == {"monday": ("8:30-12:00", "13:30-17:00")}
    assert [day.isoformat() for day in town.closed] == ["2026-12-24", "2027-01-04"]
    text = path.read_text("utf-8")
    assert "# la commune" in text and "watts = 12.0 # mesuré" in text
    assert 'value="8:30-12:00, 13:30-17:00"' in page.text
    assert not [p for p in house.data.iterdir() if p.suffix == ".draft"]


def test_a_change_is_in_the_register_once_and_by_whom(house: House, browser: Browser) -> None:
    browser.post("/admin/town", **SHEET)
    browser.post("/admin/town", **SHEET)
    entries = [e for e in house.parts.register.entries() if e.kind == "settings"]
    assert [e.public["changed"] for e in entries] == [["town"]]
    assert entries[0].actor == house.parts.register.pseudonym("alix")
    assert entries[0].role == "admin"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"phone": ""}, "un téléphone"),
        ({"phone": "appelez-moi"}, "Ce téléphone ne se compose pas"),
        ({"email": "pas un courriel"}, "Cette adresse électronique ne se lit pas"),
        ({"services": "État civil | sonnez"}, "Ligne 1 : ce téléphone ne se compose pas"),
        ({"tuesday": "quand il pleut"}, "Les horaires du mardi ne se lisent pas"),
        ({"tuesday": "25:00-26:00"}, "Les horaires du mardi"),
        ({"closed": "31/02/2026"}, "n'est pas un jour"),
        ({"closed": "<script>"}, "n'est pas un jour"),
    ],
)
def test_a_sheet_that_will_not_do_is_given_back_as_it_was_typed(
    house: House, browser: Browser, fields: dict[str, str], said: str
) -> None:
    answer = browser.post("/admin/town", **(SHEET | {"hours": "<b>tôt</b>"} | fields))
    assert answer.status_code == 400
    assert said in words(answer.text)
    assert 'value="&lt;b&gt;tôt&lt;/b&gt;"' in answer.text
    assert "<script>" not in answer.text
    assert not (house.data / "greffier.toml").exists()


def test_the_directory_is_a_line_for_each_service(house: House, browser: Browser) -> None:
    lines = "État civil / élections | 01 99 00 00 11 | | 2, place du Lavoir | Le matin\nCCAS"
    browser.post("/admin/town", **SHEET, services=lines)
    first, second = house.settings().town.services
    assert (first.name, first.also, first.phone) == ("État civil", ("élections",), "01 99 00 00 11")
    assert (first.email, first.address, first.hours) == ("", "2, place du Lavoir", "Le matin")
    assert second.name == "CCAS"
    assert lines in html.unescape(browser.get("/admin/town"))
    kept = house.data / "greffier.toml"
    kept.write_text(kept.read_text("utf-8") + '\n[town.services.week]\nmonday = ["8:00-9:00"]\n')
    browser.post("/admin/town", **SHEET, services=lines, closed="24/12/2026")
    assert house.settings().town.services[1].week == {"monday": ("8:00-9:00",)}
    browser.post("/admin/town", **SHEET)  # a form of another version: the directory stays
    assert len(house.settings().town.services) == 2
    answer = browser.post("/admin/town", **SHEET, services="| 01 99 00 00 11")
    assert answer.status_code == 400
    assert "un service commence par son nom" in words(answer.text)
    browser.post("/admin/town", **SHEET, services="")
    assert house.settings().town.services == ()


def test_the_roster_wants_whole_names(house: House, browser: Browser) -> None:
    page = browser.post("/admin/roster", roster="Hélène Marcheterre, maire\n\nBastien OLIVARÈS\n")
    assert "La liste compte dès maintenant" in words(page.text)
    assert house.settings().roster == ("Hélène Marcheterre, maire", "Bastien OLIVARÈS")
    answer = browser.post("/admin/roster", roster="Hélène Marcheterre\nMartin")
    assert answer.status_code == 400
    assert "« Martin »" in words(answer.text)
    assert len(house.settings().roster) == 2


def test_an_empty_roster_goes_back_to_none(house: House, browser: Browser) -> None:
    browser.post("/admin/roster", roster="Hélène Marcheterre")
    browser.post("/admin/roster", roster="")
    assert "roster" not in read(house, "greffier.toml")


def test_durations_are_numbers_of_months(house: House, browser: Browser) -> None:
    browser.post("/admin/retention", months="24", intent="6", outcome="")
    kept = house.settings().register_
    assert (kept.months, {k.value: n for k, n in kept.months_by_kind.items()}) == (
        24, {"intent": 6},
    )  # fmt: skip
    for months in ("0", "-1", "a", "1e9", "99999999"):
        assert browser.post("/admin/retention", months=months).status_code == 400
    assert house.settings().register_.months == 24


def test_what_a_collection_shows_is_what_is_ticked(house: House, browser: Browser) -> None:
    browser.post(
        "/admin/policies",
        **{"name.0": "default", "box.0": "officials", "name.1": "plu", "box.1": "PARCEL"},
        new="dossiers",
    )
    policy = Policy.read(house.data / "policy.toml")
    assert policy.default.officials and not policy.default.keep
    assert {str(e) for e in policy.rules("plu").keep} == {"PARCEL"}
    assert not policy.rules("plu").officials
    assert policy.rules("dossiers").officials and not policy.rules("dossiers").keep
    page = browser.get("/admin/policies")
    assert 'value="dossiers"' in page


def test_an_unknown_kind_of_data_opens_nothing(house: House, browser: Browser) -> None:
    answer = browser.post("/admin/policies", **{"name.0": "default", "box.0": "EVERYTHING"})
    assert answer.status_code == 400
    assert not (house.data / "policy.toml").exists()
    assert not (house.data / "policy.draft").exists()


def test_synonyms_are_groups_of_words(house: House, browser: Browser) -> None:
    page = browser.post("/admin/synonyms", groups="bennes, déchetterie\n\nALSH, centre aéré")
    assert read(house, "synonyms.toml") == {
        "groups": [["bennes", "déchetterie"], ["ALSH", "centre aéré"]]
    }
    assert "bennes, déchetterie\nALSH, centre aéré" in page.text
    answer = browser.post("/admin/synonyms", groups="bennes, déchetterie\nseul")
    assert "Ligne 2" in words(answer.text)
    assert len(read(house, "synonyms.toml")["groups"]) == 2  # type: ignore[arg-type]


def test_the_glossary_gives_words_their_meanings(house: House, browser: Browser) -> None:
    browser.post("/admin/glossary", glosses="arrêté = une décision = écrite", everyday="acte =")
    assert read(house, "glossary.toml") == {
        "glosses": {"arrêté": "une décision = écrite"}, "everyday": {"acte": ""},
    }  # fmt: skip
    answer = browser.post("/admin/glossary", glosses="arrêté : une décision")
    assert answer.status_code == 400
    assert "Mots expliqués, ligne 1" in words(answer.text)


def test_a_file_that_cannot_be_read_is_told_and_not_written_over(
    house: House, browser: Browser
) -> None:
    token = browser.token()
    (house.data / "greffier.toml").write_text("[town\n", "utf-8")
    answer = browser.client.post("/admin/town", data={"token": token, **SHEET})
    assert answer.status_code == 400
    assert "greffier.toml" in words(answer.text)
    assert (house.data / "greffier.toml").read_text("utf-8") == "[town\n"


def test_nothing_changes_when_the_register_cannot_be_written(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post("/admin/town", **SHEET)
    before = (house.data / "greffier.toml").read_bytes()

    def full(*args: object, **kwargs: object) -> None:
        raise RegisterUnavailable("full")

    monkeypatch.setattr(house.parts.register, "append", full)
    for address, fields in (
        ("/admin/town", SHEET | {"name": "Autre"}),
        ("/admin/synonyms", {"groups": "bennes, déchetterie"}),
        ("/admin/moratorium", {"audience": "all", "collection": "all"}),
    ):
        assert browser.post(address, **fields).status_code == 503
    assert (house.data / "greffier.toml").read_bytes() == before
    assert not (house.data / "synonyms.toml").exists()
    assert house.parts.moratorium.pauses() == ()


# -- models


class Shelf(Weights):
    """The model files, of which one is there; pulling puts the others there."""

    there: ClassVar = {DEFAULT_LANGUAGE_MODEL}

    def status(self, *, check: bool = False) -> tuple[WeightsStatus, ...]:
        return tuple(
            WeightsStatus(
                weights=w,
                state="present" if w.name in self.there else "missing",
                path=self.folder / w.file,
                have_bytes=0,
                fits="14b" not in w.name,
            )
            for w in catalogue()
        )

    def pull(self, name: str, progress: object = None) -> object:  # type: ignore[override]
        self.there.add(name)
        return self.folder


def test_a_model_is_fetched_then_chosen(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Shelf, "there", {DEFAULT_LANGUAGE_MODEL})
    monkeypatch.setattr("ui.admin.models.open_weights", lambda settings: Shelf())
    others = [w.name for w in catalogue() if w.purpose is Purpose.LANGUAGE_MODEL][1:]
    name, too_big = others[0], next(n for n in others if "14b" in n)
    assert browser.post("/admin/models/choisir", name=name).status_code == 400
    assert f"{name} est là" in words(browser.post("/admin/models/aller-chercher", name=name).text)
    browser.post("/admin/models/choisir", name=name)
    assert house.settings().model.name == name
    browser.post("/admin/models/aller-chercher", name=too_big)
    assert browser.post("/admin/models/choisir", name=too_big).status_code == 400
    assert browser.post("/admin/models/choisir", name="<b>").status_code == 400
    assert house.settings().model.name == name


# -- accounts


def test_an_account_is_made_changed_and_shut(house: House, browser: Browser) -> None:
    page = browser.post("/admin/people", name="marie", role="agent").text
    assert "http://127.0.0.1/bienvenue/jeton-de-marie" in page
    assert "jeton-de-marie" not in browser.get("/admin/people")
    browser.post(
        "/admin/people/changer", name="marie", do="grant", role="auditor", collections="public"
    )
    assert house.people.accounts["marie"].collections == ("public",)
    line = browser.get("/admin/people").partition("<strong>marie")[2]
    assert re.search(r'value="public" checked><label[^>]*>Actes publics<', line)
    assert re.search(r'value="default"><label[^>]*>À classer<', line)
    assert house.people.accounts["marie"].role is Role.AUDITOR
    browser.post("/admin/people/changer", name="marie", do="grant", role="agent", collections=" ")
    assert house.people.accounts["marie"].collections is None
    browser.post("/admin/people/changer", name="marie", do="shut", role="agent")
    assert house.people.accounts["marie"].disabled
    assert "autre-jeton" in browser.post("/admin/people/changer", name="marie", do="link").text
    assert [one[0] for one in house.people.entered] == ["added", "granted", "granted", "shut"]


def test_what_cannot_be_done_to_an_account_is_told(house: House, browser: Browser) -> None:
    again = browser.post("/admin/people", name="alix", role="agent")
    assert "existe déjà" in words(again.text)
    shut = browser.post("/admin/people/changer", name="alix", do="shut", role="admin")
    assert "dernier administrateur" in words(shut.text)
    assert browser.post("/admin/people", name="x", role="mayor").status_code == 400
    assert browser.post("/admin/people/changer", name="alix", do="promote").status_code == 400


def test_an_account_form_keeps_what_was_typed_and_tells_why_beside_it(browser: Browser) -> None:
    answer = browser.post("/admin/people", name="alix", role="auditor")
    assert answer.status_code == 400
    assert 'aria-describedby="name-hint name-problem" aria-invalid="true"' in answer.text
    assert "existe déjà" in answer.text.partition('id="name-problem">')[2].partition("<")[0]
    assert 'value="alix"' in answer.text
    assert '<option value="auditor" selected>' in answer.text.partition("<h2>Comptes")[0]
    shut = browser.post(
        "/admin/people/changer", name="alix", do="shut", role="agent", collections="public"
    )
    line = shut.text.partition('<details class="account-line" open>')[2]
    assert "dernier administrateur" in line.partition('id="refused-problem">')[2]
    assert '<option value="agent" selected>' in line and 'value="public" checked' in line


def test_every_fault_of_a_form_is_told_at_once_each_beside_its_field(browser: Browser) -> None:
    wrong = {"phone": "appelez-moi", "email": "pas un courriel", "monday": "tôt"}
    answer = browser.post("/admin/town", **(SHEET | wrong))
    assert answer.status_code == 400
    for name, typed in wrong.items():
        assert f'<p class="problem" id="{name}-problem">' in answer.text
        assert f'<a href="#{name}">' in answer.text
        assert f'value="{typed}"' in answer.text


# -- remarks


def test_remarks_are_listed_exported_and_erased(house: House, browser: Browser) -> None:
    box = Remarks(house.data / FILE)
    box.add(Screened("=cmd()<b>"), kind="idea", audience="senior", believed=datetime.now(UTC))
    box.add(Screened("Bien."), kind="remark", audience="agent", believed=datetime.now(UTC))
    page = browser.get("/admin/remarks")
    assert "=cmd()&lt;b&gt;" in page
    answer = browser.client.get("/admin/remarks/export")
    assert ";'=cmd()<b>" in answer.text
    assert house.entries("export") == [{"form": "remarks", "count": 2}]
    browser.post("/admin/remarks/effacer", number="1")
    assert [one.text for one in box.all()] == ["Bien."]
    assert b"=cmd()" not in (house.data / FILE).read_bytes()
    told = [p for p in house.entries("settings") if "remark" in p]
    assert told == [{"remark": 1, "status": "begun"}, {"remark": 1, "status": "erased"}]
    browser.post("/admin/remarks/effacer", number="1")  # nothing is there: nothing is entered
    assert len([p for p in house.entries("settings") if "remark" in p]) == 2


def test_a_remark_that_is_not_entered_first_is_not_erased(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Remarks(house.data / FILE)
    box.add(Screened("Bien."), kind="remark", audience="agent", believed=datetime.now(UTC))

    def fails(*_: object, **__: object) -> None:
        raise RegisterUnavailable("full")

    monkeypatch.setattr(house.parts.register, "append", fails)
    assert browser.post("/admin/remarks/effacer", number="1").status_code == 503
    assert [one.text for one in box.all()] == ["Bien."]


# -- what was kept and waits


def test_all_that_may_wait_for_a_restart_has_words() -> None:
    tables = {field.alias or name for name, field in Settings.model_fields.items()}
    told = {key.partition(".")[2] for key in table("ui.admin", "fr") if key.startswith("pending.")}
    assert told == {*tables, *READERS}


def test_a_page_opens_whatever_waits(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.admin.desk.waiting", lambda *_: ["letters", "unheard"])
    page = words(browser.get("/admin/restart"))
    assert "la forme des réponses aux courriers, unheard" in page


# -- who may come in, and every word


ADDRESSES = [f"/admin/{section}" for section in SECTIONS] + ["/admin", "/admin/job", "/admin/etat"]


@pytest.mark.parametrize(
    "person",
    [None, *(Person("marie", role) for role in Role if role is not Role.ADMIN)],
    ids=lambda p: p.role if p else "nobody",
)
def test_nobody_else_comes_in_even_past_the_gate(
    house: House, browser: Browser, person: Person | None
) -> None:
    token = browser.token()
    house.person = person
    for address in ADDRESSES:
        assert browser.client.get(address).status_code == 403, address
    for name in FORMS:
        sent = browser.client.post(f"/admin/{name}", data={"token": token, **SHEET})
        assert sent.status_code == 403
    sent = browser.client.post(
        "/admin/documents/depot", data={"token": token}, files=[("files", ("a.txt", b"a"))]
    )
    assert sent.status_code == 403
    assert not (house.data / "greffier.toml").exists()


def test_every_page_opens_and_says_where_one_is(browser: Browser) -> None:
    for section in SECTIONS:
        page = browser.get(f"/admin/{section}")
        assert page.count('aria-current="page"') == 1
        assert f'href="/admin/{section}" aria-current="page"' in page
        assert "<h1>" in page and 'lang="fr"' in page
    assert [name for _, some in GROUPS for name in some].sort() == [*SECTIONS].sort()


def test_an_old_form_changes_nothing(house: House, browser: Browser) -> None:
    answer = browser.post("/admin/town", **SHEET, token="old.one")
    assert answer.status_code == 409
    assert "Rien n'a été fait" in words(answer.text)
    assert not (house.data / "greffier.toml").exists()


@pytest.mark.parametrize("part", ["ui.admin", "ui.public"])
def test_both_languages_say_the_same_things(part: str) -> None:
    french, english = table(part, "fr"), table(part, "en")
    assert french.keys() == english.keys()
    for key, said in french.items():
        facts, other = (
            {name for _, name, _, _ in Formatter().parse(one) if name}
            for one in (said, english[key])
        )
        assert facts == other, key


def test_the_guide_names_what_stands_on_the_pages() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "fr" / "administrateur.md").read_text("utf-8")
    pages = guide.partition("## Ajouter des documents")[2].partition("## Au terminal")[0]
    named = {" ".join(bold.split()) for bold in re.findall(r"\*\*([^*]+)\*\*", pages)}
    assert len(named) > 40
    assert named - NOT_ON_A_PAGE <= {*table("ui.admin", "fr").values()}
