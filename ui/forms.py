# SPDX-License-Identifier: EUPL-1.2
"""What a form sends, and a file that is given back: the same on every screen."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

MAX_FIELDS = 1_000


async def fields(request: Request) -> FormData:
    """Return the fields of a form, for a route that is a plain function: it runs in a thread, and
    may read databases and draw what it likes."""
    return await request.form(max_files=0, max_fields=MAX_FIELDS)


Fields = Annotated[FormData, Depends(fields)]
"""A parameter that FastAPI fills in with what a form says; files are refused."""


def value(form: FormData, name: str) -> str:
    """Return a field as text, its line ends made ours; empty if it is not there, or is a file."""
    found = form.get(name, "")
    return found.replace("\r\n", "\n").strip() if isinstance(found, str) else ""


def values(form: FormData, name: str) -> list[str]:
    """Return all values of a field."""
    return [found for found in form.getlist(name) if isinstance(found, str)]


def lines(form: FormData, name: str) -> list[str]:
    """Return the lines of a field that hold something."""
    return [line.strip() for line in value(form, name).split("\n") if line.strip()]


def saved_as(name: str) -> dict[str, str]:
    """Return the headers by which a browser saves a file under a name of ours, never a
    document's."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def attachment(content: bytes | str, name: str, kind: str) -> Response:
    """Return a file to keep, of a media type."""
    return Response(content, media_type=kind, headers=saved_as(name))
