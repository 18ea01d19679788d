# SPDX-License-Identifier: EUPL-1.2
"""Parcels that no word such as `parcelle` opens, where the text speaks of land.

    mon pré, la ZH 31    bornage … la B 417 et la B 418    le bois d'en face (C 92)
    Voisin M. Petit (AE 61)    remembrement : A-310, A-318 à 322 contre ZK/14

Two letters and a number need a word about land near; one letter needs besides what opens it:
an article, a verb of sale, a parenthesis. Zones of plans, roads, signs, models and classes have
the same shape: the word before them tells, or the letters.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

_SPEAKS_OF_LAND = re.compile(
    r"""(?<!\w)(?: parcell | cadastr | born(?:age|er\b) | g[ée]om[èe]tre | arpentage | remembrement
      | CCAF\b | am[ée]nagement\sfoncier | fonci[eè]r | [îi]lots?\s(?:PAC|\d) | indivi[sd]
      | usufruit | nue-propri[ée]t[ée] | contenance | lieu-?\s?dit | fermage | b[âa]ti\b | p[âa]tur
      | division\sde | quote-part | lotissement | mitoyen | empi[èe]t | au\sdroit\sd | enclav
      | riverain | voisine?s?\b | appartenant | portail | clôture | haies?\b | [ée]lagage
      | fonds\b(?!\sde) | pr[ée]s?\b(?=[\s,]) | bois\b | terres\b | terrains?\b | vignes?\b
      | champs?\b | vergers? | prairies? | jardins?\b | maison\b | grange | [ée]tang | plantations?
      | servitude\sde\spassage | droit\sde\spassage | semences?\b | c[ée]r[ée]ales | noyers
      | biens?\smis\s[àa]\sdisposition | r[ée]troc[ée]d | emprise | d[ée]laiss[ée] | alignement
      | implantation | bail\b | hangar | agricole | sans\sma[îi]tre | captage
      | cession\b | c[éè]d(?:er?|ons|e)\b | [ée]change\b | bandes?\sde\b | assise\b | poss[èée]d
      | pr[ée]empt | SAFER\b | expropri | \d{1,7}\s?m²
      | propri[ée]t[ée]s?\b | propri[ée]taires? | assiette\s | taillis | landes?\b | friches?\b
      | d[ée]membrement | succession | donation | hectares?\b | \d{1,5}\s?ha\b
      | \d{1,4}\s?a\s\d{1,2}\s?ca\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_LAND_BEFORE_CHARS = 160
_LAND_AFTER_CHARS = 80
_APART = re.compile(r"\n\s{0,3}(?:\n|[-•*–➤]\s)")
"""What ends a passage: a blank line, the next item of a list."""

_NUMBER = r"""(?: \d[ ]\d{3} | [1-9]\d{0,3} | 0\d{1,3} ) p? (?! [\w°] | [.,]\d | [-/][^\W\d]
      | /\d | \s?(?:m²|m2|m3|m(?![\w'’])|ha\b|a\b(?!\s[a-zé])|ca\b|€|euros?|%
      |km\b|kg\b|ans\b|h\b|lits\b|t\b|cm\b
      |mm\b) )"""
_JOINT = r"""(?: [^\S\n]?(?:(?P<hyphen>-)|[–./])? | ,[^\S\n] | [^\S\n]n[°º]s?[^\S\n]?
      | [^\S\n]sous\sle\snum[ée]ro[^\S\n] )"""
_NOT_A_SECTION = r"""(?! C[ME][12](?!\d)
      | (?: RD|RN|VC|PC|DP|PA|PD|NF|EN|U[A-Z]|LO|TF|LR|ER|RE|RT|PV|GR|DN|PN|IP|IK|EI|HT
      |PT|EL|GS|QF|IM|IB|PR|PK|VL|PL|MC|OS|TC|PM|TN|FR|IN|PE|EP|KV|HP|LE|LA|MM|ST|SP|RU|TP|TD|NO|ON
      |JO|FA|FS|WC|TV|ID|ML|LU|SI|JE|IL|MA|SA|TA|ME|SE|TE|NE|IR|IS|GF|CG|KR ) )"""
_AMBIGUOUS = frozenset(
    {"AC", "AN", "AT", "AU", "AV", "BC", "BL", "BP", "BT", "CD", "CE", "CM", "CN", "CO", "CP", "CR"}
    | {"CS", "CU", "CV", "DA", "DE", "DL", "DU", "ET", "EU", "HA", "RA", "UN", "ZA", "ZI"}
)
"""Sections that are as often a class, a road, an order: they ask for what opens one letter."""

_TWO = re.compile(
    rf"""(?: (?<![\w./'’-])(?<!\d[ ]) | (?<=[( ]ex-) ) (?: \d{{3}}[^\S\n]? )? {_NOT_A_SECTION}
      (?P<section>[A-Z]{{2}})
    {_JOINT} {_NUMBER} (?! [^\S\n][A-Z]{{2}}(?!\w) | -\d{{3}} ) (?(hyphen) (?!-\d) )""",
    re.VERBOSE,
)
_ONE = re.compile(
    rf"""(?: (?<![\w./'’-]) | (?<=[( ]ex-) ) (?: 000[^\S\n]? )? (?!N-1(?!\d)|T\.|T[ ]?[1-9](?!\d)
      |F[ ]?[1-9](?=,?\s(?:de\s)?\d{{1,3}}\s?m)) 0?[A-Z]
      (?: [^\S\n]?[-/]? | (?<![LRDAM])\.[^\S\n]? | [^\S\n]n[°º][^\S\n]? )
    {_NUMBER} (?! -\d | [ ]\d\d[ ]\d | [^\n]{{0,40}}\bcode\b )""",
    re.VERBOSE,
)
_SMALL = re.compile(
    r"""(?<![\w’']) (?:la|ma)\s (?P<parcel> (?!rd|rn|vc|cr|cd|cm|ce|cp|tv|n\s|d\s|un) [a-z]{1,2}
    \s?\d{1,4} ) (?= \s?[,.;)\n] | \s(?:est|et|pas|ou|qui|avec|de|à)\b | \Z )""",
    re.VERBOSE,
)
"""`ma zk 14`, in small letters."""

_OPENS = re.compile(
    r"""(?: (?<!\w) (?: la | ma | ta | sa | une | les | mes | ses | nos | vos | leurs? | celle
        | et | en
        | sur | (?:moiti[ée]|partie|tiers|quart|reste|bout|limite|bord|droit)\sde
        | contre | pour | assise
        | puis | dont | d[ée]sormais | devenu\w{0,2} | anciennement | ancien\w{0,4}
        | soit | savoir | num[ée]ros? | fonds(?:\s(?:servant|dominant))? | biens? | passages?
        | division\sde | quote-part\sde
        | re[çc]oi\w{1,3} | donne\w{0,3} | prend | prennent | divis[ée]e?s?\sen
        | (?:apport|c[èé]d|acqui|[ée]chang|vend|ach[èe]t|poss[èe]d|exploit|lou)
          \w{1,6} )
      [^\S\n]? :? \s | [,;:+|│] \s | \( | [│|/] )
    (?: ex-? [ ] | n[°º][ ]? )? \Z""",
    re.VERBOSE | re.IGNORECASE,
)
"""What comes right before a section of one letter, where a parcel is named."""

_OTHER = re.compile(
    r"""(?<!\w)(?: (?:sous-)?(?:zone|secteur)s? | zonage | PLUi?\b | plants? | vitamine | routes?
      | d[ée]partementales?
      | rocade
      | rond-?point\sde | carrefour\sde | croix\sde | giratoire | autoroutes? | panneaux?
      | balises?
      | signalisation | types? | mod[èe]les? | marques? | cat[ée]gories? | cat\. | classes?
      | s[ée]ries?
      | normes? | plans? | planches? | bureaux? | salles? | hall | b[âa]t(?:iments?|\.) | portes?
      | emplacements? | empl\. | all[ée]es? | tranches? | lignes? | arr[êe]ts? | quais? | bornes?
      | tampons?(?:\sfonte)? | grilles? | b[ée]ton | fonte | tarifs? | codes? | articles? | art\.
      | annexes? | pi[èe]ces? | cotes? | bulletins? | contravention | tableaux? | points?
      | carr[ée]s?
      | tennis | courts? | servitudes? | p[ée]rim[èe]tres? | pistes?(?:\sDFCI)?
      | chemins?(?:\sd['’]exploitation)?
      | guichet | vestiaire | d[ée]faut | erreur | tombes? | concessions? | cages? | escaliers?
      | [ée]tages? | appartements? | apts? | logements? | lots? | groupes? | niveau
      | c[âa]ble | papier | piles | toner | compteurs? | calibre | profils? | coupes? | foss[ée]s?
      | vannes? | regards? | poteaux? | candélabres? | parkings? | places? | box | garages?
      | casiers?
      | bacs? | titres? | factures? | devis | r[ée]f\. | r[ée]f[ée]rences? | d[ée]lib\w{0,9}
      | arr[êe]t[ée]s?
      | chapitres? | comptes? | feux | fiches? | feuillets? | pages? | p\. | registres?
      | version | v\. | puits
      | sondages? | forages? | stations? | postes? | transfo\w{0,10} | r[ée]seaux? | canalisations?
      | tuyaux?
      ) \b\.? (?: [^\S\n]?:? [^\S\n]? [(«"]? ) (?: (?:n[°º]s? | la | les | de | du
      | des) [^\S\n]? ){0,2}
      (?: [A-Z]{1,2}[^\S\n]?\d{0,4} (?: [^\S\n]?\([^()\n]{0,20}\) )? (?: ,[^\S\n]?
      | [^\S\n](?:et|ou|à)[^\S\n] )
      ){0,4} \Z""",
    re.VERBOSE | re.IGNORECASE,
)
"""A word that says what else the letters are, and the list that it opens."""

_OTHER_CHARS = 60
_OPENS_CHARS = 24
_ROADS = frozenset("DN")
_OF_A_ROAD = re.compile(r"(?<!\w)(?:la|une|sur|par|cette|puis|et|ou|vers)\s\Z", re.IGNORECASE)
_ROAD_ALONE = re.compile(r"\([DN][ ]?\d{1,4}(?:\)|\s[^\d/])")
_OF_SOMEONE = re.compile(r"[DN][ ]?\d{1,4}\s(?:de|à|appartenant\sà)\s(?:M\.|Mr\b|Mmes?\b|MM\.)")
_SOMEONES = re.compile(r"\s(?:de|à|appartenant\sà|chez)\s(?:M\.|Mr\b|Mmes?\b|MM\.)\s[A-Z]")
_BARE = re.compile(
    r"""(?<!\w)(?: (?:la|ma|sa|ta)[ ] (?P<parcel> \d{1,4}
      (?: \s(?:de\sla|section)\s[A-Z]{1,2}(?!\w) )? )
      (?= \s?[.,;)»!?\n] | \s(?:est|sont|et|ou|avec|qui|appartient|contre|à\smoi|me\b|de\smon)
      | \Z )
    | (?P<turned> n[°º]\s?\d{1,4}\sde\sla\s(?:m[êe]me\s)?section (?:\s[A-Z]{1,2}(?!\w))? ) )""",
    re.VERBOSE,
)
"""`la 33`, `ma 310`: a number alone, after a parcel or where bounds are set."""

_CADASTRE = re.compile(r"cadastr|parcell", re.IGNORECASE)
_BOUNDS = re.compile(r"(?<!\w)(?:born(?:age|er|es)\b|parcell|cadastr|remembrement)", re.IGNORECASE)
_BARE_REACH_CHARS = 200


class Land:
    """Where a text speaks of land."""

    def __init__(self, text: str) -> None:
        """Find the words once: a text full of letters and numbers asks for them often."""
        self._text = text
        self._words = [match.start() for match in _SPEAKS_OF_LAND.finditer(text)]

    def is_near(self, start: int, end: int) -> bool:
        """Tell whether a word about land stands in the same passage, before or just after."""
        index = bisect_left(self._words, start)
        after = self._words[index] if index < len(self._words) else None
        if (
            after is not None
            and after - end <= _LAND_AFTER_CHARS
            and not _APART.search(self._text, end, after)
        ):
            return True
        before = self._words[index - 1] if index else None
        return (
            before is not None
            and start - before <= _LAND_BEFORE_CHARS
            and not _APART.search(self._text, before, start)
        )


def references(text: str) -> Iterator[tuple[int, int]]:
    """Yield sections with their numbers, where the text speaks of land."""
    land = Land(text)
    for match in _TWO.finditer(text):
        start, end = match.span()
        if (
            (
                land.is_near(start, end)
                or _CADASTRE.search(text, max(0, start - 300), start)
                or (_SOMEONES.match(text, end) and _is_opened(text, start))
            )
            and not is_something_else(text, start)
            and (match["section"] not in _AMBIGUOUS or _is_opened(text, start))
        ):
            yield start, end
    for match in _ONE.finditer(text):
        start, end = match.span()
        if (
            _is_opened(text, start)
            and land.is_near(start, end)
            and not is_something_else(text, start)
            and not _is_a_road(text, start)
        ):
            yield start, end
    for match in _SMALL.finditer(text):
        if land.is_near(*match.span()):
            yield match.span("parcel")


def _is_opened(text: str, start: int) -> bool:
    return bool(_OPENS.search(text, max(0, start - _OPENS_CHARS), start))


def _is_a_road(text: str, start: int) -> bool:
    """Tell whether `la D 820`, `(A 20)` stand there; a list of them in brackets is no road."""
    return (
        text[start] in _ROADS
        and not _OF_SOMEONE.match(text, start)
        and bool(
            _OF_A_ROAD.search(text, max(0, start - 8), start)
            or (start and _ROAD_ALONE.match(text, start - 1))
        )
    )


def is_something_else(text: str, start: int) -> bool:
    """Tell whether the words before say a zone, a sign, a model…"""
    return bool(_OTHER.search(text, max(0, start - _OTHER_CHARS), start))


def bare_numbers(text: str, found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield `la 33`, `n° 12 de la même section`, below parcels found or words about bounds."""
    ends = sorted(end for _, end in found)
    for match in _BARE.finditer(text):
        start = match.start()
        before = bisect_left(ends, start)
        is_near = before > 0 and start - ends[before - 1] <= _BARE_REACH_CHARS
        if is_near or _BOUNDS.search(text, max(0, start - _LAND_BEFORE_CHARS), start):
            yield match.span("parcel" if match["parcel"] else "turned")
