# SPDX-License-Identifier: EUPL-1.2
"""A field of services that outlive a change: a value, or what gives the one in force.

settings: Live[Settings] = Live()
Services(settings=Settings()) │ Services(settings=lambda: parts.settings)
services.settings ─▶ Settings, of this moment
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Live(Generic[T]):
    """Reads the value anew each time; the class that holds it keeps a dictionary (no slots)."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, services: object, owner: type | None = None) -> T:
        if services is None:
            raise AttributeError(self._name)  # so that the field has no default
        value: T | Callable[[], T] = services.__dict__[self._name]
        return value() if callable(value) else value

    def __set__(self, services: object, value: T | Callable[[], T]) -> None:
        services.__dict__[self._name] = value
