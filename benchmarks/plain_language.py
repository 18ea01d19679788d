# SPDX-License-Identifier: EUPL-1.2
"""How readable answers are, before and after plain language, on 60 answers of the sample town.

    .venv/bin/python -m benchmarks.plain_language [--data DIR] [--count 60]

An answer is the sentence of the source that holds what the question file expects: what the
assistant quotes, and what it says when it says no better. No model is asked, so the figures are the
same on every machine. Read beside it: `benchmarks/plain.py`, which counts rules that are broken.

Kandel and Moles (1958): 207 - 1.015 (words a sentence) - 73.6 (syllables a word); higher is easier.
Frequent words: the 5,000 most frequent forms of Lexique 3.83, if it is beside the repository.
"""

from __future__ import annotations

import re
import sqlite3
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click

from assistant.commands.session import default_data
from assistant.plain import Glossary, PlainLanguage
from assistant.plain.cutting import count_words
from assistant.plain.facts import same_facts
from corpus.french import flat
from corpus.passages import PassageStore
from corpus.sentences import sentences

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = (
    ROOT / "samples" / "questions.toml",
    ROOT / "benchmarks" / "questions" / "samples_dev_2.toml",
)
LEXIQUE = ROOT.parent / "shared" / "data" / "lexique_fr" / "lexique383.db"
FREQUENT = 5_000
_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+", re.IGNORECASE)
_MUTE = re.compile(r"(?<=[^aeiouyàâäéèêëîïôöùûüœæ])e(?:s|nt)?$", re.IGNORECASE)


def answers(store: PassageStore) -> Iterator[str]:
    """Yield the sentence that holds the answer of each question."""
    pages = {document.file: document.id for document in store.documents()}
    questions = [q for f in QUESTIONS for q in tomllib.loads(f.read_text("utf-8"))["question"]]
    for asked in questions:
        document = pages.get(asked.get("file", ""))
        text = store.page(document, asked["page"]) if document else None
        if text is None:
            continue
        spans = [text[start:end] for start, end in sentences(text)]
        wanted = [flat(answer) for answer in asked["answers"]]
        held = [s for s in spans if any(answer in flat(s) for answer in wanted)]
        if held:
            yield " ".join(min(held, key=len).split())


def frequent() -> frozenset[str]:
    """Return the most frequent forms of French, none without Lexique."""
    if not LEXIQUE.is_file():
        return frozenset()
    with closing(sqlite3.connect(f"file:{LEXIQUE}?mode=ro&immutable=1", uri=True)) as lexique:
        rows = lexique.execute(
            "SELECT ortho FROM Lexique GROUP BY ortho ORDER BY sum(freq) DESC LIMIT ?", (FREQUENT,)
        )
        return frozenset(flat(form) for (form,) in rows)


def syllables(word: str) -> int:
    """Return about how many syllables one hears.

    >>> [syllables(word) for word in ("mairie", "repas", "communes")]
    [2, 2, 2]
    """
    return max(1, len(_VOWELS.findall(_MUTE.sub("", word))))


def measure(texts: Sequence[str], known: frozenset[str]) -> dict[str, float]:
    """Return the figures of texts."""
    spans = [text[start:end] for text in texts for start, end in sentences(text)]
    lengths = [count_words(span) for span in spans]
    words = [word for text in texts for word in _WORD.findall(text)]
    heard = sum(syllables(word) for word in words) / len(words)
    mean = sum(lengths) / len(lengths)
    return {
        "words a sentence": mean,
        "longest sentence, in words": max(lengths),
        "sentences of more than 15 words, %": 100 * sum(n > 15 for n in lengths) / len(lengths),
        "Kandel-Moles": 207 - 1.015 * mean - 73.6 * heard,
    } | (
        {"frequent words, %": 100 * sum(flat(word) in known for word in words) / len(words)}
        if known
        else {}
    )


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=default_data())
@click.option("--count", default=60, show_default=True)
def main(data: Path, count: int) -> None:
    """Print the figures before and after."""
    with closing(PassageStore(data / "passages.db")) as store:
        before = list(answers(store))[:count]
    if not before:
        raise SystemExit("the data folder must hold the sample town: greffier demo --no-serve")
    plain = PlainLanguage(Glossary.read())
    after = [plain(text) for text in before]
    known = frequent()
    old, new = measure(before, known), measure(after, known)
    print(f"{'':36}{'before':>10}{'after':>10}")
    for name in old:
        print(f"{name:36}{old[name]:>10.1f}{new[name]:>10.1f}")
    changed = sum(a != b for a, b in zip(before, after, strict=True))
    kept = sum(same_facts(a, b) for a, b in zip(before, after, strict=True))
    print(f"answers {len(before)}, changed {changed}, facts kept in {kept}")


if __name__ == "__main__":
    main()
