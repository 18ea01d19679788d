# SPDX-License-Identifier: EUPL-1.2
"""A few words that follow a question, put in the place of what has the same role there.

    "Quel est le prix du repas en élémentaire pour un quotient de 650"
             └ le prix ┘└ du repas ┘└ en élémentaire ┘└ pour un quotient ┘└ de 650 ┘
    "en maternelle" ─ nearest in role ▶ "… en maternelle pour un quotient de 650"

A phrase is what a preposition or an article opens. The role of two phrases is the same where they
open the same way, hold a value of the same kind or begin with the same word; a phrase that has no
likely place is added. What is said besides is kept. What the words alone cannot tell, a taught
model does (`following/`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.leaning import DAYS, NOUN
from corpus.french import flat
from guardrails.values import Kind, values

ANY = 0.42
"""How likely a phrase takes the place of another of which nothing more is known."""

SAME_OPENING, SAME_ARTICLE, SAME_KIND, SAME_WORD = 0.12, 0.04, 0.3, 0.3
OTHER_KIND, HAS_KIND, OTHER_OPENING, MEASURE, GOVERNS = -0.2, -0.15, -0.1, -0.15, -0.06
ADDED, ADDED_BESIDE, ADDED_BARE = 0.5, 0.42, 0.3
"""What each sign of a role weighs beside that. MEASURE: what is
asked of something, GOVERNS: what the next phrase completes (`le marché` of `la toiture`). ADDED:
standing at the end, where the words open with a preposition; ADDED_BESIDE: with one by which
another phrase opens too; ADDED_BARE: with none, as no French says it."""

PREPOSITIONS = {
    "de": "de", "du": "de", "des": "de", "d'": "de", "à": "à", "au": "à", "aux": "à",
    "pour": "pour", "en": "en", "dans": "à", "sur": "sur", "avec": "avec", "sans": "avec",
    "chez": "à", "par": "par", "depuis": "depuis", "avant": "avant", "après": "après",
    "pendant": "en", "durant": "en", "entre": "entre", "sous": "sous", "dès": "depuis",
    "rue": "rue", "avenue": "rue", "place": "rue", "chemin": "rue", "boulevard": "rue",
    "impasse": "rue", "route": "rue", "quai": "rue", "plus": "plus", "moins": "plus",
}  # fmt: skip
"""Words that open a phrase, and the way in which they do."""

CONTRACTED = {"du": ("de", "le "), "des": ("de", "les "), "au": ("à", "le "), "aux": ("à", "les ")}
_ARTICLES = frozenset((
    "le", "la", "les", "l'", "un", "une", "ce", "cet", "cette", "ces", "mon", "ma", "mes", "son",
    "sa", "ses", "notre", "nos", "votre", "vos", "leur", "leurs",
))  # fmt: skip
_TOKEN = re.compile(r"[^\W\d_]{1,2}['’](?=\w)|[\w'’-]+(?:[.,]\d+)*|\S")
_VERB = re.compile(
    r"(?:est|sont|était|étaient|sera|seront|a|ont|avait|peut|doit|faut|coûte|coûtent|passe|ouvre"
    r"|ferme|reçu|accordée?s?|eu|dit|prévoit)$|.*-(?:t-)?(?:ils?|elles?|on|vous|je)$",
    re.IGNORECASE,
)
_INFINITIVE = re.compile(r"\w{2,}(?:er|ir|oir|re)$", re.IGNORECASE)
_MAY = re.compile(r"(?:.*-(?:t-)?(?:on|il|je)|pour|à|de|d'|sans|peut|doit|faut)$", re.IGNORECASE)
_THAT_OF = re.compile(r"cel(?:ui|le|les)\s+(?=d)|ceux\s+(?=d)", re.IGNORECASE)
_COUNTS_NOTHING = frozenset({Kind.COUNT, Kind.CODE})
_NOW = re.compile(
    r"(?:aujourd'hui|maintenant|actuellement|hier|demain"
    r"|l'an(?:nee)? (?:d'avant|d'apres|dernier|derniere|prochaine?|suivante?|precedente?))$"
)
_MEASURED = re.compile(rf"{NOUN}\b")
_APART = ("inf", "rue")
"""Ways to open that only change places with their like."""

_DAY = re.compile(rf"(?:{DAYS}s?|semaine)$")
_COMPLETES = frozenset({"de", "à", "pour", ""})
"""Ways to open that a fragment may change: « la piscine » for « à la médiathèque »."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A phrase of a question, from `start` to `end`: the way it opens ("" for an article alone),
    the word by which it does, what it says with its article, and the kinds of its values."""

    start: int
    end: int
    way: str
    opening: str
    body: str
    kinds: frozenset[Kind] = frozenset()
    head: frozenset[Kind] = frozenset()
    """The kinds of values by which it begins: of `le 4 juin`, not of `un enfant de 8 ans`."""

    @property
    def article(self) -> str:
        first = flat(self.body).replace("'", "' ").split(" ")[0]
        return {"l'": "le", "la": "le", "une": "un"}.get(first, first)

    @property
    def noun(self) -> str:
        """The folded words, without the article."""
        return re.sub(r"^(?:l'|(?:le|la|les|une?|des)\s)", "", flat(self.body))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A whole question in which the words found a place, and how likely that is."""

    text: str
    score: float


def phrases(text: str, start: int = 0) -> list[Phrase]:
    """Return the phrases of a question from a place on.

    >>> [phrase.body for phrase in phrases("Quel est le montant du marché de la toiture")]
    ['le montant', 'le marché', 'la toiture']
    """
    found, opened = list[tuple[int, int, str, str]](), False
    before = text[:start].lower().split(" ")[-2] if " " in text[:start] else ""
    for token in _TOKEN.finditer(text, start):
        word = token[0].lower().replace("’", "'")
        way = None if before in PREPOSITIONS else PREPOSITIONS.get(word)
        is_infinitive = bool(_INFINITIVE.match(word) and _MAY.match(before))
        if is_infinitive:
            found.append((token.start(), token.end(), "inf", ""))
            opened = True
        elif way or (word in _ARTICLES and before not in PREPOSITIONS):
            found.append((token.start(), token.end(), way or "", word if way else ""))
            opened = True
        elif _VERB.match(word) or word in "?!.,;:":
            opened = False
        elif opened:
            begin, _, known, by = found[-1]
            found[-1] = (begin, token.end(), known, by)
        before = word
    read = (_phrase(text, *one) for one in found)
    return [phrase for phrase in read if phrase.body or phrase.way == "avec"]


def is_value(words: str) -> bool:
    """Whether a few words are one value and nothing else: « 30 ans »."""
    folded = flat(words.strip())
    found = values(folded)
    return len(found) == 1 and found[0].end - found[0].start == len(folded)


def placed(previous: str, words: str, *, start: int = 0) -> str:
    """Return the whole question that a few words likeliest mean after a question, nothing for no
    word; `start`: where what it asks of begins."""
    said = _THAT_OF.sub("", words.strip())
    parts = list(_apart(said))
    text = previous
    for part in parts:
        likely = max(_Near(part, said).places(text, start), key=lambda one: one.score)
        text = likely.text
    return text if parts else ""


def _apart(words: str) -> Iterator[Phrase]:
    """Yield the phrases of a fragment, each with what it is completed by: « de 8 ans »."""
    found = phrases(words)
    does = next((one.start for one in found[:2] if one.way == "inf"), len(words))
    if _INFINITIVE.match(words.split(" ")[0]):
        does = 0
    if does == 0 or (words[:does].strip() in PREPOSITIONS and does < len(words)):
        yield _phrase(words, does, len(words), "inf", "")
        return
    if not found or found[0].start > 0:
        end = found[0].start if found and found[0].way not in {"de"} else len(words)
        yield _phrase(words, 0, end, "", "")
        found = [one for one in found if one.start >= end]
    whole = list[Phrase]()
    for phrase in found:
        if whole and phrase.way == "de":
            last = whole[-1]
            whole[-1] = _phrase(words, last.start, phrase.end, last.way, last.opening)
        elif whole and whole[-1].way == "rue":
            whole[-1] = _phrase(words, whole[-1].start, phrase.end, "rue", whole[-1].opening)
        else:
            whole.append(phrase)
    yield from whole


class _Near:
    """Finds the places of one phrase of a fragment."""

    def __init__(self, part: Phrase, words: str) -> None:
        self._part, self._words = part, words

    def places(self, previous: str, start: int) -> Iterator[Placed]:
        part, known = self._part, phrases(previous, start)
        if not part.body:  # « et sans ? »
            yield from self._turned(previous, known)
            return
        if self._is_value:
            yield from self._revalued(previous)
        done = 0
        for at, phrase in enumerate(known):
            whole = self._whole(previous, known, at)
            is_inside = phrase.start < done  # of « salle des fêtes », the second
            done = max(done, whole.end)
            is_apart = any((part.way == way) != (phrase.way == way) for way in _APART)
            if (is_inside and part.way != "de") or is_apart:
                continue
            likely = self._likely(whole)
            following = next((one for one in known[at + 1 :] if one.start >= whole.end), None)
            if _MEASURED.match(phrase.noun) or flat(previous[: phrase.start]).endswith("combien "):
                likely += MEASURE
            elif following and following.way == "de" and not following.head:
                likely += GOVERNS
            text = previous[: whole.start] + self._said(whole) + previous[whole.end :]
            yield Placed(text=text, score=likely)
        yield Placed(text=f"{previous} {self._own()}", score=self._added(known))
        if not part.way and part.body == part.noun and " " not in part.noun:
            yield from self._words_alone(previous, start)

    def _added(self, known: Sequence[Phrase]) -> float:
        """Return how likely the words stand at the end, beside what is said already."""
        part = self._part
        if not known:
            return ADDED
        if part.way and part.way != "inf":
            beside = part.way == "de" or any(phrase.way == part.way for phrase in known)
            beside |= self._is_of_it
            return ADDED_BESIDE if beside else ADDED
        return ADDED if part.head else ADDED_BARE

    @property
    def _is_value(self) -> bool:
        """Whether the words say a number and nothing that it counts."""
        return is_value(re.sub(r"(?:plus|moins)\s+de\s+", "", flat(self._part.body)))

    @property
    def _is_of_it(self) -> bool:
        """Whether « pour » says what is spoken of, and not for whom: « pour l'ombrière »."""
        return self._part.way == "pour" and self._part.article == "le"

    def _own(self) -> str:
        return self._words[self._part.start : self._part.end].strip()

    def _turned(self, previous: str, known: Sequence[Phrase]) -> Iterator[Placed]:
        for phrase in known:
            if phrase.way == self._part.way:
                said = f"{self._part.opening} {phrase.body}"
                text = previous[: phrase.start] + said + previous[phrase.end :]
                yield Placed(text=text, score=1.0)

    def _revalued(self, previous: str) -> Iterator[Placed]:
        """Put a bare number in the place of one that counts, or is, the same."""
        bare = re.sub(r"^(?:plus|moins)\s+de\s+", "", self._part.body, flags=re.IGNORECASE)
        (own,) = values(bare)
        for value in values(previous):
            is_same = value.kind is own.kind
            if is_same or (own.kind in _COUNTS_NOTHING and value.kind is not Kind.DATE):
                number = re.match(r"[^\d]*(?P<digits>\d[\d\s]*)", previous[value.start : value.end])
                begin, end = value.start, value.end
                if number and not is_same:
                    begin, end = value.start + number.start("digits"), value.start + number.end()
                    end -= len(number["digits"]) - len(number["digits"].rstrip())
                text = previous[:begin] + bare + previous[end:]
                yield Placed(text=text, score=ANY + 2 * SAME_KIND + begin / 10_000)

    def _words_alone(self, previous: str, start: int) -> Iterator[Placed]:
        """Put one word in the place of one: « et absents ? »."""
        for token in _TOKEN.finditer(previous, start):
            word = token[0].lower()
            if len(word) < 3 or word in _ARTICLES or word in PREPOSITIONS or _VERB.match(word):
                continue
            likely = ANY
            text = previous[: token.start()] + self._part.body + previous[token.end() :]
            yield Placed(text=text, score=likely)

    def _whole(self, previous: str, known: Sequence[Phrase], at: int) -> Phrase:
        """Return a phrase with what makes it one thing: `la salle` ─▶ `la salle des fêtes`; and
        with its value, where the words bring one."""
        phrase = known[at]
        end = phrase.end
        for following in known[at + 1 :]:
            if following.start - end > 1:
                break
            is_object = phrase.way == "inf" and end == phrase.end and not following.way
            is_value = bool(following.head) and bool(self._part.kinds)
            is_bare = following.article == "les" or following.article not in _ARTICLES
            is_compound = following.way == "de" and (is_bare and not following.kinds)
            if not (is_object or is_compound or (is_value and following.way == "de")):
                break
            end = following.end
        return _phrase(previous, phrase.start, end, phrase.way, phrase.opening)

    def _likely(self, phrase: Phrase) -> float:
        part = self._part
        likely = ANY
        if part.article == phrase.article:
            likely += SAME_ARTICLE
        if (
            part.way
            and part.way == phrase.way
            and not (self._is_of_it and phrase.article != part.article)
        ):
            likely += SAME_OPENING
        elif phrase.way not in _COMPLETES or part.way not in _COMPLETES:
            likely += OTHER_OPENING
        if (part.kinds & phrase.kinds) - _COUNTS_NOTHING:
            likely += SAME_KIND
        elif part.head:
            likely += OTHER_KIND
        elif phrase.head:
            likely += HAS_KIND
        first, other = (one.noun.split(" ")[0] for one in (part, phrase))
        if first == other and not first.isdigit():
            likely += SAME_WORD
        return likely

    def _said(self, place: Phrase) -> str:
        """Return the words as they stand in a place: opened as what was there is, where theirs
        only says that they are spoken of."""
        part = self._part
        only_names = not part.way or (part.way in {"pour", "de", "à"} and part.way != place.way)
        if not only_names or (part.head and part.way) or _NOW.match(flat(part.body)):
            return self._own()
        if part.way in {"de", "à"} and place.way not in {"", "de", "à"}:
            return self._own()
        return opened(place.opening, part.body)


def opened(opening: str, body: str) -> str:
    """Return what a preposition opens, contracted.

    >>> opened("de", "le musée"), opened("au", "les Écoles"), opened("d'", "une piscine")
    ('du musée', 'aux Écoles', "d'une piscine")
    """
    by, _ = CONTRACTED.get(opening, (opening, ""))
    by = "de" if by == "d'" else by
    for contracted, (base, article) in CONTRACTED.items():
        if by == base and body.startswith(article):
            return f"{contracted} {body[len(article) :]}"
    if by == "de" and flat(body[:1]) in "aeiouy":
        return f"d'{body}"
    return f"{by} {body}".strip()


def _phrase(text: str, start: int, end: int, way: str, opening: str) -> Phrase:
    said = text[start:end].strip(" ,")
    body = said
    if opening and way not in {"rue", "plus"}:
        body = said[len(opening) :].strip()
        body = CONTRACTED.get(opening, ("", ""))[1] + body if body else ""
    phrase = Phrase(start=start, end=end, way=way, opening=opening, body=body)
    folded = flat(body)
    found, begins = values(folded), len(folded) - len(phrase.noun)
    head = {value.kind for value in found if value.start <= begins}
    if _DAY.match(phrase.noun):
        head.add(Kind.WEEKDAY)
    if _NOW.match(folded):
        head.add(Kind.DATE)
    kinds = head | {value.kind for value in found}
    return replace(phrase, kinds=frozenset(kinds), head=frozenset(head))
