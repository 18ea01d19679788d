# SPDX-License-Identifier: EUPL-1.2
"""What every command gets: the data folder, its keys, the words, and where to print.

Results go to stdout, everything else to stderr, so that a script can rely on
`--json` and `--jsonl`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TextIO

import click
import platformdirs

from assistant.errors import UserError
from assistant.settings import Settings
from assistant.texts import Language, Texts
from guardrails.writable import as_utf8

MAX_LINE_CHARS = 20_000_000


def default_data() -> Path:
    """`$GREFFIER_DATA`, else the user's data folder."""
    named = os.environ.get("GREFFIER_DATA")
    return Path(named) if named else platformdirs.user_data_path("greffier", appauthor=False)


def default_keys() -> Path:
    """`$GREFFIER_KEYS`, else a folder in the user's configuration: never with the data."""
    named = os.environ.get("GREFFIER_KEYS")
    return (
        Path(named)
        if named
        else platformdirs.user_config_path("greffier", appauthor=False) / "keys"
    )


@dataclass
class Session:
    """One run of a command."""

    data: Path
    keys_base: Path
    language: Language | None = None

    @cached_property
    def settings(self) -> Settings:
        return self.read_settings()

    def read_settings(self) -> Settings:
        """Return the settings as they are kept at this moment."""
        return Settings.read(self.data / "greffier.toml")

    @cached_property
    def texts(self) -> Texts:
        return Texts(self.language or self.settings.language)

    @property
    def is_terminal(self) -> bool:
        """Whether a person watches: progress bars are for people only."""
        return sys.stderr.isatty()

    def say(self, text: str) -> None:
        """Print a result, as text, on stdout."""
        click.echo(text.encode("utf-8", "replace").decode())  # half a sign may stand in what came

    def tell(self, text: str) -> None:
        """Print a remark on stderr."""
        click.echo(text, err=True)

    def print_json(self, value: object) -> None:
        """Print one result as a line of JSON and send it on at once."""
        click.echo(as_utf8(json.dumps(value, ensure_ascii=False)))
        sys.stdout.flush()

    def fail(self, key: str, **facts: str | int) -> UserError:
        """Return the error whose words are `[error] key`: `raise session.fail(…)`."""
        return UserError(key, **facts)


def read_jsonl(stream: TextIO) -> Iterator[dict[str, object]]:
    """Yield the objects of JSON lines, blank lines left out; a bad line says its number."""
    for number, line in enumerate(_lines(stream), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UserError("bad_json_line", line=number) from error
        if not isinstance(value, dict):
            raise UserError("bad_json_line", line=number)
        yield value


def _lines(stream: TextIO) -> Iterable[str]:
    try:
        while line := stream.readline(MAX_LINE_CHARS):
            yield line
    except UnicodeDecodeError as error:
        raise UserError("not_text") from error


def text_field(value: dict[str, object], name: str) -> str:
    """Return a field of a JSON line that must be text."""
    text = value.get(name)
    if not isinstance(text, str):
        raise UserError("missing_field", name=name)
    return text
