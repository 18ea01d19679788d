# SPDX-License-Identifier: EUPL-1.2
"""Backups: one encrypted file, made while the service runs, that proves that it opens.

    data folder ─snapshot─▶ nameless copies ─manifest─▶ archive ─sealing─▶ FILE
    FILE ─sealing─▶ archive ─▶ a folder beside ─checking─▶ renamed into place

    sealing.py      passphrase, chunks, and what shows that a byte changed
    manifest.py     what an archive says of itself
    archive.py      a manifest, then its files, end to end
    snapshot.py     the data folder at one moment, file by file
    vectors.py      vectors as numbers: no engine's own files
    keys.py         the folder of keys, in an archive of its own
    checking.py     what a folder that was put back must hold
    restoring.py    building beside, checking, renaming
    scratch.py      folders that are gone afterwards, whatever happens

Why it is so: docs/decisions/backup.md.
"""
