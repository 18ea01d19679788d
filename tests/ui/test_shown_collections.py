# SPDX-License-Identifier: EUPL-1.2
"""A collection is called by its name wherever people read: `default` is a word of the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.settings import Settings
from assistant.wiring import open_parts
from corpus.documents import UNFILED
from tests.assistant.conftest import CANTEEN
from tests.assistant.terminal import stand_in
from tests.ui.access.walk import WHO, Address, addresses, client_of, whole_app
from ui.access.routes import Kind, find
from ui.papers import PAPERS, draft_papers

RAW = re.compile(rf"\b{UNFILED}\b")
ALSO = (
    *(f"/transparence/{name}" for name in ("algorithme.csv", "algorithme.md", "cas-d-usage.md")),
    "/documents?q=repas",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one act that nobody filed, which residents may read."""
    stand_in(monkeypatch)
    monkeypatch.setenv("GREFFIER_MODELS", str(tmp_path / "models"))
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "cantine.txt").write_text(CANTEEN, "utf-8")
    with open_parts(tmp_path / "data", tmp_path / "keys", Settings()) as parts:
        parts.ingestion.add([tmp_path / "town"], collection=UNFILED)
        parts.folder.settings.write_text(
            f'[collections]\nsenior = ["{UNFILED}", "public"]\n', "utf-8"
        )
        kept = parts.store.documents()
        assert [one.collection for one in kept] == [UNFILED]
    return tmp_path


def shown(addresses_: set[Address]) -> Iterator[str]:
    """Yield the addresses of pages that need nothing to be named."""
    for address in sorted(addresses_):
        route = find(address.method, address.sample)
        is_named = "{" in address.template
        if address.method == "GET" and not is_named and route and route.kind is Kind.PAGE:
            yield address.sample


def said(page: str) -> str:
    tree = LexborHTMLParser(page)
    for node in tree.css("script, style, code"):  # a command is typed as the program knows it
        node.decompose()
    return tree.text(separator=" ")


def test_no_page_says_the_raw_name_of_a_collection(folder: Path) -> None:
    told, named = [], set()
    with whole_app(folder, town="Mirelande") as (app, desk):
        pages = [*shown(set(addresses(app.routes))), *ALSO]
        for role in WHO:
            client = client_of(app, desk, role)
            for address in pages:
                answer = client.get(address)
                if answer.status_code != 200:
                    continue
                is_page = "html" in answer.headers["content-type"]
                text = said(answer.text) if is_page else answer.text
                told += [(role, address, text[max(0, m.start() - 40) : m.end() + 40])
                         for m in RAW.finditer(text)]  # fmt: skip
                if "À classer" in text or "Documents de la mairie" in text:
                    named.add(address)
    assert told == []
    assert {"/transparence", "/transparence/algorithme.md", "/admin/documents"} <= named


def test_no_paper_says_the_raw_name_of_a_collection(folder: Path) -> None:
    with open_parts(folder / "data", folder / "keys", Settings()) as parts:
        made = draft_papers(parts, PAPERS, "md", by="x", role="administrator")
    texts = {one.paper: one.content.decode() for one in made}
    assert [name for name, text in texts.items() if RAW.search(text)] == []
    assert [name for name, text in texts.items() if "| À classer | 1 |" in text] == [
        "aipd", "carte-du-systeme",
    ]  # fmt: skip
