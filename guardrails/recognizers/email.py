# SPDX-License-Identifier: EUPL-1.2
"""E-mail addresses, plain or disguised; the generic ones of public bodies stay.

    claire.petit@exemple.fr    claire.petit [at] exemple (point) fr    claire.petit arobase
      exemple.fr

`email.plain`, `email.disguised`; `email.display` is the name written before `<…@…>`. A generic
local part (`mairie@`, `accueil@`, `urbanisme@`) names a counter, not a person, and stays.
No look-up of domains: nothing leaves the machine.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, EMAIL 251 of 258, kept
spans touched 953 of 16670; gold, held out, EMAIL 7 of 7, kept spans touched 2 of 210; gold,
held out, second author, EMAIL 10 of 10, kept spans touched 4 of 362; gold, held out, third
part, EMAIL 19 of 19, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.recognizers.public import PUBLIC_BODY, is_generic
from guardrails.recognizers.recognizer import Recognizer

_AT = re.compile(
    r"""(?P<plain> [^\S\n]?[@＠](?:\n|[^\S\n])? )
    | [^\S\n]? [\[({<] [^\S\n]? (?: at|arobase|arrobase|@|chez ) [^\S\n]? [\])}>] [^\S\n]?
    | [^\S\n] (?P<word> at|arobase|arrobase|chez ) [^\S\n]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DISGUISED_DOT = (
    r"[^\S\n]?[\[({][^\S\n]?(?:point|dot|\.)[^\S\n]?[\])}][^\S\n]? | [^\S\n](?:point|dot|\.)[^\S\n]"
)
_LOCAL = re.compile(
    rf"(?<![\w.%+\-]) (?: (?<=:[ ])[a-z]{{2,20}}\.[ ] )? [\w%+\-][\w.%+\-']{{0,63}} (?: "
    rf"(?:{_DISGUISED_DOT}) [\w\-]{{1,40}} ){{0,3}} \Z",
    re.VERBOSE | re.IGNORECASE,
)
_DOMAIN = re.compile(
    rf"""[^\W_][\w\-]{{0,62}} (?: (?<=-)\n[\w\-]{{1,40}} )?
    (?P<labels> (?: (?: \. | {_DISGUISED_DOT} ) \w[\w\-]{{0,62}} ){{0,5}} )
    (?: \.\n(?:fr|com|net|org|eu)\b )?""",
    re.VERBOSE | re.IGNORECASE,
)
_LOCAL_CHARS = 120

_DISPLAY = re.compile(
    r"""["“«]?(?P<name>[^\W\d_][\w.'’\-]{0,40}(?:,?[^\S\n][\w.'’\-]{1,40}){0,4})["”»]?[^\S\n]?<\Z"""
)


def _search(text: str) -> Iterator[Finding]:
    for at in _AT.finditer(text):
        local = _LOCAL.search(text, max(0, at.start() - _LOCAL_CHARS), at.start())
        domain = _DOMAIN.match(text, at.end())
        if not local or not domain or (not domain["labels"] and at[0] != "@"):
            continue
        if is_generic(local[0]):
            continue
        rule = "email.plain" if at["plain"] else "email.disguised"
        yield Finding(local.start(), domain.end(), Entity.EMAIL, rule)
        yield from _display_name(text, local.start())


def _display_name(text: str, start: int) -> Iterator[Finding]:
    """Yield the name in `Claire PETIT <claire@…>`, unless it is that of a service."""
    match = _DISPLAY.search(text, max(0, start - 80), start)
    if match and any(c.isupper() for c in match["name"]) and not PUBLIC_BODY.search(match["name"]):
        yield Finding(*match.span("name"), Entity.PERSON, "email.display")


EMAIL = Recognizer(name="email", entities=(Entity.EMAIL, Entity.PERSON), search=_search)
