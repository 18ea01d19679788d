# SPDX-License-Identifier: EUPL-1.2
"""A town of two documents and an assistant that follows a script: true stand-ins for the screens.

The scripted assistant yields the same values as the pipeline, in the same order; `pause` lets a
test hold it between two steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from assistant.answers import (
    Answer,
    Citation,
    Found,
    Lead,
    Reason,
    Refusal,
    Said,
    Sentence,
    Step,
)
from assistant.errors import BadQuestion
from corpus.act_rows import Standing, StoredAct
from corpus.acts import Act
from corpus.documents import Filters, Passage, Retrieved
from corpus.links import Link
from corpus.rights import NO_FILTER
from corpus.rows import StoredDocument
from corpus.structure import Structure
from guardrails.findings import Screened
from guardrails.special import Concern

CANTEEN = "a" * 64
MINUTES = "b" * 64

CANTEEN_PAGES = (
    "COMMUNE DE VALCLAIR\n\nDélibération n° 2025-31 du 3 juin 2025\n\n"
    "Objet : tarifs de la restauration scolaire\n\nLe conseil municipal décide :",
    "Article 1er. – Le repas est facturé 3,40 € pour un enfant de la commune. "
    "Il est facturé 5,10 € pour un enfant d'une autre commune.\n\n"
    "Article 2. – La demande de [PERSONNE_1] est transmise au service de l'enfance.\n\n"
    "Article 3. – Les tarifs s'appliquent à partir du 1er septembre 2025.",
)
MINUTES_PAGES = (
    "Procès-verbal de la séance du 3 juin 2025.\n"
    "Voir <img src=x onerror=alert(1)> et [ici](http://exemple.invalid), "
    "![](http://exemple.invalid/p.png), $\\frac{1}{2}$, ${alert(1)}, {{value}}.",
)


class MemoryPages:
    """The documents of the town, as the corpus would give them."""

    def __init__(self, texts: Mapping[str, Sequence[str]], acts: Mapping[str, Act]) -> None:
        self._texts = dict(texts)
        self._acts = dict(acts)
        self._files = dict(FILES)
        self.known_acts: list[StoredAct] = []
        self.known_standings: list[Standing] = []
        self.known_links: list[tuple[str, int, Link]] = []
        self.states: dict[str, str] = {}
        self.needs: dict[str, str] = {}
        self.collections: dict[str, str] = {}

    def add(self, document: str, pages: Sequence[str], act: Act, file: str) -> None:
        self._texts[document], self._acts[document], self._files[document] = pages, act, file

    def documents(self) -> list[StoredDocument]:
        return [self._stored(document) for document in self._texts]

    def document(self, document: str) -> StoredDocument | None:
        return self._stored(document) if document in self._texts else None

    def documents_of(self, documents: Iterable[str]) -> list[StoredDocument]:
        return [self._stored(document) for document in documents if document in self._texts]

    def page(self, document: str, number: int) -> str | None:
        pages = self._texts.get(document, ())
        return pages[number - 1] if 0 < number <= len(pages) else None

    def pages(self, document: str) -> list[tuple[int, str]]:
        return list(enumerate(self._texts.get(document, ()), start=1))

    def structure(self, document: str, page: int) -> Structure | None:
        text = self.page(document, page)
        return None if text is None else Structure.of(text)

    def concerns(self, document: str) -> tuple[Concern, ...]:
        return ()

    def acts(self, conditions: str = "1", values: Sequence[object] = ()) -> list[StoredAct]:
        """The acts of one document: the only condition that the screens ask for."""
        assert conditions == "a.document = ?"
        return [act for act in self.known_acts if act.document == values[0]]

    def standings(self) -> list[Standing]:
        return self.known_standings

    def generation(self) -> tuple[int, int]:
        held = (self._texts, self.known_standings, self.collections, self.needs)
        return hash(repr(held)), 0

    def links(self) -> list[tuple[str, int, Link]]:
        return self.known_links

    def state(self, name: str) -> str:
        return self.states.get(name, "")

    def set_state(self, name: str, value: str) -> None:
        self.states[name] = value

    def _stored(self, document: str) -> StoredDocument:
        return StoredDocument(
            id=document,
            file=self._files[document],
            collection=self.collections.get(document, "public"),
            needs=self.needs.get(document, ""),
            media_type="application/pdf",
            page_count=len(self._texts[document]),
            act=self._acts[document],
            recipe="1",
            added="2026-03-02T09:00:00+00:00",
        )


FILES = {
    CANTEEN: "deliberations/2025-31_restauration-scolaire.pdf",
    MINUTES: "proces-verbaux/seance_du_3_juin.txt",
}


def town() -> MemoryPages:
    """Two documents: one says a title, the other only has a file name."""
    act = Act(
        kind="délibération",
        number="2025-31",
        date="2025-06-03",
        object="Tarifs de la restauration scolaire",
    )
    return MemoryPages(
        {CANTEEN: CANTEEN_PAGES, MINUTES: MINUTES_PAGES}, {CANTEEN: act, MINUTES: Act()}
    )


def no_town() -> MemoryPages:
    """A town that has not added a document yet."""
    return MemoryPages({}, {})


def retrieved(document: str, page: int, text: str, whole: Sequence[str]) -> Retrieved:
    """A passage of a page, found."""
    start = whole[page - 1].index(text)
    passage = Passage(
        id=f"{document[:4]}-{page}",
        document=document,
        file=FILES[document],
        page=page,
        ordinal=0,
        collection="public",
        heading="",
        text=Screened(text),
        start=start,
        end=start + len(text),
    )
    return Retrieved(passage=passage, score=0.9)


EVIDENCE = (
    retrieved(CANTEEN, 2, CANTEEN_PAGES[1], CANTEEN_PAGES),
    retrieved(MINUTES, 1, MINUTES_PAGES[0], MINUTES_PAGES),
)


def citation(number: int, quote: str) -> Citation:
    """A sentence of the canteen's act."""
    start = CANTEEN_PAGES[1].index(quote)
    return Citation(
        number=number,
        document=CANTEEN,
        file=FILES[CANTEEN],
        page=2,
        quote=quote,
        start=start,
        end=start + len(quote),
    )


FIRST = citation(1, "Le repas est facturé 3,40 € pour un enfant de la commune.")
SECOND = citation(2, "Les tarifs s'appliquent à partir du 1er septembre 2025.")
SENTENCES = (
    Sentence(text="Le repas coûte 3,40 € pour un enfant de la commune.", citations=(1,)),
    Sentence(text="Ce tarif s'applique depuis le 1er septembre 2025.", citations=(2,)),
)
RECORD = "7f3a92c1"


def found(question: str) -> Found:
    return Found(question=question, evidence=EVIDENCE, record=RECORD)


def answering(question: str) -> list[Step]:
    """The steps of a question that the documents answer."""
    return [
        found(question),
        Said(sentence=SENTENCES[0], citations=(FIRST,)),
        Said(sentence=SENTENCES[1], citations=(SECOND,)),
        Answer(
            sentences=SENTENCES,
            citations=(FIRST, SECOND),
            record=RECORD,
            seconds=6.42,
            energy_wh=0.0531,
        ),
    ]


LEAD = Lead(citation=FIRST, under=("Restauration scolaire › Article 1er",), score=0.62)


def refusing(
    question: str, reason: Reason = Reason.NOT_ANSWERED, leads: tuple[Lead, ...] = ()
) -> list[Step]:
    """The steps of a question that is refused."""
    refusal = Refusal(
        reason=reason, nearest=EVIDENCE[:1], record=RECORD, seconds=2.1, energy_wh=0.02, leads=leads
    )
    return [found(question), refusal]


class ScriptedAssistant:
    """Follows a script a question; `script` turns the question into steps or raises."""

    def __init__(
        self,
        script: Callable[[str], Sequence[Step]],
        pause: Callable[[Step], object] = lambda step: None,
    ) -> None:
        self._script = script
        self._pause = pause
        self.asked: list[str] = []
        self.filters: list[Filters] = []
        self.left = 0

    def steps(
        self,
        question: str,
        *,
        actor: str = "",
        role: str = "agent",
        audience: str = "agent",
        filters: Filters = NO_FILTER,
        language: str = "",
    ) -> Iterator[Step]:
        if not question.strip():
            raise BadQuestion("empty_question")
        self.asked.append(question)
        self.filters.append(filters)
        try:
            for step in self._script(question):
                self._pause(step)
                yield step
        finally:
            self.left += 1
