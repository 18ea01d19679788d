# SPDX-License-Identifier: EUPL-1.2
"""Archives made on purpose: small ones that unfold to much, many times, or in the wrong process."""

from __future__ import annotations

import io
import sys
import tarfile
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.originals import Originals
from corpus.readers import archive as archives
from corpus.readers import read_data
from corpus.readers.archive import RATIO_FROM_BYTES, Budget, Member, OpenArchive, members
from corpus.readers.pool import ReadingPool
from corpus.walk import walk
from tests.corpus.conftest import KEY, Town, in_a_file
from tests.corpus.readers.files import archive
from tests.table import each

CANTEEN = "Le repas à la cantine de Brumeval coûte 3,20 euros pour les enfants de la commune."
LARGE = 64 * 1024 * 1024


def tape(entries: list[tuple[str, bytes]], *, mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as made:  # type: ignore[call-overload]
        for name, data in entries:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return out.getvalue()


def noted(kind: bytes, size: int) -> bytes:
    """Return a tape whose first header is followed by so many bytes of notes."""
    head = tarfile.TarInfo("././@PaxHeader")
    head.type, head.size = kind, size
    return head.tobuf(tarfile.USTAR_FORMAT)


class Counting(io.BytesIO):
    """A file that counts what is read of it."""

    read_bytes = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.read_bytes += len(data)
        return data


# -- notes on files


@each(
    "kind",
    [
        *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
        *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
    ],
)
def test_long_notes_of_a_tape_are_refused_before_they_are_read(kind: bytes) -> None:
    data = Counting(noted(kind, LARGE) + bytes(LARGE) + bytes(1_024))
    with pytest.raises(UnreadableFile) as refused:
        OpenArchive(data, "a.tar")
    assert refused.value.reason == "too_large"
    assert data.read_bytes < 100_000


def test_notes_on_every_file_that_follows_do_not_add_up() -> None:
    notes = b"".join(
        noted(tarfile.XGLTYPE, 512) + (b"500 k%03d=" % n).ljust(499, b"v") + b"\n" + bytes(12)
        for n in range(100)
    )
    with pytest.raises(UnreadableFile) as refused:
        OpenArchive(io.BytesIO(notes + bytes(1_024)), "a.tar")
    assert refused.value.reason == "too_large"


def test_ordinary_long_names_are_read() -> None:
    name = f"{'dossier/' * 40}délibération.txt"
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz", format=form) as made:
            info = tarfile.TarInfo(name)
            info.size = len(CANTEEN.encode())
            made.addfile(info, io.BytesIO(CANTEEN.encode()))
        opened = OpenArchive(out, "a.tar.gz")
        assert [member.name for member in opened.members()] == [name]
        assert opened.read((name,)) == CANTEEN.encode()


def test_a_name_that_no_disk_could_hold_is_reported_short() -> None:
    found = OpenArchive(io.BytesIO(archive({"n" * 60_000: b"x"})), "a.zip").members()
    assert [(len(member.name), member.reason) for member in found] == [(4_096, "broken")]


# -- archives in archives


def test_archives_in_an_archive_have_no_limits_of_their_own(tmp_path: Path) -> None:
    inner = archive({"zeros.txt": bytes(5_000_000)})
    bomb = tmp_path / "poupees.zip"
    bomb.write_bytes(archive({f"{number}.zip": inner for number in range(30)}))
    assert bomb.stat().st_size < 15_000
    with pytest.raises(UnreadableFile) as refused:
        members(bomb)
    assert refused.value.reason == "too_large"


def test_files_of_archives_in_an_archive_are_counted_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 10)
    inner = archive({f"{number}.txt": b"x" for number in range(4)})
    (tmp_path / "a.zip").write_bytes(archive({"a.zip": inner, "b.zip": inner, "c.zip": inner}))
    with pytest.raises(UnreadableFile) as refused:
        members(tmp_path / "a.zip")
    assert refused.value.reason == "too_large"


def test_a_bad_archive_in_an_archive_is_reported_alone(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(archive({"bon.txt": b"x", "faux.zip": b"no archive"}))
    assert members(tmp_path / "a.zip")[1] == Member(
        ("faux.zip",), members(tmp_path / "a.zip")[1].stamp, "broken"
    )


def test_what_is_left_alone_in_a_nested_tape_counts_too(tmp_path: Path) -> None:
    inner = tape([(".x", bytes(5_000_000))])
    (tmp_path / "a.zip").write_bytes(archive({f"{n}.tgz": inner for n in range(30)}))
    with pytest.raises(UnreadableFile) as refused:
        members(tmp_path / "a.zip")
    assert refused.value.reason == "too_large"


def test_a_nested_tape_that_breaks_is_paid_for(tmp_path: Path) -> None:
    torn = tape([("a.txt", bytes(range(256)) * 10_000)])[:-200]
    (tmp_path / "a.zip").write_bytes(archive({"a.tgz": torn, "b.txt": b"x"}))
    budget = Budget()
    had = budget.unfolded_bytes
    assert [m.reason for m in members(tmp_path / "a.zip", budget)] == ["broken", ""]
    assert had - budget.unfolded_bytes > 2_500_000


# -- unfolded once


@pytest.fixture
def unfolded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes were unfolded of packed tapes."""
    taken: list[int] = []
    real: Callable[..., bytes] = zlib.decompressobj

    class Noting:
        def __init__(self, *given: object, **named: object) -> None:
            self._real = real(*given, **named)

        def decompress(self, *given: object) -> bytes:
            data: bytes = self._real.decompress(*given)  # type: ignore[attr-defined]
            taken.append(len(data))
            return data

        def __getattr__(self, name: str) -> object:
            return getattr(self._real, name)

    monkeypatch.setattr("gzip.zlib.decompressobj", Noting)
    return taken


def test_reading_one_file_after_another_unfolds_a_tape_twice_at_most(unfolded: list[int]) -> None:
    entries = [(f"{number:02}.txt", b"%02d" % number * 20_000) for number in range(40)]
    whole = sum(len(data) for _, data in entries)
    for data, way in (
        (tape(entries), ()),
        (archive({"lot.tar.gz": tape(entries)}), ("lot.tar.gz",)),
        (tape([("lot.tar.gz", tape(entries))]), ("lot.tar.gz",)),
    ):
        unfolded.clear()
        opened = OpenArchive(io.BytesIO(data), "a.zip" if data[:2] == b"PK" else "a.tgz")
        for name, content in entries:
            assert opened.read((*way, name)) == content
        assert sum(unfolded) < 3 * whole


def test_one_name_many_times_does_not_send_a_tape_back_and_forth(unfolded: list[int]) -> None:
    filling = bytes(range(256)) * 200
    entries = [(f"{number}.txt", filling) for number in range(40)]
    twice = [one for entry in entries for one in (entry, ("toujours.txt", filling))]
    whole = sum(len(data) for _, data in twice)
    opened = OpenArchive(io.BytesIO(tape(twice)), "a.tgz")
    found = opened.members()
    assert len(found) == len({member.name for member in found}) == 41
    for member in found:
        opened.read(member.inside)
    assert sum(unfolded) < 3 * whole


def test_a_tape_that_is_sent_back_and_forth_is_given_up() -> None:
    small = [(f"{number}.txt", bytes(range(256)) * 1_000) for number in range(30)]
    opened = OpenArchive(io.BytesIO(tape(small)), "a.tgz")
    with pytest.raises(UnreadableFile) as refused:
        for _ in range(100):
            opened.read((small[-1][0],))
            opened.read((small[0][0],))
    assert refused.value.reason == "too_large"


def test_a_tape_that_unfolds_to_much_more_than_it_weighs_is_refused() -> None:
    with pytest.raises(UnreadableFile) as refused:
        OpenArchive(io.BytesIO(tape([("a.txt", bytes(LARGE))])), "a.tgz").members()
    assert refused.value.reason == "too_large"


def test_an_archive_that_came_with_a_message_is_unfolded_once(unfolded: list[int]) -> None:
    entries = [(f"{number:02}.txt", b"Le repas. " * 3_000) for number in range(40)]
    document = read_data(tape(entries), name="a.tgz")
    assert "Pièce jointe : 39.txt" in document.pages[0].text
    assert sum(unfolded) < 3 * sum(len(data) for _, data in entries)


# -- the whole walk


@pytest.fixture
def small_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.walk.Budget", lambda: Budget(members=3))


@in_a_file
def test_all_archives_of_a_walk_share_what_they_may_hold(town: Town, small_budget: None) -> None:
    for name in "ab":
        files = {f"{name}{number}.txt": f"{CANTEEN} {name}{number}".encode() for number in range(2)}
        (town.folder / f"{name}.zip").write_bytes(archive(files))
    assert [(f.file, f.reason) for f in town.add().failed] == [("b.zip", "archives_full")]
    assert len(town.store.documents()) == 2


def test_an_archive_that_was_refused_is_paid_for_by_the_walk(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.walk.Budget", lambda: Budget(unfolded_bytes=RATIO_FROM_BYTES))
    (town.folder / "a.tgz").write_bytes(tape([("a.txt", bytes(LARGE))]))
    (town.folder / "b.zip").write_bytes(archive({"c.txt": CANTEEN.encode()}))
    failed = {f.file: f.reason for f in town.add().failed}
    assert failed == {"a.tgz": "too_large", "b.zip": "archives_full"}


@in_a_file
def test_what_was_not_listed_is_not_taken_for_gone(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ab":
        files = {f"{name}{number}.txt": f"{CANTEEN} {name}{number}".encode() for number in range(2)}
        (town.folder / f"{name}.zip").write_bytes(archive(files))
    assert town.add().added == 4
    monkeypatch.setattr("corpus.walk.Budget", lambda: Budget(members=3))
    assert town.ingestion.missing([town.folder]) == []
    report = town.add(prune=True)
    assert (report.removed, len(town.store.documents())) == (0, 4)
    monkeypatch.undo()
    (town.folder / "b.zip").unlink()
    assert town.add(prune=True).removed == 2


# -- in another process


@in_a_file
def test_the_process_that_serves_unfolds_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What walks, hashes, reads and shows originals leaves archives to a reading process."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("an archive was opened here")

    (town.folder / "a.zip").write_bytes(archive({"b/c.txt": CANTEEN.encode()}))
    (town.folder / "d.tgz").write_bytes(tape([("e.txt", b"La halle ouvre le mardi matin.")]))
    (town.folder / "f.tgz").write_bytes(b"\x1f\x8b\x08\x00" + bytes(30))
    for opened in ("zipfile.ZipFile.__init__", "tarfile.open", "gzip.GzipFile.__init__"):
        monkeypatch.setattr(opened, never)
    with ReadingPool(1) as pool:
        listed = [(f.name, f.reason) for f in walk([town.folder], pool)]
        assert listed == [("a.zip/b/c.txt", ""), ("d.tgz/e.txt", ""), ("f.tgz", "broken")]
        assert pool.take(town.folder / "a.zip", ("b/c.txt",)) == CANTEEN.encode()
        with pytest.raises(UnreadableFile):
            pool.take(town.folder / "a.zip", ("nowhere.txt",))
        monkeypatch.setattr("tests.corpus.conftest.ReadHere", lambda: pool)
        assert town.add().added == 2
    originals = Originals(town.store, [town.folder], key=KEY)
    read = {d.file: originals.read(d) for d in town.store.documents()}
    assert read["a.zip/b/c.txt"] == CANTEEN.encode()


def test_leaving_ends_a_listing_that_is_under_way(tmp_path: Path) -> None:
    script = tmp_path / "worker.py"
    script.write_text(
        "import time\nfrom corpus.readers import worker\n"
        "worker.OpenArchive.members = lambda *_: time.sleep(600)\nworker.main()\n",
        "utf-8",
    )
    (tmp_path / "a.zip").write_bytes(archive({"a.txt": b"x"}))
    with ThreadPoolExecutor(1) as threads:
        with ReadingPool(1, command=(sys.executable, str(script))) as pool:
            listing = threads.submit(pool.members, tmp_path / "a.zip", Budget())
            while pool._workers[0]._process is None:
                pass
        assert isinstance(listing.exception(timeout=60), UnreadableFile)
