# SPDX-License-Identifier: EUPL-1.2
"""What a question asks for, read from its hidden form without a model.

    Screened ──understand──▶ Question(kind, language, refusal)

Some questions are refused before any search: a verdict on a person, personal
data of somebody. The patterns run on folded text (lower case, no accents).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answers import Reason
from assistant.moments import without_dates
from assistant.texts import Language
from assistant.understanding.forms import flat, pattern, read
from assistant.understanding.kinds import QuestionKind, kind_of
from assistant.understanding.private_data import asks_private
from assistant.understanding.spellings import spelled_out
from assistant.understanding.verdicts import asks_verdict
from assistant.understanding.years import years_in
from corpus.french import fold
from guardrails.findings import Screened

__all__ = ["Question", "understand", "years_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A hidden question, understood. `refusal` says why it goes no further; `years` are those
    that it names: a source that knows nothing of them does not answer it."""

    text: str
    kind: QuestionKind
    language: Language
    refusal: Reason | None = None
    years: frozenset[str] = frozenset()


_FILE = read("orders")
_ORDERS = pattern(_FILE["forms"], _FILE["words"])
"""Work for a writer, or orders to the model: nothing that documents answer."""

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
    """Read the kind and the language of a question, and whether it must be refused at once.

    >>> understand(Screened("Quel est le tarif de la cantine ?")).kind
    <QuestionKind.AMOUNT: 'amount'>
    >>> understand(Screened("Ai-je droit à l'APA ?")).refusal
    <Reason.INDIVIDUAL_VERDICT: 'individual_verdict'>
    """
    text = spelled_out(_INTRODUCTION.sub("", question.text).strip() or question.text)
    folded = fold(text)
    return Question(
        text=text,
        kind=kind_of(folded),
        language=_language(text),
        refusal=_refusal(folded),
        years=years_in(without_dates(text)),
    )


def _language(text: str) -> Language:
    return "en" if len(_ENGLISH.findall(text)) > len(_FRENCH.findall(text)) else "fr"


def _refusal(folded: str) -> Reason | None:
    if asks_private(folded):
        return Reason.PERSONAL_DATA
    if asks_verdict(folded):
        return Reason.INDIVIDUAL_VERDICT
    if _ORDERS.search(flat(folded)):
        return Reason.OFF_TOPIC
    return None
