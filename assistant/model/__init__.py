# SPDX-License-Identifier: EUPL-1.2
"""The language model in a process of its own, so that what ends it ends nothing else.

service: RemoteModel ─ ModelProcess ═══ wire ═══ serving ─ LlamaModel: worker
         remote.py     process.py      wire.py   serving.py           worker.py, settling.py
"""
