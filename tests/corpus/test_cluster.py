# SPDX-License-Identifier: EUPL-1.2
"""Two machines of a real Ray cluster give what one gives alone, and one may die under way."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
import ray

from assistant.cli import explain
from assistant.settings import Settings
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts
from corpus.cluster import Cluster
from corpus.cluster_hand import Order, sha256_of
from corpus.errors import ClusterUnusable, CorpusError
from corpus.report import IngestReport
from guardrails.errors import DetectorFailed
from tests.servers.ray import TwoMachines, two_machines

pytestmark = pytest.mark.real
SAMPLES = Path(__file__).parents[2] / "samples"
FILES = (
    "arretes/2024-087-bruit.pdf",
    "arretes/2025-072-cimetiere-reprise-concessions.odt",
    "courriers/2025-04-03-proposition-achat-parcelle.eml",
    "courriers/2025-05-19-demande-derogation-scolaire.odt",
    "dechets/calendrier-collecte-2025.html",
)
SECRET = "un deux trois quatre cinq"
GONE_SECONDS = 120.0
"""A machine's hand outlives its scheduler until Ray sees it gone: some 15 s without an answer."""


@pytest.fixture
def no_network() -> None:
    """Ray's machines know each other by this machine's own address, not by its loopback."""


@pytest.fixture(scope="module")
def machines() -> Iterator[TwoMachines]:
    with two_machines() as cluster:
        yield cluster


@pytest.fixture
def town(tmp_path: Path) -> Path:
    folder = tmp_path / "town"
    folder.mkdir()
    for name in FILES:
        shutil.copy(SAMPLES / name, folder)
    (folder / "casse.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    return folder


def spread(address: str) -> Settings:
    return Settings.model_validate({"index": {"cluster": address}})


def kept(parts: Parts) -> list[tuple[object, list[object], list[list[float]]]]:
    """All that a corpus holds of each document, but for names that the folder's own key makes."""
    result = []
    for document in sorted(parts.store.documents(), key=lambda one: one.file):
        passages = parts.store.passages_of(document.id)
        vectors = parts.index.vectors([p.id for p in passages])
        result.append(
            (
                replace(document, id="", added="", content=""),
                [replace(p, id="", document="") for p in passages],
                [vectors[p.id].tolist() for p in passages],
            )
        )
    return result


def told(report: IngestReport) -> tuple[int, int, int, list[str]]:
    return report.added, report.pages, report.passages, [one.reason for one in report.failed]


def test_two_machines_keep_what_one_keeps(
    machines: TwoMachines, town: Path, tmp_path: Path
) -> None:
    machines.add()
    alone, together = tmp_path / "alone", tmp_path / "together"
    with open_parts(alone, tmp_path / "keys", Settings()) as parts:
        first, held = parts.ingestion.add([town]), kept(parts)
    with open_parts(together, tmp_path / "keys", spread(machines.address)) as parts:
        second = parts.ingestion.add([town])
        assert kept(parts) == held
        again = parts.ingestion.add([town])
    assert told(first) == told(second)
    assert (second.added, len(second.failed)) == (len(FILES), 1)
    assert again.unchanged == len(FILES)


def test_a_machine_that_dies_leaves_its_work_to_the_others(
    machines: TwoMachines, town: Path, tmp_path: Path
) -> None:
    machines.add()
    with open_parts(tmp_path / "data", tmp_path / "keys", spread(machines.address)) as parts:
        embedder = str(parts.embedder_file)
    sha256 = sha256_of(Path(embedder))
    cluster = Cluster(
        machines.address,
        Order(roster=(), policies=None, embedder=embedder, embedder_sha256=sha256),
    )
    with cluster.guard() as guard, cluster.reading() as reading:
        assert guard.screen_documents([["Rien."]])
        assert cluster.machines == 2
        under_way = [reading.submit(town / Path(name).name, (), name) for name in FILES]
        machines.take_second()
        assert all(future.result().pages for future in under_way)
        given_up = monotonic() + GONE_SECONDS
        while cluster.machines == 2 and monotonic() < given_up:
            again = [reading.submit(town / Path(name).name, (), name) for name in FILES]
            assert all(future.result().pages for future in again)
        assert cluster.machines == 1
        assert "Quillebec" not in guard.screen_documents([["Mme Zoé Quillebec."]])[0][0].text


def test_a_machine_with_another_model_is_not_worked_with(machines: TwoMachines) -> None:
    order = Order(roster=(), policies=None, embedder=str(SAMPLES / "README.md"), embedder_sha256="")
    cluster = Cluster(machines.address, order)
    assert reason(cluster) == "unlike"


def test_what_is_no_cluster_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "avis.txt").write_text("La piscine ouvre le mercredi.", "utf-8")
    with (
        open_parts(tmp_path / "data", tmp_path / "keys", spread("127.0.0.1:9")) as parts,
        pytest.raises(CorpusError) as error,
    ):
        parts.ingestion.add([tmp_path / "town"])
    assert "la grappe de machines ne répond pas" in explain(error.value, Texts("fr"))


def reason(cluster: Cluster) -> str:
    try:
        cluster.ask("ready")
    except ClusterUnusable as error:
        return error.reason
    finally:
        cluster.close()
    return ""


def test_what_ray_starts_here_has_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its scheduler, and through it each worker, inherits what it was started with."""
    monkeypatch.setenv("GREFFIER_REGISTER_PASSPHRASE", SECRET)
    monkeypatch.setenv("SOME_TOKEN", SECRET)
    cluster = Cluster("local", Order(roster=(), policies=None, embedder="", embedder_sha256=""))
    try:
        cluster.ask("ready")
        assert os.environ["GREFFIER_REGISTER_PASSPHRASE"] == SECRET  # ours stays as it was
        told = ray.get(ray.remote(_environment).remote())
    except ClusterUnusable:
        pytest.skip("no Ray can be started here")
    finally:
        cluster.close()
    assert "PATH" in told
    assert SECRET not in told


def _environment() -> str:
    """Return the environment of this process as it was started, and as it is."""
    return Path("/proc/self/environ").read_text("utf-8") + repr(dict(os.environ))


def test_with_no_machine_left_the_run_ends() -> None:
    cluster = Cluster("local", Order(roster=(), policies=None, embedder="", embedder_sha256=""))
    cluster._hands = {}
    assert reason(cluster) == "lost"


@pytest.mark.parametrize("line", [None, b"{}", b'{"documents": []}', b"not JSON"])
def test_a_guard_that_did_not_look_there_clears_nothing_here(
    line: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = Cluster("local", Order(roster=(), policies=None, embedder="", embedder_sha256=""))
    monkeypatch.setattr(cluster, "ask", lambda *_: line)
    with pytest.raises(DetectorFailed):
        cluster.guard().screen_documents([["Mme Zoé Quillebec."]])
