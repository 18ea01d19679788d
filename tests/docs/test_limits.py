# SPDX-License-Identifier: EUPL-1.2
"""The shares that docs/access.md states are those of the code."""

from __future__ import annotations

from pathlib import Path

from ui import public
from ui.senior import asked, routes, speech, voice

PAGE = Path(__file__).parents[2] / "docs" / "access.md"


def test_the_shares_of_a_place_are_those_of_the_code() -> None:
    page = " ".join(PAGE.read_text("utf-8").split())
    words = {1: "one", 3: "three", 6: "six"}
    a_place, remarks = words[asked.MAX_A_PLACE], words[public.SENT_A_PLACE]
    for said in (
        f"{a_place} questions under way on `/simple` ({asked.MAX_UNDER_WAY} for all)",
        f"one sound being made ({voice.AT_ONCE} for all",
        f"one recording being heard ({speech.HEARD_AT_ONCE} for all)",
        f"{remarks} remarks an hour ({public.SENT_AN_HOUR} for all)",
        f"One place takes {routes.WRONG_A_DAY} validated answers a day out of service",
    ):
        assert said in page
