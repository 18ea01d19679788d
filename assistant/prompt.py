# SPDX-License-Identifier: EUPL-1.2
"""What the model is asked, built from screened text only.

    candidates ─▶ extracts, numbered ─┐
    question (hidden form) ───────────┴─▶ frame ─▶ quote? │ does it answer? │ say it

All three tasks share one beginning, so the model reads extracts and question
once and keeps them in its cache. Extracts renumber their placeholders: a
`[PERSONNE_1]` of one document is not that of another, nor of the question.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from assistant.evidence import Candidate
from assistant.questions import Question
from assistant.seams import Prompt
from assistant.texts import Texts

_PLACEHOLDER = re.compile(r"\[([A-ZÉ_]+)_(\d+)\]")


class Frame:
    """One question with its extracts; each method asks the model one thing about them."""

    def __init__(self, question: Question, candidates: Sequence[Candidate]) -> None:
        self._texts = Texts(question.language)
        self._candidates = candidates
        self.options = renumbered(candidates)
        extracts = "\n".join(
            f"[{number}] {extract}"
            for number, extract in enumerate(_extracts(candidates, self.options), 1)
        )
        self._begun = self._texts("prompt", "frame", extracts=extracts, question=question.text)

    def quote(self) -> Prompt:
        """Ask for the exact sentence that answers."""
        return self._ask("quote")

    def judge(self, index: int) -> Prompt:
        """Ask whether an option answers, to be told by one word."""
        return self._ask("judge", quote=self._source(index))

    def verdicts(self) -> tuple[str, str]:
        """The two words of `judge`: yes, no."""
        return self._texts("prompt", "yes"), self._texts("prompt", "no")

    def say(self, index: int) -> Prompt:
        """Ask for one short sentence that answers from an option."""
        return self._ask("say", quote=self._source(index))

    def in_the_words_of(self, index: int, said: str) -> str:
        """Give the model's sentence back the placeholders that its source has."""
        original, shown = self._candidates[index].text, self.options[index]
        names = dict(zip(_PLACEHOLDER.findall(shown), _PLACEHOLDER.findall(original), strict=True))

        def restore(match: re.Match[str]) -> str:
            kind, number = names.get((match[1], match[2]), (match[1], match[2]))
            return f"[{kind}_{number}]"

        return _PLACEHOLDER.sub(restore, said)

    def _source(self, index: int) -> str:
        return f"{self._candidates[index].passage.heading}\n{self.options[index]}"

    def _ask(self, task: str, **facts: str) -> Prompt:
        return Prompt(
            system=self._texts("prompt", "system"),
            user=self._begun + self._texts("prompt", task, **facts),
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


def _extracts(candidates: Sequence[Candidate], options: Sequence[str]) -> list[str]:
    """Group sentences by passage, in the order of the page, under the passage's heading."""
    rank = {c.passage.id: index for index, c in reversed(list(enumerate(candidates)))}
    ordered = sorted(
        zip(candidates, options, strict=True), key=lambda co: (rank[co[0].passage.id], co[0].start)
    )
    return [
        f"{heading}\n" + "\n".join(option for _, option in group)
        for (_, heading), group in groupby(
            ordered, key=lambda co: (co[0].passage.id, co[0].passage.heading)
        )
    ]
