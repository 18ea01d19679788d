# SPDX-License-Identifier: EUPL-1.2
"""The agents' workspace: what a question shows (view.py), and the pages around it.

| module | what it makes |
|---|---|
| view.py | the screen of one question, step by step (no Gradio) |
| conversation.py | the questions of one session, and which of them a new one follows |
| filters.py | what a reader limits the search to |
| shelf.py | answers and comparisons just shown, to be exported and judged |
| actions.py, taken.py, answers.py | what follows an answer: a file, an opinion |
| history.py | what was asked before, folded away |
| own.py, own_pages.py | one's own questions of thirty days, by choice |
| page.py, pieces.py | `/`, in Gradio, and the HTML around its reply |
| routes.py | all other pages of agents, in plain HTML |
| sources.py | what a citation opens |
| documents.py, act_page.py | the documents: search them, read one |
| comparing.py, compared.py, editions.py | two acts side by side, and what leads there |
| masking.py | a text in, its hidden version out |
| dropping.py, held.py | a file is dropped and asked; it is held in memory, an hour at most |
| course.py | the first steps |
| services.py, person.py | what all of them need, opened elsewhere; who asks |
| frame.py, words.py | what is around each plain page; every word |
"""

from __future__ import annotations

from ui.agent.view import BUSY, IDLE, Phase, View, after, explain, hidden_in, status, views

__all__ = ["BUSY", "IDLE", "Phase", "View", "after", "explain", "hidden_in", "status", "views"]
