# SPDX-License-Identifier: EUPL-1.2
"""The demonstration's validated answers: thirty, each of which an agent can make on the page; one
of them from the demonstration to an agent, a senior and an auditor."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from assistant.answers import Reason, Step
from assistant.cards.ends import NEVER
from assistant.cards.making import GivenQuote
from assistant.cards.quotes import find
from assistant.cli import COMMANDS, run
from assistant.settings import Settings
from assistant.texts import Texts
from assistant.wiring import open_parts
from corpus.documents import PUBLIC
from guardrails.register import open_register
from guardrails.register.records import Kind
from tests.assistant.terminal import stand_in
from tests.samples.test_samples import SAMPLES
from tests.ui.senior.conftest import HERE, senior_app
from tests.ui.senior.test_journey import ask
from tests.ui.test_validating import Town
from ui import commands
from ui.agent.view import Phase, View, views
from ui.auditor.exchange import Folder, Opened
from ui.auditor.words import Words
from ui.reply import Reply

ROWS = [json.loads(line) for line in (SAMPLES / "cards.jsonl").read_text("utf-8").splitlines()]
RECORD = "6e" * 16


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The agents' pages over the documents of the fictional town that are quoted."""
    folder = tmp_path_factory.mktemp("town")
    with ExitStack() as closing:
        register = closing.enter_context(open_register(folder / "register", folder / "keys"))
        made = Town(folder, register, closing)
        for file in {quote["file"] for row in ROWS for quote in row["quotes"]}:
            place = made.papers / file
            place.parent.mkdir(exist_ok=True)
            shutil.copy(SAMPLES / file, place)
        made._ingestion.add([made.papers], collection=PUBLIC)
        yield made


@pytest.mark.parametrize("row", ROWS, ids=[row["question"][:40] for row in ROWS])
def test_each_is_made_by_the_page_itself(town: Town, row: dict[str, Any]) -> None:
    """The lines that hold its quotes are ticked in their page, and validated."""
    spots = list[str]()
    for given in row["quotes"]:
        place = find(town.store, [given["file"]], given["page"], given["quote"])
        assert place is not None
        document, page = place.document.id, place.page
        view = View(phase=Phase.REFUSED, question=row["question"], reason=Reason.NOT_ANSWERED,
                    record=RECORD)  # fmt: skip
        town.services.shelf.put("agnes", view)
        path = f"/valider/{RECORD}/{document}/{page}?start={place.start}&end={place.end}"
        form = town.form(path)
        spots += form["line"]
    typed = {
        "question": [row["question"]], "wordings": ["\n".join(row.get("wordings", []))],
        "answer": [row.get("answer", "")], "service": [row["service"]], "line": spots,
        "until": [row.get("until", "")],
    }  # fmt: skip
    done = town.browser.post("/valider", data=form | typed)
    assert done.status_code == 303, LexborHTMLParser(done.text).css_first("[role=alert]").text()
    card = town.cards.card(done.headers["location"].rpartition("/")[2].partition("?")[0])
    assert card is not None
    assert card.askings == (row["question"], *row.get("wordings", []))
    assert len(card.quotes) == len(row["quotes"])


@pytest.mark.parametrize("row", ROWS, ids=[row["question"][:40] for row in ROWS])
def test_none_of_them_ends_while_the_demonstration_is_shown(
    town: Town, row: dict[str, Any]
) -> None:
    """The town stands still in 2025: where its papers name a year, somebody said that it goes on."""
    quotes = [GivenQuote(**given) for given in row["quotes"]]
    assert (row.get("until") == NEVER) is bool(town.desk.end_of(row["question"], quotes))


def test_one_goes_from_the_demonstration_to_an_agent_a_senior_and_an_auditor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = next(one for one in ROWS if "composteur" in one["question"])
    file = row["quotes"][0]["file"]
    samples = tmp_path / "samples"
    (samples / file).parent.mkdir(parents=True)
    shutil.copy(SAMPLES / file, samples / file)
    (samples / "cards.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    (samples / ".greffierignore").write_text("/cards.jsonl\n", "utf-8")
    stand_in(monkeypatch)
    monkeypatch.setattr(commands, "pull_models", lambda session: None)
    monkeypatch.setitem(COMMANDS, "demo", "ui.commands:demo")
    data, keys = tmp_path / "data", tmp_path / "keys"
    monkeypatch.setenv("GREFFIER_KEYS", str(keys))
    assert run(["--data", str(data), "demo", "--no-serve", "--samples", str(samples)]) == 0

    settings = Settings.model_validate({})
    with open_parts(data, keys, settings) as parts:
        (card,) = parts.cards.cards()
        texts = Texts("fr")
        steps = cast(Generator[Step, None, None], parts.assistant.steps(row["question"]))
        *_, view = views(steps, texts)
        agent = LexborHTMLParser(Reply(texts, settings.town, lambda document, name: name)(view))
        assert "validée par le service Environnement" in _text(agent, ".stood")
        assert "25 €" in _text(agent, ".answer")

        simple = senior_app(parts.assistant, settings, store=parts.store)
        browser = TestClient(simple, base_url=HERE)
        senior = LexborHTMLParser(ask(browser, row["question"]).text)
        assert "25 euros" in _text(senior, ".said")  # said plainly
        assert _text(senior, ".stood")

        entries = [*parts.register.entries()]
        outcomes = [e for e in entries if e.kind is Kind.OUTCOME and e.payload.get("card")]
        assert {entry.payload["card"] for entry in outcomes} == {card.id}
        folder = Folder.of(parts.register.unrecorded_exchange(outcomes[0].exchange))
        auditor = Opened(Words("fr"))
        assert "25 €" in auditor.question(folder, "").replace("\u00a0", " ")
        (made,) = (entry for entry in entries if entry.kind is Kind.CARD)
        assert card.id in auditor.other(made)


def _text(page: LexborHTMLParser, selector: str) -> str:
    return page.css_first(selector).text().replace("\u00a0", " ")
