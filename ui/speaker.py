# SPDX-License-Identifier: EUPL-1.2
"""A text that a document holds, said by a robot: `python -m ui.speaker LANGUAGE WORDS PARENT`.

    stdin  the text      espeak-ng, in the place of this process, closed in      stdout  WAV

espeak-ng (GPL) is a program of its own, run and not linked. What it reads was written by others,
and anybody may ask for it: it has its own files and nothing else of this machine.
"""

from __future__ import annotations

import os
import sys

from corpus.containment import close_in

PROGRAM = "espeak-ng"
MEMORY_BYTES = 512 * 1024**2
WORK_SECONDS = 20


def main() -> None:
    """Become the program; of a failure the parent reads the exit code only."""
    language, words_a_minute, parent = sys.argv[1:]
    close_in(MEMORY_BYTES, WORK_SECONDS, parent=int(parent), programs=(PROGRAM,))
    options = ("-v", language, "-s", words_a_minute, "-g", "4", "--stdin", "--stdout")
    os.execvp(PROGRAM, (PROGRAM, *options))


if __name__ == "__main__":
    main()
