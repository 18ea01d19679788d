# SPDX-License-Identifier: EUPL-1.2
"""Which adapter stands behind each seam: one line an adapter, in one place.

With `elsewhere.py` and `in_force.py` the only modules where imports hide in functions, so that
`--help` and the fast tests load no model library. Each opener opens what its command needs, no
more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.elsewhere import (
    open_index_server,
    open_model_servers,
    open_passages_database,
    open_register_database,
    open_tracing,
)
from assistant.errors import UserError
from assistant.in_force import AsInForce, GuardInForce, InForce, exchanged
from assistant.policies import own_policies
from assistant.sealing import lists_set
from assistant.settings import Settings
from corpus.folder import DataFolder, read_key
from corpus.rights import NO_FILTER
from corpus.vector_files import holds

if TYPE_CHECKING:
    from sqlite3 import Connection

    from assistant.answers import Lines, Outcome
    from assistant.calibration import Calibration
    from assistant.cards import CardDesk, CardStore
    from assistant.cards.nights import Nights
    from assistant.cards.proposing import Proposer
    from assistant.cards.serving import ValidatedAnswers
    from assistant.cards.themes import Theme
    from assistant.cards.unanswered import Group
    from assistant.moratorium import Moratorium
    from assistant.notices import Notices
    from assistant.pipeline import Answering, Assistant, Limits
    from assistant.plain import PlainLanguage
    from assistant.queue import Turns
    from assistant.readiness import Readiness
    from assistant.replying import LetterReader
    from assistant.seams import LanguageModel
    from assistant.sheet.answers import TownSheet
    from assistant.sheet.reading import Reader
    from assistant.tracing import Tracing
    from assistant.understanding.emergencies import Alarm, Emergencies
    from assistant.understanding.reading import QuestionReader
    from corpus.database_postgresql import PostgresqlDatabase
    from corpus.documents import Filters, Retrieved
    from corpus.dropped import Dropped
    from corpus.french import Forms
    from corpus.ingest import Ingestion
    from corpus.long_texts import LongTexts
    from corpus.passages import PassageStore
    from corpus.quarantine import Quarantine
    from corpus.query import Wording
    from corpus.screening import ScreeningPool
    from corpus.seams import Embedder
    from corpus.search import Search
    from corpus.sorting import Sorting
    from corpus.vectors import ChromaIndex, CollectionIndex
    from corpus.weights import Weights
    from guardrails.findings import Screened
    from guardrails.guard import Guard
    from guardrails.lastnet import LastNet
    from guardrails.register import Register


def switch_telemetry_off() -> None:
    """Tell every library that would like to dial out not to (list in docs/architecture.md)."""
    os.environ |= {
        "ANONYMIZED_TELEMETRY": "False",  # Chroma
        "CHROMA_OTEL_COLLECTION_ENDPOINT": "",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "ORT_DISABLE_TELEMETRY": "1",
        "RAY_USAGE_STATS_ENABLED": "0",
        "FASTAPI_OTEL_AUTO_CONFIGURE": "false",
    }


def is_model_path(name: str) -> bool:
    """Whether a model is named by its file, and not as in `greffier models list`."""
    return name.endswith(".gguf") or "/" in name


DOUBTFUL = "Réunion avec Rosier puis Marchal, salle Pons."
"""The guard loads its language model for such words: a service has it ready for who comes first."""


def hang_last_net() -> LastNet:
    """Screen every log line from now on; the light guard for it is loaded by the first one."""
    from guardrails.guard import open_quick_guard
    from guardrails.lastnet import LastNet

    net = LastNet(open_quick_guard)
    net.install()
    return net


def open_weights(settings: Settings, keys: Path | None = None) -> Weights:
    """The model files of this machine; what was checked of them is remembered with the keys."""
    from corpus.weights import Weights

    return Weights(shares=settings.shares, stamps=keys / "models.json" if keys else None)


def open_index(path: Path) -> ChromaIndex:
    """The vectors in a folder, made if they are not there."""
    from corpus.vectors import ChromaIndex

    return ChromaIndex(path)


def open_guard(settings: Settings, data: Path) -> Guard:
    """The whole guard, with the town's roster and its own policies."""
    from guardrails.guard import open_guard as open_default_guard

    hang_last_net()
    return open_default_guard(
        roster=settings.roster, known=settings.public_facts, policies=own_policies(data)
    )


def open_screening(
    settings: Settings, data: Path, *, in_background: bool = True, policies: Path | None = None
) -> ScreeningPool:
    """The same guard in processes of its own, which start at the first document; `policies`: a file
    that is not in force yet."""
    from corpus.screening import ScreeningPool

    return ScreeningPool(
        roster=settings.roster,
        known=settings.public_facts,
        policies=policies or own_policies(data),
        in_background=in_background,
    )


@dataclass
class Parts:
    """The parts of one data folder, each opened at its first use and closed at the end.

    `now` is what follows from the settings: `settings`, `guard`, `search`, `assistant` and the
    like are read from it, and `put_in_force` replaces it.
    """

    began: Settings
    """The settings at the start: what stays as long as these parts are open is read from them."""
    folder: DataFolder
    keys: Path
    closing: ExitStack
    is_service: bool = False
    now: InForce = field(init=False)

    def __post_init__(self) -> None:
        self.now = InForce(self, self.began)

    def put_in_force(self, kept: Settings) -> None:
        """Let what was kept count from the next question on, as far as it may without a restart."""
        after = InForce(self, exchanged(self.began, kept), guard=self.guard)
        after.open()
        self.now = after

    def keep_up(self, kept: Settings) -> None:
        """Let what another program kept count from now on, where nobody asks: parts are opened when
        they are used. Raise BadSettings, and nothing is changed, for a policy that is none."""
        settings, now = exchanged(self.began, kept), self.now
        if settings == now.settings and lists_set(self.folder.path) == now.lists:
            return
        after = InForce(self, settings)
        _ = after.rules, after.policy
        self.now = after

    @property
    def settings(self) -> Settings:
        return self.now.settings

    @property
    def guard(self) -> Guard:
        return self.now.guard

    @property
    def long_texts(self) -> LongTexts:
        return self.now.long_texts

    @property
    def rules(self) -> str:
        return self.now.rules

    @property
    def search(self) -> Search:
        return self.now.search

    @property
    def wording(self) -> Wording:
        return self.now.wording

    @property
    def plain(self) -> PlainLanguage:
        return self.now.plain

    @property
    def ingestion(self) -> Ingestion:
        return self.now.ingestion

    @property
    def sheet(self) -> TownSheet:
        return self.now.sheet

    @property
    def assistant(self) -> Assistant:
        return self.now.assistant

    @cached_property
    def answering(self) -> Answering:
        """The assistant for screens, which outlive a change of settings."""
        return AsInForce(lambda: self.now.assistant)

    @cached_property
    def guarding(self) -> GuardInForce:
        """The guard for screens, which outlive a change of its rules."""
        return GuardInForce(lambda: self.now.long_texts)

    def find(
        self, question: Screened, *, limit: int = 10, filters: Filters = NO_FILTER
    ) -> list[Retrieved]:
        """Search with the words in force at this moment."""
        return self.now.search(question, limit=limit, filters=filters)

    def lines(self, question: Screened, found: Sequence[Retrieved]) -> Lines:
        """Return where the likeliest line of each passage stands, by its id."""
        return self.now.lines(question, found)

    def sought(self, question: Screened) -> Forms:
        """Return the words of a question as the search knows them."""
        return self.now.sought(question)

    def assistant_with(self, dropped: Dropped, *, only: bool = False) -> Assistant:
        """The assistant that looks into dropped files too, or into them alone."""
        return self.now.assistant_with(dropped, only=only)

    def open_guard(self, settings: Settings) -> Guard:
        """Open the whole guard; a service has it ready for who comes first."""
        guard = open_guard(settings, self.folder.path)
        if self.is_service:
            guard.screen(DOUBTFUL)
        return guard

    def open_screening(
        self, settings: Settings, *, in_background: bool = True, policies: Path | None = None
    ) -> ScreeningPool:
        """Open the same guard in processes of its own."""
        return open_screening(
            settings, self.folder.path, in_background=in_background, policies=policies
        )

    @cached_property
    def register(self) -> Register:
        from assistant.operations import finish_operations
        from assistant.sealing import enter_what_is_set, open_sealed

        kept = self.settings.register_
        register = open_sealed(
            kept,
            self.folder,
            self.keys,
            is_service=self.is_service,
            store=(lambda: open_register_database(kept)) if kept.database else None,
        )
        self.closing.enter_context(register)
        enter_what_is_set(register, self.settings, self.folder.path)
        self.__dict__["register"] = register  # what is finished now is entered in it
        finish_operations(self)
        return register

    @cached_property
    def store(self) -> PassageStore:
        from corpus.passages import PassageStore

        is_elsewhere = self.settings.index.database
        store = PassageStore(self.passages_database if is_elsewhere else self.folder.passages)
        self.closing.callback(store.close)
        self._sort(store)
        return store

    def _sort(self, store: PassageStore) -> None:
        """Tell whom the documents concern that an earlier version kept or another head told, before
        anybody asks; while somebody adds documents they are hidden, and sorted later."""
        from corpus.sorting import hide_what_is_told_otherwise, is_told_otherwise

        if not (is_told_otherwise(store) or store.unsorted()):
            return
        hide_what_is_told_otherwise(store)
        from assistant.lazy import LazyIndex
        from corpus.errors import CorpusBusy
        from corpus.sorting import sort_what_was_kept

        index = LazyIndex(lambda: self.index, holds=self.holds_vectors)
        with suppress(CorpusBusy), store.sole_writer():
            sort_what_was_kept(store, index)

    @cached_property
    def sorting(self) -> Sorting:
        from corpus.sorting import Sorting

        return Sorting(self.store, self.index)

    @cached_property
    def passages_database(self) -> PostgresqlDatabase:
        return open_passages_database(self.settings.index, self.folder)

    @contextmanager
    def passages_as_file(self) -> Iterator[Connection]:
        """A copy of passages that stand elsewhere; questions do not wait while it is made."""
        from corpus.moving import as_file

        with self.passages_database.apart() as reading, as_file(reading) as copied:
            yield copied

    @cached_property
    def index(self) -> CollectionIndex:
        address = self.settings.index.chroma
        index = (
            open_index_server(address, self.folder.id)
            if address
            else open_index(self.folder.vectors)
        )
        self.closing.callback(index.close)
        return index

    @cached_property
    def embedder(self) -> Embedder:
        from corpus.embedder import OnnxEmbedder

        return OnnxEmbedder(
            self.embedder_file,
            threads=self.settings.model.threads or len(os.sched_getaffinity(0)),
        )

    @property
    def embedder_name(self) -> str:
        """The embedder's name, known from its checked file before it is loaded."""
        return self.embedder_file.stem

    @cached_property
    def embedder_file(self) -> Path:
        from corpus.weights import DEFAULT_EMBEDDER

        return open_weights(self.settings, self.keys).path(DEFAULT_EMBEDDER)

    def holds_vectors(self, ids: Sequence[str]) -> bool:
        """Whether the vectors of these passages are there, without opening the index.

        Where it is open, it is asked itself: two SQLite libraries at
        one file undo each other's locks.
        """
        if "index" in self.__dict__ or self.settings.index.chroma:
            return len(self.index.vectors(ids)) == len(ids)
        return holds(self.folder.vectors, ids)

    @cached_property
    def quarantine(self) -> Quarantine:
        from assistant.lazy import LazyEmbedder, LazyIndex
        from corpus.quarantine import Quarantine

        return Quarantine(
            self.store,
            LazyIndex(lambda: self.index, holds=self.holds_vectors),
            LazyEmbedder(self.embedder_name, lambda: self.embedder),
            key=read_key(self.keys, "corpus"),
            changed=self._forget_lost_quotes,
        )

    def _forget_lost_quotes(self, document: str) -> None:
        """What a person took out of a page is taken out of the cards that quoted it."""
        from assistant.cards import FILE

        if (self.folder.path / FILE).exists():
            self.card_desk.forget_lost(document, by="", role="program")

    @cached_property
    def model(self) -> LanguageModel:
        from assistant.model.remote import RemoteModel
        from corpus.weights import DEFAULT_LANGUAGE_MODEL

        chosen = self.settings.model
        if chosen.servers:
            return open_model_servers(chosen, self.closing)
        name = chosen.name or DEFAULT_LANGUAGE_MODEL
        is_path = is_model_path(name)
        model = RemoteModel(
            self.model_file,
            context_tokens=chosen.context_tokens,
            threads=chosen.threads,
            gpu_layers=chosen.gpu_layers,
            learnt="" if is_path else name,
        )
        self.closing.callback(model.close)
        return model

    @property
    def model_file(self) -> Path:
        """The file of the language model; UserError where it is not there."""
        from corpus.weights import DEFAULT_LANGUAGE_MODEL

        name = self.settings.model.name or DEFAULT_LANGUAGE_MODEL
        if not is_model_path(name):
            return open_weights(self.settings, self.keys).path(name)
        if not Path(name).is_file():
            raise UserError("model_file_missing", name=name)
        return Path(name)

    def model_identity(self) -> str:
        """Return what tells the model in use from another that bears its name."""
        from assistant.calibration import identity_of_file, identity_of_server

        if self.settings.model.servers:
            return identity_of_server(self.model)
        return identity_of_file(self.model_file)

    @cached_property
    def calibration(self) -> Calibration | None:
        """How the model in use was calibrated; nothing where it was not, or is another by now."""
        from assistant.calibration import calibration_file, kept_calibration

        data, name = self.folder.path, self.model.name
        if not calibration_file(data, name).exists():
            return None
        return kept_calibration(data, name, self.model_identity())

    def borrow_models(self, other: Parts) -> None:
        """Use the models that other parts have open, and close."""
        self.__dict__ |= {
            "model": other.model,
            "embedder": other.embedder,
            "question_reader": other.question_reader,
        }

    def recognise_emergency(self, message: str) -> Alarm | None:
        """Return what a message that cannot wait is about; its model is opened at the first."""
        return self._emergencies(message)

    @cached_property
    def _emergencies(self) -> Emergencies:
        from assistant.understanding.emergencies import opened

        return opened(self.embedder)

    @cached_property
    def question_reader(self) -> QuestionReader:
        """What tells of a question what it is and what an answer must hold."""
        from assistant.understanding.reading import opened

        return opened(self.embedder)

    @cached_property
    def sheet_reader(self) -> Reader | None:
        """What reads questions to the town's sheet; nothing where none was taught the embedder."""
        from assistant.sheet.reading import NAME, opened
        from assistant.understanding.heads import file_of

        return opened(self.embedder) if file_of(NAME, self.embedder.name).exists() else None

    @cached_property
    def letters(self) -> LetterReader:
        from assistant.replying import Asks, LetterReader
        from corpus.readers.pool import ReadingPool

        asks = Asks(self.embedder)
        return LetterReader(
            guard=lambda: self.long_texts if self.is_service else self.guard,
            asks=asks,
            beside=asks.beside,
            open_reading=lambda: ReadingPool(1, in_background=False),
        )

    @property
    def _uses_graphics(self) -> bool:
        return self.settings.model.gpu_layers != 0 and getattr(self.model, "knows_graphics", False)

    @cached_property
    def readiness(self) -> Readiness:
        """What `/ready` says of the register, the model and the index."""
        from assistant.readiness import Readiness

        looks = {
            "register": self.register.check_writable,
            "model": getattr(self.model, "is_answering", lambda: True),
            "index": lambda: self.index.vectors(("",)),
        }
        return Readiness(looks)

    @cached_property
    def tracing(self) -> Tracing:
        return open_tracing(self.settings.service.traces, self.closing)

    @cached_property
    def moratorium(self) -> Moratorium:
        from assistant.moratorium import FILE, Moratorium

        return Moratorium(
            self.folder.path / FILE, lambda: {d.collection for d in self.store.documents()}
        )

    @cached_property
    def notices(self) -> Notices:
        from assistant.notices import FILE, Notices

        return Notices(self.folder.path / FILE, self.register.now)

    def said_closed(self, audience: str) -> str:
        """Return the town's sentence while nothing is answered: maintenance, or a suspension."""
        closing = self.notices.closing()
        return closing.text if closing and closing.text else self.moratorium.sentence(audience)

    @cached_property
    def cards(self) -> CardStore:
        from assistant.cards import FILE, CardStore

        store = CardStore(self.folder.path / FILE)
        self.closing.callback(store.close)
        return store

    @cached_property
    def card_desk(self) -> CardDesk:
        from assistant.cards import CardDesk, Maker

        register = self.register  # what a process that died left undone comes first
        return CardDesk(
            cards=self.cards,
            passages=self.store,
            maker=Maker(
                store=self.store,
                screen=lambda text: self.guard.screen(text),
                read=lambda question: self.question_reader(question),
            ),
            embedder=lambda: self.embedder,
            register=register,
            needs_second=self.settings.cards.second_agent,
        )

    @cached_property
    def validated_answers(self) -> ValidatedAnswers:
        from assistant.cards.nearest import NearestCards
        from assistant.cards.same import InDoubt, LearnedSame
        from assistant.cards.serving import ValidatedAnswers

        desk = self.card_desk
        return ValidatedAnswers(
            cards=self.cards,
            passages=self.store,
            nearest=NearestCards(self.cards, lambda: self.embedder),
            same=LearnedSame(self.embedder),
            limits=InDoubt.of(self.embedder.name),
            suspend=lambda card, why: desk.suspend(card, why=why, by="", role="program"),
        )

    @cached_property
    def proposer(self) -> Proposer:
        """Writes questions of lines, for somebody to validate."""
        from assistant.cards.card import PROGRAM, PROPOSALS
        from assistant.cards.proposing import MATTERS_EACH_NIGHT, Proposer
        from assistant.cards.same import LearnedSame
        from assistant.texts import Texts

        def ask(question: str, audience: str) -> Outcome:
            return self.assistant.ask(question, role=PROPOSALS, audience=audience)

        return Proposer(
            desk=self.card_desk,
            matters=lambda: self.unanswered("", PROGRAM, MATTERS_EACH_NIGHT),
            model=self.model,
            ask=ask,
            same=LearnedSame(self.embedder),
            embedder=self.embedder,
            rights=lambda: self.settings.rights,
            texts=Texts("fr"),
        )

    @cached_property
    def nights(self) -> Nights:
        from assistant.cards.nights import Nights

        chosen = self.settings.cards
        return Nights(
            lambda: self.proposer,
            self.cards.tried_in,
            most=chosen.proposals,
            hours=chosen.night_minutes,
        )

    def themes(self, by: str, role: str) -> list[Theme]:
        """Return what people asked in vain, month by month; who reads it is entered."""
        from assistant.cards.themes import themes
        from assistant.cards.unanswered import asked_in_vain

        embedder = self.embedder  # without it the register is not read
        return themes(asked_in_vain(self.register, by=by, role=role), embedder)

    def unanswered(self, by: str, role: str, most: int | None = None) -> list[Group]:
        """Return the matters that found no answer and that nobody worked through; who reads them
        is entered (`by`: a pseudonym). It is looked where to read for the first `most` of them."""
        from assistant.cards.card import asking_key
        from assistant.cards.unanswered import open_groups
        from guardrails.findings import Screened

        everything = self.settings.rights.filters("agent")
        settled = {asking_key(one.question) for one in self.cards.settled()}
        return open_groups(
            self.register,
            self.embedder,
            lambda question: self.search(Screened(question), limit=3, filters=everything),
            lambda question: (
                asking_key(question) in settled or self.validated_answers.knows(question)
            ),
            by=by,
            role=role,
            most=most,
        )

    @cached_property
    def turns(self) -> Turns:
        """The queue in which all wait, whatever is in force for each."""
        from assistant.pipeline import turns_of

        return turns_of(self.limits(self.now))

    def limits(self, now: InForce) -> Limits:
        """Return how questions are answered under what is in force."""
        from assistant.pipeline import Limits

        return Limits(
            passages=now.settings.search.passages,
            rules=now.rules,
            watts_per_core=now.settings.watts,
            rights=now.settings.rights,
            plain=now.plain,
            graphics=self._uses_graphics,
            moratorium=self.moratorium,
            is_closed=lambda: self.notices.closing() is not None,
            wait_seconds=now.settings.service.wait_seconds,
            waiting_each=now.settings.service.waiting_each,
            places=now.settings.model.places,
            tracing=self.tracing,
        )


@contextmanager
def open_parts(
    data: Path, keys_base: Path, settings: Settings, *, is_service: bool = False
) -> Iterator[Parts]:
    """Open a data folder; what was opened of it is closed in the end."""
    switch_telemetry_off()
    folder = DataFolder.open(data)
    with ExitStack() as closing:
        closing.callback(hang_last_net().remove)
        yield Parts(settings, folder, folder.keys(keys_base), closing, is_service)
