# SPDX-License-Identifier: EUPL-1.2
"""Everything that a form of the agents' newer pages takes, filled with what no browser sends.

Compared acts, letters, dropped files, validated answers and what lacks one: each field of each form
and each part of each address, hostile; nothing raises, nothing is shown as it was sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from httpx import Response

from corpus.dropped import Dropped
from guardrails.register import open_register
from tests.corpus.conftest import ReadHere
from tests.fakes import HashEmbedder
from tests.ui.test_validating import ANSWERED, REFUSED, Town
from tests.ui.workspace import browsing

SCRIPT = "<script>alert(1)</script>"
HOSTILE = (
    "\x00\x0b\x1b[31m",
    "../../../etc/passwd",
    "/etc/passwd",
    "9" * 400,
    "-1",
    "1-99999999999999999999",
    "=cmd|'/c calc'!A1",
    SCRIPT,
    "a" * 5_000,
    "٣٤\u202e\u2066",
    f"x:{'9' * 60}:0:5",
    "9999-12-31",
)
NAMES = (
    "question", "wordings", "answer", "until", "audience", "service", "replaces", "line", "page",
    "q", "etat", "what", "action", "back", "a", "b", "pages_a", "pages_b", "text", "form",
    "questions", "verdict", "note", "town", "kind",
)  # fmt: skip
WITH_FILES = {
    "/comparer": ("a", "b", "pages_a", "pages_b"),
    "/repondre": ("text",),
    "/repondre/fichier": ("text", "form"),
    "/fichier": (),
}
"""What is sent in parts, and its fields: one with more is refused before it is read."""

FORMS = (
    "/valider", "/valider/lignes", "/sans-reponse", "/reponses-validees", "/reponses-validees/CARD",
    "/repondre/questions", f"/reponse/{ANSWERED}/avis", "FILE", "/fichier/none", *WITH_FILES,
)  # fmt: skip
ADDRESSES = (
    "/comparer/{}", "/comparer/{}/docx", "/comparer/{}/csv", "/comparer?a={}&b={}", "/fichier/{}",
    "/valider/{}", f"/valider/{REFUSED}/{{}}/1", f"/valider/{REFUSED}/DOCUMENT/{{}}",
    f"/valider/{REFUSED}/DOCUMENT/1?start={{}}&end={{}}", "/reponses-validees/{}",
    "/reponses-validees/{}/corriger", "/reponses-validees?etat={}", "/sans-reponse?fait={}",
    "/source/{}/1", "/source/DOCUMENT/{}", "/source/DOCUMENT/1?start={}&end={}", "/documents/{}",
)  # fmt: skip
TOLD = {200, 303, 400, 404, 405, 409, 413, 422, 503}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    with open_register(folder / "register", folder / "keys") as register, ExitStack() as closing:
        town = Town(folder, register, closing)
        tools = town.services.tools
        guard = tools.guard
        assert guard is not None
        tools = replace(
            tools,
            open_dropped=lambda: Dropped(guard, HashEmbedder()),
            open_reading=lambda: nullcontext(ReadHere()),
            looking=lambda dropped, only: town.services.assistant,
        )
        town.services = replace(town.services, tools=tools)
        town.browser = browsing(town.services, lambda: town.person)
        town.browser.follow_redirects = False
        yield town
        town.services.held.close()
        town.services.replies.close()


@pytest.fixture(scope="module")
def places(town: Town) -> dict[str, str]:
    """What stands for a card, a document and a file in the addresses above."""
    sent = town.browser.post("/fichier", files={"file": ("d.txt", b"Le repas coute 4 euros.")})
    file = sent.headers["location"]
    return {"CARD": town.made(), "DOCUMENT": town.document, "FILE": file}


def at(path: str, places: dict[str, str]) -> str:
    for name, place in places.items():
        path = path.replace(name, place)
    return path


def is_shown(words: str, answer: Response) -> bool:
    """Whether a page shows words as they are; what a program reads is no page."""
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    return is_page and words in answer.text


@pytest.mark.parametrize("path", FORMS)
def test_no_form_falls_over_what_it_is_sent(town: Town, places: dict[str, str], path: str) -> None:
    (token,) = town.form(f"/valider/{ANSWERED}")["token"]
    for value in HOSTILE:
        for chosen in (
            {"audience": "senior"},
            {"question": "Combien ?", "line": f"{places['DOCUMENT']}:1:0:40"},
            {"form": "docx", "action": "confirm", "what": "missing"},
            {"a": places["DOCUMENT"], "b": places["DOCUMENT"]},
        ):
            names = WITH_FILES.get(path, (*NAMES, "token"))
            sent = dict.fromkeys(names, value) | {"token": token} | chosen
            file = ("" if "a" in chosen or "form" in chosen else value, value.encode())
            answer = town.browser.post(
                at(path, places),
                data={name: sent[name] for name in names},
                files={"file": file} if path in WITH_FILES else None,
            )
            assert answer.status_code in TOLD, (path, value[:20])
            assert not is_shown(SCRIPT, answer)


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_address_falls_over_what_it_holds(town: Town, places: dict[str, str], path: str) -> None:
    for value in HOSTILE:
        answer = town.browser.get(at(path, places).replace("{}", quote(value[:1_500], safe="")))
        assert answer.status_code in TOLD, (path, value[:20])
        assert not is_shown(SCRIPT, answer)
