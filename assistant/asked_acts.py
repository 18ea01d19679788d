# SPDX-License-Identifier: EUPL-1.2
"""Which acts a question asks for, and by which vote, in the words of French and English.

    Question ─asks_list▶ acts_query ─▶ ActsQuery(kind, time, topic, vote)
    Question ─asks_vote▶ matter_of  ─▶ the words and dates that the act must hold

A word that is not understood stays in the topic: it finds no act rather than too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.asked_spans import asked_span
from corpus.catalogue import ActsQuery, VoteKind
from corpus.french import DATE_IN_DIGITS, MONTH_NAMES, fold, terms

PLURALS = {
    "délibération": "deliberations",
    "arrêté": "arretes",
    "convention": "conventions",
    "décision": "decisions",
    "règlement": "reglements",
    "procès-verbal": "proces-verbaux",
}
_NAMED = rf"(?:{'|'.join(PLURALS.values())})"
_TAKEN = r"(?:pris|vote|adopte|signe|conclu|passe|rendu|publie|approuve|rejete)e?s?"
_LIST = re.compile(
    r"\b(?:combien (?:(?!de |d')(?:[\w'-]+ ){0,7}?"
    rf"(?:a[- ]t[- ](?:il|elle|on)|il y a|eu|{_TAKEN}) )?(?:de |d'){_NAMED}"
    rf"|(?<!certain )(?<!grand )nombre (?:total )?(?:des? |d'){_NAMED}"
    rf"|(?:liste|lister|listez|enumere[rz]?)\b.{{0,20}}?\b{_NAMED}"
    rf"|quel(?:le)?s (?:sont |ont ete )?(?:les )?{_NAMED}"
    rf"|(?:how many|list|which) {_NAMED})\b"
)
_OF_A_LIST = re.compile(
    r"\b(?:comment|quand|qui|ou|pourquoi|delai|temps|jours?|prix|tarif)\b.*\b(?:list|nombre)"
)
"""It asks something of a list: « Où est affichée la liste des délibérations ? »"""

_RULE = r"\b(?:peu(?:t|vent)|doi(?:t|vent)|faut|can|must|should)\b"
_OF_NO_ACT = re.compile(rf"{_RULE}|\b(?:est-elle|dresse\w*)\b")
"""Said after, it asks for the law, for what a list is, or for the « procès-verbaux » of fines."""

_VOTE = re.compile(
    r"\b(?:qui (?:a|ont) vote|qui (?:s'est|se sont) (?:oppose|abstenu)|(?:a|ont) vote contre"
    r"|(?:combien|nombre)\b.{0,40}\b(?:ont vote|se sont (?:oppose|abstenu))"
    r"|(?:combien|(?<!meme )nombre) (?:de |d')(?:voix|abstentions|votes\b|contre\b|pour\b(?! cent))"
    r"|a-t-il ete vote|a-t-elle ete votee|comment s'est (?:passe|deroule) le vote"
    r"|comment (?:[\w'-]+ ){0,5}?(?:a|ont)(?:-t)?(?:-(?:ils?|elles?))? (?:ete )?vote"
    r"|quel (?:est le |a ete le )?(?:resultat du )?vote"
    r"|(?:a|est)[- ](?:l'|l )?unanimite|abstenus?|dans le vote|resultat du vote)"
)
_OF_NO_VOTE = re.compile(
    rf"{_RULE}|\b(?:a partir de combien|quand|pourquoi|raison|motif|quelle (?:date|annee))\b"
)
"""It asks for the law, for a day or for a reason, which the words of a vote do not tell."""

_FILLERS = frozenset(
    terms(
        "combien nombre total liste lister listez énumérer quelles quels sont prise adoptée adopté"
        " votée rejetée refusée signée signé conclue passée rendue publiée approuvée concernant"
        " concerne portant relatif relative sujet objet commune conseil municipal mairie année"
        " depuis unanimité contre voix opposition abstention eu donner donnez moi pouvez pourriez"
        " vouloir voudrais souhaite aimerais savoir obtenir bonjour merci"
        " how many list which about in there"
    )
)
_VOTING = frozenset(
    terms(
        "qui combien nombre vote voté votée voter voix pour contre abstention abstenu abstenue"
        " opposé élus conseillers conseil municipal résultat unanimité adopté adoptée ont quel"
        " comment dans"
    )
)
_AGAINST = r"(?:votes? contre|voix contre|oppositions?|voted against)"
_NOBODY = re.compile(
    rf"\bsans (?:aucune? )?(?:abstentions?,? (?:ni|et sans) {_AGAINST}"
    rf"|{_AGAINST},? (?:ni|et sans) abstentions?)"
)
_NOT = (
    r"\b(?:pas|non|sans|aucune?|not|without|no)"
    rf"(?: (?:ete|fait|eu|recueilli|obtenu|tou(?:te)?s|{_TAKEN}|de|a|been|adopted|passed))*"
    r" (?:d'|l')?"
)
_NAMELESS = frozenset(
    terms(
        "délibération décision projet proposition point dossier affaire question texte sujet"
        f" séance réunion dernière passée {' '.join(MONTH_NAMES)}"
    )
)
"""What any act may be called: said alone, it tells no act from another."""

_ON_A_DATE = re.compile(r"(?:19|20)\d\d|(?:day|mon)\d+")

_WHO = r"(?:la ville|la municipalit[ée]|l[ea] maire|l['’]assembl[ée]e)"
_BY = re.compile(rf"\bpar {_WHO}\b|\b{_WHO} a(?:-t-|\b)", re.IGNORECASE)
"""Who takes acts is no topic of theirs."""


def asks_list(question: str) -> bool:
    """Whether a question wants acts counted or listed.

    >>> asks_list("Nombre d'arrêtés pris en 2023"), asks_list("Où est la liste des arrêtés ?")
    (True, False)
    """
    folded = fold(question)
    asks = _LIST.search(folded)
    return asks is not None and not (
        _OF_A_LIST.search(folded, 0, asks.end()) or _OF_NO_ACT.search(folded, asks.end())
    )


def asks_vote(question: str) -> bool:
    """Whether a question wants to know how an act was voted.

    >>> asks_vote("Qui s'est opposé au budget ?"), asks_vote("Comment voter par procuration ?")
    (True, False)
    """
    folded = fold(question)
    return bool(_VOTE.search(folded)) and not _OF_NO_VOTE.search(folded)


def acts_query(question: str) -> ActsQuery | None:
    """Read which acts a question wants counted or listed; None if it does not, or wants them by a
    vote that acts do not tell.

    >>> query = acts_query("Combien de délibérations sur la voirie en 2019 et en 2023 ?")
    >>> query.kind, sorted(query.years), query.topic
    ('délibération', [2019, 2023], 'voirie')
    """
    asks = _LIST.search(fold(question))
    vote = _vote_of(fold(question))
    if asks is None or not asks_list(question) or vote is None:
        return None
    kind = next(kind for kind, plural in PLURALS.items() if asks[0].endswith(plural))
    query, left = asked_span(question)
    return replace(query, kind=kind, topic=" ".join(_topic(left, kind)), vote=vote)


def matter_of(question: str) -> tuple[set[str], set[str]]:
    """Return the terms that tell an act from others, and those of the dates that are named.

    >>> sorted(matter_of("Qui a voté contre le budget de 2023 ?")[0])
    ['budget']
    """
    asked = set(terms(DATE_IN_DIGITS.sub(" ", fold(question)))) - _VOTING - _NAMELESS
    dates = {word for word in terms(question) if _ON_A_DATE.fullmatch(word)}
    return {word for word in asked - dates if not word.isdigit()}, dates


def _topic(question: str, kind: str) -> Iterator[str]:
    """Yield the words of a question that say what the acts are about."""
    left_out = _FILLERS | set(terms(kind)) | set(terms(PLURALS[kind]))
    for word in re.findall(r"[\w-]+", _BY.sub(" ", question)):
        stems = terms(word)
        if stems and not set(stems) <= left_out:
            yield word


def _vote_of(folded: str) -> VoteKind | None:
    """Return the vote that a question asks for; None for one that no record tells.

    >>> _vote_of("n'ont pas ete adoptees a l'unanimite"), _vote_of("adoptees sans abstention")
    ('contested', None)
    """
    if _NOBODY.search(folded):
        return "unanimous"
    if re.search(rf"{_NOT}unanim", folded):
        return "contested"
    if re.search(rf"{_NOT}(?:{_TAKEN}\b|refuse|abstention|{_AGAINST})", folded):
        return None
    if "rejete" in folded or "refuse" in folded:
        return "rejected"
    if "unanimite" in folded:
        return "unanimous"
    is_against = re.search(rf"\b{_AGAINST}\b", folded)
    if is_against and "abstention" in folded:
        return "contested" if re.search(r"\bou\b", folded) else None
    if is_against:
        return "against"
    return "abstained" if "abstention" in folded else ""
