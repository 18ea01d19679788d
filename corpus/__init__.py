# SPDX-License-Identifier: EUPL-1.2
"""The town's documents: read, screened, split, indexed, searched and erased."""

import os

from corpus.cores import WAIT_POLICY

# ONNX Runtime's Linux builds send telemetry since 1.29. Only this variable, set before the library
# is imported by anyone, stops it whole: its own `disable_telemetry_events()` comes after a device
# identifier and a queue of events were written to the user's cache (measured with 1.32).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

for _name, _value in WAIT_POLICY.items():  # read when llama.cpp is loaded, and never again
    os.environ.setdefault(_name, _value)
