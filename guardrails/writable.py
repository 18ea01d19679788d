# SPDX-License-Identifier: EUPL-1.2
"""What every export passes before it is written: text that a file can hold.

text ─writable▶ without what no XML, no table and no UTF-8 may hold
     ─cell▶ the same, never taken for a formula by a spreadsheet
JSON ─as_utf8▶ the same value; half a sign stays told by its escape
"""

from __future__ import annotations

import re

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def writable(text: str) -> str:
    r"""Return a text without control characters, halves of a sign and what is no sign.

    >>> writable("a\x00b\ud800c\nd\te")
    'abc\nd\te'
    """
    return _UNWRITABLE.sub("", text)


def cell(text: str) -> str:
    r"""Return a text as a table may show it.

    >>> cell("\x00=1+1"), cell("Bien.")
    ("'=1+1", 'Bien.')
    """
    kept = writable(text)
    return f"'{kept}" if kept.startswith(_FORMULA) else kept


def as_utf8(json: str) -> str:
    r"""Return JSON that can be written as UTF-8, of the same value.

    >>> as_utf8('{"a": "\ud800"}')
    '{"a": "\\ud800"}'
    """
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", json)
