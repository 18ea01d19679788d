# SPDX-License-Identifier: EUPL-1.2
"""Pages of a long register, exports that leave piece by piece."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guardrails.register import AuditRecord, Kind, Register, Selection
from guardrails.register.exports import export
from guardrails.register.inspection import verify_file
from guardrails.register.kit import COPY
from guardrails.register.pages import FIRST_STEP, LONGEST_STEP, Look, enter_look, look_back
from guardrails.register.proving import verify_bundle
from guardrails.register.sampling import redraw, sample
from guardrails.register.selection import INTERRUPTED
from guardrails.register.streams import PIECE_BYTES, leaving
from tests.register.homes import Home, ask_in


def last(looks: Iterator[Look]) -> Look:
    *_, end = looks
    return end


def indexes(look: Look) -> list[int]:
    return [entry.index for entry in look.entries]


def questions(register: Register, count: int) -> None:
    """Enter many questions at once, without outcomes."""
    register.append_many([
        AuditRecord(kind=Kind.INTENT, exchange=f"e{n}", payload={"audience": "agent"})
        for n in range(count)
    ])  # fmt: skip


def test_pages_go_from_the_newest_to_the_first_without_gap_or_double(register: Register) -> None:
    questions(register, 60)
    size, before, seen = register.size(), register.size(), []
    while before:
        page = last(look_back(register, Selection(), before=before, count=25))
        seen += indexes(page)
        before = page.reached if page.more else 0
    assert seen == list(reversed(range(size)))


def test_a_page_holds_what_a_filter_asks_for(register: Register, ask: Callable[..., str]) -> None:
    refused = {ask(reason="off_topic") for _ in range(3)}
    ask()
    asked = Selection(kinds=(Kind.INTENT,), outcomes=("refusal",))
    page = last(look_back(register, asked, before=register.size(), count=25))
    assert {entry.exchange for entry in page.entries} == refused
    assert (page.more, page.reached) == (False, 0)


def test_a_rare_wish_tells_how_far_it_is(register: Register) -> None:
    wanted = register.append(AuditRecord(kind=Kind.FEEDBACK)).index
    questions(register, FIRST_STEP * 4)
    asked = Selection(kinds=(Kind.FEEDBACK,))
    looks = list(look_back(register, asked, before=register.size(), count=5))
    assert [indexes(look) for look in looks[:-1]] == [[]] * (len(looks) - 1)
    assert [look.reached for look in looks] == sorted({look.reached for look in looks})[::-1]
    assert indexes(looks[-1]) == [wanted]


def test_a_long_register_is_not_read_whole_for_a_page(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions(register, LONGEST_STEP)
    read: list[int] = []
    whole = register.unrecorded_entries

    def counted(selection: Selection, *, stop: int, start: int = 0) -> Iterator[object]:
        read.append(stop - start)
        return whole(selection, stop=stop, start=start)

    monkeypatch.setattr(register, "unrecorded_entries", counted)
    page = last(look_back(register, Selection(), before=register.size(), count=25))
    assert len(page.entries) == 25
    assert sum(read) == FIRST_STEP


def test_looking_is_entered_with_what_was_looked_for(register: Register) -> None:
    place = enter_look(
        register, "list", Selection(reasons=("off_topic",)), by="a", role="auditor", before=9
    )
    entry = next(e for e in register.entries() if e.index == place)
    assert (entry.kind, entry.actor, entry.role) == (Kind.READING, "a", "auditor")
    selection = {"reasons": ["off_topic"]}
    assert entry.payload == {"purpose": "list", "selection": selection, "before": 9}


def test_an_outcome_or_an_audience_chooses_the_whole_question(
    register: Register, ask: Callable[..., str]
) -> None:
    answered, refused = ask(), ask(reason="off_topic")
    questions(register, 1)
    with register.sequencing() as sequencer:
        sequencer.close_exchanges([register._writer.id], why="process_died")

    def chosen(**fields: tuple[str, ...]) -> set[str]:
        return {e.exchange for e in register.entries(Selection(**fields))}  # type: ignore[arg-type]

    assert chosen(outcomes=("answer",)) == {answered}
    assert chosen(outcomes=("refusal",)) == {refused}
    assert chosen(outcomes=(INTERRUPTED,)) == {"e0"}
    assert chosen(audiences=("agent",)) == {"e0"}


def test_a_sample_of_refusals_can_be_drawn_again(
    register: Register, ask: Callable[..., str]
) -> None:
    ask()
    refused = {ask(reason="off_topic") for _ in range(4)}
    drawn = sample(register, 3, selection=Selection(outcomes=("refusal",)))
    assert (drawn.population, set(drawn.exchanges) <= refused) == (4, True)
    assert redraw(register, drawn.sealed) == drawn


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_what_leaves_in_pieces_is_what_is_written(register: Register, form: str) -> None:
    for _ in range(PIECE_BYTES // 400):
        ask_in(register)
    asked = Selection(kinds=(Kind.INTENT, Kind.OUTCOME))
    written = io.StringIO()
    export(register, asked, form, written)  # type: ignore[arg-type]
    pieces = list(leaving(register, asked, form, by="a", role="auditor"))  # type: ignore[arg-type]
    assert len(pieces) > 1
    assert b"".join(pieces).decode() == written.getvalue()


def test_leaving_is_entered_before_the_first_piece(register: Register) -> None:
    pieces = leaving(register, Selection(), "jsonl", by="a", role="auditor")
    size = register.size()
    (entry,) = (e for e in register.entries() if e.kind is Kind.EXPORT)
    assert (entry.actor, entry.payload["form"]) == ("a", "jsonl")
    lines = b"".join(pieces).decode().splitlines()
    assert [json.loads(line)["index"] for line in lines] == list(range(size - 1))


def test_a_bundle_that_left_in_pieces_proves_itself(register: Register, tmp_path: Path) -> None:
    for _ in range(40):
        ask_in(register)
    path = tmp_path / "lot.zip"
    key = str(register.key_chain()[-1])
    path.write_bytes(b"".join(leaving(register, Selection(), "bundle", by="a", role="auditor")))
    assert verify_bundle(path, keys=[key]).holds
    with zipfile.ZipFile(path) as bundle:
        assert bundle.testzip() is None


def test_a_copy_that_left_is_the_register_and_leaves_no_trace(
    home: Home, register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    ask_in(register)
    pieces = leaving(register, Selection(), "copy", by="a", role="auditor")
    packed = tmp_path / "copy.zip"
    packed.write_bytes(b"".join(pieces))
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        note = archive.read(f"point-de-controle-{register.size():06}.txt").decode()
        path = Path(archive.extract(COPY, tmp_path))
    assert note == home.latest
    verdict = verify_file(path, notes=[note])
    assert (verdict.holds, verdict.size) == (True, register.size())
    assert list(aside.iterdir()) == []
