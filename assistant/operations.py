# SPDX-License-Identifier: EUPL-1.2
"""Changes of the corpus that the register tells of before they begin, and once they are done.

    ingest(parts, paths)      begun at the first change ─▶ read ─▶ what became of it
    remove(parts, documents)  begun ─▶ erased ─▶ the proof

    decide_audience(…)        begun ─▶ the document moves ─▶ whom it is for
    decide_case(…)            begun ─▶ what waited is kept, hidden, rejected ─▶ the decision

What a process that died had begun is finished by the next one that opens the register: a removal
and a decision that closes are carried out, as is one that opens if the corpus knows of it; an
ingestion is said to have been interrupted (the next run goes on with it).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from assistant.cards import FILE
from assistant.cards.restored import withdraw_last
from assistant.errors import UserError
from corpus.documents import CORRESPONDENCE
from corpus.errors import CorpusBusy
from corpus.packs import is_pack
from guardrails.errors import RegisterError
from guardrails.register.events import begin_removal, changed_account, enter_removal
from guardrails.register.records import AuditRecord, Entry, JsonValue, Kind
from guardrails.register.register import Register

if TYPE_CHECKING:
    from assistant.wiring import Parts
    from corpus.erase import ErasureProof
    from corpus.ingest import IngestReport, Progress
    from corpus.quarantine import Case, Decision
    from corpus.rows import StoredDocument

logger = logging.getLogger(__name__)
UNTOUCHED = (CorpusBusy, LookupError)
"""What says that a decision changed nothing; of any other error the next opening finishes it."""

NAMED = ("failed", "waiting", "flagged", "doubts")
"""What a report says file by file: the register keeps how many."""


def ingest(
    parts: Parts,
    paths: Sequence[Path],
    *,
    collection: str,
    prune: bool = False,
    progress: Progress | None = None,
    is_watching: bool = False,
    by: str = "",
    role: str = "",
    pack: Incoming | None = None,
) -> IngestReport:
    """Ingest, and enter what was done; who watches enters only runs that change something.

    UserError for the collection of a pack, where it is not that `pack` that comes.
    """
    if is_pack(collection) and pack is None:
        raise UserError("collection_of_pack")
    under_way = _Ingestion(parts.register, collection, by, role, pack)
    try:
        report = parts.ingestion.add(
            paths, collection=collection, prune=prune, progress=progress, begin=under_way.begin
        )
    except BaseException:
        under_way.fail()
        raise
    if under_way.exchange or report.has_changes or not is_watching:
        under_way.end(report)
    if report.has_changes:
        settle_cards(parts)
    return report


@dataclass(frozen=True, slots=True)
class Incoming:
    """A pack that is being added: what the register says of it, and what is done once, after it was
    entered that the corpus is about to change."""

    facts: Mapping[str, JsonValue]
    begin: Callable[[], None]


def settle_cards(parts: Parts) -> None:
    """Suspend the validated answers of which a quote is not on its page any more."""
    if (parts.folder.path / FILE).exists():
        parts.card_desk.settle()


class _Ingestion:
    """One run, as the register tells of it."""

    def __init__(
        self, register: Register, collection: str, by: str, role: str, pack: Incoming | None
    ) -> None:
        self._register, self._collection = register, collection
        self._by, self._role, self._pack = by, role, pack
        self.exchange = ""

    def begin(self) -> None:
        """Enter that the corpus is about to change."""
        exchange = self._register.new_exchange()
        self._register.begin(self._record(exchange, {"status": "begun"}))
        self.exchange = exchange
        if self._pack:
            self._pack.begin()

    def end(self, report: IngestReport) -> None:
        """Enter what the run did: how many files failed or wait, never which."""
        said: dict[str, JsonValue] = asdict(report)
        counted = {name: len(getattr(report, name)) for name in NAMED}
        self._register.complete(self._record(self.exchange, said | counted))

    def fail(self) -> None:
        """Enter that the run ended without a report, if that can be entered at all."""
        if self.exchange:
            with suppress(RegisterError, OSError):  # the next opening says so
                self._register.complete(self._record(self.exchange, {"status": "failed"}))

    def _record(self, exchange: str, payload: dict[str, JsonValue]) -> AuditRecord:
        return AuditRecord(
            kind=Kind.INGESTION,
            exchange=exchange,
            actor=self._by,
            role=self._role,
            payload=payload
            | {"collection": self._collection}
            | ({"pack": self._pack.facts} if self._pack else {}),
        )


def remove(
    parts: Parts, documents: Sequence[str], *, by: str, role: str
) -> tuple[ErasureProof, str]:
    """Take documents out for good; return the proof, and the exchange under which it is entered."""
    exchange = begin_removal(parts.register, documents, by=by, role=role)
    try:
        proof = _erased(parts, documents)
    except CorpusBusy:  # nothing was touched: who asks again decides
        _end_removal(parts.register, exchange, {"status": "not_done"}, by, role)
        raise
    enter_removal(parts.register, asdict(proof), exchange=exchange, by=by, role=role)
    return proof, exchange


def _end_removal(
    register: Register, exchange: str, payload: dict[str, JsonValue], by: str, role: str
) -> None:
    """Enter that a removal came to nothing."""
    record = AuditRecord(kind=Kind.ERASURE, exchange=exchange, actor=by, role=role, payload=payload)
    register.complete(record, public={"why": "document_not_done", "erases": []})


def _erased(parts: Parts, documents: Sequence[str]) -> ErasureProof:
    from corpus.erase import erase

    if (parts.folder.path / FILE).exists():  # their quotes are words of these documents
        parts.card_desk.forget(documents, by="", role="program")
    return erase(parts.store, parts.index, documents, parts.folder.path)


# -- what a person decides


def decide_audience(
    parts: Parts, document: StoredDocument, collection: str, *, by: str, role: str
) -> StoredDocument:
    """Put a document where a person says, and return it; CorpusBusy while documents are read."""
    payload: dict[str, JsonValue] = {
        "document": document.id,
        "audience": "agents" if collection == CORRESPONDENCE else "public",
        "collection": collection,
        "before": document.collection,
        "reads_as": document.audience,
    }
    record = AuditRecord(kind=Kind.SETTINGS, actor=by, role=role, payload=payload)
    with parts.register.changing(record, untouched=UNTOUCHED):
        return parts.sorting.decide(document.id, collection)


def decide_case(parts: Parts, case: Case, decision: Decision, *, by: str, role: str) -> bool:
    """Apply a decision on a document that waits: who, what, of which one (an opaque id), for which
    reasons; return whether its file must be read again. CorpusBusy while documents are read."""
    payload: dict[str, JsonValue] = {
        "document": case.document.id,
        "decision": decision.value,
        "before": case.decision.value if case.decision else "",
        "categories": categories_of(case),
    }
    record = AuditRecord(kind=Kind.QUARANTINE, actor=by, role=role, payload=payload)
    with parts.register.changing(record, untouched=UNTOUCHED):
        return parts.quarantine.decide(case.document.id, decision)


def categories_of(case: Case) -> dict[str, JsonValue]:
    """Return how often each category is a reason for a case to wait."""
    return dict(sorted(Counter(str(c.category) for c in case.concerns).items()))


def _audience_again(parts: Parts, said: Mapping[str, JsonValue]) -> bool:
    """Carry out where a document was to go: to close it, or if the corpus knows that it opens."""
    from corpus.sorting import decisions

    document, place = str(said.get("document")), str(said.get("collection"))
    if place != CORRESPONDENCE and decisions(parts.store).get(document) != place:
        return False
    if parts.store.document(document) is None:
        return False
    parts.sorting.decide(document, place)
    return True


def _case_again(parts: Parts, said: Mapping[str, JsonValue]) -> bool:
    """Carry out a decision on a case: to close it, or if the corpus knows that it opens."""
    from corpus.quarantine import Decision, decisions

    document, word = str(said.get("document")), str(said.get("decision"))
    if "page" in said or parts.quarantine.case(document) is None:
        return False  # of a page only what stood out then was known; it stands in its list again
    if word == Decision.KEEP and decisions(parts.store).get(document) != word:
        return False
    parts.quarantine.decide(document, Decision(word))
    return True


DECIDED_AGAIN: Mapping[Kind, Callable[[Parts, Mapping[str, JsonValue]], bool]] = {
    Kind.SETTINGS: _audience_again,
    Kind.QUARANTINE: _case_again,
}


# -- what was cut short


def finish_operations(parts: Parts) -> None:
    """Finish what processes that died had begun; what is busy or out of reach waits."""
    finish = [partial(_finish, parts, begun) for begun in parts.register.unfinished()]
    if (parts.folder.path / FILE).exists():
        finish.append(partial(withdraw_last, parts.cards, parts.register))
    for one in finish:
        try:
            one()
        except RegisterError:
            raise
        except Exception as error:  # noqa: BLE001  # what cannot be finished today closes no register
            logger.warning("an operation waits for the next opening: %s", type(error).__name__)


def _finish(parts: Parts, begun: Entry) -> None:
    if begun.kind is Kind.ERASURE:
        documents = [str(one) for one in cast(list[JsonValue], begun.payload["documents"])]
        proof: dict[str, JsonValue] = asdict(_erased(parts, documents))
        # What was gone already left no trace to look for: the entry does not claim that it was.
        status = "finished_later" if proof["documents"] else "finished_unsearched"
        said = proof | {"documents": [*documents], "status": status}
        enter_removal(
            parts.register, said, exchange=begun.exchange, by=begun.actor, role=begun.role
        )
        return
    if changed_account(begun):
        return  # whoever opens the accounts next finishes it
    again = DECIDED_AGAIN.get(begun.kind)
    is_done = again is not None and again(parts, begun.payload)
    parts.register.end_unfinished(begun, "finished_later" if is_done else "interrupted")
