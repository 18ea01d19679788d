# SPDX-License-Identifier: EUPL-1.2
"""Homes that a sentence tells, without an address.

    Mme Petit habite au 3 de la rue · logé au 12 de l'impasse des Lilas
    elle vit derrière l'église, la maison aux volets bleus
    la maison de Mme Petit, au bout du chemin des Vignes
    elle a emménagé à La Haie-aux-Moines · [PERSONNE_1], Le Pré Haut, Fontclaire

A verb of living, or someone's house, comes first: works, closed streets and schools are told with
the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.normalise import CAPITAL
from guardrails.recognizers.owners import PUBLIC_PLACE

_LIVES = r"""(?: habit(?:e|ent|ons|ez|ait|ant) | demeur(?:e|ent|ons|ait|ant)
  | r[ée]sid(?:e|ent|ons|ait|ant) | (?:je|il|elle|on|nous|qui|et)\s(?:vi[ts]|vivent|vivons|vivait)
  | log(?:e|ent|eons|[ée]e?s?) | h[ée]berg[ée]e?s? | domicili[ée]e?s? )
  (?: \s (?:toujours|encore|actuellement|d[ée]sormais|maintenant|seule?|bien|juste|ici) ){0,2}
  ,?\s"""
_WORD = rf"[{CAPITAL}][\w'’-]{{1,25}}"
_NAME = rf"""(?: (?:L[ae]s?[^\S\n]|L['’]) {_WORD} (?: [^\S\n] (?: (?:de|du|des|la|le|les|en
    |aux?)[^\S\n] | [ld]['’] ){{0,2}} {_WORD} ){{0,3}} )"""
_WAY = r"""(?: rue | avenue | impasse | all[ée]e | place | chemin | route | boulevard | quai
  | ruelle | sentier | venelle | r[ée]sidence | lotissement | cit[ée] | hameau | voie | passage )"""
_WHERE = r"""(?: derri[èe]re | devant | en\sface | [àa]\sc[ôo]t[ée] | pr[èe]s\sd | au-dessus
  | au-dessous | au\sbout | au\sfond | [àa]\sl['’](?:angle|entr[ée]e|or[ée]e)
  | au\s(?:coin|carrefour|pied)\sd | juste\s(?:apr[èe]s|avant)
  | (?:apr[èe]s|avant|entre)\s(?:le|la|les|l['’]) )"""
_HOUSE = r"""(?: l[ae]\s(?:derni[èe]re\s|premi[èe]re\s|petite\s|grande\s)?(?:maison|ferme|villa
  |b[âa]tisse|pavillon|immeuble) )"""
_TO_THE_END = (
    rf"""[^,.;:!?()\n]{{2,70}} (?: ,\s (?= {_HOUSE} | {_WHERE} ) [^,.;:!?()\n]{{2,60}} ){{0,2}}"""
)

_TOLD = (
    re.compile(
        rf"""(?<!\w){_LIVES} (?:au|[àa]|le)\s (?P<home> (?:n°\s?|num[ée]ro\s)? \d{{1,4}}
          (?:\s?(?:bis|ter))? ,?\s (?:de|dans)\s (?: (?:la|cette|notre|ma|sa|le|ce)\s | l['’] )
          (?:m[êe]me\s)? {_WAY} (?: \s (?:(?:de|du|des|la|le|les)\s | [ld]['’] ){{0,3}}
          (?-i:{_WORD}) (?:\s(?-i:{_WORD})){{0,3}} )? ) (?!\w)""",
        re.VERBOSE | re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\w){_LIVES} (?P<home> (?: {_WHERE} | {_HOUSE} ) {_TO_THE_END} )",
        re.VERBOSE | re.IGNORECASE,
    ),
    re.compile(
        rf"""(?<!\w)(?: maison | appartement | logement | domicile | ferme | portail )
        \s (?:de\s|des\s|d['’]|[àa]\s) (?: (?:M\.|MM\.|Mmes?|Mlle|Monsieur|Madame|la\sfamille)\s
          [^,.;\n]{{2,30}} | \[PERSONNE_\d+\] ) ,\s (?P<home> {_WHERE} {_TO_THE_END} )""",
        re.VERBOSE | re.IGNORECASE,
    ),
    re.compile(
        rf"""(?<!\w)(?: s['’]est\sinstall[ée]e? | (?:est|suis|sont)\sparti(?:e|s|es)?\svivre
          | (?:a|ont|ai|avons)\s(?:em|d[ée])m[ée]nag[ée] )
        \s (?:(?:[àa]|de|vers|pour|dans|sur|au|du)\s)? (?P<home> (?-i:{_NAME}) ) (?!\w)""",
        re.VERBOSE | re.IGNORECASE,
    ),
)
_BESIDE_SOMEBODY = re.compile(
    rf"""\[PERSONNE_\d+\] [^\S\n]?[,–-][^\S\n] (?P<home> (?: {_NAME}
        | (?: Mas | Moulin | Ferme | Domaine | Villa | Hameau | Lieu-?\s?[Dd]it | Quartier | Clos )
          [^\S\n] (?:(?:de|du|des|la|le|les|del|di|d[oae])[^\S\n]|[ld]['’]){{0,2}} {_WORD}
          (?:[^\S\n]{_WORD}){{0,2}} )
      (?: ,?[^\S\n] (?:\d{{5}}[^\S\n])? {_WORD} )? )
      (?= [^\S\n]?(?:[;.)\n–]|,[^\S\n](?![{CAPITAL}])|\Z) )""",
    re.VERBOSE,
)
"""The guard looks again once the names are hidden: a place beside one is where it lives; not so in
a list, where another capital follows: `[PERSONNE_1], Le Moulin, Les Pins, …`."""

_NO_HOME = re.compile(
    r"(?:L[ae]s?\s|L['’])(?:Maire|Pr[ée]sident|Pr[ée]fet|Directeur|Adjoint|Poste)"
)


def homes_told(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a home told in a sentence starts and ends."""
    for pattern in _TOLD:
        for match in pattern.finditer(text):
            yield match.start("home"), match.start("home") + len(match["home"].rstrip(" -–"))
    if "[PERSONNE_" in text:
        for match in _BESIDE_SOMEBODY.finditer(text):
            if not (PUBLIC_PLACE.search(match["home"]) or _NO_HOME.match(match["home"])):
                yield match.span("home")
