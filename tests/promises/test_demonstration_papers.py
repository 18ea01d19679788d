# SPDX-License-Identifier: EUPL-1.2
"""Every paper of the town comes out of the demonstration, filled, without an edit by hand."""

from __future__ import annotations

import re
from pathlib import Path

import docx
import pytest
from markdown_it import MarkdownIt

from tests.promises.machine import Machine, missing_models
from ui.papers import PAPERS

pytestmark = pytest.mark.real
TOWN = "Mirelande-sur-Auvelle"


def said(path: Path) -> tuple[str, int]:
    """What a paper says, and how many documents its tables count, as foreign programs read it."""
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(p.text for p in document.paragraphs), *cells]), len(document.tables)
    tokens = MarkdownIt("commonmark").enable("table").parse(path.read_text("utf-8"))
    words = "\n".join(token.content for token in tokens if token.type == "inline")
    return words, sum(token.type == "table_open" for token in tokens)


def test_every_paper_comes_out_of_the_demonstration(tmp_path: Path) -> None:
    if missing := missing_models():
        pytest.skip(f"model files are missing: greffier models pull ({', '.join(missing)})")
    machine = Machine(tmp_path / "machine")
    assert machine("demo", "--no-serve").code == 0
    held = len(machine("corpus", "list", "--json").json)
    assert held > 20
    for form in ("docx", "md"):
        folder = tmp_path / form
        folder.mkdir()
        told = machine("papers", "--format", form, "--to", str(folder), "--json").json["papers"]
        assert [one["name"] for one in told] == [*PAPERS]
        for one in told:
            words, tables = said(folder / one["file"])
            assert TOWN in words and tables, one["name"]
            assert not re.search(r"\{\{|\{%|\bNone\b|\bUndefined\b", words), one["name"]
            if one["name"] == "aipd":
                counts = [int(word) for word in words.split() if word.isdigit()]
                assert max(counts) >= 20  # the demonstration's documents, not a fixture's two
