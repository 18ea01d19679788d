# SPDX-License-Identifier: EUPL-1.2
"""Somebody's paper stands apart whatever it was added with, until a person says otherwise."""

from __future__ import annotations

import json
from email.message import EmailMessage

import numpy as np
import pytest

from corpus import audience
from corpus.acts import Act
from corpus.audience import STRUCTURE, AudienceHead, Kind, Paper, ReadPage, features
from corpus.catalogue import ActsQuery, acts_where
from corpus.documents import CORRESPONDENCE, Filters
from corpus.erase import erase
from corpus.quarantine import Decision, Quarantine
from corpus.search import Search
from corpus.sorting import STATE, Sorting, hide_what_is_told_otherwise, sort_what_was_kept
from guardrails.findings import Screened
from guardrails.policy import both
from tests.corpus.conftest import KEY, Town
from tests.fakes import HashEmbedder, open_head

DITCH = "Cher voisin du conseil, le fossé de la Brosse déborde chez moi. Veuillez agréer."
WORKS = "Le fossé de la Brosse sera curé par la commune au printemps."
ORDER = (
    "Arrêté n° 2024-12 du 3 mars 2024\nObjet : fossé de la Brosse, demande de la veuve\n"
    "Veuillez agréer. Article 1er : le fossé est curé."
)
RESIDENTS = Filters(collections=frozenset({"public", "plu"}))


@pytest.fixture(autouse=True)
def letters_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A head that knows a letter by how it ends."""
    monkeypatch.setattr(audience, "_read", lambda name: open_head("veuillez"))


def shown(
    town: Town, question: str = "fossé de la Brosse", filters: Filters = RESIDENTS
) -> set[str]:
    search = Search(town.store, town.index, town.embedder)
    return {found.passage.file for found in search(Screened(question), filters=filters)}


def places(town: Town) -> dict[str, str]:
    return {d.file: d.collection for d in town.store.documents()}


def sorting(town: Town) -> Sorting:
    return Sorting(town.store, town.index)


def letter_of(town: Town, file: str = "lettre.txt") -> str:
    return next(d.id for d in town.store.documents() if d.file == file)


def test_a_letter_stands_apart_whatever_it_was_added_with(town: Town) -> None:
    town.write("lettre.txt", DITCH)
    town.write("travaux.txt", WORKS)
    report = town.add(collection="public")
    assert places(town) == {"lettre.txt": CORRESPONDENCE, "travaux.txt": "public"}
    assert (report.added, report.private) == (2, 1)
    assert shown(town) == {"travaux.txt"}
    assert shown(town, filters=Filters()) == {"lettre.txt", "travaux.txt"}


def test_it_stays_apart_when_it_is_added_again_moved_or_copied(town: Town) -> None:
    path = town.write("lettre.txt", DITCH)
    town.add(collection="public")
    assert town.add(collection="public").unchanged == 1
    town.write("copie.txt", DITCH)
    path.rename(town.folder / "autre.txt")
    town.add(collection="public")
    assert set(places(town).values()) == {CORRESPONDENCE}
    assert len(town.store.documents()) == 1
    assert shown(town) == set()


def test_what_a_person_says_holds_and_is_kept_by_content(town: Town) -> None:
    path = town.write("lettre.txt", DITCH)
    town.add(collection="public")
    sorting(town).decide(letter_of(town), "public")
    assert shown(town) == {"lettre.txt"}
    path.rename(town.folder / "moved.txt")
    town.add(collection="public", prune=True)
    assert shown(town) == {"moved.txt"}
    town.store.remove([d.id for d in town.store.documents()])
    town.add(collection="public")  # read anew
    assert shown(town) == {"moved.txt"}
    town.add(collection="plu")  # another name of the same content
    assert [d.collection for d in town.store.documents()] == ["public", "public"]


def test_what_is_kept_for_agents_is_so_in_every_copy(town: Town) -> None:
    town.write("travaux.txt", WORKS)
    town.add(collection="public")
    town.add(collection="plu")
    assert len(shown(town)) == 1
    sorting(town).decide(letter_of(town, "travaux.txt"), CORRESPONDENCE)
    assert shown(town) == set()
    assert {d.collection for d in town.store.documents()} == {CORRESPONDENCE}


def test_a_decision_on_nothing_is_refused(town: Town) -> None:
    with pytest.raises(LookupError):
        sorting(town).decide("0" * 32, "public")


def test_an_act_about_somebody_is_in_no_list_of_residents(town: Town) -> None:
    town.write("arrete.txt", ORDER)
    town.add(collection="public")
    assert acts_where(town.store, ActsQuery(collections=RESIDENTS.collections)) == []
    assert len(acts_where(town.store, ActsQuery())) == 1
    sorting(town).decide(letter_of(town, "arrete.txt"), "public")
    assert len(acts_where(town.store, ActsQuery(collections=RESIDENTS.collections))) == 1


def test_words_and_vectors_that_lag_show_nothing(town: Town) -> None:
    """The collection in the database is the truth, whatever the two indexes still say."""
    town.write("travaux.txt", WORKS)
    town.add(collection="public")
    with town.store._database.writing() as write:
        write.execute("UPDATE documents SET collection = ?", (CORRESPONDENCE,))
    assert shown(town) == set()


def test_a_move_that_is_cut_short_hides(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.write("travaux.txt", WORKS)
    town.add(collection="public")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(town.index, "relabel", killed)
    with pytest.raises(KeyboardInterrupt):
        sorting(town).decide(letter_of(town, "travaux.txt"), "plu")
    assert shown(town) == set()
    monkeypatch.undo()
    monkeypatch.setattr(audience, "_read", lambda name: open_head("veuillez"))
    town.add(collection="public")
    assert places(town) == {"travaux.txt": "plu"}
    assert shown(town) == {"travaux.txt"}


def test_a_folder_of_before_is_hidden_until_it_is_sorted(town: Town) -> None:
    town.write("lettre.txt", DITCH)
    town.write("travaux.txt", WORKS)
    town.add(collection="public")
    marked = (
        "PRAGMA user_version = 2" if town.open_database is None else "UPDATE format SET version = 2"
    )
    with town.store._database.writing() as write:  # as version 2 wrote it
        write.execute("UPDATE documents SET collection = declared")
        for column in ("declared", "audience", "content"):
            write.execute(f"ALTER TABLE documents DROP COLUMN {column}")
        write.execute(marked)
    town.store.close()
    town.store = town.open_store()
    assert shown(town) == set()
    assert acts_where(town.store, ActsQuery(collections=RESIDENTS.collections)) == []
    assert sorting(town).sort() == 2
    assert places(town) == {"lettre.txt": CORRESPONDENCE, "travaux.txt": "public"}
    assert shown(town) == {"travaux.txt"}
    assert sorting(town).sort() == 0


def test_without_a_head_or_a_vector_nothing_is_public(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.write("travaux.txt", WORKS)
    monkeypatch.setattr(audience, "_read", lambda name: None)
    town.add(collection="public")
    assert places(town) == {"travaux.txt": CORRESPONDENCE}
    monkeypatch.setattr(audience, "_read", lambda name: open_head("veuillez"))
    rows = town.index._rows
    town.index._rows = {}
    assert sorting(town).sort() == 0
    town.index._rows = rows
    assert sorting(town).sort() == 1
    assert places(town) == {"travaux.txt": "public"}


def test_another_head_tells_again_what_the_one_before_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.write("lettre.txt", DITCH)
    town.write("travaux.txt", WORKS)
    town.write("chemin.txt", "Le chemin de la Brosse sera fermé au printemps.")
    town.add(collection="public")
    sorting(town).decide(letter_of(town), "public")
    assert shown(town) == {"lettre.txt", "travaux.txt", "chemin.txt"}
    assert sort_what_was_kept(town.store, town.index) == 0
    monkeypatch.setattr(audience, "_read", lambda name: open_head("chemin"))
    hide_what_is_told_otherwise(town.store)  # as an opening does while somebody else writes
    assert shown(town) == {"lettre.txt"}  # what is not sorted is hidden; a person's word stays
    assert sort_what_was_kept(town.store, town.index) == 3
    assert shown(town) == {"lettre.txt", "travaux.txt"}
    assert places(town)["chemin.txt"] == CORRESPONDENCE
    assert sort_what_was_kept(town.store, town.index) == 0
    monkeypatch.setattr(audience, "_read", lambda name: open_head("travaux"))
    town.write("note.txt", "La salle est ouverte.")
    town.add(collection="public")  # a run sorts before it reads
    assert shown(town, "Brosse printemps salle") >= {"chemin.txt"}
    assert sort_what_was_kept(town.store, town.index) == 0


def test_another_head_that_is_killed_on_the_way_shows_nothing_unsorted(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.write("travaux.txt", WORKS)
    town.add(collection="public")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(audience, "_read", lambda name: open_head("printemps"))
        patch.setattr(town.index, "relabel", killed)
        with pytest.raises(KeyboardInterrupt):
            sort_what_was_kept(town.store, town.index)
    assert shown(town) == set()
    assert sort_what_was_kept(town.store, town.index) == 1
    assert shown(town) == {"travaux.txt"}


def test_a_changed_file_of_the_same_name_is_told_anew(town: Town) -> None:
    town.write("lettre.txt", DITCH)
    town.add(collection="public")
    sorting(town).decide(letter_of(town), "public")
    town.write("lettre.txt", DITCH.replace("chez moi", "chez ma mère"))
    town.add(collection="public")
    assert places(town) == {"lettre.txt": CORRESPONDENCE}
    town.write("lettre.txt", DITCH)  # what the person looked at
    town.add(collection="public")
    assert places(town) == {"lettre.txt": "public"}


def test_erasure_ends_the_word_that_opened_and_keeps_the_one_that_closed(town: Town) -> None:
    town.write("lettre.txt", DITCH)
    town.write("travaux.txt", WORKS)
    town.add(collection="public")
    sorting(town).decide(letter_of(town), "public")
    sorting(town).decide(letter_of(town, "travaux.txt"), CORRESPONDENCE)
    erase(town.store, town.index, [d.id for d in town.store.documents()], town.data)
    town.add(collection="public")
    assert places(town) == {"lettre.txt": CORRESPONDENCE, "travaux.txt": CORRESPONDENCE}


def test_a_copy_that_stays_keeps_the_word_on_its_content(town: Town) -> None:
    town.write("lettre.txt", DITCH)
    town.add(collection="public")
    town.add(collection="plu")
    sorting(town).decide(letter_of(town), "public")
    one, _ = town.store.documents()
    erase(town.store, town.index, [one.id], town.data)
    town.add(collection="public")
    town.add(collection="plu")
    assert [d.collection for d in town.store.documents()] == ["public", "public"]


def test_a_copy_that_was_away_when_another_was_closed_stays_closed(town: Town) -> None:
    town.write("lettre.txt", DITCH)
    town.add(collection="public")
    first = town.store.documents()[0]
    sorting(town).decide(first.id, "public")
    noted = json.loads(town.store.state(STATE))
    town.store.set_state(STATE, json.dumps({first.id: noted[first.id]}))  # as an earlier version
    town.store.remove([first.id])
    town.add(collection="plu")
    (copy,) = town.store.documents()
    sorting(town).decide(copy.id, CORRESPONDENCE)
    town.add(collection="public")
    assert {d.collection for d in town.store.documents()} == {CORRESPONDENCE}
    assert shown(town) == set()


def test_mail_is_a_letter_whatever_it_says(town: Town) -> None:
    mail = EmailMessage()
    mail["Subject"] = "travaux"
    mail.set_content(WORKS)
    (town.folder / "travaux.eml").write_bytes(mail.as_bytes())
    town.add(collection="public")
    assert places(town) == {"travaux.eml": CORRESPONDENCE}


LONG = "Le fossé. " * 40
ORDERED = Act(kind="arrêté", number="2024-17", date="2024-02-12")


def small_head() -> AudienceHead:
    """Two numbers a vector, public and private; an act's kind, number and date are public."""
    weights = np.zeros(STRUCTURE + 2, np.float32)
    weights[STRUCTURE:] = -5.0, 5.0
    weights[STRUCTURE - 3 : STRUCTURE] = -1.0
    return AudienceHead(weights, 0.0, threshold=0.0, page_threshold=1.0, alone_threshold=4.5)


def page_of(*vectors: tuple[float, float], words: str = LONG) -> ReadPage:
    return ReadPage(words, [(words, np.array(vector, np.float32)) for vector in vectors])


def kind_of(*pages: ReadPage, act: Act = ORDERED) -> Kind:
    return small_head().kind(Paper(media_type="", act=act, pages=pages))


PRIVATE = np.array([0.0, 1.0], np.float32)
PUBLIC_PASSAGE, PRIVATE_PASSAGE, EVEN_PASSAGE = (1.0, 0.0), (0.0, 1.0), (0.5, 0.9)


def test_one_page_of_somebody_in_a_long_paper_is_enough() -> None:
    public = [page_of(PUBLIC_PASSAGE)] * 9
    assert kind_of(*public) is Kind.PUBLIC
    assert kind_of(*public, page_of(EVEN_PASSAGE), act=Act()) is Kind.PRIVATE
    assert kind_of() is Kind.PRIVATE


def test_a_letter_drowned_in_public_words_on_one_page_is_enough() -> None:
    """A DOCX is one page: behind a règlement, or inside an order, the mean tells nothing of it."""
    drowned = page_of(*[PUBLIC_PASSAGE] * 5, PRIVATE_PASSAGE)
    assert kind_of(drowned) is Kind.PRIVATE
    head = "Mairie de [PERSONNE_1]"  # a letterhead is nobody's letter
    headed = ReadPage(LONG * 6, [*drowned.passages[:-1], (head, PRIVATE)])
    assert kind_of(headed) is Kind.PUBLIC


def test_what_the_head_sees_of_a_text_counts_what_is_hidden() -> None:
    passages = [("", np.ones(4, np.float32))]
    named = features([ReadPage("[PERSONNE_1], [ADRESSE_1], [NIR_1]", passages)], Act())
    plain = features([ReadPage("rien du tout ici, ni personne", passages)], Act())
    assert named.shape == (STRUCTURE + 4,)
    assert (named[:8] > 0).sum() == 6  # names, addresses and numbers: how many, and whether
    assert not plain[:8].any()


def test_a_paper_in_quarantine_is_not_public_and_is_told_once_it_is_kept(town: Town) -> None:
    name = "certificat médical [PERSONNE_1].txt"
    town.write(name, WORKS)
    town.add(collection="public")
    assert places(town) == {name: CORRESPONDENCE}
    Quarantine(town.store, town.index, HashEmbedder(), key=KEY).decide(
        letter_of(town, name), Decision.KEEP
    )
    assert places(town) == {name: "public"}
    assert town.add(collection="public").unchanged == 1


def test_a_letter_of_which_something_is_taken_out_is_a_letter_still(town: Town) -> None:
    town.write("lettre.txt", DITCH)
    town.add(collection="public")
    letter = letter_of(town)
    [(page, text)] = town.store.pages(letter)
    at = text.index("agréer")
    quarantine = Quarantine(town.store, town.index, HashEmbedder(), key=KEY)
    quarantine.withhold(letter, page, [(at, at + len("agréer"))])
    assert "agréer" not in (town.store.page(letter, page) or "")
    assert places(town) == {"lettre.txt": CORRESPONDENCE}
    assert shown(town) == set()


def test_a_folder_that_is_filed_leaves_no_copy_unfiled(town: Town) -> None:
    town.write("travaux.txt", WORKS)
    town.add()
    assert shown(town) == set()
    town.add(collection="public")
    assert places(town) == {"travaux.txt": "public"}
    assert shown(town) == {"travaux.txt"}
    assert town.is_in_step()


def test_a_letter_among_plans_is_screened_under_the_stricter_rules(town: Town) -> None:
    """`plu` may show parcels; a letter that was added to it is screened for both collections."""
    town.write("lettre.txt", DITCH)
    town.write("plan.txt", WORKS)
    town.add(collection="plu")
    assert town.guard.policies == {"plu", both("plu", CORRESPONDENCE)}
    assert town.guard.texts.count(DITCH) == 2 and town.guard.texts.count(WORKS) == 1
    assert town.is_in_step()
    town.guard.policies.clear()
    town.add(collection="dossiers")  # stricter than letters are: once is enough
    assert town.guard.policies == {"dossiers"}
