# SPDX-License-Identifier: EUPL-1.2
"""Questions over several acts, and votes: read from what is known of the acts, never guessed.

    Question ─wants_list▶ ActsQuery ─acts_where▶ Listing(head, lines): a count, then each act
    Question ─wants_vote▶ the act that was found ─▶ Listing(lines): the words of its vote

A list is complete over the documents that were read, and says which acts had no date to be
counted by. Where nothing is known of the acts, there is no list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from assistant.answers import Citation
from assistant.moments import absolute
from assistant.texts import Texts
from assistant.understanding.questions import Question
from corpus.act_rows import StoredAct
from corpus.catalogue import NOT_WAITING, ActsQuery, VoteKind, acts_where, last_sitting, undated
from corpus.documents import Filters, Retrieved
from corpus.french import fold, terms
from corpus.passages import PassageStore
from corpus.query import Wording

MAX_LINES = 20
VOTE_PASSAGES = 3
"""A vote is read from the acts of the first few passages, the best one that tells a vote."""

SAME_MATTER = 0.7
"""Share of a question's words that a passage must hold for its vote to be the one asked for."""

PLURALS = {
    "délibération": "deliberations",
    "arrêté": "arretes",
    "convention": "conventions",
    "décision": "decisions",
    "règlement": "reglements",
    "procès-verbal": "proces-verbaux",
}
_NAMED = "|".join(PLURALS.values())
_LIST = re.compile(
    rf"\b(?:combien (?:de |d')(?:{_NAMED})"
    rf"|(?:liste|lister|listez|enumere[rz]?)\b.{{0,20}}\b(?:{_NAMED})"
    rf"|quel(?:le)?s (?:sont |ont ete )?(?:les )?(?:{_NAMED})"
    rf"|(?:how many|list|which) (?:{_NAMED}))\b"
)
_VOTE = re.compile(
    r"\b(?:qui a vote|a-t-il ete vote|a-t-elle ete votee|(?:a|ont) vote (?:contre|pour)"
    r"|combien (?:de voix|d'elus |d'abstentions|de (?:pour|contre|votes))"
    r"|quel (?:est le |a ete le )?(?:resultat du )?vote|comment .{0,30}vote"
    r"|(?:a|est)[- ](?:l'|l )?unanimite|abstenus?|dans le vote|resultat du vote)"
)
_FILLERS = frozenset(
    terms(
        "combien liste lister listez énumérer quelles quels sont prise prises adoptée adoptées"
        " adopté votée votées rejetée rejetées signée signé concernant concerne portant relatif"
        " relative sujet objet commune conseil municipal mairie année depuis entre unanimité contre"
        " abstention"
        " how many list which about in there"
    )
)
_VOTING = frozenset(
    terms(
        "qui combien vote voté votée voter voix pour contre abstention abstentions élus conseil"
        " municipal résultat unanimité adopté adoptée ont quel comment dans"
    )
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What is said first (nothing for a vote), then each line with its own citation."""

    head: str
    lines: tuple[Citation, ...]


class Lister:
    """Answers from the acts' own record."""

    def __init__(self, store: PassageStore, wording: Wording) -> None:
        self._store = store
        self._wording = wording

    def __call__(
        self, question: Question, evidence: Sequence[Retrieved], filters: Filters
    ) -> Listing | None:
        """Return the list or the vote that a question asks for; None if it asks for neither."""
        folded = fold(question.text)
        if query := acts_query(question.text):
            return self._list(question, narrowed(query, filters))
        if _VOTE.search(folded):
            return self._vote(question, evidence)
        return None

    def dated(self, question: Question, filters: Filters, *, today: date | None = None) -> Question:
        """Return the question with its words for a time made dates (`moments.py`)."""
        day = today or datetime.now().astimezone().date()

        def sitting() -> date | None:
            iso = last_sitting(self._store, until=day.isoformat(), collections=filters.collections)
            return date.fromisoformat(iso) if iso else None

        return replace(question, text=absolute(question.text, today=day, last_sitting=sitting))

    def _list(self, question: Question, query: ActsQuery) -> Listing | None:
        found = acts_where(self._store, query, wording=self._wording)
        if not found:
            return None
        texts = Texts(question.language)
        head = texts("listing", "count" if len(found) > 1 else "count_one", count=len(found))
        if len(found) > MAX_LINES:
            head += " " + texts("listing", "first", count=MAX_LINES)
        missing = undated(self._store, query) if query.year or query.since or query.until else 0
        if missing:
            head += " " + texts("listing", "undated", count=missing)
        lines = [
            self._cite(number, listed.act, listed.act.page, listed.act.start, listed.act.end)
            for number, listed in enumerate(found[:MAX_LINES], 1)
        ]
        kept = tuple(line for line in lines if line)
        return Listing(head=head, lines=kept) if len(kept) == len(lines) else None

    def _vote(self, question: Question, evidence: Sequence[Retrieved]) -> Listing | None:
        votes = self._store.votes()
        asked = set(terms(question.text)) - _VOTING
        for found in evidence[:VOTE_PASSAGES]:
            passage = found.passage
            told = set(terms(f"{passage.heading} {passage.text.text}"))
            if len(asked & told) < SAME_MATTER * len(asked):
                continue
            acts = self._store.acts(
                f"a.document = ? AND a.item = ? AND {NOT_WAITING}",
                [passage.document, passage.item],
            )
            for act in acts:
                for page, vote in votes.get((act.document, act.item), ()):
                    if line := self._cite(1, act, page, vote.start, vote.end):
                        return Listing(head="", lines=(line,))
        return None

    def _cite(
        self, number: int, act: StoredAct, page: int, start: int, end: int
    ) -> Citation | None:
        text = self._store.page(act.document, page) or ""
        quote = text[start:end].strip()
        if not quote:
            return None
        begin = text.index(quote, start)
        return Citation(
            number=number,
            document=act.document,
            file=act.file,
            page=page,
            quote=quote,
            start=begin,
            end=begin + len(quote),
        )


def narrowed(query: ActsQuery, filters: Filters) -> ActsQuery:
    """Return the query for what the filters let through; a kind that they keep out finds nothing.

    >>> narrowed(ActsQuery(since="2019-01-01"), Filters(since="2021-01-01")).since
    '2021-01-01'
    """
    is_kept_out = filters.kinds is not None and query.kind not in filters.kinds
    return replace(
        query,
        since=max(query.since, filters.since),
        until=min(filter(None, (query.until, filters.until)), default=""),
        collections=frozenset() if is_kept_out else filters.collections,
    )


def acts_query(question: str) -> ActsQuery | None:
    """Read which acts a question wants counted or listed; None if it does not.

    >>> query = acts_query("Combien de délibérations sur la voirie en 2019 ?")
    >>> query.kind, query.year, query.topic
    ('délibération', 2019, 'voirie')
    """
    folded = fold(question)
    if not _LIST.search(folded):
        return None
    kind = next(kind for kind, plural in PLURALS.items() if plural in folded)
    years = sorted(int(year) for year in _YEAR.findall(folded))
    since, until = "", ""
    if len(years) > 1:
        since, until = f"{years[0]}-01-01", f"{years[-1]}-12-31"
    elif years and re.search(rf"\bdepuis (?:le \d+ \w+ )?{years[0]}|\bsince {years[0]}", folded):
        since = f"{years[0]}-01-01"
    elif years and re.search(rf"\bavant {years[0]}|\bbefore {years[0]}", folded):
        until = f"{years[0] - 1}-12-31"
    return ActsQuery(
        kind=kind,
        year=years[0] if len(years) == 1 and not (since or until) else 0,
        since=since,
        until=until,
        topic=" ".join(_topic(question, kind)),
        vote=_vote_of(folded),
    )


def _topic(question: str, kind: str) -> Iterator[str]:
    """Yield the words of a question that say what the acts are about."""
    left_out = _FILLERS | set(terms(kind)) | set(terms(PLURALS[kind]))
    for word in re.findall(r"[\w-]+", question):
        stems = terms(word)
        if stems and not set(stems) <= left_out and not word.isdigit():
            yield word


def _vote_of(folded: str) -> VoteKind:
    if "rejete" in folded or "refuse" in folded:
        return "rejected"
    if "unanimite" in folded:
        return "unanimous"
    if re.search(r"\b(?:votes? contre|voix contre|opposition|voted against)\b", folded):
        return "against"
    return "abstained" if "abstention" in folded else ""
