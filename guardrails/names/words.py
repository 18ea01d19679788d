# SPDX-License-Identifier: EUPL-1.2
"""The words of a text with what each looks like and what the lexicons know of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from guardrails.names.lexicons import Lexicons
from guardrails.names.word import ELIDED, PARTICLES, Shape, Word
from guardrails.placeholders import fold

_WORD = re.compile(r"(?<![^\W_])[^\W\d_][^\W_2-9]*(?:[-‐‑][^\W\d_][^\W_2-9]*)*(?![^\W_])")


_OCR = str.maketrans("01", "ol")  # BL0T, Marce1: a scanner's digits inside a name


_MIN_OCR_LETTERS = 3


_FUNCTION_WORD_LETTERS = 3


_BLANK = re.compile(r"[^\S\n]{0,4}\n?[^\S\n]{0,4}$")


# Dupont, Saint-Just, McDonald, LeGall, Marce1, LECLERCQ-Vanhove
_CAPITAL = re.compile(
    r"(?:(?:Mac|Mc|Le|La|De|Du|Di|Da|Fitz|Van)?(?:[^\W\d_a-z][^A-ZÀ-Þ]*|[^\W\d_a-z]+)[-‐‑]?)+"
)


_HYPHENATED = re.compile(r"[-‐\xad][^\S\n]*\n[^\S\n]*")


_SURELY_GIVEN = 4


# Commune de Port-Aubry, VILLE DE MTSAPÉRÉ, le maire de Courcelles, 97432 Ravine
_TOWN = re.compile(
    r"(?:(?<![^\W_])(?i:communes?|villes?|mairies?|maire|municipale|village|bourg|canton|m[ée]tropole|gare|tribunal"
    r"|agglom[ée]ration|cumuna|pr[ée]fecture|d[ée]partement)\s(?i:de\s|d['’]|du\s|di\s)(?:[Ll][ae]s?\s|LES?\s|LA\s)?"
    r"|(?<![^\W_])(?i:si[èe]ge\s(?:social\s)?(?:est\s)?|sise?s?\s|situ[ée]e?s?\s)[àa]\s"
    r"|(?<!\d)\d{5}\s)([A-ZÀ-Þ][^\W\d_]+(?:-[^\W\d_]+)*)(?:\s(?:di|d['’])\s?([A-ZÀ-Þ][^\W\d_]+))?"
)


# Mirelande-sur-Auvelle is Mirelande to those who live there
_SHORT_FORM = re.compile(r"-(?:sur|sous|l[èe]s|lez|en|aux?|devant)-")


# au bord de l’Auvelle, la vallée de l'Yzeronne: persons have no article
_RIVER = re.compile(r"(?<![^\W_])l['’]([A-ZÀ-Þ][^\W\d_]+)")


# Plan d'épargne retraite (PER)
_BRACKETED = re.compile(r"\(([A-ZÀ-Þ]{3,12})\)")
_SPELLED_WORDS = 14
_LONGEST_PART = 3


_DATE = re.compile(
    r"(?<!\w)(?:Lun|Mar|Mer|Jeu|Ven|Sam|Dim|Mon|Tue|Wed|Thu|Fri|Sat|Sun)[.,]?\s\d{1,2}\b(?:\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b)?"
    r"|\b\d{1,2}\s(?:Janv|Févr|Avr|Juil|Sept|Oct|Nov|Déc|Jan|Feb|Apr|May|Jun|Jul|Aug|Sep|Dec)[.]?\s(?=\d{2,4}\b)"
)


class Words(list[Word]):
    """The words of one text, in order: a list, as every layer goes through all of them."""

    def __init__(self, text: str, lexicons: Lexicons) -> None:
        super().__init__(
            _word(match, text, lexicons) for match in _WORD.finditer(text) if _is_word(match)
        )
        self.text = text
        self._lexicons = lexicons
        self.starts = [word.start for word in self]
        self._free_inner_names()
        self._learn_towns()
        self._learn_rivers()
        self._learn_dates()
        self.acronyms = frozenset(self._spelled_out())
        """Letters, folded, that brackets hold after the words that they stand for."""

    @property
    def items(self) -> list[Word]:
        """The words themselves."""
        return self

    def about(self, folded: str) -> Word:
        """Return what the lexicons know of a word that stands nowhere as such."""
        return Word(0, 0, folded, folded, Shape.LOWER, *self._lexicons.about(folded))

    def _free_inner_names(self) -> None:
        """`Mai` between two words of a name (`Nguyen Thi Mai Lan`) is no month."""
        for index in range(len(self.items) - 1):
            word, after = self.items[index], self.items[index + 1]
            if (
                not word.is_never
                or word.shape is not Shape.CAPITAL
                or word.magnitude < 2
                or word.is_role
            ):
                continue
            before = self.items[index - 1] if index else after
            is_inner = before.is_unusual and before.shape is Shape.CAPITAL and self.joins(index - 1)
            if (
                (is_inner or word.magnitude >= 4)
                and after.is_unusual
                and after.is_cased
                and self.joins(index)
            ):
                word.is_never = after.is_commune or self.crosses_line(index)

    def _learn_towns(self) -> None:
        """What stands after `commune de` or a postcode is a town in the whole document."""
        named = {name for match in _TOWN.finditer(self.text) for name in match.groups() if name}
        named |= {_SHORT_FORM.split(name)[0] for name in named}
        towns = {fold(name) for name in named}
        for word in self.items if towns else ():
            if word.fold in towns and word.is_cased and word.magnitude < _SURELY_GIVEN:
                word.is_commune = True

    def _learn_rivers(self) -> None:
        """What stands after `l’` is a river, a region, a firm: no person in the whole document."""
        named = {fold(match[1]) for match in _RIVER.finditer(self.text)}
        for word in self.items if named else ():
            if word.fold in named and word.is_cased and word.magnitude < _SURELY_GIVEN:
                word.is_thing = True

    def _learn_dates(self) -> None:
        """`Ven. 7`, `Mon, 3 Feb 2025`: short days and months are nobody's names."""
        for match in _DATE.finditer(self.text):
            first = bisect_left(self.starts, match.start())
            for word in self.items[first : bisect_left(self.starts, match.end())]:
                word.is_never, word.magnitude = True, -1

    def _spelled_out(self) -> Iterator[str]:
        for match in _BRACKETED.finditer(self.text):
            index = bisect_left(self.starts, match.start(1))
            if index >= len(self) or self.starts[index] != match.start(1):
                continue
            word = self[index]
            if not (word.surname == 2 or word.magnitude >= _SURELY_GIVEN) and _spell(
                self[max(0, index - _SPELLED_WORDS) : index], word.fold
            ):
                yield word.fold

    def gap(self, index: int) -> str:
        """Return what stands between word `index` and the next."""
        return self.text[self[index].end : self[index + 1].start]

    def joins(self, index: int) -> bool:
        """Tell whether words `index` and `index + 1` may belong to one name."""
        if index < 0 or index + 1 >= len(self.items):
            return False
        gap = self.gap(index)
        if gap in (" ", "_"):
            return True
        if len(gap) > 9:
            return False
        word = self.items[index]
        if gap in ("'", "’", "' ", "’ "):
            if word.fold in ("d", "l", "n", "o", "dell", "m", "t", "de"):
                return True
            follower = self.items[index + 1]
            if follower.fold == "h":
                return word.is_cased  # Guivarc'h
            if word.shape is follower.shape is Shape.UPPER:
                return word.fold not in ELIDED
            return self.is_inner(index)
        if gap in (".-", ".‐", ".‑"):
            return word.shape is Shape.INITIAL
        if gap.startswith(".") and (
            word.shape is Shape.INITIAL or word.fold in ("ste", "st", "ep", "vve")
        ):
            gap = gap[1:]
        elif gap in ("\x02", "-", "--", " - ", " -", "- ", "-\n") and word.shape is not Shape.LOWER:
            return self.items[index + 1].shape is not Shape.LOWER
        return bool(_BLANK.match(gap))

    def is_inner(self, index: int) -> bool:
        """Tell whether word `index` goes on in the next: `Floc'h`, `Ti'iwan`, `Lac-⏎roix`."""
        word, gap = self.items[index], self.gap(index)
        if _HYPHENATED.fullmatch(gap):
            follower = self.items[index + 1]
            whole = self.about(word.fold + follower.fold)
            return follower.shape is Shape.LOWER and not (whole.is_common or follower.is_particle)
        if gap not in ("'", "’"):
            return False
        return word.is_cased and len(word.text) > 1 and word.fold not in ELIDED

    def crosses_line(self, index: int) -> bool:
        """Tell whether a line ends between word `index` and the next."""
        return "\n" in self.gap(index)


def _spell(words: Sequence[Word], letters: str) -> bool:
    """Tell whether the first letters of words, in order, make up the letters."""
    done = {0}
    for word in words:
        done |= {
            start + count
            for start in done
            for count in range(1, _LONGEST_PART + 1)
            if len(letters) >= start + count
            and word.fold.startswith(letters[start : start + count])
        }
    return len(letters) in done


@lru_cache(maxsize=20_000)
def _looks(written: str) -> tuple[str, str, Shape]:
    """Return a word with a scanner's errors put right, folded, and how it is written."""
    folded = fold(written)
    if not written.isalpha():
        folded = folded.translate(_OCR)
    if _MIXED.fullmatch(written):
        written = written.replace("l", "I")  # PASQUlER: a scanner's small l
        folded = fold(written)
    return written, folded, _shape(written)


def _shape(text: str) -> Shape:
    if len(text) == 1:
        return Shape.INITIAL if text.isupper() else Shape.LOWER
    if text.isupper():
        return Shape.UPPER if text[1] != "-" or len(text) > 3 else Shape.INITIAL
    if text[0].isupper():
        return Shape.CAPITAL if _CAPITAL.fullmatch(text) else Shape.ODD
    particle, _, rest = text.partition("-")  # al-Rahman
    return Shape.CAPITAL if particle in PARTICLES and rest[:1].isupper() else Shape.LOWER


# CNI-Jouin-Shana.jpg: a kind of document, then the name
_DOCUMENT = re.compile(
    r"(?:CNI|RIB|CV|CR|PV|DP|PC|CAF|RSA|EDF|[Ss]can|[Pp]hoto|[Bb]ail)-(?=[A-ZÀ-Þ])"
)


_SHORTENED = frozenset(("Th", "Ph", "Ch", "Cl", "Jh", "Gg"))  # Th. Maillard


_MIXED = re.compile(r"(?!El|Al)(?=(?:.*[A-ZÀ-Þ]){3})[A-ZÀ-Þ-]*l[A-ZÀ-Þl-]*")
_SHORT_FOR = frozenset(("tél", "mél", "réf", "dép", "gén", "préf", "déc", "févr"))
_PARTICIPLES = frozenset(("marié", "mariés", "aimés", "fiancé", "désirés"))  # not Marie


_ACCENTED_FUNCTION_WORDS = frozenset(("né", "née", "à", "été", "où", "dès", "là"))


def _word(match: re.Match[str], text: str, lexicons: Lexicons) -> Word:
    kind = _DOCUMENT.match(match[0])
    start = match.start() + (kind.end() if kind else 0)
    written, folded, shape = _looks(text[start : match.end()])
    word = Word(start, match.end(), written, folded, shape, *lexicons.about(folded))
    if word.is_thing and word.shape is Shape.CAPITAL and word.magnitude >= 2 and len(folded) < 4:
        word.is_thing = False  # `Pia`, not PIA
    if written.lower() in _PARTICIPLES:
        word.is_never, word.magnitude = True, -1
    elif lexicons.is_misspelt(written, folded) and written.lower() not in _SHORT_FOR:
        word.is_never = word.is_common = word.is_ambiguous = False  # `Loïs` is not `lois`
    elif word.is_never and len(folded) <= _FUNCTION_WORD_LETTERS and not written.isascii():
        word.is_never = (
            written.lower() in _ACCENTED_FUNCTION_WORDS | _SHORT_FOR
        )  # `Lê` is no article
    elif written in _SHORTENED and text[match.end() : match.end() + 1] == ".":
        word.shape, word.is_never = Shape.INITIAL, False
    elif word.shape is Shape.INITIAL and text[match.end() : match.end() + 1] == ".":
        before = text[match.start() - 1] if match.start() else " "
        word.is_never = written == "M" and before not in "-."  # a civility, but not in `J.-M.`
    return word


def _is_word(match: re.Match[str]) -> bool:
    written = match[0]
    return written.replace("-", "").isalpha() or sum(map(str.isalpha, written)) >= _MIN_OCR_LETTERS
