# SPDX-License-Identifier: EUPL-1.2
"""A View as HTML: every word of a person, a model or a source goes through `escape`.

┌ asked: the question as it was treated, and what was hidden in it ┐
├ answer │ refusal │ error, its citations, its record ─┬ passages ─┤
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from pathlib import PurePosixPath
from urllib.parse import quote

from assistant.answers import MAY_LEAD, NO_QUESTION, Author, Citation, Lead, Reason, Sentence
from assistant.pack.words import pack_words
from assistant.provenance import notice
from assistant.refusals import UNSURE
from assistant.rows import is_entry
from assistant.settings import Town
from assistant.texts import Texts
from corpus.acts import date_in_words
from corpus.documents import Passage
from corpus.packs import Pack
from ui import marking
from ui.agent import Phase, View
from ui.agent.pace import Usual, foreseen
from ui.contact import inside
from ui.drawn import PageOf, Quoted, is_said, marked, no_page, quoted
from ui.excerpt import excerpt, within
from ui.searches import FIELD
from ui.wording import typeset

SOURCES_SHOWN = 5
TITLES = 2
"""Of so many of the nearest documents the titles may name the service to ask."""

ASKS_NOBODY = NO_QUESTION | {Reason.BUSY, Reason.BUSY_OWN}
"""Refusals that nobody can help with: one waits, or asks something else."""


Title = Callable[[str, str], str]
"""How a document is called, from its id and its file."""


class Reply:
    """Lays out the screen of a question in one language, for one town."""

    def __init__(
        self,
        texts: Texts,
        town: Town,
        title: Title,
        after: Callable[[View], str] = lambda view: "",
        suspended: Callable[[], str] = lambda: "",
        page_of: PageOf = no_page,
        *,
        validates: bool = False,
        usual: Callable[[], Usual | None] = lambda: None,
    ) -> None:
        """`after` gives the HTML that follows an answer or a refusal, `suspended` the town's own
        sentence while answers are suspended (text), `page_of` the page of a citation; `validates`:
        whoever reads it may answer with the lines beside a refusal; `usual`: how long answers
        took."""
        self._texts = texts
        self._town = town
        self._title = title
        self._after = after
        self._suspended = suspended
        self._page_of = page_of
        self._validates = validates
        self._usual = usual

    def __call__(self, view: View) -> str:
        """Return the screen; nothing before a question was asked."""
        if view.phase is Phase.IDLE:
            return ""
        main = self._asked(view) + self._main(view) + self._after(view)
        return _laid(view, main, self._sources(view))

    def parted(self, view: View) -> tuple[str, str]:
        """Return the screen in two: down to the refusal's text, and what comes under it."""
        told = self._asked(view) + self._main(view)
        return _laid(view, told), _laid(view, self._after(view), self._sources(view))

    def brief(self, view: View) -> str:
        """Return what came of a question, without its sources: for what was asked before."""
        return self._main(view)

    # -- the question

    def _asked(self, view: View) -> str:
        if not view.question:
            return ""
        hidden, heading = "", "question"
        if view.hidden:
            heading = "asked"
            hidden = (
                f'<p class="hidden-line"><strong>{self._say("hidden")}</strong> {hidden_in(view)}'
                f' <span class="quiet">{self._say("hidden_note")}</span></p>'
            )
        return (
            f'<section class="asked"><h2>{self._say(heading)}</h2>'
            f'<p class="question">{marked(view.question)}</p>{hidden}</section>'
        )

    # -- what comes of it

    def _main(self, view: View) -> str:
        match view.phase:
            case Phase.SEARCHING:
                return _waiting("")
            case Phase.FOUND:
                return _card(self._say("answer"), self._reading(view) + self._leads(view))
            case Phase.REFUSED:
                return self._refusal(view)
            case Phase.FAILED:
                return self._said(view) + _card("", f"<p>{typeset(view.error)}</p>", "failed")
            case Phase.STOPPED:
                return self._said(view) + _card("", f"<p>{self._say('stopped')}</p>", "stopped")
            case _:
                return self._said(view)

    def _reading(self, view: View) -> str:
        """Say what is read now, with room for the seconds, and how long it usually takes."""
        match view.looking:
            case _ if view.waiting:
                words = ""  # the line above tells the place
            case ():
                words = self._say("reading")
            case (one,):
                title = passage_title(one, self._title)
                words = self._say("reading_page", title=title, page=one.page)
            case several:
                words = self._say("comparing_lines", count=len(several))
        hints = "".join(
            f'<p class="quiet estimate" data-after="{after}"{" hidden" if after else ""}>'
            f"{typeset(told)}</p>"
            for after, told in foreseen(self._usual(), view.waiting, self._texts)
        )
        return _waiting(words) + hints

    def _said(self, view: View) -> str:
        if not view.sentences:
            return ""
        cited = {citation.number: citation for citation in view.citations}
        sentences = " ".join(self._sentence(sentence, cited) for sentence in view.sentences)
        body = f'{self._marks(view)}{self._stood(view)}<p class="sentences">{sentences}</p>'
        if view.phase is Phase.ANSWERING:
            body += _waiting(self._say("writing"))
        body += f'<p class="notice">{typeset(notice(view.mark, self._texts))}</p>'
        if view.citations or not view.validation.card:
            body += f"<h3>{self._say('citations')}</h3>{self._quotes(view)}"
        return _card(self._say("answer"), body + self._record(view), "answer")

    def _marks(self, view: View) -> str:
        """Say that a machine answers, before anything that it says; to programs as well."""
        words = [self._texts("ui", key) for key in ("by_machine", "ai", "ai_name")]
        visible = marking.sign(*map(typeset, words))
        return visible + marking.described(view.mark, language=self._texts.language, name=words[0])

    def _stood(self, view: View) -> str:
        """Say who stood for a validated answer; the town's own sheet says it itself."""
        stood = view.validation
        if not stood.role:
            return ""
        day = stood.at[:10]
        words = self._say(
            "validated_service" if stood.service else "validated",
            service=stood.service,
            day=date_in_words(day) if self._texts.language == "fr" else day,
        )
        return f'<p class="stood"><a href="/reponses-validees/{quote(stood.card)}">{words}</a></p>'

    def _answer_with(self, view: View, passage: tuple[str, int, int, int]) -> str:
        """Lead to the form by which these lines answer from now on."""
        if not (self._validates and view.phase is Phase.REFUSED and view.record):
            return ""
        if view.reason not in MAY_LEAD:
            return ""
        document, page, start, end = passage
        place = f"/valider/{view.record}/{quote(document, safe='')}/{page}"
        return (
            f'<p><a class="small-button" href="{place}?start={start}&amp;end={end}">'
            f"{self._say('answer_with')}</a></p>"
        )

    def _quotes(self, view: View) -> str:
        quotes = "".join(
            self._quote(group, is_said=all(is_said(one, view.sentences) for one in group.citations))
            for group in quoted(view.citations, self._page_of)
        )
        return f'<ol class="citations">{quotes}</ol>' if quotes else ""

    def _sentence(self, sentence: Sentence, cited: dict[int, Citation]) -> str:
        links = "".join(
            f'<a class="cite" href="{address(c.document, c.page, c.start, c.end)}" '
            f'aria-label="{self._named(c)}" title="{self._named(c)}">{c.number}</a>'
            for number in sentence.citations
            if (c := cited.get(number))
        )
        form = "sentence entry" if is_listed(sentence, cited.values()) else "sentence"
        return f'<span class="{form}">{marked(sentence.text)}&#8239;{links}</span>'

    def _quote(self, group: Quoted, *, is_said: bool) -> str:
        """Return a quote and its source; of one that the answer says word for word, its source."""
        first, several = group.citations[0], len(group.citations) > 1
        link = address(first.document, first.page, group.start, group.end)
        title = escape(self._title(first.document, first.file))
        number = f'<span class="number" aria-hidden="true">{first.number}</span>'
        form = "" if group.is_words else ' class="drawn"'
        return (
            f"<li{' class=together' if several else ''}>{'' if several else number}"
            f"{'' if is_said else f'<blockquote{form}>{group.html()}</blockquote>'}"
            f'<a class="source" href="{link}"><span>{title}</span>'
            f' <span class="page">{self._page(first.page)}</span></a>{self._pack(first.pack)}</li>'
        )

    def _named(self, citation: Citation) -> str:
        title = self._title(citation.document, citation.file)
        return self._say("citation_label", number=citation.number, title=title, page=citation.page)

    def _refusal(self, view: View) -> str:
        own = self._suspended() if view.reason is Reason.SUSPENDED else ""
        is_unsure = bool(view.leads) and view.reason in UNSURE
        reason, own_words = str(view.reason), self._texts.section("refusal_agent")
        why = "" if is_unsure else own_words.get(reason) or self._texts("refusal", reason)
        following = self._texts("next_agent", "leads" if view.leads else reason)
        titles = [passage_title(one.passage, self._title) for one in view.evidence[:TITLES]]
        body = (
            f"{self._marks(view)}{f'<p>{typeset(why)}</p>' if why else ''}"
            f"{f'<p>{escape(own)}</p>' if own else ''}{self._quotes(view)}{self._leads(view)}"
            f"<h3>{self._say('next')}</h3><p>{typeset(following)}</p>"
        )
        if view.reason not in ASKS_NOBODY:
            asked = inside(self._texts, self._town, view.question, titles)
            body += f"<h3>{self._say('inside')}</h3>{asked}"
        is_talk = view.reason is Reason.TALK
        title = "" if is_talk else self._say("unsure" if view.leads else "refused")
        return _card(title, body + self._record(view), "refused")

    def _leads(self, view: View) -> str:
        """Return where to read, each line under what it stands under in its paper."""
        if not view.leads:
            return ""
        lines = "".join(self._lead(view, lead) for lead in view.leads)
        return (
            f'<p>{self._say("leads_beside")}</p><ul class="leads">{lines}</ul>'
            f'<p class="quiet">{self._say("leads_note")}</p>'
        )

    def _lead(self, view: View, lead: Lead) -> str:
        c = lead.citation
        (group,) = quoted([c], self._page_of)
        form = "" if group.is_words else ' class="drawn"'
        under = "".join(f'<p class="under">{marked(line)}</p>' for line in lead.under)
        if lead.card:
            near = f"{self._say('near_card')} « {marked(lead.asked)} »"
            under = (
                f'<p class="under"><a href="/reponses-validees/{quote(lead.card)}">{near}</a></p>'
            )
        link = address(c.document, c.page, c.start, c.end)
        return (
            f"<li>{under}<blockquote{form}>{group.bare()}</blockquote>"
            f'<a class="source" href="{link}">'
            f"<span>{escape(self._title(c.document, c.file))}</span>"
            f' <span class="page">{self._page(c.page)}</span></a>{self._pack(c.pack)}'
            f"{'' if lead.card else self._answer_with(view, (c.document, c.page, c.start, c.end))}"
            "</li>"
        )

    def _record(self, view: View) -> str:
        if view.phase not in {Phase.ANSWERED, Phase.REFUSED} or not view.record:
            return ""
        cost = self._say(
            "cost",
            seconds=self._texts.decimal(view.seconds, 1),
            energy=self._texts.decimal(view.energy_wh, 3),
            method=self._texts("energy", view.energy_method or "cpu_time"),
        )
        record = self._say("record", record=view.record)
        return f'<p class="record"><span>{record}</span> <span>{cost}</span></p>'

    # -- the passages

    def _sources(self, view: View) -> str:
        if not view.evidence:
            return ""
        items = [self._source(view, found.passage) for found in view.evidence]
        rest = items[SOURCES_SHOWN:]
        more = (
            f"<details><summary>{self._say('more', count=len(rest))}</summary>"
            f"<ol>{''.join(rest)}</ol></details>"
            if rest
            else ""
        )
        first = "".join(items[:SOURCES_SHOWN])
        heading = self._say("nearest" if view.phase is Phase.REFUSED else "sources")
        return (
            f'<aside class="sources" aria-label="{heading}"><h2>{heading}</h2>'
            f'<p class="quiet">{self._say("sources_note")}</p><ol>{first}</ol>{more}</aside>'
        )

    def _source(self, view: View, p: Passage) -> str:
        """Return a passage around the line that matters: the one that is cited, the lead, or the
        likeliest; its page opens at that line."""
        cited = [c for c in view.citations if within(p, c)]
        badge = "".join(
            f'<span class="badge">{self._say("cited")} {c.number}</span>' for c in cited
        )
        leads = [lead.citation for lead in view.leads if within(p, lead.citation)]
        lines = [(c.start, c.end) for c in cited or leads]
        if not lines and p.id in view.lines:
            lines = [view.lines[p.id]]
        start, end = lines[0] if lines else (p.start, p.end)
        title = passage_title(p, self._title)
        named = escape(f"{title}, {self._texts('ui', 'page', page=p.page)}")
        return (
            f'<li title="{named}">'
            f'<a class="source" href="{address(p.document, p.page, start, end, search_of(view))}">'
            f"<span>{escape(title)}</span>"
            f' <span class="page">{self._page(p.page)}</span>{badge}</a>{self._pack(p.pack)}'
            f'<div class="excerpt">{excerpt(p, *lines, sought=view.sought)}</div>'
            f"{self._answer_with(view, (p.document, p.page, p.start, p.end))}</li>"
        )

    # -- words

    def _pack(self, pack: Pack | None) -> str:
        """Say where a guide comes from and of when it is."""
        return f'<p class="pack quiet">{typeset(pack_words(pack, self._texts))}</p>' if pack else ""

    def _page(self, page: int) -> str:
        return self._say("page", page=page)

    def _say(self, key: str, **facts: object) -> str:
        return typeset(self._texts("ui", key, **facts))


def is_listed(sentence: Sentence, cited: Iterable[Citation]) -> bool:
    """Whether a sentence is one of several by its form: a row said in words, a day, an item."""
    quotes = (citation.quote for citation in cited if citation.number in sentence.citations)
    is_source = sentence.author is Author.SOURCE
    return is_entry(sentence.text) or (is_source and any(map(is_entry, quotes)))


def hidden_in(view: View) -> str:
    """Return the placeholders of a question as HTML: what was hidden in it, never the words."""
    return " ".join(marked(mark) for mark in view.hidden)


def address(document: str, page: int, start: int, end: int, search: str = "") -> str:
    """Return where a page is shown with `start` to `end` highlighted; `search`: the name of what
    was looked for (`ui/searches.py`), of which the words are marked."""
    named = f"&amp;{FIELD}={quote(search, safe='')}" if search else ""
    return f"/source/{quote(document, safe='')}/{page}?start={start}&amp;end={end}{named}#quote"


def search_of(view: View) -> str:
    """Return the name under which a question is kept, for the words that are marked in a source."""
    return view.record if view.sought else ""


def passage_title(passage: Passage, title: Title) -> str:
    """Return how the document of a passage is called, as the search told it; else ask `title`."""
    if passage.label is None:
        return title(passage.document, passage.file)
    return passage.label or file_title(passage.file)


def file_title(file: str) -> str:
    """Return a file's name as words, for a document that says no title.

    >>> file_title("conseil/2024-06-12_tarifs-cantine.pdf")
    '2024-06-12 tarifs-cantine'
    """
    return PurePosixPath(file).stem.replace("_", " ")


def _laid(view: View, main: str, aside: str = "") -> str:
    return (
        f'<div class="reply" data-phase="{view.phase}">'
        f'<div class="reply-main">{main}</div>{aside}</div>'
    )


def _waiting(words: str) -> str:
    return (
        f'<p class="waiting"><span class="dots" aria-hidden="true"></span><span>{words}</span> '
        '<span class="seconds" aria-hidden="true"></span></p>'
    )


def _card(title: str, body: str, kind: str = "") -> str:
    heading = f"<h2>{title}</h2>" if title else ""
    return f'<section class="card {kind}">{heading}{body}</section>'
