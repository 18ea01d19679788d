# SPDX-License-Identifier: EUPL-1.2
"""The learned layer: its data, its arithmetic, how it votes and how it takes back."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from shutil import copy

import numpy as np
import pytest

from guardrails.errors import DetectorFailed
from guardrails.names.learned import Learned, doubted, is_doubtful, learned_votes
from guardrails.names.lexicons import FOLDER, Dictionary, Lexicons
from guardrails.names.network import DATA, VECTOR, Floats, read_networks
from guardrails.names.traits import tokens
from guardrails.names.votes import Vote
from guardrails.names.words import Words
from tests.table import each

LEXICONS = Lexicons(Dictionary(words=frozenset(["bonjour", "salle", "la", "le", "voir", "avec"])))
TEXTS = (
    "Bonjour Madame Lopez, voir avec Kader pour la salle Barbara.",
    "",
    "Excusés : MM. Le Floc'h, de La Porte et Dupuis-Roy.\n\nLe 4 mars 2025 | 12 €",
)


class NoVectors:
    """A language model that knows no word."""

    def vector(self, word: str) -> Floats | None:
        return None


@pytest.fixture(scope="module")
def learned() -> Learned:
    return Learned(read_networks(), LEXICONS, NoVectors())


def words_of(*texts: str) -> list[Words]:
    return [Words(text, LEXICONS) for text in texts]


@pytest.mark.parametrize("damage", ["gone", "cut", "changed", "untold", "older"])
def test_damaged_weights_open_no_guard(damage: str, tmp_path: Path) -> None:
    for name in (DATA, "learned.toml"):
        copy(FOLDER / name, tmp_path / name)
    data = tmp_path / DATA
    content = data.read_bytes()
    if damage == "gone":
        data.unlink()
    elif damage == "cut":
        data.write_bytes(content[:-1])
    elif damage == "changed":
        data.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
    elif damage == "older":  # one output only, and told truly
        with np.load(data) as arrays:
            older = {n: a[:, :1] if n.endswith(".out") else a for n, a in arrays.items()}
        np.savez(data, **older)
        digest = sha256(data.read_bytes()).hexdigest()
        (tmp_path / "learned.toml").write_text(f'sha256 = "{digest}"\n', encoding="utf-8")
    else:
        (tmp_path / "learned.toml").write_text("texts = 1\n", encoding="utf-8")
    with pytest.raises(DetectorFailed):
        read_networks(tmp_path)


def test_a_text_reads_the_same_alone_and_among_others(learned: Learned) -> None:
    together = learned.read(words_of(*TEXTS))
    for text, reading in zip(TEXTS, together, strict=True):
        (alone,) = Learned(read_networks(), LEXICONS, NoVectors()).read(words_of(text))
        assert np.allclose(alone.names, reading.names, atol=1e-4)
        assert [(t.start, t.end) for t in alone.others] == [
            (t.start, t.end) for t in reading.others
        ]


def test_what_failed_on_the_way_leaves_no_trace() -> None:
    class Failing:
        fails = True

        def vector(self, word: str) -> Floats | None:
            if self.fails and word == "Kader":
                raise MemoryError
            return np.full(VECTOR, 0.1, np.float32)

    model = Failing()
    learned = Learned(read_networks(), LEXICONS, model)
    with pytest.raises(MemoryError):
        learned.read(words_of(TEXTS[0]))
    model.fails = False
    fresh = Learned(read_networks(), LEXICONS, model)
    first, alone = learned.read(words_of(*TEXTS))[0], fresh.read(words_of(TEXTS[0]))[0]
    assert np.allclose(first.names, alone.names)


def test_tokens_are_words_marks_numbers_and_placeholders() -> None:
    (words,) = words_of("[PERSONNE_1] et Léa,\n12 rue   B [annexe]")
    seen = list(tokens(words))
    read = [(kind[0], words[index].text if index >= 0 else "") for kind, index, _, _ in seen]
    assert read == [
        ("[PERSONNE", ""), ("et", "et"), ("Léa", "Léa"), ("=,", ""), ("=\n", ""), ("=#2m__", ""),
        ("rue", "rue"), ("=  ", ""), ("B", "B"), ("=[", ""), ("annexe", "annexe"), ("=]", ""),
    ]  # fmt: skip
    assert [words.text[start:end] for _, _, start, end in seen][-3:] == ["[", "annexe", "]"]


@each(
    "text, chances, votes",
    [
        ("voir Léa Petit", (0, 0.9, 0.4), [(1, 2, 0.9)]),
        ("voir Léa, Paul", (0, 0.9, 0.8), [(1, 1, 0.9), (2, 2, 0.8)]),
        ("Sixtine de La Porte", (0.9, 0.1, 0.1, 0.6), [(0, 3, 0.9)]),
        ("Yann Le Floc'h", (0.9, 0.9, 0.6, 0.0), [(0, 3, 0.9)]),
        ("voir Quechua", (0, 0.2), [(1, 1, 0.35)]),
        ("voir Quechua", (0, 0.31), [(1, 1, 0.5)]),
        ("voir Quechua", (0, 0.05), []),
    ],
)
def test_votes_are_runs_of_likely_words(
    text: str, chances: Sequence[float], votes: list[tuple[int, int, float]]
) -> None:
    (words,) = words_of(text)
    found = [(vote.first, vote.last, vote.weight) for vote in learned_votes(words, chances)]
    assert found == votes


@pytest.mark.parametrize(
    ("weight", "chance", "left"),
    [(0.6, 0.01, 0.45), (0.6, 0.06, 0.6), (0.97, 0.01, 0.97), (0.3, 0.01, 0.3)],
    ids=["taken back", "believed a little", "sure", "not hidden anyhow"],
)
def test_a_find_that_no_word_bears_out_is_a_near_miss(
    weight: float, chance: float, left: float
) -> None:
    name = doubted(Vote(0, 1, weight, "stranger"), [chance, chance / 2])
    assert name.weight == left
    assert name.layer == ("stranger+unlearned" if left != weight else "stranger")


def test_only_what_is_undecided_is_worth_another_reading() -> None:
    assert [is_doubtful(chance) for chance in (0.001, 0.1, 0.4, 0.99)] == [False, True, True, False]
