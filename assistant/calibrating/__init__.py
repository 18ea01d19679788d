# SPDX-License-Identifier: EUPL-1.2
"""Calibrates a model: asks shipped questions through the pipeline's own steps, fits its judge.

    Town… ─a folder of its own▶ Parts ─asked▶ Row… ─fitted, by towns▶ Calibration
                                     (kept one by one, so that what was cut goes on)

    towns.py     the invented towns that are shipped, their papers and their questions
    asking.py    what may be shown for a question, and whether it is right
    fitting.py   the weights, and the threshold with the bound that it allows
    running.py   all of it, one town after the other

Nothing learnt from these questions, the shipped judge of the default model but its threshold.
"""

from assistant.calibrating.fitting import Fitted, best_way, fitted
from assistant.calibrating.running import Progress, calibrated
from assistant.calibrating.towns import Asked, own, shipped

__all__ = ["Asked", "Fitted", "Progress", "best_way", "calibrated", "fitted", "own", "shipped"]
