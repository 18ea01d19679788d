# SPDX-License-Identifier: EUPL-1.2
"""Derives the ordinary words of the simple page's other languages from messages written for us.

    python -m tools.derive_foreign

Messages to town halls that programs invented in English, Spanish, Portuguese, Turkish and Arabic
(`benchmarks/emergencies/`, `benchmarks/sheet/`; none of the sheet's judges) hold no real names. A
word in small letters counts that two authors write, or that stands there three times; once is
enough for what no list of first names or surnames has. What is a first name, or a frequent surname,
counts only where EVERYBODY writes it (« el », « nada »). What three authors write with a capital
(« Monday », « Could ») counts with it. Written to `guardrails/lexicons/foreign_words.txt`, a
language a line.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from benchmarks.emergencies import written as messages
from benchmarks.sheet import JUDGES, written
from guardrails.names.lexicons import FOLDER, read_lines
from guardrails.placeholders import fold

LANGUAGES = ("en", "es", "pt", "tr", "ar")
WORD = re.compile(r"[^\W\d_]+")
MARKS = re.compile(r"\{\w+\}|[\[\]()|]")
AUTHORS, TIMES, EVERYBODY, OF_ARABIC, CAPITAL = 2, 3, 8, 4, 3
BORNE, FREQUENT = 1, 10_000
"""Magnitude of a first name that somebody bears; rank of a surname that is frequent."""


def texts() -> Iterator[tuple[str, str, str]]:
    """Yield language, author and text of each message."""
    for message in messages():
        yield message.lang, message.author, message.text
    for line in written():
        if line.author not in JUDGES:
            yield line.language, line.author, MARKS.sub(" ", line.text)


def derived() -> dict[str, list[str]]:
    """Return the ordinary words of each language: small ones folded, those with a capital as they
    are written."""
    rows = (FOLDER / "first_names.tsv").read_text("utf-8").splitlines()
    first = {name: int(size) for name, size, _ in (row.split("\t") for row in rows)}
    surnames = (FOLDER / "surnames.txt").read_text("utf-8").splitlines()
    in_arabic = {fold(word) for line in read_lines("arabic_names.txt") for word in line.split()}
    frequent, rare = {*surnames[:FREQUENT]} | in_arabic, {*surnames} | first.keys() | in_arabic
    authors = defaultdict[tuple[str, str], set[str]](set)
    times = Counter[tuple[str, str]]()
    for language, author, text in texts():
        for word in WORD.findall(text) if language in LANGUAGES else ():
            is_small = word[0] == word[0].lower()
            key = language, fold(word) if is_small else word
            authors[key].add(author)
            times[key] += 1
    found = defaultdict[str, list[str]](list)
    for (language, word), by in sorted(authors.items()):
        folded = fold(word)
        if word[0] != word[0].lower():
            enough = len(by) >= CAPITAL
        elif folded not in rare:
            enough = True
        else:
            enough = len(by) >= AUTHORS or times[language, word] >= TIMES
        may_be_a_name = first.get(folded, 0) >= BORNE or folded in frequent
        everybody = OF_ARABIC if folded in in_arabic else EVERYBODY
        if len(by) >= everybody or (enough and not may_be_a_name):
            found[language].append(word)
    return found


def main() -> None:
    lines = [f"{language}: {' '.join(words)}" for language, words in derived().items()]
    head = "# Ordinary words of the simple page's other languages (tools/derive_foreign.py)."
    (FOLDER / "foreign_words.txt").write_text("\n".join([head, *sorted(lines)]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
