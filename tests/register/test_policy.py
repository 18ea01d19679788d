# SPDX-License-Identifier: EUPL-1.2
"""Whom an auditor trusts, as c2sp.org/tlog-policy writes it: what is asked for is asked for, and a
line that is not understood is never passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from guardrails.register.cosignatures import cosigner_of
from guardrails.register.notes import key_of
from guardrails.register.trust_policy import PolicyMalformed, TrustPolicy, read_policy
from guardrails.register.verdicts import WORDS
from guardrails.register.verify import main, policy_sentence
from tests.register.homes import Home
from tests.table import each

LOGS = [str(key_of(f"log{n}.example", Ed25519PrivateKey.generate())) for n in range(2)]
KEYS = [str(cosigner_of(f"w{n}.example/w", Ed25519PrivateKey.generate())) for n in range(6)]
X, Y = KEYS[:3], KEYS[3:]
EXAMPLE = f"""log {LOGS[0]}

witness X1 {X[0]}
witness X2 {X[1]}
witness X3 {X[2]}
group X-witnesses 2 X1 X2 X3

witness Y1 {Y[0]}
witness Y2 {Y[1]}
witness Y3 {Y[2]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
"""The example of the standard, with keys."""


def policy(text: str) -> TrustPolicy:
    return read_policy(text.encode())


@each(
    "names, met",
    [
        ("X1 X2 Y1", True), ("X1 X3 Y3", True), ("X1 X2 X3 Y1 Y2 Y3", True),
        ("X1 Y1", False), ("X1 X2 X3", False), ("Y1 Y2 Y3", False), ("", False),
        ("X1 X2 Z1", False), ("X-and-Y", False), ("X-witnesses Y-witnesses", False),
    ],
)  # fmt: skip
def test_the_example_of_the_standard_demands_what_it_says(names: str, met: bool) -> None:
    assert policy(EXAMPLE).is_met_by(names.split()) is met


def test_one_witness_or_none_may_be_enough() -> None:
    one = policy(f"witness w {KEYS[0]} https://w.example/\nquorum w\n")
    assert (one.is_met_by(["w"]), one.is_met_by([]), one.demands_witnesses) == (True, False, True)
    nobody = policy(f"log {LOGS[0]} https://log.example\nlog {LOGS[1]}\nquorum none\n")
    assert (nobody.is_met_by([]), nobody.demands_witnesses, len(nobody.logs)) == (True, False, 2)
    assert [str(key) for key in nobody.keys_of("log1.example")] == [LOGS[1]]


def test_blanks_comments_and_other_bytes_are_as_the_standard_says() -> None:
    content = (
        b" \t \n# caf\xe9\n\t# indented\n  witness  caf\xe9 \t " + KEYS[0].encode()
        + b" http://caf\xe9.example \t\ngroup K\xe2\x84\xaa 1 caf\xe9\nquorum\tK\xe2\x84\xaa"
    )  # fmt: skip
    [name] = read_policy(content).witnesses
    assert read_policy(content).is_met_by([name])
    with pytest.raises(PolicyMalformed):  # Kelvin's sign is not the letter
        read_policy(content.replace(b"quorum\tK\xe2\x84\xaa", b"quorum\tK"))


@each(
    "text, line, why",
    [
        ("quorum none\nlimit 3\n", 2, "unknown"),
        ("Quorum none\n", 1, "unknown"),
        ("\ufeffquorum none\n", 1, "unknown"),
        ("quorum\n", 1, "incomplete"),
        ("quorum none none\n", 1, "incomplete"),
        ("log\n", 1, "incomplete"),
        (f"log {LOGS[0]} u v\n", 1, "incomplete"),
        (f"witness {KEYS[0]}\n", 1, "incomplete"),
        ("group g 1\nquorum none\n", 1, "incomplete"),
        (f"log {KEYS[0]}\n", 1, "key"),
        (f"witness w {LOGS[0]}\n", 1, "key"),
        (f"witness w {KEYS[0][:-4]}\n", 1, "key"),
        ("witness w x+00000000+BgAA\n", 1, "key"),
        (f"log {LOGS[0]}\nlog {LOGS[0]}\n", 2, "twice"),
        (f"witness a {KEYS[0]}\nwitness b {KEYS[0]}\n", 2, "twice"),
        (f"witness a {KEYS[0]}\nwitness a {KEYS[1]}\n", 2, "twice"),
        (f"witness none {KEYS[0]}\n", 1, "twice"),
        (f"witness a {KEYS[0]}\ngroup a 1 a\n", 2, "twice"),
        (f"witness a {KEYS[0]}\ngroup g 1 a a\n", 2, "member_twice"),
        (f"witness a {KEYS[0]}\ngroup g 1 a\ngroup h 1 a\n", 3, "member_twice"),
        (f"witness a {KEYS[0]}\ngroup g 1 none\n", 2, "undefined"),
        ("group g 1 g\n", 1, "undefined"),
        ("quorum w\n", 1, "undefined"),
        (f"quorum w\nwitness w {KEYS[0]}\n", 1, "undefined"),
        *((f"witness a {KEYS[0]}\ngroup g {k} a\n", 2, "count")
          for k in ("0", "2", "01", "-1", "ANY", "1.0", "²")),
        ("quorum none\nquorum none\n", 2, "two_quorums"),
        ("", 0, "no_quorum"),
        (EXAMPLE[: EXAMPLE.index("quorum")], 0, "no_quorum"),
        ("quorum none\r\n", 1, "control"),
        ("quorum none\n\x00\n", 2, "control"),
        ("#" * (1 << 20) + "\nquorum none\n", 0, "too_large"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, why: str) -> None:
    with pytest.raises(PolicyMalformed) as told:
        policy(text)
    assert (told.value.line, told.value.why) == (line, why)
    for language in ("fr", "en"):
        assert (f" {line} " in policy_sentence(told.value, language).replace(":", " ")) is (
            line > 0
        )


def test_every_fault_has_its_words() -> None:
    assert WORDS["fr"]["policy"].keys() == WORDS["en"]["policy"].keys()


@given(st.binary(max_size=300))
def test_any_bytes_are_a_policy_or_are_refused(content: bytes) -> None:
    for made in (content, EXAMPLE.encode() + content, content + EXAMPLE.encode()):
        try:
            read = read_policy(made)
        except PolicyMalformed as error:
            assert error.why in WORDS["fr"]["policy"]
        else:
            assert read.quorum == "none" or read.quorum in {*read.witnesses, *read.groups}


@given(st.lists(st.sampled_from(EXAMPLE.split()), max_size=40))
def test_words_in_any_order_are_a_policy_or_are_refused(words: list[str]) -> None:
    for text in (" ".join(words), "\n".join(words)):
        try:
            read_policy(text.encode())
        except PolicyMalformed as error:
            assert error.why in WORDS["fr"]["policy"]


def test_a_quorum_of_any_bytes_is_named_in_a_sentence(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with home.open() as register:
        log = register.key_chain()[0]
    file = tmp_path / "policy"
    file.write_bytes(f"log {log}\nwitness ".encode() + b"\xff\xc2\x9b" + f" {KEYS[0]}\n".encode()
                     + b"quorum \xff\xc2\x9b\n")  # fmt: skip
    assert main([str(home.file), "--policy", str(file)]) == 1
    assert "que la politique demande (\ufffd\ufffd)" in capsys.readouterr().err


def test_the_verifier_says_what_is_wrong_with_a_policy(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.open().close()
    file = tmp_path / "policy"
    file.write_text("quorum none\nmirror x\n", "utf-8")
    with pytest.raises(SystemExit) as stopped:
        main([str(home.file), "--policy", str(file)])
    told = capsys.readouterr().err
    assert (stopped.value.code, told.count("\n")) == (2, 1)
    assert "ligne 2 : elle ne commence par aucun des mots log, witness, group, quorum" in told
