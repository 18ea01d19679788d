# SPDX-License-Identifier: EUPL-1.2
"""What the town says of itself, answered from its settings: a validated answer from birth.

    question ─reading▶ AskedFact(fact, language, service, day) ─settings▶ OfSheet ─▶ Answer
                │ whose it is asked of is not the town's, in doubt: None, the usual way

| module | |
|---|---|
| facts.py | which facts, and what a question asks for |
| reading.py | learnt: what is asked, in which language, which words name whose it is |
| words.py | the words of six languages as they are compared |
| days.py | the day that a question names |
| asked.py | recognises: sure what is asked, and who is named is the town's |
| said.py | says a fact, in the language of who asks |
| answers.py | the card that the pipeline is given |

Wordings and near misses: `benchmarks/sheet/`; what trains: `benchmarks/sheet_training.py`, what
judges: `benchmarks/sheet.py`.
"""
