# SPDX-License-Identifier: EUPL-1.2
"""The whole stack with Presidio and its French model, the network cut."""

from __future__ import annotations

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

import pytest

from guardrails.errors import DetectorFailed
from guardrails.french_model import everyday_words
from guardrails.guard import Guard, open_guard
from guardrails.names.tagged import NoTagger, Opening
from guardrails.presidio import PatternSkipped, PresidioPersons

pytestmark = pytest.mark.real

ACTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "mairie_pierrefonds" / "docs"


@pytest.fixture(scope="module")
def guard() -> Guard:
    return open_guard(roster=["Hélène Vasseur"])


@pytest.fixture(scope="module")
def persons() -> PresidioPersons:
    return PresidioPersons()


def test_the_model_points_at_persons_only(persons: PresidioPersons) -> None:
    text = "Jean Dupont habite Lyon avec Mme Lefebvre."
    assert [text[a:b] for a, b in persons.persons([text, ""])[0]] == ["Jean Dupont", "Mme Lefebvre"]


def test_a_pattern_that_times_out_is_an_error(persons: PresidioPersons) -> None:
    with pytest.raises(PatternSkipped):
        logging.getLogger("presidio-analyzer").warning(
            "Regex pattern '%s' timed out after 60 seconds", "x"
        )


def test_a_time_out_closes_the_guard(
    monkeypatch: pytest.MonkeyPatch, persons: PresidioPersons
) -> None:
    class Slow:
        name = "slow"

        def find(self, text: str) -> list[object]:
            logging.getLogger("presidio-analyzer").warning(
                "Regex pattern 'x' timed out after 60 seconds"
            )
            return []

    with pytest.raises(DetectorFailed):
        Guard([Slow()]).screen("x")  # type: ignore[list-item]


def test_the_dictionary_is_there() -> None:
    french = everyday_words()
    assert {"deliberation", "travaux", "delibere"} <= french.words
    assert "dutilloy" not in french.words
    assert "délibération" in french.accented and "loïs" not in french.accented
    assert "chaudiere" in french.nouns and "hier" not in french.nouns


def test_a_text_without_a_doubt_loads_no_language_model() -> None:
    program = (
        "import sys; from guardrails.guard import open_guard;"
        "guard = open_guard(); guard.screen('Le marché a lieu le mardi.');"
        "assert 'presidio_analyzer' not in sys.modules;"
        "guard.screen('Réunion avec Rosier puis Marchal, salle Pons.');"
        "assert 'presidio_analyzer' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_language_model_that_does_not_load_closes_the_guard_each_time() -> None:
    def missing() -> NoReturn:
        raise OSError("no model")

    tagger = Opening(missing)
    for _ in range(2):
        with pytest.raises(OSError, match="no model"):
            tagger.persons(["Jean Dupont"])


def test_a_language_model_is_opened_once() -> None:
    opened: list[NoTagger] = []

    def opener() -> NoTagger:
        opened.append(NoTagger())
        return opened[-1]

    tagger = Opening(opener)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(tagger.persons, [["x"]] * 8)) == [[[]]] * 8
    assert len(opened) == 1


LETTER = """De : Ana Kowalczyk <ana.kowalczyk@exemple.fr>
Objet : cantine de l'école Jules Ferry

Madame le Maire, mon fils Mathis Kowalczyk, né le 12 mars 2016, mange à la cantine.
KOWALCZYK MATHIS n'est pas allergique. M. Kowalczyk père, 06 11 22 33 44.
Mme Vasseur, maire, nous l'a confirmé.
Cordialement,
ana kowalczyk"""


def test_a_letter_comes_out_without_its_writer(guard: Guard) -> None:
    screened = guard.screen(LETTER)
    for word in ("kowalczyk", "mathis", "12 mars", "06 11"):
        assert word not in screened.text.lower()
    assert "école Jules Ferry" in screened.text
    assert "Mme Vasseur, maire" in screened.text
    assert guard.screen(screened.text).text == screened.text


def test_batches_and_single_texts_agree(guard: Guard) -> None:
    texts = [[LETTER], ["M. Roy a reçu Ana Petit."], [""]]
    assert guard.screen_documents(texts) == [guard.screen_pages(pages) for pages in texts]


@pytest.mark.skipif(not ACTS.is_dir(), reason="the shared sample of real minutes is not here")
def test_real_minutes_keep_their_formulas_and_come_out_the_same_twice(guard: Guard) -> None:
    text = sorted(ACTS.glob("*.md"))[0].read_text("utf-8")
    screened = guard.screen(text)
    assert guard.screen(screened.text).text == screened.text
    for kept in ("ORDRE DU JOUR", "Conseil Municipal", "€"):
        assert screened.text.count(kept) == text.count(kept)
