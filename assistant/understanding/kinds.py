# SPDX-License-Identifier: EUPL-1.2
"""What a right answer must hold, told by how the question asks.

    folded question ─▶ first kind with a form that fits, or the noun asked for

People ask without a word that asks (« prix cantine ») or with the word at the end (« le marché
c'est où »). The forms are those of `kinds.toml`, in its order; how messages spell, `spellings.py`
has written out before. What no form knows is FACT, which asks nothing of a sentence.
`benchmarks/understanding.py` counts what they tell.
"""

from __future__ import annotations

import re
from enum import StrEnum

from assistant.understanding.forms import filled, flat, pattern, read


class QuestionKind(StrEnum):
    """What a right answer must hold."""

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


_FORMS = read("kinds")
_WORDS: dict[str, str] = _FORMS["words"]
_KINDS = [(QuestionKind(one["kind"]), pattern(one["forms"], _WORDS)) for one in _FORMS["kinds"]]
_NOUNS = pattern(
    [
        r"<to_be_told>\b(?:"
        + "|".join(f"(?P<{kind}>{nouns})" for kind, nouns in _FORMS["nouns"].items())
        + r")\b"
    ],
    _WORDS,
)
_ASKED = re.compile(filled("<asked>", _WORDS))
_OTHER_WORD = re.compile(filled("<other_word>", _WORDS))
_SIDE_CLAUSE = re.compile(filled("<side_clause>", _WORDS))
_POLITE = re.compile(r"(?<=ez)-vous\b")


def kind_of(folded: str) -> QuestionKind:
    """Return what a right answer to a folded question must hold.

    >>> kind_of("c'est combien la cantine"), kind_of("comment annuler quand le petit est malade")
    (<QuestionKind.AMOUNT: 'amount'>, <QuestionKind.FACT: 'fact'>)
    """
    text = flat(folded)
    apart = _SIDE_CLAUSE.sub(" ", text)
    if apart != text and _OTHER_WORD.search(apart):
        text = flat(apart)
    for kind, form in _KINDS:
        if form.search(text):
            return kind
    text = _POLITE.sub("", text)  # « pouvez-vous » asks nothing yet
    noun = None if _ASKED.search(text) else _NOUNS.search(text)
    return QuestionKind(noun.lastgroup) if noun and noun.lastgroup else QuestionKind.FACT
