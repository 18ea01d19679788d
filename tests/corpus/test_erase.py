# SPDX-License-Identifier: EUPL-1.2
"""Erasure: nothing of a document is left in any byte of the data folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.erase import erase
from corpus.french import terms, terms_kept, word_kept
from corpus.ingest import Ingestion
from corpus.passages import PassageStore
from corpus.rows import act_of
from corpus.seams import Vectors
from corpus.vectors import ChromaIndex
from guardrails.values import values_kept
from tests.corpus.conftest import KEY, Town, in_a_file
from tests.fakes import MemoryIndex

LETTERHEAD = "Mairie de Brumeval, 1 place de la Halle, ouverte du lundi au vendredi."
PLANTED = "Le dossier quokka-7731 du demandeur porte sur une aide au chauffage exceptionnelle."
OTHER = "Le marché de plein air se tient le jeudi matin sous la halle couverte du bourg."


def every_byte(folder: Path) -> bytes:
    return b"\0".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())


def plant(town: Town) -> str:
    town.write("dossier-quokka.txt", f"{LETTERHEAD}\n{PLANTED}")
    town.write("marche.txt", f"{LETTERHEAD}\n{OTHER}")
    town.add()
    (planted,) = [d.id for d in town.store.documents() if "quokka" in d.file]
    return planted


@in_a_file
def test_a_document_leaves_no_byte(town: Town) -> None:
    planted = plant(town)
    assert b"quokka" in every_byte(town.data)
    proof = erase(town.store, town.index, [planted], town.data)
    assert proof.is_clean
    assert (proof.documents, proof.passages) == ((planted,), 1)
    assert proof.traces == 2  # its own line and its name: the letterhead is also another's
    assert b"quokka" not in every_byte(town.data)
    assert town.search("marché de plein air") == ["marche.txt"]
    assert town.is_in_step()


def test_erased_files_come_back_only_if_added_again(town: Town) -> None:
    erase(town.store, town.index, [plant(town)], town.data)
    assert [d.file for d in town.store.documents()] == ["marche.txt"]
    assert town.add().added == 1


def test_an_unknown_document_is_no_error(town: Town) -> None:
    plant(town)
    proof = erase(town.store, town.index, ["0" * 32], town.data)
    assert (proof.documents, proof.passages, proof.is_clean) == ((), 0, True)
    assert len(town.store.documents()) == 2


def test_a_trace_that_is_left_is_seen(town: Town) -> None:
    planted = plant(town)
    (town.data / "copie.tmp").write_text(PLANTED, "utf-8")
    proof = erase(town.store, town.index, [planted], town.data)
    assert proof.remains == 1
    assert not proof.is_clean


def test_every_line_is_looked_for_however_many(town: Town) -> None:
    lines = [f"Ligne numéro {n} du dossier quokka, avec assez de mots." for n in range(900)]
    town.write("long.txt", "\n".join(lines))
    town.add()
    (document,) = town.store.documents()
    (town.data / "copie.tmp").write_text(lines[-1], "utf-8")
    proof = erase(town.store, town.index, [document.id], town.data)
    assert proof.traces >= 900
    assert proof.remains == 1


def test_words_that_only_it_held_leave_the_index(town: Town) -> None:
    planted = plant(town)
    assert town.store.known(terms("quokka"))
    proof = erase(town.store, town.index, [planted], town.data)
    assert proof.words >= 5 and proof.is_clean
    assert not town.store.known(terms("quokka"))
    assert town.store.known(terms("marché"))  # the other document's too


@in_a_file
def test_what_is_known_of_an_act_goes_with_it(town: Town) -> None:
    town.write("a.txt", "ARRÊTÉ N° 2024-01\nportant garde des quokkas\nARRÊTE\nArticle 1er. Oui.")
    town.add()
    (document,) = town.store.documents()
    assert b"quokka" in every_byte(town.data)
    assert erase(town.store, town.index, [document.id], town.data).is_clean
    assert town.store.acts() == []
    assert b"quokka" not in every_byte(town.data)


def test_an_erasure_that_died_is_finished_by_the_next_run(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = plant(town)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("corpus.erase.finish_erasing", die)
        with pytest.raises(KeyboardInterrupt):
            erase(town.store, town.index, [planted], town.data)
    assert town.store.state("erasing")
    (town.folder / "dossier-quokka.txt").unlink()
    town.add()
    assert not town.store.state("erasing")
    assert b"quokka" not in every_byte(town.data)


class Hoarder(MemoryIndex):
    """An index that leaves its vectors in a file, as Chroma does until it is rebuilt."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        found = super().vectors(ids)
        if found:
            self._file.write_bytes(b"".join(v.tobytes() for v in found.values()))
        return found


def test_a_vector_that_is_left_is_seen(town: Town) -> None:
    town.index = Hoarder(town.data / "hoard.bin")
    town.write("seul.txt", PLANTED)
    town.add()
    (alone,) = [d.id for d in town.store.documents()]
    assert erase(town.store, town.index, [alone], town.data).remains == 1


@pytest.mark.real
def test_chroma_forgets_what_was_erased(town: Town) -> None:
    index = ChromaIndex(town.data / "vectors")
    town.write("dossier-quokka.txt", PLANTED)
    town.write("marche.txt", OTHER)
    Ingestion(town.store, index, town.embedder, town.guard, key=KEY).add([town.folder])
    (planted,) = [d.id for d in town.store.documents() if "quokka" in d.file]
    (passage,) = town.store.passages_of(planted)
    row = index.vectors([passage.id])[passage.id].tobytes()[:64]
    assert row in every_byte(town.data / "vectors")

    proof = erase(town.store, index, [planted], town.data)
    assert proof.is_clean
    assert proof.vectors == 1
    assert row not in every_byte(town.data)
    assert passage.id.encode() not in every_byte(town.data / "vectors")
    assert index.ids() == town.store.passage_ids()
    index.close()
    assert ChromaIndex(town.data / "vectors").ids() == town.store.passage_ids()


class Stubborn(ChromaIndex):
    """Writes the erased vector into the new generation, as Chroma's unfilled memory may."""

    left: bytes = b""
    times: int = 0

    def rebuild(self) -> None:
        super().rebuild()
        self.times -= 1
        if self.left and self.times >= 0:
            (current,) = [path for path in self._path.iterdir() if path.is_dir()]
            (current / "length.bin").write_bytes(b"\0" * 5 + self.left)


@pytest.mark.real
@pytest.mark.parametrize(("times", "is_clean"), [(1, True), (3, True), (99, False)])
def test_a_vector_that_chroma_left_behind_is_found_and_the_generation_made_again(
    town: Town, times: int, is_clean: bool
) -> None:
    index = Stubborn(town.data / "vectors")
    town.write("dossier-quokka.txt", PLANTED)
    town.write("marche.txt", OTHER)
    Ingestion(town.store, index, town.embedder, town.guard, key=KEY).add([town.folder])
    (planted,) = [d.id for d in town.store.documents() if "quokka" in d.file]
    (passage,) = town.store.passages_of(planted)
    index.left = index.vectors([passage.id])[passage.id].tobytes()[:64]
    index.times = times

    assert erase(town.store, index, [planted], town.data).is_clean is is_clean
    index.close()


def test_what_is_kept_in_memory_of_a_text_is_forgotten_with_its_document(tmp_path: Path) -> None:
    store = PassageStore(tmp_path / "passages.db")
    kept = (terms_kept, word_kept, values_kept, act_of)
    terms_kept("Zoé Quillebec doit 12 euros.")
    word_kept("Quillebec")
    values_kept("Zoé Quillebec doit 12 euros.")
    act_of("{}")
    assert all(one.cache_info().currsize for one in kept)
    store.remove(["gone"])
    assert not any(one.cache_info().currsize for one in kept)
    store.close()
