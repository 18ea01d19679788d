# SPDX-License-Identifier: EUPL-1.2
"""Backups made from the page open again, and the page says when the last one was made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from assistant.backup.archive import kind_of
from assistant.backup.manifest import Kind
from assistant.backup.restoring import check_archive
from assistant.errors import UserError
from tests.ui.admin.house import Browser, House, words

PHRASE = "six mots tirés au sort hier"
HERE = "/admin/backups"


def save(browser: Browser, folder: Path | str, kind: str = "data", **typed: str) -> httpx.Response:
    sent = {"kind": kind, "folder": str(folder), "words": PHRASE, "again": PHRASE, **typed}
    return browser.post(HERE, **sent)


def test_a_backup_of_the_data_opens_again(house: House, browser: Browser, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    assert "n'ont jamais été sauvegardées" in words(browser.get(HERE))

    save(browser, disk)

    (file,) = disk.iterdir()
    assert kind_of(file) is Kind.DATA
    manifest = check_archive(file, PHRASE, tmp_path / "scratch")
    assert manifest.documents == len(house.parts.store.documents())
    page = words(browser.get(HERE))
    assert f"Sauvegarde écrite : {file.name}." in page
    assert "Dernière sauvegarde des données : le" in page
    assert "Les clés n'ont jamais été sauvegardées." in page
    assert {"form": "backup"} in house.entries("export")
    with pytest.raises(UserError):
        check_archive(file, "une autre phrase de passe", tmp_path / "scratch")


def test_the_keys_go_to_a_file_of_their_own(house: House, browser: Browser, tmp_path: Path) -> None:
    disk = tmp_path / "elsewhere"
    disk.mkdir()
    save(browser, disk, "keys")

    (file,) = disk.iterdir()
    assert (kind_of(file), file.name.startswith("cles-")) == (Kind.KEYS, True)
    assert "Dernière sauvegarde des clés : le" in words(browser.get(HERE))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"again": "une autre phrase"}, "ne sont pas les mêmes"),
        ({"folder": ""}, "Dites dans quel dossier"),
        ({"words": "court", "again": "court"}, "12 caractères au moins"),
        ({"folder": "/nulle/part"}, "Le dossier où écrire la sauvegarde n'est pas là"),
    ],
)
def test_what_will_not_do_is_told_and_nothing_is_written(
    house: House, browser: Browser, tmp_path: Path, typed: dict[str, str], told: str
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    answer = save(browser, **{"folder": disk, **typed})  # type: ignore[arg-type]

    assert answer.status_code == 400
    assert told in words(answer.text)
    assert typed.get("words", PHRASE) not in answer.text
    assert list(disk.iterdir()) == []
    assert house.entries("export") == []


def test_a_backup_is_never_written_with_the_data(house: House, browser: Browser) -> None:
    answer = save(browser, house.data)
    assert answer.status_code == 400
    assert "ni avec les données ni avec les clés" in words(answer.text)


def test_an_old_backup_is_said_to_be_old(house: House, browser: Browser) -> None:
    old = datetime.now(UTC) - timedelta(days=8)
    house.parts.store.set_state("backup_data", old.isoformat())
    assert "C'était il y a plus de 7 jours." in words(browser.get(HERE))


def test_a_disk_that_fails_is_told_and_leaves_no_backup(
    house: House, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("assistant.backup.making.write_archive", full)
    disk = tmp_path / "disk"
    disk.mkdir()
    save(browser, disk)

    page = words(browser.get(HERE))
    assert "n'ont jamais été sauvegardées" in page
    assert "Sauvegarde écrite" not in page


def test_what_waits_for_the_next_start_is_said_on_every_page(
    house: House, browser: Browser
) -> None:
    waiting = "les durées de conservation et le registre"
    assert waiting not in browser.get("/admin/documents")
    browser.post("/admin/retention", months="9")
    assert waiting in browser.get("/admin/documents")
    assert waiting in browser.get("/admin/health")


@pytest.mark.parametrize(("first", "second"), [("data", "keys"), ("keys", "data")])
def test_one_passphrase_for_both_is_refused(
    browser: Browser, tmp_path: Path, first: str, second: str
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    save(browser, disk, first)
    answer = save(browser, disk, second)
    assert answer.status_code == 400
    assert "phrase de passe" in words(answer.text)
    assert len(list(disk.iterdir())) == 1
    other = "sept mots tirés au sort demain"
    save(browser, disk, second, words=other, again=other)
    assert len(list(disk.iterdir())) == 2
    save(browser, disk, second, words=other, again=other)  # the same kind may keep its own


def test_the_passphrase_that_the_service_holds_for_the_other_is_refused(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    monkeypatch.setenv("GREFFIER_BACKUP_PASSPHRASE", PHRASE)
    assert save(browser, disk, "keys").status_code == 400
    assert list(disk.iterdir()) == []
