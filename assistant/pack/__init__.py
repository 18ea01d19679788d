# SPDX-License-Identifier: EUPL-1.2
"""Packs: a month's guides, signed by whoever gathered them, carried to a town.

    FOLDER of guides ─making.py▶ NAME-YYYY-MM.zip: `.pack`, a signed note (manifest.py), and guides
    NAME-YYYY-MM.zip ─adding.py▶ signature, every hash ─ingestion▶ collection `pack:NAME`
                                 the guides that are gone ─removal▶ erased, with its proof

Nothing of an archive is opened before its note is found signed by a key that the town trusts; the
note stands first in the file and as it is, so that it is read without unfolding anything.
"""
