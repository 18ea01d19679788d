# SPDX-License-Identifier: EUPL-1.2
"""What the model is asked, built from screened text only.

    question (hidden form), candidates ─▶ Frame ─▶ what is asked of this extract?
                                                 │ does it answer? │ say it in a sentence

Extracts renumber their placeholders: a `[PERSONNE_1]` of one document is not that of
another, nor of the question.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.evidence import Candidate
from assistant.questions import Question
from assistant.seams import Prompt
from assistant.texts import Texts

MAX_HEADING_CHARS = 70
MAX_EXTRACT_CHARS = 400
ASKED_BACK_HEADING = 50
ASKED_BACK_CHARS = 280

_PLACEHOLDER = re.compile(r"\[([A-ZÉ_]+)_(\d+)\]")


class Frame:
    """One question with its candidates; each method asks the model one thing about one of them."""

    def __init__(self, question: Question, candidates: Sequence[Candidate]) -> None:
        self._texts = Texts(question.language)
        self.question = question.text
        self._candidates = candidates
        self._shown = renumbered(candidates)

    def ask_back(self, index: int) -> Prompt:
        """Ask which question a candidate answers; how likely ours is weighs the candidate."""
        heading = self._heading(index)[-ASKED_BACK_HEADING:]
        return Prompt(
            system=self._texts("prompt", "ask_back"),
            user=f"({heading}) {self._shown[index][:ASKED_BACK_CHARS]}",
        )

    def judge(self, index: int) -> Prompt:
        """Ask whether a candidate answers, to be told by one word."""
        return self._ask("judge", index)

    def verdicts(self) -> tuple[str, str]:
        """The two words of `judge`: yes, no."""
        return self._texts("prompt", "yes"), self._texts("prompt", "no")

    def say(self, index: int) -> Prompt:
        """Ask for one short sentence that answers from a candidate."""
        return self._ask("say", index)

    def in_the_words_of(self, index: int, said: str) -> str:
        """Give the model's sentence back the placeholders that its source has."""
        original, shown = self._candidates[index].text, self._shown[index]
        names = dict(zip(_PLACEHOLDER.findall(shown), _PLACEHOLDER.findall(original), strict=True))

        def restore(match: re.Match[str]) -> str:
            kind, number = names.get((match[1], match[2]), (match[1], match[2]))
            return f"[{kind}_{number}]"

        return _PLACEHOLDER.sub(restore, said)

    def _heading(self, index: int) -> str:
        return self._candidates[index].passage.heading

    def _ask(self, task: str, index: int) -> Prompt:
        heading = self._heading(index)[-MAX_HEADING_CHARS:]
        return Prompt(
            system=self._texts("prompt", "system"),
            user=self._texts(
                "prompt",
                task,
                question=self.question,
                extract=f"({heading}) {self._shown[index][:MAX_EXTRACT_CHARS]}",
            ),
        )


def renumbered(candidates: Sequence[Candidate]) -> list[str]:
    """Return the candidates' words with placeholders numbered over all extracts."""
    numbers: dict[tuple[str, str, str], int] = {}
    counts: Counter[str] = Counter()

    def rename(document: str, text: str) -> str:
        def number(match: re.Match[str]) -> str:
            key = (document, match[1], match[2])
            if key not in numbers:
                counts[match[1]] += 1
                numbers[key] = counts[match[1]]
            return f"[{match[1]}_{numbers[key]}]"

        return _PLACEHOLDER.sub(number, text)

    return [rename(c.passage.document, c.text) for c in candidates]
