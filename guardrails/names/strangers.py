# SPDX-License-Identifier: EUPL-1.2
"""The layer that fails shut: a proper name that nothing explains is a person until shown otherwise.

« Delattre a encore garé sa camionnette », « bonsoir Jarod », « RDV avec Boucher », « caveau MOREL »

A word is *explained* by a list (French dictionary, communes, countries, firms, acronyms), or by
the word before it (`la Buquette`, `à Peyrelade`). An everyday word that may be a name (`Boucher`)
needs a caller or a thing of someone before it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Generator, Iterator

from guardrails.names.given import SUBJECT_VERBS
from guardrails.names.lexicons import read_words
from guardrails.names.runs import SAINTS, run_right
from guardrails.names.votes import Vote
from guardrails.names.words import ELIDED, Shape, Word, Words
from guardrails.placeholders import fold

_CALLERS = read_words("callers.txt")
_FILES = read_words("files_of.txt")
_RELATIONS = read_words("relations.txt")
_LEADS = _CALLERS | _FILES | _RELATIONS | {"cc", "indivision", "consorts", "feu", "feue", "hoirs"}
_PLACE_BEFORE = frozenset(
    ["a", "au", "aux", "en", "vers", "l", "la", "le", "un", "une", "ce", "cette", "du", "des"]
)
_OF = frozenset(["de", "d", "a", "pour", "par"])
_HAS = frozenset(["a", "est", "n", "ne", "s", "se", "avait", "etait"])
_INTRODUCES = re.compile(
    r"(?<!\w)(?:moi,?|je\ssuis|je\sm['’\s]appelle|c['’\s]?est|ici|sign[ée]+\s?:?)\s(?=[a-zà-ÿ])",
    re.IGNORECASE,
)
_VOWEL = re.compile("[aeiouy]")
_OPENING = re.compile(r"[.!?:;•|\n(«\"“-]|^$")
_SPELLED = re.compile(
    r"(?<![^\W_])(?<![.'’-])[A-ZÀ-Þ](?:[ ][A-ZÀ-Þa-zà-ÿ]){3,19}(?![^\W_])"
    r"|(?<![^\W_])(?<![.'’-])[A-ZÀ-Þ](?:(?:-[A-ZÀ-Þ]){3,19}|(?:\.[A-ZÀ-Þ]){4,19})(?![^\W_])"
)
_NICKNAMED = re.compile(
    r"(?<!\w)(?:dite?s?|alias|surnomm[ée]+s?|surnom|prénomm[ée]+e?)\s*:?\s*[«\"“]\s?(?P<name>[^«»\"“”\n]{2,30}?)\s?[»\"”]"
)
_ROMAN = re.compile("[ivxlc]+|ier|ieme")
_MIN_LETTERS = 3
_GIVEN = 3  # a thousand births
_FREQUENT_NAME = 2
_FREQUENT = 4  # ten thousand births
_ACRONYM_LETTERS = 5
_SAID_LETTERS = 4
_BRACKETED_LETTERS = 7
_SENTENCE = re.compile(r"[.!?•|\n]|^$")
_SURE = 0.55
_LIKELY = 0.5
_NEAR = 0.4


def stranger(words: Words) -> Iterator[Vote]:
    """Vote for each run of capitalised words that no list and no word before explains."""
    index = 0
    while index < len(words):
        if not _is_strange(words, index):
            index += 1
            continue
        first = _start(words, index)
        last = max(run_right(words, index, anchored=False), index)
        yield Vote(first, last, _weight(words, first, index, last), "stranger")
        index = last + 1


def _is_strange(words: Words, index: int) -> bool:
    word = words[index]
    if not is_unexplained(word) or _is_bracketed_acronym(words, index):
        return False
    if _ROMAN.fullmatch(word.fold):
        return False
    if word.shape is Shape.CAPITAL or word.surname or word.magnitude >= 1:
        return word.shape is Shape.CAPITAL or not is_acronym(word)
    return any(_is_name_mate(words, index, mate) for mate in (index - 1, index + 1))


def is_unexplained(word: Word) -> bool:
    """Tell whether a word is written as a name and stands in no list of other things."""
    if not word.is_nameable or word.shape is Shape.INITIAL or word.is_particle or word.is_thing:
        return False
    if word.fold in SAINTS:
        return False
    if word.fold in ELIDED or (len(word.text) < _MIN_LETTERS and not word.is_strong_first):
        return False
    if word.is_strong_first and (word.magnitude >= _FREQUENT or "-" in word.text):
        return True  # Marie is a verb too
    return not (word.is_common or (word.is_commune and not word.is_strong_first))


def is_acronym(word: Word) -> bool:
    """`SDIS`, `III`: capitals that cannot be said, are short and unlisted, or count."""
    if word.shape is not Shape.UPPER:
        return bool(_ROMAN.fullmatch(word.fold))
    if _ROMAN.fullmatch(word.fold) or not _VOWEL.search(word.fold):
        return True
    if len(word.text) < _ACRONYM_LETTERS:
        return word.surname < 2 and word.magnitude < 2
    return False


def _is_bracketed_acronym(words: Words, index: int) -> bool:
    """`(Dila)`, `(JUDEX)`: short for what was just said."""
    word = words[index]
    around = words.text[max(0, word.start - 1) : word.start] + words.text[word.end : word.end + 1]
    if not index or (word.shape is Shape.CAPITAL and words[index - 1].shape is not Shape.LOWER):
        return False
    return around == "()" and len(word.text) <= _BRACKETED_LETTERS and not word.is_strong_first


def _is_name_mate(words: Words, index: int, mate: int) -> bool:
    """Tell whether a word in capitals of no list stands beside another: `REMIOTWE Yajmir`."""
    if not 0 <= mate < len(words) or not words.joins(min(index, mate)):
        return False
    other = words[mate]
    if words.crosses_line(min(index, mate)) or not is_unexplained(other):
        return False
    return all(
        len(word.text) >= _SAID_LETTERS and _VOWEL.search(word.fold)
        for word in (words[index], other)
    )


def _start(words: Words, index: int) -> int:
    """Take in what stands before an unexplained word as a name may: `PETIT Jarod`, `Le Goff`."""
    first = index
    while first and words.joins(first - 1) and not words.crosses_line(first - 1):
        before = words[first - 1]
        if before.fold in SAINTS:
            break
        is_listed = before.surname == 2 and before.shape is words[index].shape
        is_inside = before.shape is Shape.CAPITAL and not is_lead(before)
        if before.is_never or before.is_thing or before.is_commune or not before.is_cased:
            break
        if not (is_listed or is_inside) or _opens(words, first - 1, _SENTENCE):
            break
        first -= 1
    return first


def _weight(words: Words, first: int, index: int, last: int) -> float:
    inside = [word for word in words.items[first : last + 1] if not word.is_particle]
    word = words[index]
    known = any(w.is_strong_first for w in inside)
    listed = known or any(w.surname and not w.is_common for w in inside)
    before = words[first - 1] if first and words.gap(first - 1).strip(" \u00a0'’\n") == "" else None
    if before is not None and before.fold in _PLACE_BEFORE and before.shape is Shape.LOWER:
        return _LIKELY if known and before.text in ("a", "à") else 0.3
    if not listed and any(_is_name_mate(words, i, i + 1) for i in range(first, last)):
        return _LIKELY
    if word.shape is Shape.UPPER and not listed:
        return 0.3
    if not (known or listed):
        is_place = before is not None and before.text in ("de", "d")
        is_heading = first == 0 or "\n" in words.gap(first - 1)
        return _NEAR if is_place or is_heading or "-" in word.text else _LIKELY
    return _SURE if known else _LIKELY


def _opens(words: Words, index: int, opening: re.Pattern[str] = _OPENING) -> bool:
    """Tell whether the word opens a sentence, a line or an item: its capital proves nothing."""
    return index == 0 or bool(opening.search(words.gap(index - 1)))


def called(words: Words) -> Iterator[Vote]:
    """Vote for the name after a caller, a relative, a role or a thing of someone.

    There an everyday word may be a name (`avec Boucher`), and so may a word of no list.
    """
    for index in range(len(words) - 1):
        word = words[index]
        if not (word.fold in _CALLERS or word.fold in _FILES or is_status(word)):
            continue
        start = index + 1
        if words.gap(index).strip(" ,\u00a0") or "\n" in words.gap(index):
            continue
        if (
            words[start].fold in _OF
            and words[start].shape is Shape.LOWER
            and start + 1 < len(words)
        ):
            is_role = is_status(word) and word.fold not in _RELATIONS
            if words.gap(start) not in (" ", "\u00a0", "'", "’") or is_role:
                continue
            start += 1
        elif words[start].text == "les" and word.fold == "chez" and start + 1 < len(words):
            start += 1
        last = yield from _named(words, start, is_person=word.fold in _RELATIONS)
        while last is not None:
            last = yield from _listed_after(words, last)


def is_lead(word: Word) -> bool:
    """A word that leads to a name and is hardly one: `Litige`, `Demander`, `Indivision`."""
    return word.is_cased and word.fold in _LEADS and not word.is_first


def is_status(word: Word) -> bool:
    """`la locataire`, `mon voisin`: a person is meant."""
    return word.shape is Shape.LOWER and (word.is_role or word.fold in _RELATIONS)


def _named(words: Words, start: int, *, is_person: bool) -> Generator[Vote, None, int | None]:
    """Vote for a name that starts at word `start`, and return its last word."""
    word = words[start]
    if is_person and word.is_never and word.magnitude >= _GIVEN and word.shape is Shape.CAPITAL:
        yield Vote(start, start, _SURE, "called")  # `son mari Toussaint`
        return start
    if word.is_thing or is_acronym(word) or word.shape in (Shape.INITIAL, Shape.ODD):
        return None
    if word.shape is Shape.LOWER:
        return (yield from _named_small(words, start, is_person=is_person))
    if word.is_commune and not word.is_strong_first and word.surname < (1 if is_person else 2):
        return None
    last = run_right(words, start, anchored=True)
    if last < start:
        return None
    inside = [w for w in words.items[start : last + 1] if not w.is_particle]
    if any(w.is_unusual or w.is_first for w in inside):
        yield Vote(start, last, _SURE, "called")
        return last
    if is_person or any(w.surname == 2 for w in inside):
        yield Vote(start, last, _LIKELY, "called")
        return last
    return None


def _named_small(words: Words, start: int, *, is_person: bool) -> Generator[Vote, None, int | None]:
    """`mon voisin guedj`, `avec delattre`: small letters, but no word of the dictionary."""
    last = start - 1
    for index in range(start, min(start + 4, len(words))):
        word = words[index]
        if index > start and (not words.joins(index - 1) or words.crosses_line(index - 1)):
            break
        if word.is_particle and last >= index - 1 and _leads_small(words, index):
            continue
        if word.shape is not Shape.LOWER or not _is_no_word(word):
            break
        if not (word.surname or word.magnitude >= 1 or is_person):
            break
        last = index
    if last < start:
        return None
    yield Vote(start, last, _LIKELY, "called")
    return last


def _leads_small(words: Words, index: int) -> bool:
    """`yacine ait lahcen`, `le goff`: a particle, and a word of no dictionary after it."""
    return index + 1 < len(words) and words.joins(index) and _is_no_word(words[index + 1])


def _is_no_word(word: Word) -> bool:
    return (
        len(word.text) >= _MIN_LETTERS
        and word.fold not in ELIDED
        and not (
            word.is_common or word.is_never or word.is_commune or word.is_thing or word.is_particle
        )
    )


def _listed_after(words: Words, last: int) -> Generator[Vote, None, int | None]:
    """`Félicitations à Amano et Ekrih`: the list goes on."""
    start = last + 1
    if start + 1 < len(words) and words[start].fold == "et" and words.gap(last) == " ":
        start += 1
    elif start >= len(words) or words.gap(last) != ", ":
        return None
    if words[start].text in ("de", "d", "à") and start + 1 < len(words):
        start += 1
    if (
        words.gap(start - 1).strip(" ,")
        or not is_unexplained(words[start])
        or is_acronym(words[start])
    ):
        return None
    end = max(run_right(words, start, anchored=False), start)
    yield Vote(start, end, _LIKELY, "called")
    return end


def introduced(words: Words) -> Iterator[Vote]:
    """Vote for words of no dictionary after `moi`, `je suis`, `c est`: `moi madyson deleinu`."""
    for match in _INTRODUCES.finditer(words.text):
        start = bisect_left(words.starts, match.end())
        if start >= len(words) or words.starts[start] != match.end():
            continue
        if words[start].shape is Shape.LOWER:
            yield from _named_small(words, start, is_person=True)


def nicknamed(words: Words) -> Iterator[Vote]:
    """Vote for what quotes hold after `dit`, `alias`, `surnommé`: `un surnommé « Bouboule »`."""
    for match in _NICKNAMED.finditer(words.text):
        first = bisect_left(words.starts, match.start("name"))
        last = bisect_left(words.starts, match.end("name")) - 1
        if first <= last:
            yield Vote(first, last, _SURE, "called")


def bare_subject(words: Words) -> Iterator[Vote]:
    """Vote for `Berry a encore garé sa voiture`: a noun would have its article."""
    for index in range(len(words) - 1):
        word, verb = words[index], words[index + 1]
        if word.shape is not Shape.CAPITAL or not _opens(words, index) or words.gap(index) != " ":
            continue
        if word.is_never or word.is_thing or not (word.surname == 2 or word.is_first):
            continue
        if verb.text in ("n", "s") and words.text[verb.end : verb.end + 1] not in ("'", "’"):
            continue  # Concession n° 12
        if verb.shape is Shape.LOWER and (verb.text in _HAS or verb.fold in SUBJECT_VERBS):
            yield Vote(index, index, _LIKELY, "subject")


def spelled(words: Words) -> Iterator[Vote]:
    """Vote for `D U P O N T`, `M-A-R-T-I-N`: letters apart that make no word of the dictionary."""
    for match in _SPELLED.finditer(words.text):
        folded = fold(re.sub(r"[\s.-]", "", match[0]))
        known = words.about(folded)
        if known.is_never or (
            (known.is_common or known.is_commune) and known.surname < _FREQUENT_NAME
        ):
            continue
        first = bisect_left(words.starts, match.start())
        last = bisect_left(words.starts, match.end()) - 1
        if first <= last:
            yield Vote(first, last, _SURE, "spelled")
