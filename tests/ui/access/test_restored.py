# SPDX-License-Identifier: EUPL-1.2
"""What a restored backup brings back opens nothing: sessions, links, keys of programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.backup.manifest import RESTORED
from guardrails.errors import RegisterUnavailable
from guardrails.register import Kind
from tests.ui.access.conftest import PASSWORD, Open, Place, browser, sign_in
from ui.access.person import Role


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """The mark that a restore leaves in the data folder."""
    return tmp_path / RESTORED


def used(place: Place) -> tuple[str, str, str]:
    """Sign in, make a link and a key, and return what opens each."""
    place.account(Role.AGENT, "agnes")
    session = place.desk.sessions.start("agnes", "password")
    _, secret = place.desk.keys.make("agenda", Role.AGENT)
    return session, place.desk.links.make("agnes"), secret


def test_nothing_of_a_backup_opens_after_it_was_restored(open_place: Open, marked: Path) -> None:
    before = open_place()
    session, link, secret = used(before)
    marked.write_text("2026-03-02T09:00:00+00:00", "utf-8")
    before.register.close()
    place = open_place()
    assert place.desk.sessions.find(session) is None
    assert place.desk.links.holder(link) is None
    key = place.desk.keys.find(secret)
    assert key is not None
    assert not key.holds(place.clock())
    assert place.statuses(Kind.SETTINGS) == ["key_revoked"]
    assert not marked.exists()
    assert sign_in(browser(place.app()), "agnes", PASSWORD).status_code == 303


def test_it_is_done_once(open_place: Open, marked: Path) -> None:
    marked.write_text("", "utf-8")
    open_place().register.close()
    place = open_place()
    session, _, secret = used(place)
    place.register.close()
    again = open_place()
    assert again.desk.sessions.find(session) is not None
    found = again.desk.keys.find(secret)
    assert found is not None
    assert found.holds(again.clock())


def test_accounts_do_not_open_while_the_register_cannot_take_it(
    open_place: Open, marked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise RegisterUnavailable("full")

    before = open_place()
    used(before)
    before.register.close()
    marked.write_text("", "utf-8")
    with monkeypatch.context() as disk:
        disk.setattr("ui.access.journal.changing_account", full)
        with pytest.raises(RegisterUnavailable):
            open_place()
    assert marked.exists()
