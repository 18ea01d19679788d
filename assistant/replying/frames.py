# SPDX-License-Identifier: EUPL-1.2
"""How a request is worded around what it asks for (anchors of the indirect question).

    "Je voudrais savoir | si la piscine est ouverte"     ─▶ "si la piscine est ouverte"
    "Merci de m'indiquer | les tarifs de la cantine"     ─▶ "les tarifs de la cantine"
    "I would like to know | when the library opens"      ─▶ "when the library opens"

A frame is a verb of telling, then what is to be told: an indirect question or a thing. Whether the
sentence asks is learnt (`asking.py`); the frame only says where what is asked begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.pieces import marked

_TELL = r"""(?:savoir | connaitre | indiquer | dire | preciser | confirmer | communiquer | donner
    | expliquer | informer | informe\w* | renseigner | renseigne\w* | obtenir | recevoir
    | demander | rappeler | fournir | avoir | (?:en)?voyer | transmettre | faire\ssavoir
    | faire\sparvenir | parvenir | trouver | apprendre | comprendre | eclairer)"""
_IMPERATIVE = r"(?:dites|indiquez|precisez|donnez|confirmez|expliquez|envoyez|informez|rappelez)"
_WH = r"""(?:(?:[aàd]|de|depuis|jusqu'?\s?a|pour|par|avec|dans|sous|sur|en|chez|d')\s?)?
    (?:quel(?:le)?s?|combien|quand|comment|pourquoi|ou|o@|qui|lequel|laquelle|quoi)\b
    | si\b | s'ils?\b | ce\squ[ei']\b | ce\sque\b | ce\squ' | qu'est-ce"""
_THING = (
    r"(?:les?|la|une?|des|du|de\sla|d[eu]|sur|quelques|tous?|toutes|votre|vos|cette|cet?)\s|l'"
    r"|d'(?!apres\b|ailleurs\b|ici\b)"
)
_FILLER = r"""(?:(?:\s?,?\s?(?:s'il\s(?:vous|te)\splait|svp|stp|aussi|egalement|donc|please
    |(?:tout\s)?(?:seule|simple|franche|exacte|rapide|precise|claire)ment|juste|au\sjuste|alors
    |par\s(?:mail|retour|ecrit)|kindly|exactly)\s?,?)*(?:\s?,\s[^,?]{3,60},)?\s?:?\s)"""

FRAME = re.compile(
    rf"""(?<![\w'])(?:
        (?:(?:me|nous|m'|te|vous)\s?)?(?P<verb>{_TELL})
      | (?P<order>{_IMPERATIVE})(?:-(?:moi|nous))
      | demande[rz]?-(?:leur|lui)
      | je\s(?:me\s)?demande | (?:nous\s)?nous\sdemandons
      | (?:je|nous)\sne\ssa(?:is|vons)\s(?:pas|plus)(?:\sencore)?
      | (?:je|on|nous)\s(?:re)?cherch(?:e|ons)
      | (?:sav|connaiss|pens)ez-vous | (?P<need>besoin\sd[e']\s?)(?:savoir|connaitre)?
      | (?:curieu(?:x|se)|question)\s:?
      | i\s(?:would|'d)\slike\sto\s(?:know|ask|find\sout) | let\sme\sknow | tell\s(?:me|us)
      | i\s(?:was|am)\swondering | (?:writing\s)?to\s(?:ask|know|find\sout) | do\syou\sknow
      | i\s(?:need|want)\sto\sknow | (?:give|send)\s(?:me|us)
    ){_FILLER}
    (?P<what>{_WH} | {_THING}
      | (?:(?:on|in|at|for|to|from|by)\s)?(?:which|what)\b
      | (?:if|whether|when|where|how|who|the|a|an|any|some)\b)
    """,
    re.VERBOSE,
)
_ONLY_QUESTIONS = re.compile(
    r"(?:avoir|dire|je\s(?:me\s)?demande|(?:sav|connaiss|pens)ez-vous|nous\sdemandons"
    r"|je\sne\ssais\s\w+|nous\sne\ssavons\s\w+|comprendre|trouver|to\sknow|(?:curieu(?:x|se)|question)\s:?)",
)
_INDIRECT = re.compile(rf"(?:{_WH}|(?:if|whether|when|where|how|who|which|what)\b)", re.VERBOSE)
_WISHED = re.compile(
    r"(?:\bj?(?:voudr|souhait|aimer|desir|pouv|pourr|merci|veuill|pri|peux|possible|cherch|besoin"
    r"|voul|veu[tx]|veulent|afin|pour|demand|gre\b|reconnaiss|oblige|heureu|ravi|faudrait|auri"
    r"|would|could|can|please|want|grateful|glad)\w*\W"
    r"(?:\S+\s){0,6})$"
)
"""Who wishes, asks or thanks before the verb: « je sais que » and « elle m'a dit » tell."""

_REFUSED = re.compile(
    r"\bn(?:e\s|')(?:(?:vous|te|me|nous|lui|leur|en|y)\s)*\w+\s(?:pas|rien|point|plus|nullement)\b"
    r"(?:\S*\s){0,3}(?:d[e']\s?)?(?:(?:me|nous|vous|m')\s?)?$"
)
_DENIABLE = re.compile(r"(?:demand|souhait|veu[txl]|voul|cherch|besoin|pri[eo])")
"""« Je ne vous demande pas de m'expliquer la procédure » asks nothing; « je n'arrive pas à
savoir » does."""


@dataclass(frozen=True, slots=True)
class Framed:
    """A request parted in what stands before it, its wording, and what it asks for."""

    before: str
    wording: str
    asked: str


@lru_cache(maxsize=4096)
def frame_in(sentence: str) -> Framed | None:
    """Return the request that a sentence is, or nothing.

    >>> frame_in("Mon fils entre en CP, je voudrais savoir si la cantine est ouverte.").asked
    'si la cantine est ouverte.'
    """
    folded = marked(sentence)
    for found in FRAME.finditer(folded):
        start = found.start("what")
        verb = found["verb"] or ""
        if verb and not _WISHED.search(folded[: found.start()].rstrip() + " "):
            continue
        denied = _REFUSED.search(folded[: found.start()].rstrip() + " ")
        if verb and denied and _DENIABLE.search(denied[0]):
            continue
        is_indirect = _INDIRECT.match(folded, start) is not None
        if not is_indirect and _ONLY_QUESTIONS.match(folded[found.start() : start].strip()):
            continue
        begin = _clause(folded, found.start())
        wording = sentence[begin:start].strip()
        return Framed(sentence[:begin].strip(), wording, sentence[start:].strip())
    return None


def _clause(folded: str, place: int) -> int:
    """Where the clause begins that holds a place."""
    begin = max(
        folded.rfind(mark, 0, place) for mark in (", ", "; ", ": ", ". ", " et je ", " mais ")
    )
    return begin + 1 if begin >= 0 else 0
