# SPDX-License-Identifier: EUPL-1.2
"""Validated answers on the agents' pages: to make them, to look after them, to see what lacks one.

| module | what it makes |
|---|---|
| lines.py | the lines of a page, to be picked |
| form.py | the form of a validated answer, as it is typed |
| routes.py | `/valider`: from an answer, a lead, a passage, an unanswered question |
| kept.py, kept_page.py | `/reponses-validees`: the list, what is to be looked at again |
| proposed.py | `/reponses-validees/proposees`: what the model proposed, one after the other |
| unanswered.py | `/sans-reponse`: questions that found no answer |
"""
