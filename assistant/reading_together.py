# SPDX-License-Identifier: EUPL-1.2
"""What a model answers from several passages at once: quotes first, then a short answer, as JSON.

    Frame, Excerpt… ─one prompt▶ {"quotes": [{"passage", "text"}…], "answer"} ─▶ (place, Reading)…
                                  each quote looked for in its passage ─▶ the sentences it stands in

For models of some size (`StructuredModel.reads_several`), where a calibration found that it answers
more. Nothing that is written is trusted: a quote that is not in its passage is left out, what is no
such JSON is no answer, and what is shown are the source's sentences. The answer must rest on the
quotes of one passage; each passage that is quoted is a reading of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import PromptTooLong
from assistant.evidence import MIN_WORDS, Candidate
from assistant.excerpts import Excerpt
from assistant.grounding import find_quote
from assistant.leaving import stop_if_gone
from assistant.prompt import Frame
from assistant.reading import Reading, borne_out, is_unknown, while_awaited
from assistant.seams import StructuredModel
from assistant.selection import Selection
from guardrails.placeholders import PLACEHOLDER

TOGETHER_CHARS = (1400, 1000, 800, 600, 600, 600)
"""How many characters of each passage are read, the likeliest first: some 1,400 tokens."""

MAX_TOKENS = 320
MAX_CHARS = 4000
"""Of what is written; a server may write more than it was asked for."""


class Quoted(BaseModel):
    """Some words of a passage, by its number from 1."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    passage: int
    text: str


class Written(BaseModel):
    """What a model is asked to write; no quote: nothing answers."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    quotes: tuple[Quoted, ...] = Field(max_length=3)
    answer: str


SCHEMA: Mapping[str, object] = Written.model_json_schema()


def read_together(
    model: StructuredModel, frame: Frame, found: Sequence[Excerpt], selection: Selection | None
) -> Iterator[tuple[int, Reading]]:
    """Yield what the model answers from the excerpts of a frame, by the places of those that it
    quotes; as many of the likeliest are shown as it can read. Raises PromptTooLong where it cannot
    read one."""
    told = parsed(_written(model, frame, len(found)))
    answer = " ".join(told.answer.split()) if told else ""
    if told is None or is_unknown(answer):
        return
    quotes = defaultdict[int, list[str]](list)
    for one in told.quotes:
        quotes[one.passage - 1].append(one.text)
    for index, texts in quotes.items():
        if not 0 <= index < len(found):
            continue
        excerpt = found[index]
        words = [frame.in_the_words_of(index, text) for text in texts]
        carriers = [one for one in excerpt.candidates if any(quotes_of(one, w) for w in words)]
        # who is hidden in one document has another's number there
        of_its_own = {one.group() for one in PLACEHOLDER.finditer(frame.shown(index))}
        hidden = {one.group() for one in PLACEHOLDER.finditer(answer)}
        if carriers and hidden <= of_its_own:
            said = frame.in_the_words_of(index, answer)
            yield index, borne_out(said, excerpt, frame.question, selection, carriers)[0]


def parsed(text: str) -> Written | None:
    """Return what was written, None where it is not what was asked for, and nothing else.

    >>> parsed('{"quotes": [{"passage": 1, "text": "Il coûte 4 €."}], "answer": "4 €"}').answer
    '4 €'
    >>> parsed('{"quotes": [], "answer": "4 €", "sure": true}') is None
    True
    """
    try:
        return Written.model_validate_json(text)
    except ValueError:
        return None


def quotes_of(candidate: Candidate, quote: str) -> bool:
    """Whether a quote stands in the passage of a sentence, and takes in half of it or lies half in
    it; one of fewer words than a sentence that may be quoted tells no place."""
    if len(quote.split()) < MIN_WORDS:
        return False
    passage = candidate.passage
    place = find_quote(quote, passage.text.text)
    if place is None:
        return False
    start, end = candidate.start - passage.start, candidate.end - passage.start
    shared = min(end, place[1]) - max(start, place[0])
    return 2 * shared >= min(end - start, place[1] - place[0])


def _written(model: StructuredModel, frame: Frame, count: int) -> str:
    stop_if_gone()
    said = ""
    try:
        prompt = frame.together(count)
        for piece in while_awaited(model.write_json(prompt, schema=SCHEMA, max_tokens=MAX_TOKENS)):
            said += piece
            if len(said) > MAX_CHARS:
                return ""
    except PromptTooLong:
        if count == 1:
            raise
        return _written(model, frame, count // 2)
    return said
