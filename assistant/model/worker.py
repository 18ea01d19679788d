# SPDX-License-Identifier: EUPL-1.2
"""The process that holds the model: `python -m assistant.model.worker SOCKET PARENT`.

It loads one GGUF file and answers the service at the other end of a socket. Nothing else of the
service is in it: no document, no register, no key, no screen, and none of their libraries; without
a graphics card it opens no file but its own and dials nobody, whatever a GGUF file makes of it.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from assistant.following import Tagger
from assistant.llama import LlamaModel, knows_graphics
from assistant.model.serving import Pulse, serve
from assistant.model.settling import settle, share
from assistant.model.wire import Header, Lane
from assistant.probe import Probe
from assistant.seams import LanguageModel
from assistant.selector import SAME, Selector
from corpus.containment import fence

HERE = Path(__file__).parents[1]
"""Of this package the probes and the selectors are read."""


def main() -> None:
    """Answer until the service is gone."""
    settle(parent=int(sys.argv[2]))
    serve(Lane(socket.socket(fileno=int(sys.argv[1]))), opened)


def opened(told: Header, pulse: Pulse) -> tuple[LanguageModel, Header]:
    """Load the file that was named; `learnt` is its name in the catalogue, whose probe, selector
    and tagger it is read with, empty for a file that nobody learnt to read."""
    path, learnt = Path(told["path"]), str(told["learnt"])
    if told["gpu_layers"] == 0:  # a card is reached through devices and libraries of its own
        fence(readable=[path, HERE])
    probe = Probe.of(learnt) if learnt else None
    selector = Selector.of(learnt) if learnt else None
    comparer = Selector.of(learnt, SAME) if learnt else None
    tagger = Tagger.of(learnt) if learnt else None
    model = LlamaModel(
        path,
        context_tokens=told["context_tokens"],
        threads=share(told["threads"]),
        gpu_layers=told["gpu_layers"],
        probe=probe,
        selector=selector,
        comparer=comparer,
        tagger=tagger,
        watched=told["watched"],
        pulse=pulse,
    )
    facts = {
        "is_probed": probe is not None,
        "is_selecting": selector is not None,
        "is_comparing": comparer is not None,
        "is_tagging": tagger is not None,
        "is_watched": bool(told["watched"]) or probe is not None,
        "reads_several": model.reads_several,
        "knows_graphics": knows_graphics(),
    }
    return model, facts


if __name__ == "__main__":
    main()
