# SPDX-License-Identifier: EUPL-1.2
"""What the selector learns from: a question, lines that may answer, and which of them does.

    towns', real papers ─the product's own reader, search, weigher, cut─▶ Example… ─▶ one a line
    single papers, PIAF ─sentences─▶ Example…

In three of ten what answers is taken out, so that a question alone does not tell whether it is
answered. Where a paper is asked what it does not tell, only its own lines are shown: another
paper of the town may tell it. A line of another paper that holds the answer's words is neither
right nor wrong; one that begins as a row of the answer does (Monday's of another place) is wrong.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from assistant.evidence import Weigher
from assistant.excerpts import Excerpt, excerpts
from assistant.prompt import MAX_HEADING_CHARS
from assistant.rows import is_row, subject
from assistant.seams import Extract
from assistant.selection import lines_of
from assistant.understanding.questions import understand
from assistant.wiring import Parts
from benchmarks.answers import opened
from benchmarks.answers_sets import DATA, AnswerSet
from benchmarks.probe_pairs import LOTS
from benchmarks.retrieval import is_learnt
from benchmarks.selector_documents import Asked, RealPapers
from corpus.documents import Retrieved
from corpus.french import fold
from corpus.sentences import sentences
from guardrails.findings import Screened

LEFT_OUT = 0.3
"""Share of answered questions whose answer is taken out."""
FROM_ITS_PAPER = 0.4
"""Share of a town's questions that see lines of the own paper alone."""
SHUFFLED = 0.25
FOUND_CUTS = ((500, 300, 250, 200), (600, 400, 300, 300), (400, 300, 300))
OWN_CUT = (700, 400)
UNANSWERED = 0.6
"""Share that is kept of the questions on real papers whose answer is not among the lines."""
MOST_RIGHT = 2
"""Lines that may hold the answer's words; where more do, the words say nothing."""
CARDS = Path(__file__).with_name("cards")
JUDGED = frozenset({"voices_3", "voices_11"})
CARDS_HEADING = "Questions validées"
CARDS_NEAR, CARDS_BESIDE = 3, 2
PIAF_SHARE = 0.25
PIAF_LINES, PIAF_BESIDE, PIAF_CHARS = 6, 3, 1400

CUT_ROW = 25
"""A row of an answer that is as long may end within a word."""

YEAR = re.compile(r"\b20[0-3]\d\b")
UNKNOWN = -1
Labels = list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Extracts under a question; `labels` has 1 for a line that answers, 0 for one that does not,
    -1 where that is not known."""

    question: str
    extracts: tuple[Extract, ...]
    labels: tuple[int, ...]


def of_towns(
    papers: Sequence[Path], folder: Path, seed: int, most: int | None = None
) -> Iterator[Example]:
    """Read each town as the product does (indexes are kept in `folder`); ask its questions, or
    `most` of them."""
    for number, path in enumerate(papers):
        town = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        one = AnswerSet(
            questions=folder / f"{path.stem}.toml",
            sources=(),
            lay=partial(_lay, town),
            note="",
        )
        asked = [
            Asked(f"{place:03}", row["question"], row.get("answer"), tuple(row.get("rows") or ()))
            for place, paper in enumerate(town)
            for row in paper["questions"]
        ]
        chance = random.Random(seed + number)
        if most is not None and most < len(asked):
            asked = chance.sample(asked, most)
        with opened(one, folder) as parts:
            yield from _found(asked, parts, chance)


def of_other_years(examples: Iterable[Example], seed: int) -> Iterator[Example]:
    """Ask each question that names a year of a year that no line has: nothing answers it. Only
    where the lines that answer, or their headings, say the year that was asked."""
    chance = random.Random(seed)
    for one in examples:
        told = dict.fromkeys(YEAR.findall(one.question))
        under = [f"{extract.heading} {line}" for extract in one.extracts for line in extract.lines]
        right = [text for text, label in zip(under, one.labels, strict=True) if label == 1]
        if len(told) != 1 or not right or not all(year in text for text in right for year in told):
            continue
        (asked,) = told
        years = (str(int(asked) + step) for step in (-3, -2, -1, 1, 2, 3))
        if others := [year for year in years if not any(year in text for text in under)]:
            question = one.question.replace(asked, chance.choice(others))
            yield replace(one, question=question, labels=(0,) * len(one.labels))


def of_documents(papers: Sequence[RealPapers], folder: Path, seed: int) -> Iterator[Example]:
    """Read real papers as the product does; ask what is asked of them."""
    for number, kind in enumerate(papers):
        one = AnswerSet(questions=folder / f"{kind.name}.toml", sources=(), lay=kind.laid, note="")
        chance = random.Random(seed + number)
        with opened(one, folder) as parts:
            for example in _found(kind.asked, parts, chance):
                if 1 in example.labels or chance.random() < UNANSWERED:
                    yield example


def _lay(town: Sequence[dict[str, Any]], folder: Path) -> None:
    for number, paper in enumerate(town):
        heading = paper["heading"].replace("\n", " ")
        (folder / f"{number:03}.md").write_text(f"# {heading}\n\n{_markdown(paper['text'])}\n")


def _markdown(text: str) -> str:
    """Lines with bars become a table, the first its head; single ones, cells of one row."""
    blocks: list[str] = []
    rows: list[str] = []
    for line in [*text.split("\n"), ""]:
        if " | " in line:
            rows.append(line)
            continue
        if len(rows) > 1 and " : " not in rows[0].split("|")[0]:
            columns = rows[0].count("|") + 1
            cells = [(row.split("|") + [""] * columns)[:columns] for row in rows]
            lines = [f"| {' | '.join(cell.strip() for cell in row)} |" for row in cells]
            blocks.append("\n".join([lines[0], "|" + "---|" * columns, *lines[1:]]))
        else:
            blocks += [row.replace(" | ", " ; ") for row in rows]
        rows = []
        blocks.append(line)
    return "\n\n".join(blocks)


def _found(asked: Sequence[Asked], parts: Parts, chance: random.Random) -> Iterator[Example]:
    weigher = Weigher(parts.embedder, parts.wording)
    for one in asked:
        question = parts.question_reader(understand(Screened(one.question)))
        if question.refusal:
            continue
        evidence = parts.search(Screened(question.text), limit=parts.settings.search.passages)
        is_answered = one.answer is not None or bool(one.rows)
        is_alone = not is_answered or chance.random() < FROM_ITS_PAPER
        if is_alone:
            evidence = [found for found in evidence if _is_of(found, one.file)]
        cut = OWN_CUT if is_alone else chance.choice(FOUND_CUTS)
        found = excerpts(weigher.candidates(question, evidence), question.years, cut)
        if not is_alone and chance.random() < SHUFFLED:
            chance.shuffle(found)
        lines = [
            [(line, _is_of(excerpt, one.file)) for line in lines_of(excerpt)] for excerpt in found
        ]
        headings = [excerpt.passage.heading for excerpt in found]
        example = _example(question.text, headings, lines, _Answer(one.answer, one.rows), chance)
        if example:
            yield example


def _is_of(found: Retrieved | Excerpt, file: str) -> bool:
    return Path(found.passage.file).stem == file


def of_papers(seed: int) -> Iterator[Example]:
    """Ask single papers (`readings/lot_*.jsonl`) their own questions."""
    chance = random.Random(seed)
    for lot in sorted(LOTS.glob("lot_*.jsonl")):
        for row in lot.read_text("utf-8").splitlines():
            paper = json.loads(row)
            text = paper["text"].replace(" | ", " ; ")
            lines = [(line, True) for part in text.split("\n") for line in _sentences(part)]
            for asked in paper["questions"]:
                question = understand(Screened(asked["question"])).text
                heading, answer = paper["heading"], _Answer(asked["answer"])
                example = _example(question, [heading], [lines], answer, chance)
                if example:
                    yield example


def of_cards(seed: int) -> Iterator[Example]:
    """Ask in residents' own words what a validated question asks, and what its neighbours ask: the
    lines are such questions, that one among them or not. What judges when cards are served
    (`benchmarks/cards.py`, `JUDGED`) is left out."""
    chance = random.Random(seed)
    for file in sorted(CARDS.glob("voices_*.jsonl")):
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        for row in rows if file.stem not in JUDGED else ():
            near = row["near"]
            others = [other["question"] for other in chance.sample(rows, CARDS_BESIDE)]
            known = [row["question"], *(one["asks"] for one in near)]
            asked = [(text, 0) for text in row["same"]]
            asked += [(text, place) for place, one in enumerate(near, 1) for text in one["said"]]
            for text, right in asked:
                lines = [one for place, one in enumerate(known) if place != right]
                lines = chance.sample(lines, CARDS_NEAR) + [o for o in others if o not in known]
                labels = dict.fromkeys(lines, 0)
                if chance.random() >= LEFT_OUT:
                    labels[known[right]] = 1
                shown = [*labels]
                chance.shuffle(shown)
                yield Example(
                    question=understand(Screened(text)).text,
                    extracts=(Extract(CARDS_HEADING, tuple(shown)),),
                    labels=tuple(labels[line] for line in shown),
                )


def of_piaf(seed: int) -> Iterator[Example]:
    """Ask articles that the embedder may learn from; other paragraphs of each stand beside."""
    chance = random.Random(seed)
    articles = json.loads((DATA / "piaf/piaf_public.json").read_text("utf-8"))["data"]
    for number, article in enumerate(articles):
        if not is_learnt(number):
            continue
        paragraphs = article["paragraphs"]
        for place, paragraph in enumerate(paragraphs):
            for asked in paragraph["qas"]:
                if chance.random() > PIAF_SHARE:
                    continue
                beside = [p["context"] for n, p in enumerate(paragraphs) if n != place]
                example = _of_paragraph(paragraph["context"], beside, asked, chance)
                if example and sum(map(len, _all_lines(example))) <= PIAF_CHARS:
                    yield example


def _of_paragraph(
    context: str, beside: list[str], asked: dict[str, Any], chance: random.Random
) -> Example | None:
    start = asked["answers"][0]["answer_start"]
    own = [(" ".join(context[a:b].split()), int(a <= start < b)) for a, b in sentences(context)]
    held = next((n for n, (_, answers) in enumerate(own) if answers), 0)
    first = max(0, held - chance.randrange(1, PIAF_LINES - 1))
    own = own[first : first + PIAF_LINES]
    if chance.random() < LEFT_OUT:
        own = [pair for pair in own if not pair[1]]
    groups = [own]
    chance.shuffle(beside)
    for other in beside[: chance.choice((0, 1, 2))]:
        lines = _sentences(other)
        first = chance.randrange(max(1, len(lines) - PIAF_BESIDE + 1))
        groups.append([(line, 0) for line in lines[first : first + PIAF_BESIDE]])
    chance.shuffle(groups)
    groups = [group for group in groups if group]
    if not groups:
        return None
    return Example(
        question=understand(Screened(asked["question"])).text,
        extracts=tuple(Extract("", tuple(line for line, _ in group)) for group in groups),
        labels=tuple(label for group in groups for _, label in group),
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """What answers: a few words in a line, or lines that do together, by how each begins."""

    words: str | None
    rows: tuple[str, ...] = ()

    def holds(self, line: str) -> bool:
        if self.rows:
            told, begun = _flat(subject(line)) if is_row(line) else "", f"{_flat(line)} "
            return any(
                told == _flat(row) or begun.startswith(_flat(row) + " " * (len(row) < CUT_ROW))
                for row in self.rows
            )
        return self.words is not None and f" {_flat(self.words)} " in f" {_flat(line)} "


def _example(
    question: str,
    headings: Sequence[str],
    groups: Sequence[Sequence[tuple[str, bool]]],
    answer: _Answer,
    chance: random.Random,
) -> Example | None:
    """Label lines, each told beside whether it is of the paper that was asked."""
    holding = [is_own for group in groups for line, is_own in group if answer.holds(line)]
    is_told = bool(answer.rows) or sum(holding) <= MOST_RIGHT
    leaves_out = any(holding) and chance.random() < LEFT_OUT
    elsewhere = 0 if answer.rows else UNKNOWN  # Monday's row of another place
    extracts: list[Extract] = []
    labels: Labels = []
    for heading, group in zip(headings, groups, strict=True):
        kept = list[str]()
        for line, is_own in group:
            label = 0
            if answer.holds(line):
                label = elsewhere if not is_own else 1 if is_told else UNKNOWN
            if not (label and leaves_out):
                kept.append(line)
                labels.append(label)
        if kept:
            extracts.append(Extract(heading[-MAX_HEADING_CHARS:], tuple(kept)))
    if not labels or (UNKNOWN in labels and 1 not in labels):
        return None
    return Example(question=question, extracts=tuple(extracts), labels=tuple(labels))


def _all_lines(example: Example) -> Iterator[str]:
    for extract in example.extracts:
        yield from extract.lines


def _sentences(text: str) -> list[str]:
    lines = (" ".join(text[start:end].split()) for start, end in sentences(text))
    return [line for line in lines if line]


def _flat(text: str) -> str:
    spaced = fold(text).replace("\u202f", " ").replace("\xa0", " ")
    return re.sub(r"[^a-z0-9%€]+", " ", spaced).strip()
