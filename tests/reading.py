# SPDX-License-Identifier: EUPL-1.2
"""The reader of questions as it is shipped, for tests marked `real`; opened once a process."""

from __future__ import annotations

from functools import cache

from assistant.settings import Settings
from assistant.understanding.questions import Question, understand
from assistant.understanding.reading import QuestionReader, opened
from assistant.wiring import open_weights
from corpus.embedder import OnnxEmbedder
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.findings import Screened


@cache
def shipped_reader() -> QuestionReader:
    """Return what reads questions in the product."""
    return opened(OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER)))


def read(text: str) -> Question:
    """Return a hidden question as the product reads it."""
    return shipped_reader()(understand(Screened(text)))
