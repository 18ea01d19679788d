# SPDX-License-Identifier: EUPL-1.2
"""A passphrase need not stand in the environment, and does not stay in a service's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import passphrases
from assistant.errors import UserError
from assistant.passphrases import BACKUP, BACKUP_KEYS, REGISTER, passphrase
from assistant.settings import Settings
from assistant.texts import Texts
from assistant.wiring import open_parts
from corpus.processes import surroundings, without_secrets
from guardrails.errors import RegisterKeysInvalid

WORDS = "cheval pile agrafe correct"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (REGISTER, BACKUP, BACKUP_KEYS):
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(f"{variable}_FILE", raising=False)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)


@pytest.mark.parametrize("variable", [REGISTER, BACKUP, BACKUP_KEYS])
def test_it_comes_from_the_environment_a_file_or_a_credential(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    assert passphrase(variable) is None
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert passphrase(variable) is None
    name = passphrases.credential_of(variable)
    (tmp_path / name).write_text("d'un justificatif é\r\n", "utf-8")
    assert passphrase(variable) == "d'un justificatif é"
    (tmp_path / "file").write_text("d'un fichier\n", "utf-8")
    monkeypatch.setenv(f"{variable}_FILE", str(tmp_path / "file"))
    assert passphrase(variable) == "d'un fichier"
    monkeypatch.setenv(variable, "de l'environnement")
    assert passphrase(variable) == "de l'environnement"


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_a_file_that_says_nothing_is_not_taken_for_no_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "file").write_bytes(content)
    monkeypatch.setenv(f"{REGISTER}_FILE", str(tmp_path / "file"))
    with pytest.raises(UserError) as refused:
        passphrase(REGISTER)
    for language in ("fr", "en"):
        told = Texts(language)("error", refused.value.key, **refused.value.facts)
        assert f"{REGISTER}_FILE" in told


def test_a_register_opens_with_a_credential_and_a_service_forgets_the_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, where = Settings.model_validate({}), (tmp_path / "data", tmp_path / "keys")
    monkeypatch.setenv(REGISTER, WORDS)
    with open_parts(*where, settings, is_service=True) as parts:
        assert parts.register.size() > 0
        assert WORDS not in os.environ.values()
    with open_parts(*where, settings) as parts, pytest.raises(RegisterKeysInvalid):
        _ = parts.register
    (tmp_path / "register-passphrase").write_text(WORDS, "utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with open_parts(*where, settings) as parts:
        assert parts.register.size() > 0


@pytest.fixture
def pip() -> Iterator[list[str]]:
    yield [sys.executable, "-c", "import os; print(*os.environ.values())"]


def test_programs_that_are_started_see_no_passphrase(
    monkeypatch: pytest.MonkeyPatch, pip: list[str]
) -> None:
    monkeypatch.setenv(REGISTER, WORDS)
    monkeypatch.setenv("PGPASSWORD", WORDS)
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.invalid/simple")
    for environment in (surroundings(), without_secrets(os.environ)):
        done = subprocess.run(pip, env=environment, capture_output=True, text=True, check=True)
        assert WORDS not in done.stdout
    assert "index.invalid" in done.stdout
