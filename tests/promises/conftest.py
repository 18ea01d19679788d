# SPDX-License-Identifier: EUPL-1.2
"""One real data folder for all the promises: a dozen papers of the sample town."""

from __future__ import annotations

import shutil

import pytest

from tests.promises.machine import SAMPLES, Done, Machine, missing_models

PAPERS = (
    "arretes/2024-087-bruit.pdf",
    "arretes/2025-058-bruit-modificatif.docx",
    "arretes/2025-072-cimetiere-reprise-concessions.odt",
    "bibliotheque/guide-du-lecteur.html",
    "courriers/2025-05-19-demande-derogation-scolaire.odt",
    "courriers/2025-07-02-lettre-manuscrite-chemin-du-puits.pdf",
    "courriers/2025-09-15-petition-vitesse-les-essarts.txt",
    "dechets/calendrier-collecte-2025.html",
    "dechets/decheterie-reglement-et-horaires.md",
    "deliberations/2024-09-25-05-denomination-rue-germaine-tallandier.odt",
    "deliberations/2025-06-11-04-tarifs-cantine-2025-2026.pdf",
    "vie-municipale/contacts-et-horaires.md",
)


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """The machine, before anything is added."""
    if missing := missing_models():
        pytest.skip(f"model files are missing: greffier models pull ({', '.join(missing)})")
    machine = Machine(tmp_path_factory.mktemp("machine"))
    machine.put(*PAPERS)
    (machine.town / "cassé.pdf").write_bytes(b"%PDF-1.4\nbroken")
    machine.data.mkdir(mode=0o700)
    shutil.copyfile(SAMPLES / "greffier.toml", machine.data / "greffier.toml")
    return machine


@pytest.fixture(scope="session")
def added(machine: Machine) -> Done:
    """What `corpus add --json` printed when the town's papers came in."""
    return machine("corpus", "add", str(machine.town), "--json")
