# SPDX-License-Identifier: EUPL-1.2
"""The voice and the microphone of the simple page.

GET /simple/voice/home, /simple/voice/KEY    what the page says, spoken
POST /simple/dictation                        what was said, in words, to be confirmed
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from guardrails.placeholders import PLACEHOLDER
from ui.agent import View
from ui.senior.asked import Desk
from ui.senior.hearing import Ears, Unheard
from ui.senior.tokens import Tokens
from ui.senior.voice import spoken
from ui.senior.words import Words

HOME = "home"


def speech_router(desk: Desk, tokens: Tokens, ears: Ears | None) -> APIRouter:
    """The routes; only what this page itself says is spoken, never a text that is sent."""
    router = APIRouter()

    @router.get("/simple/voice/{key}")
    def voice(key: str) -> Response:
        asked = desk.get(key) if key != HOME else None
        if key != HOME and (asked is None or asked.view.is_busy):
            return Response(status_code=404)
        sound = spoken(to_speak(asked.view) if asked else welcome())
        return Response(sound, 200 if sound else 503, media_type="audio/wav")

    @router.post("/simple/dictation")
    async def dictation(request: Request) -> Response:
        if ears is None:
            return Response(status_code=404)
        if not tokens.holds(request.headers.get("x-token", "")):
            return Response(status_code=403)
        audio = await request.body()
        try:
            words = await run_in_threadpool(ears, audio)
        except Unheard:
            return JSONResponse({"heard": ""})
        return JSONResponse({"heard": words})

    return router


def welcome() -> str:
    """Return what the first page says, in French."""
    say = Words("fr").plain
    return " ".join((f"{say('title')}.", say("machine"), say("free"), say("question_hint")))


def to_speak(view: View) -> str:
    """Return an answer or a refusal as it is said aloud."""
    say = Words("fr").plain
    if not view.sentences:
        return f"{say('no_answer')}. {say('who_knows')}"
    said = " ".join(sentence.text for sentence in view.sentences)
    return f"{PLACEHOLDER.sub(say('hidden_word'), said)} {say('machine')}"
