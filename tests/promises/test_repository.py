# SPDX-License-Identifier: EUPL-1.2
"""What the repository shows of itself: licence, addresses, locks, and words for everything."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path
from string import Formatter

import pytest

from assistant.answers import Reason
from assistant.texts import Texts
from tests.table import each

ROOT = Path(__file__).parents[2]
SPDX = "# SPDX-License-Identifier: EUPL-1.2"

# In pieces, so that this file does not hold what it forbids.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("pypi", "python", "org"),
        ("registry", "npmjs"),
        ("anaconda", "org"),
        ("crates", "io"),
    )
)
FORBIDDEN = re.compile(
    "|".join(map(re.escape, REGISTRIES))
    + r"|(?:index-url|extra-index-url|find-links|trusted-host)[ =]+\S*\w\.\w"
    + r"|(?<![\w.~$}])/(?:work|root|home/\w+|Users/\w+|mnt/\w+)/[\w.]",
    re.IGNORECASE,
)


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others",
         "--exclude-standard"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip
    if listed.returncode:
        return []
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


FILES = tracked()
PYTHON = [path for path in FILES if path.suffix == ".py"]
needs_git = pytest.mark.skipif(not FILES, reason="not a git checkout: no list of files")


def lines_with_addresses(text: str) -> list[str]:
    return [line.strip()[:200] for line in text.splitlines() if FORBIDDEN.search(line)]


@needs_git
def test_no_file_names_a_package_host_or_a_place_on_a_machine() -> None:
    found = {}
    for path in FILES:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if lines := lines_with_addresses(text):
            found[path.relative_to(ROOT).as_posix()] = lines
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        f"see https://{REGISTRIES[0]}/project/x",
        "pip install --index-" + "url=http://mirror.example/simple",
        "path = '/home" + "/someone/town'",
        "cd /root" + "/data",
    ],
)
def test_such_a_line_is_seen(line: str) -> None:
    assert lines_with_addresses(line)


@needs_git
def test_every_python_file_starts_with_its_licence() -> None:
    without = [
        path.relative_to(ROOT).as_posix()
        for path in PYTHON
        if path.read_text("utf-8").split("\n", 1)[0] != SPDX
    ]
    assert PYTHON and without == []


def test_the_licence_is_the_eupl() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "Applicable Law" in text and "Appendix" in text
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "EUPL-1.2"


@pytest.mark.parametrize("name", ["", "-build", "-server"])
def test_a_lock_has_versions_and_hashes_and_no_address(name: str) -> None:
    text = (ROOT / f"requirements{name}.lock").read_text("utf-8").replace("\\\n", " ")
    pins = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert pins
    for pin in pins:
        assert re.match(r"[\w.\[\]-]+==[\w.+!]+(?: ;[^#]*)? +--hash=sha256:[0-9a-f]{64}", pin), pin
    assert "://" not in text and "--index" not in text and "--find" not in text


def words(language: str) -> dict[str, dict[str, str]]:
    text = (ROOT / "assistant" / "texts" / f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


def facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_both_languages_say_the_same_things_with_the_same_facts() -> None:
    french, english = words("fr"), words("en")
    assert {s: list(french[s]) for s in french} == {s: list(english[s]) for s in english}
    for section, keys in french.items():
        for key, sentence in keys.items():
            assert facts(sentence) == facts(english[section][key]), f"[{section}] {key}"
            assert bool(sentence) is bool(english[section][key]), f"[{section}] {key}"


@each("language", ["fr", "en"])
@each("reason", Reason)
def test_every_refusal_has_its_words_and_says_what_to_do_next(
    language: str, reason: Reason
) -> None:
    texts = Texts("en" if language == "en" else "fr")
    assert texts("refusal", reason.value)
    assert texts("next", reason.value)


def used_keys(source: str) -> set[str]:
    """Return the error keys that a source names: `Error("key")`, `.fail("key")`."""
    raising = ("fail", "UserError", "BadQuestion", "BadSettings", "ModelFailed")
    keys = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and name in raising:
            keys.add(first.value)
    return keys


def test_every_error_has_its_words() -> None:
    sources = [
        p.read_text("utf-8") for top in ("assistant", "ui") for p in (ROOT / top).rglob("*.py")
    ]
    keys = set().union(*map(used_keys, sources))
    assert "empty_question" in keys
    assert keys <= set(words("fr")["error"])
    explained = (ROOT / "assistant" / "cli.py").read_text("utf-8")
    for key in re.findall(r'texts\(\s*"error", "(\w+)"', explained):
        assert key in words("fr")["error"], key
