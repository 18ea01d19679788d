# SPDX-License-Identifier: EUPL-1.2
"""What `benchmarks/probe.py` reads: excerpts with a question, and whether they answer.

PIAF, written lots, the sets that may be tuned on ─▶ Pair… ─model▶ Pairs(states, …) in a file
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation import read_questions
from assistant.evidence import Weigher
from assistant.excerpts import EXCERPT_CHARS, Excerpt, excerpts
from assistant.prompt import Frame
from assistant.seams import Prompt
from assistant.understanding.questions import understand
from benchmarks.answers import opened
from benchmarks.answers_sets import DATA, ROOT, SETS
from benchmarks.calibration import stands
from corpus.documents import Passage
from corpus.embedder import OnnxEmbedder
from corpus.french import fold
from corpus.sentences import sentences
from guardrails.findings import Screened

OWN, SIBLINGS, NEAR = 5, 4, 2
"""Questions asked of a paragraph: its own, those of its article, the nearest of others."""
SEED = 7
LONG = 700
MAX_EMBEDDED = 1200
SET, LOT, NEAR_MISS = "set ", "lot ", "near "
LOTS = ROOT / "benchmarks" / "readings"
Floats = NDArray[np.float32]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An excerpt and a question: whether it answers, and where the pair is from (article, set)."""

    origin: str
    prompt: Prompt
    answers: bool

    @property
    def key(self) -> str:
        return sha256(self.prompt.user.encode()).hexdigest()[:16]


@dataclass(slots=True)
class Pairs:
    """What was read: `states` has shape (pairs, layers, width), `doubt` is the logarithm of the
    probability that the model begins to say that it does not know."""

    keys: list[str]
    origins: list[str]
    states: list[NDArray[np.float16]]
    answers: list[bool]
    doubt: list[float]

    @classmethod
    def read(cls, path: Path) -> Pairs:
        if not path.exists():
            return cls([], [], [], [], [])
        with np.load(path, allow_pickle=False) as kept:
            return cls(
                kept["keys"].tolist(), kept["origins"].tolist(), [*kept["states"]],
                kept["answers"].tolist(), kept["doubt"].tolist(),
            )  # fmt: skip

    def write(self, path: Path) -> None:
        np.savez(
            path, keys=self.keys, origins=self.origins, states=np.array(self.states),
            answers=self.answers, doubt=self.doubt,
        )  # fmt: skip

    def of_layer(self, place: int) -> tuple[Floats, Truths]:
        """States (pairs, width) of the layer at that place of LAYERS, and what answers."""
        return np.array(self.states)[:, place].astype(np.float32), np.array(self.answers, bool)


def piaf(embedder: OnnxEmbedder) -> Iterator[list[Pair]]:
    """Yield the pairs of each paragraph, in an order that a seed gives."""
    chance = random.Random(SEED)
    paragraphs: list[tuple[int, str, str]] = []
    asked: list[tuple[int, str, str]] = []
    articles = json.loads((DATA / "piaf/piaf_public.json").read_text("utf-8"))["data"]
    for number, article in enumerate(articles):
        for paragraph in article["paragraphs"]:
            asked += [
                (len(paragraphs), one["question"], " ".join(one["answers"][0]["text"].split()))
                for one in paragraph["qas"]
            ]
            paragraphs.append((number, article["title"], paragraph["context"]))
    vectors = np.array([embedder.embed_query(question) for _, question, _ in asked])
    about = embedder.embed_passages([context[:MAX_EMBEDDED] for *_, context in paragraphs])
    order = list(range(len(paragraphs)))
    chance.shuffle(order)
    for place in order:
        number, title, context = paragraphs[place]
        text = cut(context, chance)
        held = fold(text)
        own = [n for n, (where, _, _) in enumerate(asked) if where == place]
        absent = [n for n, (_, _, answer) in enumerate(asked) if fold(answer) not in held]
        of_article = {n for n, (of, *_) in enumerate(paragraphs) if of == number}
        siblings = [n for n in absent if asked[n][0] in of_article and asked[n][0] != place]
        others = [n for n in absent if asked[n][0] not in of_article]
        nearness = vectors[others] @ about[place]
        chance.shuffle(own)
        chance.shuffle(siblings)
        nearest = [others[n] for n in np.argsort(-nearness)[:NEAR]]
        yield [
            Pair(
                origin=f"piaf {title}",
                prompt=prompt(asked[n][1], title, text),
                answers=fold(asked[n][2]) in held and asked[n][0] == place,
            )
            for n in (*own[:OWN], *siblings[:SIBLINGS], *nearest)
        ]


def lots() -> Iterator[list[Pair]]:
    """Yield pairs of each invented paper: less the line that answers one of two questions.

    Both questions are asked both times, so that nothing can be told from a question alone, nor
    from the paper. Where both stand in one line, there is no pair.
    """
    for origin, one in _papers(LOT):
        lines = str(one["text"]).split("\n")
        asked = [q for q in one["questions"] if q["answer"] is not None]
        places = [[n for n, line in enumerate(lines) if q["answer"] in line] for q in asked]
        if any(len(where) != 1 for where in places) or places[0] == places[1]:
            continue
        for (gone,) in places:
            text = "\n".join(line for n, line in enumerate(lines) if n != gone)
            yield [
                Pair(
                    origin=origin,
                    prompt=prompt(q["question"], one["heading"], text),
                    answers=where != [gone],
                )
                for q, where in zip(asked, places, strict=True)
            ]


def near_misses() -> Iterator[list[Pair]]:
    """Yield each paper whole, with two questions that it answers and two near misses.

    They are judged and not learnt: which questions are near misses can be told from their own
    words (area .76), and a probe that learnt that would know less.
    """
    for origin, one in _papers(NEAR_MISS):
        yield [
            Pair(
                origin=origin,
                prompt=prompt(q["question"], one["heading"], one["text"]),
                answers=q["answer"] is not None,
            )
            for q in one["questions"]
        ]


def _papers(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for lot in sorted(LOTS.glob("*.jsonl")):
        for number, line in enumerate(lot.read_text("utf-8").splitlines()):
            yield f"{kind}{lot.stem} {number}", json.loads(line)


def cut(context: str, chance: random.Random) -> str:
    """Return the sentences that an excerpt holds, of some long paragraphs from the second on."""
    spans = list(sentences(context))
    is_long = len(context) > LONG and len(spans) > 3
    kept, left = list[str](), EXCERPT_CHARS[0]
    for start, end in spans[chance.choice((0, 0, 1)) if is_long else 0 :]:
        if kept and end - start > left:
            break
        kept.append(" ".join(context[start:end].split()))
        left -= end - start + 1
    return "\n".join(kept)


def prompt(question: str, title: str, text: str) -> Prompt:
    """What the model reads in the pipeline, for a text of our own."""
    passage = Passage(
        id="", document="", file="", page=1, ordinal=0, collection="", heading=title,
        text=Screened(text), start=0, end=len(text),
    )  # fmt: skip
    return Frame(understand(Screened(question)), [Excerpt(passage, text, ())]).read(0)


def of_set(name: str, data: Path | None) -> Iterator[list[Pair]]:
    """Yield what the pipeline would read for each question of a set that may be tuned on."""
    one = SETS[name]
    if one.is_held_out or not one.is_there:
        return
    with opened(one, data) as parts:
        weigher = Weigher(parts.embedder, parts.wording)
        for asked in read_questions(one.questions):
            question = parts.question_reader(understand(parts.guard.screen(asked.question)))
            if question.refusal is None:
                limit = parts.settings.search.passages
                evidence = parts.search(Screened(question.text), limit=limit)
                found = excerpts(weigher.candidates(question, evidence), question.years)
                framed = Frame(question, found)
                yield [
                    Pair(
                        origin=f"set {name}",
                        prompt=framed.read(place),
                        answers=stands(read.text, read.passage, asked),
                    )
                    for place, read in enumerate(found)
                ]
