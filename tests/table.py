# SPDX-License-Identifier: EUPL-1.2
"""A table of cases in one test: every row is tried, and all that fail are told together.

    @each("text, expected", ROWS)     as `pytest.mark.parametrize`, which makes each row a test
    def test_...(text, expected): ...

For rows that only read: fixtures are set up once for the whole table. What a row changes, what
takes long in each row, and a row that may be skipped (here it fails: else the others would be
skipped with it) want a test a row.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from types import TracebackType
from typing import Any

import pytest

Test = Callable[..., None]


class _Row:
    """A block that tries one row; what fails there is noted, and the next row is tried."""

    def __init__(self, name: str, failed: list[BaseException]) -> None:
        self._name, self._failed = name, failed

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> bool:
        if not isinstance(error, (Exception, pytest.fail.Exception, pytest.skip.Exception)):
            return False  # it held, or the whole run was ended
        error.add_note(f"row: {self._name}")
        self._failed.append(error)
        return True


def each(
    names: str,
    rows: Iterable[Any],
    *,
    ids: Iterable[object] | Callable[[Any], object] | None = None,
) -> Callable[[Test], Test]:
    """Try a test with each row; a table without rows fails, as it tries nothing.

    `names`: the arguments that a row gives, a comma between them. A row is told by its values, or
    by its id: `ids` holds one a row, or makes one of each value."""
    given = [name.strip() for name in names.split(",")]
    table = [(row,) if len(given) == 1 else tuple(row) for row in rows]
    if ids is None or callable(ids):
        told = ids or repr
        called = [", ".join(str(told(value)) for value in row) for row in table]
    else:
        called = [str(one) for one in ids]

    def decorated(test: Test) -> Test:
        signature = inspect.signature(test)
        fixtures = [one for one in signature.parameters.values() if one.name not in given]

        @wraps(test)
        def whole(**opened: Any) -> None:
            failed: list[BaseException] = []
            for name, row in zip(called, table, strict=True):
                with _Row(name, failed):
                    test(**opened, **dict(zip(given, row, strict=True)))
            assert table, "a table without rows"
            if failed:
                raise BaseExceptionGroup(f"{len(failed)} of {len(table)} rows", failed)

        vars(whole)["__signature__"] = signature.replace(parameters=fixtures)
        return whole

    return decorated
