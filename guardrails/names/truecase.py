# SPDX-License-Identifier: EUPL-1.2
"""A copy of a text, of the same length, written as the language model was taught to read.

The model misses most names in capitals, or without any (97 % of `BÉNÉFICIAIRE NOM PRENOM`);
in the copy, `DUPONT` reads `Dupont` and `jean dupont` reads `Jean Dupont`.
"""

from __future__ import annotations

from guardrails.names.word import Shape, Word
from guardrails.names.words import Words

_MIN_LETTERS = 3
_CASED_SHARE_OF_A_CHAT = 0.05


def is_raisable(word: Word) -> bool:
    """A small word that is a name more than anything else."""
    return (word.surname > 0 and not word.is_common) or (
        word.is_strong_first and word.magnitude >= 3
    )


def truecased(words: Words, first: int, last: int) -> str | None:
    """Return words `first` to `last` rewritten, from the start of one to the end of the other.

    None where the copy would teach nothing: no capitals to lower, no name to raise.
    """
    inside = words.items[first : last + 1]
    is_chat = sum(word.is_cased for word in inside) <= len(inside) * _CASED_SHARE_OF_A_CHAT
    pieces, position, changes = [], words[first].start, 0
    for word in inside:
        pieces.append(words.text[position : word.start])
        written = _written(word, is_chat=is_chat)
        if len(written) != len(word.text):
            written = word.text
        changes += written is not word.text
        pieces.append(written)
        position = word.end
    return "".join(pieces) if changes else None


def _written(word: Word, *, is_chat: bool) -> str:
    if word.shape is Shape.UPPER and len(word.text) >= _MIN_LETTERS:
        small = word.is_never or (word.is_common and not word.surname)
        return word.text.lower() if small else word.text.title()
    if is_chat and word.shape is Shape.LOWER and not word.is_never and is_raisable(word):
        return word.text.title()
    return word.text
