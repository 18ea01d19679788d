# SPDX-License-Identifier: EUPL-1.2
"""Whether a question leans on the one before it, read from its own words.

    "pour un enfant"        is_part          a part of a sentence, put in the one before
    "les horaires"          ONLY_MEASURE     the measure of something that was named before
    "c'est gratuit"         OF_IT            a question of its own that does not say of what
    "quand est-elle libre"  ASKING, points   one that only points
    "merci, et le samedi"   OPENING          what opens it; THANKS: nothing else is said

Texts come folded (`flat`), for `OPENING` as they were written. How each is completed is in
`followups.py`.
"""

from __future__ import annotations

import re

from corpus.french import WEEKDAYS

MAX_OWN_WORDS = 5
"""A question with more words of its own than this says what it is about."""

OPENING = re.compile(
    r"^(?:(?:et|mais|sinon|alors|ok|d'accord|merci(?:\s(?:beaucoup|bien))?|and|what about"
    r"|(?:(?:c'est|est-ce)\s)?(?:pareil|idem|(?:la\s)?m[eê]me\s(?:question|chose|demande))"
    r"|quid|qu'en est-il|concernant)\b"
    r"[\s,.!]*(?:bien\s)?)+",
    re.IGNORECASE,
)
THANKS = re.compile(
    r"(?>(?:et|ok|oui|d'accord|super|parfait|genial|(?:tres )?bien(?: note)?|au revoir"
    r"|c'est (?:bon|note|parfait|tout|gentil)|bonne (?:fin de )?(?:journee|soiree)|a bientot"
    r"|(?:un )?(?:grand )?merci(?: (?:beaucoup|bien|infiniment|encore|d'avance|a (?:vous|toi)"
    r"|(?:pour|de) (?:(?:l'|tout|votre|ta|ton|vos|ces|cette|la|le|les|ces) ?)+\w*))*"
    r"|thanks?(?: you)?)[\s,.!;]*)++"
)
ASKING = re.compile(
    r"^(?:(?:[aàd]|de|depuis|jusqu'a|pour|par|avec|chez|en)\s)?"
    r"(?:qui|que|qu'|quoi|quel(?:le)?s?|combien|quand|comment|pourquoi|ou|lequel|laquelle|est-ce"
    r"|a-t-|y a-t-|peut-on|faut-il|doit-on|who|what|when|where|how|why|which|is|are|does|do|can)\b"
)
SAME_WAY = (
    ("pour", r"pour"),
    ("en", r"en|durant|pendant"),
    ("depuis", r"depuis"),
    ("avant", r"avant"),
    ("apres", r"apres"),
    ("avec", r"avec|sans"),
    ("sans", r"avec|sans"),
    ("chez", r"chez"),
    ("a", r"a|au|aux|a la|a l'"),
    ("au", r"a|au|aux"),
    ("aux", r"a|au|aux"),
    ("dans", r"dans|a|au"),
    ("le", r"le|l'"),
    ("de", r"de|du|des|d'|de la|de l'"),
    ("du", r"de|du|des|d'"),
    ("des", r"de|du|des|d'"),
)
"""How a fragment begins, and how the part that it replaces may begin."""

DAYS = rf"(?:{'|'.join(WEEKDAYS)}|matin|soir|week-end|jours?\sferies?)"
ON_A_DAY = re.compile(rf"le {DAYS}\b")
_POINTS = re.compile(
    r"""\b(?:
      elles? | ils
    | il(?!\s(?:faut|y\sa|existe|est\s(?:possible|interdit|obligatoire|permis|necessaire))\b)
    | ca | cela | celles?(?:-ci|-la)? | celui(?:-ci|-la)? | ceux(?:-ci|-la)? | y(?!\sa\b) | la-bas
    | (?:ce|cet|cette|ces)\s\w+(?!\s(?:de|du|des|d')\b)
    | (?:peut|peuvent|doit|faut|fait)(?:-on|-il)?\s(?:l[ea]\s|les\s|l'|en\s)\w+(?:er|ir|re|oir)
    | (?:son|sa|ses|leurs?)\s\w+ | l'a | l'ont | l'est | it | they | this | that | these
    )\b""",
    re.VERBOSE,
)
_INVERTED = re.compile(r"(?:-t)?-(?:ils?|elles?)\b")
_NAMED = re.compile(r"(?:\b(?:le|la|les|un|une|des|du|de|ce|cet|cette|ces)\s|\bl')\w{3,}")
"""A thing named before `est-il` is what the question is about: `le Pacs est-il…`."""

_NOT_SUBJECTS = re.compile(
    r"\b(?:ces\sderniere?s|ce\sque|ce\squi|cette\sannee|est-ce"
    r"|(?:y\sa-t|faut|existe-t|fait|fera-t|faisait|est)-il(?=\s(?:possible|necessaire|obligatoire))"
    r"|(?:y\sa-t|faut|existe-t|fait|fera-t|faisait)-il)\b"
)

_MEASURE = (
    r"tarifs?|prix|montants?|couts?|horaires?|heures?|dates?|jours?|duree|delais?|adresse|numero"
    r"|telephone|nombre|lieu|superficie|surface|taux|conditions?|pieces?|documents?|budget|mails?"
    r"|courriel|coordonnees|loyers?|charges|cautions?"
)
NOUN = rf"(?:{_MEASURE})(?: d'ouverture| d'accueil| de telephone)?"
"""What is measured of a thing, or given with it: `les horaires d'ouverture`."""

SORTED = (
    r"(?:tarif|prix|cout|montant|loyer|horaire|adresse|numero|telephone|mail|courriel|coordonnee)s?"
    r"(?: d'ouverture| d'accueil| de telephone)?"
)
"""Measures that a word only sorts: `le tarif enfant`; `les jours fériés` are another thing."""

_WHO = (
    r"(?:(?:les?|une?|des|tous\sles|mon|ma|mes)\s)?(?:enfants?|adultes?|etudiants?|seniors?|retraites?"
    r"|familles?|habitants?|jeunes|bebes?)|tous|tout\sle\smonde"
)
ONLY_MEASURE = re.compile(
    r"(?:pour )?(?P<asks>(?:quel(?:le)?s? (?:est|sont) )?)"
    r"(?:(?P<whose>son|sa|ses|leurs?) |le |la |les |l')?"
    rf"(?P<noun>{NOUN})(?: (?P<which>.+))?"
)
OF_A_THING = re.compile(rf"(?:du |des |de la |de l'|d'une? )(?!{DAYS}|{_WHO})")
_IT_IS = (
    r"gratuit|payant|cher|obligatoire|ouvert|ferme|complet|loin|possible|accessible|ou|quand|combien"
    r"|a\squel(?:le)?\s(?:heure|prix|adresse)"
)
_IT_TAKES = (
    r"reserver|s'inscrire|payer|annuler|prendre\srendez-vous|(?:une?\s)?(?:rendez-vous|reservation"
    r"|inscription|justificatif|ticket|carte|badge|caution)"
)
_IT_HAS = (
    r"parkings?|toilettes|vestiaires?|douches?|cuisine|ascenseur|rampe|wifi|buvette|reductions?"
    r"|tarif\sreduit|places?|delai|limite\sd'age"
)
OF_IT = re.compile(
    rf"""(?:est-ce\squ[e']\s?)?(?:
      (?:c'est|est-ce)\s(?:{_IT_IS})
        (?:\s(?:aussi|aujourd'hui|demain|(?:les?|tous\sles)\s(?:{DAYS}s?|jours)|pour\s(?:{_WHO})))?
    | (?:(?:il\s)?faut|faut-il|doit-on|on\sdoit|peut-on|on\speut|puis-je|je\speux)\s(?:{_IT_TAKES})
        (?:\s(?:en\sligne|sur\splace|a\sl'avance|avant|par\s(?:carte|cheque|telephone)))?
    | (?:il\s)?y\sa(?:-t-il)?\s(?:une?\s|des\s|du\s|de\sla\s|de\sl')(?:{_IT_HAS})
    )""",
    re.VERBOSE,
)
"""Questions of their own that do not say what they are about: `faut-il réserver`."""

BARE = re.compile(
    r"(?:(?:a|de|dans|depuis|jusqu'a|par|pour|en|chez|avec) )?"
    r"(?:qui|quoi|quand|ou|combien(?: de temps)?|comment|pourquoi"
    r"|quel(?:le)?s? \w+)"
)
"""A question that only asks, and says of nothing what."""

_WORDS = re.compile(r"[\w'’-]+")
_VERB = re.compile(
    r"\b(?:est|sont|a|ont|peut|doit|faut|coute|dit|donne[rz]?|voudrais|cherche|veux|souhaite|ferme"
    r"|ouvre|aura|sera|etait)\b"
)


def length(text: str) -> int:
    """How many words a text has."""
    return len(_WORDS.findall(text))


def points(folded: str) -> bool:
    """Whether a question speaks of something that it does not name.

    >>> points("quand est-elle libre"), points("quand la salle est-elle libre")
    (True, False)
    """
    folded = _NOT_SUBJECTS.sub(" ", folded)
    inverted = _INVERTED.search(folded)
    if inverted:
        return not _NAMED.search(folded, 0, inverted.start())
    return bool(_POINTS.search(folded))


def is_part(folded: str) -> bool:
    """Whether a few words are a part of a sentence (`en 2024`), and not words to search for.

    >>> is_part("le samedi"), is_part("le budget de la voirie")
    (True, False)
    """
    first = folded.split(" ")[0]
    is_few = length(folded) <= MAX_OWN_WORDS
    return is_few and first in dict(SAME_WAY) and (first != "le" or bool(ON_A_DAY.match(folded)))


def names_nothing(folded: str) -> bool:
    """Whether a question that points says too little to be searched as it is."""
    rest = re.sub(r"\b(?:de|du|des|pour|dans|sur)\s(?:la|le|les|l'|un|une)?\s?\w{4,}.*", "", folded)
    return length(folded) <= MAX_OWN_WORDS + 3 and len(rest) > len(folded) * 0.5


def has_verb(folded: str) -> bool:
    """A fragment has no verb: with one, it is a sentence that stands alone."""
    return bool(_VERB.search(re.sub(r"^a\b", "", folded)))
