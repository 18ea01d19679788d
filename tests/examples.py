# SPDX-License-Identifier: EUPL-1.2
"""How many examples a test that makes its own tries: a few each time, many in `make test-long`.

@tries(30)      the same 30 each time; pytest --hypothesis-profile=long: 1,200, new each time
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

LONG = "long"
TIMES = 40

settings.register_profile(LONG, deadline=None, print_blob=True)


def tries(few: int) -> settings:
    """Return how a test tries its examples under the profile of this run."""
    is_long = settings.get_current_profile_name() == LONG
    return settings(
        max_examples=few * (TIMES if is_long else 1),
        derandomize=not is_long,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
