# SPDX-License-Identifier: EUPL-1.2
"""Small true stand-ins for what is heavy: each passes the contract of what it stands for."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Self

import numpy as np

from assistant.answers import Reason
from assistant.seams import Prompt
from assistant.understanding.questions import Question, QuestionKind
from corpus.audience import STRUCTURE, AudienceHead
from corpus.errors import PassageTooLong
from corpus.french import terms
from corpus.memory_vectors import MemoryIndex
from corpus.seams import Vectors
from guardrails.errors import DetectorFailed
from guardrails.findings import Entity, Finding, Screened

__all__ = ["MemoryIndex"]


class HashEmbedder:
    """Texts that share stems are near: each stem has a place, and no model is loaded."""

    name = "hash"
    dimension = 1024
    max_tokens = 512

    def count_tokens(self, text: str) -> int:
        return len(re.findall(r"\w+|[^\w\s]", text)) + 4

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        for text in texts:
            if self.count_tokens(text) > self.max_tokens:
                raise PassageTooLong(self.count_tokens(text), self.max_tokens)
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack([self._vector(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        return self._vector(text)

    def _vector(self, text: str) -> Vectors:
        row = np.full(self.dimension, 0.01, np.float32)
        for term in terms(text):
            row[place_of(term)] += 1.0
        return np.asarray(row / np.linalg.norm(row), np.float32)


def place_of(term: str) -> int:
    """Return where a stem stands in the vectors of HashEmbedder."""
    return int.from_bytes(hashlib.md5(term.encode()).digest()[:4], "big") % HashEmbedder.dimension


def open_head(marked: str = "") -> AudienceHead:
    """A head for HashEmbedder: all is public but mail, and what holds the stem that is given."""
    weights = np.zeros(STRUCTURE + HashEmbedder.dimension, np.float32)
    for term in terms(marked):
        weights[STRUCTURE + place_of(term)] = 1.0
    return AudienceHead(weights, 0.0, 0.05, 0.05, 0.05)


class WordGuard:
    """Hides the words that it was given, and refuses a text that holds its trap."""

    def __init__(self, *hidden: str, trap: str = "") -> None:
        self._hidden = re.compile("|".join(map(re.escape, hidden)), re.I) if hidden else None
        self._trap = trap
        self.texts: list[str] = []
        self.policies: set[str | None] = set()

    def under(self, **rules: object) -> Self:
        """Hide the same words under any rules."""
        return self

    def screen(self, text: str, *, trust_placeholders: bool = False) -> Screened:
        return self.screen_documents([[text]])[0][0]

    def screen_documents(
        self, documents: Sequence[Sequence[str]], *, policy: str | None = None
    ) -> list[list[Screened]]:
        if self._trap and any(self._trap in page for pages in documents for page in pages):
            raise DetectorFailed("words")
        self.policies.add(policy)
        return [self._document(pages) for pages in documents]

    def _document(self, pages: Sequence[str]) -> list[Screened]:
        numbers: dict[str, int] = {}
        self.texts += pages
        return [self._page(page, numbers) for page in pages]

    def _page(self, page: str, numbers: dict[str, int]) -> Screened:
        if self._hidden is None:
            return Screened(page)
        findings = tuple(
            Finding(m.start(), m.end(), Entity.PERSON, "word") for m in self._hidden.finditer(page)
        )

        def placeholder(match: re.Match[str]) -> str:
            number = numbers.setdefault(match.group().lower(), len(numbers) + 1)
            return f"[PERSONNE_{number}]"

        return Screened(self._hidden.sub(placeholder, page), findings)


def plain_reader(question: Question) -> Question:
    """Tells what the plainest questions are by a word of theirs, as a reader that was taught would
    tell of any."""
    text = question.text.lower()
    kind = next((kind for word, kind in PLAIN_KINDS.items() if word in text), QuestionKind.FACT)
    refusal = next((why for word, why in PLAINLY_REFUSED.items() if word in text), None)
    return replace(question, kind=kind, refusal=refusal)


PLAIN_KINDS = {
    "quel âge": QuestionKind.COUNT,
    "prévenir": QuestionKind.CONTACT,
    "mail": QuestionKind.CONTACT,
    "combien de": QuestionKind.COUNT,
    "combien": QuestionKind.AMOUNT,
    "prix": QuestionKind.AMOUNT,
    "tarif": QuestionKind.AMOUNT,
    "montant": QuestionKind.AMOUNT,
    "heure": QuestionKind.HOURS,
    "horaire": QuestionKind.HOURS,
    "ouvre": QuestionKind.HOURS,
    "ouverte": QuestionKind.HOURS,
    "quand": QuestionKind.DATE,
    "téléphone": QuestionKind.CONTACT,
    "pourquoi": QuestionKind.REASON,
    "où": QuestionKind.PLACE,
    "qui": QuestionKind.PERSON,
}
PLAINLY_REFUSED = {
    "ai-je droit": Reason.INDIVIDUAL_VERDICT,
    "j'ai droit": Reason.INDIVIDUAL_VERDICT,
    "adresse de [personne": Reason.PERSONAL_DATA,
    "voisin touche": Reason.PERSONAL_DATA,
    "un poème": Reason.OFF_TOPIC,
}

UNKNOWN = ("Je ne sais pas.", "I do not know.")


TAUGHT = "qwen2.5-coder-1.5b-instruct-q4_k_m"
"""The name of a model that was taught when two questions are one."""


class ScriptedModel:
    """Likes the extracts that it was told to like, says what it was told to say, remembers all.

    `likes` are words: an extract that holds any of them answers, and the question seems likely
    after it; of another it says that it does not know. `says` None repeats the line that it likes.
    """

    name = "scripted"

    def __init__(self, likes: Sequence[str] = (), says: str | None = "") -> None:
        self._likes = list(likes)
        self._says = says
        self.prompts: list[Prompt] = []

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        self.prompts.append(prompt)
        if reply in UNKNOWN:
            return -4.8 if self._is_liked(prompt) else -0.2
        return -4.0 if self._is_liked(prompt) else -12.0

    def write(
        self, prompt: Prompt, *, max_tokens: int, stop: str, instead_of: str = ""
    ) -> Iterator[str]:
        self.prompts.append(prompt)
        says = self._reply(prompt) if self._is_liked(prompt) or instead_of else UNKNOWN[0]
        yield from re.findall(r"\S+\s*", says)

    def _reply(self, prompt: Prompt) -> str:
        if self._says is not None:
            return self._says
        lines = (line.rpartition(" : ")[2] for line in prompt.user.splitlines())
        return next((li for li in lines if any(word in li for word in self._likes)), "")

    def _is_liked(self, prompt: Prompt) -> bool:
        return any(words in prompt.user for words in self._likes)


class SeveralModel(ScriptedModel):
    """Reads several passages as well: quotes each line that it likes and says what it was told to
    say; or writes `writes` as it is, whatever it reads."""

    reads_several = True

    def __init__(
        self, likes: Sequence[str] = (), says: str | None = "", writes: str | None = None
    ) -> None:
        super().__init__(likes, says)
        self.writes = writes

    def write_json(
        self, prompt: Prompt, *, schema: Mapping[str, object], max_tokens: int
    ) -> Iterator[str]:
        self.prompts.append(prompt)
        written = self._json(prompt.user) if self.writes is None else self.writes
        yield from (written[at : at + 40] for at in range(0, len(written), 40))

    def _json(self, user: str) -> str:
        number, quotes = 0, list[dict[str, object]]()
        for line in user.splitlines():
            if begins := re.match(r"\[(\d+)\] \(", line):
                number = int(begins[1])
            elif number and any(word in line for word in self._likes):
                quotes.append({"passage": number, "text": line})
        said = (str(quotes[0]["text"]) if self._says is None else self._says) if quotes else ""
        return json.dumps({"quotes": quotes[:3], "answer": said}, ensure_ascii=False)
