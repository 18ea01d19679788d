# SPDX-License-Identifier: EUPL-1.2
"""What an act does to another one: repeals, replaces, amends it.

    "L'arrêté n° 2016-041 du 4 avril 2016 est abrogé."  ─▶  Link(repeals, arrêté, 2016-041, …)

An act's preamble (`Vu … modifié par …`) recounts the law and does nothing; a part of an act
that is repealed (`l'article 4 de l'arrêté …`) leaves the act in force, amended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.dates import DATE, DAY, read_date
from corpus.french import flat
from corpus.sentences import sentences

ABOUT_CHARS = 160


class Effect(StrEnum):
    """What is done to the other act; `ends` says whether it is out of force after it."""

    REPEALS = "repeals"
    REPLACES = "replaces"
    AMENDS = "amends"

    @property
    def ends(self) -> bool:
        return self is not Effect.AMENDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One act's effect on another, as it names it: by number, by date, or both.

    `about` is what the sentence says after the reference; `since` is ISO, empty if at once.
    """

    effect: Effect
    kind: str
    number: str = ""
    date: str = ""
    about: str = ""
    since: str = ""


KINDS = {
    "deliberation": "délibération",
    "arrete": "arrêté",
    "decision": "décision",
    "reglement": "règlement",
    "convention": "convention",
}
FOLDED_DATE = flat(DATE)
NUMBER = r"n\s?[°o]\s*:?\s*((?:[a-z]{1,5}[-/ ]?)?\d[\w./-]*(?:\s?/\s?\d+)?)"
ADJECTIVES = r"municipal|permanent|temporaire|interieur|du conseil|du maire|precedente?|susvisee?"
REFERENCE = re.compile(
    r"\b(deliberations?|arretes?|decisions?|reglement|convention)\b"
    rf"((?:\s+(?:{ADJECTIVES})\w*)*)(?:\s+{NUMBER})?"
    rf"(?:[\s,]*(?:en date\s+)?du\s+{DAY}{FOLDED_DATE})?(?:\s*\({NUMBER}\))?"
)
PREAMBLE = re.compile(r"\s*(?:-\s*)?(?:vu|considerant|attendu)\b")
NOT_DONE = re.compile(
    r"\b(?:n'est|ne sont|n'a|ne peut|pourr\w+|serai\w+|devr\w+|propos\w+ d[e']|demand\w+"
    r"|souhait\w+|si\b|(?<!est )(?<!sont )(?:modifie|abroge|remplace|complete)e?s? par)"
)
PART = re.compile(
    r"\b(?:l'article|les articles|a l'article|aux articles|article \d+|l'alinea|le paragraphe"
    r"|l'annexe|le tableau|les mots|le point|les dispositions de l'article)\b"
)
IS_DONE = r"\b(?:est|sont|sera|seront)\s+(?:\w+ment\s+|ainsi\s+)?"
PASSIVE = {
    Effect.REPEALS: re.compile(rf"{IS_DONE}(?:abroge|rapporte|annule|retire)e?s?\b"),
    Effect.REPLACES: re.compile(rf"{IS_DONE}remplacee?s?\b"),
    Effect.AMENDS: re.compile(rf"{IS_DONE}(?:modifie|complete|proroge)e?s?\b"),
}
ACTIVE = {
    Effect.REPLACES: re.compile(
        r"\b(?:annul\w+ et remplac\w+|abrog\w+ et remplac\w+|remplac(?:e|ent|ant))\b"
    ),
    Effect.REPEALS: re.compile(
        r"\b(?:abrog(?:e|ent|eant|er|ation)|rapporte(?:r|nt)?|retrait|annulation"
        r"|annul(?:e|ent|ant|er))\b"
    ),
    Effect.AMENDS: re.compile(
        r"\b(?:modifi(?:e|ent|ant|er|cations?)|complet(?:e|ent|ant|er)|prorog\w+|amend\w+)\b"
    ),
}
BY_ANOTHER = re.compile(r"\s*par (?:l'|la |le |une? )?(?:arrete|deliberation|decret|loi|decision)")
SINCE = re.compile(rf"\b(?:a compter du|a partir du|au|des le)\s+{DAY}{FOLDED_DATE}")
BETWEEN_CHARS = 60
"""How far an active verb may stand from the act that it touches."""


def read_links(text: str, *, titles_only: bool = False) -> list[Link]:
    """Return what the text does to other acts; with `titles_only`, the text is a title."""
    found: list[Link] = []
    for start, end in sentences(text):
        sentence = flat(text[start:end])
        if PREAMBLE.match(sentence) or (NOT_DONE.search(sentence) and not titles_only):
            continue
        found += [link for link in _of_sentence(" ".join(sentence.split())) if link not in found]
    return found


def _of_sentence(sentence: str) -> Iterator[Link]:
    for match in REFERENCE.finditer(sentence):
        word, _, number, day, number_after = match.groups()
        named = (number or number_after or "").strip(" .-/")
        dated = read_date(day) if day else ""
        effect = _effect(sentence, match) if named or dated else None
        if effect:
            since = SINCE.search(sentence, match.end())
            yield Link(
                effect=effect,
                kind=KINDS[word.removesuffix("s") if word.removesuffix("s") in KINDS else word],
                number=re.sub(r"\s", "", named),
                date=dated,
                about=sentence[match.end() : match.end() + ABOUT_CHARS].strip(" ,.;:"),
                since=read_date(since[1]) if since else "",
            )


def _effect(sentence: str, match: re.Match[str]) -> Effect | None:
    """Return what the sentence does to the act that it names there."""
    before, after = sentence[: match.start()], sentence[match.end() :]
    of_a_part = bool(PART.search(before[-BETWEEN_CHARS:]))
    near = before[-BETWEEN_CHARS:]
    if re.search(r"\bpresente?\s*$", before):
        return None  # "le présent arrêté …": the act itself
    for effect, verb in ACTIVE.items():
        found = verb.search(near)
        if found and not REFERENCE.search(near, found.end()) and not _is_other(near[found.end() :]):
            return Effect.AMENDS if of_a_part else effect
    for effect, verb in PASSIVE.items():
        found = verb.search(after)
        if found and not REFERENCE.search(after[: found.start()]):
            if BY_ANOTHER.match(after, found.end()):
                return None
            return Effect.AMENDS if of_a_part else effect
    return None


def _is_other(between: str) -> bool:
    """Say whether the verb has another object before the act: `modifie l'article 3 de la loi…`."""
    return bool(
        re.search(r"\b(?:vu|decret|loi|code|conformement|en application|prevue?s? par)\b", between)
    )
