# SPDX-License-Identifier: EUPL-1.2
"""What comes of a question, as cards: whom to call at once, the answer or refusal, its source.

Asked.view ─▶ urgent numbers, the question as it was read, the answer, "where this is written"
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from itertools import islice
from urllib.parse import quote, urlencode

from assistant.answers import Reason
from assistant.pack.words import file_words, pack_words
from assistant.plain import Gloss
from assistant.refusals import UNSURE
from assistant.texts import Texts
from corpus.acts import date_in_words
from corpus.documents import Retrieved
from corpus.packs import Pack
from ui.agent import Phase, View
from ui.drawn import PageOf, Quoted, is_said, marked, no_page, quoted
from ui.reply import hidden_in, passage_title
from ui.senior.frame import Frame
from ui.senior.urgent import Urgent, Wording, wording
from ui.senior.words import RIGHT_TO_LEFT, typeset

SOURCES_SHOWN = 3
DRAWN = ' class="drawn"'
FRENCH = Texts("fr")

Title = Callable[[str, str], str]
"""How a document is called, from its id and its file."""
Opens = Callable[[str, int], bool]
"""Whether a page of a document, by its id and number, opens for who asks."""
Explain = Callable[[View], Sequence[Gloss]]
"""The hard words of an answer and of its quotes."""

WHY = {
    Reason.NO_EVIDENCE: "why_unknown",
    Reason.NOT_ANSWERED: "why_unknown",
    Reason.NOT_GROUNDED: "why_unknown",
    Reason.OFF_TOPIC: "why_off_topic",
    Reason.TALK: "why_talk",
    Reason.CONTRADICTION: "why_unsure",
    Reason.OUT_OF_DATE: "why_unsure",
    Reason.FALSE_PREMISE: "why_unsure",
    Reason.INDIVIDUAL_VERDICT: "why_your_case",
    Reason.PERSONAL_DATA: "why_private",
    Reason.GUARD_CLOSED: "why_closed",
    Reason.SUSPENDED: "why_suspended",
    Reason.BUSY: "why_busy",
    Reason.BUSY_OWN: "why_busy",
}
"""A refusal in simple words: a few are enough, a person says the rest."""


def pack_line(pack: Pack | None, language: str) -> str:
    """Return as HTML where a guide comes from and of when it is, in French where the page's
    language is neither; nothing for any other paper."""
    texts = Texts("en") if language == "en" else FRENCH
    words = typeset(pack_words(pack, texts))
    return f'<p class="pack" lang="{texts.language}" dir="ltr">{words}</p>' if pack else ""


class Card:
    """Lays out a question's outcome in a frame."""

    def __init__(
        self,
        frame: Frame,
        title: Title,
        explain: Explain,
        suspended: Callable[[], str] = str,
        page_of: PageOf = no_page,
        opens: Opens = lambda document, page: False,
    ) -> None:
        """`suspended` gives the town's own sentence while answers are suspended, `page_of` the page
        of a citation; `opens`: what is not for who asks is named without a link."""
        self._frame = frame
        self._say = frame.say
        self._title = title
        self._explain = explain
        self._suspended = suspended
        self._page_of = page_of
        self._opens = opens

    # -- in the order in which they leave

    def urgent(self, urgent: Sequence[Urgent]) -> str:
        """Return the numbers to call, before anything else; nothing for most questions."""
        return "".join(self._urgent(concern) for concern in urgent)

    def question(self, view: View) -> str:
        """Return the question as it is treated, and what was hidden in it."""
        if not view.question:
            return ""
        hidden = ""
        if view.hidden:
            hidden = (
                f'<p class="hidden-note">{self._say("hidden")} '
                f'<bdi lang="fr" dir="ltr">{hidden_in(view)}</bdi></p>'
            )
        return (
            f'<div class="question"><p>{self._say("you_asked")}</p>'
            f'<blockquote lang="fr" dir="auto">{marked(view.question)}</blockquote>{hidden}</div>'
        )

    def waiting(self, view: View) -> str:
        """Return what is said while the answer is prepared: the documents that are read."""
        titles = self._titles(view.evidence)
        read = "".join(f"<li>{title}</li>" for title in titles[:SOURCES_SHOWN])
        listed = f'<ul lang="fr" dir="ltr">{read}</ul>' if read else ""
        reading = f"<p>{self._say('reading')}</p>{listed}" if listed else ""
        return f'<div class="waiting"><p role="status">{self._say("waiting")}</p>{reading}</div>'

    def outcome(self, view: View) -> str:
        """Return the card of an answer, a refusal or a failure."""
        match view.phase:
            case Phase.ANSWERED:
                return self._answer(view)
            case Phase.REFUSED:
                return self._refusal(view)
            case Phase.STOPPED:
                return self._left()
            case _:
                return self._failure("interrupted" if view.is_interrupted else "failed")

    def title(self, view: View) -> str:
        """Return what the screen is called once it is known."""
        if view.phase is Phase.ANSWERED:
            return self._say("answer")
        return self._say("unsure" if view.leads else "no_answer")

    # -- parts

    def _urgent(self, urgent: Urgent) -> str:
        ways = [(self._frame.phone(number), said) for number, said in urgent.numbers]
        ways += [(self._frame.site(site), said) for site, said in urgent.sites]
        items = "".join(f"<li>{way} {self._said(said)}</li>" for way, said in ways)
        name = f"urgent-{urgent.concern}"
        heading = f'<h2 id="{name}">{self._say(f"urgent_{urgent.concern}")}</h2><ul>{items}</ul>'
        if not urgent.is_sure:
            return f'<section class="urgent perhaps" aria-labelledby="{name}">{heading}</section>'
        return (
            f'<section class="urgent" role="alert" aria-labelledby="{name}">'
            f"{heading}<p>{self._say('urgent_note')}</p></section>"
        )

    def _said(self, said: Wording) -> str:
        """Return what a number is for, in the page's language where the sheet has it."""
        words, language = wording(said, self._say.language)
        direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        return f'<span lang="{language}" dir="{direction}">{typeset(words)}</span>'

    def _answer(self, view: View) -> str:
        said = "".join(f"<p>{marked(sentence.text)}</p>" for sentence in view.sentences)
        language = view.validation.language or "fr"
        direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        return (
            f'<section class="card answer" aria-labelledby="answer-title">'
            f'<h2 id="answer-title">{self._say("answer")}</h2>{self._frame.marks(view)}'
            f'<div class="said" lang="{language}" dir="{direction}">{said}</div>'
            f"{self._stood(view)}{self._glosses(view)}</section>"
            f"{self._written(view)}{self._frame.machine()}"
        )

    def _stood(self, view: View) -> str:
        """Say that a person stood for the answer, and when; the town's own sheet says it itself."""
        validation = view.validation
        if not validation.role:
            return ""
        day = validation.at[:10]
        if self._say.language == "fr":
            day = date_in_words(day)
        return f'<p class="stood">{self._say("validated", day=day)}</p>'

    def _written(self, view: View) -> str:
        if not view.citations:  # a count, or the town's own sheet
            return ""
        return (
            f'<section class="card written" aria-labelledby="written-title">'
            f'<h2 id="written-title">{self._say("written")}</h2>'
            f"{self._quotes(view)}</section>"
        )

    def _quotes(self, view: View) -> str:
        """Return where each quote stands, and the quote where the answer does not say it already:
        nobody reads the same twice. Quotes of one page that were said are one place."""
        html, last = "", ""
        for group in quoted(view.citations, self._page_of):
            row = not group.is_words
            if not all(is_said(one, view.sentences, row=row) for one in group.citations):
                html, last = html + self._quote(group), ""
                continue
            over = "" if any(group.over == one.text for one in view.sentences) else group.over
            first = group.citations[0]
            place = f"{first.document} {first.page} {over}"
            if place != last:
                under = f'<p class="over" lang="fr" dir="ltr">{marked(over)}</p>' if over else ""
                html, last = html + self._where(group, under), place
        return html

    def _quote(self, group: Quoted) -> str:
        return self._where(
            group,
            f'<blockquote lang="fr" dir="ltr"{"" if group.is_words else DRAWN}>'
            f"{group.html(numbered=False)}</blockquote>",
        )

    def _where(self, group: Quoted, shown: str) -> str:
        """Return a quote's paper and page, what is shown of it, and the way to the page."""
        citation = group.citations[0]
        title = escape(self._title(citation.document, citation.file))
        page = self._say("page", page=citation.page)
        place = self._place(citation.document, citation.page, group.start, group.end)
        whole = (
            f'<p><a href="{place}">{self._say("read_page")}'
            f'<span class="unseen"> : {title}</span></a></p>'
            if place
            else ""
        )
        return (
            f'<p class="where"><span lang="fr" dir="ltr">{title}</span> <span>{page}</span></p>'
            f"{pack_line(citation.pack, self._frame.look.language)}{shown}{whole}"
        )

    def _place(self, document: str, page: int, start: int, end: int) -> str:
        """Return where a page opens at a quote, as HTML; nothing where it opens for nobody, or on a
        tablet of everybody's, which leads nowhere."""
        look = self._frame.look
        if look.kiosk or not self._opens(document, page):
            return ""
        query = urlencode({**look.fields(), "start": start, "end": end})
        return escape(f"/simple/page/{quote(document, safe='')}/{page}?{query}#quote")

    def _glosses(self, view: View) -> str:
        items = "".join(
            f"<details><summary>{escape(gloss.word)}</summary><p>{escape(gloss.meaning)}</p>"
            "</details>"
            for gloss in self._explain(view)
        )
        if not items:
            return ""
        return (
            f'<div class="glosses"><h3>{self._say("hard_words")}</h3>'
            f'<div lang="fr" dir="ltr">{items}</div></div>'
        )

    def _refusal(self, view: View) -> str:
        why = WHY.get(view.reason, "why_closed") if view.reason else "why_closed"
        own = self._suspended() if view.reason is Reason.SUSPENDED else ""
        said = f'<p lang="fr" dir="ltr">{escape(own)}</p>' if own else ""
        if view.leads:
            return self._unsure(view, "why_lead" if view.reason in UNSURE else why)
        return (
            '<section class="card refused" aria-labelledby="answer-title">'
            f'<h2 id="answer-title">{self._say("no_answer")}</h2>{self._frame.marks(view)}'
            f'<div class="said"><p>{self._say(why)}</p>{said}<p>{self._say("who_knows")}</p></div>'
            f"{self._frame.town_phone()}{self._quotes(view)}{self._nearest(view)}</section>"
            f"{self._frame.machine()}"
        )

    def _nearest(self, view: View) -> str:
        """Return where to look, below whom to call: each title opens at what was found."""
        firsts: dict[str, Retrieved] = {}
        for found in view.evidence:
            firsts.setdefault(passage_title(found.passage, self._title), found)
        items = ""
        for title, found in islice(firsts.items(), SOURCES_SHOWN):
            p = found.passage
            place = self._place(p.document, p.page, p.start, p.end)
            shown = f'<a href="{place}">{escape(title)}</a>' if place else escape(title)
            items += f"<li>{shown}{pack_line(p.pack, 'fr')}</li>"
        if not items:
            return ""
        return (
            f'<div class="nearest"><p>{self._say("nearest")}</p>'
            f'<ul lang="fr" dir="ltr">{items}</ul></div>'
        )

    def _unsure(self, view: View, why: str) -> str:
        """Whom to ask first, then one line to read, apart and quiet: two would be a search."""
        told = self._quotes(view)
        lead = view.leads[0]
        (group,) = quoted([lead.citation], self._page_of)
        under = "".join(f'<p lang="fr" dir="ltr">{marked(line)}</p>' for line in lead.under)
        return (
            '<section class="card refused" aria-labelledby="answer-title">'
            f'<h2 id="answer-title">{self._say("unsure")}</h2>{self._frame.marks(view)}'
            f'<div class="said"><p>{self._say(why)}</p><p>{self._say("who_knows")}</p></div>'
            f"{self._frame.town_phone()}{told}"
            '<div class="lead" role="group" aria-labelledby="lead-title">'
            f'<h3 id="lead-title">{self._say("lead")}</h3><p>{self._say("lead_note")}</p>'
            f"{under}{self._quote(group)}</div></section>{self._frame.machine()}"
        )

    def _left(self) -> str:
        return (
            '<section class="card failed" aria-labelledby="answer-title">'
            f'<h2 id="answer-title">{self._say("no_answer")}</h2>'
            f'<div class="said"><p>{self._say("left")}</p></div></section>'
        )

    def _failure(self, why: str) -> str:
        return (
            '<section class="card failed" aria-labelledby="answer-title">'
            f'<h2 id="answer-title">{self._say("no_answer")}</h2>'
            f'<div class="said"><p>{self._say(why)}</p><p>{self._say("who_knows")}</p></div>'
            "</section>"
        )

    def sources(self, view: View) -> list[str]:
        """Return the documents and pages that an answer cites, or the nearest ones."""
        quoted = [*view.citations, *(lead.citation for lead in view.leads[:1])]
        cited = [(c.document, c.file, c.page, c.pack) for c in quoted]
        found = [(p.document, p.file, p.page, p.pack) for p in (f.passage for f in view.evidence)]
        return [
            file_words(f"{self._title(document, file)}, page {page}", pack, FRENCH)
            for document, file, page, pack in dict.fromkeys(cited or found[:SOURCES_SHOWN])
        ]

    def _titles(self, evidence: Sequence[Retrieved]) -> list[str]:
        names = (passage_title(found.passage, self._title) for found in evidence)
        return [escape(name) for name in dict.fromkeys(names)]
