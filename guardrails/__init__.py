# SPDX-License-Identifier: EUPL-1.2
"""What keeps the assistant honest: strings and positions, rules, and the register.

This package knows neither documents nor models, so that a data protection
officer can read, test and audit it alone. It imports nothing of the others.
"""

import os

# The language model multiplies many small matrices: on two threads they wait for each other more
# than they work (measured: twice the processor's time). Read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
