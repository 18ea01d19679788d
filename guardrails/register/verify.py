# SPDX-License-Identifier: EUPL-1.2
"""The verifier: reads a register from its first entry to its last, and trusts nobody.

    python -m guardrails.register.verify COPY.sqlite3 [--checkpoint FILE]… [--public-key KEY]…
    python -m guardrails.register.verify BUNDLE.zip [--public-key KEY]…
    python -m guardrails.register.verify ENTRY.tlog-proof [--contents FILE] [--policy FILE]
    python verificateur …                   the same, from the kit of the auditor's page (kit.py)

It needs Python's standard library and `cryptography`; it writes nothing and reads no payload
in clear. Exit codes: 0 all holds by what was kept elsewhere, 1 something does not, 2 wrong use,
3 nothing could be read, 4 it is self-signed, or a checkpoint given could not be compared.
"""

from __future__ import annotations

import argparse
import os
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from guardrails.register.inspection import verify_file
from guardrails.register.notes import NoteMalformed
from guardrails.register.proof_check import is_proof, verify_proofs
from guardrails.register.proving import verify_bundle
from guardrails.register.trust_policy import PolicyMalformed, TrustPolicy, read_policy
from guardrails.register.verdicts import WORDS, Verdict


def verify_any(
    path: Path,
    *,
    notes: Sequence[str],
    keys: Sequence[str],
    policy: TrustPolicy | None = None,
    contents: Path | None = None,
) -> Verdict:
    """Verify a register's file, a bundle, or proofs; `contents` is a companion file of these."""
    if contents is not None or is_proof(path):
        return verify_proofs(path, notes=notes, keys=keys, policy=policy, contents=contents)
    verify = verify_bundle if zipfile.is_zipfile(path) else verify_file
    return verify(path, notes=notes, keys=keys, policy=policy)


def policy_sentence(error: PolicyMalformed, language: str) -> str:
    """Say what is wrong with a policy, in one sentence."""
    words = WORDS[language]
    frame = words["frame"]["policy" if error.line else "policy_whole"]
    return str(frame.format(line=error.line, what=words["policy"][error.why]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify from the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m guardrails.register.verify",
        description="Vérifie un registre / verifies a register",
        epilog="0 : tout tient ; 1 : non ; 2 : usage ; 3 : illisible ; 4 : non authentifié",
    )
    parser.add_argument("register", type=Path, help="register.sqlite3, .zip, .tlog-proof")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], metavar="FILE")
    parser.add_argument("--public-key", action="append", default=[], metavar="KEY|FILE")
    parser.add_argument("--policy", type=Path, metavar="FILE")
    parser.add_argument("--contents", type=Path, metavar="FILE")
    parser.add_argument("--lang", choices=("fr", "en"), default="fr")
    options = parser.parse_args(arguments)
    try:
        notes = [path.read_text("utf-8-sig") for path in options.checkpoint]
        keys = [key for given in options.public_key for key in _keys(given)]
        verdict = verify_any(
            options.register, notes=notes, keys=keys, contents=options.contents,
            policy=read_policy(options.policy.read_bytes()) if options.policy else None,
        )  # fmt: skip
    except PolicyMalformed as error:
        parser.exit(2, policy_sentence(error, options.lang) + "\n")
    except (NoteMalformed, UnicodeDecodeError):
        parser.exit(2, WORDS[options.lang]["frame"]["malformed"] + "\n")
    except OSError as error:
        note = f"{Path(error.filename or '').name}: {error.strerror}"
        parser.exit(2, WORDS[options.lang]["frame"]["missing"].format(note=note) + "\n")
    lines = [verdict.sentence(options.lang), *verdict.asides(options.lang)]
    (sys.stdout if verdict.is_complete else sys.stderr).write("\n".join(lines) + "\n")
    return verdict.exit_code


def _keys(given: str) -> list[str]:
    """Return the key that was given, or those of the file that was named, one a line."""
    kept = os.path.isfile(given)  # False for a name that no file can have
    return Path(given).read_text("utf-8-sig").split() if kept else [given]


if __name__ == "__main__":
    sys.exit(main())
