# SPDX-License-Identifier: EUPL-1.2
"""Verifying proofs that were handed over: one file, a folder, or the .zip that the town gives.

    *.tlog-proof ─▶ signed by a kept key (handovers.jsonl) ─▶ quorum ─▶ entry ─▶ path to the root
    contenus.jsonl ─▶ each content is what the entry of its place sealed

What is verified here, `spicy` or any program of c2sp.org/tlog-proof verifies as well, but for the
contents, of which the entry holds the SHA-256.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from guardrails.register.audit import Broken, quorum_of
from guardrails.register.leaves import Row, canonical
from guardrails.register.notes import (
    Note,
    NoteMalformed,
    NoteNotSigned,
    VerifierKey,
    read_note,
)
from guardrails.register.proving import PROVEN, READABLE, check_payload
from guardrails.register.rotation import successors
from guardrails.register.tlog_proof import ENDING, HEADER, Proof, read_proof, row_of
from guardrails.register.trust_policy import TrustPolicy
from guardrails.register.verdicts import UNCOMPARED, Remark, Trouble, Verdict

CONTENTS, HANDOVERS = "contenus.jsonl", "handovers.jsonl"
ALONE = READABLE - PROVEN | {"index"}  # what a line of the contents holds
MAX_FILE_BYTES = 256 << 20
MAX_FILES = 100_000
MAX_TOTAL_BYTES = 1 << 30


def is_proof(path: Path) -> bool:
    """Whether this is a proof, or a folder or .zip of proofs."""
    if path.is_dir():
        return True
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as bundle:
            return any(name.endswith(ENDING) for name in bundle.namelist())
    if path.name.endswith(ENDING):
        return True
    try:
        with path.open("rb") as file:
            return file.read(len(HEADER)) == HEADER.encode()
    except OSError:
        return False


def verify_proofs(
    path: Path,
    *,
    notes: Sequence[str] = (),
    keys: Sequence[str] = (),
    policy: TrustPolicy | None = None,
    contents: Path | None = None,
) -> Verdict:
    """Verify proofs against keys, checkpoints and a policy that were kept elsewhere."""
    check = _Check([VerifierKey.read(key) for key in keys], [read_note(n) for n in notes], policy)
    try:
        files = _files(path)
        if contents is not None:
            files[CONTENTS] = _read(contents)
        return check.whole(files)
    except (OSError, zipfile.BadZipFile, NoteMalformed) as error:
        return check.failed(
            Broken(Trouble.PROOF_MALFORMED, note=check.file or type(error).__name__)
        )
    except Broken as broken:
        return check.failed(broken)


@dataclass(slots=True)
class _Check:
    """A verification under way."""

    keys: list[VerifierKey]
    kept: list[Note]
    policy: TrustPolicy | None
    file: str = ""
    trusted: list[VerifierKey] = field(default_factory=list)
    rows: dict[int, Row] = field(default_factory=dict)
    compared: set[int] = field(default_factory=set)
    alone: int = 0  # proofs that nothing kept elsewhere vouches for
    point: Note | None = None
    seen: dict[str, int] = field(default_factory=dict)

    def whole(self, files: Mapping[str, str]) -> Verdict:
        """Verify all of it."""
        self.keys += self.policy.logs if self.policy else ()
        self.trusted = successors(self.keys, files.get(HANDOVERS, "").splitlines())
        for name in sorted(name for name in files if name.endswith(ENDING)):
            self.file = name
            self._take(read_proof(files[name]))
        if self.point is None:
            raise Broken(Trouble.ABSENT)
        self.file = CONTENTS
        read = self._contents(files.get(CONTENTS, ""))
        uncompared = len(self.kept) - len(self.compared)
        at = max(self.seen.values(), default=0)
        remarks = (
            Remark(name="witnessed", n=len(self.seen), index=self.point.checkpoint.size, at=at),
            Remark(name="contents", n=read),
            Remark(name="unread", n=len(self.rows) - read),
            Remark(name=UNCOMPARED, n=uncompared),
        )
        return Verdict(
            size=len(self.rows), origin=self.point.checkpoint.origin,
            anchor=self.point.checkpoint.size, is_proof=True,
            is_authenticated=not self.alone,
            remarks=tuple(remark for remark in remarks if remark.n),
        )  # fmt: skip

    def failed(self, broken: Broken) -> Verdict:
        """Say what does not hold."""
        note = broken.note.encode("utf-8", "replace").decode()  # a file may be called anything
        return Verdict(
            trouble=broken.trouble, index=broken.index, other=broken.other, note=note,
            origin=", ".join(sorted({key.name for key in self.keys})), is_proof=True,
        )  # fmt: skip

    def _take(self, proof: Proof) -> None:
        note = proof.signed
        self._signed(note)
        if self.policy is not None:
            self.seen = quorum_of(self.policy, [note])[1]
        same = {n for n, kept in enumerate(self.kept) if self._is_same(kept, note)}
        self.compared |= same
        demands = self.policy is not None and self.policy.demands_witnesses
        if not (self.keys or demands or same):  # what vouches for one says nothing of the next
            self.alone += 1
        row = row_of(proof.extra)
        if row.index != proof.index or not proof.holds_for(proof.extra):
            raise Broken(Trouble.PROOF_FALSE, index=proof.index)
        if row.index in self.rows:
            raise Broken(Trouble.BUNDLE_REPEATED, index=row.index)
        self.rows[row.index] = row
        if self.point is None or note.checkpoint.size < self.point.checkpoint.size:
            self.point = note

    def _signed(self, note: Note) -> None:
        """Refuse a checkpoint of another log, or one that no kept key nor its successor signed."""
        point = note.checkpoint
        if not self.keys:
            return
        if all(key.name != point.origin for key in self.keys):
            raise Broken(Trouble.OTHER_LOG, note=point.origin)
        known = {(key.name, key.id) for key in self.trusted}
        try:
            signer = note.opened_by(self.trusted)
        except NoteNotSigned:
            is_forged = any((name, id_) in known for name, id_, _ in note.signatures)
            trouble = Trouble.CHECKPOINT_FORGED if is_forged else Trouble.OTHER_KEY
            raise Broken(trouble, other=point.size) from None
        if signer.name != point.origin:
            raise Broken(Trouble.OTHER_LOG, note=point.origin)

    def _is_same(self, kept: Note, note: Note) -> bool:
        own, other = note.checkpoint, kept.checkpoint
        if other.origin != own.origin:
            raise Broken(Trouble.OTHER_LOG, note=own.origin)
        if other.size != own.size:
            return False
        if other.root != own.root:
            raise Broken(Trouble.FORKED, other=own.size - 1)
        return True

    def _contents(self, text: str) -> int:
        """Check each content against the entry that sealed it; return how many there are."""
        found: set[int] = set()
        for line in text.splitlines():
            try:
                value = json.loads(line)
                index = int(value["index"])
                if canonical(value) != line or set(value) != ALONE:
                    raise Broken(Trouble.PROOF_MALFORMED, note=CONTENTS)
                if index not in self.rows or index in found:
                    raise Broken(Trouble.PAYLOAD_CHANGED, index=index)
                assert self.point is not None
                check_payload(value, self.rows[index], self.point.checkpoint.origin)
            except (ValueError, KeyError, TypeError, RecursionError):
                raise Broken(Trouble.PROOF_MALFORMED, note=CONTENTS) from None
            found.add(index)
        return len(found)


def _files(path: Path) -> dict[str, str]:
    """Return the files of a proof by name."""
    if path.is_symlink() or not path.exists():
        raise Broken(Trouble.LINK if path.is_symlink() else Trouble.ABSENT)
    if path.is_dir():
        return {file.name: _read(file) for file in sorted(path.iterdir()) if _is_ours(file.name)}
    if not zipfile.is_zipfile(path):
        return {path.name.removesuffix(ENDING) + ENDING: _read(path)}  # whatever it was called
    return dict(_unzipped(path))


def _unzipped(path: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(path) as bundle:
        names = bundle.namelist()
        if len(names) != len(set(names)) or len(names) > MAX_FILES:
            raise Broken(Trouble.PROOF_MALFORMED, note=path.name)
        left = MAX_TOTAL_BYTES
        for name in filter(_is_ours, names):
            with bundle.open(name) as file:
                content = file.read(min(left, MAX_FILE_BYTES) + 1)
            left -= len(content)
            if left < 0:  # little that unfolds to more than anybody was handed
                raise Broken(Trouble.PROOF_MALFORMED, note=path.name)
            yield name, _text(content, name)


def _is_ours(name: str) -> bool:
    return name.endswith(ENDING) or name in (CONTENTS, HANDOVERS)


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return _text(file.read(MAX_FILE_BYTES + 1), path.name)


def _text(content: bytes, name: str) -> str:
    if len(content) > MAX_FILE_BYTES:
        raise Broken(Trouble.PROOF_MALFORMED, note=name)
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Broken(Trouble.PROOF_MALFORMED, note=name) from None
