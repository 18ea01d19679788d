# SPDX-License-Identifier: EUPL-1.2
"""Readers: the same text whatever the format, and a reason for what cannot be read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from corpus.errors import UnreadableFile
from corpus.readers import read, read_data
from corpus.readers.layout import table_blocks
from tests.table import each

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def text_of(data: bytes, name: str) -> str:
    return "\n".join(page.text for page in read_data(data, name=name).pages)


def zipped(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return out.getvalue()


def docx(body: str, **parts: str) -> bytes:
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return zipped({"word/document.xml": document, **{f"word/{k}.xml": v for k, v in parts.items()}})


def odt(body: str) -> bytes:
    names = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{u}:1.0"'
        for n, u in (("office", "office"), ("text", "text"), ("table", "table"))
    )
    content = (
        f"<office:document-content {names}><office:body><office:text>{body}"
        "</office:text></office:body></office:document-content>"
    )
    return zipped({"content.xml": content})


def pdf(*pages: list[str], password: str = "") -> bytes:
    out = io.BytesIO()
    drawn = canvas.Canvas(out, encrypt=StandardEncryption(password) if password else None)
    for lines in pages:
        text = drawn.beginText(60, 780)
        for line in lines:
            text.textLine(line)
        drawn.drawText(text)
        drawn.showPage()
    drawn.save()
    return out.getvalue()


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


# -- PDF


def test_pdf_lines_are_joined_into_paragraphs_and_hyphens_mended() -> None:
    lines = [
        "Le conseil municipal de Brumeval approuve le programme de restau-",
        "ration de la halle couverte et autorise le maire à signer tous les",
        "documents utiles.",
        "Article 2 : la dépense est inscrite au budget.",
    ]
    assert text_of(pdf(lines), "a.pdf").split("\n") == [
        "Le conseil municipal de Brumeval approuve le programme de restauration de la halle"
        " couverte et autorise le maire à signer tous les documents utiles.",
        "Article 2 : la dépense est inscrite au budget.",
    ]


def test_pdf_pages_are_numbered_and_running_lines_kept_once() -> None:
    pages = [
        ["Commune de Brumeval", f"Le point numéro {n} est adopté à l'unanimité.", f"Page {n} / 4"]
        for n in range(1, 5)
    ]
    read_pages = read_data(pdf(*pages), name="a.pdf").pages
    assert [page.number for page in read_pages] == [1, 2, 3, 4]
    assert [("Brumeval" in page.text, "Page" in page.text) for page in read_pages] == [
        (True, False),
        (False, False),
        (False, False),
        (False, False),
    ]


def test_a_scanned_page_waits_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.readers.pdf.is_there", lambda need: False)
    picture = pdfium.PdfDocument(pdf(["une page"]))[0].render(scale=0.3).to_pil()
    picture.save(tmp_path / "scan.png")
    out = io.BytesIO()
    drawn = canvas.Canvas(out)
    drawn.drawString(60, 700, "Cette page porte du texte que le lecteur retrouve sans peine.")
    drawn.showPage()
    drawn.drawImage(str(tmp_path / "scan.png"), 0, 0, 500, 700)
    drawn.showPage()
    drawn.save()
    document = read_data(out.getvalue(), name="mixte.pdf")
    assert [page.number for page in document.pages] == [1]
    assert (document.needs, document.waiting_pages) == ("ocr", (2,))


# -- DOCX, ODT


def test_docx_reads_what_is_seen_and_nothing_else() -> None:
    body = (
        p("Titre de l'acte")
        + "<w:p><w:ins><w:r><w:t>Ajout suivi.</w:t></w:r></w:ins>"
        + "<w:del><w:r><w:delText>Supprimé</w:delText></w:r></w:del>"
        + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Caché</w:t></w:r></w:p>"
        + "<w:sdt><w:sdtContent>" + p("Dans un champ.") + "</w:sdtContent></w:sdt>"
        + "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )  # fmt: skip
    note = f"<w:footnotes {W}><w:footnote>{p('Une note.')}</w:footnote></w:footnotes>"
    header = f"<w:hdr {W}>{p('Mairie de Brumeval')}</w:hdr>"
    comment = f"<w:comments {W}><w:comment>{p('À revoir')}</w:comment></w:comments>"
    data = docx(body, footnotes=note, header1=header, comments=comment)
    assert text_of(data, "a.docx").split("\n") == [
        "Titre de l'acte",
        "Ajout suivi.",
        "Dans un champ.",
        "Mairie de Brumeval",
        "Une note.",
    ]


def test_docx_rows_keep_their_headers() -> None:
    rows = [("Prestation", "Prix"), ("Repas enfant", "3,20 €"), ("Repas adulte", "5,10 €")]
    table = "".join(
        "<w:tr>" + "".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows
    )
    assert text_of(docx(f"<w:tbl>{table}</w:tbl>"), "a.docx").split("\n") == [
        "Prestation : Repas enfant ; Prix : 3,20 €",
        "Prestation : Repas adulte ; Prix : 5,10 €",
    ]


def test_docx_headings_stand_after_a_blank_line() -> None:
    styles = (
        f'<w:styles {W}><w:style w:styleId="T1"><w:name w:val="heading 1"/></w:style></w:styles>'
    )
    heading = '<w:p><w:pPr><w:pStyle w:val="T1"/></w:pPr><w:r><w:t>Horaires</w:t></w:r></w:p>'
    data = docx(p("Avant.") + heading + p("Après."), styles=styles)
    assert text_of(data, "a.docx") == "Avant.\n\nHoraires\nAprès."


def test_odt_reads_what_is_seen_and_nothing_else() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:p>Supprimé</text:p>"
        "</text:changed-region></text:tracked-changes>"
        "<text:p>Avant.</text:p><text:h>Horaires</text:h>"
        "<text:p>Ouvert<text:s/>le<text:tab/>mercredi<office:annotation><text:p>À revoir</text:p>"
        "</office:annotation>.</text:p>"
        "<text:list><text:list-item><text:p>un point</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>Jour</text:p></table:table-cell>"
        "<table:table-cell><text:p>Heure</text:p></table:table-cell></table:table-row>"
        "<table:table-row><table:table-cell><text:p>Lundi</text:p></table:table-cell>"
        "<table:table-cell><text:p>14 h</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert text_of(odt(body), "a.odt") == (
        "Avant.\n\nHoraires\nOuvert le mercredi.\n- un point\nJour : Lundi ; Heure : 14 h"
    )
    assert read_data(odt(body), name="a.odt").unseen == ("Supprimé", "À revoir")


# -- HTML, text, Markdown


def test_what_a_style_sheet_hides_twice_is_not_read() -> None:
    page = """<html><head><style>@media print { .tab { display: none } }
    .pre { display: none; font-size: 1px } .tab, #more { display: none }</style></head><body>
    <div class="pre">Cliquez vite</div>
    <p>Bonjour</p><div class="tab">Horaires</div></body></html>"""
    assert text_of(page.encode(), "a.html").split("\n") == ["Bonjour", "Horaires"]


def test_html_reads_the_text_without_menus_scripts_and_hidden_parts() -> None:
    page = """<html><head><title>Site</title><script>var x = "script";</script></head><body>
    <header>Bandeau</header><nav><a>Accueil</a></nav>
    <main><h1>Déchets</h1><p>La collecte a lieu <b>le lundi</b>.<br>Sortez les bacs la veille.</p>
    <ul><li>verre</li><li>papier</li></ul><p style="display: none">caché</p><p hidden>caché</p>
    <table><tr><th>Rue</th><th>Jour</th></tr><tr><td>Haute</td><td>mardi</td></tr></table>
    </main><footer>Mentions</footer></body></html>"""
    assert text_of(page.encode(), "a.html").split("\n") == [
        "Déchets",
        "La collecte a lieu le lundi.",
        "Sortez les bacs la veille.",
        "- verre",
        "- papier",
        "Rue : Haute ; Jour : mardi",
    ]


def test_text_puts_broken_lines_together_and_reads_old_encodings() -> None:
    lines = (
        "Règlement de la salle des fêtes\n\n"
        "La salle est louée aux habitants de la commune pour les fêtes de famille\n"
        "et aux associations pour leurs réunions.\n- chaises\n- tables\n"
    )
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        assert text_of(lines.encode(encoding), "a.txt").split("\n") == [
            "Règlement de la salle des fêtes",
            "La salle est louée aux habitants de la commune pour les fêtes de famille et aux"
            " associations pour leurs réunions.",
            "- chaises",
            "- tables",
        ]


def test_markdown_loses_its_signs() -> None:
    source = (
        "Intro **forte** et [lien](https://exemple.fr).\n\n## Tarifs\n\n"
        "| Repas | Prix |\n|---|---:|\n| Enfant | 3,20 € |\n\n<!-- note -->\n- *un* point\n"
    )
    assert text_of(source.encode(), "a.md") == (
        "Intro forte et lien.\n\nTarifs\nRepas : Enfant ; Prix : 3,20 €\n- un point"
    )


def test_spaces_are_plain_and_invisible_signs_gone() -> None:
    source = "1\u00a0250\u202f€ le m\u00adètre\u200b carré, e\u0301té"
    assert text_of(source.encode(), "a.txt") == "1 250 € le mètre carré, été"


def test_the_same_text_in_each_format_gives_the_same_page() -> None:
    heading, first, second = "Horaires", "La mairie ouvre le lundi.", "Elle ferme le mardi."
    pages = {
        "a.docx": docx(p(heading) + p(first) + p(second)),
        "a.odt": odt(
            f"<text:h>{heading}</text:h><text:p>{first}</text:p><text:p>{second}</text:p>"
        ),
        "a.html": f"<h1>{heading}</h1><p>{first}</p><p>{second}</p>".encode(),
        "a.md": f"# {heading}\n\n{first}\n\n{second}\n".encode(),
        "a.txt": f"{heading}\n\n{first}\n{second}\n".encode(),
        "a.pdf": pdf([heading, first, second]),
    }
    assert {text_of(data, name) for name, data in pages.items()} == {
        f"{heading}\n{first}\n{second}"
    }


# -- what cannot be read


@each(
    "name, data, reason",
    [
        ("vide.txt", b"", "empty"),
        ("blanc.txt", b" \n\n", "empty"),
        ("blanc.html", b"<html><body><script>x</script></body></html>", "empty"),
        ("inconnu.xyz", b"abc", "unknown_format"),
        ("sans_fin", b"abc", "unknown_format"),
        ("binaire.txt", b"abc\x00\x01\x02", "unknown_format"),
        ("casse.pdf", b"%PDF-1.7\nabc", "broken"),
        ("faux.pdf", b"du texte", "broken"),
        ("faux.docx", b"du texte", "broken"),
        ("tronque.docx", docx(p("a"))[:-30], "broken"),
        ("sans_texte.docx", zipped({"autre.xml": "<a/>"}), "broken"),
        ("xml.docx", zipped({"word/document.xml": "<a><b></a>"}), "broken"),
        ("protege.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "encrypted"),
        ("protege.pdf", pdf(["secret"], password="mot"), "encrypted"),
        ("tronque.odt", odt("<text:p>a</text:p>")[:-30], "broken"),
        ("vide.pdf", pdf([]), "empty"),
    ],
)  # fmt: skip
def test_a_bad_file_has_its_reason(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_data(data, name=name)
    assert refused.value.reason == reason


def test_an_xml_bomb_is_not_expanded() -> None:
    bomb = (
        '<!DOCTYPE w [<!ENTITY a "zut"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        f"<w:document {W}><w:body>{p('&b;')}{p('Le reste.')}</w:body></w:document>"
    )
    with pytest.raises(UnreadableFile) as refused:
        text_of(zipped({"word/document.xml": bomb}), "a.docx")
    assert refused.value.reason == "doctype"


def test_a_zip_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.readers.package.MAX_UNFOLDED_BYTES", 1_000)
    with pytest.raises(UnreadableFile) as refused:
        read_data(docx(p("a" * 2_000)), name="a.docx")
    assert refused.value.reason == "too_large"


def test_a_pdf_under_another_name_is_read_as_what_it_is() -> None:
    assert "bonjour" in text_of(pdf(["bonjour à tous"]), "a.txt")


def test_a_file_that_is_too_large_or_away_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.readers.MAX_BYTES", 10)
    (tmp_path / "a.txt").write_text("plus de dix octets", "utf-8")
    for path, reason in ((tmp_path / "a.txt", "too_large"), (tmp_path / "b.txt", "no_access")):
        with pytest.raises(UnreadableFile) as refused:
            read(path, name=path.name)
        assert refused.value.reason == reason


def test_a_row_with_one_value_is_a_title_and_pairs_need_no_header() -> None:
    tariffs = [
        ["Objet", "Durée", "Prix"],
        ["Salle des fêtes", "", ""],
        ["Grande", "1 jour", "90 €"],
    ]
    pairs = [["Maire", "au mandat"], ["Adjoint", "délégué"]]
    assert [b.text for b in table_blocks(tariffs)] == [
        "Salle des fêtes",
        "Objet : Grande ; Durée : 1 jour ; Prix : 90 €",
    ]
    rates = [["Taxe", "Taux 2024", "BP 2025"], ["Bâti", "41,27 %", "12 000 €"]]
    assert [b.text for b in table_blocks(rates)] == [
        "Taxe : Bâti ; Taux 2024 : 41,27 % ; BP 2025 : 12 000 €"
    ]
    assert [b.text for b in table_blocks(pairs)] == ["Maire : au mandat", "Adjoint : délégué"]
