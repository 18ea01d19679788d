# SPDX-License-Identifier: EUPL-1.2
"""An item is quoted under the line that opens its list; other sentences are left as they are."""

from __future__ import annotations

import pytest

from assistant.items import in_its_list
from tests.assistant.test_reading import candidates

CEMETERY = """Le cimetière est clos la nuit.
Il est ouvert tous les jours :
— du 1er avril au 2 novembre, de 8 heures à 19 heures ;
— du 3 novembre au 31 mars, de 8 heures à 17 heures 30.
Les chiens n'y entrent pas."""
FINES = """Sont interdits dans le parc :
- les feux ;
- les chiens sans laisse ;
- les drones ;
- le camping."""


def quoted(text: str, *places: int) -> list[str]:
    lines = candidates(text)
    return [one.text for one in in_its_list([lines[n] for n in places])]


def test_a_short_list_is_quoted_whole_under_its_opening_line() -> None:
    assert quoted(CEMETERY, 3) == CEMETERY.splitlines()[1:4]
    assert quoted(CEMETERY, 2, 3) == CEMETERY.splitlines()[1:4]


def test_of_a_long_list_only_what_answers_comes_under_the_opening_line() -> None:
    lines = FINES.splitlines()
    assert quoted(FINES, 3) == [lines[0], lines[3]]
    assert quoted(FINES, 1, 3, 4) == [lines[0], lines[1], lines[3]]


@pytest.mark.parametrize("places", [(0,), (1,), (4,), (0, 3)])
def test_what_is_no_item_is_left_as_it_is(places: tuple[int, ...]) -> None:
    assert quoted(CEMETERY, *places) == [CEMETERY.splitlines()[n] for n in places]


def test_items_without_an_opening_line_are_left_as_they_are() -> None:
    assert quoted("- les feux ;\n- les drones.", 1) == ["- les drones."]
    assert quoted("Le parc ferme à 19 heures.\n- les feux ;\n- les drones.", 2) == ["- les drones."]
