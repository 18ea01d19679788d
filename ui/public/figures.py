# SPDX-License-Identifier: EUPL-1.2
"""The town's own figures, each with its date: use, evaluation, ratings, validated answers, hiding.

Facts ─figures▶ HTML of the transparency page's section
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from assistant.evaluation_kept import Evaluation
from assistant.texts import Texts
from ui.public.facts import Facts, Figures
from ui.public.sheets import day
from ui.wording import Words

MOST_MARKS = 8
"""The marks that are named; what the others hide is told together."""


def figures(say: Words, texts: Texts, facts: Facts) -> str:
    """Return the section's own words."""
    return (
        _use(say, texts, facts.figures)
        + _evaluation(say, texts, facts.evaluation)
        + _rated(say, facts.figures)
        + _cards(say, facts)
        + _hidden(say, facts)
    )


def _use(say: Words, texts: Texts, told: Figures) -> str:
    counted = told.counted
    period = say(
        "figures_period",
        first=day(told.first.date().isoformat(), say),
        last=day(told.last.date().isoformat(), say),
    )
    if not counted.questions:
        return f"<p>{period}</p><p>{say('figures_none')}</p>"
    each = counted.energy_wh / counted.questions
    lines = [
        ("figure_questions", counted.questions),
        ("figure_answers", counted.answers),
        ("figure_validated", counted.validated),
        ("figure_refusals", sum(counted.refusals.values())),
        ("figure_hidden", counted.hidden_in_questions),
        ("figure_energy", texts.decimal(counted.energy_wh, 1)),
        ("figure_each", texts.decimal(each, 3)),
        ("figure_seconds", texts.decimal(counted.seconds_median or 0.0, 1)),
    ]
    reasons = "".join(
        f"<li>{escape(texts('refusal', reason))} <strong>{count}</strong></li>"
        for reason, count in counted.refusals.items()
    )
    why = f"<h3>{say('figures_reasons')}</h3><ul>{reasons}</ul>" if reasons else ""
    return f"<p>{period}</p>{_boxes(say, lines)}<p>{say('figures_energy')}</p>{why}"


def _evaluation(say: Words, texts: Texts, kept: Evaluation | None) -> str:
    """The last evaluation: counts of counts, since a share of few would say more than is known."""
    title = f"<h3>{say('eval_title')}</h3>"
    if kept is None:
        return f"{title}<p>{say('eval_none')}</p>"
    tally = kept.tally
    told = say(
        "eval_words",
        day=day(kept.at.date().isoformat(), say),
        questions=tally.questions,
        model=kept.model,
        program=kept.program,
    )

    def of(part: int, whole: int) -> str:
        return say.plain("eval_of", part=part, whole=whole)

    lines = [
        ("eval_right", of(tally.right, tally.answerable)),
        ("eval_wrong", of(tally.wrong, tally.questions)),
        ("eval_refused", of(tally.refused_rightly, tally.to_refuse)),
        ("eval_quotes", of(tally.quotes - tally.quotes_off_page, tally.quotes)),
        ("figure_seconds", texts.decimal(tally.seconds_p50, 1)),
    ]
    return f"{title}<p>{told}</p>{_boxes(say, lines)}"


def _rated(say: Words, told: Figures) -> str:
    """How many questions auditors rated, and until when: what they found is the town's to tell,
    with its protocol."""
    rated = told.counted.ratings
    words = say("rated_none")
    if rated.rated:
        words = say("rated_words", count=rated.rated, day=day(rated.last, say))
    return f"<h3>{say('rated_title')}</h3><p>{words}</p>"


def _cards(say: Words, facts: Facts) -> str:
    now = day(facts.figures.last.date().isoformat(), say)
    return f"<h3>{say('cards_title')}</h3><p>{say('cards_words', count=facts.cards, day=now)}</p>"


def _hidden(say: Words, facts: Facts) -> str:
    """What the documents hide that residents may read; of the others nothing is told."""
    marks: Counter[str] = sum((held.hidden for held in facts.open_to_all), Counter[str]())
    title, now = say("hidden_title"), day(facts.figures.last.date().isoformat(), say)
    if not marks:
        return f"<h3>{title}</h3><p>{say('hidden_none', day=now)}</p>"
    named = marks.most_common(MOST_MARKS)
    rest = marks.total() - sum(count for _, count in named)
    items = "".join(f"<li>{escape(mark)} <strong>{count}</strong></li>" for mark, count in named)
    items += f"<li>{say('hidden_rest')} <strong>{rest}</strong></li>" if rest else ""
    return (
        f"<h3>{title}</h3><p>{say('hidden_words', count=marks.total(), day=now)}</p>"
        f"<ul>{items}</ul>"
    )


def _boxes(say: Words, lines: Sequence[tuple[str, object]]) -> str:
    items = "".join(
        f"<div><dt>{say(key)}</dt><dd>{escape(str(value))}</dd></div>" for key, value in lines
    )
    return f'<dl class="figures">{items}</dl>'
