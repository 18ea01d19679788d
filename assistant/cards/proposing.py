# SPDX-License-Identifier: EUPL-1.2
"""Proposals: questions that the model writes of lines, and that the pipeline answers from them.

    unanswered matters' nearest lines ┐
    lines that tell hours, prices, …  ┴▶ the model writes a question ─▶ asked as anybody asks
        ─answered from that very line?▶ a copy of a card? ─▶ Card(proposed) ══sealed══▶ kept

No word of the model is kept but the question; the quotes that answered are the answer. A person
reads both before anybody is answered so. What was tried is noted: whoever goes on begins there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from assistant.answers import Answer, Citation, Outcome, Reason, Refusal
from assistant.cards.card import MOST_QUOTES, MOST_WORDINGS, PROGRAM, Card, State, asking_key
from assistant.cards.desk import CardDesk
from assistant.cards.making import Draft, GivenQuote, Refused
from assistant.cards.same import Same
from assistant.cards.telling import Told, heading, is_open, spans, told_lines
from assistant.cards.unanswered import TOGETHER, Group
from assistant.leaving import Gone, stop_if_gone, watched
from assistant.seams import LanguageModel, Prompt
from assistant.texts import Texts
from corpus.passages import StoredDocument
from corpus.rights import Rights
from corpus.seams import Embedder
from guardrails.placeholders import PLACEHOLDER
from guardrails.values import Kind, values

MOST_TOKENS = 48
FEWEST_WORDS, MOST_CHARS = 3, 200
LINES_EACH = 2
"""How many of the lines that are nearest a matter are tried."""

MATTERS_EACH_NIGHT = 20
"""For how many unanswered matters it is looked where to read: those asked most."""

NEAREST = 8
"""How many cards a proposal is compared with."""

ANSWERS = frozenset({Kind.AMOUNT, Kind.HOUR})
"""What a question that holds it all gives away."""

NOT_NOW = frozenset({Reason.SUSPENDED, Reason.GUARD_CLOSED, Reason.BUSY, Reason.BUSY_OWN})
"""Refusals that say nothing of a line."""

Ask = Callable[[str, str], Outcome]
"""Asks the pipeline a question for an audience, as nobody's."""


class What(StrEnum):
    """What became of a line."""

    KEPT = "kept"
    MERGED = "merged"  # another wording of a proposal
    KNOWN = "known"  # a card answers it, or somebody left it
    UNWRITTEN = "unwritten"  # the model wrote no question that stands
    ELSEWHERE = "elsewhere"  # the pipeline did not answer from that line
    REFUSED = "refused"  # nobody could validate it


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A line, what became of it, and the card that is kept of it (empty for none)."""

    told: Told
    what: What
    card: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposer:
    """Proposes cards. `matters` gives what found no answer, `rights` what residents may read."""

    desk: CardDesk
    matters: Callable[[], Sequence[Group]]
    model: LanguageModel
    ask: Ask
    same: Same
    embedder: Embedder
    rights: Callable[[], Rights]
    texts: Texts

    def __call__(
        self, limit: int, *, night: str, gone: Callable[[], bool] = lambda: False
    ) -> Iterator[Tried]:
        """Try so many lines, one at a time; end as soon as somebody else asks (`gone`). `night`
        (ISO day) is noted beside each. Raise ModelFailed."""
        lines = self._lines()
        for _ in range(limit):
            try:
                with watched(gone):
                    stop_if_gone()
                    found = next(lines, None)
                    tried = self._tried(*found) if found else None
            except Gone:
                return
            if tried is None:
                return
            told = tried.told
            self.desk.cards.note_tried(
                told.document.id, told.document.content, (told.page, told.start), night
            )
            yield tried

    # -- which lines

    def _lines(self) -> Iterator[tuple[Told, Group | None]]:
        """Yield the lines that are nearest what people asked in vain, then those that tell."""
        for group in self.matters():
            for told in self._near(group):
                yield told, group
        for told in told_lines(self.desk.passages, self._is_public, self._known):
            yield told, None

    def _known(self, document: StoredDocument) -> set[tuple[int, int]]:
        return self.desk.cards.tried(document.id, document.content)

    def _is_public(self, document: StoredDocument) -> bool:
        return self.rights().sees("senior", document.collection)

    def _near(self, group: Group) -> list[Told]:
        """Return the lines of the nearest passages that are nearest a matter, not yet tried."""
        store, found = self.desk.passages, list[Told]()
        for one in group.nearest:
            document = store.document(one.passage.document)
            structure = store.structure(one.passage.document, one.passage.page)
            if document is None or structure is None or not is_open(store, document):
                continue
            known = self._known(document)
            found += [
                Told(document=document, page=one.passage.page, start=start, end=end,
                     words=structure.said(start, end), heading=heading(document, structure, start))
                for line in structure.lines
                for start, end in spans(structure, line)
                if one.passage.start <= start < one.passage.end
                and (one.passage.page, start) not in known
                and len(structure.text[start:end].split()) >= FEWEST_WORDS
                and not PLACEHOLDER.search(structure.text[start:end])
            ]  # fmt: skip
        if not found:
            return []
        asked = self.embedder.embed_query(group.matter)
        vectors = self.embedder.embed_passages([f"{one.heading}\n{one.words}" for one in found])
        return [found[place] for place in np.argsort(-(vectors @ asked))[:LINES_EACH]]

    # -- one line

    def _tried(self, told: Told, group: Group | None) -> Tried:
        question = self._written(told)
        if not question:
            return Tried(told=told, what=What.UNWRITTEN)
        is_public = self._is_public(told.document)
        outcome = self.ask(question, "senior" if is_public else "agent")
        if isinstance(outcome, Refusal) and outcome.reason in NOT_NOW:
            raise Gone  # it says nothing of the line: another night
        quotes = answered_from(outcome, told)
        if not quotes:
            return Tried(told=told, what=What.ELSEWHERE)
        draft = Draft(
            question=question, quotes=tuple(quotes), audience="" if is_public else "agent"
        )
        vector = self.embedder.embed_query(question)
        likely = told.tells.likely if told.tells else 0.0
        if group and float(vector @ self.embedder.embed_query(group.matter)) >= TOGETHER:
            asked = (one for one in group.questions if not PLACEHOLDER.search(one))
            draft = replace(draft, wordings=tuple(asked)[: MOST_WORDINGS // 2])
            likely = float(group.count)
        try:
            card = self.desk.maker(draft, state=State.PROPOSED, by="", role=PROGRAM)
        except Refused:
            return Tried(told=told, what=What.REFUSED)
        card = replace(card, likely=likely)
        copied = self._copied(card)
        if copied is None:
            self.desk.propose(card)
            return Tried(told=told, what=What.KEPT, card=card.id)
        if not copied.is_program_s:
            return Tried(told=told, what=What.KNOWN)
        self.desk.propose(with_askings(copied, card))
        return Tried(told=told, what=What.MERGED, card=copied.id)

    def _written(self, told: Told) -> str:
        """Return the question that the model writes of a line, empty where it does not stand."""
        prompt = Prompt(
            system=self.texts("prompt", "propose_system"),
            user=self.texts("prompt", "propose", heading=told.heading, line=told.words),
        )
        written = "".join(self.model.write(prompt, max_tokens=MOST_TOKENS, stop="\n"))
        question = written.strip().strip('«»"“” ').strip()
        return question if stands(question, told.words) else ""

    def _copied(self, card: Card) -> Card | None:
        """Return the card, of the same readers, that a proposal says again."""
        rows = self.desk.cards.questions(tuple(State))
        if not rows:
            return None
        vectors = np.frombuffer(b"".join(v for *_, v in rows), np.float32).reshape(len(rows), -1)
        cosines = vectors @ self.embedder.embed_query(card.question)
        near = np.argsort(-cosines)[:NEAREST]
        by_id = {rows[place][0]: float(cosines[place]) for place in near}
        asked_so = [one.id for one in self.desk.cards.asked_as(card.keys)]
        for other in self.desk.cards.cards([*dict.fromkeys([*asked_so, *by_id])]):
            if other.audience != card.audience:
                continue  # what some may read is no wording of what all may read
            said = [other.answer, *(quote.quote for quote in other.quotes)]
            is_near = by_id.get(other.id, 0.0) >= TOGETHER and rest_together(card, other)
            sure = self.same(card.question, other.question, said) >= self.same.threshold
            if is_near or sure or card.keys & other.keys:
                return other
        return None


def stands(question: str, line: str) -> bool:
    """Whether what the model wrote is a question, and leaves its answer to the line.

    >>> stands("Combien coûte le repas ?", "Le repas coûte 4,20 €.")
    True
    >>> stands("Le repas coûte-t-il 4,20 € ?", "Le repas coûte 4,20 €.")
    False
    >>> stands("Le repas coûte 4,20 €.", "Le repas coûte 4,20 €.")
    False
    """
    if not question.endswith("?") or len(question) > MOST_CHARS or PLACEHOLDER.search(question):
        return False
    if len(question.split()) <= FEWEST_WORDS or "?" in question[:-1]:
        return False
    told = [one for one in values(line) if one.kind in ANSWERS]
    return not any(one in told for one in values(question) if one.kind in ANSWERS)


def answered_from(outcome: Outcome, told: Told) -> list[GivenQuote]:
    """Return the quotes of an answer that rests on a line, and on its document alone."""
    if not isinstance(outcome, Answer) or not outcome.citations:
        return []
    document = told.document
    if any(citation.document != document.id for citation in outcome.citations):
        return []
    if not any(_is_on(citation, told) for citation in outcome.citations):
        return []
    cited = {(c.page, c.start, c.end): c for c in outcome.citations}
    return [
        GivenQuote(file=c.file, page=c.page, quote=c.quote) for c in [*cited.values()][:MOST_QUOTES]
    ]


def _is_on(citation: Citation, told: Told) -> bool:
    return citation.page == told.page and citation.start < told.end and told.start < citation.end


def rest_together(one: Card, other: Card) -> bool:
    """Whether two cards quote the same words of a page."""
    mine, theirs = (
        {(quote.document, quote.page, asking_key(quote.quote)) for quote in card.quotes}
        for card in (one, other)
    )
    return bool(mine & theirs)


def with_askings(kept: Card, copy: Card) -> Card:
    """Return a proposal that is asked in the words of its copy too."""
    fresh = [text for text in copy.askings if asking_key(text) not in kept.keys]
    wordings = (*kept.wordings, *fresh)[:MOST_WORDINGS]
    return replace(kept, wordings=wordings, likely=max(kept.likely, copy.likely))


def counted(tried: Sequence[Tried]) -> dict[What, int]:
    """Return how many lines came to what."""
    found = Counter(one.what for one in tried)
    return {what: found[what] for what in What}
