# SPDX-License-Identifier: EUPL-1.2
"""What a process that reads hostile files gives up before it reads the first.

    contain(programs) ─▶ dies with its parent, and first where memory runs out
                      ─▶ landlock: reads what is installed, writes nothing, runs `programs` only
                      ─▶ seccomp: opens no socket, looks into no other process and sets it no limit

What it is to read comes as an open descriptor, so that no folder of documents, of data or of keys
need be open to it. The programs that it starts are bound in the same way. A kernel without one of
these fences gives what it has; a fence that is there and does not close is an error.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import shutil
import signal
import site
import struct
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

OOM_SCORE = 900
"""Of 1,000: the kernel ends these processes long before the service that started them."""

SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/dev/urandom")
OPEN_BY_NAME = ("LD_LIBRARY_PATH", "TESSDATA_PREFIX")
"""What is readable: programs, libraries and their data; of /etc, where secrets lie, four names."""

_PDEATHSIG, _NO_NEW_PRIVS, _SECCOMP = 1, 38, 22
_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_RIGHTS_OF = ((1, 13), (2, 14), (3, 15), (5, 16))
"""From which version of landlock on so many rights on files are known."""


class Fence(StrEnum):
    """What may keep a process in."""

    LANDLOCK = "landlock"
    SECCOMP = "seccomp"


def contain(programs: Sequence[str] = (), *, with_parent: bool = True) -> frozenset[Fence]:
    """Close this process in, for good; return which fences this kernel has.

    To be called before any thread is started. `with_parent`: as `end_with_parent` does.
    """
    dies_first()
    if with_parent:
        end_with_parent()
    return fence(programs)


def close_in(
    memory_bytes: int, work_seconds: int, *, parent: int, programs: Sequence[str] = ()
) -> None:
    """Close this process in as `contain` does, with so much memory and processor time for good; it
    ends with `parent`, which has that number."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (work_seconds, work_seconds + 1))
    contain(programs)
    end_with_parent(parent)


def end_with_parent(parent: int = 0) -> None:
    """Die with the *thread* that started this process, as Linux understands it; leave no core file,
    which would hold what was read. `parent`: its number, for what is told of by one that may have
    ended before this was said: this ends then too."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(ctypes.CDLL(None, use_errno=True), _PDEATHSIG, signal.SIGKILL)
    if parent and os.getppid() != parent:
        sys.exit()


def fence(programs: Sequence[str] = (), readable: Sequence[Path] = ()) -> frozenset[Fence]:
    """Leave this process, for good, the files of `_readable` and those named, and `programs`; no
    socket but those that are open. Return which fences this kernel has. Threads that run already
    are outside: call it before any is started."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not _prctl(libc, _NO_NEW_PRIVS, 1):
        return frozenset()
    fences = (
        (Fence.LANDLOCK, _restrict_files(libc, programs, readable)),
        (Fence.SECCOMP, _restrict_calls(libc)),
    )
    return frozenset(one for one, stands in fences if stands)


def dies_first() -> None:
    """Let the kernel choose this process before the service where memory runs out."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE), "ascii")


def _prctl(libc: ctypes.CDLL, option: int, value: int) -> bool:
    zero = ctypes.c_ulong(0)
    return bool(libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero) == 0)


# -- landlock: which files


def _restrict_files(libc: ctypes.CDLL, programs: Sequence[str], readable: Sequence[Path]) -> bool:
    version = libc.syscall(_CREATE, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False  # not built in, or switched off
    known = (1 << max(count for since, count in _RIGHTS_OF if version >= since)) - 1
    words = [known]
    if version >= 4:
        words.append(3)  # neither bind nor connect over TCP
    if version >= 6:
        words.append(3)  # no abstract socket, no signal to who is outside
    asked = struct.pack(f"={len(words)}Q", *words)
    rules = _checked(libc.syscall(_CREATE, asked, ctypes.c_size_t(len(asked)), 0))
    try:
        for path in (*_readable(), *readable):
            _allow(libc, rules, path, _READ | _LIST)
        for path in _executable(programs):
            _allow(libc, rules, path, _READ | _EXECUTE)
        _allow(libc, rules, Path(os.devnull), _READ | _WRITE)
        _checked(libc.syscall(_RESTRICT, rules, 0))
    finally:
        os.close(rules)
    return True


def _allow(libc: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    try:
        there = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no right
    try:
        # What is no folder cannot be listed: landlock refuses to be asked for it.
        held = rights if path.is_dir() else rights & ~_LIST
        _checked(libc.syscall(_ADD_RULE, rules, 1, struct.pack("=Qi", held, there), 0))
    finally:
        os.close(there)


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


def _readable() -> Iterator[Path]:
    """Yield the system, the interpreter, the libraries, and this software: no data of the town."""
    yield from map(Path, (*SYSTEM, *FILES))
    here = Path(__file__).parents[1]
    installed = [Path(p).resolve() for p in (*site.getsitepackages(), site.getusersitepackages())]
    yield from (Path(sys.prefix), Path(sys.base_prefix), *installed)
    for entry in filter(None, sys.path):
        path = Path(entry).resolve()
        if path not in (Path("/"), here, Path.cwd()):
            yield path
    # A working copy may have the town's data beside the code.
    yield from (here / "corpus", here / "guardrails", here / "ui")
    for name in OPEN_BY_NAME:
        yield from map(Path, filter(None, os.environ.get(name, "").split(os.pathsep)))


def _executable(programs: Sequence[str]) -> Iterator[Path]:
    """Yield the programs with what the kernel opens to start them."""
    for program in programs:
        found = shutil.which(program)
        if found:
            path = Path(found).resolve()
            yield path
            yield from _loaders(path)


def _loaders(program: Path) -> Iterator[Path]:
    """Yield the loader that a program names in its head, or the interpreter of a script."""
    with program.open("rb") as file:
        head = file.read(4_096)
    if head.startswith(b"#!"):
        script = head[2:].split(b"\n", 1)[0].split()
        if script:
            interpreter = Path(os.fsdecode(script[0])).resolve()
            yield interpreter
            yield from _loaders(interpreter)
    elif head.startswith(b"\x7fELF\x02\x01"):
        (start,), (size, count) = (
            struct.unpack_from("<Q", head, 32),
            struct.unpack_from("<HH", head, 54),
        )
        for at in range(start, min(start + size * count, len(head) - 40), size):
            if struct.unpack_from("<I", head, at)[0] == 3:
                offset, length = (
                    struct.unpack_from("<Q", head, at + 8)[0],
                    struct.unpack_from("<Q", head, at + 32)[0],
                )
                yield Path(os.fsdecode(head[offset : offset + length].rstrip(b"\x00"))).resolve()


# -- seccomp: which calls

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_REFUSED = (
    *((41, 198), (49, 200), (42, 203), (50, 201)),  # socket, bind, connect, listen
    *((101, 117), (310, 270), (311, 271), (312, 272), (438, 438)),  # ptrace, other memory, kcmp
    *((321, 280), (298, 241), (323, 282), (425, 425), (426, 426), (427, 427)),  # bpf … io_uring
    *((248, 217), (249, 218), (250, 219), (304, 265)),  # kernel keys, files by handle
    *((165, 40), (166, 39), (155, 41), (161, 51), (272, 97), (308, 268)),  # mounts, namespaces
    *((246, 104), (175, 105), (313, 273), (176, 106), (169, 142)),  # modules, kexec, reboot
    *((141, 140), (251, 30)),  # priorities, which are set of a whole account too
)
"""Numbers on x86-64 and on aarch64."""

_OF_ITSELF = (
    *((302, 261), (203, 122)),  # limits (one of the processor's time is a SIGKILL), cores
    *((144, 119), (142, 118), (314, 274)),  # scheduling
)
"""What is let through for the process that asks alone: its number is given first, as 0."""

_NUMBER, _ARCHITECTURE, _FIRST_GIVEN = 0, 4, 16
"""Where the kernel writes what is asked; both architectures write the low half first."""

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE = 0x00050000 | errno.EPERM
_X32 = 0x40000000


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def _restrict_calls(libc: ctypes.CDLL) -> bool:
    machine = platform.machine()
    if machine not in _ARCHITECTURES or sys.maxsize < 2**32:
        return False
    architecture, column = _ARCHITECTURES[machine]
    refused = [row[column] for row in _REFUSED]
    of_itself = [row[column] for row in _OF_ITSELF]
    count = len(refused) + len(of_itself)
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        # The same calls under the numbers of x32.
        (_AT_LEAST, count + 4, 0, _X32),
        *((_EQUAL, count + 3 - at, 0, number) for at, number in enumerate(refused)),
        *((_EQUAL, len(of_itself) - at, 0, number) for at, number in enumerate(of_itself)),
        (_RETURN, 0, 0, _ALLOW),
        (_LOAD, 0, 0, _FIRST_GIVEN),
        (_EQUAL, 0, 1, 0),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    program = _Program(len(steps), code)
    done = libc.prctl(
        _SECCOMP, ctypes.c_ulong(2), ctypes.byref(program), ctypes.c_ulong(0), ctypes.c_ulong(0)
    )
    if done < 0 and ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS):
        _checked(done)
    return bool(done == 0)
