# SPDX-License-Identifier: EUPL-1.2
"""What is known of the accessibility of the screens: what was tried, how, what does not conform.

    CRITERIA, NOT_CONFORMING, PLAN ─▶ /accessibilite, the paper, docs/accessibility.md (tested)
    mention(language) ─▶ the footer of every public page

A criterion is here only where tests try it; the others were not tried. Of screen readers, Orca was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.texts import Language
from ui.wording import Words

PATH = "/accessibilite"
How = Literal["machine", "keyboard", "orca"]
"""By a program that looks at the page, by keys alone in a real browser, or by what Orca says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A criterion of RGAA 4.1.2, or of WCAG 2.2 where it is new there; `tests` are the functions
    that fail when it is not met on the pages that they open."""

    number: str
    how: tuple[How, ...]
    tests: tuple[str, ...]

    @property
    def words(self) -> str:
        """The key of what it asks for."""
        return f"access.c{self.number.replace('.', '_')}"


AXE = (
    "test_the_public_pages_are_sound_without_a_script",
    "test_axe_finds_nothing_and_nothing_sticks_out",
    "test_axe_finds_nothing_on_any_page_of_the_door_in_any_look",
)
"""axe-core on the public pages, the simple page and the door, at three widths, light and dark."""

ORCA = (
    "test_the_simple_page_and_its_answer_are_read_in_order",
    "test_a_refusal_says_whose_it_is_and_whom_to_call",
)
"""What Orca says of the simple page."""

ORCA_AGENT = "test_an_agent_s_answer_is_announced_once_and_read_in_order"

KEYS = "test_every_public_page_by_keyboard"

CRITERIA = (
    Criterion(number="1.1", how=("machine", "orca"), tests=(
        *AXE, "test_the_icon_is_seen_in_every_light", *ORCA, ORCA_AGENT,
    )),
    Criterion(number="2.1", how=("machine",), tests=("test_the_frame_of_a_public_page",)),
    Criterion(number="3.1", how=("machine",), tests=(
        "test_forced_colours_keep_what_matters",
        "test_forced_colours_keep_buttons_and_the_place_in_sight",
    )),
    Criterion(number="3.2", how=("machine",), tests=AXE),
    Criterion(number="5.4", how=("machine",), tests=(
        "test_a_quoted_row_is_a_table_with_its_names_and_title",
    )),
    Criterion(number="5.6", how=("machine",), tests=(
        "test_a_quoted_row_is_a_table_with_its_names_and_title", *AXE,
    )),
    Criterion(number="6.2", how=("machine",), tests=AXE),
    Criterion(number="7.1", how=("machine", "orca"), tests=(*AXE, ORCA_AGENT)),
    Criterion(number="7.3", how=("keyboard",), tests=(
        "test_the_whole_journey_by_keyboard_without_a_script",
        "test_an_agent_signs_in_without_a_script_by_keyboard_alone",
        "test_a_form_is_filled_and_sent_by_keyboard",
        "test_a_whole_reading_by_keyboard",
    )),
    Criterion(number="7.5", how=("machine", "orca"), tests=(
        "test_an_answer_is_announced_once",
        "test_a_status_is_announced_once",
        "test_whom_to_call_is_announced_while_the_answer_is_looked_for",
        ORCA_AGENT,
    )),
    Criterion(number="8.1", how=("machine",), tests=("test_the_frame_of_a_public_page",)),
    Criterion(number="8.3", how=("machine",), tests=("test_the_frame_of_a_public_page", *AXE)),
    Criterion(number="8.5", how=("machine",), tests=("test_the_frame_of_a_public_page", *AXE)),
    Criterion(number="8.7", how=("machine",), tests=("test_the_frame_of_a_public_page",)),
    Criterion(number="9.1", how=("machine", "orca"), tests=(
        "test_the_frame_of_a_public_page", *AXE, *ORCA,
    )),
    Criterion(number="9.2", how=("machine",), tests=("test_the_frame_of_a_public_page", *AXE)),
    Criterion(number="9.3", how=("machine",), tests=AXE),
    Criterion(number="10.4", how=("machine",), tests=(
        "test_the_size_can_be_doubled_without_losing_the_answer",
    )),
    Criterion(number="10.7", how=("keyboard",), tests=(KEYS,)),
    Criterion(number="10.11", how=("machine",), tests=AXE),
    Criterion(number="10.12", how=("machine",), tests=("test_spaced_text_is_not_cut",)),
    Criterion(number="11.1", how=("machine",), tests=AXE),
    Criterion(number="11.9", how=("machine", "orca"), tests=(*AXE, ORCA[0])),
    Criterion(number="11.10", how=("machine",), tests=(
        "test_a_form_sent_empty_says_what_is_missing",
        "test_axe_finds_nothing_where_signing_in_failed_in_any_look",
    )),
    Criterion(number="12.6", how=("machine",), tests=AXE),
    Criterion(number="12.7", how=("keyboard",), tests=(
        "test_the_first_key_leads_to_the_content",
    )),
    Criterion(number="12.8", how=("keyboard",), tests=(KEYS,)),
    Criterion(number="12.9", how=("keyboard",), tests=(KEYS,)),
    Criterion(number="13.1", how=("machine",), tests=(
        "test_a_tablet_at_rest_asks_then_erases_and_one_may_stay",
    )),
    Criterion(number="13.8", how=("machine",), tests=("test_nothing_moves",)),
    Criterion(number="2.4.11", how=("keyboard",), tests=(KEYS,)),
    Criterion(number="2.5.8", how=("machine",), tests=("test_what_is_pressed_is_large_enough",)),
    Criterion(number="3.3.8", how=("machine",), tests=(
        "test_a_password_may_be_pasted_and_filled_in_by_a_program",
    )),
)  # fmt: skip

NOT_CONFORMING = ("audit", "reader", "pdf", "scans", "gradio", "documents")
"""What is known not to conform, or not known to."""

PLAN = ("audit", "reader", "people", "pdf")
"""What comes next."""


def mention(language: Language, *, is_link: bool = True) -> str:
    """Return the mention that the law wants on every public page, as HTML."""
    say = Words("ui", language)
    words = f'<span lang="{language}">{say("access.mention")}</span>'
    return f'<a href="{PATH}?lang={language}">{words}</a>' if is_link else words
