# SPDX-License-Identifier: EUPL-1.2
"""What an auditor takes home: the kit, a checkpoint, a copy; verified away from the machine."""

from __future__ import annotations

import io
import re
import shlex
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from guardrails.errors import RegisterUnavailable
from guardrails.register import Kind, Register
from guardrails.register.kit import COPY, FOLDER, KEY_FILE
from guardrails.register.notes import read_note
from tests.register.attacks import TRIGGERS
from tests.register.homes import Home, ask_in
from tests.ui.auditor.stand import AUDITOR, Asked, enter
from tests.ui.auditor.test_routes import client, ticket
from ui.auditor.services import AuditorServices


@pytest.fixture
def at_home(tmp_path: Path) -> Path:
    """An empty folder, away from the machine."""
    place = tmp_path / "at home"
    place.mkdir()
    return place


def unpack(data: bytes, place: Path) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(place)
        return archive.namelist()


def taken(services: AuditorServices, place: Path) -> list[str]:
    """Download the kit and unpack it."""
    answer = client(services).get("/auditeur/kit")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith('-2026-02-02.zip"')
    return unpack(answer.content, place)


def copied(services: AuditorServices, place: Path) -> list[str]:
    """Download a copy of the register and unpack it."""
    answer = client(services).get(f"/auditeur/export/{ticket(services, 'copy')}")
    return unpack(answer.content, place)


def told(place: Path) -> list[str]:
    """Return the words of the command that the kit's LISEZMOI gives, after `python`."""
    readme = (place / "LISEZMOI.txt").read_text("utf-8")
    (command,) = re.findall(rf"^ +python ({FOLDER} {COPY} .+)$", readme, re.MULTILINE)
    return shlex.split(command)


def run(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the kit's verifier as its LISEZMOI says, and nothing of this repository."""
    command = [sys.executable, "-I", "-W", "error", *(words or told(place))]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)


def exports(register: Register) -> list[tuple[str, object]]:
    found = [e for e in register.entries() if e.kind is Kind.EXPORT]
    return [(entry.actor, entry.payload["form"]) for entry in found]


def test_the_kit_verifies_a_copy_in_an_empty_folder(
    services: AuditorServices, register: Register, at_home: Path
) -> None:
    enter(register, Asked(question="Quel prix ?"))
    names = taken(services, at_home)
    assert {"LISEZMOI.txt", KEY_FILE, f"{FOLDER}/__main__.py"} < {*names}
    enter(register, Asked(question="Quel jour ?"))
    points = {name for name in (*names, *copied(services, at_home)) if name.startswith("point-")}
    assert len(points) == 2  # the copy's covers none that was kept

    done = run(at_home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "aucune modifiée, insérée ni retirée" in done.stdout
    every = [word for name in sorted(points) for word in ("--checkpoint", name)]
    assert run(at_home, *told(at_home), *every).returncode == 0


@pytest.mark.parametrize(
    ("forgery", "says"),
    [
        ("UPDATE entries SET at = '2026-02-01T08:00:00.000000Z' WHERE \"index\" = 1", "l’entrée 1"),
        ('DELETE FROM entries WHERE "index" = 2', "l’entrée 2 manque"),
        ('UPDATE payloads SET sealed = zeroblob(40) WHERE "index" = 1', "contenu chiffré"),
    ],
)
def test_the_kit_sees_a_forged_copy(
    services: AuditorServices, register: Register, at_home: Path, forgery: str, says: str
) -> None:
    enter(register, Asked(question="Quel prix ?"))
    taken(services, at_home)
    copied(services, at_home)
    with closing(sqlite3.connect(at_home / COPY)) as connection:
        for trigger in TRIGGERS:  # a forger takes them off and puts them back
            connection.execute(f"DROP TRIGGER {trigger.split()[2]}")
        connection.execute(forgery)
        for trigger in TRIGGERS:
            connection.execute(trigger)
        connection.commit()
    done = run(at_home)
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr


def test_the_kit_sees_the_register_of_another(
    services: AuditorServices, register: Register, at_home: Path, tmp_path: Path
) -> None:
    enter(register, Asked(question="Quel prix ?"))
    taken(services, at_home)
    other = Home(tmp_path / "other")
    with other.open() as forged:
        ask_in(forged)
        forged.copy_to(at_home / COPY)
    assert run(at_home).returncode == 1
    key_alone = (FOLDER, COPY, "--public-key", KEY_FILE)
    assert run(at_home, *key_alone).returncode == 1


def test_the_kit_verifies_a_bundle_too(
    services: AuditorServices, register: Register, at_home: Path
) -> None:
    enter(register, Asked(question="Quel prix ?"))
    taken(services, at_home)
    lot = client(services).get(f"/auditeur/export/{ticket(services, 'bundle')}").content
    (at_home / "lot.zip").write_bytes(lot)
    done = run(at_home, FOLDER, "lot.zip", "--public-key", KEY_FILE)
    assert (done.returncode, done.stderr) == (0, "")
    assert run(at_home, FOLDER, "lot.zip").returncode == 4


def test_the_kits_files_are_those_of_the_repository(
    services: AuditorServices, register: Register, at_home: Path
) -> None:
    package = Path(__file__).parents[3] / "guardrails"
    names = [n for n in taken(services, at_home) if n.startswith(f"{FOLDER}/guardrails/")]
    assert len(names) > 10
    for name in names:
        published = package / name.removeprefix(f"{FOLDER}/guardrails/")
        assert (at_home / name).read_bytes() == published.read_bytes()
    assert f"Ses {len(names)} fichiers" in (at_home / "LISEZMOI.txt").read_text("utf-8")


@pytest.mark.parametrize("data", ["kit", "bundle"])
def test_the_five_lines_come_first(
    services: AuditorServices, register: Register, at_home: Path, data: str
) -> None:
    if data == "kit":
        taken(services, at_home)
    else:
        lot = client(services).get(f"/auditeur/export/{ticket(services, 'bundle')}").content
        unpack(lot, at_home)
    readme = (at_home / "LISEZMOI.txt").read_text("utf-8")
    first, _, rest = readme.partition("Pour aller plus loin")
    assert re.findall(r"^(\d)\. ", first, re.MULTILINE) == ["1", "2", "3", "4", "5"]
    assert rest and "{" not in readme


def test_a_checkpoint_is_taken_at_that_moment(
    services: AuditorServices, register: Register
) -> None:
    enter(register, Asked(question="Quel prix ?"))
    answer = client(services).get("/auditeur/point-de-controle")
    size = read_note(answer.text).checkpoint.size
    assert size == register.size()
    assert f'point-de-controle-{size:06}.txt"' in answer.headers["content-disposition"]
    assert register.verify(notes=[answer.text]).holds


def test_who_takes_them_is_entered(
    services: AuditorServices, register: Register, at_home: Path
) -> None:
    taken(services, at_home)
    client(services).get("/auditeur/point-de-controle")
    copied(services, at_home)
    me = register.pseudonym(AUDITOR.name)
    assert exports(register) == [(me, "kit"), (me, "checkpoint"), (me, "copy")]


@pytest.mark.parametrize("place", ["kit", "point-de-controle"])
def test_what_cannot_be_entered_is_not_handed_over(
    services: AuditorServices, register: Register, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise RegisterUnavailable("full")

    monkeypatch.setattr(register, "append", full)
    answer = client(services).get(f"/auditeur/{place}")
    assert answer.status_code == 503
    assert "rien n'est montré" in answer.text


@pytest.mark.parametrize("place", ["kit", "point-de-controle"])
def test_nobody_takes_them_without_a_gate(services: AuditorServices, place: str) -> None:
    with pytest.raises(LookupError):
        client(services, None).get(f"/auditeur/{place}")
