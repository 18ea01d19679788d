# SPDX-License-Identifier: EUPL-1.2
"""How often an act's particulars are read rightly, on real acts read by eye.

    python -m benchmarks.acts [--without-scans] [--show]

The facts are in `acts_facts.toml`; the documents are not in the repository. For each field:
how many were given, how many of those are right (precision), and how many of those to find
were found (recall). `links` counts false alarms: none of these documents repeals another.
Prints a table and a line of JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.acts import Act, read_act
from corpus.errors import CorpusError
from corpus.french import WORD, fold
from corpus.readers import read_data
from corpus.votes import Votes

FACTS = Path(__file__).with_name("acts_facts.toml")
FIELDS = ("kind", "number", "date", "service", "signatory", "object", "title", "items", "votes")


@dataclass(slots=True)
class Score:
    """One field over all documents."""

    field: str
    to_find: int = 0
    given: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        return round(self.right / self.given, 3) if self.given else 0.0

    @property
    def recall(self) -> float:
        return round(self.right / self.to_find, 3) if self.to_find else 0.0


def documents(data: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and bytes of each real act."""
    for archive in sorted((data / "mairie_montpellier_opendata").rglob("*.zip")):
        with zipfile.ZipFile(archive) as files:
            for name in sorted(files.namelist()):
                if name.endswith(".pdf"):
                    yield Path(name).name, files.read(name)
    for town in ("mairie_montpellier_opendata", "mairie_pierrefonds", "mairie_corte"):
        for path in sorted((data / town).rglob("*.pdf")):
            yield path.name, path.read_bytes()


def fingerprint(words: str) -> str:
    """Return what the facts keep of an object: its first words, not to be read."""
    first = " ".join(WORD.findall(fold(words))[:6])
    return hashlib.sha256(first.encode()).hexdigest()[:12] if first else ""


def given(act: Act) -> dict[str, str]:
    """Return what was read of an act, as the facts write it."""
    return {
        "kind": act.kind,
        "number": act.number,
        "date": act.date,
        "service": act.service,
        "signatory": act.signatory,
        "object": fingerprint(act.object),
        "title": fingerprint(named(act)),
        "items": str(len(act.items)) if act.items else "",
    }


def named(act: Act) -> str:
    """Return what a list of documents says behind an act's kind, number and day; minutes, which
    have no object, are named by their kind and their day."""
    subject = act.label.partition(" – ")[2] if act.kind and (act.number or act.date) else act.label
    return subject or act.label


def is_named(act: Act, fact: Mapping[str, object]) -> bool:
    """Whether a list calls a document as its reader would: by its words, or by its kind and day."""
    wanted = fact.get("titles", [fact["title"]] if "title" in fact else [])
    if not isinstance(wanted, list) or fingerprint(named(act)) in wanted:
        return True
    is_day_alone = named(act) == act.label and bool(act.kind and act.date)
    return is_day_alone and "object" not in fact and act.date == fact.get("date")


def last_votes(act: Act) -> list[str]:
    return [_vote(item.votes[-1][1]) if item.votes else "" for item in act.items]


def _vote(vote: Votes) -> str:
    if vote.pour is None or (vote.unanimous and vote.pour == 0):
        return ("u" if vote.outcome == "adopted" else "r") if vote.unanimous else ""
    return f"{vote.pour}/{vote.contre}/{vote.abstentions}"


def judge(
    scores: Mapping[str, Score], fact: Mapping[str, object], act: Act, *, show: bool = False
) -> None:
    """Count what was read of one document."""
    for field, value in given(act).items():
        if field not in fact and not (field == "title" and "titles" in fact):
            continue
        scores[field].to_find += 1
        scores[field].given += bool(value)
        is_right = is_named(act, fact) if field == "title" else value == str(fact[field])
        scores[field].right += is_right
        if show and not is_right:
            print(f"{fact['file']}: {field} {getattr(act, field) or value!r} | {act.label}")
    wanted, read = str(fact.get("votes", "")).split(), last_votes(act)
    if wanted:
        scores["votes"].to_find += len(wanted)
        scores["votes"].given += sum(map(bool, read))
        same_items = len(wanted) == len(read)
        scores["votes"].right += (
            sum(a == b for a, b in zip(wanted, read, strict=True)) if same_items else 0
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--without-scans", action="store_true", help="leave scanned acts out")
    parser.add_argument("--show", action="store_true", help="print what is wrong, not to be kept")
    asked = parser.parse_args()
    facts = {fact["file"]: fact for fact in tomllib.loads(FACTS.read_text("utf-8"))["document"]}
    scores = {field: Score(field) for field in FIELDS}
    links = read = 0
    for name, data in documents(asked.data):
        if name not in facts or (asked.without_scans and "corte" in name):
            continue
        try:
            source = read_data(data, name=name)
        except CorpusError as error:
            print(f"{name}: {error}")
            continue
        first = source.pages[0].lines if source.pages else ()
        act = read_act([(page.number, page.text) for page in source.pages], name, first)
        judge(scores, facts[name], act, show=asked.show)
        links += sum(link.effect.ends for _, link in act.links)
        read += 1
    print(f"{read} documents\n\n| field | to find | given | precision | recall |")
    print("|---|---|---|---|---|")
    for s in scores.values():
        print(f"| {s.field} | {s.to_find} | {s.given} | {s.precision:.3f} | {s.recall:.3f} |")
    print(f"\nacts wrongly said to end another: {links}")
    print(json.dumps({"documents": read, "fields": [asdict(s) for s in scores.values()],
                      "false_ends": links}))  # fmt: skip


if __name__ == "__main__":
    main()
