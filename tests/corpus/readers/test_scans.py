# SPDX-License-Identifier: EUPL-1.2
"""Scanned pages: what is made out and left out, where words stand, and how it can fail."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from corpus.boxes import moved
from corpus.documents import Box, Scan
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.readers import read_data
from corpus.readers.ocr import Picture, Word, without_noise
from corpus.readers.plausible import is_garbled
from corpus.readers.programs import Need, Overtime, is_there
from corpus.readers.scan import grain, placed, read_scan
from corpus.readers.upright import lean, lies_on_side, turned_point
from tests.corpus.readers.files import page_picture, saved

LINES = [
    "Commune de Brumeval, arrêté du maire numéro douze",
    "La circulation est interdite rue Haute pendant les travaux de la halle.",
    "Le stationnement est interdit devant les numéros quatre et six.",
    "Les riverains gardent leur accès à pied pendant toute la durée.",
]
needs_ocr = pytest.mark.skipif(not is_there(Need.OCR), reason="Tesseract is not installed")


def scanned_pdf(*pictures: Image.Image, text: str = "") -> bytes:
    out = io.BytesIO()
    drawn = canvas.Canvas(out, pagesize=(595, 842))
    if text:
        drawn.drawString(60, 700, text)
        drawn.showPage()
    for picture in pictures:
        drawn.drawImage(ImageReader(picture), 0, 0, 595, 842)
        drawn.showPage()
    drawn.save()
    return out.getvalue()


@needs_ocr
def test_only_pages_without_text_are_made_out() -> None:
    text = "Cette page porte du texte que le lecteur retrouve sans la moindre peine."
    document = read_data(scanned_pdf(page_picture(LINES), text=text), name="mixte.pdf")
    first, second = document.pages
    assert (first.text, first.scan) == (text, None)
    assert "circulation est interdite rue Haute" in second.text
    assert second.scan is not None and second.scan.confidence > 0.8
    assert (document.needs, document.waiting_pages, document.scanned_pages) == ("", (), 1)


@needs_ocr
def test_each_word_has_its_place_and_the_scan_holds_no_word() -> None:
    (page,) = read_data(scanned_pdf(page_picture(LINES)), name="a.pdf").pages
    assert page.scan is not None
    places = {page.text[b.start : b.end]: b for b in page.scan.boxes}
    word = places["circulation"]
    # Drawn at 120, 220 pixels of 1,240 by 1,754, after `La`.
    assert 100 < word.left < word.right < 350
    assert 110 < word.top < word.bottom < 160
    assert "circulation" not in repr(page.scan)


@needs_ocr
@pytest.mark.parametrize("turn", [90, 180, 270, 2.5])
def test_a_page_on_its_side_or_askew_is_put_straight(turn: float) -> None:
    picture = page_picture(LINES * 4, turn=turn)
    (page,) = read_data(saved(picture, "PNG"), name="a.png").pages
    assert "circulation est interdite rue Haute" in page.text
    assert page.scan is not None
    box = next(b for b in page.scan.boxes if page.text[b.start : b.end] == "circulation")
    if turn == 180:
        assert box.top > 800
    if turn == 90:
        assert box.left < 200 and box.bottom - box.top > box.right - box.left


def grainy(lines: list[str]) -> Picture:
    """A pale page with the grain and the dust of a photocopy."""
    random = np.random.default_rng(12)
    page = np.asarray(page_picture(lines).convert("L"), np.float32) * 0.75 + 45
    page += random.normal(0, 24, page.shape)
    page[random.random(page.shape) < 0.002] = 0
    return np.clip(page, 0, 255).astype(np.uint8)


@needs_ocr
def test_a_grainy_page_is_read_without_its_grain(monkeypatch: pytest.MonkeyPatch) -> None:
    """To Tesseract the grain of a pale photocopy is strokes and dots: figures suffer first."""
    prices = [
        f"Article {n} : le repas du midi coûte {n},45 € en 202{n} (n° 87-{n})." for n in range(2, 9)
    ]
    picture = Image.fromarray(grainy(LINES + prices))

    def made_out() -> tuple[int, float]:
        (page,) = read_data(saved(picture, "PNG"), name="a.png").pages
        assert page.scan is not None
        words = page.text.split()
        return sum(word in words for line in LINES + prices for word in line.split()), (
            page.scan.confidence
        )

    found, sure = made_out()
    monkeypatch.setattr("corpus.readers.scan.GRAIN", np.inf)
    before, unsure = made_out()
    assert found > before
    assert sure > unsure


class Tesseract:
    """Makes out so many words, so surely, on a page each time that it is read."""

    def __init__(self, *each: tuple[int, float] | Exception) -> None:
        self._each = each
        self.shapes = list[tuple[int, ...]]()

    def __call__(self, picture: Picture) -> list[Word]:
        name, told = ("first", "second", "third")[len(self.shapes)], self._each[len(self.shapes)]
        self.shapes.append(picture.shape)
        if isinstance(told, Exception):
            raise told
        return [word(name, told[1], line=n // 8) for n in range(told[0])]


@pytest.mark.parametrize(
    ("calm", "kept"),
    [(93, "second"), (70, "first"), (Overtime(), "first"), (UnreadableFile("broken"), "first")],
    ids=["surer", "less sure", "too long", "broke"],
)
def test_the_surer_of_two_readings_of_a_grainy_page_stays(
    monkeypatch: pytest.MonkeyPatch, calm: float | Exception, kept: str
) -> None:
    second = calm if isinstance(calm, Exception) else (40, calm)
    tesseract = Tesseract((40, 80), second)
    monkeypatch.setattr("corpus.readers.scan.words_of", tesseract)
    page = read_scan(grainy(LINES * 3))
    assert page is not None
    assert len(tesseract.shapes) == 2
    assert {text for text, _ in page.words} == {kept}


def test_a_page_without_grain_is_read_once_however_unsure_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tesseract = Tesseract((40, 70), (40, 99))
    monkeypatch.setattr("corpus.readers.scan.words_of", tesseract)
    page = read_scan(np.asarray(page_picture(LINES * 3).convert("L")))
    assert page is not None and page.words[0][0] == "first"
    assert len(tesseract.shapes) == 1


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (40, 1)])
def test_the_grain_of_a_scrap_is_told(shape: tuple[int, int]) -> None:
    assert grain(np.full(shape, 240, np.uint8)) == 0.0
    assert grain(np.zeros(shape, np.uint8)) == 0.0


def test_an_empty_grainy_page_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tesseract = Tesseract((0, 0), (40, 99))
    monkeypatch.setattr("corpus.readers.scan.words_of", tesseract)
    paper = np.random.default_rng(1).normal(220, 12, (1754, 1240))
    page = read_scan(np.clip(paper, 160, 255).astype(np.uint8))
    assert page is not None and page.words == ()
    assert len(tesseract.shapes) == 1


def test_a_page_that_was_turned_in_vain_is_read_again_as_it_came(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tesseract = Tesseract((9, 50), (9, 20), (9, 90))
    monkeypatch.setattr("corpus.readers.scan.words_of", tesseract)
    monkeypatch.setattr("corpus.readers.scan.quarter_turns", lambda picture: 1)
    picture = grainy(LINES * 3)
    page = read_scan(picture)
    assert page is not None and page.words[0][0] == "third"
    assert tesseract.shapes == [picture.shape, picture.shape[::-1], picture.shape]


@needs_ocr
def test_each_page_of_a_tiff_is_read() -> None:
    pages = [page_picture(LINES), page_picture(["La halle de la commune ouvre le mardi matin."])]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(150, 150))
    document = read_data(data, name="a.tif")
    assert [page.number for page in document.pages] == [1, 2]
    assert "ouvre le mardi matin" in document.pages[1].text


@needs_ocr
def test_where_a_photograph_was_taken_is_not_read() -> None:
    picture = page_picture(LINES)
    exif = Image.Exif()
    exif[0x010E] = "Zuliani chez elle"
    exif[0x0112] = 1
    data = saved(picture, "JPEG", exif=exif, quality=90)
    assert b"Zuliani" in data
    document = read_data(data, name="a.jpg")
    assert "Zuliani" not in repr(document)


def test_a_picture_waits_for_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.readers.image.is_there", lambda need: False)
    with pytest.raises(NotYetReadable) as waits:
        read_data(saved(page_picture(LINES), "PNG"), name="a.png")
    assert waits.value.needs == Need.OCR


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
def test_a_picture_cut_short_is_broken(form: str) -> None:
    data = saved(page_picture(LINES), form)
    with pytest.raises(UnreadableFile) as refused:
        read_data(data[: len(data) // 2], name=f"a.{form.lower()}")
    assert refused.value.reason == "broken"


def test_a_picture_that_unfolds_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.readers.image.MAX_PIXELS", 1_000)
    with pytest.raises(UnreadableFile) as refused:
        read_data(saved(page_picture([]), "PNG"), name="a.png")
    assert refused.value.reason == "too_large"


def test_a_page_that_takes_too_long_is_said_and_the_others_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def slow(*_: object, **__: object) -> None:
        raise Overtime

    monkeypatch.setattr("corpus.readers.scan.words_of", slow)
    monkeypatch.setattr("corpus.readers.pdf.is_there", lambda need: True)
    text = "Cette page porte du texte que le lecteur retrouve sans la moindre peine."
    document = read_data(scanned_pdf(page_picture(LINES), text=text), name="a.pdf")
    assert [page.number for page in document.pages] == [1]
    assert (document.needs, document.waiting_pages) == (Need.CLEARER_SCAN, (2,))


def word(text: str, confidence: float, *, block: int = 1, line: int = 1) -> Word:
    return Word(text, confidence, 0, 0, 10, 10, (block, 1, line))


def test_stamps_signatures_and_dust_give_no_text() -> None:
    words = [
        word("dE", 51, block=1),
        *(word("|", 20, block=2), word("~~", 12, block=2), word("lE", 70, block=2)),
        word("Frrermiré", 0, block=3),
        *(word(text, 95, block=4) for text in ("Le", "conseil", "adopte", "à", "l'unanimité")),
        *(word("l'exploitant", 24, block=4), word("3", 32, block=4), word("_-", 8, block=4)),
    ]
    assert " ".join(w.text for w in without_noise(words)) == (
        "Le conseil adopte à l'unanimité l'exploitant"
    )


def test_words_are_placed_in_a_text_that_was_laid_out() -> None:
    printed = ("Lieu", "Prix", "Halle", "3,20", "Lavoir", "45")
    words = [(w, (n, n, n + 1, n + 1)) for n, w in enumerate(printed)]
    text = "Lieu : Halle ; Prix : 3,20\nLieu : Lavoir ; Prix : 45"
    placed_words = [(text[b.start : b.end], b.left) for b in placed(text, words)]
    assert placed_words == [
        *(("Lieu", 0), ("Halle", 2), ("Prix", 1), ("3,20", 3), ("Lavoir", 4), ("45", 5))
    ]


def test_boxes_follow_their_words_past_placeholders_and_hidden_words_have_none() -> None:
    before, after = "Madame ZULIANI demande un permis", "Madame [PERSONNE_1] demande un permis"
    boxes = tuple(
        Box(before.index(w), before.index(w) + len(w), n, 0, n + 1, 1)
        for n, w in enumerate(before.split())
    )
    shown = moved(Scan(0.9, boxes), before, after)
    assert [(after[b.start : b.end], b.left) for b in shown.boxes] == [
        *(("Madame", 0), ("demande", 2), ("un", 3), ("permis", 4))
    ]


@pytest.mark.parametrize("degrees", [-3.0, -1.0, 0.0, 2.0])
def test_the_lean_of_lines_is_found(degrees: float) -> None:
    page = np.asarray(page_picture(LINES * 5).rotate(-degrees, fillcolor=255))
    assert lean(page) == pytest.approx(degrees, abs=0.3)
    assert not lies_on_side(page)
    assert lies_on_side(np.rot90(page))


def test_a_point_goes_back_to_where_it_was() -> None:
    assert turned_point(50, 100, 0, (200, 100)) == (50, 100)
    x, y = turned_point(150, 50, 90, (200, 100))
    assert (round(x), round(y)) == (100, 100)


def test_a_text_layer_without_words_is_told_from_french_and_from_names(tmp_path: Path) -> None:
    prose = " ".join(LINES) * 3
    shifted = "".join(chr(ord(c) - 29) if c.isalpha() and c.isascii() else c for c in prose)
    noise = "".join(chr((ord(c) - 97 + 7) % 26 + 97) if c.islower() else c for c in prose)
    names = " ".join(["Marcheterre Hélène", "Olivarès Paul", "Vautherin Jeanne"] * 20)
    assert [is_garbled(t) for t in (prose, names, "x y z")] == [False, False, False]
    assert is_garbled(noise.replace("a", "h").replace("e", "q").replace("u", "x").replace("o", "z"))
    assert not is_garbled(shifted[:30])
