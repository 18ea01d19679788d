# SPDX-License-Identifier: EUPL-1.2
"""From one desk to three million acts: arithmetic from what was measured, and from nothing else.

    python -m benchmarks.scale                  writes the tables of docs/scale.md
    python -m benchmarks.scale --folder DIR     counts first what a passage takes on the disk of a
                                                data folder, into docs/figures/scale.json

`tests/docs/test_scale.py` holds the page and the figures in step.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from corpus.passages import PassageStore

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "scale.md"
FIGURES = ROOT / "docs" / "figures"
BLOCK = "<!-- {name}:begin -->\n\n{text}\n\n<!-- {name}:end -->"

DIMENSIONS, FLOAT_BYTES = 384, 4
CORES = 2
"""Those of the machine that measured."""

PAGES_AN_ACT = 2
QUESTIONS_A_DAY = 10
HOURS_A_DAY, DAYS_A_YEAR = 7, 220
ENTRIES_A_QUESTION = 3  # intent, sentence, outcome
WEEK = 7 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one thing costs on the machine that measured."""

    text_pages_a_second: float
    scan_pages_a_second: float
    passages_a_page: float
    text_bytes_a_passage: float
    vector_bytes_a_passage: float
    question_seconds: float
    question_wh: float
    sources_seconds: float
    register_bytes_an_entry: float
    register_entries_a_second: float
    searches: tuple[tuple[int, float], ...]
    """Passages, and the median milliseconds of a search over them; by size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Who asks, and of how many acts."""

    name: str
    acts: int
    agents: int


HOUSES = (
    House(name="one desk", acts=1_000, agents=1),
    House(name="a town", acts=30_000, agents=30),
    House(name="a city", acts=300_000, agents=200),
    House(name="a metropolis, a département", acts=3_000_000, agents=1_000),
)


def measured() -> Measured:
    """Read the figures where they stand."""
    ingestion, answers, scale = (
        json.loads((FIGURES / f"{name}.json").read_text("utf-8"))
        for name in ("ingestion", "answers", "scale")
    )
    text, scans = ingestion["text"]["ours"], ingestion["scans"]["ours"]
    rows = [
        row
        for one in answers["sets"].values()
        for row in one["rows"].get("greffier", [])
        if row["seconds"] > 0
    ]
    register = (ROOT / "docs" / "register.md").read_text("utf-8")
    line = re.search(r"^\| 1,000,000 \| ([\d,]+) \|.*\| ([\d,]+) MB \|$", register, re.MULTILINE)
    if line is None:
        raise AssertionError("docs/register.md has no figures of a million entries")
    singles, megabytes = (float(told.replace(",", "")) for told in line.groups())
    return Measured(
        text_pages_a_second=text["pages"] / text["seconds"],
        scan_pages_a_second=scans["pages"] / scans["seconds"],
        passages_a_page=text["passages"] / text["pages"],
        text_bytes_a_passage=scale["text_bytes"] / scale["passages"],
        vector_bytes_a_passage=scale["vector_bytes"] / scale["passages"],
        question_seconds=statistics.mean(row["seconds"] for row in rows),
        question_wh=statistics.mean(row["energy_wh"] for row in rows),
        sources_seconds=statistics.median(row["sources_seconds"] for row in rows),
        register_bytes_an_entry=megabytes,  # MB for a million entries
        register_entries_a_second=singles,
        searches=tuple((r["passages"], r["median_ms"]) for r in ingestion["search"]["rows"]),
    )


def costs(m: Measured) -> str:
    """Return the table of what one thing costs."""
    size, rate = f"{DIMENSIONS * FLOAT_BYTES / 1e3:.1f} kB", m.register_entries_a_second
    told = {
        "corpus.md": {
            "a page with text: read, screened, indexed": f"{1 / m.text_pages_a_second:.2f} s",
            "a page of files that are mostly scans": f"{1 / m.scan_pages_a_second:.2f} s",
            "passages of a page": f"{m.passages_a_page:.1f}",
        },
        "figures/scale.json": {
            "a passage, full-text index included": f"{m.text_bytes_a_passage / 1e3:.1f} kB",
            "a passage's vector in Chroma's files": f"{m.vector_bytes_a_passage / 1e3:.1f} kB",
        },
        "decisions/embedder.md": {"a vector in memory, its numbers alone": size},
        "quality.md": {
            "the sources of a question on screen": f"{m.sources_seconds:.2f} s",
            "a question to its end, mean of the held-out sets": f"{m.question_seconds:.1f} s",
            "a question's energy": f"{m.question_wh:.3f} Wh",
        },
        "register.md": {
            "an entry of the register": f"{m.register_bytes_an_entry / 1e3:.1f} kB",
            "entries of the register, one by one": f"{rate:,.0f} a second",
        },
    }
    rows = [(what, cost, where) for where, some in told.items() for what, cost in some.items()]
    lines = (f"| {what} | {cost} | [{where}]({where}) |" for what, cost, where in rows)
    return "\n".join(("| what | cost | stands in |", "|---|---|---|", *lines))


def sizes(m: Measured) -> str:
    """Return the table of what each house needs."""
    head = ("what", *(house.name for house in HOUSES))
    rows: list[tuple[str, ...]] = [
        ("acts", *(f"{h.acts:,}" for h in HOUSES)),
        ("pages", *(f"{_pages(h):,}" for h in HOUSES)),
        ("passages", *(f"{_pages(h) * m.passages_a_page:,.0f}" for h in HOUSES)),
        ("first reading, 2 cores", *(_days(_reading(h, m)) for h in HOUSES)),
        ("cores to read all in a week", *(str(_up(_reading(h, m) / WEEK * CORES)) for h in HOUSES)),
        ("`passages.db`", *(_size(_passages(h, m) * m.text_bytes_a_passage) for h in HOUSES)),
        ("vectors on disk", *(_size(_passages(h, m) * m.vector_bytes_a_passage) for h in HOUSES)),
        (
            "vectors in memory, at least",
            *(_size(_passages(h, m) * DIMENSIONS * FLOAT_BYTES) for h in HOUSES),
        ),
        ("a search, median", *(_search(_passages(h, m), m) for h in HOUSES)),
        ("agents", *(f"{h.agents:,}" for h in HOUSES)),
        ("questions a day", *(f"{_asked(h):,}" for h in HOUSES)),
        (
            "model machines of 2 cores, busy all day",
            *(f"{_asked(h) * m.question_seconds / (HOURS_A_DAY * 3600):.2f}" for h in HOUSES),
        ),
        ("energy a year", *(f"{_year(h) * m.question_wh / 1e3:,.1f} kWh" for h in HOUSES)),
        (
            "register a year",
            *(_size(_year(h) * ENTRIES_A_QUESTION * m.register_bytes_an_entry) for h in HOUSES),
        ),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))


def _pages(house: House) -> int:
    return house.acts * PAGES_AN_ACT


def _passages(house: House, m: Measured) -> float:
    return _pages(house) * m.passages_a_page


def _search(passages: float, m: Measured) -> str:
    """Return how long a search takes, on the line through the two largest sizes measured."""
    (few, fast), (many, slow) = m.searches[-2:]
    ms = max(fast, slow + (passages - many) * (slow - fast) / (many - few))
    return f"{ms / 1e3:.1f} s" if ms > 1_000 else f"{ms:.0f} ms"


def _reading(house: House, m: Measured) -> float:
    """Seconds of first reading, half of the pages with text and half like the scans' set."""
    return _pages(house) / 2 * (1 / m.text_pages_a_second + 1 / m.scan_pages_a_second)


def _asked(house: House) -> int:
    return house.agents * QUESTIONS_A_DAY


def _year(house: House) -> int:
    return _asked(house) * DAYS_A_YEAR


def _up(number: float) -> int:
    return max(1, -int(-number // 1))


def _days(seconds: float) -> str:
    return f"{seconds / 86_400:.1f} days" if seconds > 86_400 else f"{seconds / 3_600:.1f} h"


def _size(count: float) -> str:
    return f"{count / 1e9:,.1f} GB" if count > 1e9 else f"{count / 1e6:,.0f} MB"


def count(folder: Path) -> dict[str, int]:
    """Return what the passages of a data folder take."""
    database, vectors = folder / "passages.db", folder / "vectors"
    with closing(PassageStore(database)) as store:
        passages = store.passage_count()
    return {
        "passages": passages,
        "text_bytes": database.stat().st_size,
        "vector_bytes": sum(path.stat().st_size for path in vectors.rglob("*") if path.is_file()),
    }


def page() -> str:
    """Return the page with its tables made anew."""
    text, m = PAGE.read_text("utf-8"), measured()
    for name, table in (("costs", costs(m)), ("sizes", sizes(m))):
        pattern = rf"<!-- {name}:begin -->.*<!-- {name}:end -->"
        text = re.sub(
            pattern, lambda _, n=name, t=table: BLOCK.format(name=n, text=t), text, flags=re.DOTALL
        )
    return text


def main() -> None:
    """Count, if a folder is given; then write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="a data folder with passages.db and vectors")
    given = parser.parse_args()
    if given.folder:
        told = json.dumps(count(given.folder), indent=1)
        (FIGURES / "scale.json").write_text(told + "\n", "utf-8")
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
