# SPDX-License-Identifier: EUPL-1.2
"""What says that somebody is spoken of as any resident: « demeurant », « demande de », a letter."""

from __future__ import annotations

import re

_RESIDENT_AFTER = re.compile(
    r"""[\s,(]*(?:et\s+[^,.;\n]{2,40}[,\s]+)?(?:
      (?:é(?:tai|tan)t\s+)?(?:demeurant|domiciliée?s?|résidant|habitant|né\(e\)|nées?\s+(?:le|à|en)|propriétaires?|co-?propriétaire|riveraine?s?|locataires?
      |usagère?|administrée?|pétitionnaires?|bénéficiaires?|demandeu(?:r|se)s?|parents?\s+d|allocataire|exploitante?|gérante?|acquéreurs?|vendeurs?
      |en\s+qualité\s+de\s+(?:riverain|propriétaire|parent|particulier|usager)|agissant\s+(?:à\s+titre|en\s+son\s+nom)|à\s+titre\s+(?:personnel|privé)
      |(?:souhaite(?:nt)?|désire(?:nt)?)\s+(?:acqu|vend|achet|constru)|(?:et|ou)\s+son\s+épouse|pour\s+(?:son|sa|ses)\s+(?:fils|fille|enfant|logement|terrain|habitation|maison)
      |sollicite\s+(?:une|le|la|un)\s+(?:aide|remboursement|permis|logement|place|secours|autorisation)))""",
    re.VERBOSE | re.IGNORECASE,
)
_RESIDENT_BEFORE = re.compile(
    r"""(?:appartenant\s+à|propriété\s+de|demande\s+(?:de|présentée\s+par|déposée\s+par|formulée\s+par|du)|déposée?s?\s+(?:le\s+[^\n]{4,20}\s+)?par|présentée?\s+par
      |permis\s+de\s+construire\s+(?:de|accordé\s+à|délivré\s+à)|(?:dossier|logement|domicile|terrain|parcelle|maison|habitation|facture|plainte|bail|jardin|véhicule|compte|concession|ferme)\s+(?:de|à)
      |(?:fils|fille|épouse|époux|mari|femme|père|mère|frère|sœur|voisine?|enfants?|famille|consorts)\s+(?:de\s+)?|vend(?:u|re)\s+(?:[^.\n]{0,60}\s)?à|céd(?:é|er)e?\s+(?:[^.\n]{0,60}\s)?à
      |accordée?\s+à|attribuée?\s+à|loué(?:e)?\s+à|remboursement\s+à|rembourser|bénéficiaires?\s*:|demandeu(?:r|se)\s*:|pétitionnaire\s*:|propriétaires?\s*:|locataire\s*:|titulaire\s*:
      |(?:riverain|propriétaire|locataire|habitant|usager|administré)e?s?,?)\s*
      (?:(?:M\.|MM\.|Mmes?|Mlle|Monsieur|Madame|M)\s+(?:(?:et|ou)\s+(?:M\.|Mme|Madame|Monsieur)\s+)?)?$""",
    re.VERBOSE | re.IGNORECASE,
)
_NAME_FIELD = re.compile(
    r"""(?:noms?|prénoms?)\s*:\s*
      (?:(?:M\.|MM\.|Mmes?|Mlle|Monsieur|Madame|M)\s+)?$""",
    re.VERBOSE | re.IGNORECASE,
)
_FUNCTION_IN_ROW = re.compile(
    r"[^;|\n]{0,40}\s[;|]\s(?:fonctions?|qualit[ée]|mandat|d[ée]l[ée]gation|titre|r[ôo]le|grade|service)"
    r"[^;:\n]{0,25}\s:\s",
    re.IGNORECASE,
)
"""`Nom : Ana Petit ; Fonction : …`: a row of people at work, not a form about somebody."""

_COUPLE_BEFORE = re.compile(
    r"(?:M\.|Mr|Monsieur|Mme|Madame)\s+(?:et|ou)\s+(?:M\.|Mme|Madame|Monsieur)\s+(?:[^\W\d_][\w’'-]+\s+et\s+)?$"
)


_HOME = r"""\d{1,4}(?:\s?(?:bis|ter|quater|[A-D]))?,?\s+
    (?:rue|r\.|avenue|av\.|all[ée]e|boulevard|bd|chemin|ch\.|impasse|place|route|rte|quai|square|cours
      |lotissement|r[ée]sidence|hameau|sentier|venelle|passage|mont[ée]e|cit[ée]|clos|lieu-dit)\b"""
_HOME_BELOW = re.compile(rf"[^\S\n]*\n[^\S\n]*{_HOME}", re.VERBOSE | re.IGNORECASE)
_HOME_BESIDE = re.compile(
    rf"[^\S\n]*[,;:|–-]?[^\S\n]*(?:adresse\s?:\s?)?{_HOME}", re.VERBOSE | re.IGNORECASE
)
"""`VAUTHERIN Gérard   14 route des Essarts`: who signs a petition, be it an elected member."""


def writes_from_home(text: str, end: int) -> bool:
    """Tell whether an address stands below the name that ends there, as in a resident's letter.

    >>> writes_from_home("Ana Petit\\n12, allée des Ormes\\n", 9)
    True
    """
    return bool(_HOME_BELOW.match(text, end))


def is_resident(before: str, after: str) -> bool:
    """Tell whether the sentence, or the row, speaks of the person as of any resident.

    >>> is_resident("NOM PRÉNOM ADRESSE ", "   14 route des Essarts   06")
    True
    """
    return bool(
        _RESIDENT_AFTER.match(after)
        or _HOME_BESIDE.match(after)
        or _RESIDENT_BEFORE.search(before)
        or (_NAME_FIELD.search(before) and not _FUNCTION_IN_ROW.match(after))
        or _COUPLE_BEFORE.search(before)
    )
