# SPDX-License-Identifier: EUPL-1.2
"""What docstrings show is what the functions return."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

from tests.table import each

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("guardrails", "corpus", "assistant", "ui")


def modules() -> list[str]:
    """Names of the modules whose docstrings hold an example."""
    files = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    shown = (path for path in files if "\n    >>> " in path.read_text("utf-8"))
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts) for path in shown)
    return [name.removesuffix(".__init__") for name in names]


@each("name", modules())
def test_examples_hold(name: str) -> None:
    failed, tried = doctest.testmod(import_module(name))
    assert tried and not failed
