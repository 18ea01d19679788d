# SPDX-License-Identifier: EUPL-1.2
"""Checkpoints on paper and by post: a page with a QR code, a draft of an e-mail.

    PrintedPage(folder).put(note, at)    point-de-controle.html: print it, date it, file it
    MailDraft(folder, to).put(note, at)  point-de-controle.eml: open it, send it

Nothing is sent: a person prints, a person sends.
"""

from __future__ import annotations

import io
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path

import segno

from guardrails.register.files import write_whole
from guardrails.register.notes import read_note

PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Point de contrôle du registre</title>
<style>
body {{ font: 14pt/1.5 sans-serif; max-width: 17cm; margin: 2cm auto; }}
pre {{ font-size: 10pt; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid;
       padding: .5em; }}
svg {{ width: 7cm; height: 7cm; }}
</style></head><body>
<h1>Point de contrôle du registre</h1>
<p>Registre {origin}, {size} entrées, dernière entrée du {date}.</p>
<p>Conservez cette page hors de l’informatique de la mairie. Elle permet à toute personne de
prouver plus tard que ces {size} entrées n’ont été ni modifiées ni retirées.</p>
{code}
<pre>{note}</pre>
<p>Vérifier : enregistrez le texte ci-dessus dans un fichier <code>point.txt</code>, puis
<code>python -m guardrails.register.verify register.sqlite3 --checkpoint point.txt</code></p>
<p>Reçu le ______________ par ______________________ (signature)</p>
</body></html>
"""
LETTER = """Bonjour,

Voici le point de contrôle du registre {origin} : {size} entrées au {date}.
Merci de conserver ce message : il permettra de prouver que ces entrées
n’ont été ni modifiées ni retirées.

Le point de contrôle est aussi en pièce jointe.

{note}"""


def qr_code(note: str) -> str:
    """Return the note as a QR code, in SVG."""
    out = io.BytesIO()
    segno.make(note, micro=False, error="m").save(out, kind="svg", xmldecl=False, omitsize=True)
    return out.getvalue().decode()


def printed_page(note: str, at: datetime) -> str:
    """Return a page to print."""
    point = read_note(note).checkpoint
    return PAGE.format(
        origin=escape(point.origin), size=point.size, date=f"{at:%d/%m/%Y à %H:%M} (UTC)",
        code=qr_code(note), note=escape(note),
    )  # fmt: skip


def mail_draft(note: str, at: datetime, *, to: str) -> bytes:
    """Return an e-mail that a person can open, read and send."""
    point = read_note(note).checkpoint
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"Point de contrôle du registre {point.origin} : {point.size} entrées"
    message["To"] = to
    message["X-Unsent"] = "1"  # mail programs then open it as a draft
    message.set_content(
        LETTER.format(
            origin=point.origin, size=point.size, date=f"{at:%d/%m/%Y %H:%M} (UTC)", note=note
        ),
        cte="base64",
    )
    # As bytes: a text would be sent with other line endings than those that were signed.
    message.add_attachment(
        note.encode(), "application", "octet-stream", filename="point-de-controle.txt"
    )
    return message.as_bytes()


class PrintedPage:
    """Keeps the page to print next in a folder."""

    def __init__(self, folder: Path, *, name: str = "page") -> None:
        self.folder, self.name = folder, name

    def put(self, note: str, at: datetime) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "point-de-controle.html"
        write_whole(path, printed_page(note, at).encode(), mode=0o644)


class MailDraft:
    """Keeps the e-mail to send next in a folder."""

    def __init__(self, folder: Path, *, to: str, name: str = "mail") -> None:
        self.folder, self.to, self.name = folder, to, name

    def put(self, note: str, at: datetime) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "point-de-controle.eml"
        write_whole(path, mail_draft(note, at, to=self.to), mode=0o644)
