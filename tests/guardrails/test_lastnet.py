# SPDX-License-Identifier: EUPL-1.2
"""The last net: log lines and tracebacks are screened, whoever writes them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.settings import Settings
from assistant.wiring import open_parts
from guardrails.findings import Entity, Finding
from guardrails.guard import Guard, open_quick_guard
from guardrails.lastnet import WITHHELD, LastNet


@pytest.fixture
def net() -> Iterator[LastNet]:
    net = LastNet(open_quick_guard)
    net.install()
    yield net
    net.remove()


@pytest.mark.usefixtures("net")
def test_a_library_may_log_what_it_likes(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("some.library").warning("cannot send to %s", "ana.petit@exemple.fr")
    assert "ana.petit" not in caplog.text
    assert "cannot send to [COURRIEL_1]" in caplog.text


@pytest.mark.usefixtures("net")
def test_a_traceback_is_screened(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError("Mme Ana Lefebvre, 06 11 22 33 44")

    try:
        fail()
    except ValueError:
        logging.getLogger("some.library").exception("failed")
    assert "ValueError" in caplog.text
    assert "Lefebvre" not in caplog.text
    assert "06 11" not in caplog.text


@pytest.mark.usefixtures("net")
@pytest.mark.parametrize(
    "line",
    [
        "Application startup complete.",
        "screened 123 characters, hid 4",
        "GET /health HTTP/1.1 200 OK",
    ],
)
def test_ordinary_lines_stay(line: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        logging.getLogger("some.library").info(line)
    assert line in caplog.text


def test_a_net_that_fails_withholds_the_line(caplog: pytest.LogCaptureFixture) -> None:
    class Failing:
        name = "failing"

        def find(self, text: str) -> Sequence[Finding]:
            raise ZeroDivisionError

    net = LastNet(lambda: Guard([Failing()]))
    net.install()
    try:
        logging.getLogger("some.library").warning("Ana Lefebvre")
    finally:
        net.remove()
    assert WITHHELD in caplog.text
    assert "Lefebvre" not in caplog.text


def test_the_net_can_be_taken_away(caplog: pytest.LogCaptureFixture) -> None:
    class Everything:
        name = "everything"

        def find(self, text: str) -> Sequence[Finding]:
            return [Finding(0, len(text), Entity.SECRET, "all")]

    net = LastNet(lambda: Guard([Everything()]))
    net.install()
    net.remove()
    logging.getLogger("some.library").warning("plain")
    assert "plain" in caplog.text


def test_the_guard_is_opened_by_the_first_record(caplog: pytest.LogCaptureFixture) -> None:
    opened: list[Guard] = []

    def opener() -> Guard:
        opened.append(Guard([]))
        return opened[-1]

    net = LastNet(opener)
    net.install()
    try:
        assert opened == []
        logging.getLogger("some.library").warning("one")
        logging.getLogger("some.library").warning("two")
    finally:
        net.remove()
    assert len(opened) == 1
    assert "two" in caplog.text


@pytest.mark.usefixtures("net")
def test_a_second_net_changes_nothing() -> None:
    hanging = logging.getLogRecordFactory()
    second = LastNet(lambda: Guard([]))
    second.install()
    second.remove()
    assert logging.getLogRecordFactory() is hanging


def test_the_net_hangs_while_a_data_folder_is_open(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_parts(tmp_path / "data", tmp_path / "keys", Settings()):
        logging.getLogger("some.library").warning("cannot send to %s", "ana.petit@exemple.fr")
    assert "ana.petit" not in caplog.text
    assert not isinstance(logging.getLogRecordFactory(), LastNet)
