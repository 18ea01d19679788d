# SPDX-License-Identifier: EUPL-1.2
"""Imports go one way, each heavy library has one door, and `--help` loads none of them."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.table import each

ROOT = Path(__file__).parents[2]
LAYERS = ("guardrails", "corpus", "assistant", "ui")
"""From the bottom to the top: a package imports itself and those before it."""

DOORS = {
    "chromadb": "corpus/chroma.py",
    "presidio_analyzer": "guardrails/presidio.py",
    "llama_cpp": (
        "assistant/llama.py",
        "assistant/hidden_states.py",
        "assistant/held_words.py",
    ),
    "gradio": "ui/",
    "argon2": "ui/access/passwords.py",
    "authlib": "ui/access/oidc.py",
    "mcp": "ui/mcp/",
    "psycopg": (
        "guardrails/postgresql.py",
        "guardrails/register/store_postgresql.py",
        "corpus/database_postgresql.py",
    ),
    "opentelemetry": "assistant/tracing_otlp.py",
    "ray": "corpus/cluster.py",
    "av": "ui/sound.py",
    "faster_whisper": "ui/ear.py",
}
HEAVY = (
    *DOORS,
    *("spacy", "onnxruntime", "tokenizers", "numpy", "lxml", "pypdfium2", "docx", "openpyxl"),
    *("fastapi", "uvicorn", "cryptography", "sqlite3", "ahocorasick", "rapidfuzz"),
)

MODULES = [path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))]


def imported(source: str) -> Iterator[str]:
    """Yield the names of the modules that a source imports, wherever it does so."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides the package that it names"
            yield node.module or ""
        elif isinstance(node, ast.Call) and _name(node.func) in ("import_module", "__import__"):
            yield from (str(a.value) for a in node.args[:1] if isinstance(a, ast.Constant))


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


@cache
def imported_by(path: Path) -> frozenset[str]:
    """Return the names of the modules that a module of ours imports; each is parsed once."""
    return frozenset(imported(path.read_text("utf-8")))


def too_high(source: str, layer: str) -> set[str]:
    """Return the packages of ours that a source of this layer must not import, and does."""
    above = set(LAYERS[LAYERS.index(layer) + 1 :])
    return {name.partition(".")[0] for name in imported(source)} & above


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@each("path", MODULES, ids=relative)
def test_a_module_imports_only_the_packages_below(path: Path) -> None:
    assert not too_high(path.read_text("utf-8"), path.relative_to(ROOT).parts[0])


@pytest.mark.parametrize(
    "source",
    [
        "import assistant.cli",
        "from ui.app import build_app",
        "def late():\n    from assistant import answers",
        "import_module('ui.main')",
    ],
)
def test_an_import_that_looks_up_is_seen_wherever_it_hides(source: str) -> None:
    assert too_high(source, "corpus")
    assert not too_high(source.replace("assistant", "corpus").replace("ui", "guardrails"), "corpus")


@each("library, door", DOORS.items())
def test_a_heavy_library_has_its_doors_and_no_other(
    library: str, door: str | tuple[str, ...]
) -> None:
    users = {
        relative(path)
        for path in MODULES
        if any(name.partition(".")[0] == library for name in imported_by(path))
    }
    assert users
    assert all(user.startswith(door) for user in users)


@each("path", MODULES, ids=relative)
def test_only_the_command_line_prints(path: Path) -> None:
    """`print` and `click.echo` are the session's; a program that runs by itself may say so."""
    tree = ast.parse(path.read_text("utf-8"))
    calls = [_name(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert "print" not in calls
    if relative(path) not in ("assistant/cli.py", "assistant/commands/session.py"):
        assert "echo" not in calls


def test_help_loads_no_heavy_library(tmp_path: Path) -> None:
    program = (
        "import sys, json, ui.main, assistant.cli; code = assistant.cli.run(['--help']);"
        "print(json.dumps([code, sorted(m for m in sys.modules)]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=300,
        check=True,
    )
    code, loaded = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    assert "assistant.cli" in loaded
    assert not {name.partition(".")[0] for name in loaded} & set(HEAVY)
