# SPDX-License-Identifier: EUPL-1.2
"""Every route with every role: what is open is what the page says, and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.table import each
from tests.ui.access.conftest import NAMES, Open, browser, sign_in
from tests.ui.access.walk import Walked, kept, table, unused, walked_by_itself
from ui.access.entrance import Seen
from ui.access.gate import Verdict, verdict
from ui.access.person import Person, Role
from ui.access.routes import AREAS, HOMES, Opens, find

PUBLIC = (
    "/simple", "/transparence", "/accessibilite", "/remarques", "/connexion", "/bienvenue", "/ui/",
    "/deconnexion/retour",
)  # fmt: skip
PUBLIC_CALLS = {"/health", "/ready"}


@pytest.fixture(scope="module")
def walked() -> Sequence[Walked]:
    return walked_by_itself()


def test_the_page_holds_what_was_found(walked: Sequence[Walked]) -> None:
    assert kept() == table(walked)


def test_the_list_of_routes_names_nothing_that_does_not_exist(walked: Sequence[Walked]) -> None:
    assert unused(walked) == []


def test_without_an_account_only_public_pages_are_reached(walked: Sequence[Walked]) -> None:
    reached = [w.address.template for w in walked if w.told[0] == "yes"]

    assert reached
    for template in reached:
        assert template in PUBLIC_CALLS or template.startswith(PUBLIC), template


def test_each_area_is_reached_by_its_roles_only(walked: Sequence[Walked]) -> None:
    for w in walked:
        told = dict(zip(Role, w.told[1:], strict=True))
        if "/auditeur/gradio_api/" in w.address.template and not w.is_closed:
            assert [role for role, word in told.items() if word == "yes"] == [Role.AUDITOR]
        if w.address.template.startswith("/admin"):
            assert [role for role, word in told.items() if word == "yes"] == [Role.ADMIN]


def test_what_gradio_offers_besides_is_closed_to_all(walked: Sequence[Walked]) -> None:
    closed = {w.address.template for w in walked if w.is_closed}

    for start in ("", "/auditeur"):
        for name in ("upload", "file={path_or_url}", "proxy={url_path}", "info", "runs"):
            assert f"{start}/gradio_api/{name}" in closed
        assert f"{start}/monitoring" in closed


@pytest.mark.parametrize("role", Role)
def test_each_role_may_open_its_own_home(role: Role) -> None:
    route = find("GET", HOMES[role])
    assert route is not None
    assert role in route.roles


def test_an_area_is_where_a_home_is() -> None:
    assert set(AREAS) == {HOMES[role] for role in Role if role is not Role.RESIDENT}


@each(
    "role, told",
    [
        (None, Verdict.UNKNOWN),
        (Role.RESIDENT, Verdict.IN),
        (Role.AGENT, Verdict.IN),
        (Role.AUDITOR, Verdict.FORBIDDEN),
        (Role.ADMIN, Verdict.IN),
    ],
)
def test_a_town_may_keep_the_simple_page_for_accounts(role: Role | None, told: Verdict) -> None:
    route = find("GET", "/simple")
    assert route is not None
    seen = Seen(person=Person("x", role) if role else None)

    assert verdict(route, "/simple", seen, {Opens.ALWAYS}) is told
    assert verdict(route, "/simple", seen, {Opens.ALWAYS, Opens.SIMPLE}) is Verdict.IN


def test_the_settings_say_what_is_open(open_place: Open) -> None:
    shut = browser(open_place(simple="agents", transparency="agents").app())
    assert {shut.get(path).status_code for path in ("/simple", "/transparence")} == {403}
    assert shut.get("/accessibilite").status_code == 200  # every page leads to it


def test_the_public_pages_open_to_nobody_s_account_when_the_town_says_so(open_place: Open) -> None:
    place = open_place()
    place.account(Role.ADMIN)
    client = browser(place.app())
    for path in ("/simple", "/transparence", "/remarques"):
        assert client.get(path).json() == ["", "resident", None]
    sign_in(client, NAMES[Role.ADMIN])
    assert client.get("/simple").json() == ["adele", "admin", None]
