# SPDX-License-Identifier: EUPL-1.2
"""How far plain language gets, by the linter, on the sentences of real and invented documents.

    python -m benchmarks.plain [--write-docs]

Each sentence of at least five words of the text files is said plainly; counted is how many break
each rule before and after, and how many are left as they were because a fact would have changed.
No model and no time is in it: the figures are the same on every machine.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from assistant.plain import Glossary, PlainLanguage, lint
from assistant.plain.cutting import count_words
from assistant.plain.facts import same_facts
from corpus.sentences import sentences

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ROOT / "docs" / "figures" / "plain.json"
FAQ = ROOT.parent / "shared" / "data" / "faq_collectivite_arno37" / "raw"
SOURCES = {
    "the sample town's text files": (ROOT / "samples", ("**/*.md", "**/*.txt")),
    "answers of a community of communes": (FAQ, ("faq_base.json",)),
}
MIN_WORDS = 5
RULES = (
    "long_sentence",
    "percent",
    "short_date",
    "abbreviation",
    "roman_numeral",
    "double_negation",
)
NOT_RUN = "Not measured yet: `python -m benchmarks.plain --write-docs` writes this part."


def read(folder: Path, patterns: tuple[str, ...]) -> Iterator[str]:
    """Yield the sentences of a folder's text files."""
    for file in sorted({file for pattern in patterns for file in folder.glob(pattern)}):
        text = file.read_text("utf-8")
        if file.suffix == ".json":
            text = "\n".join(entry["answer"] for entry in json.loads(text)["faq"])
        for start, end in sentences(text):
            sentence = " ".join(text[start:end].strip("#*->0123456789. ").split())
            if count_words(sentence) >= MIN_WORDS and "|" not in sentence:
                yield sentence


def measure(texts: Iterator[str]) -> dict[str, dict[str, int] | int]:
    """Count broken rules before and after, sentences changed, and facts that held one back."""
    glossary = Glossary.read()
    plain = PlainLanguage(glossary)
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for text in texts:
        said = plain(text)
        counts["sentences"] += 1
        counts["changed"] += said != text
        counts["facts_changed"] += not same_facts(text, said)
        counts["held_back"] += plain.would_change_a_fact(text)
        counts["explained"] += len(glossary.explained(said))
        before.update({remark.rule for remark in lint(text, glossary)})
        after.update({remark.rule for remark in lint(said, glossary)})
    rules = {rule: (before[rule], after[rule]) for rule in RULES}
    return {
        **counts,
        "before": {rule: one for rule, (one, _) in rules.items()},
        "after": {rule: two for rule, (_, two) in rules.items()},
    }


def tables(file: Path = FIGURES) -> str:
    """Return the table in Markdown."""
    if not file.exists():
        return NOT_RUN
    kept = json.loads(file.read_text("utf-8"))
    lines = ["| | " + " | ".join(kept) + " |", "|---|" + "---|" * len(kept)]
    for key, label in (
        ("sentences", "sentences of five words and more"),
        ("changed", "changed"),
        ("held_back", "left as they were, because a fact would have changed"),
        ("facts_changed", "of which a fact changed"),
        ("explained", "hard words explained"),
    ):
        lines.append(f"| {label} | " + " | ".join(str(one[key]) for one in kept.values()) + " |")
    for rule in RULES:
        shown = (f"{one['before'][rule]} → {one['after'][rule]}" for one in kept.values())
        lines.append(f"| sentences with `{rule}`, before → after | " + " | ".join(shown) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, default=FIGURES)
    parser.add_argument("--write-docs", action="store_true", help="rewrite docs/quality.md")
    given = parser.parse_args()
    figures = {
        name: measure(read(folder, patterns))
        for name, (folder, patterns) in SOURCES.items()
        if folder.is_dir()
    }
    given.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(tables(given.json))
    if given.write_docs:
        from benchmarks import quality

        quality.write()


if __name__ == "__main__":
    main()
