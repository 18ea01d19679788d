# SPDX-License-Identifier: EUPL-1.2
"""Who asks, on the plain pages: a parameter that FastAPI fills in; without a gate, it fails."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from ui.access.person import Person, person_of


def _asking(request: Request) -> Person:
    return person_of(request)


Asking = Annotated[Person, Depends(_asking)]
