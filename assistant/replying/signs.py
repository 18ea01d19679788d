# SPDX-License-Identifier: EUPL-1.2
"""The signs by which a letter's parts are told: field names, formulas, lines that are names.

What is given is folded (`flat`) and without blanks at its ends, but for names: their capitals
matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.pieces import ASKS
from corpus.french import flat

SHORT_CHARS = 70
"""A line of an address, a signature or a letterhead is no longer."""

FIELD = re.compile(
    r"[*_ ]*(?P<name>de|from|expediteur(?:trice)?|envoye par|sender|a|to|pour|destinataires?"
    r"|cc|copie(?: a)?|cci|bcc|repondre a|reply-to|objet|subject|sujet|re|date|envoye(?: le)?|sent"
    r"|received|message-id|x-[\w-]+|return-path|importance|mime-version|content-[\w-]+)[*_]*\s?:"
    r"[*_]*\s*(?P<value>.*)"
)
SUBJECTS = frozenset({"objet", "subject", "sujet"})
PLAIN = frozenset({"objet", "subject", "sujet", "re", "date", "envoye", "envoye le", "sent"})
"""Fields that name nobody by themselves."""

SENDERS = frozenset({"de", "from", "expediteur", "expeditrice", "envoye par", "sender"})
MARKS = SENDERS | SUBJECTS | {"to", "cc", "cci", "bcc"}
"""A block of fields is a header only with one of these: « À : » stands in a text too."""

SALUTATION = re.compile(
    r"(?:bonjour|bonsoir|salut|coucou|allo|bjr|hello|hi|good (?:morning|afternoon|evening))"
    r"\b[^?:.]{0,60}$"
    r"|(?:madame|monsieur|mesdames|messieurs|chere?s?|dear)\b[^?:]{0,60}[,!]$"
)
CLOSING = re.compile(
    r"(?:(?:bien |tres )?(?:cordialement|respectueusement|sincerement|amicalement"
    r"|bien a vous|a vous|cdlt|cdt|crdt|sinceres? salutations|salutations|mes salutations"
    r"|avec (?:mes|(?:tous )?nos) (?:salutations|respects|remerciements)"
    r"|bonne (?:journee|soiree|reception|fin de journee|semaine)|belle journee|a bientot"
    r"|merci(?: (?:beaucoup|bien|d'avance|par avance|a vous|encore|pour tout"
    r"|(?:de|pour) (?:votre|vos|ton|tes) .{1,40}))*"
    r"|en (?:vous )?remerciant\b.{0,60}|dans l'attente\b.{0,80}|a\+|bises?|bisous|biz+"
    r"|(?:best|kind|warm)?\s?(?:regards|wishes)|yours(?: (?:sincerely|faithfully|truly))?|sincerely"
    r"|(?:many )?thanks(?: (?:in advance|again))?|thank you(?: in advance)?)"
    r"(?![^\s,.!;])(?:\s(?:et|,|and)\s.{0,40})?)[\s,.!;]*(?P<rest>.*)"
)
AGREE = re.compile(
    r"\b(?:agreer|(?:veuillez|pri\w+ (?:de|d'))\s?(?:bien vouloir )?(?:recevoir|croire|accepter)"
    r"|recevez|croyez)\b.*|\bl'expression (?:de|des)\b.*"
    r"|\b(?:salutations|sentiments|consideration) (?:distingue|respectueu|les meilleur|devoue)\w*.*"
)
QUOTES = re.compile(
    r"(?:le |on )?.{0,120}\b(?:a ecrit|wrote)\s?:\s*$"
    r"|[-_=\s]*(?:message d'origine|message original|original message)[-_=\s]*$"
)
FORWARDS = re.compile(
    r"[-_=\s]*(?:(?:message|courriel|mail) (?:transfere|fait suivre)|forwarded message"
    r"|debut du message (?:transfere|reexpedie)|begin forwarded message)\s?:?[-_=\s]*$"
)
NOTICE = re.compile(
    r"(?:ce (?:message|courriel|mail|e-mail)\b.{0,60}\b(?:confidentiel|destine|pieces jointes)"
    r"|(?:this|the) (?:e-?mail|message).{0,60}\b(?:confidential|intended|attachments?)"
    r"|avertissement|disclaimer|confidentialite\s?:"
    r"|si vous (?:n'etes pas|avez recu).{0,60}(?:destinataire|erreur)"
    r"|envoye (?:de|depuis) (?:mon|ma|un) |sent from my |(?:garanti|sans virus)\b.{0,40}avast"
    r"|(?:pensez|pensons) (?:a l'environnement|a la planete|vert)|avant d'imprimer"
    r"|please consider the environment)"
)
TOWN = re.compile(
    r"\b(?:mairie|commune|ville de|hotel de ville|madame le maire|monsieur le maire)\b"
)
CONTACT = re.compile(
    r"@|\b(?:tel|telephone|portable|mobile|fax|mail|courriel)\b|\b\d{5}\s[a-z]"
    r"|^\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|chemin|impasse|allee|place|route|quai)"
    r"\b",
    re.MULTILINE,
)
"""What shows that a block of lines says where somebody lives or is reached."""

FILE_NUMBER = re.compile(
    r"(?i:\b(?:factures?|dossiers?|contrats?|allocataires?|clients?|r[ée]f(?:[ée]rences?)?|passeports?"
    r"|permis|titre|cartes?|fiscal|avis|abonn[ée]e?s?|adh[ée]rente?s?|usager|compte|police|siret|siren"
    r"|matricule|puce|rna|immat\w*|invoice|account|file)\b"
    r"(?:\s(?:de\s\w+|caf|client|num[ée]ro|number|\w+(?=\sn\s?[°ºo])))?)"
    r"[\s.:]{0,3}(?:(?:[nN]\s?[°ºo.]|#)\s?:?\s?)?"
    r"(?P<number>(?=\S)(?=(?:[A-Z/-]*\s?\d){4})(?=[^\n]*\d)(?!(?:19|20)\d\d\b(?![-/]\d))"
    r"(?!20\d\d\s?[-/]\s?20\d\d)[A-Z]{0,4}[-/ ]?\d"
    r"(?:[A-Z\d]|[-/ .](?=[A-Z]{0,3}\d)|[-/](?=[A-Z]{1,4}\b))*+"
    r"(?!\s?(?:€|euro|m²|m2|%)))"
)
"""A number by which a file, a contract or a customer is known: four figures at the least."""

HOUSE = re.compile(
    r"(?<![\w/.-])(?P<number>\d{1,4}(?:\s?(?:bis|ter|quater|[A-D]))?),?\s"
    r"(?=(?i:rue|avenue|av\.|boulevard|bd|chemin|impasse|all[ée]e|place|route|quai|sente|ruelle|square"
    r"|cours|passage|venelle)\s)"
)

ASKING = re.compile(rf"(?<![\w'-]){ASKS}", re.VERBOSE)
POSTSCRIPT = re.compile(r"\s*(?:p\.?\s?-?\s?s\b|post[- ]scriptum)", re.IGNORECASE)

TITLE = r"(?:m\.|mr|mme|mlle|monsieur|madame|mademoiselle|mrs|ms|miss|dr|docteur|me|maitre)"
OFFICE = re.compile(
    r"\b(?:mairie|maire|commune|ville|service|hotel|conseil|direction|bureau|accueil|municipal\w*"
    r"|objet|reference|ref|le\s\d|\d{4}|council|office|lettre|recommande|urgent|adjoint\w*)\b"
)
NAME_LINE = re.compile(
    rf"(?i:{TITLE}\s+(?:et\s+{TITLE}\s+)?)?"
    r"(?:[A-ZÀ-Þ][\w'’.-]*|d['’][A-ZÀ-Þ][\w'’-]*)"
    r"(?:\s+(?:(?:de|du|des|la|le|les|et|van|von|ben|el|al|&|née?)\s+){0,2}"
    r"(?:d['’])?[A-ZÀ-Þ][\w'’.-]*){0,4}\s*[,.]?"
)
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")


def is_salutation(folded: str) -> bool:
    return SALUTATION.match(folded) is not None


def shown(value: str) -> str:
    """Return whom a field or a line names, without their address."""
    bare = re.sub(r"<[^>]*>|[\"*]|\[mailto:[^\]]*\]", "", value).strip(" ,.;")
    bare = re.sub(r",[^,]*\d.*", "", bare)
    return "" if ADDRESS.fullmatch(bare) else bare


KIN = re.compile(
    r"\b(?:my|our) (?:wife|husband|partner|son|daughter|mother|father|brother|sister|baby|child"
    r"|grandson|granddaughter|neighbour|friend|mum|dad)s?,? (?P<name>[A-Z][\w'’-]+)"
)
"""Who is told of in English, which the guard, made for French, does not know."""


def names_of(values: Sequence[str], text: str) -> frozenset[str]:
    """Return the words of names that are hidden wherever they stand with a capital: not those that
    the letter writes small too, which are words."""
    found = set[str]()
    for value in values:
        addresses = ADDRESS.findall(value)
        if OFFICE.search(flat(ADDRESS.sub(" ", value))):
            continue  # « Mairie de Mirelande »: the town's name is nobody's
        for address in addresses:
            parts = re.findall(r"[^\W\d_]{3,}", address.partition("@")[0])
            found |= set(parts) if len(parts) > 1 else set()  # one alone is often a service
            value = value.replace(address, " ")
        found |= {word for word in WORD.findall(value) if len(word) >= 3}
        found |= {part for word in WORD.findall(value) for part in word.split("-") if len(part) > 3}
    small = set(re.findall(r"(?<![\w@.-])[^\W\d_A-ZÀ-Þ]{3,}(?![\w@])", text))
    kept = (name for name in found if name.lower() not in small)
    return frozenset(name for name in kept if not _is_common(flat(name)))


def _is_common(folded: str) -> bool:
    return bool(OFFICE.search(folded)) or re.fullmatch(TITLE, folded) is not None


def mentions(names: frozenset[str], text: str) -> Iterator[re.Match[str]]:
    """Yield where names stand, with a capital or in capitals, whatever their accents."""
    if not names:
        return
    each = sorted({flat(name) for name in names}, key=len, reverse=True)
    folded = flat(text)
    for found in re.finditer(rf"(?<![\w@])(?:{'|'.join(map(re.escape, each))})(?!\w)", folded):
        if text[found.start()].isupper():
            yield found


def is_name(line: str) -> bool:
    """Whether a line is somebody's name, or several people's; an address may follow it."""
    text, folded = line.strip(), flat(line).strip()
    if "," in text and re.search(r"\d", text):
        text = text.partition(",")[0]
    return (
        len(text) <= SHORT_CHARS
        and bool(WORD.findall(re.sub(rf"\b{TITLE}(?!\w)", " ", folded)))
        and NAME_LINE.fullmatch(text) is not None
        and not OFFICE.search(folded)
        and not is_salutation(folded)
    )
