# SPDX-License-Identifier: EUPL-1.2
"""A question that leans on the one before it, completed by rules: no model, nothing guessed.

    "Quel est le tarif de la cantine pour un adulte ?"
      "Et pour un enfant ?"     ─▶ "Quel est le tarif de la cantine pour un enfant ?"
      "Et les horaires ?"       ─▶ "Les horaires de la cantine pour un adulte ?"
      "Et combien de repas ?"   ─▶ "Combien de repas : la cantine ?"
      "Où est la piscine ?"     ─▶ None: it stands alone

A fragment takes the place of what the question before said in the same way (`pour …`, `en …`); a
noun of a measure (`les horaires`), and a question of its own that only points (`elle`, `ce tarif`)
or names nothing (`c'est gratuit`), get the subject of the one before; thanks get nothing. The
one before comes in its hidden form, and what was hidden there is never carried on.
"""

from __future__ import annotations

import re

from corpus.french import flat
from guardrails.placeholders import PLACEHOLDER

MAX_OWN_WORDS = 5
"""A question with more words of its own than this says what it is about."""

_OPENING = re.compile(
    r"^(?:(?:et|mais|sinon|alors|ok|d'accord|merci(?:\s(?:beaucoup|bien))?|and|what about)\b"
    r"[\s,.!]*(?:bien\s)?)+",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?>(?:et|ok|oui|d'accord|super|parfait|genial|(?:tres )?bien(?: note)?|au revoir"
    r"|c'est (?:bon|note|parfait|tout|gentil)|bonne (?:fin de )?(?:journee|soiree)|a bientot"
    r"|(?:un )?(?:grand )?merci(?: (?:beaucoup|bien|infiniment|encore|d'avance|a (?:vous|toi)"
    r"|(?:pour|de) (?:(?:l'|tout|votre|ta|ton|vos|ces|cette|la|le|les|ces) ?)+\w*))*"
    r"|thanks?(?: you)?)[\s,.!;]*)++"
)
_END = re.compile(r"[\s?!.…]+$")
_ASKING = re.compile(
    r"^(?:(?:[aàd]|de|depuis|jusqu'a|pour|par|avec|chez|en)\s)?"
    r"(?:qui|que|qu'|quoi|quel(?:le)?s?|combien|quand|comment|pourquoi|ou|lequel|laquelle|est-ce"
    r"|a-t-|y a-t-|peut-on|faut-il|doit-on|who|what|when|where|how|why|which|is|are|does|do|can)\b"
)
_SAME_WAY = (
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

_DAYS = (
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|matin|soir|week-end|jours?\sferies?)"
)
_ON_A_DAY = re.compile(rf"le {_DAYS}\b")
_POINTS = re.compile(
    r"""\b(?:
      elles? | ils
    | il(?!\s(?:faut|y\sa|existe|est\s(?:possible|interdit|obligatoire|permis|necessaire))\b)
    | ca | cela | celles?(?:-ci|-la)? | celui(?:-ci|-la)? | ceux(?:-ci|-la)? | y(?!\sa\b) | la-bas
    | (?:ce|cet|cette|ces)\s\w+(?!\s(?:de|du|des|d')\b)
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
    r"|courriel|coordonnees"
)
_NOUN = rf"(?:{_MEASURE})(?: d'ouverture| d'accueil| de telephone)?"
_SCAFFOLD = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:a |de |depuis |jusqu'a |pour |par )?quel(?:le)?s? "
        r"(?:(?:est|sont|etait|etaient|sera|seront|a ete|ont ete) )?"
        rf"(?:le |la |les |l')?{_NOUN} (?=d[eu]s? |d'|au |a la |pour |en )",
        r"(?:a |de |depuis |jusqu'a |pour |par )?quel(?:le)?s? "
        r"(?:est|sont|etait|etaient|sera|seront|a ete|ont ete) (?:la |le |les |l')?",
        r"(?:(?:quand|ou|comment|pourquoi|combien|qui|que|qu') ?)?est-ce (?:que |qu'|qui )",
        r"(?:quand|ou|comment|pourquoi) "
        r"(?:est|sont|se trouve(?:nt)?|a|ont|peut-on|faut-il|puis-je) ",
        r"(?:combien) (?:coute(?:nt)?|vaut|valent|dure(?:nt)?|y a-t-il de |y a-t-il d')\s?",
        r"(?:qui) (?:est|sont|a|s'occupe|peut|doit) ?",
        r"(?:y a-t-il|existe-t-il|peut-on|faut-il|doit-on|puis-je|a-t-on) ",
        r"(?:what|when|where|how much|how|who) (?:is|are|does|do|was|were) ",
        r"(?:quand|ou|comment|pourquoi|combien de|combien d'|combien|quel(?:le)?s?) ",
    )
)
_SORTED = (
    r"(?:tarif|prix|cout|montant|horaire|adresse|numero|telephone|mail|courriel|coordonnee)s?"
    r"(?: d'ouverture| d'accueil| de telephone)?"
)
"""Measures that a word only sorts: `le tarif enfant`; `les jours fériés` are another thing."""

_TITLE = re.compile(rf"(?:le |la |les |l')?{_SORTED} (?=d(?:[eu]s? |')[^\s,]+(?: [^\s,]+){{0,4}}$)")
"""How a few words begin that ask without a verb: `Les horaires de la piscine ?`."""

_WHO = (
    r"(?:(?:les?|une?|des|tous\sles|mon|ma|mes)\s)?(?:enfants?|adultes?|etudiants?|seniors?|retraites?"
    r"|familles?|habitants?|jeunes|bebes?)|tous|tout\sle\smonde"
)
_ONLY_MEASURE = re.compile(
    r"(?:pour )?(?P<asks>(?:quel(?:le)?s? (?:est|sont) )?)"
    r"(?:(?P<whose>son|sa|ses|leurs?) |le |la |les |l')?"
    rf"(?P<noun>{_NOUN})(?: (?P<which>.+))?"
)
_OF_A_THING = re.compile(rf"(?:du |des |de la |de l'|d'une? )(?!{_DAYS}|{_WHO})")
_ARTICLE = re.compile(r"(?:le|la|les|une?|mon|ma|mes|notre|votre) |l'", re.IGNORECASE)
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
_OF_IT = re.compile(
    rf"""(?:est-ce\squ[e']\s?)?(?:
      (?:c'est|est-ce)\s(?:{_IT_IS})
        (?:\s(?:aussi|aujourd'hui|demain|(?:les?|tous\sles)\s(?:{_DAYS}s?|jours)|pour\s(?:{_WHO})))?
    | (?:(?:il\s)?faut|faut-il|doit-on|on\sdoit|peut-on|on\speut|puis-je|je\speux)\s(?:{_IT_TAKES})
        (?:\s(?:en\sligne|sur\splace|a\sl'avance|avant|par\s(?:carte|cheque|telephone)))?
    | (?:il\s)?y\sa(?:-t-il)?\s(?:une?\s|des\s|du\s|de\sla\s|de\sl')(?:{_IT_HAS})
    )""",
    re.VERBOSE,
)
"""Questions of their own that do not say what they are about: `faut-il réserver`."""

_BARE = re.compile(
    r"(?:(?:a|de|dans|depuis|jusqu'a|par|pour|en|chez|avec) )?"
    r"(?:qui|quoi|quand|ou|combien(?: de temps)?|comment|pourquoi"
    r"|quel(?:le)?s? (?:heures?|dates?|jours?|prix|tarifs?|delais?"
    r"|adresse|endroit|numero|montant|frequence|titre|service|conditions?))"
)
"""A question that only asks, and says of nothing what."""

_ONLY_ASKS = re.compile(r"(?:quand|ou|comment|pourquoi|combien de|combien) (?!est-ce)")
_LEADING = re.compile(r"^(?:de la |de l'|du |des |de |d'|au |aux |a la |a l')")
_HIDDEN = re.compile(
    r"(?:[\s,;]*\b(?:mon |son )?"
    r"(?:t[ée]l(?:[ée]phone)?|portable|mobile|e-?mail|courriel|adresse|n[°o]|numéro)\.?\s?:?"
    r"|\b(?:de|du|pour|à|chez|avec|par|et)\s|\bd')?"
    rf"\s*{PLACEHOLDER.pattern}",
    re.IGNORECASE,
)
"""What was hidden, with the word that announces it: alone, « tél » would be searched for."""
_TAIL_WORDS = re.compile(r"[\w'’-]+")


def complete(question: str, before: str) -> str | None:
    """Return the question with what it takes from the one before, None if it stands alone.

    >>> complete("Et le samedi ?", "Quels sont les horaires de la piscine ?")
    'Quels sont les horaires de la piscine le samedi ?'
    """
    asked = _END.sub("", question.strip())
    previous = one_blank(_END.sub("", _HIDDEN.sub("", before)))
    bare = _OPENING.sub("", asked).strip()
    if not bare or not previous or _THANKS.fullmatch(flat(asked)):
        return None
    folded, opened = flat(bare), bare != asked
    measure, about = _ONLY_MEASURE.fullmatch(folded), _about(previous)
    if about and _OF_IT.fullmatch(folded):
        return f"{_capital(bare) if opened else bare} : {about} ?"
    if measure and not (measure["asks"] and measure["which"]):
        if _OF_A_THING.match(measure["which"] or ""):
            return None  # `Et le prix du pain ?` says of what
        is_sorted = opened and re.match(_SORTED, measure["noun"])
        if about and (is_sorted or not measure["which"]):
            asked = bare[measure.start("asks") :]
            if opened or measure["asks"]:
                asked = _capital(asked)
            return f"{_measured(asked, measure, about)} ?"
    own = len(_TAIL_WORDS.findall(folded))
    if _ASKING.match(folded):
        points = _points(_NOT_SUBJECTS.sub(" ", folded))
        is_bare = bool(_BARE.fullmatch(folded))
        is_short = opened and own <= MAX_OWN_WORDS
        subject = subject_of(previous)
        if not subject or not (is_bare or is_short or (points and _names_nothing(folded))):
            return None
        if is_bare and (asks := _ONLY_ASKS.match(flat(previous))):
            return f"{_capital(bare)} {previous[asks.end() :]} ?"
        return f"{_capital(bare)} : {subject} ?"
    if own > MAX_OWN_WORDS + 3 or _has_verb(folded) or not (opened or _is_part(folded)):
        return None
    return f"{_joined(previous, bare)} ?"


def subject_of(question: str) -> str:
    """Return what a question is about, without the words that only ask.

    >>> subject_of("Quel est le prix de la location de la salle des fêtes ?")
    'la location de la salle des fêtes'
    """
    text = _END.sub("", question.strip())
    folded = flat(text)
    for pattern in _SCAFFOLD:
        if found := pattern.match(folded):
            text = text[found.end() :]
            break
    return _with_article(text)


def one_blank(text: str) -> str:
    """Return a text with one blank for all white space; what marks an added date stays.

    >>> one_blank("Cette\\u00a0 année\\u00a0(2026)")
    'Cette année\\xa0(2026)'
    """
    return re.sub(r"(?!\u00a0\()\s+", " ", text).strip()


def _with_article(text: str) -> str:
    """`des fêtes` ─▶ `les fêtes`."""
    leading = _LEADING.match(flat(text))
    if leading:
        article = {"de la ": "la ", "de l'": "l'", "du ": "le ", "des ": "les ", "a la ": "la ",
                   "a l'": "l'", "au ": "le ", "aux ": "les "}.get(leading[0], "")  # fmt: skip
        text = article + text[leading.end() :]
    return text.strip(" ,:")


def _about(previous: str) -> str:
    """Return the subject of a question, of one that was completed or has no verb, too."""
    said = subject_of(_apart(previous)[1])
    title = _TITLE.match(flat(said))
    return _with_article(said[title.end() :]) if title else said


def _apart(previous: str) -> tuple[str, str]:
    """Return what a completed question asks, nothing for any other, and of what.

    >>> _apart("Combien ça coûte : la piscine"), _apart("La piscine : est-elle ouverte")
    (('Combien ça coûte', 'la piscine'), ('', 'La piscine : est-elle ouverte'))
    """
    asked, _, about = previous.rpartition(" : ")
    folded = flat(asked)
    asks = _ASKING.match(folded) or _OF_IT.fullmatch(folded) or _ONLY_MEASURE.fullmatch(folded)
    is_short = len(_TAIL_WORDS.findall(asked)) <= MAX_OWN_WORDS + 3
    return (asked, about) if asks and is_short else ("", previous)


def _measured(asked: str, measure: re.Match[str], about: str) -> str:
    """`Et le tarif ?` after `Quels sont les horaires de la piscine ?`."""
    is_plain = not measure["which"] and not measure["whose"]
    if is_plain and _ARTICLE.match(about) and not _has_verb(flat(about)):
        return f"{asked} {_of(about[:1].lower() + about[1:])}"
    return f"{asked} : {about}"


def _joined(previous: str, fragment: str) -> str:
    """Put a fragment where the question before says the same kind of thing, else at its end."""
    fragment = fragment[:1].lower() + fragment[1:]
    first = flat(fragment).split(" ")[0].split("'")[0]
    folded = flat(previous)
    ways = dict(_SAME_WAY).get(first, "")
    if first == "le" and not _ON_A_DAY.match(flat(fragment)):
        return _in_place_of_subject(previous, fragment)
    if first in {"la", "les", "l"}:
        return _in_place_of_subject(previous, fragment)
    if ways:
        found = list(re.finditer(rf"(?<= )(?:{ways})(?: |(?<='))", folded))
        if first == "le":
            found = [m for m in found if re.match(_DAYS, folded[m.end() :])]
        if first in {"a", "au", "aux", "dans", "de", "du", "des"}:
            found = found[-1:]
        if found:
            return previous[: found[-1].start()] + fragment
    return f"{previous} {fragment}"


def _in_place_of_subject(previous: str, fragment: str) -> str:
    """`Et la piscine ?` after `Quels sont les horaires de la bibliothèque ?`."""
    if asked := _apart(previous)[0]:
        return f"{asked} : {fragment}"
    folded = flat(previous)
    for pattern in (*_SCAFFOLD, _TITLE):
        if found := pattern.match(folded):
            rest = folded[found.end() :]
            of = bool(_LEADING.match(rest))
            scaffold = previous[: found.end()].rstrip()
            if not of:  # `Où se trouve la` ─ the article belongs to what is replaced
                scaffold = re.sub(r"\s(?:le|la|les|l['’])$", "", scaffold)
            return f"{scaffold} {_of(fragment) if of else fragment}"
    return f"{previous} : {fragment}"


def _of(fragment: str) -> str:
    """`le musée` ─▶ `du musée`."""
    if fragment.startswith("le "):
        return "du " + fragment[3:]
    if fragment.startswith("les "):
        return "des " + fragment[4:]
    if fragment.startswith("un"):
        return "d'" + fragment
    return "de " + fragment


def _points(folded: str) -> bool:
    """Whether a question speaks of something that it does not name."""
    inverted = _INVERTED.search(folded)
    if inverted:
        return not _NAMED.search(folded, 0, inverted.start())
    return bool(_POINTS.search(folded))


def _is_part(folded: str) -> bool:
    """Whether a few words are a part of a sentence (`en 2024`), and not words to search for."""
    first = folded.split(" ")[0]
    is_few = len(_TAIL_WORDS.findall(folded)) <= MAX_OWN_WORDS
    return is_few and first in dict(_SAME_WAY) and (first != "le" or bool(_ON_A_DAY.match(folded)))


def _names_nothing(folded: str) -> bool:
    """Whether a question that points says too little to be searched as it is."""
    rest = re.sub(r"\b(?:de|du|des|pour|dans|sur)\s(?:la|le|les|l'|un|une)?\s?\w{4,}.*", "", folded)
    return len(_TAIL_WORDS.findall(folded)) <= MAX_OWN_WORDS + 3 and len(rest) > len(folded) * 0.5


_VERB = re.compile(
    r"\b(?:est|sont|a|ont|peut|doit|faut|coute|dit|donne[rz]?|voudrais|cherche|veux|souhaite|ferme"
    r"|ouvre|aura|sera|etait)\b"
)


def _has_verb(folded: str) -> bool:
    """A fragment has no verb: with one, it is a sentence that stands alone."""
    return bool(_VERB.search(re.sub(r"^a\b", "", folded)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
