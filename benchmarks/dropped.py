# SPDX-License-Identifier: EUPL-1.2
"""How long somebody waits who drops a file of ten pages and asks it, with the real models.

    python -m benchmarks.dropped [--data FOLDER] [--pages 10]

The file is made from the minutes of the sample town. The service is open already (the models are
read), as it is for an agent; the file is read in a process of its own, hidden, split, embedded, and
asked alone, then beside the documents of `--data` (an empty corpus without it). Prints seconds by
the clock for each stage, and a line of JSON.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assistant.answers import Answer
from assistant.commands.session import default_keys
from assistant.settings import Settings
from assistant.wiring import open_parts
from corpus.dropped import Dropped, fleeting, read_of
from corpus.readers.pool import ReadingPool

TEXTS = Path(__file__).parent.parent / "samples" / "sources" / "texts" / "proces-verbaux"
QUESTIONS = (
    "Quel est le montant du lot viandes fraîches ?",
    "Combien le comité des fêtes reçoit-il pour la Saint-Aubin 2026 ?",
    "Quand la séance a-t-elle été levée ?",
)
LINES_A_PAGE, COLUMNS = 52, 95


def paper(pages: int) -> bytes:
    """Return minutes as a PDF of so many pages."""
    minutes = sorted(TEXTS.glob("202*.txt"), reverse=True)
    words = " ".join(path.read_text("utf-8") for path in minutes)
    lines = list(_wrapped(words.replace("**", "").split()))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for number in range(pages):
        text = canvas.beginText(56, 790)
        text.setFont("Helvetica", 10)
        for line in lines[number * LINES_A_PAGE : (number + 1) * LINES_A_PAGE]:
            text.textLine(line)
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _wrapped(words: list[str]) -> Iterator[str]:
    line = ""
    for word in words:
        if len(line) + len(word) > COLUMNS:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    yield line


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds[name] = round(time.perf_counter() - began, 2)


def run(data: Path, keys: Path, pages: int) -> dict[str, object]:
    """Measure each stage."""
    seconds: dict[str, float] = {}
    told: list[str] = []
    file = paper(pages)
    with open_parts(data, keys, Settings.read(data / "greffier.toml")) as parts:
        guard, assistant = parts.guard, parts.assistant
        assistant.ask("Bonjour, quels sont les horaires de la piscine ?")  # all is read once
        guard.screen_documents([["Madame Jeanne Vautrin habite ici."]])
        with (
            fleeting(file) as path,
            ReadingPool(1, in_background=False) as reading,
            closing(Dropped(guard, parts.embedder)) as dropped,
        ):
            with _timed(seconds, "read"):
                source = read_of(reading.submit(path, (), "document.pdf"))
            with _timed(seconds, "hide, split and embed"):
                dropped.take(source, "minutes.pdf")
            for only in (True, False):
                asked = parts.assistant_with(dropped, only=only)
                for number, question in enumerate(QUESTIONS, 1):
                    where = "file alone" if only else "with the town"
                    with _timed(seconds, f"question {number}, {where}"):
                        outcome = asked.ask(question)
                    said = outcome.text if isinstance(outcome, Answer) else outcome.reason.value
                    told.append(f"{question} ({where}) {said}")
    first = sum(seconds[name] for name in ("read", "hide, split and embed"))
    first += seconds["question 1, file alone"]
    for name, spent in seconds.items():
        print(f"{name}: {spent} s")
    print(*told, sep="\n")
    return {
        "pages": pages,
        "cores": len(os.sched_getaffinity(0)),
        "first_answer_seconds": round(first, 2),
        "stages": seconds,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, help="a data folder; an empty one without it")
    parser.add_argument("--pages", type=int, default=10)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder)
        places = (asked.data, default_keys()) if asked.data else (empty / "data", empty / "keys")
        print(json.dumps(run(*places, asked.pages), ensure_ascii=False))


if __name__ == "__main__":
    main()
