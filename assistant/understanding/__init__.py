# SPDX-License-Identifier: EUPL-1.2
"""What a question asks for, and whether it may be answered at all, told without the model.

    Screened ─questions▶ Question ─reading▶ Question(kind), perhaps refused
               ╰ spellings: written out
               ╰ years: those that it names

    message ─emergencies▶ what cannot wait

`heads.py`: what is taught on the embedder's upper layers, for both.
"""
