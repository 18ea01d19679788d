# SPDX-License-Identifier: EUPL-1.2
"""Whether a question asks for a verdict on somebody's own case: that is for a person to give.

    folded question ─▶ somebody's own case, and its outcome asked for ─▶ True

« Ma mère aura-t-elle l'APA ? » is a verdict; « Qui a droit à l'APA ? », « Combien coûte la cantine
au quotient 850 ? » and « Ai-je le droit de tondre le dimanche ? » ask for a rule, and are answered.
A sentence that asks how, when, where or how much asks for a rule too. The forms are those of
`verdicts.toml`; `benchmarks/understanding.py` counts what they tell.
"""

from __future__ import annotations

import re

from assistant.understanding.forms import filled, flat, pattern, read

_FILE = read("verdicts")
_WORDS: dict[str, str] = _FILE["words"]
_IS = {name: pattern(forms, _WORDS) for name, forms in _FILE["forms"].items()}
_MATTER = re.compile(filled("<matter>", _WORDS))
_ON = re.compile(r"\bon\b")
_SENTENCE = re.compile(r"(?<=[.?!;])\s+|\n\s*\n")


def asks_verdict(folded: str) -> bool:
    """Whether a folded question asks what becomes of somebody's own case.

    >>> asks_verdict("ma mere aura-t-elle l'apa ?"), asks_verdict("qui a droit a l'apa ?")
    (True, False)
    >>> asks_verdict("ai-je le droit de tondre le dimanche ?")
    False
    >>> asks_verdict("quand ma demande sera-t-elle acceptee ?")
    False
    """
    if not _IS["own"].search(folded) and not _ON.search(folded):
        return False
    names_matter = bool(_MATTER.search(flat(folded)))
    sentences = [flat(one) for one in _SENTENCE.split(folded)]
    if any(_IS["asks_rule"].search(one) for one in sentences):  # the others only tell
        sentences = [one for one in sentences if "?" in one]
    return any(_is_verdict(one, names_matter) for one in sentences)


def _is_verdict(sentence: str, names_matter: bool) -> bool:
    """Whether one sentence does; `names_matter`: the message names what is granted."""
    is_own = bool(_IS["own"].search(sentence))
    if _IS["entitled"].search(sentence) and not _IS["how_much"].search(sentence):
        return names_matter or is_own
    if _IS["asks_rule"].search(sentence):
        return False
    if is_own and _IS["claims"].search(sentence):
        return True
    if _IS["outcomes"].search(sentence) or _IS["yes_or_no"].search(sentence):
        return True
    return bool(_IS["is_english"].search(sentence) and _IS["english"].search(sentence))
