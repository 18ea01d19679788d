# SPDX-License-Identifier: EUPL-1.2
"""The town's own files, changed whole: checked by whoever reads them, entered, put in place.

    text ─▶ draft ─reader─▶ good? ══sealed══▶ the file, in force from the next question on
                                └─ stricter? what is kept is hidden again first

A comment that the town wrote in `greffier.toml` stays.
"""

from __future__ import annotations

import os
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import tomlkit
from pydantic import ValidationError
from tomlkit.items import Table

from assistant.errors import AssistantError
from assistant.masking import Rules, mask_again
from assistant.plain import Glossary
from assistant.policies import policy_of
from assistant.sealing import what_is_set
from assistant.settings import Settings
from corpus.batches import kept_open
from corpus.query import read_synonyms
from guardrails.policy import Policy
from guardrails.register.events import enter_settings
from ui.admin.jobs import Busy, Jobs, Progress
from ui.admin.services import AdminServices

Row = dict[str, str | list[str] | dict[str, list[str]]]
Value = str | int | float | bool | list[str] | list[Row] | dict[str, int] | dict[str, list[str]]


MASKING = "masking"
"""The work that hides again what is kept."""


class Invalid(Exception):
    """What was typed cannot be kept; `key` names the words, `facts` fill them, `field` is where it
    was typed. `others` are found with it."""

    def __init__(self, key: str, *, field: str = "", **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.field = field
        self.facts = facts
        self.others: tuple[Invalid, ...] = ()


class NotInForce(Exception):
    """What was typed is kept and entered, and could not be put in force: what was counts still."""


class Faults:
    """All that is wrong with a form, so that nobody mends it one fault at a time."""

    def __init__(self) -> None:
        self._found: list[Invalid] = []

    @contextmanager
    def at(self, field: str) -> Iterator[None]:
        """Note what is wrong in the block, as of this field."""
        try:
            yield
        except Invalid as error:
            error.field = error.field or field
            self._found += error, *error.others

    def stop(self) -> None:
        """Raise what was noted, if anything was."""
        if self._found:
            first, *others = self._found
            first.others = tuple(others)
            raise first


def _policy(path: Path) -> None:
    Policy.read(path)


def _glossary(path: Path) -> None:
    Glossary.read(path)


def _synonyms(path: Path) -> None:
    read_synonyms(path)


READERS: Mapping[str, Callable[[Path], None]] = {
    "policy": _policy,
    "glossary": _glossary,
    "synonyms": _synonyms,
}


class Kept:
    """Changes the files of a data folder on behalf of somebody (their pseudonym).

    `is_masking`: stricter rules wait until what is kept was hidden again, in the background.
    """

    _turn = threading.Lock()
    """One change at a time: two would write one draft, and the later undo the earlier."""

    def __init__(self, services: AdminServices, jobs: Jobs, *, by: str, role: str) -> None:
        self._parts = services.parts
        self._services = services
        self._jobs = jobs
        self._by = by
        self._role = role
        self.is_masking = False

    def change_settings(self, changes: Mapping[str, Value]) -> None:
        """Set values of `greffier.toml` by their dotted names; an empty one goes back to the
        default. Raises Invalid, and nothing is changed, if the whole would not be valid."""
        path = self._parts.folder.settings
        with self._drafted(path) as draft:
            text, settings = self._changed(changes)
            _write(draft, text)
            rules = Rules(settings=settings, policy=policy_of(self._services.data))
            self._change(draft, path, rules, {})

    def check_settings(self, changes: Mapping[str, Value]) -> None:
        """Raise Invalid for values that `change_settings` would not keep."""
        self._changed(changes)

    def _changed(self, changes: Mapping[str, Value]) -> tuple[str, Settings]:
        """Return the file with these changes, and what it then sets."""
        path = self._parts.folder.settings
        self._services.settings()  # a file that is no good already is told, not written over
        document = tomlkit.parse(path.read_text("utf-8") if path.exists() else "")
        for name, value in changes.items():
            _set(document, name.split("."), value)
        text = tomlkit.dumps(document)
        try:
            return text, Settings.model_validate(tomllib.loads(text))
        except ValidationError as error:
            raise _invalid(error) from error

    def write(self, name: str, content: Mapping[str, object]) -> None:
        """Write `policy`, `synonyms` or `glossary` as TOML."""
        text, path = tomlkit.dumps(content), self._services.data / f"{name}.toml"
        with self._drafted(path) as draft:
            _write(draft, text)
            try:
                READERS[name](draft)
            except (ValueError, TypeError, KeyError) as error:
                raise Invalid("invalid.file", name=f"{name}.toml") from error
            policy = Policy.read(draft) if name == "policy" else policy_of(path.parent)
            rules = Rules(settings=self._services.settings(), policy=policy)
            self._change(draft, path, rules, {name: sha256(text.encode()).hexdigest()})

    @contextmanager
    def _drafted(self, path: Path) -> Iterator[Path]:
        """Give the place of a draft, to one at a time; what is not put in place goes. Raises Busy
        while stricter rules wait: what they will put in place is written already."""
        with self._turn:
            running = self._jobs.running
            if running is not None and running.kind == MASKING:
                raise Busy(MASKING)
            draft = path.with_suffix(".draft")
            with _gone_at_last(draft, unless=self):
                yield draft

    def _change(self, draft: Path, path: Path, after: Rules, files: Mapping[str, str]) -> None:
        """Put a draft in place and in force; stricter rules once nothing kept shows what they
        hide."""
        self._read_others(files)
        now = self._parts.now
        before = Rules(settings=now.settings, policy=now.policy)
        touched = after.touched(before, self._parts)
        if not touched:
            self._put(draft, path, after.settings, files)
            return

        def work(progress: Progress) -> int:
            policies = draft if "policy" in files else None
            pool = self._parts.open_screening(after.settings, policies=policies)
            with _gone_at_last(draft), kept_open(pool):
                count = mask_again(
                    self._parts,
                    touched,
                    pool,
                    by=self._by,
                    role=self._role,
                    progress=progress,
                )
                self._put(draft, path, after.settings, files)
            return count

        self._jobs.start(MASKING, work)
        self.is_masking = True

    def _put(self, draft: Path, path: Path, kept: Settings, files: Mapping[str, str]) -> None:
        tables = {**what_is_set(kept, self._services.data), **files}
        enter_settings(self._parts.register, tables, by=self._by, role=self._role)
        draft.replace(path)
        try:
            self._parts.put_in_force(self._services.settings())
        except Exception as error:
            raise NotInForce from error

    def _read_others(self, files: Mapping[str, str]) -> None:
        """Raise Invalid where a list that is not being written cannot be read: a file mended by
        hand and broken would keep all that is kept from counting."""
        for name, read in READERS.items():
            path = self._services.data / f"{name}.toml"
            if name in files or not path.exists():
                continue
            try:
                read(path)
            except (AssistantError, ValueError, TypeError, KeyError) as error:
                raise Invalid("invalid.file", name=path.name) from error


@contextmanager
def _gone_at_last(draft: Path, *, unless: Kept | None = None) -> Iterator[None]:
    """Leave no draft behind that was not put in place, `unless` work under way still needs it."""
    try:
        yield
    finally:
        if unless is None or not unless.is_masking:
            draft.unlink(missing_ok=True)


def _invalid(error: ValidationError) -> Invalid:
    """Say what is wrong with each setting, beside the field in which it is typed."""
    found = [_of_setting(one["loc"], one["type"]) for one in error.errors()]
    found[0].others = tuple(found[1:])
    return found[0]


def _of_setting(place: tuple[int | str, ...], kind: str) -> Invalid:
    field = str(place[1]) if len(place) > 1 and place[0] == "town" else ""
    if field and kind in {"phone", "email"}:
        line = next((part + 1 for part in place if isinstance(part, int)), 0)
        return Invalid(
            f"invalid.{kind}_line" if line else f"invalid.{kind}", field=field, line=line
        )
    return Invalid("invalid.setting", name=".".join(map(str, place)))


def _set(document: tomlkit.TOMLDocument, path: list[str], value: Value) -> None:
    table: tomlkit.TOMLDocument | Table = document
    for part in path[:-1]:
        if part not in table:
            table[part] = tomlkit.table()
        below = table[part]
        if not isinstance(below, Table):
            raise Invalid("invalid.setting", name=".".join(path))
        table = below
    if value in ("", [], {}):
        table.pop(path[-1], None)
    elif table.get(path[-1]) != value:
        table[path[-1]] = _kept(value)


def _kept(value: Value) -> object:
    """Return a value as it is written: a person may read the file too."""
    if not isinstance(value, list):
        return value
    if value and isinstance(value[0], dict):
        tables = tomlkit.aot()
        for row in value:
            tables.append(tomlkit.item(row))
        return tables
    array = tomlkit.array()
    array.extend(value)
    array.multiline(len(value) > 1)
    return array


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
