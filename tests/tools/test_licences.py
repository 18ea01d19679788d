# SPDX-License-Identifier: EUPL-1.2
"""Every library that Greffier brings has a licence that somebody knows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.table import each
from tools import audit, licences

ROOT = Path(__file__).parents[2]


def test_every_library_has_a_known_licence() -> None:
    assert licences.unknown() == {}


def test_all_that_is_brought_is_looked_at() -> None:
    names = {
        canonicalize_name(found.metadata["Name"]) for found in licences.brought(licences.OWN_NEEDS)
    }
    assert {"greffier", "chromadb", "llama-cpp-python", "gradio", "mcp", "spacy"} <= names
    assert not {"pytest", "locust"} & names


@each(
    "licence, is_fine",
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-2.0-only", True),
        ("(MIT AND BSD-3-Clause) AND ISC", True),
        ("MIT AND AGPL-3.0-only", False),
        ("GPL-3.0-or-later", False),
        ("SSPL-1.0", False),
        ("", False),
    ],
)
def test_a_licence_is_fine_if_one_way_of_reading_it_is(licence: str, is_fine: bool) -> None:
    assert licences.is_fine(licence) is is_fine


def test_a_library_of_which_nobody_knows_stops_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licences, "FINE", licences.FINE - {"MPL-2.0", "MIT"})
    assert licences.unknown()
    assert licences.main() == 1


@pytest.mark.parametrize(
    ("code", "said", "verdict"),
    [
        (0, "No known vulnerabilities found", 0),
        (1, "Found 2 known vulnerabilities in 1 package\nflask 0.5 PYSEC-2019-179 1.0", 1),
        (1, "pip_audit._service.interface.ConnectionError: Could not connect", 2),
        (1, "ERROR: something else", 2),
    ],
)
def test_what_could_not_be_asked_is_not_said_to_be_sound(
    code: int, said: str, verdict: int
) -> None:
    found, told = audit.verdict(code, said)
    assert found == verdict
    assert told.startswith("not audited") is (verdict == 2)


def test_make_check_runs_it() -> None:
    assert "python -m tools.licences" in (ROOT / "Makefile").read_text("utf-8")
    done = subprocess.run([sys.executable, "-m", "tools.licences", "--list"], cwd=ROOT,
                          capture_output=True, encoding="utf-8", timeout=120)  # fmt: skip
    assert done.returncode == 0
    assert "\nmcp\t" in done.stdout
