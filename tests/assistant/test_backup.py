# SPDX-License-Identifier: EUPL-1.2
"""Backups: a drill from end to end, and every way in which a file or a moment can be bad."""

from __future__ import annotations

import base64
import errno
import io
import json
import os
import pickle
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import numpy as np
import pytest

from assistant.backup import sealing
from assistant.backup.archive import Piece, open_archive, write_archive
from assistant.backup.manifest import REGISTER, RESTORED, Kind, Manifest
from assistant.backup.scratch import scratch_folder
from assistant.backup.snapshot import snapshot
from assistant.backup.vectors import keep_vectors, size_of
from assistant.errors import UserError
from assistant.wiring import Parts
from corpus.documents import Filters
from corpus.folder import DataFolder
from corpus.passages import PassageStore
from corpus.vectors import ChromaIndex
from guardrails.register import AuditRecord, open_register
from guardrails.register import Kind as Entered
from guardrails.register.inspection import verify_file
from tests.assistant.terminal import RESIDENT, Terminal, stand_in
from tests.fakes import MemoryIndex
from tests.table import each

WORDS = "une phrase de passe pour les essais"
OTHER_WORDS = "une autre phrase pour les clefs"
FOLDER = "00000000-0000-4000-8000-000000000000"
ORDER = "ARRÊTÉ MUNICIPAL\nportant fermeture du parc floral\nARRÊTE\nArticle 1er. Il ferme."


REAL = {"CHUNK_BYTES": sealing.CHUNK_BYTES, "SCRYPT_N": sealing.SCRYPT_N}
FIRST_FORMAT = (
    "Z3JlZmZpZXItYmFja3VwAURJT3RAtKnf+y3Iju536PAEPxMjsatY0WvoFcCv7W4OZY++IYWwzCwzqsFYRIaOA7Cp"
    "1jyQUohMqQPpAhnBnlsHWKE5E8Uqrb/fifuKGHN10JfXBNCHLCXC2R9xPcgCTzJrmSsje5OiVN5Qz0gtRHop4Zvp"
    "mX9te22zDkqxuMctRF0d7ZqyougsaOKL+Q8/8F5SSNK/wrcaWCTFMzFFx6qvgatwHRl/kNti87Q41vUdUivVDwC9"
    "qlTjWf85SCvpZRaLfnqI/lJyzSRiSPXrj6GI8eWEqBruxaBD0KnjpQWNgrJAaWxCpe7hjyx4yJIEhe2WqztItkEX"
    "9o6NIOX+X2/RD+zCoIssGlQECWVdvigUYjiSrkG5dzLDDxGDF6guSqpE6nXevpbiYY1hHSNJT5OeRFAM0zhukktb"
    "PwwQgaLtoqV78mArLh4IJbqNTMw+SFdLNffjWje5bKz7PfPE5mQSTpF3ZYJRW9YVLeSf/GJ35Acrrqu95PC1h8PU"
    "eTTna7Mm6OzTB5CEkIQoideoBvPYyWOvyNL9i1Ht3eft9Yozs/0R+jBXt2oEiDLvhg=="
)
"""An archive of format 1 as it was written first: it must open for ever."""


class ClosableIndex(MemoryIndex):
    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small chunks, so that a small file has many; a passphrase that costs little to stretch."""
    monkeypatch.setattr(sealing, "CHUNK_BYTES", 4096)
    monkeypatch.setattr(sealing, "SCRYPT_N", 2**4)


@pytest.fixture
def rebuilt(monkeypatch: pytest.MonkeyPatch) -> ClosableIndex:
    """The index that a restoration fills."""
    index = ClosableIndex()
    monkeypatch.setattr("assistant.commands.backup.open_index", lambda path: index)
    return index


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Where the town's data and keys are kept once they were made: each test gets a copy."""
    return {"town": tmp_path_factory.mktemp("town")}


@pytest.fixture
def terminal(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    rebuilt: ClosableIndex,
    kept: dict[str, Path],
) -> Terminal:
    stand_in(monkeypatch)
    terminal = Terminal(tmp_path, capsys, monkeypatch)
    monkeypatch.setenv("GREFFIER_BACKUP_PASSPHRASE", WORDS)
    monkeypatch.setenv("GREFFIER_BACKUP_KEYS_PASSPHRASE", OTHER_WORDS)
    if not (kept["town"] / "index").exists():
        _settle_town(terminal, kept["town"])
    for name in ("data", "keys"):
        shutil.copytree(kept["town"] / name, tmp_path / name)
    index = pickle.loads((kept["town"] / "index").read_bytes())
    monkeypatch.setattr(Parts, "index", property(lambda self: index))
    return terminal


def _settle_town(terminal: Terminal, kept: Path) -> None:
    """Take three documents in, set something, and make an account."""
    (terminal.town / "arrete.txt").write_text(ORDER, "utf-8")
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    (terminal.data / "greffier.toml").write_text('language = "fr"\n', "utf-8")
    with closing(sqlite3.connect(terminal.data / "access.db")) as accounts, accounts:
        accounts.execute("CREATE TABLE accounts (name TEXT)")
        accounts.execute("INSERT INTO accounts VALUES ('agent')")
    shutil.move(terminal.data, kept / "data")
    shutil.move(terminal.keys, kept / "keys")
    (kept / "index").write_bytes(pickle.dumps(index_of(Parts)))


def index_of(parts: type[Parts]) -> MemoryIndex:
    """Return the stand-in that the commands share."""
    found = vars(parts)["index"].fget(None)
    assert isinstance(found, MemoryIndex)
    return found


@pytest.fixture
def file(terminal: Terminal, tmp_path: Path) -> Path:
    path = tmp_path / "mairie.backup"
    assert terminal("backup", str(path)).code == 0
    return path


def sealed(path: Path, content: bytes = b"x" * 20_000) -> Path:
    """Write a small archive without a data folder."""
    manifest = Manifest(kind=Kind.DATA, folder=FOLDER, files=())
    write_archive(path, WORDS, manifest, [Piece("a.txt", io.BytesIO(content))])
    return path


def opened(path: Path, words: str = WORDS) -> Manifest:
    with open_archive(path, words) as found:
        found.extract(None)
        return found.manifest


def why(path: Path, words: str = WORDS) -> str:
    with pytest.raises(UserError) as caught:
        opened(path, words)
    return caught.value.key


def left_in(folder: Path) -> list[str]:
    """Return what a run should have taken away."""
    marks = (".copy-", ".checking", ".restoring", ".part")
    return [str(p) for p in folder.rglob("*") if any(mark in p.name for mark in marks)]


# -- the drill


class Writer:
    """Somebody who goes on asking while the backup is made."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal, self._stop = terminal, threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.written = 0

    def _run(self) -> None:
        folder = DataFolder.open(self._terminal.data)
        keys = folder.keys(self._terminal.keys) / "register"
        with (
            open_register(folder.register, keys) as register,
            closing(PassageStore(folder.passages)) as store,
        ):
            while not self._stop.is_set():
                register.append(AuditRecord(kind=Entered.READING, payload={"purpose": "drill"}))
                store.set_state("drill", str(self.written))
                self.written += 1
                time.sleep(0.002)

    def __enter__(self) -> Writer:
        self._thread.start()
        while not self.written:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def test_a_drill(
    terminal: Terminal, tmp_path: Path, rebuilt: ClosableIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = terminal("ask", "Combien coûte la cantine ?", "--json").json
    before = terminal("search", "cantine repas parc", "--json").json["passages"]
    data, keys = tmp_path / "mairie.backup", tmp_path / "clefs.backup"
    with Writer(terminal) as writer:
        first = writer.written
        done = terminal("backup", str(data), "--keys", str(keys), "--json")
        assert writer.written > first, "nobody wrote meanwhile"
    assert done.code == 0, done.err
    told = {row["kind"]: row for row in done.json}
    assert told["data"]["documents"] == 3 and told["data"]["vectors"] == told["data"]["passages"]
    assert left_in(terminal.data) == []

    assert terminal("restore", str(data), "--check").code == 0
    assert terminal("restore", str(keys), "--check").code == 0
    assert left_in(tmp_path) == []

    monkeypatch.setenv("GREFFIER_DATA", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GREFFIER_KEYS", str(tmp_path / "other-keys"))
    assert terminal("restore", str(data)).code == 1  # without its keys, the register cannot go on
    assert not (tmp_path / "elsewhere").exists() and not (tmp_path / "other-keys").exists()
    assert terminal("restore", str(keys)).code == 0
    back = terminal("restore", str(data))
    assert back.code == 0, back.err
    assert "remises en place : 3 documents" in back.out
    assert (tmp_path / "elsewhere" / RESTORED).exists(), "what it brings back would open (access)"
    assert left_in(tmp_path) == []

    monkeypatch.setattr(Parts, "index", property(lambda self: rebuilt))
    assert terminal("search", "cantine repas parc", "--json").json["passages"] == before
    assert (tmp_path / "elsewhere" / "greffier.toml").read_text("utf-8") == 'language = "fr"\n'
    with closing(sqlite3.connect(tmp_path / "elsewhere" / "access.db")) as accounts:
        assert accounts.execute("SELECT name FROM accounts").fetchall() == [("agent",)]
    register = tmp_path / "elsewhere" / REGISTER
    verdict = verify_file(register, notes=[told["data"]["checkpoint"]])
    assert verdict.holds and verdict.size > told["data"]["entries"]
    shown = terminal("register", "show", asked["record"], "--jsonl").jsonl
    assert [row["kind"] for row in shown][-1] == "outcome" and all(r["payload"] for r in shown)
    _prove(register.parent, tmp_path / "other-keys", told["data"]["entries"])
    restored = terminal("register", "show", "--kind", "settings", "--jsonl").jsonl[-1]
    assert restored["payload"]["status"] == "restored"
    assert restored["payload"]["entries"] == told["data"]["entries"]


def _prove(folder: Path, keys: Path, entries: int) -> None:
    """Check a proof of inclusion of the last entry of the backup, and of consistency with it."""
    (ring,) = keys.glob("*/register")
    with open_register(folder, ring) as register:
        now = register.size()
        assert register.inclusion(entries - 1, now).holds()
        assert register.consistency(entries, now).holds()
        assert register.verify().holds


def test_each_backup_is_entered_before_it_is_made(terminal: Terminal, tmp_path: Path) -> None:
    terminal("backup", str(tmp_path / "a.backup"), "--keys", str(tmp_path / "b.backup"))
    shown = terminal("register", "show", "--kind", "export", "--jsonl").jsonl
    assert [row["payload"]["form"] for row in shown] == ["backup", "backup_keys"]
    assert all(row["actor"] for row in shown)


def test_a_register_that_went_on_says_that_a_backup_was_put_back(
    terminal: Terminal, file: Path, tmp_path: Path
) -> None:
    assert terminal("ask", "Combien coûte la cantine ?").code == 0
    terminal.data.rename(tmp_path / "broken")
    assert terminal("restore", str(file)).code == 0
    verdict = verify_file(terminal.register)
    assert verdict.holds and [remark.name for remark in verdict.remarks] == ["restored"]
    assert terminal("ask", "Combien coûte la cantine ?").code == 0


def test_an_archive_holds_no_key_and_no_word_in_clear(terminal: Terminal, file: Path) -> None:
    content = file.read_bytes()
    assert (
        b"cantine" not in content and b"SQLite" not in content and b"greffier.toml" not in content
    )
    with open_archive(file, WORDS) as found:
        names = {item.name for item in found.manifest.files}
        assert {"greffier.json", "greffier.toml", "access.db", "passages.db", REGISTER} <= names
        assert not any("key" in name or name.startswith("vectors/") for name in names)
    assert oct(file.stat().st_mode & 0o777) == "0o600"


def test_aside_nothing_is_entered_and_the_keys_stay_as_they_are(
    terminal: Terminal, file: Path, tmp_path: Path
) -> None:
    keys = {p: p.read_bytes() for p in terminal.keys.rglob("*") if p.is_file()}
    size = verify_file(terminal.register).size
    assert terminal("restore", str(file), "--into", str(tmp_path / "aside")).code == 0
    assert verify_file(tmp_path / "aside" / REGISTER).holds
    assert {p: p.read_bytes() for p in terminal.keys.rglob("*") if p.is_file()} == keys
    assert verify_file(terminal.register).size == size


@pytest.mark.real
def test_vectors_go_into_a_new_chroma_and_find_the_same(
    terminal: Terminal, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.commands.backup.open_index", ChromaIndex)
    assert terminal("restore", str(file), "--into", str(tmp_path / "aside")).code == 0
    with (
        closing(PassageStore(tmp_path / "aside" / "passages.db")) as store,
        closing(ChromaIndex(tmp_path / "aside" / "vectors")) as index,
    ):
        ids = sorted(store.passage_ids())
        assert sorted(index.ids()) == ids and store.state("unsettled") == ""
        before, after = index_of(Parts).vectors(ids), index.vectors(ids)
        # Chroma makes vectors one long again: the last bit depends on the processor
        assert all(np.allclose(before[i], after[i], rtol=0, atol=1e-6) for i in ids)
        best = index.search(before[ids[0]], 1, Filters(collections=frozenset({"default"})))
        assert best[0][0] == ids[0]
        with closing(sqlite3.connect(tmp_path / "aside" / "passages.db")) as passages:
            again, count, dimension = keep_vectors(passages, index, tmp_path)
        with again:
            assert (count, dimension, again.tell()) == (len(ids), 1024, size_of(count, dimension))


def test_a_vector_that_was_not_there_is_told_and_awaited(
    terminal: Terminal, tmp_path: Path, rebuilt: ClosableIndex
) -> None:
    index = index_of(Parts)
    lost = min(index.ids())
    index.remove([lost])
    assert terminal("backup", str(tmp_path / "a.backup")).code == 0
    done = terminal("restore", str(tmp_path / "a.backup"), "--into", str(tmp_path / "aside"))
    assert "Passages sans vecteur : 1." in done.err and lost not in rebuilt.ids()
    with closing(PassageStore(tmp_path / "aside" / "passages.db")) as store:
        assert store.state("unsettled") == "1"


def test_an_archive_of_the_first_format_still_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in REAL.items():
        monkeypatch.setattr(sealing, name, value)
    path = tmp_path / "a.backup"
    path.write_bytes(base64.b64decode(FIRST_FORMAT))
    with open_archive(path, WORDS) as found:
        assert found.manifest.made.isoformat() == "2026-01-02T03:04:05+00:00"
        found.extract(tmp_path / "out")
    assert (tmp_path / "out" / "a.txt").read_text("utf-8") == "Bonjour la mairie\n"


# -- bad files


def test_a_byte_that_changed_is_seen_wherever_it_is(tmp_path: Path) -> None:
    path = sealed(tmp_path / "a.backup")
    content = path.read_bytes()
    places = {*range(80), *random.Random(9).sample(range(len(content)), 300), len(content) - 1}
    for place in sorted(places):
        changed = bytearray(content)
        changed[place] ^= 1 << (place % 8)
        path.write_bytes(changed)
        assert why(path) in {
            "backup_changed", "backup_not_opened", "backup_not_one", "backup_too_new",
        }, place  # fmt: skip
    path.write_bytes(content)
    assert opened(path).files[0].bytes == 20_000


def test_a_file_that_was_cut_is_seen_at_each_border(tmp_path: Path) -> None:
    path = sealed(tmp_path / "a.backup")
    content = path.read_bytes()
    start = sealing.HEADER_BYTES + sealing.MAC_BYTES
    borders = range(start, len(content), sealing.CHUNK_BYTES + sealing.TAG_BYTES)
    assert len(borders) >= 5
    for border in borders:
        for cut in (border - 1, border, border + 1):
            path.write_bytes(content[:cut])
            assert why(path) in {"backup_changed", "backup_not_opened"}, cut
    path.write_bytes(content + b"\0")
    assert why(path) == "backup_changed"
    path.write_bytes(b"")
    assert why(path) == "backup_not_one"


def test_a_stream_that_ends_early_does_not_pass_for_a_whole_one() -> None:
    """Whatever is inside: here nothing but the last chunk says where the end is."""
    out = io.BytesIO()
    sealer = sealing.Sealer(out, Kind.DATA, WORDS)
    sealer.write(b"x" * 3 * 4096)
    sealer.finish()
    size = 4096 + sealing.TAG_BYTES
    assert (len(out.getvalue()) - sealing.HEADER_BYTES - sealing.MAC_BYTES) == 3 * size
    whole = sealing.Unsealer(io.BytesIO(out.getvalue()), WORDS)
    assert whole.read(3 * 4096) == b"x" * 3 * 4096
    whole.end()
    cut = sealing.Unsealer(io.BytesIO(out.getvalue()[:-size]), WORDS)
    with pytest.raises(UserError, match="backup_changed"):
        cut.read(2 * 4096)


def test_chunks_in_another_order_or_from_another_archive_are_seen(tmp_path: Path) -> None:
    path, other = sealed(tmp_path / "a.backup"), sealed(tmp_path / "b.backup")
    start, size = sealing.HEADER_BYTES + sealing.MAC_BYTES, 4096 + sealing.TAG_BYTES
    content, foreign = path.read_bytes(), other.read_bytes()
    chunks = [content[i : i + size] for i in range(start, len(content), size)]
    swapped = [chunks[0], chunks[2], chunks[1], *chunks[3:]]
    dropped = [chunks[0], *chunks[2:]]
    borrowed = [chunks[0], foreign[start + size : start + 2 * size], *chunks[2:]]
    for bad in (swapped, dropped, borrowed):
        path.write_bytes(content[:start] + b"".join(bad))
        assert why(path) == "backup_changed"


@pytest.mark.parametrize("length", [0, 1, 4095, 4096, 4097, 8192])
def test_any_length_comes_back(tmp_path: Path, length: int) -> None:
    path = sealed(tmp_path / "a.backup", bytes(range(256)) * (length // 256 + 1))
    with open_archive(path, WORDS) as found:
        found.extract(tmp_path / "out")
    assert (tmp_path / "out" / "a.txt").read_bytes() == bytes(range(256)) * (length // 256 + 1)


BAD_NAMES = ["../a", "/a", "a/../../b", "a//b", "a\\b", "..", ".", "./a", "a/", "a\0b", "a\nb"]


def manifest_of(*names: str, **more: object) -> bytes:
    files = [{"name": name, "bytes": 0, "sha256": "0" * 64} for name in names]
    return json.dumps({"kind": "data", "folder": FOLDER, "files": files, **more}).encode()


@each("name", BAD_NAMES)
def test_a_name_cannot_lead_out_of_the_folder(name: str) -> None:
    with pytest.raises(UserError, match="backup_changed"):
        Manifest.read(manifest_of(name))


@each("name", BAD_NAMES)
def test_a_database_that_is_looked_into_lies_in_the_folder(name: str) -> None:
    with pytest.raises(UserError, match="backup_changed"):
        Manifest.read(manifest_of("a", versions={name: 1}))


@each(
    "names",
    [("a", "a"), ("a", "A"), ("b/\u00e9", "b/e\u0301"), ("a", "a/b"), ("B/c", "b")],
    ids="+".join,
)
def test_two_names_cannot_be_one_file(names: tuple[str, ...]) -> None:
    with pytest.raises(UserError, match="backup_changed"):
        Manifest.read(manifest_of(*names))
    assert Manifest.read(manifest_of("a/b", "a/c", "b"))


def test_a_wrong_passphrase_is_one_line_and_nothing_is_written(
    terminal: Terminal, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREFFIER_BACKUP_PASSPHRASE", "ce n'est pas la bonne phrase")
    for options in (["--check"], ["--into", str(tmp_path / "aside")]):
        done = terminal("restore", str(file), *options)
        assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
        assert "phrase de passe" in done.err
    assert not (tmp_path / "aside").exists() and left_in(tmp_path) == []


def test_a_damaged_file_is_one_line_and_leaves_nothing(
    terminal: Terminal, file: Path, tmp_path: Path
) -> None:
    content = bytearray(file.read_bytes())
    content[-100] ^= 1
    file.write_bytes(content)
    for options in (["--check"], ["--into", str(tmp_path / "aside")]):
        done = terminal("restore", str(file), *options)
        assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert not (tmp_path / "aside").exists() and left_in(tmp_path) == []


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = sealed(tmp_path / "a.backup")
    content = bytearray(path.read_bytes())
    content[len(sealing.MAGIC)] = sealing.FORMAT + 1
    path.write_bytes(content)
    assert why(path) == "backup_too_new"
    newer = Manifest(kind=Kind.DATA, folder=FOLDER, files=(), versions={"passages.db": 99})
    write_archive(tmp_path / "b.backup", WORDS, newer, [])
    assert why(tmp_path / "b.backup") == "backup_too_new"


@pytest.mark.parametrize("what", ["register", "passages", "count"])
def test_an_archive_that_opens_but_does_not_hold_is_refused(
    terminal: Terminal, tmp_path: Path, what: str
) -> None:
    """Somebody with the passphrase packed something else, or the disk had gone bad before."""
    folder = DataFolder.open(terminal.data)
    if what == "register":
        with closing(sqlite3.connect(terminal.register)) as register, register:
            register.execute("DROP TRIGGER entries_no_update")
            register.execute("UPDATE entries SET at = '2020-01-01T00:00:00.000000Z'")
    with ExitStack() as copies:
        taken = snapshot(folder, MemoryIndex(), copies)
        if what == "count":
            taken.facts["passages"] = 1
        if what == "passages":
            (piece,) = [p for p in taken.pieces if p.name == "passages.db"]
            piece.file.seek(5 * 4096)
            piece.file.write(os.urandom(3 * 4096))
        write_archive(tmp_path / "a.backup", WORDS, taken.manifest(folder.id), taken.pieces)
    done = terminal("restore", str(tmp_path / "a.backup"), "--check")
    name = "register.sqlite3" if what == "register" else "passages.db"
    assert done.code == 1 and name in done.err and left_in(tmp_path) == []


# -- bad moments


def test_nothing_is_replaced_and_nothing_is_written_with_the_data(
    terminal: Terminal, file: Path
) -> None:
    content = file.read_bytes()
    assert "existe déjà" in terminal("backup", str(file)).err
    assert file.read_bytes() == content
    for place in (terminal.data, terminal.keys):
        assert terminal("backup", str(place / "a.backup")).code == 1
        assert not (place / "a.backup").exists()
    done = terminal("restore", str(file))
    assert done.code == 1 and "ne remplace rien" in done.err


def test_a_backup_of_nothing_or_into_nowhere_is_an_error(
    terminal: Terminal, tmp_path: Path
) -> None:
    done = terminal("--data", str(tmp_path / "wrong"), "backup", str(tmp_path / "a.backup"))
    assert done.code == 1 and "pas de données" in done.err
    assert not (tmp_path / "wrong").exists()
    done = terminal("backup", str(tmp_path / "unplugged" / "a.backup"))
    assert done.code == 1 and "n'est pas là" in done.err
    shown = terminal("register", "show", "--kind", "export", "--jsonl").jsonl
    assert shown == []  # nothing was entered, since nothing was begun


def test_a_restoration_that_fails_at_the_last_step_can_be_done_again(
    terminal: Terminal, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    terminal.data.rename(tmp_path / "broken")
    with monkeypatch.context() as broken:
        broken.setattr("assistant.backup.restoring._settle", fail)
        done = terminal("restore", str(file))
    assert done.code == 1 and done.err.count("\n") == 1
    assert not terminal.data.exists() and left_in(tmp_path) == []
    assert terminal("restore", str(file)).code == 0
    assert terminal("register", "verify").code == 0
    assert terminal("ask", "Combien coûte la cantine ?").code == 0


def test_a_passphrase_is_asked_for_long_and_not_the_same_for_the_keys(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, keys = str(tmp_path / "a.backup"), str(tmp_path / "b.backup")
    monkeypatch.setenv("GREFFIER_BACKUP_KEYS_PASSPHRASE", WORDS)
    assert "autre phrase" in terminal("backup", path, "--keys", keys).err
    assert "autre phrase" in terminal("backup", "--keys", keys).err
    monkeypatch.delenv("GREFFIER_BACKUP_KEYS_PASSPHRASE")
    monkeypatch.setenv("GREFFIER_BACKUP_PASSPHRASE", "courte")
    assert "12 caractères" in terminal("backup", path).err
    monkeypatch.delenv("GREFFIER_BACKUP_PASSPHRASE")
    assert "GREFFIER_BACKUP_PASSPHRASE" in terminal("backup", path).err
    words = tmp_path / "words.txt"
    words.write_text(WORDS + "\n", "utf-8")
    assert terminal("backup", path, "--passphrase-file", str(words)).code == 0
    assert opened(Path(path)).documents == 3
    assert not Path(keys).exists()


def test_at_a_terminal_it_is_typed_unseen_and_twice_for_a_new_one(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, dict[str, object]]] = []

    def prompt(words: str, **options: object) -> str:
        asked.append((words, options))
        return WORDS

    keyboard = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("assistant.commands.backup.sys", keyboard)
    monkeypatch.setattr("assistant.commands.backup.click.prompt", prompt)
    monkeypatch.delenv("GREFFIER_BACKUP_PASSPHRASE")
    assert terminal("backup", str(tmp_path / "a.backup")).code == 0
    assert terminal("restore", str(tmp_path / "a.backup"), "--check").code == 0
    assert [words for words, _ in asked] == ["Phrase de passe de la sauvegarde des données"] * 2
    assert all(options["hide_input"] and options["err"] for _, options in asked)
    assert [options["confirmation_prompt"] for _, options in asked] == [True, False]


def test_a_full_disk_leaves_no_archive(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sealing.Sealer.write
    written: list[int] = []

    def write(self: sealing.Sealer, data: bytes) -> None:
        written.append(len(data))
        if sum(written) > 50_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, data)

    monkeypatch.setattr(sealing.Sealer, "write", write)
    done = terminal("backup", str(tmp_path / "a.backup"))
    assert done.code == 1 and "le disque est plein" in done.err
    assert not (tmp_path / "a.backup").exists() and left_in(tmp_path) == []


def test_a_disk_that_fills_up_during_the_copy_leaves_nothing(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> BinaryIO:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("assistant.backup.snapshot._nameless_copy", full)
    done = terminal("backup", str(tmp_path / "a.backup"))
    assert done.code == 1 and "le disque est plein" in done.err
    assert not (tmp_path / "a.backup").exists() and left_in(tmp_path) == []


CHILD = """
import os, signal, sys
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch
from assistant.backup import sealing
from assistant.backup.archive import write_archive
from assistant.backup.snapshot import snapshot
from corpus.folder import DataFolder
from tests.fakes import MemoryIndex

data, out, words, place, turns = sys.argv[1:]
seen = []

def die(*arguments, **named):
    seen.append(1)
    if len(seen) == int(turns):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **named)

sealing.CHUNK_BYTES, sealing.SCRYPT_N = 4096, 2**4
patcher = patch(place, die)
real, _ = patcher.get_original()
with patcher, ExitStack() as copies:
    folder = DataFolder.open(Path(data))
    taken = snapshot(folder, MemoryIndex(), copies)
    write_archive(Path(out), words, taken.manifest(folder.id), taken.pieces)
print("not killed")
"""

MOMENTS = {
    "with one copy made": ("assistant.backup.snapshot.keep_vectors", 1),
    "with all copies made": ("assistant.backup.archive.Sealer", 1),
    "at the first chunk": ("assistant.backup.sealing.Sealer._chunk", 1),
    "at the fourth chunk": ("assistant.backup.sealing.Sealer._chunk", 4),
    "before it has its name": ("assistant.backup.archive.os.fsync", 1),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_in_the_middle_it_leaves_no_archive_and_nothing_in_clear(
    terminal: Terminal, tmp_path: Path, moment: str
) -> None:
    before = {p for p in terminal.data.rglob("*") if p.is_file()}
    out = tmp_path / "out.backup"
    place, turns = MOMENTS[moment]
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(terminal.data), str(out), WORDS, place, str(turns)],
        cwd=Path(__file__).parents[2], capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    assert not out.exists()
    part = tmp_path / "out.backup.part"
    assert not part.exists() or b"SQLite" not in part.read_bytes()
    left = {p for p in terminal.data.rglob("*") if p.is_file()} - before
    assert all(p.name.endswith(("-wal", "-shm")) for p in left)
    assert terminal("backup", str(out)).code == 0  # the part is taken over
    assert opened(out).documents == 3 and left_in(tmp_path) == []


def test_what_a_dead_run_left_is_removed_and_one_that_lives_is_not_disturbed(
    tmp_path: Path,
) -> None:
    left = tmp_path / ".checking"
    (left / "register").mkdir(parents=True)
    (left / "passages.db").write_bytes(b"left")
    with scratch_folder(left) as folder:
        assert [*folder.iterdir()] == []
        with pytest.raises(UserError, match="backup_busy"), scratch_folder(left):
            pass
        assert folder.exists()
    assert not left.exists()


def test_a_request_to_end_removes_what_was_opened(tmp_path: Path) -> None:
    def ending() -> Iterator[None]:
        with scratch_folder(tmp_path / ".checking") as folder:
            (folder / "passages.db").write_bytes(b"text")
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1)
            yield

    with pytest.raises(KeyboardInterrupt):
        next(ending())
    assert not (tmp_path / ".checking").exists()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_the_resident_is_in_no_message(terminal: Terminal, file: Path) -> None:
    done = terminal("restore", str(file), "--check", "--json")
    assert done.code == 0 and done.json["documents"] == 3
    assert RESIDENT not in done.out + done.err and str(terminal.data) not in done.out
