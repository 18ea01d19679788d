# SPDX-License-Identifier: EUPL-1.2
"""What is kept of documents, hidden again before stricter rules come into force.

    rules in force, rules to be ─touched▶ documents, if any
    documents ─mask_again: kept pages, names of files▶ ══sealed══▶ taken out

The text that is kept was hidden under the rules of its day: a name that leaves the roster still
stands in it. So it is screened under the rules to be, and what these hide and those in force show
is taken out, before anybody can believe it gone. Whoever fails here changes nothing else: the old
rules stay in force, and say so on their page. Documents that wait for a person's decision cannot
be changed; they are decided on first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import UserError
from corpus.filenames import hidden_name, readable_name
from corpus.quarantine import is_waiting
from guardrails.findings import Screened
from guardrails.placeholders import fold
from guardrails.register.records import AuditRecord, Kind

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.wiring import Parts
    from corpus.prepare import DocumentGuard
    from corpus.rows import StoredDocument
    from guardrails.policy import Policy

Spans = Mapping[int, list[tuple[int, int]]]
Progress = Callable[[int, int], None]
LEAST_DIGITS, LEAST_LETTERS = 4, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What says which names and numbers stay in sight."""

    settings: Settings
    policy: Policy

    def touched(self, other: Rules, parts: Parts) -> list[StoredDocument]:
        """Return the documents in which these may hide what the others show: all, where a name left
        the roster or a collection may show less; those that hold it, where a public name or
        contact did."""
        gone = {*other.settings.public_facts} - {*self.settings.public_facts}
        is_stricter = bool({*other.settings.roster} - {*self.settings.roster})
        names = {"", *other.policy.collections, *self.policy.collections}
        pairs = [(other.policy.rules(name), self.policy.rules(name)) for name in names]
        if is_stricter or any(
            b.keep - a.keep or (b.officials and not a.officials) for b, a in pairs
        ):
            return parts.store.documents()
        return [
            document
            for document in parts.store.documents() if gone
            if any(_may_hold(text, gone) for _, text in _texts(parts, document))
        ]  # fmt: skip


def mask_again(
    parts: Parts,
    documents: Sequence[StoredDocument],
    guard: DocumentGuard,
    *,
    by: str,
    role: str,
    progress: Progress,
) -> int:
    """Take out of documents what `guard` hides and the guard in force shows; return of how many.

    Raises UserError, before anything is touched, if it stands in documents that wait for a
    decision; GuardrailError if one of them cannot be screened; CorpusBusy while documents are
    added. `by` is a pseudonym.
    """
    found: dict[str, tuple[Spans, str]] = {}
    waiting = 0
    for done, document in enumerate(documents):
        progress(done, len(documents))
        spans, name = _to_hide(parts, guard, document)
        if not spans and name == document.file:
            continue
        if is_waiting(document):
            waiting += 1
        found[document.id] = spans, name
    if waiting:
        raise UserError("masking_waits" if waiting > 1 else "masking_waits_one", count=waiting)
    for identifier, (spans, name) in found.items():
        for page in spans or {0: []}:
            parts.register.append(
                AuditRecord(
                    kind=Kind.QUARANTINE,
                    actor=by,
                    role=role,
                    payload={"document": identifier, "page": page, "decision": "hide"},
                )
            )
        parts.quarantine.withhold_all(identifier, spans, name=name)
    progress(len(documents), len(documents))
    return len(found)


def _to_hide(parts: Parts, guard: DocumentGuard, document: StoredDocument) -> tuple[Spans, str]:
    """Return what to take out of each page, and the name that the file may have."""
    pages, policy = parts.store.pages(document.id), document.declared
    texts = [text for _, text in _texts(parts, document)]
    (after,) = guard.screen_documents([texts], policy=policy)
    if not any(page.findings for page in after):
        return {}, document.file
    (before,) = parts.long_texts.screen_documents([texts], policy=policy)
    spans = {
        number: more
        for (number, _), new, old in zip(pages, after, before, strict=False)
        if (more := _more(new, old))
    }
    name = hidden_name(document.file, after[-1]) if _more(after[-1], before[-1]) else document.file
    return spans, name


def _texts(parts: Parts, document: StoredDocument) -> list[tuple[int, str]]:
    """Return the pages that are kept of a document, then its file's name in words."""
    return [*parts.store.pages(document.id), (0, readable_name(document.file))]


def _may_hold(text: str, facts: Iterable[str]) -> bool:
    """Whether a text may hold one of these, however it is spaced or accented.

    >>> _may_hold("Tél. 03.53.01.20.00", ["03 53 01 20 00"]), _may_hold("Tél. 15", ["Élan"])
    (True, False)
    """
    held, digits = fold(text), _digits(text)
    return any(
        (len(_digits(fact)) >= LEAST_DIGITS and _digits(fact) in digits)
        or any(word in held for word in fold(fact).split() if len(word) >= LEAST_LETTERS)
        for fact in facts
    )


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _more(after: Screened, before: Screened) -> list[tuple[int, int]]:
    known = {(finding.start, finding.end) for finding in before.findings}
    return sorted({(f.start, f.end) for f in after.findings} - known)
