# SPDX-License-Identifier: EUPL-1.2
"""The rules that held papers before `corpus.sensitive` learnt to: the baseline of its table.

A term in somebody's file; elsewhere a term whose sentence names a hidden person who does not speak,
sign or preside there, with no word of public action before. Nothing of the product asks them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from guardrails.findings import Screened
from guardrails.special import PERSON, is_somebodys, sentence_at, term_places

REACH_CHARS = 90
"""How far before a term the words of public action may stand."""

_IN_OFFICE_BEFORE = re.compile(
    r"""(?:rapporteu(?:r|se)|présidée?\spar|présentée?\spar|animée?\spar|assurée?\spar|adress\w{1,6}\sà
    |signé|contact|renseignements?|auprès\sde|secrétaire|président\w{0,2}|maire|adjointe?
    |conseill[eè]re?s?|directeur|directrice|docteur|dr|présents?|absents?|pouvoir\sà|abstentions?
    |contre|pour|parole\sà|selon|vice-président\w{0,2}|remerci\w{1,5}|par)
    [\s:,(.]{1,4}(?:\d[\s:(]{1,3})?(?:(?:M|MM|Mmes?|Mlle|Dr|Me)\.?\s|monsieur\s|madame\s|et\s){0,3}\Z""",
    re.VERBOSE | re.IGNORECASE,
)
_IN_OFFICE_AFTER = re.compile(
    r"""[\s,(–-]{1,4}(?:le\s|la\s)?(?:qui\s)?(?:(?:s['’]|ne\s|se\s|l['’]|lui\s|leur\s|en\s)?
    (?:répond|rappelle|précise|indique|informe|présente|propose|explique|souligne|remercie
      |intervient|expose|donne\slecture|ajoute|souhaite|estime|déclare|évoque|interroge|étonne
      |abstient|vote|soulève|fait\s(?:part|remarquer|observer)|est\s(?:désignée?|nommée?|élue?)
      |demande\s(?:si|pourquoi|comment|quel|à\ssavoir|la\sparole|des\sprécisions|par|où|combien))
    |adjointe?\b(?!\s(?:technique|administrati|d['’]animation|du\spatrimoine))|conseill[eè]re?\s
    |maire\b|rapporteu|président|vice-prés|directeur|directrice|responsable|coordinat|chef
    |secrétaire|élue?\b|référent|médecin|infirmi)""",
    re.VERBOSE | re.IGNORECASE,
)
_PUBLIC_ACTION = re.compile(
    r"""(?<!\w)(?:subventions?|budget\w*|crédits?|règlement|associations?|conventions?|commissions?
    |plans?\s|programmes?|politiques?|lutte|ligue|campagne|prévention|sensibilisation|bilan|marchés?
    |dispositifs?|référente?|correspondante?|fonds\s|services?\sd|secteur|recrutement|semaine
    |journée|ateliers?|dépistages?|permanences?|accueil\sd(?:e|es)\s(?:publics?|personnes)|candidat
    |toute\spersonne
    |(?:les|aux|des)\s(?:personnes|familles|usagers|agents|élèves|habitants|enfants|jeunes)
    |société|entreprise|commune\s(?:de|est)|compétence|loi\s|code\s|syndicat\s(?:mixte|inter|d))""",
    re.VERBOSE | re.IGNORECASE,
)
_OF_THINGS = re.compile(
    r"\s?(?:\(\s?)?(?:à\s(?:rapporter|d[ée]poser|ramener|jeter|trier)|p[ée]rim[ée]e?s"
    r"|non\sutilis[ée]e?s)(?!\w)",
    re.IGNORECASE,
)
"""`médicaments (à rapporter en pharmacie)`: what is thrown away, and no one's."""

_PLACE_OF = re.compile(
    r"(?<!\w)(?:plateforme|d[ée]ch[èe]terie|usine|gare|commune|ville|village|hameau|lieu-?dit|route"
    r"|zone|canton)\s(?:de\s(?:la\s)?|du\s|des\s|d['’])\Z",
    re.IGNORECASE,
)
"""`à la plateforme de [PERSONNE_1]`: a place that the guard took for a name."""

_TAKES_UP = re.compile(
    r"\s*(?:elle|il|ils|elles|son|sa|ses|leur|l['’]intéressée?|cet\sagent|cette\s(?:dame|personne)"
    r"|suivie?|atteinte?|hospitalisée?)(?!\w)",
    re.IGNORECASE,
)


def holds(pages: Sequence[Screened]) -> bool:
    """Tell whether these rules held a document."""
    texts = [page.text for page in pages]
    if not any(PERSON.search(text) for text in texts):
        return False
    is_file = is_somebodys(pages)
    return any(is_file or _is_told(text, span) for text in texts for _, span in term_places(text))


def _is_told(text: str, term: tuple[int, int]) -> bool:
    """Tell whether the sentence of a term tells it of a person who is not at work there."""
    start, end = sentence_at(text, *term)
    if _OF_THINGS.match(text, term[1]):
        return False
    if _PUBLIC_ACTION.search(text, max(start, term[0] - REACH_CHARS), term[0]):
        return False
    if any(_is_subject(text, person) for person in _beside(text, (start, end), term)):
        return True
    if not start or not _TAKES_UP.match(text, start):
        return False
    before, _ = sentence_at(text, start - 1, start - 1)
    return any(_is_subject(text, person) for person in PERSON.finditer(text, before, start))


def _beside(text: str, sentence: tuple[int, int], term: tuple[int, int]) -> list[re.Match[str]]:
    """Return the last person before a term and the first after it, in its sentence."""
    before = [*PERSON.finditer(text, sentence[0], term[0])][-1:]
    after = PERSON.search(text, term[1], sentence[1])
    return [*before, after] if after else before


def _is_subject(text: str, person: re.Match[str]) -> bool:
    """Tell whether a person is spoken of, is no place, and does not speak or sign there."""
    return not (
        _IN_OFFICE_BEFORE.search(text, max(0, person.start() - 60), person.start())
        or _PLACE_OF.search(text, max(0, person.start() - 40), person.start())
        or _IN_OFFICE_AFTER.match(text, person.end())
    )
