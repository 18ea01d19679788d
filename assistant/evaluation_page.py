# SPDX-License-Identifier: EUPL-1.2
"""An evaluation as one page: no script, nothing from elsewhere, to be read, printed or sent.

    Score…, Tally ──page──▶ HTML: figures, a bar for each kind, times, every question

The plots are drawn here in SVG; what they show also stands in the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from assistant.evaluation import Score, Verdict
from assistant.tally import Tally, by_kind, tally
from assistant.texts import Texts

COLOURS = {
    Verdict.RIGHT: "#1b6e4a",
    Verdict.RIGHT_ELSEWHERE: "#7fb99b",
    Verdict.REFUSED_RIGHTLY: "#2f5d8a",
    Verdict.REFUSED_WRONGLY: "#c9cfd6",
    Verdict.WRONG: "#a8322a",
}
"""In the order in which the bars show them; chosen to be told apart without seeing red or green."""

BAR_WIDTH, BAR_HEIGHT, ROW = 520, 18, 28
LABEL_WIDTH = 260
TIME_STEPS = (1, 2, 4, 6, 8, 10, 15, 20, 30, 60)

STYLE = """
body{font:17px/1.5 system-ui,sans-serif;color:#1c2530;background:#fff;margin:0 auto;
max-width:60rem;padding:1.5rem}
h1{font-size:1.7rem;margin:0 0 .3rem}h2{font-size:1.25rem;margin:2.2rem 0 .6rem}
.figures{display:flex;flex-wrap:wrap;gap:1rem;padding:0;list-style:none}
.figures li{border:1px solid #c9cfd6;border-radius:.5rem;padding:.7rem 1rem;min-width:9rem}
.figures strong{display:block;font-size:1.6rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #dfe3e8}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.quiet{color:#4a5563}.mark{display:inline-block;width:.8em;height:.8em;margin-right:.4em}
.broken{border-left:.4rem solid #a8322a;padding-left:.8rem}
svg{max-width:100%;height:auto}svg text{font:14px system-ui,sans-serif;fill:#1c2530}
@media print{body{max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class EvaluationPage:
    """Lays out an evaluation in one language."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def __call__(
        self, name: str, scores: Sequence[Score], *, date: str, broken: Sequence[str] = ()
    ) -> str:
        """Return the page of a question file's scores; their questions are hidden forms."""
        whole = tally(scores)
        kinds = {self._kind(kind): one for kind, one in by_kind(scores).items()}
        title = self._say("title")
        parts = (
            f"<h1>{title}</h1>",
            f'<p class="quiet">{self._say("made", file=name, date=date)}</p>',
            self._broken(broken),
            self._figures(whole),
            f"<h2>{self._say('by_kind')}</h2>{self._legend()}{self._bars(kinds)}"
            f"{self._table(kinds | {self._texts('eval', 'all'): whole})}",
            f"<h2>{self._say('times')}</h2>{self._times(scores)}",
            f"<h2>{self._say('every')}</h2>{self._questions(scores)}",
            f"<h2>{self._say('how')}</h2><p>{self._say('how_right')}</p>"
            f"<p>{self._say('how_quotes')}</p>",
        )
        return (
            f'<!doctype html><html lang="{self._texts.language}"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
            f"<style>{STYLE}</style></head><body><main>{''.join(parts)}</main></body></html>\n"
        )

    # -- figures

    def _broken(self, broken: Sequence[str]) -> str:
        if not broken:
            return ""
        items = "".join(f"<li>{escape(name)}</li>" for name in broken)
        return f'<div class="broken"><p>{self._say("broken")}</p><ul>{items}</ul></div>'

    def _figures(self, whole: Tally) -> str:
        shown = (
            ("f_answered", self._percent(whole.answered_share)),
            ("f_wrong", self._percent(whole.wrong_share)),
            ("f_refused", self._percent(whole.refused_share)),
            ("f_quotes", f"{whole.quotes - whole.quotes_off_page} / {whole.quotes}"),
            ("f_sources", self._seconds(whole.sources_p50)),
            ("f_p50", self._seconds(whole.seconds_p50)),
            ("f_p95", self._seconds(whole.seconds_p95)),
            ("f_energy", f"{self._texts.decimal(whole.energy_wh, 3)} Wh"),
        )
        items = "".join(
            f"<li><strong>{value}</strong>{self._say(key)}</li>" for key, value in shown
        )
        return f'<ul class="figures">{items}</ul>'

    def _table(self, kinds: dict[str, Tally]) -> str:
        heads = "".join(f'<th class="n">{self._say(verdict.value)}</th>' for verdict in COLOURS)
        heads += f'<th class="n">{self._say("f_quotes")}</th><th class="n">p50</th>'
        rows = "".join(
            f'<tr><th scope="row">{escape(kind)}</th><td class="n">{one.questions}</td>'
            + "".join(f'<td class="n">{getattr(one, verdict.value)}</td>' for verdict in COLOURS)
            + f'<td class="n">{one.quotes - one.quotes_off_page} / {one.quotes}</td>'
            + f'<td class="n">{self._seconds(one.seconds_p50)}</td></tr>'
            for kind, one in kinds.items()
        )
        return (
            f'<table><thead><tr><th>{self._say("kind")}</th><th class="n">'
            f"{self._say('count')}</th>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _questions(self, scores: Sequence[Score]) -> str:
        order = (Verdict.WRONG, Verdict.RIGHT_ELSEWHERE, Verdict.REFUSED_WRONGLY)
        first = sorted(
            scores, key=lambda s: order.index(s.verdict) if s.verdict in order else len(order)
        )
        rows = "".join(
            f"<tr><td>{self._mark(s.verdict)}{self._say(s.verdict.value)}</td>"
            f"<td>{escape(s.question.question)}</td>"
            f"<td>{escape(s.said) or escape(s.reason)}</td>"
            f"<td>{escape(s.question.answers[0]) if s.question.answers else '–'}</td>"
            f'<td class="n">{self._seconds(s.seconds)}</td></tr>'
            for s in first
        )
        heads = "".join(f"<th>{self._say(k)}</th>" for k in ("verdict", "asked", "said", "wanted"))
        return (
            f'<table><thead><tr>{heads}<th class="n">s</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )

    # -- plots

    def _legend(self) -> str:
        marks = "&emsp;".join(self._mark(verdict) + self._say(verdict.value) for verdict in COLOURS)
        return f"<p>{marks}</p>"

    def _mark(self, verdict: Verdict) -> str:
        return f'<span class="mark" style="background:{COLOURS[verdict]}"></span>'

    def _bars(self, kinds: dict[str, Tally]) -> str:
        drawn = []
        for row, (kind, one) in enumerate(kinds.items()):
            y, x = row * ROW, float(LABEL_WIDTH)
            drawn.append(f'<text x="0" y="{y + 14}">{escape(kind)} ({one.questions})</text>')
            for verdict, colour in COLOURS.items():
                count: int = getattr(one, verdict.value)
                width = BAR_WIDTH * count / one.questions
                if count:
                    named = f"<title>{self._say(verdict.value)} : {count}</title>"
                    drawn.append(_rect(x, y, width, colour, named))
                x += width
        return self._svg(drawn, LABEL_WIDTH + BAR_WIDTH, ROW * len(kinds), "plot_kinds")

    def _times(self, scores: Sequence[Score]) -> str:
        counts = [0] * (len(TIME_STEPS) + 1)
        for score in scores:
            counts[sum(score.seconds >= step for step in TIME_STEPS)] += 1
        most = max([*counts, 1])
        names = [f"< {TIME_STEPS[0]} s"]
        names += [f"{a} – {b} s" for a, b in pairwise(TIME_STEPS)]
        names += [f"≥ {TIME_STEPS[-1]} s"]
        drawn = []
        for row, (label, count) in enumerate(zip(names, counts, strict=True)):
            y, width = row * ROW, (BAR_WIDTH - 60) * count / most
            drawn.append(
                f'<text x="0" y="{y + 14}">{escape(label)}</text>'
                f"{_rect(LABEL_WIDTH, y, width, COLOURS[Verdict.REFUSED_RIGHTLY])}"
                f'<text x="{LABEL_WIDTH + width + 8:.1f}" y="{y + 14}">{count}</text>'
            )
        return self._svg(drawn, LABEL_WIDTH + BAR_WIDTH, ROW * len(counts), "plot_times")

    def _svg(self, drawn: Sequence[str], width: int, height: int, label: str) -> str:
        return (
            f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
            f'aria-label="{self._say(label)}">{"".join(drawn)}</svg>'
        )

    # -- words

    def _kind(self, kind: str) -> str:
        """Return a kind in words where it is one of ours, else as the file has it."""
        return self._texts.section("kinds").get(kind, kind)

    def _percent(self, share: float) -> str:
        return f"{self._texts.decimal(100 * share, 1)}\u00a0%"

    def _seconds(self, seconds: float) -> str:
        return f"{self._texts.decimal(seconds, 1)}\u00a0s"

    def _say(self, key: str, **facts: object) -> str:
        return escape(self._texts("eval", key, **facts))


def _rect(x: float, y: int, width: float, colour: str, inside: str = "") -> str:
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR_HEIGHT}" '
        f'fill="{colour}">{inside}</rect>'
    )
