# SPDX-License-Identifier: EUPL-1.2
"""What the town set, as it is in force: one value, never changed, replaced whole.

    greffier.toml, policy, synonyms, glossary ─InForce▶ guard, search, sheet, assistant
                                                ▲
        a page kept a change ─Parts.put_in_force─┘      a question keeps what it began with

Whatever reads a setting that may change asks `Parts.now` at the beginning of a piece of work, and
works with that value to its end. What is read at the start only (the model, addresses, accesses,
the register's periods) stays as it was until the next one: `waiting` names it.

As in `wiring.py`, imports hide in functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.policies import own_policies, policy_of
from assistant.sealing import lists_set
from assistant.settings import Settings
from corpus.folder import read_key
from guardrails.policy import Policy
from guardrails.rules import rules_hash

if TYPE_CHECKING:
    from assistant.answers import Lines, Step
    from assistant.evidence import Weigher
    from assistant.pipeline import Answering, Assistant
    from assistant.plain import Glossary, PlainLanguage
    from assistant.sheet.answers import TownSheet
    from assistant.wiring import Parts
    from corpus.documents import Retrieved
    from corpus.dropped import Dropped
    from corpus.french import Forms
    from corpus.ingest import DocumentGuard, Ingestion
    from corpus.long_texts import LongTexts
    from corpus.query import Wording
    from corpus.reading import OpenReading
    from corpus.seams import Embedder
    from corpus.search import Search
    from guardrails.findings import Screened
    from guardrails.guard import Guard

AT_ONCE = ("town", "roster", "known", "collections", "search", "watts")
"""The tables of `greffier.toml` that count as soon as a page has kept them."""


def exchanged(before: Settings, kept: Settings) -> Settings:
    """Return the settings in force once these are kept: what is read at the start stays."""
    return before.model_copy(update={name: getattr(kept, name) for name in AT_ONCE})


def waiting(now: InForce, kept: Settings) -> list[str]:
    """Return the names of the tables and lists that were kept and are not in force: what counts at
    the next start only, and what another program changed."""
    before, after = now.settings.model_dump(by_alias=True), kept.model_dump(by_alias=True)
    lists = lists_set(now.data)
    told = [name for name, value in after.items() if value != before[name]]
    named = sorted({*now.lists, *lists})
    return [*told, *(name for name in named if now.lists.get(name) != lists.get(name))]


class InForce:
    """All that follows from the town's settings and lists; each part is opened at its first use.

    `guard`: one that is open already, whose detectors are used under the rules of today.
    """

    def __init__(self, parts: Parts, settings: Settings, *, guard: Guard | None = None) -> None:
        self.settings = settings
        self._parts = parts
        self._opened = guard
        self.data = parts.folder.path
        self.lists = lists_set(self.data)

    def open(self) -> None:
        """Read and open now what a question needs, so that no later change is read by halves."""
        _ = self.rules, self.policy, self.glossary, self.long_texts, self.assistant

    @cached_property
    def policies(self) -> Path | None:
        return own_policies(self.data)

    @cached_property
    def policy(self) -> Policy:
        return policy_of(self.data)

    @cached_property
    def rules(self) -> str:
        """Name the rules in force: what was hidden under others is read again."""
        return rules_hash(self.settings.roster, self.policies, self.settings.public_facts)

    @cached_property
    def guard(self) -> Guard:
        if self._opened is None:
            return self._parts.open_guard(self.settings)
        return self._opened.under(
            roster=self.settings.roster, known=self.settings.public_facts, policies=self.policies
        )

    @cached_property
    def long_texts(self) -> LongTexts:
        """The same guard for a service, where long texts go to a process of their own."""
        from corpus.long_texts import LongTexts

        pool = self._parts.open_screening(self.settings, in_background=False)
        guard = LongTexts(self.guard, pool)
        self._parts.closing.callback(guard.close)
        return guard

    @cached_property
    def wording(self) -> Wording:
        from corpus.query import Wording

        return Wording(self._parts.store, self.data / "synonyms.toml")

    @cached_property
    def search(self) -> Search:
        from corpus.search import Search

        parts = self._parts
        return Search(parts.store, parts.index, parts.embedder, wording=self.wording)

    @cached_property
    def glossary(self) -> Glossary:
        from assistant.plain import Glossary

        return Glossary.read(self.data / "glossary.toml")

    @cached_property
    def plain(self) -> PlainLanguage:
        from assistant.plain import PlainLanguage

        return PlainLanguage(self.glossary)

    @cached_property
    def ingestion(self) -> Ingestion:
        from assistant.elsewhere import open_cluster
        from assistant.lazy import LazyEmbedder, LazyIndex
        from corpus.ingest import Ingestion

        parts, settings = self._parts, self.settings
        embedder: Embedder = LazyEmbedder(parts.embedder_name, lambda: parts.embedder)
        guard: DocumentGuard = parts.open_screening(settings)
        reading: dict[str, OpenReading] = {}
        if settings.index.cluster:
            spread = open_cluster(settings, self.policies, parts.embedder_file)
            embedder, guard = spread.embedder(embedder), spread.guard()
            reading = {"open_reading": spread.reading}
        return Ingestion(
            parts.store,
            LazyIndex(lambda: parts.index, holds=parts.holds_vectors),
            embedder,
            guard,
            key=read_key(parts.keys, "corpus"),
            rules=self.rules,
            policy=self.policy,
            **reading,
        )

    @cached_property
    def sheet(self) -> TownSheet:
        """What the town says of itself."""
        from assistant.sheet.answers import TownSheet
        from assistant.sheet.asked import AskedFacts
        from guardrails.register.events import set_since
        from guardrails.roster import read_offices

        town, parts = self.settings.town, self._parts
        return TownSheet(
            town=town,
            offices=read_offices(self.settings.roster),
            asked=AskedFacts(town, lambda: parts.sheet_reader),
            updated=set_since(parts.register, "town"),
            roster_updated=set_since(parts.register, "roster"),
        )

    @cached_property
    def weigher(self) -> Weigher:
        from assistant.evidence import Weigher

        return Weigher(self._parts.embedder, self.wording)

    def lines(self, question: Screened, found: Sequence[Retrieved]) -> Lines:
        """Return where the likeliest line of each passage stands, by its id."""
        from assistant.understanding.questions import understand

        return self.weigher.lines(self._parts.question_reader(understand(question)), found)

    def sought(self, question: Screened) -> Forms:
        """Return the words of a question as the search knows them."""
        return self.weigher.sought(question.text)

    @cached_property
    def assistant(self) -> Assistant:
        from assistant.listing import Lister
        from assistant.pipeline import Assistant

        parts = self._parts
        with ThreadPoolExecutor(max_workers=1) as beside:  # reading the weights leaves Python free
            model = beside.submit(lambda: parts.model)
            guard, search, read = self.guard, self.search, parts.question_reader
        return Assistant(
            guard=guard,
            read=read,
            search=search,
            weigher=self.weigher,
            lister=Lister(parts.store, self.wording),
            model=model.result(),
            register=parts.register,
            validated=parts.validated_answers,
            doubts=parts.validated_answers,
            near=parts.validated_answers.near,
            sheet=self.sheet,
            limits=parts.limits(self),
            calibration=parts.calibration,
            turns=parts.turns,
        )

    @cached_property
    def quoting(self) -> Assistant:
        """The assistant that quotes what is likeliest, and answers nothing."""
        return self.assistant.quoting()

    def assistant_with(self, dropped: Dropped, *, only: bool = False) -> Assistant:
        """The assistant that looks into dropped files too, or into them alone."""
        from assistant.listing import Lister
        from assistant.with_files import Town, with_files

        parts = self._parts
        lister = Lister(parts.store, self.wording)
        town = Town(store=parts.store, search=self.search, lister=lister)
        return with_files(self.assistant, dropped, town, parts.embedder, only=only)


class GuardInForce:
    """The guard of the moment, for screens that outlive a change of its rules."""

    def __init__(self, now: Callable[[], LongTexts]) -> None:
        self._now = now

    def screen(self, text: str, *, trust_placeholders: bool = False) -> Screened:
        return self._now().screen(text, trust_placeholders=trust_placeholders)

    def screen_documents(
        self, documents: Sequence[Sequence[str]], *, policy: str | None = None
    ) -> list[list[Screened]]:
        return self._now().screen_documents(documents, policy=policy)


class AsInForce:
    """The assistant of the moment at which each question is asked."""

    def __init__(self, now: Callable[[], Answering]) -> None:
        self._now = now

    @property
    def steps(self) -> Callable[..., Iterator[Step]]:
        """Ask the assistant in force now (`Answering`); no later change reaches this question."""
        return self._now().steps
