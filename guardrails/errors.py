# SPDX-License-Identifier: EUPL-1.2
"""What can go wrong while guarding a text or keeping the register.

    GuardrailError
    ├── DetectorFailed        a detector could not give its opinion
    ├── TextTooLong           a text is too long to be screened whole
    └── RegisterError         the register cannot be written, read or trusted
        ├── RegisterUnavailable   it could not be opened or written: show nothing
        │   ├── RegisterBusy          another service holds it
        │   └── RegisterKeysInvalid   the keys are missing, damaged or of another register
        ├── RecordInvalid         a record does not have the form of a record, or is too large
        ├── RegisterTampered      it does not match its seals
        └── RegisterTooNew        it was written by a newer version

No message holds a word of the text that was examined.
"""

from __future__ import annotations


class GuardrailError(Exception):
    """Something that must stop the text on its way."""


class DetectorFailed(GuardrailError):
    """A detector could not give its opinion, so the text is not cleared."""

    def __init__(self, detector: str) -> None:
        super().__init__(f"{detector} could not examine the text")
        self.detector = detector


class TextTooLong(GuardrailError):
    """A text is too long to be screened whole."""

    def __init__(self, chars: int, max_chars: int) -> None:
        super().__init__(f"text of {chars} characters, {max_chars} at most")
        self.chars = chars
        self.max_chars = max_chars


class RegisterError(GuardrailError):
    """The register cannot be written, read or trusted."""


class RegisterUnavailable(RegisterError):
    """The register could not be opened or written, so nothing may be shown."""


class RegisterBusy(RegisterUnavailable):
    """Another service holds the register."""


class RegisterKeysInvalid(RegisterUnavailable):
    """The keys are missing, damaged, locked, or belong to another register."""


class RecordInvalid(RegisterError):
    """A record does not have the form of a record, or is too large; nothing was written."""


class RegisterTampered(RegisterError):
    """The register does not match its seals."""


class RegisterTooNew(RegisterError):
    """The register was written by a newer version of the software."""
