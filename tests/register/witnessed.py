# SPDX-License-Identifier: EUPL-1.2
"""A register whose checkpoints neighbours cosign, without a network: the witnesses are real, what
carries a request to them is a call."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from guardrails.register import Register
from guardrails.register.cosignatures import CosignerKey
from guardrails.register.trust_policy import TrustPolicy, read_policy
from guardrails.register.witness import Witness, digest_of_origin, found_witness
from guardrails.register.witness_client import Reply, WitnessPlace
from guardrails.register.witnesses import Witnesses

NAMES = ("temoin.voisine.example/w", "temoin.departement.example/w")
MOMENT = 1_772_442_000.0  # 2026-03-02 09:00 UTC
WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Neighbours:
    """Two witnesses in a folder, which open their files for each request."""

    folder: Path

    def found(self) -> Neighbours:
        for name in NAMES:
            found_witness(self.file(name), name)
        return self

    def file(self, name: str) -> Path:
        return self.folder / name.partition("/")[0] / "witness.sqlite3"

    def known(self) -> list[CosignerKey]:
        return [self._open(name).key for name in NAMES]

    def places(self) -> list[WitnessPlace]:
        return [WitnessPlace(address=key.name, key=key) for key in self.known()]

    def post(self, address: str, body: bytes) -> Reply:
        witness = self._open(address)
        try:
            return witness.add_checkpoint(body)
        finally:
            witness.close()

    def witnesses(self) -> Witnesses:
        return Witnesses(self.places(), post=self.post)

    def trust(self, register: Register) -> None:
        for name in NAMES:
            witness = self._open(name)
            for key in register.key_chain():
                witness.trust(key)
            witness.close()

    def watch(self, register: Register, witnesses: Witnesses) -> None:
        """Have a register watched over, asked when somebody says so."""
        self.trust(register)
        register.watched_by(witnesses, service=False)

    def latest(self, origin: str) -> str:
        """What a monitor gets of the first witness."""
        note = self._open(NAMES[0]).latest(digest_of_origin(origin))
        assert note is not None
        return note

    def contradictions(self, origin: str) -> list[tuple[str, str]]:
        return self._open(NAMES[0]).refusals(origin)

    def policy(self, *logs: object, quorum: int = 2) -> TrustPolicy:
        return read_policy(self.policy_text(*logs, quorum=quorum).encode())

    def policy_text(self, *logs: object, quorum: int = 2) -> str:
        lines = [f"log {log}" for log in logs]
        lines += [f"witness w{n} {key}" for n, key in enumerate(self.known())]
        return "\n".join([*lines, f"group g {quorum} w0 w1", "quorum g", ""])

    def _open(self, name: str) -> Witness:
        return Witness(self.file(name), now=lambda: MOMENT)
