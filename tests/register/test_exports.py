# SPDX-License-Identifier: EUPL-1.2
"""Exports keep what was hidden hidden; a bundle proves itself, and shows when it was touched."""

from __future__ import annotations

import base64
import csv
import io
import json
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guardrails.errors import RecordInvalid, RegisterUnavailable
from guardrails.register import AuditRecord, Kind, Register, Selection
from guardrails.register.bundles import write_bundle
from guardrails.register.events import enter_removal, write_certificate
from guardrails.register.exports import export, line_of
from guardrails.register.leaves import canonical
from guardrails.register.notes import Checkpoint, key_of, sign
from guardrails.register.proving import verify_bundle
from guardrails.register.verdicts import Trouble
from guardrails.register.verify import main
from tests.register.forgeries import forge_bundle, sign_bundle_anew, texts_of
from tests.register.homes import Home, ask_in

Change = Callable[[dict[str, str]], dict[str, str | None]]


def test_json_lines_hold_what_was_sealed(register: Register, ask: Callable[..., str]) -> None:
    exchange = ask()
    out = io.StringIO()
    assert export(register, Selection(exchange=exchange), "jsonl", out, by="a") == 3
    first = json.loads(out.getvalue().splitlines()[0])
    assert first["payload"]["question"] == "Quand ouvre la [LIEU_1] ?"
    assert first["kind"] == "intent"
    assert len(bytes.fromhex(first["leaf"])) == 32


def test_an_export_is_an_entry_with_its_selection(register: Register) -> None:
    export(register, Selection(reasons=("off_topic",)), "csv", io.StringIO(), by="auditor")
    entry = next(e for e in register.entries() if e.kind is Kind.EXPORT)
    assert entry.actor == "auditor"
    assert entry.payload == {"form": "csv", "selection": {"reasons": ["off_topic"]}}


def test_an_export_holds_what_a_file_can_hold(register: Register) -> None:
    """A control character before a formula is not seen by a spreadsheet; half a sign ends UTF-8."""
    register.append(AuditRecord(kind=Kind.FEEDBACK, role="a", payload={"a": "é"}))
    (entry,) = [e for e in register.entries() if e.kind is Kind.FEEDBACK]
    broken = replace(entry, actor="\x00=1+1", payload={"a": "\ud800\x07é"})
    row = line_of(broken, "csv")
    [cells] = list(csv.reader(io.StringIO(row), delimiter=";"))
    assert "'=1+1" in cells
    assert "\x00" not in row and row.encode()
    told = line_of(broken, "jsonl")
    assert told.encode()
    assert json.loads(told)["payload"] == broken.payload  # as it was sealed


def test_a_table_for_a_spreadsheet_is_never_a_formula(register: Register) -> None:
    register.append(AuditRecord(kind=Kind.FEEDBACK, actor="=1+1", role="@x", payload={"a": "é;b"}))
    out = io.StringIO()
    export(register, Selection(kinds=(Kind.FEEDBACK,)), "csv", out)
    [header, row] = list(csv.reader(io.StringIO(out.getvalue()), delimiter=";"))
    cells = dict(zip(header, row, strict=True))
    assert (cells["actor"], cells["role"]) == ("'=1+1", "'@x")
    assert json.loads(cells["payload"]) == {"a": "é;b"}


@pytest.fixture
def bundle(home: Home, tmp_path: Path) -> tuple[Path, str]:
    path = tmp_path / "lot.zip"
    with home.open() as register:
        for _ in range(3):
            ask_in(register)
        register.erase_entries([2], why="request")
        register.rotate_signing_key()
        assert write_bundle(register, Selection(), path, by="auditor") == 12
        return path, str(register.key_chain()[0])


def test_a_bundle_proves_itself(
    bundle: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    path, key = bundle
    assert main([str(path), "--public-key", key, "--lang", "en"]) == 0
    assert "its 12 entries are in the register" in capsys.readouterr().out
    assert main([str(path)]) == 4
    out, err = capsys.readouterr()
    assert (out, "autosigné, non authentifié" in err, " tient" in err) == ("", True, False)
    with zipfile.ZipFile(path) as opened:
        assert "Vérifier" in opened.read("LISEZMOI.txt").decode()
        lines = [json.loads(line) for line in opened.read("entries.jsonl").splitlines()]
    assert "sealed" not in lines[2]  # erased: its place is proven, its words are gone
    assert lines[1]["payload"]["payload"]["question"] == "Quand ouvre la [LIEU_1] ?"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("entries.jsonl", b"neuf heures", b"sept heures"),
        ("entries.jsonl", b'"kind":"intent"', b'"kind":"review"'),
        ("LISEZMOI.txt", b"Code 1", b"Code 0"),
        ("keys.txt", b"\n", b"\n\n"),
        ("manifest.txt", b"greffier-bundle/2", b"greffier-bundle/1"),
        ("checkpoint.txt", b"\n13\n", b"\n14\n"),
    ],
)
def test_a_bundle_that_was_touched_does_not_hold(
    bundle: tuple[Path, str], name: str, old: bytes, new: bytes
) -> None:
    path, key = bundle
    rewrite(path, name, old, new)
    assert verify_bundle(path, keys=[key]).exit_code in (1, 3)


def test_each_entry_of_a_bundle_is_checked_for_itself(
    bundle: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, key = bundle
    monkeypatch.setattr("guardrails.register.proving._check_files", lambda *_: origin_of(key))
    rewrite(path, "entries.jsonl", b"neuf heures", b"sept heures")
    assert verify_bundle(path, keys=[key]).trouble is Trouble.PAYLOAD_CHANGED
    rewrite(path, "entries.jsonl", b'"kind":"outcome"', b'"kind":"reading"')
    rewrite(path, "entries.jsonl", b"sept heures", b"neuf heures")
    assert verify_bundle(path, keys=[key]).trouble is Trouble.ENTRY_CHANGED


def test_a_bundle_of_another_register_or_checkpoint_is_named(
    bundle: tuple[Path, str], tmp_path: Path
) -> None:
    path, _ = bundle
    other = Home(tmp_path / "other")
    with other.open() as register:
        foreign = str(register.key_chain()[0])
    assert verify_bundle(path, keys=[foreign]).trouble is Trouble.OTHER_KEY
    assert verify_bundle(path, notes=[other.latest]).trouble is Trouble.OTHER_REGISTER
    path.write_bytes(path.read_bytes()[:-40])
    assert verify_bundle(path).trouble is Trouble.UNREADABLE


@pytest.fixture
def forged(bundle: tuple[Path, str], tmp_path: Path) -> tuple[Path, str]:
    """A bundle that somebody made of a register of their own, and the town's real key."""
    path, key = bundle
    return forge_bundle(path, tmp_path / "elsewhere", key), key


def test_a_bundle_of_somebody_else_is_not_the_towns_because_it_lists_its_key(
    forged: tuple[Path, str],
) -> None:
    path, key = forged
    assert key in texts_of(path)["keys.txt"]
    assert verify_bundle(path, keys=[key]).trouble is Trouble.OTHER_KEY
    assert verify_bundle(path).exit_code == 4


def test_a_certificate_of_removal_cannot_be_forged(home: Home, tmp_path: Path) -> None:
    with home.open() as register:
        key = str(register.key_chain()[0])
    with Home(tmp_path / "elsewhere").open() as foreign:
        exchange = enter_removal(foreign, {"documents": ["a1"], "remains": 0})
        path = tmp_path / "certificate.zip"
        write_certificate(foreign, exchange, path)
        own = str(foreign.key_chain()[0])
        sign_bundle_anew(path, foreign.signing_key(), {"keys.txt": f"{key}\n{own}\n"})
    assert verify_bundle(path, keys=[key]).trouble is Trouble.OTHER_KEY
    assert verify_bundle(path).exit_code == 4


def test_a_handover_counts_by_its_signature(forged: tuple[Path, str]) -> None:
    """A key of the forger's own that the town's key is said to have vouched for adds nothing."""
    path, key = forged
    private = Ed25519PrivateKey.generate()
    own = str(key_of(origin_of(key), private))
    said = canonical({"by": base64.b64encode(bytes(64)).decode(), "key": own})
    changes = {"handovers.jsonl": said, "keys.txt": f"{key}\n{own}\n"}
    sign_bundle_anew(path, private, changes, name=origin_of(key))
    assert verify_bundle(path, keys=[key]).trouble is Trouble.OTHER_KEY


def test_a_key_that_was_kept_leads_to_the_one_that_signs_now(
    bundle: tuple[Path, str], home: Home
) -> None:
    path, first = bundle
    with home.open() as register:
        second = str(register.key_chain()[1])
    assert verify_bundle(path, keys=[first]).exit_code == 0
    assert verify_bundle(path, keys=[second]).exit_code == 0
    with home.open() as register:
        private = register.signing_key()
    sign_bundle_anew(path, private, {"handovers.jsonl": ""})
    assert verify_bundle(path, keys=[first]).trouble is Trouble.OTHER_KEY
    assert verify_bundle(path, keys=[second]).exit_code == 0


def test_a_bundle_of_the_first_form_verifies_under_the_kept_key_alone(
    bundle: tuple[Path, str], home: Home
) -> None:
    path, first = bundle
    with home.open() as register:
        second, private = str(register.key_chain()[1]), register.signing_key()
    removed = {"handovers.jsonl": None, "consistency.jsonl": None}
    sign_bundle_anew(path, private, removed, head="greffier-bundle/1")
    assert verify_bundle(path, keys=[second]).exit_code == 0
    assert verify_bundle(path, keys=[first]).trouble is Trouble.OTHER_KEY


def test_a_kept_checkpoint_of_another_size_is_compared_or_told(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, linked = tmp_path / "lot.zip", tmp_path / "linked.zip"
    with home.open() as register:
        key, old = str(register.key_chain()[0]), register.checkpoint()
        ask_in(register)
        write_bundle(register, Selection(), path)
        write_bundle(register, Selection(), linked, since=[old])
        with pytest.raises(RecordInvalid, match="not as long"):
            write_bundle(register, Selection(), path, since=[old.replace("\n1\n", "\n999\n")])
    verdict = verify_bundle(path, notes=[old], keys=[key])
    assert (verdict.trouble, verdict.exit_code, verdict.kept) == (None, 4, 1)  # the key counts
    assert "non comparés : 1" in verdict.asides()[0]
    assert verify_bundle(path, notes=[old]).kept == 0
    verdict = verify_bundle(linked, notes=[old], keys=[key])
    assert (verdict.exit_code, verdict.kept) == (0, 1)
    # it covers the first entry alone: without the key the others may be anybody's
    assert verify_bundle(linked, notes=[old]).exit_code == 4
    newest = texts_of(path)["checkpoint.txt"]
    assert verify_bundle(path, notes=[newest]).exit_code == 0
    note = tmp_path / "old.txt"
    note.write_text(old, "utf-8")
    assert main([str(path), "--checkpoint", str(note), "--public-key", key]) == 4
    assert "non comparés" in capsys.readouterr().err


def test_a_kept_checkpoint_that_the_register_does_not_go_on_from_is_a_fork(
    home: Home, tmp_path: Path
) -> None:
    """The town rewrote its past, with its own key, and joins a proof for the size that was kept."""
    path = tmp_path / "lot.zip"
    with home.open() as register:
        key, private = str(register.key_chain()[0]), register.signing_key()
        ask_in(register)
        kept = sign(Checkpoint(origin=register.origin, size=2, root=bytes(32)), [private])
        write_bundle(register, Selection(), path, since=[kept])
    verdict = verify_bundle(path, notes=[kept], keys=[key])
    assert (verdict.trouble, verdict.exit_code) == (Trouble.FORKED, 1)


def doubled(files: dict[str, str]) -> dict[str, str | None]:
    first = files["entries.jsonl"].splitlines(keepends=True)[0]
    return {"entries.jsonl": first + files["entries.jsonl"]}


def stripped(files: dict[str, str]) -> dict[str, str | None]:
    """Other words, without the sealed ones that would give them the lie."""
    lines = [json.loads(line) for line in files["entries.jsonl"].splitlines()]
    del lines[1]["sealed"], lines[1]["secret"]
    lines[1]["payload"]["payload"]["question"] = "Autre chose"
    return {"entries.jsonl": "".join(canonical(line) + "\n" for line in lines)}


def two_values(files: dict[str, str]) -> dict[str, str | None]:
    return {"entries.jsonl": files["entries.jsonl"].replace("{", '{"index":99,', 1)}


@pytest.mark.parametrize(
    ("change", "trouble"),
    [(doubled, Trouble.BUNDLE_REPEATED), (stripped, Trouble.PAYLOAD_CHANGED),
     (two_values, Trouble.UNREADABLE)],
)  # fmt: skip
def test_entries_stand_once_and_with_their_proof_even_under_the_towns_signature(
    bundle: tuple[Path, str], home: Home, change: Change, trouble: Trouble
) -> None:
    path, key = bundle
    with home.open() as register:
        private = register.signing_key()
    sign_bundle_anew(path, private, change(texts_of(path)))
    assert verify_bundle(path, keys=[key]).trouble is trouble


def test_a_file_that_stands_twice_in_a_bundle_is_refused(bundle: tuple[Path, str]) -> None:
    path, key = bundle
    genuine = path.read_bytes()
    assert verify_bundle(path, keys=[key]).holds
    with zipfile.ZipFile(path) as opened:
        files = [(name, opened.read(name)) for name in opened.namelist()]
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as out:
        warnings.simplefilter("ignore")
        for name, content in [("LISEZMOI.txt", b"autre"), *files]:
            out.writestr(name, content)
    assert path.read_bytes() != genuine
    assert verify_bundle(path, keys=[key]).trouble is Trouble.BUNDLE_CHANGED


def origin_of(key: str) -> str:
    return key.partition("+")[0]


def test_a_bundle_that_cannot_be_written_says_so(register: Register, tmp_path: Path) -> None:
    with pytest.raises(RegisterUnavailable, match="bundle"):
        write_bundle(register, Selection(), tmp_path / "no" / "such" / "place.zip")


def rewrite(path: Path, name: str, old: bytes, new: bytes) -> None:
    """Change a file inside a bundle."""
    with zipfile.ZipFile(path) as opened:
        files = {n: opened.read(n) for n in opened.namelist()}
    assert old in files[name]
    files[name] = files[name].replace(old, new, 1)
    with zipfile.ZipFile(path, "w") as out:
        for n, content in files.items():
            out.writestr(n, content)
