# SPDX-License-Identifier: EUPL-1.2
"""What can go wrong while keeping the corpus.

    CorpusError
    ├── UnreadableFile     a file is broken, encrypted, empty or of an unknown kind
    ├── NotYetReadable     a file waits for something that is missing (OCR, a program)
    ├── NotTaken           a file that was dropped for a moment cannot be read, or may not be
    ├── PassageTooLong     a passage has more tokens than the embedder reads
    ├── FolderTooNew       the data folder was written by a newer version
    ├── FolderUnusable     the data folder cannot be opened or is damaged
    ├── NoSuchPath         what was to be added does not exist
    ├── CorpusBusy         another process is writing the corpus
    ├── PassagesUnusable   the database that holds the text cannot be used
    ├── VectorsUnreachable the server that holds the vectors does not answer
    ├── ClusterUnusable    the machines that read together cannot be had, or are not alike
    ├── StorageFull        the disk is full: what was kept before is unharmed
    └── WeightsError       a model file cannot be had or is not the right one
        ├── WeightsMissing     it is not there: says the command that fetches it
        ├── UnknownWeights     no model has this name
        ├── WeightsUnavailable no source could give it: says why, source by source
        ├── WrongHash          it was deleted: its bytes are not the expected ones
        └── DiskFull           there is no room for it

`reason` is a short word that `texts/` translates; messages hold no content.
"""

from __future__ import annotations

from collections.abc import Sequence


class CorpusError(Exception):
    """Something that keeps a document or a model out."""


class UnreadableFile(CorpusError):
    """A file is broken, encrypted, empty or of an unknown kind.

    `reason`: `broken`, `encrypted`, `empty`, `unknown_format`, `too_large`, `too_slow`,
    `archives_full` (the archives of a walk hold too much together), `doctype` (an office file that
    declares a document type), `no_access`, `outside_folder` (a link, or a path in an archive, that
    leads out of it), `guard_closed` (it could not be screened).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"cannot be read: {reason}")
        self.reason = reason


class NotYetReadable(CorpusError):
    """A file waits for something that is missing; `needs` names it (`ocr`, `doc_reader`…)."""

    def __init__(self, needs: str) -> None:
        super().__init__(f"waits for: {needs}")
        self.needs = needs


class NotTaken(CorpusError):
    """A file that was dropped for a moment cannot be read, or may not be.

    `reason` is one of UnreadableFile's, or `needs_…` (what NotYetReadable names), `nothing` (no
    text in it), `too_long`, `too_many` (files at once), `somebodys` (it tells of somebody's private
    life from end to end).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"not taken: {reason}")
        self.reason = reason


class PassageTooLong(CorpusError):
    """A passage has more tokens than the embedder reads; it is never cut silently."""

    def __init__(self, tokens: int, max_tokens: int) -> None:
        super().__init__(f"passage of {tokens} tokens, {max_tokens} at most")
        self.tokens = tokens
        self.max_tokens = max_tokens


class FolderTooNew(CorpusError):
    """The data folder was written by a newer version of the software."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(f"data folder of version {found}, this software knows {known}")
        self.found = found
        self.known = known


class FolderUnusable(CorpusError):
    """The data folder cannot be opened or is damaged; `reason`: `no_access`, `broken`."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"data folder: {reason}")
        self.reason = reason


class NoSuchPath(CorpusError):
    """What was to be added does not exist; `position` counts the given paths from 0."""

    def __init__(self, position: int) -> None:
        super().__init__(f"path number {position + 1} does not exist")
        self.position = position


class CorpusBusy(CorpusError):
    """Another process is writing the corpus."""

    def __init__(self) -> None:
        super().__init__("another process is writing the corpus")


class PassagesUnusable(CorpusError):
    """The database that holds the text cannot be used; what was kept before is unharmed.

    `reason`: `unreachable`, `refused` (a right, a row that does not fit), `unsafe` (it may lose
    what it takes, or is not in UTF-8), `two_places` (a file and the database both hold a corpus),
    `another_folder` (it holds the corpus of another data folder).
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"database of the passages: {reason} {detail}".rstrip())
        self.reason = reason


class VectorsUnreachable(CorpusError):
    """The server that holds the vectors does not answer, or not as it should."""

    def __init__(self) -> None:
        super().__init__("the server of the vectors does not answer")


class ClusterUnusable(CorpusError):
    """The machines that read together cannot be had; what was kept before is unharmed.

    `reason`: `unreachable`, `unlike` (another version, or another file of the embedder, on one of
    them), `lost` (none is left).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"cluster: {reason}")
        self.reason = reason


class StorageFull(CorpusError):
    """The disk is full: the document at hand is not in, what was kept before is unharmed."""

    def __init__(self) -> None:
        super().__init__("the disk is full")


class WeightsError(CorpusError):
    """A model file cannot be had, or is not the right one."""


class WeightsMissing(WeightsError):
    """A model file is not there."""

    def __init__(self, name: str) -> None:
        super().__init__(f"model {name} is missing: greffier models pull {name}")
        self.name = name


class UnknownWeights(WeightsError):
    """No model has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no model is called {name}: greffier models list")
        self.name = name


class WeightsUnavailable(WeightsError):
    """No source could give a model file; `reasons` has a line for each that was tried."""

    def __init__(self, name: str, reasons: Sequence[str]) -> None:
        super().__init__(f"model {name} cannot be had: {'; '.join(reasons)}")
        self.name = name
        self.reasons = tuple(reasons)


class WrongHash(WeightsError):
    """A model file was deleted: its bytes are not the expected ones."""

    def __init__(self, name: str) -> None:
        super().__init__(f"model {name}: wrong SHA-256, file deleted")
        self.name = name


class DiskFull(WeightsError):
    """There is no room for a model file."""

    def __init__(self, name: str, needed_bytes: int, free_bytes: int) -> None:
        super().__init__(f"model {name}: {needed_bytes} bytes needed, {free_bytes} free")
        self.name = name
        self.needed_bytes = needed_bytes
        self.free_bytes = free_bytes
