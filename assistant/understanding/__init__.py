# SPDX-License-Identifier: EUPL-1.2
"""What a question asks for, and whether it may be answered at all, told without the model.

    Screened ─questions▶ Question ─sensitive▶ Question, perhaps refused
               ╰ kinds: what an answer must hold
               ╰ verdicts, private_data: what is refused
               ╰ years: those that it names

The forms of each are a TOML file beside its module, one a line.
"""
