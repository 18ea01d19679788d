# SPDX-License-Identifier: EUPL-1.2
"""Which service an act comes from, in what office it was signed, and its articles.

The office is kept, never the name under it.
"""

from __future__ import annotations

import re

from corpus.french import flat

TAIL_CHARS = 1_500
SERVICE = re.compile(
    r"(?:direction|services?|p[ôo]le|police municipale|secr[ée]tariat|[ée]tat civil|urbanisme\b"
    r"|centre communal|commande publique|s[ée]curit[ée])[^\n:;,]{0,70}$",
    re.IGNORECASE,
)
SERVICE_LINES = 10
UNFINISHED = re.compile(r"\b(?:et|de|du|des|la|le|les|l['’]|d['’]|à|aux?)$", re.IGNORECASE)
ONE_WORD = re.compile(r"[^\W\d_]+$")
THE = r"(?:le|la|l['’])\s?"
OFFICE = (
    r"(?:maire|pr[ée]sidente?|pr[ée]f[eè]te?|(?:premi[eè]re?|\w+ème|\de)?\s?adjointe?"
    r"|conseill[eè]re? d[ée]l[ée]gu[ée]e?|vice-pr[ée]sidente?|direct(?:eur|rice)"
    r"|sous-pr[ée]f[eè]te?|secr[ée]taire g[ée]n[ée]rale?)"
)
ROLE = re.compile(
    r"(?:^|\n|extrait conforme,?|\d{4},?)[ \t]*"
    r"((?:p(?:our|ar|\.|/)\s*(?:d[ée]l[ée]gation|ordre)?(?:\s+d[ue]\s+l?a?\s*\w+)?,?\s*)?"
    rf"(?:{THE}maire\s*,?\s*)?(?:monsieur\s+|madame\s+|m\.\s+|mme\s+)?{THE}{OFFICE}"
    r"(?:\s+(?:à|au|aux|du|de|pour|d[ée]l[ée]gu[ée]e?|g[ée]n[ée]rale?)\b[^\n,]{0,50})?)"
    r"[ \t]*(?:,|$)",
    re.IGNORECASE | re.MULTILINE,
)
EXECUTES = re.compile(r"\b(?:charg[ée]|est|sont|peut|soussign)", re.IGNORECASE)
ARTICLE = re.compile(
    r"^[ \t]*(?:article|art\.)\s+(1er|premi[eè]re?|unique|[IVX]+\b|\d{1,3})\b(?![-./]\d)",
    re.IGNORECASE | re.MULTILINE,
)


def service_of(page: str) -> str:
    """Return the service that a letterhead names, with the line that it runs on to."""
    lines = [line.strip() for line in page.split("\n") if line.strip()][:SERVICE_LINES]
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if SERVICE.match(line):
            runs_on = UNFINISHED.search(line) or ONE_WORD.match(after)
            return f"{line} {after}" if runs_on else line
    return ""


def signatory_of(text: str) -> str:
    """Return the role of who signed last: `La maire`, `Par délégation, l'adjoint à la voirie`."""
    roles = [
        match[1] for match in ROLE.finditer(text[-TAIL_CHARS:]) if not EXECUTES.search(match[1])
    ]
    return " ".join(roles[-1].strip(" ,").split()) if roles else ""


def articles_of(text: str) -> tuple[str, ...]:
    """Return the numbers of an act's articles, in order, each once; the first is `1`."""
    return tuple(dict.fromkeys(map(_article, ARTICLE.findall(text))))


def _article(number: str) -> str:
    return "1" if flat(number) in ("1er", "premier", "premiere") else number
