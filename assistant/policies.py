# SPDX-License-Identifier: EUPL-1.2
"""The town's own policies: `policy.toml` of the data folder says what a collection may show."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from assistant.errors import BadSettings
from guardrails.policy import DEFAULT_POLICY, Policy

FILE = "policy.toml"


def policy_of(data: Path) -> Policy:
    """Return what the collections of a data folder may show."""
    own = own_policies(data)
    return Policy.read(own) if own else DEFAULT_POLICY


def own_policies(data: Path) -> Path | None:
    """Return the town's policy file, checked, or None where the shipped one holds."""
    path = data / FILE
    try:
        Policy.read(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise BadSettings("settings_invalid", file=FILE, name=name, detail=first["msg"]) from error
    except (ValueError, OSError) as error:  # not TOML, not UTF-8, not ours to read
        raise BadSettings("settings_unreadable", file=FILE, detail=str(error)) from error
    return path
