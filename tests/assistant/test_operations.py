# SPDX-License-Identifier: EUPL-1.2
"""A removal and an ingestion are in the register before they begin, and finished if cut short."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import operations
from assistant.operations import decide_audience, decide_case, ingest, remove
from corpus.errors import CorpusBusy
from corpus.quarantine import Decision
from guardrails.errors import RegisterUnavailable
from guardrails.register import AuditRecord, Kind, Register
from guardrails.register.records import Entry
from guardrails.register.selection import EVERYTHING
from tests.faults.site import CANTEEN, LIBRARY, Site, opened


def write_town(town: Path) -> None:
    town.mkdir()
    (town / "cantine.txt").write_text(CANTEEN, "utf-8")
    (town / "biblio.txt").write_text(LIBRARY, "utf-8")


class Died(BaseException):
    """The process is killed here."""


def die(*_: object, **__: object) -> Any:
    raise Died


def full(*_: object, **__: object) -> Any:
    raise RegisterUnavailable("the disk is full")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    write_town(tmp_path / "town")
    with opened(tmp_path) as site:
        ingest(site.parts, [tmp_path / "town"], collection="default")
    return tmp_path


@pytest.fixture
def site(base: Path) -> Iterator[Site]:
    with opened(base) as site:
        yield site


def entered(site: Site, kind: Kind) -> list[Entry]:
    register = site.parts.register
    entries = register.unrecorded_entries(EVERYTHING, stop=register.size())
    return [entry for entry in entries if entry.kind is kind]


def statuses(site: Site, kind: Kind) -> list[object]:
    return [entry.payload.get("status", "done") for entry in entered(site, kind)]


def some(site: Site) -> str:
    return site.parts.store.documents()[0].id


def test_a_removal_that_the_register_cannot_take_does_not_happen(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = some(site)
    monkeypatch.setattr(Register, "append_drafts", full)
    with pytest.raises(RegisterUnavailable):
        remove(site.parts, [document], by="", role="admin")
    assert site.parts.store.document(document) is not None


def test_a_removal_is_entered_twice_under_one_name(site: Site) -> None:
    document = some(site)
    proof, exchange = remove(site.parts, [document], by="2026-03.ab", role="admin")
    begun, done = site.parts.register.unrecorded_exchange(exchange)
    assert (begun.payload["status"], begun.payload["documents"]) == ("begun", [document])
    assert (done.public["why"], done.payload["traces"]) == ("document", proof.traces)
    assert site.parts.register.unfinished() == []


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("corpus.erase.erase", "finished_later"),
        ("corpus.passages.PassageStore.remove", "finished_later"),
        ("corpus.vectors.ChromaIndex.remove", "finished_unsearched"),
        ("corpus.vectors.ChromaIndex.rebuild", "finished_unsearched"),
        ("assistant.operations.enter_removal", "finished_unsearched"),
    ],
)
def test_a_removal_cut_short_is_finished_by_the_next_opening(
    base: Path, monkeypatch: pytest.MonkeyPatch, stage: str, status: str
) -> None:
    with opened(base) as site:
        document = some(site)
        with monkeypatch.context() as killed:
            killed.setattr(stage, die)
            with pytest.raises(Died):
                remove(site.parts, [document], by="2026-03.ab", role="admin")
    with opened(base) as site:
        begun, done = entered(site, Kind.ERASURE)
        assert site.parts.store.document(document) is None
        assert site.parts.index.ids() == site.parts.store.passage_ids()
        assert (done.exchange, done.actor) == (begun.exchange, "2026-03.ab")
        assert (done.payload["status"], done.payload["documents"]) == (status, [document])
    with opened(base) as site:
        assert len(entered(site, Kind.ERASURE)) == 2


def test_what_a_living_process_has_under_way_is_left_to_it(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(base) as site:
        document = some(site)
        with monkeypatch.context() as waiting:
            waiting.setattr("corpus.erase.erase", die)
            with pytest.raises(Died):
                remove(site.parts, [document], by="", role="admin")
        with opened(base) as other:
            assert other.parts.register.unfinished() == []
            assert other.parts.store.document(document) is not None


def test_a_removal_that_is_told_to_wait_is_not_done_behind_one_s_back(base: Path) -> None:
    with opened(base) as site, opened(base) as other:
        document = some(site)
        with other.parts.store.sole_writer(), pytest.raises(CorpusBusy):
            remove(site.parts, [document], by="", role="admin")
        assert statuses(site, Kind.ERASURE) == ["begun", "not_done"]
    with opened(base) as site:
        assert site.parts.register.unfinished() == []
        assert site.parts.store.document(document) is not None


def test_what_cannot_be_finished_today_closes_no_register(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("the index is broken")

    with opened(base) as site, monkeypatch.context() as killed:
        document = some(site)
        killed.setattr("corpus.erase.erase", die)
        with pytest.raises(Died):
            remove(site.parts, [document], by="", role="admin")
    with opened(base) as site, monkeypatch.context() as index:
        index.setattr("corpus.erase.erase", broken)
        assert statuses(site, Kind.ERASURE) == ["begun"]
    with opened(base) as site:
        assert statuses(site, Kind.ERASURE) == ["begun", "finished_later"]


def test_a_note_of_what_was_never_begun_is_forgotten(site: Site, base: Path) -> None:
    note = base / "data" / "register" / "operations" / "ab12.txt"
    note.write_text("../../elsewhere", "utf-8")
    assert site.parts.register.unfinished() == []
    assert not note.exists()
    assert not list(base.glob("**/elsewhere*"))


def test_a_note_slipped_in_makes_nothing_be_finished(site: Site, base: Path) -> None:
    """It names a question that is being answered, or a removal that is done."""
    register = site.parts.register
    register.append(AuditRecord(kind=Kind.INTENT, exchange="question"))
    _, done = remove(site.parts, [some(site)], by="", role="admin")
    for exchange in ("question", done):
        note = base / "data" / "register" / "operations" / f"{exchange}.txt"
        note.write_text("0" * 16, "utf-8")
    size = register.size()
    operations.finish_operations(site.parts)
    assert register.size() == size


def test_an_ingestion_that_the_register_cannot_take_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_town(tmp_path / "town")
    with opened(tmp_path) as site:
        site.parts.register.size()
        with monkeypatch.context() as disk:
            disk.setattr(Register, "append_drafts", full)
            with pytest.raises(RegisterUnavailable):
                ingest(site.parts, [tmp_path / "town"], collection="default")
        assert site.parts.store.documents() == []


def test_an_ingestion_cut_short_is_said_to_have_been_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_town(tmp_path / "town")
    with opened(tmp_path) as site, monkeypatch.context() as killed:
        killed.setattr("corpus.passages.PassageStore.put", die)
        killed.setattr(operations._Ingestion, "fail", lambda _: None)
        with pytest.raises(Died):
            ingest(site.parts, [tmp_path / "town"], collection="livres", by="2026-03.ab")
    with opened(tmp_path) as site:
        assert statuses(site, Kind.INGESTION) == ["begun", "interrupted"]
        begun, told = entered(site, Kind.INGESTION)
        assert (told.exchange, told.actor) == (begun.exchange, "2026-03.ab")
        assert told.payload["collection"] == "livres"
        assert ingest(site.parts, [tmp_path / "town"], collection="livres").added > 0


def test_an_ingestion_that_fails_says_so_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_town(tmp_path / "town")
    with opened(tmp_path) as site:
        monkeypatch.setattr("corpus.passages.PassageStore.put", die)
        with pytest.raises(Died):
            ingest(site.parts, [tmp_path / "town"], collection="default")
        assert statuses(site, Kind.INGESTION) == ["begun", "failed"]


def test_who_watches_enters_nothing_while_nothing_changes(site: Site, base: Path) -> None:
    before = site.parts.register.size()
    ingest(site.parts, [base / "town"], collection="default", is_watching=True)
    assert site.parts.register.size() == before
    (base / "town" / "neuf.txt").write_text(
        "Le marché ouvre à huit heures, place du puits.", "utf-8"
    )
    ingest(site.parts, [base / "town"], collection="default", is_watching=True)
    assert statuses(site, Kind.INGESTION)[-2:] == ["begun", "done"]


# -- what a person decides


@pytest.mark.parametrize("place", ["correspondance", "public"])
def test_a_word_on_a_paper_is_entered_as_done_only_once_it_is(base: Path, place: str) -> None:
    """The register said « closed » of what residents went on reading."""
    with opened(base) as site, opened(base) as other:
        document = site.parts.store.documents()[0]
        with other.parts.store.sole_writer(), pytest.raises(CorpusBusy):
            decide_audience(site.parts, document, place, by="", role="admin")
        assert statuses(site, Kind.SETTINGS)[-2:] == ["begun", "not_done"]
        assert place_of(site, document.id) == "default"
        decide_audience(site.parts, document, place, by="", role="admin")
        assert place_of(site, document.id) == place
        assert statuses(site, Kind.SETTINGS)[-2:] == ["begun", "done"]


def place_of(site: Site, document: str) -> str:
    found = site.parts.store.document(document)
    assert found is not None
    return found.collection


@pytest.mark.parametrize(
    ("place", "stage", "status", "stands"),
    [
        ("correspondance", "corpus.sorting.Sorting.decide", "finished_later", "correspondance"),
        ("correspondance", "corpus.sorting.Sorting._place", "finished_later", "correspondance"),
        ("public", "corpus.sorting.Sorting.decide", "interrupted", "default"),
        ("public", "corpus.sorting.Sorting._place", "finished_later", "public"),
    ],
)
def test_a_word_cut_short_closes_and_opens_only_if_the_corpus_has_it(
    base: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    stage: str,
    status: str,
    stands: str,
) -> None:
    with opened(base) as site, monkeypatch.context() as killed:
        document = site.parts.store.documents()[0]
        killed.setattr(stage, die)
        with pytest.raises(Died):
            decide_audience(site.parts, document, place, by="2026-03.ab", role="admin")
    with opened(base) as site:
        assert statuses(site, Kind.SETTINGS)[-2:] == ["begun", status]
        assert place_of(site, document.id) == stands
        assert site.parts.register.unfinished() == []


@pytest.fixture
def letter(base: Path) -> str:
    """A paper that waits for a person; return its id."""
    (base / "town" / "lettre.txt").write_text(
        "Je soussignée Zoé Quillebec vous écris.\n\nDepuis mars, je perçois le RSA.\n", "utf-8"
    )
    with opened(base) as site:
        ingest(site.parts, [base / "town"], collection="default")
        (case,) = site.parts.quarantine.cases()
    return case.document.id


def test_a_decision_on_a_case_is_entered_as_done_only_once_it_is(base: Path, letter: str) -> None:
    with opened(base) as site, opened(base) as other:
        case = site.parts.quarantine.case(letter)
        assert case is not None
        with other.parts.store.sole_writer(), pytest.raises(CorpusBusy):
            decide_case(site.parts, case, Decision.REJECT, by="", role="admin")
        assert statuses(site, Kind.QUARANTINE) == ["begun", "not_done"]
        decide_case(site.parts, case, Decision.REJECT, by="", role="admin")
        assert statuses(site, Kind.QUARANTINE)[-2:] == ["begun", "done"]


@pytest.mark.parametrize(
    ("decision", "stage", "status"),
    [
        (Decision.REJECT, "corpus.quarantine.Quarantine.decide", "finished_later"),
        (Decision.HIDE, "corpus.quarantine.Quarantine._apply", "finished_later"),
        (Decision.KEEP, "corpus.quarantine.Quarantine.decide", "interrupted"),
        (Decision.KEEP, "corpus.quarantine.Quarantine._apply", "finished_later"),
    ],
)
def test_a_decision_cut_short_is_finished_where_it_closes_or_is_known(
    base: Path,
    letter: str,
    monkeypatch: pytest.MonkeyPatch,
    decision: Decision,
    stage: str,
    status: str,
) -> None:
    with opened(base) as site, monkeypatch.context() as killed:
        case = site.parts.quarantine.case(letter)
        assert case is not None
        killed.setattr(stage, die)
        with pytest.raises(Died):
            decide_case(site.parts, case, decision, by="", role="admin")
    with opened(base) as site:
        assert statuses(site, Kind.QUARANTINE) == ["begun", status]
        case = site.parts.quarantine.case(letter)
        assert case is not None
        assert case.decision is (None if status == "interrupted" else decision)
        waits = site.parts.store.document(letter)
        assert waits is not None
        assert bool(waits.needs) is (status == "interrupted")
