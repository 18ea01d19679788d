# SPDX-License-Identifier: EUPL-1.2
"""Who waits when much goes on at once: the real service and models, beside their quiet state.

    python -m benchmarks.busy answers program ingestion sources health --write-docs
                              [--work DIR] [--shared DIR] [--tiny]

    answers     a question while `corpus add` reads minutes and scans, against the same one alone
    program     a question while a program takes one core, against the same one alone
    ingestion   pages a second with nobody there, giving way and as it was before
    sources     12 and 50 agents ask at once on their page: when each sees the sources
    health      /health under 50 people, sign-ins and a masking of 300,000 characters

Quiet and busy take turns within a run. What is measured is printed and kept in DIR/rounds.json at
once: a part that takes longer than eight minutes stops, says so (exit code 3), and goes on from
there in the next run. A part that is whole is kept in docs/figures/busy.json; with `--work` the
sample town is read once. `--tiny` only tries whether a part runs: it writes no figure. Whoever
measures runs on the same cores as the service.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from socket import AF_INET, socket
from typing import Any

import httpx

from assistant.settings import Settings
from assistant.wiring import open_parts
from benchmarks.load import ROOT, SAMPLES, percentile, served
from corpus.folder import read_key

PAGE = ROOT / "docs" / "reliability.md"
FIGURES = ROOT / "docs" / "figures" / "busy.json"
BEGIN, END = "<!-- busy:begin -->", "<!-- busy:end -->"
AS_BEFORE = (
    "import corpus.cores as cores; cores.to_background = lambda process=0: None; "
    "cores.step_back = lambda: None; from ui.main import main; main()"
)
"""The program without its manners."""
GIVING_WAY = "from ui.main import main; main()"
SHOWN = ('class=\\"sources\\"', 'data-phase=\\"answered\\"')
"""What a line of the page's stream holds once somebody sees sources, or an answer that needs none
to be read."""
HOG = "x = 0\nwhile True:\n    x += sum(range(10_000))"
PASSWORD = "le puits de la place"
PEOPLE = 50
PATIENCE_SECONDS = 150
"""A question that takes longer counts as so long."""

RUNS = 3
"""How often so many ask at once: one run says little of the next."""

EACH_SECONDS = 0.05
PART_SECONDS = 480
UNFINISHED = 3
HARD_SECONDS = 1.5
"""A question that takes less, quiet, is not one for the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    people: tuple[int, ...] = (12, PEOPLE)
    rounds: int = 2
    questions: int = 3
    papers: tuple[int, int] = (2, 6)
    health_seconds: float = 60
    masked_chars: int = 300_000
    hard_seconds: float = HARD_SECONDS


TINY = Size(
    people=(3,), rounds=1, questions=1, papers=(0, 1), health_seconds=5, masked_chars=3_000,
    hard_seconds=0,
)  # fmt: skip


class Unfinished(Exception):
    """The time of a part is over; what it measured is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table; `quiet` and `busy` in seconds unless `what` says otherwise."""

    what: str
    quiet: tuple[float, ...] = ()
    busy: tuple[float, ...]
    told: str
    goal: str
    reached: bool
    load: float
    """Of the machine as the part began: what else ran there."""


class Rounds:
    """What a part has measured so far: printed and kept as it is measured."""

    def __init__(self, path: Path, part: str, seconds: float = PART_SECONDS) -> None:
        self._path, self._part = path, part
        self._end = time.monotonic() + seconds
        self._known: dict[str, dict[str, list[Any]]] = (
            json.loads(path.read_text("utf-8")) if path.exists() else {}
        )
        self._mine = self._known.setdefault(part, {})

    def __call__(self, name: str) -> list[Any]:
        return self._mine.get(name, [])

    def add(self, name: str, *values: object) -> None:
        self._mine.setdefault(name, []).extend(values)
        self._path.write_text(json.dumps(self._known, ensure_ascii=False), "utf-8")
        print(f"{self._part} {name}: {', '.join(map(str, values))}", flush=True)

    def check(self) -> None:
        """Raise Unfinished where no time is left to begin another measure."""
        if time.monotonic() > self._end:
            raise Unfinished

    def forget(self) -> None:
        """Begin anew the next time."""
        self._known.pop(self._part, None)
        self._path.write_text(json.dumps(self._known, ensure_ascii=False), "utf-8")


class Town:
    """The sample town, read once, with keys and accounts for everybody."""

    def __init__(self, work: Path, shared: Path, size: Size | None = None) -> None:
        self.size = size or Size()
        self.data, self.keys = work / "data", work / "keys"
        self._shared = shared
        self._environment = {
            **os.environ, "GREFFIER_DATA": str(self.data), "GREFFIER_KEYS": str(self.keys)
        }  # fmt: skip
        if not (self.data / "passages.db").exists():
            self.run("demo", "--no-serve", "--samples", str(SAMPLES))
        self.key, self.cookies = self._people()

    def run(self, *words: str, program: str = GIVING_WAY, data: Path | None = None) -> str:
        """Run a command of ours to its end; return what it printed."""
        with self.begun(*words, program=program, data=data) as process:
            said, _ = process.communicate()
        if process.returncode not in (0, 1):
            raise SystemExit(f"greffier {words[0]}: {process.returncode}")
        return said.decode()

    def begun(
        self, *words: str, program: str = GIVING_WAY, data: Path | None = None
    ) -> subprocess.Popen[bytes]:
        environment = dict(self._environment)
        if data:
            environment |= {
                "GREFFIER_DATA": str(data / "data"), "GREFFIER_KEYS": str(data / "keys")
            }  # fmt: skip
        return subprocess.Popen(
            [sys.executable, "-c", program, *words],
            env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    @contextmanager
    def served(self) -> Iterator[tuple[str, int]]:
        """Serve; give the address and the number of the process."""
        with socket(AF_INET) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with served(self.data, self.keys, port, []) as process:
            yield f"http://127.0.0.1:{port}", process

    def papers(self, scans: int, minutes: int) -> list[Path]:
        """Return scanned and printed minutes, those of the samples where there are no others."""
        corte = sorted(self._shared.glob("mairie_corte/**/*.pdf"))
        town = sorted(self._shared.glob("mairie_pierrefonds/docs/*.pdf"))
        return [*corte[:scans], *town[:minutes]] or sorted(SAMPLES.glob("**/*.pdf"))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let `corpus add` read minutes and scans over and over, in another process."""
        over, running = threading.Event(), list[subprocess.Popen[bytes]]()
        with tempfile.TemporaryDirectory() as folder:
            for number, paper in enumerate(self.papers(6, 10)):
                shutil.copy(paper, Path(folder) / f"{number}.pdf")

            def read() -> None:
                while not over.is_set():  # each under another name, as documents that are new
                    words = ("corpus", "add", folder, "--collection", f"beside{time.time_ns()}")
                    running[:] = [self.begun(*words)]
                    running[0].communicate()

            thread = threading.Thread(target=read)
            thread.start()
            try:
                time.sleep(15)  # it has loaded its models and reads
                yield
            finally:
                over.set()
                while thread.is_alive():
                    for process in running:
                        process.send_signal(signal.SIGINT)
                    thread.join(5)

    def asked(self, site: str, questions: Sequence[str]) -> list[float]:
        """Ask one after the other; return the seconds of each."""
        seconds = []
        with httpx.Client(base_url=site, headers=self.shown, timeout=PATIENCE_SECONDS) as client:
            for question in questions:
                began = time.perf_counter()
                with suppress(httpx.TimeoutException):
                    client.post("/api/ask", json={"question": question}).raise_for_status()
                seconds.append(round(time.perf_counter() - began, 2))
        return seconds

    @property
    def shown(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}"}

    def hard(self, site: str, kept: Rounds) -> list[str]:
        """Return questions for which the model is needed."""
        told = tomllib.loads((SAMPLES / "questions.toml").read_text("utf-8"))["question"]
        some = [str(one["question"]) for one in told[:: max(1, len(told) // 24)]]
        for question in some[len(kept("tried")) :]:
            if len(kept("hard")) == self.size.questions:
                break
            kept.check()
            (seconds,) = self.asked(site, [question])
            kept.add("tried", seconds)
            if seconds >= self.size.hard_seconds:
                kept.add("hard", question)
        if not kept("hard"):
            raise SystemExit("no question took the model long enough")
        return kept("hard")

    def _people(self) -> tuple[str, list[str]]:
        from ui.access import open_access
        from ui.access.clerk import Clerk
        from ui.access.person import Person, Role

        settings, run = Settings.read(self.data / "greffier.toml"), time.time_ns()
        with open_parts(self.data, self.keys, settings) as parts:
            secret = read_key(parts.keys, "access")
            with open_access(self.data, secret, settings.access, parts.register) as desk:
                _, key = Clerk(desk, Person("busy", Role.ADMIN)).make_key(f"b-{run}", Role.AGENT)
                hashed = desk.passwords.hash(PASSWORD)
                self.names = [f"agent{run}x{number}" for number in range(PEOPLE)]
                cookies = []
                for name in self.names:
                    desk.accounts.add(name, Role.AGENT, collections=None)
                    desk.accounts.keep_password(name, hashed)
                    token = desk.sessions.start(name, "password")
                    cookies.append(desk.seals.signed("cookie-greffier", token))
        return key, cookies


# -- the parts


def answers(town: Town, kept: Rounds) -> list[Row]:
    return [_beside(town, kept, "answer beside `corpus add` with OCR", town.reading, 1.6)]


def program(town: Town, kept: Rounds) -> list[Row]:
    @contextmanager
    def hog() -> Iterator[None]:
        with subprocess.Popen([sys.executable, "-c", HOG]) as process:
            try:
                yield
            finally:
                process.kill()

    return [_beside(town, kept, "answer beside a program that takes one core", hog, 2.0)]


def _beside(town: Town, kept: Rounds, what: str, other: Callable[[], Any], most: float) -> Row:
    if not kept("load"):
        kept.add("load", os.getloadavg()[0])
    with town.served() as (site, _):
        questions = town.hard(site, kept)
        for number in range(1, town.size.rounds + 1):
            for way, beside in (("quiet", nullcontext), ("busy", other)):
                done = len(kept(way)) - (number - 1) * len(questions)
                if done >= len(questions):
                    continue
                with beside():
                    for question in questions[done:]:
                        kept.check()
                        kept.add(way, *town.asked(site, [question]))
    quiet, busy = kept("quiet"), kept("busy")
    ratio = statistics.median(busy) / statistics.median(quiet)
    return Row(
        what=what, quiet=tuple(quiet), busy=tuple(busy), told=f"× {ratio:.2f}",
        goal=f"× {most}", reached=ratio <= most, load=kept("load")[0],
    )  # fmt: skip


def ingestion(town: Town, kept: Rounds) -> list[Row]:
    if not kept("load"):
        kept.add("load", os.getloadavg()[0])
    files = town.papers(*town.size.papers)
    turns = ((AS_BEFORE, "before"), (GIVING_WAY, "giving way")) * town.size.rounds
    if town.size.rounds > 1:
        turns = (*turns[:2], turns[1], turns[0])  # a b b a
    for program, way in turns[len(kept("before")) + len(kept("giving way")) :]:
        kept.check()
        with tempfile.TemporaryDirectory() as folder:
            words = ("corpus", "add", *map(str, files), "--json")
            told = json.loads(town.run(*words, program=program, data=Path(folder)))
        if not told["pages"]:
            raise SystemExit("nothing was read")
        kept.add(way, round(told["pages"] / told["seconds"], 2))
    share = statistics.mean(kept("giving way")) / statistics.mean(kept("before"))
    return [Row(
        what="ingestion alone, pages a second, as before and giving way",
        quiet=tuple(kept("before")), busy=tuple(kept("giving way")), told=f"{share:.2f}",
        goal="≥ .95", reached=share >= 0.95, load=kept("load")[0],
    )]  # fmt: skip


def sources(town: Town, kept: Rounds) -> list[Row]:
    rows = []
    with town.served() as (site, _):
        asyncio.run(_at_once(town, site, 1))  # what is loaded once
        for people in town.size.people:
            load = os.getloadavg()[0]
            alone = asyncio.run(_at_once(town, site, 1))
            runs = list[list[float]]()
            for _ in range(RUNS):
                kept.check()
                seen = sorted(asyncio.run(_at_once(town, site, people)))
                if len(seen) != people:
                    raise SystemExit(f"{people - len(seen)} of {people} never saw their sources")
                kept.add(f"{people} at once", *seen)
                runs.append(seen)
            runs.sort(key=lambda seen: seen[-1])
            least, half, most = runs[0][-1], runs[len(runs) // 2], runs[-1][-1]
            rows.append(Row(
                what=f"sources on the screens of {people} agents at once, {RUNS} times: first, "
                "half, last of the run between; the last of each run",
                quiet=tuple(alone),
                busy=(half[0], statistics.median(half), half[-1]),
                told=f"{half[-1]:.2f} s ({least:.2f} to {most:.2f})",
                goal="1 s", reached=most <= 1, load=load,
            ))  # fmt: skip
    return rows


async def _at_once(town: Town, site: str, people: int) -> list[float]:
    """Let agents ask at once on pages that are open; return when each saw the sources."""
    questions = tomllib.loads((SAMPLES / "questions.toml").read_text("utf-8"))["question"]
    run, see, done = time.time_ns(), asyncio.Event(), asyncio.Event()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    seen = list[float]()

    async def one(number: int, client: httpx.AsyncClient) -> None:
        cookies = {"cookie": f"greffier={town.cookies[number]}"}
        page = f"page{run}x{number}"
        load = next(d for d in config["dependencies"] if d["api_name"] == "_visit")
        event = next(d for d in config["dependencies"] if d["api_name"] == "_ask")
        await _event(client, cookies, page, load, {})
        ready.append(number)
        if len(ready) == people:
            see.set()
        await see.wait()
        began = time.perf_counter()
        asked = {box: str(questions[number % len(questions)]["question"])}
        is_seen = False
        async for line in _events(client, cookies, page, event, asked):
            if not is_seen and any(shown in line for shown in SHOWN):
                is_seen = True
                seen.append(round(time.perf_counter() - began, 3))
                if len(seen) == people:
                    done.set()
            if done.is_set():
                return  # who leaves is answered no further, and nobody leaves before all see

    ready = list[int]()
    async with httpx.AsyncClient(
        base_url=site, headers={"origin": site}, timeout=PATIENCE_SECONDS, limits=limits
    ) as client:
        told = await client.get("/config", headers={"cookie": f"greffier={town.cookies[0]}"})
        config = told.json()
        box = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "question")
        await asyncio.gather(*(one(number, client) for number in range(people)))
    await asyncio.sleep(5)  # those who left are noticed
    return seen


async def _event(
    client: httpx.AsyncClient, cookies: dict[str, str], page: str, event: Any, given: dict[int, str]
) -> None:
    async for line in _events(client, cookies, page, event, given):
        if '"process_completed"' in line:
            return


async def _events(
    client: httpx.AsyncClient, cookies: dict[str, str], page: str, event: Any, given: dict[int, str]
) -> AsyncIterator[str]:
    """Start an event as the page's script does; yield what comes of it."""
    sent = {
        "data": [given.get(box) for box in event["inputs"]],
        "fn_index": event["id"],
        "session_hash": page,
        "trigger_id": event["targets"][0][0],
    }
    joined = await client.post("/gradio_api/queue/join", json=sent, headers=cookies)
    joined.raise_for_status()
    told = {"session_hash": page}
    async with client.stream(
        "GET", "/gradio_api/queue/data", params=told, headers=cookies
    ) as stream:
        async for line in stream.aiter_lines():
            yield line


def health(town: Town, kept: Rounds) -> list[Row]:
    load = os.getloadavg()[0]
    with town.served() as (site, _):
        quiet, busy, load_ran = asyncio.run(_watched(town, site))
    kept.add("load that ran", *(f"{what} {count}" for what, count in load_ran.items()))
    if missing := [what for what, count in load_ran.items() if not count]:
        raise SystemExit(f"the load did not run: no {', no '.join(missing)}")
    worst = percentile(busy, 0.99)
    shares = (0.5, 0.95, 0.99)
    return [Row(
        what="`/health` under 50 people, sign-ins and a masking: p50, p95, p99",
        quiet=tuple(percentile(quiet, share) for share in shares),
        busy=tuple(percentile(busy, share) for share in shares),
        told=f"{1000 * worst:.0f} ms", goal="100 ms", reached=worst <= 0.1, load=load,
    )]  # fmt: skip


async def _watched(town: Town, site: str) -> tuple[list[float], list[float], Counter[str]]:
    """Return how long `/health` took, quiet and busy, and how often each thing of the load was
    done by the end."""
    questions = tomllib.loads((SAMPLES / "questions.toml").read_text("utf-8"))["question"]
    sentence = "Le conseil municipal a décidé que Mme Martine Dubreuil verserait 120 euros. "
    text = (sentence * (town.size.masked_chars // len(sentence) + 1))[: town.size.masked_chars]
    done = Counter(dict.fromkeys(("search", "sign-in", "masking"), 0))
    limits = httpx.Limits(max_connections=None)
    over = asyncio.Event()

    async def looked(seconds: float) -> list[float]:
        """Ask at fixed times, whatever became of the one before: a slow one hides none."""
        took, asked = list[float](), list[asyncio.Future[None]]()
        async with httpx.AsyncClient(base_url=site, timeout=60, limits=limits) as client:

            async def one() -> None:
                began = time.perf_counter()
                (await client.get("/health")).raise_for_status()
                took.append(time.perf_counter() - began)

            begun = time.perf_counter()
            for number in range(int(seconds / EACH_SECONDS)):
                await asyncio.sleep(begun + number * EACH_SECONDS - time.perf_counter())
                asked.append(asyncio.ensure_future(one()))
            await asyncio.gather(*asked)
        return took

    async def ask(number: int) -> None:
        async with _client(site, limits, **town.shown) as client:
            while not over.is_set():
                question = questions[(number * 7) % len(questions)]["question"]
                with suppress(httpx.HTTPError):
                    reply = await client.post("/api/search", json={"question": question})
                    done["search"] += reply.status_code == 200
                    await asyncio.sleep(1)
                    await client.post("/api/ask", json={"question": question}, timeout=10)

    async def sign_in(name: str) -> None:
        while not over.is_set():
            with suppress(httpx.HTTPError, IndexError):
                async with _client(site, limits, origin=site) as client:
                    page = (await client.get("/connexion")).text
                    token = page.split('name="token"')[1].split('value="')[1].split('"')[0]
                    sent = {"name": name, "password": PASSWORD, "token": token, "suite": "/"}
                    reply = await client.post("/connexion", data=sent)
                    done["sign-in"] += reply.status_code == 303
            await asyncio.sleep(0.5)

    async def mask() -> None:
        async with _client(site, limits, **town.shown) as client:
            while not over.is_set():
                with suppress(httpx.HTTPError):
                    reply = await client.post("/api/screen", json={"text": text}, timeout=300)
                    done["masking"] += reply.status_code == 200

    quiet = await looked(10)
    others = [
        *(asyncio.ensure_future(ask(number)) for number in range(PEOPLE)),
        *(asyncio.ensure_future(sign_in(name)) for name in town.names[:20]),
        asyncio.ensure_future(mask()),
    ]
    await asyncio.sleep(3)
    busy = await looked(town.size.health_seconds)
    over.set()
    masking = others[-1]  # one that began under the eyes of who looked is heard to its end
    await asyncio.wait([masking], timeout=240)
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    return quiet, busy, done


@asynccontextmanager
async def _client(
    site: str, limits: httpx.Limits, **headers: str
) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=site, limits=limits, timeout=60, headers=headers
    ) as client:
        yield client


PARTS: dict[str, Callable[[Town, Rounds], list[Row]]] = {
    "answers": answers,
    "program": program,
    "ingestion": ingestion,
    "sources": sources,
    "health": health,
}


# -- the figures


def machine() -> str:
    """Say where it was measured."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def keep(part: str, rows: Sequence[Row], figures: Path = FIGURES) -> None:
    """Put the rows of a part in the place of those that were there."""
    known = json.loads(figures.read_text("utf-8")) if figures.exists() else {}
    known[part] = {"machine": machine(), "rows": [asdict(row) for row in rows]}
    ordered = {name: known[name] for name in PARTS if name in known}
    figures.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", "utf-8")


def table(known: dict[str, Any]) -> str:
    """Return the figures as a table of the documentation."""
    lines = [
        f"Machine: {'; '.join(sorted({part['machine'] for part in known.values()}))}. Seconds,"
        " least, median and most, where nothing else is said; *load*: of the machine as the part"
        " began.",
        "",
        "| what | quiet | busy | | aimed at | reached | load |",
        "|---|---|---|---|---|---|---|",
    ]
    for part in known.values():
        for row in part["rows"]:
            reached = "yes" if row["reached"] else "**no**"
            lines.append(
                f"| {row['what']} | {_spread(row['quiet'])} | {_spread(row['busy'])} | "
                f"{row['told']} | {row['goal']} | {reached} | {row['load']:.1f} |"
            )
    return "\n".join(lines)


def _spread(values: Sequence[float]) -> str:
    if len(values) > 3:
        values = (min(values), statistics.median(values), max(values))
    return " / ".join(f"{value:.3g}" for value in values) or "–"


def page(known: dict[str, Any]) -> str:
    """Return docs/reliability.md with these figures in it."""
    head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{table(known)}\n\n{END}{tail}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="+", choices=PARTS)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--write-docs", action="store_true")
    parser.add_argument("--tiny", action="store_true")
    asked = parser.parse_args()
    if asked.tiny and asked.write_docs:
        parser.error("--tiny measures nothing that could be written")
    is_late = False
    with tempfile.TemporaryDirectory() as folder:
        work = asked.work or Path(folder)
        town = Town(work, asked.shared, TINY if asked.tiny else Size())
        for part in asked.parts:
            kept = Rounds(work / ("tiny.json" if asked.tiny else "rounds.json"), part)
            try:
                rows = PARTS[part](town, kept)
            except Unfinished:
                print(f"{part}: not whole after {PART_SECONDS} s; it goes on with the next run")
                is_late = True
                continue
            print(table({part: {"machine": machine(), "rows": [asdict(row) for row in rows]}}))
            kept.forget()
            if asked.write_docs:
                keep(part, rows)
    if asked.write_docs:
        PAGE.write_text(page(json.loads(FIGURES.read_text("utf-8"))), "utf-8")
    if is_late:
        raise SystemExit(UNFINISHED)


if __name__ == "__main__":
    main()
