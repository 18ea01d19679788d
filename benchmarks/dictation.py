# SPDX-License-Identifier: EUPL-1.2
"""How well the simple page's dictation hears French: word error rate on human recordings.

    .venv/bin/python -m benchmarks.dictation [--count 120] [--out FILE.json]

The recordings and their transcripts are Debian's `asterisk-core-sounds-fr-wav` and
`asterisk-core-sounds-fr` (one Canadian voice, telephone quality, 8 kHz): unlike synthetic voices,
they are somebody. They are short announcements, not questions: a lead, not the truth of a counter.
Those of three words and more are taken, every n-th of them in the order of their names.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from corpus.french import fold
from corpus.weights import Weights
from ui.senior.hearing import Unheard, open_ears
from ui.sound import MAX_SECONDS

SOUNDS = Path("/usr/share/asterisk/sounds/fr_CA_f_June")
TRANSCRIPTS = Path("/usr/share/doc/asterisk-core-sounds-fr/core-sounds-fr.txt.gz")
MIN_WORDS = 3
DIGITS = ("zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")


@dataclass(frozen=True, slots=True)
class Heard:
    """One recording: words that were said, words wrong, seconds of sound and of work."""

    name: str
    said: str
    heard: str
    words: int
    errors: int
    sound_seconds: float
    seconds: float


def recordings() -> list[tuple[Path, str]]:
    """Return each recording that has a transcript of enough words, and that the page would take."""
    lines = gzip.decompress(TRANSCRIPTS.read_bytes()).decode("utf-8").splitlines()
    found = []
    for line in lines:
        name, _, said = line.partition(": ")
        file = SOUNDS / f"{name.strip()}.wav"
        # « (…) » and « […] » are stage directions, not words
        if not file.is_file() or seconds_of(file) > MAX_SECONDS:
            continue
        if not re.search(r"[\[(<]", said) and len(words(said)) >= MIN_WORDS:
            found.append((file, said.strip()))
    return sorted(found)


def words(text: str) -> list[str]:
    """Return the words that count: without accents, signs or capitals, digits spelled out."""
    spelled = re.sub(r"\d", lambda digit: f" {DIGITS[int(digit[0])]} ", fold(text))
    return re.findall(r"[a-z]+", spelled)


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """Return how many words must be changed, put in or taken out (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def seconds_of(file: Path) -> float:
    """Return how long a recording of the package lasts: 16 bits, 8,000 a second."""
    return max(0, file.stat().st_size - 44) / 16_000


@click.command()
@click.option("--count", default=120, show_default=True)
@click.option("--threads", default=2, show_default=True)
@click.option("--out", type=click.Path(path_type=Path))
def main(count: int, threads: int, out: Path | None) -> None:
    """Hear the recordings, print the figures, and keep each one in a file."""
    if not TRANSCRIPTS.is_file():
        raise SystemExit("apt install asterisk-core-sounds-fr asterisk-core-sounds-fr-wav")
    ears = open_ears(Weights(), threads=threads)
    if ears is None:
        raise SystemExit("the extra `dictation` and its four weights are needed: docs/models.md")
    every = recordings()
    chosen = every[:: max(1, len(every) // count)][:count]
    ears(chosen[0][0].read_bytes())  # loads the model
    results = []
    for file, said in chosen:
        start = time.perf_counter()
        try:
            heard = ears(file.read_bytes())
        except Unheard:
            heard = ""
        spent = time.perf_counter() - start
        expected = words(said)
        errors = distance(expected, words(heard))
        results.append(
            Heard(file.stem, said, heard, len(expected), errors, seconds_of(file), spent)
        )
    report(results, len(every))
    if out:
        rows = [{name: getattr(r, name) for name in Heard.__slots__} for r in results]
        out.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")


def report(results: Sequence[Heard], of: int) -> None:
    total, wrong = sum(r.words for r in results), sum(r.errors for r in results)
    whole = sum(r.errors == 0 for r in results)
    six = [r for r in results if 4 <= r.sound_seconds <= 8]
    print(f"recordings              {len(results)} of {of}, {total} words")
    print(f"word error rate         {wrong / total:.1%}")
    print(f"heard without an error  {whole / len(results):.1%}")
    print(f"nothing heard           {sum(not r.heard for r in results)}")
    if six:
        print(f"4 to 8 s of speech      {statistics.median(r.seconds for r in six):.1f} s, median")
    sound = sum(r.sound_seconds for r in results)
    print(f"real-time factor        {sum(r.seconds for r in results) / sound:.2f}")


if __name__ == "__main__":
    main()
