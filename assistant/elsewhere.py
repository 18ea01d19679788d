# SPDX-License-Identifier: EUPL-1.2
"""Engines that stand elsewhere than in the data folder, opened as the settings name them.

Part of `wiring.py`: imports hide in functions here too, so that what is not named is not loaded.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.addresses import database_place
from assistant.errors import UserError
from assistant.settings_engines import Index, Model, RegisterSettings
from assistant.tracing import NO_TRACING, Tracing

if TYPE_CHECKING:
    from assistant.seams import LanguageModel
    from assistant.settings import Settings
    from corpus.cluster import Cluster
    from corpus.database_postgresql import PostgresqlDatabase
    from corpus.folder import DataFolder
    from corpus.vectors import CollectionIndex
    from guardrails.register.store import AuditStore


def open_model_servers(chosen: Model, closing: ExitStack) -> LanguageModel:
    """The model behind its address, or behind several."""
    from assistant.endpoint import EndpointModel
    from assistant.servers import ModelServers

    try:
        key = chosen.endpoint_key.read_text("utf-8").strip() if chosen.endpoint_key else ""
    except OSError as error:
        raise UserError("endpoint_key_missing") from error
    name = chosen.served_as
    each = [EndpointModel(address, model=name, key=key) for address in chosen.servers]
    for model in each:
        closing.callback(model.close)
    return each[0] if len(each) == 1 else ModelServers(each)


def open_index_server(address: str, folder: str) -> CollectionIndex:
    """The vectors of a data folder, by its id, in a Chroma server."""
    from corpus.vectors_server import ChromaServerIndex

    return ChromaServerIndex(address, name=f"greffier-{folder}")


def open_cluster(settings: Settings, policies: Path | None, embedder: Path) -> Cluster:
    """The machines that read, screen and embed documents together; joined at the first one."""
    try:
        from corpus.cluster import Cluster
    except ImportError as error:
        raise UserError("cluster_missing") from error
    from corpus.cluster_hand import Order, sha256_of

    order = Order(
        roster=settings.roster,
        known=settings.public_facts,
        policies=policies.read_bytes() if policies else None,
        embedder=str(embedder),
        embedder_sha256=sha256_of(embedder),
    )
    return Cluster(settings.index.cluster, order)


def open_register_database(kept: RegisterSettings) -> AuditStore:
    """The register's rows, in the database that the settings name."""
    try:
        from guardrails.register.store_postgresql import PostgresqlStore
    except ImportError as error:
        raise UserError("register_no_driver") from error
    return PostgresqlStore(_place(kept, "register_no_password"))


def open_passages_database(index: Index, folder: DataFolder) -> PostgresqlDatabase:
    """The passages, in the database that the settings name; those of a file are taken up."""
    try:
        from corpus.database_postgresql import PostgresqlDatabase
    except ImportError as error:
        raise UserError("passages_no_driver") from error
    from corpus.moving import claim, take_up

    database = PostgresqlDatabase(_place(index, "passages_no_password"))
    try:
        claim(database, folder.id)
        take_up(folder.passages, database)
    except BaseException:
        database.close()
        raise
    return database


def _place(named: Index | RegisterSettings, if_unreadable: str) -> dict[str, str]:
    """Return what names a database to libpq, with its password; UserError if that is unreadable."""
    place = database_place(named.database)
    try:
        if named.database_password:
            place["password"] = named.database_password.read_text("utf-8").strip()
    except OSError as error:
        raise UserError(if_unreadable) from error
    return place


def open_tracing(address: str, closing: ExitStack) -> Tracing:
    """Where traces go: nowhere without an address."""
    if not address:
        return NO_TRACING
    from assistant.tracing_otlp import CollectorTracing

    tracing = CollectorTracing(address)
    closing.callback(tracing.close)
    return tracing
