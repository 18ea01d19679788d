# SPDX-License-Identifier: EUPL-1.2
"""What `summary` finds of the sample town's papers, beside what a reader found.

    python -m benchmarks.glance [--show] [--data ../shared/data]

The truth is in `glance_facts.toml`, written by eye. For each paper: what is missed, by name. Then
for each field how many were to find and how many are right; of every word that was told, whether
it stands on its page. With `--data`, kind, number and date of real acts too (`acts_facts.toml`; the
documents are not in the repository). Prints a table and a line of JSON; times are of one core.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.glance import Glance, glance
from assistant.glance.around import told
from benchmarks.acts import FACTS as REAL_FACTS
from benchmarks.acts import documents
from corpus.act_rows import number_key
from corpus.errors import CorpusError
from corpus.french import fold
from corpus.readers import read_data
from corpus.structure import Structure

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "samples"
TRUTH = HERE / "glance_facts.toml"
REAL_FIELDS = ("kind", "number", "date")

Pages = list[tuple[int, Structure]]


def read(name: str, data: bytes) -> Pages:
    source = read_data(data, name=name)
    return [(page.number, Structure.of(page.text, page.lines)) for page in source.pages]


def told_of(found: Glance, pages: Pages) -> dict[str, object]:
    """Return what was found, as the truth writes it."""
    vote = found.vote
    counts = "" if vote is None else f"{vote.pour}/{vote.contre}/{vote.abstentions}"
    links = told([(n, page.text) for n, page in pages], title=found.act.object)
    return {
        "kind": found.act.kind,
        "number": found.act.number,
        "date": found.date,
        "vote": "u" if vote and vote.pour is None and vote.unanimous else counts,
        "articles": len([a for a in found.articles if a.number]),
        "ends": sorted(number_key(one.number) for one in links if one.effect.ends),
        "items": len(found.agenda),
        "votes": sum(bool(item.votes) for item in found.agenda),
    }


def misses(truth: Mapping[str, Any], found: Glance, pages: Pages) -> Iterator[tuple[str, str]]:
    """Yield each field of the truth with what is wrong of it; an empty word where it is right."""
    given = told_of(found, pages)
    for field in ("kind", "number", "date", "vote", "articles", "items", "votes"):
        if field in truth:
            right = given[field] == truth[field]
            yield field, "" if right else f"{given[field]!r} and not {truth[field]!r}"
    if "object" in truth:
        right = plain(str(truth["object"])) in plain(found.object)
        yield "object", "" if right else found.object
    ends = sorted(map(number_key, truth.get("ends", [])))
    if ends or given["ends"]:
        yield "ends", "" if given["ends"] == ends else f"{given['ends']} and not {ends}"
    for words, value in truth.get("facts", []):
        is_there = any(
            plain(value) in plain(fact.value) and plain(words) in plain(f"{fact.what} {fact.quote}")
            for fact in found.facts
        )
        yield "facts", "" if is_there else f"{words}: {value}"


def plain(text: str) -> str:
    return " ".join(fold(text).replace("’", "'").split())


def unfounded(found: Glance, pages: Pages) -> Iterator[str]:
    """Yield what was told and does not stand on its page."""
    texts = {number: " ".join(page.text.split()) for number, page in pages}
    whole = " ".join(texts.values())
    for fact in found.facts:
        if " ".join(fact.quote.split()) not in texts[fact.page] or fact.value not in fact.quote:
            yield fact.quote
    for article in found.articles:
        parts = filter(None, re.split(r"\s*\[…\]\s*", article.text))
        yield from (part for part in parts if " ".join(part.split()) not in whole)


def run(*, show: bool) -> dict[str, object]:
    """Measure the sample town's papers."""
    to_find, right = Counter[str](), Counter[str]()
    wrong_words, facts, pages_read, seconds = 0, 0, 0, 0.0
    for truth in tomllib.loads(TRUTH.read_text("utf-8"))["document"]:
        file = str(truth["file"])
        pages = read(file, (SAMPLES / file).read_bytes())
        began = time.process_time()
        found = glance(file, pages)
        seconds += time.process_time() - began
        pages_read += len(pages)
        facts += len(found.facts)
        for words in (lost := list(unfounded(found, pages))):
            print(f"    not on its page: {words}")
        wrong_words += len(lost)
        missed = []
        for field, wrong in misses(truth, found, pages):
            to_find[field] += 1
            right[field] += not wrong
            missed += [f"{field}: {wrong}"] if wrong else []
        print(f"{file}: {len(found.articles)} articles, {len(found.facts)} facts")
        for line in missed:
            print(f"    missed {line}")
        if show:
            for fact in found.facts:
                print(f"    {fact.what} = {fact.value}")
    print("\n| field | to find | right |\n|---|---|---|")
    for field, count in to_find.items():
        print(f"| {field} | {count} | {right[field]} |")
    return {
        "right": dict(right),
        "to_find": dict(to_find),
        "facts_told": facts,
        "words_not_on_their_page": wrong_words,
        "milliseconds_a_page": round(1_000 * seconds / pages_read, 1),
    }


def run_real(data: Path) -> dict[str, object]:
    """Measure kind, number and date of real acts that were read by eye."""
    truths = {row["file"]: row for row in tomllib.loads(REAL_FACTS.read_text("utf-8"))["document"]}
    to_find, right = Counter[str](), Counter[str]()
    for name, content in documents(data):
        if name not in truths:
            continue
        try:
            act = glance(name, read(name, content)).act
        except CorpusError:
            continue
        for field in REAL_FIELDS:
            if truths[name].get(field):
                to_find[field] += 1
                is_right = getattr(act, field) == truths[name][field]
                right[field] += is_right
                if not is_right:
                    print(f"{name}: {field} {getattr(act, field)!r}")
    print("\n| field, real acts | to find | right |\n|---|---|---|")
    for field, count in to_find.items():
        print(f"| {field} | {count} | {right[field]} |")
    return {"real_right": dict(right), "real_to_find": dict(to_find)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--show", action="store_true", help="print each fact")
    parser.add_argument("--data", type=Path, help="folder with the real acts")
    asked = parser.parse_args()
    report = run(show=asked.show)
    if asked.data:
        report |= run_real(asked.data)
    print(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main()
