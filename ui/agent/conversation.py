# SPDX-License-Identifier: EUPL-1.2
"""The questions of one session, in its memory only, and which of them a new one follows.

    Conversation ─understood("Et le samedi ?")▶ "Quels sont les horaires de la piscine le samedi ?"
                                              │ several wordings, to be chosen from
                                              │ None: it stands alone

Only hidden forms are kept. A question that was refused for what it asked about a person is never
carried on. What was shown helps: names of one column are alike, and the cited passage's heading
says of what another article is one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.aligning import Embed
from assistant.answers import NO_QUESTION, Reason
from assistant.followups import Understood, understood
from corpus.documents import Passage
from corpus.errors import CorpusError
from corpus.french import flat
from corpus.structure import Items, Structure, Table
from guardrails.errors import GuardrailError
from guardrails.values import Kind, values
from ui.agent.services import AgentTools
from ui.agent.view import Phase, View

MAX_TURNS = 30
NAME_CHARS = 60
"""A longer cell says something: it names no place on an axis."""

NOT_CARRIED = frozenset({
    Reason.PERSONAL_DATA, Reason.INDIVIDUAL_VERDICT, Reason.GUARD_CLOSED, *NO_QUESTION,
})  # fmt: skip
CLOSED = frozenset({Phase.ANSWERED, Phase.REFUSED, Phase.STOPPED})


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was shown in this session, the oldest first."""

    turns: tuple[View, ...] = ()

    def followed(self, view: View) -> Conversation:
        """Return the conversation with one more screen, once it is closed and has a question."""
        if view.phase not in CLOSED or not view.question:
            return self
        kept = [turn for turn in self.turns if turn.record != view.record]
        return replace(self, turns=(*kept, view)[-MAX_TURNS:])

    def understood(self, question: str, embed: Embed | None = None) -> Understood | None:
        """Return what a question means after the one before, None if it stands alone."""
        last = next((turn for turn in reversed(self.turns) if _is_carried(turn)), None)
        if last is None:
            return None
        cited = _cited(last)
        alike = [names for passage in cited for names in axes(passage)]
        heading = next((passage.heading for passage in cited if passage.heading), "")
        return understood(question, last.question, embed=embed, alike=alike, heading=heading)

    def heard(self, question: str, tools: AgentTools) -> Understood | None:
        """Return what a question means, by the search's vectors too; without them where something
        in it would be hidden: an embedder is given hidden text alone."""
        found = self.understood(question)
        if found is None or tools.embedder is None or tools.guard is None:
            return found  # whether it leans at all, its words tell alone
        try:
            is_plain = not tools.guard.screen(question).findings
            return self.understood(question, tools.embedder().embed_query) if is_plain else found
        except (GuardrailError, CorpusError, OSError):
            return found


def axes(passage: Passage) -> Iterator[Sequence[str]]:
    """Yield the folded names that stand on one axis of a table, or in one list, of a passage."""
    page = passage.structure
    if page is None:
        return
    for part in page.parts(passage.start, passage.end):
        if isinstance(part, Table):
            first = [row.cells[0] for row in part.rows if row.cells and row.cells[0]]
            yield from map(_names, _alike_columns(page, part))
            yield _names([page.text[start:end] for start, end in filter(None, first)])
        elif isinstance(part, Items):
            yield _names([page.text[start:end] for start, end, _ in part.entries])


def _alike_columns(page: Structure, table: Table) -> Iterator[Sequence[str]]:
    """Yield the names of columns that say the same kind of thing: prices by school take each
    other's place, the income that they depend on takes none."""
    alike = defaultdict[Kind | None, list[str]](list)
    for at, name in enumerate(table.columns):
        cells = (row.cells[at] for row in table.rows if at < len(row.cells))
        told = (values(page.text[cell[0] : cell[1]]) for cell in cells if cell)
        kinds = Counter(found[0].kind for found in told if found)
        alike[kinds.most_common(1)[0][0] if kinds else None].append(name)
    yield from alike.values()


def _names(cells: Sequence[str]) -> list[str]:
    return [flat(cell) for cell in cells if cell.strip() and len(cell) <= NAME_CHARS]


def _cited(view: View) -> list[Passage]:
    """Return the passages that an answer quotes, or that a refusal leads to."""
    quoted = [*view.citations, *(lead.citation for lead in view.leads)]
    return [
        found.passage
        for found in view.evidence
        if any(
            (c.document, c.page) == (found.passage.document, found.passage.page)
            and found.passage.start <= c.start < found.passage.end
            for c in quoted
        )
    ]


def _is_carried(view: View) -> bool:
    return view.reason not in NOT_CARRIED
