# SPDX-License-Identifier: EUPL-1.2
"""`reply`: a letter in; its hidden text, its questions with their answers, and a draft out."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from assistant.answers import Answer, Outcome
from assistant.commands.ask import as_contract, source_line
from assistant.commands.session import Session, read_jsonl, text_field
from assistant.pipeline import Answering
from assistant.refusals import refusal_words
from assistant.replying import (
    Letter,
    LetterReader,
    Note,
    Part,
    Read,
    answered,
    draft,
    file_in_words,
    language_of,
    notes_of,
    unread_note,
)
from assistant.texts import Texts
from assistant.wiring import open_parts
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.passages import PassageStore
from guardrails.errors import DetectorFailed, TextTooLong

FR = Texts("fr")
TEXTS = frozenset({"", ".txt", ".text"})
"""Endings of what is read as it was pasted."""

Reading = Callable[[], Read]
Drafting = Callable[[Read, list[Part]], str]


@click.command(help=FR("help", "reply"))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@click.option("--jsonl", "as_jsonl", is_flag=True)
@click.pass_obj
def reply(session: Session, file: Path | None, as_json: bool, as_jsonl: bool) -> int:
    if file is None and sys.stdin.isatty():
        raise session.fail("no_input")
    if file is not None and not file.is_file():
        raise session.fail("no_such_path", position=1)
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        letters, assistant = parts.letters, parts.assistant  # opened before the clock runs
        drafting = partial(_draft, session, parts.store)
        if as_jsonl:
            with file.open(encoding="utf-8") if file else nullcontext(sys.stdin) as stream:
                for line in read_jsonl(stream):
                    read = partial(letters.read_text, text_field(line, "text"))
                    made = _as_contract(session, assistant, read, drafting)
                    session.print_json({"id": line.get("id", "")} | made)
            return 0
        given = file.read_bytes() if file else sys.stdin.buffer.read()
        read = partial(_read, letters, given, file)
        if not as_json:
            return _show(session, assistant, read, drafting)
        made = _as_contract(session, assistant, read, drafting)
        session.print_json({"id": ""} | made)
        return 0 if made["draft"] else 1


def _read(letters: LetterReader, given: bytes, file: Path | None) -> Read:
    """Read a file by its name; what comes without one is a text."""
    name = file.name if file else "letter.txt"
    if Path(name).suffix.lower() in TEXTS:
        try:
            return letters.read_text(given.decode("utf-8"))
        except UnicodeDecodeError:
            pass  # another encoding, or no text at all: the readers know
    return letters.read_file(given, name)


def _found(session: Session, read: Reading) -> tuple[Read | None, list[Note]]:
    """Read a letter; return what is told of it, or why it was not read."""
    try:
        found = read()
    except (UnreadableFile, NotYetReadable, DetectorFailed, TextTooLong) as error:
        return None, [unread_note(error, session.texts)]
    return found, notes_of(found, session.texts)


def _as_contract(
    session: Session, assistant: Answering, read: Reading, drafting: Drafting
) -> dict[str, object]:
    """Return a reply as the command-line contract has it; a letter that cannot be read has none,
    and a note that says why."""
    started = time.perf_counter()
    found, notes = _found(session, read)
    letter = found.letter if found else Letter(text="", roles=())
    told = [*answered(assistant, found.questions)] if found else []
    return {
        "masked": letter.text,
        "parts": [_part(part, session) for part in told],
        "draft": drafting(found, told) if found else "",
        "notes": [asdict(note) for note in notes],
        "seconds": round(time.perf_counter() - started, 3),
    }


def _draft(session: Session, store: PassageStore, found: Read, told: list[Part]) -> str:
    """Return the draft, its sources called by what their acts say."""

    def title(document: str, file: str) -> str:
        known = store.document(document)
        return (known.act.label if known else "") or file_in_words(document, file)

    settings, texts = session.settings, Texts(language_of(found.questions))
    return draft(told, texts, settings.town, form=settings.letters, title=title)


def _part(part: Part, session: Session) -> dict[str, object]:
    rule = as_contract(part.rule, session) if part.rule else None
    outcome = as_contract(part.outcome, session) if part.outcome else {}
    return {"asks": part.asks} | outcome | {"rule": rule}


def _show(session: Session, assistant: Answering, read: Reading, drafting: Drafting) -> int:
    """Print a reply for a person: the letter, each answer as it comes, the draft."""
    texts = session.texts
    found, notes = _found(session, read)
    if found is None:
        session.tell("\n".join(texts("cli", "error", message=note.text) for note in notes))
        return 1
    session.say(f"{texts('reply', 'masked')}\n\n{found.letter.text.strip()}")
    for note in notes:
        session.say(f"\n{note.text}")
    told = list[Part]()
    for number, part in enumerate(answered(assistant, found.questions), start=1):
        told.append(part)
        session.say("\n" + texts("reply", "question", number=number, asks=part.asks))
        for line in _lines(session, part.outcome):
            session.say(line)
        if part.rule:
            session.say(texts("reply", "rule"))
            for line in _lines(session, part.rule):
                session.say(line)
    session.say(f"\n{texts('reply', 'draft')}\n\n{drafting(found, told)}")
    return 0


def _lines(session: Session, outcome: Outcome | None) -> Iterator[str]:
    texts = session.texts
    if outcome is None:
        return
    if isinstance(outcome, Answer):
        yield outcome.text
        yield from (source_line(texts, citation) for citation in outcome.citations)
        return
    town = session.settings.town
    yield refusal_words(outcome.reason, texts, town, outcome.told, outcome.leads).why
    if outcome.leads:
        yield texts("cli", "leads")
    yield from (source_line(texts, lead.citation) for lead in outcome.leads)
