# SPDX-License-Identifier: EUPL-1.2
"""A question after another: what is made of the tags, what the network adds up, and the model's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from assistant.errors import ModelFailed
from assistant.following import Kind, Tagger, Understood, after, understood
from assistant.following.reading import laid, word_states
from assistant.following.words import words_of
from assistant.llama import LlamaModel
from assistant.seams import Tags
from assistant.settings import Settings
from assistant.wiring import open_weights
from benchmarks.followups import DEV, cases, meant
from corpus.weights import DEFAULT_LANGUAGE_MODEL

MEAL = "Quel est le prix du repas en élémentaire ?"
HALLS = "Combien coûtent la garderie et l'étude ?"


def tags(
    kind: Kind,
    before: str,
    question: str,
    *,
    goes: str = "",
    unsaid: str = "",
    unclear: float = 0.0,
) -> Tags:
    """Return what a sure tagger would say: `goes` are words of before that do not stay."""
    kinds = [0.97 if one is kind else 0.01 for one in Kind]
    kept = [0.05 if word.text in goes.split() else 0.95 for word in words_of(before)]
    said = [0.05 if word.text in unsaid.split() else 0.95 for word in words_of(question)]
    return Tags(kinds, unclear, kept, said)


@pytest.mark.parametrize(
    ("kind", "before", "question", "goes", "unsaid", "meant"),
    [
        (Kind.REPLACES, MEAL, "Et en maternelle ?", "élémentaire", "Et",
         "Quel est le prix du repas en maternelle ?"),
        (Kind.REPLACES, MEAL, "le goûter, c'est combien ?", "repas", "c' est combien",
         "Quel est le prix du goûter en élémentaire ?"),
        (Kind.REPLACES, "Le montant des dépenses en 2022 ?", "et les recettes", "dépenses", "et",
         "Le montant des recettes en 2022 ?"),
        (Kind.REPLACES, "Quelle pièce pour la carte d'un majeur ?", "Et pour un enfant",
         "un majeur", "Et", "Quelle pièce pour la carte pour un enfant ?"),
        (Kind.REPLACES, "Le montant du marché de la toiture ?", "Et pour l'ombrière ?", "toiture",
         "Et pour l'", "Le montant du marché de l'ombrière ?"),
        (Kind.REPLACES, "Peut-on demander de les louer en été ?", "Et en hiver ?", "en été", "Et",
         "Peut-on demander de les louer en hiver ?"),
        (Kind.ADDS, MEAL, "avec un abonnement (de dix)", "", "",
         "Quel est le prix du repas en élémentaire avec un abonnement (de dix) ?"),
        (Kind.ASKS_OF, MEAL, "faut réserver ?", "Quel est le prix du en", "",
         "Faut réserver : repas élémentaire ?"),
        (Kind.ASKS_OF, MEAL, "pourquoi", "Quel est le prix du repas en élémentaire", "",
         f"Pourquoi : {MEAL}"),
    ],
)  # fmt: skip
def test_the_words_of_both_make_one_question(
    kind: Kind, before: str, question: str, goes: str, unsaid: str, meant: str
) -> None:
    found = understood(question, before, tags(kind, before, question, goes=goes, unsaid=unsaid))
    assert found == Understood((meant,))


def test_what_stands_alone_gets_nothing() -> None:
    asked = "Où est la piscine ?"
    assert understood(asked, MEAL, tags(Kind.ALONE, MEAL, asked)) is None


def test_where_two_kinds_are_likely_both_wordings_come_back() -> None:
    asked = "avec un abonnement"
    doubt = tags(Kind.ADDS, MEAL, asked, goes="en élémentaire")._replace(
        kinds=[0.3, 0.45, 0.05, 0.2]
    )
    found = understood(asked, MEAL, doubt)
    assert found and not found.is_sure
    assert found.choices == (
        "Quel est le prix du repas en élémentaire avec un abonnement ?",
        "Avec un abonnement ?",
        "Avec un abonnement : Quel est le prix du repas ?",
    )


def test_of_two_things_each_is_a_choice() -> None:
    asked = "faut réserver ?"
    told = tags(Kind.ASKS_OF, HALLS, asked, goes="Combien coûtent la et l'", unclear=0.9)
    kept = [0.5 if w.text in {"garderie", "étude"} else k
            for w, k in zip(words_of(HALLS), told.kept, strict=True)]  # fmt: skip
    found = understood(asked, HALLS, told._replace(kept=kept))
    assert found and found.choices[:2] == ("Faut réserver : garderie ?", "Faut réserver : étude ?")


class Scripted:
    """A model that says what it was told to, and remembers what it was asked."""

    def __init__(self, told: Tags | Exception | None) -> None:
        self.told, self.asked = told, list[tuple[str, str]]()

    def tags(self, question: str, before: str) -> Tags | None:
        self.asked.append((question, before))
        if isinstance(self.told, Exception):
            raise self.told
        return self.told


def test_rules_complete_what_no_model_was_taught_to() -> None:
    wanted = Understood(("Quel est le prix du repas en maternelle ?",))
    for model in (object(), Scripted(None), Scripted(ModelFailed("model_error", name="m"))):
        assert after("Et en maternelle ?", MEAL, model) == wanted
    assert after("Où est la piscine ?", MEAL, object()) is None


def test_what_was_hidden_is_neither_read_nor_carried_on() -> None:
    before = "Quel est le prix du repas pour [PERSONNE_1] en élémentaire ?"
    clean = "Quel est le prix du repas en élémentaire ?"
    asked = "Et en maternelle ?"
    model = Scripted(tags(Kind.REPLACES, clean, asked, goes="élémentaire", unsaid="Et"))
    found = after(asked, before, model)
    assert model.asked == [(asked, clean)]
    assert found and found.text == "Quel est le prix du repas en maternelle ?"
    for nothing in ("  ", "Et ?", "ok, merci"):
        assert after(nothing, before, model) is None
    assert len(model.asked) == 1


def test_a_word_s_state_is_the_mean_of_its_tokens() -> None:
    read = laid("Et l'été ?", "Prix ?")
    pieces = [bytes([byte]) for byte in read.text.encode()]
    states = np.arange(len(pieces), dtype=np.float32)[:, None]
    found = word_states(states, pieces, read.places)
    said = [read.text.encode()[start:end].decode() for start, end in read.places]
    assert said == ["Et", "l'", "été", "Prix"]
    assert found.shape == (5, 1)
    assert [float(row[0]) for row in found[:-1]] == [
        (start + end - 1) / 2 for start, end in read.places
    ]
    assert found[-1] == len(pieces) - 1


# -- the model's


@pytest.fixture(scope="module")
def taught() -> Iterator[LlamaModel]:
    name = DEFAULT_LANGUAGE_MODEL
    model = LlamaModel(open_weights(Settings()).path(name), tagger=Tagger.of(name))
    yield model
    model.close()


@pytest.mark.real
def test_the_taught_model_understands_what_follows(taught: LlamaModel) -> None:
    price = "Quel est le prix du repas de la cantine en élémentaire pour un quotient de 650 ?"
    found = after("Et en maternelle ?", price, taught)
    assert found and found.is_sure
    assert found.text == (
        "Quel est le prix du repas de la cantine en maternelle pour un quotient de 650 ?"
    )
    roof = "Quel est le montant du marché de la toiture ?"
    canopy = after("Et pour l'ombrière ?", roof, taught)
    assert canopy and "ombrière" in canopy.text and "toiture" not in canopy.text
    for alone in ("Où est la piscine ?", "Qui est le maire ?", "Bonjour", "déchèterie"):
        assert after(alone, price, taught) is None, alone


@pytest.mark.real
def test_what_is_too_long_is_left_to_rules(taught: LlamaModel) -> None:
    long = "Et le repas ? " * 2_000
    assert taught.tags(long, MEAL) is None
    assert after("Et en maternelle ?", MEAL + " et" * 3_000, taught) is not None


@pytest.mark.real
def test_most_of_a_list_that_nothing_learnt_from_is_understood(taught: LlamaModel) -> None:
    each = [case for case in cases(DEV.with_name("others_dev.jsonl")) if len(case.before) == 1][:20]
    outcomes = [case.outcome(meant(case, taught)) for case in each]
    assert outcomes.count("wrong") <= 5 and outcomes.count("understood") >= 12
