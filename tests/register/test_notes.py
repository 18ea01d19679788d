# SPDX-License-Identifier: EUPL-1.2
"""Signed checkpoints: the published example, and notes with one thing wrong at a time."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guardrails.register.notes import (
    Checkpoint,
    NoteMalformed,
    NoteNotSigned,
    VerifierKey,
    key_of,
    read_note,
    sign,
)
from tests.table import each

# The example of c2sp.org/signed-note.
PUBLISHED_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
PUBLISHED_SIGNATURE = (
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
)
# That of c2sp.org/tlog-checkpoint.
PUBLISHED_CHECKPOINT = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
    "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
POINT = Checkpoint(origin="greffier/test", size=7, root=bytes(range(32)))


def test_the_published_note_verifies() -> None:
    key = VerifierKey.read(PUBLISHED_KEY)
    signature = base64.b64decode(PUBLISHED_SIGNATURE)
    assert str(key) == PUBLISHED_KEY
    assert signature[:4] == key.id
    assert key.verifies(signature[4:], b"This is an example message.\n")
    assert not key.verifies(signature[4:], b"This is an exemple message.\n")


def test_the_published_checkpoint_is_read() -> None:
    note = read_note(PUBLISHED_CHECKPOINT)
    assert note.checkpoint.origin == "example.com/behind-the-sofa"
    assert note.checkpoint.size == 20852163
    assert note.checkpoint.text == note.text


def test_a_signed_checkpoint_is_read_back() -> None:
    note = read_note(sign(POINT, [PRIVATE]))
    assert note.checkpoint == POINT
    assert note.opened_by([key_of("greffier/test", PRIVATE)]) == key_of("greffier/test", PRIVATE)


def test_signatures_of_others_are_left_aside() -> None:
    other = Ed25519PrivateKey.generate()
    note = read_note(sign(POINT, [other, PRIVATE]))
    assert note.opened_by([key_of("greffier/test", PRIVATE)])
    with pytest.raises(NoteNotSigned, match="no key"):
        read_note(sign(POINT, [other])).opened_by([key_of("greffier/test", PRIVATE)])


@pytest.mark.parametrize("old, new", [("7\n", "8\n"), ("greffier/test\n7", "greffier/tess\n7")])
def test_a_changed_checkpoint_is_not_signed(old: str, new: str) -> None:
    changed = sign(POINT, [PRIVATE]).replace(old, new, 1)
    with pytest.raises(NoteNotSigned, match="false"):
        read_note(changed).opened_by([key_of("greffier/test", PRIVATE)])


@each(
    "text",
    [
        "",
        "rien",
        "a\n1\n" + base64.b64encode(bytes(32)).decode() + "\n",
        PUBLISHED_CHECKPOINT.replace("20852163", "-1"),
        PUBLISHED_CHECKPOINT.replace("20852163", "007"),
        PUBLISHED_CHECKPOINT.replace("q2I=", "q2I"),
        PUBLISHED_CHECKPOINT.replace("CsUYapGGPo4d", ""),
        PUBLISHED_CHECKPOINT.replace("— ", "-- "),
        PUBLISHED_CHECKPOINT[:-1],
        PUBLISHED_CHECKPOINT + "\n",
        "x" * 200_000,
    ],
    ids=["empty", "word", "unsigned", "negative", "zeros", "base64", "short root", "dash", "no end",
         "blank end", "huge"],
)  # fmt: skip
def test_what_is_not_a_checkpoint_says_so(text: str) -> None:
    with pytest.raises(NoteMalformed):
        read_note(text)


@each(
    "text",
    ["", "a+b", PUBLISHED_KEY[:-4], PUBLISHED_KEY.replace("530d903a", "530d903b"),
     PUBLISHED_KEY.replace("Aeky", "Beky")],
    ids=["empty", "parts", "short", "id", "algorithm"],
)  # fmt: skip
def test_what_is_not_a_key_says_so(text: str) -> None:
    with pytest.raises(NoteMalformed):
        VerifierKey.read(text)


@pytest.mark.parametrize("letter", ["\t", "\r", "\0", "\x1b"])
def test_a_note_with_a_control_character_is_refused(letter: str) -> None:
    note = sign(Checkpoint(origin=f"mairie{letter}", size=7, root=POINT.root), [PRIVATE])
    with pytest.raises(NoteMalformed):
        read_note(note)
