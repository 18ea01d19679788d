# SPDX-License-Identifier: EUPL-1.2
"""One entry, whole: a question with all that came of it, or any other entry as it was sealed.

    Entry… (one exchange) ──folder.py──▶ Folder ──Opened.question──▶ HTML
    Entry (no exchange)   ─────────────────────── Opened.other ────▶ HTML

All that a person, a document or a model wrote goes through `escape` (or `marked`, which does).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from assistant.answers import Proof
from assistant.provenance import mark_of_authors
from corpus.dropped import COLLECTION
from guardrails.register import Entry
from guardrails.register.selection import counts, number, outcome_of, text
from ui.auditor.folder import Folder
from ui.auditor.lines import Lines
from ui.auditor.rating import Ratings
from ui.auditor.told import Record, Told, records
from ui.auditor.words import Words
from ui.drawn import marked, quote_html
from ui.marking import described, sign
from ui.wording import model_note, typeset


class Opened:
    """Lays out whole entries in one language."""

    def __init__(self, words: Words, path: str = "/auditeur") -> None:
        self._words, self._path = words, path
        self._lines, self._told, self._ratings = Lines(words), Told(words), Ratings(words)

    def question(self, folder: Folder, sample: int | None = None) -> str:
        """Return a question with all that came of it, and what its reader is asked to rate;
        `sample` is the entry of the draw that a rating counts for."""
        say = self._words
        return (
            self._head(folder.first, say("question_number", index=say.whole(folder.first.index)))
            + self._asked(folder)
            + self._said(folder)
            + self._ratings.form(folder, sample)
            + self._passages(folder)
            + self._measures(folder)
            + self._part("remarks", self._ratings.opinions(folder))
            + self._proofs(folder.entries)
        )

    def other(self, entry: Entry) -> str:
        """Return an entry that belongs to no question."""
        say = self._words
        title = say("entry_number", index=say.whole(entry.index))
        kind = f'<p class="entry-kind">{say.name("kind", entry.kind.value)}</p>'
        told = "" if entry.erased else self._told(entry)
        said = self._part("told", told) if told else ""
        return self._head(entry, title) + kind + said + self._sealed(entry) + self._proofs([entry])

    # -- parts

    def _head(self, entry: Entry, title: str) -> str:
        say = self._words
        facts = [say.moment(entry.at)]
        if entry.role:
            facts.append(say.name("audience", entry.role))
        if entry.actor:
            facts.append(f"{say('col_actor')} <code>{escape(entry.actor)}</code>")
        line = "".join(f"<span>{fact}</span>" for fact in facts)
        return f'<h2 tabindex="-1" data-focus>{title}</h2><p class="facts">{line}</p>'

    def _asked(self, folder: Folder) -> str:
        intent, say = folder.intent, self._words
        if intent is None or intent.erased:
            return self._part("asked", f'<p class="quiet">{say("erased")}</p>')
        hidden = counts(intent.payload, "hidden")
        told = ", ".join(f"{say.names('entity').get(e, e)} × {n}" for e, n in hidden.items())
        words = say("hidden_in", hidden=told) if told else say("hidden_none")
        question = marked(text(intent.payload, "question"))
        return self._part("asked", f'<p class="words">{question}</p><p class="quiet">{words}</p>')

    def _said(self, folder: Folder) -> str:
        reason = text(folder.outcome.payload, "reason") if folder.outcome else ""
        badge = self._lines.ended(outcome_of(folder.entries), reason)
        body = f'<p class="ended">{badge or self._words("no_outcome")}</p>{self._marks(folder)}'
        for entry in folder.sentences:
            if entry.erased:
                body += f'<p class="quiet">{self._words("erased")}</p>'
                continue
            quotes = "".join(map(self._quote, records(entry.payload, "citations")))
            none = f'<p class="unproven">{self._words("no_quote")}</p>'
            body += f'<p class="words">{marked(text(entry.payload, "text"))}</p>'
            if author := text(entry.payload, "author"):
                body += f'<p class="quiet">{self._words.name("author", author)}</p>'
            body += f'<ol class="quotes">{quotes}</ol>' if quotes else none
            body += self._ratings.fields(folder, entry)
        body += self._leads(folder)
        refused = self._ratings.fields(folder, folder.outcome) if folder.outcome else ""
        return self._part("said", body + refused)

    def _leads(self, folder: Folder) -> str:
        """Return the lines that were shown beside a refusal, each with how likely it was."""
        leads = records(folder.outcome.payload, "leads") if folder.outcome else []
        lines = "".join(
            f"<li><blockquote>{quote_html(text(citation, 'quote'))}</blockquote>"
            f'<p class="source-line">{self._told.place(citation)} '
            f"{self._words('lead_score', score=self._words.decimal(score, 2))}</p></li>"
            for lead in leads
            if isinstance(citation := lead.get("citation"), Mapping)
            and (score := number(lead, "score")) is not None
        )
        if not lines:
            return ""
        return f'<p class="quiet">{self._words("leads")}</p><ol class="quotes">{lines}</ol>'

    def _marks(self, folder: Folder) -> str:
        """Say that a machine answered, as it was said to who asked; to programs as well. What was
        sealed before sentences had an author, or was erased, counts as the model's."""
        say, last = self._words, folder.outcome or folder.first
        mark = mark_of_authors(
            (text(entry.payload, "author") for entry in folder.sentences),
            Proof(record=last.exchange, index=last.index, leaf=last.leaf.hex()),
        )
        block = described(mark, language=say.language, name=say.plain("by_machine"))
        return sign(say("by_machine"), say("ai"), say("ai_name")) + block

    def _quote(self, citation: Record) -> str:
        say = self._words
        held = citation.get("verified") is True
        verdict = f'<span class="{"held" if held else "unproven"}">' + (
            f"{say('quote_held')}</span>" if held else f"{say('quote_not_held')}</span>"
        )
        return (
            f"<li><blockquote>{quote_html(text(citation, 'quote'))}</blockquote>"
            f'<p class="source-line">{self._told.place(citation)} {verdict}</p></li>'
        )

    def _passages(self, folder: Folder) -> str:
        say = self._words
        found = records(folder.intent.payload, "passages") if folder.intent else []
        if not found:
            return self._part("passages", f'<p class="quiet">{say("no_passage")}</p>')
        cited = {(text(c, "file"), number(c, "page")) for c in folder.citations()}
        rows = "".join(
            f"<tr><td>{rank}</td><td>{self._file(p)}</td>"
            f"<td>{int(number(p, 'page') or 0)}</td>"
            f"<td>{say.decimal(number(p, 'score') or 0.0, 3)}</td>"
            f"<td>{say.names('reader').get(text(p, 'audience'), '–')}</td>"
            f"<td>{say('yes') if (text(p, 'file'), number(p, 'page')) in cited else ''}</td></tr>"
            for rank, p in enumerate(found, start=1)
        )
        return self._part(
            "passages",
            self._table(
                "passages_caption", ("rank", "file", "page", "score", "readers", "cited"), rows
            ),
        )

    def _file(self, passage: Record) -> str:
        """Return the name of the file that a passage is of, and whether it was only dropped."""
        name = escape(text(passage, "file"))
        is_kept = text(passage, "collection") != COLLECTION
        return name if is_kept else f"{name} ({self._words('dropped')})"

    def _measures(self, folder: Folder) -> str:
        say, intent = self._words, folder.intent.payload if folder.intent else {}
        outcome = folder.outcome.payload if folder.outcome else {}
        facts: list[tuple[str, str]] = []
        if (seconds := number(outcome, "seconds")) is not None:
            facts.append(("seconds", say("in_seconds", seconds=say.decimal(seconds, 1))))
        if folder.sentences:
            waited = (folder.sentences[0].at - folder.first.at).total_seconds()
            facts.append(("first_sentence", say("in_seconds", seconds=say.decimal(waited, 1))))
        if (energy := number(outcome, "energy_wh")) is not None:
            method = say.name("method", text(outcome, "energy_method") or "unknown")
            facts.append(("energy", f"{say('in_wh', energy=say.decimal(energy, 3))} ({method})"))
        facts += self._via(outcome)
        for name in ("model", "rules", "audience", "language"):
            if value := text(intent, name):
                known = name in ("audience", "language")
                shown = say.name(name, value) if known else f"<code>{escape(value)}</code>"
                if name == "model" and (note := model_note(value, say.language)):
                    shown += f'<br><span class="quiet">{typeset(note)}</span>'
                facts.append((name, shown))
        return self._part("measures", self._facts(facts))

    def _via(self, outcome: Record) -> Iterator[tuple[str, str]]:
        """Yield what an answer was made from; of a validated one, which, and as which question."""
        say = self._words
        if via := text(outcome, "via"):
            yield "via", say.name("via", via)
        if card := text(outcome, "card"):
            yield "card_name", f"<code>{escape(card)}</code>"
        evidence = outcome.get("evidence")
        if isinstance(evidence, Mapping) and (asking := text(evidence, "asking")):
            score = say.decimal(number(evidence, "score") or 0.0, 2)
            told = [say("lead_score", score=score)]
            told += [say.name("matched_by", by)] if (by := text(evidence, "by")) else []
            yield "card_taken", f"{marked(asking)} ({', '.join(told)})"

    def _sealed(self, entry: Entry) -> str:
        if entry.erased:
            body = f'<p class="quiet">{self._words("erased")}</p>'
        else:
            body = f'<pre tabindex="0">{escape(_json(entry.payload))}</pre>'
        clear = f'<pre tabindex="0">{escape(_json(entry.public))}</pre>' if entry.public else ""
        return self._part("payload", body) + (self._part("public", clear) if clear else "")

    def _proofs(self, entries: Sequence[Entry]) -> str:
        say = self._words
        rows = "".join(
            f"<tr><td>{say.whole(entry.index)}</td><td>{say.moment(entry.at)}</td>"
            f"<td>{say.name('kind', entry.kind.value)}</td>"
            f"<td><code>{entry.leaf.hex()}</code></td></tr>"
            for entry in entries
        )
        exchange = entries[0].exchange
        named = (
            f"<p>{say('exchange_named')} <code>{escape(exchange)}</code></p>" if exchange else ""
        )
        table = self._table("proofs_caption", ("number", "moment", "kind", "leaf"), rows)
        return self._part("proofs", named + table + self._prove(exchange or str(entries[0].index)))

    def _prove(self, record: str) -> str:
        """Say that a proof outlives an erasure, before it can be saved."""
        say = self._words
        return (
            f"<details><summary>{say('prove')}</summary><p>{say('prove_what')}</p>"
            f"<p><strong>{say('prove_outlives')}</strong></p>"
            f'<p><a class="download" download href="{self._path}/preuve/{escape(record)}">'
            f"{say('prove_save')}</a></p></details>"
        )

    # -- shapes

    def _part(self, name: str, body: str) -> str:
        return (
            f'<section class="part {name}"><h3>{self._words(f"part_{name}")}</h3>{body}</section>'
        )

    def _facts(self, facts: Sequence[tuple[str, str]]) -> str:
        if not facts:
            return f'<p class="quiet">{self._words("nothing_told")}</p>'
        lines = "".join(
            f"<div><dt>{self._words(f'fact_{name}')}</dt><dd>{value}</dd></div>"
            for name, value in facts
        )
        return f'<dl class="measures">{lines}</dl>'

    def _table(self, caption: str, names: Sequence[str], rows: str) -> str:
        head = "".join(f'<th scope="col">{self._words(f"col_{name}")}</th>' for name in names)
        words = self._words(caption)
        return (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{words}">'
            f'<table class="small"><caption class="unseen">{words}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


def _json(value: Record) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
