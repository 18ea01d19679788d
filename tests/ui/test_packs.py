# SPDX-License-Identifier: EUPL-1.2
"""Wherever a guide of a pack is quoted, its source and its dates stand beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

import pytest

from assistant.answers import Answer, Citation, Lead, Reason, Refusal, Retrieved
from assistant.refusals import refusal_words
from assistant.replying.draft import _source, file_in_words
from assistant.settings import Settings, Town
from assistant.texts import Language, Texts
from corpus.acts import Act
from corpus.packs import Pack
from corpus.rows import StoredDocument
from corpus.structure import Structure
from tests.ui.senior.conftest import TUESDAY
from tests.ui.town import EVIDENCE, FIRST, SECOND, SENTENCES, answering
from ui.agent import IDLE, View, after
from ui.agent.own import _citation
from ui.agent.taken import answer_content
from ui.agent.words import Words
from ui.api.answers import in_words, outcome
from ui.api.models import SearchReply
from ui.api.words import Words as ApiWords
from ui.export import as_text
from ui.mcp.tools import listed
from ui.reply import Reply
from ui.senior.card import Card
from ui.senior.frame import Frame
from ui.senior.look import Look
from ui.senior.pages import source
from ui.source import Shown, source_page

PACK = Pack(name="service-public", month="2026-11", updated="2026-03-03")
SAID: dict[Language, str] = {
    "fr": "service-public.fr, pack de novembre 2026 (fiche mise à jour le 3 mars 2026)",
    "en": "service-public.fr, pack of November 2026 (guide updated on 2026-03-03)",
}
QUOTE, OTHER = replace(FIRST, pack=PACK), SECOND
FOUND = tuple(replace(r, passage=replace(r.passage, pack=PACK)) for r in EVIDENCE)
GUIDE = StoredDocument(
    id="d", file="F1.xml", collection="pack:service-public", media_type="application/xml",
    page_count=1, act=Act(), recipe="", added="", pack=PACK,
)  # fmt: skip
PAGE = Structure.of("Le passeport coûte 86 euros.", ())


def title(document: str, file: str) -> str:
    return "Passeport"


def seen(*, found: tuple[Retrieved, ...] = ()) -> View:
    view = IDLE
    for step in answering("Combien coûte le repas ?"):
        view = after(view, step)
    return replace(view, citations=(QUOTE, OTHER), evidence=found, sentences=SENTENCES)


def led() -> View:
    view = seen()
    lead = Lead(citation=QUOTE, under=(), score=0.5)
    return replace(view, leads=(lead,), reason=Reason.NOT_ANSWERED, citations=(), sentences=(),
                   phase=type(view.phase).REFUSED)  # fmt: skip


def reply(view: View, texts: Texts) -> str:
    return "".join(Reply(texts, Town(), title).parted(view))


def card(view: View, texts: Texts) -> str:
    frame = Frame(Settings(), Look(language=texts.language), TUESDAY.date())
    return Card(frame, title, lambda view: ()).outcome(view)


def answered(*citations: Citation) -> Answer:
    return Answer(sentences=SENTENCES, citations=citations, record="r", seconds=0, energy_wh=0)


def programs(texts: Texts) -> str:
    end = outcome(answered(QUOTE, OTHER), "q", texts, Town())
    return in_words(end, texts, ApiWords(texts.language))


def tools(texts: Texts) -> str:
    from ui.api.answers import found

    passages = SearchReply(passages=[found(FOUND[0])])
    return listed(passages, ApiWords(texts.language), texts)


def simple_page(texts: Texts) -> str:
    frame = Frame(Settings(), Look(language=texts.language), TUESDAY.date())
    return source(frame, GUIDE, 1, PAGE, (0, 5))


PLACES: dict[str, Callable[[Texts], str]] = {
    "an answer": lambda texts: reply(seen(), texts),
    "a source": lambda texts: reply(replace(seen(found=FOUND[:1]), citations=()), texts),
    "a lead": lambda texts: reply(led(), texts),
    "the simple page": lambda texts: card(seen(), texts),
    "its lead": lambda texts: card(led(), texts),
    "a page of a source": lambda texts: source_page(texts, GUIDE, Shown(page=1, known=PAGE)),
    "that of the simple page": simple_page,
    "a file to take away": lambda texts: as_text(
        answer_content(seen(), texts, Words(texts.language), title)
    ),
    "a letter": lambda texts: _source(QUOTE, texts, file_in_words),
    "a client of OpenAI's": programs,
    "a tool of MCP": tools,
    "what a refusal tells": lambda texts: (
        refusal_words(Reason.FALSE_PREMISE, texts, Town(), (QUOTE,)).text
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_guide_is_quoted_with_its_source_and_its_dates_in_both_languages(place: str) -> None:
    for language, words in SAID.items():
        shown = PLACES[place](Texts(language)).replace("\u202f", " ").replace("\xa0", " ")
        assert words in shown, (language, shown)
        assert shown.count("service-public.fr, pack") == 1, shown  # and no other paper says it


def test_programs_are_given_the_pack_of_a_guide_and_none_of_another_paper() -> None:
    end = outcome(answered(QUOTE, OTHER), "q", Texts("fr"), Town())
    assert [one.pack and one.pack.model_dump() for one in end.citations] == [asdict(PACK), None]
    refusal = Refusal(
        reason=Reason.NOT_ANSWERED, nearest=FOUND[:1], record="r", seconds=0, energy_wh=0,
        leads=(Lead(citation=QUOTE, under=(), score=0.5),),
    )  # fmt: skip
    end = outcome(refusal, "q", Texts("fr"), Town())
    assert [one.pack and one.pack.month for one in (*end.nearest, *end.leads)] == ["2026-11"] * 2


def test_an_answer_of_last_month_keeps_the_date_that_it_had() -> None:
    for quote in (QUOTE, OTHER):
        assert _citation(asdict(quote)).pack == quote.pack
    before = {name: value for name, value in asdict(OTHER).items() if name != "pack"}
    assert _citation(before).pack is None  # entered before there were packs
