# SPDX-License-Identifier: EUPL-1.2
"""The model's process: the same answers, and what ends or hangs it ends one question.

With a stand-in that goes wrong where its prompt says so; the real model is killed in
`test_model_worker.py`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.answers import Answer, Found
from assistant.errors import ModelFailed, ModelInterrupted, PromptTooLong
from assistant.leaving import Gone, watched
from assistant.model import process as processes
from assistant.model import remote
from assistant.model.process import Patience, environment
from assistant.model.remote import RemoteModel
from assistant.seams import (
    ComparingModel,
    Extract,
    LanguageModel,
    OwnProcessModel,
    ProbedModel,
    Prompt,
    SelectingModel,
    TaggingModel,
)
from guardrails.register import Register
from guardrails.register.records import Kind
from guardrails.register.selection import Selection, outcome_of
from guardrails.register.statistics import summary
from tests import model_child as child
from tests.assistant.conftest import Opener
from tests.contracts.language_model import ASKED, CANTEEN, LanguageModelContract

ROOT = Path(__file__).parents[2]
PRICE = "Combien coûte le repas de la cantine ?"
QUICK = Patience(still=8, silent=40)
"""Looks: a child that does nothing is given up in a second, one that spins in four."""

LONG_SECONDS = 60.0


def asked(word: str) -> Prompt:
    return Prompt(system="", user=f"Le repas coûte 4,20 euros. {word}")


def opened(patience: Patience = QUICK, learnt: str = child.PROBED) -> RemoteModel:
    return RemoteModel(Path("petit.gguf"), learnt=learnt, command=child.COMMAND, patience=patience)


@pytest.fixture
def model() -> Iterator[RemoteModel]:
    with closing(opened()) as model:
        yield model


def until(holds: Callable[[], object]) -> None:
    """Wait for what must come, without saying when."""
    end = time.monotonic() + LONG_SECONDS
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class TestRemoteModel(LanguageModelContract):
    @pytest.fixture
    def model(self, model: RemoteModel) -> LanguageModel:
        return model


def test_it_is_all_that_a_model_in_this_process_is(model: RemoteModel) -> None:
    for seam in (ProbedModel, SelectingModel, ComparingModel, TaggingModel, OwnProcessModel):
        assert isinstance(model, seam)
    assert model.name == "petit"
    assert model.answerability(CANTEEN) == 1 / 3  # to the last bit
    lines = [Extract("Titre", ("ab", "c")), Extract("", ("d\ud800",))]
    assert model.line_odds("Prix ?", lines) == [1 / 3, 1 / 2, 1 / 3]
    assert model.compares
    assert model.same_odds("Prix ?", "Tarif du repas") == 6 - 14 / 3
    assert model.same_odds("Prix ?", "Prix ?") is None
    states = model.states(CANTEEN)
    assert states.dtype == np.float32
    assert states.tolist() == (np.arange(6, dtype=np.float32).reshape(2, 3) / 7).tolist()
    assert model.count_tokens("quatre") == 6
    with pytest.raises(ValueError, match="no words"):
        model.log_probability(CANTEEN, "")


def test_what_was_not_learnt_is_not_asked() -> None:
    with closing(opened(learnt="")) as model:
        model.process.close()  # so that whatever is asked fails
        assert model.answerability(CANTEEN) is None
        assert model.line_odds("Prix ?", []) is None
        assert not model.compares
        assert model.same_odds("Prix ?", "Tarif ?") is None


@pytest.mark.parametrize("word", [child.DIES, child.BABBLES, child.LIES, child.NESTS])
@pytest.mark.parametrize(
    "ask",
    [
        lambda model, word: model.log_probability(asked(word), ASKED),
        lambda model, word: list(model.write(asked(word), max_tokens=9, stop="")),
        lambda model, word: model.line_odds(word, []),
    ],
    ids=["weighing", "writing", "selecting"],
)
def test_what_ends_or_garbles_it_ends_one_question(
    model: RemoteModel, ask: Callable[[RemoteModel, str], Any], word: str
) -> None:
    before = model.process.pid
    with pytest.raises(ModelInterrupted) as told:
        ask(model, word)
    assert (told.value.key, told.value.facts) == ("model_interrupted", {"name": "petit.gguf"})
    assert model.log_probability(CANTEEN, ASKED) == -4.0  # by another one, which was awaited
    assert model.process.pid not in (0, before)
    until(lambda: not is_alive(before))


@pytest.mark.parametrize(
    "word", [child.TELLS, child.MISSES, child.STRANGE, child.ENDLESS, child.IMMENSE]
)
def test_what_a_child_says_is_no_word_of_ours(model: RemoteModel, word: str) -> None:
    """It may be astray: whatever it says is a model that failed, without its words."""
    for ask in (model.answerability, model.states, lambda p: model.line_odds(p.user, [])):
        with pytest.raises(ModelFailed) as told:
            ask(asked(word))
        assert told.value.facts == {"name": "petit.gguf"}
        assert told.value.key in {"model_error", "model_interrupted"}
    assert model.answerability(CANTEEN) == 1 / 3


NEVER = 10**9


@pytest.mark.parametrize(
    ("word", "patience"),
    [
        (child.SLEEPS, Patience(still=8, silent=NEVER)),
        (child.SPINS, Patience(still=NEVER, silent=15)),
    ],
    ids=["sleeps", "spins"],
)
def test_what_hangs_it_ends_one_question(word: str, patience: Patience) -> None:
    with closing(opened(patience)) as model:
        before = model.process.pid
        with pytest.raises(ModelInterrupted):
            model.log_probability(asked(word), ASKED)
        assert model.log_probability(CANTEEN, ASKED) == -4.0
        until(lambda: not is_alive(before))


def test_one_that_does_not_stop_when_it_should_is_ended(
    model: RemoteModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "MOST_LEFT_MESSAGES", 2)
    before = model.process.pid
    with watched(lambda: True), pytest.raises(Gone):
        model.answerability(asked(child.DEAF))
    assert model.answerability(CANTEEN) == 1 / 3
    assert model.process.pid != before


def test_what_the_library_raises_is_a_failure_without_a_word_and_ends_nothing(
    model: RemoteModel,
) -> None:
    before = model.process.pid
    with pytest.raises(ModelFailed) as told:
        model.answerability(asked(child.BREAKS))
    assert not isinstance(told.value, ModelInterrupted)
    assert (told.value.key, told.value.facts) == ("model_error", {"name": "petit.gguf"})
    with pytest.raises(PromptTooLong) as long:
        model.answerability(asked(child.TOO_LONG))
    assert long.value.facts == {"tokens": 9000, "max_tokens": 4032}
    assert model.answerability(CANTEEN) == 1 / 3
    assert model.process.pid == before


def test_one_that_works_long_is_left_alone() -> None:
    """It says now and then that it lives: neither limit counts then."""
    with closing(opened(Patience(still=30, silent=30))) as model:
        is_left = threading.Event()
        threading.Timer(4.5, is_left.set).start()
        with watched(is_left.is_set), pytest.raises(Gone):
            model.answerability(asked(child.SLOW))
        assert is_left.is_set()


def test_who_leaves_frees_it_within_a_step(model: RemoteModel) -> None:
    before, is_left = model.process.pid, threading.Event()
    with watched(is_left.is_set):
        pieces = model.write(asked(child.SLOW), max_tokens=9, stop="")
        assert next(pieces) == "Le "
        is_left.set()
        with pytest.raises(Gone):
            next(pieces)
    assert model.answerability(CANTEEN) == 1 / 3
    assert model.process.pid == before


def test_a_reply_that_is_not_read_to_its_end_is_called_off(model: RemoteModel) -> None:
    before = model.process.pid
    pieces = model.write(asked(child.SLOW), max_tokens=9, stop="")
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert model.answerability(CANTEEN) == 1 / 3
    assert model.process.pid == before


def test_one_that_dies_while_nobody_asks_is_replaced_before_the_next_question(
    model: RemoteModel,
) -> None:
    before = model.process.pid
    model.answerability(CANTEEN)
    os.kill(before, signal.SIGKILL)
    until(lambda: model.process.pid not in (0, before))
    assert model.answerability(CANTEEN) == 1 / 3


def test_one_that_hangs_while_nobody_asks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PING_SECONDS", 0.05)
    with closing(opened()) as model:
        before = model.process.pid
        os.kill(before, signal.SIGSTOP)
        until(lambda: model.process.pid not in (0, before))
        assert not is_alive(before)


def test_whether_it_answers_is_told(model: RemoteModel) -> None:
    assert model.is_answering()
    os.kill(model.process.pid, signal.SIGSTOP)
    assert not model.process.answers(looks=2)
    model.close()
    assert not model.is_answering()


def test_one_at_work_is_answering(model: RemoteModel) -> None:
    pieces = model.write(asked(child.SLOW), max_tokens=9, stop="")
    next(pieces)
    assert model.is_answering()
    pieces.close()  # type: ignore[attr-defined]


def test_what_a_question_means_is_not_waited_for_while_it_writes_for_another(
    model: RemoteModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules tell it then (`following.after`): nobody sees their sources later for that."""
    monkeypatch.setattr(remote, "TAG_SECONDS", 0.05)
    monkeypatch.setattr(model, "_is_tagging", True)
    pieces = model.write(asked(child.SLOW), max_tokens=9, stop="")
    next(pieces)
    with pytest.raises(ModelFailed) as told:
        model.tags("Et le soir ?", PRICE)
    assert told.value.key == "model_busy"
    pieces.close()  # type: ignore[attr-defined]
    with suppress(ModelFailed):  # the stand-in has no tags: it was asked
        model.tags("Et le soir ?", PRICE)


def test_who_leaves_while_it_works_for_another_waits_no_more(model: RemoteModel) -> None:
    pieces = model.write(asked(child.SLOW), max_tokens=9, stop="")
    next(pieces)
    with watched(lambda: True), pytest.raises(Gone):
        model.answerability(CANTEEN)
    pieces.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("learnt", [child.NEVER_LOADS, child.DIES_LOADING, child.CHATTERS_LOADING])
def test_a_model_that_does_not_load_is_told_at_once(learnt: str) -> None:
    with pytest.raises(ModelFailed) as told:
        opened(learnt=learnt)
    assert told.value.key == "model_failed"
    assert "greffier-model" not in {thread.name for thread in threading.enumerate()}


def test_a_program_that_cannot_be_started_is_told() -> None:
    with pytest.raises(ModelFailed):
        RemoteModel(Path("petit.gguf"), command=["/nowhere/python"])


def test_threads_share_it(model: RemoteModel) -> None:
    replies = list[float | None]()
    threads = [
        threading.Thread(target=lambda: replies.append(model.answerability(CANTEEN)))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == [1 / 3] * 16


def test_its_processor_time_is_counted_over_its_deaths(model: RemoteModel) -> None:
    seen = model.processor_seconds()
    assert seen > 0
    for _ in range(2):
        with pytest.raises(ModelInterrupted):
            model.answerability(asked(child.DIES))
        model.answerability(CANTEEN)
        before, seen = seen, model.processor_seconds()
        assert seen > before


def test_it_sees_nothing_of_what_stands_around_this_process(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("GREFFIER_REGISTER_PASSPHRASE", "sésame")
    assert "GREFFIER_REGISTER_PASSPHRASE" not in environment()
    pid = request.getfixturevalue("model").process.pid
    assert os.getsid(pid) == os.getpgid(pid) == pid
    with suppress(PermissionError):  # who is not root may not even look
        assert os.readlink(f"/proc/{pid}/cwd") == "/"
        files = {os.readlink(f"/proc/{pid}/fd/{n}") for n in os.listdir(f"/proc/{pid}/fd")}
        assert {name.partition(":")[0] for name in files} <= {"/dev/null", "socket"}
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        assert not any(one.startswith(b"GREFFIER") for one in variables)


# -- a question under way


def test_a_question_under_way_ends_as_interrupted_and_can_be_asked_again(
    open_assistant: Opener, register: Register
) -> None:
    with closing(opened(learnt="")) as model:
        assistant = open_assistant(model)
        steps = assistant.steps(PRICE)
        assert isinstance(next(steps), Found)
        os.kill(model.process.pid, signal.SIGSTOP)  # so that it ends under way
        threading.Timer(0.3, os.kill, (model.process.pid, signal.SIGKILL)).start()
        with pytest.raises(ModelInterrupted):
            list(steps)
        assert isinstance(assistant.ask(PRICE), Answer)
    entries = list(register.entries())
    outcomes = [entry for entry in entries if entry.kind is Kind.OUTCOME]
    assert [end.payload["status"] for end in outcomes] == ["interrupted", "answer"]
    first = [entry for entry in entries if entry.exchange == outcomes[0].exchange]
    assert summary(entries).interrupted == 1
    assert "interrupted" not in summary(entries).other_outcomes
    assert outcome_of(first) == "interrupted"
    assert Selection(outcomes=("interrupted",)).concerns(first)


def test_the_energy_of_an_answer_counts_the_models_process(open_assistant: Opener) -> None:
    with closing(opened(learnt="")) as model:
        spent = iter([0.0, *[7200.0] * 50])
        model.processor_seconds = lambda: next(spent)  # type: ignore[method-assign]
        answer = open_assistant(model, watts_per_core=10.0).ask(PRICE)
    assert answer.energy_wh >= 20.0


def test_a_question_too_long_for_every_excerpt_says_so_and_not_that_nothing_answers(
    open_assistant: Opener, register: Register
) -> None:
    with closing(opened(learnt="")) as model, pytest.raises(PromptTooLong):
        open_assistant(model).ask(f"{PRICE} {child.TOO_LONG}")
    *_, last = register.entries()
    assert last.kind is Kind.OUTCOME


# -- it ends with the service

PARENT = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in what a shell runs behind
from pathlib import Path
from assistant.model.remote import RemoteModel
from tests.model_child import COMMAND, SLEEPS
from tests.assistant.test_model_process import asked
model = RemoteModel(Path("petit.gguf"), learnt="petit", command=COMMAND)
print(model.process.pid, flush=True)
if sys.argv[1] == "busy":
    model.answerability(asked(SLEEPS))
time.sleep(3600)
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("busy", ["busy", "idle"])
def test_it_ends_with_the_service_however_that_ends(how: signal.Signals, busy: str) -> None:
    command = [sys.executable, "-c", PARENT, busy]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="ascii"
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.send_signal(how)
        try:
            parent.wait(LONG_SECONDS)
        finally:
            parent.kill()
    until(lambda: not is_alive(pid))
