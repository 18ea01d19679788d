# SPDX-License-Identifier: EUPL-1.2
"""Administrative frames × names of all origins × identifiers: the whole guard, model included.

name_frames.txt × PEOPLE  ─▶ every marked name is hidden, whole
kept_frames.txt × PEOPLE  ─▶ nothing is hidden
TOGETHER × keyed numbers  ─▶ the name and the number are hidden, the rest is not
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from benchmarks.privacy_names import valid
from guardrails.guard import Guard, open_guard
from tests.markup import read_marked

pytestmark = pytest.mark.real

FILES = Path(__file__).with_name("files")
PEOPLE = (
    ("Solène", "Maugeret"),
    ("Gwenaël", "Kerguellec"),
    ("Nour", "Benhaddou"),
    ("Aminata", "Diarrassouba"),
    ("Thuy", "Nguyen"),
    ("Katarzyna", "Wojciechowska"),
    ("Emre", "Yıldırım"),
    ("Joaquim", "Ferreirinha"),
)
"""Invented, of the origins that a town hall meets; no everyday word among them."""

COMMUNES = ("Montpellier", "Pierrefonds", "Corte")
EVERYDAY = ("cantine", "piscine", "voirie", "déchetterie")

KEYED = ("NIR", "SPI", "IBAN", "RIB", "BANK_CARD")
TOGETHER = (
    "Dossier de ⟦PERSON:{F} {U}⟧, n° de sécurité sociale ⟦NIR:{NIR}⟧ : pièces complètes.",
    "NOM : ⟦PERSON:{U}⟧ PRÉNOM : ⟦PERSON:{F}⟧ IBAN : ⟦IBAN:{IBAN}⟧ OBJET : cantine",
    "Remboursement à M. ⟦PERSON:{L}⟧, carte bancaire ⟦BANK_CARD:{BANK_CARD}⟧, le 3 mai.",
    "Mme ⟦PERSON:{F} {L}⟧ (numéro fiscal ⟦SPI:{SPI}⟧) demande un échéancier de 120 €.",
    "BÉNÉFICIAIRE ⟦PERSON:{U} {FU}⟧ RIB ⟦RIB:{RIB}⟧ MONTANT 150,00 €",
    "Nom;NIR;Montant\n⟦PERSON:{U} {F}⟧;⟦NIR:{NIR}⟧;150,00",
)


@pytest.fixture(scope="module")
def guard() -> Guard:
    return open_guard()


def frames(name: str) -> list[str]:
    """Return the frames of a file that are tested."""
    lines = (FILES / name).read_text("utf-8").splitlines()
    return [line.replace("\\n", "\n") for line in lines if line and line[0] not in "#~"]


def filled(frame: str, numbers: Sequence[str] = ()) -> Iterator[str]:
    """Yield a frame with each person in it, the others in order; `numbers`: keyed, drawn."""
    draw = random.Random(3)
    for first in range(len(PEOPLE)):
        fields: dict[str, str] = {}
        for place, number in enumerate(("", "2", "3", "4")):
            given, surname = PEOPLE[(first + place) % len(PEOPLE)]
            half = len(surname) // 2
            fields |= {
                f"F{number}": given, f"FU{number}": given.upper(), f"f{number}": given.lower(),
                f"L{number}": surname, f"U{number}": surname.upper(),
                f"l{number}": surname.lower(), f"I{number}": given[0],
                f"L1h{number}": surname[:half], f"L1t{number}": surname[half:],
                f"SP{number}": " ".join(surname.upper()),
                f"OCR{number}": surname.upper().replace("O", "0", 1).replace("I", "1", 1),
                f"C{number}": COMMUNES[(first + place) % 3],
            }  # fmt: skip
            word = EVERYDAY[(first + place) % len(EVERYDAY)]
            fields |= {f"w{number}": word, f"W{number}": word.capitalize()}
            fields |= {f"WU{number}": word.upper(), f"c{number}": fields[f"C{number}"].lower()}
        fields |= {entity: valid(entity, draw) for entity in numbers}
        yield frame.format(**fields)


def hidden(guard: Guard, texts: list[str]) -> list[set[int]]:
    """Return the hidden places of each text, each screened as a document of its own."""
    screened = guard.screen_documents([[text] for text in texts])
    return [{at for f in pages[0].findings for at in range(f.start, f.end)} for pages in screened]


def open_words(text: str, places: set[int], start: int, end: int) -> str:
    """Return the letters and digits of a stretch that are not hidden."""
    return "".join(text[i] for i in range(start, end) if text[i].isalnum() and i not in places)


@pytest.mark.parametrize("frame", frames("name_frames.txt"))
def test_every_name_in_a_frame_is_hidden_whole(guard: Guard, frame: str) -> None:
    marked = frame.replace("⟦", "⟦PERSON:")
    texts = [read_marked(one) for one in filled(marked)]
    for (text, marks), places in zip(texts, hidden(guard, [t for t, _ in texts]), strict=True):
        for mark in marks:
            assert not open_words(text, places, mark.start, mark.end), text


@pytest.mark.parametrize("frame", frames("kept_frames.txt"))
def test_nothing_is_hidden_where_nobody_is_named(guard: Guard, frame: str) -> None:
    texts = list(filled(frame))
    for text, places in zip(texts, hidden(guard, texts), strict=True):
        assert not places, text


@pytest.mark.parametrize("frame", TOGETHER)
def test_a_name_and_a_number_are_hidden_and_nothing_else(guard: Guard, frame: str) -> None:
    texts = [read_marked(one) for one in filled(frame, KEYED)]
    for (text, marks), places in zip(texts, hidden(guard, [t for t, _ in texts]), strict=True):
        wanted = {i for m in marks for i in range(m.start, m.end) if text[i].isalnum()}
        assert wanted <= places, text
        assert not {i for i in places - wanted if text[i].isalnum()}, text
