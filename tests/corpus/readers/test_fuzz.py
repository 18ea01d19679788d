# SPDX-License-Identifier: EUPL-1.2
"""Whatever the bytes, a reader gives text or a named reason: never another error, never a text
that cannot be kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.errors import NotYetReadable, UnreadableFile
from corpus.readers import ENDINGS, programs, read_data
from corpus.readers.programs import Need
from tests.examples import tries

SAMPLES = Path(__file__).parents[3] / "samples"
MOST_BYTES = 120_000
REASONS = {
    *("broken", "encrypted", "empty", "unknown_format", "too_large", "too_slow", "no_access"),
    *("outside_folder", "guard_closed", "archives_full", "doctype"),
}
PACKAGES = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".zip")


def smallest() -> dict[str, bytes]:
    """Return the smallest sample of each format, by the end of its name."""
    files = (path for path in SAMPLES.rglob("*") if path.suffix.lower() in ENDINGS)
    found: dict[str, bytes] = {}
    for path in sorted(files, key=lambda path: -path.stat().st_size):
        if path.stat().st_size <= MOST_BYTES and "sources" not in path.parts:
            found[path.suffix.lower()] = path.read_bytes()
    return dict(sorted(found.items()))


FILES = smallest()


@pytest.fixture(scope="module", autouse=True)
def no_scanner() -> Iterator[None]:
    """Leave Tesseract out: a page that waits is an answer too, and each would take a second."""
    programs.is_there.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(programs, "_languages", list)
        yield
    programs.is_there.cache_clear()


def tried(data: bytes, name: str) -> None:
    """Read some bytes; what comes of it must be something that the ingestion can tell or keep."""
    try:
        document = read_data(data, name=name)
    except UnreadableFile as error:
        assert error.reason in REASONS
        return
    except NotYetReadable as error:
        assert error.needs in {*Need}
        return
    assert document.pages or document.waiting_pages
    for page in document.pages:
        page.text.encode("utf-8")  # half a character cannot be kept
        assert "\0" not in page.text
    for text in document.unseen:
        text.encode("utf-8")


Change = tuple[str, float, int, bytes]
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(("flip", "most", "least", "cut", "twice", "put", "end")),
        st.floats(0, 1),
        st.integers(1, 64),
        st.binary(max_size=32),
    ),
    min_size=1,
    max_size=6,
)


def spoilt(data: bytes, changes: list[Change]) -> bytes:
    """Change some bytes: other values, a piece cut out, repeated, put in, or the end cut off."""
    made = bytearray(data)
    for what, share, length, piece in changes:
        at = int(share * max(0, len(made) - 1))
        match what:
            case "flip" if made:
                made[at] ^= length
            case "most" | "least":
                made[at : at + 4] = (b"\xff" if what == "most" else b"\0") * 4
            case "cut":
                del made[at : at + length]
            case "twice":
                made[at:at] = made[at : at + length] * length
            case "put":
                made[at:at] = piece
            case "end" if share > 0.5:
                del made[at:]
    return bytes(made)


def spoilt_inside(data: bytes, which: float, changes: list[Change]) -> bytes:
    """Change the bytes of one part of a package, which stays a sound package."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        names = before.namelist()
        parts = [name for name in names if name.endswith(".xml")] or names
        chosen = parts[int(which * (len(parts) - 1))]
        for name in names:
            part = before.read(name)
            after.writestr(name, spoilt(part, changes) if name == chosen else part)
    return out.getvalue()


@tries(150)
@given(st.binary(max_size=400), st.sampled_from(sorted(ENDINGS)))
@example(b"\xff\xfe\0\xd8", ".txt")
@example(b"PK\x03\x04", ".docx")
@example(b"%PDF-1.7\n%%EOF", ".pdf")
@example(b"{" * 5_000, ".json")
@example(b"<a>" * 5_000, ".xml")
@example(b"<div>" * 5_000, ".html")
@example(b"{\\rtf1 " + b"{" * 5_000, ".rtf")
def test_any_bytes_under_any_name(data: bytes, ending: str) -> None:
    tried(data, f"a{ending}")


@tries(60)
@given(st.text(max_size=400), st.sampled_from((".txt", ".md", ".csv", ".html", ".eml", ".rtf")))
def test_any_text_under_a_name_of_text(text: str, ending: str) -> None:
    for encoding in ("utf-8", "utf-16", "cp1252"):
        tried(text.encode(encoding, "surrogatepass" if "utf" in encoding else "replace"), ending)


@pytest.mark.parametrize("ending", FILES)
@tries(25)
@given(changes=CHANGES)
def test_a_spoilt_file_of_each_format(ending: str, changes: list[Change]) -> None:
    tried(spoilt(FILES[ending], changes), f"a{ending}")


@pytest.mark.parametrize("ending", [ending for ending in PACKAGES if ending in FILES])
@tries(40)
@given(which=st.floats(0, 1), changes=CHANGES)
@example(which=1 / 3, changes=[("most", 0.0, 1, b"")])
def test_a_package_with_a_spoilt_part(ending: str, which: float, changes: list[Change]) -> None:
    tried(spoilt_inside(FILES[ending], which, changes), f"a{ending}")


def test_each_format_that_is_read_has_a_sample() -> None:
    kinds = {ENDINGS[ending].value for ending in FILES}
    assert {kind.value for kind in ENDINGS.values()} - kinds <= {"ppt", "tar"}
