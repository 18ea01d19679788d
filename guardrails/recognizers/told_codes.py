# SPDX-License-Identifier: EUPL-1.2
"""Passwords and codes that someone tells someone: in a chat, on the telephone, by text message.

    je lui remets Tulipe!rouge31 en provisoire      fais le 4471B sur le clavier de gauche
    code SMS envoyé au 06…, saisi 220 418           tape 8814# puis valide

No label stands before them. A password is a word that mixes letters, digits and a sign, or one
said to be provisional; a code is what a verb has someone type, near a word of a lock; a code by
text message is four to eight digits after `SMS`. Short public telephone numbers (3919) stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_NEAR_CHARS = 250
_SIGNS = ("passe", "mdp", "code", "connexion", "connect", "identifiant", "session", "provisoire")
_LOCKS = (
    "clavier",
    "portail",
    "digicode",
    "porte",
    "alarme",
    "boîtier",
    "boitier",
    "cadenas",
    "dièse",
)

_OF_A_PASSWORD = re.compile(
    r"(?<!\w)(?:mots?\sde\spasse|mdp|pass(?:word|e)?\b|codes?\b|connexion|connect|identifiants?"
    r"|login|session|compte\b|wi-?fi|acc[èe]s\b|provisoire|temporaire|r[ée]initialis)",
    re.IGNORECASE,
)
_MIXED = re.compile(
    r"""(?<![\w@./:#%&;-]) (?=[^\s]{0,24}[A-Za-zÀ-ÿ]{2}) (?=[^\s\d]{0,24}\d)
    (?P<secret> [A-Za-zÀ-ÿ\d]{1,20} [!$*] [A-Za-zÀ-ÿ\d!$*&#?=+_.-]{0,20}
      [A-Za-zÀ-ÿ\d!$*#] ) (?! [\w@/] | [.]\w )""",
    re.VERBOSE,
)
"""`Tulipe!rouge31`: letters, digits and a sign inside."""

_MIN_CHARS = 7
_PROVISIONAL = re.compile(
    r"""(?<!\w)(?: (?:re)?met[st]?(?:tez)? | (?:re)?mis\w? | donn\w{1,3} | envo\w{2,4}
      | (?:ré)?initialis\w{1,3} | chang\w{1,3} | attribu\w{1,3} | essa\w{1,3} | pass\w{1,3} )
    (?:\s(?:à|en|avec|sur|par|lui|leur|vous|te|le|la|du|mdp|code|mot\sde\spasse)){0,3} \s?:?\s?
    ["«“]?\s? (?P<secret> (?=[^\s]{0,24}\d)(?=[\d]{0,24}[^\s\d]) [^\s"«»“”,;]{6,30} )
    \s?["»”]? \s? (?:en|comme|,|\()\s? (?:provisoire\w{0,4}|temporaire\w{0,4}|mdp|mot\sde\spasse
      |premi[èe]re\sconnexion|d[ée]pannage) (?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
"""`je lui remets jardin2231 en provisoire`"""

_OF_A_LOCK = re.compile(
    r"(?<!\w)(?:claviers?|portails?|digicodes?|portes?\b|portillon|alarme|bo[îi]tiers?|cadenas|coffre"
    r"|bo[îi]te\s[àa]\scl[ée]s?|interphone|hall\b|gymnase|local\b|badge|sas\b|barri[èe]re|grille"
    r"|di[èe]se\b)",
    re.IGNORECASE,
)
_LOCK_CHARS = 90
_TYPED = re.compile(
    r"""(?<!\w)(?: fai[st] | faites | faire | tap(?:e[rsz]?|ez|é) | compos(?:e[rsz]?|ez|é)
      | saisi(?:[rst]|ssez)? | entre[rsz]? | rentre[rsz]? | pianot\w{1,3} | mets | mettez
      | c['’]est | essa(?:ie|ye)[rsz]? )
    \s (?:(?:le|la|les|toujours|plutôt|code|chiffres|num[ée]ro|combi(?:naison)?|d['’]abord)\s){0,3}
    :?\s? (?P<secret> (?=[A-Z]?\d) (?!3\d{3}(?!\w)) (?: [A-Z]?\d{3,8}[A-Z]?[*#]? | [A-Z]\d{2,4}[A-Z]
      | \d(?:[ .-]\d){3,7}(?:[ -]?[A-Z*#])? | [*#]\d{3,8}[*#]? | \d\d[ ]\d\d(?=\s(?:puis|et)\s) ) )
    (?! [\w°%€/] | [.,:-]\d | [ ]\d\d(?!\d?\s(?:puis|et)) | [^\S\n]?(?:euros?|€|m²|m\b|km|h\b|ans
      |jours
      |places|repas|%|fois|heures|pages|kg|cm|mm|litres|L\b) )""",
    re.VERBOSE,
)
"""`fais le 4471B sur le clavier`"""

_YEAR = re.compile(r"(?:19|20)\d\d")
_BY_SMS = re.compile(
    r"""(?<!\w)(?:SMS|OTP|texto|double\sauthentification|code\s(?:de\s)?(?:v[ée]rif\w{0,8}|validation
      |confirmation|signature|s[ée]curit[ée]|à\susage\sunique))(?!\w)
    [^\n]{0,70}? (?<![\d+])(?: saisi\w? | re[çc]u\w? | entr[ée]\w? | tap[ée]\w? | valid[ée]\w?
      | communiqu[ée] | renseign[ée] | c['’]est | est | : | = | code | OTP )
    \s (?:(?:le|n°|:|code|«)\s){0,2}
    (?P<secret> \d{3}[ -]?\d{3} | \d{4,8} | [A-Z]-?\d{4,6} | \d(?:[ ]\d){3,5} )
    (?! [\w/%€] | [ .-]?\d | [.,]\d | [^\S\n](?:euros?|€|SMS|caract) )""",
    re.VERBOSE | re.IGNORECASE,
)
"""`code SMS envoyé au 06…, saisi 220 418`"""


def told_codes(text: str, lowered: str) -> Iterator[tuple[int, int]]:
    """Yield the passwords and codes told; `lowered` is the text in small letters."""
    if any(sign in lowered for sign in _SIGNS):
        for match in _MIXED.finditer(text):
            start, end = match.span("secret")
            near = _OF_A_PASSWORD.search(text, max(0, start - _NEAR_CHARS), start)
            if end - start >= _MIN_CHARS and (
                near or _OF_A_PASSWORD.search(text, end, end + _LOCK_CHARS)
            ):
                yield start, end
        yield from (match.span("secret") for match in _PROVISIONAL.finditer(text))
    if any(sign in lowered for sign in _LOCKS):
        for match in _TYPED.finditer(text):
            start, end = match.span("secret")
            if not _YEAR.fullmatch(match["secret"]) and _OF_A_LOCK.search(
                text, max(0, start - _LOCK_CHARS), end + _LOCK_CHARS
            ):
                yield start, end
    if "sms" in lowered or "otp" in lowered or "code" in lowered or "authentif" in lowered:
        yield from (match.span("secret") for match in _BY_SMS.finditer(text))
