# SPDX-License-Identifier: EUPL-1.2
"""From passages that were found to the few sentences that may answer.

    Retrieved… ─▶ sentences, rows ──weighed──▶ Candidate…, most likely first

A small model on a CPU reads about 125 tokens a second, so it is given only the
sentences that look most like an answer. Weighing needs no model but the
embedder: rare words of the question that the sentence holds, its vector, what
its passage holds, and whether it has what the question asks for (an amount, a
date, an hour).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.answers import Lines, Span
from assistant.editions import Held, earlier_editions
from assistant.ranges import suits
from assistant.rows import is_about, is_row
from assistant.understanding.questions import Question, QuestionKind
from corpus.documents import Passage, Retrieved, is_dropped
from corpus.french import Forms, fold, terms, terms_kept, words
from corpus.query import Wanted, coverage, forms_of
from corpus.seams import Embedder, question_vector
from corpus.sentences import sentences
from guardrails.values import MONTH, Kind, Value, values_kept

MAX_CANDIDATES = 32
MIN_WORDS = 3
A_YEAR = 12
"""In months."""

IN_RANGE = 1
"""The `scale` of a row whose range holds a figure of the question."""


@dataclass(frozen=True, slots=True)
class _Form:
    """What a sentence must hold to answer a question of some kind: such a value, or such words."""

    words: re.Pattern[str] | None = None
    kinds: Collection[Kind] = ()
    suits: Callable[[Value], bool] | None = None

    def fits(self, sentence: str) -> bool:
        if self.words and self.words.search(fold(sentence)):
            return True
        return bool(self.kinds or self.suits) and any(
            value.kind in self.kinds or (self.suits and self.suits(value))
            for value in values_kept(sentence)
        )


_HOLDS = {
    QuestionKind.CONTACT: _Form(
        re.compile(
            r"\b0\d(?:[ .]?\d\d){4}\b|\[telephone_|\[courriel_|\S@\S|(?:s'|vous )adress\w+"
            r"|\baupres d|\bcontacte[rz]|\bappele[rz]|\bprevene[rz]|\bprevenir\b|se signale"
        )
    ),
    QuestionKind.REASON: _Form(
        re.compile(
            r"\bconsiderant|\braisons?\b|\bafin\b|\bparce\b|\bpuisque|\bcar\b|\bcauses?\b"
            r"|\bmotifs?\b|\bsuite a|\ben vue d|\bdans le but|\bcompte tenu|\beu egard|\bobjectif"
            r"|\bvise(?:nt)? a|\bde (?:maniere|facon) a\b|\bpour que\b|\bfaute d|\bdu fait"
            r"|\ben effet|\btrop\b|\bpour (?:ne pas |mieux |en )?\w+(?:er|ir|re)\b"
        )
    ),
    QuestionKind.AMOUNT: _Form(
        re.compile(r"gratuit|payant|^(?=.*;).*\d"), {Kind.AMOUNT, Kind.PERCENT}
    ),
    QuestionKind.HOURS: _Form(
        re.compile(r"permanence|\bmidi\b|\bferme(?:e|s|es)\b|(?:est|sont|reste|:) ferme\b"),
        {Kind.HOUR},
    ),
    QuestionKind.DATE: _Form(
        re.compile(r"\ben \d{4}\b|chaque|tous les|veille|lendemain"),
        {Kind.WEEKDAY},
        lambda one: one.kind is Kind.DATE and not all(end.is_year for end in one.written),
    ),
    QuestionKind.YEAR: _Form(suits=lambda one: one.has_year),
    QuestionKind.DURATION: _Form(
        kinds={Kind.DURATION, Kind.AGE},
        suits=lambda one: one.kind is Kind.HOUR and not (one.is_range or one.in_words),
    ),
    QuestionKind.MEASURE: _Form(
        kinds={Kind.MEASURE, Kind.PERCENT}, suits=lambda one: one.unit == "place"
    ),
    QuestionKind.COUNT: _Form(
        re.compile(r"\d|\b(?:un|aucune?|seule?)\b"),
        suits=lambda one: one.in_words and not one.is_article,
    ),
}

_AGES = {QuestionKind.COUNT, QuestionKind.MEASURE, QuestionKind.DURATION}
"""Kinds that an age is taken for."""

_ASKS_PRICE = re.compile(r"\bcout|\bprix\b|\btarif|\bcaution|\bpay|\bpaie|\bamende")
_PRICE = _Form(re.compile(r"gratuit|payant|^(?=.*;)(?!.*%).*\d"), {Kind.AMOUNT})
"""What costs is told in euros: a share, « 60 % de la dette », is no price."""

_ASKS_MAIL = re.compile(
    r"^(?!.*\b(?:telephon|numero|appel|joindre)).*\b(?:courriel|e?-?mail\b|adresse electronique)"
)
_MAIL_ADDRESS = _Form(re.compile(r"\[courriel_|\S@\S"))

_ASKS_AGE = re.compile(r"\bquel(?:le)? (?:est l')?age\b")
_AGE = _Form(
    re.compile(r"\bmajeure?s\b"), {Kind.AGE}, lambda one: one.unit == MONTH and one.scale == A_YEAR
)

_I = re.compile(r"\b(?:je |j'[aeiouyh])")
_IN_ONES_NAME = re.compile(rf"{_I.pattern}|\b(?:m'|mon |ma |mes |moi\b)")
LETTER_LINES = 2
_MAIL = (".eml", ".msg")
LETTER_REACH = 0.9
"""Share of the question's words from which a letter that somebody sent may answer: it says what one
person wrote, not what holds for all."""

_SAYS_SOMETHING = re.compile(r"[.!?;»)]\s*$|\s[:;]\s|\s–\s.*\d")
"""A title has no full stop and no cell: it names a matter and tells nothing of it."""


_WEIGHTS = (0.9, 1.0, 1.5, 2.5, 1.0, 1.1, 0.5)
"""What coverage, reach, the search's score, fit, no title, the right row and what it is about count
for: as `benchmarks/calibration.py` fits them, rounded, but the last, which only everyday questions
need."""

LACKS_FROM = 0.15
"""Share of the question's words that a passage leaves out and another one holds."""

_LACKS = {QuestionKind.PERSON: 0.0, QuestionKind.CONTACT: 0.0, QuestionKind.HOURS: 2.0}
"""Rows of persons and numbers name whom they are about: « Mairie ; 03 53 … », no « numéro »."""

FARTHEST, NEAREST = -0.015, 0.515
"""Between which cosines a sentence goes from far to near."""

NEARNESS_WEIGHT = 2.0
"""What the vector's nearness counts for; from 1.5 to 2 about the same is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence or a row that may be quoted. `start` and `end` count in the screened page.

    `coverage` is the share (0 to 1, weighed by rarity) of the question's words
    that the sentence holds, `reach` the same with its passage and heading; `found` is
    the passage's score in the search, `around` its vector's cosine, `lexical` its BM25, in words
    as rare as can be;
    `fits` says that it holds the kind of thing asked for, `told` that it is no title,
    `scale` whether it is the right row of a scale (1), another (-1), or neither (0); `missed`
    is the share of the question's words that other rows of its table hold and this one does not;
    `lacks` is 1 where its passage leaves out what another one that fits holds, 2 for hours, which
    look alike (the library's for the town hall's);
    `rank` counts from 0, the likeliest.
    """

    passage: Passage
    start: int
    end: int
    text: str
    coverage: float
    reach: float
    found: float
    around: float
    cosine: float
    lexical: float
    fits: bool
    told: bool
    scale: int
    score: float
    missed: float = 0.0
    lacks: float = 0.0
    rank: int = 0

    @property
    def nearness(self) -> float:
        """Cosine from 0 to 1: with the embedder of questions, sentences of ten passages are .21 on
        average, the nearest of them .39."""
        return min(max((self.cosine - FARTHEST) / (NEAREST - FARTHEST), 0.0), 1.0)


class Words(Protocol):
    """What the corpus knows of words (`corpus.query.Wording`)."""

    def wanted(self, question: str) -> list[Wanted]:
        """Words of the question, each with the stems that may stand for it."""

    def rarity(self, stems: Collection[str]) -> float:
        """How much finding one of the stems says: high where few passages hold any."""


class Weigher:
    """Weighs the sentences of passages for a question."""

    def __init__(self, embedder: Embedder, wording: Words) -> None:
        self._embedder = embedder
        self._wording = wording

    def lines(self, question: Question, evidence: Sequence[Retrieved]) -> Lines:
        """Return where the likeliest line of each passage stands, by its id, in characters of its
        page; without a vector, so that passages can be shown around it at once. Those of which no
        line holds a word of the question are left out."""
        wanted, rarest = self._wording.wanted(question.text), self._wording.rarity(())
        found = dict[str, Span]()
        for one in evidence:  # a letter's lines are shown as any other's: its reach excludes none
            weighed = _of_passage(one, question, wanted, LETTER_REACH, rarest)
            best = max(weighed, key=lambda c: c.score, default=None)
            if best and best.coverage:
                found[one.passage.id] = best.start, best.end
        return found

    def sought(self, question: str) -> Forms:
        """Return the words of a question, in its hidden form, and what may stand for them."""
        return forms_of(self._wording.wanted(question))

    def candidates(self, question: Question, evidence: Sequence[Retrieved]) -> list[Candidate]:
        """Return what may answer, most likely first."""
        wanted = self._wording.wanted(question.text)
        # the most that one word can say here: it grows with the corpus, as BM25 does
        rarest = self._wording.rarity(())
        reaches = [_reach(wanted, retrieved.passage) for retrieved in evidence]
        held = [
            Held(one.passage, reach, coverage(wanted, terms_kept(one.passage.text.text)))
            for one, reach in zip(evidence, reaches, strict=True)
            if not is_dropped(one.passage.document)  # no edition of the town's acts
        ]
        earlier = set() if question.years else earlier_editions(held)
        found = [
            candidate
            for retrieved, reach in zip(evidence, reaches, strict=True)
            if retrieved.passage.id not in earlier
            for candidate in _of_passage(retrieved, question, wanted, reach, rarest)
        ]
        found.sort(key=lambda c: -c.score)
        found = _distinct(found)[:MAX_CANDIDATES]
        if not found:
            return []
        asked = question_vector(self._embedder, question.text)
        cosines = self._embedder.embed_passages([c.text for c in found]) @ asked
        weighed = [
            _with_cosine(candidate, float(cosine))
            for candidate, cosine in zip(found, cosines, strict=True)
        ]
        weighed.sort(key=lambda c: -c.score)
        most = max((c.reach for c in weighed if c.fits), default=0.0)
        least, lack = most - LACKS_FROM, _LACKS.get(question.kind, 1.0)
        return [
            replace(c, rank=rank, lacks=lack if c.reach < least else 0.0)
            for rank, c in enumerate(weighed)
        ]


def _reach(wanted: Sequence[Wanted], passage: Passage) -> float:
    return coverage(wanted, terms_kept(f"{passage.heading} {passage.text.text}"))


def _of_passage(
    retrieved: Retrieved, question: Question, wanted: Sequence[Wanted], reach: float, rarest: float
) -> list[Candidate]:
    passage = retrieved.passage
    text = passage.text.text
    spans = list(sentences(text))
    if reach < LETTER_REACH and _is_letter(passage, [text[start:end] for start, end in spans]):
        return []
    rows = (text[start:end] for start, end in spans)
    in_rows = {stem for row in rows if is_row(row) for stem in terms_kept(row)}
    asked = {stem for word in wanted for stem in word.stems}
    form = _form(question)
    found = []
    for start, end in spans:
        sentence = text[start:end]
        if len(sentence.split()) < MIN_WORDS or sentence.rstrip(' »"').endswith("?"):
            continue
        covered = coverage(wanted, terms_kept(sentence))
        fits = form is None or form.fits(sentence)
        told = bool(_SAYS_SOMETHING.search(sentence))
        in_range = suits(question.text, sentence)
        scale = 0 if in_range is None else (IN_RANGE if in_range else -IN_RANGE)
        missed = _missed(wanted, sentence, passage.heading, in_rows) if is_row(sentence) else 0.0
        about = is_about(sentence, asked)
        if question.kind is QuestionKind.CONTACT and is_row(sentence):
            fits = fits and about > 0  # another service's number is as wrong as none
        signs = (covered, reach, retrieved.score, fits, told, scale, about)
        score = sum(weight * sign for weight, sign in zip(_WEIGHTS, signs, strict=True))
        found.append(
            Candidate(
                passage=passage,
                start=passage.start + start,
                end=passage.start + end,
                text=sentence,
                coverage=covered,
                reach=reach,
                found=retrieved.score,
                around=retrieved.cosine,
                cosine=0.0,
                lexical=retrieved.lexical / rarest,
                fits=fits,
                told=told,
                scale=scale,
                score=score,
                missed=missed,
            )
        )
    return found


def holds(kind: QuestionKind, sentence: str) -> bool:
    """Whether a sentence holds what a question of a kind asks for; nothing does where the kind
    asks nothing of it."""
    return kind in _HOLDS and _HOLDS[kind].fits(sentence)


def _form(question: Question) -> _Form | None:
    """Return what a sentence must hold to have what the question asks for."""
    folded = fold(question.text)
    if question.kind is QuestionKind.AMOUNT and _ASKS_PRICE.search(folded):
        return _PRICE
    if question.kind is QuestionKind.CONTACT and _ASKS_MAIL.search(folded):
        return _MAIL_ADDRESS
    if question.kind in _AGES and _ASKS_AGE.search(folded):
        return _AGE
    return _HOLDS.get(question.kind)


def _is_letter(passage: Passage, lines: Sequence[str]) -> bool:
    """Whether somebody writes in their own name: an e-mail, or one line in three, in no act. What
    was dropped to be asked is read whatever it is."""
    if is_dropped(passage.document):
        return False
    told = [fold(line) for line in lines if _SAYS_SOMETHING.search(line)]
    own = sum(bool(_IN_ONES_NAME.search(line)) for line in told)
    says_i = any(_I.search(line) for line in told)
    in_ones_name = says_i and own >= LETTER_LINES and own * 3 >= len(told)
    return passage.file.lower().endswith(_MAIL) or (in_ones_name and not passage.kind)


def _missed(wanted: Sequence[Wanted], row: str, heading: str, in_rows: set[str]) -> float:
    """What the question names and another row tells of: this row is then about something else."""
    own = set(terms(f"{heading} {row}"))
    missed = [word for word in wanted if word.is_in(in_rows) and not word.is_in(own)]
    total = sum(word.weight for word in wanted)
    return sum(word.weight for word in missed) / total if total else 0.0


def _with_cosine(candidate: Candidate, cosine: float) -> Candidate:
    near = replace(candidate, cosine=cosine)
    return replace(near, score=candidate.score + NEARNESS_WEIGHT * near.nearness)


def _distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Keep the best of sentences that say the same words (copies of an act, headers)."""
    seen: set[str] = set()
    kept = []
    for candidate in candidates:
        key = " ".join(words(candidate.text))
        if key and key not in seen:
            seen.add(key)
            kept.append(candidate)
    return kept
