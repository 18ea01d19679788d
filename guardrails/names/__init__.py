# SPDX-License-Identifier: EUPL-1.2
"""Persons in French administrative text: many layers vote, none decides alone.

text ─tokenise─▶ Words ─┬─ civility, label, family, first name, initial, … ─┐
                        └─ the language model, on the text and truecased ───┴─▶ votes
votes ─weighed─▶ names ─propagated over the document─▶ Finding…
"""
