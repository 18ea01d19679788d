# SPDX-License-Identifier: EUPL-1.2
"""The AI Act, duty by duty: whose it is, how it is met, by which tests that is shown.

DUTIES ─page(say, town)▶ /transparence/ia           the same rows stand in docs/ai-act.md (tested)

What the town must decide is a blank with a hint: nothing is answered in its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ui.public import pages
from ui.wording import Words

HERE = f"{pages.HOME}/ia"
State = Literal["met", "partly", "town", "not_due"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One duty. `key` finds its words; `tests` are the functions that fail when it is not met."""

    key: str
    article: str
    state: State
    tests: tuple[str, ...] = ()


DUTIES = (
    Duty(key="interaction", article="50(1)", state="met", tests=(
        "test_the_first_page_says_what_it_is_and_who_can_help",
        "test_whose_answer_it_is_comes_before_every_word_of_it",
        "test_the_sign_speaks_the_language_of_the_page_and_knows_itself_in_french",
        "test_what_is_urgent_is_said_first_and_a_hidden_word_is_said_as_hidden",
        "test_an_answer_says_first_that_it_is_a_machine_s_in_a_language_that_is_spoken_here",
    )),
    Duty(key="pages", article="50(2)", state="met", tests=(
        "test_the_agent_s_answer_is_marked_for_programs_and_people",
        "test_the_simple_page_and_its_note_are_marked",
        "test_the_auditor_s_view_of_a_question_is_marked_as_the_answer_was",
        "test_what_the_town_wrote_carries_no_mark",
    )),
    Duty(key="files", article="50(2)", state="met", tests=(
        "test_a_file_says_to_programs_what_made_it_and_what_proves_it",
        "test_the_icon_stands_in_a_frame_before_the_answer_of_an_office_file",
        "test_the_icon_and_whose_answer_it_is_come_first_in_a_pdf",
    )),
    Duty(key="programs", article="50(2)", state="met", tests=(
        "test_every_way_in_for_programs_says_what_made_an_answer",
        "test_an_answer_has_the_contract_s_shape",
        "test_whose_words_a_sentence_holds_is_sealed_and_marked",
    )),
    Duty(key="sound", article="50(2)", state="met", tests=(
        "test_a_sound_says_what_made_it_and_plays_as_before",
        "test_what_the_server_says_aloud_is_marked",
    )),
    Duty(key="detection", article="50(2)", state="partly", tests=(
        "test_an_outcome_knows_where_the_register_proves_it",
    )),
    Duty(key="masking", article="50(2)", state="not_due", tests=(
        "test_a_hidden_version_says_that_its_words_are_nobody_s_but_its_author_s",
        "test_the_hidden_version_is_taken_away_with_its_mark",
    )),
    Duty(key="emotions", article="50(3)", state="not_due"),
    Duty(key="deepfakes", article="50(4)", state="not_due"),
    Duty(key="published", article="50(4)", state="town", tests=(
        "test_a_file_says_in_words_whether_a_machine_wrote_or_chose",
    )),
    Duty(key="clarity", article="50(5)", state="partly", tests=(
        "test_axe_finds_nothing_and_nothing_sticks_out",
        "test_forced_colours_keep_what_matters",
        "test_the_icon_is_seen_in_every_light",
    )),
    Duty(key="high_risk", article="6, 26", state="not_due", tests=(
        "test_what_is_refused_and_what_looks_like_it",
    )),
    Duty(key="literacy", article="4", state="town", tests=(
        "test_the_course_shows_the_town_s_charter_and_counts_each_form_once",
    )),
)  # fmt: skip

SHORT = ("watermark", "signed", "copied", "audit", "icon", "detector", "erased")
"""What falls short."""
TOWN = ("role", "publication", "training", "contact", "watch", "works")
"""What the town decides."""
SOURCES = ("checked", "unchecked")


def page(say: Words, town: str) -> str:
    """Return the page of the duties."""
    main = (
        f'<p class="lead">{say("ia.lead")}</p>{"".join(_duty(say, duty) for duty in DUTIES)}'
        f"<section><h2>{say('ia.short_title')}</h2>{_list(say, 'short', SHORT)}</section>"
        f"<section><h2>{say('ia.town_title')}</h2><p>{say('ia.town_words')}</p>"
        f"{_list(say, 'town', TOWN)}</section>"
        f"<section><h2>{say('ia.sources_title')}</h2>{_list(say, 'sources', SOURCES)}</section>"
        f'<p><a href="{pages.HOME}?lang={say.language}">{say("transparency")}</a></p>'
    )
    return pages.page(say, town, say.plain("ia.title"), main, here=HERE)


def _duty(say: Words, duty: Duty) -> str:
    """A duty, its state, how it is met; names of tests are for who asks for them."""
    tests = "".join(f"<li><code>{name}</code></li>" for name in duty.tests)
    shown = f"<details><summary>{say('ia.tests')}</summary><ul>{tests}</ul></details>"
    return (
        f"<article><h2>{say(f'ia.{duty.key}_duty')}</h2>"
        f'<p class="hint">{say("ia.article", number=duty.article)} '
        f"<strong>{say(f'ia.state_{duty.state}')}</strong></p>"
        f"<p>{say(f'ia.{duty.key}_met')}</p>{shown if tests else ''}</article>"
    )


def _list(say: Words, kind: str, keys: Iterable[str]) -> str:
    items = "".join(f"<li>{say(f'ia.{kind}_{key}')}</li>" for key in keys)
    return f"<ul>{items}</ul>"
