# SPDX-License-Identifier: EUPL-1.2
"""The bill of materials, in CycloneDX 1.6: every package and model file, its hash and licence.

bill(wheels, models) ─▶ a dictionary that is written as JSON; the same contents give the same bytes
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from packaging.utils import canonicalize_name

from assistant.bundle.wheel import Wheel
from corpus.weights_catalogue import WeightsFile

SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:greffier:bundle")
NAME = "greffier"

Json = dict[str, object]


def bill(wheels: Sequence[Wheel], models: Sequence[WeightsFile]) -> Json:
    """Return the bill of a bundle."""
    own = next(wheel for wheel in wheels if wheel.name == NAME)
    others = [wheel for wheel in wheels if wheel is not own]
    contents = ":".join([w.sha256 for w in wheels] + [m.sha256 for m in models])
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(SPACE, contents)}",
        "version": 1,
        "metadata": {"component": _package(own, "application")},
        "components": [
            *(_package(wheel, "library") for wheel in others),
            *(_model(model) for model in models),
        ],
        "dependencies": _dependencies(wheels, models),
    }


def _package(wheel: Wheel, kind: str) -> Json:
    told: Json = {
        "type": kind,
        "bom-ref": wheel.ref,
        "name": wheel.name,
        "version": wheel.version,
        "purl": wheel.ref,
        "hashes": [{"alg": "SHA-256", "content": wheel.sha256}],
    }
    if wheel.expression:
        told["licenses"] = [{"expression": wheel.expression}]
    elif wheel.licence:
        told["licenses"] = [{"license": {"name": wheel.licence}}]
    return told


def _model(model: WeightsFile) -> Json:
    return {
        "type": "machine-learning-model",
        "bom-ref": f"model:{model.name}",
        "name": model.name,
        "version": model.sha256[:12],
        "hashes": [{"alg": "SHA-256", "content": model.sha256}],
        "licenses": [{"license": {"name": model.licence}}],
    }


def _dependencies(wheels: Sequence[Wheel], models: Sequence[WeightsFile]) -> list[Json]:
    refs: Mapping[str, str] = {wheel.name: wheel.ref for wheel in wheels}
    told: list[Json] = []
    for wheel in wheels:
        names = {canonicalize_name(need.name) for need in wheel.wants(frozenset())}
        needed = sorted(refs[name] for name in names if name in refs)
        if wheel.name == NAME:
            needed += [f"model:{model.name}" for model in models]
        told.append({"ref": wheel.ref, "dependsOn": needed})
    return told
