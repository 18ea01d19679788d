# SPDX-License-Identifier: EUPL-1.2
"""What the agents' pages need, opened elsewhere and handed over: seams of a few methods each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from anyio import CapacityLimiter

from assistant.answers import Lines
from assistant.cards import CardDesk
from assistant.cards.unanswered import Group
from assistant.following import Understood, by_rules
from assistant.pipeline import Answering
from assistant.replying import LetterReader
from assistant.settings import Settings
from assistant.texts import Texts
from assistant.understanding.reading import ReadMatter
from corpus.act_rows import StoredAct
from corpus.documents import Filters, Retrieved, is_dropped
from corpus.dropped import Dropped
from corpus.errors import CorpusError
from corpus.french import Forms
from corpus.links import Link
from corpus.long_texts import Guarding
from corpus.originals import Originals
from corpus.quarantine import is_waiting
from corpus.readers.pool import FileReading, ReadingPool
from corpus.rows import StoredDocument
from corpus.seams import Embedder
from guardrails.errors import GuardrailError
from guardrails.findings import Screened
from guardrails.register import Register
from ui.access.person import Person
from ui.agent.held import HeldFiles
from ui.agent.own import OwnQuestions
from ui.agent.shelf import Shelf
from ui.agent.view import View
from ui.agent.words import Words
from ui.live import Live
from ui.relay import Relay
from ui.searches import Searches
from ui.source import Pages

MASKINGS_AT_ONCE = 2
SEARCHES_AT_ONCE = 2


class Corpus(Pages, Protocol):
    """What the pages of documents need of the corpus."""

    def acts(self, conditions: str = "1", values: Sequence[object] = ()) -> list[StoredAct]: ...

    def links(self) -> list[tuple[str, int, Link]]: ...

    def state(self, name: str) -> str: ...

    def set_state(self, name: str, value: str) -> None: ...


class Pointing(Protocol):
    """Says where the likeliest line of passages stands: `Weigher.lines` of a question."""

    def __call__(self, question: Screened, found: Sequence[Retrieved]) -> Lines: ...


def no_lines(question: Screened, found: Sequence[Retrieved]) -> Lines:
    """Know none: passages are shown from their beginning."""
    return {}


def no_words(question: Screened) -> Forms:
    """Know none: no word is marked."""
    return frozenset()


class Finding(Protocol):
    """Finds passages: `corpus.search.Search`."""

    def __call__(
        self, question: Screened, *, limit: int = 10, filters: Filters = ...
    ) -> list[Retrieved]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTools:
    """What validated answers need. `groups` reads the questions without an answer, in the name of
    somebody (a pseudonym) in a role."""

    desk: CardDesk
    groups: Callable[[str, str], Sequence[Group]]

    def to_review(self) -> int:
        """Return how many cards somebody is to look at again."""
        return self.desk.cards.to_review()

    def who(self, person: Person) -> str:
        """Return what stands for somebody in the register and on their cards."""
        return self.desk.register.pseudonym(person.name)

    def known_as(self, person: Person) -> list[str]:
        """Return what stood for somebody in the months that are still known."""
        return self.desk.register.keyring.pseudonyms(person.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTools:
    """What the pages besides the question need. Without a register nobody's opinion is asked and
    no original is shown; without a guard nothing is hidden, so nothing is taken in, without
    `letters` no letter is read, without cards nothing is validated, and without `own` nobody finds
    their questions again. `suspended` gives the
    town's own sentence while answers are suspended. `maskings`: how many may be under way at once,
    each of which may take a processor and what a large document unfolds to."""

    register: Register | None = None
    guard: Guarding | None = None
    search: Finding | None = None
    lines: Pointing = no_lines
    sought: Callable[[Screened], Forms] = no_words
    """The words of a question or a search as the search knows them, to be marked where found."""

    quoting: Callable[[], Answering] | None = None
    """What quotes the likeliest lines to a question that was refused, and answers nothing."""

    letters: LetterReader | None = None
    originals: Originals | None = None
    cards: CardTools | None = None
    own: OwnQuestions | None = None
    open_reading: Callable[[], AbstractContextManager[FileReading]] = lambda: ReadingPool(
        1, in_background=False
    )
    suspended: Callable[[], str] = lambda: ""
    open_dropped: Callable[[], Dropped] | None = None
    embedder: Callable[[], Embedder] | None = None
    following: Callable[[str, str], Understood | None] = by_rules
    """What a question means after the one before, both in their hidden form."""

    reads: ReadMatter = lambda question: question
    """What tells of a question what it is, in its hidden form."""

    looking: Callable[[Dropped, bool], Answering] | None = None
    """What answers from a dropped file, from it alone if told so; without it none is taken."""

    maskings: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(MASKINGS_AT_ONCE))
    searches: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(SEARCHES_AT_ONCE))
    """How many look for passages at once, without a question: whoever asks many at a time (a
    program) waits without a thread, and leaves the interpreter to the others."""


NO_TOOLS = AgentTools()


@dataclass(frozen=True, kw_only=True)
class AgentServices:
    """Everything that the agents' pages are made with."""

    assistant: Answering
    texts: Texts
    store: Corpus
    settings: Live[Settings] = Live()
    examples: Sequence[str] = ()
    tools: AgentTools = NO_TOOLS
    shelf: Shelf[View] = field(default_factory=Shelf)
    held: HeldFiles = field(default_factory=HeldFiles)
    searches: Searches = field(default_factory=Searches)
    """What was looked for and asked, by names that addresses may hold."""

    replies: Relay = field(default_factory=Relay)
    """Where the questions of letters and of dropped files are worked on, apart from the threads of
    the page and of the synchronous routes."""

    @property
    def words(self) -> Words:
        return Words(self.texts.language)

    def filters(self, person: Person, asked: Filters | None = None) -> Filters:
        """Return what was asked for, narrowed to what this person may see."""
        own = None if person.collections is None else frozenset(person.collections)
        asked = asked or Filters()
        if own is not None:
            wanted = asked.collections
            asked = Filters(
                collections=own if wanted is None else own & wanted,
                documents=asked.documents,
                kinds=asked.kinds,
                since=asked.since,
                until=asked.until,
            )
        return self.settings.rights.filters("agent", asked)

    def may_see(self, person: Person, document: StoredDocument) -> bool:
        """Whether this person may see the hidden version of a document."""
        allowed = self.filters(person).collections
        return allowed is None or document.collection in allowed

    def may_see_all(self, person: Person, view: View) -> bool:
        """Whether this person may see today what an answer quotes; a file that they dropped is
        theirs."""
        quoted = {
            one.document for one in (*view.citations, *(lead.citation for lead in view.leads))
        }
        found = [self.store.document(one) for one in quoted if not is_dropped(one)]
        return all(d and self.may_see(person, d) and not is_waiting(d) for d in found)

    def shown(self, person: Person, record: str) -> View | None:
        """Return what this person was just shown under a number, if they may see it today."""
        view = self.shelf.get(person.name, record)
        return view if view and self.may_see_all(person, view) else None

    def visible(self, person: Person, found: Iterable[str] | None = None) -> list[StoredDocument]:
        """Return the documents that this person is shown, of all or of those that were found: none
        of those that wait for somebody."""
        documents = self.store.documents() if found is None else self.store.documents_of(found)
        return [d for d in documents if self.may_see(person, d) and not is_waiting(d)]

    def may_see_original(self, person: Person, document: StoredDocument) -> bool:
        """Whether the town lets this person see its collection's documents as they are."""
        opened = self.settings.agent.originals_of
        return (
            self.tools.originals is not None
            and ("*" in opened or document.collection in opened)
            and self.may_see(person, document)
        )

    def sought(self, person: Person, search: str) -> Forms:
        """Return the words of what this person looked for or asked under a name; none of what is
        forgotten, or cannot be looked at."""
        words = self.searches.find(person.name, search) if search else ""
        if not words or self.tools.guard is None:
            return frozenset()
        try:
            return self.tools.sought(self.tools.guard.screen(words))
        except (GuardrailError, CorpusError, OSError):
            return frozenset()

    def collections(self, person: Person) -> list[str]:
        """Return the collections that this person may choose from."""
        return sorted({d.collection for d in self.store.documents() if self.may_see(person, d)})
