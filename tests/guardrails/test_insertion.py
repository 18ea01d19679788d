# SPDX-License-Identifier: EUPL-1.2
"""Keyed numbers drawn at random, put anywhere into acts, with any separator between groups."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.privacy_names import LABELS, valid
from guardrails.findings import Finding
from guardrails.guard import Guard
from guardrails.recognizers import RECOGNIZERS

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "data" / "mairie_pierrefonds" / "docs"
GUARD = Guard(RECOGNIZERS)
GROUPS = {
    "NIR": (1, 2, 2, 2, 3, 3, 2),
    "SPI": (2, 2, 3, 3, 3),
    "IBAN": (4, 4, 4, 4, 4, 4, 3),
    "RIB": (5, 5, 11, 2),
    "BANK_CARD": (4, 4, 4, 4),
}
SEPARATORS = ("", " ", "\u00a0", "\u202f", "\u2009", "-", ".", "\u200b", "\u200f ", "\u2011")
WRITTEN = """\
Vu le code général des collectivités territoriales, notamment ses articles L. 2121-29 ;
Considérant la délibération n° 2024-06-12-03 du 12 juin 2024 et l’arrêté AR-2024-118 ;
Le stationnement est interdit rue des Lilas, du n° 12 au n° 20, le 17 juin 2024 de 8h30 à 12h.
Crédits : 1 250 000,00 €, soit 12,5 % ; articles 60611, 60612 et 6188 ; surface 1 234 m².
"""


def grouped(entity: str, seed: int, separator: str) -> str:
    """Return a number drawn with the seed, its groups apart."""
    number, groups = valid(entity, random.Random(seed)), []
    for size in GROUPS[entity]:
        groups.append(number[:size])
        number = number[size:]
    return separator.join(groups)


def check(text: str, place: int, entity: str, number: str) -> None:
    """Put the number in at a place: it is hidden, positions hold, a second time nothing is."""
    before = f"{text[:place]} {LABELS[entity]} "
    whole = f"{before}{number} {text[place:]}"
    screened = GUARD.screen(whole)
    hidden = {at for f in screened.findings for at in range(f.start, f.end)}
    assert {len(before) + m.start() for m in re.finditer(r"[^\W_]", number)} <= hidden
    between = [whole[a:b] for a, b in _between(len(whole), screened.findings)]
    assert re.split(r"\[[^\W\d]+(?:_[^\W\d]+)*_\d+\]", screened.text) == between
    assert GUARD.screen(screened.text).text == screened.text


def _between(length: int, findings: Sequence[Finding]) -> list[tuple[int, int]]:
    ends = [0, *(f.end for f in findings)]
    return list(zip(ends, [*(f.start for f in findings), length], strict=True))


@pytest.mark.parametrize("entity", GROUPS)
@given(seed=st.integers(0, 10**6), separator=st.sampled_from(SEPARATORS), at=st.integers(0, 10**6))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_labelled_number_is_hidden_at_any_word_of_an_act(
    entity: str, seed: int, separator: str, at: int
) -> None:
    places = [m.start() for m in re.finditer(r"(?<=\s)(?=\S)", WRITTEN)]
    check(WRITTEN, places[at % len(places)], entity, grouped(entity, seed, separator))


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared sample of real minutes is not here")
@pytest.mark.parametrize("seed", range(8))
def test_a_labelled_number_is_hidden_anywhere_in_real_minutes(seed: int) -> None:
    draw = random.Random(seed)
    text = draw.choice(sorted(REAL.glob("*.md"))).read_text("utf-8")
    start = draw.randrange(max(1, len(text) - 3_000))
    part = text[start : start + 3_000]
    entity = draw.choice(sorted(GROUPS))
    place = draw.choice([m.start() for m in re.finditer(r"(?<=\s)(?=\S)", part)])
    check(part, place, entity, grouped(entity, seed, draw.choice(SEPARATORS)))
