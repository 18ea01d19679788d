# SPDX-License-Identifier: EUPL-1.2
"""The corpus's text in PostgreSQL: found with the scores of SQLite, moved both ways, nothing half
kept when a server or a writer dies. What both engines must do runs on both in the other files."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import shutil
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from corpus.acts import Act
from corpus.documents import Filters
from corpus.errors import CorpusBusy, FolderTooNew, PassagesUnusable
from corpus.french import terms
from corpus.moving import as_file, claim, copy_rows, holds_corpus, take_up
from corpus.passages import PassageStore, SeenFile, StoredDocument
from corpus.search import Search
from corpus.split import Piece
from corpus.store_seams import PassageDatabase
from guardrails.findings import Screened
from tests.corpus.conftest import Town, in_postgresql, postgresql_at
from tests.fakes import HashEmbedder, MemoryIndex
from tests.servers.fixtures import running
from tests.servers.postgresql import new_database, sql
from tests.servers.process import Started

pytestmark = pytest.mark.real

Place = dict[str, str]
SAMPLES = Path(__file__).parents[2] / "samples"
TEXTS = {".txt", ".docx", ".odt", ".html", ".md"}
QUESTIONS = [
    "Combien coûte le repas de la cantine pour un enfant ?",
    "tarif de la restauration scolaire",
    "horaires de la bibliothèque le mercredi",
    "délibération n° 2024-17",
    "vote du conseil municipal à l'unanimité",
    "le maire",
    "la commune de Mirelande",
    "aide au chauffage du CCAS",
    "demande de subvention d'une association",
    "article 3 du règlement intérieur",
    "le 12 juin 2024",
    "quotient familial et tarifs",
    "prêt de livres et de disques",
    "retard de paiement",
    "inscription à la garderie du soir",
    "annulation d'un repas",
    "délégation de signature au maire",
    "budget primitif",
    "règlement de la salle des fêtes",
    "quokka",
    "et de la pour le",
]
ACTED = [
    Act(kind="délibération", number="2024-17", date="2024-06-12"),
    Act(kind="règlement", date="2023-09-01"),
    Act(kind="arrêté", date="2025-01-10"),
    Act(),
]


def tables(place: Place) -> set[str]:
    return {
        name
        for (name,) in sql(
            place, "SELECT tablename FROM pg_tables WHERE schemaname = 'greffier_corpus'"
        )
    }


def seen(name: str, document: str) -> SeenFile:
    return SeenFile(
        path=name, root="", collection="default", name=name, stamp="", recipe="", document=document
    )


def stored(name: str, pages: Sequence[str], *, collection: str = "default") -> StoredDocument:
    return StoredDocument(
        id=name,
        file=name,
        collection=collection,
        media_type="text/plain",
        page_count=len(pages),
        act=Act(),
        recipe="",
        added="",
    )


def put(
    stores: Sequence[PassageStore],
    name: str,
    text: str,
    *,
    act: Act | None = None,
    collection: str = "default",
    piece_chars: int = 200,
) -> None:
    """Keep a document of one page in each store, cut every so many characters."""
    document = replace(stored(name, [text], collection=collection), act=act or Act())
    pieces = [
        (f"{name}-{start}", Piece(page=1, start=start, end=start + piece_chars, heading=heading))
        for start, heading in zip(
            range(0, len(text), piece_chars), itertools.cycle((name, "Tarifs", "")), strict=False
        )
    ]
    for store in stores:
        store.put(document, [(1, text)], pieces, seen=seen(name, name))


def sample_texts() -> Iterator[tuple[str, str]]:
    """Yield the sample town's texts, as its readers give them."""
    from corpus.readers import read

    for path in sorted(SAMPLES.rglob("*")):
        if path.suffix in TEXTS and not {"sources", "numerisations"} & {*path.parts}:
            name = path.relative_to(SAMPLES).as_posix()
            yield name, "\n".join(page.text for page in read(path, inside=(), name=name).pages)


@pytest.fixture
def both(tmp_path: Path, emptied: Place) -> Iterator[list[PassageStore]]:
    """The same corpus, empty, in a file and in PostgreSQL."""
    with (
        closing(PassageStore(tmp_path / "passages.db")) as file,
        closing(PassageStore(postgresql_at(emptied)())) as there,
    ):
        yield [file, there]


def assert_alike(both: Sequence[PassageStore], filters: Sequence[Filters]) -> int:
    """Compare rankings, scores, words; return how many passages were ranked."""
    file, there = both
    count = 0
    for question, allowed in itertools.product(QUESTIONS, filters):
        asked = terms(question)
        for wanted in (asked, [*asked, *asked[:1]]):  # a word asked twice counts twice
            expected = file.lexical(wanted, 50, allowed)
            found = there.lexical(wanted, 50, allowed)
            assert [i for i, _ in found] == [i for i, _ in expected], (question, allowed)
            assert [s for _, s in found] == pytest.approx([s for _, s in expected], abs=1e-6)
            count += len(found)
    words = {word: count for word, count in file.vocabulary().items() if not is_scope(word)}
    assert there.vocabulary() == words
    some = [*sorted(words)[::7], "quokka", "zzz"]
    assert there.known(some) == file.known(some)
    return count


def is_scope(word: str) -> bool:
    """Whether FTS5 keeps a term for a collection or a document, not for a word of the text."""
    return (word[0] == "c" and len(word) == 17) or word.startswith("ddoc")


def test_words_rank_as_in_sqlite_to_the_last_place(both: list[PassageStore]) -> None:
    texts = list(sample_texts())
    assert len(texts) > 25
    for number, (_, text) in enumerate(texts):
        collection = ("default", "rh")[number % 3 == 0]
        put(both, f"doc{number}", text, act=ACTED[number % 4], collection=collection)
    put(both, "doctwin", texts[0][1])  # equal scores: the order of the keys decides
    put(both, "docsilent", "Le la les de du et pour par")
    everything = [
        Filters(),
        Filters(collections=frozenset({"rh"})),
        Filters(collections=frozenset({"rh", "default"}), documents=frozenset({"doc3", "doc4"})),
        Filters(documents=frozenset({"doc0", "doctwin"})),
        Filters(kinds=frozenset({"délibération", "règlement"})),
        Filters(since="2024-01-01", until="2024-12-31", collections=frozenset({"default"})),
        Filters(since="2024-01-01", kinds=frozenset({"arrêté"})),
        Filters(collections=frozenset()),
    ]
    assert assert_alike(both, everything) > 2_000

    for store in both:
        store.remove(["doc3", "doc5", "docsilent", "nobody"])
    put(both, "doc4", texts[7][1], act=ACTED[0])
    put(both, "doc1", "Une seule phrase sur la cantine et le quokka du maire.")
    assert assert_alike(both, everything) > 2_000

    for store in both:
        store.purge()
        store.remove([document.id for document in store.documents()])
        assert store.lexical(terms(QUESTIONS[0]), 5, Filters()) == []
    assert both[1].vocabulary() == {}


def test_totals_are_those_of_the_postings(both: list[PassageStore], emptied: Place) -> None:
    for number in range(6):
        put(both, f"doc{number}", f"La cantine {number} de la halle. " * 20)
    put(both, "doc2", "Le marché du jeudi.")
    both[1].remove(["doc4"])
    counted = "(SELECT count(*) FROM greffier_corpus.passages)"
    (held,) = sql(emptied, f"SELECT passages, {counted} FROM greffier_corpus.totals")
    assert held[0] == held[1]
    (tokens,) = sql(
        emptied,
        "SELECT tokens - (SELECT sum(body + heading) FROM greffier_corpus.postings)"
        " - 2 * passages FROM greffier_corpus.totals",
    )
    assert tokens == (0,)
    assert (
        sql(
            emptied,
            "SELECT w.term FROM greffier_corpus.words w WHERE w.passages !="
            " (SELECT count(*) FROM greffier_corpus.postings o WHERE o.term = w.term)",
        )
        == []
    )


@in_postgresql
def test_a_search_finds_what_it_finds_in_a_file(town: Town, tmp_path: Path) -> None:
    town.write("cantine.txt", "Le repas de la cantine coûte 4,20 euros.")
    town.write("marche.txt", "Le marché se tient le jeudi sous la halle.")
    town.add()
    search = Search(town.store, town.index, town.embedder)
    there = [(r.passage, r.score) for r in search(Screened("marche sous la hale"))]
    with closing(PassageStore(tmp_path / "copy.db")) as file:
        copy_rows(town.store._database, file._database)
        again = Search(file, town.index, town.embedder)
        here = [(r.passage, r.score) for r in again(Screened("marche sous la hale"))]
    assert [p for p, _ in here] == [p for p, _ in there]
    assert [s for _, s in here] == pytest.approx([s for _, s in there], abs=1e-6)


def whole(database: PassageDatabase) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows, table by table."""
    names = ("documents", "pages", "scans", "structures", "passages", "acts", "votes", "links")
    return {
        name: sorted(database.read(f"SELECT * FROM {name}"), key=repr)
        for name in (*names, "standing", "files", "state")
    }


MINUTES = """PROCÈS-VERBAL
du conseil municipal du 12 juin 2024

1. Tarifs de la cantine
Le conseil, par 15 voix pour, 2 contre et 1 abstention, adopte les tarifs.

2. Abrogation
La délibération n° 2023-04 du 3 mars 2023 est abrogée.
"""


def fill(town: Town) -> None:
    town.write("pv.txt", MINUTES)
    town.write("a.txt", "ARRÊTÉ N° 2024-01\nportant fermeture du parc\nARRÊTE\nArticle 1er. Oui.")
    town.write("marche.txt", "Le marché se tient le jeudi sous la halle ; l'œuvre – « à 3 € ».")
    town.write("vide.txt", "")
    town.add()


@in_postgresql
def test_a_corpus_goes_to_a_file_and_back_whole(town: Town, tmp_path: Path, emptied: Place) -> None:
    fill(town)
    before, words = whole(town.store._database), town.store.vocabulary()
    ranked = town.store.lexical(terms("tarifs de la cantine"), 9, Filters())
    with (
        as_file(town.store._database) as copied,
        closing(sqlite3.connect(tmp_path / "passages.db")) as target,
    ):
        copied.backup(target)
    town.store.close()
    sql(emptied, "DROP SCHEMA greffier_corpus CASCADE")
    with closing(PassageStore(tmp_path / "passages.db")) as file:
        assert whole(file._database) == before
        found = file.lexical(terms("tarifs de la cantine"), 9, Filters())
        assert [i for i, _ in found] == [i for i, _ in ranked]
    town.store = town.open_store()
    take_up(tmp_path / "passages.db", town.store._database)
    assert whole(town.store._database) == before
    assert town.store.vocabulary() == words
    assert town.store.lexical(terms("tarifs de la cantine"), 9, Filters()) == ranked
    assert not [path for path in tmp_path.glob("passages.db*") if path.suffix != ".lock"]
    assert town.add().unchanged == 3
    take_up(tmp_path / "passages.db", town.store._database)  # nothing is there any more


@in_postgresql
def test_a_process_killed_before_it_let_the_file_go_lets_it_go_the_next_time(
    town: Town, tmp_path: Path
) -> None:
    path = tmp_path / "passages.db"
    with closing(PassageStore(path)) as file:
        put([file], "doca", "Le marché du jeudi.")
        here = whole(file._database)
    shutil.copy(path, tmp_path / "kept")
    take_up(path, town.store._database)
    shutil.copy(tmp_path / "kept", path)
    take_up(path, town.store._database)
    assert not path.exists()
    assert whole(town.store._database) == here


@in_postgresql
def test_a_corpus_in_two_places_is_not_mended_by_guessing(town: Town, tmp_path: Path) -> None:
    fill(town)
    path = tmp_path / "passages.db"
    with closing(PassageStore(path)) as other:
        put([other], "docother", "Un autre texte.")
        here = whole(other._database)
    there = whole(town.store._database)
    with pytest.raises(PassagesUnusable) as refused:
        take_up(path, town.store._database)
    assert refused.value.reason == "two_places"
    assert whole(town.store._database) == there
    with closing(PassageStore(path)) as other:
        assert whole(other._database) == here


@in_postgresql
def test_what_is_copied_is_of_one_moment_whatever_others_write(town: Town) -> None:
    database, count = town.store._database, "SELECT count(*) FROM documents"
    with closing(town.open_store()) as other:
        with database.one_moment():
            assert database.read(count) == [(0,)]
            put([other], "doca", "Le marché du jeudi.")
            assert database.read(count) == [(0,)]
        assert database.read(count) == [(1,)]


@in_postgresql
def test_a_database_is_one_data_folder_s(town: Town, tmp_path: Path) -> None:
    database = town.store._database
    claim(database, "first")
    with closing(PassageStore(tmp_path / "passages.db")) as file:
        put([file], "doca", "Le marché du jeudi.")
        claim(file._database, "second")
    take_up(tmp_path / "passages.db", database)
    claim(database, "first")
    with pytest.raises(PassagesUnusable) as refused:
        claim(database, "second")
    assert refused.value.reason == "another_folder"


@in_postgresql
def test_a_file_that_is_being_written_is_not_taken_up(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "passages.db"
    with closing(PassageStore(path)) as other:
        put([other], "docother", "Un autre texte.")
        with other.sole_writer(), pytest.raises(CorpusBusy):
            take_up(path, town.store._database)
    assert path.exists() and not holds_corpus(town.store._database)


@in_postgresql
def test_one_writer_among_connections_and_each_sees_what_others_wrote(town: Town) -> None:
    with closing(town.open_store()) as other:
        with town.store.sole_writer():
            for store in (town.store, other):
                with pytest.raises(CorpusBusy), store.sole_writer():
                    pass
            before = other.generation()
            put([town.store], "doca", "Le marché du jeudi.")
            assert other.generation() != before
            assert other.known(["march"]) == {"march"}
            other.set_state("told", "1")  # a state is no document: it does not wait
            with closing(town.open_store()) as third:  # nor does who only opens
                assert third.state("told") == "1"
        with other.sole_writer():
            pass


@in_postgresql
def test_a_failed_write_leaves_nothing_and_the_next_one_works(town: Town) -> None:
    database = town.store._database
    before = database.generation()
    with pytest.raises(RuntimeError), database.writing() as write:
        write.execute("INSERT INTO state VALUES ('a', 'b')")
        raise RuntimeError
    with pytest.raises(PassagesUnusable) as told, database.writing() as write:
        write.execute("INSERT INTO state VALUES ('mot de la ville', NULL)")
    assert told.value.reason == "refused" and "ville" not in str(told.value)
    assert database.read("SELECT * FROM state") == []
    assert database.generation() == before
    town.store.set_state("a", "b")
    assert database.generation() != before


@in_postgresql
def test_readers_see_whole_documents_while_others_write(town: Town) -> None:
    stop, odd, asked = threading.Event(), list[int](), list[int]()
    with closing(town.open_store()) as reader:

        def look() -> None:
            while not stop.is_set():
                for document in reader.documents():
                    count = len(reader.passages_of(document.id))
                    asked.append(count)
                    if count not in (0, document.passage_count):  # 0: it went in between
                        odd.append(count)

        threads = [threading.Thread(target=look) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(30):
            put([town.store], f"doc{number % 3}", "La cantine du bourg. " * (10 + number % 3))
            if number % 7 == 0:
                town.store.remove([f"doc{number % 3}"])
        stop.set()
        for thread in threads:
            thread.join()
    assert asked and not odd


def own_town(tmp_path: Path, open_database: Callable[[], PassageDatabase]) -> Town:
    (tmp_path / "town").mkdir()
    (tmp_path / "data").mkdir()
    return Town(tmp_path / "town", tmp_path / "data", open_database=open_database)


def test_a_server_killed_while_documents_are_added_keeps_whole_ones_and_is_taken_up(
    tmp_path: Path, own_server: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = new_database(own_server.port, "greffier")
    town = own_town(tmp_path, postgresql_at(place))
    for number in range(12):
        town.write(f"t{number:02}.txt", f"Le tarif numéro {number} de la halle est de {number} €.")
    real, calls = PassageStore.put, itertools.count()

    def put_and_kill(store: PassageStore, *args: Any, **kwargs: Any) -> None:
        if next(calls) == 5:
            own_server.kill()
        real(store, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(PassageStore, "put", put_and_kill)
        with pytest.raises(PassagesUnusable) as told:
            town.add()
    assert told.value.reason == "unreachable"
    with pytest.raises(PassagesUnusable):
        town.store.lexical(["tarif"], 5, Filters())
    own_server.start()
    kept = town.store.documents()  # the same store, on a new connection
    assert len(kept) == 5
    assert all(len(town.store.passages_of(d.id)) == d.passage_count == 1 for d in kept)
    assert town.add().added == 7
    assert town.is_in_step()
    assert len(town.store.vocabulary()) > 12
    town.store.close()
    with pytest.raises(PassagesUnusable):
        town.store.documents()


def test_a_writer_that_lost_its_lock_fails_rather_than_go_on(
    tmp_path: Path, own_server: Started
) -> None:
    place = new_database(own_server.port, "greffier")
    with closing(PassageStore(postgresql_at(place)())) as store:
        with pytest.raises(PassagesUnusable), store.sole_writer():
            put([store], "doca", "Le marché du jeudi.")
            own_server.kill()
            own_server.start()
            put([store], "docb", "La cantine du bourg.")
        assert [document.id for document in store.documents()] == ["doca"]
        own_server.kill()
        own_server.start()
        put([store], "docb", "La cantine du bourg.")  # alone, it only asks again
        own_server.kill()
        own_server.start()
        with store.sole_writer():
            assert len(store.documents()) == 2


def test_a_server_that_may_lose_what_it_took_is_refused() -> None:
    with running("fsync=off") as server, pytest.raises(PassagesUnusable) as refused:
        postgresql_at(new_database(server.port, "greffier"))()
    assert refused.value.reason == "unsafe"


def test_other_letters_a_newer_version_a_wrong_password_are_refused(emptied: Place) -> None:
    sql(
        emptied,
        "DROP DATABASE IF EXISTS latin",
        "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'",
    )
    with pytest.raises(PassagesUnusable) as refused:
        postgresql_at({**emptied, "dbname": "latin"})()
    assert refused.value.reason == "unsafe"
    postgresql_at(emptied)().close()
    sql(emptied, "UPDATE greffier_corpus.format SET version = 99")
    with pytest.raises(FolderTooNew):
        postgresql_at(emptied)()
    with pytest.raises(PassagesUnusable) as told:
        postgresql_at({**emptied, "password": "secret-de-trop"})()
    assert told.value.reason == "unreachable" and "secret" not in str(told.value)


@in_postgresql
def test_what_was_removed_is_in_no_row_and_no_table_that_holds_text_is_forgotten(
    town: Town, emptied: Place
) -> None:
    fill(town)
    town.write("quokka.txt", "Le quokka de la mairie attend une aide au chauffage.")
    town.add()
    (gone,) = [d.id for d in town.store.documents() if d.file == "quokka.txt"]

    def holding(word: str) -> set[str]:
        return {
            table
            for table in tables(emptied)
            if sql(emptied, f"SELECT 1 FROM greffier_corpus.{table} t WHERE t::text ~ '{word}'")
        }

    def files_of_tables() -> dict[str, int]:
        return {
            table: sql(emptied, f"SELECT pg_relation_filenode('greffier_corpus.{table}')")[0][0]
            for table in tables(emptied)
        }

    assert {"pages", "postings", "words", "documents", "files"} <= holding("quok")
    before = files_of_tables()
    town.store.remove([gone])
    town.index.remove([])
    town.store.purge()
    assert holding("quok") == set()
    after = files_of_tables()
    assert all(after[table] != before[table] for table in before)  # each was written anew


def test_stand_ins_are_not_missed(tmp_path: Path, emptied: Place) -> None:
    """A vector index beside PostgreSQL is filled and mended as beside a file."""
    town = own_town(tmp_path, postgresql_at(emptied))
    fill(town)
    town.index = MemoryIndex()
    town.embedder = HashEmbedder()
    town.add()
    assert town.is_in_step() and town.index.ids()
    town.store.close()


def put_and_die(place: Place) -> None:
    """Run in a process of its own: it kills itself when its rows are written, not committed."""

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    store = PassageStore(postgresql_at(place)())
    with store.sole_writer(), mock.patch("corpus.passages.see", die):
        put([store], "doca", "Un autre texte, sur le quokka.")


def test_a_writer_killed_inside_a_transaction_leaves_the_document_of_before(
    emptied: Place,
) -> None:
    with closing(PassageStore(postgresql_at(emptied)())) as store:
        put([store], "doca", "Le marché du jeudi.")
        before = whole(store._database), store.vocabulary(), store.generation()
        process = multiprocessing.get_context("spawn").Process(target=put_and_die, args=(emptied,))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        put([store], "docb", "La cantine du bourg.")  # waits until the server sees that it is gone
        store.remove(["docb"])
        assert (whole(store._database), store.vocabulary()) == before[:2]
        assert store.generation() != before[2]
        with store.sole_writer():
            pass
