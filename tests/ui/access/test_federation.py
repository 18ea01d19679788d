# SPDX-License-Identifier: EUPL-1.2
"""What a State's federation has besides: levels, organisations, signed user information.

All of it against a stand-in (idp.py); nobody has tried ProConnect itself.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from assistant.errors import BadSettings
from assistant.settings import Settings
from assistant.settings_access import OpenIdConnect
from guardrails.register import Kind
from tests.table import each
from tests.ui.access.conftest import Open, Place, browser, words
from tests.ui.access.idp import Idp, Signs, asked_of, begin, sign_in, unsigned
from ui.access.accounts import Method
from ui.access.person import Role

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

TOWN, ELSEWHERE = "73282932000074", "12345678200010"
MAIL = "lea.durand@mairie.example"
PERSON = {"email": MAIL, "uid": "ldurand", "siret": TOWN}
Opened = Callable[..., Place]


@pytest.fixture
def opened(open_place: Open, idp: Idp, tmp_path: Path) -> Opened:
    """Open a town that signs in at a federation, with other settings where a test wants them."""

    def start(**oidc: object) -> Place:
        (tmp_path / "secret").write_text("un secret\n", "utf-8")
        named = {"issuer": idp.address, "client": "greffier", "secret_file": tmp_path / "secret"}
        place = open_place(oidc={"profile": "proconnect", "sirets": [TOWN], **named, **oidc})
        place.account(Role.ADMIN)
        place.desk.accounts.add("lea", Role.AGENT, method=Method.OIDC, known_as=MAIL)
        return place

    idp.signs, idp.told = idp.signed, {"acr": "eidas1"}
    idp.knows("s-1", **PERSON)
    return start


def test_the_profile_asks_for_what_the_federation_wants(opened: Opened, idp: Idp) -> None:
    methods = {"token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"]}
    idp.change = lambda path, told: told | methods if "issuer" in told else told
    client = browser(opened().app())
    asked = asked_of(begin(client))

    assert asked["scope"] == "openid given_name usual_name email uid siret"
    assert (asked["acr_values"], "claims" in asked) == ("eidas1", False)
    assert min(len(asked["state"]), len(asked["nonce"])) >= 32
    assert sign_in(client, idp, "s-1").status_code == 200
    assert client.get("/").json() == ["lea", "agent", None]
    (sent,) = idp.bodies
    assert sent["client_secret"] == ["un secret"]


def test_levels_can_be_asked_for_as_indispensable_in_one_way_only(opened: Opened) -> None:
    wanted = ["eidas2", "https://proconnect.gouv.fr/assurance/self-asserted-2fa"]
    asked = asked_of(begin(browser(opened(acr=wanted, acr_essential=True).app())))

    assert "acr_values" not in asked
    assert json.loads(asked["claims"]) == {
        "id_token": {"acr": {"essential": True, "values": wanted}}
    }


@pytest.mark.parametrize("acr", ["eidas1", "eidas2", "", None, "absent", ["eidas3"], "EIDAS3"])
def test_a_level_that_the_town_does_not_name_lets_nobody_in(
    opened: Opened, idp: Idp, acr: object
) -> None:
    idp.told = {} if acr == "absent" else {"acr": acr}
    idp.knows("s-1", **PERSON, acr="eidas3")  # that of user information counts for nothing
    place = opened(acr=["eidas3", "eidas4"])
    answer = sign_in(browser(place.app()), idp, "s-1")

    assert answer.status_code == 403
    assert "niveau de sécurité" in words(answer.text, ".problem")
    assert place.statuses() == ["refused"]
    assert place.desk.accounts.need("lea").subject == ""


@pytest.mark.parametrize("siret", [ELSEWHERE, "", None, [TOWN], TOWN[:9], f" {TOWN}", int(TOWN)])
def test_another_organisation_is_not_let_in_and_its_number_is_nowhere(
    opened: Opened, idp: Idp, caplog: pytest.LogCaptureFixture, siret: object
) -> None:
    idp.knows("s-1", **PERSON | {"siret": siret})
    place, ours = opened(), ("ui", "assistant", "guardrails", "authlib", "joserfc", "httpx")
    with caplog.at_level(logging.DEBUG):
        answer = sign_in(browser(place.app()), idp, "s-1")

    assert answer.status_code == 403
    assert "organisation" in words(answer.text, ".problem")
    assert place.desk.accounts.need("lea").subject == ""
    (entry,) = place.entries(Kind.SIGN_IN)
    assert entry.payload == {"status": "refused", "method": "oidc"}
    assert entry.actor == place.register.pseudonym(f"{idp.address} s-1")
    logged = [r.getMessage() for r in caplog.records if r.name.startswith(ours)]
    assert not [line for line in logged if ELSEWHERE in line or MAIL in line]
    assert ELSEWHERE not in answer.text


def test_without_an_organisation_nobody_is_let_in(opened: Opened, idp: Idp) -> None:
    idp.knows("s-2", email=MAIL)
    place = opened()
    assert sign_in(browser(place.app()), idp, "s-2").status_code == 403
    assert place.statuses() == ["refused"]


def test_who_has_no_account_made_beforehand_is_not_let_in(opened: Opened, idp: Idp) -> None:
    """Nothing in the federation says what somebody is here for."""
    idp.knows("s-3", **PERSON | {"email": "leo.petit@mairie.example"})
    idp.knows("s-4", **PERSON | {"email": "lea"})  # the account's own name opens it to nobody
    place = opened()
    app = place.app()
    assert [sign_in(browser(app), idp, sub).status_code for sub in ("s-3", "s-4")] == [403, 403]
    assert [account.name for account in place.desk.accounts.all()] == ["adele", "lea"]
    assert place.desk.accounts.need("lea").subject == ""


def test_the_register_knows_the_account_and_no_address_of_its_owner(
    opened: Opened, idp: Idp
) -> None:
    place = opened()
    assert sign_in(browser(place.app()), idp, "s-1").status_code == 200
    idp.knows("s-1", **PERSON | {"email": "lea.martin@mairie.example"})
    assert sign_in(browser(place.app()), idp, "s-1").status_code == 200

    (tied,) = (e for e in place.entries(Kind.SETTINGS) if e.payload.get("status") == "tied")
    named = {e.actor for e in place.entries(Kind.SIGN_IN)} | {tied.payload["account"]}
    assert named == {place.register.pseudonym("lea")}
    account = place.desk.accounts.need("lea")
    assert account.subject == f"{idp.address} s-1"
    assert place.desk.accounts.awaiting(MAIL) is None  # what it awaited is forgotten
    idp.knows("s-9", **PERSON)
    assert sign_in(browser(place.app()), idp, "s-9").status_code == 403  # another, of that address


def test_two_accounts_never_await_the_same_person(opened: Opened) -> None:
    from ui.access.clerk import Clerk
    from ui.access.errors import AccountRefused
    from ui.access.person import Person

    clerk = Clerk(opened().desk, Person("adele", Role.ADMIN))
    for known_as, method, why in (
        (MAIL.upper(), Method.OIDC, "account_awaited"),
        ("a@b.example", Method.PASSWORD, "account_known_here"),
    ):
        with pytest.raises(AccountRefused, match=why):
            clerk.add("leo", Role.ADMIN, method=method, known_as=known_as)


def hmac_of_the_public_key(idp: Idp, claims: dict[str, Any]) -> str:
    """What whoever knows the public key can make, if it is taken for a shared secret."""
    key = OctKey.import_key(idp.key.as_pem(private=False))
    header = {"alg": "HS256", "kid": "federation"}
    return jwt.encode(header, whole(idp, claims), key, algorithms=["HS256"])


def of_another_key(idp: Idp, claims: dict[str, Any]) -> str:
    key, header = ECKey.generate_key("P-256"), {"alg": "ES256", "kid": "federation"}
    return jwt.encode(header, whole(idp, claims), key, algorithms=["ES256"])


def whole(idp: Idp, claims: dict[str, Any]) -> dict[str, Any]:
    return {"iss": idp.address, "aud": "greffier", **claims}


FALSE: dict[str, Callable[[Idp], Signs | None]] = {
    "not signed": lambda idp: None,
    "JSON that calls itself a token": lambda idp: json.dumps,
    "alg none": lambda idp: lambda claims: unsigned(whole(idp, claims)),
    "the public key as a shared one": lambda idp: lambda told: hmac_of_the_public_key(idp, told),
    "another key": lambda idp: lambda told: of_another_key(idp, told),
    "for another client": lambda idp: lambda told: idp.signed(told, aud="autre"),
    "for several others": lambda idp: lambda told: idp.signed(told, aud=["autre", "encore"]),
    "of another issuer": lambda idp: lambda told: idp.signed(told, iss="https://ailleurs.example"),
    "of somebody else": lambda idp: lambda told: idp.signed(told, sub="s-9"),
    "of nobody": lambda idp: lambda told: idp.signed(told, sub=None),
    "too old": lambda idp: lambda told: idp.signed(told, exp=1),
    "a signature cut off": lambda idp: lambda told: idp.signed(told).rpartition(".")[0] + ".",
}


@pytest.mark.parametrize("what", FALSE)
def test_user_information_that_cannot_be_believed_lets_nobody_in(
    opened: Opened, idp: Idp, what: str
) -> None:
    idp.signs = FALSE[what](idp)
    place = opened()
    client = browser(place.app())

    assert sign_in(client, idp, "s-1").status_code == 502
    assert client.get("/").status_code == 303
    assert place.desk.accounts.need("lea").subject == ""


def test_plain_user_information_is_read_where_no_signature_is_demanded(
    opened: Opened, idp: Idp
) -> None:
    idp.signs = None
    assert sign_in(browser(opened(signed_userinfo=False).app()), idp, "s-1").status_code == 200


def test_user_information_that_is_no_table_lets_nobody_in(opened: Opened, idp: Idp) -> None:
    idp.signs = None
    idp.change = lambda path, told: [told] if path == "/userinfo" else told
    place = opened(signed_userinfo=False)
    assert sign_in(browser(place.app()), idp, "s-1").status_code == 502


@each(
    "lines, name, told",
    [
        ('sirets = ["732829320"]', "sirets.0", "14 digits"),  # a SIREN
        ('sirets = ["73282932000075"]', "sirets.0", "14 digits"),  # a wrong key
        ('sirets = ["7328293200007٤"]', "sirets.0", "14 digits"),
        ('profile = "proconnect"', "access.oidc", "sirets"),  # anybody of the State would enter
        ('scope = "openid siret"', "access.oidc", "sirets"),
        ('profile = "franceconnect"', "profile", "proconnect"),
        ('acr = ["eidas1 eidas2"]', "acr.0", "pattern"),
    ],
)
def test_settings_that_let_in_nobody_or_anybody_are_refused_at_once(
    tmp_path_factory: pytest.TempPathFactory, lines: str, name: str, told: str
) -> None:
    file = tmp_path_factory.mktemp("town") / "greffier.toml"
    file.write_text(f"[access.oidc]\n{lines}\n", "utf-8")
    with pytest.raises(BadSettings) as refused:
        Settings.read(file)
    facts = refused.value.facts
    assert name in str(facts["name"])
    assert told in str(facts["detail"])
    assert "7328293" not in str(facts["detail"])


def test_a_profile_gives_defaults_that_the_town_s_own_lines_replace() -> None:
    given = {"profile": "proconnect", "sirets": ["732 829 320 00074"], "acr": ["eidas2"]}
    told = OpenIdConnect.model_validate(given)
    assert (told.sirets, told.acr, told.name_claim) == ((TOWN,), ("eidas2",), "email")
    assert (told.signed_userinfo, told.sign_out) == (True, True)
    plain = OpenIdConnect()
    assert (plain.acr, plain.sirets, plain.signed_userinfo, plain.sign_out) == (
        (),
        (),
        False,
        False,
    )
