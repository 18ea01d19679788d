# SPDX-License-Identifier: EUPL-1.2
"""Whether a question takes for granted what a source says otherwise.

    question, candidates ──contradicted──▶ the sentence that says otherwise │ None

Only questions that suppose their fact are looked at (`pourquoi …`, `qui a décidé de …`,
`puisque …`): one that asks whether it is so gets its answer. A sentence of the same matter
says otherwise when it holds the opposite word, or another figure of the same unit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.evidence import Candidate
from corpus.french import fold
from guardrails.values import Kind, Value, values

SAME_MATTER = 0.5
"""Share of the question's words (by rarity) from which a sentence speaks of its matter."""

_SUPPOSES = re.compile(
    r"""^(?:mais\s|et\s|alors\s)?(?:pourquoi|pour\squelles?\sraisons?|depuis\squand|why|since\swhen)\b
    | \bcomment\sse\sfait-il\b | \bhow\scome\b
    | \bqui\s(?:a|ont|avait)\s(?:bien\s)?(?:pu\s)?
      (?:decid|vot|fix|autoris|interdi|supprim|ferm|augment
      |baiss|refus|rejet|adopt|approuv|cre|ouv)\w*
    | \b(?:puisque|sachant\sque|etant\sdonne\sque|vu\sque|maintenant\sque|given\sthat)\b
    | \bquand\s(?:a|ont)(?:-t)?-(?:on|elle|il|ils)\b""",
    re.VERBOSE,
)

_OPPOSITES = tuple(
    (re.compile(rf"\b(?:{one})"), re.compile(rf"\b(?:{other})"))
    for one, other in (
        (r"gratuit", r"payant|tarif\w* de \d|\d+(?:,\d+)? (?:€|euros?)"),
        (r"interdi|defend", r"autorise|permis(?:e|es)?\b(?! de\b)|libre"),
        (r"rejet|refus", r"adopt|approuv|accept|accord"),
        (r"supprim|abroge", r"maint(?:ien|en)|conserv|cree|institu"),
        (r"ferme", r"ouver|ouvre|ouvr"),
        (r"augment|hausse", r"bais|diminu|redui|inchang|maint(?:ien|en)"),
        (r"obligatoire", r"facultati|libre|recommand"),
        (r"unanim", r"(?<!lutte )(?<!luttant )contre\b|abst"),
    )
)

_COUNT_NOTHING = frozenset({Kind.CODE, Kind.DATE, Kind.WEEKDAY, Kind.QUOTIENT})
_NEGATED = re.compile(
    r"\bn(?:e |')[^.;]{0,40}?\b(?:pas|plus|jamais|aucune?)\b"
    r"|\b(?:est|sont|a|ont|peut|faut|doit|etait) (?:pas|plus|jamais)\b"  # « est pas gratuite »
)
_ABOUT_ONESELF = re.compile(
    r"\b(?:j'ai|nous avons|on a|(?:mon|ma|mes|notre|nos|son|sa) [\w ]{1,20}? (?:a|ont|fait|font))"
    r"\b[^,;?]*"
)
"""What somebody tells of themselves is no premise: « vu que mon fils a 12 ans »."""


def contradicted(question: str, candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the first sentence that says otherwise than the question supposes.

    A sentence about other days says nothing of those that are asked about.

    >>> contradicted("Combien coûte la piscine ?", [])
    """
    asked = fold(question)
    if not _SUPPOSES.search(asked):
        return None
    for candidate in candidates:
        if candidate.coverage < SAME_MATTER or not candidate.told:
            continue
        said = fold(candidate.text)
        days, told = _days(asked), _days(said)
        if bool(days) != bool(told) or not all(any(day in one for one in told) for day in days):
            continue
        if _says_the_opposite(asked, said) or _gives_another_figure(asked, said):
            return candidate
    return None


def _says_the_opposite(asked: str, said: str) -> bool:
    if _NEGATED.search(asked):
        return False  # two negations are beyond a pattern
    is_negated = bool(_NEGATED.search(said))
    for pair in _OPPOSITES:
        for mine, other in (pair, pair[::-1]):
            if not mine.search(asked) or other.search(asked):
                continue
            if mine.search(said):
                return is_negated and not other.search(said)
            if other.search(said) and not is_negated:
                return True
    return False


def _days(text: str) -> list[Value]:
    return [value for value in values(text) if value.kind is Kind.WEEKDAY]


def _gives_another_figure(asked: str, said: str) -> bool:
    """Whether a sentence gives a figure of a unit, and neither that which is supposed nor a range
    that holds it."""
    given = _counted(said)
    written = [one for value in given for one in value.written if not one.is_article]
    alike = {(one.unit, one.scale) for one in written}
    return any(
        (figure.unit, figure.scale) in alike
        and not any(figure in value or figure in value.written for value in given)
        for supposed in _counted(_ABOUT_ONESELF.sub(" ", asked))
        for figure in supposed.written
        if not figure.is_article
    )


def _counted(text: str) -> list[Value]:
    return [value for value in values(text) if value.unit and value.kind not in _COUNT_NOTHING]
