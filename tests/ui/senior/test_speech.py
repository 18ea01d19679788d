# SPDX-License-Identifier: EUPL-1.2
"""The voice, the microphone, and what is kept of a question, without a browser."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import wave
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import numpy as np
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from selectolax.lexbor import LexborHTMLParser

from assistant.texts import Texts
from corpus.containment import Fence
from corpus.structure import Structure
from corpus.weights import Weights
from tests.loops import run_apart
from tests.ui.senior.conftest import TUESDAY, Visit, recognise, script
from tests.ui.senior.test_journey import ask, texts, token_of
from tests.ui.town import CANTEEN, FIRST, LEAD, SENTENCES, ScriptedAssistant
from ui import ear
from ui.agent import Phase, View
from ui.senior import SeniorExtras, asked, hearing, speech, voice
from ui.senior.asked import Asked, Crowded, Desk
from ui.senior.hearing import FILES, Unheard, WhisperEars, open_ears
from ui.senior.sound import joined, marked
from ui.senior.speech import LONGEST, page_to_speak, screen, speech_router, to_speak
from ui.senior.tokens import Tokens
from ui.senior.urgent import Numbers
from ui.senior.voice import has_voice, spoken
from ui.senior.words import LANGUAGES, table

needs_voice = pytest.mark.skipif(not voice.has_voice(), reason="espeak-ng is not installed")


def spoken_of(asked: Asked) -> str:
    return " ".join(words for words, _ in to_speak(asked, "fr"))


def ears(audio: bytes) -> str:
    if audio != b"sound":
        raise Unheard
    return "Quel est le prix du repas ?"


def test_what_is_said_comes_back_in_words_and_is_not_asked(
    visit: Visit, assistant: ScriptedAssistant
) -> None:
    browser = visit(SeniorExtras(ears=ears, now=lambda: TUESDAY, recognise=recognise))
    token = {"x-token": token_of(browser)}

    heard = browser.post("/simple/dictation", content=b"sound", headers=token)
    assert heard.json() == {"heard": "Quel est le prix du repas ?", "urgent": ""}
    noise = browser.post("/simple/dictation", content=b"noise", headers=token)
    assert noise.json() == {"heard": ""}
    assert assistant.asked == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dictated_emergency_brings_its_card_before_anything_is_asked(
    visit: Visit, assistant: ScriptedAssistant, language: str
) -> None:
    def fallen(audio: bytes) -> str:
        return "Je suis tombé"

    browser = visit(SeniorExtras(ears=fallen, now=lambda: TUESDAY, recognise=recognise))
    page = LexborHTMLParser(browser.get(f"/simple?lang={language}").text)
    place = page.css_first(".dictation")
    assert place is not None
    to, token = (str(place.attributes[name]) for name in ("data-to", "data-token"))
    told = browser.post(to, content=b"sound", headers={"x-token": token}).json()["urgent"]

    assert texts(told, ".urgent[role=alert] .call") == ["15", "112", "114"]
    assert texts(told, "h2") == [table(language)["urgent_medical"].replace("\u00a0", " ")]
    assert assistant.asked == []


def test_only_this_page_may_send_audio(visit: Visit) -> None:
    browser = visit(SeniorExtras(ears=ears, now=lambda: TUESDAY))
    assert browser.post("/simple/dictation", content=b"sound").status_code == 403


def test_recordings_do_not_take_the_threads_of_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sixty at once from one place, then from as many places as one likes."""
    go_on, places = Event(), iter(["ici"] * 60 + [f"là {n}" for n in range(60)])
    monkeypatch.setattr(speech, "places_asking", lambda request: {next(places): 1})
    tokens, begun = Tokens(), list[bytes]()

    def slow(audio: bytes) -> str:
        begun.append(audio)
        assert go_on.wait(60)
        return "Bonjour"

    app = FastAPI()
    app.include_router(speech_router(Desk(ScriptedAssistant(script), Texts("fr")), tokens, slow))
    app.add_api_route("/ready", lambda: "ok")

    async def at_once() -> tuple[bool, list[int]]:
        """Say whether another page was answered meanwhile, and what each recording was told."""
        headers = {"x-token": tokens.make()}
        async with AsyncClient(transport=ASGITransport(app), base_url="http://town") as town:
            post = partial(town.post, "/simple/dictation", content=b"x", headers=headers)
            sent = [asyncio.create_task(post()) for _ in range(120)]
            other = asyncio.create_task(town.get("/ready"))
            done, _ = await asyncio.wait({other}, timeout=20)
            go_on.set()
            await other
            return bool(done), [answer.status_code for answer in await asyncio.gather(*sent)]

    is_answered, told = run_apart(at_once())
    assert is_answered
    assert len(begun) == told.count(200) == speech.HEARD_AT_ONCE
    assert told[1:60] == [503] * 59


def test_without_ears_there_is_no_microphone(visit: Visit) -> None:
    browser = visit()
    token = {"x-token": token_of(browser)}

    assert 'class="dictation"' not in browser.get("/simple").text
    assert browser.post("/simple/dictation", content=b"sound", headers=token).status_code == 404


def test_ears_need_all_of_their_weights(tmp_path: Path) -> None:
    assert open_ears(Weights(tmp_path)) is None


def test_what_is_no_sound_is_not_heard(tmp_path: Path) -> None:
    for noise in (b"", b"<html>", bytes(5_000)):
        with pytest.raises(Unheard):
            WhisperEars(Weights(tmp_path))(noise)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def whisper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WhisperEars:
    """Ears whose recordings are decoded already; tests say what hears them."""
    monkeypatch.setattr(hearing, "samples_of", lambda audio: np.full(len(audio), 0.5, np.float32))
    for name in FILES.values():
        (tmp_path / name).write_bytes(name.encode())
    weights = Weights(tmp_path)
    monkeypatch.setattr(weights, "path", lambda name: tmp_path / name)
    return WhisperEars(weights)


def hears(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(hearing, "COMMAND", (sys.executable, "-c", program))


EAR = """
import os, resource, sys, ui.ear as ear, ui.sound as sound
def heard(samples, weights, *, threads):
    {body}
ear.heard = heard
ear.main()
"""


def test_recordings_are_heard_one_at_a_time_and_wait_only_so_long(
    whisper: WhisperEars, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "TURN_SECONDS", 0.1)
    inside: list[str] = []

    def told_by(*_: object, **__: object) -> bytes:
        with pytest.raises(Unheard):
            whisper(b"another one meanwhile")
        inside.append("heard")
        return b" Bonjour \n"

    monkeypatch.setattr(hearing, "told_by", told_by)
    assert whisper(b"one") == "Bonjour"
    assert inside == ["heard"]
    assert whisper(b"the next") == "Bonjour"


def test_who_hears_has_the_samples_the_weights_and_few_threads(
    whisper: WhisperEars, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "return f'{len(samples)} {samples[0]:.1f} {sorted(weights.items())} {threads}'"
    hears(monkeypatch, EAR.format(body=body))
    weights = sorted((inside, name.encode()) for inside, name in FILES.items())
    assert whisper(b"12345") == f"5 0.5 {weights} 2"


def test_who_hears_is_closed_in_and_has_limits(
    whisper: WhisperEars, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's voice in the library of a model: not in the process that holds the keys."""
    monkeypatch.setenv("GREFFIER_REGISTER_PASSPHRASE", "un deux trois")
    kept = tmp_path / "key"
    kept.write_text("secret", "utf-8")
    body = (
        "names = [n for n in os.environ if 'PASS' in n]\n"
        "    limits = [resource.getrlimit(n)[0] for n in (resource.RLIMIT_DATA,"
        " resource.RLIMIT_CPU)]\n"
        f"    try:\n        open({str(kept)!r}); reached = 'file'\n"
        "    except OSError:\n        reached = 'none'\n"
        "    return f'{os.getppid()}|{limits}|{names}|{reached}|{\"landlock\" in fences}'"
    )
    program = EAR.format(body=body).replace(
        "ear.heard = heard",
        "ear.heard = heard\nfrom corpus import containment\nreal = containment.contain\n"
        "def noting(programs):\n    global fences\n    fences = real(programs)\n"
        "containment.contain = noting",
    )
    hears(monkeypatch, program)
    parent, limits, secrets, reached, has_landlock = whisper(b"x").split("|")
    assert parent == str(os.getpid())
    assert limits == str([ear.MEMORY_BYTES, ear.WORK_SECONDS])
    assert secrets == "[]"
    assert reached == ("none" if has_landlock == "True" else "file")


@pytest.mark.parametrize(
    "body",
    [
        "import time; time.sleep(600)",
        "os._exit(1)",
        "os.kill(os.getpid(), 11)",
        "return ''",
        "os.write(1, b'x' * 1_000_000); return 'x'",
    ],
)
def test_one_who_hangs_dies_or_talks_for_ever_is_ended_and_the_next_is_heard(
    whisper: WhisperEars, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    monkeypatch.setattr(hearing, "HEARD_SECONDS", 5.0)
    hears(monkeypatch, EAR.format(body=body))
    with pytest.raises(Unheard):
        whisper(b"one")
    hears(monkeypatch, EAR.format(body="return 'Bonjour'"))
    assert whisper(b"the next") == "Bonjour"


def test_whisper_is_asked_for_french_words_on_the_weights_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[dict[str, object]] = []

    class Model:
        def __init__(self, name: str, **facts: object) -> None:
            asked.append({"name": name, **facts})

        def transcribe(self, samples: object, **facts: object) -> tuple[list[object], None]:
            asked.append(facts)
            return [SimpleNamespace(text=" Bonjour,"), SimpleNamespace(text=" la mairie ")], None

    monkeypatch.setitem(sys.modules, "faster_whisper", SimpleNamespace(WhisperModel=Model))
    words = ear.heard(np.zeros(9, np.float32), {"model.bin": b"x"}, threads=2)
    assert words == "Bonjour, la mairie"
    assert asked[0]["files"] == {"model.bin": b"x"}
    assert (asked[0]["cpu_threads"], asked[1]["language"]) == (2, "fr")


def test_the_weights_of_dictation_are_in_the_catalogue() -> None:
    assert {*FILES.values()} <= {weights.name for weights in Weights().catalogue()}


def test_the_answer_is_said_as_it_is_written(visit: Visit) -> None:
    kept = Desk(ScriptedAssistant(script), Texts("fr"))
    key = kept.ask("Quel est le prix du repas ?")
    kept.close()
    answered = kept.get(key)

    assert answered is not None
    said = spoken_of(answered)
    assert said.startswith("Réponse d’une machine. Le repas coûte 3,40 € pour un enfant")
    assert said.endswith("Elle peut se tromper.")
    assert "Vous parlez à une machine." in screen("home")


def test_a_line_to_read_is_said_as_none_of_the_machine_s_answers() -> None:
    kept = Desk(ScriptedAssistant(script), Texts("fr"))
    key = kept.ask("Une piste ?", ())
    kept.close()
    refused = kept.get(key)

    assert refused is not None
    said = spoken_of(refused)
    assert said.startswith("Réponse d’une machine. Je ne suis pas sûr. Une personne de la mairie")
    assert said.endswith(f"{LEAD.citation.quote} Ce texte n’est pas une réponse. À vous de lire.")


def test_what_is_urgent_is_said_first_and_a_hidden_word_is_said_as_hidden() -> None:
    kept = Desk(ScriptedAssistant(script), Texts("fr"))
    question = "Une arnaque, que dire à Paul Martin ?"
    key = kept.ask(question, (Numbers.read().of("swindle"),))
    kept.close()
    refused = kept.get(key)

    assert refused is not None
    said = spoken_of(refused)
    assert said.index("Appelez.") < said.index("Réponse d’une machine.") < said.index("répondre")
    assert said.startswith(
        "Quelqu’un veut votre argent ou vos codes ? Ne donnez rien, raccrochez. Appelez. 17 : "
    )
    assert said.endswith("Une personne de la mairie peut vous répondre. Appelez, ou venez.")
    text = "La demande de [PERSONNE_1] est reçue."
    assert page_to_speak(Structure.of(text), 0) == "La demande de un mot caché est reçue."


def test_whom_to_call_is_said_before_the_answer_is_there(slow: tuple[Desk, Event]) -> None:
    desk, _ = slow
    waiting = desk.get(desk.ask("Je suis tombé", (Numbers.read().of("medical"),)))

    assert waiting is not None and waiting.view.is_busy
    said = spoken_of(waiting)
    assert said.startswith("Quelqu’un va mal ou est blessé ? Appelez maintenant. 15 : SAMU")
    assert "Je ne sais pas" not in said


@pytest.mark.parametrize("page", LANGUAGES)
def test_the_robot_says_whom_to_call_in_the_language_of_the_page(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech, "languages", lambda: frozenset(LANGUAGES))
    waiting = Asked((Numbers.read().of("medical"),))
    ((card, spoken),) = to_speak(waiting, page)
    assert spoken == page and card.startswith(table(page)["urgent_medical"])
    waiting.show(View(phase=Phase.ANSWERED, sentences=SENTENCES))
    first, *rest = to_speak(waiting, page)
    assert first[1] == page
    assert [language for _, language in rest] == ([] if page == "fr" else ["fr"])
    monkeypatch.setattr(speech, "languages", lambda: frozenset({"fr"}))  # no voice for the page
    assert [language for _, language in to_speak(waiting, page)] == ["fr"]


@needs_voice
def test_two_languages_are_one_sound(visit: Visit) -> None:
    assert {*LANGUAGES} <= voice.languages()
    sounds = [voice.spoken("Appelez le 15.", "fr"), voice.spoken("Call 15.", "en")]
    lengths = []
    for sound in (*sounds, joined(sounds)):
        with wave.open(BytesIO(marked(sound, speech.BY_ROBOT, "x"))) as opened:
            lengths.append(opened.getnframes())
    assert lengths[2] == lengths[0] + lengths[1]
    assert joined([sounds[0], b""]) == b""
    browser = visit()
    page = ask(browser, "Je suis tombé", lang="tr")
    key = page.url.path.rsplit("/", 1)[1]
    assert f'src="/simple/voice/{key}?lang=tr"' in page.text
    said = browser.get(f"/simple/voice/{key}?lang=tr").content
    assert said != browser.get(f"/simple/voice/{key}").content


def test_a_page_is_said_from_the_marked_sentence_and_not_for_hours() -> None:
    text = "Le conseil vote.\n\nLe repas coûte 3,40 €. La suite vient."
    page = Structure.of(text)
    assert page_to_speak(page, text.index("coûte")) == "Le repas coûte 3,40 €. La suite vient."
    assert page_to_speak(page, 0) == " ".join(text.split())
    assert len(page_to_speak(Structure.of("Un mot de plus. " * 1_000), 0)) <= LONGEST


def test_a_row_is_said_as_somebody_says_it() -> None:
    text = "Jour : Mardi ; Matin : fermé. Sauf fêtes ; Soir : 17 h\nVenez."
    said = page_to_speak(Structure.of(text), text.index("Sauf"))
    assert said == "Le mardi, 17 h. Matin : fermé. Sauf fêtes. Venez."


@needs_voice
def test_the_robot_speaks_french_and_only_what_the_page_says(visit: Visit) -> None:
    browser = visit()
    key = str(ask(browser, "Quel est le prix du repas ?").url).rsplit("/", 1)[1]

    page = f"/simple/page/{CANTEEN}/2/voice?start={FIRST.start}"
    for what in (*(f"/simple/voice/{name}" for name in ("home", "gone", "missing", key)), page):
        answer = browser.get(what)
        assert answer.headers["content-type"] == "audio/wav"
        with wave.open(BytesIO(answer.content)) as sound:
            assert sound.getframerate() > 8_000
            assert len(answer.content) > 20_000
    assert browser.get("/simple/voice/another").status_code == 404
    assert browser.get(f"/simple/page/{CANTEEN}/99/voice").status_code == 404
    closed = visit(collections={"senior": ["plu"]})
    assert closed.get(page).status_code == 404
    assert 'src="/simple/voice/home"' in browser.get("/simple").text


def test_without_a_robot_nothing_is_promised(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "PROGRAM", "no-such-program")
    monkeypatch.setattr(speech, "ROBOT", voice.Robot(voice.spoken))  # one that has said nothing yet

    browser = visit()
    assert "<audio" not in browser.get("/simple").text
    assert browser.get("/simple/voice/home").status_code == 503


@pytest.fixture
def slow() -> Iterator[tuple[Desk, Event]]:
    """A desk whose answers wait to be let go on."""
    go_on = Event()
    desk = Desk(ScriptedAssistant(script, lambda step: go_on.wait(20)), Texts("fr"))
    yield desk, go_on
    go_on.set()
    desk.close()


def test_too_many_questions_at_once_are_told_to_wait(slow: tuple[Desk, Event]) -> None:
    desk, _ = slow
    for _ in range(asked.MAX_UNDER_WAY):
        desk.ask("Quel est le prix du repas ?")
    with pytest.raises(Crowded):
        desk.ask("Quel est le prix du repas ?")


def test_what_nobody_looks_at_is_forgotten() -> None:
    clock = [1000.0]
    desk = Desk(ScriptedAssistant(script), Texts("fr"), lambda: clock[0])
    key = desk.ask("Quel est le prix du repas ?")
    desk.close()

    clock[0] += asked.KEPT_SECONDS - 1
    assert desk.get(key) is not None
    clock[0] += asked.KEPT_SECONDS - 1
    assert desk.get(key) is not None
    clock[0] += asked.KEPT_SECONDS + 1
    assert desk.get(key) is None


def test_one_place_that_asks_without_end_loses_its_own_answers_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asked, "MAX_KEPT", 6)
    monkeypatch.setattr(asked, "MAX_A_PLACE", 100)
    desk = Desk(ScriptedAssistant(script), Texts("fr"))
    mine = [desk.ask("Quel est le prix du repas ?", places={"192.0.2.1": 1}) for _ in range(2)]
    theirs = [desk.ask("Quel est le prix du repas ?", places={"192.0.2.9": 1}) for _ in range(20)]
    desk.close()
    assert [key for key in mine if desk.get(key) is None] == []
    assert [desk.get(key) is not None for key in theirs] == [False] * 16 + [True] * 4


def test_the_question_as_it_was_typed_is_not_kept() -> None:
    desk = Desk(ScriptedAssistant(script), Texts("fr"))
    key = desk.ask("Prix du repas de Paul Martin ?")
    desk.close()
    kept = desk.get(key)

    assert isinstance(kept, Asked)
    assert "Martin" not in repr(kept.view)
    assert "[PERSONNE_1]" in kept.view.question


def test_the_voice_reads_its_own_files_and_nothing_else(tmp_path: Path) -> None:
    """What it says was written by others, and anybody may ask for it."""
    if not has_voice():
        pytest.skip("espeak-ng is not installed: see scripts/install-system-packages.sh")
    assert spoken("La mairie ouvre à neuf heures.")[:4] == b"RIFF"
    secret = tmp_path / "key"
    secret.write_text("un mot de passe", "utf-8")
    # what takes the place of the program tells whether it is fenced in, and reads
    reads = f"""
import os, runpy, sys
from corpus import containment
fences, contain = [], containment.contain
containment.contain = lambda programs: fences.extend(contain(programs))
os.execvp = lambda *_: (print(*fences, flush=True), open({str(secret)!r}).read())
sys.argv = ["speaker", "fr", "130", str(os.getppid())]
runpy.run_module("ui.speaker", run_name="__main__")
"""
    done = subprocess.run(
        [sys.executable, "-c", reads], capture_output=True, text=True, check=False
    )
    if Fence.LANDLOCK not in done.stdout.split():
        pytest.skip("this kernel has no landlock")
    assert "PermissionError" in done.stderr
