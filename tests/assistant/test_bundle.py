# SPDX-License-Identifier: EUPL-1.2
"""What goes into a bundle: the lock, the packages' own words, the bill, the archive."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from assistant.bundle.archive import MANIFEST, Model, write_archive
from assistant.bundle.lock import read_lock
from assistant.bundle.sbom import bill
from assistant.bundle.wheel import read_wheel
from assistant.errors import UserError
from corpus.weights_catalogue import WeightsFile, catalogue
from corpus.weights_sources import sha256
from tests.assistant.packages import LICENCE_TEXT, make_wheel
from tests.table import each

ROOT = Path(__file__).parents[2]
HASH, OTHER = (f"--hash=sha256:{letter * 64}" for letter in "ab")


@pytest.fixture
def model(tmp_path: Path) -> Model:
    path = tmp_path / "weights.gguf"
    path.write_bytes(b"weights")
    known = catalogue()[0]
    facts = {name: getattr(known, name) for name in known.__dataclass_fields__}
    return Model(WeightsFile(**{**facts, "sha256": sha256(path), "file": path.name}), path)


def test_a_lock_is_read_for_this_system() -> None:
    pins = read_lock(
        f"# made\nAlpha_One==1.0 \\\n    {HASH} \\\n    {OTHER}\n"
        f"far==2 ; sys_platform == 'win32' \\\n    {HASH}\n"
        f"near==3 ; python_version >= '3.11' \\\n    {HASH}\n"
    )
    assert [*pins] == ["alpha-one", "near"]
    assert pins["alpha-one"].version == "1.0"
    assert pins["alpha-one"].line.count("--hash=sha256:") == 2


@each(
    "line",
    [f"alpha>=1 {HASH}", "alpha==1", f"alpha {HASH}", f"alpha==1,<2 {HASH}", f"-e . {HASH}"],
)
def test_a_line_that_does_not_pin_by_hash_stops_everything(line: str) -> None:
    with pytest.raises(UserError) as stopped:
        read_lock(line)
    assert stopped.value.key == "bundle_lock"


def test_our_own_lock_is_read() -> None:
    pins = read_lock((ROOT / "requirements.lock").read_text("utf-8"))
    assert {"chromadb", "llama-cpp-python", "gradio", "mcp"} <= pins.keys()
    assert "pywin32" not in pins


def test_a_wheel_says_what_it_is_without_being_run(tmp_path: Path) -> None:
    needs = ["beta>=1", 'gamma ; extra == "more"', 'never ; sys_platform == "win32"']
    wheel = read_wheel(make_wheel(tmp_path, "alpha", "1.2", needs))
    assert (wheel.name, wheel.version, wheel.expression) == ("alpha", "1.2", "MIT")
    assert [n.name for n in wheel.wants(frozenset())] == ["beta"]
    assert [n.name for n in wheel.wants(frozenset({"more"}))] == ["beta", "gamma"]
    assert dict(wheel.texts()) == {"licenses-LICENSE": LICENCE_TEXT.encode()}


def test_what_is_no_wheel_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "alpha-1-py3-none-any.whl"
    path.write_bytes(b"nothing")
    with pytest.raises(UserError) as refused:
        read_wheel(path)
    assert refused.value.facts == {"name": path.name}


def test_the_bill_is_one_that_others_read(tmp_path: Path, model: Model) -> None:
    wheels = [
        read_wheel(make_wheel(tmp_path, "greffier", "1.0", ["alpha"], licence="EUPL-1.2")),
        read_wheel(make_wheel(tmp_path, "alpha", "1.2", licence="MIT OR Apache-2.0")),
        read_wheel(make_wheel(tmp_path, "beta", "1.0", licence="")),
    ]
    sheet = bill(wheels, [model.weights])
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(sheet)) is None
    assert validator.validate_str(json.dumps({**sheet, "unknown": 1})) is not None
    hashes = {c["name"]: c["hashes"][0]["content"] for c in sheet["components"]}  # type: ignore[attr-defined]
    assert hashes == {
        "alpha": wheels[1].sha256, "beta": wheels[2].sha256,
        model.weights.name: model.weights.sha256,
    }  # fmt: skip
    first = {d["ref"]: d["dependsOn"] for d in sheet["dependencies"]}["pkg:pypi/greffier@1.0"]  # type: ignore[attr-defined]
    assert first == ["pkg:pypi/alpha@1.2", f"model:{model.weights.name}"]


def test_the_same_contents_give_the_same_bytes(tmp_path: Path, model: Model) -> None:
    wheels = [read_wheel(make_wheel(tmp_path, "greffier", "1.0"))]
    hashes = [write_archive(tmp_path / name, "1.0", wheels, [model]) for name in ("a", "b")]
    assert hashes[0] == hashes[1] == sha256(tmp_path / "a")
    (tmp_path / "weights.gguf").write_bytes(b"w e i g")
    assert write_archive(tmp_path / "c", "1.0", wheels, [model]) != hashes[0]


def test_every_file_is_in_the_manifest(tmp_path: Path, model: Model) -> None:
    file = tmp_path / "bundle.tar"
    write_archive(file, "1.0", [read_wheel(make_wheel(tmp_path, "greffier", "1.0"))], [model])
    with tarfile.open(file) as archive:
        archive.extractall(tmp_path, filter="data")
    top = tmp_path / "greffier-1.0"
    listed = dict(
        reversed(line.split("  ")) for line in (top / MANIFEST).read_text("utf-8").splitlines()
    )
    found = {p.relative_to(top).as_posix(): sha256(p) for p in top.rglob("*") if p.is_file()}
    assert found.pop(MANIFEST)
    assert listed == found
    assert {"install.sh", "sbom.cdx.json", "models/weights.gguf"} <= listed.keys()
    table = (top / "licences" / "LICENCES.tsv").read_text("utf-8")
    assert "greffier\t1.0\tMIT\n" in table and "weights.gguf\t\tApache-2.0\n" in table


def test_what_could_not_be_written_leaves_nothing(tmp_path: Path, model: Model) -> None:
    wheel = read_wheel(make_wheel(tmp_path, "greffier", "1.0"))
    model.path.unlink()
    with pytest.raises(OSError):
        write_archive(tmp_path / "bundle.tar", "1.0", [wheel], [model])
    assert not [*tmp_path.glob("bundle.tar*")]
