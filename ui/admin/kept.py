# SPDX-License-Identifier: EUPL-1.2
"""The town's own files, changed whole: checked by whoever reads them, entered, put in place.

    text ─▶ draft ─reader─▶ good? ══sealed══▶ the file

A comment that the town wrote in `greffier.toml` stays.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import tomlkit
from pydantic import ValidationError
from tomlkit.items import Table

from assistant.plain import Glossary
from assistant.sealing import what_is_set
from assistant.settings import Settings
from corpus.query import read_synonyms
from guardrails.policy import Policy
from guardrails.register.events import enter_settings
from ui.admin.services import AdminServices

Row = dict[str, str | list[str] | dict[str, list[str]]]
Value = str | int | float | bool | list[str] | list[Row] | dict[str, int] | dict[str, list[str]]


class Invalid(Exception):
    """What was typed cannot be kept; `key` names the words, `facts` fill them."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


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
    """Changes the files of a data folder on behalf of somebody (their pseudonym)."""

    def __init__(self, services: AdminServices, *, by: str, role: str) -> None:
        self._services = services
        self._data = services.data
        self._by = by
        self._role = role

    def change_settings(self, changes: Mapping[str, Value]) -> None:
        """Set values of `greffier.toml` by their dotted names; an empty one goes back to the
        default. Raises Invalid, and nothing is changed, if the whole would not be valid."""
        path = self._services.parts.folder.settings
        self._services.settings()  # a file that is no good already is told, not written over
        document = tomlkit.parse(path.read_text("utf-8") if path.exists() else "")
        for name, value in changes.items():
            _set(document, name.split("."), value)
        text = tomlkit.dumps(document)
        try:
            settings = Settings.model_validate(tomllib.loads(text))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise Invalid("invalid.setting", name=where) from error
        self._enter(settings, {})
        _replace(path, text)

    def write(self, name: str, content: Mapping[str, object]) -> None:
        """Write `policy`, `synonyms` or `glossary` as TOML."""
        text = tomlkit.dumps(content)
        path = self._data / f"{name}.toml"
        draft = path.with_suffix(".draft")
        _write(draft, text)
        try:
            READERS[name](draft)
        except (ValueError, TypeError, KeyError) as error:
            draft.unlink()
            raise Invalid("invalid.file", name=f"{name}.toml") from error
        self._enter(self._services.settings(), {name: sha256(text.encode()).hexdigest()})
        draft.replace(path)

    def _enter(self, settings: Settings, files: Mapping[str, str]) -> None:
        tables = {**what_is_set(settings, self._data), **files}
        register = self._services.parts.register
        enter_settings(register, tables, by=self._by, role=self._role)


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


def _replace(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    _write(draft, text)
    draft.replace(path)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
