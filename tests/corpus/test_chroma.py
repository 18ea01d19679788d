# SPDX-License-Identifier: EUPL-1.2
"""Chroma is imported without what would make every command two seconds slower."""

from __future__ import annotations

import subprocess
import sys

import pytest

from corpus.chroma import hidden


def test_no_grammar_is_built_to_import_chroma_and_the_package_is_there_afterwards() -> None:
    program = (
        "import sys, corpus.vectors, corpus.vectors_server\n"
        "assert 'chromadb' in sys.modules and 'rfc3987_syntax' not in sys.modules\n"
        "assert 'lark' not in sys.modules\n"
        "import rfc3987_syntax"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_what_is_hidden_is_found_again_even_after_a_failure() -> None:
    name = "this" if "this" not in sys.modules else "antigravity"
    with pytest.raises(ImportError), hidden(name):
        __import__(name)
    assert name not in sys.modules


def test_what_is_imported_already_stays() -> None:
    with hidden("sys"):
        assert sys.modules["sys"] is sys
    assert sys.modules["sys"] is sys
