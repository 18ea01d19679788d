# SPDX-License-Identifier: EUPL-1.2
"""Every store passes the contract: SQLite, PostgreSQL, and a stand-in in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from guardrails.register.store import AuditStore
from guardrails.register.store_sqlite import SqliteStore
from tests.register.memory_store import MemoryStore
from tests.register.store_contract import AuditStoreContract


class TestSqliteStore(AuditStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[AuditStore]:
        store = SqliteStore(tmp_path / "register.sqlite3")
        yield store
        store.close()


class TestMemoryStore(AuditStoreContract):
    @pytest.fixture
    def store(self) -> AuditStore:
        return MemoryStore()


@pytest.mark.real
class TestPostgresqlStore(AuditStoreContract):
    @pytest.fixture
    def store(self, database: dict[str, str]) -> Iterator[AuditStore]:
        from guardrails.register.store_postgresql import PostgresqlStore

        store = PostgresqlStore(database)
        yield store
        store.close()
