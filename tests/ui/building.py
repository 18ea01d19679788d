# SPDX-License-Identifier: EUPL-1.2
"""The application built in a test, and what Gradio leaves behind put away."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI

from assistant.pipeline import Answering
from assistant.settings import Settings
from assistant.texts import Language, Texts
from ui.app import build_app
from ui.source import Pages


def built(
    assistant: Answering,
    store: Pages,
    *,
    settings: Settings | None = None,
    language: Language = "fr",
) -> FastAPI:
    """Build the application inside a running loop: Gradio makes locks as it is built, and
    elsewhere opens a loop for each that it never closes."""

    async def build() -> FastAPI:
        return build_app(
            assistant, Texts(language), store, settings=settings or Settings.model_validate({})
        )

    with ThreadPoolExecutor(1) as thread:  # Playwright runs a loop in the test's own thread
        return thread.submit(lambda: asyncio.run(build())).result()
