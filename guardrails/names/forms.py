# SPDX-License-Identifier: EUPL-1.2
"""Layers that rest on the layout of forms and letters: labels, signatures, `née`.

« NOM : dupont PRÉNOM : Ana », « Cordialement, / Ana Petit », « PETIT née ROY »
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from guardrails.names.lexicons import read_lines
from guardrails.names.runs import run_right
from guardrails.names.titles import others, word_after
from guardrails.names.votes import Vote
from guardrails.names.word import Shape, Word
from guardrails.names.words import Words
from guardrails.placeholders import fold, fold_in_place


def _label_pattern() -> re.Pattern[str]:
    labels = sorted((fold(line) for line in read_lines("name_labels.txt")), key=len, reverse=True)
    choices = "|".join(
        re.escape(label).replace(r"\ ", r"\s+").replace("'", "['’]") for label in labels
    )
    return re.compile(
        rf"(?<![\w-])(?P<label>{choices})\s*(?:\([^)\n]{{1,30}}\))?\s*(?:[:=|\t]|\?[^\S\n]*\n|\*\*|\.{{3,}}|_{{2,}}|…)+\s*"
    )


_LABEL = _label_pattern()


_LABEL_LINE = re.compile(
    r"(?m)^[^\S\n]*(?:nom|prenom)s?(?: de (?:naissance|famille)| d.usage)?[^\S\n]*\n[^\S\n]*"
)


_BARE_LABEL = re.compile(
    r"(?<![\w-])(?:NOMS?|PR[ÉE]NOMS?|B[ÉE]N[ÉE]FICIAIRES?|DEMANDEUR|[ÉE]L[ÈE]VE|ALLOCATAIRE|TITULAIRE|LOCATAIRE"
    r"|P[ÉE]TITIONNAIRE|D[ÉE]FUNTE?|ASSUR[ÉE]E?|[Bb]énéficiaire|[Nn]om|[Pp]rénom)[^\S\n]+(?=[A-ZÀ-Þ])"
)


_CLOSING = re.compile(
    r"(?:cordialement|cdt|bien à vous|bises|bisous|amicalement|salutations"
    r"|respectueusement|mes sentiments|distinguée?s?"
    r"|merci(?:\s[^\n]{1,40})?|fait à [^\n]{2,60}|le demandeur|l['’]intéressée?|signature)"
    r"\s*[,.:!]?[^\S\n]*\n",
    re.IGNORECASE,
)


_CLOSED_ON_THE_LINE = re.compile(
    r"(?:merci|cordialement|bonne journée|à bientôt|bises|salutations)"
    r"[^\n.!,]{0,15}[.!,]\s*(?=[A-ZÀ-Þ][\w-]+(?:[ ][A-ZÀ-Þ][\w-]+)?\s*(?:\n|$))",
    re.IGNORECASE,
)


_SIGNATURE_LINES = 6


_BORN = re.compile(
    r"(?:(?<![^\S\n])[^\S\n]++)?[,(]?\s?\b(?:née?\b|nee\b|[ée]pouse\b|ép\.|veuve\b|vve\b|divorcée\b|alias\b|dite?\b)[^\S\n]*",
    re.IGNORECASE,
)


_CIVIL_FACT = re.compile(
    r"(?:(?<![^\S\n])[^\S\n]++)?,?\s?(?<!\w)(?:nées?|né\(e\)|demeurant|domiciliée?s?|résidant|habitant)\b",
    re.IGNORECASE,
)


def label(words: Words) -> Iterator[Vote]:
    """Vote for what stands after a label of a form."""
    folded = fold_in_place(words.text)
    for match in _LABEL.finditer(folded):
        start = word_after(words, match.end(), reach=4)
        if start is None:
            continue
        is_nominal = match["label"].startswith(("nom", "prenom"))
        last = _value(words, start, is_nominal=is_nominal)
        if last < start:
            continue
        known = any(
            words[i].is_unusual or words[i].is_first or words[i].surname == 2
            for i in range(start, last + 1)
        )
        yield Vote(
            start,
            last,
            (0.9 if known else 0.55) if is_nominal else (0.7 if known else 0.3),
            "label",
        )
        if match["label"].endswith("s") and known:
            yield from others(words, last, 0.6, "label")
    for match in _LABEL_LINE.finditer(folded):
        start = word_after(words, match.end(), reach=0)
        if start is None or words[start].is_never or _is_plain(words[start]):
            continue
        last = _value(words, start, is_nominal=True)
        if last >= start:
            yield Vote(start, last, 0.6, "label")
    for match in _BARE_LABEL.finditer(words.text):
        start = word_after(words, match.end(), reach=1)
        if start is not None and not (
            words[start].is_particle and start + 1 < len(words) and words[start + 1].is_common
        ):
            last = run_right(words, start, anchored=words[start].shape is Shape.UPPER)
            is_given = match[0].lower().startswith("pr") and words[start].is_first
            if is_given and last < start:
                last = start
            if last >= start and (
                is_given or any(words[i].is_unusual for i in range(start, last + 1))
            ):
                yield Vote(start, last, 0.75, "label")


def _is_plain(word: Word) -> bool:
    return word.shape is Shape.LOWER and word.is_common and not word.is_strong_first


def _value(words: Words, start: int, *, is_nominal: bool) -> int:
    """Return the last word of a field: capitals or not, up to the next label or the line's end."""
    last = run_right(words, start, anchored=True)
    if last >= start or not (is_nominal or words[start].is_strong_first):
        return last
    for index in range(start, min(start + 4, len(words))):
        if index > start and (not words.joins(index - 1) or words.crosses_line(index - 1)):
            break
        word = words[index]
        if word.is_never and not word.is_particle:
            break
        if not (word.is_particle or word.is_first or word.surname or not word.is_common):
            break
        if not word.is_particle:
            last = index
    return last


def signature(words: Words) -> Iterator[Vote]:
    """Vote for short lines of name-like words after a closing formula."""
    for match in _CLOSING.finditer(words.text):
        position = match.end()
        for line in words.text[position : position + 400].split("\n")[:_SIGNATURE_LINES]:
            stripped = line.strip(" ,.\t\u00a0")
            if (
                stripped
                and len(stripped) <= 45
                and not any(c.isdigit() or c in ":@" for c in stripped)
            ):
                yield from _signed(words, position, position + len(line))
            position += len(line) + 1

    for match in _CLOSED_ON_THE_LINE.finditer(words.text):
        end = words.text.find("\n", match.end())
        yield from _signed(words, match.end(), end if end >= 0 else len(words.text))


def _signed(words: Words, start: int, end: int) -> Iterator[Vote]:
    first = bisect_left(words.starts, start)
    last = bisect_left(words.starts, end) - 1
    inside = words.items[first : last + 1]
    if not 1 <= len(inside) <= 5 or any(w.is_never and not w.is_particle for w in inside):
        return
    is_alone = len(inside) == 1 and (inside[0].magnitude >= 1 or not inside[0].is_common)
    if not (is_alone or all(w.is_cased or w.is_particle for w in inside)) and not any(
        w.is_strong_first for w in inside
    ):
        return
    if len(inside) == 1 and inside[0].is_common and not inside[0].is_cased:
        return
    if any(w.is_unusual or w.is_first for w in inside) or (
        len(inside) == 2 and inside[1].surname == 2
    ):
        yield Vote(first, last, 0.75, "signature")


def _is_heading(words: Words, first: int, last: int) -> bool:
    """`Personne veuve`, a line's first word: its capital proves nothing."""
    word = words[first]
    return (
        first == last
        and word.is_common
        and word.shape is Shape.CAPITAL
        and (first == 0 or words.crosses_line(first - 1))
    )


def _is_small_surname(words: Words, index: int, lead: str) -> bool:
    """`sylvie poncet epouse maillot`, and a stop: typed small."""
    word = words[index]
    if lead.strip(" ,(").lower() in ("dit", "dite") or word.shape is not Shape.LOWER:
        return False
    if words.text[: word.start].rstrip(" ")[-1:] in (",", "."):  # `n'était pas née, certes`
        return False
    if not word.surname or word.is_never or word.is_particle:
        return False
    after = words.text[word.end : word.end + 2].lstrip(" ")[:1]
    return not word.is_common or after in ("", "\n", ",", ".", ")", ";")


def born(words: Words) -> Iterator[Vote]:
    """Vote for both names around `née`, `épouse`, and for a name before `demeurant`."""
    for match in _BORN.finditer(words.text):
        after = word_after(words, match.end(), reach=2)
        before = bisect_left(words.starts, match.start()) - 1
        if (
            after is not None
            and words[after].is_cased
            and match[0].strip(" ,(").lower() not in ("dit", "dite")
        ):
            last = run_right(words, after, anchored=words[after].shape is Shape.UPPER)
            if last >= after:
                yield Vote(after, last, 0.75, "born")
        elif after is not None and _is_small_surname(words, after, match[0]):
            yield Vote(after, after, 0.6, "born")
        if before >= 0 and words[before].end >= match.start() - 1:
            yield from named_before(words, before, "born")
    for match in _CIVIL_FACT.finditer(words.text):
        before = bisect_left(words.starts, match.start()) - 1
        if before >= 0 and words[before].end >= match.start() - 1:
            yield from named_before(words, before, "civil_fact")


def named_before(words: Words, last: int, layer: str) -> Iterator[Vote]:
    """Vote for the name-like words that end at word `last`."""
    first = last + 1
    while first > 0 and last - first < 4:
        word = words[first - 1]
        if not (word.is_nameable or (word.is_particle and first <= last)):
            break
        if first <= last and not words.joins(first - 1):
            break
        if first < last and words.crosses_line(first - 1):  # a heading stands above
            break
        first -= 1
    while first <= last and words[first].is_particle and words[first].shape is Shape.LOWER:
        first += 1
    if first > last:  # nobody: « un nouveau-né »
        return
    inside = words.items[first : last + 1]
    is_born = (
        layer == "born"
        and not _is_heading(words, first, last)
        and any(w.surname == 2 or w.shape is Shape.UPPER for w in inside)
    )
    if is_born or any(w.is_unusual or w.is_first for w in inside):
        yield Vote(first, last, 0.75 if len(inside) > 1 else 0.55, layer)
