# SPDX-License-Identifier: EUPL-1.2
"""Words of other languages that a guard made for French takes for names.

    "tell me how much"  ─guard▶ [how] after « Me » (maître)  ─▶ left to be read

A finding is let go only on a line of another language, when nothing but its strangeness to French
spoke for it, and it is written as no name is: small, or with the capital of a sentence's start
before small words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from guardrails.findings import Entity, Finding

_WEAK = frozenset({"learned", "civility", "stranger", "lower_case", "propagated"})
"""Reasons that other languages give by themselves (`names:` and these, joined by `+`)."""

_FOREIGN = re.compile(
    r"\b(?:the|and|is|are|of|my|i|you|we|for|that|this|with|have|would|could|should|how|what|which|when"
    r"|in|at|to|o|os|uma|não|com|para|que|meu|minha|seu|sua|muito|fala|por|em|el|los|las|y|mi|muy|con"
    r"|una|pero|il|lo|gli|della|sono|mio|mia|che|di|und|der|die|das|ich|nicht|mit|für|wir|mein)\b",
    re.IGNORECASE,
)
_FRENCH = re.compile(
    r"\b(?:le|la|les|des|du|est|et|je|vous|nous|une?|pour|dans|avec|mon|ma|mes|sur|pas|au|aux|ce|cette)\b",
    re.IGNORECASE,
)
_MONTHS = frozenset(
    {"january", "february", "march", "april", "may", "june", "july", "august", "september"}
    | {"october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday"}
    | {"saturday", "sunday"}
)
_LEAST = 3


def is_foreign(line: str) -> bool:
    """Whether a line is written in another language than French.

    >>> is_foreign("Could you tell me how much it is for the family?"), is_foreign("Le prix ?")
    (True, False)
    """
    foreign = len(_FOREIGN.findall(line))
    return foreign >= _LEAST and foreign > 2 * len(_FRENCH.findall(line))


def settled(text: str, findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings without words of another language."""
    return [finding for finding in findings if not _is_word(text, finding)]


def _is_word(text: str, finding: Finding) -> bool:
    reasons = frozenset(finding.rule.removeprefix("names:").split("+"))
    if finding.entity is not Entity.PERSON or not reasons <= _WEAK:
        return False
    start = text.rfind("\n", 0, finding.start) + 1
    end = text.find("\n", finding.end)
    if not is_foreign(text[start : end if end >= 0 else len(text)]):
        return False
    words = re.findall(r"[^\W\d_]+", text[finding.start : finding.end])
    if all(word.islower() or word == "I" or word.lower() in _MONTHS for word in words):
        return True
    before = text[start : finding.start].rstrip()
    opens = not before or before[-1] in ".?!"
    return opens and len(words) > 1 and all(word.islower() for word in words[1:])
