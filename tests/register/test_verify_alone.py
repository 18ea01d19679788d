# SPDX-License-Identifier: EUPL-1.2
"""The verifier as an auditor runs it: alone, on a copy, on a medium that cannot be written."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import cryptography
import pytest

from guardrails.register.kit import VERIFIER
from guardrails.register.verdicts import UNREADABLE, WORDS, Remark, Trouble, Verdict
from guardrails.register.verify import main
from tests.register.homes import Home, ask_in
from tests.table import each

ROOT = Path(__file__).parents[2]
ONLY = """
import sys, importlib.abc
class Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top in ("cryptography", "_cffi_backend", "cffi"):
            return None
        if name == "guardrails" or name in ("guardrails.errors", "guardrails.findings"):
            return None
        if name.startswith("guardrails.register"):
            return None
        raise ImportError("not for an auditor: " + name)
sys.meta_path.insert(0, Refuse())
import runpy
sys.argv = ["verify", *sys.argv[1:]]
runpy.run_module("guardrails.register.verify", run_name="__main__")
"""


@pytest.fixture
def written(home: Home) -> Home:
    with home.open() as register:
        ask_in(register)
    return home


def test_it_runs_with_the_standard_library_and_cryptography_only(
    written: Home, tmp_path: Path
) -> None:
    alone = tmp_path / "alone"  # the verifier's files, lifted out, beside nothing else
    (alone / "guardrails" / "register").mkdir(parents=True)
    own = [f"register/{name}.py" for name in VERIFIER]
    for name in ("__init__.py", "errors.py", "register/__init__.py", *own,
                 "register/verdicts.toml"):  # fmt: skip
        shutil.copy(ROOT / "guardrails" / name, alone / "guardrails" / name)
    copy = tmp_path / "copy.sqlite3"
    shutil.copy(written.file, copy)
    note = tmp_path / "kept.txt"
    note.write_text(written.latest, "utf-8")
    site = Path(cryptography.__file__).parents[1]
    setup = f"import sys; sys.path[:0] = [{str(alone)!r}, {str(site)!r}]\n"
    command = [sys.executable, "-I", "-S", "-W", "error", "-c", setup + ONLY, str(copy)]
    done = subprocess.run(
        [*command, "--checkpoint", str(note), "--lang", "en"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(
        r"The register greffier/\w+ holds: 4 entries .* 1 kept checkpoint "
        r"\(up to 4 entries\)\.\n", done.stdout,
    )  # fmt: skip


def test_it_loads_its_own_files_and_none_of_those_that_write() -> None:
    script = (
        "import sys, guardrails.register.verify\n"
        "print(*sorted(n for n in sys.modules if n.startswith('guardrails')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.removeprefix("guardrails.register.") for name in done.stdout.split()}
    assert loaded - {"guardrails", "guardrails.errors", "guardrails.register"} == set(VERIFIER)


def test_it_runs_from_the_repository_without_a_warning(written: Home) -> None:
    command = [sys.executable, "-W", "error", "-m", "guardrails.register.verify"]
    done = subprocess.run(
        [*command, str(written.file)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (4, "", 1)
    assert "autosigné, non authentifié" in done.stderr
    assert "sans point de contrôle conservé ailleurs" in done.stderr


def test_it_writes_nothing_and_reads_what_cannot_be_written(
    written: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(written.file, copy)
    before = (copy / "register.sqlite3").read_bytes()
    mount = ["mount", "--bind", "-o", "ro", str(copy), str(copy)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here (it needs root)")
    try:
        assert main([str(copy / "register.sqlite3"), "--public-key", key_of(written)]) == 0
    finally:
        subprocess.run(["umount", "-l", str(copy)], check=True)
    assert "tient" in capsys.readouterr().out
    assert (copy / "register.sqlite3").read_bytes() == before
    assert [path.name for path in copy.iterdir()] == ["register.sqlite3"]


def key_of(home: Home) -> str:
    with home.open() as register:
        return str(register.key_chain()[-1])


def test_its_exit_codes_are_those_of_the_documentation(
    written: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(written.file), "--public-key", key_of(written)]) == 0
    assert main([str(written.file)]) == 4
    assert main([str(tmp_path / "nowhere.sqlite3")]) == 3
    assert "aucun registre" in capsys.readouterr().err
    other = Home(tmp_path / "other")
    other.open().close()
    kept = other.data / "checkpoints" / "checkpoint-latest.txt"
    assert main([str(written.file), "--checkpoint", str(kept)]) == 1
    assert "autre registre" in capsys.readouterr().err
    absent = str(tmp_path / "absent.txt")
    for wrong, said in (
        (["--checkpoint", str(written.file)], "n’est pas un point de contrôle"),
        (["--public-key", "x"], "une clé publique"),
        (["--checkpoint", absent], "ne peut pas être lu (absent.txt"),
        (["--nothing"], "usage"),
    ):
        with pytest.raises(SystemExit) as stopped:
            main([str(written.file), *wrong])
        assert stopped.value.code == 2
        assert said in capsys.readouterr().err


@each("language", ["fr", "en"])
@each("trouble", Trouble)
def test_every_trouble_has_its_sentence(trouble: Trouble, language: str) -> None:
    verdict = Verdict(size=3, origin="greffier/x", trouble=trouble, index=1, other=2, note="n")
    sentence = verdict.sentence(language)
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert verdict.exit_code == (3 if trouble in UNREADABLE else 1)
    names = set(re.findall(r"{(\w+)}", WORDS[language]["trouble"][trouble]))
    assert names == set(re.findall(r"{(\w+)}", WORDS["fr"]["trouble"][trouble]))


@each(
    "verdict, language, said",
    [
        (Verdict(size=2, kept=1, anchor=2), "fr", ", conforme à 1 point de contrôle conservé ("),
        (Verdict(size=2, kept=2, anchor=2), "fr", ", conformes à 2 points de contrôle conservés ("),
        (Verdict(size=2, kept=2, anchor=2), "en", " with 2 kept checkpoints ("),
        (
            Verdict(size=1, is_proof=True),
            "fr",
            " 1 entrée du registre , à sa place et telle quelle",
        ),
        (Verdict(size=3, is_proof=True), "fr", " 3 entrées du registre , à leur place et telles "),
        (Verdict(size=1, is_proof=True), "en", " 1 entry of the register , in its place and "),
        (
            Verdict(size=1, is_proof=True, is_authenticated=False),
            "fr",
            " 1 entrée mène à la racine",
        ),
        (Verdict(size=2, is_proof=True, is_authenticated=False), "en", " 2 entries lead to the "),
        (Verdict(size=2, remarks=(Remark(name="unwitnessed", n=1, index=1),)), "fr", "(1 entrée)"),
        (Verdict(size=3, remarks=(Remark(name="unwitnessed", n=2, index=1),)), "en", "(2 entries)"),
    ],
)
def test_one_is_said_otherwise_than_many(verdict: Verdict, language: str, said: str) -> None:
    assert said in verdict.sentence(language)
    seen = Verdict(remarks=tuple(Remark(name="witnessed", n=n) for n in (1, 2)))
    assert [aside.split(" ")[3] for aside in seen.asides("fr")] == ["témoin", "témoins"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_remark_has_its_sentence(language: str) -> None:
    names = ("clock", "ahead", "open", "restored", "erased", "uncompared", "witnessed",
             "unwitnessed", "contents", "unread")  # fmt: skip
    verdict = Verdict(remarks=tuple(Remark(name=name, n=3, index=1) for name in names))
    assert all("3" in aside and "{" not in aside for aside in verdict.asides(language))
    assert WORDS["fr"]["frame"].keys() == WORDS["en"]["frame"].keys()
    assert WORDS["fr"]["trouble"].keys() == set(Trouble)
