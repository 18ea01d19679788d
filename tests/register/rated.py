# SPDX-License-Identifier: EUPL-1.2
"""An exchange that somebody rates, for tests of what is made of ratings."""

from __future__ import annotations

from guardrails.register import Register
from guardrails.register.ratings import (
    Rated,
    Rating,
    Said,
    Source,
    enter_ratings,
    has_source,
    to_rate,
)
from guardrails.register.sampling import Sample


def rate_right(
    register: Register, exchange: str, *, user: str = "camille", drawn: Sample | None = None
) -> int:
    """Find everything right; return the place of the rating."""
    rated = tuple(
        Rated(
            index=entry.index,
            said=Said.RIGHT,
            source=Source.RIGHT if has_source(entry) else Source.NONE,
        )
        for entry in to_rate(register.unrecorded_exchange(exchange))
    )
    rating = Rating(exchange=exchange, rated=rated, sample=drawn)
    (place,) = enter_ratings(register, [rating], user=user, role="auditor")
    return place.index
