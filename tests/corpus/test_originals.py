# SPDX-License-Identifier: EUPL-1.2
"""The original of a page is drawn only if nothing at all speaks against it."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from corpus.documents import Box
from corpus.ingest import Ingestion
from corpus.originals import Originals
from corpus.passages import PassageStore
from corpus.quarantine import Decision, Quarantine
from corpus.readers import pdf_picture
from corpus.readers.pdf_painter import INK, draw, laid, lines
from corpus.readers.pdf_picture import Highlight, drawn
from corpus.rows import StoredDocument
from tests.fakes import HashEmbedder, MemoryIndex, WordGuard

KEY = b"k" * 32
RESIDENT = "Zoé Quillebec"
ACT = (
    "Délibération n° 2025-31 du 3 juin 2025",
    "Le conseil municipal, après en avoir délibéré, décide :",
    "Article 1er. Le repas coûte 3,40 euros pour un enfant de la commune.",
    f"Article 2. La demande de {RESIDENT} est transmise au service de l'enfance.",
)
PRICE = "Le repas coûte 3,40 euros"


def pdf(*pages: tuple[str, ...]) -> bytes:
    """Print lines of text on pages."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4)
    for page in pages:
        for number, line in enumerate(page):
            canvas.drawString(72, 760 - 24 * number, line)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


@dataclass
class Archive:
    """A folder of originals and the corpus that was made of it."""

    folder: Path
    store: PassageStore
    index: MemoryIndex
    now: float = 0.0

    def __post_init__(self) -> None:
        self.originals = Originals(self.store, [self.folder], key=KEY, clock=lambda: self.now)

    def add(self, name: str, data: bytes) -> StoredDocument:
        """Put a file into the folder and read it."""
        (self.folder / name).write_bytes(data)
        known = {document.id for document in self.store.documents()}
        guard = WordGuard(RESIDENT)
        Ingestion(self.store, self.index, HashEmbedder(), guard, key=KEY).add([self.folder])
        [document] = [d for d in self.store.documents() if d.id not in known]
        return document

    def picture(self, document: StoredDocument, words: str = PRICE) -> bytes | None:
        text = self.store.page(document.id, 1) or ""
        start = text.find(words)
        return self.originals.picture(document, 1, start, start + len(words))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    (tmp_path / "originaux").mkdir()
    store = PassageStore(tmp_path / "passages.db")
    yield Archive(tmp_path / "originaux", store, MemoryIndex())
    store.close()


def inked(picture: bytes) -> tuple[int, tuple[int, int, int, int]]:
    """Return how many pixels are highlighted, and where they stand in thousandths."""
    image = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
    rows, columns = np.nonzero((image == INK).all(axis=2))
    if not len(rows):
        return 0, (0, 0, 0, 0)
    tall, wide, _ = image.shape
    left, right = (int(1000 * edge / wide) for edge in (columns.min(), columns.max()))
    top, bottom = (int(1000 * edge / tall) for edge in (rows.min(), rows.max()))
    return len(rows), (left, top, right, bottom)


def test_a_page_is_drawn_with_its_quote_highlighted(archive: Archive) -> None:
    picture = archive.picture(archive.add("tarifs.pdf", pdf(ACT)))

    assert picture
    count, (left, top, right, bottom) = inked(picture)
    assert count > 100
    # the third line, from « Le » to « euros »: below the second, above the fourth
    assert 190 < left < 260
    assert right < 520
    assert 135 < top < bottom < 175


def test_what_the_guard_hid_in_the_quote_is_not_highlighted_apart(archive: Archive) -> None:
    document = archive.add("tarifs.pdf", pdf(ACT))
    whole = archive.picture(document, "La demande de [PERSONNE_1] est transmise")

    assert whole
    assert inked(whole)[0] > 100


def test_a_file_that_changed_since_it_was_read_is_not_drawn(archive: Archive) -> None:
    document = archive.add("tarifs.pdf", pdf(ACT))
    (archive.folder / "tarifs.pdf").write_bytes(pdf((*ACT, "Ajouté depuis.")))

    assert archive.originals.read(document) is None
    assert archive.picture(document) is None


def test_a_file_that_is_gone_is_not_drawn_and_one_that_comes_back_is(archive: Archive) -> None:
    document = archive.add("tarifs.pdf", pdf(ACT))
    (archive.folder / "tarifs.pdf").rename(archive.folder / "ailleurs.pdf")
    assert archive.originals.read(document) is None

    (archive.folder / "ailleurs.pdf").rename(archive.folder / "tarifs.pdf")
    archive.now = 120.0
    assert archive.originals.read(document) == pdf_bytes(archive)


def pdf_bytes(archive: Archive) -> bytes:
    return (archive.folder / "tarifs.pdf").read_bytes()


def test_a_folder_that_is_not_the_town_s_shows_nothing(archive: Archive, tmp_path: Path) -> None:
    document = archive.add("tarifs.pdf", pdf(ACT))
    elsewhere = Originals(archive.store, [tmp_path / "nulle part"], key=KEY)
    with_another_key = Originals(archive.store, [archive.folder], key=b"x" * 32)

    assert elsewhere.read(document) is None
    assert with_another_key.read(document) is None


LETTER = (
    "Madame, Monsieur,",
    f"Je soussignée {RESIDENT} sollicite un secours : je suis en arrêt maladie depuis mars",
    "et mon fils est hospitalisé pour une leucémie.",
)


def test_what_waits_in_quarantine_is_not_drawn_whatever_is_decided(archive: Archive) -> None:
    document = archive.add("lettre.pdf", pdf(LETTER))
    assert document.needs.startswith("decision_")
    assert not archive.originals.may_show(document, 1)

    quarantine = Quarantine(archive.store, archive.index, HashEmbedder(), key=KEY)
    for decision in (Decision.KEEP, Decision.HIDE, Decision.REJECT):
        quarantine.decide(document.id, decision)
        again = archive.store.document(document.id)
        assert again is not None
        assert not archive.originals.may_show(again, 1)
        assert not archive.originals.may_hand_over(again)
        assert archive.picture(again, "Madame") is None


def test_only_a_pdf_page_that_was_read_is_drawn(archive: Archive) -> None:
    text = archive.add("note.txt", "\n".join(ACT).encode())
    act = archive.add("tarifs.pdf", pdf(ACT))

    assert not archive.originals.may_show(text, 1)
    assert not archive.originals.may_show(act, 2)
    assert not archive.originals.may_show(act, 0)
    assert archive.originals.may_show(act, 1)
    assert archive.originals.may_hand_over(act)
    assert archive.originals.may_hand_over(text)  # whatever its kind, it is read again nowhere


def test_a_file_that_breaks_its_painter_gives_no_picture() -> None:
    nothing = Highlight(text="", start=0, end=0)

    assert drawn(b"%PDF-1.7 nothing", 1, nothing) is None
    assert drawn(pdf(ACT), 9, nothing) is None


def test_a_page_without_a_quote_is_drawn_as_it_is() -> None:
    picture = draw(pdf(ACT), 1, Highlight(text="\n".join(ACT), start=0, end=0))

    assert inked(picture)[0] == 0


def test_a_scanned_page_is_marked_where_its_words_were_made_out() -> None:
    boxes = (Box(0, 2, 100, 500, 200, 520), Box(3, 8, 210, 500, 300, 520))
    picture = draw(pdf(ACT), 1, Highlight(text="Le repas", start=3, end=8, boxes=boxes))

    _, (left, top, right, bottom) = inked(picture)
    assert 205 <= left < right <= 305
    assert 495 <= top < bottom <= 525


def test_words_that_both_texts_have_keep_their_place() -> None:
    words = [
        (word, Box(0, 0, 10 * n, 0, 10 * n + 9, 9))
        for n, word in enumerate(["vu", "par", "Zoé", "Quillebec", "le", "maire"])
    ]
    found = list(laid("vu par [PERSONNE_1] le maire", words))

    assert [(box.start, box.left) for box in found] == [(0, 0), (3, 10), (20, 40), (23, 50)]


def test_boxes_of_one_line_are_joined_and_those_of_two_are_not() -> None:
    boxes = [
        Box(0, 2, 100, 100, 150, 120), Box(3, 5, 156, 101, 200, 120), Box(6, 9, 100, 130, 140, 150),
    ]  # fmt: skip

    assert [(b.left, b.right) for b in lines(boxes, 0, 9)] == [(100, 200), (100, 140)]
    assert lines(boxes, 20, 30) == []


def test_a_painter_that_was_taken_over_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = "import sys\nwhile True:\n    sys.stdout.buffer.write(bytes(1 << 20))\n"
    monkeypatch.setattr(pdf_picture, "COMMAND", (sys.executable, "-c", endless))
    assert drawn(pdf(ACT), 1, Highlight(text="", start=0, end=0)) is None
