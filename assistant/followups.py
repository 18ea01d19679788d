# SPDX-License-Identifier: EUPL-1.2
"""A question that leans on the one before it, completed by rules: for the pieces of one message,
and where no model was taught to (`following/`).

    "Quel est le tarif de la cantine pour un adulte ?"
      "Et pour un enfant ?"     ─▶ "Quel est le tarif de la cantine pour un enfant ?"
      "Et les horaires ?"       ─▶ "Les horaires de la cantine pour un adulte ?"
      "Et combien de repas ?"   ─▶ "Combien de repas : la cantine pour un adulte ?"
      "Où est la piscine ?"     ─▶ None: it stands alone

A fragment takes the place of what the question before said in the same way (`pour …`, `en …`); a
noun of a measure (`les horaires`), and a question of its own that only points (`elle`, `ce tarif`)
or names nothing (`c'est gratuit`), get the subject of the one before; thanks get nothing. Which of
these a question is: `leaning.py`. The one before comes in its hidden form, and what was hidden
there is never carried on.
"""

from __future__ import annotations

import re

from assistant.aligning import is_value, placed
from assistant.leaning import (
    ASKING,
    BARE,
    MAX_OWN_WORDS,
    NOUN,
    OF_A_THING,
    OF_IT,
    ONLY_MEASURE,
    OPENING,
    SORTED,
    THANKS,
    has_verb,
    is_part,
    length,
    names_nothing,
    points,
)
from corpus.french import flat
from guardrails.placeholders import PLACEHOLDER

_END = re.compile(r"[\s?!.…]+$")
_SCAFFOLD = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:a |de |depuis |jusqu'a |pour |par )?quel(?:le)?s? "
        r"(?:(?:est|sont|etait|etaient|sera|seront|a ete|ont ete) )?"
        rf"(?:le |la |les |l')?{NOUN} (?=d[eu]s? |d'|au |a la |pour |en )",
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
_TITLE = re.compile(rf"(?:le |la |les |l')?{SORTED} (?=d(?:[eu]s? |')[^\s,]+(?: [^\s,]+){{0,4}}$)")
"""How a few words begin that ask without a verb: `Les horaires de la piscine ?`."""

_ARTICLE = re.compile(r"(?:le|la|les|une?|mon|ma|mes|notre|votre) |l'", re.IGNORECASE)
_CONDITION = re.compile(r"(?:si|s'il|quand|lorsqu[e'])\b")
_ONLY_ASKS = re.compile(r"(?:quand|ou|comment|pourquoi|combien de|combien) (?!est-ce)")
_ASKS_WHICH = re.compile(
    r"(?:a partir d|a|de|depuis|jusqu'a|par|pour|en|dans)e? ?quel(?:le)?s? \w+ "
)
_SOMEBODY = re.compile(r"(?:elles?|ils?) \w+ ")
_LEADING = re.compile(r"^(?:de la |de l'|du |des |de |d'|au |aux |a la |a l')")
_HIDDEN = re.compile(
    r"(?:[\s,;]*\b(?:mon |son )?"
    r"(?:t[ée]l(?:[ée]phone)?|portable|mobile|e-?mail|courriel|adresse|n[°o]|numéro)\.?\s?:?"
    r"|\b(?:de|du|pour|à|chez|avec|par|et)\s|\bd')?"
    rf"\s*{PLACEHOLDER.pattern}",
    re.IGNORECASE,
)
"""What was hidden, with the word that announces it: alone, « tél » would be searched for."""


def complete(question: str, before: str) -> str | None:
    """Return the question with what it takes from the one before, None if it stands alone.

    >>> complete("Et le samedi ?", "Quels sont les horaires de la piscine ?")
    'Quels sont les horaires de la piscine le samedi ?'
    """
    asked = _END.sub("", question.strip())
    previous = _END.sub("", without_hidden(before))
    bare = OPENING.sub("", asked).strip()
    if not bare or not previous or THANKS.fullmatch(flat(asked)):
        return None
    folded, opened = flat(bare), bare != asked
    measure, about = ONLY_MEASURE.fullmatch(folded), _about(previous)
    said = flat(previous)
    says_nothing = OF_IT.fullmatch(said) or BARE.fullmatch(said)
    if about and OF_IT.fullmatch(folded):
        return f"{_capital(bare) if opened else bare} : {about} ?"
    if measure and measure["which"] and _is_sorted_too(measure["noun"], flat(previous)):
        return _placed(previous, bare)
    if measure and not (measure["asks"] and measure["which"]):
        if of := OF_A_THING.match(measure["which"] or ""):
            # `le prix du pain` says of what; `de l'aide`, after `l'aide aux vacances`, does not
            noun = (measure["which"] or "")[of.end() :]
            more = re.search(rf"\b{re.escape(noun)} (?=\w)", said)
            return f"{_capital(bare)} {previous[more.end() :]} ?" if more else None
        is_sorted = opened and re.match(SORTED, measure["noun"])
        if about and (is_sorted or not measure["which"]):
            asked = bare[measure.start("asks") :]
            if opened or measure["asks"]:
                asked = _capital(asked)
            return f"{_measured(asked, measure, about)} ?"
    own = length(folded)
    if ASKING.match(folded):
        is_bare = bool(BARE.fullmatch(folded))
        is_short = opened and own <= MAX_OWN_WORDS
        subject = about if says_nothing else subject_of(previous)
        if not subject or not (is_bare or is_short or (points(folded) and names_nothing(folded))):
            return None
        if is_bare and (asks := _ONLY_ASKS.match(flat(previous))):
            return f"{_capital(bare)} {previous[asks.end() :]} ?"
        if BARE.fullmatch(folded) and (asks := _ASKS_WHICH.match(flat(previous))):
            return f"{_capital(bare)} {previous[asks.end() :]} ?"
        return f"{_capital(bare)} : {subject} ?"
    if _SOMEBODY.match(folded) and points(folded) and names_nothing(folded) and about:
        return f"{_capital(bare)} : {about} ?"
    if (
        own > MAX_OWN_WORDS + 3
        or has_verb(folded)
        or not (opened or is_part(folded) or is_value(bare))
    ):
        return None
    return _placed(previous, bare)


def without_hidden(question: str) -> str:
    """Return a question without what was hidden in it, which is never carried on.

    >>> without_hidden("Le tarif de la cantine, tél. [TÉLÉPHONE_1] ?")
    'Le tarif de la cantine ?'
    """
    return one_blank(_HIDDEN.sub("", question))


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
    asks = ASKING.match(folded) or OF_IT.fullmatch(folded) or ONLY_MEASURE.fullmatch(folded)
    is_short = length(asked) <= MAX_OWN_WORDS + 3
    return (asked, about) if asks and is_short else ("", previous)


def _measured(asked: str, measure: re.Match[str], about: str) -> str:
    """`Et le tarif ?` after `Quels sont les horaires de la piscine ?`."""
    is_plain = not measure["which"] and not measure["whose"]
    if is_plain and _ARTICLE.match(about) and not has_verb(flat(about)):
        return f"{asked} {_of(about[:1].lower() + about[1:])}"
    return f"{asked} : {about}"


def _placed(previous: str, fragment: str) -> str | None:
    """Put a fragment where the question before says what has the same role, else at its end."""
    fragment = fragment[:1].lower() + fragment[1:]
    if _CONDITION.match(flat(fragment)):
        return f"{previous} {fragment} ?"
    asked, about = _apart(previous)
    start = len(previous) - len(about) if asked else _asks_until(previous)
    found = placed(previous, fragment, start=start)
    return f"{found} ?" if found else None


def _is_sorted_too(noun: str, previous: str) -> bool:
    """Whether a question sorts a measure by a word, as what follows it does: `le tarif réduit`."""
    return (
        re.search(rf"\b{noun.rstrip('s')}s? (?!d[eu] |des |d'|a |au |pour )", previous) is not None
    )


def _asks_until(previous: str) -> int:
    """Return where a question's own words begin, after those that only ask."""
    folded = flat(previous)
    found = next((m for p in (*_SCAFFOLD, _TITLE) if (m := p.match(folded))), None)
    if found is None:
        return 0
    article = re.search(r"\b(?:le |la |les |l'|de |d')$", folded[: found.end()])
    return article.start() if article else found.end()


def _of(fragment: str) -> str:
    """`le musée` ─▶ `du musée`."""
    if fragment.startswith("le "):
        return "du " + fragment[3:]
    if fragment.startswith("les "):
        return "des " + fragment[4:]
    if fragment.startswith("un"):
        return "d'" + fragment
    return "de " + fragment


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
