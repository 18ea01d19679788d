# SPDX-License-Identifier: EUPL-1.2
"""What the town says of itself, answered from its settings: a validated answer from birth.

    question ─words, head▶ AskedFact(fact, language, service, day) ─settings▶ OfSheet ─▶ Answer
                │ a word that the town's sheet does not know, in doubt: None, the usual way

| module | |
|---|---|
| facts.py | which facts, and what a question asks for |
| words.py | the words of six languages, and which of a question's nobody knows |
| days.py | the day that a question names |
| asked.py | recognises: every word known, and a head on the embedder's vector sure enough |
| said.py | says a fact, in the language of who asks |
| answers.py | the card that the pipeline is given |

Wordings, near misses and the program that fits: `benchmarks/sheet/`, `benchmarks/sheet.py`.
"""
