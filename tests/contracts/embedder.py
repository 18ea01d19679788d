# SPDX-License-Identifier: EUPL-1.2
"""What any Embedder must do. Subclass it and give an `embedder` fixture."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.errors import PassageTooLong
from corpus.seams import Embedder

CANTEEN = "La restauration scolaire coûte 3,20 € par repas aux familles de la commune."
ROADS = "Les travaux de voirie de la rue des Lilas commenceront au mois de mars."


class EmbedderContract:
    """Rows of length 1, near texts near, nothing cut silently."""

    def test_one_row_of_length_one_for_each_text(self, embedder: Embedder) -> None:
        rows = embedder.embed_passages([CANTEEN, ROADS])
        assert rows.shape == (2, embedder.dimension)
        assert rows.dtype == np.float32
        assert np.linalg.norm(rows, axis=1) == pytest.approx([1.0, 1.0], abs=1e-3)

    def test_no_text_makes_no_row(self, embedder: Embedder) -> None:
        assert embedder.embed_passages([]).shape == (0, embedder.dimension)

    def test_a_text_has_one_vector_whatever_stands_beside_it(self, embedder: Embedder) -> None:
        alone = embedder.embed_passages([CANTEEN])[0]
        beside = embedder.embed_passages([ROADS * 3, CANTEEN])[1]
        assert float(alone @ beside) > 0.995

    def test_the_passage_that_speaks_of_it_is_nearer(self, embedder: Embedder) -> None:
        rows = embedder.embed_passages([CANTEEN, ROADS])
        canteen, roads = rows @ embedder.embed_query("prix du repas à la restauration scolaire")
        assert canteen > roads

    def test_a_query_is_one_row(self, embedder: Embedder) -> None:
        row = embedder.embed_query("Combien coûte la cantine ?")
        assert row.shape == (embedder.dimension,)
        assert float(np.linalg.norm(row)) == pytest.approx(1.0, abs=1e-3)

    def test_a_passage_that_is_too_long_is_refused_not_cut(self, embedder: Embedder) -> None:
        long = "voirie " * (embedder.max_tokens + 1)
        assert embedder.count_tokens(long) > embedder.max_tokens
        with pytest.raises(PassageTooLong):
            embedder.embed_passages([CANTEEN, long])

    def test_a_long_question_is_embedded_whole(self, embedder: Embedder) -> None:
        row = embedder.embed_query("Quel est le budget de la voirie ? " * embedder.max_tokens)
        assert row.shape == (embedder.dimension,)
        assert np.isfinite(row).all()
