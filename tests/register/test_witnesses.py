# SPDX-License-Identifier: EUPL-1.2
"""What a register does with its witnesses: nobody waits, nothing false is kept, each trouble is
entered once."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from guardrails.register import Kind, Register
from guardrails.register.cosignatures import (
    CosignerKey,
    answered,
    cosign,
    cosigned,
    cosigner_of,
)
from guardrails.register.inspection import verify_file
from guardrails.register.notes import (
    Checkpoint,
    NoteMalformed,
    NoteNotSigned,
    VerifierKey,
    key_of,
    read_note,
    sign,
)
from guardrails.register.trust_policy import read_policy
from guardrails.register.witness_client import (
    Reply,
    WitnessPlace,
    WitnessTrouble,
    WitnessTroubled,
    post,
)
from guardrails.register.witnesses import Witnesses
from tests.register.homes import Home, ask_in
from tests.register.witnessed import NAMES, WAIT_SECONDS, Neighbours

PRIVATE, NAME = Ed25519PrivateKey.generate(), "temoin.voisine.example/w"
KEY = cosigner_of(NAME, PRIVATE)
PLACE = WitnessPlace(address="https://temoin.voisine.example", key=KEY)
NOTE = sign(Checkpoint(origin="a.example", size=3, root=bytes(32)), [PRIVATE])
TEXT = read_note(NOTE).text
LINE = cosign(TEXT, NAME, PRIVATE, 1_700_000_000)
SIZE = "text/x.tlog.size"
Answer = Callable[[bytes], Reply]


@contextmanager
def watched(home: Home, answer: Answer) -> Iterator[tuple[Register, Witnesses]]:
    """A register with one witness that answers so."""
    watching = Witnesses([PLACE], post=lambda _, body: answer(body))
    with home.open(places=[watching]) as register:
        register.watched_by(watching, service=False)
        ask_in(register)
        yield register, watching


def seen(body: bytes) -> Reply:
    """What an honest witness answers that was never asked before."""
    text = read_note(body.decode().partition("\n\n")[2]).text
    return Reply(status=200, kind="text/plain", body=cosign(text, NAME, PRIVATE, 1_700_000_000))


def raising(trouble: WitnessTrouble) -> Answer:
    def answer(_: bytes) -> Reply:
        raise WitnessTroubled(trouble)

    return answer


def replying(status: int, body: str = "", kind: str = "text/plain") -> Answer:
    return lambda _: Reply(status=status, kind=kind, body=body)


def of_another_text(body: bytes) -> Reply:
    text = read_note(body.decode().partition("\n\n")[2]).text
    return Reply(status=200, kind="", body=cosign(f"{text}more\n", NAME, PRIVATE, 1))


def of_another_key(body: bytes) -> Reply:
    text = read_note(body.decode().partition("\n\n")[2]).text
    return Reply(status=200, kind="", body=cosign(text, NAME, Ed25519PrivateKey.generate(), 1))


def of_no_calendar(body: bytes) -> Reply:
    text = read_note(body.decode().partition("\n\n")[2]).text
    return Reply(status=200, kind="", body=cosign(text, NAME, PRIVATE, 2**62))


TROUBLES: list[tuple[str, Answer, WitnessTrouble]] = [
    ("away", raising(WitnessTrouble.AWAY), WitnessTrouble.AWAY),
    ("late", raising(WitnessTrouble.LATE), WitnessTrouble.LATE),
    ("broken", replying(502), WitnessTrouble.AWAY),
    ("does not know it", replying(404), WitnessTrouble.UNKNOWN),
    ("does not know its key", replying(403), WitnessTrouble.UNKNOWN),
    ("calls it badly written", replying(400), WitnessTrouble.REFUSED),
    ("saw another history", replying(422), WitnessTrouble.OTHER_HISTORY),
    ("saw another root", replying(409, "0\n", SIZE), WitnessTrouble.OTHER_HISTORY),
    ("saw another root and no size", replying(409), WitnessTrouble.OTHER_HISTORY),
    ("saw more than there is", replying(409, "1000\n", SIZE), WitnessTrouble.AHEAD),
    ("tells no size", replying(409, "12", SIZE), WitnessTrouble.MALFORMED),
    ("tells an endless size", replying(409, "9" * 30 + "\n", SIZE), WitnessTrouble.MALFORMED),
    ("leads elsewhere", replying(302), WitnessTrouble.MALFORMED),
    ("answers a page", replying(200, "<html></html>"), WitnessTrouble.MALFORMED),
    ("answers nothing", replying(200), WitnessTrouble.MALFORMED),
    ("answers without end", replying(200, LINE * 500), WitnessTrouble.MALFORMED),
    ("signed before", replying(200, LINE), WitnessTrouble.FORGED),
    ("signs something else", of_another_text, WitnessTrouble.FORGED),
    ("signs with another key", of_another_key, WitnessTrouble.FORGED),
    ("signs in no year", of_no_calendar, WitnessTrouble.FORGED),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "trouble"), [one[1:] for one in TROUBLES], ids=[one[0] for one in TROUBLES]
)
def test_what_is_wrong_is_entered_once_and_nothing_of_it_is_kept(
    home: Home, answer: Answer, trouble: WitnessTrouble
) -> None:
    with watched(home, answer) as (register, watching):
        for _ in range(3):
            note = register.checkpoint_seen(seconds=WAIT_SECONDS)
            assert len(read_note(note).signatures) == 1
        [state] = watching.states(register)
        assert (state.trouble, state.size) == (trouble, 0)
        incidents = [e.public for e in register.entries() if e.kind is Kind.INCIDENT]
        assert incidents == [{"why": "witness_trouble", "witness": NAME, "what": trouble.value}]
    assert verify_file(home.file, notes=[home.latest]).holds


def test_a_witness_that_forgot_what_it_cosigned_is_told(home: Home) -> None:
    answers: list[Answer] = [seen]
    with watched(home, lambda body: answers[0](body)) as (register, watching):
        register.checkpoint_seen(seconds=WAIT_SECONDS)
        size = watching.states(register)[0].size
        answers[0] = replying(409, "1\n", SIZE)
        ask_in(register)
        register.checkpoint_seen(seconds=WAIT_SECONDS)
        [state] = watching.states(register)
    assert (state.trouble, state.known, state.size) == (WitnessTrouble.WENT_BACK, 1, size)


def test_a_witness_that_changes_its_mind_for_ever_is_left(home: Home) -> None:
    sizes = iter([1, 2, 3, 2, 3] * 100)
    asked: list[bytes] = []

    def answer(body: bytes) -> Reply:
        asked.append(body)
        return Reply(status=409, kind=SIZE, body=f"{next(sizes)}\n")

    with watched(home, answer) as (register, watching):
        register.checkpoint_seen(seconds=WAIT_SECONDS)
        assert watching.states(register)[0].trouble is WitnessTrouble.MALFORMED
    assert len(asked) == 4


def test_a_size_that_it_knows_is_gone_on_from(home: Home) -> None:
    asked: list[bytes] = []

    def answer(body: bytes) -> Reply:
        asked.append(body)
        return replying(409, "2\n", SIZE)(body) if len(asked) == 1 else seen(body)

    with watched(home, answer) as (register, watching):
        register.checkpoint_seen(seconds=WAIT_SECONDS)
        assert watching.states(register)[0].size == 4
        register.checkpoint_seen(seconds=WAIT_SECONDS)  # it saw that one: it is not asked again
    assert [body.split(b"\n")[0] for body in asked] == [b"old 0", b"old 2"]


def test_what_leaves_is_a_name_a_size_hashes_and_a_signature(home: Home) -> None:
    sent: list[str] = []

    def answer(body: bytes) -> Reply:
        sent.append(body.decode())
        return replying(409, "2\n", SIZE)(body) if len(sent) == 1 else seen(body)

    with watched(home, answer) as (register, _):
        register.checkpoint_seen(seconds=WAIT_SECONDS)
        origin, key = register.origin, register.key_chain()[0]
    for body in sent:
        old, _, note = body.partition("\n\n")
        assert note == sign_again(note, origin)
        assert all(len(line) == 44 for line in old.split("\n")[1:])
        assert read_note(note).opened_by([key])


def sign_again(note: str, origin: str) -> str:
    """Return what a checkpoint of that name, size, root and one signature is, and no more."""
    read = read_note(note)
    [(name, _, _)] = read.signatures
    assert (name, read.checkpoint.origin) == (origin, origin)
    return read.checkpoint.text + "\n" + note.rpartition("\n\n")[2]


def test_one_that_is_away_delays_neither_an_entry_nor_another_witness(home: Home) -> None:
    held, folder = threading.Event(), Neighbours(home.path / "witnesses").found()
    first, second = folder.places()

    def answer(address: str, body: bytes) -> Reply:
        if address == first.address:
            held.wait(WAIT_SECONDS)
            raise WitnessTroubled(WitnessTrouble.LATE)
        return folder.post(address, body)

    watching = Witnesses([first, second], post=answer)
    with home.open(places=[watching]) as register:
        folder.trust(register)
        register.watched_by(watching, service=True)
        try:
            ask_in(register)  # all of this while one of them hangs
            register.checkpoint()
            until(lambda: watching.states(register)[1].size == 4)
            ask_in(register)
            assert watching.states(register)[0].size == 0
        finally:
            held.set()
        until(lambda: watching.states(register)[0].trouble is WitnessTrouble.LATE)


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds that another thread brings about."""
    turn = threading.Event()
    for _ in range(600):
        if holds():
            return
        turn.wait(0.1)
    raise AssertionError("it never came")


def test_a_service_shows_each_checkpoint_and_goes_on_after_a_restart(home: Home) -> None:
    folder = Neighbours(home.path / "witnesses").found()
    for round_ in range(1, 3):
        watching = folder.witnesses()
        with home.open(places=[watching]) as register:
            folder.trust(register)
            register.watched_by(watching, service=True)
            ask_in(register)
            size = register.size()
            register.checkpoint()
            until(lambda w=watching, r=register, s=size: all(x.size == s for x in w.states(r)))
            assert [state.name for state in watching.states(register)] == [*NAMES]
            assert round_ * 3 + 1 == size
    policy = folder.policy(read_key(home))
    verdict = verify_file(home.file, policy=policy)
    assert (verdict.exit_code, verdict.holds) == (0, True)


def read_key(home: Home) -> str:
    with home.open() as register:
        return str(register.key_chain()[0])


def test_a_checkpoint_made_again_at_the_same_size_keeps_its_cosignatures(home: Home) -> None:
    with watched(home, seen) as (register, _):
        note = register.checkpoint_seen(seconds=WAIT_SECONDS)
        assert len(read_note(note).signatures) == 2
        assert register.checkpoint() == note
        assert register.newest_note() == (4, note)


def test_a_proof_leads_to_the_checkpoint_that_was_seen(home: Home) -> None:
    with watched(home, seen) as (register, _):
        register.checkpoint()
        seen_note = register.checkpoint_seen(seconds=WAIT_SECONDS)
        ask_in(register)
        register.checkpoint()
        assert register.note_covering(2) == seen_note
        assert len(read_note(register.note_covering(5)).signatures) == 1
        assert register.note_covering(100) == ""


def test_a_false_line_beside_a_checkpoint_is_told_by_who_verifies(home: Home) -> None:
    with watched(home, seen) as (register, _):
        note = register.checkpoint_seen(seconds=WAIT_SECONDS)
        size, text = read_note(note).checkpoint.size, read_note(note).text
        false = cosign(f"{text}x\n", NAME, PRIVATE, 1)
        register.keep_cosignature(size, false)
        key = register.key_chain()[0]
    policy = read_policy(f"log {key}\nwitness w {KEY}\nquorum w\n".encode())
    verdict = verify_file(home.file, policy=policy)
    assert (verdict.exit_code, NAME in verdict.sentence("fr")) == (1, True)
    assert verify_file(home.file, keys=[str(key)]).exit_code == 0  # to others it is a strange line


def test_a_policy_of_another_town_is_told(home: Home) -> None:
    home.open().close()
    other = key_of("autre.example", PRIVATE)
    verdict = verify_file(home.file, policy=read_policy(f"log {other}\nquorum none\n".encode()))
    assert (verdict.exit_code, " tient" in verdict.sentence("fr")) == (1, True)
    assert "et non de celui dont la clé ou la politique a été donnée" in verdict.sentence("fr")


SPECIFIED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501
"""The example of c2sp.org/tlog-cosignature; the key of its witness is published nowhere, so that it
can be read and not checked."""


def test_the_example_of_the_standard_is_read() -> None:
    note = read_note(SPECIFIED)
    assert (note.checkpoint.origin, note.checkpoint.size) == (
        "example.com/behind-the-sofa", 20852163,
    )  # fmt: skip
    (log, _, of_log), (witness, _, cosignature) = note.signatures
    assert (log, len(of_log)) == (note.checkpoint.origin, 64)
    assert (witness, len(cosignature)) == ("witness.example.com/w1", 72)
    assert int.from_bytes(cosignature[:8]) == 1679315147  # as its text says
    stranger = CosignerKey(name="witness.example.com/w1", public=bytes(32))
    assert not cosigned(note, [stranger])


SPECIFIED_ANSWER = """\
— witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==
— witness.example/w1 I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vWhO+DlkL0+UfzuOBMh9ChdMkP1vi/lCAsmlw==
— witness.example/w2 AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==
"""  # noqa: E501
"""What c2sp.org/tlog-witness shows as an answer: keys that nobody knows."""


def test_the_answer_of_the_standard_is_read_and_its_unknown_keys_are_left_out() -> None:
    with pytest.raises(NoteNotSigned):  # its lines are lines, none of them is ours
        answered(NOTE, SPECIFIED_ANSWER, KEY)
    line, moment = answered(NOTE, SPECIFIED_ANSWER + LINE, KEY)
    assert (line, moment) == (LINE, 1_700_000_000)


@given(st.text(max_size=200))
def test_any_answer_is_read_or_refused(text: str) -> None:
    for answer in (text, LINE + text, text + LINE):
        try:
            line, _ = answered(NOTE, answer, KEY)
        except (NoteMalformed, NoteNotSigned):
            continue
        assert line == LINE


@given(st.one_of(st.text(max_size=90), st.text("abz.+/=0123456789", max_size=90)))
def test_any_text_is_a_key_a_note_or_refused(text: str) -> None:
    for read in (VerifierKey.read, CosignerKey.read):
        for written in (text, f"{text}{KEY}", f"{KEY}{text}"):
            try:
                key = read(written)
            except NoteMalformed:
                continue
            assert str(key) == written.strip()
    for note in (text, NOTE + text, text + NOTE, NOTE.replace("\n", text, 1)):
        try:
            known = read_note(note).text
        except NoteMalformed:
            continue
        assert note.startswith(known)


@given(st.integers(0, len(LINE) - 1), st.characters(codec="utf-8"))
def test_a_cosignature_that_was_changed_is_none(place: int, letter: str) -> None:
    changed = LINE[:place] + letter + LINE[place + 1 :]
    if changed == LINE:
        return
    with pytest.raises((NoteMalformed, NoteNotSigned)):
        answered(NOTE, changed, KEY)
    try:
        note = read_note(NOTE + changed)
        found = cosigned(note, [KEY])
    except (NoteMalformed, NoteNotSigned):
        return
    assert not found


def test_a_witness_that_nobody_answers_for_is_away_and_one_that_hangs_is_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("guardrails.register.witness_client.DEADLINE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(WitnessTroubled, match="late"):
            post(address, b"x")
    with pytest.raises(WitnessTroubled, match="away"):
        post(address, b"x")


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xff\xfe", "malformed"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 70_000, "malformed"),
        (b"SSH-2.0-x\r\n", "away"),
        (b"", "away"),
    ],
    ids=["not text", "without end", "another protocol", "nothing"],
)
def test_an_answer_that_is_none_is_told(answer: bytes, trouble: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(WitnessTroubled, match=trouble):
            post(f"http://127.0.0.1:{server.getsockname()[1]}", b"x")
        thread.join()
