# SPDX-License-Identifier: EUPL-1.2
"""Signing in at a real OpenID Connect server, started here on loopback (idp.py)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.errors import BadSettings
from assistant.settings_access import OpenIdConnect
from guardrails.register import Kind
from tests.ui.access.conftest import Open, Place, browser, words
from tests.ui.access.idp import (
    Change,
    Idp,
    begin,
    claims_of,
    come_back,
    sign_in,
    unsigned,
)
from ui.access.accounts import Method
from ui.access.flows import Flows
from ui.access.oidc import Flow, Provider
from ui.access.person import Role
from ui.access.visit import places_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

ROLES = {"greffier-admins": "admin", "accueil": "agent"}


@pytest.fixture
def place(open_place: Open, idp: Idp, tmp_path: Path) -> Place:
    (tmp_path / "secret").write_text("un secret\n", "utf-8")
    oidc = {
        "issuer": idp.address,
        "client": "greffier",
        "secret_file": tmp_path / "secret",
        "roles": ROLES,
    }
    place = open_place(oidc=oidc)
    place.account(Role.ADMIN)
    return place


def test_a_group_gives_a_role_and_the_browser_is_led_on_by_a_page_of_ours(
    place: Place, idp: Idp
) -> None:
    idp.knows("s-1", preferred_username="paul", groups=["autre", "accueil"])
    client = browser(place.app())
    assert "Se connecter avec le compte de la mairie" in words(client.get("/connexion").text)
    answer = come_back(client, idp.allow(begin(client, "/source/abc/2"), "s-1"))

    assert (answer.status_code, "location" in answer.headers) == (200, False)
    assert 'content="0; url=/source/abc/2"' in answer.text
    assert client.get("/").json() == ["paul", "agent", None]
    account = place.desk.accounts.need("paul")
    assert (account.method, account.by_groups) == (Method.OIDC, True)
    assert account.subject == f"{idp.address} s-1"
    (entry,) = (e for e in place.entries(Kind.SIGN_IN))
    assert (entry.payload["method"], entry.role) == ("oidc", "agent")


def test_the_request_carries_state_nonce_and_a_challenge_that_the_verifier_meets(
    place: Place, idp: Idp
) -> None:
    idp.knows("s-1", preferred_username="paul", groups=["accueil"])
    client = browser(place.app())
    where = begin(client)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}
    come_back(client, idp.allow(where, "s-1"))

    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == "http://127.0.0.1:7860/connexion/oidc/retour"
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 20
    (sent,) = idp.bodies
    met = urlsafe_b64encode(sha256(sent["code_verifier"][0].encode()).digest()).rstrip(b"=")
    assert met.decode() == asked["code_challenge"]
    again = {name: values[0] for name, values in parse_qs(urlsplit(begin(client)).query).items()}
    assert again["state"] != asked["state"] and again["nonce"] != asked["nonce"]


def test_the_first_line_of_the_settings_that_fits_gives_the_role(place: Place, idp: Idp) -> None:
    idp.knows("s-1", preferred_username="paul", groups=["accueil", "greffier-admins"])
    client = browser(place.app())
    sign_in(client, idp, "s-1")
    assert client.get("/").json()[1] == "admin"


def test_groups_that_change_change_the_role_and_those_that_go_shut_the_door(
    place: Place, idp: Idp
) -> None:
    client = browser(place.app())
    told = []
    for groups in (["greffier-admins"], ["accueil"], [], ["autre"]):
        idp.knows("s-1", preferred_username="paul", groups=groups)
        fresh = browser(place.app())
        answer = sign_in(fresh, idp, "s-1")
        told.append(answer.status_code)
        client = fresh if answer.status_code == 200 else client
    assert told == [200, 200, 403, 403]
    assert client.get("/").json()[1] == "agent"
    assert place.statuses() == ["signed_in", "signed_in", "refused", "refused"]


def test_without_a_group_an_account_made_beforehand_opens(place: Place, idp: Idp) -> None:
    place.desk.accounts.add("lea", Role.AUDITOR, method=Method.OIDC)
    idp.knows("s-2", preferred_username="lea")
    idp.knows("s-3", preferred_username="leo")
    client = browser(place.app())

    assert sign_in(client, idp, "s-2").status_code == 200
    assert client.get("/auditeur/").json() == ["lea", "auditor", None]
    assert sign_in(browser(place.app()), idp, "s-3").status_code == 403


def test_nobody_takes_a_name_that_is_somebody_else_s(place: Place, idp: Idp) -> None:
    idp.knows("s-1", preferred_username="paul", groups=["accueil"])
    idp.knows("s-4", preferred_username="paul", groups=["greffier-admins"])
    idp.knows("s-5", preferred_username="ADELE", groups=["greffier-admins"])
    assert sign_in(browser(place.app()), idp, "s-1").status_code == 200

    assert sign_in(browser(place.app()), idp, "s-4").status_code == 403  # another paul
    assert sign_in(browser(place.app()), idp, "s-5").status_code == 403  # she has a password here
    assert place.desk.accounts.need("paul").role is Role.AGENT


def test_who_was_shut_out_here_does_not_come_back_by_there(place: Place, idp: Idp) -> None:
    idp.knows("s-1", preferred_username="paul", groups=["accueil"])
    client = browser(place.app())
    sign_in(client, idp, "s-1")
    place.desk.accounts.shut("paul")

    assert client.get("/").status_code == 303
    assert sign_in(client, idp, "s-1").status_code == 403


def test_what_comes_back_belongs_to_the_browser_that_began_and_only_once(
    place: Place, idp: Idp
) -> None:
    """The victim would otherwise be signed in as the attacker, or the other way round."""
    idp.knows("s-1", preferred_username="paul", groups=["accueil"])
    app = place.app()
    attacker, victim = browser(app), browser(app)
    where = idp.allow(begin(attacker), "s-1")
    begin(victim)

    assert come_back(victim, where).status_code == 403
    assert victim.get("/").status_code == 303
    where = idp.allow(begin(attacker), "s-1")
    assert come_back(attacker, where).status_code == 200
    assert come_back(attacker, where).status_code == 403
    forged = "http://127.0.0.1:7860/connexion/oidc/retour?code=abc&state=invented"
    assert come_back(attacker, forged).status_code == 403


def test_a_refusal_at_the_provider_is_told_in_plain_words(place: Place, idp: Idp) -> None:
    client = browser(place.app())
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    back = f"http://127.0.0.1:7860/connexion/oidc/retour?error=access_denied&state={state}"
    answer = come_back(client, back)

    assert answer.status_code == 403
    assert "n’a pas ouvert la porte" in words(answer.text, ".problem").replace("'", "’")
    assert place.statuses() == ["refused"]


def resigned(answer: dict[str, Any], algorithm: str = "", **changed: object) -> dict[str, Any]:
    """An identity token with other claims: signed by another key, or by none."""
    from joserfc import jwt
    from joserfc.jwk import OctKey, RSAKey

    claims = claims_of(answer["id_token"]) | changed
    if algorithm == "none":
        return answer | {"id_token": unsigned(claims)}
    key: Any = OctKey.import_key("greffier" * 8) if algorithm == "HS256" else RSAKey.generate_key()
    algorithm = algorithm or "RS256"
    token = jwt.encode({"alg": algorithm}, claims, key, algorithms=[algorithm])
    return answer | {"id_token": token}


FALSE: dict[str, Change] = {
    "another key": lambda path, answer: resigned(answer) if "id_token" in answer else answer,
    "no signature": lambda path, answer: (
        resigned(answer, "none") if "id_token" in answer else answer
    ),
    "a shared key": lambda path, answer: (
        resigned(answer, "HS256") if "id_token" in answer else answer
    ),
    "no token": lambda path, answer: {k: v for k, v in answer.items() if k != "id_token"},
    "another issuer": lambda path, answer: (
        answer | {"issuer": "https://ailleurs.example"} if "issuer" in answer else answer
    ),
    "weak algorithms": lambda path, answer: (
        answer | {"id_token_signing_alg_values_supported": ["none", "HS256"]}
        if "issuer" in answer
        else answer
    ),
    "somebody else's user information": lambda path, answer: (
        answer | {"sub": "s-9"} if path == "/userinfo" else answer
    ),
}


@pytest.mark.parametrize("what", FALSE)
def test_an_answer_that_is_not_the_provider_s_lets_nobody_in(
    place: Place, idp: Idp, what: str
) -> None:
    groups = {} if "information" in what else {"groups": ["accueil"]}
    idp.knows("s-1", preferred_username="paul", **groups)
    idp.change = FALSE[what]
    client = browser(place.app())
    begun = client.get("/connexion/oidc")
    if begun.status_code == 303:
        answer = come_back(client, idp.allow(begun.headers["location"], "s-1"))
    else:
        answer = begun

    assert answer.status_code == 502
    assert client.get("/").status_code == 303
    assert place.desk.accounts.get("paul") is None


@pytest.mark.parametrize("claim", ["nonce", "aud", "exp"])
def test_a_token_made_for_another_sign_in_lets_nobody_in(
    place: Place, idp: Idp, monkeypatch: pytest.MonkeyPatch, claim: str
) -> None:
    """Signed by the provider itself, but replayed, for another client, or too old."""
    import oidc_provider_mock._app as mock

    real = mock.OpenIDCode.process_token
    false = {"nonce": "another", "aud": ["another"], "exp": 1}

    def replayed(self: Any, grant: Any, response: Any) -> Any:
        from authlib.oidc.core.grants import util
        from joserfc import jwt

        encode = jwt.encode

        def changed(header: Any, claims: Any, *rest: Any, **named: Any) -> str:
            return encode(header, {**claims, claim: false[claim]}, *rest, **named)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(util.jwt, "encode", changed)
            return real(self, grant, response)

    monkeypatch.setattr(mock.OpenIDCode, "process_token", replayed)
    idp.knows("s-1", preferred_username="paul", groups=["accueil"])
    seen: list[object] = []
    idp.change = lambda path, answer: (
        seen.append(claims_of(answer["id_token"])[claim]) or answer
        if "id_token" in answer
        else answer
    )
    answer = sign_in(browser(place.app()), idp, "s-1")

    assert seen == [false[claim]]
    assert answer.status_code == 502
    assert place.desk.accounts.get("paul") is None


def test_a_provider_that_is_away_is_told_and_passwords_still_open(open_place: Open) -> None:
    place = open_place(oidc={"issuer": "http://127.0.0.1:9", "client": "greffier"})
    place.account(Role.ADMIN)
    answer = browser(place.app()).get("/connexion/oidc")

    assert answer.status_code == 502
    assert "Ou avec un mot de passe" in words(answer.text)


@pytest.mark.parametrize(
    "issuer", ["http://idp.example", "ftp://idp.example", "idp.example", "https://"]
)
def test_a_provider_without_https_is_refused_at_once(issuer: str) -> None:
    with pytest.raises(BadSettings):
        Provider(OpenIdConnect(issuer=issuer, client="greffier"))


def test_a_secret_that_cannot_be_read_is_said_at_once(tmp_path: Path) -> None:
    settings = OpenIdConnect(
        issuer="https://idp.example", client="greffier", secret_file=tmp_path / "none"
    )
    with pytest.raises(BadSettings):
        Provider(settings)


def test_one_place_has_no_sign_in_of_another_forgotten() -> None:
    flows = Flows()

    def flow(state: str) -> Flow:
        return Flow(url="u", state=state, nonce="n", verifier="v", redirect="r")

    flows.keep(flow("mine"), "b", "/", places_of("192.0.2.1"))
    for number in range(3_000):
        flows.keep(flow(f"{number}"), "c", "/", places_of("192.0.2.2"))
    assert flows.take("mine", "b") is not None
    assert flows.take("2999", "c") is not None
