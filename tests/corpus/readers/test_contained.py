# SPDX-License-Identifier: EUPL-1.2
"""A file that took over its reader: what it may do then, for how long, and who is told."""

from __future__ import annotations

import ast
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.containment import OOM_SCORE, Fence
from corpus.cores import WAIT_POLICY
from corpus.errors import UnreadableFile
from corpus.processes import HANDED_ON, surroundings
from corpus.readers import programs, read_data
from corpus.readers.pool import ReadingPool
from corpus.readers.programs import Need, Overtime, is_there, run
from tests.corpus.readers.files import page_picture, saved

LIMIT_SECONDS = 120.0
SECRET = "un deux trois quatre"
HERE = Path(__file__).parents[3]

TAKEN_OVER = """
import os, resource, socket, subprocess, sys, time, json
import corpus.readers as readers
from corpus import containment
from corpus.readers import worker
from corpus.readers.kinds import Kind
from corpus.readers.text import read_text

fences = []
real = containment.contain
def noting(*given, **named):
    fences.extend(real(*given, **named))
    return fences
worker.contain = noting
started = [sys.argv[1]] if len(sys.argv) > 1 else []
if started:
    with open(started[0], "a") as log:
        log.write("x")
    started = [open(started[0]).read()]

def attempt(what, *given):
    if what == "read":
        return open(given[0], "rb").read(1)
    if what == "list":
        return os.listdir(given[0])
    if what == "write":
        return open(given[0], "wb")
    if what == "dial":
        return socket.create_connection((given[0], int(given[1])), 5)
    if what == "send":
        return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", (given[0], 9))
    if what == "local":
        there = socket.socket(socket.AF_UNIX)
        return there.connect(given[0])
    if what == "exec":
        return subprocess.run(given[0], check=True)
    if what == "signal":
        return os.kill(int(given[0]), 0)
    if what == "limit":
        limits = resource.getrlimit(resource.RLIMIT_CPU)
        return resource.prlimit(int(given[0]), resource.RLIMIT_CPU, limits)
    if what == "cores":
        return os.sched_setaffinity(int(given[0]), os.sched_getaffinity(0))
    if what == "priority":
        return os.setpriority(int(given[1]), int(given[0]), os.getpriority(os.PRIO_PROCESS, 0))
    if what == "scheduling":
        return os.sched_setscheduler(int(given[0]), os.SCHED_OTHER, os.sched_param(0))
    if what == "truncate":
        return os.truncate(given[0], 0)
    if what == "unlink":
        return os.unlink(given[0])

def read(data):
    asked = json.loads(data)
    if asked["do"] == "environment":
        return read_text("\\n".join(os.environ).encode())
    if asked["do"] == "fences":
        return read_text(" ".join(["fences", *fences]).encode())
    if asked["do"] == "spin":
        while True:
            pass
    if asked["do"] == "sleep" or asked["do"] == "sleep once" and started == ["x"]:
        time.sleep(asked["seconds"])
        return read_text("fini".encode())
    if asked["do"] == "attempts":
        told = []
        for what, *given in asked["attempts"]:
            try:
                attempt(what, *given)
            except OSError as error:
                told.append(f"{what} {error.errno}")
            else:
                told.append(f"{what} done")
        return read_text("\\n\\n".join(told).encode())
    return read_text(b"fini")

readers.READERS[Kind.TEXT] = read
worker.PAGE_SECONDS = 2
worker.main()
"""


@pytest.fixture(scope="module")
def taken_over(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The command of a worker whose text reader does what the text asks."""
    script = tmp_path_factory.mktemp("worker") / "taken_over.py"
    script.write_text(TAKEN_OVER, "utf-8")
    return (sys.executable, str(script))


Ask = Callable[..., str]


@pytest.fixture
def ask(tmp_path: Path, taken_over: tuple[str, ...]) -> Iterator[Ask]:
    """Ask a worker that was taken over; what it answers is a document's text."""
    with ReadingPool(1, command=taken_over) as pool:

        def asked(do: str, **facts: object) -> str:
            path = tmp_path / "asked.txt"
            path.write_text(json.dumps({"do": do, **facts}), "utf-8")
            return pool.submit(path, (), "asked.txt").result(LIMIT_SECONDS).pages[0].text

        yield asked


def fences(ask: Ask) -> set[str]:
    return set(ask("fences").split()[1:])


# -- what it may do


def test_a_reader_has_none_of_our_secrets(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREFFIER_REGISTER_PASSPHRASE", SECRET)
    monkeypatch.setenv("PGPASSWORD", SECRET)
    monkeypatch.setenv("LC_TIME", "C.UTF-8")
    names = set(ask("environment").split())
    ours = {"PYTHONPATH", "OPENBLAS_NUM_THREADS", "LC_CTYPE", "LC_ALL", "LC_TIME", *WAIT_POLICY}
    assert {"PATH", "PYTHONPATH", "LC_TIME"} <= names <= HANDED_ON | ours
    assert SECRET not in surroundings().values()


def test_a_reader_that_was_taken_over_reaches_nothing(ask: Ask, tmp_path: Path) -> None:
    if fences(ask) != {*Fence}:
        pytest.skip("this kernel has no landlock or no seccomp")
    secret = tmp_path / "key"
    secret.write_text(SECRET, "utf-8")
    there = tmp_path / "socket"
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket(socket.AF_UNIX) as own:
        own.bind(str(there))
        own.listen()
        attempts = [
            ("read", str(secret)),
            ("list", str(tmp_path)),
            ("read", f"/proc/{os.getpid()}/environ"),
            ("read", "/proc/self/environ"),
            ("read", "/etc/passwd"),
            ("read", str(HERE / "pyproject.toml")),
            ("write", str(tmp_path / "new")),
            ("write", "/tmp/new"),
            ("write", "/dev/shm/new"),
            ("truncate", str(secret)),
            ("unlink", str(secret)),
            ("dial", "127.0.0.1", listening.getsockname()[1]),
            ("send", "127.0.0.1"),
            ("local", str(there)),
            ("exec", ["/bin/sh", "-c", "true"]),
            ("exec", [sys.executable, "-c", ""]),
            ("signal", os.getpid()),
        ]
        told = ask("attempts", attempts=attempts).split()
    done = [one for one, how in zip(attempts, told[1::2], strict=True) if how == "done"]
    assert done == []
    assert secret.read_text("utf-8") == SECRET


def test_a_reader_that_was_taken_over_sets_nothing_of_the_service(ask: Ask) -> None:
    """A limit of no processor time, hard, is a kill; one of no file size ends the register."""
    if Fence.SECCOMP not in fences(ask):
        pytest.skip("this kernel has no seccomp")
    before = os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)
    bystander = subprocess.Popen(["sleep", "60"], env=surroundings())
    try:
        attempts = [
            ("limit", bystander.pid),
            ("cores", bystander.pid),
            ("scheduling", bystander.pid),
            ("priority", bystander.pid, os.PRIO_PROCESS),
        ]
        told = ask("attempts", attempts=attempts).split()
    finally:
        bystander.kill()
        bystander.wait()
    assert told[1::2] == [str(errno.EPERM)] * len(attempts)
    assert ask("attempts", attempts=[("limit", 0)]) == "limit done"  # its own: `worker.Effort`
    assert (os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)) == before


def test_it_could_do_all_that_outside(tmp_path: Path) -> None:
    """What the test above stands on: these attempts succeed where nothing keeps them in."""
    program = TAKEN_OVER.split("def read(data)")[0] + (
        "path = sys.argv[1]\n"
        "attempt('read', path); attempt('list', os.path.dirname(path))\n"
        "attempt('read', '/proc/self/environ'); attempt('write', path + '.new')\n"
        "attempt('exec', ['/bin/sh', '-c', 'true']); attempt('signal', os.getppid())\n"
        "attempt('truncate', path); attempt('unlink', path)\n"
    ).replace("sys.argv[1]", repr(str(tmp_path / "key")))
    (tmp_path / "key").write_text(SECRET, "utf-8")
    subprocess.run([sys.executable, "-c", program], env=surroundings(), cwd=HERE, check=True)
    assert not (tmp_path / "key").exists()


def test_its_own_programs_go_on_working(tmp_path: Path) -> None:
    """Tesseract and antiword write no temporary file: they could not."""
    lines = ["Le marché se tient le mardi matin sur la place de la mairie.", "Il est gratuit."]
    pages = {"scan.png": saved(page_picture(lines), "PNG", dpi=(150, 150))}
    old = sorted((HERE / "samples").rglob("*.doc"))
    if is_there(Need.DOC) and old:
        pages["old.doc"] = old[0].read_bytes()
    if not is_there(Need.OCR):
        pages.pop("scan.png")
    for name, data in pages.items():
        (tmp_path / name).write_bytes(data)
    with ReadingPool(1) as pool:
        read = {n: pool.submit(tmp_path / n, (), n).result(LIMIT_SECONDS) for n in pages}
    assert read == {name: read_data(data, name=name) for name, data in pages.items()}
    assert "mardi" in read["scan.png"].pages[0].text if "scan.png" in read else True


def test_a_reader_dies_before_the_service(tmp_path: Path, taken_over: tuple[str, ...]) -> None:
    path = tmp_path / "a.txt"
    path.write_text('{"do": "nothing"}', "utf-8")
    with ReadingPool(1, command=taken_over) as pool:
        pool.submit(path, (), "a.txt").result(LIMIT_SECONDS)
        process = pool._workers[0]._process
        assert process is not None
        told = Path(f"/proc/{process.pid}/oom_score_adj").read_text("ascii")
    assert int(told) == OOM_SCORE > int(Path("/proc/self/oom_score_adj").read_text("ascii"))


def test_an_answer_that_is_none_fails_its_file_alone(tmp_path: Path) -> None:
    babbling = (
        "import os, socket\nos.write(1, b'{}\\n')\n"
        "while socket.recv_fds(socket.socket(fileno=os.dup(0)), 9_999, 1)[1]:\n"
        "    os.write(1, b'[' * 200_000 + b'\\n')\n"
    )
    (tmp_path / "a.txt").write_text("texte", "utf-8")
    with ReadingPool(1, command=(sys.executable, "-c", babbling)) as pool:
        future = pool.submit(tmp_path / "a.txt", (), "a.txt")
        with pytest.raises(UnreadableFile) as broken:
            future.result(LIMIT_SECONDS)
    assert broken.value.reason == "broken"


# -- what it sees of other files

KEEPS = """
import os, socket, sys, time, signal
import corpus.readers as readers
from corpus.readers import pulse, worker
from corpus.readers.kinds import Kind
from corpus.readers.text import read_text

seen = []

def read(data):
    seen.append(data.decode())
    if "stay" in seen[-1] and not os.fork():
        os.setsid()
        if os.fork():
            os._exit(0)
        time.sleep(600)
    while "beat" in seen[-1]:
        pulse.beat()
        time.sleep(0.01)
    return read_text(" + ".join([*seen, str(os.getpid())]).encode())

answer = worker._Reader.answer

def giving(self, task, file):
    if task["do"] == "read":  # a file that nobody asked for, for whoever takes the next one
        socket.send_fds(self._asked, [b"x"], [os.memfd_create("forged")])
    return answer(self, task, file)

worker._Reader.answer = giving
readers.READERS[Kind.TEXT] = read
worker.main()
"""


@pytest.fixture
def keeps(tmp_path: Path) -> tuple[str, ...]:
    """The command of a worker whose text reader remembers what it read, and says so."""
    script = tmp_path / "keeps.py"
    script.write_text(KEEPS, "utf-8")
    return (sys.executable, str(script))


def said(pool: ReadingPool, path: Path, *inside: str) -> tuple[str, int]:
    """Return what a reader has seen so far, and its process."""
    name = inside[-1] if inside else path.name
    text = pool.submit(path, inside, name).result(LIMIT_SECONDS).pages[0].text
    seen, _, pid = text.rpartition(" + ")
    return seen, int(pid)


def test_a_reader_sees_no_file_but_its_own(tmp_path: Path, keeps: tuple[str, ...]) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(f"texte {name}", "utf-8")
    with ReadingPool(1, command=keeps) as pool:
        told = [said(pool, tmp_path / f"{name}.txt") for name in "abca"]
    assert [seen for seen, _ in told] == ["texte a", "texte b", "texte c", "texte a"]
    assert len({pid for _, pid in told}) == 4


def test_what_lies_in_one_archive_is_read_by_one_reader(
    tmp_path: Path, keeps: tuple[str, ...]
) -> None:
    for name in ("one", "two"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("a.txt", f"a {name}")
            archive.writestr("b.txt", f"b {name}")
    with ReadingPool(1, command=keeps) as pool:
        one = [said(pool, tmp_path / "one.zip", inside)[0] for inside in ("a.txt", "b.txt")]
        two = [said(pool, tmp_path / "two.zip", inside)[0] for inside in ("a.txt", "b.txt")]
        assert pool.take(tmp_path / "one.zip", ("b.txt",)) == b"b one"  # not what a reader forged
    assert one == ["a one", "a one + b one"]
    assert two == ["a two", "a two + b two"]


def test_nothing_of_a_reader_outlives_its_file(tmp_path: Path, keeps: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_text("stay", "utf-8")
    with ReadingPool(1, command=keeps) as pool:
        said(pool, tmp_path / "a.txt")
        assert until(lambda: readers_of(pool), lambda found: not found) == []


# -- for how long


def test_signs_of_life_do_not_go_on_for_ever(tmp_path: Path, keeps: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_text("beat", "utf-8")
    with ReadingPool(1, command=keeps, total_seconds=1) as pool:
        future = pool.submit(tmp_path / "a.txt", (), "a.txt")
        with pytest.raises(UnreadableFile) as given_up:
            future.result(LIMIT_SECONDS)
    assert given_up.value.reason == "too_slow"


def test_a_reader_that_works_for_too_long_is_told_from_one_that_waits(ask: Ask) -> None:
    """The worker grants two seconds: of the processor, not of the clock."""
    assert ask("sleep", seconds=5) == "fini"
    with pytest.raises(UnreadableFile) as given_up:
        ask("spin")
    assert given_up.value.reason == "too_slow"
    assert ask("nothing") == "fini"


def test_a_program_may_wait_for_a_busy_machine_and_may_not_work_for_ever() -> None:
    assert run(["sh", "-c", "sleep 4; printf fini"], b"", seconds=1) == b"fini"
    with pytest.raises(Overtime):
        run(["sh", "-c", "while :; do :; done"], b"", seconds=1)


def test_a_reader_that_somebody_killed_is_asked_again(
    tmp_path: Path, taken_over: tuple[str, ...]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text('{"do": "sleep once", "seconds": 600}', "utf-8")
    log = tmp_path / "started"
    with ReadingPool(1, command=(*taken_over, str(log))) as pool:
        future = pool.submit(path, (), "a.txt")
        until(lambda: log.exists() and asleep(pool), bool)
        (reader,) = readers_of(pool)
        os.kill(reader, signal.SIGKILL)
        assert future.result(LIMIT_SECONDS).pages[0].text == "fini"
    assert log.read_text("ascii") == "xx"


def asleep(pool: ReadingPool) -> bool:
    """Whether the reader has its task: it says no more, and its socket is empty."""
    found = readers_of(pool)
    return bool(found) and "nanosleep" in Path(f"/proc/{found[0]}/wchan").read_text("ascii")


def readers_of(pool: ReadingPool) -> list[int]:
    """Return the processes that read for a pool of one worker."""
    process = pool._workers[0]._process
    return [*descendants(process.pid)] if process else []


def test_a_reader_and_its_programs_die_with_the_service(
    tmp_path: Path, taken_over: tuple[str, ...]
) -> None:
    """kill -9 of the service while a page is made out: neither the reader nor Tesseract goes on."""
    if not programs._mortal() or not is_there(Need.OCR):
        pytest.skip("setpriv or Tesseract is not here")
    script = tmp_path / "reading.py"
    script.write_text(
        "import os, subprocess, time, corpus.readers.image as image\n"
        "from corpus.readers import worker, READERS\n"
        "from corpus.readers.kinds import Kind\n"
        "from corpus.readers.programs import _mortal\n"
        "def waits(data):\n"
        "    # Its input stays open: it waits for ever.\n"
        "    subprocess.run([*_mortal(), 'tesseract', '-', '-'], stdin=os.pipe()[0])\n"
        "READERS[Kind.TEXT] = waits\n"
        "worker.main()\n",
        "utf-8",
    )
    (tmp_path / "a.txt").write_text("texte", "utf-8")
    service = (
        "import sys\nfrom pathlib import Path\nfrom corpus.readers.pool import ReadingPool\n"
        f"with ReadingPool(1, command=(sys.executable, {str(script)!r})) as pool:\n"
        f"    pool.submit(Path({str(tmp_path / 'a.txt')!r}), (), 'a.txt').result()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", service], cwd=HERE, env=surroundings())
    try:
        family = until(
            lambda: tuple(descendants(process.pid)),
            lambda found: "tesseract" in map(name_of, found),
        )
    finally:
        process.kill()
        process.wait()
    assert until(lambda: [p for p in family if name_of(p)], lambda found: not found) == []


def until(look: Callable[[], object], is_due: Callable[..., bool]) -> object:
    deadline = time.monotonic() + LIMIT_SECONDS
    while not is_due(found := look()):
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found


def descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text("ascii").split()):
            yield child
            yield from descendants(child)


def name_of(pid: int) -> str:
    """Return what a process runs, "" for one that has ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0]
        return "" if state == "Z" else Path(f"/proc/{pid}/comm").read_text("ascii").strip()
    except OSError:
        return ""


STARTED = [
    (path.relative_to(HERE), call)
    for layer in ("guardrails", "corpus", "assistant", "ui")
    for path in sorted((HERE / layer).rglob("*.py"))
    for call in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(call, ast.Call)
    and isinstance(call.func, ast.Attribute)
    and isinstance(call.func.value, ast.Name)
    and call.func.value.id == "subprocess"
    and call.func.attr in ("run", "Popen", "call", "check_call", "check_output")
]


@pytest.mark.parametrize(
    ("path", "call"), STARTED, ids=[f"{path}:{call.lineno}" for path, call in STARTED]
)
def test_no_program_is_started_with_our_whole_environment(path: Path, call: ast.Call) -> None:
    given = [word.value for word in call.keywords if word.arg == "env"]
    assert given, f"{path}:{call.lineno} hands on every secret of the environment"
    whole = "os.environ" in {ast.unparse(one) for value in given for one in ast.walk(value)}
    assert not whole or "without_secrets(os.environ)" in ast.unparse(given[0])


def test_the_programs_that_are_started_were_found() -> None:
    assert len(STARTED) >= 8


def test_a_letter_is_read_in_a_child_of_its_own_and_what_came_with_it_is_not_opened(
    tmp_path: Path,
) -> None:
    mail = (
        "From: p@x.example\nTo: m@x.example\nSubject: poste\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\n'
        'Bonjour\n--b\nContent-Type: text/plain; name="a.txt"\n'
        'Content-Disposition: attachment; filename="a.txt"\n\nsecret\n--b--\n'
    )
    (tmp_path / "a.eml").write_text(mail, "utf-8")
    with ReadingPool(1) as pool:
        alone = pool.submit_letter(tmp_path / "a.eml", "letter.eml").result(LIMIT_SECONDS)
        whole = pool.submit(tmp_path / "a.eml", (), "a.eml").result(LIMIT_SECONDS)
    assert "Bonjour" in alone.pages[0].text
    assert "Pièce jointe : a.txt" in alone.pages[0].text
    assert "secret" not in alone.pages[0].text
    assert "secret" in whole.pages[0].text
