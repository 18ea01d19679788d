# SPDX-License-Identifier: EUPL-1.2
"""Search: French words, exact references, typing errors, synonyms, filters, fusion."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz.process import extract

from corpus.database import Database
from corpus.documents import Filters
from corpus.french import LEXICONS, TERMS_VERSION, references, terms
from corpus.query import Wording, read_synonyms
from corpus.seams import Vectors
from corpus.search import LEXICAL_SHARE, Search, fuse
from guardrails.findings import Screened
from tests.corpus.conftest import Town
from tests.fakes import HashEmbedder
from tests.table import each

TEXTS = {
    "cantine.txt": "Le prix d'un repas à la restauration scolaire est fixé à 3,20 euros.",
    "dechets.txt": "Les ordures ménagères sont collectées le mardi matin dans le bourg.",
    "arrete.txt": "Par arrêté n° 2024-087 du 21 mai 2024, le bruit est réglementé, art. L. 2212-1.",
    "autre.txt": "Par arrêté n° 2023-011 du 3 mars 2023, la circulation est réglementée.",
    "mairie.txt": "Mairie, 2 place du Four. Lundi : 8 h 30 – 12 h ; mardi : 9h-12h.",
    "pause.txt": "À la mairie, le lundi, réunion du secrétariat.",
    "salle.txt": "La salle polyvalente se réserve au moins trois semaines à l'avance.",
}


@pytest.fixture
def filled(town: Town) -> Town:
    for name, text in TEXTS.items():
        town.write(name, text)
    town.add()
    return town


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Quel est le prix des repas scolaires ?", "cantine.txt"),
        ("QUEL TARIF POUR LA CANTINE", "cantine.txt"),
        ("Quand passent les poubelles ?", "dechets.txt"),
        ("ordures menageres", "dechets.txt"),
        ("Que dit l'arrêté 2024-087 ?", "arrete.txt"),
        ("arrêté du 21/05/2024", "arrete.txt"),
        ("article L2212-1", "arrete.txt"),
        ("arrêté du 3 mars 2023", "autre.txt"),
        ("reservtion de la sale polyvalante", "salle.txt"),
        ("salle des fêtes", "salle.txt"),
        ("À quelle heure ouvre la mairie le lundi ?", "mairie.txt"),
        ("horaires d'ouverture de la mairie", "mairie.txt"),
    ],
)
def test_the_right_text_comes_first(filled: Town, question: str, first: str) -> None:
    assert filled.search(question)[0] == first


def test_what_was_taught_of_asking_finds_words_that_no_text_holds(
    filled: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taught(embedder: HashEmbedder, text: str) -> Vectors:
        return embedder.embed_query(text.replace("louer pour un mariage", "salle polyvalente"))

    assert filled.search("louer pour un mariage")[:1] != ["salle.txt"]
    monkeypatch.setattr(HashEmbedder, "embed_question", taught, raising=False)
    assert filled.search("louer pour un mariage")[0] == "salle.txt"


def test_who_holds_the_whole_question_comes_before_who_repeats_one_word(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.write("repete.txt", "Caution : caution rendue, caution due, caution à verser.")
    town.write(
        "entier.txt",
        "Le règlement prévoit, pour qui loue un local de la commune un samedi soir, plusieurs"
        " choses : l'état des lieux, le ménage, les clés, et une caution pour la salle du moulin.",
    )
    for number in range(4):
        town.write(f"{number}.txt", f"La salle du moulin numéro {number} est fermée ce mois-ci.")
        town.write(f"{number}{number}.txt", f"Le marché numéro {number} a lieu le samedi matin.")
    town.add()
    asked = "caution salle moulin"
    assert town.search(asked)[0] == "entier.txt"
    monkeypatch.setattr("corpus.search.COVERED_SHARE", 0.0)
    assert town.search(asked)[0] == "repete.txt"


def test_scores_go_down_and_say_where_they_come_from(filled: Town) -> None:
    found = Search(filled.store, filled.index, filled.embedder)(Screened("repas scolaire"))
    assert [r.score for r in found] == sorted((r.score for r in found), reverse=True)
    assert 0 <= found[-1].score <= found[0].score <= 1
    assert found[0].lexical > 0 and found[0].cosine > 0
    assert found[0].passage.text.text == TEXTS["cantine.txt"]


def test_a_question_without_words_finds_nothing_by_words(filled: Town) -> None:
    search = Search(filled.store, filled.index, filled.embedder)
    assert search.by_words("et le ou la ?") == {}
    assert search.by_words('"); DROP TABLE terms; -- NEAR(*') == {}


def test_filters_choose_collections_and_documents(town: Town) -> None:
    town.write("a.txt", TEXTS["cantine.txt"])
    town.add(collection="agents")
    town.write("b.txt", TEXTS["cantine.txt"] + " Décision.")
    town.add(town.folder / "b.txt", collection="public")
    search = Search(town.store, town.index, town.embedder)
    public = Filters(collections=frozenset({"public"}))
    assert [r.passage.file for r in search(Screened("repas"), filters=public)] == ["b.txt"]
    (agents,) = [d.id for d in town.store.documents() if d.collection == "agents"]
    one = Filters(documents=frozenset({agents}))
    assert [r.passage.document for r in search(Screened("repas"), filters=one)] == [agents]


def test_no_more_than_asked_and_nothing_in_an_empty_corpus(filled: Town, tmp_path: Path) -> None:
    search = Search(filled.store, filled.index, filled.embedder)
    assert len(search(Screened("le bruit et la salle"), limit=2)) == 2
    (tmp_path / "empty").mkdir()
    empty = Town(tmp_path, tmp_path / "empty")
    assert empty.search("repas") == []


def test_a_placeholder_of_the_question_matches_nobody(town: Town) -> None:
    town.write("a.txt", "Zuliani demande une place au marché.")
    town.add()
    search = Search(town.store, town.index, town.embedder)
    assert search.by_words("[PERSONNE_1]") == {}


def test_a_town_adds_its_own_words(filled: Town, tmp_path: Path) -> None:
    own = tmp_path / "synonyms.toml"
    own.write_text('groups = [["polyval", "salle polyvalente"]]', "utf-8")
    search = Search(filled.store, filled.index, filled.embedder, wording=Wording(filled.store, own))
    assert search(Screened("louer la polyval"))[0].passage.file == "salle.txt"


def test_a_phrase_stands_for_a_word_only_whole(filled: Town) -> None:
    (canteen,) = Wording(filled.store).wanted("la cantine")
    assert canteen.is_in(set(terms("la restauration scolaire")))
    assert not canteen.is_in(set(terms("un transport scolaire")))


def test_one_word_of_a_phrase_does_not_bring_its_group(filled: Town) -> None:
    assert "cantin" in Wording(filled.store).related("la restauration scolaire")
    assert "cantin" not in Wording(filled.store).related("la restauration d'un tableau")


def test_no_form_stands_in_two_groups() -> None:
    forms = [form for group in read_synonyms() for form in set(group)]
    assert len(forms) == len(set(forms)) > 2_000
    assert min(len(set(group)) for group in read_synonyms()) >= 2


def test_words_follow_the_corpus_as_it_changes(filled: Town) -> None:
    wording = Wording(filled.store)
    assert wording.corrected(terms("trampolane")) == ["trampolan"]
    filled.write("trampoline.txt", "Le trampoline ouvre en décembre.")
    filled.add()
    assert wording.corrected(terms("trampolane")) == ["trampolan", "trampolin"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lecole", "école"),
        ("deau", "eau"),
        ("lamende", "amende"),
        ("sinscrire", "inscrire"),
        ("quantine", "cantine"),
        ("simetière", "cimetière"),
        ("mediateque", "médiathèque"),
    ],
)
def test_a_word_typed_as_it_is_heard_is_found(filled: Town, typed: str, meant: str) -> None:
    assert terms(meant)[0] in Wording(filled.store).corrected(terms(typed))


def test_a_word_that_only_a_group_holds_is_no_slip(filled: Town) -> None:
    in_groups = {stem for group in read_synonyms() for form in group for stem in form}
    strange = sorted(in_groups - set(filled.store.vocabulary()))
    wording = Wording(filled.store)
    assert len(strange) > 500
    assert all(wording.corrected([stem]) == [stem] for stem in strange[::20])


def test_a_name_that_begins_like_an_elision_stays(filled: Town) -> None:
    assert Wording(filled.store).corrected(terms("lamartine")) == terms("lamartine")


def test_what_a_mistyped_word_stands_for_is_searched_too(filled: Town) -> None:
    wording = Wording(filled.store)
    assert "bibliothequ" in wording.related("la mediateque")
    (library,) = wording.wanted("la mediateque")
    assert library.is_in(set(terms("la bibliothèque")))


@each(
    "text, expected",
    [
        ("n° 2024-06-12-03", ["day20240612", "mon202406", "ref2024x06x12x03"]),
        ("art. L. 2121-29", ["refl2121x29"]),
        ("le 1er mars 2024", ["day20240301", "mon202403"]),
        ("01/03/2024", ["day20240301", "mon202403"]),
        ("mars 2024", ["mon202403"]),
        ("article 3", ["art3"]),
        ("article premier", ["art1"]),
        ("le 45 mars 2024", []),
    ],
)
def test_references_and_dates_are_exact_terms(text: str, expected: list[str]) -> None:
    found = references(text)
    assert [term for term in found if not term.startswith("ref01x")] == expected


def test_words_meet_whatever_their_accents_and_elisions() -> None:
    assert terms("l'école") == terms("ecoles") == terms("L’ÉCOLE")
    assert terms("qu'aujourd'hui") == terms("aujourd’hui")


def test_who_changes_the_terms_raises_their_version() -> None:
    """An index that stands is renewed only then: both lines below change together."""
    text = (
        "La mairie du Maire ramasse les œuvres payées à 8 h 30 – 12 h ; article L. 2121-29, "
        "délibération n° 2024-17 du 3 mai 2024, annulée, payer, école, horaires [PERSONNE_1]."
    )
    silent = (LEXICONS / "stopwords.txt").read_text("utf-8")
    digest = sha256(f"{' '.join(terms(text))} {silent}".encode()).hexdigest()[:12]
    assert (TERMS_VERSION, digest) == ("1", "d099a8563c92")


def test_fusion_weighs_words_and_meaning() -> None:
    fused = fuse({"a": 10.0, "b": 5.0}, {"b": 0.9, "c": 0.8})
    expected = {"a": LEXICAL_SHARE, "b": 1 - LEXICAL_SHARE / 2, "c": 0.0}
    assert fused == pytest.approx(expected)
    assert fuse({}, {}) == {}
    assert fuse({}, {"a": 0.8}) == {"a": 1 - LEXICAL_SHARE}  # the only one there is


class Speller(HashEmbedder):
    """Knows the words of a list whole, and of all others two letters."""

    def __init__(self, *known: str) -> None:
        self._known = known

    def longest_piece(self, text: str) -> int:
        return max((len(word) for word in text.split() if word in self._known), default=2)


@pytest.mark.parametrize("asked", ["xyzzy", "qsdf ghjk", "????", "0000000"])
def test_what_is_no_language_finds_nothing(filled: Town, asked: str) -> None:
    assert filled.search(asked)  # the nearest are always there
    search = Search(filled.store, filled.index, Speller("kedilerim"))
    assert search(Screened(asked)) == []


class MakesAQuestionOfAnything(Speller):
    """Was taught that whatever is asked asks for the canteen."""

    def embed_question(self, text: str) -> Vectors:
        return self.embed_query(TEXTS["cantine.txt"])


def test_what_was_taught_of_asking_makes_no_language(filled: Town) -> None:
    search = Search(filled.store, filled.index, MakesAQuestionOfAnything())
    assert search(Screened("xyzzy")) == []


@pytest.mark.parametrize("asked", ["repas xyzzy", "kedilerim nerede", "مطعم المدرسة", "cantyne"])
def test_a_word_of_any_language_is_looked_for(filled: Town, asked: str) -> None:
    assert Search(filled.store, filled.index, Speller("kedilerim"))(Screened(asked))


def test_what_is_near_a_passage_is_found_whatever_it_is_made_of(
    filled: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.search.NEAR_FROM", 0.0)
    assert Search(filled.store, filled.index, Speller())(Screened("xyzzy"))


def test_a_search_reads_one_row_at_a_time(filled: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python gives its interpreter up at each row, and waits for it among all who ask."""
    search = Search(filled.store, filled.index, filled.embedder)
    question = Screened("Quel est le prix des repas scolaires à la mairie, en salle ?")
    before, rows = search(question), list[int]()
    read = Database.read

    def counted(database: Database, asked: str, values: Sequence[object] = ()) -> list[Any]:
        found = read(database, asked, values)
        rows.append(len(found))
        return found

    monkeypatch.setattr(Database, "read", counted)
    assert search(question) == before
    assert len(before) > 1
    assert max(rows, default=1) == 1  # PostgreSQL's come in one piece, and not by this way


def test_rows_that_are_read_whole_are_the_same(tmp_path: Path) -> None:
    database = Database(tmp_path / "passages.db")
    texts = ["", "é\u2028'\"\\", "a\x00b", "\x01 [1, 2]", "💧", "{}"]
    marks = " UNION ALL ".join(["SELECT ?, ?, NULL"] * len(texts))
    values = [value for number, text in enumerate(texts) for value in (number, text)]
    question = f"SELECT * FROM ({marks}) ORDER BY 1 DESC LIMIT 5"
    assert database.read_whole(3, question, values) == database.read(question, values)
    assert database.read_whole(1, "SELECT 1 WHERE 1 = 2") == []
    database.close()


def test_the_nearest_words_are_looked_up_once_for_a_corpus(
    filled: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    wording, looked = Wording(filled.store), list[str]()

    def counted(stem: str, *given: Any, **named: Any) -> Any:
        looked.append(stem)
        return extract(stem, *given, **named)

    monkeypatch.setattr("corpus.query.extract", counted)
    unknown = terms("xylographe")
    for ask in (wording.corrected, wording.corrected, wording.rarity):
        ask(unknown)
    wording.wanted("xylographe"), wording.related("xylographe")
    assert looked == unknown
    filled.write("bois.txt", "Une exposition de gravures sur bois.")
    filled.add()
    wording.corrected(unknown)
    assert looked == unknown * 2
