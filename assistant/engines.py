# SPDX-License-Identifier: EUPL-1.2
"""Whether somebody listens where the settings say that an engine is.

engines(settings, texts) ─▶ Examined("serveur du modèle", "ok" │ "bad", detail)…

A connection is opened and closed; nothing is sent.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from assistant.checkup import Examined
from assistant.settings import Settings
from assistant.texts import Texts

SECONDS = 3.0
PORTS = {"http": 80, "https": 443, "postgresql": 5432}


def engines(settings: Settings, texts: Texts) -> Iterator[Examined]:
    """Look for each engine that the settings name: model servers, passages, vectors,
    register, traces."""
    places = (
        *(("model_server", address) for address in settings.model.servers),
        ("passages_server", settings.index.database),
        ("vectors_server", settings.index.chroma),
        ("register_server", settings.register_.database),
        ("traces_server", settings.service.traces),
    )
    for name, address in places:
        if address:
            is_there = answers(address)
            told = texts("doctor", "server_ok" if is_there else "server_gone", address=address)
            yield Examined(texts("doctor", name), "ok" if is_there else "bad", told)


def answers(address: str) -> bool:
    """Whether somebody takes a connection there."""
    place = urlsplit(address)
    try:
        socket.create_connection(
            (place.hostname or "", place.port or PORTS[place.scheme]), timeout=SECONDS
        ).close()
    except OSError:
        return False
    return True
