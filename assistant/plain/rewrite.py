# SPDX-License-Identifier: EUPL-1.2
"""A sentence said plainly: what is short is written out, what is long is cut.

written out ─▶ everyday words ─▶ short sentences ─same facts?─▶ plain, else as it was
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property

from assistant.answers import Answer
from assistant.plain.cutting import short_sentences
from assistant.plain.facts import same_facts
from assistant.plain.glossary import BEFORE_A_NUMBER, Gloss, Glossary, together
from assistant.plain.written_out import written_out
from guardrails.placeholders import PLACEHOLDER

_KEPT = re.compile(rf"«[^»]*»|{PLACEHOLDER.pattern}|\S+@\S+|https?://\S+|www\.\S+")
"""What is left as it is: words between guillemets, placeholders, addresses."""


class PlainLanguage:
    """Says sentences plainly, with one glossary."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary

    def __call__(self, text: str) -> str:
        """Return a French text said plainly, or as it was if its facts would change."""
        said = self._rewritten(text)
        return said if same_facts(text, said) else text

    def would_change_a_fact(self, text: str) -> bool:
        """Whether a text is left as it is because saying it plainly would change a fact."""
        return not same_facts(text, self._rewritten(text))

    def answer(self, answer: Answer) -> Answer:
        """Return an answer whose sentences are plain; its citations are the same."""
        sentences = tuple(replace(s, text=self(s.text)) for s in answer.sentences)
        return replace(answer, sentences=sentences)

    def glosses(self, answer: Answer) -> tuple[Gloss, ...]:
        """Return the hard words of an answer and of its quotes, explained."""
        said = [sentence.text for sentence in answer.sentences]
        return self._glossary.explained(*said, *(c.quote for c in answer.citations))

    def _rewritten(self, text: str) -> str:
        pieces, end = [], 0
        for kept in _KEPT.finditer(text):
            pieces += [self._said(text[end : kept.start()]), kept[0]]
            end = kept.end()
        return short_sentences("".join([*pieces, self._said(text[end:])]))

    def _said(self, text: str) -> str:
        text = self._abbreviated.sub(self._in_full, written_out(text))
        return self._turns.sub(self._everyday, text)

    @cached_property
    def _turns(self) -> re.Pattern[str]:
        return together(self._glossary.everyday)

    @cached_property
    def _abbreviated(self) -> re.Pattern[str]:
        terms = sorted(self._glossary.abbreviations, key=len, reverse=True)
        branches = "|".join(
            re.escape(term) + ("" if term[-1] in ".°" else r"(?!\w)") for term in terms
        )
        return re.compile(rf"(?<![\w.])(?:{branches or '(?!)'})")

    @cached_property
    def _instead(self) -> dict[str, str]:
        return {
            term.removesuffix(BEFORE_A_NUMBER).lower(): words.removesuffix(BEFORE_A_NUMBER)
            for term, words in self._glossary.everyday.items()
        }

    def _in_full(self, match: re.Match[str]) -> str:
        words = self._glossary.abbreviations[match[0]]
        # « p.4 », « n°17 »: what follows is a word of its own
        follows = match.string[match.end() : match.end() + 1]
        return _as_begun(words, match) + (" " if follows.isalnum() else "")

    def _everyday(self, match: re.Match[str]) -> str:
        asked = " ".join(match[0].lower().replace("’", "'").split())
        return _as_begun(self._instead[asked], match)


def _as_begun(words: str, match: re.Match[str]) -> str:
    """Return the words with a capital where the sentence begins with them."""
    opens = not match.string[: match.start()].strip() or match.string[: match.start()].rstrip()[
        -1:
    ] in (".", "!", "?")
    return words[:1].upper() + words[1:] if opens and match[0][:1].isupper() else words
