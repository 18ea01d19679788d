# SPDX-License-Identifier: EUPL-1.2
"""How much personal data gets through, and how much else is hidden: our guard beside two others.

    python -m benchmarks.privacy                      tables on the terminal
    python -m benchmarks.privacy --json FILE          and the figures as JSON
    python -m benchmarks.privacy --json docs/figures/privacy.json --write-docs
    python -m benchmarks.privacy --misses             each error of the guard on the dev parts
    python -m benchmarks.privacy --draw 100           hidden spans of real acts, to read by eye
    python -m benchmarks.privacy --profile            seconds that each recogniser takes

`--misses` shows nothing of the held-out part nor of other judged samples: who sees errors tunes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import time
from collections.abc import Iterator, Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path

from benchmarks.privacy_acts import draw_spans
from benchmarks.privacy_report import Report, SetFigures, line, tables, to_json, write_into
from benchmarks.privacy_scores import Sample, Scores, Span, measure
from benchmarks.privacy_sets import DATA, TextSet, read_sets
from benchmarks.privacy_systems import SYSTEMS, Greffier, System, SystemMissing
from guardrails.recognizers import RECOGNIZERS
from tests.privacy.gold import held_out_sha256

DOCS = Path(__file__).resolve().parents[1] / "docs" / "guardrails.md"
PROCESSES = 2
START_SECONDS = 120
AROUND = 40


def main() -> None:
    """Run what the arguments ask for."""
    arguments = _arguments()
    if arguments.misses:
        guard = Greffier()
        for one in read_sets():
            for miss in misses(guard, one.dev):
                print(miss)
        return
    if arguments.profile:
        for row in profile([sample for one in read_sets() for sample in one.samples]):
            print(row)
        return
    if arguments.draw:
        from guardrails.guard import open_guard

        names = arguments.roster.read_text("utf-8").splitlines() if arguments.roster else []
        town = open_guard(roster=names)
        spans = draw_spans(DATA, town, spans=arguments.draw, documents=40, seed=arguments.seed)
        for span in spans:
            print(span)
        return
    report = run(list(read_sets()), list(_open_systems()))
    print(tables(report))
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(to_json(report), encoding="utf-8")
    if arguments.write_docs:
        write_into(DOCS, tables(report))


def run(sets: Sequence[TextSet], systems: Sequence[System]) -> Report:
    """Run every system on every set, and time them."""
    seconds = {system.name: 0.0 for system in systems}
    figures = []
    for one in sets:
        lines = []
        for system in systems:
            start = time.perf_counter()
            hidden = system.hide(one.samples)
            seconds[system.name] += time.perf_counter() - start
            lines.append(line(system.name, _scored(one.samples, hidden)))
        figures.append(
            SetFigures(
                name=one.name,
                note=one.note,
                tells_stays=one.tells_stays,
                characters=sum(len(s.text) for s in one.samples),
                lines=lines,
            )
        )
    characters = sum(one.characters for one in figures)
    speed = {f"{name}, one process": characters / spent for name, spent in seconds.items()}
    everything = [sample for one in sets for sample in one.samples]
    speed[f"Greffier, {PROCESSES} processes"] = characters / _seconds_shared(everything)
    return Report(
        machine=_machine(),
        held_out_sha256=held_out_sha256(),
        versions={system.name: system.version for system in systems},
        sets=figures,
        speed=speed,
        speed_characters=characters,
    )


def profile(samples: Sequence[Sample]) -> Iterator[str]:
    """Yield the processor's seconds of each recogniser, the slowest first, and their sum."""
    spent = {}
    for recognizer in RECOGNIZERS:
        start = time.process_time()
        for sample in samples:
            recognizer.find(sample.text)
        spent[recognizer.name] = time.process_time() - start
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        yield f"{seconds:8.2f} s  {name}"
    characters, total = sum(len(sample.text) for sample in samples), sum(spent.values())
    yield f"{total:8.2f} s  all, {characters / total:,.0f} characters a second"


def misses(system: System, samples: Sequence[Sample]) -> Iterator[str]:
    """Yield every leak and every over-mask on these samples."""
    for sample, hidden in zip(samples, system.hide(samples), strict=True):
        outcome = measure(sample, hidden)
        found = [(f"LEAK {m.label}", m.start, m.end) for m in outcome.leaks]
        found += [(f"TOUCHED {m.label}", m.start, m.end) for m in outcome.touched]
        found += [
            ("BESIDE", start, end)
            for start, end in outcome.beside
            if not any(start < m.end and m.start < end for m in outcome.touched)
        ]
        for what, start, end in found:
            yield f"{what:<20} {sample.id}: {_in_context(sample.text, start, end)}"


def _in_context(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return f"{before}⟦{text[start:end]}⟧{after}".replace("\n", " ⏎ ")


def _scored(samples: Sequence[Sample], hidden: Sequence[Sequence[Span]]) -> Scores:
    scores = Scores()
    for sample, spans in zip(samples, hidden, strict=True):
        scores.add(sample, measure(sample, spans))
    return scores


def _open_systems() -> Iterator[System]:
    for system in SYSTEMS:
        try:
            yield system()
        except SystemMissing as missing:
            print(f"skipped: {missing}")


def _seconds_shared(samples: Sequence[Sample]) -> float:
    """Return the wall time of the guard over all samples, in processes that are already warm."""
    context = multiprocessing.get_context("spawn")
    # Without a time limit a worker that dies before the barrier would be waited for for ever.
    ready = context.Barrier(PROCESSES + 1, timeout=START_SECONDS)
    workers = [
        context.Process(target=_work, args=(samples[n::PROCESSES], ready), daemon=True)
        for n in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    ready.wait()
    start = time.perf_counter()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("a worker of the guard failed")
    return time.perf_counter() - start


def _work(samples: Sequence[Sample], ready: Barrier) -> None:
    guard = Greffier()
    guard.hide(samples[: Greffier.batch])
    ready.wait()
    guard.hide(samples)


def _machine() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.exists() else []
    models = [row.split(":", 1)[1].strip() for row in lines if row.startswith("model name")]
    model = models[0] if models else platform.processor()
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.privacy")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--write-docs", action="store_true", help="rewrite docs/guardrails.md")
    parser.add_argument("--misses", action="store_true", help="errors of the dev parts")
    parser.add_argument("--profile", action="store_true", help="seconds of each recogniser")
    parser.add_argument("--draw", type=int, metavar="N", help="spans of real acts, by eye")
    parser.add_argument("--roster", type=Path, help="names of the elected for --draw, one a line")
    parser.add_argument("--seed", type=int, default=1, help="of --draw")
    return parser.parse_args()


if __name__ == "__main__":
    main()
