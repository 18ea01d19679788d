# SPDX-License-Identifier: EUPL-1.2
"""The pieces of a French postal address, as one pattern with a group for each kind.

street   12 bis rue des Lilas          a house number, a type, a name
low      12 place de la liberté        the same, where the type has other uses and no capital
named    rue des Lilas                 no number
hamlet   lieu-dit Les Granges          Le Bourg
area     quartier Haut, domaine des Pins
home     résidence Les Pins, villa « Mon Repos »
unit     Bât. B, 3e étage, appt 4
box      BP 12, CS 30001, poste restante
town     33999 Fontclaire CEDEX 2, Fontclaire (33999)
free     demeurant ⟨La Haie aux Moines⟩
"""

from __future__ import annotations

import re
from importlib import resources

from guardrails.normalise import CAPITAL
from guardrails.recognizers.dates import MONTH

_TYPES = "street_types.txt"


def _lines(name: str) -> list[str]:
    lexicon = resources.files("guardrails") / "lexicons" / name
    return [line for line in lexicon.read_text("utf-8").splitlines() if line and line[0] != "#"]


def _types() -> tuple[str, str]:
    """Return the alternations of the types that are certain, and of all."""
    lines = _lines(_TYPES)
    certain = [line[1:] for line in lines if line[0] == "+"]
    return _alternation(certain), _alternation([line.lstrip("+") for line in lines])


def _alternation(words: list[str]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(_as_read(word) for word in ordered)


def _as_read(word: str) -> str:
    """Return a pattern of the word that allows what a scanner writes for `l` and `o`."""
    pattern = re.escape(word).replace(r"\ ", r"\s")
    if len(word) < _MIN_MISREAD_CHARS:
        return pattern
    return pattern.replace("l", "[l1I]").replace("o", "[o0]")


_MIN_MISREAD_CHARS = 5

_CERTAIN, _EVERY = _types()
# `r.`, `r` and `R` are streets only between a number and a name.
_R = r"""(?: [rR]\.[^\S\n]{0,2}(?!\d) | [rR][^\S\n]{1,2}(?=(?i:de|du|des|d['’]|la|le|l['’]
      |[A-Z]|docteur|saint)) )"""
_TYPE_END = r"(?: (?<![.])\s{1,5} | (?<=[.])\s{0,2} )"

_LINK = (
    r"(?: (?i:de|du|des|[1l]a|[1l]e|[1l]es|en|aux?|et|sur|sous|lès|devant|derrière"
    r"|[àÀ](?=\s(?:vent|chaux|papier|huile|tan"
    r"|laine|sel|foulon|eau)\b)) \s{1,3} | "
    r"(?i:de\s)? (?: [ldLD1]['’]\s? | [LD]\s{1,3}(?=[AEIOUYÉÈH]) | d\s(?=[A-Z]) ) )"
)
_LETTERS = rf"[{CAPITAL}](?:[^\W\d_]|(?<=[^\W\d_])[01](?=[^\W\d_])){{0,30}}"
# A name goes over the end of a line only after a word that calls the rest of it.
_CALLS_MORE = r"""(?: Professeur|Pr\.|Docteur|Dr\.|G[ée]n[ée]ral|Mar[ée]chal|Colonel|Capitaine
    |Pr[ée]sident|Sainte?|Ste?|Abb[ée]|Jean|Jacques|Pierre
    |Paul|Charles|Louis|Victor|Henri|Marie|[ÉE]mile|Jules|Fran[çc]ois|Georges|Albert|Andr[ée]
      |Antoine|Marcel|Maurice|Robert ) [^\S\n]? \n [^\S\n]{0,4}"""
_CAPITAL_WORD = rf"""(?: (?! C(?:EDEX|edex)\b | J\.[-\s]?C | P\.?K\b | Code\b | CP\b
  | Ville\s?: | Commune\b |
    (?:[Nn]°|R\.\s|[Bb]ât\b|[Aa]ppt\b|[Rr]ue\b|[Aa]venue\b) |
    (?:APP?T|BAT|BÂT|ESC|ETG|RES|LOT|HALL|BP|CS)\b[ ]?\w{{1,6}}\b ) (?:
      [{CAPITAL}]\.(?:-[{CAPITAL}]\.)+ | (?: G[ée]?n?a?l|Mar?[ée]?c?h?a?l|Dr
    |Pr|Prof|Col|Cdt|Cap|Lt|Pdt|Ste?|[{CAPITAL}] ) \. | {_LETTERS} (?: ['’-][^\W_]{{1,30}} ){{0,6}}
    )
  | \d{{1,2}}(?:er|[eè]me|e)(?! \w | \s(?i:[ée]t|dro|gau|dte|gche|face) ) | \d{{1,2}}(?:er)?
    [^\S\n] (?i:{MONTH}) (?:[^\S\n](?:19|20)\d\d)?
    )"""
NAME = (
    rf"(?: {_LINK}{{0,3}} (?: {_CALLS_MORE} )? {_CAPITAL_WORD} (?: [^\S\n]{{1,4}} {_LINK}{{0,3}} "
    rf"{_CAPITAL_WORD} ){{0,5}} (?: [^\S\n] (?:1[6-9]|20)\d\d (?!\d) )? )"
)

_STOP = (
    r"(?! (?:mais|merci|svp|chez|puis|pour|et|est|sur|dans|depuis|avec|par|qui|que|je|mon|ma"
    r"|afin|car|il|elle|on|nous|vous"
    r"|ne|se|ce|un|une|dont|entre|devant|sont|a|au|à) \b )"
)
_LOW_WORD = r"[a-zà-ÿœ\d][\w'’\-]{1,30}"
_LOW_LINK = (
    r"(?: (?i:de|du|des|la|le|les|en|aux?|sur|sous|lès) \s{1,3}"
    r" | et\s (?!la\b|le\b|les\b|l['’]|j|mon\b|ma\b|il\b|elle\b|on\b|nous\b|vous\b|c)"
    r" | a[^\S\n] | (?:de\s)?[ldLD1]['’]\s? | d\s (?=[a-z]) )"
)
_LOW_NAME = (
    rf"(?: {_LINK}{{0,3}} {_STOP} {_LOW_WORD} (?: [^\S\n] {_LOW_LINK}{{1,3}} {_STOP} "
    rf"{_LOW_WORD} ){{0,3}} )"
)
_LOW_REST = (
    rf"(?: (?: [^\S\n] {_STOP} [a-zà-ÿœ][\w'’\-]{{0,20}} ){{1,6}} (?= [^\S\n]?[,;)\n] | "
    rf"[^\S\n]\d{{5}}\b | [^\S\n](?:au|a|à|et|mais|pour|je|j|jai|depuis|qui|avec|chez|dans|en"
    rf"|cest|c|merci|svp|stp|car)\b | "
    rf"[^\S\n](?:ap?pt|apt|b[âa]t|esc|r[ée]s)\b | \Z ) )?"
)
# `19 Rue es Étards`, `46 Rue dela Ferme`, `1 Rue Gustave Flourens92150`
_SLIP = (
    r"(?: (?! (?:et|est|pour|sur|dans|par|qui|avec|chez|a|à|vers|sans)\b )"
    r" [a-zà-ÿ]{1,5} [^\S\n] (?: l[ae]s?[^\S\n] | l['’] )? )?"
)
_GLUED = r"(?: \d{5} )? (?!\w)"
_SHORT_REST = (
    r"(?: [^\S\n] (?!est\b|et\b|a\b|au\b|sur\b|le\b|la\b|du\b|de\b|à\b) [a-z]{1,3} (?= [^\S\n]?\n "
    r") )?"
)

# A blank that a scanner left inside the last word: `rue du Gé néral-Haut`, `rue Vo lnay`.
_TORN = rf"""(?: [^\S\n] (?: [a-zà-ÿ]{{2,12}} -[{CAPITAL}][\w'’-]{{1,30}}
  | (?<=[\s'’-][{CAPITAL}][a-zà-ÿ][^\S\n]) {_STOP} [a-zà-ÿ]{{3,12}} ) )?"""

_SUFFIX = r"""(?: \s? (?: (?i:bis|ter|quater|quinquies) (?!\w) | [A-Ga-g] (?! [\w'’.] )
  | (?<=\d)[tT] (?=\s[^\W\d_]) ) )?"""
# Atomic: numbers in a row could be read in many ways, all of them in vain.
_NUMBER = rf"""(?> (?! \d{{1,4}}[-/]\d{{1,2}}[-/]\d{{1,4}}(?!\d) )
  (?: (?i: n°s? | nos? | num[ée]ros? ) \s? )? (?! (?:19|20)\d\d \s?,?\s )
  (?: [lI]\d{{1,3}} | \d[ ]?[lI](?![\w'’]) | [lI\d]O | l0 | \d{{1,4}} ) (?! \d
    | \s?[hH]\s?\d ) {_SUFFIX}
  (?: (?: \s?[-/&]\s? | ,?\s(?:et\s|ou\s)? | \s?,\s? ) \d{{1,4}} (?!\d) {_SUFFIX} ){{0,3}} )"""
_TO_TYPE = r"(?: \s{0,2},\s{0,2} | \s{1,6} ) (?: (?: de\sla | de\sl['’] | du | des ) \s )?"

_POSTCODE = r"""(?: (?: (?: 0[1-9] | [1-8]\d | 9[0-578] ) [^\S\n]? [\dlO]{3}
    | (?= (?:[lIO]{0,4}\d){2} ) [O\d][\dlIO] [^\S\n]? [\dlIO]{3} ) (?! [\dlIO] ) )"""
_COMMUNE = rf"""(?:
    (?: (?: L[ae]s? | L[AE]S? | Saint(?:e)? | Ste? | SAINTE? | STE? | Mont | Bois | Val | Vieux |
      Vieille | Grand | Petit | Notre | Ville ) [ ]?[ -]
      | [LD]['’][^\S\n]? )?
    [{CAPITAL}][^\W_]{{0,30}} (?: ['’-][^\W_]{{1,30}} ){{0,8}}
    (?: [^\S\n] (?: (?: de|du|des|la|le|les|en|sur|sous|lès|et|aux? ) [^\S\n] | [ld]['’] ){{1,2}}
      {_LETTERS} (?: ['’-][^\W_]{{1,30}} ){{0,4}} ){{0,2}}
    (?: [^\S\n] Sainte?-{_LETTERS} (?: -[^\W_]{{1,30}} ){{0,4}} )?
    (?: [^\S\n] (?! CEDEX\b ) (?: [DL][^\S\n] )? [A-ZÀ-Þ][A-ZÀ-Þ'’-]{{1,30}} (?!\w) ){{0,5}}
)"""
_LOW_COMMUNE = rf"""(?: (?! euros?\b | habitants?\b | francs\b | exemplaires\b | logements\b |
    places\b | fois\b | m[²2] )
    (?: (?:saint|sainte|st|ste|la|le|les|mont|bois|val)[^\S\n] )? [a-zà-ÿœ][\w'’\-]{{2,30}} (?:
      [^\S\n] (?: (?:de|du|des|la|le|les|en|sur|sous)[^\S\n] | [ld]['’] ){{1,2}} {_LOW_WORD} )? )"""
_CEDEX = r"(?: [\s,]{1,2} (?i:cedex) (?: [^\S\n]\d{1,2} (?!\d) )? )?"

_COUNTRY = r"""(?: [\s,(–-]{1,3} (?i: france | allemagne | belgique | suisse | luxembourg | espagne
    | italie | portugal | royaume-uni | angleterre | irlande | pays-bas | autriche | pologne
    | roumanie | maroc | alg[ée]rie | tunisie | s[ée]n[ée]gal | mali | canada | qu[ée]bec | monaco
    | andorre | polyn[ée]sie(?:\sfran[çc]aise)? | nouvelle-cal[ée]donie | guadeloupe | martinique
    | guyane | mayotte | la\sr[ée]union | [ée]tats-unis | deutschland | schweiz | espa[ñn]a |
      italia | belgi[ëe] ) (?!\w)
      )?"""

_FREE_LABEL = r"""(?i: (?<!en[ ])(?: demeur(?:ant|e|aient|ait)s? | dom\. | dem\. )
  (?:\s{1,2}(?:bien|actuellement
    |d[ée]sormais|ensemble|tous\sdeux))?
    | domicili[ée]{1,2}s? (?:\s{1,2}(?:fiscalement|actuellement))? | r[ée]sidant | (?:je|il
      |elle)\s(?:habite|r[ée]side|demeure|vis|vit) | j['’ ]?habite
    | nous\s(?:habitons|r[ée]sidons|demeurons|vivons) | (?<![’'])adresse \s? : | domicile \s? : |
      cultivateur | [ée]leveur
    | n[ée]e?\sle\s\d{1,2}[/.]\d{1,2}[/.]\d{2,4}, )"""

_PLACE_WORD = r"lieu|hameau|ferme|r[ée]sidence|b[âa]t|appartement|lotissement|immeuble|chez\b"
_NOT_A_PLACE = (
    r"(?:en\b|hors\b|C\.?C\.?A\.?S|C\.?I\.?A\.?S|Royaume|[Mm]aire|[Aa]djoint|[Cc]onseill"
    r"|[Pp]r[ée]sident|NIR|N°|Fran[çc]ais"
    r"|Nationalit|M\.|Mme|Monsieur|Madame)"
)
_HERE = (
    rf"(?= [,\n][\s]{{0,2}} (?: {_POSTCODE} [^\S\n]{_LETTERS} | (?:villa|b[âa]t|lot|appt|apt"
    rf"|esc)\b ) )"
)

PIECE = re.compile(
    rf"""(?<![\w/.,€])(?<!\d-)(?:
      (?P<street> (?<!\b[A-Z]{{2}}[^\S\n]) (?<!\b[A-Z][^\S\n]) (?<!n°[^\S\n])
          {_NUMBER} {_TO_TYPE} (?:
            (?: (?i:{_EVERY}){_TYPE_END} | {_R} ) {_SLIP} {NAME} {_TORN} {_GLUED} {_SHORT_REST}
          | (?: (?i:{_CERTAIN}){_TYPE_END} | {_R} ) {_LOW_NAME} {_LOW_REST} )
        | P\.?K\.? [^\S\n]? \d{{1,3}} (?: [.,]\d{{1,3}} )? [,\s]{{1,2}} (?: (?i:{_EVERY}){_TYPE_END}
          (?: {NAME} | {_LOW_NAME} ) | (?:R\.?[ND]\.?|CD)[^\S\n]?\d{{1,4}} )
        | {_NUMBER} {_TO_TYPE} (?i:grande?[-\s'’]rue | (?:le|au)\sbourg)
        | (?i:{_EVERY}){_TYPE_END} (?! [A-Z]\b ) {NAME} ,? [^\S\n] (?:au\s)? (?i:n°|num[ée]ro) \s?
          \d{{1,4}} (?:\s?(?:bis|ter))? (?! \s(?:à|au|et)\s )
        | (?i:{_EVERY}){_TYPE_END} {_LOW_NAME} ,? [^\S\n] au \s (?i:n°|num[ée]ro) \s?
          \d{{1,4}} (?:\s?(?:bis|ter))? (?! \s(?:à|au|et)\s )
        | (?i:n°|num[ée]ro) \s? \d{{1,4}} (?:\s?(?:bis|ter))? \s de \s (?:cette|notre|ma) \s
          (?:rue|avenue|impasse|place|allée|route|voie|résidence)
        | {_NUMBER} (?: \s?,\s? | [^\S\n] ) {NAME} (?= [,\s–-]{{1,3}} {_POSTCODE} [^\S\n] {_LETTERS}
          )
        | (?i:{_CERTAIN}){_TYPE_END} (?: {NAME} | {_LOW_NAME} ) ,? \s au \s (?: n°\s? )? \d{{1,4}}
          (?= \s{{0,2}} (?: [.,;)\n] | \Z | l[ea]s?\b | et\b ) )
        | (?: n°\s? )? \d{{1,4}} (?: \s?(?:bis|ter) )? \s (?:de|dans) \s (?:la|cette) \s même \s
          (?:rue|avenue|impasse|place|allée|route|voie|résidence)
        )
    | (?P<low> {_NUMBER} {_TO_TYPE} (?i:{_EVERY}){_TYPE_END} {_LOW_NAME} {_LOW_REST} )
    | (?P<town> (?:FR?-)? {_POSTCODE} (?: [^\S\n] | [,;|] ){{1,3}} (?! (?i:ville|commune
      |localit[ée]|pays)\b ) (?: {_COMMUNE} |
      {_LOW_COMMUNE} ) {_CEDEX} {_COUNTRY}
        | {_COMMUNE} {_CEDEX} [^\S\n] \( {_POSTCODE} \) )
    | (?P<box> (?: B\.?P\.? | C\.?S\.? | T\.?S\.?A\.? | (?i:bo[îi]te\spostale) ) \s? (?:n°\s?)?
      (?: \d{{3}}[ ]\d{{3}} | \d{{1,6}} ) (?!\w) | (?i:poste\srestante) )
    | (?P<home> (?i: villa | r[ée]sidence | immeuble | ch[âa]let | lotissement | domaine ) \s
          [«"“] [^»"”\n]{{2,40}} [»"”]
        | (?i: r[ée]s(?:idence|\.|(?=\s[A-Z])) | lotissement | lot\. | copropri[ée]t[ée]
          | immeuble | hlm
          | villa ) \s (?:
          {NAME} | (?:les|la|le)\s[a-zà-ÿ]{{3,20}} ) )
    | (?P<unit> (?i: [ée]tage ) \s \d{{1,2}} \s (?i: gauche | droite | face | dte | gche ) (?!\w)
        | (?i: b[âa]t(?:iment)?\b\.? | appartement | appt?\b\.? | apt\b\.? |
      esc(?:alier)?\b\.? | [ée]tage | porte | lots? | villa | bo[îi]te(?:\saux\slettres)? | bt\.?
            | entr[ée]e | hall | tour | bloc | pavillon | logt\b\.? | lgt\b\.? | logement |
              chambre | studio ) (?: \s{{0,2}}
              (?:n°\s?)? (?: \d[A-Z0-9]{{0,3}} ) | \s{{1,2}} (?:n°\s?)? (?: [A-Z][A-Z0-9]{{0,3}} |
              [a-z] ) (?: [ ]\d{{1,4}} (?! [\w'’] | \s(?i:{_CERTAIN})\s ) )? )
              (?: \s et \s \d{{1,3}} (?!\w) )? (?! [\w'’] | \s(?i:{_CERTAIN})\s )
        | (?i: apt|appt|appartement ) (?= \s\d{{1,4}}\s(?i:{_CERTAIN})\s )
        | (?i: dernier\s[ée]tage | fond\sde\scour | rez[\s-]de[\s-]jardin ) (?!\w)
        | (?i: porte | entr[ée]e ) \s (?i: gauche | droite | face | du\sfond ) (?!\w)
        | \d{{1,2}} (?i: er | [eè]re | [eè]me | nd | e ) (?= \s?, \s {_POSTCODE}
          | [^\S\n]?(?:[.;)\n]|\Z) )
        | \d{{1,2}}(?i: er | [eè]re | [eè]me | nd | e | ° ) \s (?i: [ée]tage | [ée]t\.? |
          (?=droite|gauche|face|dte|gche) ) (?: \s? (?: (?:gauche|droite|face
          |dte|gche)\b | [GDF]\.? (?!\w) ))? | (?i:rez-de-chauss[ée]e|rdc)\b
        | (?i: b[âa]t(?:iment)?\b\.? | entr[ée]e | tour | villa | immeuble | ch[âa]let | casa | case
          | carbet ) \s (?! (?i:principale?|communal|municipal|public|scolaire|de\s|du\s|des\s) )
          {_CAPITAL_WORD} (?: [^\S\n] {_CAPITAL_WORD} )? )
    | (?P<area> (?i: moulin | mas | domaine | quartier | ch[âa]teau |
      section(?=\s[A-ZÀ-Þ][a-zà-ÿ]{{2}}) | habitation | tribu ) \s {NAME}
        (?: [^\S\n](?:haute?|basse?|vieux|vieille|neu[fv]e?|grande?|petite?)(?!\w) )? )
    | (?P<hamlet> (?i: (?:au\s)?lieu(?:-|\s)?dit | hameau | ferme )
            \s (?: [«"“]\s? )? {NAME} (?: \s?[»"”] )?
        | [«"“]\s? {NAME} \s?[»"”] (?= ,\s )
        | \d{{1,3}} (?: \s?(?i:bis|ter) )? \s?,\s (?: (?i:les?|la)\s | [Ll]['’] ) {NAME}
        | (?i: (?:au\s)?lieu(?:-|\s)?dit | hameau ) \s {_LOW_NAME}
        | L[eE][^\S\n](?:[Bb]ourg|BOURG)\b | (?: L[aeAE][sS]?[^\S\n] | L['’] ) {NAME} {_HERE} )
    | (?P<named> (?i:{_EVERY}){_TYPE_END} {NAME}
        | (?i:chemin|voie) \s (?i:rurale?|vicinale?|communale?) \s (?: n°\s?\d{{1,4}} \s )? (?:
          (?i:dit)e? \s )? {NAME}
        | (?i:{_CERTAIN}){_TYPE_END} {_LOW_NAME} (?= [,\s]{{1,3}}{_POSTCODE} ) )
    | {_FREE_LABEL} [^\S\n]{{1,2}} (?: (?:à|a|au|aux|dans) \s (?: l['’] )? )?+ (?P<free> (?!
      {_NUMBER} {_TO_TYPE} (?i:{_EVERY})\b ) (?!
      (?i:{_PLACE_WORD}) | {_NOT_A_PLACE} ) (?: {_NUMBER} [,\s]{{1,3}} (?: [^\W\d_]{{2,15}} \s )?
      {_LINK}{{0,2}} )? (?: (?:la|le|les)\s | l['’] )? {NAME} (?:
        [^\S\n]\((?:{_POSTCODE}|\d\d)\) )? )
    ) (?!\w)""",
    re.VERBOSE,
)

CANDIDATE = re.compile(
    rf"""(?<![\w/.,€])(?<!\d-) (?: \d (?=[\d\s,.;|()/&°-]{{0,30}}[^\W\d_]) | [lIO](?=[\dlIO])
      | [«"“]
      | (?= {_COMMUNE} [^\S\n] \( \d ) | [^\W\d_]+ )""",
    re.VERBOSE,
)
"""Where a piece may start: a number, a quotation, a word. `may_open` says which word."""

_OPENERS = frozenset(
    word for line in _lines("address_openers.txt") for word in line.split()
) | frozenset(re.split(r"[ .'-]", line.lstrip("+"))[0].lower() for line in _lines(_TYPES))


def may_open(words: str) -> bool:
    """Tell whether a piece can start with this candidate."""
    return not words[:1].isalpha() or len(words) == 1 or words.lower() in _OPENERS


TOWN_AFTER_COMMA = re.compile(
    rf"[^\S\n]?,[^\S\n](?!M\.)(?!(?:MM|Mr|Mme|Mlle|Monsieur|Madame|Ma[iî]tre|Me|Dr|N[ée]e?"
    rf"|T[ée]l|R[ée]s"
    rf"|B[âa]t|App|Apt|Esc|Lieu|Villa|Immeuble|BP|CS|TSA|Mairie|Commune|Ville|[ÉE]cole|Service"
    rf"|Section|Parcelle"
    rf"|Quartier|Zone|ZA|ZI|ZAC|Hameau|Domaine|Lot|Porte|[ÉE]tage|Hall|Tour|Rue|Avenue|Place"
    rf"|Place|Chemin|Le\s[Bb]ourg"
    rf"|Il|Elle|Je|Nous|Vous|On|Ce|Cette|En|Au|Aux|À|Dans|Pour|Sur|Par|Avec)\b)"
    rf"(?P<town>{_COMMUNE}(?:[^\S\n]\({_POSTCODE}\))?)(?!\w)"
    rf"(?=[^\S\n]?(?:[,.;)\n]|\Z|et\b|depuis\b))",
    re.VERBOSE,
)
"""A town after a comma: `12 rue des Lilas, Fontclaire`."""

TOWN_BESIDE = re.compile(
    rf"[^\S\n](?:à|a|sur)[^\S\n](?!(?:M\.|Mme|Monsieur|Madame|MM\.)\b)(?P<town>{_COMMUNE}"
    rf"(?:[^\S\n]\((?:[{CAPITAL}][\w'’-]{{2,25}}|\d{{5}}|\d\d)\)|[^\S\n]\d{{5}}(?![\d.,]))?)",
    re.VERBOSE,
)
"""A town without its postcode, right after a street: `12 rue des Lilas à Fontclaire`."""

DEPARTMENT_BESIDE = re.compile(
    rf"[^\S\n]*[,–-]?(?:[^\S\n]+|\n)(?P<town>(?:0[1-9]|[1-8]\d|9[0-5])"
    rf"[^\S\n](?!(?i:{_EVERY})\s){_COMMUNE})",
    re.VERBOSE,
)
"""A town after the number of its department, right after a street: `50 cours Zola  69 Villar`."""

CODE_BESIDE = re.compile(
    rf"[\s,–-]{{1,3}}(?P<town>{_POSTCODE}|(?<=[^\S\n])(?!19"
    rf"|20)[1-9]\d{{3}}(?![.,]\d)(?=[^\S\n]?(?:[,.)\n]|\Z|et\b)))(?!\w|[^\S\n]{{1,6}}(?!(?:et"
    rf"|est|a|qui|pour|mais|depuis|je|dans|avec)\b)[^\W\d_]|[,;|]\s?[{CAPITAL}]|[^\S\n]?€)",
    re.VERBOSE,
)
"""A postcode without its town, right after a street."""

BRIDGE = re.compile(
    rf"[^\S\n]?[,\n–-][\s]{{0,3}} (?!M\.|Mme|Monsieur|Madame) "
    rf"(?:(?i:maison|villa|mas|ferme|quartier|chez|casa|borda|cit[ée]|secteur)[^\S\n])? {NAME} "
    rf"[^\S\n]?[,\n–-][\s]{{0,3}}",
    re.VERBOSE,
)
"""A place name between a street and its town: `12 chemin Mangue, Ravine-Cafres, 97432 …`."""
