# SPDX-License-Identifier: EUPL-1.2
"""Signing out at the identity provider as well, against a stand-in (idp.py)."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from guardrails.register import Kind
from tests.ui.access.conftest import HERE, Open, Place, browser, field_of, words
from tests.ui.access.conftest import sign_in as sign_in_here
from tests.ui.access.idp import Idp, asked_of, come_back, sign_in
from ui.access.accounts import Method
from ui.access.person import Role
from ui.access.store import FILE

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

BACK = f"{HERE}/deconnexion/retour"


@pytest.fixture
def place(open_place: Open, idp: Idp, tmp_path: Path) -> Place:
    return opened(open_place, idp, tmp_path, sign_out=True)


def opened(open_place: Open, idp: Idp, folder: Path, **oidc: object) -> Place:
    idp.knows("s-1", preferred_username="lea")
    (folder / "secret").write_text("un secret\n", "utf-8")
    named = {"issuer": idp.address, "client": "greffier", "secret_file": folder / "secret"}
    place = open_place(oidc=named | oidc)
    place.account(Role.ADMIN)
    place.desk.accounts.add("lea", Role.AGENT, method=Method.OIDC)
    return place


def signed_in(place: Place, idp: Idp) -> TestClient:
    client = browser(place.app())
    assert sign_in(client, idp, "s-1").status_code == 200
    return client


def leave(client: TestClient, path: str = "/deconnexion", query: str = "") -> httpx.Response:
    token = field_of(client.get("/compte").text, "token")
    return client.post(f"{path}{query}", data={"token": token})


def led_to(answer: httpx.Response) -> str:
    """Return where a page of ours leads, nothing for one that leads nowhere."""
    moved = LexborHTMLParser(answer.text).css_first("meta[http-equiv=refresh]")
    return str(moved.attributes["content"]).removeprefix("0; url=") if moved else ""


def end_there(where: str) -> str:
    """Be the browser at the provider; return where it is sent back."""
    return str(httpx.get(where, follow_redirects=False).headers["location"])


@pytest.mark.parametrize("path", ["/deconnexion", "/compte/partout"])
def test_one_is_signed_out_here_first_then_there_and_told_so(
    place: Place, idp: Idp, path: str
) -> None:
    client = signed_in(place, idp)
    answer = leave(client, path)
    where = led_to(answer)

    assert client.get("/").headers["location"] == "/connexion"  # before the provider is asked
    assert place.statuses(Kind.SIGN_IN)[-1] == "signed_out" or path == "/compte/partout"
    assert place.desk.sessions.count("lea") == 0
    assert (answer.status_code, "location" in answer.headers) == (200, False)
    assert where.startswith(f"{idp.address}/oauth2/end_session?")
    asked = asked_of(where)
    assert asked.keys() == {"id_token_hint", "state", "post_logout_redirect_uri"}
    assert asked["post_logout_redirect_uri"] == BACK
    assert len(asked["state"]) >= 32

    back = end_there(where)
    assert [ended["id_token_hint"] for ended in idp.ended] == idp.issued
    told = come_back(client, back)
    assert told.status_code == 200
    assert "Vous êtes déconnecté" in words(told.text)
    assert come_back(client, back).status_code == 403  # once


def test_a_forged_state_or_that_of_another_browser_is_not_believed(place: Place, idp: Idp) -> None:
    app = place.app()
    victim, attacker = browser(app), browser(app)
    wheres = []
    for client in (victim, attacker):
        assert sign_in(client, idp, "s-1").status_code == 200
        wheres.append(led_to(leave(client)))
    victim_s, attacker_s = (asked_of(where)["state"] for where in wheres)
    browser_s = victim.cookies["greffier-flow"].partition(".")[0]
    for state in (attacker_s, "", "invented", victim_s[:-1], f"{victim_s}0", browser_s, "é\udce9"):
        forged = f"{BACK}?state={quote(state, errors='surrogatepass')}"
        assert come_back(victim, forged).status_code == 403, state
    assert browser(app).get("/deconnexion/retour", params={"state": victim_s}).status_code == 403
    assert come_back(victim, f"{BACK}?state={victim_s}").status_code == 200


def test_nothing_that_is_sent_here_says_where_one_is_led(place: Place, idp: Idp) -> None:
    wanted = "https://ailleurs.example/"
    query = "?" + "&".join(
        f"{name}={quote(wanted, safe='')}" for name in ("post_logout_redirect_uri", "suite", "url")
    )
    client = signed_in(place, idp)
    where = led_to(leave(client, query=query))
    assert where.startswith(idp.address)
    assert "ailleurs" not in where
    state = asked_of(where)["state"]
    told = come_back(client, f"{BACK}{query}&state={state}")
    assert (told.status_code, led_to(told), "ailleurs" in told.text) == (200, "", False)
    assert "location" not in told.headers


@pytest.mark.parametrize(
    "endpoint", ["http://idp.example/end", "javascript:alert(1)", "//ailleurs.example", None, 7]
)
def test_a_provider_that_cannot_be_asked_leaves_it_at_here(
    place: Place, idp: Idp, endpoint: object
) -> None:
    idp.change = lambda path, told: (
        told | {"end_session_endpoint": endpoint} if "issuer" in told else told
    )
    client = signed_in(place, idp)
    answer = leave(client)

    assert (answer.status_code, led_to(answer)) == (200, "")
    assert "n'a pas pu être prévenu" in words(answer.text).replace("’", "'")
    assert client.get("/").headers["location"] == "/connexion"


def test_a_provider_that_is_away_keeps_nobody_in(place: Place, idp: Idp) -> None:
    before = signed_in(place, idp)
    client = browser(place.app())  # started again meanwhile: nothing is known of the provider
    client.cookies = before.cookies
    idp.change = lambda path, told: told | {"issuer": "https://ailleurs.example"}
    answer = leave(client)

    assert (answer.status_code, led_to(answer)) == (200, "")
    assert place.desk.sessions.count("lea") == 0


def test_what_signs_out_there_survives_a_restart_and_is_readable_to_nobody_else(
    place: Place, idp: Idp, tmp_path: Path
) -> None:
    before = signed_in(place, idp)
    (hint,) = idp.issued
    written = b"".join(path.read_bytes() for path in tmp_path.glob(f"{FILE}*"))
    with sqlite3.connect(tmp_path / FILE) as kept:
        ((digest, locked),) = kept.execute("SELECT digest, identity FROM sessions")
    kept.close()
    assert all(part.encode() not in written for part in hint.split("."))
    assert all(hint not in value for value in before.cookies.values())
    # the file and the keys together do not open it: that takes the browser's own cookie
    for token in ("", digest.hex(), digest.decode("latin-1")):
        assert place.desk.seals.unlock("identity", token, locked) == ""

    client = browser(place.app())
    client.cookies = before.cookies
    assert asked_of(led_to(leave(client)))["id_token_hint"] == hint
    with sqlite3.connect(tmp_path / FILE) as kept:
        assert kept.execute("SELECT * FROM sessions").fetchall() == []
    kept.close()


def test_where_the_town_does_not_want_it_nothing_is_kept_and_nobody_is_sent(
    open_place: Open, idp: Idp, tmp_path: Path
) -> None:
    client = signed_in(opened(open_place, idp, tmp_path), idp)
    with sqlite3.connect(tmp_path / FILE) as kept:
        assert kept.execute("SELECT identity FROM sessions").fetchall() == [(None,)]
    kept.close()
    answer = leave(client)
    assert (answer.status_code, led_to(answer)) == (200, "")
    assert "Vous pouvez fermer cette page" in words(answer.text)


def test_who_came_in_with_a_password_is_not_sent_there(place: Place) -> None:
    client = browser(place.app())
    sign_in_here(client, "adele")
    assert led_to(leave(client)) == ""


def test_a_full_disk_is_told_with_the_way_to_the_provider(
    place: Place, idp: Idp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    client = signed_in(place, idp)
    monkeypatch.setattr(place.desk.sessions, "end", fails)
    answer = leave(client)
    assert (answer.status_code, led_to(answer)) == (503, "")
    assert "rien n'a pu être écrit" in words(answer.text).replace("’", "'")
    link = LexborHTMLParser(answer.text).css_first("main a.button")
    assert link is not None
    assert str(link.attributes["href"]).startswith(f"{idp.address}/oauth2/end_session?")


def test_who_signed_in_again_meanwhile_is_not_told_otherwise(place: Place, idp: Idp) -> None:
    client = signed_in(place, idp)
    state = asked_of(led_to(leave(client)))["state"]
    sign_in_here(client, "adele")
    answer = client.get("/deconnexion/retour", params={"state": state})
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin")
