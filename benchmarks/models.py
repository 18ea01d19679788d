# SPDX-License-Identifier: EUPL-1.2
"""How fast language models read and write on this machine, and what memory they take.

    python -m benchmarks.models [NAME or GGUF…] [--write-docs]

Without a name: those of the catalogue that are there. Each runs in a process of its own, so that
memory is its own; it reads articles of the sample town's rules, none twice. `--write-docs` keeps
the figures (`docs/figures/models.json`) and rewrites the table of `docs/models.md`.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import llama_cpp

from assistant.llama import LlamaModel
from assistant.probe import Probe
from assistant.seams import Extract, Prompt
from assistant.selector import Selector
from assistant.settings import Settings
from assistant.wiring import open_weights
from benchmarks.retrieval import machine
from corpus.weights_catalogue import Purpose

ROOT = Path(__file__).resolve().parents[1]
PAGE, FIGURES = ROOT / "docs" / "models.md", ROOT / "docs" / "figures" / "models.json"
BEGIN, END = "<!-- models:begin -->", "<!-- models:end -->"
TEXTS = ROOT / "samples"
READ_CHARS, LINES = 1500, 20
TIMES, WRITTEN = 3, 40
SYSTEM, ASKED = "Tu réponds en une phrase.", "Que dit ce texte ?"
MEGABYTE = 1024

Figures = Mapping[str, Any]


def measure(path: Path, name: str) -> Figures:
    """Load a model and time it; `name` is that of its probe and its selector."""
    vocabulary = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)

    def count_tokens(text: str) -> int:
        return len(vocabulary.tokenize(text.encode(), add_bos=False))

    before = _resident()
    started = time.perf_counter()
    model = LlamaModel(path, probe=Probe.of(name), selector=Selector.of(name))
    loaded = time.perf_counter() - started
    read, written, selected = [], [], []
    for text in _texts():
        prompt = Prompt(system=SYSTEM, user=f"{text}\n\n{ASKED}")
        started = time.perf_counter()
        pieces = model.write(prompt, max_tokens=WRITTEN, stop="")
        next(pieces)
        first = time.perf_counter()
        count = sum(1 for _ in pieces)
        read.append(count_tokens(prompt.user) / (first - started))
        written.append(count / (time.perf_counter() - first))
        step = READ_CHARS // LINES
        lines = tuple(text[at : at + step] for at in range(0, READ_CHARS, step))
        started = time.perf_counter()
        if model.line_odds(ASKED, [Extract("Texte", lines)]) is not None:
            selected.append(time.perf_counter() - started)
    resident = _resident() - before
    model.close()
    return {
        "load_seconds": round(loaded, 1),
        "resident_megabytes": round(resident),
        "read_tokens_a_second": round(statistics.median(read)),
        "written_tokens_a_second": round(statistics.median(written), 1),
        "selected_seconds": round(statistics.median(selected), 1) if selected else None,
    }


def _texts() -> list[str]:
    whole = "\n".join(path.read_text("utf-8") for path in sorted(TEXTS.glob("*/*.md")))
    return [whole[at * READ_CHARS : (at + 1) * READ_CHARS] for at in range(TIMES)]


def _resident() -> float:
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / MEGABYTE


def table(figures: Figures) -> str:
    """Return the figures in Markdown."""
    lines = [
        f"Machine: {figures['machine']}. File in the cache of the disk; {TIMES} texts of"
        f" {READ_CHARS} characters, medians.",
        "",
        "| model | loads in | memory, its file's pages included | reads, tokens a second"
        " | writes | lines of four passages told apart in |",
        "|---|---|---|---|---|---|",
    ]
    for name, one in figures["models"].items():
        selected = "–" if one["selected_seconds"] is None else f"{one['selected_seconds']} s"
        lines.append(
            f"| `{name}` | {one['load_seconds']} s"
            f" | {one['resident_megabytes']:,} MB | {one['read_tokens_a_second']}"
            f" | {one['written_tokens_a_second']} | {selected} |"
        )
    return "\n".join(lines)


def page(figures: Figures) -> str:
    """Return `docs/models.md` with these figures."""
    block = f"{BEGIN}\n\n{table(figures)}\n\n{END}"
    text = PAGE.read_text("utf-8")
    return re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: block, text, flags=re.DOTALL)


def _found(names: Sequence[str]) -> dict[str, Path]:
    """The files to time, by their names: those asked for, or all that are there."""
    there = {
        one.weights.name: one.path
        for one in open_weights(Settings()).status()
        if one.weights.purpose is Purpose.LANGUAGE_MODEL and one.state == "present"
    }
    return {Path(name).stem: there.get(name, Path(name)) for name in names} or there


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="*", help="names of the catalogue, or GGUF files")
    parser.add_argument("--write-docs", action="store_true", help="rewrite docs/models.md")
    given = parser.parse_args()
    figures: dict[str, Any] = {"machine": machine(), "models": {}}
    for name, path in _found(given.models).items():
        with multiprocessing.get_context("spawn").Pool(1) as alone:
            figures["models"][name] = alone.apply(measure, (path, name))
    print(table(figures))
    if given.write_docs:
        FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
        PAGE.write_text(page(figures), "utf-8")


if __name__ == "__main__":
    main()
