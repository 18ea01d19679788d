# SPDX-License-Identifier: EUPL-1.2
"""The same prompts by many people at once: the model as the service runs it, and `llama-server`.

    python -m benchmarks.load_peer [--people 50] [--questions 24] [--data DIR] [--json FILE]
                                   [--write-docs]

Questions of the sample town are asked first, and the prompts that the pipeline sends are kept with
the length of their replies. Then every person sends prompts, one after the other, all at the same
time: through the queue of the service to the model in process; to `llama-server` alone on the
same weights (`make llama-server`), which takes one at a time, or four together. Nothing else runs
beside: no search, no register, no page. Tokens are counted by the server, in the same way for all.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import httpx2

from assistant.evaluation import read_questions
from assistant.queue import FairQueue
from assistant.reading import MAX_SAID_TOKENS
from assistant.seams import Extract, LanguageModel, ProbedModel, Prompt, SelectingModel
from assistant.wiring import Parts
from benchmarks.answers import opened
from benchmarks.answers_sets import SETS
from benchmarks.load import PAGE, percentile
from benchmarks.retrieval import machine
from tests.servers.llama import llama_server

BEGIN, END = "<!-- peer:begin -->", "<!-- peer:end -->"
CONTEXT_EACH = 1024
TOGETHER = 4
PATIENCE = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one system took: `read_tokens` of all prompts, of which a cache spares the common head;
    seconds of the clock from the first prompt to the last reply, and of one prompt's whole wait."""

    system: str
    prompts: int
    read_tokens: int
    written_tokens: int
    seconds: float
    prompt_p50: float
    prompt_p95: float
    load_before: float


class Recorder:
    """The pipeline's model, whose prompts are kept once it has written a reply to them."""

    def __init__(self, inner: LanguageModel) -> None:
        self.name = inner.name
        self.inner = inner
        self.prompts: list[Prompt] = []

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        return self.inner.log_probability(prompt, reply)

    def answerability(self, prompt: Prompt) -> float | None:
        return self.inner.answerability(prompt) if isinstance(self.inner, ProbedModel) else None

    def line_odds(self, question: str, extracts: Sequence[Extract]) -> list[float] | None:
        inner = self.inner
        return inner.line_odds(question, extracts) if isinstance(inner, SelectingModel) else None

    def write(
        self, prompt: Prompt, *, max_tokens: int, stop: str, instead_of: str = ""
    ) -> Iterator[str]:
        self.prompts.append(prompt)
        return self.inner.write(prompt, max_tokens=max_tokens, stop=stop, instead_of=instead_of)


def recorded(parts: Parts, questions: int) -> list[Prompt]:
    """Ask questions of the sample town; return the prompts that were written to, each once."""
    recorder = Recorder(parts.model)
    parts.__dict__["model"] = recorder
    for asked in read_questions(SETS["samples"].questions)[:questions]:
        parts.assistant.ask(asked.question)
    parts.__dict__["model"] = recorder.inner
    return list(dict.fromkeys(recorder.prompts))


def sent(
    prompts: Sequence[Prompt], people: int, write: Callable[[Prompt, str], str]
) -> tuple[list[str], list[float], float]:
    """Let people send their shares at once; replies, seconds of each, and of the whole."""
    replies, waits = [""] * len(prompts), [0.0] * len(prompts)

    def person(number: int) -> None:
        for place in range(number, len(prompts), people):
            started = time.perf_counter()
            replies[place] = write(prompts[place], f"person {number}")
            waits[place] = time.perf_counter() - started

    began = time.perf_counter()
    with ThreadPoolExecutor(people) as pool:
        list(pool.map(person, range(people)))
    return replies, waits, time.perf_counter() - began


def through_the_queue(model: LanguageModel) -> Callable[[Prompt, str], str]:
    """One prompt at a time, people by turns, as the service does."""
    queue = FairQueue(places=1)

    def write(prompt: Prompt, actor: str) -> str:
        with queue.enter(actor) as ticket:
            while ticket.position:
                ticket.wait(1)
            return "".join(model.write(prompt, max_tokens=MAX_SAID_TOKENS, stop="\n"))

    return write


def straight_to(address: str) -> Callable[[Prompt, str], str]:
    """All prompts at once to a server, which keeps its own queue; nobody gives up."""

    def write(prompt: Prompt, _: str) -> str:
        roles = (("system", prompt.system), ("user", prompt.user))
        asked = {
            "messages": [{"role": role, "content": words} for role, words in roles],
            "temperature": 0,
            "max_tokens": MAX_SAID_TOKENS,
            "stop": ["\n"],
        }
        told = httpx2.post(
            f"{address}/v1/chat/completions", json=asked, trust_env=False, timeout=PATIENCE
        )
        return str(told.raise_for_status().json()["choices"][0]["message"]["content"])

    return write


@contextmanager
def server(slots: int) -> Iterator[str]:
    """The address of a llama-server that takes so many prompts together."""
    with tempfile.TemporaryDirectory() as folder:
        started = llama_server(Path(folder), slots=slots, context=slots * CONTEXT_EACH)
        started.start()
        try:
            yield f"http://127.0.0.1:{started.port}"
        finally:
            started.kill()


def counted(address: str, prompts: Sequence[Prompt], replies: Sequence[str]) -> tuple[int, int]:
    """Tokens of prompts and of replies, as the server cuts them."""

    def tokens(text: str) -> int:
        asked = httpx2.post(f"{address}/tokenize", json={"content": text}, trust_env=False)
        return len(asked.raise_for_status().json()["tokens"])

    return sum(tokens(p.system + p.user) for p in prompts), sum(map(tokens, replies))


def measure(data: Path | None, people: int, questions: int) -> list[Run]:
    """Run the three, one after the other, on the same prompts."""
    runs, told = list[Run](), list[list[str]]()

    def kept(system: str, prompts: Sequence[Prompt], write: Callable[[Prompt, str], str]) -> None:
        before = round(os.getloadavg()[0], 1)
        replies, waits, seconds = sent(prompts, people, write)
        told.append(replies)
        runs.append(
            Run(system=system, prompts=len(prompts), read_tokens=0, written_tokens=0,
                seconds=round(seconds, 1), prompt_p50=percentile(waits, 0.5),
                prompt_p95=percentile(waits, 0.95), load_before=before)
        )  # fmt: skip

    with opened(SETS["samples"], data) as parts:
        prompts = recorded(parts, questions)
        kept("Greffier's model, by its queue", prompts, through_the_queue(parts.model))
    for slots in (1, TOGETHER):
        with server(slots) as address:
            kept(f"llama-server, {slots} at a time", prompts, straight_to(address))
            if slots == TOGETHER:
                sizes = [counted(address, prompts, replies) for replies in told]
    return [
        replace(run, read_tokens=read, written_tokens=written)
        for run, (read, written) in zip(runs, sizes, strict=True)
    ]


def table(runs: Sequence[Run], people: int) -> str:
    """Return the runs as a table of the documentation."""
    rows = [
        f"Machine: {machine()}. {min(people, runs[0].prompts)} people at once, {runs[0].prompts} "
        f"prompts of {runs[0].read_tokens // runs[0].prompts} tokens each.\n",
        "| | prompts a minute | tokens read a second | written a second | a prompt, median "
        "| 95 % | load before |",
        "|---|---|---|---|---|---|---|",
    ]
    rows += [
        f"| {run.system} | {60 * run.prompts / run.seconds:.1f} | "
        f"{run.read_tokens / run.seconds:.0f} | {run.written_tokens / run.seconds:.1f} | "
        f"{run.prompt_p50:.0f} s | {run.prompt_p95:.0f} s | {run.load_before} |"
        for run in runs
    ]
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--questions", type=int, default=24)
    parser.add_argument("--data", type=Path, help="keep the sample town here between runs")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write-docs", action="store_true")
    given = parser.parse_args()
    runs = measure(given.data, given.people, given.questions)
    print(table(runs, given.people))
    if given.json:
        given.json.write_text(json.dumps([asdict(run) for run in runs], indent=1) + "\n", "utf-8")
    if given.write_docs:
        head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        _, _, tail = rest.partition(END)
        PAGE.write_text(f"{head}{BEGIN}\n\n{table(runs, given.people)}\n\n{END}{tail}", "utf-8")


if __name__ == "__main__":
    main()
