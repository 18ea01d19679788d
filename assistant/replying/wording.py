# SPDX-License-Identifier: EUPL-1.2
"""A thing that is asked, worded as a question: « les tarifs » ─▶ « Quels sont les tarifs ? »."""

from __future__ import annotations

import re

from assistant.pieces import marked
from assistant.replying.cutting import MEASURES, PRONOUN, THE, Thing, stripped
from corpus.french import flat

_TOLD = re.compile(
    r"(?:(?:d|l)es\s|quelques\s|une?\s)?(?:precisions?|renseignements?|informations?|explications?)\s"
    r"(?=(?:quant|sur|concernant|au\ssujet|a\spropos|relati)\w*\s)(?:quant\s|concernant\s"
    r"|(?:au\ssujet|a\spropos)\s|relati\w+\s)?(?:a(?=\sl)\s|aux\s(?=\w)|au\s)?"
)
"""« Des précisions quant aux modalités »: the modalities are asked for."""
_ENGLISH = re.compile(
    r"(?:(?P<whether>(?:if|whether)\s)|(?:(?:on|in|at|for|to|from|by|and|until)\s)?(?:when|where|how|who"
    r"|which|what|why)\b|(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|have"
    r"|has)\s(?:i|you|we|he|she|it|they|there|the|a|an|my|our|your)\b)"
)
_DONE = re.compile(
    r"(?:.*\b(?:merci|remerci\w+|gre|oblige\w*|reconnaissante?s?|demand\w+|prie|prions)\s(?:\w+\s)??(?:de\s|d')"
    r"|(?:.*,\s)?(?:veuillez|(?:vous\s)?voudrez(?:-vous)?)\s)(?:bien\svouloir\s|bien\s)?"
    r"(?=(?:(?:m[e']|nous|l[ae']s?|en|leur|lui|y)\s?){0,2}\w+(?:er|ir|re|oir)\b)"
)
"""« Merci de bien vouloir réparer le banc »: something is to be done."""
_FEMININE = re.compile(
    r"(?:\w+(?:tion|sion|te|ee|ure|ence|ance|ode|che|ise)|dates?|caution|listes?|regles?|pieces?"
    r"|heures?|adresse|demarches?|place|aide)s?"
)


def worded(thing: Thing) -> str:
    """Return a thing that is asked as a question.

    >>> worded(Thing("si la piscine est ouverte")), worded(Thing("les tarifs de la cantine."))
    ('Est-ce que la piscine est ouverte ?', 'Quels sont les tarifs de la cantine ?')
    """
    text = _bare(thing.text, is_told=thing.is_told)
    folded = marked(text)
    if not folded:
        return ""
    if thing.is_told and folded.startswith("s'il"):
        return f"Est-ce qu'{text[2:]} ?"
    if thing.is_told and folded.startswith("si "):
        rest = text[3:].strip()
        return f"Est-ce {'qu' + chr(39) if flat(rest)[:1] in 'aeiou' else 'que '}{rest} ?"
    if costs := re.match(r"ce\sque\s(?=cout\w+\s)", folded):
        return f"Combien {text[costs.end() :]} ?"
    if what := re.match(r"ce\s(?=qu[e'i])", folded):
        return f"Qu'est-ce {text[what.end() :]} ?"
    if thing.is_sent:
        return f"Où trouver {text} ?"
    if done := _DONE.match(folded):
        return f"Pouvez-vous {text[done.end() :]} ?"
    article = re.match(r"(?P<the>les|la|le|l'|the)\s?(?P<noun>\w+)", folded)
    is_thing = thing.is_told or re.fullmatch(rf"{THE}{MEASURES}\b[^,]*", folded)
    if article and is_thing and not _has_verb(folded):
        return f"{_which(article['the'], article['noun'])} {text} ?"
    if english := _ENGLISH.match(folded):
        told = f"Whether {text[english.end() :]}" if english["whether"] else text
        return f"{told[:1].upper()}{told[1:]}?"
    return f"{text[:1].upper()}{text[1:]} ?"


def _bare(text: str, *, is_told: bool) -> str:
    """Return a thing without what ties it to its verb: « sur les aides » ─▶ « les aides »."""
    text = stripped(text).strip(" ?.!,;:…")
    folded = marked(text)
    told = _TOLD.match(folded)
    if told:
        the = {"aux": "les ", "au": "le "}.get(told[0].split()[-1], "")
        text = the + text[told.end() :]
        folded = marked(text)
    of = re.match(r"(?:savoir|connaitre|sur|des|du|de(?=\s(?:la|l')|\sce)|d'(?=une?\b))\s?", folded)
    if of is None or not is_told:
        return text
    return {"des ": "les ", "du ": "le "}.get(of[0], "") + text[of.end() :]


def _has_verb(folded: str) -> bool:
    """Whether a thing is a sentence of its own: « la piscine est-elle ouverte »."""
    return bool(
        re.search(rf"-(?:t-)?{PRONOUN}\b", folded)
        or re.match(
            r"(?:les?|la|l')\s?(?:(?!qui\b|que\b|qu'|dont\b|ou\b|l[ae]quelle?\b)[\w'-]+\s){1,8}?(?:est|sont|sera|seront|ont"
            r"|peut|peuvent|ouvre\w*|ferme\w*|coute\w*|accepte\w*|prend|prennent)\b",
            folded,
        )
    )


def _which(the: str, noun: str) -> str:
    if the == "the":
        return "What are" if noun.endswith("s") else "What is"
    is_feminine = the == "la" or (the != "le" and _FEMININE.fullmatch(noun) is not None)
    if the == "les":
        return "Quelles sont" if is_feminine else "Quels sont"
    return "Quelle est" if is_feminine else "Quel est"
