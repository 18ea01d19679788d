# SPDX-License-Identifier: EUPL-1.2
"""Figures as a page of plots and tables.

Figures ──Report──▶ HTML: what auditors found (quality.py), answers and refusals, reasons,
                    delays, energy, what was hidden, signs
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from ui.auditor.figures import Bucket, Figures, Step
from ui.auditor.plots import Axis, Bar, Series, bars, columns, figure, plain_table, spans
from ui.auditor.quality import Rated
from ui.auditor.words import Words


class Report:
    """Lays figures out in one language."""

    def __init__(self, words: Words) -> None:
        self._words, self._rated = words, Rated(words)

    def __call__(self, figures: Figures) -> str:
        """Return the page of a period."""
        say = self._words
        head = f'<h3 tabindex="-1" data-focus>{say("report_title")}</h3>'
        rated = self._rated(figures.total.ratings)
        if not figures.buckets:
            nothing = f'<p class="nothing">{say("report_empty")}</p>'
            return head + nothing + rated + self._kinds(figures)
        plots = (
            self._outcomes(figures)
            + self._named_bars("reasons", "reason", figures.total.refusals, "refusal")
            + self._delays(figures)
            + self._energy(figures)
            + self._named_bars("hidden", "entity", figures.total.hidden, "hidden")
            + self._named_bars("languages", "language", figures.total.languages, "answer")
        )
        signs, kinds = self._signs(figures), self._kinds(figures)
        summary = self._summary(figures) + rated
        return f'{head}{summary}<div class="plots">{plots}</div>{signs}{kinds}'

    # -- parts

    def _summary(self, figures: Figures) -> str:
        total, say = figures.total, self._words
        asked = sum(b.answers + b.refusals + b.others for b in figures.buckets)
        facts = [
            ("asked", say.whole(asked)),
            ("answers", say.whole(total.answers)),
            ("refusals", say.whole(sum(total.refusals.values()))),
            ("median", self._seconds(total.seconds_median)),
            ("p95", self._seconds(total.seconds_p95)),
            ("energy", say("in_wh", energy=say.decimal(total.energy_wh, 1))),
            ("marks", self._marks(figures)),
            ("opinions", self._named(figures.opinions) or say("no_mark")),
        ]
        lines = "".join(
            f"<div><dt>{say(f'sum_{name}')}</dt><dd>{shown}</dd></div>" for name, shown in facts
        )
        return f'<dl class="sums">{lines}</dl>'

    def _marks(self, figures: Figures) -> str:
        total, say = figures.total, self._words
        told = [named] if (named := self._named(figures.marks)) else []
        older = total.agreements + total.disagreements - sum(n for _, n in figures.marks)
        if older > 0:
            told.append(say.counted("other_reviews", older))
        return ", ".join(told) or say("no_mark")

    def _named(self, marks: Sequence[tuple[str, int]]) -> str:
        say = self._words
        return ", ".join(f"{say.whole(n)} {say.name('mark', mark)}" for mark, n in marks)

    def _outcomes(self, figures: Figures) -> str:
        say, buckets = self._words, figures.buckets
        series = [
            Series(kind="answer", name=say("answers"), values=[b.answers for b in buckets]),
            Series(kind="refusal", name=say("refusals"), values=[b.refusals for b in buckets]),
            Series(kind="other", name=say("others"), values=[b.others for b in buckets]),
        ]
        top = max(b.answers + b.refusals + b.others for b in buckets)
        rows = [
            [self._day(b, figures.step), *(say.whole(n) for n in (b.answers, b.refusals, b.others))]
            for b in buckets
        ]
        head = [say(f"step_{figures.step}"), *(s.name for s in series)]
        title, label = say("plot_outcomes"), say("seen_outcomes", columns=len(buckets), top=top)
        drawing = columns(series, self._axis(figures, say.whole(top)), label)
        return figure(title, drawing, plain_table(title, head, rows), say("open_table"))

    def _delays(self, figures: Figures) -> str:
        say, buckets = self._words, figures.buckets
        low = Series(kind="median", name=say("median"), values=[b.median for b in buckets])
        high = Series(kind="p95", name=say("p95"), values=[b.p95 for b in buckets])
        top = self._seconds(max((b.p95 for b in buckets if b.p95 is not None), default=None))
        rows = [
            [self._day(b, figures.step), self._seconds(b.median), self._seconds(b.p95)]
            for b in buckets
        ]
        head = [say(f"step_{figures.step}"), low.name, high.name]
        title, label = say("plot_delays"), say("seen_delays", columns=len(buckets))
        drawing = spans(low, high, self._axis(figures, top), label)
        return figure(title, drawing, plain_table(title, head, rows), say("open_table"))

    def _energy(self, figures: Figures) -> str:
        say, buckets = self._words, figures.buckets
        one = Series(kind="energy", name=say("energy"), values=[b.energy_wh for b in buckets])
        top = say("in_wh", energy=say.decimal(max(b.energy_wh for b in buckets), 2))
        rows = [[self._day(b, figures.step), say.decimal(b.energy_wh, 3)] for b in buckets]
        head = [say(f"step_{figures.step}"), one.name]
        title, label = say("plot_energy"), say("seen_energy", columns=len(buckets))
        drawing = columns([one], self._axis(figures, top), label)
        return figure(title, drawing, plain_table(title, head, rows), say("open_table"))

    def _named_bars(self, name: str, section: str, counted: Mapping[str, int], kind: str) -> str:
        say = self._words
        title = say(f"plot_{name}")
        if not counted:
            nothing = f'<p class="quiet">{say("nothing_told")}</p>'
            return f'<figure class="plot"><figcaption>{title}</figcaption>{nothing}</figure>'
        told = [(say.name(section, value), number) for value, number in counted.items()]
        drawn = [Bar(name=words, value=n, shown=say.whole(n)) for words, n in told]
        rows = [[words, say.whole(number)] for words, number in told]
        table = plain_table(title, [say(f"col_{section}"), say("col_count")], rows)
        return figure(title, bars(drawn, kind), table, say("open_table"))

    def _signs(self, figures: Figures) -> str:
        say = self._words
        items = "".join(
            f"<li>{say(f'sign_{s.sign}', count=len(s.entries))} "
            f"<code>{escape(s.actor or '–')}</code>, {say.moment(s.since)} "
            f'<button type="button" class="link" data-act="open" data-index="{s.entries[0]}">'
            f"{say('open_first')}</button></li>"
            for s in figures.signs
        )
        none = f'<p class="quiet">{say("no_sign")}</p>'
        body = f'<ul class="signs">{items}</ul>' if items else none
        note = f'<p class="quiet">{say("signs_note")}</p>' if items else ""
        return f'<section class="part"><h4>{say("signs")}</h4>{note}{body}</section>'

    def _kinds(self, figures: Figures) -> str:
        say, total = self._words, figures.total
        rows = [[say.name("kind", kind), say.whole(n)] for kind, n in total.entries.items()]
        rows.append([say("erased"), say.whole(total.erased)])
        table = plain_table(say("entries_by_kind"), [say("col_kind"), say("col_count")], rows)
        return f'<section class="part"><h4>{say("entries_by_kind")}</h4>{table}</section>'

    # -- words

    def _axis(self, figures: Figures, top: str) -> Axis:
        first, last = figures.buckets[0], figures.buckets[-1]
        return Axis(
            first=self._day(first, figures.step), last=self._day(last, figures.step), top=top
        )

    def _day(self, bucket: Bucket, step: Step) -> str:
        day = self._words.day(bucket.start)
        if step is not Step.MONTH:
            return escape(day)
        return f"{bucket.start:%m/%Y}" if self._words.language == "fr" else f"{bucket.start:%Y-%m}"

    def _seconds(self, seconds: float | None) -> str:
        say = self._words
        return "–" if seconds is None else say("in_seconds", seconds=say.decimal(seconds, 1))
