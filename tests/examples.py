# SPDX-License-Identifier: EUPL-1.2
"""How many examples a test that makes its own tries: a few each time, many in `make test-long`.

@settings(max_examples=examples(30), …)      pytest --hypothesis-profile=long: 40 times as many
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

LONG = "long"
TIMES = 40

settings.register_profile(
    LONG, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)


def examples(few: int) -> int:
    """Return how many examples to try under the profile of this run."""
    return few * (TIMES if settings.get_current_profile_name() == LONG else 1)
