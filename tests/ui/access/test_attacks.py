# SPDX-License-Identifier: EUPL-1.2
"""What somebody who should not be here would try, one attack a test."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from guardrails.register import Kind
from tests.loops import run_apart
from tests.table import each
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
from ui.access.clerk import Clerk
from ui.access.person import Person, Role
from ui.access.routes import find
from ui.access.seals import Seals
from ui.access.throttle import LIMITS

FREE = {kind: limit.free for kind, limit in LIMITS.items()}
MAX_DELAY_SECONDS = LIMITS["pair"].most
DAY = 24 * 3600.0


def stolen(client: TestClient) -> str:
    return str(client.cookies["greffier"])


def with_cookie(place: Place, value: str) -> TestClient:
    client = browser(place.app())
    client.cookies.set("greffier", value)
    return client


def is_in(client: TestClient, path: str = "/") -> bool:
    return client.get(path).status_code == 200


# -- the cookie


def test_a_session_planted_before_the_sign_in_opens_nothing_after(place: Place) -> None:
    """Fixation: the attacker knows a session of their own and makes the victim use it."""
    attacker = browser(place.app())
    sign_in(attacker, "rachid")
    planted = stolen(attacker)
    victim = with_cookie(place, planted)
    victim.post("/deconnexion", data={"token": field_of(victim.get("/deconnexion").text, "token")})
    victim.cookies.set("greffier", planted)
    sign_in(victim, "agnes")

    assert victim.cookies.get("greffier", domain="127.0.0.1") != planted
    assert not is_in(with_cookie(place, planted), "/compte")


def test_signing_in_again_ends_the_session_that_was_there(place: Place) -> None:
    client = browser(place.app())
    sign_in(client, "agnes")
    before = stolen(client)
    page = browser(place.app()).get("/connexion")  # a fresh form, sent with the old session
    client.cookies.set("greffier-form", page.cookies["greffier-form"])
    sent = {"name": "agnes", "password": PASSWORD, "token": field_of(page.text, "token")}
    assert client.post("/connexion", data=sent).status_code == 303

    assert not is_in(with_cookie(place, before))


@pytest.mark.parametrize(
    "change",
    [
        lambda cookie: cookie[:-1] + ("0" if cookie[-1] != "0" else "1"),
        lambda cookie: ("A" if cookie[0] != "A" else "B") + cookie[1:],
        lambda cookie: cookie.partition(".")[0],
        lambda cookie: cookie + ".",
        lambda cookie: "",
        lambda cookie: "a.b",
        lambda cookie: Seals(b"another secret").signed("cookie-greffier", cookie.partition(".")[0]),
    ],
    ids=["seal", "token", "unsigned", "dot", "empty", "junk", "other secret"],
)
def test_a_cookie_that_was_changed_opens_nothing(place: Place, change: object) -> None:
    client = browser(place.app())
    sign_in(client, "agnes")
    assert callable(change)

    assert not is_in(with_cookie(place, change(stolen(client))))


def test_a_seal_made_for_a_form_does_not_open_a_session(place: Place) -> None:
    client = browser(place.app())
    client.get("/connexion")
    assert not is_in(with_cookie(place, str(client.cookies["greffier-form"])))


def test_a_second_cookie_of_the_same_name_is_not_believed(place: Place) -> None:
    """Cookie tossing: a neighbouring site of the same domain can set one, not read ours."""
    attacker = browser(place.app())
    sign_in(attacker, "rachid")
    client = browser(place.app())
    sign_in(client, "agnes")
    both = f"greffier={stolen(attacker)}; greffier={stolen(client)}"

    assert client.get("/compte", headers={"cookie": both}).status_code == 303


def test_a_session_ends_with_time_and_with_rest(place: Place) -> None:
    client = browser(place.app())
    sign_in(client, "agnes")
    for _ in range(14):  # used every 55 minutes, it goes on until its twelve hours are over
        assert is_in(client) is (place.clock.at <= 1_800_000_000 + 12 * 3600)
        place.clock.turn(55 * 60)
    assert not is_in(client)

    sign_in(client, "agnes")
    place.clock.turn(61 * 60)
    assert not is_in(client)


def test_a_stream_that_stays_open_does_not_keep_a_session_alive(place: Place) -> None:
    client = browser(place.app())
    sign_in(client, "agnes")
    for _ in range(4):
        place.clock.turn(20 * 60)
        client.get("/gradio_api/heartbeat/abc")
    assert not is_in(client)


def test_a_clock_set_back_does_not_lengthen_a_session(place: Place) -> None:
    client = browser(place.app())
    sign_in(client, "agnes")
    place.clock.turn(-3600)
    assert not is_in(client)


def test_what_is_kept_on_the_disk_opens_nothing(place: Place) -> None:
    client = browser(place.app())
    sign_in(client, "agnes")
    token = stolen(client).partition(".")[0]
    link = place.desk.links.make("agnes")
    kept = b"".join(path.read_bytes() for path in place.register.folder.parent.glob("access.db*"))

    assert b"agnes" in kept
    assert token.encode() not in kept and link.encode() not in kept
    assert PASSWORD.encode() not in kept and b"198.51.100.7" not in kept


# -- somebody whose rights change while they are signed in


def test_an_account_that_is_shut_is_out_at_once(place: Place) -> None:
    client = browser(place.app())
    sign_in(client, "agnes")
    assert is_in(client)
    place.desk.accounts.shut("agnes")

    assert client.get("/").status_code == 303
    assert client.post("/gradio_api/queue/join", json={}).status_code == 401
    place.desk.accounts.shut("agnes", disabled=False)
    assert client.get("/").status_code == 303  # the session does not come back to life


def test_a_role_taken_away_counts_at_the_next_request(place: Place) -> None:
    place.account(Role.ADMIN, "alba")
    client = browser(place.app())
    sign_in(client, "alba")
    assert is_in(client, "/admin")
    place.desk.accounts.grant("alba", Role.AGENT, ("urbanisme",))

    assert client.get("/admin").status_code == 403
    assert client.get("/").json() == ["alba", "agent", ["urbanisme"]]


def test_a_stream_ends_when_its_reader_is_shut_out(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.access import gate

    monkeypatch.setattr(gate, "RECHECK_SECONDS", 0.0)
    sent: list[bytes] = []

    async def endless(scope: object, receive: object, send: object) -> None:
        assert callable(send)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for number in range(100):
            if number == 3:
                place.desk.accounts.shut("agnes")
            await send({"type": "http.response.body", "body": b"x", "more_body": True})

    client = browser(place.app())
    sign_in(client, "agnes")
    guard = gate.Gate(
        endless,
        entrance=place.desk.entrance,
        visits=place.desk.visits,
        forms=place.desk.forms,
        frame=None,  # type: ignore[arg-type]
        rules=gate.Rules(opens=frozenset(), actions_per_minute=60, mounted=()),
        programs=None,  # type: ignore[arg-type]
    )

    async def send(message: dict[str, object]) -> None:
        sent.append(message.get("body", b""))  # type: ignore[arg-type]

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/gradio_api/heartbeat/abc",
        "query_string": b"",
        "client": ("198.51.100.7", 1),
        "headers": [(b"cookie", f"greffier={stolen(client)}".encode())],
    }
    run_apart(guard(scope, None, send))  # type: ignore[arg-type]
    assert sent == [b"", b"x", b"x", b"x", b""]


# -- forms and calls of other sites


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://ailleurs.example"},
        {"origin": "http://127.0.0.1:7861"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/compte/partout", "/deconnexion"])
def test_another_site_cannot_act_in_somebody_s_name(
    place: Place, path: str, headers: dict[str, str]
) -> None:
    client = browser(place.app())
    sign_in(client, "agnes")
    token = field_of(client.get("/compte").text, "token")
    del client.headers["origin"]
    is_json = "gradio" in path
    answer = client.post(
        path,
        headers=headers,
        **({"json": {"session_hash": "abc"}} if is_json else {"data": {"token": token}}),
    )

    assert answer.status_code == 403
    assert is_in(client)


def test_a_form_of_another_site_cannot_look_like_a_call_of_gradio(place: Place) -> None:
    client = browser(place.app())
    sign_in(client, "agnes")
    body = b'{"session_hash": "abc"}'
    answer = client.post(
        "/gradio_api/queue/join", content=body, headers={"content-type": "text/plain"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/deconnexion", "/compte/partout", "/compte"])
@pytest.mark.parametrize("token", ["", "junk", "of another session"])
def test_a_form_needs_the_token_of_its_own_session(place: Place, path: str, token: str) -> None:
    app = place.app()
    other = browser(app)
    sign_in(other, "adele")
    client = browser(app)
    sign_in(client, "agnes")
    if token == "of another session":
        token = field_of(other.get("/compte").text, "token")
    client.post(path, data={"token": token, "current": PASSWORD, "new": "x", "again": "x"})

    assert is_in(client)


def test_nobody_can_be_signed_in_from_another_page(place: Place) -> None:
    """Login CSRF: the victim would work in the attacker's account."""
    attacker = browser(place.app())
    token = field_of(attacker.get("/connexion").text, "token")
    victim = browser(place.app())
    sent = {"name": "rachid", "password": PASSWORD, "token": token}

    assert victim.post("/connexion", data=sent).status_code == 403
    assert not is_in(victim, "/compte")


# -- passwords by the thousand


def test_failures_cost_more_and_more_time(place: Place) -> None:
    client = browser(place.app())
    waits = []
    for _ in range(FREE["pair"] + 12):
        answer = sign_in(client, "agnes", "faux")
        while answer.status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            assert "Trop d’essais" in words(answer.text, ".problem").replace("'", "’")
            place.clock.turn(waits[-1])
            answer = sign_in(client, "agnes", "faux")
    assert waits[:4] == [6, 11, 21, 41]
    assert waits == sorted(waits)
    assert waits[-1] == MAX_DELAY_SECONDS + 1
    assert place.statuses().count("locked") >= 10


def test_the_right_password_does_not_open_during_the_delay(place: Place) -> None:
    client = browser(place.app())
    for _ in range(FREE["pair"]):
        sign_in(client, "agnes", "faux")

    assert sign_in(client, "agnes").status_code == 429
    place.clock.turn(6)
    assert sign_in(client, "agnes").status_code == 303


def test_a_new_link_forgives_what_was_tried_before(place: Place) -> None:
    client = browser(place.app())
    for _ in range(FREE["pair"] + 1):
        sign_in(client, "agnes", "faux")
    assert sign_in(client, "agnes").status_code == 429
    Clerk(place.desk, Person("adele", Role.ADMIN)).link("agnes")

    assert sign_in(client, "agnes").status_code == 303


def test_somebody_elsewhere_does_not_shut_a_person_out(place: Place) -> None:
    app = place.app()
    attacker, person = browser(app, "203.0.113.9"), browser(app)
    for _ in range(FREE["pair"] + 5):
        sign_in(attacker, "agnes", "faux")

    assert sign_in(attacker, "agnes").status_code == 429
    assert sign_in(person, "agnes").status_code == 303


def test_many_machines_against_one_name_are_slowed_all_the_same(place: Place) -> None:
    app = place.app()
    codes = [
        sign_in(browser(app, f"203.0.113.{number}"), "agnes", "faux").status_code
        for number in range(FREE["name"] + 1)
    ]
    assert codes == [403] * FREE["name"] + [429]


def test_one_machine_against_many_names_is_slowed_all_the_same(place: Place) -> None:
    client = browser(place.app())
    codes = [
        sign_in(client, f"nom{number}", "faux").status_code for number in range(FREE["address"] + 1)
    ]
    assert codes == [403] * FREE["address"] + [429]


def test_a_name_that_does_not_exist_locks_like_any_other(place: Place) -> None:
    told = []
    for name in ("agnes", "inconnue"):
        client = browser(place.app(), f"203.0.113.{len(told)}")
        answers = [sign_in(client, name, "faux") for _ in range(FREE["pair"] + 1)]
        told.append([(a.status_code, words(a.text, ".problem")) for a in answers])
    assert told[0] == told[1]


def test_a_hundred_attempts_at_once_are_no_better_than_one_after_the_other(place: Place) -> None:
    def attempt(_: int) -> float:
        return place.desk.throttle.attempt("agnes", {"203.0.113.9": 1})

    with ThreadPoolExecutor(16) as threads:
        waits = list(threads.map(attempt, range(100)))
    assert waits.count(0.0) == FREE["pair"]


def test_a_mistake_a_day_behind_a_shared_address_locks_nobody_out(open_place: Open) -> None:
    """A town hall of a hundred people: each day one of them mistypes."""
    place = open_place(actions_per_minute=1000)
    place.account(Role.AGENT)
    client, app = browser(place.app()), place.app()
    for day in range(60):
        assert sign_in(client, f"nom{day}", "faux").status_code == 403, day
        if day > 35:  # the same morning, at the desk beside
            assert sign_in(browser(app), "agnes").status_code == 303, day
        place.clock.turn(DAY)


def test_five_mistakes_of_one_person_in_a_month_cost_no_delay(place: Place) -> None:
    client = browser(place.app())
    for day in range(30):
        assert sign_in(client, "agnes", "faux").status_code == 403, day
        place.clock.turn(DAY)


def test_a_whole_town_hall_waits_half_a_minute_at_most(place: Place) -> None:
    attacker, colleague = browser(place.app()), browser(place.app())
    for number in range(60):
        answer = sign_in(attacker, f"nom{number}", "faux")
        if answer.status_code == 429:
            place.clock.turn(int(answer.headers["retry-after"]))
    answer = sign_in(colleague, "agnes")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) <= 31
    place.clock.turn(31)
    assert sign_in(colleague, "agnes").status_code == 303


def flooded(place: Place, name: str = "agnes") -> None:
    """Somebody tries the name from everywhere, from the same address too, until all is delayed."""
    for number in range(FREE["name"] + 10):
        sign_in(browser(place.app(), f"203.0.113.{number}"), name, "faux")
    client = browser(place.app())
    for number in range(FREE["address"] + 1):
        sign_in(client, f"nom{number}", "faux")
    assert sign_in(browser(place.app()), name).status_code == 429
    assert sign_in(browser(place.app(), "192.0.2.77"), name).status_code == 429


def leave(client: TestClient) -> None:
    client.post("/deconnexion", data={"token": field_of(client.get("/deconnexion").text, "token")})


def test_a_browser_that_the_account_knows_is_let_in_whatever_others_try(place: Place) -> None:
    client = browser(place.app())
    sign_in(client, "agnes")
    leave(client)
    place.clock.turn(30 * DAY)
    flooded(place)

    assert sign_in(client, "agnes").status_code == 303
    assert sign_in(browser(place.app()), "agnes").status_code == 429  # nobody else is forgiven


def test_a_browser_is_known_to_each_account_that_uses_it_and_to_no_other(place: Place) -> None:
    client = browser(place.app())
    for name in ("agnes", "adele"):
        sign_in(client, name)
        leave(client)
    flooded(place)
    flooded(place, "aude")

    assert sign_in(client, "aude").status_code == 429
    for name in ("agnes", "adele"):
        assert sign_in(client, name).status_code == 303
        leave(client)


def test_a_known_browser_guesses_no_faster_than_another(place: Place) -> None:
    client = browser(place.app())
    sign_in(client, "agnes")
    leave(client)
    codes = [sign_in(client, "agnes", "faux").status_code for _ in range(FREE["device"] + 1)]
    assert codes == [403] * FREE["device"] + [429]
    assert sign_in(browser(place.app(), "192.0.2.1"), "agnes").status_code == 303


def known_cookie(place: Place) -> str:
    client = browser(place.app())
    sign_in(client, "agnes")
    kept = str(client.cookies["greffier-device"])
    leave(client)
    assert "agnes" not in kept
    return kept


def lets_in(place: Place, cookie: str) -> bool:
    client = browser(place.app())
    client.cookies.set("greffier-device", cookie)
    return sign_in(client, "agnes").status_code == 303


@pytest.mark.parametrize("what", ["everywhere", "link", "password", "shut", "old", "forged"])
def test_a_known_browser_can_be_forgotten(place: Place, what: str) -> None:
    cookie, clerk = known_cookie(place), Clerk(place.desk, Person("adele", Role.ADMIN))
    match what:
        case "everywhere":
            client = browser(place.app())
            sign_in(client, "agnes")
            token = field_of(client.get("/compte").text, "token")
            client.post("/compte/partout", data={"token": token})
        case "link":
            clerk.link("agnes")
        case "password":
            client = browser(place.app())
            sign_in(client, "agnes")
            sent = {"current": PASSWORD, "new": "un autre puits", "again": "un autre puits"}
            sent["token"] = field_of(client.get("/compte").text, "token")
            assert client.post("/compte", data=sent).headers["location"] == "/compte?change=fait"
            place.desk.accounts.keep_password("agnes", place.desk.passwords.hash(PASSWORD))
            renewed = str(client.cookies["greffier-device"])
        case "shut":
            clerk.shut("agnes")
            clerk.shut("agnes", disabled=False)
        case "old":
            place.clock.turn(181 * DAY)
        case "forged":
            value = cookie.rpartition(".")[0]
            cookie = Seals(b"another secret").signed("cookie-greffier-device", value)
    flooded(place)

    assert not lets_in(place, cookie)
    if what == "password":  # the browser where it was chosen is known on
        assert lets_in(place, renewed)


def test_right_keys_of_programs_pass_whatever_was_tried_beside_them(place: Place) -> None:
    _, secret = place.desk.keys.make("intranet", Role.AGENT)
    client, wrong = browser(place.app()), f"gfr_{secret[4:16]}_{'0' * 64}"
    codes = {
        client.get("/v1/models", headers={"authorization": f"Bearer {wrong}"}).status_code
        for _ in range(FREE["address"] + 5)
    }
    assert codes == {401, 429}
    good = client.get("/v1/models", headers={"authorization": f"Bearer {secret}"})
    assert good.status_code == 200
    assert sign_in(client, "agnes").status_code == 303  # people are not counted with programs


def test_a_clock_that_was_ahead_locks_nobody_out(place: Place) -> None:
    client = browser(place.app())
    place.clock.turn(365 * DAY)
    for _ in range(FREE["pair"]):
        sign_in(client, "agnes", "faux")
    place.clock.turn(-365 * DAY)
    assert sign_in(client, "agnes").status_code == 303


def test_an_ipv6_network_is_one_place_in_every_limit(open_place: Open) -> None:
    """One machine has as many addresses of its /64 as it likes."""
    place = open_place(actions_per_minute=5)
    place.account(Role.AGENT)
    codes = [
        browser(place.app_once, f"2001:db8::{n:x}").get("/connexion").status_code
        for n in range(1, 5 * 5 + 2)
    ]
    assert codes == [200] * 25 + [429]
    secret = "gfr_" + "0" * 12 + "_" + "0" * 64
    codes = [
        browser(place.app_once, f"2001:db8:1::{n:x}")
        .get("/v1/models", headers={"authorization": f"Bearer {secret}"})
        .status_code
        for n in range(1, FREE["pair"] + 2)
    ]
    assert codes == [401] * FREE["pair"] + [429]


@pytest.mark.parametrize("sent", ["192.0.2.1:{}", "[2001:db8::{}]:443", "2001:db8::{}"])
def test_a_proxy_that_writes_a_port_does_not_make_new_places(open_place: Open, sent: str) -> None:
    place = open_place(proxy={"addresses": ["10.0.0.2"]}, actions_per_minute=2)
    place.account(Role.AGENT)
    client = browser(place.app(), "10.0.0.2")
    codes = [
        client.get("/connexion", headers={"x-forwarded-for": sent.format(n)}).status_code
        for n in range(1, 12)
    ]
    assert codes == [200] * 10 + [429]


# -- headers that are no headers


MALFORMED = [
    "[",
    "[::1",
    "[v1.x]",
    "a]b",
    "::1",
    "a:b",
    "a:1:2",
    "a b",
    "a@127.0.0.1",
    "ａ",
    "a/b",
    "",
]


@pytest.mark.parametrize("host", MALFORMED)
@pytest.mark.parametrize("path", ["/health", "/connexion", "/api/ask", "/v1/models", "/nulle-part"])
def test_a_malformed_host_is_told_so_and_raises_nothing(place: Place, host: str, path: str) -> None:
    """What is raised before the gate costs a traceback; a client of tests raises it again."""
    answer = browser(place.app()).get(path, headers={"host": host.encode("utf-8")})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "origin",
    ["http://[", "http://[::1", "//[", "http://a]b", "http://ａ", "x", "", "://", "http://["],
)
@pytest.mark.parametrize("path", ["/connexion", "/compte", "/gradio_api/queue/join", "/api/ask"])
def test_a_malformed_origin_is_another_site_and_raises_nothing(
    place: Place, origin: str, path: str
) -> None:
    client = browser(place.app())
    sign_in(client, "agnes")
    sent = {"origin": origin.encode("utf-8")}
    assert client.post(path, headers=sent, json={}).status_code == 403
    assert client.get("/connexion", headers=sent).status_code < 400  # who only reads is no danger


@pytest.mark.parametrize("charset", ["punycode", "undefined", "utf-7", "idna", "unicode_escape"])
@pytest.mark.parametrize("path", ["/connexion", "/simple", "/masquer"])
def test_a_form_in_a_codec_that_no_browser_writes_is_not_read(
    place: Place, path: str, charset: str
) -> None:
    """A megabyte of punycode took the event loop for minutes, before any token was looked at."""
    client = browser(place.app())
    told = f"multipart/form-data; boundary=x; charset={charset}"
    for kind in (
        told, told.replace("=x", "=x; charset=utf-8"), f"{told}; charset=utf-8",
        told.replace("charset", "charset*0"), told.replace("charset=", "charset*=utf-8''"),
        told.replace("charset", "charset*" + "9" * 5_000), f'{told}; y="{";" * 20_000}',
        told.replace("charset=", "charset ="), told.replace("charset=", "charset=\t"),
    ):  # fmt: skip
        answer = client.post(path, content=FORM, headers={"content-type": kind})
        assert (answer.status_code, "<form" in answer.text) == (400, False), kind[:200]


@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "multipart/form-data; charset=UTF-8; boundary=x"]
)
def test_a_form_of_a_browser_is_read(place: Place, kind: str) -> None:
    client = browser(place.app())
    answer = client.post("/connexion", content=FORM, headers={"content-type": kind})
    assert "Adresse" not in answer.text and "<form" in answer.text


FORM = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nxx-a\r\n--x--\r\n'


def test_two_hosts_or_two_origins_are_not_believed(place: Place) -> None:
    client = browser(place.app())
    two = [("host", "127.0.0.1:7860"), ("host", "ailleurs.example")]
    assert client.get("/connexion", headers=two).status_code == 400
    del client.headers["origin"]
    two = [("origin", HERE), ("origin", "http://ailleurs.example")]
    assert client.post("/connexion", headers=two, data={}).status_code == 400


@pytest.mark.parametrize("length", ["\xb2", "1" * 5000, "-1", "1e3", "0x10", " "])
def test_a_length_that_is_no_number_raises_nothing(place: Place, length: str) -> None:
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/connexion",
        "query_string": b"",
        "client": ("198.51.100.7", 1),
        "headers": [(b"host", b"127.0.0.1:7860"), (b"content-length", length.encode("latin-1"))],
    }
    codes: list[int] = []

    async def send(message: dict[str, object]) -> None:
        if "status" in message:
            codes.append(int(str(message["status"])))

    run_apart(place.app()(scope, None, send))  # type: ignore[arg-type]
    assert codes in ([411], [413])


def test_a_web_socket_is_refused_and_raises_nothing(place: Place) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        browser(place.app()).websocket_connect("/gradio_api/queue/join"),
    ):
        pass


# -- where it comes from


def test_headers_of_a_stranger_are_not_believed(open_place: Open) -> None:
    place = open_place(
        proxy={
            "addresses": ["10.0.0.2", "10.1.0.0/16"],
            "user_header": "X-Remote-User",
            "groups_header": "X-Remote-Groups",
            "roles": {"direction": "admin"},
        }
    )
    place.account(Role.ADMIN, "adele")
    forged = {"x-remote-user": "adele", "x-remote-groups": "direction"}
    for address in ("198.51.100.7", "127.0.0.1", "10.0.0.3"):
        client = browser(place.app(), address)
        assert client.get("/admin", headers=forged).status_code == 303
        forwarded = forged | {"x-forwarded-for": "10.0.0.2"}
        assert client.get("/admin", headers=forwarded).status_code == 303


def test_a_proxy_of_the_settings_signs_people_in_by_their_groups(open_place: Open) -> None:
    place = open_place(
        proxy={
            "addresses": ["10.0.0.2"],
            "user_header": "X-Remote-User",
            "groups_header": "X-Remote-Groups",
            "roles": {"direction": "admin", "accueil": "agent"},
        }
    )
    place.account(Role.ADMIN, "adele")
    client = browser(place.app(), "10.0.0.2")

    def seen(**headers: str) -> object:
        told = {f"x-remote-{name}": value for name, value in headers.items()}
        answer = client.get("/", headers=told)
        return answer.json() if answer.status_code == 200 else answer.status_code

    assert seen(user="paul", groups="autre, accueil") == ["paul", "agent", None]
    assert seen(user="paul", groups="direction") == ["paul", "admin", None]
    assert seen(user="paul", groups="autre") == 303  # their groups give no place any more
    assert seen(user="adele", groups="direction") == 303  # her account has a password: not theirs
    assert seen(user="paula/../x", groups="accueil") == 303
    assert seen(groups="direction") == 303
    twice = client.get("/", headers=[("x-remote-user", "paul"), ("x-remote-user", "adele")])
    assert twice.status_code == 303
    place.desk.accounts.shut("paul")
    assert seen(user="paul", groups="accueil") == 303
    assert place.statuses().count("signed_in") == 2  # once for each role, not at each request


@pytest.mark.parametrize("name", ["x-remote-user", "x-remote-groups"])
@pytest.mark.parametrize("forged", ["first", "last"])
def test_of_two_headers_of_a_proxy_neither_is_believed(
    open_place: Open, name: str, forged: str
) -> None:
    """A visitor sends the header too, and the proxy adds its own beside it."""
    place = open_place(
        proxy={
            "addresses": ["10.0.0.2"],
            "user_header": "X-Remote-User",
            "groups_header": "X-Remote-Groups",
            "roles": {"direction": "admin", "accueil": "agent"},
        }
    )
    place.account(Role.ADMIN)
    told = [("x-remote-user", "paul"), ("x-remote-groups", "accueil")]
    theirs = (name, "direction" if name.endswith("groups") else "pierre")
    told.insert(0 if forged == "first" else 2, theirs)
    client = browser(place.app(), "10.0.0.2")
    assert client.get("/", headers=told).status_code == 303
    assert client.get("/", headers=told[:2] if forged == "last" else told[1:]).json()[1] == "agent"


def test_without_the_settings_no_header_signs_anybody_in(place: Place) -> None:
    client = browser(place.app(), "127.0.0.1")
    assert client.get("/", headers={"x-remote-user": "adele"}).status_code == 303


def test_a_stranger_cannot_hide_behind_a_forged_address(open_place: Open) -> None:
    place = open_place(proxy={"addresses": ["10.0.0.2"]})
    client = browser(place.app(), "10.0.0.2")
    seen = set()
    for number in range(3):
        told = (
            f"203.0.113.{number}, 198.51.100.7"  # the proxy adds the last one; the rest is theirs
        )
        scope = {
            "type": "http",
            "headers": [(b"x-forwarded-for", told.encode())],
            "client": ("10.0.0.2", 1),
        }
        seen.add(place.desk.visits.of(scope).address)
    assert seen == {"198.51.100.7"}
    secure = client.get("/connexion", headers={"x-forwarded-proto": "https"})
    assert "__Host-greffier-form" in secure.headers["set-cookie"]
    stranger = browser(place.app())
    plain = stranger.get("/connexion", headers={"x-forwarded-proto": "https"})
    assert "__Host-" not in plain.headers["set-cookie"]


# -- addresses that are almost others


@each(
    "path",
    [
        "//admin",
        "/Admin",
        "/admin\n",
        "/admin;x",
        "/admin\\people",
        "/admin%2fpeople",
        "/simple/../admin",
        "/simple/static/../../admin",
        "/ui/../admin",
        "/connexion/static/../../admin",
        "/auditeur/../admin",
        "/auditeur//gradio_api/queue/join",
        "/auditeur/gradio_api/upload",
        "/gradio_api/file=access.db",
        "/assets/../../access.db",
        "/assets/./x.js",
        "/static/.env",
        "",
        "admin",
        "*",
    ],
)
@each("method", ["GET", "POST", "HEAD", "OPTIONS", "PUT"])
def test_an_address_that_is_almost_another_is_closed(method: str, path: str) -> None:
    assert find(method, path) is None


# -- too fast, too much


def test_one_person_cannot_take_all_the_time(open_place: Open) -> None:
    place = open_place(actions_per_minute=5)
    for role in (Role.AGENT, Role.ADMIN):
        place.account(role)
    app = place.app()
    client, other = browser(app), browser(app, "198.51.100.8")
    for one, role in ((client, Role.AGENT), (other, Role.ADMIN)):
        sign_in(one, NAMES[role])
    codes = [client.post("/gradio_api/queue/join", json={}).status_code for _ in range(6)]

    assert codes == [200] * 5 + [429]
    assert other.post("/gradio_api/queue/join", json={}).status_code == 200


def test_twenty_sessions_at_once_are_each_themselves_and_only_see_their_own(place: Place) -> None:
    names = [place.account(Role.AGENT, f"agent{n}", (f"collection{n}",)) for n in range(20)]
    app = place.app()
    clients = [browser(app, f"203.0.113.{n}") for n in range(20)]
    for client, name in zip(clients, names, strict=True):
        assert sign_in(client, name).status_code == 303

    def own(n: int) -> list[object]:
        told = []
        for _ in range(5):
            told.append(clients[n].get("/").json())
            join = {"session_hash": f"page{n}", "data": []}
            told.append(clients[n].post("/gradio_api/queue/join", json=join).status_code)
            told.append(clients[n].get(f"/gradio_api/queue/data?session_hash=page{n}").status_code)
        return told

    with ThreadPoolExecutor(20) as threads:
        seen = list(threads.map(own, range(20)))
    for n, told in enumerate(seen):
        assert told == [[f"agent{n}", "agent", [f"collection{n}"]], 200, 200] * 5
    for n in range(20):  # and nobody hears what belongs to the page of somebody else
        other = f"page{(n + 1) % 20}"
        client = clients[n]
        assert client.get(f"/gradio_api/queue/data?session_hash={other}").status_code == 403
        beat = f"/gradio_api/heartbeat/{other}"
        assert client.get(beat).status_code == 403
        assert client.get(f"{beat}?session_hash=page{n}").status_code == 403
        for call in ("queue/join", "cancel", "reset"):
            answer = client.post(f"/gradio_api/{call}", json={"session_hash": other})
            assert answer.status_code == 403


def test_no_page_of_the_door_shows_what_was_typed_as_html(place: Place) -> None:
    client = browser(place.app())
    answer = sign_in(client, "<script>alert(1)</script>", "faux")

    assert "<script" not in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]
    assert not re.search(r"unsafe|http", answer.headers["content-security-policy"])


def test_changes_of_accounts_are_in_the_register_under_pseudonyms(place: Place) -> None:
    clerk = Clerk(place.desk, Person("adele", Role.ADMIN))
    clerk.add("noe", Role.AGENT)
    clerk.link("noe")
    clerk.grant("noe", Role.AUDITOR)
    clerk.shut("noe")
    clerk.shut("noe", disabled=False)
    entries = place.entries(Kind.SETTINGS)

    assert [e.payload.get("change", "") for e in entries[::2]] == (
        ["created", "link", "rights", "disabled", "enabled"]
    )
    assert [e.payload["status"] for e in entries[::2]] == ["begun"] * 5
    assert place.statuses(Kind.SETTINGS) == [e.payload["change"] for e in entries[::2]]
    assert {e.actor for e in entries} == {place.register.pseudonym("adele")}
    assert {e.payload["account"] for e in entries} == {place.register.pseudonym("noe")}
    assert "noe" not in str(entries) and HERE not in str(entries)
