# SPDX-License-Identifier: EUPL-1.2
"""The faults of a machine, each played once in a process of its own.

    python -m tests.faults.scenes NAME BASE ─▶ a JSON line: what was said meanwhile, what held

A scene asks, breaks something, asks, mends it, asks again. Those that need a disk of their own run
in a mount namespace (`played`).
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.errors import ModelFailed
from assistant.settings import Settings
from assistant.wiring import open_parts
from guardrails.register import open_register
from tests.faults.site import (
    PRICE,
    TOLD,
    Reply,
    Shown,
    Site,
    SlowModel,
    checked,
    opened,
    prepare,
    sentence,
)

ROOT = Path(__file__).parents[2]
DISK_BYTES = 24_000_000
OWN_DISK = ("unshare", "--user", "--map-root-user", "--mount")


@dataclass
class Scene:
    """What somebody saw. `during`: outcomes while it was broken; `said`: the sentences of errors;
    `after`: the outcome once it was mended."""

    base: Path
    shown: list[Shown] = field(default_factory=list)
    during: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    after: str = ""

    def saw(self, reply: Reply) -> None:
        self.shown += reply.shown
        if reply.said:
            self.said.append(reply.said)
        else:
            self.during.append(reply.outcome)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Note the sentence of an error instead of raising it."""
        try:
            yield
        except TOLD as error:
            self.said.append(sentence(error))

    def ask_again(self, site: Site) -> None:
        reply = site.ask()
        self.shown += reply.shown
        self.after = reply.outcome or reply.said


def full_while_answering(scene: Scene) -> None:
    with opened(scene.base) as site:
        scene.saw(site.ask())
        with filled(scene.base):
            for _ in range(3):
                scene.saw(site.ask())
        scene.ask_again(site)


def full_while_reading(scene: Scene) -> None:
    with opened(scene.base) as site:
        before = {d.id for d in site.parts.store.documents()}
        (scene.base / "town" / "long.txt").write_text(LONG, "utf-8")
        with filled(scene.base, left=60_000):
            with scene.told():
                site.add(scene.base / "town")
            assert before <= {d.id for d in site.parts.store.documents()}
        report = site.add(scene.base / "town")
        assert not report.failed
        assert site.parts.index.ids() == site.parts.store.passage_ids()
        scene.ask_again(site)


def read_only(scene: Scene) -> None:
    with opened(scene.base) as site:
        scene.saw(site.ask())
    remount("ro")
    with scene.told(), opened(scene.base) as site:
        scene.saw(site.ask())
    remount("rw")
    with opened(scene.base) as site:
        scene.ask_again(site)


def slow_disk(scene: Scene) -> None:
    with opened(scene.base) as site:
        for _ in range(3):
            scene.saw(site.ask())
        scene.ask_again(site)


def model_fails(scene: Scene) -> None:
    class Failing(SlowModel):
        def before(self) -> None:
            raise ModelFailed("model_failed", name="scripted")

    with opened(scene.base) as site:
        site.parts.model = Failing()
        scene.saw(site.ask())
    with opened(scene.base) as site:
        scene.ask_again(site)


def model_file_gone(scene: Scene) -> None:
    os.environ["GREFFIER_MODELS"] = str(scene.base / "no-models")
    with scene.told(), open_parts(scene.base / "data", scene.base / "keys", Settings()) as parts:
        parts.assistant.ask(PRICE)
    with opened(scene.base) as site:
        scene.ask_again(site)


def clock_jumps(scene: Scene) -> None:
    with opened(scene.base) as site:
        scene.saw(site.ask())
    for jump in (timedelta(days=-400), timedelta(days=3650)):
        with opened(scene.base) as site:
            folder, keys = site.parts.folder.register, site.parts.keys / "register"
            moved = open_register(folder, keys, now=lambda j=jump: datetime.now(UTC) + j)
            with moved:
                site.parts.register = moved
                scene.saw(site.ask())
    with opened(scene.base) as site:
        scene.ask_again(site)


def out_of_memory(scene: Scene) -> None:
    class Hungry(SlowModel):
        def before(self) -> None:
            bytearray(1 << 30)

    with opened(scene.base) as site:
        scene.saw(site.ask())
        site.parts.assistant._model = Hungry()
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + (64 << 20)
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
        scene.saw(site.ask())
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        site.parts.assistant._model = SlowModel()
        scene.ask_again(site)


def vectors_gone(scene: Scene) -> None:
    shutil.rmtree(scene.base / "data" / "vectors")
    _without_vectors(scene)


def vectors_spoilt(scene: Scene) -> None:
    for path in (scene.base / "data" / "vectors").rglob("*"):
        if path.is_file():
            path.write_bytes(b"spoilt" * 1000)
    _without_vectors(scene)


def _without_vectors(scene: Scene) -> None:
    with scene.told(), opened(scene.base) as site:
        scene.saw(site.ask())
    with scene.told(), opened(scene.base) as site:
        site.add(scene.base / "town")
        assert site.parts.index.ids() == site.parts.store.passage_ids()
        scene.ask_again(site)


LONG = "\n\n".join(f"Article {n}. Le stationnement est payant rue {n}." for n in range(1000))

ON_OWN_DISK: dict[str, Callable[[Scene], None]] = {
    "full_while_answering": full_while_answering,
    "full_while_reading": full_while_reading,
    "read_only": read_only,
}
SCENES: dict[str, Callable[[Scene], None]] = {
    **ON_OWN_DISK,
    "slow_disk": slow_disk,
    "model_fails": model_fails,
    "model_file_gone": model_file_gone,
    "clock_jumps": clock_jumps,
    "out_of_memory": out_of_memory,
    "vectors_gone": vectors_gone,
    "vectors_spoilt": vectors_spoilt,
}
SLOW = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync",
        "-e", "inject=fsync,fdatasync:delay_enter=50000")  # fmt: skip
"""Every write that must reach the disk takes 50 ms more."""


@contextmanager
def filled(base: Path, left: int = 0) -> Iterator[None]:
    """Take all the room of the disk but some bytes, then give it back."""
    ballast = base / "ballast"
    size = max(0, shutil.disk_usage(base).free - left)
    with ballast.open("wb") as file:
        file.write(bytes(size))
    try:
        yield
    finally:
        ballast.unlink()


def remount(how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", sys.argv[2]], check=True)


def played(name: str, base: Path) -> dict[str, object]:
    """Play a scene in a process of its own; return what it told."""
    command = [sys.executable, "-m", "tests.faults.scenes", name, str(base)]
    if name in ON_OWN_DISK:
        disk = f'mount -t tmpfs -o size={DISK_BYTES} tmpfs {base} && exec "$@"'
        command = [*OWN_DISK, "sh", "-c", disk, "sh", *command]
    elif name == "slow_disk":
        prepare(base)  # at full speed
        command = [*SLOW, *command]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=600)
    assert done.returncode == 0, done.stderr[-4000:]
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told


def main(name: str, base: Path) -> None:
    if not (base / "town").exists():
        prepare(base)
    scene = Scene(base)
    SCENES[name](scene)
    found = checked(base, scene.shown)
    told = {"during": scene.during, "said": scene.said, "after": scene.after}
    sys.stdout.write(json.dumps({**told, "shown": len(scene.shown), **asdict(found)}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
