# SPDX-License-Identifier: EUPL-1.2
"""What the auditors' ratings come to, on the page of statistics.

Quality ──Rated──▶ HTML: the newest draw in a sentence, all of them, agreement, what is disputed
"""

from __future__ import annotations

from guardrails.register.quality import MIN_PAIRS, Agreement, Draw, Quality, Share
from ui.auditor.lines import opening
from ui.auditor.plots import plain_table
from ui.auditor.words import Words

COLUMNS = ("drawn", "rated_column", "answers", "refusals", "sentences", "sources")
MOST_DISPUTED = 100


class Rated:
    """Lays out the quality of a period in one language."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def __call__(self, told: Quality) -> str:
        """Return the section."""
        say = self._words
        body = f'<p class="quiet">{say("quality_none")}</p>'
        if told.rated:
            body = f"<p>{say.counted('quality_rated', told.rated)}</p>" + self._draws(told)
        return f'<section class="part quality"><h4>{say("quality")}</h4>{body}</section>'

    def _draws(self, told: Quality) -> str:
        say = self._words
        if not told.draws:
            return f'<p class="quiet">{say("quality_undrawn")}</p>'
        newest = told.draws[0]
        left = newest.drawn - newest.rated
        rows = [self._row(draw) for draw in told.draws]
        head = [say("quality_draw"), *(say(f"quality_{name}") for name in COLUMNS)]
        return (
            f"<p><strong>{say('quality_newest', right=self._share(newest.answers))}</strong>"
            f"{' ' + say.counted('quality_left', left) if left else ''}</p>"
            f"{plain_table(say('quality'), head, rows)}"
            f'<p class="quiet">{say("quality_note")}</p>{self._agreement(told)}'
        )

    def _row(self, draw: Draw) -> list[str]:
        say = self._words

        def of(part: int, whole: int) -> str:
            return say("quality_of", part=say.whole(part), whole=say.whole(whole))

        return [
            say.whole(draw.sample),
            of(draw.drawn, draw.population),
            of(draw.rated, draw.drawn),
            self._share(draw.answers),
            self._share(draw.refusals),
            of(draw.sentences_right, draw.sentences),
            of(draw.sources_right, draw.sources),
        ]

    def _share(self, share: Share) -> str:
        say = self._words
        if not share.total:
            return "–"
        return say(
            "quality_share",
            part=say.whole(share.right),
            whole=say.whole(share.total),
            low=say.decimal(100 * share.low, 0),
            high=say.decimal(100 * share.high, 0),
        )

    def _agreement(self, told: Quality) -> str:
        say = self._words
        if not told.agreement.pairs:
            return f'<p class="quiet">{say("agreement_none")}</p>'
        lines = "".join(
            f"<li>{say(f'agreement_{name}')} {self._agreed(agreement)}</li>"
            for name, agreement in (("said", told.agreement), ("sources", told.sources))
            if agreement.pairs
        )
        return f"<h4>{say('agreement')}</h4><ul>{lines}</ul>{self._disputed(told)}"

    def _agreed(self, agreement: Agreement) -> str:
        say = self._words
        same, pairs = say.whole(agreement.same), say.whole(agreement.pairs)
        if agreement.kappa is not None:
            kappa = say("kappa", kappa=say.decimal(agreement.kappa, 2))
        else:
            few = agreement.pairs < MIN_PAIRS
            kappa = say("kappa_few", least=MIN_PAIRS) if few else say("kappa_alike")
        return f"{say('quality_of', part=same, whole=pairs)}, {kappa}"

    def _disputed(self, told: Quality) -> str:
        say = self._words
        if not told.disputed:
            return f'<p class="quiet">{say("disputed_none")}</p>'
        buttons = " ".join(opening(say, one.index) for one in told.disputed[:MOST_DISPUTED])
        return f"<p>{say.counted('disputed', len(told.disputed))} {buttons}</p>"
