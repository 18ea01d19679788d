# SPDX-License-Identifier: EUPL-1.2
"""Addresses of machines: IPv4, IPv6 and MAC, not versions, sections or hours.

    81.56.210.14    2a01:cb00:8f1:2a00::1    00:1a:2b:3c:4d:5e

`ip.v4`: one number at least is over 99, a label stands near, an hour
stands before (a log) or the column is one of addresses. `ip.v6`, `ip.mac`.
Source: RFC 791, RFC 4291; the standard library decides what is an address.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, IP 37 of 37, kept spans
touched 953 of 16670; gold, held out, IP 1 of 1, kept spans touched 2 of 210; gold, held out,
second author, IP 2 of 3, kept spans touched 4 of 362; gold, held out, third part, IP 3 of 3,
kept spans touched 65 of 940.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.recognizers.recognizer import Recognizer, is_labelled

_V4 = re.compile(r"(?<![\w./\-])(?:\d{1,3}[^\S\n]?\.[^\S\n]?){3}\d{1,3}(?!\w|\.\d|[-/]\d{3})")
_V6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f:]{2,39}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?(?![\w:]|\.\d)")
_MAC = re.compile(r"(?<![\w:\-])[0-9A-Fa-f]{2}(?:[:\-][0-9A-Fa-f]{2}){5}(?![\w:\-])")
_LABEL = re.compile(
    r"(?<!\w)(?:I\.?P(?:v[46])?\b|connexions?\b|connect[ée]|h[ôo]te\b|serveur|poste\b"
    r"|machine\b|DNS\b|proxy|login\b|log-?in|authentification|tentatives?\b|session\b"
    r"|pare-feu|firewall|routeur|passerelle|VPN\b|SSH\b|RDP\b|GET\s|POST\s|KO\b)",
    re.IGNORECASE,
)
_NUMBERING = re.compile(
    r"(?<!\w)(?:v|versions?|release|build|firmware|logiciel|correctif|chrome|firefox|edge|article|art\.|section|chapitre|paragraphe|§|annexe|n°|figure"
    r"|compte)(?:\s[a-zà-ÿ]{3,14})?\s?\Z",
    re.IGNORECASE,
)


_HOUR_BEFORE = re.compile(
    r"\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,6})?(?:Z|[+-]\d\d:?\d\d)?(?:[,;|\]]|[^\S\n]{1,4})[^\S\n]?\Z"
)
"""A line of a log: the hour, then the machine."""

_HOUR_CHARS = 24
_LINE_CHARS = 2_000
_HEADING = re.compile(
    r"(?:^|[,;|\t])[^\S\n]?\"?(?:(?:client|remote|source|adr(?:esse)?)[_ -]?)?ip"
    r"(?:[_ -]?\w{1,12})?\"?[^\S\n]{0,20}(?=[,;|\t\n])",
    re.IGNORECASE | re.MULTILINE,
)
_SEPARATORS = re.compile(r"[,;|\t]")


def _search(text: str) -> Iterator[Finding]:
    columns: dict[int, int] = {}
    for heading in _HEADING.finditer(text):
        columns.setdefault(_cells_before(text, heading.end()), heading.start())
    for match in _V4.finditer(text):
        is_below = bool(columns) and (
            columns.get(_cells_before(text, match.start()), match.start()) < match.start()
        )
        if _is_v4(text, match, is_below=is_below):
            yield Finding(*match.span(), Entity.IP, "ip.v4")
    for match in _V6.finditer(text):
        if match[0].count(":") >= 2 and _is_v6(match[0]):
            yield Finding(*match.span(), Entity.IP, "ip.v6")
    for match in _MAC.finditer(text):
        if not match[0].replace("-", ":").replace(":", "").isdigit():
            yield Finding(*match.span(), Entity.IP, "ip.mac")


def _cells_before(text: str, offset: int) -> int:
    """Return how many separators stand before `offset` on its line."""
    line = text.rfind("\n", 0, offset) + 1
    return len(_SEPARATORS.findall(text, line, offset)) if offset - line <= _LINE_CHARS else -1


def _is_v4(text: str, match: re.Match[str], *, is_below: bool) -> bool:
    numbers = [part.strip() for part in match[0].split(".")]
    if any(int(n) > 255 or (len(n) > 1 and n[0] == "0") for n in numbers):
        return False
    if _NUMBERING.search(text, max(0, match.start() - 30), match.start()):
        return False
    if is_below or any(int(n) > 99 for n in numbers):
        return True
    hour = _HOUR_BEFORE.search(text, max(0, match.start() - _HOUR_CHARS), match.start())
    return bool(hour) or is_labelled(_LABEL, text, *match.span())


def _is_v6(candidate: str) -> bool:
    if sum(c.isalnum() for c in candidate) < 3:
        return False
    try:
        ipaddress.IPv6Address(candidate)
    except ValueError:
        return False
    return True


IP = Recognizer(name="ip", entities=(Entity.IP,), search=_search)
