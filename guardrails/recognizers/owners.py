# SPDX-License-Identifier: EUPL-1.2
"""Words that say whose an address is: a person's, or a public place's or a company's."""

from __future__ import annotations

import re

OWNER = re.compile(
    r"""(?<!\w)(?:
        demeur\w{1,6} | domicil\w{1,4} | r[ée]sid(?:ant|e|ent|ait)\b | habit(?:e|ant|ait|ons|ent)\b
          | log[ée]e?s?\b
      | h[ée]berg[ée]e?s? | adresse\s(?:personnelle|du\sdemandeur) | chez\b | vivant | locataires? |
        propri[ée]taires? | demandeu\w{1,3}
      | p[ée]titionnaire | b[ée]n[ée]ficiaire | riverain | requ[ée]rant | expropri[ée] |
        destinataire | exp[ée]diteur | usager
      | n[ée]e?\s{1,2}le | veuve | veuf | [ée]pou(?:x|se)\b | auto-?entrepren\w{1,6} | m[èe]re\b |
        p[èe]re\b | fr[èe]re\b | s(?:œ|oe)ur\b | fils\b | filles?\b | mari\b | femme\b |
        voisine?s?\b | enfant\b
      | je\b | moi\b | mon\b | ma\b | ans\b | micro-?entrepr\w{1,8} | artisane?\b | soussign[ée]e?
      | (?-i: EI\b | (?: M\.|MM\.|Mr\b|Mmes?\b|Mlle\b|Monsieur\b|Madame\b|Mademoiselle\b|Ma[îi]tre\b
        |Dr\b|consorts\b )
          (?! \s{1,2} (?: l[ea]s?\b | l['’] ) ) )
    )""",
    re.VERBOSE | re.IGNORECASE,
)

PUBLIC_PLACE = re.compile(
    r"""(?<!\w)(?:
        par\s{1,2}(?:courrier|courriel|correspondance|t[ée]l[ée]phone|t[ée]l[ée]copie|messagerie
          |mail)\s{0,3}\n | sur\splace\b | minist[èe]re\b | m[ée]diateur\b
      | mairies?\b | h[ôo]tel\s{1,2}(?:de\s{1,2}(?:ville|police|m[ée]tropole|la)
        |du\s{1,2}d[ée]partement) | commune\b | la?e?\s{1,2}(?:maire|(?:sous-)?pr[ée]f[eè]te?
          |pr[ée]sidente?)\b
      | [ée]coles?\b | coll[èe]ge\b | lyc[ée]e\b | cr[èe]che\b | groupe\s{1,2}scolaire |
        universit[ée] | facult[ée] | garderie | maternelle
      | salles?\b | gymnase\b | stade\b | piscine\b | complexe\b | halle\b | foyer\b | espace\b |
        centre\b | p[ôo]le\b | chapelle
      | m[ée]diath[èe]que | biblioth[èe]que | mus[ée]e\b | th[ée][âa]tre | cin[ée]ma | conservatoire
        | [ée]glise | temple | mosqu[ée]e
      | chambre\s{1,2}fun[ée]raire | fun[ée]rarium | cr[ée]matorium | pompes\s{1,2}fun[èe]bres
      | base\s{1,2}(?:de\s{1,2}loisirs?|nautique) | restos?\s{1,2}du\s{1,2}c(?:œ|oe)ur
      | points?\s{1,2}(?:de\s{1,2}vente|relais|info\b|d['’](?:apport|accueil)) | billetterie
      | recyclerie | ressourcerie | [ée]picerie\s{1,2}sociale
      | secours\s{1,2}(?:populaire|catholique) | croix[\s-]rouge | emma[üu]s\b | notaires?\b
      | commissaires?\s{1,2}de\s{1,2}justice | cam[ée]ras?\b | à\s{1,2}(?:d[ée]poser|retirer)\b
      | (?-i:[ÉE]c\.) | cimeti[èe]re | services?\b | direction\b | bureaux?\b | permanence\b |
        accueil\b | guichet\b
        | antenne\b | ateliers?\b
      | (?:sous-)?pr[ée]fecture | tribunal | cour\s{1,2}(?:administrative|d['’]appel) |
        conseil\s{1,2}(?:d[ée]partemental|r[ée]gional)
      | tr[ée]sorerie | gendarmerie | commissariat | police\b | caserne | h[ôo]pital | clinique |
        ehpad | ccas\b | clic\b | cpam\b | caf\b
      | office\b | agence\b | maison\s{1,2}(?:des\b|du\b|pour\b|de\s{1,2}(?:la|l['’]|quartier
        |retraite|sant[ée])|france\b) | syndicat\b
      | communaut[ée]\b | m[ée]tropole\b | soci[ée]t[ée]s?\b | entreprises?\b | associations?\b |
        asso\b | comit[ée]\b | amicale\b
      | f[ée]d[ée]ration | ligue\b | union\b | club\b | si[èe]ge\b | banque | caisse\b | mutuelle |
        cabinet\b | ma[îi]tre\s{1,2}d['’](?:ouvrage|[œo]e?uvre)
      | attributaire | fournisseur | commerces?\b | magasin | boulangerie | pharmacie | restaurant |
        h[ôo]tel\b | parking | gare\b | arr[êe]t\b
      | bar\b | caf[ée]\b | brasserie | snack | pizzeria | tabac | garage\b | boucherie
        | charcuterie
      | [ée]picerie | coiffure | fleuriste | traiteur | camping | g[îi]te\b | auberge
        | brocante | laverie
      | d[ée]fil[ée] | cort[èe]ge | course\b | concert | exposition | rassemblement
        | c[ée]r[ée]monie
      | vide-?grenier | f[êe]te\b | bus\b | collecte\b | [ée]tude\s(?:de\sMe|notariale)
      | office\s{1,2}notarial
      | armoires?\b | abribus\b | transformateur\b
      | [ée]tablissements?\b | local\b(?!\s{1,2}du\s{1,2}\d) | locaux\b
        | b[âa]timents?\s{1,2}(?:communa|municipa) |
        d[ée]ch[èe]terie | CNIL\b
      | (?-i: S\.?A\.?R\.?L|S\.?A\.?S\.?U?|E\.?U\.?R\.?L|S\.?A|S\.?C\.?I|S\.?N\.?C|SCOP|SPL|SEM
        |SEMOP|GIE|OPH|GAEC|EARL )\b
      | ENEDIS | GRDF | ORANGE\b | VEOLIA | SAUR\b | SUEZ | (?<!justificatif\s)(?<!facture\s)EDF\b
        | ENGIE | La\s{1,2}Poste\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)


FORM = re.compile(
    r"(?<!\w)(?:fiche|formulaire|demande|inscription|d[ée]claration|bulletin|attestation|enfant"
    r"|[ée]l[èe]ve"
    r"|famille|responsable|(?:pr[ée])?nom\s?:)",
    re.IGNORECASE,
)
"""What opens a form that a person fills in, be it a school's."""

_ROW_OF_A_PLACE = re.compile(
    r"""\s{0,3}\|?\s{0,3}(?:[^;|:\n]{2,25}\s?:\s)?(?:l[ae]\s|les\s|l['’])?
    (?:[ée]coles?|maternelles?|[ée]l[ée]mentaires?|groupe\sscolaire|coll[èe]ge|lyc[ée]e|cr[èe]che
      |gymnase|salles?|stade|piscine|halle|biblioth[èe]que|m[ée]diath[èe]que|mus[ée]e|mairie
      |th[ée][âa]tre|cin[ée]ma|d[ée]ch[èe]terie|cimeti[èe]re)\b[^;|\n]{0,60}[;|]""",
    re.VERBOSE | re.IGNORECASE,
)
"""The first cell of a row says that the row is about a public place."""


def is_in_row_of_a_place(text: str, start: int) -> bool:
    """Tell whether the row is about a public place, and its cells before name nobody.

    >>> is_in_row_of_a_place("École : Les Tilleuls ; Adresse : 8, rue Haute", 33)
    True
    """
    row = text[text.rfind("\n", 0, start) + 1 : start]
    return bool(_ROW_OF_A_PLACE.match(row) and not OWNER.search(row) and not FORM.search(row))


def last_of(pattern: re.Pattern[str], text: str) -> int:
    """Return where the last match ends, -1 without one."""
    return max((match.end() for match in pattern.finditer(text)), default=-1)
