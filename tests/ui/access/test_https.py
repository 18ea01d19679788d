# SPDX-License-Identifier: EUPL-1.2
"""A browser that came by https comes by nothing else, where the town asks for it."""

from __future__ import annotations

from starlette.types import Scope

from tests.table import each
from ui.access.visit import strict_transport

PROXY = "10.0.0.2"


def scope(scheme: str, client: str, forwarded: str = "") -> Scope:
    headers = [(b"x-forwarded-proto", forwarded.encode())] if forwarded else []
    return {"type": "http", "scheme": scheme, "client": (client, 1), "headers": headers}


@each(
    "visit, is_told",
    [
        (scope("https", "192.0.2.7"), True),
        (scope("http", "192.0.2.7"), False),
        (scope("http", PROXY, "https"), True),
        (scope("http", PROXY, "http"), False),
        (scope("http", "192.0.2.7", "https"), False),
        (scope("http", PROXY, "https, http"), False),
    ],
    ids=["https", "http", "proxy", "proxy in clear", "a stranger says so", "last proxy in clear"],
)
def test_it_is_told_over_https_only_as_far_as_that_is_known(visit: Scope, is_told: bool) -> None:
    assert bool(strict_transport(365, [PROXY])(visit)) is is_told


def test_nothing_is_told_unless_the_town_asks_for_it() -> None:
    assert strict_transport(0, [])(scope("https", "192.0.2.7")) == ""
    assert strict_transport(2, [])(scope("https", "192.0.2.7")) == "max-age=172800"
