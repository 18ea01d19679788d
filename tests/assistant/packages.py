# SPDX-License-Identifier: EUPL-1.2
"""Small packages made by hand, and a program that needs them: what a bundle is tried on."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

LICENCE_TEXT = "Permission is granted."


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_wheel(
    folder: Path, name: str, version: str, needs: Sequence[str] = (), licence: str = "MIT"
) -> Path:
    """Write a wheel whose module says its own name."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    headers = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}"]
    headers += [f"License-Expression: {licence}"] if licence else []
    headers += [f"Requires-Dist: {need}" for need in needs]
    members = {
        f"{name}.py": f"NAME = {name!r}\n",
        f"{info}/METADATA": "\n".join(headers) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
        f"{info}/licenses/LICENSE": LICENCE_TEXT,
    }
    record = "".join(f"{member},,\n" for member in [*members, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in {**members, f"{info}/RECORD": record}.items():
            archive.writestr(zipfile.ZipInfo(member), text)
    return path


def make_source(folder: Path, name: str, version: str) -> Path:
    """Write a package that comes as source only."""
    project = (
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        f'[project]\nname = "{name}"\nversion = "{version}"\nlicense = "MIT"\n'
        f'[tool.hatch.build.targets.wheel]\ninclude = ["{name}.py"]\n'
    )
    path = folder / f"{name}-{version}.tar.gz"
    info = f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n"
    with tarfile.open(path, "w:gz") as archive:
        for member, text in {
            "pyproject.toml": project,
            f"{name}.py": f"NAME = {name!r}\n",
            "PKG-INFO": info,
        }.items():
            facts = tarfile.TarInfo(f"{name}-{version}/{member}")
            facts.size = len(text.encode())
            archive.addfile(facts, io.BytesIO(text.encode()))
    return path


def make_town(folder: Path, version: str = "1.0", needs: Sequence[str] = ("alpha[more]",)) -> Path:
    """Write the sources of a small `greffier` and a lock of what it needs, and of what it does not:
    `packages/` holds them all."""
    source, packages = folder / "source", folder / "packages"
    (source / "town").mkdir(parents=True, exist_ok=True)
    packages.mkdir(exist_ok=True)
    listed = ", ".join(f'"{need}"' for need in needs)
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        f'[project]\nname = "greffier"\nversion = "{version}"\nlicense = "EUPL-1.2"\n'
        f'dependencies = [{listed}]\n[project.scripts]\ngreffier = "town:main"\n'
        '[tool.hatch.build.targets.wheel]\npackages = ["town"]\n',
        "utf-8",
    )
    (source / "town" / "__init__.py").write_text(
        "def main():\n"
        "    import os\n"
        "    import alpha, beta, gamma\n"
        f"    print({version!r}, alpha.NAME, beta.NAME, gamma.NAME, "
        "os.environ.get('GREFFIER_MODELS'))\n",
        "utf-8",
    )
    made = [
        make_wheel(packages, "alpha", "1.2", ["beta>=1", 'gamma ; extra == "more"']),
        make_wheel(packages, "beta", "1.0", ['never ; sys_platform == "win32"'], licence=""),
        make_wheel(packages, "tests_only", "3.0"),
        make_source(packages, "gamma", "0.1"),
    ]
    lines = ["# a lock"]
    for path in made:
        name, release = path.name.removesuffix(".tar.gz").split("-")[:2]
        lines.append(f"{name}=={release} \\\n    --hash=sha256:{digest(path)}")
    lines.append(f'never==9.9 ; sys_platform == "win32" \\\n    --hash=sha256:{"0" * 64}')
    (source / "requirements.lock").write_text("\n".join(lines) + "\n", "utf-8")
    return source
