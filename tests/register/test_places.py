# SPDX-License-Identifier: EUPL-1.2
"""Checkpoints on paper, by post and with a time-stamp."""

from __future__ import annotations

import email
import email.policy
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import segno
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from guardrails.register.inspection import verify_file
from guardrails.register.printed import MailDraft, PrintedPage, printed_page
from guardrails.register.timestamps import TimestampInvalid, checked, fetch, request
from guardrails.register.verify import main
from tests.register.homes import Home, ask_in

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def note(home: Home) -> str:
    with home.open() as register:
        ask_in(register)
        return register.checkpoint()


def test_the_printed_page_holds_the_checkpoint_as_text_and_as_a_code(note: str) -> None:
    page = printed_page(note, AT)
    assert f"<pre>{note}</pre>" in page
    assert "4 entrées" in page
    assert "02/03/2026" in page
    assert "<svg" in page
    assert not {"http://www.w3.org/2000/svg"} ^ {
        part.split('"')[0] for part in page.split('="') if part.startswith("http")
    }  # the page fetches nothing


def test_the_code_holds_the_whole_checkpoint(note: str) -> None:
    longest = note.replace("\n4\n", f"\n{10**12}\n")
    assert segno.make(longest, micro=False, error="m").version < 16  # readable from paper


def test_what_was_typed_from_the_page_verifies(home: Home, note: str, tmp_path: Path) -> None:
    PrintedPage(tmp_path / "page").put(note, AT)
    page = (tmp_path / "page" / "point-de-controle.html").read_text("utf-8")
    typed = page.split("<pre>")[1].split("</pre>")[0]
    assert verify_file(home.file, notes=[typed]).kept == 1


def test_the_mail_is_a_draft_with_the_checkpoint(note: str, tmp_path: Path) -> None:
    MailDraft(tmp_path, to="dpo@example.fr").put(note, AT)
    raw = (tmp_path / "point-de-controle.eml").read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert (message["To"], message["X-Unsent"]) == ("dpo@example.fr", "1")
    body = message.get_body()
    assert body is not None
    assert note in body.get_content().replace("\r\n", "\n")
    [attachment] = message.iter_attachments()
    assert attachment.get_content() == note.encode()


def test_a_checkpoint_saved_by_another_system_verifies(
    home: Home, note: str, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.txt"
    saved.write_bytes(b"\xef\xbb\xbf" + note.replace("\n", "\r\n").encode())
    assert main([str(home.file), "--checkpoint", str(saved)]) == 0


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A time-stamp authority of the house: a certificate, and OpenSSL to answer with it."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("authority")
    (folder / "ts.conf").write_text(OPENSSL)
    (folder / "serial").write_text("01\n")
    issue(folder)
    return folder


def issue(folder: Path) -> None:
    """Write a root certificate, and one that may only stamp."""
    root, signer = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    only_stamps = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    for name, key, extension, critical in (
        ("root", root, x509.BasicConstraints(ca=True, path_length=None), True),
        ("signer", signer, only_stamps, True),
    ):
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root")]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime.now(UTC) - timedelta(days=1))
            .not_valid_after(datetime.now(UTC) + timedelta(days=30))
            .add_extension(extension, critical)
            .sign(root, hashes.SHA256())
        )
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    secret = signer.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(secret)


OPENSSL = """
[tsa]
default_tsa = house
[house]
dir = .
serial = serial
crypto_device = builtin
signer_cert = signer.pem
signer_key = key.pem
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""


def stamped(authority: Path, query: bytes) -> bytes:
    """Answer a request as the authority does."""
    (authority / "q.tsq").write_bytes(query)
    subprocess.run(
        ["openssl", "ts", "-reply", "-config", "ts.conf", "-section", "house", "-queryfile",
         "q.tsq", "-out", "r.tsr"],
        cwd=authority, check=True, capture_output=True,
    )  # fmt: skip
    return (authority / "r.tsr").read_bytes()


def test_a_time_stamp_brought_as_a_file_is_checked(note: str, authority: Path) -> None:
    roots = (authority / "root.pem").read_bytes()
    response = stamped(authority, request(note))
    moment = checked(note, response, roots_pem=roots)
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=5)
    with pytest.raises(TimestampInvalid, match="does not hold"):
        checked(note.replace("\n4\n", "\n5\n"), response, roots_pem=roots)
    with pytest.raises(TimestampInvalid):
        checked(note, response[:-9], roots_pem=roots)
    with pytest.raises(TimestampInvalid):
        checked(note, response, roots_pem=b"no certificate")


def test_a_time_stamp_of_an_unknown_authority_is_refused(
    note: str, authority: Path, tmp_path: Path
) -> None:
    response = stamped(authority, request(note))
    issue(tmp_path)
    with pytest.raises(TimestampInvalid):
        checked(note, response, roots_pem=(tmp_path / "root.pem").read_bytes())


@pytest.fixture
def server(authority: Path) -> Iterator[str]:
    """The authority behind an address of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200 if self.path == "/tsa" else 500)
            self.end_headers()
            self.wfile.write(stamped(authority, query))

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    thread.join()
    listening.server_close()


def test_a_server_of_the_house_stamps(note: str, authority: Path, server: str) -> None:
    response = fetch(note, f"{server}/tsa")
    assert checked(note, response, roots_pem=(authority / "root.pem").read_bytes())
    with pytest.raises(TimestampInvalid, match="500"):
        fetch(note, f"{server}/elsewhere")


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/", "nothing", "http://127.0.0.1:1/"])
def test_a_server_that_is_none_says_so(note: str, address: str) -> None:
    with pytest.raises(TimestampInvalid):
        fetch(note, address)
