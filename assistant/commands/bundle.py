# SPDX-License-Identifier: EUPL-1.2
"""`bundle`: one archive for a machine without any network, made on one that has a mirror."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from assistant.bundle.archive import Model, described, write_archive
from assistant.bundle.lock import read_lock
from assistant.bundle.sbom import NAME
from assistant.bundle.wheels import Pip, gather
from assistant.commands.session import Session
from assistant.texts import Texts
from assistant.wiring import open_weights
from corpus.weights import DEFAULT_EMBEDDER, DEFAULT_LANGUAGE_MODEL

FR = Texts("fr")
LOCK = "requirements.lock"
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command("bundle", help=FR("help", "bundle"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--source", type=FOLDER, default=Path(), help=FR("help", "bundle_source"))
@click.option("--packages", type=FOLDER, help=FR("help", "bundle_packages"))
@click.option("--model", "models", multiple=True, help=FR("help", "bundle_model"))
@click.option("--no-models", is_flag=True, help=FR("help", "bundle_no_models"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def bundle(
    session: Session,
    /,
    file: Path,
    source: Path,
    packages: Path | None,
    models: tuple[str, ...],
    no_models: bool,
    as_json: bool,
) -> None:
    if not (source / LOCK).is_file() or not (source / "pyproject.toml").is_file():
        raise session.fail("bundle_no_source")
    if file.exists():
        raise session.fail("backup_there", name=file.name)
    pins = read_lock((source / LOCK).read_text("utf-8"))
    names = () if no_models else models or (DEFAULT_EMBEDDER, DEFAULT_LANGUAGE_MODEL)
    weights = open_weights(session.settings)
    held = [Model(weights.find(name), weights.path(name, check=True)) for name in names]
    with TemporaryDirectory(prefix=".greffier-bundle-", dir=file.absolute().parent) as folder:
        session.tell(session.texts("cli", "bundle_wheels"))
        wheels = gather(_clean(source, Path(folder)), pins, Pip(Path(folder), packages))
        version = next(wheel.version for wheel in wheels if wheel.name == NAME)
        session.tell(session.texts("cli", "bundle_writes"))
        deploy = sorted(p for p in (source / "deploy").glob("*") if p.is_file())
        whole = write_archive(file, version, wheels, held, deploy)
        about = described(version, wheels, held)
    done = {"file": str(file), "bytes": file.stat().st_size, "sha256": whole, **about}
    if as_json:
        session.print_json(done)
    else:
        facts = {"sha256": whole, "packages": len(wheels)}
        megabytes = file.stat().st_size // 1_000_000
        session.say(session.texts("cli", "bundle_done", file=file, megabytes=megabytes, **facts))


def _clean(source: Path, folder: Path) -> Path:
    """Copy what a wheel is built from: building must leave nothing in the source's own folder."""
    place = folder / "source"
    place.mkdir()
    for path in source.iterdir():
        if path.name in {"pyproject.toml", "README.md", "LICENSE"}:
            shutil.copy2(path, place)
        elif (path / "__init__.py").is_file():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(path, place / path.name, ignore=ignored)
    return place
