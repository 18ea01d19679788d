# SPDX-License-Identifier: EUPL-1.2
"""The real model in its process: to the last bit what it says in this one; what may end it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import llama_cpp
import pytest

from assistant.errors import ModelFailed, ModelInterrupted, PromptTooLong
from assistant.following import Tagger
from assistant.leaving import Gone, watched
from assistant.llama import REPLY_TOKENS, LlamaModel
from assistant.model.process import COMMAND, environment
from assistant.model.remote import RemoteModel
from assistant.probe import Probe
from assistant.reading_together import SCHEMA, parsed
from assistant.seams import Extract, LanguageModel, Prompt, StructuredModel
from assistant.selector import SAME, Selector
from assistant.settings import Settings
from assistant.wiring import open_weights
from corpus.containment import OOM_SCORE
from corpus.weights import DEFAULT_LANGUAGE_MODEL
from tests.assistant.test_model_process import is_alive, until
from tests.contracts.language_model import ASKED, CANTEEN, ROADS, LanguageModelContract
from tests.contracts.structured_model import SEVERAL

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
CONTEXT = 1024
THREADS = 1
"""Several wait for each other where the machine has other things to do."""

HALL = Extract("Salle des fêtes", ("La grande salle est louée 250 euros.", "Elle est claire."))
LONG = Prompt(system="", user="Le repas coûte 4,20 euros pour un enfant de la commune. " * 45)
"""Some 900 tokens: two batches, several seconds."""

LOADED = """
import sys, types
import assistant.model.worker
print(*sorted({name.partition(".")[0] for name in sys.modules}))
print(*sorted(name for name in sys.modules if name.startswith("corpus")))
"""


@pytest.fixture(scope="module")
def path() -> Path:
    return open_weights(Settings()).path(DEFAULT_LANGUAGE_MODEL)


@pytest.fixture(scope="module")
def remote(path: Path) -> Iterator[RemoteModel]:
    model = RemoteModel(
        path, context_tokens=CONTEXT, threads=THREADS, learnt=DEFAULT_LANGUAGE_MODEL
    )
    yield model
    model.close()


@pytest.fixture(scope="module")
def here(path: Path) -> Iterator[LlamaModel]:
    name = DEFAULT_LANGUAGE_MODEL
    model = LlamaModel(
        path,
        context_tokens=CONTEXT,
        threads=THREADS,
        probe=Probe.of(name),
        selector=Selector.of(name),
        comparer=Selector.of(name, SAME),
        tagger=Tagger.of(name),
    )
    yield model
    model.close()


class TestRemoteLlama(LanguageModelContract):
    @pytest.fixture
    def model(self, remote: RemoteModel) -> LanguageModel:
        return remote


def told(model: Any) -> list[object]:
    """All that it says of some prompts, in this order: what was read before is in its cache."""
    return [
        model.log_probability(CANTEEN, ASKED),
        list(model.write(CANTEEN, max_tokens=12, stop="\n")),
        list(model.write(CANTEEN, max_tokens=12, stop="\n", instead_of="Quel")),
        model.answerability(ROADS),
        model.line_odds("Combien coûte la grande salle ?", [HALL]),
        model.tags("Et la petite ?", "Combien coûte la grande salle ?"),
        model.same_odds("Et la petite ?", "Combien coûte la grande salle ?"),
        model.line_odds("Combien coûte la grande salle ?", [HALL]),
        model.states(CANTEEN).tobytes(),
        model.answerability(CANTEEN),
        model.log_probability(ROADS, ASKED),
        model.count_tokens("L'été, l'accueil ferme à 17 h 🙂"),
    ]


def test_words_and_numbers_are_the_same_to_the_last_bit(path: Path, here: LlamaModel) -> None:
    fresh = RemoteModel(
        path, context_tokens=CONTEXT, threads=THREADS, learnt=DEFAULT_LANGUAGE_MODEL
    )
    try:
        both = told(fresh), told(here)
        assert both[0] == both[1]
        assert both[0][4] == both[0][7]  # each reads with its own additions
    finally:
        fresh.close()


def test_the_worker_loads_nothing_of_the_service() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        check=True,
    )
    loaded, of_corpus = ({*line.split()} for line in done.stdout.splitlines())
    assert {"llama_cpp", "numpy"} <= loaded
    assert not loaded & {
        *("gradio", "fastapi", "uvicorn", "chromadb", "presidio_analyzer", "spacy", "onnxruntime"),
        *("cryptography", "pydantic", "mcp", "lxml", "ui"),
    }
    closing = {"corpus", "corpus.containment", "corpus.cores"}
    assert of_corpus == closing | {"corpus.french"}  # whose words the tagger tells apart


def test_the_service_does_not_load_the_library() -> None:
    program = (
        "import sys, ui.app, assistant.wiring, assistant.pipeline, assistant.model.remote\n"
        "print('llama_cpp' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        check=True,
    )
    assert done.stdout.split() == ["False"]


def test_it_goes_before_the_service_and_leaves_no_image(remote: RemoteModel) -> None:
    place = Path(f"/proc/{remote.process.pid}")
    assert (place / "oom_score_adj").read_text("ascii").strip() == str(OOM_SCORE)
    limits = (place / "limits").read_text("ascii")
    (core,) = (line.split() for line in limits.splitlines() if line.startswith("Max core"))
    assert core[4:6] == ["0", "0"]


def test_kills_under_way_lose_one_question_each(remote: RemoteModel) -> None:
    for seconds in (0.0, 0.2, 0.7):
        pid = remote.process.pid
        threading.Timer(seconds, os.kill, (pid, signal.SIGKILL)).start()
        with pytest.raises(ModelInterrupted):
            while True:
                remote.log_probability(LONG, ASKED)
                remote.log_probability(ROADS, ASKED)
        assert remote.log_probability(CANTEEN, ASKED) < 0
        assert remote.process.pid != pid


def test_who_leaves_frees_it_in_the_middle_of_a_batch(remote: RemoteModel) -> None:
    """Within the first of two batches: the second one is never begun."""
    before, is_left = remote.process.pid, threading.Event()
    remote.log_probability(CANTEEN, ASKED)
    spent = remote.processor_seconds()
    threading.Timer(0.2, is_left.set).start()
    with watched(is_left.is_set), pytest.raises(Gone):
        remote.log_probability(LONG, ASKED)
    stopped = remote.processor_seconds() - spent
    assert remote.log_probability(CANTEEN, ASKED) < 0
    assert remote.process.pid == before
    spent = remote.processor_seconds()
    remote.log_probability(LONG, ASKED)
    assert stopped < (remote.processor_seconds() - spent) / 2


def test_a_pulse_ends_any_computation_and_what_follows_is_the_same(path: Path) -> None:
    is_stopped = False
    name = DEFAULT_LANGUAGE_MODEL
    model = LlamaModel(
        path,
        context_tokens=CONTEXT,
        threads=THREADS,
        probe=Probe.of(name),
        selector=Selector.of(name),
        tagger=Tagger.of(name),
        pulse=lambda: is_stopped,
    )
    try:
        first = told(model)
        is_stopped = True
        for ask in (
            lambda: model.log_probability(LONG, ASKED),
            lambda: list(model.write(LONG, max_tokens=3, stop="")),
            lambda: model.answerability(LONG),
            lambda: model.line_odds(ASKED, [HALL]),
            lambda: model.tags(ASKED, ASKED),
        ):
            with pytest.raises(Gone):
                ask()
        is_stopped = False
        model.states(
            Prompt(system="", user="Rien.")
        )  # so that nothing is in the cache, as at first
        model._llama.n_tokens = 0
        assert told(model) == first
    finally:
        model.close()


ARABIC = "كم تبلغ تكلفة وجبة المقصف المدرسي للطفل المقيم في البلدية خلال السنة الدراسية؟ "


@pytest.mark.parametrize("script", ["🏳️‍🌈", "ཆོས་ཀྱི་", ARABIC, "\ud800", "é̂"], ids=ascii)
@pytest.mark.parametrize("where", ["here", "remote"])
def test_what_does_not_fit_is_refused_by_count(
    request: pytest.FixtureRequest, where: str, script: str
) -> None:
    model = request.getfixturevalue(where)
    for chars in (2000, 8000):
        prompt = Prompt(system=CANTEEN.system, user=(script * chars)[:chars])
        fits = model.count_tokens(prompt.user) < CONTEXT - 2 * REPLY_TOKENS
        for ask in (
            lambda prompt: model.log_probability(prompt, ASKED),
            lambda prompt: list(model.write(prompt, max_tokens=1, stop="")),
            model.answerability,
            model.states,
        ):
            if fits:
                ask(prompt)
                break
            with pytest.raises(PromptTooLong) as told:
                ask(prompt)
            assert told.value.facts["max_tokens"] == CONTEXT - REPLY_TOKENS
    assert model.log_probability(CANTEEN, ASKED) < 0


def test_the_longest_prompt_that_fits_is_read(here: LlamaModel) -> None:
    words, most = "a ", CONTEXT - REPLY_TOKENS
    count = next(
        n for n in range(most, 0, -1) if _size(here, Prompt(system="", user=words * n)) <= most
    )
    prompt = Prompt(system="", user=words * count)
    assert most - 1 <= _size(here, prompt) <= most
    assert (
        here.log_probability(prompt, "Je ne sais pas. " * 40) < 0
    )  # cut at the end of the context
    assert len(list(here.write(prompt, max_tokens=500, stop=""))) <= REPLY_TOKENS


def _size(model: LlamaModel, prompt: Prompt) -> int:
    before, between, after = (len(piece) for piece in model._form)
    system, user = model.count_tokens(prompt.system), model.count_tokens(prompt.user)
    return before + system + between + user + after


@pytest.mark.parametrize(
    "error", [RuntimeError("llama_decode returned -3"), ValueError("?"), OSError(), MemoryError()]
)
def test_whatever_the_library_raises_is_a_model_that_failed(
    here: LlamaModel, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(here._llama, "eval", fails)
    monkeypatch.setattr(here._read, "__call__", fails, raising=False)
    for ask in (
        lambda: here.log_probability(CANTEEN, ASKED),
        lambda: list(here.write(CANTEEN, max_tokens=3, stop="")),
        lambda: here.answerability(CANTEEN),
    ):
        with pytest.raises(ModelFailed) as told:
            ask()
        assert told.value.key == "model_error"


def test_a_batch_that_is_not_decoded_is_a_model_that_failed(
    here: LlamaModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.log_probability(CANTEEN, ASKED)
    monkeypatch.setattr(llama_cpp, "llama_decode", lambda *_: 1)
    with pytest.raises(ModelFailed):
        here.log_probability(CANTEEN, "Je ne sais pas.")
    with pytest.raises(ModelFailed):
        here.line_odds(ASKED, [HALL])
    with pytest.raises(ModelFailed):
        here.tags(ASKED, ASKED)


def test_a_file_that_is_no_model_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "torn.gguf").write_bytes(b"GGUF" + bytes(1000))
    with pytest.raises(ModelFailed) as told:
        RemoteModel(tmp_path / "torn.gguf")
    assert (told.value.key, told.value.facts) == ("model_failed", {"name": "torn.gguf"})


def test_a_crash_of_the_library_ends_that_process_alone(path: Path) -> None:
    """A write to nowhere, as a fault of native code would make."""
    crashing = (
        "import ctypes, assistant.llama as llama, assistant.model.worker as worker\n"
        "llama.LlamaModel.answerability = lambda *_: ctypes.string_at(1)\n"
        "worker.main()"
    )
    command = [*COMMAND[:-2], "-c", crashing]
    model = RemoteModel(
        path,
        context_tokens=CONTEXT,
        threads=THREADS,
        learnt=DEFAULT_LANGUAGE_MODEL,
        command=command,
    )
    try:
        pid = model.process.pid
        with pytest.raises(ModelInterrupted):
            model.answerability(CANTEEN)
        assert model.log_probability(CANTEEN, ASKED) < 0
        until(lambda: not is_alive(pid))
    finally:
        model.close()


@pytest.mark.parametrize("where", ["remote", "here"])
def test_what_is_written_is_held_to_a_schema(where: str, request: pytest.FixtureRequest) -> None:
    model = request.getfixturevalue(where)
    assert isinstance(model, StructuredModel) and not model.reads_several
    assert parsed("".join(model.write_json(SEVERAL, schema=SCHEMA, max_tokens=200)))
    cut = "".join(model.write_json(SEVERAL, schema=SCHEMA, max_tokens=9))
    assert cut.startswith(('{"quotes"', '{ "quotes"'))
    assert parsed(cut) is None
    unheard: dict[str, object] = {"enum": ["zèbre à pois"]}  # no model writes it by itself
    assert "".join(model.write_json(SEVERAL, schema=unheard, max_tokens=30)) == '"zèbre à pois"'
    with pytest.raises(ModelFailed):
        list(model.write_json(SEVERAL, schema={"type": "unheard of"}, max_tokens=9))
    assert "".join(model.write(CANTEEN, max_tokens=4, stop="\n"))  # held to nothing again
