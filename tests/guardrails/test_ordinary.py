# SPDX-License-Identifier: EUPL-1.2
"""Questions in other languages: their ordinary words are nobody, names beside them are hidden."""

from __future__ import annotations

import pytest

from guardrails.guard import Guard, open_guard
from guardrails.names.lexicons import Dictionary, Lexicons
from guardrails.names.ordinary import without_ordinary
from guardrails.names.votes import Vote
from guardrails.names.words import Words
from tests.table import each

LEXICONS = Lexicons(Dictionary(words=frozenset(["les", "horaires", "de", "la", "mairie", "sont"])))


def left(text: str, *, first: int, last: int, layer: str = "learned") -> bool:
    """Whether a name at these words of a text stays one."""
    words = Words(text, LEXICONS)
    return bool(without_ordinary(words, [Vote(first, last, 0.9, layer)]))


@each(
    "text, first, last",
    [
        ("qual é a morada da câmara?", 4, 5),
        ("Could you tell me the number?", 0, 0),
        ("are you open on Monday?", 4, 4),
        ("belediye saat kaçta açılıyor", 3, 3),
        ("¿a qué hora abren el sábado?", 4, 5),
        ("متى تفتح البلدية يوم السبت", 0, 1),
    ],
)
def test_ordinary_words_of_another_language_are_nobody(text: str, first: int, last: int) -> None:
    assert not left(text, first=first, last=last)


@each(
    "text, first, last, layer",
    [
        ("tell Rosa that you are open on Monday please", 1, 1, "learned"),  # a capital of its own
        ("are you open for the hartleys on Monday please", 4, 5, "learned"),  # one is not ordinary
        ("can you tell my neighbour that it is open", 3, 4, "label"),  # a label says so
        ("les horaires de la mairie sont open", 6, 6, "learned"),  # French
        ("xyrq vlomp open", 2, 2, "learned"),  # no language that is clear
        ("E. Yıldırım sont la", 0, 1, "learned"),  # French beside a name that is a word elsewhere
        ("hello", 0, 0, "learned"),  # nothing stands beside it
        ("les horaires de la casa", 4, 4, "learned"),  # « de la » is French as well
        ("open zzyx yyqw wwkd hall", 4, 4, "learned"),  # too little of it is English
    ],
)
def test_in_doubt_a_name_stays_one(text: str, first: int, last: int, layer: str) -> None:
    assert left(text, first=first, last=last, layer=layer)


@pytest.fixture(scope="module")
def guard() -> Guard:
    return open_guard()


@pytest.mark.real
@each(
    "text",
    [
        "qual é a morada da câmara?",
        "hola buenas, a qué hora abren el sábado?",
        "Could you kindly tell me the phone number of the town hall?",
        "belediye binası pazartesi açık mı?",
    ],
)
def test_a_question_in_another_language_is_left_as_it_is(guard: Guard, text: str) -> None:
    assert guard.screen(text).text == text


@pytest.mark.real
@each(
    "text, name",
    [
        ("hola, me llamo Julián Cano y mi vecino hace ruido", "Julián Cano"),
        ("my neighbour Grace Hollowell lost her keys, who do I call?", "Grace Hollowell"),
        ("o meu filho Tiago Vasconcelos perdeu o cartão", "Tiago Vasconcelos"),
    ],
)
def test_whoever_is_named_there_is_hidden(guard: Guard, text: str, name: str) -> None:
    assert name not in guard.screen(text).text
