# SPDX-License-Identifier: EUPL-1.2
"""Whether a question asks for personal data, or for what concerns nobody but somebody.

    folded question ─▶ a resident, a neighbour, an agent in private life + something private ─▶ True

Who sits in the council, who signed, a service's telephone number and how many receive an aid are
public; who receives it is not. A sentence that asks how to do something asks for a rule, whatever
neighbour it speaks of. The forms are those of `private_data.toml`, on text whose names are hidden;
`benchmarks/understanding.py` counts what they tell.
"""

from __future__ import annotations

import re

from assistant.understanding.forms import flat, pattern, read

_FILE = read("private_data")
_IS = {name: pattern(forms, _FILE["words"]) for name, forms in _FILE["forms"].items()}
_SENTENCE = re.compile(r"(?<=[.?!;])\s+|\n\s*\n")


def asks_private(folded: str) -> bool:
    """Whether a folded question, its names hidden, asks for what is private.

    >>> asks_private("est-ce que mon voisin touche le rsa ?"), asks_private("qui touche le rsa ?")
    (True, True)
    >>> asks_private("le chien du voisin aboie, que faire ?")
    False
    >>> asks_private("quelle est la delegation de [personne_1] ?")
    False
    """
    sentences = [flat(sentence) for sentence in _SENTENCE.split(folded)]
    asks_rule = any(_IS["asks_rule"].search(sentence) for sentence in sentences)
    return any(_is_private(one, is_told=asks_rule and "?" not in one) for one in sentences)


def _is_private(sentence: str, *, is_told: bool) -> bool:
    """Whether one sentence does; `is_told`: it only tells what another one asks a rule about."""
    if _IS["always"].search(sentence):
        return True
    if _IS["who"].search(sentence) and not _IS["may"].search(sentence):
        return True
    if is_told:
        return False
    others = _IS["kin"].sub(" ", sentence)  # one's own are asked about as one asks for oneself
    rest = _IS["somebody"].sub(" ", others)
    if rest == others or not _IS["intimate"].search(rest):
        return False
    return not any(_IS[spared].search(sentence) for spared in ("asks_rule", "in_office", "at_home"))
