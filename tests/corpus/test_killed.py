# SPDX-License-Identifier: EUPL-1.2
"""Killed at any stage (kill -9, real Chroma and SQLite), the next run mends everything."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path
from unittest import mock

import pytest

from corpus.erase import erase
from corpus.ingest import Ingestion
from corpus.passages import PassageStore
from corpus.search import Search
from corpus.vectors import ChromaIndex
from guardrails.findings import Screened
from tests.corpus.conftest import KEY
from tests.fakes import HashEmbedder, WordGuard

OLD, NEW = "Le tarif du stationnement est de 2 euros.", "Le tarif du stationnement est de 5 euros."

STAGES = {
    "while screening": "tests.fakes.WordGuard.screen_documents",
    "while embedding": "tests.fakes.HashEmbedder.embed_passages",
    "before the vectors": "corpus.vectors.ChromaIndex.add",
    "after the vectors": "corpus.passages.PassageStore.put",
    "inside the transaction": "corpus.passages.see",
    "before the old vectors go": "corpus.vectors.ChromaIndex.remove",
    "before the run ends": "corpus.run.settle",
}


REMOVING_STAGES = {
    "while pruning": "corpus.vectors.ChromaIndex.remove",
    "while erasing, before the vectors": "corpus.vectors.ChromaIndex.remove",
    "while erasing, after the vectors": "corpus.vectors.ChromaIndex.rebuild",
    "while erasing, before the file is cleaned": "corpus.passages.PassageStore.purge",
}


def open_town(data: Path) -> tuple[PassageStore, ChromaIndex, Ingestion]:
    store, index = PassageStore(data / "passages.db"), ChromaIndex(data / "vectors")
    guard = WordGuard("Zuliani")
    return store, index, Ingestion(store, index, HashEmbedder(), guard, key=KEY)


def add_and_die(data: Path, folder: Path, stage: str) -> None:
    """Run in a process of its own: it kills itself when it reaches the stage."""

    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    _, _, ingestion = open_town(data)
    with mock.patch(STAGES[stage], die):
        ingestion.add([folder])


@pytest.mark.real
@pytest.mark.parametrize("stage", STAGES)
def test_a_killed_run_is_mended_by_the_next(tmp_path: Path, stage: str) -> None:
    data, folder = tmp_path / "data", tmp_path / "town"
    data.mkdir()
    folder.mkdir()
    (folder / "tarif.txt").write_text(OLD, "utf-8")
    store, index, ingestion = open_town(data)
    ingestion.add([folder])
    index.close()
    store.close()
    (folder / "tarif.txt").write_text(NEW, "utf-8")
    (folder / "zuliani.txt").write_text("Monsieur Zuliani demande une place.", "utf-8")

    process = multiprocessing.get_context("spawn").Process(
        target=add_and_die, args=(data, folder, stage)
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL

    store, index, ingestion = open_town(data)
    search = Search(store, index, HashEmbedder())
    found = [r.passage.text.text for r in search(Screened("tarif du stationnement"))]
    assert OLD in found or NEW in found
    assert not any("Zuliani" in text for text in found)
    ingestion.add([folder])
    assert index.ids() == store.passage_ids()
    assert sorted(text for d in store.documents() for _, text in store.pages(d.id)) == [
        NEW,
        "Monsieur [PERSONNE_1] demande une place.",
    ]


def remove_and_die(data: Path, folder: Path, stage: str) -> None:
    """Take the letter out, by its file being gone or by its id, and die at the stage."""

    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    store, index, ingestion = open_town(data)
    (letter,) = [d.id for d in store.documents() if "quokka" in d.file]
    with mock.patch(REMOVING_STAGES[stage], die):
        if stage == "while pruning":
            ingestion.add([folder], prune=True)
        else:
            erase(store, index, [letter], data)


@pytest.mark.real
@pytest.mark.parametrize("stage", REMOVING_STAGES)
def test_a_killed_removal_is_finished_by_the_next_run(tmp_path: Path, stage: str) -> None:
    data, folder = tmp_path / "data", tmp_path / "town"
    data.mkdir()
    folder.mkdir()
    (folder / "tarif.txt").write_text(OLD, "utf-8")
    letter = folder / "quokka.txt"
    letter.write_text("Le dossier quokka-7731 porte sur une aide exceptionnelle.", "utf-8")
    store, index, ingestion = open_town(data)
    ingestion.add([folder])
    index.close()
    store.close()
    letter.unlink()

    process = multiprocessing.get_context("spawn").Process(
        target=remove_and_die, args=(data, folder, stage)
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL

    store, index, ingestion = open_town(data)
    found = [r.passage.text.text for r in Search(store, index, HashEmbedder())(Screened("dossier"))]
    ingestion.add([folder], prune=True)
    assert index.ids() == store.passage_ids()
    assert [d.file for d in store.documents()] == ["tarif.txt"]
    if stage != "while pruning":
        assert not any("quokka" in text for text in found)
        kept = b"".join(p.read_bytes() for p in data.rglob("*") if p.is_file())
        assert b"quokka" not in kept
