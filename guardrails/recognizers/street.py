# SPDX-License-Identifier: EUPL-1.2
"""The pieces of a French postal address, as one pattern with a group for each kind.

    street   12 bis rue des Lilas          a house number, a type, a name
    low      12 place de la liberté        the same, where the type has other uses and no capital
    named    rue des Lilas                 no number
    hamlet   lieu-dit Les Granges          Le Bourg
    unit     Bât. B, 3e étage, appt 4, résidence Les Pins
    box      BP 12, CS 30001, poste restante
    town     33999 Fontclaire CEDEX 2, Fontclaire (33999)
    free     demeurant ⟨La Haie aux Moines⟩
"""

from __future__ import annotations

import re
from importlib import resources

from guardrails.normalise import CAPITAL
from guardrails.recognizers.dates import MONTH


def _types() -> tuple[str, str]:
    """Return the alternations of the types that are certain, and of all."""
    lexicon = resources.files("guardrails") / "lexicons" / "street_types.txt"
    lines = [line for line in lexicon.read_text("utf-8").splitlines() if line and line[0] != "#"]
    certain = [line[1:] for line in lines if line[0] == "+"]
    return _alternation(certain), _alternation([line.lstrip("+") for line in lines])


def _alternation(words: list[str]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in ordered)


_CERTAIN, _EVERY = _types()
_TYPE_END = r"(?: (?<![.])\s{1,2} | (?<=[.])\s{0,2} )"

_LINK = r"(?: (?i:de|du|des|la|le|les|en|aux?|et|sur|sous|lès) \s{1,3} | (?i:de\s)? [ldLD]['’]\s? )"
_LETTERS = rf"[{CAPITAL}][^\W\d_]{{0,30}}"
# A name goes over the end of a line only after a word that calls the rest of it.
_CALLS_MORE = r"""(?: Professeur|Pr\.|Docteur|Dr\.|G[ée]n[ée]ral|Mar[ée]chal|Colonel|Capitaine|Pr[ée]sident|Sainte?|Ste?|Abb[ée]|Jean|Jacques|Pierre
    |Paul|Charles|Louis|Victor|Henri|Marie|[ÉE]mile|Jules|Fran[çc]ois|Georges|Albert|Andr[ée]|Antoine|Marcel|Maurice|Robert ) [^\S\n]? \n [^\S\n]{0,4}"""
_CAPITAL_WORD = rf"""(?: (?!C(?:EDEX|edex)\b) (?: {_LETTERS} (?: ['’-][^\W_]{{1,30}} ){{0,6}} | [{CAPITAL}][^\W\d_]{{0,3}}\. )
  | \d{{1,2}}(?:er)? [ ] (?i:{MONTH}) (?:[ ](?:19|20)\d\d)? )"""
_NAME = rf"(?: {_LINK}{{0,3}} (?: {_CALLS_MORE} )? {_CAPITAL_WORD} (?: [^\S\n]{{1,2}} {_LINK}{{0,3}} {_CAPITAL_WORD} ){{0,5}} )"

_STOP = r"(?! (?:pour|et|est|sur|dans|depuis|avec|par|qui|que|je|mon|ma|afin|car|il|elle|on|nous|vous|ne|se|ce|un|une|dont|entre|devant|sont|a|au|à) \b )"
_LOW_WORD = r"[a-zà-ÿœ\d][\w'’\-]{1,30}"
_LOW_NAME = rf"(?: {_LINK}{{0,3}} {_STOP} {_LOW_WORD} (?: [ ] (?:a[ ]|{_LINK}){{1,3}} {_STOP} {_LOW_WORD} ){{0,3}} )"
_LOW_REST = rf"(?: (?: [ ] {_STOP} [a-zà-ÿœ][\w'’\-]{{0,20}} ){{1,3}} (?= [^\S\n]?[,;)\n] | [ ]\d{{5}}\b | \Z ) )?"
_SHORT_REST = r"(?: [ ] (?!est\b|et\b|a\b|au\b|sur\b|le\b|la\b|du\b|de\b|à\b) [a-z]{1,3} (?= [^\S\n]?\n ) )?"

_NUMBER = r"""(?: (?: n°s? | no | num[ée]ro ) \s? )? (?! (?:19|20)\d\d \s?,?\s ) (?: \d{1,4} | [lI]\d{1,3} ) (?! \d ) (?: \s?[-/]\s?\d{1,4} ){0,2}
    (?: \s? (?: bis|ter|quater|quinquies | [A-Ha-h] (?! [\w'’.] ) ) )?"""
_TO_TYPE = r"(?: \s{0,2},\s{0,2} | \s{1,3} ) (?: (?: de\sla | de\sl['’] | du | des ) \s )?"

_POSTCODE = r"(?: (?: 0[1-9] | [1-8]\d | 9[0-578] ) [^\S\n]? [\dlO][\dlO]{2} (?!\d) )"
_COMMUNE = rf"""(?:
    (?: (?: L[ae]s? | L[AE]S? | Saint(?:e)? | Ste? | SAINTE? | STE? | Mont | Bois | Val | Vieux | Vieille | Grand | Petit | Notre | Ville ) [ -]
      | [LD]['’][ ]? )?
    [{CAPITAL}][^\W_]{{0,30}} (?: ['’-][^\W_]{{1,30}} ){{0,8}}
    (?: [ ] (?: (?: de|du|des|la|le|les|en|sur|sous|lès|et|aux? ) [ ] | [ld]['’] ){{1,2}} {_LETTERS} (?: ['’-][^\W_]{{1,30}} ){{0,4}} ){{0,2}}
    (?: [ ] (?! CEDEX\b ) [A-ZÀ-Þ][A-ZÀ-Þ'’-]{{1,30}} (?!\w) ){{0,5}}
)"""
_LOW_COMMUNE = rf"""(?: (?! euros?\b | habitants?\b | francs\b | exemplaires\b | logements\b | places\b | fois\b | m[²2] )
    [a-zà-ÿœ][\w'’\-]{{2,30}} (?: [ ] (?: (?:de|du|des|la|le|les|en|sur|sous)[ ] | [ld]['’] ){{1,2}} {_LOW_WORD} )? )"""
_CEDEX = r"(?: [\s,]{1,2} (?i:cedex) (?: [^\S\n]\d{1,2} (?!\d) )? )?"

_FREE_LABEL = r"""(?i: demeur(?:ant|e|aient|ait)s? (?:\s{1,2}(?:bien|actuellement|d[ée]sormais|ensemble|tous\sdeux))?
    | domicili[ée]{1,2}s? (?:\s{1,2}(?:fiscalement|actuellement))? | r[ée]sidant | (?:je|il|elle)\s(?:habite|r[ée]side|demeure|vis|vit) | j['’ ]?habite
    | nous\s(?:habitons|r[ée]sidons|demeurons|vivons) | adresse \s? : | domicile \s? : | cultivateur | [ée]leveur )"""

_PLACE_WORD = r"lieu|hameau|ferme|r[ée]sidence|b[âa]t|appartement|lotissement|immeuble|chez\b"
_HERE = rf"(?= [,\n][\s]{{0,2}} (?: {_POSTCODE} [ ]{_LETTERS} | (?:villa|b[âa]t|lot|appt|apt|esc)\b ) )"

PIECE = re.compile(
    rf"""(?<![\w/.,€])(?<!\d-)(?:
      (?P<street> (?<!\b[A-Z]{{2}}[ ]) {_NUMBER} {_TO_TYPE} (?:
            (?i:{_EVERY}){_TYPE_END} {_NAME} {_SHORT_REST}
          | (?i:{_CERTAIN}){_TYPE_END} {_LOW_NAME} {_LOW_REST} )
        | n°\s?\d{{1,4}} \s (?:de|dans) \s la \s même \s (?:rue|avenue|impasse|place|allée|route) )
    | (?P<low> {_NUMBER} {_TO_TYPE} (?i:{_EVERY}){_TYPE_END} {_LOW_NAME} {_LOW_REST} )
    | (?P<town> (?:FR?-)? {_POSTCODE} [, ;\t|]{{1,3}} (?: {_COMMUNE} | {_LOW_COMMUNE} ) {_CEDEX}
        | {_COMMUNE} {_CEDEX} [ ] \( {_POSTCODE} \) )
    | (?P<box> (?: B\.?P\.? | C\.?S\.? | T\.?S\.?A\.? | (?i:bo[îi]te\spostale) ) \s? (?:n°\s?)? \d{{1,6}} (?!\w) | (?i:poste\srestante) )
    | (?P<unit> (?i: b[âa]t(?:iment)?\b\.? | appartement | appt?\b\.? | apt\b\.? | esc(?:alier)?\b\.? | [ée]tage | porte | lot | villa
            | entr[ée]e | hall | tour | bloc | logement | chambre | studio ) (?: \s{{0,2}} (?:n°\s?)? (?: \d[A-Z0-9]{{0,3}} ) | \s{{1,2}} (?:n°\s?)? (?: [A-Z][A-Z0-9]{{0,3}} | [a-z] ) ) (?! [\w'’] | \s(?i:{_CERTAIN})\s )
        | (?i: apt|appt|appartement ) (?= \s\d{{1,4}}\s(?i:{_CERTAIN})\s )
        | \d{{1,2}}(?i: er | [eè]re | [eè]me | nd | e | ° ) \s (?i:[ée]tage) (?:\s(?:gauche|droite|face))? | (?i:rez-de-chauss[ée]e|rdc)\b
        | (?i: r[ée]s(?:idence|\.) | lotissement | copropri[ée]t[ée] | immeuble | hlm ) \s (?: {_NAME} | (?:les|la|le)\s[a-zà-ÿ]{{3,20}} ) )
    | (?P<hamlet> (?i: (?:au\s)?lieu(?:-|\s)?dit | hameau | ferme | moulin | mas | domaine | quartier | ch[âa]teau | section(?=\s[A-ZÀ-Þ][a-zà-ÿ]{{2}}) | habitation | tribu )
            \s (?: [«"“]\s? )? {_NAME} (?: \s?[»"”] )?
        | L[eE][ ](?:[Bb]ourg|BOURG)\b | (?: L[aeAE][sS]?[ ] | L['’] ) {_NAME} {_HERE} )
    | (?P<named> (?i:{_EVERY}){_TYPE_END} {_NAME}
        | (?i:{_CERTAIN}){_TYPE_END} {_LOW_NAME} (?= [ ,]{{1,3}}{_POSTCODE} ) )
    | {_FREE_LABEL} \s{{1,2}} (?: (?:à|a|au|aux|dans|en) \s (?: l['’] )? )? (?P<free> (?! (?i:{_PLACE_WORD}) ) (?: (?:la|le|les)\s | l['’] )? {_NAME} )
    ) (?!\w)""",
    re.VERBOSE,
)

TOWN_BESIDE = re.compile(
    rf"[ ](?:à|sur)[ ](?!(?:M\.|Mme|Monsieur|Madame|MM\.)\b)(?P<town>{_COMMUNE})(?:[ ]\(\d{{2,5}}\))?", re.VERBOSE
)
"""A town without its postcode, right after a street: `12 rue des Lilas à Fontclaire`."""

BRIDGE = re.compile(rf"[^\S\n]?[,\n–-][\s]{{0,3}} (?!M\.|Mme|Monsieur|Madame) {_NAME} [^\S\n]?[,\n–-][\s]{{0,3}}", re.VERBOSE)
"""A place name between a street and its town: `12 chemin Mangue, Ravine-Cafres, 97432 …`."""
