# SPDX-License-Identifier: EUPL-1.2
"""The switch: answers stop at once for whom it says, sources stay, the register knows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers import Answer, Found, Reason, Refusal, Waiting
from assistant.evidence import Weigher
from assistant.listing import Lister
from assistant.moratorium import FILE, Moratorium, Pause, resume, suspend
from assistant.pipeline import Assistant, Limits
from corpus.documents import Filters
from corpus.ingest import Ingestion
from corpus.passages import PassageStore
from corpus.query import Wording
from corpus.search import Search
from guardrails.errors import RegisterUnavailable
from guardrails.register import Register
from guardrails.register.records import AuditRecord, Kind, Sealed
from tests.assistant.conftest import CANTEEN, LIBRARY
from tests.assistant.terminal import RESIDENT, RosterGuard, Terminal, stand_in
from tests.fakes import HashEmbedder, MemoryIndex, ScriptedModel, WordGuard, plain_reader

PRICE = "Combien coûte le repas de la cantine ?"
ACT = """Délibération n° 2025-14 du 4 mars 2025

Objet : plan local d'urbanisme

Le conseil municipal décide d'approuver le plan local d'urbanisme du lavoir.
"""


@pytest.fixture
def moratorium(tmp_path: Path) -> Moratorium:
    return Moratorium(tmp_path / FILE, lambda: ("default", "plu"))


@pytest.fixture
def assistant(tmp_path: Path, register: Register, moratorium: Moratorium) -> Assistant:
    store = PassageStore(tmp_path / "passages.db")
    index, embedder, guard = MemoryIndex(), HashEmbedder(), WordGuard(RESIDENT)
    ingestion = Ingestion(store, index, embedder, guard, key=b"k" * 32)
    for collection, name, text in (
        ("default", "cantine.txt", CANTEEN),
        ("default", "bibliotheque.txt", LIBRARY),
        ("plu", "plu.txt", ACT),
    ):
        folder = tmp_path / collection
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
        ingestion.add([folder], collection=collection)
    wording = Wording(store)
    return Assistant(
        guard=guard,
        read=plain_reader,
        search=Search(store, index, embedder, wording=wording),
        weigher=Weigher(embedder, wording),
        lister=Lister(store, wording),
        model=ScriptedModel(["4,20", "lavoir"], None),
        register=register,
        limits=Limits(moratorium=moratorium),
    )


Switch = Callable[[Pause], None]


@pytest.fixture
def switch(moratorium: Moratorium, register: Register) -> Switch:
    return lambda pause: suspend(moratorium, register, pause, by="me", role="admin")


def test_answers_stop_for_all_and_the_sources_stay(assistant: Assistant, switch: Switch) -> None:
    assert isinstance(assistant.ask(PRICE), Answer)
    switch(Pause())
    found, refusal = assistant.steps(PRICE)
    assert isinstance(found, Found)
    assert isinstance(refusal, Refusal)
    assert found.evidence[0].passage.file == "cantine.txt"
    assert refusal.reason is Reason.SUSPENDED
    assert refusal.nearest == found.evidence[:3]


def test_an_audience_is_suspended_and_the_other_is_not(
    assistant: Assistant, switch: Switch
) -> None:
    switch(Pause(audience="senior"))
    assert assistant.ask(PRICE, audience="senior").reason is Reason.SUSPENDED  # type: ignore[union-attr]
    assert isinstance(assistant.ask(PRICE, audience="agent"), Answer)


def test_no_answer_rests_on_a_suspended_collection(assistant: Assistant, switch: Switch) -> None:
    asked = "Que décide le conseil pour le plan local d'urbanisme du lavoir ?"
    assert isinstance(assistant.ask(asked), Answer)
    switch(Pause(collection="plu"))
    found, *_, refusal = assistant.steps(asked)
    assert isinstance(found, Found)
    assert "plu.txt" in {r.passage.file for r in found.evidence}
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.SUSPENDED
    assert "plu.txt" in {r.passage.file for r in refusal.nearest}
    assert isinstance(assistant.ask(PRICE), Answer)


def test_acts_are_not_counted_while_some_of_them_are_suspended(
    assistant: Assistant, switch: Switch
) -> None:
    asked = "Combien de délibérations en 2025 ?"
    assert isinstance(assistant.ask(asked), Answer)
    switch(Pause(collection="plu"))
    assert assistant.ask(asked).reason is Reason.SUSPENDED  # type: ignore[union-attr]


def test_a_question_that_waits_is_stopped_too(
    assistant: Assistant, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with assistant._queue.enter("somebody else"):
        steps = assistant.steps(PRICE, actor="me")
        assert [type(next(steps)), type(next(steps))] == [Found, Waiting]
        switch(Pause())
    *_, last = steps
    assert isinstance(last, Refusal)
    assert last.reason is Reason.SUSPENDED


def test_it_survives_a_restart_and_ends(
    tmp_path: Path, moratorium: Moratorium, register: Register, switch: Switch
) -> None:
    switch(Pause(audience="agent", sentence="Pause le temps d'un contrôle."))
    again = Moratorium(tmp_path / FILE)
    (kept,) = again.pauses()
    assert (kept.audience, again.sentence("agent")) == ("agent", "Pause le temps d'un contrôle.")
    assert again.sentence("senior") == ""
    resume(again, register, kept, by="me", role="admin")
    assert moratorium.pauses() == ()


def test_the_same_scope_twice_is_one_pause(moratorium: Moratorium, switch: Switch) -> None:
    switch(Pause(collection="plu", sentence="Une."))
    switch(Pause(collection="plu", sentence="Deux."))
    assert [pause.sentence for pause in moratorium.pauses()] == ["Deux."]


@pytest.mark.parametrize("bytes_", [b"", b"{", b'{"pauses": [{"audience": "x"}]}', b"\xff"])
def test_a_file_that_cannot_be_read_suspends_all(tmp_path: Path, bytes_: bytes) -> None:
    (tmp_path / FILE).write_bytes(bytes_)
    left = Moratorium(tmp_path / FILE).left("agent", (), Filters())
    assert left.refusal is Reason.SUSPENDED


def test_it_is_in_the_register_before_it_holds(
    moratorium: Moratorium, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspend(moratorium, register, Pause(sentence="Pause."), by="me", role="admin")
    entry = [e for e in register.entries() if e.kind is Kind.SETTINGS][-1]
    assert (entry.actor, entry.payload["status"], entry.payload["sentence"]) == (
        "me", "suspended", "Pause.",
    )  # fmt: skip

    def full(record: AuditRecord) -> Sealed:
        raise RegisterUnavailable("disk full")

    monkeypatch.setattr(register, "append", full)
    with pytest.raises(RegisterUnavailable):
        resume(moratorium, register, Pause(), by="me", role="admin")
    assert len(moratorium.pauses()) == 1


def test_filters_that_were_asked_for_are_narrowed_not_widened(
    moratorium: Moratorium, switch: Switch
) -> None:
    switch(Pause(collection="plu"))
    asked = Filters(collections=frozenset({"plu", "dossiers"}), since="2025-01-01")
    left = moratorium.left("agent", (), asked)
    assert left.filters == replace(asked, collections=frozenset({"dossiers"}))


class TestCommands:
    @pytest.fixture
    def terminal(
        self,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> Terminal:
        stand_in(monkeypatch, guard=RosterGuard(RESIDENT))
        terminal = Terminal(tmp_path, capsys, monkeypatch)
        terminal("corpus", "add", str(terminal.town))
        return terminal

    def test_a_question_is_refused_until_answers_resume(self, terminal: Terminal) -> None:
        assert terminal("ask", PRICE, "--json").json["status"] == "answer"
        (kept,) = terminal("suspend", "--sentence", "Contrôle en cours.", "--json").json
        assert (kept["audience"], kept["sentence"]) == ("", "Contrôle en cours.")
        assert terminal("ask", PRICE, "--json").json["reason"] == "suspended"
        assert terminal("search", PRICE, "--json").json["passages"]
        assert "pour tous" in terminal("suspend", "--list").out
        assert terminal("resume", "--json").json == []
        assert terminal("ask", PRICE, "--json").json["status"] == "answer"
        shown = terminal("register", "show", "--kind", "settings", "--jsonl").jsonl
        told = [e["payload"].get("status") for e in shown]
        assert told[-2:] == ["suspended", "resumed"]

    def test_a_sentence_with_a_name_is_refused(self, terminal: Terminal) -> None:
        done = terminal("suspend", "--sentence", f"Voyez {RESIDENT}.")
        assert done.code == 1
        assert RESIDENT not in done.err
        assert json.loads(terminal("suspend", "--list", "--json").out) == []

    def test_ending_what_is_not_there_is_said(self, terminal: Terminal) -> None:
        terminal("suspend", "--audience", "senior")
        assert terminal("resume", "--audience", "agent").code == 1
        assert len(terminal("suspend", "--list", "--json").json) == 1
        assert terminal("resume", "--audience", "senior").code == 0
