# SPDX-License-Identifier: EUPL-1.2
"""The only import of chromadb, without the two seconds of grammars that nothing here asks for.

Chroma imports jsonschema, which builds 38 grammars of internationalised addresses as soon as
`rfc3987_syntax` is there. Chroma checks no such address, so that the package is hidden while Chroma
is imported, and only then.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

HEAVY = "rfc3987_syntax"


@contextmanager
def hidden(module: str) -> Iterator[None]:
    """Let imports of a module fail for a while, unless it is there already."""
    modules = cast(dict[str, Any], sys.modules)
    if module in modules:
        yield
        return
    modules[module] = None
    try:
        yield
    finally:
        del modules[module]


with hidden(HEAVY):
    import chromadb as chromadb
    from chromadb.api.client import Client as Client
    from chromadb.api.collection_configuration import (
        CreateCollectionConfiguration as CreateCollectionConfiguration,
    )
    from chromadb.api.fastapi import FastAPI as FastAPI
    from chromadb.api.models.Collection import Collection as Collection
    from chromadb.api.types import Where as Where
    from chromadb.config import Settings as Settings
    from chromadb.config import System as System
    from chromadb.errors import ChromaError as ChromaError
    from chromadb.errors import NotFoundError as NotFoundError
