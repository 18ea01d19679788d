# SPDX-License-Identifier: EUPL-1.2
"""Codes of doors, alarms, safes and key boxes, and keys of wireless networks.

    le code du portail est le 2580A, celui du local : 190733    combinaison 7714
    digicode 5 8 0 2 A    wifi changé ? j'ai toujours carottes2023

A word of the lock comes first, then a code: digits that a letter, a star or a hash may join, in
groups or one by one. Once said, a second code may follow: `non, changé → B8319#`. Codes of law,
of posts and of accounts stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CODE = re.compile(
    r"""(?<!\w) (?: code (?! s?\s{1,2}(?: postal|postaux|insee|ape\b|naf\b|civil|g[ée]n[ée]ral
      |p[ée]nal|rural
        |[ée]lectoral|forestier|officiel|article|produit|nature|fonction|barres?|guichet|banque|monétaire
        |[ée]tablissement|couleur|commune|rome|cpv|siren|siret|budget|comptable|analytique|bic|swift
        |ean|service|client|famille|foyer|usager|redevable|abonn[ée]|agent|lecteur|tiers|rivoli|fantoir
        |majic|ex\.|tva|action|taxe|op[ée]ration|d[ée]partement|territoire|pays|langue|ogec|uai
        |de\s(?:la\s(?:route|sant[ée]|s[ée]curit[ée]|construction|commande|voirie|consommation
          |propri[ée]t[ée]|famille|recherche|m[ée]thode)|l['’]|proc[ée]dure|justice|commerce|d[ée]ontologie
          |conduite|bonne)
        |du\s(?:travail|sport|patrimoine|tourisme|cin[ée]ma|service\snational|commerce) | des\s ) )
      | cadenas | combinaison | bo[îi]te\s[àa]\s(?:cl[ée]s?|codes?) | bo[îi]te(?=\s\d(?:[.-]\d){3})
      | digicode | alarme | coffre(?:-fort)?
      | portail(?=\s?[:=]\s?[A-Z]?\d{4})
      | interphone | portillon | code\s(?=PIN|PUK) )
    (?!\w) (?: [^\d\n.;|€]{0,40}? (?: \d\schiffres[^\d\n]{0,10}? )? ) [\s:=(«"]{1,3}
    (?P<secret> (?= [\dA-Z*# ]{0,12}\d )
      (?: [A-Z*#]?\d{4,8}[A-Z*#]{0,2} | \d{1,4}[A-Z#*]\d{0,4}[*#]?
      | [A-Z]\d{2,4}[A-Z]\d? | \d(?:[ .-]\d){3,7}(?:[ ][A-Z*#](?!\w))? | [*#]\d{3,8}[*#]?
      | \d\d[ ]\d\d[ ]?(?-i:[A-Z*#]) | (?-i:[A-Z])[ ]\d{4,6} ) )
    (?! [\w°%€/] | [.,-]\d | [^\S\n](?:euros?|€|ans|m²|m\b|km|h\b|L\b|litres|%) )""",
    re.VERBOSE | re.IGNORECASE,
)
"""`le code du portail des ateliers est le 2580A`, `cadenas 4 8 8 1`"""

_OTHER = re.compile(
    r"""(?: (?<!\w)celui\sd(?:u|e\sla)\s[^\d\n.;]{3,25}[\s:]{1,3}
      | (?: → | -> | => | (?<!\w)(?:puis|ou|désormais|maintenant|nouveau(?:\scode)?|devient
        |remplacé\spar|(?:re)?chang[ée]e?(?:\s(?:en|par|pour|lundi|hier))?) ) [\s:]{1,3} | [ ]/[ ] )
    (?P<secret> [A-Z*#]?\d{3,8}[A-Z*#]{0,2} )
    (?! [\w°%€/] | [.,]\d | [^\S\n](?:euros?|€|ans|m²|km|%) )""",
    re.VERBOSE,
)
"""After a code: `celui du coffre : 190733`, `changé → B8319#`."""

_PADLOCK = re.compile(
    r"(?<!\w)(?:cadenas|combinaison)(?!\w)[^\d\n.;|€]{0,30}?[\s:=(]{1,3}"
    r"(?P<secret>\d{3}|\d\d(?:[ -]\d\d){1,3})"
    r"(?![\w°%€/-]|[.,]\d|[^\S\n](?:\d|euros?|€|m\b|mm\b|cm\b|%))",
    re.IGNORECASE,
)
"""Three wheels are enough for a padlock."""

_OTHER_CHARS = 80
_YEAR = re.compile(r"(?:19|20)\d\d")
_SIGNS = (
    "code",
    "cadenas",
    "alarme",
    "coffre",
    "portillon",
    "portail",
    "combinaison",
    "interphone",
    "à clé",
    "boîte",
    "boite",
)

_WIFI = re.compile(
    r"(?<!\w)wi-?fi\b[^\n.]{0,45}?\b(?:cl[ée]|code|mdp|mot\sde\spasse)\s?[:=]?\s?[\"«“]?\s?"
    r"(?P<secret>(?=[^\s»\"]*[\d\W_])[^\s\"«»“”]{6,63})",
    re.IGNORECASE,
)
_WORD_AND_NUMBER = r"[^\W\d_]{4,20}[*+#@$&!_-]?\d{2,6}[!*#]?"
_WIFI_SAID = re.compile(
    rf"(?<!\w)(?i:wi-?fi)\b[^\n.;]{{0,40}}?(?:\b(?:tjs|toujours|c['’]est|est|c)\s|[:=→]\s?)"
    rf"(?P<secret>{_WORD_AND_NUMBER})(?![\w-])"
)
"""In a chat: `wifi changé ? j'ai toujours carottes2023`"""

_ANSWER = re.compile(
    rf"[^\n]{{0,30}}\n[^\n:]{{0,30}}:\s(?P<secret>{_WORD_AND_NUMBER})(?=\W{{0,4}}(?:\n|\Z))"
)
"""The line after it, when a word of that kind is all it says."""


def door_codes(text: str, lowered: str) -> Iterator[tuple[int, int]]:
    """Yield the codes of doors, locks and machines; `lowered` is the text in small letters."""
    if not any(sign in lowered for sign in _SIGNS):
        return
    for match in _CODE.finditer(text):
        if not _YEAR.fullmatch(match["secret"]):
            yield match.span("secret")
            if other := _OTHER.search(text, match.end(), match.end() + _OTHER_CHARS):
                yield other.span("secret")
    yield from (match.span("secret") for match in _PADLOCK.finditer(text))


def wifi_keys(text: str) -> Iterator[tuple[int, int]]:
    """Yield the keys of wireless networks."""
    for match in _WIFI.finditer(text):
        yield match.start("secret"), match.start("secret") + len(match["secret"].rstrip(".,;:)"))
    for match in _WIFI_SAID.finditer(text):
        yield match.span("secret")
        if answer := _ANSWER.match(text, match.end()):
            yield answer.span("secret")
