# SPDX-License-Identifier: EUPL-1.2
"""From a letter to its questions, one for one, each of which stands alone.

    Letter ─▶ sentences ─Asks▶ those that ask ─cut▶ one thing each ─worded▶ questions
                                                    └ what it is about, from what stands before

    "Mon fils entre au CP. Quels papiers faut-il ? Et pour sa sœur ?"
      ─▶ "Quels papiers faut-il : mon fils entre au CP ?"
      ─▶ "Quels papiers faut-il : mon fils entre au CP, pour sa sœur ?"

What is asked twice is asked once. Nothing is asked that no sentence asks.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.followups import complete
from assistant.leaning import THANKS, names_nothing, points
from assistant.pieces import own_words
from assistant.replying.asking import Asking, without_marks
from assistant.replying.cutting import asked_things, stripped, worded
from assistant.replying.letter import Letter
from corpus.french import flat, terms
from corpus.sentences import sentences
from guardrails.injection import REPLACEMENT

MOST_QUESTIONS = 12
"""Questions of one letter that are taken up; that there are more is told."""

MOST_SENTENCES = 400
MAX_SENTENCE_CHARS = 1_000
"""Who writes a page without a stop is read so many characters at a time."""

MAX_QUESTION_CHARS = 320
MOST_TOPIC_WORDS = 12
WIDEST, FILLED = 130, 0.6
"""Characters of the widest page's lines; what share of the longest line one takes at the least that
was broken to fit: the next word had no place."""

DETERMINERS = frozenset(
    {"la", "le", "les", "un", "une", "des", "sa", "son", "ses", "leur", "leurs", "mon", "ma", "mes"}
    | {"notre", "nos", "the"}
)
MOST_LOOKED_AT, MOST_STATEMENTS = 4, 2
"""Of the last statements before a question that leans on them, the nearest are what it is about."""

FEW_WORDS = 2
"""A question with as few words of its own may have lost what it is about."""


_ITEM = re.compile(
    r"\s*(?:[-–—•*·>▪‣]\s*|\(?\d{1,2}[.)/]\s+|\(?[a-h]\)\s*|\d{1,2}\s?[-–]\s+)(?=\S)"
)
_ENDS = re.compile(r"[.!?:…;]\s*$")
_ENDED = re.compile(
    r"(?<=[?!])\s+(?=\S)|(?<=[\w\])]\.)\s+(?=(?:et|mais|sinon|puis|aussi|est|combien|quand|comment|y|c|vous"
    r"|on|je|j'ai)\b)"
)
"""Where a sentence ends for who writes without capitals."""

_GENERIC = re.compile(
    r"\b(?:demandes?|questions?|renseignements?|informations?|infos?|precisions?|diverses?|divers"
    r"|question|request|information|enquiry|inquiry|courrier|lettre|mail|objet|urgent|bonjour|re|tr"
    r"|deux|trois|quatre|plein|plusieurs|quelques|petites?|autres?|points?|poser|fw|fwd|reponse|suite|relance|aide|madame|monsieur|votre|sujet|propos|concernant|rappel)\b"
)
_BACKWARDS = re.compile(
    r"\b(?:ce (?:jour|moment|soir|matin)-la|(?:la|le|les) mem?es? (?:chose|duree|prix|periode)"
    r"|l'autre$|(?:la|le) (?:mienne?|sienne?|notre)|pour ca|pour cela|celui-la|celle-la"
    r"|that day|the same)\b"
)
"""What points at what was said, in whatever question."""

_RELATIVE = re.compile(r"\s(?:qui|que|dont)\s[^?]+(?=\?|$)")
_TIES = re.compile(r"(?:\s(?:les?|la|de|du|des|à|aux?|et|une?|que|qui|pour|en|avec|dans|sur))+$")
_WANTING = re.compile(
    r"^(?:et |mais |donc |alors |car |or )*(?:(?:je|j'|nous|on)\s?(?:me |nous |vous |m')?)"
    r"(?:\w+(?:ais|ons|ions|ai|e|s|x|ens|ois|ez)\b\s?)(?:(?:me|vous) permets? de |vous ecris? )?"
    r"(?:de |d'|a |pour )?(?!(?:[vn]otre|entre|contre|autre|quatre)\b)(?=\w+(?:er|ir|re|oir)\b)"
)
_KNOWN = re.compile(
    r"(?:(?:comprendre|savoir|lire|lu|entendre|entendu|apprendre|appris|voir|vu) qu(?:e |')|qui |or |car )"
)
_ABOUT = re.compile(
    r"(?:\b(?:au sujet|a propos|concernant|en ce qui concerne|pour ce qui est|s'agissant|quant a"
    r"|about|regarding|concerning)\b\s?(?:d[eu]s?\s|de l'|d'|la\s|le\s|les\s|l'|aux?\s)?)"
    r"(?P<what>.+)"
)


_PRICE = re.compile(r"\b(?:prix|tarifs?|forfait|combien|cout\w*|montant|paye\w*|paie)\b")
_BY_INCOME = re.compile(
    r"\b(?:cantine|repas|gouter|garderie|etude|periscolaire|mercredi|centre|accueil|creche|halte|forfait"
    r"|sejour|colonie|restauration)\b"
)
_QUOTIENT = re.compile(
    r"\b(?:quotient(?: familial)?|qf)\b(?: \w+){0,3}? (?:est |etait )?(?:de |a |: ?)?(?P<figure>\d[\d ]{1,5}\d)\b"
)

_SAME = {
    term: measure
    for measure, words in (
        ("prix", "prix tarif tarifs coût coûte coûter combien montant payer"),
        ("horaire", "horaire horaires heure heures ouvert ouverte ouvre ouverture"),
        ("papier", "papier papiers pièce pièces document documents justificatif justificatifs"),
    )
    for term in terms(words)
}
"""Words that ask for the same: who sums up at the end asks nothing twice."""

_BARE_NOUN = re.compile(
    r"(?<!\w)(?:la|le|les|cette|ce|cet)\s(?P<noun>[^\W\d_]{4,})"
    r"(?!['’\w-]|\s(?:de|du|des|d['’]|à|aux?|pour|en|qui|que|dont|où)(?!\w)|\s[a-zà-ÿ]*(?:el|al|elle|ale|ique"
    r"|if|ive|aire|ée?|able)s?\b)",
)
_NAMED_BY = (
    r"(?P<of>(?:de\sla|de\sl['’]|du|des|de|d['’])\s?[^\W\d_][\w'’-]{3,}(?:\s[A-ZÀ-Þ][\w'’-]+){0,2})"
)
"""What names one thing among those of its kind, in a letter's own words."""


@dataclass(slots=True)
class _Said:
    """What a sentence says before the next is read; `about`: what its question was completed
    with; `sentence` counts the sentences."""

    paragraph: int
    text: str
    sentence: int = -1
    is_question: bool = False
    about: str = ""

    @property
    def matter(self) -> str:
        """What it is about, for who leans on it."""
        if not self.is_question:
            return topic(self.text)
        return self.about or _matter_of(self.text)


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence of a letter, and the line that leads to it (« Pourriez-vous me dire : »)."""

    paragraph: int
    text: str
    lead: str = ""


@dataclass(slots=True)
class Questions:
    """The questions of one letter, in their order; `more`: how many were left."""

    asked: list[str] = field(default_factory=list)
    more: int = 0


Sentence = Callable[[str], Asking]
Near = Callable[[str, str], float]


def no_nearer(question: str, statement: str) -> float:
    """All are as near: the last said are taken."""
    return 0.0


def questions_of(letter: Letter, asks: Sentence, near: Near = no_nearer) -> Questions:
    """Return what a letter asks; `near` tells how near a statement is to a question."""
    found, seen = Questions(), set[frozenset[str]]()
    before = list[_Said]()
    subject = topic(letter.subject)
    leads = dict[str, bool]()
    for number, unit in enumerate(at_both_ends([*units(letter.body)])):
        text = unit.text
        told = asks(text)
        if unit.lead:
            if unit.lead not in leads:
                leads[unit.lead] = asks(f"{unit.lead.rstrip(' :')} {text}").is_asked
            told = Asking(max(told.asks, 1.0), told.leans) if leads[unit.lead] else told
        if not told.is_asked:
            before.append(_Said(unit.paragraph, text))
            continue
        context, things = asked_things(text, is_item=bool(unit.lead))
        if context:
            before.append(_Said(unit.paragraph, context))
        for thing in things:
            question = worded(thing)
            if not question:
                continue
            leaning = told if len(things) == 1 and not context else asks(question)
            place = _Place(unit.paragraph, number, before, subject, near, _aside(context), context)
            question = named(question, [subject, *(said.text for said in before)])
            asked, about = standing_alone(question, leaning, place, goes_on=thing.goes_on)
            before.append(_Said(unit.paragraph, asked, number, is_question=True, about=about))
            alone = _fit(f"{asked.rstrip(' ?.!')} : {about} ?" if about else asked)
            key = frozenset(_SAME.get(term, term) for term in terms(alone)) or frozenset({alone})
            if key in seen:
                continue
            seen.add(key)
            if len(found.asked) >= MOST_QUESTIONS:
                found.more += 1
            else:
                found.asked.append(alone)
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a question stands: its paragraph and sentence, what was said before, the subject line,
    what tells how near two sentences are, and what its own sentence is about and
    tells."""

    paragraph: int
    sentence: int
    before: Sequence[_Said]
    subject: str
    near: Near
    context: str = ""
    told: str = ""


def named(question: str, said: Sequence[str]) -> str:
    """Return a question whose bare « la salle » is named as it was said before: « la salle des
    fêtes »; where two were named, it stays as it is.

    >>> named("Combien coûte la salle ?", ["Nous rêvons de la salle des Tilleuls."])
    'Combien coûte la salle des Tilleuls ?'
    """
    for found in reversed([*_BARE_NOUN.finditer(question)]):
        noun = re.escape(found["noun"])
        whole = {
            flat(m["of"]): m["of"]
            for text in said
            for m in re.finditer(rf"\b{noun}s?\s{_NAMED_BY}", text, re.IGNORECASE)
        }
        if len(whole) == 1 and [*whole][0] not in flat(question):
            question = f"{question[: found.end()]} {whole.popitem()[1]}{question[found.end() :]}"
    return question


def standing_alone(
    question: str, told: Asking, place: _Place, *, goes_on: bool = False
) -> tuple[str, str]:
    """Return a question, completed by the one before it, and what it is about where it does not say
    so itself."""
    before = place.before
    previous = next((said for said in reversed(before) if said.is_question), None)
    is_leaning = told.is_leaning or goes_on or _only_points(question)
    if before and not before[-1].is_question and before[-1].paragraph == place.paragraph:
        is_leaning |= not own_words(question)  # « Je cherche la clef, c'est combien ? »
    if not is_leaning:
        says = _condition(question, place)
        is_pointing = not says and points(flat(question).strip(" ?.!"))
        return question, place.subject if is_pointing else says
    if previous and (before[-1] is previous or goes_on):
        taken_up = f"Et {question[:1].lower()}{question[1:]}" if goes_on else question
        whole = complete(_RELATIVE.sub("", taken_up), previous.text)
        if whole and " : " not in whole:
            lost = own_words(previous.text) - own_words(whole)
            is_bare = len(own_words(whole)) <= FEW_WORDS
            return whole, previous.about or (_matter_of(previous.text) if lost and is_bare else "")
    about = _about(question, place)
    condition = _condition(f"{question} {about}", place) if about else ""
    return question, f"{about}, {condition}" if condition not in about else about


def _aside(context: str) -> str:
    """Return what a sentence says before it asks, whole where that is short."""
    words = without_marks(context).split()
    return " ".join(words) if len(words) <= 2 * MOST_TOPIC_WORDS else topic(context)


def _condition(question: str, place: _Place) -> str:
    """Return what the answer depends on and the question leaves out: a figure that its own sentence
    gives before it; for a price of what is paid by income, the quotient that the letter tells."""
    told = [c.strip() for c in re.split(r"[,;:]\s", place.told) if re.search(r"\d", c)]
    if told and not re.search(r"\d", question):
        return told[-1]
    folded = flat(question)
    if not _BY_INCOME.search(folded) or not _PRICE.search(folded) or "quotient" in folded:
        return ""
    found = {m["figure"] for said in place.before for m in _QUOTIENT.finditer(flat(said.text))}
    return f"quotient {found.pop()}" if len(found) == 1 else ""


def _only_points(question: str) -> bool:
    """Whether a question speaks of something that another sentence names: « combien il coûte »."""
    folded = flat(question).strip(" ?.!")
    return _BACKWARDS.search(folded) is not None or (points(folded) and names_nothing(folded))


def _about(question: str, place: _Place) -> str:
    """Return what a leaning question is about: what its paragraph said, the subject line, what was
    said earlier."""
    own = own_words(question)
    by_subject = own_words(place.subject) - own
    if own_words(place.context) - own:
        is_nearer = by_subject and place.near(question, place.subject) > place.near(
            question, place.context
        )
        return f"{place.subject}, {place.context}" if is_nearer else place.context
    told = [said for said in place.before if own_words(said.matter) - own]
    here = [said for said in told if said.paragraph == place.paragraph]
    beside = next((said for said in here if said.sentence == place.sentence), None)
    if beside:  # « les modalités des subventions, la date limite … »: all are of the first
        return beside.matter
    if here and here[-1].is_question:
        return here[-1].matter
    if here:
        last = here[-MOST_LOOKED_AT:]
        if by_subject:
            last = [_Said(place.paragraph, place.subject), *last]
        nearest = sorted(last, key=lambda said: place.near(question, said.text))[-MOST_STATEMENTS:]
        return ", ".join(dict.fromkeys(said.matter for said in last if said in nearest))
    if own_words(place.subject) - own:
        return place.subject
    return told[-1].matter if told else ""


def _matter_of(question: str) -> str:
    """Return what a question is about, from its first word that says so; of one that was completed,
    what it was completed with.

    >>> _matter_of("Quels papiers faut-il pour s'inscrire à la cantine ?")
    'la cantine'
    """
    words = question.rstrip(" ?.!").rpartition(" : ")[2].split()
    says = [place for place, word in enumerate(words) if len(word) > 2 and own_words(word)]
    things = (place for place in says if place and flat(words[place - 1]) in DETERMINERS)
    first = next(things, says[0] if says else len(words))
    while first and flat(words[first - 1]) in DETERMINERS:
        first -= 1
    return " ".join(words[first:])


def topic(sentence: str) -> str:
    """Return what a sentence is about, in few words.

    >>> topic("Je souhaite louer la salle des fêtes le 14 juin.")
    'louer la salle des fêtes le 14 juin'
    """
    text = stripped(re.sub(r"\([^)]*\)", " ", without_marks(sentence)))
    about = _ABOUT.search(flat(text))
    if about:
        text = text[about.start("what") : about.end("what")]
    clauses = [c.strip(" .,;:!?-–") for c in re.split(r"[.;:!?]\s|,\s", text)]
    told = [c for c in clauses if own_words(_GENERIC.sub(" ", flat(c)))]
    told = [c for c in told if not re.match(r"(?:merci|c'est (?:tres )?(?:clair|gentil))", flat(c))]
    if not told:
        return ""
    last = max(reversed(told), key=lambda clause: sum(w.isalpha() for w in own_words(clause)))
    wanting = _WANTING.match(flat(last))
    if wanting and wanting.end() < len(last):
        last = last[wanting.end() :]
    known = _KNOWN.match(flat(last))
    if known and known.end() < len(last):
        last = last[known.end() :]
    words = last.split()
    last = _TIES.sub("", " ".join(words[:MOST_TOPIC_WORDS]).strip(" ,;:."))
    return last if last[1:2].isupper() else last[:1].lower() + last[1:]


def at_both_ends(each: Sequence[Unit]) -> Sequence[Unit]:
    """Return the sentences, of too many those at both ends: each takes a vector."""
    if len(each) <= MOST_SENTENCES:
        return each
    return [*each[: MOST_SENTENCES // 2], *each[-MOST_SENTENCES // 2 :]]


def units(lines: Sequence[str]) -> Iterator[Unit]:
    """Yield the sentences of a letter's lines; lines that were broken to fit are one again."""
    for number, (paragraph, lead) in enumerate(paragraphs(lines)):
        for sentence in _sentences(paragraph):
            if without_marks(sentence.replace(REPLACEMENT, " ")) and not THANKS.fullmatch(
                flat(sentence)
            ):
                yield Unit(number if not lead else -1 - number, sentence, lead)


def paragraphs(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each paragraph with the line that leads to it where it is an item of a list."""
    held, lead, last, width = "", "", "", _width(lines)
    for line in [*lines, ""]:
        text = line.replace(REPLACEMENT, " ").strip()
        item = _ITEM.match(line) if text else None
        is_ended = len(last) < width and not last.endswith(",")
        last = line.strip()
        if not text or item or is_ended or not _goes_on(held, text):
            if held:
                is_item = held.startswith("\0")
                yield held.lstrip("\0"), lead if is_item else ""
                if held.rstrip().endswith(":"):
                    lead = held.lstrip("\0")
                elif not is_item:
                    lead = ""
            held = ""
        if text:
            words = line[item.end() :].strip() if item else text
            held = f"{held} {words}" if held else ("\0" if item else "") + words


def _width(lines: Sequence[str]) -> float:
    """Return the characters from which a line was broken to fit; one that is shorter was ended by
    who wrote. Where lines are longer than any page, none was broken to fit."""
    most = max((len(line) for line in lines), default=0)
    return math.inf if most > WIDEST else most * FILLED


def _goes_on(held: str, text: str) -> bool:
    """Whether a line goes on with the sentence before it."""
    if not held:
        return False
    if held.startswith("\0") or not _ENDS.search(held):
        return text[:1].islower() or not text[:1].isalpha() or not _ENDS.search(held)
    return not held.endswith(":")


def _sentences(paragraph: str) -> Iterator[str]:
    """Yield sentences; one ends at each question mark, whatever follows."""
    for start, end in sentences(paragraph):
        for piece in _ENDED.split(paragraph[start:end]):
            for held in textwrap.wrap(piece, MAX_SENTENCE_CHARS):
                if held.strip(" ?!."):
                    yield held.strip()


def _fit(question: str) -> str:
    if len(question) <= MAX_QUESTION_CHARS:
        return question
    return question[: MAX_QUESTION_CHARS - 2].rsplit(" ", 1)[0].rstrip(" ,;:?") + " ?"
