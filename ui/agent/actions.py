# SPDX-License-Identifier: EUPL-1.2
"""What follows an answer or a refusal: take it away, say what you think of it, ask a person.

The form works without a script (its address answers with a page); `static/agent.js` sends it
without leaving the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from assistant.texts import Texts
from corpus.documents import is_dropped
from guardrails.register.events import Feedback
from ui.agent.editions import way_to_compare
from ui.agent.frame import reminder
from ui.agent.taken import answer_content, is_takeable
from ui.agent.view import Phase, View
from ui.agent.words import Words
from ui.drawn import PageOf, no_page
from ui.export import as_text
from ui.reply import Title

MAX_NOTE_CHARS = 1_000
AGAIN = "mot"
"""The field of a second opinion, which says more than the click before it."""

AT_ONCE = {"judge_yes": Feedback.RIGHT, "judge_no": Feedback.INCOMPLETE}
"""What one click says: only a word afterwards takes a validated answer out of service."""

TAKEN_FORMS = ("docx", "odt")
PROOF = "preuve"


class Actions:
    """Lays out what follows a closed screen."""

    def __init__(
        self,
        texts: Texts,
        words: Words,
        title: Title,
        page_of: PageOf = no_page,
        *,
        is_judged: bool,
        validates: bool = False,
        forms: Sequence[str] = TAKEN_FORMS,
    ) -> None:
        """`forms`: the files that an answer can be taken away in."""
        self._texts = texts
        self._say = words
        self._title = title
        self._page_of = page_of
        self._is_judged = is_judged
        self._validates = validates
        self._forms = forms

    def __call__(self, view: View) -> str:
        """Return the HTML, nothing while a question is under way."""
        if view.phase not in {Phase.ANSWERED, Phase.REFUSED, Phase.STOPPED}:
            return ""
        return (
            self._compare(view)
            + self._take(view)
            + self._same(view)
            + self._prove(view)
            + self._validate(view)
            + self._judge(view)
            + reminder(self._say)
        )

    def _compare(self, view: View) -> str:
        """Return the link to the comparison of the editions that a question asks about."""
        way = way_to_compare(view.question, [found.passage for found in view.evidence])
        if not way:
            return self._compare_two(view)
        return (
            f'<p class="compare-way"><a class="small-button" href="{escape(way)}">'
            f"{self._say('compare_way')}</a></p>"
        )

    def _compare_two(self, view: View) -> str:
        """Lead to the comparison of two of the pages that were found, each chosen from a list."""
        quoted = [*view.citations, *(lead.citation for lead in view.leads)]
        every = [(one.document, one.file, one.page) for one in quoted]
        every += [(p.document, p.file, p.page) for p in (found.passage for found in view.evidence)]
        places = [place for place in dict.fromkeys(every) if not is_dropped(place[0])]
        if len(places) < 2:
            return ""
        say, name = self._say, view.record
        sides = ""
        for rank, side in enumerate(("a", "b")):
            options = "".join(
                f'<option value="{escape(document)}@{page}"{" selected" * (at == rank)}>'
                f"{say('compare_two_place', title=self._title(document, file), page=page)}</option>"
                for at, (document, file, page) in enumerate(places)
            )
            label = say("compare_two_second" if rank else "compare_two_first")
            sides += (
                f'<p class="field"><label for="{side}-{name}">{label}</label>'
                f'<select id="{side}-{name}" name="{side}">{options}</select></p>'
            )
        return (
            f'<details class="compare-two"><summary>{say("compare_two")}</summary>'
            f'<form method="get" action="/comparer">{sides}<p><button type="submit" '
            f'class="small-button">{say("compare_send")}</button></p></form></details>'
        )

    def _validate(self, view: View) -> str:
        """Lead to the form by which somebody stands for this answer."""
        is_open = self._validates and view.phase is Phase.ANSWERED and view.record
        if not is_open or not view.citations or view.validation.card:
            return ""
        return (
            f'<p class="take"><a class="small-button" href="/valider/{view.record}">'
            f"{self._say('card_validate_this')}</a></p>"
        )

    def _take(self, view: View) -> str:
        if not is_takeable(view):
            return ""
        say = self._say
        text = as_text(answer_content(view, self._texts, say, self._title, self._page_of))
        links = "".join(
            f'<a class="small-button" download href="/reponse/{view.record}/{form}">'
            f"{say(f'take_{form}')}</a>"
            for form in self._forms
        )
        return (
            f'<div class="take" role="group" aria-label="{say("take")}">'
            f'<button type="button" class="small-button" data-copy="{escape(text)}" '
            f'data-done="{say("copied")}" data-failed="{say("copy_failed")}">'
            f"{say('copy')}</button>{links}"
            f'<button type="button" class="small-button" data-print>{say("print")}</button>'
            '<span class="done" role="status"></span></div>'
        )

    def _same(self, view: View) -> str:
        """Return a link that opens this question again: hidden, and behind a `#`, so that no server
        is told it, nor any log; the page fills it in, and a person sends it."""
        if not view.question:
            return ""
        say, asked = self._say, quote(view.question, safe="")
        return (
            f'<p class="same"><a class="small-button" href="/#question={asked}" '
            f'title="{say("same_question_hint")}">{say("same_question")}</a></p>'
        )

    def _prove(self, view: View) -> str:
        """Say what a proof is, and that it outlives an erasure, before it can be saved."""
        if not (self._is_judged and view.record):
            return ""
        say = self._say
        return (
            f'<details class="prove"><summary>{say("prove")}</summary><p>{say("prove_what")}</p>'
            f"<p><strong>{say('prove_outlives')}</strong></p>"
            f'<p><a class="small-button" download href="/reponse/{view.record}/{PROOF}">'
            f"{say('prove_save')}</a></p></details>"
        )

    def _judge(self, view: View) -> str:
        if not (self._is_judged and view.record) or view.phase is Phase.STOPPED:
            return ""
        say, record = self._say, view.record
        choices = "".join(
            f'<label class="choice"><input type="radio" name="verdict" value="{verdict}" required>'
            f" {say(f'judge_{verdict}')}</label>"
            for verdict in Feedback
        )
        form = (
            f'<form method="post" action="/reponse/{record}/avis" '
            f'data-judge data-failed="{say("judge_failed")}" data-closed="{say("judge_closed")}">'
        )
        at_once = "".join(
            f'<button type="submit" class="small-button" name="verdict" value="{verdict}">'
            f"{say(key)}</button>"
            for key, verdict in AT_ONCE.items()
        )
        return (
            f'<div class="judge">{form}<p class="at-once" role="group" '
            f'aria-labelledby="useful-{record}"><span id="useful-{record}">{say("judge_useful")}'
            f'</span> {at_once} <span class="done" role="status"></span></p></form>'
            f"<details hidden><summary>{say('judge')}</summary>{form}"
            f'<input type="hidden" name="{AGAIN}" value="1">'
            f"<fieldset><legend>{say('judge_legend')}</legend>{choices}</fieldset>"
            f'<p class="field"><label for="note-{record}">{say("judge_note")}</label>'
            f'<textarea id="note-{record}" name="note" rows="2" maxlength="{MAX_NOTE_CHARS}" '
            f'aria-describedby="hint-{record}"></textarea>'
            f'<span class="quiet" id="hint-{record}">{say("judge_hint")}</span></p>'
            f'<p><button type="submit" class="small-button">{say("judge_send")}</button> '
            '<span class="done" role="status"></span></p></form></details></div>'
        )
