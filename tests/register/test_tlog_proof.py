# SPDX-License-Identifier: EUPL-1.2
"""Proofs in the public format: of each entry of an answer, with a companion that opens them."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from guardrails.errors import RecordInvalid
from guardrails.register import Kind, Register, Selection
from guardrails.register.leaves import leaf_data
from guardrails.register.merkle import leaf_hash, node_hash
from guardrails.register.notes import Checkpoint, NoteMalformed, sign
from guardrails.register.proof_check import CONTENTS, HANDOVERS, verify_proofs
from guardrails.register.proof_files import (
    ANSWER_KINDS,
    Handed,
    entries_of,
    hand_over,
    holder_of,
)
from guardrails.register.streams import leaving
from guardrails.register.tlog_proof import ENDING, Proof, read_proof, row_of
from guardrails.register.verdicts import Trouble
from guardrails.register.verify import main
from tests.register.homes import Home, ask_in
from tests.register.test_notes import POINT, PRIVATE
from tests.table import each

NOTE = sign(POINT, [PRIVATE])
HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple)
PROOFS = st.builds(
    Proof,
    index=st.integers(0, 10**17),
    path=HASHES,
    note=st.just(NOTE),
    extra=st.binary(max_size=200),
)


def handed(register: Register, record: str) -> Handed:
    entries = entries_of(register, record, kinds=ANSWER_KINDS)
    return hand_over(register, entries, by="somebody", role="agent")


def written(files: dict[str, str], folder: Path) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@given(PROOFS)
def test_what_is_written_is_read_back(proof: Proof) -> None:
    assert read_proof(proof.text) == proof


@given(PROOFS, st.data())
def test_what_was_changed_is_another_proof_or_none(proof: Proof, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(proof.text) - 1))
    letter = data.draw(st.characters(codec="utf-8"))
    text = proof.text[:place] + letter + proof.text[place + 1 :]
    try:
        again = read_proof(text)
    except NoteMalformed:
        return
    assert again.text == text


@given(PROOFS, st.data())
def test_what_was_cut_is_no_proof(proof: Proof, data: st.DataObject) -> None:
    with pytest.raises(NoteMalformed):
        read_proof(proof.text[: data.draw(st.integers(0, len(proof.text) - 1))])


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for made in (
        text,
        f"c2sp.org/tlog-proof@v1\n{text}",
        f"c2sp.org/tlog-proof@v1\nindex 0\n{text}",
    ):
        with pytest.raises(NoteMalformed):
            read_proof(made)


@given(st.binary(max_size=400))
def test_what_is_no_entry_is_refused(data: bytes) -> None:
    with pytest.raises(NoteMalformed):
        row_of(data)


@each(
    "line",
    ["index 01", "index -1", "index +1", "index", "index 1 ", "index 1\r", "Index 1", "index 0x1",
     "index " + "9" * 19],
)  # fmt: skip
def test_a_place_is_written_in_one_way(line: str) -> None:
    with pytest.raises(NoteMalformed):
        read_proof(f"c2sp.org/tlog-proof@v1\n{line}\n\n{NOTE}")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """The key of a register, and the files of the proofs of one answer."""
    with Home(tmp_path_factory.mktemp("kept")).open() as register:
        files = handed(register, ask_in(register)).files()
        return str(register.key_chain()[0]), files


@pytest.mark.parametrize("name", [CONTENTS, HANDOVERS])
def test_any_companion_is_read_or_refused_in_a_verdict(
    name: str, kept: tuple[str, dict[str, str]], tmp_path: Path
) -> None:
    key, files = kept
    true = files.get(name, "")
    path = tmp_path / "proofs.zip"

    @given(st.integers(0, len(true)), st.integers(0, 40), st.text(max_size=40))
    def tries(start: int, length: int, put: str) -> None:
        changed = true[:start] + put + true[start + length :]
        with zipfile.ZipFile(path, "w") as archive:
            for one, text in {**files, name: changed}.items():
                archive.writestr(one, text)
        verdict = verify_proofs(path, keys=[key])
        if name == CONTENTS and verdict.holds:
            sealed = [json.loads(line) for line in true.splitlines()]
            assert all(json.loads(line) in sealed for line in changed.splitlines())

    tries()


def test_each_entry_of_an_answer_has_its_proof_and_its_content(
    register: Register, tmp_path: Path
) -> None:
    exchange = ask_in(register)
    given_ = handed(register, exchange)
    assert [proof.kind for proof in given_.proofs] == ["intent", "sentence", "outcome"]
    for proof in given_.proofs:
        read = read_proof(proof.text)
        row, sealed = register.row(proof.index)
        assert read.extra.decode().split("\n")[1:5] == [
            str(row.index), row.at, row.kind, exchange,
        ]  # fmt: skip
        assert sealed is not None
        assert row.digest.hex() in read.extra.decode()
    contents = [json.loads(proof.contents) for proof in given_.proofs]
    assert contents[1]["payload"]["payload"]["text"] == "Elle ouvre à neuf heures."
    folder = written(given_.files(), tmp_path / "proof")
    verdict = verify_proofs(folder, keys=[str(register.key_chain()[0])])
    assert (verdict.exit_code, verdict.size) == (0, 3)
    assert verdict.asides("fr") == ["Contenus vérifiés : 3, tels que scellés."]


def test_handing_over_is_entered_before(register: Register) -> None:
    exchange = ask_in(register)
    given_ = handed(register, exchange)
    [entered] = [e for e in register.entries() if e.kind is Kind.EXPORT]
    assert entered.actor == "somebody"
    assert entered.payload == {
        "form": "proof", "exchange": exchange, "entries": [p.index for p in given_.proofs],
    }  # fmt: skip


def test_it_outlives_an_erasure_in_the_town(register: Register, tmp_path: Path) -> None:
    exchange, key = ask_in(register), str(register.key_chain()[0])
    folder = written(handed(register, exchange).files(), tmp_path / "before")
    register.erase(Selection(exchange=exchange), why="request")
    assert verify_proofs(folder, keys=[key]).asides("fr") == [
        "Contenus vérifiés : 3, tels que scellés."
    ]
    after = written(handed(register, exchange).files(), tmp_path / "after")
    verdict = verify_proofs(after, keys=[key])
    assert (verdict.exit_code, verdict.size) == (0, 3)
    assert verdict.asides("fr") == [
        "Entrées prouvées sans leur contenu (effacé, ou non remis) : 3."
    ]
    assert not (after / CONTENTS).exists()


def test_a_folder_an_archive_and_one_file_are_verified_alike(
    register: Register, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given_, key = handed(register, ask_in(register)), str(register.key_chain()[0])
    folder = written(given_.files(), tmp_path / "proof")
    archive = tmp_path / "proof.zip"
    archive.write_bytes(given_.zipped())
    one = folder / given_.proofs[1].name
    for path in (folder, archive, one):
        assert main([str(path), "--public-key", key]) == 0
        assert "La preuve tient" in capsys.readouterr().out
    alone = tmp_path / "renamed.txt"
    shutil.copy(one, alone)
    line = tmp_path / "one.jsonl"
    line.write_text(given_.proofs[1].contents, "utf-8")
    assert main([str(alone), "--public-key", key, "--contents", str(line)]) == 0
    assert "Contenus vérifiés : 1" in capsys.readouterr().out
    assert main([str(one), "--public-key", key, "--contents", str(folder / CONTENTS)]) == 1
    assert "a été modifié" in capsys.readouterr().err
    assert main([str(folder)]) == 4
    told = capsys.readouterr().err
    assert "Preuve non authentifiée" in told
    assert " tient" not in told


def test_a_key_that_handed_over_still_proves(home: Home, tmp_path: Path) -> None:
    with home.open() as register:
        first = str(register.key_chain()[0])
        ask_in(register)
        register.rotate_signing_key()
        given_ = handed(register, ask_in(register))
        second = str(register.key_chain()[1])
    folder = written(given_.files(), tmp_path / "proof")
    assert verify_proofs(folder, keys=[first]).exit_code == 0
    assert verify_proofs(folder, keys=[second]).exit_code == 0
    (folder / HANDOVERS).unlink()
    assert verify_proofs(folder, keys=[first]).trouble is Trouble.OTHER_KEY


def test_a_kept_checkpoint_of_the_same_size_is_compared(home: Home, tmp_path: Path) -> None:
    with home.open() as register:
        exchange = ask_in(register)
        note = register.checkpoint()
        folder = written(handed(register, exchange).files(), tmp_path / "proof")
        later = register.checkpoint()
    assert verify_proofs(folder, notes=[note]).exit_code == 0
    verdict = verify_proofs(folder, notes=[later])
    assert (verdict.exit_code, verdict.is_complete) == (4, False)


def test_a_kept_checkpoint_vouches_for_no_forged_proof_beside_a_true_one(
    home: Home, tmp_path: Path
) -> None:
    with home.open() as register:
        files, note = handed(register, ask_in(register)).files(), register.checkpoint()
    folder = written(files, tmp_path / "proof")
    assert verify_proofs(folder, notes=[note]).exit_code == 0
    true = read_proof(next(text for name, text in files.items() if name.endswith(ENDING)))
    point = true.signed.checkpoint
    data = leaf_data(replace(row_of(true.extra), index=0))
    for size in (2, point.size + 1):  # each a size of which nothing is kept
        root = node_hash(leaf_hash(data), bytes(32))
        path = (bytes(32),)
        for _ in range((size - 1).bit_length() - 1):
            root, path = node_hash(root, bytes(32)), (*path, bytes(32))
        forger = Ed25519PrivateKey.generate()
        signed = sign(Checkpoint(origin=point.origin, size=size, root=root), [forger])
        false = Proof(index=0, path=path, note=signed, extra=data)
        assert false.holds_for(data)
        (folder / f"forged{ENDING}").write_text(false.text, "utf-8")
        verdict = verify_proofs(folder, notes=[note])
        assert (verdict.exit_code, verdict.is_authenticated) == (4, False)


def test_what_is_no_proof_is_told_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, odd = tmp_path / "empty", tmp_path / "odd.tlog-proof"
    empty.mkdir()
    odd.write_bytes(b"\xff\xfe")
    link = tmp_path / "link.tlog-proof"
    link.symlink_to(odd)
    for path, said in (
        (empty, "aucun registre"), (odd, "coupé ou mal recopié (odd.tlog-proof)"),
        (link, "est un lien"), (tmp_path / "absent.tlog-proof", "aucun registre"),
    ):  # fmt: skip
        assert main([str(path)]) == 3
        told = capsys.readouterr().err
        assert (told.count("\n"), said in told, " tient" in told) == (1, True, False)


def test_an_archive_that_names_a_file_twice_is_refused(register: Register, tmp_path: Path) -> None:
    given_, archive = handed(register, ask_in(register)), tmp_path / "proof.zip"
    archive.write_bytes(given_.zipped())
    with pytest.warns(UserWarning), zipfile.ZipFile(archive, "a") as bundle:
        bundle.writestr(CONTENTS, "")
    assert verify_proofs(archive).trouble is Trouble.PROOF_MALFORMED


def test_a_record_is_a_question_or_the_number_of_an_entry(register: Register) -> None:
    exchange = ask_in(register)
    assert len(entries_of(register, exchange, kinds=ANSWER_KINDS)) == 3
    assert [e.kind for e in entries_of(register, "0", kinds=None)] == [Kind.KEY]
    for record in ("12345", "nothing", "", "99999999999999999999", "²"):
        with pytest.raises(RecordInvalid):
            entries_of(register, record, kinds=None)


def test_who_asked_is_known_by_any_month_s_pseudonym(home: Home) -> None:
    with home.open() as register:
        exchange = ask_in(register, "agent-7")
        home.clock.let(days=1)
        entries = entries_of(register, exchange, kinds=ANSWER_KINDS)
        assert [*holder_of(register, entries, "agent-7")] == entries
        assert not [*holder_of(register, entries, "agent-8")]
        assert not [*holder_of(register, entries, "")]


def test_an_export_holds_the_proofs_of_a_selection(register: Register, tmp_path: Path) -> None:
    for _ in range(3):
        exchange = ask_in(register)
    register.erase(Selection(exchange=exchange), why="request")
    path, selection = tmp_path / "export.zip", Selection(kinds=(Kind.INTENT, Kind.OUTCOME))
    path.write_bytes(b"".join(leaving(register, selection, "proofs", by="auditor", role="auditor")))
    verdict = verify_proofs(path, keys=[str(register.key_chain()[0])])
    assert (verdict.exit_code, verdict.size) == (0, 6)
    assert [(r.name, r.n) for r in verdict.remarks] == [("contents", 4), ("unread", 2)]
    with zipfile.ZipFile(path) as archive:
        assert len([name for name in archive.namelist() if name.endswith(ENDING)]) == 6
