# SPDX-License-Identifier: EUPL-1.2
"""What may become a card: each thing that a person must not be able to validate by mistake.

Draft ─guard▶ hidden ─understand▶ no verdict on somebody ─find▶ Place… ─values▶ Card │ Fault
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import chain
from unicodedata import digit

from assistant.answers import NO_QUESTION, Reason
from assistant.cards.card import (
    MOST_ASKED_CHARS,
    MOST_CHARS,
    MOST_QUOTES,
    MOST_SENTENCES,
    MOST_SERVICE_CHARS,
    MOST_WORDINGS,
    Audience,
    Card,
    State,
)
from assistant.cards.ends import end_of
from assistant.cards.quotes import Place, find
from assistant.grounding import unsupported
from assistant.sheet.facts import Tongue
from assistant.understanding.questions import understand
from assistant.understanding.reading import ReadMatter
from corpus.passages import PassageStore
from corpus.sentences import sentences
from guardrails.errors import DetectorFailed, TextTooLong
from guardrails.findings import Screened
from guardrails.special import concerns

_PLACEHOLDER = re.compile(r"\[[A-ZÀ-Þ_]+_\d+\]")
_ENDS = re.compile(r"[.!?؟]+(?=\s|$)")
"""How sentences end in the languages of the simple page."""

DECIMAL_MARK = "\u066b"
"""The comma of Arabic figures."""

_PERSON = re.compile(r"\[PERSONNE_\d+\]")


class Fault(StrEnum):
    """Why something is no card. The words live in `texts/`."""

    MISSING_FIELD = "missing_field"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    BAD_DATE = "bad_date"
    BAD_AUDIENCE = "bad_audience"
    OVER = "over"
    GUARD_CLOSED = "guard_closed"
    PERSONAL_DATA = "personal_data"
    INDIVIDUAL_VERDICT = "individual_verdict"
    OFF_TOPIC = "off_topic"
    NO_SUCH_FILE = "no_such_file"
    QUOTE_NOT_FOUND = "quote_not_found"
    SUPERSEDED = "superseded"
    VALUE_WITHOUT_SOURCE = "value_without_source"
    TWO_ANSWERS = "two_answers"
    ALREADY = "already"
    NO_SUCH_CARD = "no_such_card"
    SAME_PERSON = "same_person"
    CHANGED = "changed"


class Refused(Exception):
    """Something is no card; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenQuote:
    """Words of a page, as somebody gave them; `file` relative to the folder that was added."""

    file: str
    page: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A card as somebody gave it, not yet seen by the guard. Without quotes it is a proposal."""

    question: str
    quotes: tuple[GivenQuote, ...] = ()
    answer: str = ""
    wordings: tuple[str, ...] = ()
    audience: Audience = ""
    until: str = ""
    service: str = ""
    translations: tuple[tuple[Tongue, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Makes cards of drafts. `screen` hides; `read` tells which questions are never answered."""

    store: PassageStore
    screen: Callable[[str], Screened]
    read: ReadMatter

    def __call__(
        self, draft: Draft, *, state: State, by: str, role: str, now: datetime | None = None
    ) -> Card:
        """Return the card; raise Refused."""
        moment = now or datetime.now(UTC)
        self._refuse_form(draft)
        service = " ".join(draft.service.split())
        if service and self._screened(service).findings:
            raise Refused(Fault.PERSONAL_DATA)
        is_foreign = bool(draft.translations)
        askings = [self._asking(draft.question)]
        askings += [self._asking(text, may_be_foreign=is_foreign) for text in draft.wordings]
        places = [self._place(quote) for quote in draft.quotes]
        until = draft.until or end_of(askings, places)
        if until and until < moment.astimezone().date().isoformat():
            raise Refused(Fault.OVER)
        translations = tuple((one, " ".join(said.split())) for one, said in draft.translations)
        quotes = [place.words for place in places]
        for said in (draft.answer, *(said for _, said in translations)):
            self._refuse_persons(said, places)
            if values_without_source(latin_digits(said), quotes):
                raise Refused(Fault.VALUE_WITHOUT_SOURCE)
        question, *wordings = dict.fromkeys(askings)
        return Card(
            id=secrets.token_hex(8),
            question=question,
            wordings=tuple(wordings),
            quotes=tuple(place.quote() for place in places),
            answer=" ".join(draft.answer.split()),
            audience=draft.audience,
            until=until,
            state=state if places else State.PROPOSED,
            by=by,
            role=role,
            at=moment.isoformat(timespec="seconds"),
            service=service,
            translations=tuple((one, said) for one, said in translations if said),
        )

    def _refuse_form(self, draft: Draft) -> None:
        askings = (draft.question, *draft.wordings)
        names = (text for quote in draft.quotes for text in (quote.file, quote.quote))
        try:
            said = (draft.answer, draft.service, draft.until, *chain(*draft.translations))
            "".join((*askings, *said, *names)).encode()
        except UnicodeEncodeError:  # half a sign: no file and no register holds it
            raise Refused(Fault.MISSING_FIELD) from None
        if any(quote.page > MOST_PAGE for quote in draft.quotes):
            raise Refused(Fault.QUOTE_NOT_FOUND)
        if not all(re.search(r"\w", text) for text in askings):
            raise Refused(Fault.MISSING_FIELD)
        foreign = [said for _, said in draft.translations]
        counts = [len(sentences(draft.answer)), *(len(_ENDS.findall(said)) for said in foreign)]
        too_long = max(counts) > MOST_SENTENCES
        too_long |= any(len(said) > MOST_CHARS for said in (draft.answer, *foreign))
        too_long |= len(draft.service) > MOST_SERVICE_CHARS
        if too_long or any(len(text) > MOST_CHARS for text in askings):
            raise Refused(Fault.TOO_LONG)
        if len(draft.wordings) > MOST_WORDINGS or len(draft.quotes) > MOST_QUOTES:
            raise Refused(Fault.TOO_MANY)
        if draft.until:
            try:
                date.fromisoformat(draft.until)
            except ValueError:
                raise Refused(Fault.BAD_DATE) from None

    def _asking(self, text: str, *, may_be_foreign: bool = False) -> str:
        """Return a question in its hidden form; raise Refused where it must never be answered. In
        another language than the documents' it may look like talk."""
        screened = self._screened(" ".join(text.split()))
        if screened.findings or _PLACEHOLDER.search(screened.text):
            raise Refused(Fault.PERSONAL_DATA)
        refusal = self.read(understand(screened)).refusal
        if refusal is not None and not (may_be_foreign and refusal in NO_QUESTION):
            raise Refused(_FAULTS.get(refusal, Fault.OFF_TOPIC))
        return screened.text

    def hidden(self, question: str) -> str:
        """Return the hidden form of a question that is kept and never answered; raise Refused."""
        if len(question) > MOST_ASKED_CHARS:
            raise Refused(Fault.TOO_LONG)
        return self._screened(" ".join(question.split())).text

    def _screened(self, text: str) -> Screened:
        try:
            return self.screen(text)
        except (DetectorFailed, TextTooLong):
            raise Refused(Fault.GUARD_CLOSED) from None

    def _place(self, quote: GivenQuote) -> Place:
        files = (quote.file, self._screened(quote.file).text)
        if not any(self.store.documents_named(file) for file in files):
            raise Refused(Fault.NO_SUCH_FILE)
        place = find(self.store, files, quote.page, quote.quote)
        if place is None:
            raise Refused(Fault.QUOTE_NOT_FOUND)
        if place.is_superseded(self.store):
            raise Refused(Fault.SUPERSEDED)
        return place

    def _refuse_persons(self, answer: str, places: Sequence[Place]) -> None:
        """Refuse what names somebody, or tells of somebody's private life: nobody may stand for
        that. What the page shows was judged there, with its whole document around it."""
        held = " ".join(place.words for place in places)
        if _PERSON.search(held) or _PLACEHOLDER.search(answer):
            raise Refused(Fault.PERSONAL_DATA)
        if concerns([Screened(held), Screened(answer)]):
            raise Refused(Fault.PERSONAL_DATA)
        found = self._screened(answer).findings if answer else ()
        if any(answer[one.start : one.end] not in held for one in found):
            raise Refused(Fault.PERSONAL_DATA)


MOST_PAGE = 1_000_000
_FAULTS = {
    Reason.PERSONAL_DATA: Fault.PERSONAL_DATA,
    Reason.INDIVIDUAL_VERDICT: Fault.INDIVIDUAL_VERDICT,
}


def latin_digits(text: str) -> str:
    """Return a text with its figures as they are written in French.

    >>> latin_digits("٤٫٢٠ يورو")
    '4,20 يورو'
    """
    told = (str(digit(sign)) if sign.isdigit() and not sign.isascii() else sign for sign in text)
    return "".join(told).replace(DECIMAL_MARK, ",")


def values_without_source(answer: str, quotes: Sequence[str]) -> bool:
    """Whether an answer holds a figure or a date that none of its quotes does.

    >>> values_without_source("Le repas coûte 4,30 €.", ["Repas : 4,20 €"])
    True
    >>> values_without_source("C'est ouvert le mardi à 9 h.", ["Mardi : 9h00 – 12h00"])
    False
    """
    return unsupported(answer, quotes) in {"number", "date"}
