# SPDX-License-Identifier: EUPL-1.2
"""Exports keep what was hidden hidden; a bundle proves itself, and shows when it was touched."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from guardrails.errors import RegisterUnavailable
from guardrails.register import AuditRecord, Kind, Register, Selection
from guardrails.register.bundles import write_bundle
from guardrails.register.exports import export
from guardrails.register.proving import verify_bundle
from guardrails.register.verdicts import Trouble
from guardrails.register.verify import main
from tests.register.homes import Home, ask_in


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
    assert main([str(path)]) == 0
    assert "d’après ses propres clés" in capsys.readouterr().out
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
        ("manifest.txt", b"greffier-bundle/1", b"greffier-bundle/2"),
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
    monkeypatch.setattr("guardrails.register.proving._check_files", lambda *_: None)
    path, key = bundle
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
