# SPDX-License-Identifier: EUPL-1.2
"""Parties to public contracts that are named by one bare word, and are firms most often.

« un marché avec Husson pour 24 036 € », « l'offre de Sagère », « la société WEYLCHEM LAMOTTE »

    phrases of contracts ──▶ bare names ──▶ kept there, and where they come back as bare
                                  ▲
        a letter, a first name, any layer that says person ──▶ hidden as before
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from guardrails.names.propagation import PROPAGATED
from guardrails.names.votes import Vote
from guardrails.names.word import ELIDED, Shape
from guardrails.names.words import Words

_VERB = (
    r"(?:(?:pass|confi|attribu|sign|notifi|adjug|décern)(?:ées?|és?|er)"
    r"|(?:confi|attribu|notifi)e|conclu(?:es?|s|re)?)"
)
_CONTRACT = r"(?:marchés?|accords?-cadres?|lots?\s(?:n°\s?)?\d{1,2})"
_TO = r"(?:avec|à|auprès\sde|au\sprofit\sde)\s"
_IN_BETWEEN = r",?(?:\s[^.;:!?|\n]{1,90})?\s"
# `le marché est signé et le chèque remis à …` says nothing of the contract any more
_WITH = (
    r"(?:(?:(?!\set\s)\s(?:(?!\set\s)[^.;:!?|\n]){1,90})?\savec\s"
    r"|(?:(?!\set\s)\s(?:(?!\set\s)[^.,;:!?|\n]){1,25})?\s(?:à|auprès\sde|au\sprofit\sde)\s)"
)
_PARTY = re.compile(
    rf"""(?<!\w)(?:
      {_CONTRACT}{_IN_BETWEEN}{_VERB}{_WITH}
      | {_VERB}\s(?:un|une|le|la|les|des|ce|ces|deux|trois)\s{_CONTRACT}{_WITH}
      | {_VERB}\s{_TO}(?=[^.;:!?|\n]{{2,60}}\s(?:le|un|ce)\smarché)
      | (?:l['’]offre|les\soffres|offre|candidature)\s(?:d['’]\s?|de\s
        (?:la\ssociété\s|l['’](?:entreprise|établissement)\s)?)
      | (?:société|entreprise|établissement|fournisseur)\s
      | (?:prestataire|attributaire|adjudicataire|soumissionnaire|sous-traitante?
        |(?:titulaire|attributaire)\s(?:du|de\sce|des|d['’]un)\s(?:présent\s)?(?:marchés?|lots?(?:\s\d{{1,2}})?))
        (?:\s(?:retenue?|choisie?|proposée?|pressentie?))?(?:\s(?:est|sera)\s|\s?:\s|,?\s)
    )(?=[A-ZÀ-Þ])""",
    re.VERBOSE,
)
_OFFER = re.compile(r"(?:l['’]|les\s)?(?:offres?|candidature)\s")
_CONTRACTING = re.compile(
    r"(?<!\w)(?:marchés?\s(?:publics?|de\s(?:travaux|fournitures?|services?|maîtrise))"
    r"|appels?\sd['’]offres|mieux[\s-]disante?s?|économiquement\s(?:la\splus|avantageuse)|soumissionnaires?"
    r"|commission\sd['’]appel|consultation|attributaires?|analyse\sdes\soffres"
    rf"|{_CONTRACT}{_IN_BETWEEN}{_VERB}|{_VERB}\s(?:un|le|ce|les)\smarchés?)(?!\w)",
    re.IGNORECASE,
)
_PRIVATE = re.compile(
    r"(?<!\w)(?:achat|acheter|acqu[ée]rir|acquisition|vente|vendre|parcelles?|terrains?|maison"
    r"|location|loyer|emploi|poste|stage|bail)(?!\w)",
    re.IGNORECASE,
)
_STALL = re.compile(
    r"(?<!\w)(?:emplacements?|places?|étals?|étalages?|stands?|hebdomadaires?|forains?|halles?"
    r"|maraîchers?|commerçants?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?!\w)",
    re.IGNORECASE,
)
_LETTER = re.compile(
    r"(?m:^(?:Madame|Monsieur|Mesdames|Messieurs)[^\n]{0,30},[^\S\n]*$)"
    r"|(?<!\w)(?:nous\s(?:habitons|demeurons)|notre\s(?:voisine?|maison|logement|famille)|cordialement|salutations|respectueusement|bien\sà\svous|bonne\sréception"
    r"|je\ssoussignée?|je|j['’](?=[a-zéè])|mon|ma|mes)(?!\w)",
    re.IGNORECASE,
)
_OWN_ACCOUNT = re.compile(
    r"[\s,(–-]{1,3}(?:demeurant|domicili|née?\s|résid|habitant|riverain|artisan|auto-?entrepreneu"
    r"|micro-?entrepreneu|exploitant|agissant|entrepreneure?\sindividuel|propriétaire|locataire|âgée?\s)"
)
_LIVES = re.compile(
    r"\s(?:ne\s|n['’])?(?:habit|demeur|résid|log|souffr|vit\b|vivait\b|est\snée?\b|était\snée?\b)"
)
_RELATIVE = re.compile(
    r"(?<!\w)(?:son|sa|ses)\s(?:femme|mari|épouse|époux|conjointe?|compagne|compagnon|fils|filles?"
    r"|enfants?|mère|père|frères?|sœurs?|santé|domicile|voisine?s?)(?!\w)",
    re.IGNORECASE,
)
_SAYS_NOTHING = frozenset(
    (
        *("called", "learned", "model", "truecased", "stranger", "subject", "plural"),
        *("unlearned", PROPAGATED),
    )
)
"""Layers that see a proper name, and not that it is a person's."""

_MOST_WORDS = 3
_MIN_LETTERS = 3
_SURE = 0.5
_AROUND = 120


def without_firms(words: Words, names: Sequence[Vote]) -> list[Vote]:
    """Leave out the bare names of parties to contracts, there and where they come back."""
    parties = list(_parties(words)) if names else []
    if not parties:
        return list(names)
    persons = {
        word.fold
        for name in names
        if name.weight >= _SURE and not _SAYS_NOTHING.issuperset(name.layer.split("+"))
        for word in words.items[name.first : name.last + 1]
    }
    firms = {_folds(words, *span) for span in parties}
    firms = {firm for firm in firms if persons.isdisjoint(firm) and not _lives(words, firm)}
    there = [span for span in parties if _folds(words, *span) in firms]
    return [
        name
        for name in names
        if not _SAYS_NOTHING.issuperset(name.layer.split("+"))
        or not (
            any(first <= name.first and name.last <= last for first, last in there)
            or (_folds(words, name.first, name.last) in firms and _is_bare(words, name))
        )
    ]


def _folds(words: Words, first: int, last: int) -> tuple[str, ...]:
    return tuple(word.fold for word in words.items[first : last + 1])


def _lives(words: Words, firm: tuple[str, ...]) -> bool:
    """Tell whether the text says somewhere of the name what is said of persons alone."""
    for first, word in enumerate(words):
        last = first + len(firm) - 1
        if word.fold != firm[0] or _folds(words, first, last) != firm:
            continue
        end = words[last].end
        if _LIVES.match(words.text, end) or _OWN_ACCOUNT.match(words.text, end):
            return True
        if _RELATIVE.search(_sentence(words.text, word.start, end)):
            return True
    return False


def _parties(words: Words) -> Iterator[tuple[int, int]]:
    """Yield the first and the last word of each bare name that a contract introduces."""
    if _LETTER.search(words.text):  # who writes `je` may mean a neighbour
        return
    is_contracting = bool(_CONTRACTING.search(words.text))
    for match in _PARTY.finditer(words.text):
        sentence = _sentence(words.text, match.start(), match.end())
        if _STALL.search(sentence):
            continue
        if _OFFER.match(match[0]) and not (is_contracting and not _PRIVATE.search(sentence)):
            continue
        first = bisect_left(words.starts, match.end())
        if first >= len(words) or words.starts[first] != match.end():
            continue
        last = first
        while last + 1 < len(words) and words.gap(last) == " " and words[last + 1].is_cased:
            last += 1
        if _may_be_a_firm(words, first, last):
            yield first, last


def _may_be_a_firm(words: Words, first: int, last: int) -> bool:
    inside = words.items[first : last + 1]
    if len(inside) > _MOST_WORDS or _OWN_ACCOUNT.match(words.text, words[last].end):
        return False
    return (
        not any(
            word.is_strong_first
            or word.is_given_too
            or word.is_particle
            or word.shape is Shape.INITIAL
            or word.fold in ELIDED
            for word in inside
        )
        and len(inside[0].text) >= _MIN_LETTERS
    )


def _is_bare(words: Words, name: Vote) -> bool:
    """Tell whether no other cased word stands beside, as a first name would."""
    return not any(
        0 <= place < len(words) and words.gap(min(place, beside)) == " " and words[place].is_cased
        for place, beside in ((name.first - 1, name.first), (name.last + 1, name.last))
    )


def _sentence(text: str, first: int, last: int) -> str:
    start = max(text.rfind(stop, 0, first) for stop in (". ", "\n"))
    ends = [end for stop in (". ", "\n") if (end := text.find(stop, last)) >= 0]
    return text[max(start, first - _AROUND, 0) : min([*ends, last + _AROUND])]
