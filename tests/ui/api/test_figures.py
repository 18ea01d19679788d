# SPDX-License-Identifier: EUPL-1.2
"""What is counted, in Prometheus's text format, and who may read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from assistant.answers import Step, Waiting
from assistant.errors import AssistantError, BadQuestion, ModelInterrupted
from tests.table import each
from tests.ui.api.conftest import QUESTION, House, open_house
from tests.ui.town import ScriptedAssistant, answering, refusing
from ui.access.person import Role
from ui.api.figures import MEDIA_TYPE, Figures

LINE = re.compile(r'greffier_[a-z_]+(?:{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*})? -?[\d.e+-]+')


def read(text: str) -> dict[str, float]:
    """Return each sample of a page; each has its kind and its words before it."""
    samples: dict[str, float] = {}
    described: set[str] = set()
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            described.add(line.split()[2])
        elif not line.startswith("# HELP "):
            assert LINE.fullmatch(line), line
            name, _, value = line.rpartition(" ")
            base = re.sub(r"_(bucket|sum|count)$", "", name.partition("{")[0])
            assert {base, name.partition("{")[0]} & described, line
            assert name not in samples, name
            samples[name] = float(value)
    return samples


def counted(script: Sequence[Step] | Exception, *, until: int | None = None) -> dict[str, float]:
    """Return the figures after one question, closed after so many steps."""
    figures = Figures(now=iter(range(100)).__next__)

    def steps(question: str) -> Sequence[Step]:
        if isinstance(script, Exception):
            raise script
        return script

    asked = figures.watched(ScriptedAssistant(steps)).steps(QUESTION)
    try:
        for number, _ in enumerate(asked, 1):
            if number == until:
                break
    except (OSError, AssistantError):
        pass
    asked.close()  # type: ignore[attr-defined]
    return read(figures.text({}))


@each(
    "script, until, label",
    [
        (answering(QUESTION), None, 'outcome="answer",reason=""'),
        (refusing(QUESTION), None, 'outcome="refusal",reason="not_answered"'),
        (answering(QUESTION), 2, 'outcome="abandoned",reason=""'),
        (OSError(), None, 'outcome="failed",reason=""'),
        (ModelInterrupted("model_interrupted"), None, 'outcome="interrupted",reason=""'),
        (BadQuestion("empty_question"), None, 'outcome="bad_question",reason=""'),
    ],
)
def test_a_question_is_counted_by_its_end(
    script: Sequence[Step] | Exception, until: int | None, label: str
) -> None:
    found = counted(script, until=until)
    ends = {name: n for name, n in found.items() if name.startswith("greffier_questions_total")}
    assert ends == {f"greffier_questions_total{{{label}}}": 1}
    assert found["greffier_open_questions"] == 0
    assert found["greffier_waiting_questions"] == 0


def test_seconds_are_counted_under_their_limits() -> None:
    found = counted(answering(QUESTION))
    assert found['greffier_outcome_seconds_bucket{le="5.0"}'] == 0
    assert found['greffier_outcome_seconds_bucket{le="10.0"}'] == 1
    assert found['greffier_outcome_seconds_bucket{le="+Inf"}'] == 1
    assert found["greffier_outcome_seconds_count"] == 1
    assert found["greffier_outcome_seconds_sum"] == 6.42
    assert found["greffier_sources_seconds_count"] == 1
    assert found["greffier_energy_watt_hours_total"] == 0.0531


def test_who_waits_is_in_the_queue_until_their_turn() -> None:
    figures = Figures()
    script = [answering(QUESTION)[0], Waiting(position=2), Waiting(position=1),
              *answering(QUESTION)[1:]]  # fmt: skip
    lengths = [
        read(figures.text({}))["greffier_waiting_questions"]
        for _ in figures.watched(ScriptedAssistant(lambda _: script)).steps(QUESTION)
    ]
    assert lengths == [0, 1, 1, 0, 0, 0]


def test_the_page_counts_every_screen_and_key_and_names_nobody(house: House) -> None:
    before = read(house.program(Role.ADMIN).get("/metrics").text)
    house.program().post("/api/ask", json={"question": QUESTION})
    answer = house.program(Role.ADMIN).get("/metrics")
    assert answer.headers["content-type"] == MEDIA_TYPE
    after = read(answer.text)
    name = 'greffier_questions_total{outcome="answer",reason=""}'
    assert after[name] == before.get(name, 0) + 1
    assert after["greffier_documents"] == 2
    assert "greffier_passages" in after
    labels = set(re.findall(r'(\w+)="', answer.text))
    assert labels == {"outcome", "reason", "le"}


def test_this_machine_reads_it_without_a_key_only_if_the_town_says_so(
    house: House, tmp_path: Path
) -> None:
    assert house.program(None).get("/metrics").status_code == 401
    with ExitStack() as closing:
        open_ = open_house(tmp_path, closing, local_metrics=True)
        assert open_.program(None).get("/metrics").status_code == 200
        far = {"x-forwarded-for": "198.51.100.9"}
        assert open_.program(None, **far).get("/metrics").status_code == 401
        assert open_.program(Role.AGENT).get("/metrics").status_code == 403
        assert open_.program(None).get("/v1/models").status_code == 401
