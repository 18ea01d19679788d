# SPDX-License-Identifier: EUPL-1.2
"""Rating an answer on the page: what is asked under each sentence, and what others found.

Folder ─┬─ fields ─▶ two questions under a sentence, one about a refusal
        ├─ form ───▶ note and button; the fields belong to it wherever they stand
        └─ opinions ▶ what was entered, but others' ratings before one's own
"""

from __future__ import annotations

from html import escape

from guardrails.register import Entry, Kind
from guardrails.register.ratings import Entered, Source, has_source, rating_of
from guardrails.register.selection import text
from ui.auditor.asked import MAX_NOTE_CHARS
from ui.auditor.folder import Folder
from ui.auditor.lines import Lines, marks_of
from ui.auditor.words import Words
from ui.drawn import marked

FORM = "rating"
"""The form's name in the page: one exchange is open at a time."""


class Ratings:
    """Lays out ratings in one language."""

    def __init__(self, words: Words) -> None:
        self._words, self._lines = words, Lines(words)

    def fields(self, folder: Folder, entry: Entry) -> str:
        """Return what is asked about one entry, as its own last rating has it; nothing where it is
        not for anybody to rate."""
        if entry not in folder.asked:
            return ""
        place = folder.asked.index(entry) + 1
        mine = folder.mine.rated.get(entry.index) if folder.mine else None
        is_refusal = entry.kind is Kind.OUTCOME
        said = self._choices(
            f"said-{entry.index}",
            self._words("rate_refusal" if is_refusal else "rate_sentence", place=place),
            "refused" if is_refusal else "said",
            mine.said.value if mine else "",
        )
        source = self._choices(
            f"source-{entry.index}",
            self._words("rate_source", place=place),
            "source",
            mine.source.value if mine else "",
        )
        return f'<div class="rating">{said}{source if has_source(entry) else ""}</div>'

    def _choices(self, name: str, legend: str, section: str, chosen: str) -> str:
        items = "".join(
            f'<label class="choice"><input type="radio" form="{FORM}" required name="{name}" '
            f'value="{value}"{" checked" if value == chosen else ""}>'
            f"<span>{self._words.name(section, value)}</span></label>"
            for value in self._words.names(section)
        )
        return f'<fieldset class="row"><legend>{legend}</legend>{items}</fieldset>'

    def form(self, folder: Folder, sample: int | None) -> str:
        """Return the form of the open exchange; `sample` is the entry of the draw that it counts
        for. Nothing where there is nothing to rate."""
        if not folder.asked:
            return ""
        say, mine = self._words, folder.mine
        counts = say("rate_drawn", sample=say.whole(sample)) if sample else say("rate_undrawn")
        checked = " checked" if mine and mine.mark == "dangerous" else ""
        return (
            f'<section class="part"><h3>{say("mark_title")}</h3>'
            f'<form id="{FORM}" data-act="rate"><p>{say("rate_again" if mine else "rate_first")} '
            f'{counts}</p><label class="choice"><input type="checkbox" name="dangerous"{checked}>'
            f"<span>{say('rate_dangerous')}</span></label>"
            f'<label class="field wide"><span>{say("note")}</span>'
            f'<textarea name="note" rows="3" maxlength="{MAX_NOTE_CHARS}"></textarea></label>'
            f'<p class="quiet">{say("note_screened")}</p>'
            f'<button class="main">{say("enter_mark")}</button></form></section>'
        )

    def opinions(self, folder: Folder) -> str:
        """Return what agents and auditors found, and how many more there is to see."""
        say = self._words
        items = "".join(
            f"<li><p>{self._lines.marks(marks_of([entry]))} "
            f"{say.name('kind', entry.kind.value)}, {say.moment(entry.at)}"
            f"{', <code>' + escape(entry.actor) + '</code>' if entry.actor else ''}</p>"
            f"{self._rated(rating_of(entry))}"
            f"<p>{marked(text(entry.payload, 'comment') or text(entry.payload, 'note'))}</p></li>"
            for entry in folder.remarks
        )
        told = f'<ul class="opinions">{items}</ul>' if items else ""
        if folder.veiled:
            told += f'<p class="quiet">{say.counted("veiled", folder.veiled)}</p>'
        return told or f'<p class="quiet">{say("no_remark")}</p>'

    def _rated(self, rating: Entered | None) -> str:
        """Return what a rating finds of each sentence; of a refusal, its mark says it."""
        if rating is None or rating.is_refusal:
            return ""
        say = self._words
        items = "".join(
            f"<li>{say('rated_sentence', place=place)} {say.name('said', one.said)}"
            + (f", {say('rated_source')} {say.name('source', one.source)}"
               if one.source is not Source.NONE else "")
            + "</li>"
            for place, one in enumerate(rating.rated.values(), start=1)
        )  # fmt: skip
        return f"<ul>{items}</ul>"
