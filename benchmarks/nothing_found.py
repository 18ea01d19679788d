# SPDX-License-Identifier: EUPL-1.2
"""What a search for nothing finds, and whether a real question would be taken for nothing.

    python -m benchmarks.nothing_found --data FOLDER

`FOLDER` is a data folder that holds the sample town. Real ones: the questions of the sample town
that may be tuned on, those in five more languages, and ordinary messages to a town hall in six
(`benchmarks/emergencies`). Nonsense: letters at random (seed 11), every other one a vowel, and what
fingers type on a keyboard. Prints of each how many hold no word of any document, the cosine of
their nearest passage, how many of them hold no known piece of a word of four letters, and how many
find nothing.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np

from assistant.evaluation import read_questions
from assistant.settings import Settings
from assistant.wiring import open_index, open_weights
from benchmarks.answers_sets import SETS
from benchmarks.languages import asked
from corpus.documents import Filters
from corpus.embedder import OnnxEmbedder
from corpus.passages import PassageStore
from corpus.search import WORD_LETTERS, Search
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.findings import Screened

HERE = Path(__file__).parent
CONSONANTS, VOWELS = "bcdfghjklmnpqrstvwxz", "aeiou"
TYPED = ("xyzzy", "azertyuiop", "qsdfghjklm", "asdf", "blablabla", "grmblfx", "zzzz", "wxcvbn",
         "ksjdhf ksjdf skjdfh", "1234567", "????", "...")  # fmt: skip


def sets() -> Iterator[tuple[str, list[str]]]:
    """Yield each set of texts with its name."""
    french = ("samples", "samples_dev_2", "everyday_dev")
    questions = [one for name in french for one in read_questions(SETS[name].questions)]
    yield "asked of the sample town", [one.question for one in questions]
    yield "the same in five languages", [one.question for one in asked()]
    for file in sorted((HERE / "emergencies").glob("ordinary_??.jsonl")):
        lines = file.read_text("utf-8").splitlines()
        yield f"ordinary messages, {file.stem[-2:]}", [json.loads(line)["text"] for line in lines]
    random = Random(11)
    yield "letters at random", [" ".join(_words(random)) for _ in range(200)]
    yield "typed without a thought", list(TYPED)


def _words(random: Random) -> Iterator[str]:
    for _ in range(random.randint(1, 4)):
        letters = range(random.randint(4, 9))
        yield "".join(random.choice(CONSONANTS if place % 2 else VOWELS) for place in letters)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="holds the sample town")
    data = parser.parse_args().data
    store, index = PassageStore(data / "passages.db"), open_index(data / "vectors")
    embedder = OnnxEmbedder(open_weights(Settings.model_validate({})).path(DEFAULT_EMBEDDER))
    search = Search(store, index, embedder)
    print("| texts | | no word in any document | nearest: least, median, most | no piece of a word"
          " | finds nothing |\n|---|---|---|---|---|---|")  # fmt: skip
    for name, texts in sets():
        strange = [text for text in texts if not search.by_words(text)]
        vectors = [embedder.embed_query(text) for text in strange]
        near = [index.search(vector, 1, Filters())[0][1] for vector in vectors]
        told = f"{min(near):.2f}, {np.median(near):.2f}, {max(near):.2f}" if near else ""
        short = [text for text in strange if embedder.longest_piece(text) < WORD_LETTERS]
        nothing = [text for text in short if not search(Screened(text), limit=1)]
        print(f"| {name} | {len(texts)} | {len(strange)} | {told} | {len(short)} "
              f"| {len(nothing)} |", flush=True)  # fmt: skip
        if not name.startswith(("letters", "typed")):
            print(*(f"    nothing: {text}" for text in nothing), sep="\n")


if __name__ == "__main__":
    main()
