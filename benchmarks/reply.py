# SPDX-License-Identifier: EUPL-1.2
"""What is made of letters: their questions one for one, what is left of persons, the draft.

    python -m benchmarks.reply [--mails FILE.jsonl | --mails DIR] [--data DIR] [--show]

`mails.jsonl` (in a folder, or the file itself; by default the twenty tunable ones of
`benchmarks/mails/`): lines of `{"id","text","asks":[{"about","answers","file","page"}],
"personal":[…]}`; `mails/written_apart.jsonl` and `mails/stretches.jsonl` hold those of three more
programs; the lines learnt from all of them (`mail_sentences.py`). With a
data folder, which holds the documents, each letter is replied to as
`greffier reply` does it.

A question is found for what a letter asks (`about`; several wordings parted by ` / `) where they
share a third of the stems of `about`, or the embedder's vectors are near (cosine from `NEAR`); as
many pairs as can be, each of both once. A question that is a pair of nothing is invented, unless
its best pair is taken already: then it is the same asked twice (`double`). A personal string is
left where it stands, in whatever case, in the hidden letter, a question, an answer or the draft.
Identifiers that their own key proves (a NIR, an IBAN, a SIRET…) are counted apart from names and
all else: none of them may be left.

With `--data`: of what has an answer, `answered` holds an accepted one in its text or a quote, `led`
in a lead; `wrong` stands in the draft and holds none, of all that is in the draft; the peer in
every row is the question mark alone, which is asked whatever stands before it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Answer, Refusal
from assistant.commands.session import default_keys
from assistant.evaluation import holds
from assistant.replying import LetterReader, Part, Read, answered, draft, language_of
from assistant.replying.asking import Asking, Asks
from assistant.replying.matter import BY_PLACE
from assistant.settings import Settings
from assistant.texts import Texts
from assistant.wiring import Parts, open_guard, open_parts, open_weights, switch_telemetry_off
from corpus.embedder import OnnxEmbedder
from corpus.french import terms
from corpus.readers.pool import ReadingPool
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.findings import Entity
from guardrails.normalise import is_luhn
from guardrails.recognizers import RECOGNIZERS

MAILS = Path(__file__).with_name("mails")
SHARED, NEAR = 1 / 3, 0.8
"""Share of the stems, and cosine, from which a question is a pair of what is asked."""

Vectors = NDArray[np.float32]


@dataclass(slots=True)
class Tally:
    """Counts over letters."""

    letters: int = 0
    wanted: int = 0
    found: int = 0
    asked: int = 0
    invented: int = 0
    double: int = 0
    personal: int = 0
    left: int = 0
    keyed: int = 0
    keyed_left: int = 0
    answerable: int = 0
    answered: int = 0
    led: int = 0
    drafted: int = 0
    wrong: int = 0
    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)


KEYED = frozenset({Entity.NIR, Entity.SPI, Entity.IBAN, Entity.RIB, Entity.CNI, Entity.PASSPORT})
"""What carries a key: standing alone, without a label, it is found by that key and nothing else."""

LUHN_DIGITS = (9, 14, 16)
"""Of a SIREN, a SIRET, a bank card."""


def has_key(text: str) -> bool:
    """Whether a personal string is an identifier that its key proves.

    >>> has_key("732 829 320 00074"), has_key("06 39 98 71 12"), has_key("Corinne")
    (True, False, False)
    """
    digits = "".join(text.split())
    if digits.isdigit() and len(digits) in LUHN_DIGITS:
        return is_luhn(digits)
    kinds = [one for one in RECOGNIZERS if KEYED & {*one.entities}]
    return any(found.entity in KEYED for one in kinds for found in one.find(text))


def by_mark(sentence: str) -> Asking:
    """The peer: a question mark asks, nothing leans on anything."""
    return Asking(1.0 if sentence.rstrip().endswith("?") else -1.0, -1.0)


def pairs(
    asks: Sequence[str], questions: Sequence[str], embed: Callable[[str], Vectors]
) -> tuple[dict[int, int], set[int]]:
    """Return the question of each thing that is asked, and the questions that fit one that is taken
    already."""
    scored = list[tuple[float, int, int]]()
    vectors = [embed(question) for question in questions]
    for wanted, about in enumerate(asks):
        for wording in about.split(" / "):
            stems, vector = set(terms(wording)), embed(wording)
            for place, question in enumerate(questions):
                shared = len(stems & set(terms(question))) / max(1, len(stems))
                near = float(vector @ vectors[place])
                if shared >= SHARED or near >= NEAR:
                    scored.append((shared + near, wanted, place))
    fits = dict[int, list[int]]()
    for _, wanted, place in sorted(scored, reverse=True):
        fits.setdefault(wanted, []).append(place)
    held = dict[int, int]()

    def seat(wanted: int, tried: set[int]) -> bool:
        """Give something asked a question, moving others to another of theirs."""
        for place in dict.fromkeys(fits.get(wanted, ())):
            if place not in tried:
                tried.add(place)
                if place not in held or seat(held[place], tried):
                    held[place] = wanted
                    return True
        return False

    for _, wanted, _ in sorted(scored, reverse=True):
        if wanted not in held.values():
            seat(wanted, set())
    found = {wanted: place for place, wanted in held.items()}
    return found, {place for _, _, place in scored} - set(held)


def visible(read: Read, parts: Sequence[Part], text: str) -> str:
    """All that is shown or drafted of a letter, in small letters."""
    said = [read.letter.text, *read.questions, text]
    for part in parts:
        outcome = part.outcome
        if isinstance(outcome, Answer):
            said.append(outcome.text)
    return "\n".join(said).casefold()


def is_right(outcome: object, answers: Sequence[str]) -> bool:
    """Whether an answer's text or quotes hold an accepted answer."""
    if not isinstance(outcome, Answer):
        return False
    said = [outcome.text, *(citation.quote for citation in outcome.citations)]
    return any(holds(text, answer) for text in said for answer in answers)


def is_led(outcome: object, answers: Sequence[str]) -> bool:
    """Whether a line that is pointed to holds one."""
    if not isinstance(outcome, Refusal):
        return False
    said = ["\n".join([*lead.under, lead.citation.quote]) for lead in outcome.leads]
    return any(holds(text, answer) for text in said for answer in answers)


def count(
    total: Tally,
    mail: dict[str, Any],
    letters: LetterReader,
    embed: Callable[[str], Vectors],
    parts: Parts | None,
    *,
    show: bool,
) -> None:
    """Read one letter, and reply to it where there is a data folder."""
    started = time.perf_counter()
    read = letters.read_text(mail["text"])
    told, first = list[Part](), 0.0
    if parts:
        for part in answered(parts.assistant, read.questions):
            first = first or time.perf_counter() - started
            told.append(part)
    text = draft(told, Texts(language_of(read.questions)), Settings().town)
    total.whole.append(time.perf_counter() - started)
    if first:
        total.first.append(first)
    asks = mail["asks"]
    found, double = pairs([ask["about"] for ask in asks], read.questions, embed)
    invented = set(range(len(read.questions))) - set(found.values()) - double
    shown = visible(read, told, text)
    left = [name for name in mail["personal"] if name.casefold() in shown]
    total.letters += 1
    total.wanted += len(asks)
    total.found += len(found)
    total.asked += len(read.questions)
    total.invented += len(invented)
    total.double += len(double)
    keyed = {name for name in mail["personal"] if has_key(name)}
    total.personal += len(mail["personal"]) - len(keyed)
    total.left += len([name for name in left if name not in keyed])
    total.keyed += len(keyed)
    total.keyed_left += len([name for name in left if name in keyed])
    if show:
        _shown(mail, read, found, invented, left)
    if parts:
        _answers(total, asks, found, told, show=show)


def _shown(
    mail: dict[str, Any], read: Read, found: dict[int, int], invented: set[int], left: list[str]
) -> None:
    print(f"-- {mail['id']}")
    for place, ask in enumerate(mail["asks"]):
        told = read.questions[found[place]] if place in found else "NOT FOUND"
        print(f"   {ask['about']}  =>  {told}")
    for place in invented:
        print(f"   INVENTED  {read.questions[place]}")
    if left:
        print(f"   LEFT  {left}")


def _answers(
    total: Tally,
    asks: Sequence[dict[str, Any]],
    found: dict[int, int],
    told: Sequence[Part],
    *,
    show: bool,
) -> None:
    by_place = {place: asks[wanted] for wanted, place in found.items()}
    total.answerable += sum(bool(ask["answers"]) for ask in asks)
    for place, part in enumerate(told):
        answers = by_place.get(place, {}).get("answers", [])
        right, led = is_right(part.outcome, answers), is_led(part.outcome, answers)
        is_drafted = isinstance(part.outcome, Answer)
        total.answered += bool(answers) and right
        total.led += bool(answers) and led
        total.drafted += is_drafted
        total.wrong += is_drafted and not right
        if show:
            mark = "right" if right else "led" if led else "WRONG" if is_drafted else "none"
            said = part.outcome.text if isinstance(part.outcome, Answer) else ""
            print(f"   {mark:6} {part.asks}  {said[:160]}")


def share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({100 * part / whole:.1f} %)" if whole else f"{part}/0"


def row(name: str, t: Tally) -> str:
    seconds = f"{np.median(t.whole):.1f}, {max(t.whole):.1f}" if t.whole else ""
    first = f"{np.median(t.first):.1f}, {max(t.first):.1f}" if t.first else ""
    cells = [
        name, str(t.letters), share(t.found, t.wanted), share(t.invented, t.asked), str(t.double),
        share(t.left, t.personal), share(t.keyed_left, t.keyed), share(t.answered, t.answerable),
        share(t.answered + t.led, t.answerable), share(t.wrong, t.drafted), first, seconds,
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


@contextmanager
def opened(data: Path | None) -> Iterator[Parts | None]:
    """Open a data folder; nothing where none is given."""
    if data is None:
        switch_telemetry_off()
        yield None
        return
    with open_parts(data, default_keys(), Settings.read(data / "greffier.toml")) as parts:
        yield parts


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=Path, default=MAILS, help="a file, or its folder")
    parser.add_argument("--data", type=Path, help="a data folder; also one that holds mails.jsonl")
    parser.add_argument("--show", action="store_true", help="print each letter: tunable ones only")
    given = parser.parse_args()
    mails_in: Path = given.mails
    if mails_in == MAILS and given.data and (given.data / "mails.jsonl").exists():
        mails_in = given.data
    file = mails_in / "mails.jsonl" if mails_in.is_dir() else mails_in
    mails = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    is_filled = given.data and (given.data / "greffier.json").exists()
    with opened(given.data if is_filled else None) as parts:
        settings = parts.settings if parts else Settings()
        embedder = (
            parts.embedder if parts else OnnxEmbedder(open_weights(settings).path(DEFAULT_EMBEDDER))
        )
        guard = parts.guard if parts else open_guard(settings, file.parent)

        def reader(asks: Callable[[str], Asking]) -> LetterReader:
            beside = asks.beside if isinstance(asks, Asks) else BY_PLACE
            return LetterReader(
                guard=lambda: guard,
                asks=asks,
                beside=beside,
                open_reading=lambda: ReadingPool(1),
            )

        ways = {"question mark alone": (by_mark, None), "learnt": (Asks(embedder), parts)}
        rows = list[str]()
        for name, (asks, answering) in ways.items():
            total, letters = Tally(), reader(asks)
            for mail in mails:
                is_shown = given.show and name == "learnt"
                count(total, mail, letters, embedder.embed_query, answering, show=is_shown)
            rows.append(row(name, total))
    print(
        "| way | letters | found | invented | asked twice | names left"
        " | identifiers with a key left | answered rightly"
        " | or led | wrong in the draft | first answer, s (median, most) | whole, s |\n"
        f"|{'---|' * 12}"
    )
    print("\n".join(rows))


if __name__ == "__main__":
    main()
