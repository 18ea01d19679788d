# SPDX-License-Identifier: EUPL-1.2
"""One archive that installs Greffier on a machine without any network.

    requirements.lock ─lock.py▶ Pin… ─wheels.py▶ Wheel… ─┐
    model files (by SHA-256) ────────────────────────────┼─archive.py▶ FILE.tar
    licences.py, sbom.py (CycloneDX), install.sh ────────┘

The machine that makes it must be like the one that installs it: same system, same Python. What is
in it is hashed in MANIFEST.sha256, which `install.sh` checks before anything else.
"""
