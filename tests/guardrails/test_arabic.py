# SPDX-License-Identifier: EUPL-1.2
"""Persons in Arabic letters: listed names, what introduces them, what is an ordinary word."""

from __future__ import annotations

from guardrails.names.arabic import arabic
from guardrails.names.lexicons import Dictionary, Lexicons
from guardrails.names.words import Words
from tests.table import each

LEXICONS = Lexicons(Dictionary())


def named(text: str) -> list[str]:
    words = Words(text, LEXICONS)
    return [text[words[vote.first].start : words[vote.last].end] for vote in arabic(words)]


@each(
    "text, names",
    [
        ("السلام عليكم، اسمي ليلى بوعزة وابني ياسين لم يسجل", ["ليلى بوعزة", "ياسين"]),
        ("جاري عبد الرحمن يزعجنا", ["عبد الرحمن"]),
        ("رسالة من فاطمة بن يوسف", ["فاطمة بن يوسف"]),
        ("ابنتي أمل تدرس هنا", ["أمل"]),  # an ordinary word, which something introduces
        ("زوجتي زغلولة مريضة", ["زغلولة مريضة"]),  # not listed: introduced, with what follows
    ],
)
def test_who_is_named_is_found(text: str, names: list[str]) -> None:
    found = named(text)
    assert all(any(name.split()[0] in one for one in found) for name in names)
    assert all(any(one.startswith(name.split()[0]) for one in found) for name in names)


@each(
    "text",
    [
        "متى تفتح البلدية يوم السبت",
        "ما هو رقم هاتف البلدية",
        "ابني الصغير في المدرسة",
        "ابني الزغبوري",  # which son, not who
        "صباح الخير",  # names as well, beside nothing that tells so
        "abc دابا",
        "",
    ],
)
def test_ordinary_words_are_nobody(text: str) -> None:
    assert named(text) == []


def test_a_name_ends_with_its_line_and_its_sentence() -> None:
    assert named("اسمي ليلى\nياسين") == ["ليلى", "ياسين"]
    assert named("اسمي ليلى، ياسين") == ["ليلى", "ياسين"]
