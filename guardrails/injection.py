# SPDX-License-Identifier: EUPL-1.2
"""Text in a document that gives orders to the model: found, taken out of the passage, reported.

    text ─plain copy─▶ orders, hidden markup, disguises ─▶ Neutralised(text, reports)

Structure protects first (the model has no tools, only checked quotes are shown); this is the
second wall. French administration orders all day long (« Il convient de supprimer l'article 3 »),
so an order counts only where it speaks to a machine: of its instructions, role or answer.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from guardrails.normalise import plain
from guardrails.spans import in_place_of

REPLACEMENT = "[consigne neutralisée]"
_PATTERNS = Path(__file__).with_name("lexicons") / "injection.txt"
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)|\n")
_MARKUP = re.compile(
    r"""<!--.*?(?:-->|\Z) | <(script|iframe|object|embed|style)\b.*?(?:</\1\s*>|\Z)
    | </?(?:img|svg|meta|link|body)\b[^>]*>
    | !\[[^\]\n]{0,200}\]\(\s*(?:https?:|data:|//)[^)\s]{1,2000}\s*\)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_MARKERS = re.compile(
    r"""<\|[\w ]{2,30}\|> | \[/?INST\] | <</?SYS>> | </?(?:system|assistant|instructions?|prompt)>
    | ^[^\S\n]*(?:\#{2,}[^\S\n]*(?:instructions?|system|assistant|response|human|user)
        |(?:system|assistant|human))[^\S\n]*+:?[^\S\n]*+$
    | ^[^\S\n]*(?:system|assistant)[^\S\n]*:
    | (?:BEGIN|END|NEW)[ _](?:SYSTEM|ADMIN)[ _](?:PROMPT|MESSAGE|OVERRIDE|INSTRUCTIONS?)""",
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_BASE64 = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{24,}={0,2}(?![\w+/=])")
_TAGS = re.compile("[\U000e0020-\U000e007e]{4,}")
_INVISIBLE_RUN = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff]{8,}")
_PRINTABLE_SHARE = 0.9


class Disguise(StrEnum):
    """How an order reached the text."""

    VISIBLE = "visible"
    MARKUP = "markup"
    MARKER = "marker"
    BASE64 = "base64"
    INVISIBLE = "invisible"


@dataclass(frozen=True, slots=True, order=True)
class Report:
    """Where an order stood in the original text, and how it was disguised; never its words."""

    start: int
    end: int
    disguise: Disguise


@dataclass(frozen=True, slots=True)
class Neutralised:
    """A text without orders to the model, and where they were."""

    text: str
    reports: tuple[Report, ...] = ()


def neutralise(text: str) -> Neutralised:
    """Return the text with each order to the model replaced by `REPLACEMENT`, line by line."""
    reports = _disjoint(sorted(_found(text)))
    pieces, position = [], 0
    for report in reports:
        words = text[report.start : report.end]
        pieces += [text[position : report.start], in_place_of(words, REPLACEMENT)]
        position = report.end
    pieces.append(text[position:])
    return Neutralised("".join(pieces), tuple(reports))


def neutralised_in(texts: Iterable[str]) -> int:
    """Return how many orders were taken out of texts that were neutralised: to be told."""
    return sum(text.count(REPLACEMENT) for text in texts)


def _found(text: str) -> Iterator[Report]:
    for match in _MARKUP.finditer(text):
        yield Report(*match.span(), Disguise.MARKUP)
    for match in _MARKERS.finditer(text):
        yield Report(*match.span(), Disguise.MARKER)
    for pattern in (_TAGS, _INVISIBLE_RUN):
        for match in pattern.finditer(text):
            yield Report(*match.span(), Disguise.INVISIBLE)
    for match in _BASE64.finditer(text):
        if _orders().search(_decoded(match[0])):
            yield Report(*match.span(), Disguise.BASE64)
    copy = plain(text)
    for match in _orders().finditer(copy.text):
        start, end = copy.original(*_sentence(copy.text, *match.span()))
        hidden = len(text[start:end]) - (match.end() - match.start()) > 0 and bool(copy.anchors)
        verbatim = match[0] in text[start:end]
        yield Report(
            start, end, Disguise.INVISIBLE if hidden and not verbatim else Disguise.VISIBLE
        )


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the limits of the sentence around a match."""
    begin = 0
    for stop in _SENTENCE_END.finditer(text, max(0, start - 400), start):
        begin = stop.end()
    begin = max(begin, start - 400, 0)
    while begin < start and text[begin].isspace():
        begin += 1
    stop_after = _SENTENCE_END.search(text, end)
    finish = min(stop_after.end() if stop_after else len(text), end + 400)
    while finish > end and text[finish - 1].isspace():
        finish -= 1
    return begin, finish


def _decoded(coded: str) -> str:
    """Return what a base64 word says, or nothing where it holds no text."""
    try:
        said = base64.b64decode(coded + "=" * (-len(coded) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    printable = sum(c.isprintable() or c.isspace() for c in said)
    return said if said and printable >= _PRINTABLE_SHARE * len(said) else ""


def _disjoint(reports: list[Report]) -> list[Report]:
    result: list[Report] = []
    for report in reports:
        if result and report.start < result[-1].end:
            last = result[-1]
            result[-1] = Report(last.start, max(last.end, report.end), last.disguise)
        else:
            result.append(report)
    return result


@cache
def _orders() -> re.Pattern[str]:
    """Return the orders of `lexicons/injection.txt` as one pattern; a blank there is any blank."""
    lines = _PATTERNS.read_text("utf-8").splitlines()
    kept = (line.replace(" ", r"\s+") for line in lines if line and not line.startswith("#"))
    return re.compile("|".join(rf"(?:(?<!\w){line})" for line in kept), re.IGNORECASE)
