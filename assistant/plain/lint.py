# SPDX-License-Identifier: EUPL-1.2
"""What a machine can say of a text that should be plain: which rule, and on which words.

| rule | |
|---|---|
| `long_sentence` | more than 15 words |
| `roman_numeral`, `percent`, `short_date`, `abbreviation` | written short |
| `double_negation` | two negations in one sentence |
| `hard_word` | a word of the glossary that is not explained, or one of 14 letters and more |

It does not say that a text is easy: only its readers can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.plain.cutting import MAX_WORDS, count_words
from assistant.plain.glossary import Gloss, Glossary
from corpus.sentences import sentences
from guardrails.placeholders import PLACEHOLDER

LONG_WORD = 14
_ROMAN = re.compile(r"(?<![\w.’'-])(?:(?!X+\b)[IVX]{2,}(?!\w)|[IVX]+(?=(?:e|ème)\b))")
_AFTER_A_NAME = re.compile(
    r"\b(?!(?:Le|La|Les|Au|Du|Chapitre|Titre|Livre|Section|Annexe|Partie|Tome)s?\s)"
    r"[A-ZÀ-Þ][\w'’-]+\s$"
)
_PERCENT = re.compile(r"%")
_SHORT_DATE = re.compile(r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])")
_NOT = re.compile(r"\b(?:ne|n['’]\w+|non)\b", re.IGNORECASE)
_AGAIN = re.compile(
    r"\bsans\b|\b(?:interdi|impossib|inutil|illég|refus)\w*|\bpas\s+(?:aucun|jamais)", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Remark:
    """A rule that a text does not keep, and the words concerned."""

    rule: str
    words: str


def lint(text: str, glossary: Glossary, *, explained: tuple[Gloss, ...] = ()) -> list[Remark]:
    """Return what is not plain in a text; `explained` are the words that a gloss goes with."""
    bare = PLACEHOLDER.sub("X", text)
    return [*_of_sentences(bare), *_of_marks(bare, glossary), *_of_words(bare, glossary, explained)]


def _of_sentences(text: str) -> Iterator[Remark]:
    for start, end in sentences(text):
        sentence = text[start:end]
        if count_words(sentence) > MAX_WORDS:
            yield Remark("long_sentence", sentence)
        if len(_NOT.findall(sentence)) > 1 or (_NOT.search(sentence) and _AGAIN.search(sentence)):
            yield Remark("double_negation", sentence)


def _of_marks(text: str, glossary: Glossary) -> Iterator[Remark]:
    for match in _ROMAN.finditer(text):
        if not _AFTER_A_NAME.search(text[: match.start()]):  # « Louis XIV » is a name
            yield Remark("roman_numeral", match[0])
    for rule, pattern in (("percent", _PERCENT), ("short_date", _SHORT_DATE)):
        yield from (Remark(rule, match[0]) for match in pattern.finditer(text))
    for short in glossary.abbreviations:
        after = "" if short[-1] in ".°" else r"(?!\w)"
        if re.search(rf"(?<![\w.]){re.escape(short)}{after}", text):
            yield Remark("abbreviation", short)


def _of_words(text: str, glossary: Glossary, explained: tuple[Gloss, ...]) -> Iterator[Remark]:
    meanings = {gloss.meaning for gloss in explained}
    known = " ".join(gloss.word.lower() for gloss in explained)
    for gloss in glossary.explained(text):
        if gloss.meaning not in meanings:
            yield Remark("hard_word", gloss.word)
    for match in _WORD.finditer(text):
        if len(match[0]) >= LONG_WORD and match[0].lower() not in known:
            yield Remark("hard_word", match[0])
