# SPDX-License-Identifier: EUPL-1.2
"""A witness against a log that was written from the standard's text alone (standard.py)."""

from __future__ import annotations

import http.client
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrails.register import Kind
from guardrails.register.notes import VerifierKey
from guardrails.register.witness import (
    MAX_BODY_BYTES,
    MAX_KEPT_REFUSALS,
    Witness,
    WitnessUnusable,
    digest_of_origin,
    found_witness,
)
from guardrails.register.witness_client import Reply, WitnessPlace, post
from guardrails.register.witness_http import WitnessServer
from guardrails.register.witnesses import Witnesses
from tests.register.homes import Home, ask_in
from tests.register.standard import Log, opened

ORIGIN, NAME = "log.example/one", "temoin.voisine.example/w"
NOW = 1_772_442_000.0
SIZE = "text/x.tlog.size"


@pytest.fixture
def log() -> Log:
    log = Log(ORIGIN)
    log.add(*(b"%d" % number for number in range(11)))
    return log


@pytest.fixture
def witness(tmp_path: Path, log: Log) -> Iterator[Witness]:
    found_witness(tmp_path / "w" / "witness.sqlite3", NAME)
    with closing(Witness(tmp_path / "w" / "witness.sqlite3", now=lambda: NOW)) as witness:
        witness.trust(VerifierKey.read(log.key))
        yield witness


def told(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.body if reply.kind == SIZE else ""


SPECIFIED = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""  # noqa: E501
"""The request that c2sp.org/tlog-witness shows; the log's key is published nowhere."""


def test_the_request_of_the_standard_is_read(witness: Witness) -> None:
    assert witness.add_checkpoint(SPECIFIED.encode()).status == 404  # read: its log is unknown
    broken = SPECIFIED.replace("old 20852014", "old 020852014")
    assert witness.add_checkpoint(broken.encode()).status == 400


def test_what_goes_on_is_cosigned_and_remembered(witness: Witness, log: Log) -> None:
    seen = 0
    for size in (1, 2, 5, 8, 8, 11):
        reply = witness.add_checkpoint(log.request(seen, size))
        assert reply.status == 200
        note = (log.checkpoint(size) + reply.body).encode()
        assert opened(note, str(witness.key)) == (opened(note, log.key)[0], int(NOW))
        latest = witness.latest(digest_of_origin(ORIGIN))
        assert latest is not None
        assert opened(latest.encode(), str(witness.key)) == (opened(note, log.key)[0], int(NOW))
        assert opened(latest.encode(), log.key)
        seen = size
    [known] = witness.logs()
    assert (known.origin, known.size, known.at, known.refused) == (ORIGIN, 11, int(NOW), 0)


@pytest.mark.parametrize("old", range(12))
def test_every_step_of_a_growing_tree_is_followed(tmp_path: Path, log: Log, old: int) -> None:
    for new in range(old, 12):
        path = tmp_path / str(new) / "witness.sqlite3"
        found_witness(path, NAME)
        with closing(Witness(path)) as witness:
            witness.trust(VerifierKey.read(log.key))
            assert witness.add_checkpoint(log.request(0, old)).status == 200
            assert witness.add_checkpoint(log.request(old, new)).status == 200


def test_each_refusal_has_the_status_of_the_standard(witness: Witness, log: Log) -> None:
    other, stranger = Log("log.example/other"), Log(ORIGIN)
    for one in (other, stranger):
        one.add(b"a", b"b")
    assert told(witness.add_checkpoint(other.request(0))) == (404, "")
    assert told(witness.add_checkpoint(stranger.request(0))) == (403, "")
    false = log.request(0).replace(b"\n11\n", b"\n10\n")
    assert told(witness.add_checkpoint(false)) == (403, "")
    assert told(witness.add_checkpoint(log.request(5, 4, proof=[]))) == (400, "")
    assert told(witness.add_checkpoint(log.request(3, 5))) == (409, "0\n")
    assert told(witness.add_checkpoint(log.request(0, 5, proof=[bytes(32)]))) == (422, "")
    assert witness.add_checkpoint(log.request(0, 5)).status == 200
    assert told(witness.add_checkpoint(log.request(0, 5))) == (409, "5\n")
    assert told(witness.add_checkpoint(log.request(4, 8))) == (409, "5\n")
    assert told(witness.add_checkpoint(log.request(5, 8, proof=[]))) == (422, "")
    assert told(witness.add_checkpoint(log.request(5, 8, proof=[bytes(32)] * 4))) == (422, "")
    assert told(witness.add_checkpoint(log.request(5, 5, proof=[bytes(32)]))) == (422, "")
    log.leaves[2] = bytes(32)
    assert told(witness.add_checkpoint(log.request(5, 5))) == (409, "5\n")
    assert told(witness.add_checkpoint(log.request(5, 8))) == (422, "")
    [known] = witness.logs()
    assert known.size == 5


def test_a_history_that_was_rewritten_is_refused_and_both_are_kept(
    witness: Witness, log: Log
) -> None:
    assert witness.add_checkpoint(log.request(0, 5)).status == 200
    log.leaves[2] = bytes(32)
    for size in range(5, 11):
        assert witness.add_checkpoint(log.request(5, size)).status in (409, 422)
        assert witness.add_checkpoint(log.request(5, size)).status in (409, 422)
    pairs = witness.refusals(ORIGIN)
    assert len(pairs) == 6
    for refused, cosigned in pairs:
        assert opened(refused.encode(), log.key)
        assert opened(cosigned.encode(), str(witness.key))
        assert opened(cosigned.encode(), log.key)
    assert witness.logs()[0].refused == 6


def test_so_many_refusals_are_kept_and_no_more(witness: Witness, log: Log) -> None:
    assert witness.add_checkpoint(log.request(0, 5)).status == 200
    for number in range(MAX_KEPT_REFUSALS + 5):
        log.leaves[2] = bytes([number]) * 32
        witness.add_checkpoint(log.request(5, 8))
    assert len(witness.refusals(ORIGIN)) == MAX_KEPT_REFUSALS


def test_it_remembers_over_a_restart_and_never_begins_again(
    witness: Witness, log: Log, tmp_path: Path
) -> None:
    file = tmp_path / "w" / "witness.sqlite3"
    assert witness.add_checkpoint(log.request(0, 8)).status == 200
    key = str(witness.key)
    witness.close()
    with closing(Witness(file)) as again:
        assert str(again.key) == key
        assert told(again.add_checkpoint(log.request(0, 5))) == (409, "8\n")
    with pytest.raises(WitnessUnusable, match="exists"):
        found_witness(file, NAME)
    file.unlink()
    with pytest.raises(WitnessUnusable, match="absent"):
        Witness(file)  # its key is gone with its memory
    assert file.parent.stat().st_mode & 0o077 == 0


def test_its_file_is_its_own_and_another_s_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "w.sqlite3"
    found_witness(file, NAME)
    assert file.stat().st_mode & 0o777 == 0o600
    other = tmp_path / "other"
    other.write_text("not a database" * 100, "utf-8")
    with pytest.raises(WitnessUnusable, match="damaged"):
        Witness(other)
    with closing(sqlite3.connect(tmp_path / "empty")) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(WitnessUnusable, match="other"):
        Witness(tmp_path / "empty")
    for name in ("", "https://a.example", "a b.example", "a.example+b", "x"):
        with pytest.raises(WitnessUnusable, match="name"):
            found_witness(tmp_path / "new", name)


def test_the_new_checkpoint_is_on_disk_before_the_answer(
    witness: Witness, log: Log, tmp_path: Path
) -> None:
    assert witness.add_checkpoint(log.request(0, 8)).status == 200
    shutil.copy(tmp_path / "w" / "witness.sqlite3", tmp_path / "cut.sqlite3")  # the power fails
    with closing(Witness(tmp_path / "cut.sqlite3")) as again:
        assert again.logs()[0].size == 8


def test_requests_at_once_never_roll_it_back(witness: Witness, log: Log, tmp_path: Path) -> None:
    """The race of the standard, between threads and between processes' own connections."""
    log.add(*(b"x%d" % number for number in range(60)))
    with closing(Witness(tmp_path / "w" / "witness.sqlite3", now=lambda: NOW)) as second:

        def send(size: int) -> int:
            one = second if size % 2 else witness
            known = 0
            for _ in range(50):
                if known > size:
                    return 0
                reply = one.add_checkpoint(log.request(known, size))
                if reply.status == 200:
                    return size
                known = int(reply.body)
            raise AssertionError("it never agreed")

        with ThreadPoolExecutor(8) as pool:
            sizes = [*pool.map(send, range(1, 60))]
    assert witness.logs()[0].size == max(sizes)


def test_a_clock_that_is_set_back_belies_nothing(tmp_path: Path, log: Log) -> None:
    times = iter((NOW, NOW - 1_000, NOW + 5))
    path = tmp_path / "witness.sqlite3"
    found_witness(path, NAME)
    with closing(Witness(path, now=lambda: next(times))) as witness:
        witness.trust(VerifierKey.read(log.key))
        stamps = []
        for old, size in ((0, 3), (3, 5), (5, 8)):
            note = log.checkpoint(size) + witness.add_checkpoint(log.request(old, size)).body
            stamps.append(opened(note.encode(), str(witness.key))[1])
    assert stamps == [NOW, NOW, NOW + 5]


def test_a_key_that_is_believed_no_longer_signs_nothing_and_its_log_is_remembered(
    witness: Witness, log: Log
) -> None:
    assert witness.add_checkpoint(log.request(0, 8)).status == 200
    witness.forget(VerifierKey.read(log.key))
    assert witness.add_checkpoint(log.request(8)).status == 404
    newer = Log(ORIGIN, leaves=log.leaves)
    witness.trust(VerifierKey.read(newer.key))
    assert told(witness.add_checkpoint(newer.request(0))) == (409, "8\n")
    assert witness.add_checkpoint(newer.request(8)).status == 200


def test_signatures_of_others_on_a_checkpoint_are_not_kept(witness: Witness, log: Log) -> None:
    stranger = Log(ORIGIN, leaves=log.leaves)
    extra = stranger.checkpoint(5).rpartition("\n\n")[2]
    reply = witness.add_checkpoint(log.request(0, 5) + extra.encode())
    assert reply.status == 200
    latest = witness.latest(digest_of_origin(ORIGIN))
    assert latest is not None
    assert latest.count("\n— ") == 2
    with pytest.raises(ValueError, match="did not sign"):
        opened(latest.encode(), stranger.key)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_no_request_is_refused_and_changes_nothing(
    witness: Witness, log: Log, data: st.DataObject
) -> None:
    good = log.request(0, 7)
    kind = data.draw(st.sampled_from(("any", "cut", "changed")))
    if kind == "any":
        body = data.draw(st.binary(max_size=300))
    elif kind == "cut":
        body = good[: data.draw(st.integers(0, len(good) - 1))]
    else:
        place = data.draw(st.integers(0, len(good) - 1))
        body = good[:place] + data.draw(st.binary(min_size=1, max_size=1)) + good[place + 1 :]
    if body != good:
        assert witness.add_checkpoint(body).status in (400, 403, 404, 409)
    assert witness.logs()[0].size == 0


@pytest.fixture
def server(witness: Witness) -> Iterator[WitnessServer]:
    with WitnessServer(("127.0.0.1", 0), witness) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(
    server: WitnessServer, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read().decode()
    finally:
        connection.close()


def test_over_http_a_log_submits_and_a_monitor_reads(
    server: WitnessServer, witness: Witness, log: Log
) -> None:
    where = f"/{digest_of_origin(ORIGIN)}/checkpoint"
    assert ask(server, "GET", where)[0] == 404
    status, kind, line = ask(server, "POST", "/add-checkpoint", log.request(0, 5))
    assert (status, kind) == (200, "text/plain; charset=utf-8")
    status, _, note = ask(server, "GET", where)
    assert (status, note) == (200, log.checkpoint(5) + line)
    conflict = ask(server, "POST", "/add-checkpoint", log.request(0, 5))
    assert conflict == (409, SIZE, "5\n")
    assert ask(server, "GET", "/") == (200, kind, f"{NAME}\n{witness.key}\n")


def test_over_http_what_is_not_asked_of_a_witness_is_refused(
    server: WitnessServer, log: Log
) -> None:
    assert ask(server, "POST", "/other", b"x")[0] == 404
    assert ask(server, "GET", "/../etc/passwd")[0] == 404
    assert ask(server, "PUT", "/add-checkpoint", b"x")[0] == 501
    assert ask(server, "POST", "/add-checkpoint", bytes(MAX_BODY_BYTES + 1))[0] == 413
    chunked = ask(server, "POST", "/add-checkpoint", b"", **{"Content-Length": "x"})
    assert chunked[0] == 411
    assert ask(server, "POST", "/add-checkpoint", log.request(0, 5))[0] == 200


def test_a_register_is_watched_over_http(
    server: WitnessServer, witness: Witness, home: Home
) -> None:
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    watching = Witnesses([WitnessPlace(address=address, key=witness.key)], post=post)
    with home.open(places=[watching]) as register:
        register.watched_by(watching, service=False)
        witness.trust(register.key_chain()[0])
        for _ in range(3):
            ask_in(register)
            note = register.checkpoint_seen(seconds=60)
            assert opened(note.encode(), str(witness.key))[1] == int(NOW)
        register.rotate_signing_key()
        register.checkpoint_seen(seconds=60)
        [state] = watching.states(register)
        assert state.trouble == "unknown"
        witness.trust(register.key_chain()[1])
        note = register.checkpoint_seen(seconds=60)
        assert opened(note.encode(), str(witness.key))
        incidents = [e.public for e in register.entries() if e.kind is Kind.INCIDENT]
        assert incidents == [{"why": "witness_trouble", "witness": NAME, "what": "unknown"}]
        assert register.verify().holds
