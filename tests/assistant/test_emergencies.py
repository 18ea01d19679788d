# SPDX-License-Identifier: EUPL-1.2
"""What recognises a message that cannot wait: the head, the parts of a message, the real one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.settings import Settings
from assistant.understanding import emergencies, heads
from assistant.understanding.emergencies import HEADS, Alarm, Concern, Emergencies, opened, parts
from assistant.understanding.heads import Artefact, Head
from assistant.wiring import Parts, open_parts
from corpus.e5_additions import Factors
from tests.fakes import HashEmbedder

CLASSES = len(Concern) + 1


class Words:
    """An embedder whose vector says which word a text holds, the first of KNOWN being nothing."""

    KNOWN = ("", "malade", "feu")

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed_query(self, text: str) -> NDArray[np.float32]:
        self.asked.append(text)
        found = [float(bool(word) and word in text) for word in self.KNOWN]
        length = len(text.split())  # a long text thins out what a sentence says
        return np.array([1.0, *found[1:]], np.float32) / np.float32(length)


@pytest.fixture
def head() -> Head:
    weights = np.zeros((CLASSES, 3), np.float32)
    weights[0, 0], weights[1, 1], weights[2, 2] = 4, 40, 40
    return Head(weights, np.full(CLASSES, -4, np.float32) * (np.arange(CLASSES) > 0), 0.5)


def test_each_class_of_the_head_is_its_concern(head: Head) -> None:
    recognise = Emergencies(Words(), head)

    assert recognise("malade") == Alarm(Concern.MEDICAL)
    assert recognise("feu") == Alarm(Concern.FIRE)
    assert recognise("bonjour") is None


def test_what_may_be_one_is_told_as_not_sure(head: Head) -> None:
    message = "bonjour madame, monsieur est malade"
    probability = 1 - float(Emergencies(Words(), head).probabilities(message)[0])
    for threshold, perhaps, told in (
        (probability - 0.01, probability - 0.02, Alarm(Concern.MEDICAL, is_sure=True)),
        (probability + 0.01, probability - 0.01, Alarm(Concern.MEDICAL, is_sure=False)),
        (probability + 0.02, probability + 0.01, None),
    ):
        unsure = replace(head, threshold=threshold, perhaps=perhaps)
        assert Emergencies(Words(), unsure)(message) == told


def test_help_that_is_asked_for_in_one_sentence_is_seen(head: Head) -> None:
    calm = "Bonjour madame je voulais vous demander les horaires de la mairie pour demain."
    embedder = Words()

    alarming = f"{calm} {calm} {calm} Mon mari malade."
    assert float(head(embedder.embed_query(alarming))[0]) > 0.5  # alone, the whole is calm
    assert Emergencies(embedder, head)(alarming) == Alarm(Concern.MEDICAL)
    assert "Mon mari malade." in embedder.asked
    assert Emergencies(embedder, head)(f"{calm} {calm}") is None


def test_a_message_is_looked_at_whole_and_in_few_parts() -> None:
    assert parts("un mot") == ("un mot",)
    assert parts("  Un  mot\nDeux mots. ") == ("Un mot Deux mots.", "Un mot", "Deux mots.")
    assert len(parts("Un mot. " * 200)) <= 1 + emergencies.MAX_SENTENCES
    long = " ".join(f"Phrase {number}." for number in range(200))
    assert len(parts(long)) == 1 + emergencies.MAX_SENTENCES


def test_what_was_learnt_is_read_as_it_was_written(
    head: Head, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "FOLDER", tmp_path)
    random = np.random.default_rng(1)
    factors = Factors.of(
        random.normal(size=(2, 3)).astype(np.float32), random.normal(size=(4, 2)).astype(np.float32)
    )
    learnt = Artefact(additions={"l9.q": factors}, heads={"concern": head})
    learnt.save(heads.file_of("emergencies", "some"), HEADS)
    read = Artefact.read("emergencies", "some", HEADS)

    kept = read.heads["concern"]
    assert np.array_equal(kept.weights, head.weights)
    assert (kept.threshold, kept.perhaps) == (head.threshold, head.perhaps)
    assert {*read.additions} == {"l9.q"}
    assert np.array_equal(read.additions["l9.q"].product(), factors.product())
    with pytest.raises(FileNotFoundError):
        Artefact.read("emergencies", "another", HEADS)


class Teachable(HashEmbedder):
    """An embedder that notes what it was taught."""

    def __init__(self) -> None:
        super().__init__()
        self.taught_of: list[str] = []

    def taught(self, additions: Mapping[str, Factors]) -> Words:
        self.taught_of += additions
        return Words()


def test_what_was_added_is_run_above_the_embedder_in_use_or_nothing_is(head: Head) -> None:
    factors = Factors.of(np.ones((2, 3), np.float32), np.ones((4, 2), np.float32))
    learnt = Artefact(additions={"l9.q": factors}, heads={"concern": head})
    embedder = Teachable()

    assert opened(embedder, learnt)("malade") == Alarm(Concern.MEDICAL)
    assert embedder.taught_of == ["l9.q"]
    with pytest.raises(TypeError, match="cannot be taught"):
        opened(HashEmbedder(), learnt)


def test_another_version_or_other_classes_are_refused(
    head: Head, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt = Artefact(additions={}, heads={"concern": head})
    learnt.save(tmp_path / "fewer.npz", {"concern": HEADS["concern"][:-1]})
    with pytest.raises(ValueError, match="classes"):
        Artefact.load(tmp_path / "fewer.npz", HEADS)
    monkeypatch.setattr(heads, "VERSION", heads.VERSION + 1)
    learnt.save(tmp_path / "newer.npz", HEADS)
    monkeypatch.undo()
    with pytest.raises(ValueError, match="version"):
        Artefact.load(tmp_path / "newer.npz", HEADS)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """The parts of a service, which opens the classifier as the simple page does."""
    home = tmp_path_factory.mktemp("home")
    with open_parts(home / "data", home / "keys", Settings()) as parts:
        yield parts


@pytest.mark.real
@pytest.mark.parametrize(
    ("message", "concern"),
    [
        ("mon mari est par terre il répond plus", Concern.MEDICAL),
        ("J’ai mal dans la poitrine et le souffle court.", Concern.MEDICAL),
        ("un monsieur de la banque me demande le code de ma carte", Concern.SWINDLE),
        ("my kitchen is on fire what do I do", Concern.FIRE),
        ("زوجي ضربني البارحة وسيعود", Concern.VIOLENCE),
        ("Quiero suicidarme", Concern.DISTRESS),
        ("A minha filha desapareceu", Concern.MISSING_PERSON),
        ("evimde gaz kokusu var ne yapmalıyım", Concern.GAS),
        ("Il fait neuf degrés dans ma chambre et je n’ai plus de fioul", Concern.COLD),
        ("Quand est la porte ouverte de la caserne des pompiers ?", None),
        ("je meurs d’impatience de voir la fête, c’est quand ?", None),
        ("Où puis-je jeter une bouteille de gaz vide ?", None),
        ("Quel est le prix de la cantine ?", None),
    ],
)
def test_the_shipped_classifier_knows_what_it_learnt(
    shipped: Parts, message: str, concern: Concern | None
) -> None:
    told = shipped.recognise_emergency(message)
    assert (told.concern if told and told.is_sure else None) is concern
