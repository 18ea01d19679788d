# SPDX-License-Identifier: EUPL-1.2
"""Each mark that the AI Act asks for (art. 50), read back by programs that know nothing of ours.

python-docx, odfdo, exiftool, PDFium, pyRdfa, lxml, selectolax, Python's own `wave`.
"""

from __future__ import annotations

import io
import json
import shutil
import struct
import subprocess
import wave
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import odfdo
import pypdfium2
import pytest
from docx.oxml.ns import qn
from lxml import etree, html
from selectolax.lexbor import LexborHTMLParser

from assistant.answers import Author, Proof
from assistant.provenance import DigitalSource, Mark, mark_of_sentences
from assistant.settings import Town
from assistant.texts import Texts
from tests.rdfa import rdfa
from tests.table import each
from tests.ui.senior.conftest import Visit, assistant, visit
from tests.ui.senior.test_journey import ask
from tests.ui.town import FILES, RECORD, SENTENCES, answering, refusing, town
from ui.agent import Phase, View, views
from ui.agent.masking import ALTERED
from ui.agent.taken import answer_content
from ui.agent.words import Words
from ui.export import FORMS, Content, Paragraph
from ui.reply import Reply
from ui.senior import speech, voice
from ui.senior.sound import marked as marked_sound
from ui.senior.speech import BY_ROBOT, voice_mark
from ui.source import title_of

__all__ = ["assistant", "visit"]  # fixtures of the simple page

FR = Texts("fr")
SYNTHETIC = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"
QUOTES = "http://cv.iptc.org/newscodes/digitalsourcetype/composite"
PROOF = Proof(record=RECORD, origin="greffier/8c1f", index=412, leaf="5d3e0a")


def view(*, by_model: bool = True) -> View:
    """The screen of an answer, in the model's words or in those of the documents alone."""
    (*_, last) = views((step for step in answering("Prix du repas ?")), FR)
    author = Author.MODEL if by_model else Author.SOURCE
    said = tuple(replace(sentence, author=author) for sentence in SENTENCES)
    return replace(last, sentences=said, proof=PROOF)


def content(*, by_model: bool = True) -> Content:
    def titled(document: str, file: str) -> str:
        return title_of(town(), document, file)

    return answer_content(view(by_model=by_model), FR, Words("fr"), titled)


# -- files


def docx_properties(data: bytes) -> Mapping[str, str]:
    package = docx.Document(io.BytesIO(data)).part.package
    (part,) = (p for p in package.iter_parts() if p.partname == "/docProps/custom.xml")
    return {p.get("name"): p[0].text for p in etree.fromstring(part.blob)}


def odt_properties(data: bytes) -> Mapping[str, Any]:
    return dict(odfdo.Document(io.BytesIO(data)).meta.user_defined_metadata)


def text_properties(data: bytes) -> Mapping[str, str]:
    last = data.decode().rstrip("\n").rpartition("\n")[2]
    return dict(one.split(": ", 1) for one in last.split("; "))


def metadata(data: bytes) -> Mapping[str, Any]:
    """What exiftool reads of a file (XMP, INFO), which must be sound."""
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed: see scripts/install-system-packages.sh")
    read = subprocess.run(
        ["exiftool", "-json", "-n", "-charset", "RIFF=UTF8", "-all", "-validate", "-warning", "-"],
        input=data, capture_output=True, check=True,
    )  # fmt: skip
    (told,) = json.loads(read.stdout)
    assert told["Validate"] == "0 0 0", told.get("Warning")  # errors, warnings, minor ones
    return dict(told)


def xmp_properties(data: bytes) -> Mapping[str, str]:
    told = metadata(data)
    origin, _, record = told.get("Identifier", "").rpartition(" ")
    named = {
        "DigitalSourceType": told["DigitalSourceType"],
        "RegisterOrigin": origin,
        "RegisterRecord": record,
    }
    return {name: value for name, value in named.items() if value}


READERS: Mapping[str, Callable[[bytes], Mapping[str, Any]]] = {
    "docx": docx_properties,
    "odt": odt_properties,
    "pdf": xmp_properties,
    "txt": text_properties,
}


@each("form", FORMS)
@each("by_model, source", [(True, SYNTHETIC), (False, QUOTES)])
def test_a_file_says_to_programs_what_made_it_and_what_proves_it(
    form: str, by_model: bool, source: str
) -> None:
    told = READERS[form](FORMS[form].write(content(by_model=by_model)))

    assert told["DigitalSourceType"] == source
    assert (told["RegisterOrigin"], told["RegisterRecord"]) == ("greffier/8c1f", RECORD)
    if form != "pdf":  # IPTC has no such property
        assert str(told["AIGenerated"]).lower() == str(by_model).lower()
        assert told["RegisterLeaf"] == "5d3e0a"


def test_a_hidden_version_says_that_its_words_are_nobody_s_but_its_author_s() -> None:
    hidden = Content(
        title="Version masquée", mark="Masqué.", provenance=ALTERED, paragraphs=(Paragraph("a"),)
    )
    for form, read in READERS.items():
        told = read(FORMS[form].write(hidden))
        assert str(told["DigitalSourceType"]).endswith("/algorithmicallyEnhanced")
        assert "RegisterRecord" not in told
        if form != "pdf":
            assert str(told["AIGenerated"]).lower() == "false"


def test_the_icon_stands_in_a_frame_before_the_answer_of_an_office_file() -> None:
    written = docx.Document(io.BytesIO(FORMS["docx"].write(content())))
    sign = written.paragraphs[1]
    assert " ".join(sign.text.split()) == "IA Réponse d'une machine"
    assert sign.runs[0]._element.rPr.find(qn("w:bdr")) is not None
    assert written.core_properties.author.startswith("Greffier")

    odt = odfdo.Document(io.BytesIO(FORMS["odt"].write(content())))
    (icon,) = odt.body.get_spans(style="AIIcon")
    assert icon.text == "IA"
    assert odt.meta.generator.startswith("Greffier")


def test_the_icon_and_whose_answer_it_is_come_first_in_a_pdf() -> None:
    document = pypdfium2.PdfDocument(FORMS["pdf"].write(content()))
    try:
        lines = document[0].get_textpage().get_text_range().splitlines()
    finally:
        document.close()
    assert " ".join(lines[1].split()) == "IA Réponse d'une machine"


@pytest.mark.parametrize(("by_model", "words"), [(True, "rédigé"), (False, "choisies")])
def test_a_file_says_in_words_whether_a_machine_wrote_or_chose(by_model: bool, words: str) -> None:
    text = FORMS["txt"].write(content(by_model=by_model)).decode()
    assert words in text.partition("Prix du repas ?")[0]


# -- pages


def reply(shown: View) -> str:
    settled = Reply(FR, Town(), lambda document, file: file)
    return f"<html><body>{settled(shown)}</body></html>"


@pytest.mark.parametrize(
    ("by_model", "source", "words"),
    [(True, "CompositeSynthetic", "Rédigée par une IA"), (False, "Composite", "Phrases des docum")],
)
def test_the_agent_s_answer_is_marked_for_programs_and_people(
    by_model: bool, source: str, words: str
) -> None:
    page = reply(view(by_model=by_model))

    (told,) = rdfa(page)
    assert told["digitalSourceType"] == f"https://schema.org/{source}DigitalSource"
    assert told["identifier"] == {
        "@type": "PropertyValue", "propertyID": "greffier/8c1f", "value": RECORD,
    }  # fmt: skip
    parsed = LexborHTMLParser(page)
    icon, notice = parsed.css_first(".ai-icon"), parsed.css_first(".notice")
    assert icon is not None and notice is not None
    assert (icon.text(), icon.attributes["role"]) == ("IA", "img")
    assert icon.attributes["aria-label"] == "intelligence artificielle"
    assert words in notice.text()


def test_whose_answer_it_is_comes_before_every_word_of_it() -> None:
    page = reply(view())
    assert page.index("Réponse d") < page.index(SENTENCES[0].text)
    (*_, refused) = views((step for step in refusing("Prix ?")), FR)
    page = reply(refused)
    assert page.index("Réponse d") < page.index("card refused") + 200
    (told,) = rdfa(page)
    assert told["digitalSourceType"].endswith("/CompositeDigitalSource")


@pytest.mark.parametrize("phase", [Phase.SEARCHING, Phase.FOUND])
def test_what_is_no_answer_yet_has_no_mark(phase: Phase) -> None:
    waiting = replace(view(), phase=phase, sentences=(), citations=())
    assert not rdfa(reply(waiting))


def generator(page: str) -> list[str]:
    return [str(e) for e in html.fromstring(page).xpath("//meta[@name='generator']/@content")]


@pytest.mark.parametrize("what", ["answer", "note"])
def test_the_simple_page_and_its_note_are_marked(visit: Visit, what: str) -> None:
    browser = visit()
    answered = ask(browser, "Quel est le prix du repas ?")
    key = str(answered.url).rsplit("/", 1)[1]
    page = answered.text if what == "answer" else browser.get(f"/simple/note/{key}").text

    assert generator(page) == ["Greffier"]
    (told,) = rdfa(page)
    assert told["digitalSourceType"] == "https://schema.org/CompositeSyntheticDigitalSource"
    assert told["identifier"] == RECORD
    assert page.index("Réponse d’une machine") < page.index("coûte 3,40")
    parsed = LexborHTMLParser(page)
    assert [icon.text() for icon in parsed.css(".ai-icon")] == ["IA"]


@pytest.mark.parametrize(
    ("language", "words", "icon"),
    [
        ("fr", "Réponse d’une machine", "IA"), ("en", "Answer from a machine", "AI"),
        ("ar", "إجابة من آلة", "AI"), ("pt", "Resposta de uma máquina", "IA"),
        ("es", "Respuesta de una máquina", "IA"), ("tr", "Bir makinenin yanıtı", "YZ"),
    ],
)  # fmt: skip
def test_the_sign_speaks_the_language_of_the_page_and_knows_itself_in_french(
    visit: Visit, language: str, words: str, icon: str
) -> None:
    page = LexborHTMLParser(ask(visit(), "Quel est le prix du repas ?", lang=language).text)

    sign = page.css_first(".marks")
    assert sign is not None and sign.text() == f"{icon} {words}"
    assert sign.attributes["data-in-french"] == "Réponse d’une machine"
    (place,) = page.css("[data-reads]")
    order = [node.attributes["class"] for node in page.css(place.attributes["data-reads"] or "")]
    assert order == ["marks", "said"]


def test_what_the_town_wrote_carries_no_mark(visit: Visit) -> None:
    browser = visit()
    for path in ("/simple", f"/simple/page/{next(iter(FILES))}/2"):
        page = browser.get(path).text
        assert generator(page) == ["Greffier"]
        assert not rdfa(page) and "digitalSourceType" not in page


# -- sound


@pytest.fixture
def sound() -> bytes:
    """A second of silence, as a voice writes it to a pipe: its sizes are not true."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(22_050)
        made.writeframes(bytes(44_100))
    wav = bytearray(buffer.getvalue())
    wav[4:8] = struct.pack("<I", 0x7FFFF024)
    wav[40:44] = struct.pack("<I", 0x7FFFF000)
    return bytes(wav)


def test_a_sound_says_what_made_it_and_plays_as_before(sound: bytes) -> None:
    mark = Mark(ai_generated=True, source=DigitalSource.COMPOSITE_SYNTHETIC, proof=PROOF)
    data = marked_sound(sound, mark, "Voix d’une machine")

    with wave.open(io.BytesIO(data)) as read:
        assert (read.getnframes(), read.getframerate()) == (22_050, 22_050)
        assert read.readframes(22_050) == bytes(44_100)
    told = metadata(data)
    assert (told["Software"], told["Comment"]) == ("Greffier", f"Voix d’une machine [{SYNTHETIC}]")
    read = xmp_properties(data)
    assert (read["DigitalSourceType"], read["RegisterRecord"]) == (SYNTHETIC, RECORD)


@pytest.mark.parametrize("other", [b"", b"RIFF", b"OggS" + bytes(40)])
def test_what_is_no_wav_is_left_alone(other: bytes) -> None:
    assert marked_sound(other, BY_ROBOT, "x") == other


@pytest.mark.parametrize(
    ("author", "source"),
    [(Author.MODEL, "compositeSynthetic"), (Author.SOURCE, "algorithmicMedia")],
)
def test_a_spoken_answer_is_the_model_s_only_where_its_words_are(
    author: Author, source: str
) -> None:
    said = tuple(replace(sentence, author=author) for sentence in SENTENCES)
    spoken = voice_mark(mark_of_sentences(said, PROOF))
    assert (spoken.source.value, spoken.proof) == (source, PROOF)


def test_what_the_server_says_aloud_is_marked(
    visit: Visit, sound: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "espeak-ng"
    (tmp_path / "sound.wav").write_bytes(sound)
    program.write_text(f"#!/bin/sh\ncat > /dev/null\ncat {tmp_path / 'sound.wav'}\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(voice, "PROGRAM", str(program))
    browser = visit()
    key = str(ask(browser, "Quel est le prix du repas ?").url).rsplit("/", 1)[1]

    answer = browser.get(f"/simple/voice/{key}").content
    assert xmp_properties(answer)["DigitalSourceType"] == SYNTHETIC
    source = browser.get(f"/simple/page/{next(iter(FILES))}/2/voice").content
    assert xmp_properties(source)["DigitalSourceType"].endswith("/algorithmicMedia")


def test_the_first_screen_says_first_that_it_is_a_machine() -> None:
    assert speech.screen("home").startswith("Vous parlez à une machine.")
