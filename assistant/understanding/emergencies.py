# SPDX-License-Identifier: EUPL-1.2
"""Which messages cannot wait: emergency classifier (a head on the embedder's taught layers).

    message ─┬─ whole ────────▶ embedder ─▶ head ─┬─▶ probability of each concern
             └─ its sentences ▶     "         "  ─┘   (whole and strongest part, half each)

It learnt from invented messages (`benchmarks/emergencies/`), and knows no list of words and no
language by name. Class 0 is an ordinary message; `threshold` is the chance of an emergency from
which it is sure enough for a card, `perhaps` from which it may be one. What was measured:
`docs/decisions/emergencies.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from assistant.understanding.heads import Artefact, Head, Vector
from corpus.seams import Embedder, QueryEmbedder
from corpus.sentences import sentences

MAX_SENTENCES = 12
"""Sentences of a message that are looked at on their own; a message has 500 characters at most."""


class Concern(StrEnum):
    """What an emergency is about; the head's classes, after `none`, in this order."""

    MEDICAL = "medical"
    FIRE = "fire"
    VIOLENCE = "violence"
    DISTRESS = "distress"
    MISSING_PERSON = "missing_person"
    GAS = "gas"
    SWINDLE = "swindle"
    COLD = "cold"


class Alarm(NamedTuple):
    """What a message that cannot wait is about; where that is not sure, it may be ordinary."""

    concern: Concern
    is_sure: bool = True


NONE = "none"
NAME = "emergencies"
HEADS = {"concern": (NONE, *Concern)}


def opened(embedder: Embedder, learnt: Artefact | None = None) -> Emergencies:
    """Return the classifier on an embedder, of what was learnt for it or is given; raise OSError,
    ValueError, KeyError or TypeError."""
    learnt = learnt or Artefact.read(NAME, embedder.name, HEADS)
    return Emergencies(learnt.taught(embedder), learnt.heads["concern"])


class Emergencies:
    """Recognises a message that needs help now, in any language that the embedder reads."""

    def __init__(self, embedder: QueryEmbedder, head: Head) -> None:
        self._embedder = embedder
        self._head = head

    def probabilities(self, message: str) -> Vector:
        """Return the probability of each class, ordinary first.

        The mean, in logarithms, of the whole message and of its most alarming part: a sentence of
        a calm message says more alone than it means, help in one of many is thinned out.
        """
        each = [self._head(self._embedder.embed_query(part)) for part in parts(message)]
        strongest = min(each, key=lambda found: float(found[0]))
        mean = np.sqrt(each[0] * strongest)
        return np.asarray(mean / mean.sum(), np.float32)

    def __call__(self, message: str) -> Alarm | None:
        """Return what the emergency is about, nothing for an ordinary message."""
        found = self.probabilities(message)
        probability = 1 - float(found[0])
        is_sure = probability >= self._head.threshold
        if not is_sure and probability < self._head.perhaps:
            return None
        return Alarm(list(Concern)[int(found[1:].argmax())], is_sure)


def parts(message: str) -> tuple[str, ...]:
    """Return a message and, if it has several, its sentences: help may be asked for in one of them.

    >>> parts("Bonjour. Ma mère est tombée.")
    ('Bonjour. Ma mère est tombée.', 'Bonjour.', 'Ma mère est tombée.')
    """
    each = (message, *(message[start:end] for start, end in sentences(message)))
    squeezed = (" ".join(one.split()) for one in each)
    return tuple(dict.fromkeys(squeezed))[: 1 + MAX_SENTENCES]


Recognise = Callable[[str], Alarm | None]
"""The seam of the screens: what an emergency is about; may raise whatever its model raises."""
