# SPDX-License-Identifier: EUPL-1.2
"""Whether every library that Greffier brings has a licence that the EUPL-1.2 may stand beside.

    python -m tools.licences [--list]       part of `make check`; code 1 for one that is not known

What a package says of itself is read (SPDX expression, else classifiers, else its field); a licence
that is not in `FINE` stops, until a person has read it and written it there, or in `READ`.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from packaging.utils import canonicalize_name

from assistant.libraries import brought, said

FINE = {
    "0BSD", "APACHE", "APACHE-2.0", "APACHE LICENSE 2.0", "APACHE SOFTWARE LICENSE", "BSD",
    "APACHE 2.0", "BSD LICENSE", "BSD-2-CLAUSE", "BSD-3-CLAUSE", "BSL-1.0", "CC0-1.0", "EUPL-1.2",
    "HPND", "ISC", "ISC LICENSE ISCL", "ISCL", "LGPL-2.1-OR-LATER", "LGPLV2+", "MIT",
    "MIT LICENSE", "MIT-0", "MIT-CMU", "MPL-2.0", "MOZILLA PUBLIC LICENSE 2.0 MPL 2.0",
    "PSF-2.0", "PYTHON SOFTWARE FOUNDATION LICENSE", "UNLICENSE", "ZLIB", "ZPL-2.1",
    "BSD 3-CLAUSE", "3-CLAUSE BSD LICENSE", "LGPL-LR", "APACHE LICENSE, VERSION 2.0",
    "APACHE LICENSE", "THE UNLICENSE UNLICENSE",
    "APACHE-2.0 WITH LLVM-EXCEPTION", "PYTHON-2.0", "CNRI-PYTHON", "BZIP2-1.0.6", "LIBPNG-2.0",
}  # fmt: skip
"""Permissive ones, and weak copyleft that the EUPL stands with (article 5 and its appendix)."""

READ = {
    "pypdfium2": "BSD-3-Clause OR Apache-2.0",  # its LICENSES folder, and those of PDFium inside
}
"""Packages whose words say too little: what their licence files were found to say."""

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
OWN_NEEDS = tomllib.loads(PROJECT.read_text("utf-8"))["project"]["dependencies"]


def is_fine(licence: str) -> bool:
    """Whether one way of reading an expression leaves known licences only.

    >>> is_fine("MIT OR GPL-3.0-only"), is_fine("MIT AND GPL-3.0-only"), is_fine("")
    (True, False, False)
    """
    plain = re.sub(r"[()]", "", licence).upper()
    return any(
        all(part.strip() in FINE for part in choice.split(" AND "))
        for choice in plain.split(" OR ")
    )


def unknown() -> dict[str, str]:
    """Return the packages that nobody has read yet, with what they say."""
    told = {canonicalize_name(found.metadata["Name"]): said(found) for found in brought(OWN_NEEDS)}
    return {
        name: licence
        for name, licence in told.items()
        if not is_fine(licence) and not is_fine(READ.get(name, ""))
    }


def main() -> int:
    if "--list" in sys.argv:
        for found in sorted(brought(OWN_NEEDS), key=lambda one: one.metadata["Name"].lower()):
            sys.stdout.write(f"{found.metadata['Name']}\t{found.version}\t{said(found)[:80]}\n")
    missing = unknown()
    for name, licence in missing.items():
        sys.stderr.write(f"licence not known to be fine: {name}: {licence[:120] or 'none'}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
