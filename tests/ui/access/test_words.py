# SPDX-License-Identifier: EUPL-1.2
"""The door speaks French and English, with the same keys and the same facts, and uses them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.table import each
from ui.access.passwords import MIN_CHARS, weakness
from ui.access.person import Role
from ui.access.words import Words
from ui.wording import table

FOLDER = Path(__file__).parents[3] / "ui" / "access"
FACTS = re.compile(r"{(\w+)}")


def test_both_languages_have_the_same_keys_and_facts() -> None:
    french, english = table("ui.access", "fr"), table("ui.access", "en")

    assert french.keys() == english.keys()
    for key, words in french.items():
        assert set(FACTS.findall(words)) == set(FACTS.findall(english[key])), key


def test_every_word_is_used_somewhere() -> None:
    source = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.py"))
    families = ("problem_", "role_", "area_")
    for key in table("ui.access", "fr"):
        stem = key.removesuffix("_title").removesuffix("_one")
        is_used = re.search(rf"""["']{stem}["']""", source)
        assert is_used or key.startswith(families), key


@pytest.mark.parametrize("role", Role)
def test_each_role_has_a_name(role: Role) -> None:
    assert Words("fr")(f"role_{role}") and Words("en")(f"role_{role}")


@each(
    "password, why",
    [
        ("a" * (MIN_CHARS - 1), "short"),
        ("ab" * 200, "long"),
        ("abcabcabcabcabc", "plain"),
        ("azertyuiop1234", "common"),
        ("agnes.perrin99", "name"),
        ("le puits de la place", ""),
        ("agnes.perrin aime les tuiles", ""),
    ],
)
def test_each_weakness_has_words(password: str, why: str) -> None:
    assert weakness(password, "agnes.perrin") == why
    for language in ("fr", "en") if why else ():
        assert Words(language)(f"problem_{why}")  # type: ignore[arg-type]
