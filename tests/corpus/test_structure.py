# SPDX-License-Identifier: EUPL-1.2
"""What each line of a page is: from every reader, through the guard, kept, read back, erased."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.erase import erase
from corpus.quarantine import Quarantine
from corpus.readers import READERS_VERSION, read, read_data
from corpus.search import Search
from corpus.structure import (
    Cell,
    Items,
    Kind,
    Line,
    Structure,
    Table,
    Words,
    decoded,
    encoded,
    joined,
    moved,
    plain,
)
from guardrails.findings import Entity, Finding, Screened
from guardrails.redaction import redacted
from tests.corpus.conftest import KEY, Town
from tests.corpus.readers.files import archive

SAMPLES = Path(__file__).parents[2] / "samples"

HOURS = """# Bibliothèque

## Horaires

| Jour | Matin | Après-midi |
|------|-------|------------|
| Mardi | fermé | 14 h – 18 h |
| Samedi | 9 h – 12 h | |

Pièces à fournir :

- une pièce d'identité
- un justificatif :
    - une facture
    - ou un bail

Le prêt est gratuit."""


def structure_of(data: bytes, name: str) -> Structure:
    """Return what is known of the first page of a file."""
    page = read_data(data, name=name).pages[0]
    return Structure.of(page.text, page.lines)


def told(page: Structure) -> list[tuple[str, str, str]]:
    """Return of each line what it is, what it says, and what it stands under."""
    words = [page.text[line.start : line.end] for line in page.lines]
    return [
        (line.kind.value, words[n], "" if line.parent is None else words[line.parent])
        for n, line in enumerate(page.lines)
    ]


# -- readers


def test_markdown_tells_headings_rows_and_items_with_what_they_stand_under() -> None:
    page = structure_of(HOURS.encode(), "a.md")
    assert told(page) == [
        ("heading", "Bibliothèque", ""),
        ("heading", "Horaires", "Bibliothèque"),
        ("row", "Jour : Mardi ; Matin : fermé ; Après-midi : 14 h – 18 h", "Horaires"),
        ("row", "Jour : Samedi ; Matin : 9 h – 12 h", "Horaires"),
        ("text", "Pièces à fournir :", "Horaires"),
        ("item", "- une pièce d'identité", "Pièces à fournir :"),
        ("item", "- un justificatif :", "Pièces à fournir :"),
        ("item", "- une facture", "- un justificatif :"),
        ("item", "- ou un bail", "- un justificatif :"),
        ("text", "Le prêt est gratuit.", "Horaires"),
    ]
    row = page.lines[3]
    assert page.named_cells(row) == [("Jour", "Samedi"), ("Matin", "9 h – 12 h")]
    assert page.ancestors(page.text.index("ou un bail")) == (
        "Bibliothèque", "Horaires", "Pièces à fournir :", "- un justificatif :",
    )  # fmt: skip


def test_web_pages_tell_captions_lists_in_lists_and_tables() -> None:
    source = """<main><h1>Piscine</h1><h2>Tarifs</h2>
    <table><caption>En été</caption><tr><th>Public</th><th>Prix</th></tr>
    <tr><td>Enfant</td><td>2 €</td></tr></table><p>Gratuit le jeudi.</p>
    <p>Il faut</p><ul><li>un bonnet<ul><li>en tissu</li></ul></li><li><p>un maillot</p></li></ul>
    </main>"""
    page = structure_of(source.encode(), "a.html")
    assert told(page) == [
        ("heading", "Piscine", ""),
        ("heading", "Tarifs", "Piscine"),
        ("heading", "En été", "Tarifs"),
        ("row", "Public : Enfant ; Prix : 2 €", "En été"),
        ("text", "Gratuit le jeudi.", "Tarifs"),
        ("text", "Il faut", "Tarifs"),
        ("item", "- un bonnet", "Il faut"),
        ("item", "- en tissu", "- un bonnet"),
        ("item", "un maillot", "Il faut"),
    ]


def test_a_table_s_inner_titles_belong_to_it_and_stand_over_their_rows() -> None:
    lines = ["Salle ; Prix ; Caution", "Habitants ; ; ", "Halle ; 10 € ; 50 €"]
    lines += ["Extérieurs ; ; ", "Halle ; 30 € ; 90 €"]
    page = structure_of("\n".join(lines).replace(" ; ", ";").encode(), "a.csv")
    assert told(page) == [
        ("heading", "Habitants", ""),
        ("row", "Salle : Halle ; Prix : 10 € ; Caution : 50 €", "Habitants"),
        ("heading", "Extérieurs", ""),
        ("row", "Salle : Halle ; Prix : 30 € ; Caution : 90 €", "Extérieurs"),
    ]
    assert {line.table for line in page.lines} == {0}


def docx(body: str) -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    styles = (
        f'<w:styles {space}><w:style w:styleId="T"><w:name w:val="Heading 2"/></w:style></w:styles>'
    )
    document = f"<w:document {space}><w:body>{body}</w:body></w:document>"
    return archive({"word/document.xml": document.encode(), "word/styles.xml": styles.encode()})


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_word_documents_tell_headings_numbered_items_and_rows() -> None:
    def item(text: str, depth: int) -> str:
        return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/></w:numPr>')

    cells = "".join(
        f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>"
        for row in (("Repas", "Prix", "Public"), ("Midi", "3 €", "Enfant"))
    )
    page = structure_of(
        docx(
            paragraph("Cantine", '<w:pStyle w:val="T"/>')
            + paragraph("À fournir :")
            + item("le RIB", 0)
            + item("signé", 1)
            + item("la photo", 0)
            + f"<w:tbl>{cells}</w:tbl>"
        ),
        "a.docx",
    )
    assert told(page) == [
        ("heading", "Cantine", ""),
        ("text", "À fournir :", "Cantine"),
        ("item", "- le RIB", "À fournir :"),
        ("item", "- signé", "- le RIB"),
        ("item", "- la photo", "À fournir :"),
        ("row", "Repas : Midi ; Prix : 3 € ; Public : Enfant", "Cantine"),
    ]


@pytest.mark.parametrize(
    ("file", "words", "columns"),
    [
        ("tarifs/grille-des-tarifs-2025.xlsx", "Lavoir", ["Salle", "Durée", "Habitant"]),
        ("tarifs/droits-de-place-2025.csv", "Manège enfantin", ["nature", "unite", "tarif_2023"]),
        ("tarifs/location-de-velos-2025.ods", "Remorque", ["Vélo", "Journée", "Mois"]),
        ("tarifs/pret-de-materiel-2025.xls", "Banc", ["Matériel", "Association", "Particulier"]),
        (
            "tarifs/accueil-de-loisirs-2025-2026.pdf",
            "de 401 à 700",
            ["Tranche", "Quotient familial", "Journée avec repas"],
        ),
        ("bibliotheque/guide-du-lecteur.html", "Mercredi", ["Jour", "Matin", "Après-midi"]),
        (
            "periscolaire/guide-des-familles-2025-2026.docx",
            "Élémentaire",
            ["École", "Adresse", "Direction"],
        ),
        ("reglements/marche-hebdomadaire.odt", "Déchets laissés", ["Manquement", "Première fois"]),
        ("vie-municipale/convocation-commission-associations.rtf", "Calendrier", ["", ""]),
    ],
)
def test_rows_of_every_format_keep_their_cells(file: str, words: str, columns: list[str]) -> None:
    page = read(SAMPLES / file, name=file).pages[0]
    known = Structure.of(page.text, page.lines)
    row = known.row(page.text.index(words))
    assert row is not None
    assert [name for name, _ in known.named_cells(row)][: len(columns)] == columns
    assert any(words in cell for _, cell in known.named_cells(row))


@pytest.mark.parametrize("path", sorted(p for p in SAMPLES.rglob("*.*") if p.is_file()))
def test_lines_of_every_sample_are_sound(path: Path) -> None:
    if (
        path.suffix in {".py", ".toml", ".jsonl", ".png", ".jpg", ".tif", ".zip"}
        or path.name[0] == "."
    ):
        pytest.skip("no document, or a scan")
    for page in read(path, name=path.name).pages:
        lines = page.lines
        assert [(x.start, x.end) for x in lines] == [(x.start, x.end) for x in plain(page.text)]
        assert decoded(encoded(lines), page.text) == lines
        for place, line in enumerate(lines):
            assert line.parent is None or line.parent < place
            assert (line.kind is Kind.ROW) == bool(line.cells)
            for cell in line.cells:
                assert line.start <= cell.start <= cell.value < cell.end <= line.end
                assert page.text[cell.start : cell.value].endswith(" : ") or (
                    cell.start == cell.value
                )


def test_an_attachment_s_table_is_known_on_the_message_s_page() -> None:
    parts = [("Objet : prix", ()), (page := structure_of(HOURS.encode(), "a.md")).text]
    text, lines = joined([parts[0], (page.text, page.lines), (page.text, page.lines)])
    known = Structure.of(text, lines)
    assert known.lines == lines
    assert [line.table for line in lines if line.cells] == [0, 0, 1, 1]
    last = [line for line in lines if line.cells][-1]
    assert known.named_cells(last) == [("Jour", "Samedi"), ("Matin", "9 h – 12 h")]
    assert known.ancestors(last.start) == ("Bibliothèque", "Horaires")


# -- as parts, to be drawn


def test_a_stretch_of_a_page_is_drawn_as_what_it_is() -> None:
    page = structure_of(HOURS.encode(), "a.md")
    whole = page.parts(0, len(page.text))
    assert [type(part) for part in whole] == [Words, Words, Table, Words, Items, Words]
    (table,) = page.parts(page.text.index("fermé"), page.text.index("9 h"))
    assert isinstance(table, Table)
    assert table.columns == ("Jour", "Matin", "Après-midi")
    cells = [[c and page.text[slice(*c)] for c in row.cells] for row in table.rows]
    assert cells == [["Mardi", "fermé", "14 h – 18 h"], ["Samedi", "9 h – 12 h", None]]
    title = page.title_of(table)
    assert title is not None
    assert page.text[slice(*title)] == "Horaires"
    items = whole[4]
    assert isinstance(items, Items)
    assert [depth for *_, depth in items.entries] == [0, 0, 1, 1]


def test_a_page_of_an_earlier_version_is_text_whose_rows_are_read_back() -> None:
    text = "Horaires\nJour : Mardi ; Matin : fermé\nJour : Jeudi ; Matin : 9 h\nPrésents : A ; B"
    page = Structure.of(text)
    assert {line.kind for line in page.lines} == {Kind.TEXT}
    heading, table, names = page.parts(0, len(text))
    assert isinstance(table, Table)
    assert table.columns == ("Jour", "Matin")
    assert (type(heading), type(names), len(table.rows)) == (Words, Words, 2)


# -- what is kept

TEXTS = st.text(alphabet="ab :;\n", max_size=60)


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, tuple[Line, ...]]:
    text = draw(TEXTS)
    lines = []
    for place, line in enumerate(plain(text)):
        cuts = sorted(draw(st.lists(st.integers(line.start, line.end), max_size=6)))
        cells = [
            Cell(column, *cuts[at : at + 3]) for column, at in enumerate(range(0, len(cuts) - 2, 3))
        ]
        lines.append(
            replace(
                line,
                kind=draw(st.sampled_from(Kind)),
                parent=draw(st.none() | st.integers(0, place - 1)) if place else None,
                table=draw(st.none() | st.integers(0, 3)),
                cells=tuple(cells),
            )
        )
    return text, tuple(lines)


@settings(deadline=None)
@given(pages())
def test_what_is_kept_is_read_back_and_holds_no_word(page: tuple[str, tuple[Line, ...]]) -> None:
    text, lines = page
    kept = encoded(lines)
    assert decoded(kept, text) == lines
    assert set(kept) <= set("[],-0123456789")


@pytest.mark.parametrize(
    "kept", ["[[0,5]]", "[[0,0]]", "[[3,-1,0,0,-4,2,6]]", "[[3,-1,0,99999,0,2,6]]", "[[9]]"]
)
def test_what_a_reader_should_not_say_is_not_believed(kept: str) -> None:
    (line,) = decoded(kept, "un mot")
    assert (line.kind is Kind.TEXT or not line.cells, line.parent, line.cells) == (True, None, ())


# -- the guard


@settings(deadline=None)
@given(pages(), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), max_size=5))
def test_lines_stay_behind_the_guard(
    page: tuple[str, tuple[Line, ...]], spans: list[tuple[int, int]]
) -> None:
    text, lines = page
    found, last = [], 0
    for start, length in sorted(spans):
        if last <= start < len(text) and text[start : start + length].strip():
            found.append(Finding(start, min(len(text), start + length), Entity.PERSON, "test"))
            last = start + length
    (screened,) = redacted([text], [found], trusted=False)
    after = moved(lines, text, screened.text)
    assert len(after) == len(lines)  # a finding over two lines leaves two
    assert [(x.kind, x.parent, x.table) for x in after] == [
        (x.kind, x.parent, x.table) for x in lines
    ]
    for line in after:
        for cell in line.cells:
            assert line.start <= cell.start <= cell.value <= cell.end <= line.end


def test_cells_hold_only_what_is_hidden_and_a_name_over_two_cells_is_in_the_first() -> None:
    text = "Nom : Zoé Zuliani ; Âge : 8 ans ; Prix : 3 €\nNom : Zoé ; Âge : 9 ans ; Prix : 4 €"
    source = "Nom;Âge;Prix\nZoé Zuliani;8 ans;3 €\nZoé;9 ans;4 €"
    before = structure_of(source.encode(), "a.csv")
    assert before.text == text
    over_two = text.index("Zoé Zuliani"), text.index(" ans")
    found = [Finding(*over_two, Entity.PERSON, "test")]
    (screened,) = redacted([text], [found], trusted=False)
    after = Structure.of(screened.text, moved(before.lines, text, screened.text))
    assert [after.named_cells(line) for line in after.lines] == [
        [("Nom", "[PERSONNE_1] ans"), ("Prix", "3 €")],
        [("Nom", "Zoé"), ("Âge", "9 ans"), ("Prix", "4 €")],
    ]


def test_a_column_named_after_somebody_keeps_its_place() -> None:
    before = structure_of(b"Jour;Zuliani;Total\nlundi;3 h;4 h", "a.csv")
    after = before.text.replace("Zuliani", "[PERSONNE_1]")
    page = Structure.of(after, moved(before.lines, before.text, after))
    assert page.named_cells(page.lines[0]) == [
        ("Jour", "lundi"), ("[PERSONNE_1]", "3 h"), ("Total", "4 h"),
    ]  # fmt: skip


def test_lines_that_are_lost_are_text() -> None:
    before = structure_of(HOURS.encode(), "a.md")
    after = before.text.replace("\n", " ")
    assert moved(before.lines, before.text, after) == plain(after)


# -- in the corpus


def row_kept(town: Town) -> list[tuple[str, str]]:
    (document,) = town.store.documents()
    page = town.store.structure(document.id, 1)
    assert page is not None
    row = page.row(page.text.index("Mardi"))
    assert row is not None
    return page.named_cells(row)


CLERK = HOURS.replace("fermé", "M. Zuliani")


def test_a_page_is_kept_with_its_lines_and_only_hidden_words(town: Town) -> None:
    town.write("horaires.md", CLERK)
    town.add()
    assert row_kept(town) == [
        ("Jour", "Mardi"),
        ("Matin", "M. [PERSONNE_1]"),
        ("Après-midi", "14 h – 18 h"),
    ]
    kept = town.store._database.read("SELECT lines FROM structures")
    assert all(set(str(lines)) <= set("[],-0123456789") for (lines,) in kept)
    (found,) = Search(town.store, town.index, town.embedder)(Screened("justificatif bail"), limit=1)
    assert found.passage.structure is not None
    at = found.passage.structure.text.index("ou un bail")
    assert found.passage.ancestors(at)[-1] == "- un justificatif :"
    bare = replace(found.passage, structure=None, heading="Horaires")
    assert bare.ancestors(at) == ("Horaires",)


def test_erasing_a_document_takes_its_lines_too(town: Town) -> None:
    town.write("horaires.md", CLERK)
    town.add()
    (document,) = town.store.documents()
    assert erase(town.store, town.index, [document.id], town.data).is_clean
    assert town.store._database.read("SELECT * FROM structures") == []


def test_what_a_person_withholds_leaves_the_other_rows_as_they_are(town: Town) -> None:
    town.write("horaires.md", CLERK)
    town.add()
    (document,) = town.store.documents()
    text = town.store.page(document.id, 1) or ""
    hidden = (text.index("Samedi"), text.index("Pièces"))
    quarantine = Quarantine(town.store, town.index, town.embedder, key=KEY)
    quarantine.withhold(document.id, 1, [hidden])
    assert row_kept(town)[0] == ("Jour", "Mardi")
    page = town.store.structure(document.id, 1)
    assert page is not None
    assert page.ancestors(page.text.index("une facture"))[-1] == "- un justificatif :"


def test_what_an_earlier_version_kept_is_text_until_it_is_added_again(town: Town) -> None:
    town.write("horaires.md", HOURS)
    town.add()
    with town.store._database.writing() as write:  # as the version before kept it
        write.execute("DELETE FROM structures")
        for table in ("documents", "files"):
            write.execute(
                f"UPDATE {table} SET recipe = replace(recipe, ?, 'readers-7')", (READERS_VERSION,)
            )
    (document,) = town.store.documents()
    page = town.store.structure(document.id, 1)
    assert page is not None
    assert {line.kind for line in page.lines} == {Kind.TEXT}
    assert row_kept(town)[0] == ("Jour", "Mardi")  # read back from its words
    assert town.search("horaires du mardi") == ["horaires.md"]
    report = town.add()
    assert (report.pages, report.unchanged) == (1, 0)
    page = town.store.structure(town.store.documents()[0].id, 1)
    assert page is not None
    assert page.lines[2].kind is Kind.ROW
