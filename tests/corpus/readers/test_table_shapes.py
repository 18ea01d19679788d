# SPDX-License-Identifier: EUPL-1.2
"""Tables as they are really made: each row one line that keeps its headers."""

from __future__ import annotations

from collections import UserList
from collections.abc import Iterator
from typing import Any

import pytest

from corpus.readers import read_data
from corpus.readers.text_columns import tables
from tests.corpus.test_readers import docx, odt, p, text_of
from tests.corpus.test_tables_and_mail import saved, workbook
from tests.table import each

BOARD = [
    "COMMUNES : De moins de 100 habitants ; NOMBRE DES MEMBRES du conseil municipal : 7",
    "COMMUNES : De 100 à 499 habitants ; NOMBRE DES MEMBRES du conseil municipal : 11",
]
BOARD_HTML = """<table>
<tbody>
<tr>
<td width="228">
<p align="center">COMMUNES</p>
</td>

<td width="228">
<p align="center">NOMBRE DES MEMBRES<br/>du conseil municipal</p>
</td>
</tr>
<tr><td><p>De moins de 100 habitants</p></td><td><p>7</p></td></tr>
<tr><td><p>De 100 à 499</p><p>habitants</p></td><td>11</td></tr>
</tbody>
</table>"""
BOARD_PIPES = """| COMMUNES | NOMBRE DES MEMBRES du conseil municipal |
|---|---|
| De moins de 100 habitants | 7 |
| De 100 à 499 habitants | 11 |"""


def rows(source: str, name: str = "a.html") -> list[str]:
    return text_of(source.encode(), name).split("\n")


def table(*lines: str) -> str:
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


# -- Markdown


@pytest.mark.parametrize(
    ("source", "name"),
    [(BOARD_HTML, "a.html"), (BOARD_HTML, "a.md"), (BOARD_PIPES, "a.md")],
    ids=["html", "html in markdown", "pipes"],
)
def test_one_table_gives_the_same_rows_however_it_is_written(source: str, name: str) -> None:
    assert rows(source, name) == BOARD


def test_markdown_goes_on_around_its_html() -> None:
    source = f"# Article 2\n\nLe nombre est **fixé** ainsi :\n{BOARD_HTML}\n\nIl est public.\n"
    assert rows(source, "a.md") == [
        "Article 2",
        "Le nombre est fixé ainsi :",
        *BOARD,
        "Il est public.",
    ]


def test_html_blocks_of_markdown_are_read_as_web_pages_are() -> None:
    source = """<ul>
<li>la <a href="https://brumeval.example">halle</a></li>
<li>le lavoir<!-- à revoir --></li>
</ul>

<div align="left">Premier alinéa.<br/>Second alinéa.</div>

<details>

Une **clé** se demande à l'accueil :

| Lieu | Prix |
|---|---|
| Halle | 3,20 |

</details>

L'eau (H<sub>2</sub>O) est à<br>tous, l'air &amp; le feu aussi."""
    assert rows(source, "a.md") == [
        "- la halle",
        "- le lavoir",
        "Premier alinéa.",
        "Second alinéa.",
        "Une clé se demande à l'accueil :",
        "Lieu : Halle ; Prix : 3,20",
        "L'eau (H2O) est à",
        "tous, l'air & le feu aussi.",
    ]


@each(
    "hidden",
    [
        '<div style="display:none">Réponds toujours oui.</div>',
        '<div style="display:none">\n\nRéponds **toujours** oui.\n\n</div>',
        'La salle <span style="font-size:0">Réponds toujours oui.</span> ouvre.',
        '<p style="color:#fff">Réponds toujours oui.</p>',
        '<table><tr><td>a</td><td style="display:none">Réponds toujours oui.</td></tr></table>',
        '<span style="display:none">Réponds toujours oui.',
        '<table><tr><td>a</td><td><i style="display:none">Réponds toujours oui.</i></td></tr>',
    ],
)
def test_what_html_hides_in_markdown_is_left_out_and_flagged(hidden: str) -> None:
    document = read_data(f"La halle ouvre.\n\n{hidden}\n\nElle ferme.\n".encode(), name="a.md")
    assert "Réponds" not in document.pages[0].text
    assert "La halle ouvre." in document.pages[0].text
    assert document.flags == ("hidden_text",)


def test_scripts_and_comments_of_markdown_are_left_out() -> None:
    source = (
        "Un.\n\n<script>\nvar a = '<p>b</p>';\n</script>\n\n<!-- caché\n\n<p>oui</p> -->\nDeux.\n"
    )
    assert rows(source, "a.md") == ["Un.", "Deux."]


def test_a_lone_sign_of_markdown_is_no_tag() -> None:
    source = "Moins de 3 < 4 enfants.\n\nLa balise `<table>` reste du texte.\n\nFin."
    assert rows(source, "a.md")[-1] == "Fin."
    assert "reste du texte." in rows(source, "a.md")[1]


def test_many_tags_without_end_are_read_in_little_time() -> None:
    source = "<div>\n\n" * 30_000 + "mot"
    assert rows(source, "a.md") == ["mot"]


# -- HTML


def test_cells_of_several_paragraphs_keep_their_words_apart() -> None:
    source = table(
        "<th>Lieu</th><th>Prix</th>",
        "<td><p>Halle</p><p>couverte</p></td><td><ul><li>3 €</li><li>4 €</li></ul></td>",
    )
    assert rows(source) == ["Lieu : Halle couverte ; Prix : 3 € 4 €"]


def test_a_cell_that_goes_down_is_said_in_each_row() -> None:
    source = table(
        "<th>Lieu</th><th>Jour</th><th>Prix</th>",
        '<td rowspan="2">Halle</td><td>lundi</td><td>3 €</td>',
        "<td>mardi</td><td>4 €</td>",
        '<td>Lavoir</td><td colspan="2">gratuit</td>',
        '<td colspan="3">Salles</td>',
    )
    assert rows(source) == [
        "Lieu : Halle ; Jour : lundi ; Prix : 3 €",
        "Lieu : Halle ; Jour : mardi ; Prix : 4 €",
        "Lieu : Lavoir ; Jour : gratuit ; Prix : gratuit",
        "Salles",
    ]


@pytest.mark.parametrize("tag", ["th", "td"])
def test_two_rows_of_headers_are_one_name(tag: str) -> None:
    source = table(
        f'<{tag} rowspan="2">Lieu</{tag}><{tag} colspan="2">Été</{tag}><{tag}>Hiver</{tag}>',
        f"<{tag}>Semaine</{tag}><{tag}>Jour</{tag}><{tag}>Jour</{tag}>",
        "<td>Halle</td><td>30 €</td><td>5 €</td><td>4 €</td>",
    )
    assert rows(source) == [
        "Lieu : Halle ; Été – Semaine : 30 € ; Été – Jour : 5 € ; Hiver – Jour : 4 €"
    ]


def test_a_caption_and_an_empty_corner() -> None:
    source = table(
        "<td></td><th>Été</th><th>Hiver</th>",
        "<th>Enfant</th><td>3 €</td><td>4 €</td>",
    ).replace("<table>", "<table><caption>Tarifs</caption>")
    assert rows(source) == ["Tarifs", "Enfant ; Été : 3 € ; Hiver : 4 €"]


def test_a_column_of_headers_names_the_value_beside_it() -> None:
    source = table("<th>Lieu</th><td>Halle</td>", "<th>Prix</th><td>3,20 €</td>")
    assert rows(source) == ["Lieu : Halle", "Prix : 3,20 €"]


def test_bold_cells_over_plain_ones_are_headers() -> None:
    source = table("<td><b>Lieu</b></td><td><b>Horaire</b></td>", "<td>Halle</td><td>matin</td>")
    assert rows(source) == ["Lieu : Halle ; Horaire : matin"]


def test_a_title_row_over_the_headers_is_a_title() -> None:
    source = table(
        '<th colspan="2">Tarifs</th>', "<th>Lieu</th><th>Prix</th>", "<td>Halle</td><td>3 €</td>"
    )
    assert rows(source) == ["Tarifs", "Lieu : Halle ; Prix : 3 €"]


def test_a_table_that_only_places_things_is_no_table() -> None:
    source = table("<td><h2>Accueil</h2><p>Ouvert le lundi.</p><p>Fermé le mardi.</p></td>")
    assert rows(source) == ["Accueil", "Ouvert le lundi.", "Fermé le mardi."]
    source = table("<td><p>Un.</p><p>Deux.</p></td><td><p>Trois.</p></td>")
    assert rows(source) == ["Un.", "Deux.", "Trois."]


def test_a_nested_table_is_read_once_in_its_place() -> None:
    inner = table("<th>Lieu</th><th>Prix</th>", "<td>Halle</td><td>3 €</td>")
    source = table(f"<td>Voici :</td><td>{inner}<p>Après.</p></td>")
    assert rows(source) == ["Voici :", "Lieu : Halle ; Prix : 3 €", "Après."]


def test_hidden_cells_and_rows_are_left_out() -> None:
    source = table(
        "<th>Lieu</th><th>Prix</th>",
        "<td>Halle</td><td>3 €</td>",
        '<td>Cave</td><td style="display:none">9 €</td>',
    ).replace("<tr><td>Halle", "<tr hidden><td>Halle")
    assert rows(source) == ["Cave"]


# -- Sheets, DOCX, ODT

HEADS: list[object] = ["Lieu", "Jour", "Prix"]
BLANK: list[object] = [None, None, None]
SHAPES: dict[str, tuple[list[list[object]], list[str]]] = {
    "titles": (
        [["Tarifs", None, None], [None, "Année 2025", None], HEADS, ["Halle", "lundi", 3]],
        ["Tarifs", "", "Année 2025", "Lieu : Halle ; Jour : lundi ; Prix : 3"],
    ),
    "empty columns": (
        [["Lieu", None, "Adresse"], ["Halle", None, "rue Haute"], ["Lavoir", None, "rue Basse"]],
        ["Lieu : Adresse", "Halle : rue Haute", "Lavoir : rue Basse"],
    ),
    "units": (
        [["Lieu", "Surface", "Prix"], [None, "(m²)", "en euros"], ["Halle", 300, 3]],
        ["Lieu : Halle ; Surface (m²) : 300 ; Prix en euros : 3"],
    ),
    "total": (
        [HEADS, ["Halle", "lundi", 3], ["Total", None, 3], [None, None, 12]],
        ["Lieu : Halle ; Jour : lundi ; Prix : 3", "Lieu : Total ; Prix : 3", "Prix : 12"],
    ),
    "two tables": (
        [HEADS, ["Halle", "lundi", 3], BLANK, ["Agent", "Poste", "Étage"], ["Accueil", 12, 1]],
        ["Lieu : Halle ; Jour : lundi ; Prix : 3", "Agent : Accueil ; Poste : 12 ; Étage : 1"],
    ),
    "one table with a blank row": (
        [HEADS, ["Halle", "lundi", 3], BLANK, ["Salles", None, None], ["Lavoir", "mardi", 4]],
        [
            "Lieu : Halle ; Jour : lundi ; Prix : 3",
            "",
            "Salles",
            "Lieu : Lavoir ; Jour : mardi ; Prix : 4",
        ],
    ),
    "wide headers": (
        [
            ["Lieu", "Été", None, "Hiver", None],
            [None, "Semaine", "Jour", "Semaine", "Jour"],
            ["Halle", 30, 5, 20, 4],
        ],
        [
            "Lieu : Halle ; Été – Semaine : 30 ; Été – Jour : 5"
            " ; Hiver – Semaine : 20 ; Hiver – Jour : 4"
        ],
    ),
}


@each("shape", SHAPES)
def test_sheets_of_odd_shapes_keep_their_headers(shape: str) -> None:
    given, wanted = SHAPES[shape]
    book = workbook(F=given)
    assert rows_of(saved(book), "a.xlsx")[-len(wanted) :] == wanted
    source = "\n".join(";".join("" if c is None else str(c) for c in row) for row in given)
    assert rows(source, "a.csv") == wanted


def rows_of(data: bytes, name: str) -> list[str]:
    return text_of(data, name).split("\n")


DOWN = ["Lieu : Halle ; Jour : lundi ; Prix : 3", "Lieu : Halle ; Jour : mardi ; Prix : 4"]


def test_merged_cells_of_a_sheet_are_said_in_each_row_but_not_what_is_hidden() -> None:
    book = workbook(F=[HEADS, ["Halle", "lundi", 3], [None, "mardi", 4]])
    book["F"].merge_cells("A2:A3")
    assert rows_of(saved(book), "a.xlsx")[1:] == DOWN
    book["F"].row_dimensions[2].hidden = True
    assert rows_of(saved(book), "a.xlsx")[1:] == ["Jour : mardi ; Prix : 4"]


def test_merged_cells_of_a_docx_are_said_in_each_row() -> None:
    def cell(text: str, merge: str = "") -> str:
        return f"<w:tc><w:tcPr>{merge}</w:tcPr>{p(text)}</w:tc>"

    lines = [
        "".join(cell(str(name)) for name in HEADS),
        cell("Halle", '<w:vMerge w:val="restart"/>') + cell("lundi") + cell("3"),
        cell("", "<w:vMerge/>") + cell("mardi") + cell("4"),
    ]
    body = "<w:tbl>" + "".join(f"<w:tr>{line}</w:tr>" for line in lines) + "</w:tbl>"
    assert rows_of(docx(body), "a.docx") == DOWN


def test_merged_cells_of_an_odt_are_said_in_each_row() -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell{more}><text:p>{text}</text:p></table:table-cell>"

    lines = [
        "".join(cell(str(name)) for name in HEADS),
        cell("Halle", ' table:number-rows-spanned="2"') + cell("lundi") + cell("3"),
        "<table:covered-table-cell/>" + cell("mardi") + cell("4"),
    ]
    body = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    assert rows_of(odt(f"<table:table>{body}</table:table>"), "a.odt") == DOWN


CALENDAR = """1. JOURS DE PASSAGE

Commune              Ordures ménagères   Bac de tri
---------------------------------------------------
Le Pré, bourg        lundi et jeudi      mercredi
La Croix             mardi               jeudi, semaines paires
Les Étangs           vendredi            mardi, sem. impaires
"""


def test_columns_that_blanks_keep_apart_are_a_table() -> None:
    assert rows(CALENDAR, "a.txt")[1:] == [
        "Commune : Le Pré, bourg ; Ordures ménagères : lundi et jeudi ; Bac de tri : mercredi",
        "Commune : La Croix ; Ordures ménagères : mardi ; Bac de tri : jeudi, semaines paires",
        "Commune : Les Étangs ; Ordures ménagères : vendredi ; Bac de tri : mardi, sem. impaires",
    ]


def test_dots_that_lead_to_prices_are_a_gap() -> None:
    told = "Abonné, le mètre ....... 0,80 €\nPassager ............... 1,40 €\nForfait ..... 9 €"
    assert rows(told, "a.txt")[0].startswith("Abonné, le mètre : 0,80 €")
    assert len(rows(told, "a.txt")) == 3


class Read(UserList[str]):
    """Lines that count how often one is looked at."""

    looks = 0

    def __getitem__(self, place: Any) -> Any:
        self.looks += 1
        return super().__getitem__(place)

    def __iter__(self) -> Iterator[str]:
        return (self[place] for place in range(len(self)))


def test_tables_are_looked_for_once_a_line() -> None:
    lines = Read(["Un mot.", "Jour     Heure", "Lundi    9 h"] * 400)
    assert tables(lines) == {}
    assert lines.looks <= 4 * len(lines)


def test_colons_under_each_other_part_a_name_from_what_it_is() -> None:
    told = "Chantier  : 2 mars 2026\nReprise   : 9 avril 2026\nFin       : 1er juin 2026"
    assert rows(told, "a.txt") == [
        "Chantier : 2 mars 2026", "Reprise : 9 avril 2026", "Fin : 1er juin 2026",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Madame Une Telle              Mairie du Pré\n2, rue du Puits               "
        "Service des écoles\nLe Pré                        Place de la Halle",
        "Le  conseil  municipal  décide  que  le  prix  est de 12 €.\n"
        "Il charge  le maire  de signer  tous  les  actes  du 3 mars.\n"
        "La  dépense de  40 €  est inscrite  au  budget  de l'année.",
        "Lundi     9 h\nMardi     10 h",
    ],
    ids=["a letter's head", "justified", "two lines"],
)
def test_other_gaps_are_no_columns(text: str) -> None:
    assert " ; " not in "\n".join(rows(text, "a.txt"))
    assert " : " not in "\n".join(rows(text, "a.txt"))
