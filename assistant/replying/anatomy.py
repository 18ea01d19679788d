# SPDX-License-Identifier: EUPL-1.2
"""The parts of a letter or an e-mail, told by its structure (line roles, signature block, quotes).

    lines ─▶ HEADER │ LETTERHEAD │ BODY │ QUOTED │ CLOSING │ SIGNATURE │ NOTICE │ ATTACHED

What a person is called stands where letters have it: in the fields of a mail's header, above the
salutation, below the closing formula. Such places are hidden whole, whatever the guard makes of
them, and the names found there are hidden in the rest. Only a BODY is asked anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.pieces import marked
from assistant.replying.frames import frame_in
from assistant.replying.signs import (
    ADDRESS,
    AGREE,
    ASKING,
    CLOSING,
    CONTACT,
    FIELD,
    FILE_NUMBER,
    FORWARDS,
    HOUSE,
    KIN,
    MARKS,
    NAME_LINE,
    NOTICE,
    PLAIN,
    POSTSCRIPT,
    QUOTES,
    SENDERS,
    SHORT_CHARS,
    SUBJECTS,
    TOWN,
    is_name,
    is_salutation,
    mentions,
    names_of,
    shown,
)
from corpus.french import flat
from guardrails.findings import Entity, Finding


class Role(StrEnum):
    """What a line of a letter is."""

    HEADER = "header"
    LETTERHEAD = "letterhead"
    BODY = "body"
    QUOTED = "quoted"
    CLOSING = "closing"
    SIGNATURE = "signature"
    NOTICE = "notice"
    ATTACHED = "attached"


STRUCTURE = "letter_structure"
"""The rule of what is hidden for its place alone."""

MOST_NAMES = 3
MOST_LAST = 6
MOST_LINES = 12
"""Lines of a signature, or of what stands above a salutation."""


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Each line's role, what is hidden for its place, the subject line's number (None: no subject),
    and who wrote, as it is written there (empty: not told)."""

    roles: tuple[Role, ...]
    hidden: tuple[Finding, ...]
    subject: int | None
    sender: str


def anatomy(text: str, attached_from: int | None = None) -> Anatomy:
    """Tell the parts of a letter; `attached_from`: the first line of what came with it."""
    lines = text.split("\n")
    read = _Read(lines, len(lines) if attached_from is None else attached_from)
    read.all()
    starts, place = list[int](), 0
    for line in lines:
        starts.append(place)
        place += len(line) + 1
    spans = [
        Finding(starts[number] + start, starts[number] + end, Entity.PERSON, STRUCTURE)
        for number, start, end in read.spans
        if lines[number][start:end].strip()
    ]
    spans += numbered(text)
    kin = [found["name"] for found in KIN.finditer(text)]
    names = names_of([*read.names, *kin], text)
    spans += [Finding(m.start(), m.end(), Entity.PERSON, STRUCTURE) for m in mentions(names, text)]
    return Anatomy(tuple(read.roles), tuple(spans), read.subject, read.sender)


def numbered(text: str) -> list[Finding]:
    """What is numbered for one person: a file, an invoice, a house (its street stays: it may be
    what is asked about)."""
    files = [(m, Entity.FILE_NUMBER) for m in FILE_NUMBER.finditer(text)]
    houses = [(m, Entity.ADDRESS) for m in HOUSE.finditer(text)]
    return [Finding(*m.span("number"), kind, STRUCTURE) for m, kind in [*files, *houses]]


class _Read:
    """One letter, read line by line from its top, then from its end."""

    def __init__(self, lines: Sequence[str], end: int) -> None:
        self.lines, self.end = lines, end
        self.flat = [flat(line).strip() for line in lines]
        self.roles = [Role.BODY if n < end else Role.ATTACHED for n in range(len(lines))]
        self.spans = list[tuple[int, int, int]]()
        self.names = list[str]()
        self.subject: int | None = None
        self.sender = ""

    def all(self) -> None:
        top = self._header(self._next(0))
        self._quotes(top)
        self._notice(top)
        for number in range(self.end, len(self.lines)):  # what came with it is named after people
            self._hide(number, self.lines[number].find(":") + 1)
        self._letterhead(self._next(top))
        self._subject(self._next(top))
        self._closings(top)

    # -- the top

    def _header(self, first: int) -> int:
        """Read a block of fields; return the line after it, or where it would begin."""
        number, fields = first, list[tuple[int, str, str]]()
        while number < self.end:
            field = FIELD.fullmatch(self.flat[number])
            if field is None and fields and self.lines[number][:1] in {" ", "\t"}:
                fields.append((number, fields[-1][1], ""))  # a field goes on
            elif field is None:
                break
            else:
                fields.append((number, field["name"], field["value"]))
            number += 1
        if not any(name in MARKS for _, name, _ in fields):
            return first
        for place, name, _ in fields:
            self._field(place, name)
        return number

    def _field(self, number: int, name: str) -> None:
        self.roles[number] = Role.HEADER
        line = self.lines[number]
        start = line.find(":") + 1 if FIELD.fullmatch(self.flat[number]) else 0
        if name in SUBJECTS:
            self.subject = number if self.subject is None else self.subject
        elif name not in PLAIN:
            self._hide(number, start)
            value = line[start:].strip()
            self.names.append(value)
            if name in SENDERS and not self.sender:
                self.sender = shown(value)

    def _letterhead(self, first: int) -> None:
        """What stands above the salutation, in short lines: who writes, to whom."""
        opening = next(
            (
                number
                for number in range(first, min(self.end, first + 2 * MOST_LINES))
                if is_salutation(self.flat[number])
                and self.roles[number] is Role.BODY
                and not (number == first and self._next(number + 1) >= self.end)
            ),
            None,
        )
        if opening is None:
            return
        above = [n for n in range(first, opening) if self.flat[n]]
        if any(len(self.flat[n]) > SHORT_CHARS or self.flat[n].endswith("?") for n in above):
            return
        block = self._address_block(above)
        for number in above:
            field = FIELD.fullmatch(self.flat[number])
            self.roles[number] = Role.LETTERHEAD
            if field and field["name"] in SUBJECTS:
                self.subject = number if self.subject is None else self.subject
            elif self._is_name(number):
                self._hide(number)
                self.names.append(self.lines[number])
                self.sender = self.sender or shown(self.lines[number])
            elif number in block:
                self._hide(number)

    def _address_block(self, above: Sequence[int]) -> frozenset[int]:
        """The lines of the first block above a salutation that tell where who writes can be
        reached; not the town hall's own."""
        block = list[int]()
        for number in above:
            if block and number != block[-1] + 1:
                break
            block.append(number)
        said = "\n".join(self.flat[number] for number in block)
        is_theirs = CONTACT.search(said) is not None and not TOWN.search(said)
        return frozenset(block) if is_theirs else frozenset()

    def _subject(self, first: int) -> None:
        """« Objet : … » stands below the salutation too."""
        for number in range(first, min(self.end, first + MOST_LINES)):
            field = FIELD.fullmatch(self.flat[number])
            if field and field["name"] in SUBJECTS and self.roles[number] is Role.BODY:
                self.roles[number] = Role.HEADER
                self.subject = number if self.subject is None else self.subject

    # -- what others wrote

    def _quotes(self, first: int) -> None:
        number = first
        while number < self.end:
            folded = self.flat[number]
            if folded.startswith((">", "|")):
                self._other(number)
            elif FORWARDS.fullmatch(folded):
                self.roles[number] = Role.HEADER
                number = self._header(self._next(number + 1)) - 1
            elif QUOTES.fullmatch(folded) or (
                number > first and self._header_begins(number) and self._says(first, number)
            ):
                for each in range(number, self.end):
                    self._other(each)
                return
            number += 1

    def _header_begins(self, number: int) -> bool:
        """Whether fields of an earlier mail begin here: two in a row, one of them telling whose."""
        found = [FIELD.fullmatch(self.flat[n]) for n in range(number, min(number + 2, self.end))]
        return len(found) == 2 and all(found) and any(f and f["name"] in MARKS for f in found)

    def _says(self, first: int, end: int) -> bool:
        return any(self.flat[n] and self.roles[n] is Role.BODY for n in range(first, end))

    def _other(self, number: int) -> None:
        self.roles[number] = Role.QUOTED
        bare = self.flat[number].lstrip("> ")
        field = FIELD.fullmatch(bare)
        if field and field["name"] not in PLAIN:
            self._hide(number, self.lines[number].find(":") + 1)
            self.names.append(self.lines[number].partition(":")[2])
        elif QUOTES.fullmatch(bare):
            self._hide(number)
            self.names += ADDRESS.findall(self.lines[number])

    def _notice(self, first: int) -> None:
        for number in range(first, self.end):
            if self.roles[number] is Role.BODY and NOTICE.match(self.flat[number].lstrip("-_*= ")):
                for each in range(number, self.end):
                    if not self.flat[each] and self._says_more(each):
                        break
                    if self.roles[each] is Role.BODY:
                        self.roles[each] = Role.NOTICE

    def _says_more(self, blank: int) -> bool:
        """Whether what follows a blank line is a letter again, and no more small print."""
        after = self._next(blank + 1)
        return after < self.end and is_salutation(self.flat[after])

    # -- the end

    def _closings(self, first: int) -> None:
        number, is_closed = first, False
        while number < self.end:
            if self.roles[number] is Role.BODY and self._closes(number):
                number = self._signature(number + 1)
                is_closed = True
                continue
            number += 1
        if not is_closed:
            self._last_name(first)

    def _closes(self, number: int) -> bool:
        folded = self.flat[number]
        if folded in {"--", "—", "-- "}:
            self.roles[number] = Role.CLOSING
            return True
        closing = None if AGREE.search(folded) else CLOSING.fullmatch(folded)
        if closing is None and not AGREE.search(folded):
            return False
        rest = closing["rest"] if closing else ""
        if rest and not self._is_signed(rest, number):
            return False
        if self._asks(number) or not self._ends_soon(number + 1):
            return False
        self.roles[number] = Role.CLOSING
        if rest:
            start = len(self.lines[number].rstrip()) - len(rest)
            self._hide(number, start)
            self.names.append(self.lines[number][start:])
            self.sender = self.sender or shown(self.lines[number][start:])
        return True

    def _is_signed(self, rest: str, number: int) -> bool:
        """Whether a name follows a closing formula on its line, with capitals or without any."""
        if CLOSING.fullmatch(rest) or re.match(r"(?:de|d'|du|des|pour|a|et|for|in)\b", rest):
            return False
        written = self.lines[number].rstrip()[-len(rest) :]
        is_small = written.islower() and len(rest.split()) <= MOST_NAMES and rest[-1].isalpha()
        return NAME_LINE.fullmatch(written.partition(",")[0]) is not None or is_small

    def _ends_soon(self, number: int) -> bool:
        """Whether little but a signature follows."""
        left = [n for n in range(number, self.end) if self.flat[n] and self.roles[n] is Role.BODY]
        return all(len(self.flat[n]) <= SHORT_CHARS for n in left[:1])

    def _signature(self, number: int) -> int:
        """Take the lines of a signature; return the line after it."""
        taken = 0
        while number < self.end and taken < MOST_LINES:
            folded = self.flat[number]
            if self.roles[number] is not Role.BODY:
                break
            if folded:
                if len(folded) > SHORT_CHARS or POSTSCRIPT.match(folded) or self._asks(number):
                    break
                if CLOSING.fullmatch(folded) or AGREE.search(folded):
                    self.roles[number] = Role.CLOSING
                else:
                    self._sign(number, is_first=taken < 2)
                    taken += 1
            number += 1
        return number

    def _asks(self, number: int) -> bool:
        """Whether a line asks something: no signature does."""
        line = self.lines[number]
        return "?" in line or ASKING.search(marked(line)) is not None or frame_in(line) is not None

    def _sign(self, number: int, *, is_first: bool) -> None:
        self.roles[number] = Role.SIGNATURE
        self._hide(number)
        if is_first and self._is_name(number):
            self.names.append(self.lines[number])
            self.sender = self.sender or shown(self.lines[number])

    def _last_name(self, first: int) -> None:
        """A letter that ends without a formula ends with a name all the same: some last lines that
        end no sentence, the first of which is a name."""
        said = [n for n in range(first, self.end) if self.flat[n] and self.roles[n] is Role.BODY]
        block = list[int]()
        for number in reversed(said[1:]):
            if len(block) == MOST_LAST or not self._is_signing(number):
                break
            block.insert(0, number)
        while block and not self._is_name(block[0]):
            block.pop(0)
        for place, number in enumerate(block):
            self._sign(number, is_first=place < 2)

    def _is_signing(self, number: int) -> bool:
        """Whether a line may stand in a signature: a name, a number, a few words without an end."""
        folded = self.flat[number]
        if folded[-1] in ".?!:;":
            return bool(re.search(r"[.]\s*$", folded)) and self._is_name(number)
        has_number = bool(re.search(r"\d{2}|@", folded)) and len(folded) <= SHORT_CHARS
        return self._is_name(number) or has_number or len(folded.split()) <= MOST_NAMES

    # -- small

    def _is_name(self, number: int) -> bool:
        return is_name(self.lines[number])

    def _hide(self, number: int, start: int = 0) -> None:
        line = self.lines[number]
        begin = start + len(line[start:]) - len(line[start:].lstrip())
        self.spans.append((number, begin, len(line.rstrip())))

    def _next(self, number: int) -> int:
        while number < self.end and not self.flat[number]:
            number += 1
        return number
