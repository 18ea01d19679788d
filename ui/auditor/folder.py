# SPDX-License-Identifier: EUPL-1.2
"""The entries of one question, sorted by what they are, as somebody may see them.

Entry… (one exchange), whose pseudonyms ──Folder.of──▶ Folder
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from guardrails.register import Entry, Kind
from guardrails.register.ratings import Entered, rating_of, seen_by, to_rate
from ui.auditor.lines import OPINIONS
from ui.auditor.told import Record, records


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The entries of one question, by what they are. `remarks` are those of agents and of auditors
    that may be seen, `veiled` counts the others; `asked` is what there is to rate, `mine` how the
    person in front of it rated it last."""

    entries: tuple[Entry, ...]
    intent: Entry | None
    sentences: tuple[Entry, ...]
    outcome: Entry | None
    remarks: tuple[Entry, ...]
    veiled: int
    asked: tuple[Entry, ...]
    mine: Entered | None

    @classmethod
    def of(cls, entries: Sequence[Entry], own: Collection[str] = ()) -> Folder:
        """Sort the entries of an exchange; `own` are the pseudonyms of who sees them."""
        by_kind: dict[Kind, list[Entry]] = {}
        for entry in entries:
            by_kind.setdefault(entry.kind, []).append(entry)
        seen = seen_by(entries, own)
        mine = [rating for e in entries if e.actor in own and (rating := rating_of(e))]
        return cls(
            entries=tuple(entries),
            intent=next(iter(by_kind.get(Kind.INTENT, ())), None),
            sentences=tuple(by_kind.get(Kind.SENTENCE, ())),
            outcome=next(iter(by_kind.get(Kind.OUTCOME, ())), None),
            remarks=tuple(e for e in seen if e.kind in OPINIONS),
            veiled=len(entries) - len(seen),
            asked=to_rate(entries),
            mine=mine[-1] if mine else None,
        )

    @property
    def first(self) -> Entry:
        """The question, or the first entry where there is none."""
        return self.intent or self.entries[0]

    def citations(self) -> Iterator[Record]:
        """Yield the quotes of all sentences."""
        for sentence in self.sentences:
            yield from records(sentence.payload, "citations")
