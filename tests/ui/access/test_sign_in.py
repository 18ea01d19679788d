# SPDX-License-Identifier: EUPL-1.2
"""Coming in and going out, as a person does and as somebody who should not would try."""

from __future__ import annotations

import pytest

from guardrails.register import Kind
from tests.ui.access.conftest import (
    HERE,
    NAMES,
    PASSWORD,
    Open,
    Place,
    browser,
    field_of,
    sign_in,
    words,
)
from ui.access.person import Role


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.RESIDENT, "/simple"),
        (Role.AGENT, "/"),
        (Role.AUDITOR, "/auditeur/"),
        (Role.ADMIN, "/admin"),
    ],
)
def test_each_role_lands_on_its_own_page(place: Place, role: Role, home: str) -> None:
    client = browser(place.app())
    answer = sign_in(client, NAMES[role])

    assert (answer.status_code, answer.headers["location"]) == (303, home)
    assert place.statuses() == ["signed_in"]


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(place: Place) -> None:
    cookie = sign_in(browser(place.app()), "agnes").headers["set-cookie"]

    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie.split(";")  # over plain http it would not come back


def test_under_https_the_cookie_is_secure_and_no_other_name_can_set_it(place: Place) -> None:
    client = browser(place.app())
    client.base_url = "https://127.0.0.1:7860"
    client.headers["origin"] = "https://127.0.0.1:7860"
    cookie = sign_in(client, "agnes").headers["set-cookie"]

    assert cookie.startswith("__Host-greffier=")
    assert " Secure" in cookie.split(";")


def test_who_asked_for_a_page_is_led_there_after(place: Place) -> None:
    client = browser(place.app())
    led = client.get("/source/abc/2?start=3&end=9")

    assert led.headers["location"] == "/connexion?suite=%2Fsource%2Fabc%2F2%3Fstart%3D3%26end%3D9"
    answer = sign_in(client, "agnes", after="/source/abc/2?start=3&end=9")
    assert answer.headers["location"] == "/source/abc/2?start=3&end=9"


@pytest.mark.parametrize(
    "after",
    [
        "https://ailleurs.example/",
        "//ailleurs.example/",
        "/\\ailleurs.example",
        "///ailleurs.example",
        "/%2f/ailleurs.example",
        "javascript:alert(1)",
        "/simple\r\nLocation: https://ailleurs.example",
        "/connexion",
        "/deconnexion",
        "/admin",  # a page, but not one for an agent
        "/gradio_api/heartbeat/abc",
    ],
)
def test_nobody_is_led_elsewhere(place: Place, after: str) -> None:
    answer = sign_in(browser(place.app()), "agnes", after=after)

    assert answer.headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_are_told_the_same(place: Place) -> None:
    place.desk.accounts.add("oscar", Role.AGENT)  # no password was chosen yet
    place.account(Role.AGENT, "olga")
    place.desk.accounts.shut("olga")
    pages = []
    for name, password in (
        ("agnes", "un mot de passe faux"),
        ("inconnue", PASSWORD),
        ("oscar", PASSWORD),
        ("olga", PASSWORD),
    ):
        client = browser(place.app())
        answer = sign_in(client, name, password)
        assert answer.status_code == 403
        assert "greffier=" not in answer.headers.get("set-cookie", "").replace("greffier-form", "")
        pages.append(answer.text.replace(name, "").replace(field_of(answer.text, "token"), ""))
    assert len(set(pages)) == 1
    assert place.statuses() == ["refused"] * 4


def test_the_same_work_is_done_for_a_name_that_does_not_exist(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[bool] = []
    verify = place.desk.passwords.verify

    def watched(kept: str | None, password: str) -> bool:
        looked_at.append(kept is not None)
        return verify(kept, password)

    monkeypatch.setattr(place.desk.passwords, "verify", watched)
    client = browser(place.app())
    for name in ("agnes", "inconnue"):
        sign_in(client, name, "un mot de passe faux")
    assert looked_at == [True, False]


def test_the_register_names_nobody(place: Place) -> None:
    client = browser(place.app())
    sign_in(client, "agnes", "un mot de passe faux")
    sign_in(client, "agnes")

    refused, entered = place.entries(Kind.SIGN_IN)
    assert refused.actor == entered.actor == place.register.pseudonym("agnes")
    assert "agnes" not in f"{refused}{entered}"
    assert (entered.role, entered.payload["method"]) == ("agent", "password")


def test_without_the_register_nobody_comes_in(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guardrails.errors import RegisterUnavailable

    def full(*_: object, **__: object) -> None:
        raise RegisterUnavailable("full")

    monkeypatch.setattr(place.register, "append", full)
    client = browser(place.app())
    answer = sign_in(client, "agnes")

    assert answer.status_code == 503
    assert "Le registre ne peut pas être écrit" in words(answer.text)
    assert client.get("/").status_code == 303


def test_signing_out_ends_the_session_for_good(place: Place) -> None:
    client = browser(place.app())
    sign_in(client, "agnes")
    stolen = dict(client.cookies)
    page = client.get("/deconnexion").text
    answer = client.post("/deconnexion", data={"token": field_of(page, "token")})

    assert "Vous êtes déconnecté" in words(answer.text)
    assert place.statuses() == ["signed_in", "signed_out"]
    for name, value in stolen.items():
        client.cookies.set(name, value)
    assert client.get("/").headers["location"] == "/connexion"


def test_signing_out_everywhere_ends_all_sessions(place: Place) -> None:
    app = place.app()
    here, there = browser(app), browser(app, "198.51.100.8")
    for client in (here, there):
        sign_in(client, "agnes")
    token = field_of(here.get("/compte").text, "token")
    here.post("/compte/partout", data={"token": token})

    assert here.get("/compte").status_code == there.get("/compte").status_code == 303
    assert place.statuses(Kind.SETTINGS) == ["signed_out_everywhere"]


def test_before_the_first_account_everything_waits_for_the_link(open_place: Open) -> None:
    place = open_place()
    client = browser(place.app())

    assert "Greffier attend son premier compte" in words(client.get("/").text)
    link = place.desk.first_link()
    page = client.get(f"/bienvenue/{link}").text
    assert "Le lien ne sert qu'une fois" in words(page).replace("’", "'")
    sent = {"name": "adele", "new": PASSWORD, "again": PASSWORD, "token": field_of(page, "token")}
    answer = client.post(f"/bienvenue/{link}", data=sent)

    assert answer.headers["location"] == "/admin"
    assert client.get("/compte").status_code == 200
    assert place.statuses(Kind.SETTINGS) == ["created", "password"]
    assert place.desk.first_link() == ""
    assert browser(place.app()).post(f"/bienvenue/{link}", data=sent).status_code == 404


def test_a_new_link_makes_the_one_before_useless_and_all_of_them_age(open_place: Open) -> None:
    place = open_place()
    client = browser(place.app())
    first, second = place.desk.first_link(), place.desk.first_link()

    assert client.get(f"/bienvenue/{first}").status_code == 404
    assert client.get(f"/bienvenue/{second}").status_code == 200
    place.clock.turn(3 * 24 * 3600 + 1)
    assert client.get(f"/bienvenue/{second}").status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("court", "court", "trop court"),
        (PASSWORD, "le puits de la plage", "pas les mêmes"),
        ("motdepasse2026", "motdepasse2026", "plus essayés"),
        ("aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa", "répète trop"),
        ("adele-adele1", "adele-adele1", "contient votre identifiant"),
    ],
)
def test_a_weak_password_is_refused_in_plain_words(
    open_place: Open, password: str, again: str, told: str
) -> None:
    place = open_place()
    client = browser(place.app())
    link = place.desk.first_link()
    token = field_of(client.get(f"/bienvenue/{link}").text, "token")
    sent = {"name": "adele", "new": password, "again": again, "token": token}
    answer = client.post(f"/bienvenue/{link}", data=sent)

    assert answer.status_code == 400
    assert told in words(answer.text, ".problem")
    assert not place.desk.accounts.is_open
    assert client.get(f"/bienvenue/{link}").status_code == 200  # it may be tried again


def test_a_password_that_somebody_else_chose_must_be_changed_first(place: Place) -> None:
    place.desk.accounts.keep_password(
        "agnes", place.desk.passwords.hash(PASSWORD), must_change=True
    )
    client = browser(place.app())
    sign_in(client, "agnes")

    assert client.get("/").headers["location"] == "/compte"
    assert client.post("/gradio_api/queue/join", json={}).status_code == 403
    page = client.get("/compte").text
    assert "choisissez un mot de passe" in words(page)
    new = "une tuile sous la pluie"
    sent = {"current": PASSWORD, "new": new, "again": new, "token": field_of(page, "token")}
    assert client.post("/compte", data=sent).status_code == 303
    assert client.get("/").status_code == 200


def test_changing_a_password_ends_the_other_sessions(place: Place) -> None:
    app = place.app()
    here, there = browser(app), browser(app, "198.51.100.8")
    for client in (here, there):
        sign_in(client, "agnes")
    token = field_of(here.get("/compte").text, "token")
    new = "une tuile sous la pluie"
    wrong = {"current": "faux", "new": new, "again": new, "token": token}
    assert here.post("/compte", data=wrong).status_code == 403
    assert here.post("/compte", data=wrong | {"current": PASSWORD}).status_code == 303

    assert "Le mot de passe est changé" in words(here.get("/compte?change=fait").text)
    assert there.get("/compte").status_code == 303
    assert sign_in(there, "agnes").status_code == 403
    assert sign_in(there, "agnes", new).status_code == 303


def test_a_link_from_another_site_still_finds_who_is_signed_in(place: Place) -> None:
    """The strict cookie does not come with it: a page of ours asks again for what was asked."""
    client = browser(place.app())
    answer = client.get("/source/abc/2", headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 200
    assert 'content="0; url=/source/abc/2"' in answer.text
    assert client.get("/").headers["location"] == "/connexion"
    assert HERE not in answer.text
