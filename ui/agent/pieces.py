# SPDX-License-Identifier: EUPL-1.2
"""The pieces of HTML of the question's page: what is around the reply. No gradio in sight."""

from __future__ import annotations

from html import escape

from corpus.acts import date_in_words
from corpus.documents import Filters
from corpus.quarantine import is_waiting
from corpus.rights import NO_FILTER
from ui.access.person import Person
from ui.agent.filters import fields, in_words
from ui.agent.frame import banner, reminder
from ui.agent.services import AgentServices
from ui.agent.view import View, status
from ui.reply import file_title
from ui.wording import typeset

MOST_DOCUMENTS = 200
"""Of more, nobody looks for one in a list: they are chosen in Documents, by a link."""


class Pieces:
    """Lays out the pieces for one town, in one language."""

    def __init__(self, services: AgentServices) -> None:
        self._services = services
        self._texts, self._words = services.texts, services.words

    def banner(self) -> str:
        settings, cards = self._services.settings, self._services.tools.cards
        waiting = cards.to_review() if cards else 0
        skip = f'<a class="skip" href="#question">{escape(self._say("skip"))}</a>'
        return (
            f"{banner(self._texts, self._words, settings, '/', skip, to_review=waiting)}"
            f'<h1 class="unseen">{escape(self._say("tagline"))}</h1>'
        )

    def limits(self, person: Person, chosen: Filters = NO_FILTER) -> str:
        """The fields that limit a question, open where something is chosen."""
        documents = self._documents(person, chosen)
        collections = self._services.collections(person)
        shown = fields(self._words, collections, chosen, "f", documents)
        is_open = " open" if any(one in dict(documents) for one in chosen.documents or ()) else ""
        return (
            f'<details class="limits"{is_open}><summary>{self._words("filters")}</summary>'
            f'<form id="limits" class="fields">{shown}</form></details>'
        )

    def _documents(self, person: Person, chosen: Filters) -> list[tuple[str, str]]:
        """Return what this person may choose from, by title; of too many only what is chosen."""
        seen = [
            (one.id, one.act.label or file_title(one.file))
            for one in self._services.store.documents()
            if self._services.may_see(person, one) and not is_waiting(one)
        ]
        if len(seen) > MOST_DOCUMENTS:
            seen = [one for one in seen if one[0] in (chosen.documents or ())]
        return sorted(seen, key=lambda one: one[1].lower())

    def line(self, view: View, turn: str = "") -> str:
        """The line of the state, which `static/aloud.js` says. `turn` differs from question to
        question, so that the script sees one that ends as the one before did."""
        return (
            f'<p data-phase="{view.phase}" data-turn="{turn}">'
            f"{typeset(status(view, self._texts))}</p>"
        )

    def note(self, completed: str | None, chosen: Filters, person: Person) -> str:
        """Say how a question was understood, and what the search was limited to."""
        lines = []
        if completed:
            words = self._words("understood")
            lines.append(f'{words} <strong class="understood">{escape(completed)}</strong>')
        titles = dict(self._documents(person, chosen)) if chosen.documents else {}
        document = next((titles[one] for one in chosen.documents or () if one in titles), "")
        if limits := in_words(self._words, chosen, document):
            lines.append(f"{self._words('limited')} {limits}.")
        return "".join(f'<p class="note">{line}</p>' for line in lines)

    # -- parts

    def about(self) -> str:
        rules = ("about_hides", "about_quotes", "about_refuses")
        lines = "".join(f"<li>{escape(self._say(rule))}</li>" for rule in rules)
        heading = f"<h2>{escape(self._say('about'))}</h2>"
        return f"{heading}<ul>{lines}</ul>{reminder(self._words)}"

    def corpus(self, person: Person) -> str:
        """Say how many documents this person is shown, at each visit: as many as are listed."""
        documents = self._services.visible(person)
        if not documents:
            return f'<p class="empty">{typeset(self._say("corpus_empty"))}</p>'
        added = max(document.added for document in documents)[:10]
        date = date_in_words(added) if self._texts.language == "fr" else added
        words = self._say(
            "corpus_one" if len(documents) == 1 else "corpus",
            documents=len(documents),
            pages=sum(document.page_count for document in documents),
            date=date,
        )
        return f'<p class="quiet">{escape(words)}</p>'

    def _say(self, key: str, **facts: object) -> str:
        return self._texts("ui", key, **facts)
