# SPDX-License-Identifier: EUPL-1.2
"""The voice and the microphone of the simple page.

GET /simple/voice/home, gone, missing, KEY    what the page says, spoken
POST /simple/dictation                        what was said, in words, to be confirmed, and the card
                                              of what cannot wait
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from assistant.plain import said_row
from assistant.provenance import DigitalSource, Mark
from corpus.sentences import sentences
from corpus.structure import Structure, words_of
from guardrails.placeholders import PLACEHOLDER
from ui.access.buckets import fits
from ui.access.visit import Places, places_asking
from ui.agent import View
from ui.senior.asked import Asked
from ui.senior.hearing import Ears, Unheard
from ui.senior.look import Look
from ui.senior.sound import joined, marked
from ui.senior.tokens import Tokens
from ui.senior.urgent import wording
from ui.senior.voice import ROBOT, TooMuch, languages
from ui.senior.words import Words

SCREENS = {
    "home": ("machine_short", "question", "question_hint", "free"),
    "gone": ("gone_title", "gone"),
    "missing": ("missing_title", "missing"),
    "reported": ("reported_title", "reported"),
    "noted": ("noted_title", "noted"),
}
"""What is said of each screen that holds no answer: the keys of its words."""
BY_ROBOT = Mark(ai_generated=False, source=DigitalSource.ALGORITHMIC)
"""The voice itself: rules made it, no data trained it, and it says what people wrote."""

HEARD_AT_ONCE = 4
"""Recordings that are heard or wait for it, one for each place: each holds a thread, of which the
whole service has forty."""

LONGEST = 3_000
"""Characters of a document's page that are said: about four minutes."""

Piece = tuple[str, str]
"""What is said, and in which language."""

ShowCard = Callable[[Request, str], str]
FindAsked = Callable[[Request, str], Asked | None]


def no_card(request: Request, words: str) -> str:
    return ""


def speech_router(
    kept: FindAsked, tokens: Tokens, ears: Ears | None, card: ShowCard = no_card
) -> APIRouter:
    """The routes; only what this page itself says is spoken, never a text that is sent. `kept`
    finds what was asked under a key, for whoever asks to hear it; `card`
    gives what of a message cannot wait, shown as soon as it was heard."""
    router, turns = APIRouter(), Turns()

    @router.get("/simple/voice/{key}")
    def voice(request: Request, key: str) -> Response:
        places = places_asking(request)
        if key in SCREENS:
            return sound_of([(screen(key), "fr")], places)
        asked = kept(request, key)
        if asked is None or (asked.view.is_busy and not asked.urgent):
            return Response(status_code=404)
        pieces = to_speak(asked, Look.of(request.query_params).language)
        return sound_of(pieces, places, voice_mark(asked.view.mark))

    @router.post("/simple/dictation")
    async def dictation(request: Request) -> Response:
        if ears is None:
            return Response(status_code=404)
        if not tokens.holds(request.headers.get("x-token", "")):
            return Response(status_code=403)
        audio = await request.body()
        try:
            with turns.taken(places_asking(request)):
                words = await run_in_threadpool(ears, audio)
        except Unheard:
            return JSONResponse({"heard": ""})
        except TooMuch:
            return Response(status_code=503, headers={"Retry-After": "5"})
        shown = await run_in_threadpool(card, request, words)
        return JSONResponse({"heard": words, "urgent": shown})

    return router


class Turns:
    """Who is heard just now, counted in the event loop."""

    def __init__(self) -> None:
        self._busy: list[Places] = []

    @contextmanager
    def taken(self, places: Places) -> Iterator[None]:
        """Take a turn for a place; raise TooMuch where it has one, or all are taken."""
        if not fits(self._busy, places, of_one=1, of_all=HEARD_AT_ONCE):
            raise TooMuch
        self._busy.append(places)
        try:
            yield
        finally:
            self._busy.remove(places)


def sound_of(pieces: Sequence[Piece], places: Places, mark: Mark = BY_ROBOT) -> Response:
    """Return texts said by the robot one after the other, each in its language, with the marks of
    what they are, or that it has too much to say."""
    try:
        whole = joined([ROBOT(text, places, language) for text, language in pieces])
        sound = marked(whole, mark, Words(pieces[-1][1]).plain("spoken"))
    except TooMuch:
        return Response(status_code=503, headers={"Retry-After": "5"})
    return Response(sound, 200 if sound else 503, media_type="audio/wav")


def voice_mark(answer: Mark) -> Mark:
    """Return the mark of an answer that is spoken: a rule-made voice, and perhaps a model's words.

    >>> voice_mark(Mark(ai_generated=False, source=DigitalSource.COMPOSITE)).source.value
    'algorithmicMedia'
    """
    return answer if answer.ai_generated else replace(BY_ROBOT, proof=answer.proof)


def screen(name: str) -> str:
    """Return what a screen without an answer says, in French."""
    say = Words("fr").plain
    return " ".join(say(key).rstrip(".") + "." for key in SCREENS[name])


def to_speak(asked: Asked, page: str) -> list[Piece]:
    """Return whom to call at once, then that a machine answers, then what it answers or why it
    does not, as they are said aloud.

    Whom to call is said in the language of the `page`, as it is written there, where the machine's
    voice speaks it; it can be heard while the answer is still looked for. The rest is in the
    language of the answer: French, or that of the page where the town's own sheet answers.
    """
    view = asked.view
    pieces = _urgent(asked, page if page in languages() else "fr")
    if view.is_busy:
        return pieces
    language = view.validation.language or "fr"
    say = Words(language).plain
    said = [sentence.text for sentence in view.sentences]
    outcome = [*said, say("machine")] if said else _unanswered(view, say)
    words = PLACEHOLDER.sub(say("hidden_word"), " ".join([f"{say('by_machine')}.", *outcome]))
    return _together([*pieces, (words, language)])


def _urgent(asked: Asked, language: str) -> list[Piece]:
    """Return whom to call, as it is said; what a town's sheet has in French alone, in French."""
    say, pieces = Words(language).plain, list[Piece]()
    for one in asked.urgent:
        pieces.append((say(f"urgent_{one.concern}"), language))
        for name, what in one.numbers + one.sites:
            words, spoken = wording(what, language)
            pieces.append((f"{name} : {words}", spoken))
    return _together(pieces)


def _together(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces of which neighbours in one language are one: each costs a run of the voice."""
    return [
        (" ".join(text for text, _ in some), language)
        for language, some in groupby(pieces, key=itemgetter(1))
    ]


def _unanswered(view: View, say: Callable[..., str]) -> list[str]:
    """What is said where there is no answer: whom to ask, and the one line to read, as such."""
    if not view.leads:
        return [f"{say('no_answer')}.", say("who_knows")]
    quote = words_of(view.leads[0].citation.quote, said_row)
    return [f"{say('unsure')}.", say("who_knows"), f"{say('lead')} :", quote, say("lead_note")]


def page_to_speak(known: Structure, start: int) -> str:
    """Return a document's page as it is said, rows in words, from the sentence that is marked."""
    begun = max((at for at, end in sentences(known.text) if at <= start < end), default=0)
    row = known.row(begun)
    said = " ".join(known.said(row.start if row else begun, len(known.text), said_row).split())
    if len(said) > LONGEST:
        said = said[:LONGEST].rsplit(" ", 1)[0]
    return PLACEHOLDER.sub(Words("fr").plain("hidden_word"), said)
