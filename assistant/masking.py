# SPDX-License-Identifier: EUPL-1.2
"""What is kept of documents, hidden again before stricter rules come into force.

    rules in force, rules to be ─hides_more▶ only more is shown: nothing to do
                                └▶ mask_again ─kept pages, names of files▶ ══sealed══▶ taken out

The text that is kept was hidden under the rules of its day: a name that leaves the roster still
stands in it. So it is screened under the rules to be, and what these hide and those in force show
is taken out, before anybody can believe it gone. Whoever fails here changes nothing else: the old
rules stay in force, and say so on their page. Documents that wait for a person's decision cannot
be changed; they are decided on first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import UserError
from corpus.filenames import hidden_name, readable_name
from corpus.quarantine import is_waiting
from guardrails.findings import Screened
from guardrails.register.records import AuditRecord, Kind

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.wiring import Parts
    from corpus.prepare import DocumentGuard
    from corpus.rows import StoredDocument
    from guardrails.policy import Policy

Spans = Mapping[int, list[tuple[int, int]]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What says which names and numbers stay in sight."""

    settings: Settings
    policy: Policy

    def hides_more_than(self, other: Rules) -> bool:
        """Whether anything that the others show may be hidden by these."""
        if {*other.settings.roster} - {*self.settings.roster}:
            return True
        if {*other.settings.public_facts} - {*self.settings.public_facts}:
            return True
        names = {"", *other.policy.collections, *self.policy.collections}
        pairs = [(other.policy.rules(name), self.policy.rules(name)) for name in names]
        return any(b.keep - a.keep or (b.officials and not a.officials) for b, a in pairs)


def mask_again(
    parts: Parts, guard: DocumentGuard, *, by: str, role: str, progress: Progress
) -> int:
    """Take out what `guard` hides and the guard in force shows; return in how many documents.

    Raises UserError, before anything is touched, if it stands in documents that wait for a
    decision; GuardrailError if one of them cannot be screened; CorpusBusy while documents are
    added. `by` is a pseudonym.
    """
    documents = parts.store.documents()
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
    texts = [*(text for _, text in pages), readable_name(document.file)]
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


def _more(after: Screened, before: Screened) -> list[tuple[int, int]]:
    known = {(finding.start, finding.end) for finding in before.findings}
    return sorted({(f.start, f.end) for f in after.findings} - known)
