# SPDX-License-Identifier: EUPL-1.2
"""Which sentences of a letter ask something (logistic regression on the sentence's embedding).

    sentence ─embedder▶ vector ─┐
             ─its form───────────┴▶ Lines ─▶ log-odds that it asks, that it leans on another

A request needs no question mark (« Merci de m'indiquer les horaires »), and a question mark no
request (« De qui se moque-t-on ? »). The lines learnt from sentences written for them
(`benchmarks/mail_sentences.py`, which prints them beside the question mark alone). With an embedder
that they were not learnt for, the form decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.leaning import OPENING, is_part, names_nothing, points
from assistant.pieces import ASKS, marked, own_words
from assistant.replying.frames import frame_in
from corpus.french import flat
from guardrails.placeholders import PLACEHOLDER

FOLDER = Path(__file__).parents[1] / "probes"
ASKS_FROM, LEANS_FROM = 0.0, 0.0
"""Log-odds from which a sentence counts as asking, and a question as leaning on another."""

UNMARKED = 2.0
"""What is taken off where nothing shows that a sentence asks, no mark, no request in so many words,
no word that asks: a letter has many such sentences that tell for one that asks; of those that the
lines learnt from there are as many."""

_ASKS = re.compile(rf"(?<![\w'-])(?!qui\b){ASKS} | ^qui\s", re.VERBOSE)
_BEGINS = re.compile(rf"(?:[\w' ]{{0,40}}[,:]\s)?{ASKS}", re.VERBOSE)
_SPOKEN = re.compile(
    r"\b(?:(?:il|elle|ils|elles|c|ca|cest|c'est)\s?(?:est|sont)?\s(?:ou|o@|koi|quoi|combien)\b"
    r"|(?:faut|fait|prend|coute|paye|paie)\s(?:quoi|combien)\b|ou\spas$|(?:est|esce)\s?(?:ce\s)?qu"
    r"|(?:savoir|saber|wissen|sapere|know)\b)"
)
"""How who speaks, or writes as one speaks, asks: « il est où le garage »."""

_SCOLDS = re.compile(
    r"\b(?:(?:trouv|croy|imagin|pens|rend|voul)\w*[ -]vous|vous (?:trouv|croy|imagin|pens)\w+"
    r"|normal|inadmissible|(?:, (?:maintenant|vous|nous|encore)|au juste|a la fin|on y est) \?$"
    r"|c'est qui qui|qui c'est qui|\w enfin|vraiment|seulement lu|faudra-t-il (?:que|un|attendre)"
    r"|allons-nous|va-t-on|devrai|subir|supporter"
    r"|honte|respect|se moque|un mort|accident|impots|taxes)\b|[!?]{2}|\?\s?!"
)
"""Words in which one scolds: with them, a question mark seldom asks."""

_INVERTED = re.compile(r"\w-(?:t-)?(?:je|tu|il|elle|on|nous|vous|ils|elles)\b")

_HIDDEN = re.compile(
    rf"(?:\b(?:de|du|des|à|au|chez|avec|par|pour|et|of|from|with)\s|\bd['’])?{PLACEHOLDER.pattern}",
    re.IGNORECASE,
)

Vector = NDArray[np.float32]


class QueryEmbedder(Protocol):
    """What makes a sentence's vector."""

    @property
    def name(self) -> str: ...

    def embed_query(self, text: str) -> Vector: ...


@dataclass(frozen=True, slots=True)
class Asking:
    """Log-odds that a sentence asks something, and that what it asks leans on what stands before
    it (« Jusqu'à quand ? »)."""

    asks: float
    leans: float

    @property
    def is_asked(self) -> bool:
        return self.asks > ASKS_FROM

    @property
    def is_leaning(self) -> bool:
        return self.leans > LEANS_FROM


@dataclass(frozen=True, slots=True)
class AskLines:
    """`weights` has shape (2, features + width of the embedder), `bias` (2,): asks, leans."""

    weights: Vector
    bias: Vector

    def __call__(self, values: Vector) -> Asking:
        asks, leans = self.weights @ values + self.bias
        return Asking(float(asks), float(leans))

    @classmethod
    def of(cls, embedder: str) -> AskLines | None:
        """Return the lines that were learnt for an embedder; nothing where none were."""
        path = path_of(embedder)
        if not path.exists():
            return None
        with np.load(path, allow_pickle=False) as kept:
            return cls(kept["weights"], kept["bias"])

    def write(self, embedder: str) -> None:
        np.savez_compressed(path_of(embedder), weights=self.weights, bias=self.bias)


def path_of(embedder: str) -> Path:
    return FOLDER / f"asks-{embedder}.npz"


class Asks:
    """Tells of each sentence whether it asks."""

    def __init__(self, embedder: QueryEmbedder) -> None:
        self._embedder = embedder

    @cached_property
    def _lines(self) -> AskLines | None:
        return AskLines.of(self._embedder.name)

    def __call__(self, sentence: str) -> Asking:
        """Return the log-odds of a sentence in its hidden form."""
        if self._lines is None:
            return by_form(sentence)
        return weighed(self._lines(features(sentence, self._embedder)), sentence)

    def near(self, question: str, statement: str) -> float:
        """Return how near two sentences are (cosine of their vectors)."""
        mine, other = (self._embedder.embed_query(without_marks(t)) for t in (question, statement))
        return float(mine @ other)


def weighed(told: Asking, sentence: str) -> Asking:
    """Return what the lines tell of a sentence, less where nothing shows that it asks."""
    plain = without_marks(sentence)
    folded = marked(plain)
    is_marked = "?" in plain or frame_in(plain) or _ASKS.search(folded) or _SPOKEN.search(folded)
    return told if is_marked else replace(told, asks=told.asks - UNMARKED)


def features(sentence: str, embedder: QueryEmbedder) -> Vector:
    """Return the form of a sentence, then its vector; shape (features + width,)."""
    plain = without_marks(sentence)
    return np.concatenate([form(plain), embedder.embed_query(plain)]).astype(np.float32)


def form(sentence: str) -> Vector:
    """Return what the eye sees of a sentence: its mark, how it begins, how much it says."""
    folded = marked(sentence)
    return np.array(
        [
            sentence.rstrip().endswith("?"),
            "?" in sentence.rstrip()[:-1],
            frame_in(sentence) is not None,
            _BEGINS.match(folded) is not None,
            _INVERTED.search(folded) is not None,
            _SPOKEN.search(folded) is not None,
            _SCOLDS.search(folded) is not None,
            min(len(folded.split()), 30) / 30,
            min(len(own_words(sentence)), 6) / 6,
        ],
        np.float32,
    )


def by_form(sentence: str) -> Asking:
    """Tell by the form alone: a question mark or a request in so many words."""
    plain = without_marks(sentence)
    is_asked = plain.rstrip().endswith("?") or frame_in(plain) is not None
    folded = flat(OPENING.sub("", plain).strip(" ?.!"))
    is_leaning = len(own_words(plain)) == 0 or is_part(folded)
    is_leaning |= points(folded) and names_nothing(folded)
    return Asking(1.0 if is_asked else -1.0, 1.0 if is_leaning else -1.0)


def without_marks(sentence: str) -> str:
    """Return a sentence without what stands for hidden words, and what ties them to the rest.

    >>> without_marks("Le chien de [PERSONNE_1] peut-il venir, Madame [PERSONNE_2] ?")
    'Le chien peut-il venir, Madame ?'
    """
    return " ".join(_HIDDEN.sub(" ", sentence).split())
