# SPDX-License-Identifier: EUPL-1.2
"""Both ways against others: what the standards' authors wrote down, a verifier written from their
texts (standard.py), a library of PyPI (tlog-scales), and the verifier and the witness in Go that
Debian brings (litetlog, sigsum-go). None of them knows Greffier."""

from __future__ import annotations

import hashlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st
from tlog_scales import signing, tlog

from guardrails.register import Register
from guardrails.register.cosignatures import CosignerKey, cosign, cosigned, cosigner_of
from guardrails.register.inspection import verify_file
from guardrails.register.merkle import extends, leaf_hash
from guardrails.register.notes import (
    Checkpoint,
    NoteNotSigned,
    VerifierKey,
    key_of,
    read_note,
    sign,
)
from guardrails.register.proof_files import entries_of, hand_over
from guardrails.register.tlog_proof import read_proof
from guardrails.register.trust_policy import read_policy
from guardrails.register.witness import Witness, found_witness
from guardrails.register.witness_client import WitnessPlace, post
from guardrails.register.witnesses import Witnesses
from tests.register.attack_table import PAGE
from tests.register.homes import Home, ask_in
from tests.register.standard import Log, consistency, opened, proven, tree_hash
from tests.register.witnessed import WAIT_SECONDS, Neighbours
from tests.servers.process import Started, free_port

ORIGIN = "registre.mairie.example/greffier"
SUMDB = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUMDB_NOTE = """go.sum database tree
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— sum.golang.org {}
""".format(
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
)
"""The checkpoint of c2sp.org/tlog-checkpoint and tlog-witness, under the name that it was signed
with: that of Go's checksum database."""


def test_the_standards_own_checkpoint_is_read_and_its_signature_holds() -> None:
    key = VerifierKey.read(SUMDB)
    assert str(key) == SUMDB
    note = read_note(SUMDB_NOTE)
    assert note.opened_by([key]) == key
    assert (note.checkpoint.origin, note.checkpoint.size) == ("go.sum database tree", 20_852_163)
    assert opened(SUMDB_NOTE.encode(), SUMDB)
    with pytest.raises(NoteNotSigned):
        read_note(SUMDB_NOTE.replace("20852163", "20852164")).opened_by([key])


@dataclass(frozen=True)
class Town:
    """A register that two neighbours watch over, and the proofs of an answer."""

    register: Register
    neighbours: Neighbours
    exchange: str

    @property
    def key(self) -> str:
        return str(self.register.key_chain()[0])

    def proofs(self) -> list[str]:
        entries = entries_of(self.register, self.exchange, kinds=None)
        return [p.text for p in hand_over(self.register, entries, by="", role="").proofs]


@pytest.fixture
def town(home: Home) -> Iterator[Town]:
    neighbours = Neighbours(home.path / "witnesses").found()
    watching = neighbours.witnesses()
    with home.open(origin=ORIGIN, places=[watching]) as register:
        neighbours.watch(register, watching)
        for _ in range(4):
            exchange = ask_in(register)
        register.checkpoint_seen(seconds=WAIT_SECONDS)
        yield Town(register, neighbours, exchange)


def test_a_verifier_of_the_standards_texts_verifies_our_proofs(town: Town) -> None:
    for text, row in zip(
        town.proofs(), town.register.unrecorded_exchange(town.exchange), strict=True
    ):
        index, entry = proven(text, town.key)
        assert (index, entry.decode().split("\n")[3]) == (row.index, row.kind)
        note = text.partition("\n\n")[2].encode()
        for witness in town.neighbours.known():
            assert opened(note, str(witness))[0] == opened(note, town.key)[0]
        for changed in (
            text.replace("index ", "index 1", 1),
            text.replace("extra Z3", "extra Y3", 1),
        ):
            with pytest.raises((ValueError, InvalidSignature)):
                proven(changed, town.key)


def test_a_library_of_others_verifies_our_proofs_and_cosignatures(town: Town) -> None:
    keys = [signing.Vkey.from_string(str(key)) for key in (town.key, *town.neighbours.known())]
    assert [key.serialize() for key in keys] == [town.key, *map(str, town.neighbours.known())]
    for text in town.proofs():
        proof = read_proof(text)
        point = tlog.Checkpoint.from_text(proof.note)
        found = signing.VkeySet(*keys).verify(point.signatures, point)
        assert {vkey.name for vkey, _ in found} == {key.name for key in keys}
        inclusion = tlog.InclusionProof(proof.index, point.size, list(proof.path))
        inclusion.check(leaf_hash(proof.extra), point.root_hash)
        with pytest.raises(tlog.InclusionProofInvalid):
            inclusion.check(leaf_hash(proof.extra + b"x"), point.root_hash)


@given(st.integers(1, 40), st.integers(0, 40))
def test_a_library_of_others_agrees_on_consistency(old: int, more: int) -> None:
    log = Log("a.example")
    log.add(*(b"%d" % number for number in range(old + more)))
    path, roots = consistency(old, log.leaves), (tree_hash(log.leaves[:old]), tree_hash(log.leaves))
    assert extends(old, old + more, *roots, path)
    tlog.ConsistencyProof(old, old + more, path).check(*roots)
    false = (bytes(32), roots[1])
    assert not extends(old, old + more, *false, path)
    with pytest.raises(tlog.ConsistencyProofInvalid):
        tlog.ConsistencyProof(old, old + more, path).check(*false)


def test_we_read_what_a_library_of_others_signs_and_it_what_we_sign() -> None:
    private, point = Ed25519PrivateKey.generate(), Checkpoint(origin=ORIGIN, size=7, root=bytes(32))
    signer = signing.PlainEd25519Signer(ORIGIN, private)
    theirs = tlog.Checkpoint.make_signed(ORIGIN, 7, bytes(32), [signer]).serialize()
    assert theirs == sign(point, [private])
    assert read_note(theirs).opened_by([VerifierKey.read(signer.vkey.serialize())])
    witness = Ed25519PrivateKey.generate()
    note = tlog.Checkpoint.from_text(
        theirs + cosign(point.text, "w.example/w", witness, 1_700_000_000)
    )
    key = signing.Vkey.from_string(str(cosigner_of("w.example/w", witness)))
    note.verify(key)
    assert (
        signing.Ed25519CosignatureVerifier.get_timestamp(note.signatures[1].payload)
        == 1_700_000_000
    )


@pytest.mark.real
def test_a_verifier_in_go_verifies_our_proofs(town: Town, tmp_path: Path) -> None:
    """Spicy signatures are proofs of this format without their first line and `extra`."""
    for number, text in enumerate(town.proofs()):
        proof = read_proof(text)
        entry, signature = tmp_path / f"{number}", tmp_path / f"{number}.spicy"
        entry.write_bytes(proof.extra)
        signature.write_text(as_spicy(text), "utf-8")
        assert spicy("-verify", town.key, entry).returncode == 0
        entry.write_bytes(proof.extra + b"x")
        assert spicy("-verify", town.key, entry).returncode != 0
        entry.write_bytes(proof.extra)
        other = key_of(ORIGIN, Ed25519PrivateKey.generate())
        assert spicy("-verify", str(other), entry).returncode != 0


@pytest.mark.real
def test_we_verify_the_proofs_of_a_log_in_go(tmp_path: Path) -> None:
    assets, private = tmp_path / "assets", tmp_path / "key"
    assets.mkdir()
    made = spicy("-init", "log.example/spicy", "-key", private, "-assets", assets)
    [line] = [line for line in made.stderr.splitlines() if "Public key:" in line]
    key = VerifierKey.read(line.split()[-1])
    files = [tmp_path / f"{number}.txt" for number in range(11)]
    for number, file in enumerate(files):
        file.write_text(f"{number}\n", "utf-8")
    spicy("-key", private, "-assets", assets, *files[:4])
    spicy("-key", private, "-assets", assets, *files[4:])
    for number, file in enumerate(files):
        text = file.with_name(f"{file.name}.spicy").read_text("utf-8")
        proof = read_proof(f"c2sp.org/tlog-proof@v1\n{text}")
        assert proof.index == number
        assert proof.holds_for(file.read_bytes())
        assert not proof.holds_for(file.read_bytes() + b"x")
        assert proof.signed.opened_by([key]) == key
        assert as_spicy(proof.text) == text


@pytest.mark.real
def test_the_page_s_commands_verify_an_answer_with_nothing_of_ours(
    town: Town, tmp_path: Path
) -> None:
    """As a person does who has the texts of the standards, coreutils, and a program in Go."""
    entries = entries_of(town.register, town.exchange, kinds=None)
    handed = hand_over(town.register, entries, by="", role="")
    for name, text in handed.files().items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "text.py").write_text(told("foreign text", "python"), "utf-8")
    for proof in handed.proofs:
        name = proof.name.removesuffix(".tlog-proof")
        place = {"cwd": tmp_path, "env": {"P": name, "KEY": town.key, "PATH": "/usr/bin:/bin"}}
        done = run(["bash", "-e", "-o", "pipefail", "-c", told("foreign")], **place)
        assert done.returncode == 0, done.stderr
        *_, ours, entered = done.stdout.split()
        assert (ours, done.stdout.split()[-3]) == ("-", entered)
        opened_ = run([sys.executable, "text.py", name, town.key], cwd=tmp_path)
        assert opened_.returncode == 0, opened_.stderr
        body = json.loads(opened_.stdout)
        assert body == json.loads(proof.contents)["payload"]
        # one letter of the content, or of the entry, and it no longer holds
        contents = tmp_path / "contenus.jsonl"
        kept = contents.read_text("utf-8")
        contents.write_text(kept.replace('"sealed":"', '"sealed":"AAAA'), "utf-8")
        changed = run(["bash", "-e", "-o", "pipefail", "-c", told("foreign")], **place)
        assert changed.stdout.split()[-3] != changed.stdout.split()[-1]
        contents.write_text(kept, "utf-8")
    file = tmp_path / handed.proofs[1].name
    file.write_text(file.read_text("utf-8").replace("\nindex 1", "\nindex 2"), "utf-8")
    place = {"cwd": tmp_path, "env": {"P": file.stem, "KEY": town.key, "PATH": "/usr/bin:/bin"}}
    assert run(["bash", "-e", "-o", "pipefail", "-c", told("foreign")], **place).returncode != 0


def told(mark: str, language: str = "") -> str:
    """Return the commands that stand between two marks of docs/register.md."""
    page = PAGE.read_text("utf-8").partition(f"<!-- {mark} -->\n```{language}\n")[2]
    return page.partition("\n```\n<!-- end")[0]


def run(command: list[str], **where: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **where)


def as_spicy(text: str) -> str:
    return "".join(
        line for line in text.splitlines(True) if not line.startswith(("c2sp.org/", "extra "))
    )


def spicy(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["spicy-litetlog", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class ForeignWitness:
    """Sigsum's own witness, in Go, on loopback; it watches over the one log whose key it was given,
    by the name that Sigsum gives a log: the hash of that key."""

    place: WitnessPlace
    private: Ed25519PrivateKey
    origin: str


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[ForeignWitness]:
    folder = tmp_path / "foreign"
    folder.mkdir()
    private, own = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    (folder / "witness").write_bytes(
        own.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    )
    (folder / "witness").chmod(0o600)
    for name, key in (("log", private), ("witness", own)):
        line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
        (folder / f"{name}.pub").write_bytes(line + b"\n")
    port = free_port()
    server = Started(
        ["sigsum-witness", "--signing-key", str(folder / "witness"),
         "--log-key", str(folder / "log.pub"), "--state-file", str(folder / "state"),
         f"127.0.0.1:{port}"],
        port=port, log=folder / "log.txt", ready=lambda: is_open(port),
        environment={"GODEBUG": "httpmuxgo121=0"},  # Debian's build would take Go's old routes
    )  # fmt: skip
    server.start()
    public = own.public_key().public_bytes_raw()
    name = f"sigsum.org/v1/witness/{hashlib.sha256(public).hexdigest()}"
    told_ = run(["sigsum-key", "to-vkey", "-k", str(folder / "witness.pub"), "-n", name,
                 "-t", "cosignature/v1"])  # fmt: skip
    key = CosignerKey.read(told_.stdout)
    assert str(key) == told_.stdout.strip() == str(cosigner_of(name, own))
    digest = hashlib.sha256(private.public_key().public_bytes_raw()).hexdigest()
    place = WitnessPlace(address=f"http://127.0.0.1:{port}", key=key)
    yield ForeignWitness(place, private, f"sigsum.org/v1/tree/{digest}")
    server.kill()


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.real
def test_a_witness_in_go_watches_over_our_register(
    home: Home, foreign: ForeignWitness, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Prepared:
        """The key is there before the register, since this witness's log is named after it."""

        generate = staticmethod(lambda: foreign.private)
        from_private_bytes = staticmethod(Ed25519PrivateKey.from_private_bytes)

    monkeypatch.setattr("guardrails.register.keys.Ed25519PrivateKey", Prepared)
    watching = Witnesses([foreign.place], post=post)
    with home.open(origin=foreign.origin, places=[watching]) as register:
        register.watched_by(watching, service=False)
        for _ in range(5):
            exchange = ask_in(register)
            note = register.checkpoint_seen(seconds=WAIT_SECONDS)
            assert watching.states(register)[0].trouble is None
            assert [*cosigned(read_note(note), [foreign.place.key])] == [foreign.place.key]
        entries = entries_of(register, exchange, kinds=None)
        [first, *_] = hand_over(register, entries, by="", role="").proofs
        key = str(register.key_chain()[0])
        told_ = run(["sigsum-key", "from-vkey"], input=f"{key}\n")
        assert told_.stdout.split()[0] == "ssh-ed25519"
        register.checkpoint_seen(seconds=WAIT_SECONDS)
    policy = read_policy(f"log {key}\nwitness w {foreign.place.key}\nquorum w\n".encode())
    assert verify_file(home.file, policy=policy).exit_code == 0
    assert opened(first.text.partition("\n\n")[2].encode(), str(foreign.place.key))[1]


@pytest.mark.real
def test_a_witness_in_go_and_ours_answer_alike(foreign: ForeignWitness, tmp_path: Path) -> None:
    """The same requests of a log, to Sigsum's witness and to ours."""
    log = Log(foreign.origin, private=foreign.private)
    log.add(*(b"%d" % number for number in range(9)))
    other = Log("log.example/other")
    other.add(b"a")
    found_witness(tmp_path / "ours.sqlite3", "temoin.voisine.example/w")
    with closing(Witness(tmp_path / "ours.sqlite3")) as ours:
        ours.trust(VerifierKey.read(log.key))
        requests = [
            other.request(0), Log(foreign.origin, leaves=log.leaves).request(0), b"old 0\n",
            log.request(7, 5, proof=[]), log.request(3, 5), log.request(0, 5),
            log.request(0, 5), log.request(5, 5), log.request(5, 8, proof=[bytes(32)] * 3),
            log.request(5, 8), log.request(5, 9), log.request(8, 9),
        ]  # fmt: skip
        log.leaves[1] = bytes(32)
        log.add(b"9")
        requests.append(log.request(9, 10))
        for body in requests:
            theirs, own = post(foreign.place.address, body), ours.add_checkpoint(body)
            assert theirs.status == own.status, body
            if theirs.status == 409:
                assert (theirs.kind, theirs.body) == (own.kind, own.body)
        [seen] = ours.logs()
        assert seen.size == 9
