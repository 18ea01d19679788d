# SPDX-License-Identifier: EUPL-1.2
"""What search is measured on is not what the embedder learnt from."""

from __future__ import annotations

import json

import pytest

from benchmarks.answers_sets import DATA
from benchmarks.retrieval import QUESTIONS, is_learnt, read_piaf

PIAF = DATA / "piaf" / "piaf_public.json"


def test_no_question_of_an_article_that_was_learnt_is_asked() -> None:
    if not PIAF.exists():
        pytest.skip("../shared/data/piaf is not here")
    articles = json.loads(PIAF.read_text("utf-8"))["data"]
    learnt = {
        qa["question"]
        for number, article in enumerate(articles)
        if is_learnt(number)
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    }
    piaf = read_piaf(DATA)
    assert len(piaf.questions) == QUESTIONS
    assert len(learnt) > 2_500
    assert not {question for question, _ in piaf.questions} & learnt
