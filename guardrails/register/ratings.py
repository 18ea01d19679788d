# SPDX-License-Identifier: EUPL-1.2
"""What an auditor finds of an answer, sentence by sentence; of a refusal, as a whole.

    to_rate(exchange) ─▶ its sentences, or the outcome that refused ─▶ Rating ──enter_ratings──▶
        one REVIEW entry a rating, in the exchange that it judges
    seen_by(exchange, own) ─▶ what may be shown to who has not rated it yet
    rating_of(REVIEW entry) ─▶ Entered, which quality.py counts

The entry says a mark (right, wrong, incomplete, dangerous) and `agree` or `disagree` as well: what
counts either counts ratings, and marks that were entered without any are counted as they were.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from guardrails.errors import RecordInvalid
from guardrails.findings import Screened
from guardrails.register.events import NOTHING, Feedback
from guardrails.register.records import AuditRecord, Entry, JsonValue, Kind, Sealed
from guardrails.register.register import Register
from guardrails.register.sampling import Sample
from guardrails.register.selection import text
from guardrails.register.sequencer import Draft, draft


class Said(StrEnum):
    """What a sentence says, held against the documents; a refusal is right or wrong."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"


class Source(StrEnum):
    """Whether what is quoted bears a sentence out."""

    RIGHT = "right"
    WRONG = "wrong"
    NONE = "none"  # nothing is quoted under it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """What somebody finds of one entry: a sentence, or the outcome that refused to answer."""

    index: int
    said: Said
    source: Source = Source.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What somebody finds of an exchange, each of its sentences rated; the comment went through
    the guard. `sample`: the draw that it is part of, None for an exchange that was sought out."""

    exchange: str
    rated: tuple[Rated, ...]
    comment: Screened = NOTHING
    is_dangerous: bool = False
    sample: Sample | None = None

    @property
    def mark(self) -> Feedback:
        """What it comes to for the whole answer."""
        if self.is_dangerous:
            return Feedback.DANGEROUS
        if any(one.said is Said.WRONG for one in self.rated):
            return Feedback.WRONG
        whole = all(o.said is Said.RIGHT and o.source is not Source.WRONG for o in self.rated)
        return Feedback.RIGHT if whole else Feedback.INCOMPLETE


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A rating as it was entered. `replaces` is the place of the one before by the same person in
    the same exchange; `drawn` of `population` questions are in the draw of entry `sample`."""

    index: int
    exchange: str
    rated: Mapping[int, Rated]
    is_refusal: bool
    mark: str
    replaces: int | None = None
    sample: int | None = None
    drawn: int = 0
    population: int = 0


def to_rate(exchange: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return what of an exchange is rated: each sentence that was said, or the outcome that
    refused. Nothing while it is open, where it neither said nor refused anything, or once what
    was asked or said is erased."""
    by_kind: dict[Kind, list[Entry]] = {Kind.INTENT: [], Kind.SENTENCE: [], Kind.OUTCOME: []}
    for entry in exchange:
        by_kind.get(entry.kind, []).append(entry)
    outcomes = by_kind[Kind.OUTCOME]
    if not outcomes or any(entry.erased for some in by_kind.values() for entry in some):
        return ()
    is_refusal = text(outcomes[-1].payload, "status") == "refusal"
    return tuple(by_kind[Kind.SENTENCE] or (outcomes[-1:] if is_refusal else ()))


def has_source(entry: Entry) -> bool:
    """Whether something is quoted under a sentence."""
    return bool(entry.payload.get("citations"))


def enter_ratings(
    register: Register, ratings: Sequence[Rating], *, user: str, role: str = ""
) -> list[Sealed]:
    """Enter ratings, all of them or none; `user` is a name, of which the pseudonym is kept.

    RecordInvalid says which (from 1) where an exchange has nothing to rate, where a sentence of it
    is left out, where a source is rated that is not there, or where it is not of the draw.
    """
    if len({rating.exchange for rating in ratings}) < len(ratings):
        raise RecordInvalid("an exchange is rated twice")
    own = {*register.keyring.pseudonyms(user)}
    by = register.pseudonym(user)
    drafts = list[Draft]()
    for number, rating in enumerate(ratings, start=1):
        try:
            drafts.append(_draft(register, rating, own, by, role))
        except RecordInvalid as error:
            raise RecordInvalid(f"rating {number}: {error}") from None
    places = register.append_drafts(drafts)
    register.checkpoint_if_due()
    return places


def _draft(register: Register, rating: Rating, own: set[str], by: str, role: str) -> Draft:
    exchange = register.unrecorded_exchange(rating.exchange)
    _check(rating, to_rate(exchange))
    before = [e for e in exchange if e.actor in own and rating_of(e)]
    sample = rating.sample
    payload: dict[str, JsonValue] = {
        "mark": rating.mark.value,
        "verdict": "agree" if rating.mark is Feedback.RIGHT else "disagree",
        "comment": rating.comment.text,
        "ratings": [
            {"entry": one.index, "said": one.said.value, "source": one.source.value}
            for one in rating.rated
        ],
    }
    if before:
        payload["replaces"] = before[-1].index
    if sample:
        payload["sample"] = {
            "entry": sample.sealed,
            "drawn": len(sample.exchanges),
            "population": sample.population,
        }
    record = AuditRecord(
        kind=Kind.REVIEW, exchange=rating.exchange, actor=by, role=role, payload=payload
    )
    outcome = next(e.index for e in reversed(exchange) if e.kind is Kind.OUTCOME)
    return draft(record, {"reviews": outcome})


def _check(rating: Rating, asked: Sequence[Entry]) -> None:
    if not asked:
        raise RecordInvalid("this exchange has nothing to rate")
    if [one.index for one in rating.rated] != [entry.index for entry in asked]:
        raise RecordInvalid("each sentence is rated, once, in its order")
    for one, entry in zip(rating.rated, asked, strict=True):
        if has_source(entry) == (one.source is Source.NONE):
            raise RecordInvalid("a source is rated where there is one, and only there")
        if entry.kind is Kind.OUTCOME and one.said is Said.PARTLY:
            raise RecordInvalid("a refusal is right or wrong")
    if rating.sample and rating.exchange not in rating.sample.exchanges:
        raise RecordInvalid("this exchange is not of that draw")


def rating_of(entry: Entry) -> Entered | None:
    """Return the rating that an entry holds; None for a mark without one, or another entry."""
    ratings = entry.payload.get("ratings")
    if entry.kind is not Kind.REVIEW or not isinstance(ratings, Sequence) or not ratings:
        return None
    try:
        rated = [_rated(one) for one in ratings]
    except ValueError:
        return None
    drawn = entry.payload.get("sample")
    sample = drawn if isinstance(drawn, Mapping) else {}
    return Entered(
        index=entry.index,
        exchange=entry.exchange,
        rated={one.index: one for one in rated},
        is_refusal=[one.index for one in rated] == [entry.public.get("reviews")],
        mark=text(entry.payload, "mark"),
        replaces=_whole(entry.payload, "replaces"),
        sample=_whole(sample, "entry"),
        drawn=_whole(sample, "drawn") or 0,
        population=_whole(sample, "population") or 0,
    )


def seen_by(exchange: Sequence[Entry], own: Collection[str]) -> list[Entry]:
    """Return the entries of an exchange that may be shown to a person of these pseudonyms: others'
    reviews only once they rated it too, so that nobody is led by another's opinion."""
    rated = any(entry.actor in own and rating_of(entry) for entry in exchange)
    if rated or not to_rate(exchange):
        return [*exchange]
    return [e for e in exchange if e.kind is not Kind.REVIEW or e.actor in own]


def _rated(value: JsonValue) -> Rated:
    """Return what is found of one entry; ValueError where it says something else."""
    record = value if isinstance(value, Mapping) else {}
    index = _whole(record, "entry")
    if index is None:
        raise ValueError("a rating is of an entry")
    return Rated(
        index=index, said=Said(text(record, "said")), source=Source(text(record, "source"))
    )


def _whole(record: Mapping[str, JsonValue], name: str) -> int | None:
    value = record.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
