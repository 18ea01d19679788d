# SPDX-License-Identifier: EUPL-1.2
"""`greffier corpus remove --certificate`: a proof that can be handed over."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.assistant.terminal import RESIDENT, RosterGuard, Terminal, stand_in


def test_the_certificate_of_a_removal_proves_itself(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stand_in(monkeypatch, guard=RosterGuard(RESIDENT))
    terminal = Terminal(tmp_path, capsys, monkeypatch)
    terminal("corpus", "add", str(terminal.town))
    [identifier, *_] = [row["id"] for row in terminal("corpus", "list", "--json").json]
    out = tmp_path / "attestation.zip"
    proof = terminal("corpus", "remove", identifier, "--certificate", str(out), "--json").json
    key = terminal("register", "key").out.strip()
    assert terminal("register", "verify", str(out), "--public-key", key).code == 0
    assert terminal("register", "verify", str(out)).code == 4
    with zipfile.ZipFile(out) as bundle:
        begun, done = map(json.loads, bundle.read("entries.jsonl").splitlines())
    assert begun["payload"]["payload"] == {"status": "begun", "documents": [identifier]}
    entry = done
    assert (entry["kind"], entry["payload"]["payload"]) == ("erasure", proof)
