# SPDX-License-Identifier: EUPL-1.2
"""The examples of proxies, read by the proxies themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DEPLOY = Path(__file__).parents[2] / "deploy"
NAME = "greffier.mairie.example"


def certificate(folder: Path, days: int = 30) -> Path:
    """Write a certificate of the town's name and its key; return the certificate."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "fullchain.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def local(name: str, folder: Path) -> str:
    """Return an example that uses the certificate of a folder."""
    return (DEPLOY / name).read_text("utf-8").replace("/etc/ssl/greffier", str(folder))


def nginx(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "site.conf").write_text(text, "utf-8")
    main = folder / "nginx.conf"
    main.write_text(
        f"pid {folder}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; include {folder}/site.conf; }}\n",
        "utf-8",
    )
    return subprocess.run(
        ["nginx", "-t", "-p", str(folder), "-c", str(main)],
        capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed here")
def test_nginx_takes_its_example(tmp_path: Path) -> None:
    certificate(tmp_path)
    done = nginx(tmp_path, local("nginx.conf", tmp_path))
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr
    broken = local("nginx.conf", tmp_path).replace("proxy_pass ", "proxy_past ")
    assert "proxy_past" in nginx(tmp_path, broken).stderr


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed here")
def test_caddy_takes_its_example_and_asks_nobody_for_a_certificate(tmp_path: Path) -> None:
    certificate(tmp_path)
    path = tmp_path / "Caddyfile"
    path.write_text(local("Caddyfile", tmp_path), "utf-8")
    home = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}

    def caddy(verb: str) -> subprocess.CompletedProcess[str]:
        command = ["caddy", verb, "--config", str(path), "--adapter", "caddyfile"]
        return subprocess.run(command, env=home, capture_output=True, encoding="utf-8", timeout=60)

    done = caddy("validate")
    assert done.returncode == 0, done.stderr
    adapted = caddy("adapt").stdout
    assert '"disable_certificates":true' in adapted
    assert "acme" not in adapted


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_a_proxy_says_who_asks_keeps_no_address_and_holds_nothing_back(name: str) -> None:
    text = (DEPLOY / name).read_text("utf-8")
    assert "127.0.0.1:7860" in text and "Strict-Transport-Security" in text
    assert "X-Forwarded-For" in text
    assert ("access_log off" in text and "proxy_buffering off" in text) or (
        "flush_interval -1" in text and "log {" not in text
    )
