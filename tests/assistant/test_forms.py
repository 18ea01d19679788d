# SPDX-License-Identifier: EUPL-1.2
"""The tables of forms by which questions are understood: each can match, each word is used."""

from __future__ import annotations

import re

import pytest

from assistant.understanding.forms import filled, flat, pattern, read
from assistant.understanding.kinds import QuestionKind
from assistant.understanding.questions import understand
from corpus.french import fold
from guardrails.findings import Screened
from tests.table import each

FILES = ("kinds", "verdicts", "private_data", "orders")
USED_BY_NAME = {"asked", "other_word", "side_clause", "to_be_told", "matter"}
"""Words that a module asks for itself."""


def forms(name: str) -> list[str]:
    tables = read(name)
    if name == "kinds":
        return [form for one in tables["kinds"] for form in one["forms"]]
    if name == "orders":
        return list(tables["forms"])
    return [form for group in tables["forms"].values() for form in group]


@pytest.mark.parametrize("name", FILES)
def test_forms_are_of_folded_text(name: str) -> None:
    for form in forms(name):
        plain = re.sub(r"\\[A-Za-z]", "", form)  # \W, \S …
        assert fold(plain) == plain, form


@pytest.mark.parametrize("name", FILES)
def test_no_form_fits_everything(name: str) -> None:
    words = read(name)["words"]
    for form in forms(name):
        assert not re.search(filled(form, words), "xyz"), form


@pytest.mark.parametrize("name", FILES)
def test_every_word_is_used(name: str) -> None:
    tables = read(name)
    said = " ".join([*forms(name), *tables["words"].values(), *tables.get("nouns", {}).values()])
    for word in tables["words"]:
        assert f"<{word}>" in said or word in USED_BY_NAME, word


def test_a_word_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        pattern(["<nobody> paie"], {})


def test_all_kinds_but_fact_have_forms() -> None:
    assert {one["kind"] for one in read("kinds")["kinds"]} == {*QuestionKind} - {"fact"}


def test_white_space_is_one_blank() -> None:
    assert flat("  prix\n\u00a0cantine ") == "prix cantine"


@each(
    "piece",
    [
        " ",
        "\n",
        "ma demande ",
        "qui a ",
        "va-t-il ",
        "[PERSONNE_1] ",
        "a combien ",
        "l'",
        "quand il ",
    ],
)
def test_a_long_message_ends(piece: str) -> None:
    """A form that tries every way to split a message would never return."""
    text = (piece * 2000)[:2000] + "?"
    assert understand(Screened(text)).text == text.strip()
