# SPDX-License-Identifier: EUPL-1.2
"""`serve` and `demo`: a port that is taken is said before anything heavy is opened."""

from __future__ import annotations

import json
import socket
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant import doctor
from assistant.cards import CardStore, State
from assistant.cli import COMMANDS, run
from assistant.errors import UserError
from assistant.settings import Settings
from tests.assistant.conftest import CANTEEN
from tests.assistant.terminal import ANSWER, stand_in
from ui import commands

QUESTION = "Combien coûte le repas de la cantine ?"


@pytest.fixture
def taken() -> Iterator[str]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_taken_port_is_said_before_any_model_is_opened(
    command: str,
    taken: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def opened(*_: object, **__: object) -> None:
        raise AssertionError("opened before the port was held")

    for heavy in ("open_parts", "pull_models"):
        monkeypatch.setattr(commands, heavy, opened)
    monkeypatch.setitem(COMMANDS, command, f"ui.commands:{command}")
    samples = ["--samples", str(tmp_path)] if command == "demo" else []
    code = run(["--data", str(tmp_path / "data"), command, "--port", taken, *samples])
    printed = capsys.readouterr()
    (line,) = printed.err.splitlines()
    assert (code, printed.out) == (1, "")
    assert line.startswith(f"Erreur : le port {taken} est déjà pris")
    assert not (tmp_path / "data").exists()


def test_the_first_demo_already_knows_the_town_s_roster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings read before the town's file was laid would hide every elected member."""
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "greffier.toml").write_text('roster = ["Ada Roche"]', "utf-8")
    seen: list[Settings] = []

    def opened(_data: Path, _keys: Path, settings: Settings, **_: object) -> None:
        seen.append(settings)
        raise UserError("no_input")

    monkeypatch.setattr(commands, "pull_models", lambda session: session.settings)
    monkeypatch.setattr(commands, "open_parts", opened)
    monkeypatch.setitem(COMMANDS, "demo", "ui.commands:demo")
    samples = str(tmp_path / "samples")
    run(["--data", str(tmp_path / "data"), "demo", "--no-serve", "--samples", samples])
    assert [settings.roster for settings in seen] == [("Ada Roche",)]
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("robot", "opens", "is_named"),
    [("no-such-program", "true", True), ("sh", "true", False), ("no-such-program", "false", False)],
)
def test_the_demo_names_the_voice_that_is_missing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    robot: str,
    opens: str,
    is_named: bool,
) -> None:
    def closed(*_: object, **__: object) -> None:
        raise UserError("no_input")

    (tmp_path / "greffier.toml").write_text(f"[senior]\nopen = {opens}\n", "utf-8")
    monkeypatch.setattr(doctor, "ROBOT", robot)
    monkeypatch.setattr(commands, "pull_models", lambda session: None)
    monkeypatch.setattr(commands, "open_parts", closed)
    monkeypatch.setitem(COMMANDS, "demo", "ui.commands:demo")
    run(["--data", str(tmp_path / "data"), "demo", "--no-serve", "--samples", str(tmp_path)])
    assert ("apt install espeak-ng" in capsys.readouterr().err) is is_named


def test_the_demo_brings_the_answers_that_the_town_validated_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch)
    samples = tmp_path / "samples"
    samples.mkdir()
    (samples / "cantine.txt").write_text(CANTEEN, "utf-8")
    (samples / ".greffierignore").write_text("/cards.jsonl\n", "utf-8")
    row = {"question": QUESTION, "file": "cantine.txt", "page": 1, "quote": ANSWER}
    wrong = row | {"question": "Et le prix ?", "quote": "nulle part"}
    lines = "".join(json.dumps(one) + "\n" for one in (row, wrong))
    (samples / "cards.jsonl").write_text(lines, "utf-8")
    monkeypatch.setattr(commands, "pull_models", lambda session: None)
    monkeypatch.setitem(COMMANDS, "demo", "ui.commands:demo")
    for name in ("models", "keys"):
        monkeypatch.setenv(f"GREFFIER_{name.upper()}", str(tmp_path / name))
    for _ in range(2):  # a demonstration that is opened again brings nothing twice
        command = ["--data", str(tmp_path / "data"), "demo", "--no-serve"]
        assert run([*command, "--samples", str(samples)]) == 0
    with closing(CardStore(tmp_path / "data" / "cards.db")) as cards:
        (card,) = cards.cards()
    assert (card.question, card.state, card.role) == (QUESTION, State.SERVED, "agent")
