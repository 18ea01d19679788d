# SPDX-License-Identifier: EUPL-1.2
"""Answers over question sets, beside a plain pipeline with the same weights, in one run.

    python -m benchmarks.answers [--sets samples,pierrefonds_dev] [--write-docs]
    python -m benchmarks.answers --limit 5 --json /tmp/try.json   # a quick look
    python -m benchmarks.answers --resume --write-docs            # goes on where it was cut

The plain pipeline is what a user would otherwise have: the five passages nearest by vector, then
the model answers freely and is asked to refuse where they do not answer. It is given the page if
any of its five passages is from there. The JSON is written after each question; what it held of
other sets stays.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answers import Answer, Citation, Outcome, Reason, Refusal, Sentence, Step
from assistant.energy import EnergyMeter
from assistant.evaluation import Ask, EvalQuestion, Score, evaluate, read_questions
from assistant.seams import Prompt
from assistant.settings import Settings
from assistant.tally import tally
from assistant.wiring import Parts, open_parts
from benchmarks import quality
from benchmarks.answers_report import Report, SetFigures, load, row, save
from benchmarks.answers_sets import SETS, AnswerSet
from benchmarks.retrieval import machine
from corpus.documents import Filters

PLAIN_PASSAGES = 5
PLAIN_MAX_TOKENS = 150
PLAIN_SYSTEM = (
    "Tu es l'assistant d'une mairie. Réponds à la question avec les extraits. "
    "Si les extraits ne répondent pas, écris seulement : Je ne sais pas."
)
PLAIN_REFUSALS = re.compile(
    r"ne sais pas|ne répond(?:ent)? pas|ne contien(?:t|nent) pas|ne précise(?:nt)? pas"
    r"|ne mentionne(?:nt)? pas|pas d'information|désolé",
    re.IGNORECASE,
)
WARM_UP = "Quelle est la date du prochain conseil ?"


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain pipeline over the same index, with the same model."""

    parts: Parts

    def __call__(self, question: str) -> Iterator[Step]:
        yield self.answer(question)

    def answer(self, question: str) -> Outcome:
        """Answer as a plain pipeline does: vectors only, top five, free text."""
        parts, started = self.parts, time.perf_counter()
        meter = EnergyMeter(parts.settings.watts)
        asked = parts.guard.screen(question).text
        nearest = parts.index.search(parts.embedder.embed_query(asked), PLAIN_PASSAGES, Filters())
        passages = parts.store.passages([identifier for identifier, _ in nearest])
        extracts = "\n\n".join(f"[{n}] {p.text.text}" for n, p in enumerate(passages, 1))
        prompt = Prompt(system=PLAIN_SYSTEM, user=f"Extraits :\n{extracts}\n\nQuestion : {asked}")
        said = "".join(parts.model.write(prompt, max_tokens=PLAIN_MAX_TOKENS, stop="")).strip()
        seconds, energy = time.perf_counter() - started, meter.watt_hours()
        if not said or PLAIN_REFUSALS.search(said):
            return Refusal(
                reason=Reason.NOT_ANSWERED, nearest=(), record="",
                seconds=seconds, energy_wh=energy, energy_method=meter.method,
            )  # fmt: skip
        citations = tuple(
            Citation(
                number=n, document=p.document, file=p.file, page=p.page,
                quote="", start=p.start, end=p.end, verified=False,
            )
            for n, p in enumerate(passages, 1)
        )  # fmt: skip
        return Answer(
            sentences=(Sentence(text=said, citations=()),), citations=citations, record="",
            seconds=seconds, energy_wh=energy, energy_method=meter.method,
        )  # fmt: skip


def systems(parts: Parts) -> dict[str, Ask]:
    """The systems that are compared, by their names in the tables."""
    return {"greffier": parts.assistant.steps, "plain": Plain(parts)}


def page_ranks(parts: Parts, questions: Sequence[EvalQuestion]) -> list[int]:
    """Where search alone has the expected page of each answerable question; 0: not in ten."""
    ranks = []
    for question in questions:
        if not question.answers or not question.file:
            continue
        hits = parts.search(parts.guard.screen(question.question), limit=10)
        expected = [
            rank
            for rank, hit in enumerate(hits, 1)
            if hit.passage.file == question.file and question.page in (0, hit.passage.page)
        ]
        ranks.append(expected[0] if expected else 0)
    return ranks


def run_set(one: AnswerSet, report: Report, given: argparse.Namespace) -> None:
    """Ask a set's questions of each system; each score is saved before the next question."""
    questions = read_questions(one.questions)
    digest = hashlib.sha256(one.questions.read_bytes()).hexdigest()
    figures = report.sets.get(one.name)
    if not given.resume or figures is None or figures.sha256 != digest:
        figures = SetFigures(
            note=one.note,
            sha256=digest,
            questions=len(questions),
            load=round(os.getloadavg()[0], 1),
        )
        report.sets[one.name] = figures
    asked = questions[: given.limit or None]
    with opened(one, given.data) as parts:
        report.model = parts.model.name
        figures.ranks = page_ranks(parts, asked)
        for name, ask in systems(parts).items():
            rows = figures.rows.setdefault(name, [])
            if name not in given.systems.split(",") or len(rows) >= len(asked):
                continue
            for _ in ask(WARM_UP):
                pass
            for score in evaluate(asked[len(rows) :], ask, parts.store.page):
                rows.append(row(score))
                save(report, given.json)
                _progress(one, name, len(rows), len(asked), score, show=given.show)
            print(f"{one.name} {name}: {tally([r.score() for r in rows])}", flush=True)


def _progress(
    one: AnswerSet, system: str, number: int, total: int, score: Score, *, show: bool
) -> None:
    """Say how far it is; of a question that is held out, nothing else."""
    line = f"{one.name} {system} {number}/{total} {score.seconds:.1f} s"
    if not one.is_held_out:
        line += f" {score.verdict} {score.reason}"
        if show:
            expected = list(score.question.answers)
            line += f" {score.question.question} {expected} => {score.said}"
    print(line, flush=True)


class opened:
    """A set's documents, added to a data folder: a scratch one, or one that is kept."""

    def __init__(self, one: AnswerSet, kept: Path | None) -> None:
        self._one = one
        self._kept = kept

    def __enter__(self) -> Parts:
        self._scratch = tempfile.TemporaryDirectory()
        scratch = Path(self._scratch.name)
        base = self._kept / self._one.name if self._kept else scratch
        documents = base / "documents"
        documents.mkdir(parents=True, exist_ok=True)
        self._one.lay(documents)
        settings = Settings.read(self._one.settings) if self._one.settings else Settings()
        self._parts = open_parts(base / "data", base / "keys", settings)
        parts = self._parts.__enter__()
        added = parts.ingestion.add([documents])
        print(f"{self._one.name}: {added.pages} pages, {added.passages} passages", flush=True)
        return parts

    def __exit__(self, *failure: object) -> None:
        self._parts.__exit__(None, None, None)
        self._scratch.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    usual = [name for name, one in SETS.items() if not one.is_rationed]
    parser.add_argument("--sets", default=",".join(usual), help=", ".join(SETS))
    parser.add_argument("--systems", default="greffier,plain")
    parser.add_argument("--limit", type=int, default=0, help="so many questions of each set")
    parser.add_argument("--json", type=Path, default=quality.ANSWERS)
    parser.add_argument("--data", type=Path, help="keep the indexes here between runs")
    parser.add_argument("--resume", action="store_true", help="go on where a run was cut")
    parser.add_argument("--show", action="store_true", help="print questions that are not held out")
    parser.add_argument("--write-docs", action="store_true", help="rewrite docs/quality.md")
    given = parser.parse_args()
    report = load(given.json) or Report(machine="", model="")
    if report.machine != machine():
        report = Report(machine=machine(), model="")
    for name in given.sets.split(","):
        if SETS[name].is_there:
            run_set(SETS[name], report, given)
        else:
            print(f"{name}: its documents are not beside the repository, left out", flush=True)
    if given.write_docs:
        quality.write()


if __name__ == "__main__":
    main()
