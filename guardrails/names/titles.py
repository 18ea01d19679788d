# SPDX-License-Identifier: EUPL-1.2
"""Layers that rest on a word before the name: civility, family, power given, label.

« Mme Ana LE GALL », « MM. DUPONT, PETIT et ROY », « époux Durand », « pouvoir à Léa Petit »
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from guardrails.names.leads import NAMED
from guardrails.names.runs import run_right
from guardrails.names.strangers import is_acronym
from guardrails.names.votes import Vote
from guardrails.names.word import Shape, Word
from guardrails.names.words import Words

_CIVILITY = re.compile(
    r"""(?<![\w@./-])
    (?: (?P<many>MM\.?|Mmes\.?|MMES|Mlles\.?|Messieurs|Mesdames|Mesdemoiselles|Maîtres|Drs
          |MESSIEURS|MESDAMES)
      | M(?:\.|r\.?|R\.?)? (?=\s) | Mme\.? | MME\.? | Mlle\.? | MLLE\.? | Mrs
      | Me\.?(?=[^\S\n]+[A-ZÉÈ])
      | Monsieur | MONSIEUR | Madame | MADAME | Mademoiselle | MADEMOISELLE
      | Maître | MAÎTRE | MAITRE
      | (?P<rank>(?:Capitaine|Commandant|Lieutenant|Adjudant(?:-chef)?|Sergent
          |Brigadier(?:-chef)?|Gendarme|Abbé)(?=[^\S\n][A-ZÀ-Þ]))
      | (?P<title>Docteur | DOCTEUR | Dr\.? | DR\.? | Professeur | Pr\.?
          | Sœur | Soeur | Vve\.? | Veuve
          | (?:docteur|professeur|maître|dr|me)(?=[^\S\n][A-ZÀ-Þ]))
      | (?P<low>m\.(?=[^\S\n]) | mr\.? | mme\.? | mlle\.? | monsieur | madame | mademoiselle)
      | (?P<bare>(?<![\d,.][^\S\n])(?:m|me|dr)(?=[^\S\n][a-zà-ÿ]{3}))
    )(?!\w|['’])""",
    re.VERBOSE,
)
_FAMILY = re.compile(
    r"""(?<!\w)(?:(?P<many>consorts|indivision|familles?|époux|epoux|héritiers|hoirs|frères|sœurs|succession
      |veuve|feu|feue|CONSORTS|INDIVISION|FAMILLES?|[ÉE]px|ÉPOUX|EPOUX|SUCCESSION))(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_POWER = re.compile(
    r"""(?<!\w)(?:pouvoirs?|procurations?|mandat)\s(?:écrite?\s)?(?:est\s|a\s|ont\s)?
    (?:donnée?s?\s)?(?:à|a|au profit de|de)(?=\s) | (?<!\w)représentée?s?\spar(?=\s)
    | (?<!\w)(?:je\sm['’]appelle|je\ssuis|nommée?|dénommée?|prénommée?
      |le\ssieur|la\sdame|la\snommée|le\snommé
      |reçu\sde|de\sla\spart\sde|au\snom\sde|à\sl['’]attention\sde|pour\sle\scompte\sde
      |(?:moi\s)?c['’]est|je\ssoussignée?,?|nous\ssoussignée?s,?|signée?\s?:)(?=\s)""",
    re.VERBOSE | re.IGNORECASE,
)
_LIST = re.compile(
    r"[^\S\n]*(?:,|;|/|&|-|–|\bet\b|\bou\b)?[^\S\n]*\n?[^\S\n]*(?:et[^\S\n]+|ou[^\S\n]+|[-–•][^\S\n]*)?$"
)
MOST_GAP_CHARS = 12
"""Between two names of a list; what is longer is not looked at: the pattern is slow there."""

_NOT_A_NAME_AFTER = frozenset(["le", "la", "les", "l"])


def civility(words: Words) -> Iterator[Vote]:
    """Vote for what follows a civility, and for the rest of the list after a plural one."""
    for match in _CIVILITY.finditer(words.text):
        start = word_after(words, match.end())
        if start is None or ",\n" in words.text[match.end() : words[start].start]:
            continue  # `Madame, Monsieur,⏎Actuellement en terminale`
        if match["low"]:
            yield from _after_low_civility(words, start)
            continue
        if match["bare"]:
            yield from _after_bare_letter(words, start)
            continue
        last = _titled(words, start)
        if last < start and not match["title"] and _is_bare_role(words, start):
            last = start
        if last < start and words[start].shape is Shape.CAPITAL and words[start].is_particle:
            last = start if words[start].fold not in _NOT_A_NAME_AFTER else last  # Mlle Do
        if last >= start:
            yield Vote(
                start, last, 0.95, "title" if match["title"] or match["rank"] else "civility"
            )
        if match["many"]:
            yield from others(words, last, 0.8, "civility")


def family(words: Words) -> Iterator[Vote]:
    """Vote for `époux Durand`, `consorts PETIT`, `la famille Roy`."""
    for match in _FAMILY.finditer(words.text):
        start = word_after(words, match.end())
        if start is not None:
            last = run_right(words, start, anchored=words[start].is_cased)
            if last < start and _is_a_surname_too(words[start]):
                last = start
            if last >= start and any(
                words[i].is_unusual or words[i].surname for i in range(start, last + 1)
            ):
                yield Vote(start, last, 0.8, "family")
                yield from others(words, last, 0.6, "family")


def _is_a_surname_too(word: Word) -> bool:
    """`famille PLACE`, `consorts Marché`: a frequent surname, whatever else it means."""
    return word.is_cased and word.surname == 2 and not (word.is_role or word.is_particle)


def _is_a_body(word: Word) -> bool:
    return word.is_never or word.fold in NAMED


def power(words: Words) -> Iterator[Vote]:
    """Vote for the name after `a donné pouvoir à`, `représentée par`, `je m'appelle`."""
    for match in _POWER.finditer(words.text):
        start = word_after(words, match.end())
        if start is None or _CIVILITY.match(words.text, words[start].start):
            continue
        if words[start].is_particle and start + 1 < len(words) and _is_a_body(words[start + 1]):
            continue  # représentée par la SELARL …
        last = run_right(words, start, anchored=True)
        if last < start and words[start].shape is Shape.LOWER:
            yield from _introduced(words, start)
        if match[0].lower().endswith(("c'est", "c’est")) and not words[start].is_strong_first:
            continue
        if last >= start and any(
            words[i].is_unusual or words[i].is_first or words[i].surname
            for i in range(start, last + 1)
        ):
            yield Vote(start, last, 0.8, "power")


def _introduced(words: Words, start: int) -> Iterator[Vote]:
    """In a chat: `moi c'est ugur dumarquet`, `je m'appelle lea`."""
    given = words[start]
    if given.is_never or given.is_ambiguous or given.magnitude < 2:
        return
    last = start
    while (
        last + 1 < len(words)
        and last < start + 3
        and words.joins(last)
        and not words.crosses_line(last)
    ):
        word = words[last + 1]
        if (
            word.is_never
            or word.is_cased
            or (word.is_common and not word.surname and not word.is_particle)
        ):
            break
        last += 1
    while words[last].is_particle:
        last -= 1
    yield Vote(start, last, 0.75, "power")


def word_after(words: Words, position: int, *, reach: int = 8) -> int | None:
    """Return the word that starts within `reach` blanks or stops after `position`."""
    index = bisect_left(words.starts, position)
    if index >= len(words):
        return None
    gap = words.text[position : words[index].start]
    return index if len(gap) <= reach and not gap.strip(" .:,\n\t\u00a0\u202f") else None


def _titled(words: Words, start: int) -> int:
    """Return the end of the name after a civility; `M. le Maire` holds none, `M. LE GALL` does."""
    word = words[start]
    if word.fold in _NOT_A_NAME_AFTER:
        follower = words[start + 1] if start + 1 < len(words) and words.joins(start) else None
        if (
            follower is None
            or follower.is_never
            or word.shape is Shape.LOWER
            or not follower.is_cased
        ):
            return start - 1
        if follower.is_common and follower.surname != 2:
            return start - 1
    return run_right(words, start, anchored=True)


def _is_bare_role(words: Words, start: int) -> bool:
    """`Mme Maire` is Mrs Maire: with an article it is the mayor. So is `M. FEVRIER`."""
    word = words[start]
    is_month = word.surname == 2 and word.is_cased and not word.is_role and not word.is_particle
    if not is_month and (
        word.shape is not Shape.CAPITAL or not word.is_role or word.fold in _TITLES
    ):
        return False
    if words.text[word.end : word.end + 3].lstrip()[:1] == "[":  # a name was there, and is hidden
        return False
    if start + 1 >= len(words) or not words.joins(start):
        return True
    return not (words[start + 1].is_particle or words[start + 1].is_cased)


_TITLES = frozenset(
    [
        "docteur",
        "professeur",
        "professeure",
        "maitre",
        "maitres",
        "general",
        "colonel",
        "capitaine",
        "commandant",
        "lieutenant",
        "marechal",
        "adjudant",
        "president",
        "presidente",
        "soeur",
        "pere",
        "mere",
        "monsieur",
        "madame",
        "messieurs",
        "mesdames",
        "premier",
        "premiere",
        "directeur",
        "directrice",
        "les",
        "conseillers",
        "adjoints",
    ]
)


def _after_low_civility(words: Words, start: int) -> Iterator[Vote]:
    """In a chat: `mme dupont`, `monsieur le gall`."""
    last = run_right(words, start, anchored=True)
    if last >= start:
        yield Vote(start, last, 0.95, "civility")
        return
    index = start
    while index < len(words) and index < start + 3 and (index == start or words.joins(index - 1)):
        word = words[index]
        if word.is_never or len(word.text) < 2:
            break
        likely = not word.is_common or word.magnitude >= 3 or word.surname == 2
        if not word.is_particle and likely and (index == start or not word.is_common):
            last = index
        elif not word.is_particle:
            break
        index += 1
    if last >= start:
        yield Vote(start, last, 0.8, "civility")


def _after_bare_letter(words: Words, start: int) -> Iterator[Vote]:
    """In a chat: `avec m castaing`; no dictionary has the word."""
    word = words[start]
    if word.shape is Shape.LOWER and not (word.is_common or word.is_never or word.is_particle):
        yield Vote(start, start, 0.7, "civility")


def others(words: Words, last: int, weight: float, layer: str) -> Iterator[Vote]:
    """Vote for the further names of a list: `… DUPONT, PETIT et Mme ROY`."""
    for _ in range(60):
        if last + 1 >= len(words) or last < 0:
            return
        start = last + 1
        gap = words.text[words[last].end : words[start].start]
        while (
            start + 1 < len(words)
            and words[start].fold in ("et", "ou")
            and len(gap) < MOST_GAP_CHARS
        ):
            start += 1
            gap = words.text[words[last].end : words[start].start]
        if len(gap) > MOST_GAP_CHARS or not _LIST.match(gap) or is_acronym(words[start]):
            return
        if _CIVILITY.match(words.text, words[start].start):
            return
        end = run_right(words, start, anchored=words[start].is_cased)
        inside = words.items[start : end + 1]
        if not any(
            w.is_unusual or w.is_first or w.surname == 2 or w.shape is Shape.UPPER for w in inside
        ):
            return
        yield Vote(start, end, weight, layer)
        last = end
