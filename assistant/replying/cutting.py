# SPDX-License-Identifier: EUPL-1.2
"""A sentence that asks, cut into the things that it asks, each worded as a question.

    "J'habite hors commune, je voudrais savoir si la piscine est ouverte et quels sont les tarifs."
      ─▶ what stands before: "J'habite hors commune"
      ─▶ "Est-ce que la piscine est ouverte ?", "Quels sont les tarifs ?"

Things are parted where each has a word of its own that asks, or a noun of what is asked of a thing
(« les tarifs et les horaires de la piscine »); in doubt they stay together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.leaning import BARE, NOUN
from assistant.pieces import ASKS, marked, own_words, pieces_of
from assistant.replying.frames import frame_in
from assistant.replying.plain import without_marks
from corpus.french import flat

_THANKS = (
    r"(?:(?:en vous |je vous )?(?:merci|remerci\w+)\b"
    r"(?!\s(?:de\s|d')(?:(?:bien vouloir|me|nous|les?|la)\s|[ml]')*"
    r"(?![vn]otre\b)\w+(?:er|ir|re|oir)\b)"
    r"[^?]{0,60}|s'il (?:vous|te) plait|svp|stp"
    r"|(?:bien )?cordialement|bonne (?:journee|soiree)|dans l'attente\b.{0,80}|par avance|d'avance"
    r"|biz|bises|bisous|thanks?(?: you)?\b.{0,30}|please)"
)
_AFTER = re.compile(rf"(?<![\s,;.!?–-])[\s,;.!?–-]*\b{_THANKS}[\s,;.!?]*$")
_BEFORE = re.compile(
    r"^(?:(?:bonjour|bonsoir|madame|monsieur|salut|coucou|hello|bjr|slt|hi)\b[\s,!.]*"
    r"(?:a (?:tous|vous)\b[\s,!.]*)?)+"
)
_LINKING = re.compile(
    r"^(?:(?:par ailleurs|par contre|en revanche|autrement|de plus|en outre|d'autre part"
    r"|d'une part|enfin|ensuite|aussi|egalement"
    r"|sinon|puis|accessoirement|autre (?:point|question)|premierement|deuxiemement|d'abord"
    r"|tout d'abord|pour finir|et|mais|alors|donc|also|finally|then|secondly|moreover|besides"
    r"|(?:deuxieme|derniere|seconde|premiere|ma|petite|une) (?:autre )?question)\s?[,:]?\s+)+"
)
MEASURES = (
    rf"(?:{NOUN}|modalites?|demarches?|procedures?|formulaires?|listes?|reglements?|dossiers?"
    r"|justificatifs?|reductions?|aides?|inscriptions?|reservations?|creneaux|places?|calendrier"
    r"|programme|menus?|plans?|caution|contacts?|periodes?|frequence|regles?|prices?|times?|hours"
    r"|deadline|cost|fees?|rules?|forms?)"
).replace(" ", r"\s")
THE = r"(?:les?\s|la\s|l'|the\s|leurs?\s|son\s|sa\s|ses\s|vos\s|votre\s)"
_INDIRECT = (
    rf"(?:{ASKS}|si\s|s'ils?\s|ce\sque\s|ce\squ'"
    r"|(?:(?:until|at|from|by|for|on|in)\s)?(?:if|whether|when|where|how|who|which|what)\s)"
)
_CUTS = re.compile(
    r"""(?:\s?[,;]\s?(?:(?:et\spuis|et|and|puis|ainsi\sque)\s)?(?!qui\b)
      | \s(?:et\saussi|et\spuis|mais\saussi|et|ainsi\sque|puis|and)\s)
        (?:(?:aussi|enfin|egalement|notamment)\s)?"""
    rf"(?=(?:savoir\s|connaitre\s)?(?:{_INDIRECT}|{THE}{MEASURES}\b(?!\s(?:ayant|etant)\b)))",
    re.VERBOSE,
)
_ONLY_ASKS = re.compile(
    r"(?:.*\s)?(?:les?|la|l'|the)?\s?"
    rf"(?:{MEASURES}|(?:a\s)?quel(?:le)?s?\s\w+|quand|ou|o@|combien|comment)"
)

_HALF = re.compile(r"\b(?:dates?|jours?|lieux?|noms?)$")
_OTHER_HALF = re.compile(r"(?:l'heure|les heures|la date|le lieu|l'adresse|le prenom)\b")
_WHETHER_ANY = re.compile(
    r"(?:(?:est-ce qu')?il y a|y a-t-il|existe-t-il|avez-vous|s'il (?:y a|existe)|proposez-vous"
    r"|(?:is|are) there|do you have)\b"
)
_OF_IT = re.compile(r"(?:.{0,30}\b(?:it|they)\b.{0,20}|.{0,30}-(?:t-)?(?:il|elle)s?\b.{0,12})")
"""« Y a-t-il un cours, et quel jour se réunit-il » asks for one thing, if there is one."""

_WHICH_ONE = re.compile(
    r"(?:a compter de|a partir de|depuis) (?:quel(?:le)?s?(?: \w+)?"
    r"|quand)"
)

_OF = r"(?:de\sla\s|de\sl'|du\s|des\s|d'|de\s|pour\s|aux?\s|a\sla\s|of\s|for\s)"
_HAS_OF = re.compile(rf"{THE}{MEASURES}.*?\s(?P<of>{_OF}(?!{MEASURES}\b).+)$")
_BARE = re.compile(rf"(?:.*\s)?{THE}{MEASURES}")
_SHARED = re.compile(
    rf"(?P<head>(?:les?\s|la\s|l'){MEASURES})\s(?P<one>{_OF}[^,;?]{{2,50}}?)\s"
    rf"(?:et|ainsi\sque)\s(?P<two>{_OF}[^,;?]{{2,60}})$"
)
_WHEN = r"(?:ou|o@|quand|comment|combien|a\squelle\sheure)"
_DOUBLE = re.compile(rf"(?P<one>{_WHEN})\set\s(?P<two>{_WHEN})\s(?P<rest>.+)")
PRONOUN = r"(?:je|tu|il|elle|on|nous|vous|ils|elles)"
_CONTEXT = re.compile(
    rf"""(?!(?:[a-z']{{1,8}}\s)?(?:quel(?:le)?s?|combien|comment|pourquoi)\b[^:;]*$)
    (?P<before>.{{3,}}?[,:;])\s(?=(?:
        (?!qui\b){ASKS} | (?:entre|apres|vers)\squel | [\w']+-(?:t-)?{PRONOUN}\b | vous\s | y\sa\b
      | (?:(?:le|la|les|mon|ma|mes|une?)\s|l')[\w'\s-]{{2,40}}-(?:t-)?(?:ils?|elles?)\b
    ))""",
    re.VERBOSE,
)
_IF_SO = re.compile(
    r"[\s,;]*(?:\b(?:et|and)\b[\s,]*)?"
    r"\b(?:si (?:oui|non|possible|tel est le cas|c'est le cas)|if so)\b\s?,?\s*",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r",\s(?:qui\s(?:est|sont|a|ont|ne|n['’]|vient|joue\w*|habite\w*|vit|fait)\s?|dont\s|que\s)[^,?:;]{2,90},\s"
)
"""Who or what somebody is, told by the way: « mon cousin, qui est musicien, »."""

_REASON = re.compile(
    r"(?:[,;]?\s(?:parce\squ[e'’]|pcq|pck|vu\sque|puisqu[e'’])|[,;]\scar)\s?(?P<why>\S[^?]*)\??\s*$",
    re.IGNORECASE,
)
"""Why it is asked: it is no part of the question, which may be completed with it."""

LONG = 300
"""Who writes on without a comma asks from the first word on that asks."""

_ASKS = re.compile(rf"(?<![\w'-]){ASKS}", re.VERBOSE)
_SENDING = re.compile(r"(?:(?:en)?voye\w*|transm\w*|parvenir|fournir|send)\W*(?:me|us|moi|nous)?$")


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that is asked, in the letter's words; `is_told`: it stands behind a verb of telling
    (« savoir si … »); `is_sent`: it is a paper that is to be sent; `goes_on`: it takes up what was
    asked before (« Et le samedi ? »)."""

    text: str
    is_told: bool = True
    is_sent: bool = False
    goes_on: bool = False


def stripped(text: str) -> str:
    """Return a sentence without its greeting, its links and its thanks.

    >>> stripped("Bonjour, par ailleurs, où est la piscine ? Merci d'avance.")
    'où est la piscine'
    """
    text = " ".join(text.split())
    while (shorter := _once(text)) != text:
        text = shorter
    return text


def _once(text: str) -> str:
    for pattern in (_BEFORE, _LINKING):
        found = pattern.match(flat(text))
        if found and found.end() < len(text):
            text = text[found.end() :].strip()
    after = _AFTER.search(flat(text))
    return text[: after.start()].rstrip(" ,;") if after and after.start() else text


_LED = "merci "
_IS_LED = re.compile(r"(?:de|d')\s?(?:bien vouloir )?(?:me|nous|m')\b")
"""An item that goes on with « je vous saurais gré : », as a request by itself."""


def asked_things(sentence: str, *, is_item: bool = False) -> tuple[str, list[Thing]]:
    """Return what stands before what is asked and why it is, and the things that are asked;
    `is_item`: the line above tells that it is asked.

    >>> _, things = asked_things("Merci de m'indiquer les tarifs et les horaires de la piscine.")
    >>> [thing.text for thing in things]
    ['les tarifs de la piscine', 'les horaires de la piscine']
    """
    text, is_sent = stripped(_IF_SO.sub(_joined, without_marks(sentence))), False
    text = _ASIDE.sub(" ", text)
    reason = _REASON.search(text)
    if reason:
        text = text[: reason.start()] + ("?" if reason[0].rstrip().endswith("?") else "")
    if framed := frame_in(f"{_LED}{text}" if is_item and _IS_LED.match(flat(text)) else text):
        before, asked = framed.before, framed.asked
        is_sent = _SENDING.search(flat(framed.wording)) is not None
    elif context := _CONTEXT.match(marked(text)):
        before, asked = text[: context.end("before")], text[context.end("before") :]
    else:
        first = [m.start() for m in _ASKS.finditer(marked(text))][:1] if len(text) > LONG else []
        before, asked = (text[: first[0]], text[first[0] :]) if first else ("", text)
    before = before.strip(" ,;:")
    parts = [part for piece in _pieces(asked.strip()) for part in _parted(piece)]
    things = [
        Thing(part.rstrip(" ."), is_item or framed is not None, is_sent)
        for part in _completed(_at_once(parts))
    ]
    if not framed and not before and len(things) == 1 and _opens(sentence):
        things = [replace(things[0], goes_on=True)]
    is_told = own_words(before) and not re.match(r"(?:toi|tu|vous)\b", flat(before))
    told = [before if is_told else "", reason["why"] if reason else ""]
    return ", ".join(filter(None, told)), things


def _joined(found: re.Match[str]) -> str:
    """« Faut-il s'inscrire et, si oui, où ? » asks both."""
    return " et " if found.start() else ""


def _opens(sentence: str) -> bool:
    """Whether a sentence takes up the one before it: « Et le samedi ? »."""
    return re.match(r"(?:et|mais|and)\s", flat(sentence.strip())) is not None


def _pieces(asked: str) -> list[str]:
    """Cut where another thing is asked."""
    if _DOUBLE.match(marked(asked)):
        return [asked]
    start, pieces = 0, list[str]()
    for cut in _CUTS.finditer(marked(asked)):
        before = asked[start : cut.start()].strip()
        if before.count("«") > before.count("»"):
            continue  # a thing's name
        if _HALF.search(flat(before)) and _OTHER_HALF.match(flat(asked[cut.end() :])):
            continue  # « la date et l'heure » are one moment
        if re.search(r"\b(?:entre|between)\b", before) and not _ASKS.match(
            marked(asked), cut.end()
        ):
            continue  # both are asked of at once
        if own_words(before) or _ONLY_ASKS.fullmatch(marked(before)):
            pieces.append(before)
            start = cut.end()
    pieces.append(asked[start:])
    told = [piece.strip(" ,;") for piece in (pieces if len(pieces) > 1 else pieces_of(asked))]
    return [piece for piece in told if piece]


def _parted(piece: str) -> list[str]:
    """Part what shares its head, or the rest: « les horaires de A et de B », « où et quand »."""
    folded = marked(piece).rstrip(" ?.!")
    if double := _DOUBLE.fullmatch(folded):
        rest = piece[double.start("rest") :]
        return [f"{piece[double.start(one) : double.end(one)]} {rest}" for one in ("one", "two")]
    if shared := _SHARED.search(folded):
        head = piece[: shared.end("head")]
        return [piece[: shared.end("one")], f"{head} {piece[shared.start('two') :]}"]
    return [piece]


def _at_once(parts: Sequence[str]) -> list[str]:
    """Ask « le car passe-t-il ici, et à quelle heure » as one thing."""
    done = list[str]()
    for part in parts:
        folded = flat(part).rstrip(" ?.!;")
        is_bare = BARE.fullmatch(folded) is not None
        if done and (
            _WHICH_ONE.fullmatch(folded)
            or (_WHETHER_ANY.match(flat(done[-1])) and _OF_IT.fullmatch(folded))
        ):
            is_english = flat(done[-1]).startswith(("is ", "are ", "do "))
            done[-1] = f"{done[-1].rstrip(' ?.!;')}, {'and' if is_english else 'et'} {part}"
        elif done and is_bare and re.search(rf"-(?:t-)?{PRONOUN}\b", flat(done[-1])):
            first = done[-1].rstrip(" ?.!")
            done[-1] = f"{part.rstrip(' ?.!')} {first[:1].lower()}{first[1:]}"
        else:
            done.append(part)
    return done


def _completed(parts: Sequence[str]) -> list[str]:
    """Give « les tarifs » beside « les horaires de la piscine » what the next one is of."""
    done, of = list[str](), ""
    for part in reversed(parts):
        folded = marked(part).rstrip(" ?.!")
        if has := _HAS_OF.search(folded):
            of = part[has.start("of") : len(folded)]
        elif of and _BARE.fullmatch(folded):
            part = f"{part.rstrip(' ?.!')} {of}"
        else:
            of = ""
        done.append(part)
    return done[::-1]
