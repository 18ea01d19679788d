# SPDX-License-Identifier: EUPL-1.2
"""The town's documents: read, screened, split, indexed, searched and erased."""

import os

# ONNX Runtime's Linux builds send telemetry since 1.29. Only this variable, set before the library
# is imported by anyone, stops it whole: its own `disable_telemetry_events()` comes after a device
# identifier and a queue of events were written to the user's cache (measured with 1.32).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
