# SPDX-License-Identifier: EUPL-1.2
"""What the model is asked, built from screened text only.

    question (hidden form), excerpts ─▶ Frame ─▶ what does this excerpt answer? what do all?

Excerpts renumber their placeholders: a `[PERSONNE_1]` of one document is not that of
another, nor of the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.excerpts import Excerpt
from assistant.seams import Prompt
from assistant.texts import Texts
from assistant.understanding.questions import Question

MAX_HEADING_CHARS = 70

_PLACEHOLDER = re.compile(r"\[([A-ZÉ_]+)_(\d+)\]")


FORM = '{"quotes": [{"passage": 1, "text": "…"}], "answer": "…"}'
NO_ANSWER = '{"quotes": [], "answer": ""}'


class Frame:
    """One question with its excerpts; the model is asked what one of them answers, or several."""

    def __init__(self, question: Question, excerpts: Sequence[Excerpt]) -> None:
        self._texts = Texts(question.language)
        self.question = question.text
        self._excerpts = excerpts
        self._numbers = renumbered(excerpts)

    @property
    def unknown(self) -> str:
        """What the model is told to reply where an excerpt does not answer."""
        return self._texts("prompt", "unknown")

    def read(self, index: int) -> Prompt:
        """Ask for a short answer from one excerpt."""
        return self._asked(index, self._excerpts[index].text)

    def alone(self, index: int, quotes: Sequence[str]) -> Prompt:
        """Ask the same from some of its sentences only, under the same heading."""
        return self._asked(index, "\n".join(quotes))

    def together(self, count: int) -> Prompt:
        """Ask for quotes and a short answer, as JSON, from the first so many excerpts, which are
        numbered from 1."""
        extracts = (
            self._texts(
                "prompt", "numbered", number=index + 1, heading=self._heading(index),
                extract=self.shown(index),
            )
            for index in range(count)
        )  # fmt: skip
        return Prompt(
            system=self._texts("prompt", "together_system", form=FORM, no_answer=NO_ANSWER),
            user=self._texts(
                "prompt", "together", question=self.question, extracts="\n\n".join(extracts)
            ),
        )

    def shown(self, index: int) -> str:
        """Return an excerpt as the model reads it."""
        return self._shown(index, self._excerpts[index].text)

    def _heading(self, index: int) -> str:
        return self._excerpts[index].passage.heading[-MAX_HEADING_CHARS:]

    def _asked(self, index: int, extract: str) -> Prompt:
        return Prompt(
            system=self._texts("prompt", "read_system", unknown=self.unknown),
            user=self._texts(
                "prompt",
                "read",
                question=self.question,
                heading=self._heading(index),
                extract=self._shown(index, extract),
            ),
        )

    def in_the_words_of(self, index: int, said: str) -> str:
        """Give what the model said the placeholders that its source has."""
        own = {
            (kind, shown): number
            for (document, kind, number), shown in self._numbers.items()
            if document == self._excerpts[index].passage.document
        }

        def restore(match: re.Match[str]) -> str:
            kind, number = match.groups()
            return f"[{kind}_{own.get((kind, number), number)}]"

        return _PLACEHOLDER.sub(restore, said)

    def _shown(self, index: int, text: str) -> str:
        document = self._excerpts[index].passage.document

        def number(match: re.Match[str]) -> str:
            shown = self._numbers.get((document, match[1], match[2]), match[2])
            return f"[{match[1]}_{shown}]"

        return _PLACEHOLDER.sub(number, text)


def renumbered(excerpts: Sequence[Excerpt]) -> dict[tuple[str, str, str], str]:
    """Number placeholders over all excerpts: document, kind and own number give the shown one."""
    shown: dict[tuple[str, str, str], str] = {}
    counts: dict[str, int] = {}
    for excerpt in excerpts:
        for kind, number in _PLACEHOLDER.findall(excerpt.text):
            key = (excerpt.passage.document, kind, number)
            if key not in shown:
                counts[kind] = counts.get(kind, 0) + 1
                shown[key] = str(counts[kind])
    return shown
