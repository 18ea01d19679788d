# SPDX-License-Identifier: EUPL-1.2
"""Files to take away, opened with the libraries that others would use."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import docx
import odfdo
import pypdfium2
import pytest
from lxml import etree

from assistant.answers import Proof
from assistant.provenance import DigitalSource, Mark
from ui.export import FORMS, Content, Paragraph, Style

MARK = "Texte rédigé avec l'aide d'une IA ; lisez la source."
HOSTILE = '</w:t><script>alert("1")</script> & ]]> \x00\x08\ud800 fin'
PROOF = Proof(record="7f3a92c1", origin="greffier/8c1f", index=412, leaf="5d3e0a")
PROVENANCE = Mark(ai_generated=True, source=DigitalSource.COMPOSITE_SYNTHETIC, proof=PROOF)
CONTENT = Content(
    title="Le prix du repas <3 € & plus",
    mark=MARK,
    provenance=PROVENANCE,
    sign="Réponse d'une machine",
    paragraphs=(
        Paragraph("Réponse", Style.HEADING),
        Paragraph("Le repas coûte 3,40 €.\nŒuf, ÿ, « ça »."),
        Paragraph("Le repas est facturé 3,40 €.", Style.QUOTE),
        Paragraph(HOSTILE),
    ),
    made=datetime(2026, 3, 2, 9, tzinfo=UTC),
)


def text_of(form: str, data: bytes) -> str:
    """Read the file back as somebody else's program would."""
    if form == "docx":
        return "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)
    if form == "odt":
        return str(odfdo.Document(io.BytesIO(data)).get_formatted_text())
    if form == "pdf":
        document = pypdfium2.PdfDocument(data)
        try:
            return "\n".join(page.get_textpage().get_text_range() for page in document)
        finally:
            document.close()
    return data.decode()


@pytest.mark.parametrize("form", FORMS)
def test_a_file_says_everything_and_that_a_machine_helped(form: str) -> None:
    text = " ".join(text_of(form, FORMS[form].write(CONTENT)).split())

    for words in (CONTENT.title, MARK, "Réponse", "Le repas coûte 3,40 €.", "Œuf, ÿ, « ça »"):
        assert words in text
    assert '<script>alert("1")</script> &' in text
    assert text.index("IA") < text.index("Réponse d'une machine") < text.index(MARK)
    assert text.index(MARK) < text.index("Le repas coûte")


def test_the_mark_stands_in_the_properties_too() -> None:
    properties = docx.Document(io.BytesIO(FORMS["docx"].write(CONTENT))).core_properties
    assert (properties.title, properties.comments) == (CONTENT.title, MARK)
    assert "AI-assisted" in properties.keywords
    with zipfile.ZipFile(io.BytesIO(FORMS["docx"].write(CONTENT))) as archive:
        assert MARK in archive.read("docProps/custom.xml").decode()

    meta = odfdo.Document(io.BytesIO(FORMS["odt"].write(CONTENT))).meta
    assert meta.get_title() == CONTENT.title
    assert meta.user_defined_metadata["AI-assisted"] == MARK

    document = pypdfium2.PdfDocument(FORMS["pdf"].write(CONTENT))
    told = document.get_metadata_dict()
    document.close()
    assert (told["Title"], told["Subject"]) == (CONTENT.title, MARK)
    assert "AI-assisted" in told["Keywords"]


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_an_office_file_is_well_formed_and_points_nowhere(form: str) -> None:
    with zipfile.ZipFile(io.BytesIO(FORMS[form].write(CONTENT))) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name != "mimetype":
                etree.fromstring(archive.read(name))
            assert b"External" not in archive.read(name)
        if form == "odt":
            first = archive.infolist()[0]
            assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


@pytest.mark.parametrize("form", FORMS)
def test_nothing_that_is_told_breaks_a_file(form: str) -> None:
    """A title, a mark, an icon, who made it, a name of the register: each stands in properties."""
    proof = Proof(record=HOSTILE, origin=HOSTILE, index=1, leaf=HOSTILE)
    content = Content(
        title=HOSTILE, mark=HOSTILE, sign=HOSTILE, icon=HOSTILE, producer=HOSTILE, keywords=HOSTILE,
        provenance=Mark(ai_generated=True, source=DigitalSource.COMPOSITE_SYNTHETIC, proof=proof),
        paragraphs=tuple(Paragraph(HOSTILE, style) for style in Style),
    )  # fmt: skip
    data = FORMS[form].write(content)
    assert "fin" in text_of(form, data)
    if form in {"docx", "odt"}:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name != "mimetype":
                    etree.fromstring(archive.read(name))


def test_headings_are_headings() -> None:
    document = docx.Document(io.BytesIO(FORMS["docx"].write(CONTENT)))

    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style]
    assert styles[:5] == ["Title", "AI sign", "AI mark", "Heading 1", "Normal"]


def test_a_letter_that_the_pdf_font_lacks_is_never_left_out_in_silence() -> None:
    long = (Paragraph("w" * 30_000),)
    content = Content(title="ő 漢", mark=MARK, provenance=PROVENANCE, paragraphs=long)

    text = text_of("pdf", FORMS["pdf"].write(content))

    first = text.splitlines()[0]
    assert first.startswith("o ")
    assert len(first.strip()) == 3
    assert text.count("w") == 30_000
