# SPDX-License-Identifier: EUPL-1.2
"""Whose contact is it: a public body's, which stays, or a person's, which is hidden?

… MAIRIE DE … Tél. 05 …      public word near, no person in between: stays
… Mme X, service … 05 …      a person near: hidden, even an agent's own line
… 06 …                       nobody near: hidden
"""

from __future__ import annotations

import re
from importlib import resources

from guardrails.recognizers.first_names import follows_a_name
from guardrails.recognizers.owners import OWNER

PUBLIC_BODY = re.compile(
    r"""(?<!\w)(?:
        par\s{1,2}(?:courrier|courriel|correspondance|t[ée]l[ée]phone|t[ée]l[ée]copie|messagerie
          |mail)\s{0,3}\n | sur\splace\b | minist[èe]re\b | m[ée]diateur\b | renseignements?\b
      | mairies?\b | h[ôo]tel\s{1,2}de\s{1,2}ville | accueil\b | standard\b | secr[ée]tariat\b
      | (?:permanence|services?|guichet|p[ôo]le|r[ée]gie|direction|antenne|cellule)\b
      | C\.?C\.?A\.?S\b | police\s{1,2}(?:municipale|nationale|rurale) | astreinte\b
      | (?:sous-)?pr[ée]fecture\b | tr[ée]sorerie\b | gendarmerie\b | commissariat\b | tribunal\b
      | pompiers\b | S\.?D\.?I\.?S\b | SAMU\b | h[ôo]pital\b | centre\s{1,2}hospitalier
      | [ée]coles?\b | coll[èe]ge\b | lyc[ée]e\b | cr[èe]che\b | p[ée]riscolaire\b | cantine\b
      | m[ée]diath[èe]que | biblioth[èe]que | ludoth[èe]que | piscine\b | gymnase\b | stade\b
      | mus[ée]e\b | th[ée][âa]tre\b | conservatoire\b | salle\s{1,2}(?:des\s{1,2}f[êe]tes
        |polyvalente)
      | maison\s{1,2}(?:des?|du|de\s{1,2}la|pour)\b | espace\b | centre\s{1,2}(?:social
        |de\s{1,2}loisirs)
      | office\s{1,2}d[eu]\b | syndicat\b | communaut[ée]\b | m[ée]tropole\b | agglom[ée]ration\b
      | conseil\s{1,2}(?:r[ée]gional|d[ée]partemental|g[ée]n[ée]ral|municipal) | d[ée]ch[èe]terie
      | commune\b | ville\s{1,2}de\b | pr[ée]sidence\b | agence\b | soci[ée]t[ée]\b | association\b
      | num[ée]ro\s{1,2}(?:vert|unique|d['’]urgence|national) | urgences?\b | DDTM?\b | DREAL\b |
        ARS\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)

_PERSON = re.compile(
    r"""(?<!\w)(?:
        (?: M\.|MM\.|Mr\b|Mmes?\b|Mlle\b|Ma(?:dame|demoiselle)\b|Monsieur\b|Ma[îi]tre\b|Dr\b
          |Docteur\b )
        (?! \s{1,2}(?: l[ea]s?\b | l['’] ) )
      | (?i:portables?|mobilis|vini|gsm|whatsapp|perso(?:nnel(?:le)?)?
        |domicile|domicili[ée]e?|demeurant
        |demandeu\w{1,3}(?!\s{1,2}d['’]))\b
      | (?i:p[ée]titionnaire|riverain|locataire|propri[ée]taire|administr[ée]e?|usager
        |n[ée]e?\s{1,2}le)\b
      | (?i:b[ée]n[ée]ficiaire|ligne\s{1,2}directe|je|me|moi|mon|ma|mes|mien|j['’]\w{1,12})(?!\w)
    )""",
    re.VERBOSE,
)

_NEAR_CHARS = 120
_COUNTER = re.compile(
    r"[\s,–-]{0,3}[(–-]\s?(?:\w{1,12}\s){0,2}(?:standard|accueil|mairie|secr[ée]tariat"
    r"|astreinte|services?|num[ée]ro\s(?:vert|unique))",
    re.IGNORECASE,
)
_OWN_LINE = re.compile(
    r"[\s,–-]{0,3}\(?\s?(?:ligne\sdirecte|en\sdirect|direct\b|portable|perso(?:nnel)?\b)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?<!\w)(?:cordialement|bien\s[àa]\s(?:vous|toi)|(?:sinc[èe]res|meilleures"
    r"|distingu[ée]es)\s{1,2}salutations|salutations\s{1,2}distingu[ée]es"
    r"|bonne\s(?:r[ée]ception|journ[ée]e)|fait\sà|respectueusement|l['’]expression\sde)",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"(?<!\w)(?:standard|accueil|secr[ée]tariat|mairie|h[ôo]tel\sde\sville)\b", re.IGNORECASE
)
_SIGNED_BY_DESK = re.compile(
    r"(?:salutations|cordialement|journ[ée]e|r[ée]ception|distingu[ée]es|vous)[\s,.!]{1,4}"
    r"(?:l[ea]\s|l['’])?(?:guichet|service|p[ôo]le|accueil|mairie|r[ée]gie|m[ée]diath[èe]que|direction"
    r"|secr[ée]tariat|standard)\b[^\n]{0,60}\Z",
    re.IGNORECASE,
)
"""A letter that a counter signs, with no name between the closing formula and it."""

_DESK_NUMBER = re.compile(
    r"(?<!\w)(?:standard|contact\spresse|guichet|accueil|secr[ée]tariat|astreinte|renseignements?|r[ée]servations?|billetterie"
    r"|inscriptions?)(?:\s(?:de\sla\s|du\s)?\w{1,12})?[\s:.]{0,4}(?:t[ée]l\.?[\s:]{0,3})?"
    r"(?:(?:au|par\st[ée]l[ée]phone\sau)\s)?\Z",
    re.IGNORECASE,
)
_COUNTER_MAIL = re.compile(
    r"(?<![\w.-])(?:accueil|contact|mairie|secretariat|standard|info|urbanisme|ccas|etat-?civil)"
    r"@[\w.-]{3,60}[^\S\n]{0,3}[–|/,·-]?[^\S\n]{0,3}(?:t[ée]l\.?[\s:]{0,3})?\Z",
    re.IGNORECASE,
)
"""A counter's address right before its number, on the same line."""

_MAILBOX_AFTER = re.compile(
    r"[^\S\n]{0,3}[–|/,;·-]?[^\S\n]{0,3}(?:(?:courriel|e-?mail|m[ée]l)\s?:?\s?)?(?P<local>[\w.+-]{2,40})@",
    re.IGNORECASE,
)
"""`– 03 53 … – bibliotheque@…`: the mailbox on the same line says whose number it is."""

_INVITES = re.compile(
    rf"""(?<!\w)(?:
        (?i:pren(?:ez|d|dre|nent|dra)\s(?:un\s)?rendez-vous | composez | joignez
          | contactez(?:-nous)? | appelez)
    )
    (?:\s(?i:l[ea]\s|les\s|l['’]|notre\s|votre\s)?(?:[A-Z]{{4,12}}|(?i:{PUBLIC_BODY.pattern})))?
    \s(?:au|le)\s{{1,2}}\Z""",
    re.VERBOSE,
)
"""A town that says where to call: itself, a body or one that goes by its initials."""

_CELL = " ; "
CALLED = re.compile(
    r"(?:t[ée]l(?:[ée]phone|\.)?|num[ée]ro|contact|appele[rz])s?\s:\s\Z", re.IGNORECASE
)
PLACED = re.compile(r"(?:o[ùu]|adresse|lieu|site)s?\s:\s[^:\n]{0,60}\Z", re.IGNORECASE)
_OF_OFFICE = re.compile(
    r"(?:responsable(?!\sl[ée]gal)|direct(?:eur|rice|ion)|chef|r[ée]f[ée]rente?|[ée]lue?|adjointe?"
    r"|charg[ée]e?|interlocut)",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"[^:\n]{0,40} : [A-ZÀ-Þ][\w'’-]+\s[A-ZÀ-Þ][\w'’-]+")
_OF_THE_BODY = re.compile(
    r"(?:services?|sujet|structure|[ée]tablissement|guichet|pour\squoi|horaires?|bureau|[ée]tage"
    r"|t[ée]l[ée]phone|t[ée]l|num[ée]ro|courriel|o[ùu]|adresse|lieu|site"
    rf"|{_OF_OFFICE.pattern})[^:\n]{{0,20}} : ",
    re.IGNORECASE,
)
"""The columns of a directory; a row that has any other may be about somebody."""

_OF_SOMEBODY = re.compile(
    r"(?<!\w)(?:ligne\sdirecte|portable|mobile|perso(?:nnel(?:le)?)?|noms?|agents?)(?!\w)",
    re.IGNORECASE,
)

_ON_CALL = re.compile(r"(?<!\w)astreinte\s(?:[^\W\d]{4,12}\s)?au\s\Z", re.IGNORECASE)
_ON_CALL_CHARS = 40

_SIGNATURE_CHARS = 350
_INVITATION_CHARS = 60


def invites_to_call(text: str, start: int) -> bool:
    """Tell whether a town says just before `start` that this is the number to call."""
    return bool(_INVITES.search(text, max(0, start - _INVITATION_CHARS), start))


def is_on_call(text: str, start: int) -> bool:
    """Tell whether this is the number of whoever is on call: it goes from hand to hand.

    >>> is_on_call("La nuit, l'élu d'astreinte répond au 06 99 00 41 99", 37)
    True
    """
    return bool(_ON_CALL.search(text, max(0, start - _ON_CALL_CHARS), start))


def is_of_a_body(text: str, start: int, cell: re.Pattern[str] = CALLED) -> bool:
    """Tell whether what stands in a cell (by its column: telephones, or places) is a body's, whose
    row it is: whoever answers there in office, the town says whom to call. A row that names
    somebody else is theirs.

    >>> row = "Service : Eau ; Responsable : Régis Combe ; Téléphone : 04 99 00 41 60"
    >>> is_of_a_body(row, row.index("04"))
    True
    >>> row = "Service : Cantine ; Enfant : Léo Combe ; Téléphone : 04 99 00 41 60"
    >>> is_of_a_body(row, row.index("04"))
    False
    """
    row = text[text.rfind("\n", 0, start) + 1 : start]
    first, *between = row.split(_CELL)
    return (
        bool(between and cell.match(between[-1]) and PUBLIC_BODY.search(row))
        and not (OWNER.search(row[len(first) :]) or _OF_SOMEBODY.search(row))
        and all(_OF_THE_BODY.match(one) for one in (first, *between[:-1]))
    )


def _names_somebody(row: str) -> bool:
    """Tell whether a cell of a row, before the last, names a person who is not in office there."""
    cells = row.split(_CELL)[:-1]
    return any(_SOMEBODY.match(one) and not _OF_OFFICE.match(one) for one in cells)


def is_public_contact(text: str, start: int, end: int, *, near: int) -> bool:
    """Tell whether the contact is introduced as a public body's, and nobody's own.

    Below a closing formula stands the signature of a person, whose line is private.
    """
    if _COUNTER.match(text, end) or _DESK_NUMBER.search(text, max(0, start - 40), start):
        return True
    if _OWN_LINE.match(text, end):
        return False
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if is_of_a_body(text, start):
        return True
    if follows_a_name(text, start) or _names_somebody(line):
        return False
    mailbox = _MAILBOX_AFTER.match(text, end)
    if mailbox and is_generic(mailbox["local"]) and not _PERSON.search(line):
        return True
    before = text[max(0, start - near) : start]
    if _COUNTER_MAIL.search(before) or invites_to_call(text, start):
        return True
    signed = _SIGNED_BY_DESK.search(before)
    if signed and not _PERSON.search(signed[0]):
        return True
    if _CLOSING.search(text, max(0, start - _SIGNATURE_CHARS), start) and not _DESK.search(
        before[-40:]
    ):
        return False
    bodies = list(PUBLIC_BODY.finditer(before))
    persons = list(_PERSON.finditer(before))
    if not bodies or not persons:
        return bool(bodies)
    return "\n" in before[persons[-1].end() : bodies[-1].start()]  # a line of its own, after


_GENERIC = frozenset(
    word
    for line in (
        (resources.files("guardrails") / "lexicons" / "generic_mailboxes.txt")
        .read_text("utf-8")
        .splitlines()
    )
    if not line.startswith("#")
    for word in line.split()
)
_TOWN = frozenset({"mairie", "commune", "ville", "ccas", "hoteldeville", "prefecture", "ecole"})
_ACCENTS = str.maketrans("àâäçéèêëîïôöùûü", "aaaceeeeiioouuu")
_TOKENS = re.compile(r"[^a-z]+")


def is_generic(local: str) -> bool:
    """Tell whether the part before the at sign names a counter and not a person.

    >>> is_generic("urbanisme"), is_generic("mairie.fontclaire"), is_generic("claire.petit")
    (True, True, False)
    """
    tokens = [t for t in _TOKENS.split(local.lower().translate(_ACCENTS)) if t]
    if not tokens:
        return False
    first = tokens[0]
    return (
        all(_is_made_of_generic(token) for token in tokens)
        or first in _TOWN
        or first.startswith(("mairie", "communede", "villede"))
    )


def _is_made_of_generic(token: str) -> bool:
    """Tell whether a token is a generic word, or some in a row: `taxedesejour`.

    >>> _is_made_of_generic("taxedesejour"), _is_made_of_generic("delacour")
    (True, False)
    """
    ends = [True] + [False] * len(token)
    for end in range(1, len(token) + 1):
        ends[end] = any(ends[start] and token[start:end] in _GENERIC for start in range(end))
    return ends[-1]


_DUTY = re.compile(
    r"(?<!\w)(?:astreinte|permanence|accueil|standard|mairie|police|secr[ée]tariat|urgences?|services?"
    r"|garde|r[ée]gie|m[ée]diath[èe]que|gardien|navette|minibus)\b",
    re.IGNORECASE,
)


def is_duty_mobile(text: str, start: int, end: int, *, near: int) -> bool:
    """Tell whether a mobile is a body's own: a word about being on duty stands right before."""
    return bool(
        _DUTY.search(text, max(0, start - near), start) or _COUNTER.match(text, end)
    ) and is_public_contact(text, start, end, near=near)


def is_own_contact(text: str, start: int, *, near: int = _NEAR_CHARS) -> bool:
    """Tell whether a person is named, or speaks, just before `start`."""
    return bool(_PERSON.search(text[max(0, start - near) : start]))
