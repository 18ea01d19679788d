# SPDX-License-Identifier: EUPL-1.2
"""Homes without a street: a house, a boat, a room, or the number alone.

    dernière adresse : Le Clos Haut, entrée 2, 33999 Fontclaire     a label that calls a place
    j'habite le mas de la fontaine                                  a verb, and a kind of house
    foyer Haut, ch. 218 · péniche « Lune », ponton 4                a house of many, and the room
    j'habite en face, au 15 · même rue, n° 6                        the number of a street told
      before
    3. Claire Arran, écluse 14                                      a list of people

A hotel, a camp or a home for the old is a public place; with a room it is where someone lives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.normalise import CAPITAL
from guardrails.recognizers.dates import MONTH
from guardrails.recognizers.owners import OWNER, PUBLIC_PLACE, last_of

_G = r"[^\S\n]{1,3}"
_LINK = r"(?: (?:de|du|des|la|le|les|en|sur|sous|lès|aux?|à|et)[^\S\n] | [ld]['’] )"
_POSTCODE = r"(?:\d{2}[ ]?\d{3}(?!\d))"
_NO_PERSON = (
    r"(?! (?-i: MM?\.?\s|Mmes?\b|Mlle|Mr\b|Me\b|Monsieur|Madame|Maire\b|Tél|Né|NÉ|NIR|CCAS|DDN"
    r"|Objet|Signature"
    r"|Il\b|Elle\b|Je\b|Nous\b|Vous\b|Le\s\d) )"
)
_WORD = rf"""(?: {_NO_PERSON} (?-i:[{CAPITAL}])[\w'’.-]{{0,30}}
  | \d{{1,5}}[A-Za-z]{{0,2}}(?![\w/]) | [«\"“][^»\"”\n]{{2,40}}[»\"”] )"""
_ROOM_WORD = r"""(?: b[âa]t(?:iment)?\b\.? | app?t?\b\.? | appartement | esc(?:alier)?\b\.?
  | [ée]t(?:age)?\b\.? | porte | pte\b\.? | ch\. | chb\b\.? | chambre | logt\b\.? | lgt\b\.?
  | logement | lit | studio | emplacement | empl\b\.? | place | ponton | anneau | bungalow
  | mobil-?home | chalet | caravane | case | maison | entr[ée]e | hall | tour | bloc | lot\b\.? )"""
_CODE = r"(?: (?:n°\s?)? (?: \d{1,4}[A-Z]? | (?-i:[A-Z])\d{0,3} ) (?!\w) )"
_ROOM = rf"(?: {_ROOM_WORD} [^\S\n]{{0,2}} {_CODE} )"
_END_ROOM = r"""(?: dernier\s[ée]tage | fond\sde\scour | rez[\s-]de[\s-](?:jardin|chauss[ée]e)
  | rdc\b | \d{1,2}(?:er|[eè]me|e)\s[ée]t(?:age)?\b\.? )"""
_RUN = rf"(?: {_WORD} (?: {_G} {_LINK}{{0,3}} {_WORD} ){{0,6}} )"
_PART = rf"(?: {_ROOM} | {_END_ROOM} | {_LINK}{{0,2}} {_RUN} )"
_NEXT = rf"(?: [^\S\n]?[,–-]{_G} | {_G} (?={_ROOM}) )"
_CHAIN = rf"(?: {_PART} (?: {_NEXT} {_PART} ){{0,5}} )"
_TAIL = rf"""(?: [^\S\n]? \([^()\n]{{1,30}}\) )?
  (?: (?: [^\S\n]?[,–-]\s | [^\S\n]?\n[^\S\n]{{0,80}} | {_G} ) (?: {_ROOM} | {_END_ROOM} ) ){{0,4}}
  (?: {_G} (?:rue|route|chemin|avenue|boulevard|impasse|quai)\s[^\n,;.\d]{{3,40}}?
    (?=[^\S\n]{_POSTCODE}) )?
  (?: (?: [^\S\n]?[,–-]{_G} | {_G} | [^\S\n]?\n[^\S\n]{{0,80}} ) {_POSTCODE}
    (?: [^\S\n] {_RUN} )? | [^\S\n]?,{_G} (?: Z\.?[AI]C?E?\b | (?:rue|route|chemin|avenue|impasse
      |quai|zone)\b ) {_G} {_LINK}{{0,3}} {_RUN} )?"""

_CALLED = re.compile(
    rf"""(?<![\w’']) (?=[adricnje]) (?: demt\b\.? |
      dern(?:i[èe]re|\.)\s(?:adresse|adr\.?|r[ée]sidence)
      (?:\sconnue)?
        (?: \sen\sFrance )? | dernier\sdomicile (?:\sconnu)? | (?-i: ADR | Adr | adr ) \b\.?
          (?!\s\d{{1,4}}(?:[.,;)\n]|\Z))
      | r[ée]side(?:nt|\sactuellement|\sd[ée]sormais|\stoujours) | r[ée]sidant\sactuellement
      | dom\. | (?<!non\s)inscrite?(?=\s(?-i:[A-Z][\w-]+\s[A-Z][\w-]+),\s\d{{5}}) | chez\s(?:moi
        |nous),?\s(?:c['’]est[\s-]à[\s-]dire\s)?à(?=\s(?-i:[A-Z]))
      | (?:nous\s(?:vivons|habitons)|je\svis|(?:il|elle)\svit)\stoute\sl['’]ann[ée]e )
    (?: \set\sr[ée]sidant )? [^\S\n]{{0,3}} :? [^\S\n]{{0,3}} (?: (?: à|a|au|aux|dans | sise? )
      [^\S\n] )?
    (?P<home> (?! idem | cf | m[êe]me | en\s ) {_CHAIN} {_TAIL} )""",
    re.VERBOSE | re.IGNORECASE,
)
_PLACE_AND_CODE = re.compile(
    rf"[:–][^\S\n](?P<home>(?:L[ae]s?[^\S\n]|L['’])[{CAPITAL}][\w'’-]{{1,25}}(?:[^\S\n](?:(?:de"
    rf"|du|des|la)[^\S\n]){{0,2}}"
    rf"[{CAPITAL}][\w'’-]{{1,25}}){{0,3}},[^\S\n]\d{{5}})(?=[^\S\n]?(?:[\n.;)]|\Z))"
)
"""`dom. : Le Pré Haut, 33999`"""

_HOUSE = r"""(?: mas | moulin | ferme | ch[âa]teau | villa | hameau | lieu-?\s?dit | quartier
  | domaine | borde | locature | m[ée]tairie | p[ée]niche | cit[ée] | r[ée]sidence | lotissement |
    tour
  | section | coron | [ée]cluse | chalet | foyer | hlm | immeuble | b[âa]timent | habitation
  | tribu | clos | casa | casetta | maison(?=\s(?-i:[A-Z])) )"""
_LIVES = r"""(?: j['’ ]?habite | (?:il|elle|qui|on)\shabite | \(habite | habitons
  | log(?:e|ons|[ée]e?s?) | (?:je|il|elle)\s(?:vi[ts]|loge|r[ée]side|demeure)
  | nous\svivons | je\ssuis (?=\s(?:à|a|au|aux|dans)\s)
  | \([^()\n]{0,20}cel(?:ui|le) )"""
_STOP = (
    r"(?! (?:euh|depuis|et|est|c['’]est|qui|que|pour|mais|avec|sans|je|on|il|elle|apr[èe]s|avant|ou"
    r"|o[ùu]|dont|en\sface|face|car|se|ne|a|ont|sont|vers|chez|communale?|municipale?|scolaire)\b )"
)
_LOW = rf"(?: {_LINK}{{0,3}} {_STOP} [\w][\w'’-]{{1,25}} )"
_LIVED = re.compile(
    rf"""(?<!\w) (?=[jiqeohnl(]) {_LIVES} {_G}
    (?: (?:toujours|encore|actuellement|d[ée]sormais|maintenant|bien) {_G} )?
    (?: (?:à|a|au|aux|dans|du|de) {_G} )? (?: (?:l[ae]s?){_G} | l['’] )?
    (?P<home> {_HOUSE} {_G} {_LOW} (?: {_G} {_LOW} ){{0,2}}
      (?: ,? {_G} {_POSTCODE} {_G} {_RUN} )? ) (?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_LIVES_AT = re.compile(
    rf"(?<!\w)(?:qui\shabite|\(habite|habitant|loge|vi[ts])\s(?:le|la|les|aux?"
    rf"|l['’])\s?(?P<home>{_NO_PERSON}"
    rf"(?!Centre|Commune|Ville|M[ée]tropole|France|Europe|R[ée]gion"
    rf"|D[ée]partement)[{CAPITAL}][\w'’-]{{2,25}}"
    rf"(?:\s(?:de\s(?:la\s)?|du\s|des\s|aux\s|d['’])?[{CAPITAL}][\w'’-]{{1,25}}){{0,3}})",
    re.VERBOSE,
)
_HOST = re.compile(
    rf"""(?<![\w-]) (?=[fempucrhabvl])
    (?P<home> (?: foyer | ehpad | mapa | marpa | usld | pension | chrs | cada
        | r[ée]sidence (?:\s(?:autonomie|seniors?|universitaire|sociale|services))? |
          maison\sde\sretraite
        | h[ôo]tel (?!\sde\sville) | camping (?:\smunicipal)? |
          aire\s(?:d['’]accueil\s)?(?:des\s)?gens\sdu\svoyage
        | p[ée]niche | bateau | voilier | coron )
      (?: [^\S\n] (?: \([^()\n]{{1,30}}\) | {_LINK}{{0,2}} {_WORD} ) ){{0,6}}
      (?: [^\S\n]?[,–-]\s | [^\S\n]?\n[^\S\n]{{0,80}} | {_G} )
      (?: {_END_ROOM} [^\S\n]?[,–-]\s )? (?: {_ROOM} | (?:\w+\s)?halte\snautique | quai\s(?:de\s
        |du\s|des\s)?(?-i:[{CAPITAL}])[\w'’-]+
        | (?-i:[A-H])\d{{1,3}} (?!\w) )
      {_TAIL} )""",
    re.VERBOSE | re.IGNORECASE,
)
"""A public house and a room in it: together they say where somebody lives."""

_NOT_A_ROOM = re.compile(r"\s?(?:m\b|m[²2]|€|euros|places\b|lits\b|%)", re.IGNORECASE)
_MONTH_OR_FLOOR = (
    rf"(?! \s? (?: {MONTH} | [/.-]\d | h\b | heures | %|€|euros|ans\b|[èe]?me\b|e[r]?\b|[ée]tage"
    rf"|janvier) | [\d.,]*\d | \s?(?:à|au|et|-)\s?\d )"
)
_NUMBER = r"(?P<home>\d{1,4}(?:\s?(?:bis|ter|quater)\b)?)"
_NUMBER_ALONE = (
    re.compile(
        rf"""(?<!\w)(?: j['’ ]?habite | habitons | (?:il|elle|qui)\shabite | demeur(?:e|ant|ons)\b
          | j['’]?\s?demeure ) (?: \s (?!au\b|le\b) [^\s.;\d]{{1,20}} ){{0,5}} ,? \s (?: au | n°
            ) \s?
        (?: n°\s? | num[ée]ro\s )? {_NUMBER} {_MONTH_OR_FLOOR} (?= \s?[,.;)\n] | \s(?:depuis|et
          |mais)\b )""",
        re.VERBOSE | re.IGNORECASE,
    ),
    re.compile(
        rf"""(?: voisine?s? [^\n().;:]{{0,25}} | (?-i: MM?\.|Mmes?|Mlle|Mr ) \s (?-i:[{CAPITAL}])
          [^\n().;:,]{{1,30}} )
        (?: \s \( (?: au | n° ) \s? {_NUMBER} \) | , \s au \s (?P<at> \d{{1,4}} ) (?= \s de \s
          (?:ladite|cette|la
          \smême|notre|ma) \s ) )""",
        re.VERBOSE | re.IGNORECASE,
    ),
    re.compile(
        rf"""(?<!\w)(?: m[êe]me \s (?:rue|adresse|voie|impasse|avenue|all[ée]e|place|chemin
          |r[ée]sidence)
          | idem | id\. ) \s? ,? \s? (?: au \s (?:n°\s?)? | n° \s? | num[ée]ro \s ) {_NUMBER}
        {_MONTH_OR_FLOOR}""",
        re.VERBOSE | re.IGNORECASE,
    ),
    re.compile(
        rf"""(?: (?-i:MM?\.|Mr|Mmes?|Mlle|Monsieur|Madame) \s [^\n();:.,]{{2,40}} ,? \s? [,(] \s?
          n° \s?
          | ma \s (?:porte|maison|fen[êe]tre) [^\n().;]{{0,30}} \( \s? n° \s? )
        (?P<home> \d{{1,4}} (?:\s?(?:bis|ter)\b)? {_MONTH_OR_FLOOR} (?: , \s {_END_ROOM} )? )
          (?= \s? \) | \s de \s (?:l['’]|la\s|cette\s)? (?:avenue|rue|all[ée]e|place|impasse
            |m[êe]me) )""",
        re.VERBOSE | re.IGNORECASE,
    ),
)
_OF_SOMEONE = re.compile(
    rf"""(?<!\w)(?: MM?\. | Mmes? | Mlle | Monsieur | Madame | famille | propri[ée]taire\s: |
      demandeur\s: )
    (?: [^\S\n] (?: et | [{CAPITAL}][\w'’.-]{{0,25}} ) ){{1,5}} [^\S\n]? [,(–] [^\S\n]?
    (?P<home> (?:(?i:l[ea]s?)[^\S\n])? (?i: moulin | mas | ferme | borde | m[ée]tairie |
      lieu-?\s?dit | clos
      | hameau | domaine | p[ée]niche | ch[âa]let ) [^\S\n] (?: {_LINK} ){{0,2}} (?: [«"“]\s? )?
      [{CAPITAL}][\w'’-]{{1,25}} (?: [^\S\n] (?: {_LINK} ){{0,2}} [{CAPITAL}][\w'’-]{{1,25}}
        ){{0,3}} (?: \s?[»"”] )? )""",
    re.VERBOSE,
)
_ITEM = re.compile(
    rf"""^[^\S\n]{{0,10}} (?: \d{{1,3}}[.)] | [-–•+*>] ) [^\S\n]{{1,3}}
    (?P<who> (?: (?:MM?\.|Mmes?|Mr|Mlle|et|&|famille)[^\S\n] )? [{CAPITAL}][\w'’.-]{{1,25}}
      (?: [^\S\n] (?: et | & | [{CAPITAL}][\w'’.-]{{0,25}} ) ){{0,5}} ) , [^\S\n]
    (?P<home> (?:(?i:bateau|la|le|les)\s)? (?: (?i:{_HOUSE}) [^\S\n] (?: {_LINK} ){{0,2}}
      [^\n,;:—–]{{1,40}}?
        (?: ,\s \d{{1,2}}e (?!\w) (?:\s[ée]t(?:age)?\.?)? )? )
      | (?:au|n°)\s (?P<number> \d{{1,4}} (?:\s?(?:bis|ter))? ) )
    (?= [^\S\n]? (?: [—–:;,] | \n | \Z ) )""",
    re.VERBOSE | re.MULTILINE,
)
_NUMBER_OF = re.compile(
    r"(?<!\w)(?:voisine?s?|locataires?|occupante?s?|habitante?s?|riveraine?s?|gens|famille"
    r"|couple|dame|propri[ée]taires?)\s"
    r"(?:du|au)\s(?:n°\s?)?(?P<home>\d{1,4}(?:\s?(?:bis|ter))?)(?=\s?[,.;:)]"
    r"|\s(?!\w{3,9}\s\d{4})(?!\s?(?:janv|f[ée]vr|mars|avril|mai|jui|ao[ûu]t|sept|oct|nov"
    r"|d[ée]c))[a-z])",
    re.IGNORECASE,
)
"""`les voisins du 7`: a number that says a house, where a letter speaks of its own street."""

_OTHER_NUMBERS = re.compile(
    r"(?<!\w)(?:factures?|titres?|mandats?|bordereau|dossiers?|arr[êe]t[ée]s?|lots?|parcelles?"
    r"|places?"
    r"|lampadaires?|poteaux?|art(?:icle)?s?)(?!\w)[^\n]{0,40}\Z",
    re.IGNORECASE,
)
"""`facture n° 55, idem n° 56`"""

_COMPANY = re.compile(
    r"(?-i:\b(?:SARL|SASU?|SA|SCI|SNC|EURL|EARL|GAEC|SIREN|SIRET)\b)|(?:soci[ée]t[ée]"
    r"|association|entreprise|syndicat|si[èe]ge|titulaire|fournisseur)(?!\w)",
    re.IGNORECASE,
)
_BEFORE_CHARS = 60


def homes(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a home without a street starts and ends."""
    for start, end in _homes(text):
        yield start, start + len(text[start:end].rstrip(" .-"))


def _homes(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_CALLED, _LIVED, _LIVES_AT, _PLACE_AND_CODE):
        for match in pattern.finditer(text):
            clause = _clause(text, match.start())
            is_public = pattern is _PLACE_AND_CODE and PUBLIC_PLACE.search(clause)
            if not is_public and not _COMPANY.search(clause):
                yield match.span("home")
    for match in _HOST.finditer(text):
        if not _NOT_A_ROOM.match(text, match.end()) and not _COMPANY.search(
            _clause(text, match.start())
        ):
            yield match.span("home")
    for match in _NUMBER_OF.finditer(text):
        yield match.span("home")
    for pattern in _NUMBER_ALONE:
        for match in pattern.finditer(text):
            before = _clause(text, match.start())
            if last_of(PUBLIC_PLACE, before) > last_of(OWNER, before):
                continue
            if not _OTHER_NUMBERS.search(text, max(0, match.start() - _BEFORE_CHARS), match.end()):
                yield match.span("home" if match["home"] else "at")
    for match in _OF_SOMEONE.finditer(text):
        yield match.span("home")
    for match in _ITEM.finditer(text):
        if not PUBLIC_PLACE.search(match["who"]) and not _COMPANY.search(match["who"]):
            yield match.span("number" if match["number"] else "home")


def _clause(text: str, end: int) -> str:
    before = text[max(0, end - _BEFORE_CHARS) : end]
    return before[max(before.rfind(sign) for sign in ".;\n") + 1 :]
