# SPDX-License-Identifier: EUPL-1.2
"""Where words stand on a page's picture, once the guard has changed the page's text.

Placeholders move what follows them, and what they hide must not be drawn: words that stand in
both texts keep their box at their new place, the others lose it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import SequenceMatcher

from corpus.documents import Scan

WORD = re.compile(r"\S+")


def moved(scan: Scan, before: str, after: str) -> Scan:
    """Return the scan with its boxes over the words of `after` that came from `before`."""
    if before == after:
        return scan
    old, new = list(WORD.finditer(before)), list(WORD.finditer(after))
    boxes = {(box.start, box.end): box for box in scan.boxes}
    same = SequenceMatcher(None, [w[0] for w in old], [w[0] for w in new], autojunk=False)
    return Scan(
        scan.confidence,
        tuple(
            replace(box, start=new[j + step].start(), end=new[j + step].end())
            for i, j, length in same.get_matching_blocks()
            for step in range(length)
            if (box := boxes.get(old[i + step].span())) is not None
        ),
    )
