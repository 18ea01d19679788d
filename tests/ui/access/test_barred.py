# SPDX-License-Identifier: EUPL-1.2
"""The account's bar above a page: one that is sent whole, one that grows."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import Message

from tests.loops import run_apart
from ui.access.barred import Barred

BAR = "<nav>bar</nav>"


def sent(pieces: Sequence[str], *, grows: bool, kind: str = "text/html") -> list[Message]:
    """Send a page in pieces; return what left after each."""
    left: list[Message] = []

    async def send(message: Message) -> None:
        left.append(dict(message))

    async def page() -> None:
        barred = Barred(send, BAR, grows=grows)
        headers = [(b"content-type", kind.encode()), (b"content-length", b"999")]
        await barred.send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, piece in enumerate(pieces, start=1):
            more = number < len(pieces)
            body = {"type": "http.response.body", "body": piece.encode(), "more_body": more}
            await barred.send(body)

    run_apart(page())
    return left


def bodies(messages: Sequence[Message]) -> list[str]:
    return [m["body"].decode() for m in messages if m["type"] == "http.response.body"]


def test_a_page_leaves_whole_with_its_bar() -> None:
    assert bodies(sent(["<body>", "un", "deux</body>"], grows=False)) == [
        f"<body>{BAR}undeux</body>"
    ]


def test_a_page_that_grows_leaves_piece_by_piece_and_tells_no_length() -> None:
    messages = sent(["<body><h1>", "un", "deux</body>"], grows=True)

    assert bodies(messages) == [f"<body>{BAR}<h1>", "un", "deux</body>"]
    assert dict(messages[0]["headers"]).keys() == {b"content-type"}


def test_what_is_no_page_goes_through() -> None:
    assert bodies(sent(["{}"], grows=True, kind="application/json")) == ["{}"]
