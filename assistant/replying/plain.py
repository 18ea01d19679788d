# SPDX-License-Identifier: EUPL-1.2
"""A sentence of a letter without what stands for hidden words."""

from __future__ import annotations

import re

from guardrails.placeholders import PLACEHOLDER

_HIDDEN = re.compile(
    r"(?:\b(?:de|du|des|à|au|chez|avec|par|pour|et|le|of|from|with)\s|\bd['’]|\bn°\s?)?"
    rf"(?:\b(?:M|MM|Mme|Mmes|Mlle|Dr|Me)\b\.?\s)?{PLACEHOLDER.pattern}",
    re.IGNORECASE,
)


def without_marks(sentence: str) -> str:
    """Return a sentence without what stands for hidden words, and what ties them to the rest.

    >>> without_marks("Le chien de [PERSONNE_1] peut-il venir, Madame [PERSONNE_2] ?")
    'Le chien peut-il venir, Madame ?'
    """
    return " ".join(_HIDDEN.sub(" ", sentence).split())
