# SPDX-License-Identifier: EUPL-1.2
"""What the letters' benchmark counts apart: identifiers that their own key proves."""

from __future__ import annotations

from benchmarks.reply import has_key
from tests.table import each


@each(
    "text, keyed",
    [
        ("732 829 320 00074", True),
        ("2 69 05 49 588 157 80", True),
        ("FR76 3000 6000 0112 3456 7890 189", True),
        ("2 69 05 49 588 157 81", False),
        ("06 39 98 71 12", False),
        ("14 rue des Tanneurs", False),
        ("Abadie-Vasseur", False),
        ("4 avril 2016", False),
    ],
)
def test_an_identifier_is_told_by_its_key(text: str, keyed: bool) -> None:
    assert has_key(text) is keyed
