# SPDX-License-Identifier: EUPL-1.2
"""A question in its hidden form, as all that follows reads it.

    Screened ──understand──▶ Question(text, language, years)

What it is and what an answer must hold is told by `reading.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.answers import Reason
from assistant.moments import without_dates
from assistant.texts import Language
from assistant.understanding.spellings import spelled_out
from assistant.understanding.years import years_in
from guardrails.findings import Screened

__all__ = ["Question", "QuestionKind", "understand", "years_in"]


class QuestionKind(StrEnum):
    """What a right answer must hold; FACT asks nothing of a sentence."""

    AMOUNT = "amount"
    HOURS = "hours"
    DATE = "date"
    YEAR = "year"
    DURATION = "duration"
    MEASURE = "measure"
    COUNT = "count"
    CONTACT = "contact"
    REASON = "reason"
    PERSON = "person"
    PLACE = "place"
    FACT = "fact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A hidden question, understood. `refusal` says why it goes no further; `years` are those
    that it names: a source that knows nothing of them does not answer it."""

    text: str
    kind: QuestionKind = QuestionKind.FACT
    language: Language
    refusal: Reason | None = None
    years: frozenset[str] = frozenset()


_NAMED = r"(?:m\.|mme|monsieur|madame)?\s*\[PERSONNE_\d+\]"
_INTRODUCTION = re.compile(
    r"(?i)\b(?:je m'appelle|je suis|je soussignée?|mon nom est|ici|bonjour,? c'est|de la part de"
    rf"|my name is|i am|cordialement,?)\s+{_NAMED}(?!\s+qu[ie'])\s*[,.;:]?"
    # who is greeted, a mark after them: « Bonjour, [PERSONNE_1] touche le RSA ? » asks of them
    rf"|\b(?:bonjour|bonsoir|salut|coucou|hello|hi|bjr|bsr|slt),?\s+{_NAMED}"
    r"(?:\s*[,.;:!]+|[^\S\n]*\n)"
    r"|\b(?:j'habite|nous habitons|on habite|je (?:vis|loge|demeure))\s+(?:(?:au|à|a|dans)\s+)?"
    r"\[ADRESSE_\d+\]\s*(?:[,.;:]|et\b)?"
)
"""Who asks and where they live: hidden words, which no document answers."""

_ENGLISH = re.compile(
    r"\b(?:the|what|when|where|who|how|which|is|are|does|do|can|of|for|to)\b", re.IGNORECASE
)
_FRENCH = re.compile(
    r"\b(?:le|la|les|des|du|de|est|sont|quel|quelle|quels|quelles|qui|que|ou|pour|une?|dans|au|aux"
    r"|combien|quand)\b",
    re.IGNORECASE,
)


def understand(question: Screened) -> Question:
    """Read a question as it is meant: spelled out, without who asks.

    >>> understand(Screened("Je m'appelle [PERSONNE_1], c cb la cantine ?")).text
    "c'est combien la cantine ?"
    """
    text = spelled_out(_INTRODUCTION.sub("", question.text).strip() or question.text)
    return Question(text=text, language=_language(text), years=years_in(without_dates(text)))


def _language(text: str) -> Language:
    return "en" if len(_ENGLISH.findall(text)) > len(_FRENCH.findall(text)) else "fr"
