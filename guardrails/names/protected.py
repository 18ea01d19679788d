# SPDX-License-Identifier: EUPL-1.2
"""Names that stay because a street, a school, a law or a company bears them.

« rue du Général Leclerc », « école primaire publique Jules Ferry », « SARL Dupont »
"""

from __future__ import annotations

import re

from guardrails.names.leads import NAMED, is_thing_noun
from guardrails.names.lexicons import read_lines, read_words
from guardrails.names.word import Shape, Word
from guardrails.names.words import Words
from guardrails.placeholders import fold

_NAMED = NAMED
_NAMESAKES = frozenset(fold(line) for line in read_lines("namesakes.txt"))
_NAMESAKE_WORDS = frozenset(word for name in _NAMESAKES for word in name.split())
_BETWEEN = read_words("after_named_places.txt")
_NUMERAL = re.compile(r"(?:^|-)[IVX]{2,6}$")
_LEGAL_FORMS = frozenset(
    [
        "sci",
        "sarl",
        "sas",
        "sasu",
        "eurl",
        "sa",
        "scp",
        "selarl",
        "snc",
        "scea",
        "gaec",
        "earl",
        "ste",
        "ets",
        "cie",
        "as",
        "us",
        "fc",
        "sccv",
    ]
)
_VARIETY = re.compile(r"[^\W\d_] ['‘](?:[^\W\d_]+\.? ){0,3}$")
_VARIETY_ENDS = re.compile(r"(?: [^\W\d_]+\.?){0,3}['’](?!\w)")
_ZONES = frozenset(["zi", "za", "zae", "zac"])
_FIRM_ENDS = frozenset(("Fils", "FILS", "Cie", "CIE", "Associés", "ASSOCIÉS", "Frères", "Filles"))
_FIRM_WORDS = frozenset(word for line in read_lines("firm_words.txt") for word in line.split())
_WORK = re.compile(r"[»”]\s(?:de\s|d['’])$")  # « Le Mépris » de Godard
_QUOTED = re.compile(r"[ \u00a0][«“\"][ \u00a0\u202f]?")
_CLOSED = re.compile(r"[ \u00a0\u202f]?[»”\"]")
_NAMINGS = frozenset(("surnom", "pseudo", "pseudonyme", "sobriquet", "diminutif", "prenom", "nom"))
_FORM_LETTERS = 4
_REACH_WORDS = 7
_GAP_CHARS = frozenset(" \u00a0\u202f\n'’-–«\"“”»/,()")


def is_protected(words: Words, first: int) -> bool:
    """Tell whether what starts at word `first` is the name of a thing and not of a person."""
    if _bears_a_form(words, first):
        return True
    if _WORK.search(words.text[max(0, words[first].start - 8) : words[first].start]):
        return True
    index = first - 1
    if index >= 0 and words[index].text in ("à", "À"):  # `donne à ferme à Gilles ESCOFFIER`
        return False
    for _ in range(_REACH_WORDS):
        if index < 0:
            return False
        gap = words.gap(index)
        if gap.strip() == "&":  # `SCP de La Taille & Rouvière`
            index = _before_partner(words, index)
            continue
        if len(gap) > 4 or not _GAP_CHARS.issuperset(gap) or gap.count("\n") > 1:
            return False
        word = words[index]
        if "," in gap and word.fold not in _NAMED:
            return False
        if word.fold in _NAMED and (
            word.fold not in _LEGAL_FORMS
            or word.shape is Shape.UPPER
            or word.text in ("Ets", "Sté", "Cie")
        ):
            return "," not in gap
        if gap == " " and _is_workshop(word) and not words[first].is_strong_first:
            return index == first - 1  # la plâtrerie Jaillet
        if word.fold in _BETWEEN:
            index -= 1
        elif _is_of_what(words, index):  # école de musique, maison de santé
            index -= 2
        else:
            return _follows_a_form(words, index)
    return False


def _is_of_what(words: Words, index: int) -> bool:
    word = words[index]
    if word.shape is not Shape.LOWER or not word.is_common or index < 1:
        return False
    return words[index - 1].text in ("de", "d", "du", "des", "à") and len(words.gap(index - 1)) == 1


def _bears_a_form(words: Words, first: int) -> bool:
    """`AS Mareccia`, `ZI Nicéphore-Niépce`: the short word for what it is was taken in."""
    word = words[first]
    if word.is_cased and not (word.surname or word.magnitude >= 1) and _is_a_trade(word):
        follower = words[first + 1] if first + 1 < len(words) else word
        return not (follower.is_strong_first and follower.is_cased)  # Ferronnerie Tom Lagrange
    is_short = word.shape is Shape.UPPER and len(word.text) <= _FORM_LETTERS
    return word.text in ("Sté", "Ets") or (is_short and word.fold in _ZONES | _LEGAL_FORMS)


def _is_a_trade(word: Word) -> bool:
    """`Maçonnerie Tavares`, `Club Kodokan`: the word for what it is was taken in."""
    return (word.is_common and word.fold in _NAMED) or _is_workshop(word)


def _is_workshop(word: Word) -> bool:
    return word.is_common and word.fold.rstrip("s").endswith("erie") and not word.is_first


def is_named_thing(words: Words, first: int, last: int) -> bool:
    """Tell whether words of no list of names follow a noun: `chaudière Viessmann`.

    Between quotes they may be of any list: `l'imprimante « Marcel »`.
    """
    if first == 0:
        return False
    before = words[first - 1]
    if _QUOTED.fullmatch(words.gap(first - 1)):
        is_closed = _CLOSED.match(words.text, words[last].end)
        return bool(is_closed) and is_thing_noun(before) and before.fold not in _NAMINGS
    if words.gap(first - 1) not in (" ", "\u00a0"):
        return False
    if not is_thing_noun(before) or before.surname:
        return False
    return not any(
        word.magnitude >= 1 or word.surname
        for word in words.items[first : last + 1]
        if not word.is_particle
    )


def _follows_a_form(words: Words, index: int) -> bool:
    """`SCCV Horizon Iroise`: one or two everyday words after the form of a firm."""
    for before in (index - 1, index - 2):
        after = words[before + 1]
        if before < 0 or words.gap(before) != " " or not after.is_cased or after.is_strong_first:
            return False
        if words[before].fold in _LEGAL_FORMS:
            return words[before].shape is Shape.UPPER
    return False


def _before_partner(words: Words, index: int) -> int:
    """Step over a partner's name, to what may say that a firm bears it."""
    while index >= 0 and words[index].fold not in _NAMED:
        if not (words[index].is_cased or words[index].is_particle):
            return -1
        if index and not words.joins(index - 1):
            return -1
        index -= 1
    return index


def is_firm(words: Words, first: int, last: int) -> bool:
    """Tell whether the words that follow make a firm of the name: `Lopez et Fils`, `Roux TP`."""
    if any(word.text in _FIRM_WORDS for word in words.items[first + 1 : last + 1]):
        return True
    after = last + 1
    if after >= len(words) or words.gap(last) not in (" ", "\u00a0"):
        return False
    if words[after].fold in ("et", "&") and after + 1 < len(words):
        return words[after + 1].text in _FIRM_ENDS
    return words[after].text in _FIRM_WORDS or (
        words.gap(last) == " & " and words[after].text in _FIRM_ENDS
    )


def is_namesake(words: Words, first: int, last: int) -> bool:
    """Tell whether these words are in the name of someone whom streets are named after."""
    if words[first].fold.split("-", 1)[0] not in _NAMESAKE_WORDS:
        return False
    return any(
        " ".join(word.fold.replace("-", " ") for word in words.items[start : end + 1]) in _NAMESAKES
        for start in range(max(0, first - 2), first + 1)
        for end in range(last, min(last + 3, len(words)))
    )


def is_regnal(words: Words, first: int, last: int) -> bool:
    """Tell whether a king or a pope is meant: `Charles VII`, `Henri-IV`, `Jean XXIII`."""
    inside = words.items[first : last + 1]
    after = words.items[last + 1 : last + 2] if words.joins(last) else []
    return any(_NUMERAL.search(word.text) for word in (*inside, *after))


def is_variety(words: Words, first: int, last: int) -> bool:
    """Tell whether single quotes hold the name: `Rosa 'Madame Meilland'` is a plant."""
    start, end = words[first].start, words[last].end
    if not _VARIETY_ENDS.match(words.text, end):
        return False
    return bool(_VARIETY.search(words.text[max(0, start - 40) : start]))
