# SPDX-License-Identifier: EUPL-1.2
"""The last net: log lines and tracebacks are screened, whoever writes them."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
import re
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import pytest

from assistant.settings import Settings
from assistant.wiring import open_parts
from guardrails.errors import GuardrailError
from guardrails.findings import Entity, Finding
from guardrails.guard import Guard, open_quick_guard
from guardrails.lastnet import MAX_WAITING, REST_FOR_WORK, WITHHELD, LastNet
from tests.loops import run_apart


@pytest.fixture
def net() -> Iterator[LastNet]:
    net = LastNet(open_quick_guard)
    net.install()
    yield net
    net.remove()


def test_a_library_may_log_what_it_likes(net: LastNet, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("some.library").warning("cannot send to %s", "ana.petit@exemple.fr")
    net.flush()
    assert "ana.petit" not in caplog.text
    assert "cannot send to [COURRIEL_1]" in caplog.text


def test_a_traceback_is_screened(net: LastNet, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError("Mme Ana Lefebvre, 06 11 22 33 44")

    try:
        fail()
    except ValueError:
        logging.getLogger("some.library").exception("failed")
    net.flush()
    assert "ValueError" in caplog.text
    assert "Lefebvre" not in caplog.text
    assert "06 11" not in caplog.text


@pytest.mark.parametrize(
    "line",
    [
        "Application startup complete.",
        "screened 123 characters, hid 4",
        "GET /health HTTP/1.1 200 OK",
    ],
)
def test_ordinary_lines_stay(line: str, net: LastNet, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        logging.getLogger("some.library").info(line)
        net.flush()
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
    assert "cannot send to" in caplog.text
    assert "ana.petit" not in caplog.text
    assert not isinstance(logging.getLogRecordFactory(), LastNet)


# -- nobody waits for the net, and nothing passes beside it


class Slow:
    """A detector that looks at nothing before it may."""

    name = "slow"

    def __init__(self) -> None:
        self.may_look = threading.Event()

    def find(self, text: str) -> Sequence[Finding]:
        self.may_look.wait(30)
        return [Finding(m.start(), m.end(), Entity.PERSON, "all") for m in re.finditer("Ana", text)]


def test_who_logs_waits_for_nothing_and_what_does_not_fit_is_dropped_and_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    slow = Slow()
    net = LastNet(lambda: Guard([slow]))
    net.install()
    try:
        for number in range(MAX_WAITING + 50):  # screened in this thread, the first never returns
            logging.getLogger("some.library").warning("Ana %d", number)
        assert net.dropped >= 49  # the thread holds one
        assert caplog.text == ""
        slow.may_look.set()
        net.flush()
    finally:
        net.remove()
    assert "Ana" not in caplog.text
    assert caplog.text.count("[PERSONNE_1]") == MAX_WAITING + 50 - net.dropped
    assert f"{net.dropped} messages dropped" in caplog.text


def test_a_record_that_a_handler_gets_past_the_net_says_nothing(net: LastNet) -> None:
    shown = io.StringIO()
    record = logging.getLogger("x").makeRecord("x", 30, "f", 1, "Ana %s", ("Lefebvre",), None)
    logging.StreamHandler(shown).handle(record)
    assert shown.getvalue() == f"{WITHHELD}\n"


def test_values_that_do_not_fit_their_sentence_reach_nobody(
    net: LastNet, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """The logging module itself would print the values on stderr."""
    logging.getLogger("some.library").warning("sent %d", "ana.petit@exemple.fr")
    net.flush()
    assert WITHHELD in caplog.text
    assert "ana.petit" not in caplog.text + capfd.readouterr().err


@pytest.mark.parametrize("kind", [ValueError, json.JSONDecodeError, GuardrailError])
def test_the_type_of_an_error_and_its_frames_stay(
    net: LastNet, caplog: pytest.LogCaptureFixture, kind: type[Exception]
) -> None:
    words = "Expecting Ana Lefebvre, 06 11 22 33 44"

    def fail_here() -> None:
        raise kind(words, "", 0) if kind is json.JSONDecodeError else kind(words)

    try:
        fail_here()
    except kind:
        logging.getLogger("some.library").exception("failed")
    net.flush()
    assert f"{kind.__qualname__}: " in caplog.text
    assert 'File "tests/guardrails/test_lastnet.py"' in caplog.text
    assert "fail_here" in caplog.text
    assert "Lefebvre" not in caplog.text and "06 11" not in caplog.text
    assert str(Path.home()) not in caplog.text  # where it lies tells of the machine


def test_causes_notes_and_groups_are_screened_too(
    net: LastNet, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        try:
            raise KeyError("ana.petit@exemple.fr")  # noqa: TRY301
        except KeyError as error:
            inside = ValueError("bruno.petit@exemple.fr")
            inside.add_note("clara.petit@exemple.fr")
            raise ExceptionGroup("dora.petit@exemple.fr", [inside]) from error

    try:
        fail()
    except ExceptionGroup:
        logging.getLogger("some.library").exception("failed")
    net.flush()
    assert "petit" not in caplog.text
    assert all(name in caplog.text for name in ("KeyError", "ValueError", "ExceptionGroup"))


# -- hooks and streams


def test_what_a_thread_does_not_catch_goes_through_the_net(
    net: LastNet, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    net.remove()
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    net.install()

    def fail() -> None:
        raise ValueError("ana.petit@exemple.fr")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    net.flush()
    assert "ValueError" in caplog.text
    assert "ana.petit" not in caplog.text + capfd.readouterr().err
    net.remove()
    assert threading.excepthook is threading.__excepthook__


def test_what_nobody_can_catch_goes_through_the_net(
    net: LastNet, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    net.remove()
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)
    net.install()

    class Ends:
        def __del__(self) -> None:
            raise ValueError("ana.petit@exemple.fr")

    Ends()  # nobody holds it: it ends here
    net.flush()
    assert "ValueError" in caplog.text
    assert "ana.petit" not in caplog.text + capfd.readouterr().err


def test_what_the_program_does_not_catch_goes_through_the_net(
    net: LastNet, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise ValueError("ana.petit@exemple.fr")  # noqa: TRY301
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    net.flush()
    assert "ValueError" in caplog.text
    assert "ana.petit" not in caplog.text


CRASH = """
import sys
from assistant.cli import COMMANDS
import ui.main as program
program.run = lambda arguments: int("ana.petit@exemple.fr")
program.main()
"""


def test_what_ends_the_program_is_screened() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASH], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert "ValueError: " in done.stderr
    assert "ana.petit" not in done.stderr + done.stdout


def test_what_a_loop_does_not_catch_goes_through_the_net(
    net: LastNet, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise ValueError("ana.petit@exemple.fr")

    async def forgotten() -> None:
        task = asyncio.get_running_loop().create_task(fail())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task
        gc.collect()

    run_apart(forgotten())
    net.flush()
    assert "ValueError" in caplog.text
    assert "ana.petit" not in caplog.text


@contextmanager
def printed(net: LastNet) -> Iterator[io.StringIO]:
    """What reaches the terminal while the streams are behind the net."""
    shown = io.StringIO()
    with redirect_stderr(shown):
        with net.over_streams():
            yield shown
        assert sys.stderr is shown


def test_what_a_library_prints_on_stderr_goes_through_the_net(net: LastNet) -> None:
    """Gradio prints the traceback of whatever a page raises."""
    with printed(net) as shown:
        try:
            raise json.JSONDecodeError("Expecting Ana Lefebvre, 06 11 22 33 44", "", 0)
        except ValueError:
            traceback.print_exc()
        print("cannot send to ana.petit@exemple.fr", file=sys.stderr)
    told = shown.getvalue()
    assert "json.decoder.JSONDecodeError:" in told
    assert 'File "tests/guardrails/test_lastnet.py"' in told
    assert "cannot send to [COURRIEL_1]" in told
    assert "Lefebvre" not in told and "06 11" not in told and "ana.petit" not in told


def test_a_word_before_a_colon_that_is_no_error_is_screened(net: LastNet) -> None:
    with printed(net) as shown:
        print("ana.petit@exemple.fr: refused", file=sys.stderr)
    assert "refused" in shown.getvalue()
    assert "ana.petit" not in shown.getvalue()


def test_a_line_without_an_end_is_written_in_the_end(net: LastNet) -> None:
    with printed(net) as shown:
        sys.stderr.write("almost done")
        sys.stderr.flush()
    assert shown.getvalue() == "almost done\n"


def test_a_handler_that_prints_on_stderr_is_not_screened_twice(net: LastNet) -> None:
    with printed(net) as shown:
        handler = logging.StreamHandler()  # takes the stream that stands there now
        other = logging.getLogger("apart")
        other.propagate = False
        other.addHandler(handler)
        try:
            other.warning("seen from 192.0.2.1")
            net.flush()
        finally:
            other.removeHandler(handler)
    assert shown.getvalue() == "seen from [ADRESSE_IP_1]\n"


@pytest.mark.parametrize(
    "line",
    [
        "Traceback (most recent call last): Ana Lefebvre, 06 11 22 33 44",
        'Traceback (most recent call last):\n  File "Ana Lefebvre, 06 11 22 33 44", line 3, in x',
        'Traceback (most recent call last):\n  File "a.py", line 3, in 06 11 22 33 44',
        'Traceback (most recent call last):\n  File "a.py" 06 11 22 33 44',
    ],
)
def test_a_message_that_looks_like_a_traceback_is_screened(net: LastNet, line: str) -> None:
    with printed(net) as shown:
        print(line, file=sys.stderr)
    assert "06 11" not in shown.getvalue()


def test_the_net_rests_three_times_as_long_as_it_works(
    net: LastNet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers can have it work: a line for each of their requests."""
    rests, times = list[float](), iter(range(100))
    monkeypatch.setattr("guardrails.lastnet.time.thread_time", lambda: next(times) / 10)
    monkeypatch.setattr("guardrails.lastnet.time.sleep", rests.append)
    with printed(net):
        print("one line", file=sys.stderr)
        until = time.monotonic() + 20
        while not rests and time.monotonic() < until:
            threading.Event().wait(0.01)
    assert rests and rests[0] == pytest.approx(0.1 * REST_FOR_WORK)
