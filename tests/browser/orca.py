# SPDX-License-Identifier: EUPL-1.2
"""Orca, Debian's screen reader, before a browser that has a window; what it says is written down.

    xdotool ─keys▶ Xvfb ◀─ Chromium ─AT-SPI─▶ Orca ─▶ speech-dispatcher ─▶ a file, a line a phrase

The file has the place of a voice: what stands there came out of the queue, in this order, as text.
Nothing was heard, and a voice that takes no time is never cut short.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ui.api.test_following import until

PROGRAMS = ("orca", "Xvfb", "dbus-run-session", "speech-dispatcher", "xdotool")
FRENCH = Path("/usr/share/i18n/locales/fr_FR")
PATIENCE_SECONDS = 120
"""For a machine that does other things at the same time; nothing waits that long otherwise."""
SILENCE_SECONDS = 6
"""After that who listens presses the key again."""

READ_ON = "KP_Add"
"""Orca's key that reads from here to the end."""

# No sound card is needed; symbols are said as Debian's own settings have them.
DISPATCHER = """\
AudioOutputMethod "alsa"
AudioALSADevice "null"
LogLevel 0
SymbolsPreproc "char"
SymbolsPreprocFile "gender-neutral.dic"
SymbolsPreprocFile "font-variants.dic"
SymbolsPreprocFile "symbols.dic"
SymbolsPreprocFile "emojis.dic"
SymbolsPreprocFile "orca.dic"
SymbolsPreprocFile "orca-chars.dic"
AddModule "file" "sd_generic" "file.conf"
DefaultModule "file"
"""

VOICE = """\
GenericExecuteSynth "printf %s \\'$DATA\\' | {program}"
GenericMaxChunkLength 100000
GenericDelimiters ""
AddVoice "fr" "MALE1" "fr"
GenericLanguage "fr" "fr" "utf-8"
GenericLanguage "fr-fr" "fr" "utf-8"
"""

# A phrase at a time. The pause: Orca misses the end of one that is over before its number is told.
WRITE = """\
#!/bin/sh
phrase=$(cat)
printf '%s\\n' "$phrase" >> "$0.txt"
sleep 0.2
"""


class Orca:
    """What was said so far, and the keyboard in front of it."""

    def __init__(self, said: Path, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self._file = said
        self._start = 0

    def forget(self) -> None:
        """Look at what is said from here on only."""
        self._start = len(self._phrases())

    def said(self) -> list[str]:
        """Return the phrases, in their order."""
        return self._phrases()[self._start :]

    def hear(self, *words: str, key: str = "") -> str:
        """Wait until each of these was said; return all that was, a line a phrase. A `key` is
        pressed where nothing more is said."""
        silent, count = time.monotonic(), 0
        end = silent + PATIENCE_SECONDS
        while missing := [one for one in words if one not in "\n".join(self.said())]:
            now = time.monotonic()
            if now > end:
                pytest.fail(f"Orca never said {missing}, but:\n" + "\n".join(self.said()))
            if len(self.said()) != count:
                count, silent = len(self.said()), now
            if key and now > silent + SILENCE_SECONDS:
                self.press(key)
                silent = now
            time.sleep(0.05)
        return "\n".join(self.said())

    def read(self, *words: str) -> str:
        """Read on from here until each of these was said; return what was said from here on."""
        self.forget()
        self.press(READ_ON)
        return self.hear(*words, key=READ_ON)

    def heading(self, words: str) -> None:
        """Go to the next heading of level 1, which has these words."""
        self.forget()
        self.press("1")
        self.hear(words, key="1")

    def press(self, *keys: str) -> None:
        """Press keys one after the other, by their names in X."""
        subprocess.run(["xdotool", "key", *keys], env=self.environment, check=True, timeout=20)

    def _phrases(self) -> list[str]:
        # A key that is echoed comes out of the module as any bytes.
        text = self._file.read_text("utf-8", "replace") if self._file.exists() else ""
        lines = text.split("\n")[:-1]  # the last one may not be whole yet
        return [" ".join(line.split()) for line in lines]


@contextmanager
def started(home: Path) -> Iterator[Orca]:
    """Start all of it for one desktop of its own, whose home is this empty folder, and end it."""
    missing = [one for one in PROGRAMS if shutil.which(one) is None]
    if not FRENCH.exists():
        missing.append("locales")
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: see scripts/install-system-packages.sh")
    write = _file(home / "write", WRITE)
    _file(home / "speech" / "speechd.conf", DISPATCHER)
    _file(home / "speech" / "modules" / "file.conf", VOICE.format(program=write))
    # Orca starts beside no other one of the same person: here it is alone on its own bus.
    _file(home / "bin" / "pgrep", "#!/bin/sh\nexit 1\n")
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    environment = {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
        "LANG": "fr_FR.UTF-8",
        "LOCPATH": str(home / "locales"),
        "SPEECHD_ADDRESS": f"unix_socket:{runtime / 'speech'}",
    }
    running: list[subprocess.Popen[str]] = []

    def start(*command: str) -> str:
        """Start a program and wait for the first line that it prints."""
        with (home / "complaints").open("a", encoding="utf-8") as complaints:
            one = subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=complaints,
                text=True, start_new_session=True,
            )  # fmt: skip
        running.append(one)
        assert one.stdout is not None
        return one.stdout.readline().strip()

    locale = home / "locales" / "fr_FR.UTF-8"
    locale.parent.mkdir()
    subprocess.run(["localedef", "-i", FRENCH, "-f", "UTF-8", locale], check=True, timeout=60)
    try:
        number = start("Xvfb", "-displayfd", "1", "-screen", "0", "1280x900x24")
        environment["DISPLAY"] = f":{number}"
        start(
            "speech-dispatcher", "-s", "-t", "0", "-C", f"{home / 'speech'}", "-L", f"{home}",
            "-S", f"{runtime / 'speech'}", "-P", f"{home / 'pid'}",
        )  # fmt: skip
        assert until((runtime / "speech").exists, PATIENCE_SECONDS)
        address = 'echo "$DBUS_SESSION_BUS_ADDRESS"; exec orca'
        environment["DBUS_SESSION_BUS_ADDRESS"] = start(
            "dbus-run-session", "--", "sh", "-c", address
        )
        orca = Orca(write.with_suffix(".txt"), environment)
        orca.hear("Lecteur d’écran activé")
        yield orca
    finally:
        for one in reversed(running):
            os.killpg(one.pid, signal.SIGKILL)  # nothing of it is to be kept
            one.communicate(timeout=20)


def _file(path: Path, text: str) -> Path:
    """Write a file that may be run."""
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text, "utf-8")
    path.chmod(0o700)
    return path
