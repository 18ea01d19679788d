# SPDX-License-Identifier: EUPL-1.2
"""A real PostgreSQL of the test's own, as another user than root: initdb, a port of loopback.

server = postgresql_server(folder); server.start(); place(server, "greffier")
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.servers.process import Started, answers, free_port

USER, PASSWORD = "greffier", "phrase-du-serveur"
FOLDERS = "/usr/lib/postgresql"


def program(name: str) -> str:
    """Return where a program of the server is; skip the test where it is nowhere."""
    found = sorted(Path(FOLDERS).glob(f"*/bin/{name}"))
    place = str(found[-1]) if found else shutil.which(name)
    if place is None:
        pytest.skip("PostgreSQL is not installed here (apt install postgresql)")
    return place


def account() -> int | None:
    """Return the user who runs the server; None: who runs the tests, where that is not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    pytest.skip("no other user than root is here to run PostgreSQL")


def postgresql_server(folder: Path, *options: str) -> Started:
    """A server with one database in UTF-8, not started yet."""
    pytest.importorskip("psycopg", reason="the extra `postgresql` is not installed")
    user, port = account(), free_port()
    words = folder / "password"
    words.write_text(PASSWORD, "utf-8")
    for path in (folder, words):
        if user is not None:
            os.chown(path, user, -1)
    subprocess.run(
        [
            *(program("initdb"), "--pgdata", str(folder / "data"), "--username", USER),
            *("--pwfile", str(words), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8"),
        ],
        check=True,
        capture_output=True,
        user=user,
        cwd=folder,
        timeout=120,
    )
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "shared_buffers": "16MB",
        "max_connections": "30",
    } | dict(option.split("=") for option in options)
    set_ = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    return Started(
        [program("postgres"), "-D", str(folder / "data"), "-p", str(port), *set_],
        port=port,
        log=folder.with_name(f"{folder.name}.log"),
        ready=lambda: answers(port) and _takes(port),
        user=user,
    )


def _takes(port: int) -> bool:
    import psycopg
    from psycopg.conninfo import make_conninfo

    try:
        psycopg.connect(make_conninfo(**place(port)), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def place(port: int, database: str = "postgres") -> dict[str, str]:
    """Return what names a database of the server to libpq."""
    return {
        "host": "127.0.0.1",
        "port": str(port),
        "user": USER,
        "password": PASSWORD,
        "dbname": database,
    }


def new_database(port: int, name: str) -> dict[str, str]:
    """Make an empty database, and return its place."""
    sql(place(port), f'CREATE DATABASE "{name}"')
    return place(port, name)


def sql(place: dict[str, str], *statements: str) -> list[Any]:
    """Run statements as somebody who has the database; return what the last one found."""
    import psycopg
    from psycopg.conninfo import make_conninfo

    with psycopg.connect(make_conninfo(**place), autocommit=True) as connection:
        for statement in statements:
            done = connection.execute(statement.encode())
        return done.fetchall() if done.description else []
