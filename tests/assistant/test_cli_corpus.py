# SPDX-License-Identifier: EUPL-1.2
"""Documents in and out by the command line: what is gone, waits, fails or is erased is said."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from PIL import Image

from assistant.texts import Language, Texts
from corpus.errors import WeightsUnavailable
from corpus.quarantine import WAITS_FOR
from corpus.readers.programs import Need
from guardrails.special import Category
from tests.assistant.terminal import RESIDENT, RosterGuard, Terminal, stand_in
from tests.fakes import WordGuard

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture
def guard() -> RosterGuard:
    return RosterGuard(RESIDENT, trap="PIÈGE")


@pytest.fixture
def terminal(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    guard: RosterGuard,
) -> Terminal:
    stand_in(monkeypatch, guard=guard)
    terminal = Terminal(tmp_path, capsys, monkeypatch)
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    return terminal


def ids(terminal: Terminal) -> dict[str, str]:
    return {row["file"]: row["id"] for row in terminal("corpus", "list", "--json").json}


# -- out


def test_a_removed_document_is_gone_with_a_proof(terminal: Terminal) -> None:
    canteen = ids(terminal)["cantine.txt"]
    proof = terminal("corpus", "remove", canteen, "--json").json
    assert set(proof) == {
        *("documents", "passages", "traces", "words", "vectors", "files", "bytes", "remains"),
        "when",
    }
    assert (proof["documents"], proof["remains"]) == ([canteen], 0)
    assert proof["passages"] > 0 and proof["files"] > 0
    assert set(ids(terminal)) == {"livres/bibliotheque.txt"}


def test_the_proof_is_sealed_without_a_word_of_the_document(terminal: Terminal) -> None:
    proof = terminal("corpus", "remove", ids(terminal)["cantine.txt"], "--json").json
    shown = terminal("register", "show", "--kind", "erasure", "--jsonl").out
    begun, entry = [json.loads(line) for line in shown.splitlines()]
    assert begun["payload"]["status"] == "begun"
    assert entry["payload"] == proof
    assert entry["actor"] and entry["role"] == "administrator"
    assert "cantine" not in shown
    assert terminal("register", "verify").code == 0


def test_a_person_reads_what_was_erased(terminal: Terminal) -> None:
    both = ids(terminal).values()
    assert "Documents effacés : 2" in terminal("corpus", "remove", *both).out


@pytest.mark.parametrize("others", [0, 1], ids=["alone", "after a known one"])
def test_an_unknown_document_is_one_line_and_nothing_goes(terminal: Terminal, others: int) -> None:
    before = ids(terminal)
    done = terminal("corpus", "remove", *[*before.values()][:others], "0" * 32)
    assert (done.code, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert "0" * 32 in line and "greffier corpus list" in line
    assert ids(terminal) == before


def test_nothing_is_erased_if_it_cannot_be_sealed(terminal: Terminal) -> None:
    before = ids(terminal)
    terminal.keys.rename(terminal.keys.with_name("elsewhere"))
    assert terminal("corpus", "remove", *before.values()).code == 1
    assert ids(terminal) == before


def test_traces_that_are_left_are_said(terminal: Terminal) -> None:
    (terminal.data / "copie.txt").write_bytes((terminal.town / "cantine.txt").read_bytes())
    done = terminal("corpus", "remove", ids(terminal)["cantine.txt"])
    assert done.code == 1
    assert "traces" in done.err


# -- in


def test_a_file_that_is_gone_is_said_and_its_document_stays(terminal: Terminal) -> None:
    (terminal.town / "cantine.txt").unlink()
    done = terminal("corpus", "add", str(terminal.town), "--json")
    assert done.json["removed"] == 0
    assert ": 1." in done.err and "--prune" in done.err
    assert "cantine.txt" in ids(terminal)
    pruned = terminal("corpus", "add", str(terminal.town), "--prune", "--json")
    assert (pruned.json["removed"], pruned.err) == (1, "")
    assert "cantine.txt" not in ids(terminal)


def test_nothing_is_said_where_nothing_is_gone(terminal: Terminal) -> None:
    assert terminal("corpus", "add", str(terminal.town)).err == ""


def test_an_unchanged_folder_opens_neither_guard_nor_embedder_nor_index(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Opened(WordGuard):
        def screen_documents(self, *_: object, **__: object) -> NoReturn:
            opened()

    def opened(*_: object) -> NoReturn:
        raise AssertionError("opened for nothing")

    monkeypatch.setattr("assistant.wiring.open_screening", lambda settings, data, **how: Opened())
    monkeypatch.setattr("assistant.wiring.Parts.embedder", property(opened))
    monkeypatch.setattr("assistant.wiring.Parts.index", property(opened))
    assert terminal("corpus", "add", str(terminal.town), "--json").json["unchanged"] == 2
    (terminal.town / "cantine.txt").write_text("Un autre texte, plus court.", "utf-8")
    with pytest.raises(AssertionError):
        terminal("corpus", "add", str(terminal.town))


def test_each_collection_is_screened_under_its_own_rules(
    terminal: Terminal, guard: RosterGuard
) -> None:
    terminal("corpus", "add", str(terminal.town), "--collection", "plu")
    assert guard.policies == {"default", "plu"}


def test_the_town_s_own_policies_count_as_rules(terminal: Terminal) -> None:
    policies = terminal.data / "policy.toml"
    policies.write_text("[collections.plu]\nkeep = ['PARCEL']\n", "utf-8")
    first = terminal("corpus", "add", str(terminal.town), "--json").json
    again = terminal("corpus", "add", str(terminal.town), "--json").json
    assert (first["updated"], again["updated"], again["unchanged"]) == (2, 0, 2)


@pytest.mark.parametrize(
    "text",
    ["[default]\nkep = []", "[default]\nkeep = ['NAME']", "[default", b"\xff"],
    ids=["unknown key", "unknown entity", "not TOML", "not UTF-8"],
)
def test_policies_with_a_mistake_are_refused(terminal: Terminal, text: str | bytes) -> None:
    raw = text if isinstance(text, bytes) else text.encode()
    (terminal.data / "policy.toml").write_bytes(raw)
    done = terminal("corpus", "add", str(terminal.town))
    assert (done.code, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert "policy.toml" in line


# -- words


def test_a_person_reads_why_in_words_and_a_script_in_short(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    (terminal.town / "vide.txt").write_text("", "utf-8")
    Image.new("L", (40, 40)).save(terminal.town / "plan.png")
    monkeypatch.setenv("PATH", "")  # no Tesseract
    french = terminal("corpus", "add", str(terminal.town))
    english = terminal("--lang", "en", "corpus", "add", str(terminal.town))
    for printed, texts in ((french, Texts("fr")), (english, Texts("en"))):
        assert f"vide.txt ({texts('reason', 'empty')})" in printed.out
        assert f"plan.png ({texts('needs', 'ocr')})" in printed.out
    report = terminal("corpus", "add", str(terminal.town), "--json").json
    assert report["failed"] == [{"file": "vide.txt", "reason": "empty"}]


def constants(value: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression can be."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from constants(value.body)
        yield from constants(value.orelse)


def raised(error: str, keyword: str) -> set[str]:
    """Return the short words that the corpus gives to an error, or to a field of that name."""
    found: set[str] = set()
    for path in CORPUS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                given = [k.value for k in node.keywords if k.arg == keyword]
                if isinstance(node.func, ast.Name) and node.func.id == error:
                    given += node.args
                found.update(word for value in given for word in constants(value))
    return found - {""}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_reason_and_need_has_words(language: Language) -> None:
    reasons, needs = raised("UnreadableFile", "reason") | raised("NotTaken", "reason"), set(Need)
    assert {"encrypted", "outside_folder", "guard_closed"} <= reasons
    texts = Texts(language)
    assert set(texts.section("reason")) == {one for one in reasons if not one.startswith("needs_")}
    decisions = {f"{WAITS_FOR}{category}" for category in Category}
    assert set(texts.section("needs")) == needs | decisions


def test_a_model_that_no_source_has_says_why(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_: object) -> None:
        raise WeightsUnavailable("a-model", ["share: no such file", "hub: no network"])

    monkeypatch.setattr("assistant.wiring.Parts.ingestion", property(unavailable))
    (line,) = terminal("corpus", "add", str(terminal.town)).err.splitlines()
    assert "share: no such file; hub: no network" in line
    assert "greffier models pull a-model" in line
